package tfplan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// readSource reads a plan with the source of its configuration.
func (s *synth) readSource(t *testing.T, source string) *tfplan.Plan {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	configuration, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s.readWith(t, tfplan.Options{Configuration: configuration})
}

// TestMissingOfAzapi: what a plan leaves out may be an azapi_resource too, told
// by its type.
func TestMissingOfAzapi(t *testing.T) {
	const nothing = "endpoints none, settings none, rules none, access none"
	const every = "endpoints ?azapi_resource.x, settings ?azapi_resource.x, rules ?azapi_resource.x, access ?azapi_resource.x"
	for name, tt := range map[string]struct {
		address string
		written m
		want    string
	}{
		"an endpoint": {"azapi_resource.x",
			m{"type": m{"constant_value": "Microsoft.Network/privateEndpoints@2024-05-01"}, "body": refs(a + ".id")},
			"endpoints ?azapi_resource.x, settings none, rules none, access none"},
		"a setting": {"azapi_resource.x",
			m{"type": m{"constant_value": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"}, "parent_id": refs(a + ".id")},
			"endpoints none, settings ?azapi_resource.x, rules none, access none"},
		"of another cache": {"azapi_resource.x",
			m{"type": m{"constant_value": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"},
				"parent_id": refs("azurerm_redis_cache.b.id")}, nothing},
		"something else": {"azapi_resource.x", m{"type": m{"constant_value": "Microsoft.Web/sites@2024-01-01"}}, nothing},
		"a type from a local": {"azapi_resource.x", m{"type": refs("local.type"), "body": refs("local.x"), "parent_id": refs("local.x")},
			every},
		"a deployment":          {"azapi_resource.x", m{"type": m{"constant_value": "Microsoft.Resources/deployments@2024-03-01"}}, every},
		"an operation":          {"azapi_resource_action.x", m{"type": refs("local.type"), "method": m{"constant_value": "POST"}}, nothing},
		"the default operation": {"azapi_resource_action.x", m{"type": refs("local.type")}, nothing},
		"an action that writes": {"azapi_resource_action.x", m{"type": refs("local.type"), "method": m{"constant_value": "PUT"}},
			strings.ReplaceAll(every, "azapi_resource.", "azapi_resource_action.")},
		"a deployment of azurerm": {"azurerm_resource_group_template_deployment.x", m{},
			strings.ReplaceAll(every, "azapi_resource.", "azurerm_resource_group_template_deployment.")},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a")
			delete(s.plan, "complete")
			s.root.resource(a, m{})
			s.root.resource(tt.address, tt.written, m{"count_expression": refs("var.on")})
			if got := aside(one(t, s).After); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestMissingInstances: OpenTofu does not say whether a plan is partial, and
// -target may leave out single instances. The source tells which there are.
func TestMissingInstances(t *testing.T) {
	const c = "azurerm_redis_cache.c"
	const source = `
resource "azurerm_redis_cache" "c" {
  for_each = toset(["x", "y"])
}
resource "azurerm_redis_cache" "other" {}
resource "azurerm_private_endpoint" "e" {
  for_each = toset(KEYS)
  private_service_connection {
    private_connection_resource_id = azurerm_redis_cache.c[each.key].id
    subresource_names              = ["redisCache"]
  }
}
`
	for name, tt := range map[string]struct {
		complete any
		keys     string // for_each of the endpoint in the source; empty for no source
		want     m
	}{
		"complete":                      {true, "", m{c + `["x"]`: `e["x"]`, c + `["y"]`: "none", c + "[other]": "none"}},
		"nobody says":                   {nil, "", m{c + `["x"]`: `e["x"] ?e`, c + `["y"]`: "?e", c + "[other]": "none"}},
		"the source: there is no other": {nil, `["x"]`, m{c + `["x"]`: `e["x"]`, c + `["y"]`: "none", c + "[other]": "none"}},
		"the source: one is left out": {nil, `["x", "y"]`,
			m{c + `["x"]`: `e["x"] unseen`, c + `["y"]`: "?e unseen", c + "[other]": "none unseen"}},
		"the source does not tell": {nil, `[azurerm_redis_cache.other.hostname]`,
			m{c + `["x"]`: `e["x"] ?e`, c + `["y"]`: "?e", c + "[other]": "none"}},
		"-target of Terraform, one left out": {false, `["x", "y"]`,
			m{c + `["x"]`: `e["x"] unseen`, c + `["y"]`: "?e unseen", c + "[other]": "none unseen"}},
		"-target of Terraform, none left out": {false, `["x"]`,
			m{c + `["x"]`: `e["x"] unseen`, c + `["y"]`: "none unseen", c + "[other]": "none unseen"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(c+`["x"]`, "x").cache(c+`["y"]`, "y").cache("azurerm_redis_cache.other", "other")
			s.change(`azurerm_private_endpoint.e["x"]`, "create", nil,
				with(target(strings.Replace(cacheA, "redis/a", "redis/x", 1)), m{"private_dns_zone_group": []any{}}), m{})
			delete(s.plan, "complete")
			if tt.complete != nil {
				s.plan["complete"] = tt.complete
			}
			// Plan JSON does not write a for_each that is a constant in a function.
			s.root.resource(c, m{})
			s.root.resource("azurerm_redis_cache.other", m{})
			s.root.resource("azurerm_private_endpoint.e", endpointTo(c, "each.key"))
			var p *tfplan.Plan
			if tt.keys == "" {
				p = s.read(t)
			} else {
				p = s.readSource(t, strings.Replace(source, "KEYS", tt.keys, 1))
			}
			want := m{}
			for address, links := range tt.want {
				want[strings.Replace(address, "c[other]", "other", 1)] = links
			}
			expectEndpoints(t, p, want)
		})
	}
}

// TestMissingExemption: an exemption that is left out may take an assignment's force away.
func TestMissingExemption(t *testing.T) {
	for reference, want := range map[string]string{"azurerm_resource_policy_assignment.p.id": "unresolved_reference",
		"azurerm_resource_policy_assignment.q.id": "false", "local.x": "unresolved_reference"} {
		s := newSynth().cache(a, "a").
			change("azurerm_resource_policy_assignment.p", "create", nil, m{"name": "p", "resource_id": cacheA}, m{"id": true}).
			change("azurerm_resource_policy_assignment.q", "create", nil, m{"name": "q", "resource_id": cacheB}, m{"id": true})
		delete(s.plan, "complete")
		for _, address := range []string{a, "azurerm_resource_policy_assignment.p", "azurerm_resource_policy_assignment.q"} {
			s.root.resource(address, m{})
		}
		s.root.resource("azurerm_resource_policy_exemption.e", m{"policy_assignment_id": refs(reference)}, m{"count_expression": refs("var.on")})
		var items []posture.PolicyAssignment
		if items = one(t, s).After.PolicyAssignments.Items; len(items) != 1 {
			t.Fatalf("%+v", items)
		}
		if got := say(items[0].Exempted); got != want {
			t.Errorf("%s: exempted %s, want %s", reference, got, want)
		}
	}
}
