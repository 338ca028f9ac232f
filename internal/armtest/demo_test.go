package armtest

import (
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
