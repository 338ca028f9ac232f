package tfplan

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// instance is one resource instance with a change, as far as rules ask for it.
type instance struct {
	address string
	typ     *resourceType
	cfg     string // address in the configuration: without any instance key
	module  string // address of the module instance; empty for the root
	change  posture.Change
	kept    string // the kept part of the change, as encoder writes it
	// translated says that kept was put into the terms of azurerm.
	translated bool
	hidden     bool // a sensitive_body is merged over what was translated
}

// after reports whether the instance exists once the plan is applied.
func (in *instance) after() bool { return in.change != posture.ChangeDelete }

// created reports whether the plan makes the instance anew.
func (in *instance) created() bool {
	return in.change == posture.ChangeCreate || in.change == posture.ChangeReplace
}

// view returns what is kept of the instance after the plan.
func (in *instance) view() view {
	n, _ := cut(in.kept)
	return newView(n.get("after"), n.get("after_unknown"), n.get("after_sensitive"))
}

// before returns what is kept of the instance before the plan.
func (in *instance) before() view {
	if in.change == posture.ChangeCreate {
		return view{}
	}
	n, _ := cut(in.kept)
	return newView(n.get("before"), node{}, n.get("before_sensitive"))
}

// both returns before and after.
func (in *instance) both() (before, after view) { return in.before(), in.view() }

// readChange reads one item of resource_changes.
func (p *Plan) readChange(dec *jsontext.Decoder) error {
	t, address, kept, err := p.readEntry(dec)
	if err != nil || t == nil {
		return err
	}
	return p.addChange(t, address, kept)
}

// readEntry reads what is kept of a resource change or of a drift; the type is
// nil for one that no rule asks for.
func (p *Plan) readEntry(dec *jsontext.Decoder) (*resourceType, string, string, error) {
	if dec.PeekKind() != '{' {
		return nil, "", "", unexpectedKind(dec, "a resource change is expected here")
	}
	var (
		address, mode, typ, deposed string
		held                        []byte // a change that comes before its type
		wanted                      *resourceType
		seen                        uint
	)
	w := &p.scratch
	w.buf = w.buf[:0]
	once := func(bit uint, read error) error {
		if seen&bit != 0 {
			return errDuplicate
		}
		seen |= bit
		return read
	}
	err := members(dec, func(name string) error {
		switch name {
		case "address":
			return once(1, readString(dec, &address))
		case "mode":
			return once(2, readString(dec, &mode))
		case "type":
			return once(4, readString(dec, &typ))
		case "deposed":
			return once(8, readString(dec, &deposed))
		case "change":
			wanted = resourceTypes[typ]
			if typ != "" && mode != "" && (wanted == nil || mode != "managed") {
				return once(16, dec.SkipValue())
			}
			raw, err := dec.ReadValue()
			if err := once(16, err); err != nil {
				return err
			}
			if typ == "" || mode == "" {
				held = bytes.Clone(raw)
				return nil
			}
			return w.pick(&scanner{b: raw}, wanted.change)
		default:
			return dec.SkipValue()
		}
	})
	t := resourceTypes[typ]
	if err != nil || t == nil || mode != "managed" || deposed != "" || address == "" {
		return nil, "", "", err
	}
	switch {
	case held != nil:
		err = w.pick(&scanner{b: held}, t.change)
	case wanted == nil:
		w.close(w.open('{')) // without a change
	}
	return t, address, string(w.buf), err
}

func (p *Plan) addChange(t *resourceType, address, kept string) error {
	n, _ := cut(kept)
	actions := n.get("actions")
	has := func(a string) bool {
		for have := range actions.elems() {
			if have.str() == a {
				return true
			}
		}
		return false
	}
	in := &instance{address: address, typ: t, kept: kept}
	switch {
	case has("create") && (has("delete") || has("forget")):
		in.change = posture.ChangeReplace
	case has("create"):
		in.change = posture.ChangeCreate
	case has("update"):
		in.change = posture.ChangeUpdate
	case has("delete"):
		in.change = posture.ChangeDelete
	case has("no-op"):
		in.change = posture.ChangeNoOp
	case has("forget"):
		if t.cache {
			p.forgotten = append(p.forgotten, address)
		}
		return nil
	case has("read"):
		return nil
	default:
		return &InputError{Cause: "a resource change has no action that is known", Path: "/resource_changes"}
	}
	var module string
	module, in.cfg = p.split(address)
	in.module = module
	if _, ok := p.instances[address]; ok {
		return &InputError{Cause: "two resource changes have the same address", Path: "/resource_changes"}
	}
	p.instances[address] = in
	p.byType[t] = append(p.byType[t], in)
	return nil
}

// split takes an instance address apart: the address of its module instance,
// and its address in the configuration, which has no instance keys.
func (p *Plan) split(address string) (module, cfg string) {
	end, plain := 0, p.scratch.buf[:0]
	modules := true // only module steps so far
	for i, step := 0, 0; i < len(address); step++ {
		name := i
		for i < len(address) && address[i] != '.' && address[i] != '[' {
			i++
		}
		plain = append(plain, address[name:i]...)
		if step%2 == 0 && address[name:i] != "module" {
			modules = false
		}
		for i < len(address) && address[i] == '[' {
			i += keyEnd(address[i:])
		}
		if modules && step%2 == 1 {
			end = i
		}
		if i < len(address) && address[i] == '.' {
			i++
			plain = append(plain, '.')
		}
	}
	p.scratch.buf = plain
	cfg, ok := p.intern[string(plain)]
	if !ok {
		cfg = string(plain)
		p.intern[cfg] = cfg
	}
	return p.share(address[:end]), cfg
}

func (p *Plan) share(s string) string {
	if s == "" {
		return ""
	}
	if have, ok := p.intern[s]; ok {
		return have
	}
	p.intern[s] = s
	return s
}

func readString(dec *jsontext.Decoder, to *string) error {
	if dec.PeekKind() != '"' {
		return dec.SkipValue()
	}
	tok, err := dec.ReadToken()
	if err == nil {
		*to = strings.Clone(tok.String())
	}
	return err
}
