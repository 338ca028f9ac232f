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
