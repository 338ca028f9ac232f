package migrate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

type object = map[string]any

// planned resource of a case; its fields stand in the comment of expectations.yaml.
type plannedResource struct {
	As, Type, Name, Module, Azapi string
	Actions, Unknown, Drop        []string
	Set, Redis, DBSet, Was        object
	DB                            any
}

// expectation is what has to be said of one cache.
type expectation struct {
	Target                                    *string
	State                                     string
	Settings, Paths                           map[string]string
	Alternatives, Blockers, Differences, Anew []string
	Text                                      []string
}

// expectationCase is a plan with what has to be said of it.
type expectationCase struct {
	Case           string
	Caches, Others []plannedResource
	Metrics        [][]any
	Want           map[string]expectation
}

type expectationTemplate struct {
	Type           string
	Set, Redis, DB object
}

type expectations struct {
	Templates map[string]expectationTemplate
	Cases     []expectationCase
}

const groups = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups"

// computed are arguments that a provider knows after it has created a cache.
var computed = []string{"id", "hostname", "primary_access_key", "secondary_access_key", "primary_connection_string",
	"secondary_connection_string", "port", "ssl_port", "private_static_ip_address"}

// planWriter writes the plan JSON of a case.
type planWriter struct {
	templates map[string]expectationTemplate
	ids       map[string]string // by "$" and the name of a cache
	addresses map[string]string
	changes   []object
	blocks    map[string]map[string]object // of each module, by address
}

func (e *expectations) plan(c *expectationCase) []byte {
	w := &planWriter{templates: e.Templates, ids: map[string]string{}, addresses: map[string]string{},
		blocks: map[string]map[string]object{"": {}}}
	for i := range c.Caches {
		r := &c.Caches[i]
		r.Name = orA(r.Name)
		if r.As != "" {
			w.ids["$"+r.Name], w.addresses["$"+r.Name] = w.id(r), e.Templates[r.As].Type+"."+r.Name
		}
	}
	for _, r := range c.Caches {
		w.cache(r)
	}
	for _, r := range c.Others {
		if r.Name == "" {
			r.Name = "x"
		}
		expressions := object{}
		for name, value := range r.Set {
			expressions[name] = w.expression(value)
		}
		after := w.resolved(r.Set).(object)
		after["id"] = "/" + r.Type + "/" + r.Name
		w.change(r, r.Type, after, expressions)
	}
	root := object{"resources": slices.Collect(maps.Values(w.blocks[""]))}
	calls := object{}
	for name, blocks := range w.blocks {
		if name != "" {
			calls[name] = object{"source": "./" + name, "for_each_expression": object{},
				"module": object{"resources": slices.Collect(maps.Values(blocks))}}
		}
	}
	root["module_calls"] = calls
	raw, err := json.Marshal(object{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": object{"root_module": object{}},
		"resource_changes": w.changes, "configuration": object{"root_module": root, "provider_config": object{
			"azurerm": object{"name": "azurerm", "full_name": "registry.terraform.io/hashicorp/azurerm"},
			"azapi":   object{"name": "azapi", "full_name": "registry.terraform.io/azure/azapi"}}},
		"timestamp": "2026-01-01T00:00:00Z", "applyable": true, "complete": true, "errored": false})
	if err != nil {
		panic(err)
	}
	return raw
}

func orA(name string) string {
	if name == "" {
		return "a"
	}
	return name
}

// id is the ARM id of a cache of a template.
func (w *planWriter) id(r *plannedResource) string {
	name, ok := r.Set["name"].(string)
	if !ok {
		name = w.templates[r.As].Set["name"].(string)
	}
	kind := "redisEnterprise"
	if r.As == "classic" {
		kind = "redis"
	}
	return groups + "/rg/providers/Microsoft.Cache/" + kind + "/" + name
}

func (w *planWriter) cache(r plannedResource) {
	if r.As == "" {
		after := maps.Clone(r.Set)
		after["type"] = r.Azapi
		typ, _, _ := strings.Cut(r.Azapi, "@")
		after["id"] = fmt.Sprintf("%s/providers/%s/%s", after["parent_id"], typ, after["name"])
		w.change(r, r.Type, after, object{})
		return
	}
	t := w.templates[r.As]
	after := maps.Clone(t.Set)
	if t.Redis != nil {
		after["redis_configuration"] = []any{merged(t.Redis, r.Redis)}
	}
	if t.DB != nil {
		after["default_database"] = []any{merged(t.DB, nil)}
	}
	maps.Copy(after, r.Set)
	for _, name := range r.Drop {
		delete(after, name)
	}
	after["id"] = w.id(&r)
	w.change(r, t.Type, after, object{})
	if database, ok := r.DB.(string); ok {
		d := plannedResource{Name: r.Name, Actions: r.Actions}
		address, expressions := t.Type+"."+r.Name, object{}
		if slices.Equal(r.Actions, []string{"create"}) {
			d.Unknown, expressions["cluster_id"] = []string{"cluster_id"}, object{"references": []string{address + ".id", address}}
		}
		w.change(d, w.templates[database].Type, merged(w.templates[database].Set, r.DBSet), expressions)
	}
}

