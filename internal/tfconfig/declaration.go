package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Declaration is the declaration of a resource or an output in the source. All
// instances of a resource share one. It is safe for concurrent use.
type Declaration struct {
	header Position
	block  *block // nil where the user's own source has only a module call
	module *module
	config *Configuration
}

// Declaration finds the declaration of the resource or output at an address, whatever
// its instance keys. For a resource in a module that was fetched, or whose source is
// missing, it is the outermost call of such a module in the user's own source.
func (c *Configuration) Declaration(address string) (*Declaration, bool) {
	a, err := parseAddress(address)
	if err != nil {
		return nil, false
	}
	m := c.root
	for _, step := range a.module {
		call, ok := m.calls[step.name]
		if !ok {
			return nil, false
		}
		if m = m.children[step.name]; m.missing != "" || !isLocal(call.source()) {
			return &Declaration{header: position(call.rng)}, true
		}
	}
	b, ok := m.resources[a.resource]
	if a.typ == "output" {
		b, ok = m.outputs[a.name]
	}
	if !ok {
		return nil, false
	}
	return &Declaration{header: position(b.rng), block: b, module: m, config: c}, true
}

// Position is the first line of the declaration.
func (d *Declaration) Position() Position { return d.header }

// Argument finds the position of an argument. The path names nested blocks, then
// keys of the value; where a key is not written in the source, the position is that
// of the deepest part that is. It is false for an argument that is left out, or that
// several nested blocks write.
func (d *Declaration) Argument(path ...string) (Position, bool) {
	if d.block == nil || len(path) == 0 {
		return Position{}, false
	}
	rng, ok := d.block.bodies.written(path)
	return position(rng), ok
}

func (bs bodies) written(path []string) (hcl.Range, bool) {
	if a := bs.attribute(path[0]); a != nil {
		return writtenIn(a.Expr, a.Range, path[1:])
	}
	var found []hcl.Range
	for _, b := range bs.blocks(path[0]) {
		if len(path) == 1 {
			return b.DefRange, true
		}
		body := b.Body
		if b.Type == "dynamic" && path[0] != "dynamic" {
			content := blocks(body, "content")
			if len(content) != 1 {
				continue
			}
			body = content[0].Body
		}
		if rng, ok := (bodies{body}).written(path[1:]); ok {
			found = append(found, rng)
		}
	}
	return only(found)
}

// writtenIn follows keys into an expression that stands at rng.
func writtenIn(expr hcl.Expression, rng hcl.Range, path []string) (hcl.Range, bool) {
	if len(path) == 0 {
		return rng, true
	}
	expr = unwrapped(expr)
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		opaque := false
		for _, p := range pairs {
			switch key, ok := literal(p.Key); {
			case !ok:
				opaque = true
			case key == path[0]:
				return writtenIn(p.Value, p.Key.Range(), path[1:])
			}
		}
		return rng, opaque
	}
	if elems, diags := hcl.ExprList(expr); !diags.HasErrors() {
		var found []hcl.Range
		for _, e := range elems {
			if at, ok := writtenIn(e, e.Range(), path); ok {
				found = append(found, at)
			}
		}
		return only(found)
	}
	return rng, true
}

func only(found []hcl.Range) (hcl.Range, bool) {
	if len(found) != 1 {
		return hcl.Range{}, false
	}
	return found[0], true
}

// unwrapped returns the expression within parentheses and jsonencode.
func unwrapped(expr hcl.Expression) hcl.Expression {
	for {
		switch e := expr.(type) {
		case *hclsyntax.ParenthesesExpr:
			expr = e.Expression
		case *hclsyntax.FunctionCallExpr:
			if e.Name != "jsonencode" || len(e.Args) != 1 || e.ExpandFinal {
				return expr
			}
			expr = e.Args[0]
		default:
			return expr
		}
	}
}
