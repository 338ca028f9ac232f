package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// fakeCore sends the requests of Terraform's core to the provider, in the process of the
// test, for one redisbaseline_cache, and keeps its state. With processes, tests with
// hundreds of faults would take hours; other tests use the real Terraform.
type fakeCore struct {
	t       *testing.T
	server  tfprotov6.ProviderServer
	typ     tftypes.Type
	state   tftypes.Value
	private []byte
	id      *tfprotov6.ResourceIdentityData
}

const cacheType = "redisbaseline_cache"

func newFakeCore(t *testing.T, c *fakeAzure) *fakeCore {
	t.Helper()
	k := &fakeCore{t: t, server: c.server()}
	schema, err := k.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	k.must(err)
	k.typ = schema.ResourceSchemas[cacheType].ValueType()
	k.state = tftypes.NewValue(k.typ, nil)
	k.configure(schema.Provider.ValueType(), nil)
	return k
}

func (k *fakeCore) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *fakeCore) configure(typ tftypes.Type, settings map[string]any) {
	k.t.Helper()
	resp, err := k.server.ConfigureProvider(k.t.Context(),
		&tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: k.dynamic(valuetest.Of(typ, settings))})
	k.must(err)
	if len(resp.Diagnostics) > 0 {
		k.t.Fatal(resp.Diagnostics[0].Summary)
	}
}

func (k *fakeCore) dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	k.t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	k.must(err)
	return &d
}

// config is the configuration with the arguments in a text; unknown(x) stands for a value
// that is known after apply.
func (k *fakeCore) config(name, text string) tftypes.Value {
	k.t.Helper()
	if !strings.Contains(text, "sku_name") {
		text += "\n  sku_name = \"Standard\"\n  capacity = 1"
	}
	if !strings.Contains(text, "location =") {
		text += "\n  location = \"westeurope\""
	}
	if name != "" {
		text += fmt.Sprintf("\n  name = %q\n  resource_group_name = \"rg\"", name)
	}
	file, diags := hclsyntax.ParseConfig([]byte(text), "test.tf", hcl.InitialPos)
	if diags.HasErrors() {
		k.t.Fatalf("%s\n%s", diags, text)
	}
	attributes, _ := file.Body.JustAttributes()
	values := map[string]any{}
	for name, a := range attributes {
		v, diags := a.Expr.Value(nil)
		if diags.HasErrors() {
			k.t.Fatal(diags)
		}
		raw, err := ctyjson.Marshal(v, v.Type())
		k.must(err)
		var plain any
		k.must(json.Unmarshal(raw, &plain))
		values[name] = plain
	}
	return valuetest.Of(k.typ, values)
}

// after is a value that is known after apply.
const after = valuetest.Unknown

// planned is a plan for the cache.
type planned struct {
	config, state tftypes.Value
	private       []byte
	identity      *tfprotov6.ResourceIdentityData
	replace       []*tftypes.AttributePath
	diags         []*tfprotov6.Diagnostic
}

func (k *fakeCore) plan(config tftypes.Value) planned {
	k.t.Helper()
	proposed := withoutSecrets(k, config)
	resp, err := k.server.PlanResourceChange(k.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: cacheType, PriorState: k.dynamic(k.state), ProposedNewState: k.dynamic(proposed), Config: k.dynamic(config),
		PriorPrivate: k.private, PriorIdentity: k.id,
	})
	k.must(err)
	state, err := resp.PlannedState.Unmarshal(k.typ)
	k.must(err)
	return planned{config, state, resp.PlannedPrivate, resp.PlannedIdentity, resp.RequiresReplace, resp.Diagnostics}
}

// withoutSecrets is the proposed state for a configuration: write-only arguments are
// null.
func withoutSecrets(k *fakeCore, config tftypes.Value) tftypes.Value {
	var values map[string]tftypes.Value
	k.must(config.As(&values))
	values = maps.Clone(values) // As does not copy
	for _, name := range []string{"storage_connection_strings", "allow_replacement", "advisories"} {
		values[name] = tftypes.NewValue(values[name].Type(), nil)
	}
	return tftypes.NewValue(k.typ, values)
}