func merged(base, over object) object {
	out := maps.Clone(base)
	maps.Copy(out, over)
	return out
}

// change adds the change of a resource and its block.
func (w *planWriter) change(r plannedResource, typ string, after, expressions object) {
	address := typ + "." + r.Name
	block, _, _ := strings.Cut(strings.TrimPrefix(r.Module, "module."), "[")
	if w.blocks[block] == nil {
		w.blocks[block] = map[string]object{}
	}
	provider, _, _ := strings.Cut(typ, "_")
	w.blocks[block][address] = object{"address": address, "mode": "managed", "type": typ, "name": r.Name, "provider_config_key": provider,
		"expressions": expressions, "schema_version": 1}
	source := map[string]string{"azurerm": "hashicorp/azurerm", "azapi": "azure/azapi"}[provider]
	change := object{"actions": r.Actions, "before": merged(after, r.Was), "after": after, "after_unknown": object{},
		"before_sensitive": object{}, "after_sensitive": object{}}
	unknown := r.Unknown
	switch action := strings.Join(r.Actions, ","); action {
	case "":
		change["actions"] = []string{"no-op"}
	case "create":
		change["before"] = nil
		unknown = slices.Concat(unknown, computed)
	case "delete", "forget":
		change["after"] = nil
	}
	known, open := asJSON(after), object{}
	for _, path := range unknown {
		postpone(known, open, strings.Split(path, "."))
	}
	if change["after"] != nil {
		change["after"], change["after_unknown"] = known, open
	}
	out := object{"address": address, "mode": "managed", "type": typ, "name": r.Name, "provider_name": "registry.terraform.io/" + source,
		"change": change}
	if r.Module != "" {
		out["address"], out["module_address"] = r.Module+"."+address, r.Module
	}
	w.changes = append(w.changes, out)
}

// asJSON is a deep copy.
func asJSON(o object) (out object) {
	raw, err := json.Marshal(o)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		panic(err)
	}
	return out
}

// postpone makes an argument one that is known after apply.
func postpone(known, open object, path []string) {
	name := path[0]
	if _, ok := known[name]; !ok {
		return
	}
	if len(path) == 1 {
		delete(known, name)
		open[name] = true
		return
	}
	inner, _ := known[name].(object)
	below := object{}
	if list, ok := known[name].([]any); ok {
		inner = list[0].(object)
		if have, ok := open[name].([]any); ok {
			below = have[0].(object)
		}
		open[name] = []any{below}
	} else {
		open[name] = below
	}
	postpone(inner, below, path[1:])
}

// resolved replaces the names of caches by their ids.
func (w *planWriter) resolved(value any) any {
	switch v := value.(type) {
	case string:
		if id, ok := w.ids[v]; ok {
			return id
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = w.resolved(v[i])
		}
		return out
	case object:
		out := object{}
		for name, value := range v {
			out[name] = w.resolved(value)
		}
		return out
	}
	return value
}

// expression is what the configuration of a plan has for an argument.
func (w *planWriter) expression(value any) any {
	switch v := value.(type) {
	case string:
		if address, ok := w.addresses[v]; ok {
			return object{"references": []string{address + ".id", address}}
		}
	case []any:
		if len(v) == 0 {
			break
		}
		if _, ok := v[0].(object); !ok {
			return w.expression(v[0])
		}
		blocks := make([]any, len(v))
		for i := range v {
			block := object{}
			for name, value := range v[i].(object) {
				block[name] = w.expression(value)
			}
			blocks[i] = block
		}
		return blocks
	}
	return object{"constant_value": value}
}

// moves plans the moves of the caches of a case.
func (e *expectations) moves(t *testing.T, c *expectationCase) *migrate.Report {
	t.Helper()
	p, err := tfplan.Read(t.Context(), bytes.NewReader(e.plan(c)), tfplan.Options{Migration: true})
	if err != nil {
		t.Fatal(err)
	}
	var metrics *sizing.Metrics
	if c.Metrics != nil {
		csv := "name,metric,timestamp,maximum,shard\n"
		for _, row := range c.Metrics {
			shard := ""
			if len(row) > 2 {
				shard = fmt.Sprint(row[2])
			}
			for _, day := range []string{"2026-11-13", "2026-11-20"} { // a week, so that the metrics decide alone
				csv += fmt.Sprintf("cache-a,%v,%sT00:00:00Z,%v,%s\n", row[0], day, row[1], shard)
			}
		}
		if metrics, err = sizing.ReadMetrics(strings.NewReader(csv)); err != nil {
			t.Fatal(err)
		}
	}
	r := &migrate.Report{}
	opts := migrate.Options{Documents: baseline.Published(), Today: today}
	job := judge.Job{Documents: opts.Documents, Inputs: []judge.Input{judge.Plan(p, "plan", "plan")}, Now: today,
		Each: func(c *posture.Cache, judged report.Cache) error {
			if judged.Destroyed() {
				return nil
			}
			opts := opts
			if metrics != nil {
				opts.Peaks = metrics.For(c)
			}
			r.Caches = append(r.Caches, migrate.For(c, judged, opts))
			return nil
		}}
	if _, err := job.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	migrate.AlignGroups(r)
	return r
}

