package tfplan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// ask asks the configuration's source what an argument is; path is written as
// in plan JSON.
func (p *references) ask(in *instance, path string) tfconfig.Reference {
	if p.evaluator == nil {
		return tfconfig.Reference{}
	}
	if x, action := p.invocations[in]; action {
		return p.evaluator.ActionReference(in.address, x.caller, steps(path)...)
	}
	return p.evaluator.Reference(in.address, steps(path)...)
}

// askLeaf returns the one instance that the source finds behind an argument.
func (p *references) askLeaf(in *instance, path string) (leaf, bool) {
	return leafOf(p.ask(in, path))
}

func leafOf(ref tfconfig.Reference) (leaf, bool) {
	if ref.Kind != tfconfig.Instance {
		return leaf{}, false
	}
	segs := parseInModule(ref.Address)
	l := leaf{address: ref.Address, attribute: ref.Attribute, sure: true, exact: true}
	if segs[0].name == "data" && len(segs) > 2 {
		l.data, segs = true, segs[1:]
	}
	l.typ = segs[0].name
	return l, true
}

// askString returns a string that the source knows although the plan does not.
func (p *references) askString(in *instance, path string) (string, bool) {
	ref := p.ask(in, path)
	return ref.Value, ref.Kind == tfconfig.KnownString && ref.Value != ""
}

// askID returns the id that an argument will be that is made of the text of ids which do
// not exist yet; empty where it will be null.
func (p *references) askID(in *instance, path string) (string, bool) {
	if _, action := p.invocations[in]; action || p.evaluator == nil {
		return "", false
	}
	if ref := p.ask(in, path); ref.Kind != tfconfig.Unresolved || !ref.Computed {
		return "", false
	}
	return p.evaluator.IDText(in.address, steps(path)...)
}

// allowed reports whether what the source says agrees with the references that
// plan JSON lists: the source of another plan must not decide anything.
func allowed(leaves []leaf, l leaf) bool {
	for _, have := range leaves {
		switch {
		case have.none:
		case have.opaque, have.data, !strings.HasPrefix(have.typ, "azurerm_") && have.typ != l.typ:
			return true
		case have.typ != l.typ:
			if have.attribute != "id" {
				return true // its attribute may hold what was passed to it
			}
		case have.address == l.address, have.keyless() && (have.group == withoutLastKey(l.address) || have.group == withoutKeys(l.address)):
			return true
		}
	}
	return false
}

func withoutLastKey(address string) string {
	segs := parseRef(address)
	if len(segs) > 0 {
		segs[len(segs)-1].key = ""
	}
	return renderRef(segs)
}

func withoutKeys(address string) string {
	segs := parseRef(address)
	for i := range segs {
		segs[i].key = ""
	}
	return renderRef(segs)
}

// omitted reports whether the source is known to write no block of a name, dynamic
// ones included.
func (p *references) omitted(in *instance, block string) posture.Tri {
	if p.evaluator == nil {
		return posture.Maybe
	}
	got := p.evaluator.Block(in.address, steps(block)...)
	if !got.Known {
		return posture.Maybe
	}
	return posture.FromBool(got.Count == 0)
}

// steps turns a path of plan JSON into names and numbers.
func steps(path string) []any {
	var out []any
	for _, s := range parseRef(path) {
		out = append(out, s.name)
		for key := s.key; key != ""; {
			n := keyEnd(key)
			if i, err := strconv.Atoi(strings.Trim(key[:n], "[]")); err == nil {
				out = append(out, i)
			}
			key = key[n:]
		}
	}
	return out
}

// describe says which expression is not resolved, and what would resolve it.
func (p *references) describe(in *instance, path string) string {
	if p.evaluator != nil {
		if ref := p.ask(in, path); ref.Kind == tfconfig.Unresolved && ref.Expression != "" {
			if ref.Repeated {
				return fmt.Sprintf("%s is in a dynamic block over %s (%s line %d), which is not settled by the configuration: %s", path,
					ref.Expression, ref.Position.File, ref.Position.Line, ref.Why)
			}
			return fmt.Sprintf("%s = %s (%s line %d) is not settled by the configuration: %s", path, ref.Expression, ref.Position.File,
				ref.Position.Line, ref.Why)
		} else if ref.Kind == tfconfig.Unresolved && ref.Why != "" {
			return fmt.Sprintf("%s is not settled by the configuration: %s", path, ref.Why)
		}
	}
	settle := "; --config would settle it"
	if p.evaluator != nil {
		settle = ", which the configuration does not settle either"
	}
	e, ok := p.config.resources[in.cfg].expression(path)
	if !ok || len(e.references) == 0 {
		return path + " has no expression in plan JSON (a dynamic block, perhaps)" + settle
	}
	refs := e.references
	if len(refs) > 4 {
		refs = append(slices.Clone(refs[:4]), "…")
	}
	return fmt.Sprintf("%s refers to %s%s", path, strings.Join(refs, ", "), settle)
}

// describeBlock says why a block is unknown as a whole, and what would resolve it.
func (p *references) describeBlock(in *instance, block string) string {
	if p.evaluator == nil {
		return block + " is omitted, or a dynamic block; --config would settle it"
	}
	got := p.evaluator.Block(in.address, steps(block)...)
	if got.Expression == "" {
		return block + " is not settled by the configuration"
	}
	return fmt.Sprintf("%s is a dynamic block over %s (%s line %d), which is not settled by the configuration: %s", block, got.Expression,
		got.Position.File, got.Position.Line, got.Why)
}
