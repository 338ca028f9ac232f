package tfconfig

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// PlanOptions are what [Configuration.WritePlan] depends on besides the configuration.
type PlanOptions struct {
	// Types are the schemas of the resource types of which values are wanted; an empty one
	// stands for what is written. Of other resources the plan has the address and the
	// references.
	Types map[string]*providerschema.Resource
	// Schema is what an evaluator has to know besides.
	Schema Schema
	// Base is the directory of the root module, as remarks name it.
	Base string
	// Variables are the values of root variables; the default counts for another one.
	Variables map[string]cty.Value
}

// at is the beginning of a remark about a place.
func (o PlanOptions) at(rng hcl.Range) string {
	return fmt.Sprintf("%s:%d: ", path.Join(o.Base, rng.Filename), rng.Start.Line)
}

// variablesKnown answers an evaluator where there is no plan.
type variablesKnown struct {
	nothingKnown
	values map[string]cty.Value
}

func (k variablesKnown) Variable(name string) (cty.Value, bool) {
	v, ok := k.values[name]
	return v, ok
}

// WritePlan writes the plan that Terraform would make of the configuration if nothing of
// it existed, as `terraform show -json` prints one. What Terraform itself or a provider
// would have to be asked for is not known in it. A resource of which it is not known how
// many instances there are is deferred. It returns remarks for people: arguments that
// Terraform would refuse, and modules that are not there. A local module that is not
// there, and a cycle, are errors.
func (c *Configuration) WritePlan(w io.Writer, opts PlanOptions) (notes []string, err error) {
	p := &planWriter{c: c, opts: opts, e: c.NewEvaluator(variablesKnown{values: opts.Variables}, opts.Schema)}
	for _, r := range c.Refused(opts.Types) {
		p.notes = append(p.notes, opts.at(r.at)+r.String())
	}
	if err := p.absent(c.root); err != nil {
		return nil, err
	}
	if err := cmp.Or(c.cycles(), c.refusals(), p.walk()); err != nil {
		return nil, err
	}
	if b := c.root.backend; b.hosted() && len(c.root.variables) > 0 {
		p.notes = append(p.notes, opts.at(b.rng)+"variables that are set in the workspace of HCP Terraform are not seen: "+
			"one that has its default here, or a value of terraform.tfvars, may have another value there (--var gives it)")
	}
	buffered := bufio.NewWriterSize(w, planBuffer)
	p.w = newJSONWriter(buffered)
	p.w.object(func() {
		p.w.texts("format_version", "1.2")
		p.w.member("complete", len(p.missing) == 0)
		p.w.member("variables", p.variables())
		p.w.member("planned_values", map[string]any{})
		p.changes()
		p.w.member("output_changes", p.outputs())
		p.w.member("action_invocations", p.invocations())
		p.w.name("configuration")
		p.w.object(func() {
			p.w.name("provider_config")
			p.providers()
			p.w.name("root_module")
			p.module(c.root)
		})
	})
	return append(p.missing, p.notes...), cmp.Or(p.w.err, buffered.Flush())
}

// planBuffer is how many bytes of a plan are written at once.
const planBuffer = 64 << 10

type planWriter struct {
	c     *Configuration
	e     *Evaluator
	w     *jsonWriter
	opts  PlanOptions
	notes []string
	// triggering are the resources that run actions.
	triggering []plannedResource
	// missing are the notes on modules whose source is not there.
	missing []string
}

func (p *planWriter) variables() map[string]any {
	out := map[string]any{}
	for name := range p.c.root.variables {
		p.e.begin()
		v, _ := p.e.variable(p.e.root, name).UnmarkDeep()
		if v.IsWhollyKnown() {
			known, _ := planJSON(v)
			out[name] = map[string]any{"value": known}
		}
	}
	return out
}

// changes writes the creation of each resource instance. Of those that are deferred
// there are few.
func (p *planWriter) changes() {
	var deferred []plannedResource
	p.w.name("resource_changes")
	p.w.array(func() {
		for r := range p.e.instances() {
			if p.w.err != nil { // whoever reads has ended
				return
			}
			if len(r.decl.triggers()) > 0 {
				p.triggering = append(p.triggering, r)
			}
			if r.open && p.opts.Types[r.decl.typ] != nil { // any other one may exist, which is all that counts
				deferred = append(deferred, r)
				continue
			}
			p.change(r)
		}
	})
	p.w.name("deferred_changes")
	p.w.array(func() {
		for _, r := range deferred {
			p.w.object(func() {
				p.w.texts("reason", "instance_count_unknown")
				p.w.name("resource_change")
				p.change(r)
			})
		}
	})
}

