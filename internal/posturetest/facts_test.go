package posturetest

import (
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func TestFacts(t *testing.T) {
	names := Names(&posture.Cache{})
	for _, want := range []string{
		"Tier", "Zones", "PrivateEndpoints", "PrivateEndpoints.Approval", "PrivateEndpoints.DNSZones.Linked",
		"DiagnosticSettings.Logs.Category",
		"Subnet.SecurityGroup", "Subnet.SecurityGroup.Rules.SourcePorts", "PolicyAssignments.Parameters.Values",
		"AccessPolicyAssignments.Permissions",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing among %q", want, names)
		}
	}
	c := &posture.Cache{Tier: posture.Known("Premium", "sku_name")}
	c.FirewallRules.Items = []posture.FirewallRule{{}, {Start: posture.Known("10.0.0.0", "start_ip")}}
	facts := Facts(c)
	if f := facts["FirewallRules.Start"]; !f.Filled() || f.Value != "10.0.0.0" {
		t.Errorf("got %+v", f)
	}
	if f := facts["FirewallRules.End"]; f.Filled() {
		t.Errorf("got %+v", f)
	}
	if f := facts["Tier"]; f.Value != "Premium" || f.Path != "sku_name" {
		t.Errorf("got %+v", f)
	}
}
