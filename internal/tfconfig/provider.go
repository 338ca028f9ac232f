package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// ProviderArgument tells what an argument of the provider configuration is that
// a resource instance uses, for example its subscription_id. Omitted means that
// the configuration leaves it out, so that it comes from the environment.
func (e *Evaluator) ProviderArgument(instance, argument string) Reference {
	ref := e.providerArgument(instance, argument)
	if e.other != nil {
		return agreed(ref, e.other.ProviderArgument(instance, argument))
	}
	return ref
}

func (e *Evaluator) providerArgument(instance, argument string) Reference {
	e.begin()
	t, why := e.find(instance)
	if why != "" {
		return Reference{Why: why}
	}
	name, _, _ := strings.Cut(t.decl.typ, "_")
	alias := ""
	if a := t.decl.bodies.attribute("provider"); a != nil {
		var ok bool
		if name, alias, ok = providerOf(a.Expr); !ok {
			return Reference{Why: "the provider is chosen by an expression", Position: position(a.Range)}
		}
	}
	for m := t.scope.module; ; m = m.parent {
		if m.parent != nil {
			if passed := m.call.bodies.attribute("providers"); passed != nil {
				from, ok := passedProvider(passed.Expr, name, alias)
				if ok {
					if name, alias, ok = providerOf(from); !ok {
						return Reference{Why: "the provider is chosen by an expression", Position: position(passed.Range)}
					}
					continue
				}
			}
		}
		if decl, ok := m.providers[providerKey(name, alias)]; ok {
			if decl.bodies.attribute("for_each") != nil {
				return Reference{Why: "the provider is chosen by an expression", Position: position(decl.rng)}
			}
			return e.reference(e.locate(decl.bodies, scope{module: m}, decl.rng, []any{argument}))
		}
		switch {
		case m.parent == nil && alias == "":
			return Reference{Kind: Omitted}
		case m.parent == nil || alias != "":
			return Reference{Why: "the provider configuration is not in the configuration"}
		}
	}
}

func providerKey(name, alias string) string {
	if alias == "" {
		return name
	}
	return name + "." + alias
}

// providerOf reads azurerm or azurerm.second.
func providerOf(expr hcl.Expression) (name, alias string, ok bool) {
	t, diags := hcl.AbsTraversalForExpr(expr)
	if diags.HasErrors() || len(t) > 2 {
		return "", "", false
	}
	if len(t) == 2 {
		a, isAttr := t[1].(hcl.TraverseAttr)
		if !isAttr {
			return "", "", false
		}
		alias = a.Name
	}
	return t.RootName(), alias, true
}

func passedProvider(expr hcl.Expression, name, alias string) (hcl.Expression, bool) {
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		return nil, false
	}
	for _, p := range pairs {
		key := hcl.ExprAsKeyword(p.Key)
		if n, a, ok := providerOf(p.Key); ok {
			key = providerKey(n, a)
		} else if s, ok := literal(p.Key); ok {
			key = s
		}
		if key == providerKey(name, alias) {
			return p.Value, true
		}
	}
	return nil, false
}

// ImportID returns the id that an import block of the root module gives to a
// resource instance, where it is known.
func (e *Evaluator) ImportID(instance string) (string, bool) {
	e.begin()
	want, err := parseAddress(instance)
	if err != nil {
		return "", false
	}
	for _, b := range e.root.imports {
		to, id := b.bodies.attribute("to"), b.bodies.attribute("id")
		if to == nil || id == nil {
			continue
		}
		scopes := []scope{{module: e.root}}
		if a := b.bodies.attribute("for_each"); a != nil {
			scopes = scopes[:0]
			x := forEach(e.evaluate(a.Expr, scope{module: e.root}))
			for _, k := range x.keys {
				scopes = append(scopes, x.instanceScope(e.root, k))
			}
		}
		for _, s := range scopes {
			t, ok := e.targetOf(to.Expr, s)
			if !ok {
				continue
			}
			if got, err := addressOf(t); err != nil || !sameAddress(got, want) {
				continue
			}
			if ref := e.describe(e.evaluate(id.Expr, s), true); ref.Kind == KnownString {
				return ref.Value, true
			}
			return "", false
		}
	}
	return "", false
}

func sameAddress(a, b address) bool {
	if a.resource != b.resource || a.key != b.key || len(a.module) != len(b.module) {
		return false
	}
	for i := range a.module {
		if a.module[i] != b.module[i] {
			return false
		}
	}
	return true
}

// targetOf reads an address whose keys may be expressions, such as
// azurerm_redis_cache.this[each.key].
func (e *Evaluator) targetOf(expr hcl.Expression, s scope) (hcl.Traversal, bool) {
	if t, diags := hcl.AbsTraversalForExpr(expr); !diags.HasErrors() {
		return t, true
	}
	switch x := expr.(type) {
	case *hclsyntax.IndexExpr:
		t, ok := e.targetOf(x.Collection, s)
		key, _ := e.evaluate(x.Key, s).Unmark()
		if !ok || !key.IsKnown() || key.IsNull() || key.Type() != cty.String && key.Type() != cty.Number {
			return nil, false
		}
		return append(t[:len(t):len(t)], hcl.TraverseIndex{Key: key}), true
	case *hclsyntax.RelativeTraversalExpr:
		t, ok := e.targetOf(x.Source, s)
		return append(t[:len(t):len(t)], x.Traversal...), ok
	}
	return nil, false
}
