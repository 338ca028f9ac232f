package tfconfig

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Fragment is a block of a file that declares a resource, or a part of one: the block of
// an override file stands in another file.
type Fragment struct {
	File string // relative to the root module
	Data []byte // of the whole file
	// Index is the number of the block among those of the file that stand in no other.
	Index int
}

// Type is the type of a resource; empty where the user's own source has only a module call.
func (d *Declaration) Type() string {
	if d.block == nil {
		return ""
	}
	return d.block.typ
}

// Name is the name of a resource within its module.
func (d *Declaration) Name() string { return d.block.label }

// Address is the address of a resource without instance keys.
func (d *Declaration) Address() string { return join(d.module.address(), d.Type()+"."+d.Name()) }

// Repeated is the meta-argument that makes several instances of a resource, count or
// for_each; empty where there is none.
func (d *Declaration) Repeated() string {
	for _, name := range []string{"count", "for_each"} {
		if d.block.bodies.attribute(name) != nil {
			return name
		}
	}
	return ""
}

// RepeatedAt reports whether another resource of the module has several instances.
func (d *Declaration) RepeatedAt(typ, name string) bool {
	return (&Declaration{block: d.module.resources[typ+"."+name]}).Repeated() != ""
}

// TextAt is the text that is written for an argument of another resource of the module; false
// where it is no literal.
func (d *Declaration) TextAt(typ, name, argument string) (string, bool) {
	a := d.module.resources[typ+"."+name].bodies.attribute(argument)
	if a == nil {
		return "", false
	}
	return literal(a.Expr)
}

// Call is the name of the function that is called for an argument; empty for none.
func (d *Declaration) Call(argument string) string {
	a := d.block.bodies.attribute(argument)
	if a == nil {
		return ""
	}
	call, diags := hcl.ExprCall(a.Expr)
	if diags.HasErrors() {
		return ""
	}
	return call.Name
}

// Beside are the names of the resources of a type in the module of a declaration, sorted.
func (d *Declaration) Beside(typ string) (names []string) {
	for _, key := range slices.Sorted(maps.Keys(d.module.resources)) {
		if b := d.module.resources[key]; b.typ == typ && key == typ+"."+b.label {
			names = append(names, b.label)
		}
	}
	return names
}

// DeclarationAt finds the declaration of the resource whose first line is at a position.
func (c *Configuration) DeclarationAt(at Position) (found *Declaration, ok bool) {
	var visit func(m *module)
	visit = func(m *module) {
		if m.missing != "" {
			return
		}
		for _, b := range m.resources {
			if position(b.rng) == at {
				found = &Declaration{header: at, block: b, module: m, config: c}
			}
		}
		for name, child := range m.children {
			if isLocal(m.calls[name].source()) {
				visit(child)
			}
		}
	}
	visit(c.root)
	return found, found != nil
}

// Fragments are the blocks that declare a resource: the first, and those of override files
// in the order in which they count. The error says why nobody may edit them for all
// instances of the resource at once.
func (d *Declaration) Fragments() ([]Fragment, error) {
	if d.block == nil {
		return nil, errors.New("the resource stands in a module that was fetched, or that is missing")
	}
	if err := d.shared(); err != nil {
		return nil, err
	}
	var out []Fragment
	for _, body := range d.block.bodies {
		native, ok := body.(*hclsyntax.Body)
		if !ok {
			return nil, fmt.Errorf("%s declares it in JSON syntax, which nothing edits", body.MissingItemRange().Filename)
		}
		name := native.SrcRange.Filename
		data := d.module.files[name]
		file, _ := hclsyntax.ParseConfig(data, name, hcl.InitialPos) // the file was parsed before
		top, ok := file.Body.(*hclsyntax.Body)
		if !ok {
			return nil, fmt.Errorf("%s cannot be parsed", name)
		}
		index := slices.IndexFunc(top.Blocks, func(b *hclsyntax.Block) bool { return b.Body.SrcRange == native.SrcRange })
		if index < 0 {
			return nil, fmt.Errorf("the block is not found in %s", name)
		}
		out = append(out, Fragment{File: name, Data: data, Index: index})
	}
	return out, nil
}

