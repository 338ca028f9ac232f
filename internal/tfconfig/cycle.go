package tfconfig

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// cycles is an error for the first cycle of references among the locals and resources of
// each module, at the place of one of them.
func (c *Configuration) cycles() (err error) {
	c.eachSource(func(m *moduleSource) { err = errors.Join(err, m.cycle()) })
	return err
}

// cycle is an error for the first cycle of references in a module. A resource that refers
// to itself is none.
func (m *moduleSource) cycle() error {
	const open, done = 1, 2
	state := map[string]int{}
	var path []string
	var visit func(name string) error
	visit = func(name string) error {
		switch state[name] {
		case open:
			round := append(path[slices.Index(path, name):], name)
			if len(round) == 2 && !strings.HasPrefix(name, "local.") {
				return nil
			}
			at := m.place(name)
			return fmt.Errorf("%s:%d: a cycle: %s", at.Filename, at.Start.Line, strings.Join(round, " refers to "))
		case done:
			return nil
		}
		state[name], path = open, append(path, name)
		for _, to := range m.referred(name) {
			if err := visit(to); err != nil {
				return err
			}
		}
		state[name], path = done, path[:len(path)-1]
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.locals)) {
		if err := visit("local." + name); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.resources)) {
		if err := visit(name); err != nil {
			return err
		}
	}
	return nil
}

// place is where a local or resource is declared.
func (m *moduleSource) place(name string) hcl.Range {
	if local, ok := strings.CutPrefix(name, "local."); ok {
		return m.locals[local].Range()
	}
	return m.resources[name].rng
}

// referred are the locals and resources to which one of them refers, each once.
func (m *moduleSource) referred(name string) (out []string) {
	var expressions []hcl.Expression
	if local, ok := strings.CutPrefix(name, "local."); ok {
		expressions = append(expressions, m.locals[local])
	} else {
		expressions = m.resources[name].bodies.expressions()
	}
	for _, expr := range expressions {
		refs := expr.Variables
		if n, ok := expr.(hclsyntax.Expression); ok {
			refs = func() []hcl.Traversal { return variables(n) }
		}
		for _, t := range refs() {
			n := needOf(t)
			to := n.resource()
			_, known := m.resources[to]
			if n.root == "local" {
				to = "local." + n.name
				_, known = m.locals[n.name]
			}
			if known && !slices.Contains(out, to) {
				out = append(out, to)
			}
		}
	}
	return out
}
