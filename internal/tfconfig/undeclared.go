package tfconfig

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// undeclared is a reference to something that a module does not declare.
type undeclared struct {
	name string
	at   hcl.Range
}

// undeclared lists what the expressions of a module refer to and it does not declare, each
// name at its first place, in the order of files and lines.
func (m *moduleSource) undeclared() (out []undeclared) {
	look := func(list []hcl.Expression) {
		for _, expr := range list {
			refs := expr.Variables
			if n, ok := expr.(hclsyntax.Expression); ok {
				refs = func() []hcl.Traversal { return variables(n) }
			}
			for _, t := range refs() {
				if name := m.lacks(needOf(t)); name != "" {
					out = append(out, undeclared{name, t.SourceRange()})
				}
			}
		}
	}
	for _, expr := range m.locals {
		look([]hcl.Expression{expr})
	}
	for _, group := range []map[string]*block{m.resources, m.calls, m.providers, m.outputs} {
		for _, decl := range group {
			look(decl.bodies.expressions())
		}
	}
	slices.SortFunc(out, func(a, b undeclared) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.at.Filename, b.at.Filename), a.at.Start.Byte-b.at.Start.Byte)
	})
	out = slices.CompactFunc(out, func(a, b undeclared) bool { return a.name == b.name })
	slices.SortFunc(out, func(a, b undeclared) int {
		return cmp.Or(cmp.Compare(a.at.Filename, b.at.Filename), a.at.Start.Byte-b.at.Start.Byte)
	})
	return out
}

// lacks is the name of a reference that is not declared; empty for another one. A reference
// whose first word has no underscore may be to a provider or to the iterator of a block, and
// one to the key or value of something is to such an iterator.
func (m *moduleSource) lacks(n need) string {
	name, there := "", false
	switch {
	case n.name == "":
		return ""
	case n.root == "var":
		name, there = "var."+n.name, m.variables[n.name] != nil
	case n.root == "local":
		name, there = "local."+n.name, m.locals[n.name] != nil
	case n.root == "module":
		name, there = "module."+n.name, m.calls[n.name] != nil
	case n.root == "data" || strings.Contains(n.root, "_") && n.name != "key" && n.name != "value":
		name, there = n.resource(), m.resources[n.resource()] != nil
	}
	if there {
		return ""
	}
	return name
}

// declaredLike are the names among which the one of an undeclared reference may be meant.
func (m *moduleSource) declaredLike(name string) (names []string) {
	switch kind, _, _ := strings.Cut(name, "."); kind {
	case "var":
		for n := range maps.Keys(m.variables) {
			names = append(names, "var."+n)
		}
	case "local":
		for n := range maps.Keys(m.locals) {
			names = append(names, "local."+n)
		}
	}
	slices.Sort(names)
	return names
}

// unmet notes the validations of variables that a module instance does not meet, once for
// each place. Their messages, which may hold values, are left out.
func (p *planWriter) unmet(m *moduleInstance) {
	for _, name := range slices.Sorted(maps.Keys(m.variables)) {
		for _, v := range m.variables[name].bodies.blocks("validation") {
			a := attribute(v.Body, "condition")
			if a == nil {
				continue
			}
			p.e.begin()
			if meets, known := knownBool(p.e.evaluate(a.Expr, scope{module: m})); known && !meets {
				p.noteOnce(a.Range, "the value of var."+name+" does not meet this condition: Terraform refuses it")
			}
		}
	}
}

// noteOnce adds a note about a place that is not there yet.
func (p *planWriter) noteOnce(at hcl.Range, text string) {
	if note := p.opts.at(at) + text; !slices.Contains(p.notes, note) {
		p.notes = append(p.notes, note)
	}
}
