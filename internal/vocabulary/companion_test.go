package vocabulary_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// A companion says of each argument where it stands, once for each role and dialect.
func TestCompanions(t *testing.T) {
	companions := map[string]vocabulary.Companion{
		"endpoint": vocabulary.PrivateEndpoint, "manual endpoint": vocabulary.ManualPrivateEndpoint, "diagnostic": vocabulary.DiagnosticSetting,
		"firewall": vocabulary.FirewallRule, "access assignment": vocabulary.AccessPolicyAssignment, "access policy": vocabulary.AccessPolicy,
		"patch schedule": vocabulary.PatchSchedule, "policy assignment": vocabulary.PolicyAssignment("resource_id"),
		"policy exemption": vocabulary.PolicyExemption("resource_id"), "network": vocabulary.VirtualNetwork, "subnet": vocabulary.Subnet,
		"association": vocabulary.SubnetAssociation, "security group": vocabulary.NetworkSecurityGroup,
		"security rule": vocabulary.NetworkSecurityRule, "zone": vocabulary.PrivateDNSZone, "zone link": vocabulary.ZoneLink,
		"zone group": vocabulary.PrivateDNSZoneGroup, "deployment": vocabulary.Deployment, "outbound rule": vocabulary.OutboundRule,
	}
	for name, c := range vocabulary.ManagedEndpoints {
		companions[name] = c
	}
	for name, c := range vocabulary.ManagedEndpointsARM {
		companions[name] = c
	}
	for name, c := range companions {
		wholeCompanion(t, name, c)
	}
}

func wholeCompanion(t *testing.T, name string, c vocabulary.Companion) {
	t.Helper()
	seen := map[string]bool{}
	for _, a := range c {
		if a.Azurerm == "" && a.ARM == "" {
			t.Errorf("%s: no dialect has the argument of role %d", name, a.Role)
		}
		for dialect, path := range map[string]string{"azurerm": a.Azurerm, "ARM": a.ARM} {
			if path != "" && seen[dialect+path] {
				t.Errorf("%s: two arguments stand at %s", name, path)
			}
			seen[dialect+path] = true
		}
		if a.Each != nil {
			wholeCompanion(t, name+", an element", a.Each)
		}
	}
}

// Azapi has the properties of a resource in its body, and what identifies it beside
// the body; evidence leaves out the index of a block.
func TestCompanionPlaces(t *testing.T) {
	azurerm, azapi := vocabulary.PrivateEndpoint.Azurerm(), vocabulary.PrivateEndpoint.Azapi()
	for _, tt := range []struct {
		place          *vocabulary.Place
		path, evidence string
		steps          int
	}{
		{azurerm.Place(vocabulary.Target), "private_service_connection[0].private_connection_resource_id",
			"private_service_connection.private_connection_resource_id", 2},
		{azapi.Place(vocabulary.Target), "body.properties.privateLinkServiceConnections[0].properties.privateLinkServiceId",
			"body.properties.privateLinkServiceConnections.properties.privateLinkServiceId", 5},
		{azapi.Place(vocabulary.Parent), "parent_id", "parent_id", 1},
		{azapi.Place(vocabulary.ResourceGroup), "", "", 0},
		{vocabulary.DiagnosticSetting.Azapi().Element(vocabulary.Logs).Place(vocabulary.Enabled), "enabled", "body.properties.logs.enabled", 1},
		{vocabulary.VirtualNetwork.Azapi().Element(vocabulary.Subnets).Place(vocabulary.SecurityGroup), "properties.networkSecurityGroup.id",
			"body.properties.subnets.properties.networkSecurityGroup.id", 3},
		{(*vocabulary.Terms)(nil).Place(vocabulary.Target), "", "", 0},
	} {
		if tt.place.Path != tt.path || tt.place.Evidence != tt.evidence || len(tt.place.Steps) != tt.steps {
			t.Errorf("%s (%s), %d steps; want %s (%s), %d", tt.place.Path, tt.place.Evidence, len(tt.place.Steps), tt.path, tt.evidence, tt.steps)
		}
	}
	if got := strings.Join(vocabulary.FirewallRule.Arguments(), " "); got != "redis_cache_name" {
		t.Errorf("references of a firewall rule are followed from %s", got)
	}
}
