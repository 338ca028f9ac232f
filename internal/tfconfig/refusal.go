package tfconfig

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// refusal is an error for what Terraform refuses, at its place.
func refusal(at hcl.Range, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", at.Filename, at.Start.Line, fmt.Sprintf(format, args...))
}

// refusals is an error for what Terraform refuses in the source of all modules, whatever
// the values are.
func (c *Configuration) refusals() (err error) {
	c.eachSource(func(m *moduleSource) {
		for _, key := range slices.Sorted(maps.Keys(m.resources)) {
			err = errors.Join(err, m.resources[key].repeatedTwice(key))
		}
		for _, name := range slices.Sorted(maps.Keys(m.calls)) {
			err = errors.Join(err, m.calls[name].repeatedTwice("module."+name))
		}
		for _, name := range slices.Sorted(maps.Keys(m.variables)) {
			if a := m.variables[name].bodies.attribute("default"); a != nil && !isConstant(a.Expr) {
				err = errors.Join(err, refusal(a.Range,
					"the default of var.%s calls a function or refers to something: Terraform takes neither there", name))
			}
		}
	})
	return err
}

// repeatedTwice is an error for a block that has both count and for_each.
func (b *block) repeatedTwice(name string) error {
	for _, body := range b.bodies {
		if attribute(body, "count") == nil {
			continue
		}
		if a := attribute(body, "for_each"); a != nil {
			return refusal(a.Range, "%s has both count and for_each: Terraform takes one of them", name)
		}
	}
	return nil
}

// isConstant reports whether an expression has neither functions nor references. A text in
// JSON is a literal there.
func isConstant(expr hcl.Expression) bool {
	native, ok := expr.(hclsyntax.Expression)
	if !ok {
		return true
	}
	called := false
	_ = hclsyntax.VisitAll(native, func(n hclsyntax.Node) hcl.Diagnostics {
		call, is := n.(*hclsyntax.FunctionCallExpr)
		called = called || is && (call.Name == fnUnknown || !strings.HasPrefix(call.Name, "\x00"))
		return nil
	})
	return !called && len(native.Variables()) == 0
}

// refusedRepetitions is an error for values of count and for_each in a module instance of
// which Terraform makes no instances.
func (e *Evaluator) refusedRepetitions(m *moduleInstance) (err error) {
	check := func(decl *block, name string) {
		e.begin()
		if e.expansion(m, decl, name).known {
			return
		}
		for argument, problem := range map[string]func(cty.Value) string{"count": problemOfCount, "for_each": problemOfForEach} {
			if a := decl.bodies.attribute(argument); a != nil {
				v, _ := e.evaluate(a.Expr, scope{module: m}).UnmarkDeep()
				if is := problem(v); is != "" {
					err = errors.Join(err, refusal(a.Range, "%s of %s %s", argument, join(m.address, name), is))
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.resources)) {
		check(m.resources[key], key)
	}
	for _, name := range slices.Sorted(maps.Keys(m.calls)) {
		check(m.calls[name], "module."+name)
	}
	return err
}

// problemOfCount is why Terraform refuses a value of count; empty where it does not, or
// may not.
func problemOfCount(v cty.Value) string {
	if !v.IsKnown() {
		return ""
	}
	n, err := conversion(cty.Number).Call([]cty.Value{v})
	switch {
	case v.IsNull():
		return "is null"
	case err != nil:
		return "is no number"
	case !n.IsKnown():
		return ""
	}
	if f := n.AsBigFloat(); !f.IsInt() || f.Cmp(new(big.Float)) < 0 {
		return "is no whole number that is 0 or more"
	}
	return ""
}

// problemOfForEach is why Terraform refuses a value of for_each; empty where it does not, or
// may not.
func problemOfForEach(v cty.Value) string {
	if !v.IsKnown() {
		return ""
	}
	switch ty := v.Type(); {
	case v.IsNull():
		return "is null"
	case ty.IsMapType(), ty.IsObjectType():
		return ""
	case !ty.IsSetType(), v.LengthInt() > 0 && ty.ElementType() != cty.String && ty.ElementType() != cty.DynamicPseudoType:
		return "is neither a map nor a set of strings"
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, elem := it.Element(); elem.IsKnown() && elem.IsNull() {
			return "has null among its keys"
		}
	}
	return ""
}
