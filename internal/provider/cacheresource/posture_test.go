package cacheresource

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// set tells a set of companions: its items, its doubts, and whether it was observed.
func set[T any](s posture.Set[T], item func(T) string) string {
	var all []string
	for _, x := range s.Items {
		all = append(all, item(x))
	}
	for _, d := range s.Doubts {
		all = append(all, d.Address+"?")
	}
	switch {
	case s.Observed:
		all = append(all, "seen")
	case s.Reason != "":
		all = append(all, string(s.Reason))
	default:
		all = append(all, "unseen")
	}
	return strings.Join(all, " ")
}

func fact[T any](v posture.Value[T]) string {
	switch {
	case v.IsKnown():
		return fmt.Sprint(v.V)
	case v.IsUnset():
		return "unset"
	default:
		return "unknown"
	}
}

// TestPostureOfChildren: what a plan shows of the children of a cache. Where they are
// not managed here, what Azure returned counts, and absence only where it was seen.
func TestPostureOfChildren(t *testing.T) {
	endpoint := func(o obj) obj { return obj{"private_endpoint": o} }
	own := obj{"subnet_id": subnet, "id": "/pe", "connection_status": "Approved", "private_dns_zone_ids": []any{}}
	rules := obj{"firewall_rules": obj{"r": obj{"start_ip": "1.1.1.1", "end_ip": "1.1.1.2"}}}
	connections := privateState{Connections: []azure.Connection{
		{EndpointID: "/other", Status: "Approved"}, {EndpointID: "/PE", Status: "Approved"},
	}}
	forbidden := privateState{Unread: map[string]string{
		"firewall_rules": "no right", "private_endpoint": "no right", "patch_schedule": "no right",
	}}
	endpoints := func(c *posture.Cache) string {
		return set(c.PrivateEndpoints, func(e posture.PrivateEndpoint) string { return e.Address + "=" + fact(e.Approval) })
	}
	firewall := func(c *posture.Cache) string {
		return set(c.FirewallRules, func(r posture.FirewallRule) string { return r.Name + "=" + fact(r.Start) + "-" + fact(r.End) })
	}
	settings := func(c *posture.Cache) string {
		return set(c.DiagnosticSettings, func(d posture.DiagnosticSetting) string {
			text := d.Address + "="
			for _, l := range d.Logs.V {
				text += l.Category + ":" + fact(l.Enabled) + ","
			}
			for _, to := range d.Destinations {
				text += fact(to) + ","
			}
			return strings.TrimSuffix(text, ",")
		})
	}
	access := func(c *posture.Cache) string {
		return set(c.AccessPolicyAssignments, func(a posture.AccessPolicyAssignment) string {
			return fact(a.PolicyName) + "=" + fact(a.Permissions)
		})
	}
	assigned := func(policy any) obj {
		return obj{"access_policy_assignments": obj{"a": obj{"access_policy_name": policy, "object_id": "o", "object_id_alias": "o"}}}
	}
	for _, row := range []struct {
		name    string
		config  []obj
		prior   []obj // nil where the cache is created
		private privateState
		of      func(*posture.Cache) string
		want    string
	}{
		{"a new cache has no endpoint", nil, nil, privateState{}, endpoints, "unseen"},
		{"no endpoint", []obj{endpoint(obj{})}, nil, privateState{}, endpoints, "seen"},
		{"a new endpoint", []obj{endpoint(obj{"subnet_id": subnet, "is_manual_connection": false})}, nil, privateState{}, endpoints,
			"private_endpoint=Approved seen"},
		{"a new endpoint that waits", []obj{endpoint(obj{"subnet_id": subnet, "is_manual_connection": true})}, nil, privateState{}, endpoints,
			"private_endpoint=Pending seen"},
		{"an endpoint that was rejected", []obj{endpoint(obj{"subnet_id": subnet, "connection_status": "Rejected"})}, nil,
			privateState{}, endpoints,
			"private_endpoint=Rejected seen"},
		{"perhaps an endpoint", []obj{endpoint(obj{"subnet_id": unknown})}, nil, privateState{}, endpoints, "private_endpoint? seen"},
		{"endpoints of others", nil, []obj{}, connections, endpoints, "/other=Approved /PE=Approved seen"},
		{"its own is not told twice", []obj{endpoint(own)}, []obj{endpoint(own)}, connections, endpoints,
			"private_endpoint=Approved /other=Approved seen"},
		{"not managed, and none is there", nil, []obj{}, privateState{}, endpoints, "unseen"},
		{"a new one beside those that may not be read", []obj{endpoint(own)}, []obj{}, forbidden, endpoints, "private_endpoint=Approved seen"},

		{"rules", []obj{rules}, nil, privateState{}, firewall, "r=1.1.1.1-1.1.1.2 seen"},
		{"no rules", []obj{{"firewall_rules": obj{}}}, nil, privateState{}, firewall, "seen"},
		{"rules that are not known", []obj{{"firewall_rules": unknown}}, nil, privateState{}, firewall, "firewall_rules? seen"},
		{"a rule that is not known", []obj{{"firewall_rules": obj{"r": unknown}}}, nil, privateState{}, firewall, "firewall_rules.r? seen"},
		{"an address that is not known", []obj{{"firewall_rules": obj{"r": obj{"start_ip": unknown, "end_ip": "1.1.1.2"}}}}, nil, privateState{},
			firewall,
			"r=unknown-1.1.1.2 seen"},
		{"rules of others", nil, []obj{rules}, privateState{}, firewall, "r=1.1.1.1-1.1.1.2 seen"},
		{"no rules of others", nil, []obj{{"firewall_rules": obj{}}}, privateState{}, firewall, "unseen"},
		{"rules that may not be read", []obj{rules}, []obj{rules}, forbidden, firewall, "forbidden"},
		{"other rules than may be read", []obj{rules}, []obj{}, forbidden, firewall, "r=1.1.1.1-1.1.1.2 seen"},

		{"a setting", []obj{{"diagnostic_settings": obj{"d": obj{"log_analytics_workspace_id": "w", "log_categories": []any{"c"}}}}}, nil,
			privateState{},
			settings, "diagnostic_settings.d=c:true,w,unset,unset,unset,unset seen"},
		{"a setting with groups", []obj{{"diagnostic_settings": obj{"d": obj{"storage_account_id": "s", "eventhub_authorization_rule_id": "e",
			"partner_solution_id": "p", "servicebus_rule_id": "b", "log_category_groups": []any{"g"}}}}}, nil, privateState{},
			settings, "diagnostic_settings.d=g:true,unset,s,e,p,b seen"},
		{"a setting with unknown logs", []obj{{"diagnostic_settings": obj{"d": obj{"storage_account_id": unknown, "log_categories": unknown}}}},
			nil, privateState{}, settings, "diagnostic_settings.d=:unknown,unset,unknown,unset,unset,unset seen"},

		{"a built-in policy", []obj{assigned("Data Owner")}, nil, privateState{}, access, "Data Owner=unset seen"},
		{"a policy that is managed here", []obj{assigned("ours"), {"access_policies": obj{"ours": "+get"}}}, nil, privateState{},
			access, "ours=+get seen"},
		{"a policy of others", []obj{assigned("theirs")}, nil, privateState{}, access, "theirs=unknown seen"},
		{"a policy that is not known", []obj{assigned(unknown)}, nil, privateState{}, access, "unknown=unknown seen"},

		{"a window", []obj{{"patch_schedule": []any{obj{"day_of_week": "Monday"}}}}, nil, privateState{},
			func(c *posture.Cache) string { return fact(c.MaintenanceWindows) }, "1"},
		{"windows that may not be read", []obj{{"patch_schedule": unknown}}, nil, forbidden,
			func(c *posture.Cache) string { return string(c.MaintenanceWindows.Reason) }, "forbidden"},
	} {
		t.Run(row.name, func(t *testing.T) {
			config := modelOf(t, cacheWith(row.config...))
			plan, v := config, view{config: config, private: row.private}
			if row.prior != nil {
				prior := modelOf(t, existing(append(row.prior, obj{"removed_with_cache": []any{"private_endpoint"}})...))
				v.prior = &prior
				plan = completion{config: config, prior: &prior}.plan(t.Context())
			}
			if diff := cmp.Diff(row.want, row.of(postureOf(t.Context(), plan, posture.ChangeUpdate, v))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
