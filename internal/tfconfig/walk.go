package tfconfig

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// absent is an error for the modules that are not there and whose calls Terraform refuses.
func (p *planWriter) absent(m *module) (err error) {
	for _, name := range slices.Sorted(maps.Keys(m.children)) {
		child := m.children[name]
		switch at := m.calls[name].rng; {
		case child.missing == "":
			err = errors.Join(err, p.absent(child))
		case child.refused:
			err = errors.Join(err, fmt.Errorf("%s:%d: %s: %s", at.Filename, at.Start.Line, join(m.address(), "module."+name), child.missing))
		}
	}
	return err
}

// walk visits every module instance of the configuration before the plan is written. It
// takes the notes on each, and is an error for what Terraform refuses there.
func (p *planWriter) walk() (err error) {
	var visit func(m *moduleInstance)
	visit = func(m *moduleInstance) {
		err = errors.Join(err, p.e.refusedRepetitions(m))
		p.unmet(m)
		for _, name := range slices.Sorted(maps.Keys(m.calls)) {
			p.e.begin()
			x := p.e.expansion(m, m.calls[name], "module."+name)
			keys := x.keys
			if !x.known {
				keys = []Key{{}}
			}
			for _, k := range keys {
				if child := p.e.child(m, name, k); child != nil {
					visit(child)
				} else {
					p.unfetched(m, name)
				}
			}
		}
		p.e.forget(m)
	}
	visit(p.e.root)
	p.c.eachSource(func(m *moduleSource) {
		for _, u := range m.undeclared() {
			p.noteOnce(u.at, u.name+" is not declared: Terraform refuses it, and it is not known"+suggest.DidYouMean(u.name, m.declaredLike(u.name)))
		}
	})
	return err
}

// unfetched notes the call of a module whose source is not there, once for each place. A call
// of which there are no instances is none.
func (p *planWriter) unfetched(m *moduleInstance, name string) {
	note := fmt.Sprintf("%smodule.%s: %s; what is in it is not seen", p.opts.at(m.calls[name].rng), name, m.module.children[name].missing)
	if !slices.Contains(p.missing, note) {
		p.missing = append(p.missing, note)
	}
}
