package acctest

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// blockOf is the first block of a file of the examples.
func blockOf(t *testing.T, name string) *hclsyntax.Block {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(read(t, name)), name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body, _ := file.Body.(*hclsyntax.Body)
	return body.Blocks[0]
}

// textAt is an attribute of a block whose value is a text, or an object with the text as id.
func textAt(t *testing.T, body *hclsyntax.Body, attribute string) string {
	t.Helper()
	value, diags := body.Attributes[attribute].Expr.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if value.Type().IsObjectType() {
		value = value.GetAttr("id")
	}
	return value.AsString()
}

// TestCacheImportExamples: the three ways to import that the documentation shows give the
// same cache. Terraform runs what it can; an identity needs Terraform 1.12 and goes over
// the protocol.
func TestCacheImportExamples(t *testing.T) {
	t.Parallel()
	const folder = "examples/resources/redisbaseline_cache/"
	_, resource, found := strings.Cut(read(t, "examples/secure-cache/adopt-an-existing-cache/main.tf"), "# What differs")
	if !found {
		t.Fatal("the example of an adopted cache begins otherwise")
	}
	start := func() *azureWorkspace {
		s := newAzureWorkspace(t, armtest.Options{}, "\n#"+resource)
		s.PutSubscription(armtest.Subscription{ID: exampleSubscription})
		s.PutResourceGroup(exampleSubscription, "rg-orders", "westeurope")
		s.PutCache(armtest.Cache{Subscription: exampleSubscription, ResourceGroup: "rg-orders", Name: "redis-orders"})
		return s
	}
	id := textAt(t, blockOf(t, folder+"import-by-string-id.tf").Body, "id")

	block := start()
	block.w.write("import.tf", read(t, folder+"import-by-string-id.tf"))
	if out := block.w.must("plan", "-no-color"); !strings.Contains(out, "1 to import, 0 to add, 1 to change, 0 to destroy") {
		t.Error(out)
	}
	line := start()
	line.w.must(strings.Fields(strings.TrimPrefix(read(t, folder+"import.sh"), "terraform "))...)
	if out := line.w.must("state", "show", "-no-color", "redisbaseline_cache.orders"); !strings.Contains(out, fmt.Sprintf("%q", id)) {
		t.Error(out)
	}
	k := newFakeCore(t, block.fakeAzure)
	k.adoptIdentity(textAt(t, blockOf(t, folder+"import-by-identity.tf").Body, "identity"))
	if diags := k.refresh(); failed(diags) || k.identity(k.id) != id || k.state.IsNull() {
		t.Error(diagText(diags), k.identity(k.id), k.state)
	}
}

// adoptIdentity imports a cache by its identity.
func (k *fakeCore) adoptIdentity(id string) {
	k.t.Helper()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
	resp, err := k.server.ImportResourceState(k.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: cacheType,
		Identity: &tfprotov6.ResourceIdentityData{IdentityData: k.dynamic(valuetest.Of(typ, map[string]any{"id": id}))}})
	k.must(err)
	if failed(resp.Diagnostics) {
		k.t.Fatal(diagnosticDetails(resp.Diagnostics))
	}
	one := resp.ImportedResources[0]
	k.state, err = one.State.Unmarshal(k.typ)
	k.must(err)
	k.private, k.id = one.Private, one.Identity
}

// found is a cache in the answer to a query, with its state.
type found struct {
	name, id string
	state    tftypes.Value
}

