package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// A name may come from a plan that somebody else made, and a path or an address
// from a variable: none steers the terminal or commands the CI system.
func TestNamesDoNotSteerTheTerminal(t *testing.T) {
	const hostile = "##vso[task.complete]x\x1b[31m\r\n::error::y\u202e"
	tf := configured(t, withBlocks(nil))
	_, missing := tf.read(withBlocks(obj{"plan_file": "no" + hostile}))
	_, judged := tf.read(withBlocks(obj{"plan_file": "../cli/testdata/cases/vso.json"}))
	_, named := tf.read(withBlocks(obj{"cache": snapshotOf(t, cacheWith(obj{"name": hostile, "non_ssl_port_enabled": true}))}))
	guarded := tf.guard(obj{"cache": cacheWith(obj{"name": hostile, "non_ssl_port_enabled": true})})
	for what, diags := range map[string][]*tfprotov6.Diagnostic{
		"a path": missing, "an address": judged, "a name": named, "a guarded name": guarded,
	} {
		if len(diags) == 0 {
			t.Errorf("%s: nothing is said", what)
		}
		for _, d := range diags {
			if strings.ContainsAny(d.Summary, "\x1b\r\n\u202e") || strings.ContainsAny(d.Detail, "\x1b\r\u202e") ||
				strings.Contains(d.Summary+d.Detail, "##") || strings.Contains(d.Summary+d.Detail, "::error") {
				t.Errorf("%s: %q, %q", what, d.Summary, d.Detail)
			}
		}
	}
}

// With Deny, one warning names what this plan cannot decide of high severity and the
// arguments that hide it, since a guard fails during apply otherwise without a word before.
func TestUndecidedWithDeny(t *testing.T) {
	const public = "the value of public_network_access_enabled is not known yet"
	for name, tt := range map[string]struct {
		cache      obj
		companions arr
		effect     string
		want       []string
		details    []string
	}{
		"public access": {
			cache: cacheWith(obj{"public_network_access_enabled": unknown}), effect: "Deny", want: []string{"warning: redis-orders: " + public},
			details: []string{"NS-2/disable-public-network-access: public_network_access_enabled"},
		},
		"several": {
			cache:  cacheWith(obj{"public_network_access_enabled": unknown, "non_ssl_port_enabled": unknown}),
			effect: "Deny",
			want:   []string{"warning: redis-orders: the values of public_network_access_enabled, non_ssl_port_enabled are not known yet"},
			details: []string{"NS-2/disable-public-network-access: public_network_access_enabled",
				"DP-3/data-in-transit-encryption: non_ssl_port_enabled"},
		},
		"beside a value that is not documented": {
			cache:  cacheWith(obj{"public_network_access_enabled": unknown, "minimum_tls_version": "banana"}),
			effect: "Deny", want: []string{"warning: redis-orders: the value of minimum_tls_version is not a documented one, and " + public},
			details: []string{"DP-3/data-in-transit-encryption", "NS-2/disable-public-network-access: public_network_access_enabled"},
		},
		"Audit":                   {cache: cacheWith(obj{"public_network_access_enabled": unknown}), effect: "Audit"},
		"Disabled":                {cache: cacheWith(obj{"public_network_access_enabled": unknown}), effect: "Disabled"},
		"nothing observed":        {cache: cacheWith(nil), effect: "Deny"},
		"a rule of less severity": {cache: cacheWith(nil), companions: arr{logsOfCache(unknown), endpointTo(unknown)}, effect: "Deny"},
		"everything is decided":   {cache: cacheWith(nil), companions: arr{logsOfCache(ordersID), endpointTo(ordersID)}, effect: "Deny"},
	} {
		t.Run(name, func(t *testing.T) {
			tf := configured(t, withBlocks(nil))
			_, read := tf.read(withBlocks(obj{"cache": snapshotOf(t, tt.cache, tt.companions...), "effect": tt.effect}))
			guard := tf.guard(obj{"cache": tt.cache, "companions": tt.companions, "effect": tt.effect})
			byProvider := configured(t, withBlocks(obj{"effect": tt.effect})).guard(obj{"cache": tt.cache, "companions": tt.companions})
			for door, diags := range map[string][]*tfprotov6.Diagnostic{"guard": guard, "evaluation": read, "effect of the provider": byProvider} {
				if diff := cmp.Diff(tt.want, said(diags)); diff != "" {
					t.Fatalf("%s: %s", door, diff)
				}
				for _, d := range diags {
					again := "judged again during apply, after the cache was created"
					if door == "evaluation" {
						again = "does not judge it again during apply"
					}
					for _, want := range append(tt.details, again) {
						if !strings.Contains(d.Detail, want) {
							t.Errorf("%s lacks %q: %s", door, want, d.Detail)
						}
					}
				}
			}
		})
	}
}

// A value that is not documented is a warning that names argument and rules, and never
// the value; what rests on it is no violation, under Deny either.
func TestUndocumentedValues(t *testing.T) {
	const odd = "hunter2"
	for name, tt := range map[string]struct {
		cache obj
		want  string
		rule  string
	}{
		"a tier": {cacheWith(obj{"sku_name": odd}), "the value of sku_name is not a documented one", "NS-1/virtual-network-integration"},
		"several": {cacheWith(obj{"sku_name": odd, "minimum_tls_version": odd}),
			"the values of sku_name, minimum_tls_version are not documented ones", "DP-3/data-in-transit-encryption"},
		"what only an advisory asks for": {cacheWith(obj{"capacity": 70}), "the value of capacity is not a documented one",
			"advisory/tier"},
		"a protocol": {managedWith(nil, obj{"client_protocol": odd}),
			"the value of default_database[0].client_protocol is not a documented one", "DP-3/data-in-transit-encryption"},
		"one of two words": {managedWith(obj{"public_network_access": odd}, nil),
			"the value of public_network_access is not a documented one", "NS-2/disable-public-network-access"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := call(t, violationsFunction(baseline.Published()), tt.cache); err == nil || !strings.Contains(err.Text, tt.want) {
				t.Errorf("violations: %v", err)
			}
			tf := configured(t, withBlocks(obj{"effect": "Deny"}))
			_, read := tf.read(withBlocks(obj{"cache": snapshotOf(t, tt.cache), "effect": "Deny"}))
			for door, diags := range map[string][]*tfprotov6.Diagnostic{"guard": tf.guard(obj{"cache": tt.cache}), "evaluation": read} {
				if diff := cmp.Diff([]string{"warning: redis-orders: " + tt.want}, said(diags)); diff != "" {
					t.Fatalf("%s: %s", door, diff)
				}
				if detail := diags[0].Detail; !strings.Contains(detail, tt.rule) || strings.Contains(detail, odd) {
					t.Errorf("%s: %s", door, detail)
				}
			}
			if diags := tf.guard(obj{"cache": tt.cache, "effect": "Disabled"}); len(diags) > 0 {
				t.Errorf("a disabled guard: %v", said(diags))
			}
		})
	}
}
