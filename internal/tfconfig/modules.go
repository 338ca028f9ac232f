package tfconfig

import (
	"maps"
	"slices"
)

// Module is a module of a configuration, as its files have it.
type Module struct {
	Address string            // without instance keys; empty for the root
	Files   map[string][]byte // by their names relative to the root module
	Absent  map[string]bool   // the names of the calls whose module is not there
}

// Modules are the modules of the configuration that are there, one for each call.
func (c *Configuration) Modules() (out []Module) {
	var visit func(m *module)
	visit = func(m *module) {
		one := Module{Address: m.address(), Files: m.files, Absent: map[string]bool{}}
		for _, name := range slices.Sorted(maps.Keys(m.children)) {
			one.Absent[name] = m.children[name].missing != ""
		}
		out = append(out, one)
		for _, name := range slices.Sorted(maps.Keys(m.children)) {
			if !one.Absent[name] {
				visit(m.children[name])
			}
		}
	}
	visit(c.root)
	return out
}
