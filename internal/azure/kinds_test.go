package azure

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// The role of the example holds the actions that messages name, and no others.
func TestRoleHoldsWhatMessagesName(t *testing.T) {
	text, err := os.ReadFile("../../examples/least-privilege-role/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	var role, named []string
	for _, m := range regexp.MustCompile(`"([A-Za-z./]+/read)"`).FindAllSubmatch(text, -1) {
		role = append(role, string(m[1]))
	}
	kinds := []arm.ResourceKind{arm.ResourceGraph, diagnosticSettings, subnets, securityGroups, policyAssignments, policySets,
		policyExemptions, subscriptions, managementGroupMembers}
	for _, s := range service.All {
		kinds = append(kinds, cacheKind(s))
		for _, c := range s.Collections {
			if c.Segment != service.LinkedServers { // no check asks for them
				kinds = append(kinds, collectionKind(s, c.Segment))
			}
		}
	}
	for _, k := range kinds {
		named = append(named, k.Action("read"))
	}
	// Resource Graph leaves out what the identity may not read, without a word.
	for _, name := range cacheTypes() {
		named = append(named, name+"/read")
	}
	slices.Sort(named)
	if diff := cmp.Diff(slices.Compact(named), role); diff != "" {
		t.Errorf("the role of the example (+) is not what messages name (-):\n%s", diff)
	}
}
