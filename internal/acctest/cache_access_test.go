package acctest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// TestAccCacheAccessKeys: with the real Terraform, an ephemeral resource passes the keys
// of a cache to other resources in the apply that creates it. No plan or state has them.
func TestAccCacheAccessKeys(t *testing.T) {
	t.Parallel()
	c := newFakeAzure(t, armtest.Options{KeepBodies: true})
	// The second cache has a key in a write-only argument, to show that it is kept
	// nowhere.
	config := secure("a", "redis-a", "  access_keys_authentication_enabled = true") + secure("b", "redis-b", "  "+premium+
		`redis_configuration = { rdb_backup_enabled = true, data_persistence_authentication_method = "SAS" }
  storage_connection_strings = { rdb_storage_connection_string = "AccountKey=${ephemeral.redisbaseline_access_keys.a.primary_access_key}" }
  storage_connection_strings_version = 1`) + `
ephemeral "redisbaseline_access_keys" "a" { resource_id = redisbaseline_cache.a.id }
`
	providers := c.providers()
	providers["echo"] = echoprovider.NewProviderServer()
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{noSecrets{}},
					PostApplyPostRefresh: []plancheck.PlanCheck{noSecrets{}}},
				ConfigStateChecks: []statecheck.StateCheck{noSecrets{}},
			},
			{
				Config: config + "provider \"echo\" { data = ephemeral.redisbaseline_access_keys.a }\nresource \"echo\" \"a\" {}\n",
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("echo.a", tfjsonpath.New("data").AtMapKey("primary_access_key"),
						knownvalue.StringRegexp(regexp.MustCompile("^"+armtest.Canary+"primary-"))),
					statecheck.ExpectKnownValue("echo.a", tfjsonpath.New("data").AtMapKey("secondary_access_key"),
						knownvalue.StringRegexp(regexp.MustCompile("^"+armtest.Canary+"secondary-"))),
				},
			},
		},
	})
	sent := 0
	for _, r := range c.Changes() {
		sent += strings.Count(string(r.Body), "AccountKey="+armtest.Canary)
	}
	if sent != 1 {
		t.Errorf("the write-only argument was sent %d times", sent)
	}
}

// open opens the ephemeral resource of access keys.
func (k *fakeCore) open(id string) (map[string]string, []*tfprotov6.Diagnostic) {
	k.t.Helper()
	schema, err := k.server.GetProviderSchema(k.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	k.must(err)
	typ := schema.EphemeralResourceSchemas["redisbaseline_access_keys"].ValueType()
	resp, err := k.server.OpenEphemeralResource(k.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: "redisbaseline_access_keys", Config: k.dynamic(valuetest.Of(typ, map[string]any{"resource_id": id}))})
	k.must(err)
	out := map[string]string{}
	if resp.Result != nil && !failed(resp.Diagnostics) {
		value, err := resp.Result.Unmarshal(typ)
		k.must(err)
		var fields map[string]tftypes.Value
		k.must(value.As(&fields))
		for name, v := range fields {
			var text string
			k.must(v.As(&text))
			out[name] = text
		}
	}
	return out, resp.Diagnostics
}

// TestCacheAccessKeys: diagnostics of the ephemeral resource, and the cases in which it
// returns no keys.
func TestCacheAccessKeys(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	c.PutCache(armtest.Cache{Name: "redis-a"})
	k := newFakeCore(t, c)
	keys, diags := k.open(cacheIDOf("redis-a"))
	if !strings.HasPrefix(keys["primary_access_key"], armtest.Canary+"primary") ||
		!strings.HasPrefix(keys["secondary_access_key"], armtest.Canary+"secondary") {
		t.Error("no keys")
	}
	text := diagnosticDetails(diags)
	for _, want := range []string{"WARNING: access keys of redis-a are in use", "advisory/access-keys-disabled", "access policy assignment"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	for id, want := range map[string]string{
		cacheIDOf("redis-none"):                                   "the access keys of redis-none could not be read",
		group + "/providers/Microsoft.Storage/storageAccounts/st": "resource_id is not the id of a cache",
	} {
		if _, diags := k.open(id); !failed(diags) || !strings.Contains(diagText(diags), want) {
			t.Errorf("%s: %s", id, diagText(diags))
		}
	}
	c.Deny(regexp.MustCompile("."), "Microsoft.Cache/redis/listKeys/action")
	_, diags = k.open(cacheIDOf("redis-a"))
	text += diagnosticDetails(diags)
	if !failed(diags) || !strings.Contains(text, "Microsoft.Cache/redis/listKeys/action") || strings.Contains(text, "CANARY") {
		t.Error(text)
	}
}

// TestCacheList lists the caches of a subscription over the protocol, as terraform query
// does, which needs a newer Terraform than most machines have.
func TestCacheList(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{OddCasing: true})
	for _, name := range []string{"redis-b", "redis-a", "redis-c"} {
		c.PutCache(armtest.Cache{Name: name, SKU: "Premium P1"})
	}
	k := newFakeCore(t, c)
	schema, err := k.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	k.must(err)
	typ := schema.ListResourceSchemas[cacheType].ValueType()
	list := func(limit int64, whole bool, settings map[string]any) (names []string, states []tftypes.Value, diags []*tfprotov6.Diagnostic) {
		stream, err := k.server.(tfprotov6.ListResourceServer).ListResource(t.Context(), &tfprotov6.ListResourceRequest{
			TypeName: cacheType, Config: k.dynamic(valuetest.Of(typ, settings)), Limit: limit, IncludeResource: whole})
		k.must(err)
		for r := range stream.Results {
			diags = append(diags, r.Diagnostics...)
			if failed(r.Diagnostics) {
				continue
			}
			names = append(names, r.DisplayName)
			if id := k.identity(r.Identity); !strings.EqualFold(id, cacheIDOf(r.DisplayName)) {
				t.Errorf("%s has the identity %s", r.DisplayName, id)
			}
			if r.Resource != nil {
				state, err := r.Resource.Unmarshal(k.typ)
				k.must(err)
				states = append(states, state)
			}
		}
		return names, states, diags
	}
	if names, states, diags := list(10, false, map[string]any{}); fmt.Sprint(names) != "[redis-a redis-b redis-c]" || len(states) != 0 ||
		len(diags) != 0 {
		t.Error(names, len(states), diagText(diags))
	}
	if names, _, _ := list(2, false,
		map[string]any{"subscription_id": armtest.DefaultSubscription}); fmt.Sprint(names) != "[redis-a redis-b]" {
		t.Error(names)
	}
	_, states, _ := list(1, true, map[string]any{})
	if len(states) != 1 || !states[0].IsFullyKnown() || strings.Contains(states[0].String(), "CANARY") ||
		!strings.Contains(states[0].String(), "Premium") {
		t.Error(states)
	}
	c.DenySubscription(armtest.DefaultSubscription)
	if names, _, diags := list(10, false, map[string]any{}); len(names) != 0 || !failed(diags) {
		t.Error(names, diagText(diags))
	}
}