// query lists caches with their states, as terraform query -generate-config-out does.
func (k *fakeCore) query(settings map[string]any) (out []found) {
	k.t.Helper()
	schema, err := k.server.GetProviderSchema(k.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	k.must(err)
	stream, err := k.server.(tfprotov6.ListResourceServer).ListResource(k.t.Context(), &tfprotov6.ListResourceRequest{TypeName: cacheType,
		Config: k.dynamic(valuetest.Of(schema.ListResourceSchemas[cacheType].ValueType(), settings)), Limit: 100, IncludeResource: true})
	k.must(err)
	for r := range stream.Results {
		if failed(r.Diagnostics) {
			k.t.Fatal(diagnosticDetails(r.Diagnostics))
		}
		state, err := r.Resource.Unmarshal(k.typ)
		k.must(err)
		out = append(out, found{r.DisplayName, k.identity(r.Identity), state})
	}
	return out
}

// generated is the configuration that Terraform generates for a state: everything that can
// be written and has a value, at any depth.
func (k *fakeCore) generated(state tftypes.Value) tftypes.Value {
	k.t.Helper()
	schema, err := k.server.GetProviderSchema(k.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	k.must(err)
	return argumentsOf(k.t, state, schema.ResourceSchemas[cacheType].Block.Attributes)
}

func argumentsOf(t *testing.T, object tftypes.Value, attributes []*tfprotov6.SchemaAttribute) tftypes.Value {
	t.Helper()
	var values map[string]tftypes.Value
	if err := object.As(&values); err != nil {
		t.Fatal(err)
	}
	values = maps.Clone(values)
	for _, a := range attributes {
		v := values[a.Name]
		switch {
		case !a.Optional && !a.Required || a.WriteOnly || a.Name == "timeouts":
			values[a.Name] = tftypes.NewValue(v.Type(), nil)
		case a.NestedType == nil || v.IsNull():
		case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			values[a.Name] = argumentsOf(t, v, a.NestedType.Attributes)
		case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeMap:
			var elements map[string]tftypes.Value
			if err := v.As(&elements); err != nil {
				t.Fatal(err)
			}
			elements = maps.Clone(elements)
			for name, e := range elements {
				elements[name] = argumentsOf(t, e, a.NestedType.Attributes)
			}
			values[a.Name] = tftypes.NewValue(v.Type(), elements)
		default:
			var elements []tftypes.Value
			if err := v.As(&elements); err != nil {
				t.Fatal(err)
			}
			for i, e := range elements {
				elements[i] = argumentsOf(t, e, a.NestedType.Attributes)
			}
			values[a.Name] = tftypes.NewValue(v.Type(), elements)
		}
	}
	return tftypes.NewValue(object.Type(), values)
}

// TestCacheQueryExample follows the guide over the protocol, because terraform query needs
// Terraform 1.14: caches are found, the configuration that Terraform generates for each is
// valid, imports it by identity, changes nothing, and is judged.
func TestCacheQueryExample(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	c.PutSubscription(armtest.Subscription{ID: exampleSubscription})
	c.PutResourceGroup(exampleSubscription, "rg", "westeurope")
	c.PutCache(armtest.Cache{Subscription: exampleSubscription, ResourceGroup: "rg", Name: "redis-old"})
	list := blockOf(t, "examples/list-resources/redisbaseline_cache/list-resource.tfquery.hcl")
	caches := newFakeCore(t, c).query(map[string]any{"subscription_id": textAt(t, list.Body.Blocks[0].Body, "subscription_id")})
	if len(list.Labels) == 0 || list.Labels[0] != cacheType || len(caches) != 1 {
		t.Fatal(list.Labels, caches)
	}
	judged := newFakeCore(t, c)
	judged.mustAdoptGenerated(caches[0])
	const says = "warning: public_network_access_enabled: NS-2 Disable Public Network Access: redis-old"
	if got := diagText(judged.plan(judged.generated(caches[0].state)).diags); !strings.Contains(got, says) {
		t.Error(got)
	}
	for _, s := range convergentConfigs {
		newFakeCore(t, c).mustConverge("redis-"+s.name, s.config)
	}
	caches = newFakeCore(t, c).query(map[string]any{})
	if len(caches) != len(convergentConfigs) {
		t.Errorf("%d caches of %d", len(caches), len(convergentConfigs))
	}
	for _, cache := range caches {
		t.Run(cache.name, func(t *testing.T) { newFakeCore(t, c).mustAdoptGenerated(cache) })
	}
}

// mustAdoptGenerated imports a cache by its identity with the configuration that Terraform
// generates for it, which must be valid and plan no change.
func (k *fakeCore) mustAdoptGenerated(cache found) {
	k.t.Helper()
	config := k.generated(cache.state)
	resp, err := k.server.ValidateResourceConfig(k.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: cacheType,
		Config:             k.dynamic(config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true}})
	k.must(err)
	if failed(resp.Diagnostics) {
		k.t.Errorf("what is generated is not valid: %s", diagnosticDetails(resp.Diagnostics))
		return
	}
	k.adoptIdentity(cache.id)
	k.noChanges(config)
}
