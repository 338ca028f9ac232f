package posture_test

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func TestInjected(t *testing.T) {
	for want, id := range map[posture.Tri]posture.Value[string]{
		posture.True:  posture.Known("/subnets/a", "subnet_id"),
		posture.False: posture.Unset[string]("subnet_id"),
		posture.Maybe: posture.Unknown[string](posture.ReasonKnownAfterApply, "subnet_id"),
	} {
		if got := (&posture.Cache{SubnetID: id}).Injected(); got != want {
			t.Errorf("%+v: %v, want %v", id, got, want)
		}
	}
}

func TestCloud(t *testing.T) {
	for location, want := range map[string]posture.Cloud{
		"westeurope": posture.CloudPublic, "West Europe": posture.CloudPublic, "": posture.CloudPublic,
		"usgovvirginia": posture.CloudUSGovernment, "USGov Texas": posture.CloudUSGovernment, "US Gov Arizona": posture.CloudUSGovernment,
		"usdodeast":  posture.CloudUSGovernment,
		"chinaeast2": posture.CloudChina, "China North 3": posture.CloudChina,
		"eastus": posture.CloudPublic, "uswest": posture.CloudPublic,
	} {
		c := posture.Cache{Location: posture.Known(location, "location")}
		if got := c.Cloud(); got != want {
			t.Errorf("%q lies in %s, want %s", location, got, want)
		}
	}
}

func TestDisplayName(t *testing.T) {
	full := posture.Cache{Name: posture.Known("redis-orders", "name"), Label: "orders", Address: "azurerm_redis_cache.orders"}
	for _, c := range []struct {
		cell string
		edit func(*posture.Cache)
		want string
	}{
		{"its name", func(*posture.Cache) {}, "redis-orders"},
		{"unknown: its label", func(c *posture.Cache) { c.Name = posture.Value[string]{} }, "orders"},
		{"sensitive: its label", func(c *posture.Cache) { c.Name = c.Name.Sensitive() }, "orders"},
		{"empty: its label", func(c *posture.Cache) { c.Name.V = "" }, "orders"},
		{"no label: its address", func(c *posture.Cache) { c.Name, c.Label = posture.Value[string]{}, "" }, "azurerm_redis_cache.orders"},
		{"nothing at all", func(c *posture.Cache) { *c = posture.Cache{} }, "the cache"},
	} {
		cache := full
		c.edit(&cache)
		if got := cache.DisplayName(); got != c.want {
			t.Errorf("%s: %q, want %q", c.cell, got, c.want)
		}
	}
}
