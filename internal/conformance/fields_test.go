package conformance

import (
	"bytes"
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posturetest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// notFilled are the reasons why sources leave facts of the posture empty, by fact and by
// door or family of doors.
var notFilled = map[string]map[door]string{
	"Address":       {arm: "no address in Azure"},
	"Change":        {arm: "no plan"},
	"Label":         everywhere("an argument of the provider's own"),
	"ResourceGroup": {arm: "the id says it", azapi: "the parent's id says it"},
	"Recreated":     {arm: "no plan"},
	"ResourceID":    {own: "known after apply"},

	"KeyConsumers": {arm: "ARM does not know who reads a key", azapi: "azapi shows no keys", own: "redisbaseline_cache has no keys in a plan"},

	"PrivateEndpoints.DNSZones":        {arm: "a connection does not show zones"},
	"PrivateEndpoints.DNSZones.Linked": {arm: "a connection does not show zones"},
	"PrivateEndpoints.DNSZones.Name":   {arm: "a connection does not show zones"},

	"PolicyAssignments.Overrides.Kind":       {azurerm3: "computed there"},
	"PolicyAssignments.Covers":               plans("only ARM knows management groups"),
	"PolicyAssignments.Members":              plans("only ARM shows what a set holds"),
	"PolicyAssignments.Members.DefinitionID": plans("only ARM shows what a set holds"),
	"PolicyAssignments.Members.Effect":       plans("only ARM shows what a set holds"),
	"PolicyAssignments.Members.Reference":    plans("only ARM shows what a set holds"),
	"PolicyAssignments.Defaults.Name":        plans("only ARM shows what a set holds"),
	"PolicyAssignments.Defaults.Values":      plans("only ARM shows what a set holds"),
}

func plans(why string) map[door]string { return map[door]string{azurerm: why, azapi: why, own: why} }

func everywhere(why string) map[door]string {
	return map[door]string{azurerm: why, azapi: why, own: why, arm: why}
}

// factNames are the names of all facts, those among them that only a managed cache has.
var factNames = posturetest.Names(&posture.Cache{Type: facts{Managed: &managed{}}.armType()})

// Every source fills every fact of the posture in at least one situation, or notFilled
// has the reason why it does not.
func TestEveryFactIsFilled(t *testing.T) {
	filled := map[door]map[string]bool{}
	note := func(d door, c *posture.Cache) {
		if filled[d] == nil {
			filled[d] = map[string]bool{}
		}
		for name, f := range posturetest.Facts(c) {
			filled[d][name] = filled[d][name] || f.Filled()
		}
	}
	for _, s := range table {
		stored := archive(t, s)
		for _, d := range []door{azurerm3, azurerm5, azapi2, own} {
			if s.wanted(d).cannot != "" {
				continue
			}
			p, err := tfplan.Read(t.Context(), bytes.NewReader(stored[string(d)+".json"]), tfplan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for c := range p.Caches() {
				note(d, c.After)
			}
		}
		if s.wanted(arm).cannot == "" {
			e := newAzureDoor(t)
			e.put(s)
			c, err := e.reader.Read(t.Context(), cacheID(s))
			if err != nil {
				t.Fatal(err)
			}
			note(arm, c)
		}
	}
	for d, facts := range filled {
		for _, name := range factNames {
			why := ""
			if d == own && !slices.Contains(posturetest.Names(&posture.Cache{}), name) {
				why = "redisbaseline_cache is of Azure Cache for Redis"
			}
			for _, of := range []door{d, families[d]} {
				if w := notFilled[name][of]; w != "" {
					why = w
				}
			}
			if facts[name] == (why != "") {
				t.Errorf("%s: %s is filled: %v, and the reason why not is %q", d, name, facts[name], why)
			}
		}
	}
}
