package tfplan_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// existingA is the cache a as a state holds it.
func existingA() m { return with(newCache("a"), m{"id": cacheA}) }

// TestForgottenCompanions: what a removed block with destroy = false takes out of
// the state stays in Azure and counts as it was.
func TestForgottenCompanions(t *testing.T) {
	s := newSynth().change(a, "no-op", existingA(), existingA(), m{}).
		change("azurerm_private_endpoint.e", "forget", with(target(cacheA), m{"private_dns_zone_group": []any{}}), nil, m{}).
		change("azurerm_monitor_diagnostic_setting.d", "forget",
			m{"target_resource_id": cacheA, "enabled_log": []any{m{"category_group": "allLogs"}}, "log_analytics_workspace_id": "/w"}, nil, m{}).
		change("azurerm_redis_firewall_rule.r", "forget",
			m{"name": "r", "redis_cache_name": "a", "resource_group_name": "rg", "start_ip": "1.1.1.1", "end_ip": "2.2.2.2"}, nil, m{}).
		change("azurerm_redis_cache_access_policy_assignment.p", "forget",
			m{"name": "p", "redis_cache_id": cacheA, "access_policy_name": "Data Owner"}, nil, m{}).
		change("azurerm_resource_policy_assignment.q", "forget", m{"name": "q", "resource_id": cacheA, "policy_definition_id": "/p"}, nil, m{})
	c := one(t, s)
	for name, side := range map[string]*posture.Cache{"before": c.Before, "after": c.After} {
		got := strings.Join([]string{
			links(side.PrivateEndpoints, func(e posture.PrivateEndpoint) string { return e.Address }),
			links(side.DiagnosticSettings, func(d posture.DiagnosticSetting) string { return d.Address }),
			links(side.FirewallRules, func(r posture.FirewallRule) string { return r.Address }),
			links(side.AccessPolicyAssignments, func(p posture.AccessPolicyAssignment) string { return p.Address }),
			links(side.PolicyAssignments, func(q posture.PolicyAssignment) string { return q.Address }),
		}, ", ")
		const want = "azurerm_private_endpoint.e unseen, azurerm_monitor_diagnostic_setting.d unseen, azurerm_redis_firewall_rule.r unseen, " +
			"azurerm_redis_cache_access_policy_assignment.p unseen, azurerm_resource_policy_assignment.q unseen"
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

// TestForgottenCaches: a forgotten cache is judged by what it was, with what
// stands around it; one that another resource of the plan takes over is not.
func TestForgottenCaches(t *testing.T) {
	old := with(existingA(), m{"non_ssl_port_enabled": true, "minimum_tls_version": "1.0"})
	s := newSynth().change(a, "forget", old, nil, m{}).change("azurerm_private_endpoint.e", "no-op", target(cacheA), target(cacheA), m{})
	c := one(t, s)
	if got := facts(c.After); c.After.Change != posture.ChangeForget || got != facts(c.Before) ||
		!strings.Contains(got, "nonTLS=true tls=1.0") {
		t.Errorf("%s: %s", c.After.Change, got)
	}
	if got := endpoints(c.After); got != "e unseen" {
		t.Errorf("endpoints %s", got)
	}
	body := with(azapi(m{"enableNonSslPort": true, "publicNetworkAccess": "Enabled"}), m{"id": cacheA})
	c = one(t, newSynth().change("azapi_resource.a", "forget", body, nil, m{}))
	if got := facts(c.After); c.After.Change != posture.ChangeForget || got != facts(c.Before) || !strings.Contains(got, "nonTLS=true") {
		t.Errorf("azapi: %s: %s", c.After.Change, got)
	}
	c = one(t, newSynth().change(a, "forget", old, nil, m{}).
		change("azapi_resource.a", "update", body, with(body, m{"body": m{"properties": m{"enableNonSslPort": false}}}), m{}).
		change("azurerm_private_endpoint.e", "no-op", target(cacheA), target(cacheA), m{}))
	if c.After.Address != "azapi_resource.a" || endpoints(c.After) != "e unseen" {
		t.Errorf("taken over: %s, endpoints %s", c.After.Address, endpoints(c.After))
	}
}
