package tfconfig

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// site is where an expression stands. It goes by declarations, not by instances:
// what holds for one instance holds for all.
type site struct {
	module *module
	// decl is the resource or the module call whose for_each makes each.value;
	// nil where there is none.
	decl *block
}

// origin is an expression from which a value comes.
type origin struct {
	site
	expr hcl.Expression
}

// origins lists the expressions from which something that is mentioned at a site
// gets its value: the for_each behind each.value, a local, what a module call
// passes to a variable, the outputs of a module, the argument of a resource. It
// lists none for what is known while planning, for data sources, and for the
// iterator of a dynamic block, which reads like a resource.
func (s site) origins(n need) []origin {
	m := s.module
	switch n.root {
	case "count", "path", "terraform", "self", "caller", "data", "ephemeral":
		return nil
	case "each":
		return site{module: m}.argument(s.decl, "for_each")
	case "local":
		if expr, ok := m.locals[n.name]; ok {
			return []origin{{site{module: m}, expr}}
		}
		return nil
	case "var":
		call := m.call()
		if call == nil {
			return nil
		}
		if given := (site{m.parent, call}).argument(call, n.name); given != nil {
			return given
		}
		return site{module: m}.argument(m.variables[n.name], "default")
	case "module":
		child, ok := m.children[n.name]
		if !ok || child.missing != "" {
			return nil
		}
		var out []origin
		for _, name := range slices.Sorted(maps.Keys(child.outputs)) {
			if n.attr == "" || n.attr == name {
				out = append(out, site{module: child}.argument(child.outputs[name], "value")...)
			}
		}
		return out
	}
	decl, ok := m.resources[n.root+"."+n.name]
	if !ok {
		return nil
	}
	attr := n.attr
	if decl.typ == "terraform_data" && (attr == "" || attr == "output") {
		attr = "input"
	}
	return site{m, decl}.argument(decl, attr)
}

// argument is the expression of an argument of a block, as one that stands at s.
func (s site) argument(b *block, name string) []origin {
	if b == nil {
		return nil
	}
	if a := b.bodies.attribute(name); a != nil {
		return []origin{{s, a.Expr}}
	}
	return nil
}

// call is the call that makes a module; nil for the root.
func (m *module) call() *block {
	if m.parent == nil {
		return nil
	}
	return m.parent.calls[m.name()]
}

// name is the name of the call that makes a module other than the root.
func (m *module) name() string { return m.path[len(m.path)-1] }

// address is the module's address without keys; empty for the root.
func (m *module) address() string {
	var out string
	for _, name := range m.path {
		out = join(out, "module."+name)
	}
	return out
}

// expressionKey tells expressions apart; module calls share those of one source.
type expressionKey struct {
	module *module
	expr   hclsyntax.Expression
}

// maxOrigins is how many expressions may lead from one to the next.
const maxOrigins = 4 * maxDepth

// lookOnce returns the result of look for the expression of an origin, and remembers
// it in seen. An expression that leads back to itself adds nothing.
func lookOnce[T any](e *Evaluator, seen map[expressionKey]T, o origin, tooDeep T, look func(site, hclsyntax.Expression) T) T {
	key := expressionKey{o.module, e.native(o.expr)}
	if found, ok := seen[key]; ok {
		return found
	}
	if e.depth >= maxOrigins {
		return tooDeep
	}
	var nothing T
	seen[key] = nothing
	e.depth++
	seen[key] = look(o.site, key.expr)
	e.depth--
	return seen[key]
}

// expressions lists every expression of a block, those of nested blocks included.
func (bs bodies) expressions() []hcl.Expression {
	var out []hcl.Expression
	for _, body := range bs {
		native, ok := body.(*hclsyntax.Body)
		if !ok {
			attributes, _ := contents(body)
			for _, a := range attributes {
				out = append(out, a.Expr)
			}
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(native.Attributes)) {
			out = append(out, native.Attributes[name].Expr)
		}
		for _, b := range native.Blocks {
			out = append(out, bodies{b.Body}.expressions()...)
		}
	}
	return out
}

// names lists the names of the arguments of a body, and the types of its nested blocks.
// JSON does not tell its blocks from arguments.
func names(body hcl.Body) (attributes, types []string) {
	native, ok := body.(*hclsyntax.Body)
	if !ok {
		all, _ := body.JustAttributes()
		return slices.Sorted(maps.Keys(all)), nil
	}
	for _, b := range native.Blocks {
		if b.Type == "dynamic" && len(b.Labels) == 1 {
			types = append(types, b.Labels[0])
		} else {
			types = append(types, b.Type)
		}
	}
	return slices.Sorted(maps.Keys(native.Attributes)), types
}

// contents lists the arguments of a body and the types of its nested blocks, as names does.
func contents(body hcl.Body) (attributes []*hcl.Attribute, types []string) {
	list, types := names(body)
	if native, ok := body.(*hclsyntax.Body); ok {
		for _, name := range list {
			attributes = append(attributes, native.Attributes[name].AsHCLAttribute())
		}
		return attributes, types
	}
	all, _ := body.JustAttributes()
	for _, name := range list {
		attributes = append(attributes, all[name])
	}
	return attributes, types
}