// change writes the creation of a resource instance.
func (p *planWriter) change(r plannedResource) {
	o := object{map[string]any{}, map[string]any{}, map[string]any{}}
	if known := p.opts.Types[r.decl.typ]; known != nil {
		schema := &known.Block
		if len(schema.Attributes) == 0 {
			schema = writtenSchema(r.decl.bodies)
		}
		o = p.e.object(r.target, schema, nil)
	}
	p.w.object(func() {
		p.w.texts("address", r.address)
		if r.module != "" {
			p.w.texts("module_address", r.module)
		}
		p.w.texts("mode", "managed", "type", r.decl.typ, "name", r.decl.label,
			"provider_name", p.source(r.target.scope.module.module, r.decl))
		p.w.name("change")
		p.w.object(func() {
			p.w.member("actions", []string{"create"})
			p.w.member("before", nil)
			p.w.member("after", o.after)
			p.w.member("after_unknown", o.unknown)
			p.w.member("after_sensitive", o.sensitive)
		})
	})
}

// invocations are the runs of action blocks that resources trigger.
func (p *planWriter) invocations() []any {
	out := []any{}
	for _, r := range p.triggering {
		for _, trigger := range r.decl.triggers() {
			out = append(out, p.triggered(r, trigger.Body)...)
		}
	}
	return out
}

// triggers are the blocks of a resource that run actions.
func (b *block) triggers() (out hcl.Blocks) {
	for _, body := range b.bodies {
		for _, l := range blocks(body, "lifecycle") {
			out = append(out, blocks(l.Body, "action_trigger")...)
		}
	}
	return out
}

