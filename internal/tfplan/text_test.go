package tfplan_test

import "testing"

// TestTextOfJSON: what is written as JSON text is read as who gets it may read
// it. Where that could be more than one thing, it is not known.
func TestTextOfJSON(t *testing.T) {
	const cache = `{"type":"Microsoft.Cache/redis","name":"a","properties":{"enableNonSslPort":true}}`
	for title, template := range map[string]string{
		"names in another case": `{"Resources":[{"TYPE":"Microsoft.Cache/redis","Name":"a"}]}`,
		"a name twice":          `{"resources":[],"resources":[` + cache + `]}`,
		"a name in two cases":   `{"resources":[],"Resources":[` + cache + `]}`,
		"a type in two cases":   `{"resources":[{"type":"Microsoft.Web/sites","Type":"Microsoft.Cache/redis","name":"a"}]}`,
		"something follows":     `{"resources":[]} {"resources":[` + cache + `]}`,
		"a nested one, other cases": `{"resources":[{"type":"Microsoft.Resources/deployments",` +
			`"Properties":{"Template":{"Resources":[` + cache + `]}}}]}`,
	} {
		t.Run("template, "+title, func(t *testing.T) {
			s := newSynth().cache(a, "a").change("azurerm_resource_group_template_deployment.d", "create", nil,
				m{"deployment_mode": "Incremental", "resource_group_name": "rg", "template_content": template}, m{"id": true})
			if got := say(cacheAt(t, s.read(t), a).After.NonTLSPort); got != "known_after_apply" {
				t.Errorf("the port is %s", got)
			}
		})
	}
	for title, body := range map[string]string{
		"something follows": `{"properties":{"enableNonSslPort":false}} {"properties":{"enableNonSslPort":true}}`,
		"a list":            `[{"properties":{"enableNonSslPort":false}}]`,
		"an empty list":     `[]`,
		"a name twice":      `{"properties":{"enableNonSslPort":false},"properties":{"enableNonSslPort":true}}`,
	} {
		t.Run("body, "+title, func(t *testing.T) {
			s := newSynth().change("azapi_resource.c", "create", nil, with(azapi(m{}), m{"body": body}), m{"id": true})
			if got := say(one(t, s).After.NonTLSPort); got == "false" || got == "unset" {
				t.Errorf("the port is %s", got)
			}
		})
	}
	t.Run("parameters of a policy assignment", func(t *testing.T) {
		const group = "/subscriptions/" + subscription + "/resourceGroups/rg"
		const set = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
		for _, parameters := range []string{`{} {"effect":{"value":"Disabled"}}`, `{"effect":{"value":"Audit"},"effect":{"value":"Disabled"}}`} {
			s := newSynth().cache(a, "a").change("azurerm_resource_group_policy_assignment.p", "create", nil,
				m{"resource_group_id": group, "enforce": true, "policy_definition_id": set, "parameters": parameters}, m{"id": true})
			got := cacheAt(t, s.ofSubscription().read(t), a).After.PolicyAssignments.Items
			if len(got) != 1 || !got[0].Parameters.IsUnknown() {
				t.Errorf("%s: got %+v", parameters, got)
			}
		}
	})
}
