package tfconfig

import (
	"errors"
	"fmt"
	"maps"
	"slices"
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

// unfetched are remarks on the calls of modules whose source is not there, one for each
// place. A call of which there are no instances is none.
func (p *planWriter) unfetched() (notes []string) {
	var walk func(m *moduleInstance)
	walk = func(m *moduleInstance) {
		for _, name := range slices.Sorted(maps.Keys(m.calls)) {
			p.e.begin()
			x, child := p.e.expansion(m, m.calls[name], "module."+name), m.module.children[name]
			keys := x.keys
			if !x.known {
				keys = []Key{{}}
			}
			for _, k := range keys {
				if child.missing == "" {
					walk(p.e.child(m, name, k))
				} else if note := fmt.Sprintf("%smodule.%s: %s; what is in it is not seen", p.opts.at(m.calls[name].rng), name,
					child.missing); !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
			}
		}
	}
	walk(p.e.root)
	return notes
}
