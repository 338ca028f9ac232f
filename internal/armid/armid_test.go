package armid_test

import (
	"fmt"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
)

func TestParse(t *testing.T) {
	for _, row := range []struct{ id, want string }{
		{"/subscriptions/S", "S|||[]"},
		{"/SUBSCRIPTIONS/S/resourcegroups/g/", "S|g||[]"},
		{"subscriptions/s/resourceGroups/g/providers/Microsoft.Cache/Redis/n", "s|g|Microsoft.Cache/Redis|[n]"},
		{"/subscriptions/s/resourceGroups/g/providers/Microsoft.Cache/redis/n/firewallRules/r", "s|g|Microsoft.Cache/redis/firewallRules|[n r]"},
		{"/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/p", "s||Microsoft.Authorization/policyAssignments|[p]"},
		{"", ""}, {"/", ""}, {"n", ""}, {"/subscriptions", ""}, {"/subscriptions//x", ""},
		{"/providers/Microsoft.Management/managementGroups/m", ""},
		{"/subscriptions/s/other/x", ""},
		{"/subscriptions/s/resourceGroups/g/providers/Microsoft.Cache/redis", ""},
	} {
		id, ok := armid.Parse(row.id)
		got := ""
		if ok {
			got = fmt.Sprintf("%s|%s|%s|%s", id.Subscription, id.Group, id.Type, id.Names)
		}
		if got != row.want {
			t.Errorf("Parse(%q) = %s, want %s", row.id, got, row.want)
		}
	}
}

func TestNames(t *testing.T) {
	id, _ := armid.Parse("/subscriptions/s/resourceGroups/g/providers/p/t/a/u/b")
	if id.Name() != "b" || (armid.ID{}).Name() != "" {
		t.Errorf("Name = %q", id.Name())
	}
	for id, want := range map[string]string{"/a/b": "b", "a": "a", "": "", "cache/rule": "rule"} {
		if got := armid.Last(id); got != want {
			t.Errorf("Last(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	if !armid.Same("/A/b/", "/a/B") || armid.Same("/a", "/a/b") || armid.Key("/A/b/") != "/a/b" {
		t.Error("ids compare by case or by a slash at their end")
	}
	if !armid.SameSet([]string{"/B", "/a", "/b"}, []string{"/A", "/b"}) || armid.SameSet([]string{"/a"}, []string{"/a", "/b"}) {
		t.Error("sets compare by order, by case or by how often an id stands in them")
	}
	for _, row := range []struct {
		scope, id string
		want      bool
	}{{"/a", "/A/b", true}, {"/a/", "/a", true}, {"/a", "/ab", false}, {"", "/a", false}, {"/a/b", "/a", false}} {
		if got := armid.Holds(row.scope, row.id); got != row.want {
			t.Errorf("Holds(%q, %q) = %t", row.scope, row.id, got)
		}
	}
}
