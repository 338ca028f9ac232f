package tfconfig

import (
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// nested is one nested block after dynamic blocks were expanded, with the
// scope in which its arguments stand.
type nested struct {
	bodies bodies
	scope  scope
	rng    hcl.Range
}

// opaqueBlock is a dynamic block of which it is not known how often it appears.
type opaqueBlock struct {
	expr hcl.Expression
	rng  hcl.Range
}

// expandBlocks lists the nested blocks of one type as Terraform would make them.
func (e *Evaluator) expandBlocks(bs bodies, name string, s scope) ([]nested, *opaqueBlock) {
	var out []nested
	for _, b := range bs.blocks(name) {
		if b.Type != "dynamic" || name == "dynamic" {
			out = append(out, nested{bodies: bodies{b.Body}, scope: s, rng: b.DefRange})
			continue
		}
		opaque := &opaqueBlock{rng: b.DefRange}
		content := blocks(b.Body, "content")
		forEach := attribute(b.Body, "for_each")
		if len(content) != 1 || forEach == nil {
			return nil, opaque
		}
		opaque.expr, opaque.rng = forEach.Expr, forEach.Expr.Range()
		iterator := name
		if a := attribute(b.Body, "iterator"); a != nil {
			if iterator = hcl.ExprAsKeyword(a.Expr); iterator == "" {
				return nil, opaque
			}
		}
		items, ok := dynamicItems(e.evaluate(forEach.Expr, s))
		if !ok {
			return nil, opaque
		}
		for _, item := range items {
			inner := scope{module: s.module, vars: map[string]cty.Value{}}
			maps.Copy(inner.vars, s.vars)
			inner.vars[iterator] = item
			out = append(out, nested{bodies: bodies{content[0].Body}, scope: inner, rng: b.DefRange})
		}
	}
	return out, nil
}

// dynamicItems lists the iterator objects of a dynamic block.
func dynamicItems(v cty.Value) ([]cty.Value, bool) {
	v, marks := v.Unmark()
	if v.IsNull() || !v.IsKnown() || isPartial(v) || !v.CanIterateElements() || !ordered(v) {
		return nil, false
	}
	var out []cty.Value
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		value = value.WithMarks(marks)
		if v.Type().IsSetType() {
			key = value
		}
		out = append(out, cty.ObjectVal(map[string]cty.Value{"key": key, "value": value}))
	}
	return out, true
}

// located is the result of following a path of block names and indexes.
type located struct {
	expr  hcl.Expression // an attribute, with the rest of the path in rest
	rest  []any
	block *nested // a nested block, when the path ends there
	scope scope
	rng   hcl.Range
	// absent says that nothing stands at the path.
	absent bool
	opaque *opaqueBlock
}

// locate follows a path through nested blocks to an attribute.
func (e *Evaluator) locate(bs bodies, s scope, rng hcl.Range, path []any) located {
	at := nested{bodies: bs, scope: s, rng: rng}
	for len(path) > 0 {
		name, ok := path[0].(string)
		if !ok {
			return located{absent: true, rng: at.rng, scope: at.scope}
		}
		index, indexed := 0, false
		if len(path) > 1 {
			index, indexed = path[1].(int)
		}
		if a := at.bodies.attribute(name); a != nil {
			if !isBlockHere(a.Expr, path) {
				return located{expr: a.Expr, rest: path[1:], rng: a.Range, scope: at.scope}
			}
		}
		items, opaque := e.expandBlocks(at.bodies, name, at.scope)
		switch {
		case opaque != nil:
			return located{opaque: opaque, rng: opaque.rng, scope: at.scope}
		case index < 0 || index >= len(items) || !indexed && len(items) > 1:
			return located{absent: true, rng: at.rng, scope: at.scope}
		}
		at = items[index]
		path = path[1:]
		if indexed {
			path = path[1:]
		}
	}
	return located{block: &at, rng: at.rng, scope: at.scope}
}

// isBlockHere decides, for JSON, whether a property stands for nested blocks:
// it does where the path goes on with the number of a block.
func isBlockHere(expr hcl.Expression, path []any) bool {
	if _, native := expr.(hclsyntax.Expression); native || !mayBeBlock(expr) || len(path) < 2 {
		return false
	}
	_, indexed := path[1].(int)
	return indexed
}
