package acctest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// TestCacheDrift: a change in the portal is reverted by the next plan.
func TestCacheDrift(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	config := k.config("redis-a", fullConfig)
	if diags := k.run(t.Context(), config); failed(diags) {
		t.Fatal(diagText(diags))
	}
	id := cacheIDOf("redis-a")
	set := func(name string, v any) func() {
		return func() { c.Change(id, func(b map[string]any) { b["properties"].(map[string]any)[name] = v }) }
	}
	for name, change := range map[string]func(){
		"public_network_access_enabled": set("publicNetworkAccess", "Disabled"), "non_ssl_port_enabled": set("enableNonSslPort", true),
		"minimum_tls_version": set("minimumTlsVersion", "1.0"), "access_keys_authentication_enabled": set("disableAccessKeyAuthentication", true),
		"update_channel":      set("updateChannel", "Preview"),
		"tags":                func() { c.Change(id, func(b map[string]any) { b["tags"] = map[string]any{"team": "x"} }) },
		"firewall_rules":      func() { c.PutChild(id, "firewallRules/evil", map[string]any{"startIP": "1.1.1.1", "endIP": "1.1.1.1"}) },
		"diagnostic_settings": func() { c.Remove(id + "/providers/Microsoft.Insights/diagnosticSettings/logs") },
		"private_endpoint":    func() { c.Remove(group + "/providers/Microsoft.Network/privateEndpoints/redis-a-private-endpoint") },
	} {
		change()
		if diags := k.refresh(); failed(diags) {
			t.Fatal(name, diagText(diags))
		}
		p := k.plan(config)
		diffs, _ := k.state.Diff(p.state)
		seen := false
		for _, d := range diffs {
			seen = seen || strings.Contains(d.Path.String(), `"`+name+`"`)
		}
		if !seen {
			t.Errorf("%s: the drift is not in the plan: %s", name, diffs)
		}
		if diags := k.apply(t.Context(), p); failed(diags) {
			t.Errorf("%s: %s", name, diagnosticDetails(diags))
		}
		k.noChanges(config)
	}
}

// TestCacheRetired: a create that Azure refuses because of the retirement is an error that
// says so; there is no state and no second request.
func TestCacheRetired(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{Retired: true})
	k := newFakeCore(t, c)
	diags := k.run(t.Context(), k.config("redis-a", ""))
	if got := diagText(diags); !strings.Contains(got, "redis-a cannot be created: Azure Cache for Redis is retiring") || !k.state.IsNull() ||
		c.Count(armtest.KindWrite, "") != 1 {
		t.Errorf("%s, %d writes", got, c.Count(armtest.KindWrite, ""))
	}
}

// TestCacheMoved: a moved block takes over the state of azurerm without its secrets, and
// listKeys is never called (azurerm issue 31991).
func TestCacheMoved(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{OddCasing: true})
	id := c.PutCache(armtest.Cache{Name: "redis-a", SKU: "Standard C1", Location: "West Europe"})
	k := newFakeCore(t, c)
	source, err := json.Marshal(map[string]any{"id": id, "name": "redis-a", "location": "westeurope", "sku_name": "Standard", "capacity": 1,
		"primary_access_key": "CANARY-key"})
	k.must(err)
	resp, err := k.server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/hashicorp/azurerm", SourceTypeName: "azurerm_redis_cache", TargetTypeName: cacheType,
		SourceState: &tfprotov6.RawState{JSON: source},
	})
	k.must(err)
	if failed(resp.Diagnostics) {
		t.Fatal(diagnosticDetails(resp.Diagnostics))
	}
	k.state, err = resp.TargetState.Unmarshal(k.typ)
	k.must(err)
	k.private, k.id = resp.TargetPrivate, resp.TargetIdentity
	if strings.Contains(k.state.String(), "CANARY") || strings.Contains(string(k.private), "CANARY") {
		t.Error("a secret came along")
	}
	k.noChanges(k.config("redis-a", `public_network_access_enabled = true
  access_keys_authentication_enabled = true
  redis_configuration = { active_directory_authentication_enabled = false }`))
	if strings.Contains(k.state.String(), armtest.Canary) || c.Count(armtest.KindAction, "") != 0 {
		t.Error("keys were asked for")
	}
}
