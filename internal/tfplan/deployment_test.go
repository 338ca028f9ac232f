package tfplan_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// template is an ARM template with some resources.
func template(resources ...any) m {
	return m{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
		"resources": resources}
}

// inTemplate is a resource of a template.
func inTemplate(typ, name string, more m) m {
	return with(m{"type": typ, "apiVersion": "2024-11-01", "name": name, "properties": m{}}, more)
}

// nestedDeployment deploys a template from within a template.
func nestedDeployment(properties, more m) m {
	return inTemplate("Microsoft.Resources/deployments", "nested", with(m{"properties": properties}, more))
}

func TestDeployments(t *testing.T) {
	const (
		redis     = "Microsoft.Cache/redis"
		groupName = "azurerm_resource_group_template_deployment"
		every     = "a: +access +endpoint +firewall +logs +policy access acl auth endpoint exemption firewall logs policy port public tier " +
			"tls windows; " +
			"b: +access +endpoint +firewall +logs +policy auth exemption policy port public tier tls windows; " +
			"v: +access +endpoint +firewall +logs +policy auth exemption nsg policy port public tier tls windows"
	)
	cache := func(name string) m { return inTemplate(redis, name, nil) }
	for name, tt := range map[string]struct {
		resources []any
		template  m // in place of the resources
		group     string
		mode      string
		azapi     string // type, where only azapi has it
		want      string
		unjudged  string // the addresses are those of the deployment
	}{
		"nothing of a cache":            {resources: []any{inTemplate("Microsoft.Web/sites", "a", nil)}},
		"the cache":                     {resources: []any{cache("a")}, want: everyA},
		"the cache, in other letters":   {resources: []any{inTemplate("MICROSOFT.CACHE/REDIS", "A", nil)}, want: everyA},
		"the cache, by a symbolic name": {template: m{"languageVersion": "2.0", "resources": m{"x": cache("a")}}, want: everyA},
		"the cache that exists": {template: m{"languageVersion": "2.0",
			"resources": m{"x": inTemplate(redis, "a", m{"existing": true})}}},
		"the cache on no condition":          {resources: []any{inTemplate(redis, "a", m{"condition": false})}},
		"the cache on a condition":           {resources: []any{inTemplate(redis, "a", m{"condition": "[parameters('x')]"})}, want: everyA},
		"a name that is an expression":       {resources: []any{cache("[parameters('name')]")}, want: everyAll},
		"such a name, for another group":     {resources: []any{cache("[parameters('name')]")}, group: "other"},
		"a name in brackets":                 {resources: []any{cache("[[a]")}, unjudged: `"[a]"`},
		"a cache of another group":           {resources: []any{cache("a")}, group: "other", unjudged: `"a"`},
		"a cache that nobody else describes": {resources: []any{cache("new")}, unjudged: `"new"`},
		"such a cache beside this":           {resources: []any{cache("new"), cache("b")}, want: everyB, unjudged: `"new"`},
		"a Managed Redis":                    {resources: []any{inTemplate("Microsoft.Cache/redisEnterprise", "m", nil)}, unjudged: `"m"`},
		"a firewall rule of the cache": {resources: []any{inTemplate(redis+"/firewallRules", "a/all", nil)},
			want: "a: +firewall firewall"},
		"one within the cache": {resources: []any{inTemplate(redis, "a",
			m{"resources": []any{m{"type": "firewallRules", "name": "all"}}})}, want: strings.Replace(everyA, "a: ", "a: +firewall ", 1)},
		"one of a name that is an expression": {resources: []any{inTemplate(redis+"/firewallRules", "[concat('a', '/all')]", nil)},
			want: "a: +firewall; b: +firewall; v: +firewall"},
		"a diagnostic setting": {resources: []any{inTemplate("Microsoft.Insights/diagnosticSettings", "d", m{"scope": "[x]"})},
			want: "a: +logs; b: +logs; v: +logs"},
		"one as a child of the cache": {resources: []any{inTemplate(redis+"/providers/diagnosticSettings", "a/Microsoft.Insights/d",
			nil)}, want: "a: +logs; b: +logs; v: +logs"},
		"an endpoint": {resources: []any{inTemplate("Microsoft.Network/privateEndpoints", "x", nil)},
			want: "a: +endpoint; b: +endpoint; v: +endpoint"},
		"a security group": {resources: []any{inTemplate("Microsoft.Network/networkSecurityGroups", "x", nil)},
			want: "v: nsg"},
		"a type that is an expression":     {resources: []any{inTemplate("[variables('type')]", "x", nil)}, want: every},
		"resources that are an expression": {template: m{"resources": "[parameters('all')]"}, want: every},
		"a nested template": {resources: []any{nestedDeployment(m{"mode": "Incremental", "template": template(cache("a"))},
			nil)}, want: everyA},
		"a nested template for another group": {resources: []any{nestedDeployment(m{"template": template(cache("a"))}, m{"resourceGroup": "rg"})},
			group: "other", want: everyA},
		"a nested name that is an expression": {resources: []any{nestedDeployment(m{"template": template(cache("[x]"))},
			m{"resourceGroup": "[y]"})}, group: "other", want: everyAll},
		"a linked template": {resources: []any{nestedDeployment(m{"templateLink": m{"uri": "https://x"}}, nil)}, want: every},
		"a nested template in complete mode": {resources: []any{nestedDeployment(m{"mode": "Complete", "template": template()}, nil)},
			want: everyAll},
		"a nested one, for another group": {resources: []any{nestedDeployment(m{"mode": "Complete", "template": template()},
			m{"resourceGroup": "[x]"})}, group: "other", want: everyAll},
		"complete mode":                  {resources: []any{}, mode: "Complete", want: everyAll},
		"complete mode in small letters": {resources: []any{}, mode: "complete", want: everyAll},
		"complete mode in another group": {resources: []any{}, mode: "Complete", group: "other"},
		"incremental mode":               {resources: []any{}, mode: "Incremental"},
		"a stack that contains the cache": {resources: []any{cache("a")}, azapi: "Microsoft.Resources/deploymentStacks@2024-03-01",
			want: everyA},
		"a stack of something else": {resources: []any{inTemplate("Microsoft.Web/sites", "a", nil)},
			azapi: "Microsoft.Resources/deploymentStacks@2024-03-01"},
	} {
		t.Run(name, func(t *testing.T) {
			content := tt.template
			if content == nil {
				content = template(tt.resources...)
			}
			text, err := json.Marshal(content)
			if err != nil {
				t.Fatal(err)
			}
			group := tt.group
			if group == "" {
				group = "rg"
			}
			check := func(s *synth, want string) {
				t.Helper()
				p := s.read(t)
				expectOverwritten(t, p, want)
				var why []string
				for _, u := range p.Unjudged() {
					why = append(why, u.Why)
				}
				if got := strings.Join(why, "\n"); !strings.Contains(got, tt.unjudged) || tt.unjudged == "" && got != "" {
					t.Errorf("not judged: %q, want %q", got, tt.unjudged)
				}
			}
			typ := tt.azapi
			if typ == "" {
				typ = "Microsoft.Resources/deployments@2024-03-01"
				after := m{"name": "x", "resource_group_name": group, "deployment_mode": tt.mode, "template_content": string(text)}
				address := groupName + ".x"
				check(estate().change(address, "create", nil, after, m{"id": true}), tt.want)
				check(estate().change(address, "update", after, after, nil), tt.want)
				check(estate().change(address, "no-op", after, after, nil), "")
			}
			parent := "/subscriptions/" + subscription + "/resourceGroups/" + group
			for _, body := range []any{
				m{"properties": m{"mode": tt.mode, "template": content}},
				`{"properties":{"mode":"` + tt.mode + `","template":` + string(text) + `}}`,
			} {
				check(estate().change("azapi_resource.x", "create", nil, m{"type": typ, "name": "x", "parent_id": parent, "body": body},
					m{"id": true, "body": m{"properties": m{"template": m{"resources": []any{m{"name": false}}}}}}), tt.want)
			}
		})
	}
}

