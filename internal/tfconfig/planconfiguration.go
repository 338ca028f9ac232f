package tfconfig

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// providers writes the provider configurations of all modules by key.
func (p *planWriter) providers() {
	var walk func(m *module)
	walk = func(m *module) {
		for _, name := range slices.Sorted(maps.Keys(m.providers)) {
			decl := m.providers[name]
			p.w.name(providerKey(m, name))
			p.w.object(func() {
				p.w.texts("name", decl.typ, "full_name", m.providerSource(decl.typ))
				p.expressions(decl.bodies)
			})
		}
		for _, name := range slices.Sorted(maps.Keys(m.children)) {
			if child := m.children[name]; child.missing == "" {
				walk(child)
			}
		}
	}
	p.w.object(func() { walk(p.c.root) })
}

// module writes a module as plan JSON describes its configuration.
func (p *planWriter) module(m *module) {
	keys := slices.Sorted(maps.Keys(m.resources))
	p.w.object(func() {
		p.w.name("resources")
		p.w.array(func() {
			for _, key := range keys {
				if decl := m.resources[key]; !decl.isAction(key) {
					p.resource(m, key, decl)
				}
			}
		})
		p.w.name("actions")
		p.w.array(func() {
			for _, key := range keys {
				if decl := m.resources[key]; decl.isAction(key) {
					p.w.object(func() {
						p.w.texts("address", key, "type", decl.typ, "name", decl.label, "provider_config_key", keyOfProvider(m, decl))
						p.expressions(decl.bodies)
					})
				}
			}
		})
		p.w.name("outputs")
		p.w.object(func() {
			for _, name := range slices.Sorted(maps.Keys(m.outputs)) {
				p.w.name(name)
				p.w.object(func() { p.output(m.outputs[name].bodies) })
			}
		})
		p.w.name("module_calls")
		p.w.object(func() {
			for _, name := range slices.Sorted(maps.Keys(m.calls)) {
				p.w.name(name)
				p.w.object(func() { p.call(m.calls[name], m.children[name]) })
			}
		})
	})
}

// isAction reports whether a declaration in moduleSource.resources is an action.
func (b *block) isAction(key string) bool {
	return !strings.HasPrefix(key, "data.") && key != b.typ+"."+b.label
}

// resource writes a resource or data source.
func (p *planWriter) resource(m *module, key string, decl *block) {
	mode := "managed"
	if strings.HasPrefix(key, "data.") {
		mode = "data"
	}
	p.w.object(func() {
		p.w.texts("address", key, "mode", mode, "type", decl.typ, "name", decl.label, "provider_config_key", keyOfProvider(m, decl))
		p.expressions(decl.bodies)
		p.repetition(decl.bodies)
	})
}

// output writes what an output is made of.
func (p *planWriter) output(bs bodies) {
	if a := bs.attribute("value"); a != nil {
		p.w.name("expression")
		p.expression(a.Expr)
	}
	p.dependsOn(bs)
}

// call writes a module call with the module.
func (p *planWriter) call(decl *block, child *module) {
	p.w.texts("source", decl.source())
	p.expressions(decl.bodies, "source", "version", "providers")
	p.repetition(decl.bodies)
	if child.missing == "" {
		p.w.name("module")
		p.module(child)
	}
}

// repetition writes count, for_each and depends_on of a declaration.
func (p *planWriter) repetition(bs bodies) {
	for _, name := range []string{"count", "for_each"} {
		if a := bs.attribute(name); a != nil {
			p.w.name(name + "_expression")
			p.expression(a.Expr)
		}
	}
	p.dependsOn(bs)
}

func (p *planWriter) dependsOn(bs bodies) {
	if a := bs.attribute("depends_on"); a != nil {
		p.w.member("depends_on", dependencies(a.Expr))
	}
}

// expressions writes the arguments and blocks of a declaration, without meta-arguments and
// some others.
func (p *planWriter) expressions(bs bodies, without ...string) {
	p.w.name("expressions")
	p.block(bs, append(without, metaArguments...))
}

// block writes arguments and blocks. Those of a dynamic block are not known here.
func (p *planWriter) block(bs bodies, without []string) {
	var attributes, types []string
	for _, body := range bs {
		a, t := names(body)
		attributes, types = append(attributes, a...), append(types, t...)
	}
	written := []string{} // as blocks
	p.w.object(func() {
		for _, name := range sorted(types) {
			list := slices.DeleteFunc(bs.blocks(name), func(b *hcl.Block) bool { return b.Type == "dynamic" })
			if slices.Contains(without, name) || len(list) == 0 {
				continue
			}
			written = append(written, name)
			p.w.name(name)
			p.w.array(func() {
				for _, b := range list {
					p.block(bodies{b.Body}, metaArguments)
				}
			})
		}
		for _, name := range sorted(attributes) {
			if _, block := slices.BinarySearch(written, name); !block && !slices.Contains(without, name) {
				p.w.name(name)
				p.expression(bs.attribute(name).Expr)
			}
		}
	})
}

// sorted sorts names, each once.
func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// expression writes an argument: what it refers to, or its value where it refers to nothing.
func (p *planWriter) expression(expr hcl.Expression) {
	native := p.e.native(expr)
	var refs []string
	for _, t := range variables(native) {
		refs = append(refs, references(t)...)
	}
	p.w.object(func() {
		if len(refs) > 0 {
			p.w.member("references", refs)
		} else if v, diags := native.Value(nil); !diags.HasErrors() && v.IsWhollyKnown() {
			v, _ := v.UnmarkDeep()
			known, _ := planJSON(v)
			p.w.member("constant_value", known)
		}
	})
}