func (k *fakeCore) identity(data *tfprotov6.ResourceIdentityData) string {
	k.t.Helper()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
	value, err := data.IdentityData.Unmarshal(typ)
	k.must(err)
	var fields map[string]tftypes.Value
	k.must(value.As(&fields))
	var id string
	k.must(fields["id"].As(&id))
	return id
}

// TestCacheImportByIdentity: an import by identity, which needs Terraform 1.12, gives the
// same state as an import by id.
func TestCacheImportByIdentity(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{OddCasing: true})
	c.PutCache(armtest.Cache{Name: "redis-a"})
	k, byID := newFakeCore(t, c), newFakeCore(t, c)
	k.adoptIdentity(cacheIDOf("redis-a"))
	k.noChanges(k.config("redis-a", "public_network_access_enabled = true\n access_keys_authentication_enabled = true\n "+
		"redis_configuration = "+
		"{ active_directory_authentication_enabled = false }"))
	byID.adopt(cacheIDOf("redis-a"))
	if diags := byID.refresh(); failed(diags) || !byID.state.Equal(k.state) || k.identity(k.id) != cacheIDOf("redis-a") {
		t.Error(diagText(diags), k.identity(k.id))
	}
	// A cache that does not exist cannot be imported.
	byID.adopt(cacheIDOf("redis-none"))
	if diags := byID.refresh(); failed(diags) || !byID.state.IsNull() {
		t.Error(diagnosticDetails(diags))
	}
}

// TestCacheConnectionStrings: connection strings are sent when they are new or their
// version changes, and stand in no plan or state.
func TestCacheConnectionStrings(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{KeepBodies: true})
	k := newFakeCore(t, c)
	config := func(key string, version int) tftypes.Value {
		return k.config("redis-a",
			premium+fmt.Sprintf(`redis_configuration = { rdb_backup_enabled = true, data_persistence_authentication_method = "SAS" }
  storage_connection_strings = { rdb_storage_connection_string = "AccountKey=CANARY-%s" }
  storage_connection_strings_version = %d`, key, version))
	}
	for _, s := range []struct {
		key     string
		version int
		sent    int // writes of the cache
	}{{"one", 1, 1}, {"one", 1, 0}, {"two", 1, 0}, {"two", 2, 1}, {"two", 2, 0}} {
		c.ClearRequests()
		p := k.plan(config(s.key, s.version))
		if strings.Contains(p.state.String(), "CANARY") || strings.Contains(string(p.private), "CANARY") {
			t.Fatal("it is in the plan")
		}
		if diags := k.run(t.Context(), config(s.key, s.version)); failed(diags) || strings.Contains(diagnosticDetails(diags), "CANARY") {
			t.Fatal("it failed, or it is in the diagnostics")
		}
		if strings.Contains(k.state.String(), "CANARY") || strings.Contains(string(k.private), "CANARY") {
			t.Fatal("it is in the state")
		}
		bodies := historyOf(c, "redis-a").bodies()
		if len(bodies) != s.sent || s.sent > 0 && !strings.Contains(bodies[0], "CANARY-"+s.key) {
			t.Errorf("%v: %d writes", s, len(bodies))
		}
		k.noChanges(config(s.key, s.version))
	}
}