// TestExpectations holds the plans of moves against testdata/expectations.yaml.
func TestExpectations(t *testing.T) {
	raw, err := os.ReadFile("testdata/expectations.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all expectations
	decoder := yaml.NewDecoder(bytes.NewReader(regexp.MustCompile(`\$\{groups\}`).ReplaceAllLiteral(raw, []byte(groups))))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	for i := range all.Cases {
		c := &all.Cases[i]
		t.Run(c.Case, func(t *testing.T) {
			r := all.moves(t, c)
			if len(r.Caches) != len(c.Want) {
				t.Errorf("%d caches are listed, want %d", len(r.Caches), len(c.Want))
			}
			for name, want := range c.Want {
				i := slices.IndexFunc(r.Caches, func(m migrate.Move) bool {
					return *m.Address == name || !strings.Contains(name, ".") && strings.HasSuffix(*m.Address, "."+name)
				})
				if i < 0 {
					t.Errorf("%s is not listed", name)
					continue
				}
				want.check(t, &r.Caches[i])
			}
		})
	}
}

// check compares what is said of a cache with what has to be said.
func (want *expectation) check(t *testing.T, m *migrate.Move) {
	t.Helper()
	fail := func(format string, values ...any) { t.Errorf(*m.Address+": "+format, values...) }
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range want.Text {
		if !strings.Contains(string(raw), text) {
			fail("nothing says %q", text)
		}
	}
	if strings.Contains(string(raw), "CANARY") {
		fail("a secret is told")
	}
	if want.State != "" && string(m.State) != want.State {
		fail("the state is %s, want %s", m.State, want.State)
	}
	target := migrate.Target{}
	sku := ""
	if m.Target != nil {
		target = *m.Target
		if sku = target.Size.SKU; !target.Known {
			sku = "?"
		}
	}
	if want.Target != nil && sku != *want.Target {
		fail("the target is %q, want %q: %s", sku, *want.Target, target.Why)
	}
	for _, a := range want.Alternatives {
		if !slices.ContainsFunc(target.Alternatives, func(have sizing.Alternative) bool { return have.SKU == a }) {
			fail("%s is no alternative", a)
		}
	}
	for name, value := range want.Settings {
		if have := target.Value(migrate.SettingName(name)); have != value {
			fail("%s = %q, want %q", name, have, value)
		}
	}
	for id, answer := range want.Paths {
		i := slices.IndexFunc(m.Paths, func(p migrate.Path) bool { return p.ID == id })
		if i < 0 {
			fail("there is no way %s", id)
		} else if have := answerOf(m.Paths[i].Eligible); have != answer {
			fail("the way %s is %s, want %s: %q", id, have, answer, m.Paths[i].Reasons)
		}
	}
	for _, kind := range want.Anew {
		if !slices.ContainsFunc(m.Remade, func(r migrate.Remade) bool { return r.Kind == kind }) {
			fail("no %s is made anew", kind)
		}
	}
	want.differences(m, fail)
}

func answerOf(eligible *bool) string {
	switch {
	case eligible == nil:
		return "unknown"
	case *eligible:
		return "eligible"
	default:
		return "refused"
	}
}

func (want *expectation) differences(m *migrate.Move, fail func(string, ...any)) {
	said := map[string]string{} // message by id, with "?" behind those that are not certain
	for _, d := range m.Differences {
		id := strings.TrimPrefix(d.ID, "migration/")
		if !d.Certain {
			id += "?"
		}
		said[id] = d.Message
		if want.Blockers != nil && d.Certain && d.Severity == migrate.Blocker && !slices.Contains(want.Blockers, id) {
			fail("the blocker %s: %s", id, d.Message)
		}
	}
	for _, id := range slices.Concat(want.Blockers, want.Differences) {
		absent := strings.HasPrefix(id, "!")
		id = strings.TrimPrefix(id, "!")
		_, certain := said[id]
		message, maybe := said[id+"?"]
		switch {
		case absent && (certain || maybe):
			fail("%s is said: %s", id, said[id]+message)
		case !absent && !certain:
			fail("%s is not said; of %s: %s", id, strings.TrimSuffix(id, "?"), said[strings.TrimSuffix(id, "?")]+message)
		}
	}
}
