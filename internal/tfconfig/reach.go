package tfconfig

import (
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Reaches lists the resources and data sources from which the value of an
// argument may come, by what the source mentions, through locals, variables,
// module calls and outputs. Addresses carry no keys (module.a.x.this for every
// instance). It narrows what an unresolved reference may be; complete is false
// where something on the way cannot be read, so that it may be anything.
func (e *Evaluator) Reaches(instance string, path ...any) (addresses []string, complete bool) {
	e.begin()
	t, why := e.find(instance)
	if why != "" || e.writeOnly(path) {
		return nil, false
	}
	r := &reach{e: e, found: map[string]bool{}, seen: map[string]bool{}, complete: true}
	m := t.scope.module
	at := e.locate(t.decl.bodies, t.scope, t.decl.rng, path)
	r.repetition(m.module, t.decl.bodies, parentOf(m))
	if at.expr != nil {
		r.expr(m.module, at.expr, parentOf(m))
	}
	if len(path) > 0 {
		// Iterators of dynamic blocks come from their for_each.
		if name, ok := path[0].(string); ok {
			for _, b := range t.decl.bodies.blocks(name) {
				r.body(m.module, b.Body, parentOf(m))
			}
		}
	}
	for a := range r.found {
		addresses = append(addresses, a)
	}
	sort.Strings(addresses)
	return addresses, r.complete
}

// reach walks declarations, not instances: what holds for one holds for all.
type reach struct {
	e        *Evaluator
	found    map[string]bool
	seen     map[string]bool
	complete bool
	depth    int
}

// lineage is the way from the root to a module.
type lineage []*module

func parentOf(m *moduleInstance) lineage {
	var out lineage
	for p := m.parent; p != nil; p = p.parent {
		out = append(lineage{p.module}, out...)
	}
	return out
}

func (r *reach) repetition(m *module, bs bodies, up lineage) {
	for _, name := range []string{"for_each", "count"} {
		if a := bs.attribute(name); a != nil {
			r.expr(m, a.Expr, up)
		}
	}
}

// body walks every expression of a nested block.
func (r *reach) body(m *module, body hcl.Body, up lineage) {
	native, ok := body.(*hclsyntax.Body)
	if !ok {
		r.complete = false // JSON does not tell its blocks
		return
	}
	for _, a := range native.Attributes {
		r.expr(m, a.Expr, up)
	}
	for _, b := range native.Blocks {
		r.body(m, b.Body, up)
	}
}

func (r *reach) once(m *module, name string) bool {
	key := moduleAddress(m) + "\x00" + name
	if r.seen[key] {
		return false
	}
	r.seen[key] = true
	return true
}

func (r *reach) expr(m *module, expr hcl.Expression, up lineage) {
	if r.depth > 4*maxDepth {
		r.complete = false
		return
	}
	r.depth++
	defer func() { r.depth-- }()
	for _, n := range r.e.needsOf(r.e.native(expr)) {
		switch n.root {
		case "each", "count", "path", "terraform", "self":
			continue // each and count come from the repetition
		case "var":
			r.variable(m, n.name, up)
		case "local":
			if l, ok := m.locals[n.name]; !ok {
				r.complete = false
			} else if r.once(m, "local."+n.name) {
				r.expr(m, l, up)
			}
		case "module":
			r.output(m, n.name, n.attr, up)
		case "data":
			r.resource(m, "data."+n.typ+"."+n.name, n.attr, up)
		default:
			r.resource(m, n.root+"."+n.name, n.attr, up)
		}
	}
}

func (r *reach) variable(m *module, name string, up lineage) {
	if len(up) == 0 || !r.once(m, "var."+name) {
		return
	}
	parent := up[len(up)-1]
	call := parent.calls[m.path[len(m.path)-1]]
	r.repetition(parent, call.bodies, up[:len(up)-1])
	if a := call.bodies.attribute(name); a != nil {
		r.expr(parent, a.Expr, up[:len(up)-1])
	}
}

func (r *reach) output(m *module, name, output string, up lineage) {
	child, ok := m.children[name]
	if !ok || child.missing != "" {
		r.complete = false
		return
	}
	if !r.once(m, "module."+name+"."+output) {
		return
	}
	for out, decl := range child.outputs {
		if a := decl.bodies.attribute("value"); a != nil && (output == "" || output == out) {
			r.expr(child, a.Expr, append(up[:len(up):len(up)], m))
		}
	}
}

func (r *reach) resource(m *module, name, attr string, up lineage) {
	decl, ok := m.resources[name]
	if !ok {
		// The iterator of a dynamic block looks like a resource type; its
		// for_each was walked with the block.
		if strings.HasSuffix(name, ".key") || strings.HasSuffix(name, ".value") {
			return
		}
		r.complete = false
		return
	}
	r.found[join(moduleAddress(m), name)] = true
	if attr == "id" && !strings.HasPrefix(name, "data.") && !slices.Contains(r.e.schema.Borrowing, decl.typ) || !r.once(m, name) {
		return // its own id, and nothing that it was given
	}
	for _, body := range decl.bodies {
		r.body(m, body, up)
	}
}
