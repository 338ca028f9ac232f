package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// terraformCore is a client of the provider, with the requests that Terraform sends.
type terraformCore struct {
	server    tfprotov6.ProviderServer
	functions map[string]*tfprotov6.Function
	schema    *tfprotov6.GetProviderSchemaResponse
}

func newTerraformCore(t *testing.T) *terraformCore {
	t.Helper()
	c := &terraformCore{server: provider.Server("test", baseline.Published(), provider.WithClock(func() time.Time { return today }))()}
	var err error
	if c.schema, err = c.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	c.functions = c.schema.Functions
	config := valuetest.Of(c.schema.Provider.ValueType(), nil)
	configure := &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, emptyOf(config.Type()))}
	if _, err = c.server.ConfigureProvider(t.Context(), configure); err != nil {
		t.Fatal(err)
	}
	return c
}

// companionTypes are the types of the companions that are passed to the functions.
var companionTypes = []string{
	"azurerm_private_endpoint", "azurerm_monitor_diagnostic_setting", "azurerm_subnet_network_security_group_association",
	"azurerm_network_security_group", "azurerm_redis_firewall_rule", "azurerm_resource_group_policy_assignment",
	"azurerm_resource_policy_assignment", "azurerm_management_group_policy_assignment", "azurerm_redis_cache_access_policy_assignment",
	"azurerm_managed_redis_access_policy_assignment",
}