// triggered are the runs of actions by one action_trigger of a resource instance. Every
// argument of an action may be of any type.
func (p *planWriter) triggered(r plannedResource, trigger hcl.Body) (out []any) {
	events, actions := attribute(trigger, "events"), attribute(trigger, "actions")
	if actions == nil {
		return nil
	}
	event := ""
	if events != nil {
		if list, _ := hcl.ExprList(events.Expr); len(list) == 1 {
			event = hcl.ExprAsKeyword(list[0])
		}
	}
	words := strings.Split(event, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	list, _ := hcl.ExprList(actions.Expr)
	m := r.target.scope.module
	for _, expr := range list {
		refs := expr.Variables()
		if len(refs) == 0 || len(refs[0]) < 3 {
			continue
		}
		name := stepsText(refs[0][:3])
		decl := m.resources[name]
		if decl == nil {
			continue
		}
		schema := &providerschema.Block{}
		for _, config := range decl.bodies.blocks("config") {
			schema = writtenSchema(bodies{config.Body})
		}
		o := p.e.object(target{decl: decl, scope: scope{module: m}}, schema, []any{"config", 0})
		out = append(out, map[string]any{
			"address": join(m.address, name), "type": decl.typ, "name": decl.label,
			"config_values": o.after, "config_unknown": o.unknown, "config_sensitive": o.sensitive,
			"lifecycle_action_trigger": map[string]any{"triggering_resource_address": r.address, "action_trigger_event": strings.Join(words, "")},
		})
	}
	return out
}

// writtenSchema is a schema that has what is written, of any type.
func writtenSchema(bs bodies) *providerschema.Block {
	out := &providerschema.Block{}
	for _, body := range bs {
		attributes, types := contents(body)
		for _, a := range attributes {
			if !slices.Contains(metaArguments, a.Name) && !out.Has(a.Name) {
				out.Attributes = append(out.Attributes, &providerschema.Attribute{Name: a.Name, Type: `"dynamic"`, Flags: "O"})
			}
		}
		for _, name := range types {
			if !slices.Contains(metaArguments, name) && !out.Has(name) {
				n := &providerschema.Nested{Name: name}
				for _, b := range bs.blocks(name) {
					inner := b.Body
					if b.Type == "dynamic" {
						if content := blocks(inner, "content"); len(content) == 1 {
							inner = content[0].Body
						}
					}
					n.Block = *writtenSchema(bodies{inner})
				}
				out.Blocks = append(out.Blocks, n)
			}
		}
	}
	return out
}

func (p *planWriter) outputs() map[string]any {
	out := map[string]any{}
	for name, decl := range p.c.root.outputs {
		change := map[string]any{"actions": []string{"create"}, "before": nil, "after_unknown": true}
		if a := decl.bodies.attribute("value"); a != nil {
			p.e.begin()
			v, _ := blind(p.e.evaluate(a.Expr, scope{module: p.e.root})).UnmarkDeep()
			known, unknown := planJSON(v)
			if change["after_unknown"] = unknown; unknown != true {
				change["after"] = known
			}
		}
		out[name] = change
	}
	return out
}

// providers writes the provider configurations of all modules by key.
func (p *planWriter) providers() {
	var walk func(m *module)
	walk = func(m *module) {
		for _, name := range slices.Sorted(maps.Keys(m.providers)) {
			decl := m.providers[name]
			p.w.name(providerKey(m, name))
			p.w.object(func() {
				p.w.texts("name", decl.typ, "full_name", m.providerSource(decl.typ))
				p.expressions(decl.bodies)
			})
		}
		for _, name := range slices.Sorted(maps.Keys(m.children)) {
			if child := m.children[name]; child.missing == "" {
				walk(child)
			}
		}
	}
	p.w.object(func() { walk(p.c.root) })
}

// providerKey is the key of a provider configuration that stands in a module.
func providerKey(m *module, name string) string {
	if len(m.path) == 0 {
		return name
	}
	return "module." + strings.Join(m.path, ".module.") + ":" + name
}

// keyOfProvider is the key of the provider configuration of a resource.
func keyOfProvider(m *module, decl *block) string {
	name, _, _ := strings.Cut(decl.typ, "_")
	if a := decl.bodies.attribute("provider"); a != nil {
		if chosen := providerName(a.Expr); chosen != "" {
			name = chosen
		}
	}
	for ; m.parent != nil; m = m.parent {
		if _, ok := m.providers[name]; ok {
			break
		}
		if passed := m.parent.calls[m.name()].bodies.attribute("providers"); passed != nil {
			if from := passedProvider(passed.Expr, name); from != nil {
				name = providerName(from)
			}
		}
	}
	return providerKey(m, name)
}

// source is the full name of the provider of a resource.
func (p *planWriter) source(m *module, decl *block) string {
	name, _, _ := strings.Cut(decl.typ, "_")
	if a := decl.bodies.attribute("provider"); a != nil {
		if chosen := providerName(a.Expr); chosen != "" {
			name, _, _ = strings.Cut(chosen, ".")
		}
	}
	return m.providerSource(name)
}

// module writes a module as plan JSON describes its configuration.
func (p *planWriter) module(m *module) {
	keys := slices.Sorted(maps.Keys(m.resources))
	p.w.object(func() {
		p.w.name("resources")
		p.w.array(func() {
			for _, key := range keys {
				if decl := m.resources[key]; !decl.isAction(key) {
					p.resource(m, key, decl)
				}
			}
		})
		p.w.name("actions")
		p.w.array(func() {
			for _, key := range keys {
				if decl := m.resources[key]; decl.isAction(key) {
					p.w.object(func() {
						p.w.texts("address", key, "type", decl.typ, "name", decl.label, "provider_config_key", keyOfProvider(m, decl))
						p.expressions(decl.bodies)
					})
				}
			}
		})
		p.w.name("outputs")
		p.w.object(func() {
			for _, name := range slices.Sorted(maps.Keys(m.outputs)) {
				p.w.name(name)
				p.w.object(func() { p.output(m.outputs[name].bodies) })
			}
		})
		p.w.name("module_calls")
		p.w.object(func() {
			for _, name := range slices.Sorted(maps.Keys(m.calls)) {
				p.w.name(name)
				p.w.object(func() { p.call(m.calls[name], m.children[name]) })
			}
		})
	})
}

// isAction reports whether a declaration in moduleSource.resources is an action.
func (b *block) isAction(key string) bool {
	return !strings.HasPrefix(key, "data.") && key != b.typ+"."+b.label
}

// resource writes a resource or data source.
func (p *planWriter) resource(m *module, key string, decl *block) {
	mode := "managed"
	if strings.HasPrefix(key, "data.") {
		mode = "data"
	}
	p.w.object(func() {
		p.w.texts("address", key, "mode", mode, "type", decl.typ, "name", decl.label, "provider_config_key", keyOfProvider(m, decl))
		p.expressions(decl.bodies)
		p.repetition(decl.bodies)
	})
}

// output writes what an output is made of.
func (p *planWriter) output(bs bodies) {
	if a := bs.attribute("value"); a != nil {
		p.w.name("expression")
		p.expression(a.Expr)
	}
	p.dependsOn(bs)
}

// call writes a module call with the module.
func (p *planWriter) call(decl *block, child *module) {
	p.w.texts("source", decl.source())
	p.expressions(decl.bodies, "source", "version", "providers")
	p.repetition(decl.bodies)
	if child.missing == "" {
		p.w.name("module")
		p.module(child)
	}
}

// repetition writes count, for_each and depends_on of a declaration.
func (p *planWriter) repetition(bs bodies) {
	for _, name := range []string{"count", "for_each"} {
		if a := bs.attribute(name); a != nil {
			p.w.name(name + "_expression")
			p.expression(a.Expr)
		}
	}
	p.dependsOn(bs)
}

func (p *planWriter) dependsOn(bs bodies) {
	if a := bs.attribute("depends_on"); a != nil {
		p.w.member("depends_on", dependencies(a.Expr))
	}
}

// expressions writes the arguments and blocks of a declaration, without meta-arguments and
// some others.
func (p *planWriter) expressions(bs bodies, without ...string) {
	p.w.name("expressions")
	p.block(bs, append(without, metaArguments...))
}

// block writes arguments and blocks. Those of a dynamic block are not known here.
func (p *planWriter) block(bs bodies, without []string) {
	var attributes, types []string
	for _, body := range bs {
		a, t := names(body)
		attributes, types = append(attributes, a...), append(types, t...)
	}
	written := []string{} // as blocks
	p.w.object(func() {
		for _, name := range sorted(types) {
			list := slices.DeleteFunc(bs.blocks(name), func(b *hcl.Block) bool { return b.Type == "dynamic" })
			if slices.Contains(without, name) || len(list) == 0 {
				continue
			}
			written = append(written, name)
			p.w.name(name)
			p.w.array(func() {
				for _, b := range list {
					p.block(bodies{b.Body}, metaArguments)
				}
			})
		}
		for _, name := range sorted(attributes) {
			if _, block := slices.BinarySearch(written, name); !block && !slices.Contains(without, name) {
				p.w.name(name)
				p.expression(bs.attribute(name).Expr)
			}
		}
	})
}

// sorted sorts names, each once.
func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// expression writes an argument: what it refers to, or its value where it refers to nothing.
func (p *planWriter) expression(expr hcl.Expression) {
	native := p.e.native(expr)
	var refs []string
	for _, t := range variables(native) {
		refs = append(refs, references(t)...)
	}
	p.w.object(func() {
		if len(refs) > 0 {
			p.w.member("references", refs)
		} else if v, diags := native.Value(nil); !diags.HasErrors() && v.IsWhollyKnown() {
			v, _ := v.UnmarkDeep()
			known, _ := planJSON(v)
			p.w.member("constant_value", known)
		}
	})
}

// dependencies are the references of depends_on.
func dependencies(expr hcl.Expression) []string {
	list, _ := hcl.ExprList(expr)
	out := []string{}
	for _, e := range list {
		if t, diags := hcl.AbsTraversalForExpr(e); !diags.HasErrors() {
			if refs := references(t); len(refs) > 0 {
				out = append(out, refs[0])
			}
		}
	}
	return out
}

// references are what plan JSON lists of one traversal: the whole first, then without its
// last steps, down to what it refers to.
func references(t hcl.Traversal) []string {
	n := 2 // steps of the subject
	switch t.RootName() {
	case "data":
		n = 3
	case "self":
		return nil
	}
	n = min(n, len(t))
	subject, keyed := stepsText(t[:n]), ""
	rest := t[n:]
	switch root := t.RootName(); {
	case slices.Contains([]string{"var", "local", "each", "count", "path", "terraform"}, root):
	default:
		if len(rest) > 0 {
			if _, ok := rest[0].(hcl.TraverseIndex); ok {
				keyed, subject, rest = subject, subject+stepsText(rest[:1]), rest[1:]
			}
		}
		if root == "module" && len(rest) > 0 {
			keyed = subject
			subject, rest = subject+stepsText(rest[:1]), rest[1:]
		}
	}
	var out []string
	for ; len(rest) > 0; rest = rest[:len(rest)-1] {
		out = append(out, subject+stepsText(rest))
	}
	out = append(out, subject)
	if keyed != "" {
		out = append(out, keyed)
	}
	return out
}

// stepsText writes steps of a traversal as addresses have them.
func stepsText(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			k, _ := keyOf(s.Key)
			b.WriteString(k.String())
		}
	}
	return b.String()
}

