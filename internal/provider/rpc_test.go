package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// terraform talks to the provider as Terraform does.
type terraform struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

func startProvider(t *testing.T) *terraform {
	t.Helper()
	return serving(t, WithEnvironment(func(string) string { return "" }))
}

// serving starts a provider with options and the clock of the tests.
func serving(t *testing.T, options ...Option) *terraform {
	t.Helper()
	today := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	s := Server("test", baseline.Published(), append(options, WithClock(today))...)()
	schema, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return &terraform{t: t, server: s, schema: schema}
}

// configured starts a provider with a configuration.
func configured(t *testing.T, config obj) *terraform {
	t.Helper()
	tf := startProvider(t)
	if diags := tf.configure(config); len(diags) > 0 {
		t.Fatalf("provider configuration: %s", diags[0].Summary)
	}
	return tf
}

func (tf *terraform) dynamic(typ tftypes.Type, v any) *tfprotov6.DynamicValue {
	tf.t.Helper()
	out, err := tfprotov6.NewDynamicValue(typ, valuetest.Of(typ, v))
	if err != nil {
		tf.t.Fatal(err)
	}
	return &out
}

func (tf *terraform) configure(config obj) []*tfprotov6.Diagnostic {
	tf.t.Helper()
	resp, err := tf.server.ConfigureProvider(tf.t.Context(),
		&tfprotov6.ConfigureProviderRequest{Config: tf.dynamic(tf.schema.Provider.ValueType(), config)})
	if err != nil {
		tf.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (tf *terraform) read(config obj) (obj, []*tfprotov6.Diagnostic) {
	tf.t.Helper()
	return tf.readData("redisbaseline_evaluation", config)
}

func (tf *terraform) guard(config obj) []*tfprotov6.Diagnostic {
	tf.t.Helper()
	typ := tf.schema.ResourceSchemas["redisbaseline_guard"].ValueType()
	resp, err := tf.server.PlanResourceChange(tf.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "redisbaseline_guard", PriorState: tf.dynamic(typ, nil), ProposedNewState: tf.dynamic(typ, obj{"id": unknown}),
		Config: tf.dynamic(typ, config),
	})
	if err != nil {
		tf.t.Fatal(err)
	}
	planned, err := resp.PlannedState.Unmarshal(typ)
	if err != nil {
		tf.t.Fatal(err)
	}
	for name, v := range plainOf(planned).(obj) {
		if name != "id" && v != nil {
			tf.t.Errorf("the guard plans %s = %v; only an id may be stored", name, v)
		}
	}
	return resp.Diagnostics
}

// snapshotOf is what the function returns for a cache, as tests write it.
func snapshotOf(t *testing.T, cache obj, companions ...any) any {
	t.Helper()
	v, err := call(t, snapshotFunction(), cache, companions...)
	if err != nil {
		t.Fatal(err)
	}
	return plain(t, v)
}

// said lists diagnostics as severity and summary.
func said(diags []*tfprotov6.Diagnostic) []string {
	var out []string
	for _, d := range diags {
		out = append(out, strings.ToLower(d.Severity.String())+": "+d.Summary)
	}
	return out
}

const publicSummary = "NS-2 Disable Public Network Access: redis-orders is reachable from the internet"

func TestDataSourceDiagnostics(t *testing.T) {
	public := cacheWith(obj{"public_network_access_enabled": true})
	keys := cacheWith(obj{"access_keys_authentication_enabled": true})
	for _, test := range []struct {
		name     string
		provider obj
		config   obj
		want     []string
	}{
		{"clean", nil, obj{"cache": snapshotOf(t, cacheWith(nil))}, nil},
		{"audit is the default", nil, obj{"cache": snapshotOf(t, public)}, []string{"warning: " + publicSummary}},
		{"deny in the block", nil, obj{"cache": snapshotOf(t, public), "effect": "Deny"}, []string{"error: " + publicSummary}},
		{"deny in the provider does not reach data sources", obj{"effect": "Deny"}, obj{"cache": snapshotOf(t, public)},
			[]string{"warning: " + publicSummary}},
		{"disabled in the provider silences", obj{"effect": "Disabled"}, obj{"cache": snapshotOf(t, public)}, nil},
		{"the block overrides the provider", obj{"effect": "Disabled"}, obj{"cache": snapshotOf(t, public), "effect": "Audit"},
			[]string{"warning: " + publicSummary}},
		{"unknown is silent", nil, obj{"cache": snapshotOf(t, cacheWith(obj{"public_network_access_enabled": unknown, "subnet_id": unknown}))},
			nil},
		{"advisories are warnings, also when denying", nil, obj{"cache": snapshotOf(t, keys), "effect": "Deny"},
			[]string{"warning: Advisory Access-key authentication: redis-orders accepts access keys"}},
		{"advisories off", nil, obj{"cache": snapshotOf(t, keys), "advisories": false}, nil},
		{
			"exempt in the block", nil,
			obj{"cache": snapshotOf(t, public), "exemption": arr{obj{"feature": "NS-2/disable-public-network-access", "cache": "redis-*",
				"category": "Waiver", "description": "migration"}}}, nil,
		},
		{
			"exempt in the provider, on its last day",
			obj{"exemption": arr{obj{"feature": "NS-2/disable-public-network-access", "cache": "redis-orders", "category": "Waiver",
				"description": "migration", "expires_on": "2026-11-23"}}},
			obj{"cache": snapshotOf(t, public)}, nil,
		},
		{
			"expired the day before", nil,
			obj{"cache": snapshotOf(t, public), "exemption": arr{obj{"feature": "NS-2/disable-public-network-access", "cache": "redis-orders",
				"category": "Waiver", "description": "migration", "expires_on": "2026-11-22"}}},
			[]string{
				"warning: " + publicSummary,
				`warning: redis-orders: the exemption of NS-2/disable-public-network-access for "redis-orders" ` +
					`expired on 2026-11-22 and does not count`,
			},
		},
		{
			"unused", nil,
			obj{"cache": snapshotOf(t, cacheWith(nil)), "exemption": arr{obj{"feature": "NS-2/disable-public-network-access",
				"cache": "redis-orders", "category": "Waiver", "description": "migration"}}},
			[]string{"warning: " + baseline.NewTally([]baseline.Exemption{{Feature: "NS-2/disable-public-network-access",
				Cache: "redis-orders"}}).Unused()[0]},
		},
		{
			"name not known yet: the label", nil,
			obj{"cache": snapshotOf(t, cacheWith(obj{"name": unknown, "public_network_access_enabled": true})), "label": "orders"},
			[]string{"warning: NS-2 Disable Public Network Access: orders is reachable from the internet"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, diags := configured(t, withBlocks(test.provider)).read(withBlocks(test.config))
			if diff := cmp.Diff(test.want, said(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// withBlocks writes a block that is left out as Terraform does: as an empty list.
func withBlocks(config obj) obj {
	out := obj{"exemption": arr{}}
	for k, v := range config {
		out[k] = v
	}
	return out
}

func TestDiagnosticDetail(t *testing.T) {
	_, diags := configured(t, withBlocks(nil)).read(withBlocks(obj{"cache": snapshotOf(t,
		cacheWith(obj{"public_network_access_enabled": true}))}))
	if len(diags) != 1 {
		t.Fatal(said(diags))
	}
	d := diags[0]
	if want := tftypes.NewAttributePath().WithAttributeName("cache"); !want.Equal(d.Attribute) {
		t.Errorf("want the root attribute, got %s", d.Attribute)
	}
	for _, want := range []string{
		"Public network access is enabled.",
		"\n  Evidence: public_network_access_enabled = true\n",
		"\n  Write:    set public_network_access_enabled = false",
		"\n  Policy:   470baccb-7e51-4549-8b1a-3e5be069f663\n",
		"\n  Rule:     NS-2/disable-public-network-access\n",
		"docs/guides/baseline.md#ns-2disable-public-network-access",
	} {
		if !strings.Contains(d.Detail, want) {
			t.Errorf("detail lacks %q:\n%s", want, d.Detail)
		}
	}
}

func TestSummaryWithoutNameAndLabel(t *testing.T) {
	summary := func(changes obj) string {
		changes["name"] = unknown
		changes["public_network_access_enabled"] = true
		_, diags := configured(t, withBlocks(nil)).read(withBlocks(obj{"cache": snapshotOf(t, cacheWith(changes))}))
		if len(diags) != 1 {
			t.Fatal(said(diags))
		}
		return diags[0].Summary
	}
	a, again, b := summary(obj{}), summary(obj{}), summary(obj{"capacity": 2})
	if a != again || a == b {
		t.Errorf("must be the same in every plan and differ between caches: %q, %q, %q", a, again, b)
	}
	if !strings.HasPrefix(a, "NS-2 Disable Public Network Access: a Standard cache in westeurope (") {
		t.Errorf("got %q", a)
	}
}

func TestHiddenValuesAreNotPrinted(t *testing.T) {
	state, diags := configured(t, withBlocks(nil)).read(withBlocks(obj{"cache": snapshotOf(t, cacheWith(obj{
		"minimum_tls_version": "hunter2", "sku_name": "hunter2", "redis_version": "hunter2", "location": "hunter2!",
		"public_network_access_enabled": true,
	}))}))
	for _, d := range diags {
		if strings.Contains(d.Summary+d.Detail, "hunter2") {
			t.Errorf("printed: %s\n%s", d.Summary, d.Detail)
		}
	}
	for _, out := range []string{"report_json", "report_markdown"} {
		if text, _ := state[out].(string); text == "" || strings.Contains(text, "hunter2") {
			t.Errorf("%s is empty or prints the value", out)
		}
	}
}

func TestDataSourceExports(t *testing.T) {
	state, _ := configured(t, withBlocks(nil)).read(withBlocks(obj{"cache": snapshotOf(t,
		cacheWith(obj{"public_network_access_enabled": true}), endpointTo(unknown))}))
	if state["compliant"] != false {
		t.Errorf("compliant: %v", state["compliant"])
	}
	summary := state["summary"].(obj)
	if summary["caches"] != 1 || summary["non_compliant"] != 1 {
		t.Errorf("summary: %v", summary)
	}
	features := state["features"].(arr)
	if len(features) != 25 || features[0].(obj)["id"] != "NS-1/virtual-network-integration" || features[0].(obj)["cache"] != "redis-orders" {
		t.Errorf("features: %v", features)
	}
	if len(state["advisory_findings"].(arr)) == 0 {
		t.Error("no advisories")
	}
	if !strings.HasPrefix(state["report_json"].(string), "{") || !strings.Contains(state["report_markdown"].(string), "redis-orders") {
		t.Error("reports are missing")
	}
	// The report has all features, those that the service does not support too.
	if r := reportOf(t, state); len(r.Caches) != 1 || len(r.Caches[0].Features) != 25 {
		t.Errorf("report: %+v", r.Caches)
	}
}

func TestGuardDiagnostics(t *testing.T) {
	public := cacheWith(obj{"public_network_access_enabled": true, "access_keys_authentication_enabled": true})
	for _, test := range []struct {
		name     string
		provider obj
		config   obj
		want     []string
	}{
		{"clean", nil, obj{"cache": cacheWith(nil)}, nil},
		{"audit, and advisories off by default", nil, obj{"cache": public}, []string{"warning: " + publicSummary}},
		{"deny in the provider", obj{"effect": "Deny"}, obj{"cache": public}, []string{"error: " + publicSummary}},
		{"the block overrides the provider", obj{"effect": "Deny"}, obj{"cache": public, "effect": "Audit"},
			[]string{"warning: " + publicSummary}},
		{"disabled", obj{"effect": "Disabled"}, obj{"cache": public}, nil},
		{"advisories on", nil, obj{"cache": public, "advisories": true},
			[]string{"warning: " + publicSummary, "warning: Advisory Access-key authentication: redis-orders accepts access keys"}},
		{"not known at all", obj{"effect": "Deny"}, obj{"cache": unknown}, []string{"warning: the cache is not judged in this plan"}},
		{"not known at all, with a label", nil, obj{"cache": unknown, "label": "orders"}, []string{"warning: orders is not judged in this plan"}},
		{"not known at all, and disabled", obj{"effect": "Disabled"}, obj{"cache": unknown}, nil},
		{"partly known", nil, obj{"cache": cacheWith(obj{"public_network_access_enabled": true, "redis_configuration": unknown})},
			[]string{"warning: " + publicSummary}},
		{"companions not known yet", nil, obj{"cache": cacheWith(nil), "companions": unknown}, nil},
		{"null among companions", nil, obj{"cache": cacheWith(nil), "companions": arr{nil, endpointTo(unknown)}}, nil},
		{"metrics only", nil, obj{"cache": cacheWith(nil),
			"companions": arr{obj{"target_resource_id": unknown, "enabled_log": arr{}, "storage_account_id": "x"}}},
			[]string{"warning: LT-4 Azure Resource Logs: redis-orders sends no resource logs"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			diags := configured(t, withBlocks(test.provider)).guard(test.config)
			if diff := cmp.Diff(test.want, said(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProviderConfiguration(t *testing.T) {
	exemption := func(changes obj) obj {
		out := obj{"feature": "DP-3/data-in-transit-encryption", "cache": "redis-*", "category": "Waiver", "description": "migration"}
		for k, v := range changes {
			out[k] = v
		}
		return obj{"exemption": arr{out}}
	}
	for _, test := range []struct {
		name   string
		config obj
		want   string // start of the error's summary, empty for none
	}{
		{"nothing at all", nil, ""},
		{"a sound exemption", exemption(nil), ""},
		{"unknown feature", exemption(obj{"feature": "XX-1/nothing"}), "exemption 1 is not valid: feature"},
		{"unknown category", exemption(obj{"category": "Maybe"}), "exemption 1 is not valid: category"},
		{"malformed date", exemption(obj{"expires_on": "tomorrow"}), "exemption 1 is not valid: expires_on"},
		{"empty date", exemption(obj{"expires_on": ""}), `exemption 1 is not valid: expires_on ""`},
		{"no description", exemption(obj{"description": " "}), "exemption 1 is not valid: description"},
		{"not known yet", exemption(obj{"cache": unknown}), "exemption 1: cache is not known yet"},
		{"effect not known yet", obj{"effect": unknown}, "effect is not known yet"},
	} {
		t.Run(test.name, func(t *testing.T) {
			diags := startProvider(t).configure(withBlocks(test.config))
			switch {
			case test.want == "" && len(diags) > 0:
				t.Errorf("got %s", diags[0].Summary)
			case test.want != "" && (len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, test.want)):
				t.Errorf("got %v", said(diags))
			case test.want != "" && diags[0].Attribute == nil:
				t.Error("the error does not name the place")
			}
		})
	}
}

// Every mistake of an exemption is told at once, at its own argument.
func TestExemptionMistakes(t *testing.T) {
	diags := startProvider(t).configure(withBlocks(obj{"exemption": arr{
		obj{"feature": "NS-2/azure-private-lnk", "cache": "redis-*", "category": "waiver", "description": "migration"},
		obj{"feature": "DP-3/data-in-transit-encryption", "cache": "", "category": "Waiver", "description": "migration"},
	}}))
	block := func(i int) *tftypes.AttributePath {
		return tftypes.NewAttributePath().WithAttributeName("exemption").WithElementKeyInt(i)
	}
	want := []struct {
		at      *tftypes.AttributePath
		summary string
	}{
		{block(0).WithAttributeName("feature"), "; did you mean NS-2/azure-private-link?"},
		{block(0).WithAttributeName("category"), "; did you mean Waiver?"},
		{block(1).WithAttributeName("cache"), "exemption 2 is not valid: cache is missing"},
	}
	if len(diags) != len(want) {
		t.Fatalf("got %v", said(diags))
	}
	for i, w := range want {
		if !w.at.Equal(diags[i].Attribute) || !strings.Contains(diags[i].Summary, w.summary) {
			t.Errorf("%s at %s, want %s at %s", diags[i].Summary, diags[i].Attribute, w.summary, w.at)
		}
	}
}

// A plan with many caches: cache by cache, each summary once.
func TestPlanFile(t *testing.T) {
	plan := filepath.Join("..", "..", "examples", "plan-gate", "plan.json")
	state, diags := configured(t, withBlocks(nil)).read(withBlocks(obj{"plan_file": plan}))
	if len(diags) == 0 || state["compliant"] != false {
		t.Fatalf("compliant %v, %v", state["compliant"], said(diags))
	}
	seen := map[string]bool{}
	for _, d := range diags {
		if seen[d.Summary] {
			t.Errorf("%q is there twice, and Terraform would merge it", d.Summary)
		}
		seen[d.Summary] = true
		if want := tftypes.NewAttributePath().WithAttributeName("plan_file"); !want.Equal(d.Attribute) {
			t.Errorf("%s points to %s", d.Summary, d.Attribute)
		}
	}
	features := state["features"].(arr)
	if caches := state["summary"].(obj)["caches"].(int); len(features) != 25*caches {
		t.Errorf("%d caches and %d features", caches, len(features))
	}
	for _, c := range reportOf(t, state).Caches {
		if len(c.Features) != 25 {
			t.Errorf("%s has %d features", *c.Address, len(c.Features))
		}
	}
}

// Caches of every service are read from a plan.
func TestPlanFileOfEveryService(t *testing.T) {
	plan := filepath.Join("..", "tfplan", "testdata", "plans", "managed-redis-hardened", "plan.json")
	state, _ := configured(t, withBlocks(nil)).read(withBlocks(obj{"plan_file": plan}))
	if caches := reportOf(t, state).Caches; len(caches) != 1 || *caches[0].Address != "azurerm_managed_redis.a" ||
		caches[0].Type != service.ManagedRedis.Type {
		t.Errorf("got %+v", caches)
	}
}

// OpenTofu sends an argument that is null without any data.
func TestNullArgumentWithoutData(t *testing.T) {
	tf := startProvider(t)
	cache := tf.dynamic(cacheShape().tfType(), cacheShape().value(t, cacheWith(nil)))
	resp, err := tf.server.CallFunction(t.Context(),
		&tfprotov6.CallFunctionRequest{Name: "violations", Arguments: []*tfprotov6.DynamicValue{cache, {}}})
	if err != nil || resp.Error != nil {
		t.Fatal(err, resp.Error)
	}
}

func TestPlanFileErrors(t *testing.T) {
	dir := t.TempDir()
	html := filepath.Join(dir, "plan.json")
	if err := os.WriteFile(html, []byte("<!DOCTYPE html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{html, filepath.Join(dir, "missing.json")} {
		_, diags := configured(t, withBlocks(nil)).read(withBlocks(obj{"plan_file": file}))
		if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityError || !strings.Contains(diags[0].Detail, filepath.Base(file)) {
			t.Errorf("%s: got %v", file, said(diags))
		}
	}
}

// A value that an argument does not take leads to the one that was meant.
func TestNearMisses(t *testing.T) {
	tf := startProvider(t)
	provider := func(config obj) []*tfprotov6.Diagnostic {
		resp, err := tf.server.ValidateProviderConfig(t.Context(),
			&tfprotov6.ValidateProviderConfigRequest{Config: tf.dynamic(tf.schema.Provider.ValueType(), withBlocks(config))})
		if err != nil {
			t.Fatal(err)
		}
		return resp.Diagnostics
	}
	resource := func(kind string, config obj) []*tfprotov6.Diagnostic {
		resp, err := tf.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: kind, Config: tf.dynamic(tf.schema.ResourceSchemas[kind].ValueType(), config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true}})
		if err != nil {
			t.Fatal(err)
		}
		return resp.Diagnostics
	}
	const effects = `effect cannot be "deny": use Audit, Deny or Disabled; did you mean Deny?`
	for name, tt := range map[string]struct {
		diags []*tfprotov6.Diagnostic
		want  string
	}{
		"the provider's effect": {provider(obj{"effect": "deny"}), effects},
		"the guard's effect":    {resource("redisbaseline_guard", obj{"cache": cacheWith(nil), "effect": "deny"}), effects},
		"the effect of a read":  {tf.validate("redisbaseline_evaluation", obj{"resource_id": ordersID, "effect": "deny"}), effects},
		"diagnostics of a fleet": {tf.validate(fleetType, obj{"diagnostics": "eachh"}),
			`diagnostics cannot be "eachh": use summary or each; did you mean each?`},
		"a tier": {resource("redisbaseline_cache", obj{"name": "a", "location": "westeurope", "resource_group_name": "rg", "capacity": 1,
			"sku_name": "standard"}), `sku_name cannot be "standard": use Basic, Standard or Premium; did you mean Standard?`},
		"an element of a set": {resource("redisbaseline_cache", obj{"name": "a", "location": "westeurope", "resource_group_name": "rg",
			"capacity": 1, "sku_name": "Premium", "zones": arr{"4"}}), `zones cannot be "4": use 1, 2 or 3`},
		"nothing like it": {provider(obj{"effect": "x"}), `effect cannot be "x": use Audit, Deny or Disabled`},
	} {
		if len(tt.diags) != 1 || tt.diags[0].Detail != tt.want {
			t.Errorf("%s: %v, want %s", name, tt.diags, tt.want)
		}
	}
}
