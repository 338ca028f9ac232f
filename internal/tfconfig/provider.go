package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// ProviderArgument returns an argument of the provider configuration of a resource
// instance, for example subscription_id. Omitted means that the configuration leaves
// it out, so that it comes from the environment.
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

// providerOf reads the name of a provider configuration: a provider, or
// provider.alias.
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
