package tfplan_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// TestServiceOfCache: every type that makes or updates a cache of a service yields one.
func TestServiceOfCache(t *testing.T) {
	for _, s := range service.All {
		id := s.ID(subscription, "rg", "x")
		plans := map[string]*synth{
			"azapi_resource": newSynth().change("azapi_resource.x", "create", nil, m{"type": s.Type + "@2099-01-01", "name": "x",
				"parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg", "body": m{}}, m{"id": true}),
			"azapi_update_resource": newSynth().change("azapi_update_resource.x", "create", nil,
				m{"type": strings.ToUpper(s.Type) + "@2099-01-01", "resource_id": id, "body": m{}}, m{"id": true}),
		}
		for _, typ := range s.Azurerm {
			plans[typ] = newSynth().cache(typ+".x", "x")
		}
		for name, plan := range plans {
			p := plan.read(t)
			if p.Len() != 1 || len(p.Unjudged()) != 0 {
				t.Errorf("%s of %s: %d caches, not judged %v", name, s.Name, p.Len(), p.Unjudged())
				continue
			}
			if c := cacheAt(t, p, name+".x").After; c.Type != s.Type || !strings.EqualFold(c.Name.V, "x") {
				t.Errorf("%s is %s %q, want %s", name, c.Type, c.Name.V, s.Type)
			}
		}
	}
}

// estateOf is a cache of each service, all of one name in one resource group.
func estateOf() *synth {
	s := newSynth()
	for _, of := range service.All {
		address := of.Azurerm[0] + ".x"
		s.cache(address, "x")
		s.root.resource(address, m{})
	}
	s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
	return s
}

// around words what is linked to a cache, and whether its tier may be written.
func around(p posture.Planned) string {
	c, tier := p.After, ""
	if c.Tier.IsUnknown() && c.SKU.IsUnknown() {
		tier = "written "
	}
	return tier + "endpoints: " + endpoints(c) +
		", logs: " + links(c.DiagnosticSettings, func(d posture.DiagnosticSetting) string { return d.Address }) +
		", firewall: " + links(c.FirewallRules, func(r posture.FirewallRule) string { return r.Address }) +
		", access: " + links(c.AccessPolicyAssignments, func(a posture.AccessPolicyAssignment) string { return a.Address })
}

