package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
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
