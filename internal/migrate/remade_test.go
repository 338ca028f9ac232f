package migrate_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestRemadePositions: what is made anew has the line of the old object, where the
// configuration is at hand.
func TestRemadePositions(t *testing.T) {
	c := plain()
	c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "azurerm_private_endpoint.e"}, {Address: "azurerm_private_endpoint.f"}}
	c.RoleAssignments.Items = []posture.RoleAssignment{{Address: "azurerm_role_assignment.r"}}
	c.Places = &posture.Places{Companions: map[string]posture.Position{
		"azurerm_private_endpoint.e": {File: "net.tf", Line: 3}, "azurerm_role_assignment.r": {File: "main.tf", Line: 9}}}
	got := map[string]string{}
	for _, made := range planned(c).Remade {
		if made.Position != nil {
			got[made.Address] = made.Position.String()
		}
	}
	if len(got) != 2 || got["azurerm_private_endpoint.e"] != "net.tf:3" || got["azurerm_role_assignment.r"] != "main.tf:9" {
		t.Error(got)
	}
}

// TestCertainReasons: a way that cannot be taken for a reason that is certain has no
// reason that is not known.
func TestCertainReasons(t *testing.T) {
	c := plain()
	premium(c)
	c.SubnetID = posture.Known("/subscriptions/s/subnets/x", "subnet_id")
	c.Links = posture.Set[posture.GeoLink]{Detail: "the links are not shown"}
	m := planned(c)
	for _, p := range m.Paths {
		if p.ID != migrate.Automated {
			continue
		}
		if reasons := strings.Join(p.Reasons, "; "); p.Eligible == nil || *p.Eligible ||
			reasons != "the cache is injected into a virtual network" {
			t.Errorf("%v: %s", p.Eligible, reasons)
		}
	}
}
