package tfconfig

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Reaches lists the resources and data sources from which the value of an argument
// may come, through locals, variables, module calls and outputs. Addresses have no
// keys: module.a.x.this stands for every instance. References that cannot be
// followed are left out.
func (e *Evaluator) Reaches(instance string, path ...any) []string {
	e.begin()
	t, located, why := e.at(instance, path)
	if why != "" {
		return nil
	}
	r := &reach{e: e, found: map[string]bool{}, seen: map[expressionKey]struct{}{}}
	at := site{t.scope.module.module, t.decl}
	r.repetition(at)
	if located.expr != nil {
		r.expr(origin{at, located.expr})
	}
	if name, ok := path0(path); ok {
		// Iterators of dynamic blocks come from their for_each.
		for _, b := range t.decl.bodies.blocks(name) {
			r.block(at, bodies{b.Body})
		}
	}
	return slices.Sorted(maps.Keys(r.found))
}

// reach collects the resources from which a value may come.
type reach struct {
	e     *Evaluator
	found map[string]bool // by address, whether the arguments of the resource were searched
	seen  map[expressionKey]struct{}
}

// repetition searches the for_each and count of a resource or module call.
func (r *reach) repetition(at site) {
	for _, name := range []string{"for_each", "count"} {
		for _, o := range (site{module: at.module}).argument(at.decl, name) {
			r.expr(o)
		}
	}
}

func (r *reach) block(at site, bs bodies) {
	for _, expr := range bs.expressions() {
		r.expr(origin{at, expr})
	}
}

func (r *reach) expr(o origin) {
	lookOnce(r.e, r.seen, o, struct{}{}, func(at site, expr hclsyntax.Expression) struct{} {
		for _, n := range r.e.needsOf(expr) {
			if decl, ok := at.module.resources[n.resource()]; ok {
				r.resource(at.module, decl, n)
				continue
			}
			if call := at.module.call(); n.root == "var" && call != nil {
				r.repetition(site{at.module.parent, call})
			}
			for _, o := range at.origins(n) {
				r.expr(o)
			}
		}
		return struct{}{}
	})
}

func (r *reach) resource(m *module, decl *block, n need) {
	address := join(m.address(), n.resource())
	ownID := n.attr == "id" && n.root != "data" && !slices.Contains(r.e.schema.Borrowing, decl.typ)
	searched := r.found[address]
	r.found[address] = searched || !ownID
	if searched || ownID {
		return
	}
	r.block(site{m, decl}, decl.bodies)
}
