package service_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Every service says all that another room asks of it.
func TestComplete(t *testing.T) {
	day := regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})?$`)
	for _, s := range service.All {
		t.Run(s.Name, func(t *testing.T) {
			for what, missing := range map[string]bool{
				"name": s.Name == "", "type": strings.Count(s.Type, "/") != 1, "version": s.APIVersion == "", "azurerm": len(s.Azurerm) == 0,
				"collections": len(s.Collections) == 0, "sub-resource": s.Subresource == "", "zones": len(s.DNSZones) != 3,
				"ports": len(s.Ports) == 0, "keys": len(s.KeyAttributes) == 0, "policies": len(s.AccessPolicies) == 0, "dialects": len(s.Dialects) == 0,
				"retirement": !day.MatchString(s.Retirement.Date) || !day.MatchString(s.Retirement.NewTenants),
			} {
				if missing {
					t.Error("it does not say, or wrongly: " + what)
				}
			}
			for _, c := range s.Collections {
				if c.Segment == "" || c.What == "" || s.Collection(strings.ToUpper(c.Segment)) != c {
					t.Errorf("the collection %+v", c)
				}
				if of, same := service.Within(strings.ToUpper(s.Type) + "/" + c.Segment + "@2099-01-01"); of != s || same != c {
					t.Errorf("the collection %+v is not found by its ARM type", c)
				}
				if of, same := service.WithinAzurerm(c.Azurerm); c.Azurerm != "" && (of != s || same != c) {
					t.Errorf("the collection %+v is not found by its azurerm type", c)
				}
			}
			for _, p := range s.Ports {
				if p.First < 1 || p.First > p.Last || p.Last > 65535 || p.Open == nil {
					t.Errorf("the ports %d to %d", p.First, p.Last)
				}
			}
			if service.OfAzurerm(s.Azurerm[0]) != s || service.Of(strings.ToUpper(s.Type)+"@2099-01-01") != s ||
				service.OfCache(&posture.Cache{Type: s.Type}) != s || service.OfSubresource(strings.ToUpper(s.Subresource)) != s {
				t.Error("it is not found by its types")
			}
		})
	}
}

func TestHolds(t *testing.T) {
	s := &service.Service{Type: "Microsoft.Cache/x", Database: "/parts/default"}
	for typ, want := range map[string]bool{
		"microsoft.cache/X": true, "Microsoft.Cache/x/parts": true, "Microsoft.Cache/xy": false, "": false,
	} {
		if s.Holds(typ) != want {
			t.Errorf("%q: not %v", typ, want)
		}
	}
	if got := s.DatabaseType(); got != "Microsoft.Cache/x/parts" {
		t.Error(got)
	}
	if got := service.Redis.DatabaseType(); got != service.Redis.Type {
		t.Error(got)
	}
}

func TestOf(t *testing.T) {
	for _, typ := range []string{"", "Microsoft.Cache", "Microsoft.Cache/redis/firewallRules",
		"Microsoft.Cache/redisEnterprise/databases", "x"} {
		if s := service.Of(typ); s != nil {
			t.Errorf("%q is of %s", typ, s.Name)
		}
	}
}

func TestID(t *testing.T) {
	const want = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Cache/redis/n"
	if got := service.Redis.ID("s", "g", "n"); got != want {
		t.Errorf("ID = %s, want %s", got, want)
	}
}

func TestAccessPolicy(t *testing.T) {
	if p, ok := service.Redis.AccessPolicy("data OWNER"); !ok || !p.Everything {
		t.Errorf("Data Owner = %+v, %t", p, ok)
	}
	if _, ok := service.Redis.AccessPolicy("mine"); ok {
		t.Error("a custom policy counts as built-in")
	}
}