// TestServicesApart: what is for a cache of a service is found, and is not for the
// cache of another one that has its name.
func TestServicesApart(t *testing.T) {
	const none = "endpoints: none, logs: none, firewall: none, access: none"
	connection := func(s *service.Service, id any) m {
		return m{"name": "e", "private_service_connection": []any{m{"is_manual_connection": false,
			"subresource_names": []any{strings.ToLower(s.Subresource)}, "private_connection_resource_id": id}}}
	}
	unknownTarget := m{"private_service_connection": []any{m{"private_connection_resource_id": true}}}
	template := func(typ, name string) m {
		return m{"name": "t", "resource_group_name": "rg", "deployment_mode": "Incremental",
			"template_content": fmt.Sprintf(`{"resources": [{"type": %q, "name": %q}]}`, typ, name)}
	}
	type situation struct {
		address        string
		after, unknown m
		want           string // of the cache of the service
	}
	for _, s := range service.All {
		id := s.ID(subscription, "rg", "x")
		tests := map[string]situation{
			"an endpoint": {"azurerm_private_endpoint.e", connection(s, id), nil, strings.Replace(none, "none", "e", 1)},
			"an endpoint that is for some cache": {"azurerm_private_endpoint.e", connection(s, nil), unknownTarget,
				strings.Replace(none, "none", "?azurerm_private_endpoint.e", 1)},
			"a diagnostic setting": {"azurerm_monitor_diagnostic_setting.d", m{"name": "d", "target_resource_id": strings.ToUpper(id + s.Database)},
				nil, strings.Replace(none, "logs: none", "logs: azurerm_monitor_diagnostic_setting.d", 1)},
			"a diagnostic setting by azapi": {"azapi_resource.d", m{"type": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview", "name": "d",
				"parent_id": id + s.Database, "body": m{}}, nil, strings.Replace(none, "logs: none", "logs: azapi_resource.d", 1)},
			"a diagnostic setting of something else": {"azurerm_monitor_diagnostic_setting.d", m{"name": "d", "target_resource_id": id + "/x/y"},
				nil, none},
			"an action": {"azapi_resource_action.a", m{"type": s.Type + "@2099-01-01", "resource_id": id, "method": "DELETE"},
				nil, "written " + none},
			"an action on some cache": {"azapi_resource_action.a", m{"type": s.Type + "@2099-01-01", "method": "DELETE"},
				m{"resource_id": true}, "written " + none},
			"an update of some cache": {"azapi_update_resource.u", m{"type": s.Type + "@2099-01-01"}, m{"resource_id": true, "body": true},
				"written " + none},
			"a template with the cache": {"azurerm_resource_group_template_deployment.t", template(s.Type, "x"), nil, "written " + none},
			"a template with some cache": {"azurerm_resource_group_template_deployment.t", template(s.Type, "[parameters('x')]"), nil,
				"written " + none},
		}
		for _, c := range s.Collections {
			typ := s.Type + "/" + c.Segment
			set, ok := map[string]string{service.FirewallRules: "firewall: ", service.AccessPolicyAssignments: "access: "}[path.Base(c.Segment)]
			if !ok {
				continue
			}
			doubt := func(address string) string { return strings.Replace(none, set+"none", set+"?"+address, 1) }
			tests[c.What+" of some cache"] = situation{"azapi_resource.c", m{"type": typ + "@2099-01-01", "name": "c", "body": m{}},
				m{"parent_id": true},
				doubt("azapi_resource.c")}
			tests[c.What+" in a template"] = situation{"azurerm_resource_group_template_deployment.t", template(typ, "[parameters('x')]"), nil,
				doubt("azurerm_resource_group_template_deployment.t")}
			parent := id
			if strings.Contains(c.Segment, "/") {
				parent += s.Database
			}
			tests[c.What] = situation{"azapi_resource.c", m{"type": typ + "@2099-01-01", "name": "c", "body": m{}, "parent_id": parent}, nil,
				strings.Replace(none, set+"none", set+"azapi_resource.c", 1)}
			tests["an action on "+c.What+" of some cache"] = situation{"azapi_resource_action.a", m{"type": typ + "@2099-01-01", "method": "PUT"},
				m{"resource_id": true},
				doubt("azapi_resource_action.a")}
		}
		for name, tt := range tests {
			t.Run(s.Name+"/"+name, func(t *testing.T) {
				plan := estateOf().change(tt.address, "create", nil, tt.after, tt.unknown)
				plan.root.resource(tt.address, m{"resource_id": refs("local.x"), "parent_id": refs("local.x"),
					"private_service_connection": []any{m{"private_connection_resource_id": refs("local.x")}}})
				p := plan.read(t)
				for _, of := range service.All {
					want := none
					if of == s {
						want = tt.want
					}
					if got := around(cacheAt(t, p, of.Azurerm[0]+".x")); got != want {
						t.Errorf("the cache of %s\ngot  %s\nwant %s", of.Name, got, want)
					}
				}
			})
		}
		// Plan JSON does not show what is appended to the id of a cache.
		const setting = "azurerm_monitor_diagnostic_setting.d"
		plan := estateOf().change(setting, "create", nil, m{"name": "d", "enabled_log": []any{m{"category_group": "allLogs"}}},
			m{"target_resource_id": true})
		plan.root.resource(setting, m{"target_resource_id": refs(s.Azurerm[0] + ".x.id")})
		want := setting
		if s.Database != "" {
			want = "?" + setting
		}
		if got := around(cacheAt(t, plan.read(t), s.Azurerm[0]+".x")); got != strings.Replace(none, "logs: none", "logs: "+want, 1) {
			t.Errorf("a diagnostic setting that refers to a cache of %s: %s", s.Name, got)
		}
		for _, other := range service.All {
			if other == s {
				continue
			}
			p := estateOf().change("azurerm_private_endpoint.e", "create", nil, connection(other, id), nil).read(t)
			c := cacheAt(t, p, s.Azurerm[0]+".x")
			told := slices.ContainsFunc(c.Notes, func(n string) bool { return strings.Contains(n, other.Subresource) })
			if got := around(c); got != none || !told {
				t.Errorf("an endpoint of %s with the sub-resource of %s\ngot %s, notes %v", s.Name, other.Name, got, c.Notes)
			}
		}
	}
}