// planned are the planned values of the cache and its companions; later stands for a
// value that is known after apply.
func planned(t *testing.T, s situation, plan []byte) (cache any, companions []any) {
	t.Helper()
	var all struct {
		Changes []struct {
			Type   string
			Change struct {
				After   any
				Unknown any `json:"after_unknown"`
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal(plan, &all); err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Changes {
		if r.Change.After == nil {
			continue // destroyed: a configuration cannot pass it
		}
		v := merged(r.Change.After, r.Change.Unknown)
		switch {
		case r.Type == s.facts.azurermType():
			cache = v
		case slices.Contains(companionTypes, r.Type):
			companions = append(companions, v)
		}
	}
	return cache, companions
}

// merged is a planned value with later where after_unknown is true.
func merged(after, unknown any) any {
	switch u := unknown.(type) {
	case bool:
		if u {
			return later
		}
	case object:
		out, ok := after.(object)
		if !ok {
			out = object{}
		}
		for name, inner := range u {
			out[name] = merged(out[name], inner)
		}
		return out
	case []any:
		out, _ := after.([]any)
		for i := range u {
			if i < len(out) {
				out[i] = merged(out[i], u[i])
			}
		}
		return after
	}
	return after
}

// judge are the findings of the data source about a plan's cache. The functions, and
// the guard, must agree with them.
func (c *terraformCore) judge(t *testing.T, s situation, plan []byte) findings {
	t.Helper()
	cache, companions := planned(t, s, plan)
	snapshot := c.call(t, "snapshot", cache, companions)
	said := c.evaluation(t, snapshot)
	evaluated, _ := plainOf(t, c.call(t, "evaluate", cache, companions)).(object)
	violations, _ := plainOf(t, c.call(t, "violations", cache, companions)).([]any)
	var listed []string
	for _, v := range violations {
		listed = append(listed, v.(object)["id"].(string))
	}
	c.compareMoves(t, cache, companions, plan)
	document := s.facts.document()
	warned := c.guard(t, document, cache, companions)
	for id, f := range said {
		bad := f.Status == report.NonCompliant
		feature := !strings.HasPrefix(id, "advisory/")
		if feature && slices.Contains(listed, id) != bad {
			t.Errorf("%s: the data source says %s, violations says violated: %v", id, f.Status, !bad)
		}
		if (feature || warns(document, id)) && slices.Contains(warned, id) != bad {
			t.Errorf("%s: the data source says %s, the guard warns: %v", id, f.Status, !bad)
		}
	}
	for _, list := range []string{"features", "advisories"} {
		items, _ := evaluated[list].([]any)
		for _, item := range items {
			f := item.(object)
			want := string(said[fmt.Sprint(f["id"])].Status)
			if f["status"] != want && (f["status"] != later || want != string(report.Unknown)) {
				t.Errorf("%s: the data source says %s, evaluate %v", f["id"], want, f["status"])
			}
			said.addEvidence(t, f)
		}
	}
	return said
}

// compareMoves: what the function migration says of a cache, the plan gate's reader says
// of it too, which may know more.
func (c *terraformCore) compareMoves(t *testing.T, cache any, companions []any, plan []byte) {
	t.Helper()
	said, _ := plainOf(t, c.call(t, "migration", cache, companions)).(object)
	p, err := tfplan.Read(t.Context(), bytes.NewReader(plan), tfplan.Options{Migration: true})
	if err != nil {
		t.Fatal(err)
	}
	documents := baseline.Published()
	for planned := range p.Caches() {
		before := documents.Evaluate(planned.After, baseline.Options{})
		if before.Destroyed() {
			continue
		}
		m := migrate.For(planned.After, before, migrate.Options{Documents: documents})
		sku, certain := any(nil), map[string]bool{}
		if m.Target != nil && m.Target.Known {
			sku = m.Target.Size.SKU
		}
		for _, d := range m.Differences {
			certain[d.ID] = d.Certain
		}
		if said["target_sku"] != later && said["target_sku"] != sku {
			t.Errorf("migrate says target %v, the function %v", sku, said["target_sku"])
		}
		blockers, _ := said["blockers"].([]any)
		for _, b := range blockers {
			if b := b.(object); b["certain"] == true && !certain[fmt.Sprint(b["id"])] {
				t.Errorf("the function is certain of %v, and migrate is not", b["id"])
			}
		}
	}
}

// addEvidence adds the evidence in a result of evaluate to the finding of the same
// rule, where the state of the data source keeps none.
func (said findings) addEvidence(t *testing.T, evaluated object) {
	t.Helper()
	id, _ := evaluated["id"].(string)
	f := said[id]
	evidence, known := evaluated["evidence"].([]any)
	if !known || len(f.Evidence) > 0 {
		return
	}
	for _, item := range evidence {
		e, _ := item.(object)
		path, _ := e["path"].(string)
		state, _ := e["state"].(string)
		f.Evidence = append(f.Evidence, report.Evidence{Path: path, State: report.EvidenceState(state)})
	}
	said[id] = f
}

// call is the result of a function of the provider.
func (c *terraformCore) call(t *testing.T, name string, cache any, companions []any) tftypes.Value {
	t.Helper()
	f := c.functions[name]
	arguments := []*tfprotov6.DynamicValue{dynamic(t, valuetest.Of(strict(f.Parameters[0].Type), cache))}
	for _, one := range companions {
		arguments = append(arguments, dynamic(t, valuetest.Of(strict(f.VariadicParameter.Type), one)))
	}
	resp, err := c.server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		t.Fatalf("%s: %s", name, resp.Error.Text)
	}
	v, err := resp.Result.Unmarshal(f.Return.Type)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// evaluation are the findings of the data source redisbaseline_evaluation about a
// snapshot.
func (c *terraformCore) evaluation(t *testing.T, snapshot tftypes.Value) findings {
	t.Helper()
	typ := c.schema.DataSourceSchemas["redisbaseline_evaluation"].ValueType()
	config := valuetest.Of(typ, object{"cache": plainOf(t, snapshot)})
	resp, err := c.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: "redisbaseline_evaluation", Config: dynamic(t, config),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
	state, err := resp.State.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	var r report.Report
	text, _ := plainOf(t, state).(object)["report_json"].(string)
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	schematest.Compile(t, report.Schema).Check(t, "report_json", text)
	return findingsOf(r.Caches[0])
}

// guard are the ids of the rules in the warnings of redisbaseline_guard.
func (c *terraformCore) guard(t *testing.T, document *baseline.Document, cache any, companions []any) []string {
	t.Helper()
	typ := c.schema.ResourceSchemas["redisbaseline_guard"].ValueType()
	config := valuetest.Of(typ, object{"cache": cache, "companions": companions, "advisories": true})
	proposed := valuetest.Of(typ, object{"id": later})
	resp, err := c.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "redisbaseline_guard", PriorState: dynamic(t, tftypes.NewValue(typ, nil)),
		ProposedNewState: dynamic(t, proposed), Config: dynamic(t, config),
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range resp.Diagnostics {
		id := ruleOf(document, d.Summary)
		if d.Severity == tfprotov6.DiagnosticSeverityError || id == "" {
			t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
		ids = append(ids, id)
	}
	return ids
}

// warns reports whether a violated advisory is always a warning of the guard.
func warns(document *baseline.Document, id string) bool {
	for _, a := range document.Advisories {
		if a.ID == id {
			return a.Severity == report.Warning && id != "advisory/retirement"
		}
	}
	return false
}

// ruleOf is the id of the rule with whose title the summary of a diagnostic begins;
// empty where there is none.
func ruleOf(document *baseline.Document, summary string) string {
	for _, f := range document.Features {
		if strings.HasPrefix(summary, f.ControlOfID()+" "+f.Title+": ") {
			return f.ID
		}
	}
	for _, a := range document.Advisories {
		if strings.HasPrefix(summary, "Advisory "+a.Title+": ") {
			return a.ID
		}
	}
	return ""
}

// strict is a type without optional attributes.
func strict(typ tftypes.Type) tftypes.Type {
	switch typ := typ.(type) {
	case tftypes.Object:
		out := map[string]tftypes.Type{}
		for name, inner := range typ.AttributeTypes {
			out[name] = strict(inner)
		}
		return tftypes.Object{AttributeTypes: out}
	case tftypes.List:
		return tftypes.List{ElementType: strict(typ.ElementType)}
	case tftypes.Set:
		return tftypes.Set{ElementType: strict(typ.ElementType)}
	}
	return typ
}

func dynamic(t *testing.T, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// plainOf is a value of Terraform as decoded JSON, with later for an unknown value.
func plainOf(t *testing.T, v tftypes.Value) any {
	t.Helper()
	if !v.IsKnown() {
		return later
	}
	if v.IsNull() {
		return nil
	}
	var fields map[string]tftypes.Value
	if v.As(&fields) == nil {
		out := object{}
		for name, inner := range fields {
			out[name] = plainOf(t, inner)
		}
		return out
	}
	var items []tftypes.Value
	if v.As(&items) == nil {
		out := []any{}
		for _, inner := range items {
			out = append(out, plainOf(t, inner))
		}
		return out
	}
	var s string
	var b bool
	n := &big.Float{}
	switch {
	case v.As(&s) == nil:
		return s
	case v.As(&b) == nil:
		return b
	case v.As(&n) == nil:
		f, _ := n.Float64()
		return f
	}
	t.Fatalf("cannot read %s", v)
	return nil
}

// emptyOf is an object whose attributes are null and whose blocks are empty.
func emptyOf(typ tftypes.Type) tftypes.Value {
	values := map[string]tftypes.Value{}
	for name, inner := range typ.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(inner, nil)
		if list, ok := inner.(tftypes.List); ok {
			values[name] = tftypes.NewValue(list, []tftypes.Value{})
		}
	}
	return tftypes.NewValue(typ, values)
}
