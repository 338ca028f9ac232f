package tfconfig

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"path"

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
// it existed but what import blocks name, as `terraform show -json` prints one. What
// Terraform itself or a provider would have to be asked for is not known in it. A resource
// of which it is not known how many instances there are is deferred. It returns remarks for people: arguments that
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

// planWriter writes the plan of a configuration: values here, what runs actions in
// planaction.go, and the configuration itself in planconfiguration.go.
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
	// imports are what exists already.
	imports imports
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
	p.imports = p.e.imports()
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

// change writes the creation of a resource instance, or the update of one that is imported.
func (p *planWriter) change(r plannedResource) {
	o := object{map[string]any{}, map[string]any{}, map[string]any{}}
	if known := p.opts.Types[r.decl.typ]; known != nil {
		schema := &known.Block
		if len(schema.Attributes) == 0 {
			schema = writtenSchema(r.decl.bodies)
		}
		o = p.e.object(r.target, schema, nil)
	}
	action := "create"
	if p.imports.has(r) {
		action = "update"
	}
	p.w.object(func() {
		p.w.texts("address", r.address)
		if r.module != "" {
			p.w.texts("module_address", r.module)
		}
		p.w.texts("mode", "managed", "type", r.decl.typ, "name", r.decl.label,
			"provider_name", r.target.scope.module.module.sourceOf(r.decl))
		p.w.name("change")
		p.w.object(func() {
			p.w.member("actions", []string{action})
			p.w.member("before", nil)
			p.w.member("after", o.after)
			p.w.member("after_unknown", o.unknown)
			p.w.member("after_sensitive", o.sensitive)
		})
	})
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