// planJSON is a value without marks as plan JSON has it: what is known, and where it is
// not. Unknown members of objects are left out of the first, unknown elements of lists
// are null there.
func planJSON(v cty.Value) (known, unknown any) {
	switch {
	case !v.IsKnown():
		return nil, true
	case v.IsNull():
		return nil, false
	case v.Type() == cty.String:
		return v.AsString(), false
	case v.Type() == cty.Bool:
		return v.True(), false
	case v.Type() == cty.Number:
		return json.Number(v.AsBigFloat().Text('f', -1)), false
	case v.Type().IsObjectType(), v.Type().IsMapType():
		after, hidden := map[string]any{}, map[string]any{}
		for it := v.ElementIterator(); it.Next(); {
			k, elem := it.Element()
			is, not := planJSON(elem)
			if not != true {
				after[k.AsString()] = is
			}
			if not != false {
				hidden[k.AsString()] = not
			}
		}
		if len(hidden) == 0 {
			return after, false
		}
		return after, hidden
	case v.CanIterateElements():
		after, hidden, partly := []any{}, []any{}, false
		for it := v.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			is, not := planJSON(elem)
			after, hidden, partly = append(after, is), append(hidden, not), partly || not != false
		}
		if !partly {
			return after, false
		}
		return after, hidden
	default:
		return nil, true
	}
}

func jsonText(text string) any { return json.RawMessage(text) }
