package fix

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// subject is what a reference leads to: the type of the resource or data source, and its
// key in takers.of; empty for a data source, which may read any cache.
type subject struct{ typ, key, name string }

// subjectOf is the cache, or the data source, to which a reference leads, and the attributes
// that the reference names of it, behind a key in brackets.
func (s *search) subjectOf(x *hclsyntax.ScopeTraversalExpr) (of subject, steps hcl.Traversal, ok bool) {
	t := x.Traversal
	switch root := t.RootName(); {
	case slices.Contains(cacheTypes, root) && nameAt(t, 1) != "":
		return subject{typ: root, key: root + "." + nameAt(t, 1)}, t[2:], true
	case root == "data" && s.mayRead(nameAt(t, 1), nameAt(t, 2)):
		return subject{typ: nameAt(t, 1), name: s.readName(nameAt(t, 1), nameAt(t, 2))}, t[3:], true
	case root == "self" && s.top.Type == "resource" && slices.Contains(cacheTypes, s.typ()):
		return subject{typ: s.typ(), key: strings.Join(s.top.Labels, ".")}, t[1:], true
	case root == "each" && nameAt(t, 1) == "value":
		if a := s.top.Body.Attributes["for_each"]; a != nil {
			of, ok = s.instances(a.Expr)
			return of, t[2:], ok
		}
	default:
		for _, n := range slices.Backward(s.stack) {
			loop, is := n.(*hclsyntax.ForExpr)
			if is && loop.ValVar == root && !within(loop.CollExpr, x) {
				of, ok = s.instances(loop.CollExpr)
				return of, t[1:], ok
			}
		}
	}
	return subject{}, nil, false
}

// instances is the cache whose instances an expression lists: one with for_each, or with
// count, as a whole.
func (s *search) instances(expr hclsyntax.Expression) (of subject, ok bool) {
	x, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(x.Traversal) != 2 || !slices.Contains(cacheTypes, x.Traversal.RootName()) {
		return subject{}, false
	}
	of = subject{typ: x.Traversal.RootName(), key: x.Traversal.RootName() + "." + nameAt(x.Traversal, 1)}
	body := s.blocks["resource."+of.key]
	return of, body != nil && (body.Attributes["for_each"] != nil || body.Attributes["count"] != nil)
}

func within(outer, inner hclsyntax.Node) bool {
	return outer.Range().Overlaps(inner.Range())
}

// nameAt is the name of an attribute that a traversal has at a step; empty for another step.
func nameAt(t hcl.Traversal, step int) string {
	if step < len(t) {
		if a, ok := t[step].(hcl.TraverseAttr); ok {
			return a.Name
		}
	}
	return ""
}

// mayRead reports whether a data source may read a cache.
func (s *search) mayRead(typ, name string) bool {
	if _, reads := readerTypes[typ]; !reads || name == "" {
		return false
	}
	body := s.blocks["data."+typ+"."+name]
	return typ != "azapi_resource" || body == nil || mayBeOfCache(body)
}

// readName is the name of the only cache that a data source reads, where it is written out.
func (s *search) readName(typ, name string) string {
	if body := s.blocks["data."+typ+"."+name]; body != nil && readerTypes[typ] != "" {
		text, _ := literalOf(body, readerTypes[typ])
		return text
	}
	return ""
}

// follow adds what stands around a reference to the attributes that it names: a[key].b,
// a[*].b. An empty name stands for a number or a key; the first of a resource says which of
// its instances is meant. whole is the expression that has them.
func (s *search) follow(x *hclsyntax.ScopeTraversalExpr, steps hcl.Traversal) (path []string, whole hclsyntax.Node) {
	path, whole = names(steps), x
	for i := len(s.stack) - 2; i >= 0; i-- {
		switch parent := s.stack[i].(type) {
		case *hclsyntax.ParenthesesExpr:
		case *hclsyntax.IndexExpr:
			if parent.Collection != whole {
				return instance(path), whole
			}
			path = append(path, "")
		case *hclsyntax.RelativeTraversalExpr:
			path = append(path, names(parent.Traversal)...)
		case *hclsyntax.SplatExpr:
			if parent.Source != whole {
				return instance(path), whole
			}
			path = append(append(path, ""), ofElement(parent.Each)...)
		default:
			return instance(path), whole
		}
		whole = s.stack[i]
	}
	return instance(path), whole
}

// instance is a path without the key of an instance.
func instance(path []string) []string {
	if len(path) > 0 && path[0] == "" {
		return path[1:]
	}
	return path
}

// ofElement are the attributes that a splat expression takes of each element.
func ofElement(expr hclsyntax.Expression) []string {
	switch x := expr.(type) {
	case *hclsyntax.RelativeTraversalExpr:
		return append(ofElement(x.Source), names(x.Traversal)...)
	case *hclsyntax.IndexExpr:
		return append(ofElement(x.Collection), "")
	default:
		return nil
	}
}

// names are the names of the attributes of a traversal, empty for a number or a key.
func names(t hcl.Traversal) (out []string) {
	for i := range t {
		out = append(out, nameAt(t, i))
	}
	return out
}