// shared is an error where several calls, or instances of one, share the module of a
// declaration.
func (d *Declaration) shared() error {
	for m := d.module; m.parent != nil; m = m.parent {
		call := m.call()
		for _, name := range []string{"count", "for_each"} {
			if call.bodies.attribute(name) != nil {
				return fmt.Errorf("%s has %s, and its instances share the resource", m.address(), name)
			}
		}
	}
	calls := 0
	var count func(m *module)
	count = func(m *module) {
		if m.moduleSource == d.module.moduleSource {
			calls++
		}
		for _, child := range m.children {
			count(child)
		}
	}
	count(d.config.root)
	if calls > 1 {
		return fmt.Errorf("%d module calls share the resource", calls)
	}
	return nil
}

// Ignored finds what makes Terraform, or azapi, keep an argument of an instance that exists as
// it is, and where it stands: ignore_changes of the lifecycle, or ignore_body_changes, which may
// be no literal. The path names nested blocks or objects, then the argument.
func (d *Declaration) Ignored(path []string) (says string, at Position, ok bool) {
	for _, a := range d.block.bodies.lifecycle("ignore_changes") {
		list, diags := hcl.ExprList(a.Expr)
		if diags.HasErrors() || slices.ContainsFunc(list, func(e hcl.Expression) bool { return covers(e, path) }) {
			return "lifecycle ignores", position(a.Range), true // no list is the word all
		}
	}
	a := d.block.bodies.attribute("ignore_body_changes") // source: azapi 1.9 to 1.15, and from 2.12 on
	if a == nil || path[0] != "body" {
		return "", Position{}, false
	}
	list, diags := hcl.ExprList(a.Expr)
	computed := diags.HasErrors()
	for _, e := range list {
		text, ok := literal(e)
		computed = computed || !ok
		if ok && strings.HasPrefix(strings.Join(path[1:], ".")+".", text+".") {
			return a.Name + " ignores", position(a.Range), true
		}
	}
	return a.Name + " may ignore", position(a.Range), computed
}

// covers reports whether an element of ignore_changes names an argument, or something around it.
func covers(element hcl.Expression, path []string) bool {
	t, diags := hcl.AbsTraversalForExpr(element)
	if text, ok := literal(element); ok { // quotes are deprecated
		t, diags = hclsyntax.ParseTraversalAbs([]byte(text), "", hcl.InitialPos)
	}
	if diags.HasErrors() {
		return true // Terraform refuses it, or knows more than this program
	}
	names := stepNames(t)
	return len(names) <= len(path) && slices.Equal(names, path[:len(names)])
}

// stepNames are the names of a traversal, and keys in brackets that are text: the number of a
// block is left out.
func stepNames(t hcl.Traversal) (names []string) {
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type() == cty.String {
				names = append(names, step.Key.AsString())
			}
		}
	}
	return names
}

// mostOrigins bounds the references that [Declaration.Origin] follows.
const mostOrigins = 20

// Origin is where the value of an expression that stands in the declaration is decided:
// the end of the references that lead from variables, locals, outputs and arguments to one
// another, as far as each expression has one.
func (d *Declaration) Origin(expr hcl.Expression) Position {
	at := origin{site{d.module, d.block}, expr}
	rng := expr.Range()
	for range mostOrigins {
		var needs []need
		for _, t := range at.expr.Variables() {
			if n := needOf(t); !slices.Contains(needs, n) {
				needs = append(needs, n)
			}
		}
		if len(needs) != 1 {
			break
		}
		next := at.origins(needs[0])
		if variable := at.module.variables[needs[0].name]; needs[0].root == "var" && len(next) == 0 && variable != nil {
			rng = variable.rng
			if a := variable.bodies.attribute("default"); a != nil {
				rng = a.Range
			}
			break
		}
		if len(next) != 1 {
			break
		}
		at = next[0]
		rng = at.expr.Range()
	}
	return position(rng)
}
