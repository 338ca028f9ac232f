package baseline_test

import (
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// placed gives every fact that is named, and every companion, a file of its
// name, so that a position tells what it was taken from.
func placed(c *posture.Cache, written ...string) {
	c.Places = &posture.Places{Cache: posture.Position{File: "cache", Line: 1}, Facts: map[string]posture.Position{},
		Companions: map[string]posture.Position{}}
	for _, name := range written {
		c.Places.Facts[name] = posture.Position{File: name, Line: 2}
	}
	for _, name := range []string{"pe.a", "set.a", "rule.narrow", "rule.wide", "grant.a", "output.key", "nsg.a"} {
		c.Places.Companions[name] = posture.Position{File: name, Line: 3}
	}
}

func findingOf(t *testing.T, c report.Cache, id string) report.Finding {
	t.Helper()
	for _, f := range slices.Concat(c.Features, c.Advisories) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("no %s", id)
	return report.Finding{}
}

// A verdict points to the fact that decides it where that is written, to a
// companion that is wrong, and to the cache where something is left out.
func TestPositions(t *testing.T) {
	endpoint := func(approval posture.Approval) func(*posture.Cache) {
		return func(c *posture.Cache) {
			c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "pe.a", Approval: posture.Known(approval, "p"),
				DNSZones: posture.Unset[[]posture.DNSZone]("z")}}
		}
	}
	for _, tt := range []struct {
		cell, id string
		edit     func(*posture.Cache)
		written  []string
		want     string // empty: no position
	}{
		{"public access is written", "NS-2/disable-public-network-access",
			func(c *posture.Cache) {
				c.PublicNetworkAccess.State, c.PublicNetworkAccess.V = posture.StateKnown, true
			},
			[]string{"public_network_access_enabled", "subnet_id"}, "public_network_access_enabled"},
		{"public access is left out", "NS-2/disable-public-network-access", func(*posture.Cache) {}, nil, "cache"},
		{"public access is off", "NS-2/disable-public-network-access",
			func(c *posture.Cache) { c.PublicNetworkAccess.State = posture.StateKnown }, []string{"public_network_access_enabled"}, ""},
		{"public access by a variable that is not known yet", "NS-2/disable-public-network-access",
			func(c *posture.Cache) { c.PublicNetworkAccess.State = posture.StateUnknown }, []string{"public_network_access_enabled"},
			"public_network_access_enabled"},
		{"no endpoint", "NS-2/azure-private-link", func(*posture.Cache) {}, nil, "cache"},
		{"an endpoint that was rejected", "NS-2/azure-private-link", endpoint(posture.ApprovalRejected), nil, "pe.a"},
		{"an endpoint that waits", "NS-2/azure-private-link", endpoint(posture.ApprovalPending), nil, "pe.a"},
		{"an endpoint without a zone", "advisory/private-dns-zone", endpoint(posture.ApprovalApproved), nil, "pe.a"},

		{"the port", "DP-3/data-in-transit-encryption",
			func(c *posture.Cache) { c.NonTLSPort = posture.Known(true, "enable_non_ssl_port") },
			[]string{"enable_non_ssl_port", "minimum_tls_version"}, "enable_non_ssl_port"},
		{"the version, with the port off in writing", "DP-3/data-in-transit-encryption",
			func(c *posture.Cache) {
				c.NonTLSPort, c.MinimumTLSVersion = posture.Known(false, "non_ssl_port_enabled"), posture.Known("1.0", "minimum_tls_version")
			},
			[]string{"non_ssl_port_enabled", "minimum_tls_version"}, "minimum_tls_version"},
		{"port and version", "DP-3/data-in-transit-encryption",
			func(c *posture.Cache) {
				c.NonTLSPort, c.MinimumTLSVersion = posture.Known(true, "non_ssl_port_enabled"), posture.Known("1.0", "minimum_tls_version")
			},
			[]string{"non_ssl_port_enabled", "minimum_tls_version"}, "non_ssl_port_enabled"},
		{"a version that is not known yet", "DP-3/data-in-transit-encryption",
			func(c *posture.Cache) {
				c.NonTLSPort, c.MinimumTLSVersion = posture.Known(false, "non_ssl_port_enabled"),
					posture.Unknown[string](posture.ReasonKnownAfterApply, "minimum_tls_version")
			},
			[]string{"non_ssl_port_enabled", "minimum_tls_version"}, "minimum_tls_version"},

		{"no authentication", "IM-1/local-authentication-methods",
			func(c *posture.Cache) {
				c.SubnetID, c.AuthenticationRequired = posture.Known("/s", "subnet_id"),
					posture.Known(false, "redis_configuration.authentication_enabled")
			},
			[]string{"subnet_id", "redis_configuration.authentication_enabled"}, "redis_configuration.authentication_enabled"},
		{"no security group", "NS-1/network-security-group-support",
			func(c *posture.Cache) {
				c.SubnetID, c.Subnet.SecurityGroup = posture.Known("/s", "subnet_id"), posture.Unset[posture.SecurityGroup]("network_security_group_id")
			},
			[]string{"subnet_id"}, "subnet_id"},
		{"no setting", "LT-4/azure-resource-logs", func(*posture.Cache) {}, nil, "cache"},
		{"a setting without logs", "LT-4/azure-resource-logs",
			func(c *posture.Cache) {
				c.DiagnosticSettings.Items = []posture.DiagnosticSetting{{Address: "set.a", Logs: posture.Known([]posture.Log{}, "enabled_log")}}
			}, nil, "set.a"},
		{"nothing watches", "AM-2/azure-policy-support", func(*posture.Cache) {}, nil, "cache"},
		{"not supported by the service", "BR-1/azure-backup", func(*posture.Cache) {}, nil, ""},

		{"two rules: the wider", "advisory/firewall-rules",
			func(c *posture.Cache) {
				c.FirewallRules.Items = []posture.FirewallRule{
					{Address: "rule.narrow", Start: posture.Known("1.1.1.1", ""), End: posture.Known("1.1.1.1", "")},
					{Address: "rule.wide", Start: posture.Known("2.0.0.0", ""), End: posture.Known("2.0.0.255", "")},
				}
			}, nil, "rule.wide"},
		{"a rule for all of Azure", "advisory/firewall-rules",
			func(c *posture.Cache) {
				c.FirewallRules.Items = []posture.FirewallRule{{Address: "rule.narrow", Start: posture.Known("0.0.0.0", ""),
					End: posture.Known("0.0.0.0", "")}}
			}, nil, "rule.narrow"},
		{"a grant of everything", "advisory/least-privilege-access-policy",
			func(c *posture.Cache) {
				c.AccessPolicyAssignments.Items = []posture.AccessPolicyAssignment{{Address: "grant.a", PolicyName: posture.Known("Data Owner", ""),
					Permissions: posture.Unset[string]("")}}
			}, nil, "grant.a"},
		{"who takes a key", "advisory/keys-in-state",
			func(c *posture.Cache) { c.KeyConsumers.Items = []string{"output.key"} }, nil, "output.key"},
		{"a storage key in writing", "advisory/persistence-identity",
			func(c *posture.Cache) {
				c.RDBBackup, c.PersistenceAuthentication = posture.Known(true, "rdb"), posture.Known("SAS", "method")
			}, []string{"rdb", "method"}, "method"},
		{"a storage key by default", "advisory/persistence-identity",
			func(c *posture.Cache) {
				c.RDBBackup = posture.Known(true, "rdb")
			}, []string{"rdb"}, "rdb"},
		{"no zones by policy", "advisory/zone-redundancy",
			func(c *posture.Cache) {
				c.Zones, c.ZonalAllocationPolicy = posture.Known([]string{"1", "2"}, "zones"), posture.Known("NoZones", "policy")
			}, []string{"zones", "policy"}, "policy"},
		{"the service as a whole", "advisory/retirement", func(*posture.Cache) {}, []string{"sku_name"}, "cache"},
		{"the tier", "advisory/tier", func(c *posture.Cache) { c.Tier.V = "Basic" }, []string{"sku_name"}, "sku_name"},
	} {
		c := plain()
		tt.edit(c)
		without := documents.Evaluate(c, baseline.Options{})
		if f := findingOf(t, without, tt.id); f.Position != nil || without.Position != nil {
			t.Errorf("%s: a position without places: %+v", tt.cell, f.Position)
		}
		placed(c, tt.written...)
		out := documents.Evaluate(c, baseline.Options{})
		got := ""
		if f := findingOf(t, out, tt.id); f.Position != nil {
			got = f.Position.File
		}
		if got != tt.want {
			t.Errorf("%s: at %q, want %q", tt.cell, got, tt.want)
		}
		if out.Position == nil || out.Position.File != "cache" {
			t.Errorf("%s: the cache is at %+v", tt.cell, out.Position)
		}
	}
}

// An exemption takes the violation and leaves its place.
func TestPositionOfExempt(t *testing.T) {
	c := plain()
	placed(c)
	out := documents.Evaluate(c, baseline.Options{Exemptions: []baseline.Exemption{waiver("redis-orders")}})
	if f := findingOf(t, out, publicFeature); f.Status != report.Exempt || f.Position == nil {
		t.Errorf("%s at %+v", f.Status, f.Position)
	}
}
