package armtest

import (
	"slices"
	"strings"
	"testing"
)

func TestDemoHoldsFourCaches(t *testing.T) {
	c := start(t, Options{})
	Demo(c.s)
	var names []string
	for _, id := range c.s.IDs("Microsoft.Cache/redis") {
		names = append(names, id[strings.LastIndexByte(id, '/')+1:])
		for _, child := range []string{"", "/firewallRules", "/accessPolicyAssignments",
			"/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview"} {
			if got := c.do("GET", id+child, nil); got.status != 200 {
				t.Error(id, child, got.raw)
			}
		}
	}
	if got := strings.Join(names, " "); got != "redis-batch redis-legacy redis-shop redis-try" {
		t.Error(got)
	}
}

func TestDemoManagedHoldsTwoCaches(t *testing.T) {
	c := start(t, Options{})
	DemoManaged(c.s)
	var names []string
	for _, id := range c.s.IDs("Microsoft.Cache/redisEnterprise") {
		names = append(names, id[strings.LastIndexByte(id, '/')+1:])
		for _, child := range []string{"?api-version=2025-07-01", "/databases?api-version=2025-07-01",
			"/privateEndpointConnections?api-version=2025-07-01",
			"/databases/default/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview"} {
			if got := c.do("GET", id+child, nil); got.status != 200 {
				t.Error(id, child, got.raw)
			}
		}
	}
	if got := strings.Join(names, " "); got != "redis-carts redis-search" {
		t.Error(got)
	}
}

func TestDemoEstateHoldsEightCaches(t *testing.T) {
	c := start(t, Options{})
	DemoEstate(c.s)
	var names []string
	for typ, version := range map[string]string{"Microsoft.Cache/redis": "", "Microsoft.Cache/redisEnterprise": "?api-version=2025-07-01"} {
		for _, id := range c.s.IDs(typ) {
			names = append(names, id[strings.LastIndexByte(id, '/')+1:])
			if got := c.do("GET", id+version, nil); got.status != 200 {
				t.Error(id, got.raw)
			}
		}
	}
	slices.Sort(names)
	const want = "redis-carts redis-carts-north redis-catalog redis-feed redis-orders redis-scratch redis-search redis-sessions"
	if got := strings.Join(names, " "); got != want {
		t.Error(got)
	}
}