// apply applies a plan. Like Terraform's core it checks, where there is no error, that
// the new state has every known value of the plan.
func (k *fakeCore) apply(ctx context.Context, p planned) []*tfprotov6.Diagnostic {
	k.t.Helper()
	create := k.state.IsNull()
	resp, err := k.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: cacheType, PriorState: k.dynamic(k.state), PlannedState: k.dynamic(p.state), Config: k.dynamic(p.config),
		PlannedPrivate: p.private, PlannedIdentity: p.identity,
	})
	k.must(err)
	state, err := resp.NewState.Unmarshal(k.typ)
	k.must(err)
	k.state, k.private, k.id = state, resp.Private, resp.NewIdentity
	if !state.IsNull() && !state.IsFullyKnown() {
		k.t.Error("something is unknown after apply")
	}
	if failed(resp.Diagnostics) {
		if create && !state.IsNull() {
			k.t.Error("a create that failed left a state: Terraform would destroy the cache")
		}
		return resp.Diagnostics
	}
	if !p.state.IsNull() {
		diffs, _ := p.state.Diff(state)
		for _, d := range diffs {
			if d.Value1 != nil && d.Value1.IsFullyKnown() {
				k.t.Errorf("inconsistent result after apply: %s", d)
			}
		}
	}
	return resp.Diagnostics
}

func (k *fakeCore) refresh() []*tfprotov6.Diagnostic {
	k.t.Helper()
	if k.state.IsNull() {
		return nil
	}
	resp, err := k.server.ReadResource(k.t.Context(),
		&tfprotov6.ReadResourceRequest{TypeName: cacheType, CurrentState: k.dynamic(k.state), Private: k.private, CurrentIdentity: k.id})
	k.must(err)
	if failed(resp.Diagnostics) {
		return resp.Diagnostics
	}
	k.state, err = resp.NewState.Unmarshal(k.typ)
	k.must(err)
	k.private, k.id = resp.Private, resp.NewIdentity
	if k.state.IsNull() {
		k.private, k.id = nil, nil
	}
	return resp.Diagnostics
}

// run is terraform apply: refresh, plan, apply.
func (k *fakeCore) run(ctx context.Context, config tftypes.Value) []*tfprotov6.Diagnostic {
	k.t.Helper()
	if diags := k.refresh(); failed(diags) {
		return diags
	}
	p := k.plan(config)
	if failed(p.diags) || p.state.Equal(k.state) {
		return p.diags
	}
	return append(p.diags, k.apply(ctx, p)...)
}

func (k *fakeCore) destroy(ctx context.Context) []*tfprotov6.Diagnostic {
	k.t.Helper()
	if diags := k.refresh(); failed(diags) || k.state.IsNull() {
		return diags
	}
	null := tftypes.NewValue(k.typ, nil)
	resp, err := k.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: cacheType, PriorState: k.dynamic(k.state), PlannedState: k.dynamic(null), Config: k.dynamic(null), PlannedPrivate: k.private,
		PlannedIdentity: k.id,
	})
	k.must(err)
	if !failed(resp.Diagnostics) {
		k.state, k.private, k.id = null, nil, nil
	}
	return resp.Diagnostics
}

func (k *fakeCore) adopt(id string) {
	k.t.Helper()
	resp, err := k.server.ImportResourceState(k.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: cacheType, ID: id})
	k.must(err)
	if failed(resp.Diagnostics) {
		k.t.Fatal(diagText(resp.Diagnostics))
	}
	one := resp.ImportedResources[0]
	k.state, err = one.State.Unmarshal(k.typ)
	k.must(err)
	k.private, k.id = one.Private, one.Identity
}

// noChanges fails the test where the plan for a configuration has changes.
func (k *fakeCore) noChanges(config tftypes.Value) {
	k.t.Helper()
	if diags := k.refresh(); failed(diags) {
		k.t.Fatal(diagText(diags))
	}
	p := k.plan(config)
	if failed(p.diags) {
		k.t.Fatal(diagText(p.diags))
	}
	if diffs, _ := k.state.Diff(p.state); len(diffs) > 0 {
		k.t.Errorf("a plan after the apply is not empty: %s", diffs)
	}
}

func failed(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// diagText is the text of diagnostics, with their attributes and without details.
func diagText(diags []*tfprotov6.Diagnostic) string {
	var out strings.Builder
	for _, d := range diags {
		at := ""
		if d.Attribute != nil {
			at = strings.TrimSuffix(strings.TrimPrefix(d.Attribute.String(), "AttributeName(\""), "\")") + ": "
		}
		fmt.Fprintf(&out, "%s: %s%s\n", strings.ToLower(d.Severity.String()), at, d.Summary)
	}
	return strings.TrimSpace(out.String())
}
