package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// ProviderArgument returns an argument of the provider configuration of a resource
// instance, for example subscription_id. Omitted means that the configuration leaves
// it out, so that it comes from the environment.
func (e *Evaluator) ProviderArgument(instance, argument string) Reference {
	return asked(e, func(e *Evaluator) Reference { return e.providerArgument(instance, argument) }, agreed)
}

func (e *Evaluator) providerArgument(instance, argument string) Reference {
	t, why := e.find(instance)
	if why != "" {
		return Reference{Why: why}
	}
	name, _, _ := strings.Cut(t.decl.typ, "_")
	if a := t.decl.bodies.attribute("provider"); a != nil {
		if name = providerName(a.Expr); name == "" {
			return Reference{Why: "the provider is chosen by an expression", Position: position(a.Range)}
		}
	}
	for m := t.scope.module; ; m = m.parent {
		if m.parent != nil {
			if passed := m.call().bodies.attribute("providers"); passed != nil {
				if from := passedProvider(passed.Expr, name); from != nil {
					if name = providerName(from); name == "" {
						return Reference{Why: "the provider is chosen by an expression", Position: position(passed.Range)}
					}
					continue
				}
			}
		}
		if decl, ok := m.providers[name]; ok {
			if decl.bodies.attribute("for_each") != nil {
				return Reference{Why: "the provider is chosen by an expression", Position: position(decl.rng)}
			}
			return e.reference(e.locate(decl.bodies, scope{module: m}, decl.rng, []any{argument}))
		}
		aliased := strings.Contains(name, ".")
		switch {
		case m.parent == nil && !aliased:
			return Reference{Kind: Omitted}
		case m.parent == nil || aliased:
			return Reference{Why: "the provider configuration is not in the configuration"}
		}
	}
}

// providerName reads the name of a provider configuration: a provider, or
// provider.alias. It is empty for another expression.
func providerName(expr hcl.Expression) string {
	t, diags := hcl.AbsTraversalForExpr(expr)
	switch {
	case diags.HasErrors() || len(t) > 2:
		return ""
	case len(t) == 1:
		return t.RootName()
	}
	alias := attributeAt(t, 1)
	if alias == "" {
		return ""
	}
	return t.RootName() + "." + alias
}

// passedProvider is what a module call passes as the provider configuration of a
// name; nil where it passes none.
func passedProvider(expr hcl.Expression, name string) hcl.Expression {
	pairs, _ := hcl.ExprMap(expr)
	for _, p := range pairs {
		key := providerName(p.Key)
		if key == "" {
			key, _ = literal(p.Key)
		}
		if key == name {
			return p.Value
		}
	}
	return nil
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

// sourceOf is the full name of the provider of a resource.
func (m *module) sourceOf(decl *block) string {
	name, _, _ := strings.Cut(decl.typ, "_")
	if a := decl.bodies.attribute("provider"); a != nil {
		if chosen := providerName(a.Expr); chosen != "" {
			name, _, _ = strings.Cut(chosen, ".")
		}
	}
	return m.providerSource(name)
}