// TestDeploymentsUnseen: templates that are not seen may contain any cache.
func TestDeploymentsUnseen(t *testing.T) {
	const azurerm, parent = "azurerm_subscription_template_deployment.x", "/subscriptions/" + subscription + "/resourceGroups/rg"
	deployment := func(properties m) m {
		return m{"type": "Microsoft.Resources/deployments@2024-03-01", "name": "x", "parent_id": parent, "body": m{"properties": properties}}
	}
	for name, tt := range map[string]struct {
		address        string
		after, unknown m
		seen           bool
	}{
		"text that is not known":      {azurerm, m{}, m{"template_content": true}, false},
		"text that was taken out":     {azurerm, m{"template_content": "REDACTED_SENSITIVE"}, nil, false},
		"text that is no JSON":        {azurerm, m{"template_content": "{"}, nil, false},
		"text that is no object":      {azurerm, m{"template_content": "[]"}, nil, false},
		"no text":                     {azurerm, m{"template_content": nil}, nil, false},
		"a template spec":             {azurerm, m{"template_content": `{"resources":[]}`, "template_spec_version_id": "/x"}, nil, false},
		"a template spec of tomorrow": {azurerm, m{"template_content": `{"resources":[]}`}, m{"template_spec_version_id": true}, false},
		"a tenant's":                  {"azurerm_tenant_template_deployment.x", m{}, m{"template_content": true}, false},
		"a management group's":        {"azurerm_management_group_template_deployment.x", m{}, m{"template_content": true}, false},
		"a seen one":                  {azurerm, m{"template_content": `{"resources":[]}`}, nil, true},
		"a body that is not known":    {"azapi_resource.x", deployment(nil), m{"body": true}, false},
		"a template that is not known": {"azapi_resource.x", deployment(m{"mode": "Incremental"}),
			m{"body": m{"properties": m{"template": true}}}, false},
		"a name that is not known": {"azapi_resource.x", deployment(m{"template": template(m{"type": "Microsoft.Cache/redis"})}),
			m{"body": m{"properties": m{"template": m{"resources": []any{m{"name": true}}}}}}, false},
		"a link":                   {"azapi_resource.x", deployment(m{"templateLink": m{"id": "/x"}}), nil, false},
		"a link beside a template": {"azapi_resource.x", deployment(m{"templateLink": m{"id": "/x"}, "template": template()}), nil, false},
		"a seen one by azapi":      {"azapi_resource.x", deployment(m{"template": template()}), nil, true},
		"a stack of what is not known": {"azapi_resource.x", with(deployment(nil), m{"type": "Microsoft.Resources/deploymentStacks@2024-03-01"}),
			m{"body": true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := estate().change(tt.address, "create", nil, tt.after, tt.unknown).read(t)
			for c := range p.Caches() {
				if got := strings.Contains(overwritten(c.After), "port public"); got == tt.seen {
					t.Errorf("%s: overwritten %q", c.After.Address, overwritten(c.After))
				}
			}
			notes := newSynth().change(tt.address, "create", nil, tt.after, tt.unknown).read(t).Notes()
			if got := slices.ContainsFunc(notes, func(n string) bool {
				return strings.Contains(n,
					"if it makes a cache, that was not judged")
			}); got == tt.seen {
				t.Errorf("notes: %q", notes)
			}
		})
	}
}

// TestDeploymentMode: a mode that is not known may be the complete one.
func TestDeploymentMode(t *testing.T) {
	s := estate().change("azurerm_resource_group_template_deployment.x", "create", nil,
		m{"resource_group_name": "rg", "template_content": `{"resources":[]}`}, m{"deployment_mode": true})
	expectOverwritten(t, s.read(t), everyAll)
}

// TestDeploymentDestroyed: azurerm deletes what a deployment to a resource group
// has deployed; other deployments leave it.
func TestDeploymentDestroyed(t *testing.T) {
	raw, err := json.Marshal(template(inTemplate("Microsoft.Cache/redis", "a", nil)))
	if err != nil {
		t.Fatal(err)
	}
	before := m{"name": "x", "resource_group_name": "rg", "deployment_mode": "Incremental", "template_content": string(raw)}
	for address, want := range map[string]string{"azurerm_resource_group_template_deployment.x": everyA,
		"azurerm_subscription_template_deployment.x": ""} {
		p := estate().change(address, "delete", before, nil, nil).read(t)
		expectOverwritten(t, p, want)
		if len(p.Unjudged()) > 0 {
			t.Errorf("not judged: %v", p.Unjudged())
		}
	}
}
