package tfplan

import (
	"bytes"
	"slices"
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
	raw     []byte // the kept part of the change, as JSON
	// translated says that raw was put into the terms of azurerm.
	translated bool
}

// after reports whether the instance exists once the plan is applied.
func (in *instance) after() bool { return in.change != posture.ChangeDelete }

// created reports whether the plan makes the instance anew.
func (in *instance) created() bool {
	return in.change == posture.ChangeCreate || in.change == posture.ChangeReplace
}

// view returns what is kept of the instance after the plan.
func (in *instance) view() view {
	n := parseParts(in.raw, "after", "after_unknown", "after_sensitive")
	return newView(n.get("after"), n.get("after_unknown"), n.get("after_sensitive"))
}

// before returns what is kept of the instance before the plan.
func (in *instance) before() view {
	if in.change == posture.ChangeCreate {
		return view{}
	}
	n := parseParts(in.raw, "before", "before_sensitive")
	return newView(n.get("before"), node{}, n.get("before_sensitive"))
}

// both returns before and after.
func (in *instance) both() (before, after view) { return in.before(), in.view() }

// readChange reads one item of resource_changes.
func (p *Plan) readChange(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '{' {
		return unexpectedKind(dec, "a resource change is expected here")
	}
	var (
		address, mode, typ string
		deposed            bool
		held, kept         []byte
		seen               = map[string]bool{}
	)
	err := members(dec, func(name string) error {
		switch name {
		case "address", "mode", "type", "change", "deposed":
			if seen[name] {
				return errDuplicate
			}
			seen[strings.Clone(name)] = true
		}
		switch name {
		case "address":
			return readString(dec, &address)
		case "mode":
			return readString(dec, &mode)
		case "type":
			return readString(dec, &typ)
		case "deposed":
			var key string
			err := readString(dec, &key)
			deposed = key != ""
			return err
		case "change":
			if typ == "" || mode == "" {
				raw, err := dec.ReadValue()
				held = bytes.Clone(raw)
				return err
			}
			t := resourceTypes[typ]
			if t == nil || mode != "managed" {
				return dec.SkipValue()
			}
			var err error
			p.scratch, err = pick(dec, t.change, p.scratch[:0])
			kept = p.scratch
			return err
		default:
			return dec.SkipValue()
		}
	})
	t := resourceTypes[typ]
	if err != nil || t == nil || mode != "managed" || deposed || address == "" {
		return err
	}
	if held != nil {
		if kept, err = pick(subDecoder(held), t.change, nil); err != nil {
			return err
		}
	}
	return p.addChange(t, address, bytes.Clone(kept))
}

func (p *Plan) addChange(t *resourceType, address string, kept []byte) error {
	n := parseParts(kept, "actions")
	var actions []string
	for _, a := range n.get("actions").kids {
		actions = append(actions, a.str())
	}
	has := func(a string) bool { return slices.Contains(actions, a) }
	in := &instance{address: address, typ: t, raw: kept}
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
	segs := parseRef(address)
	i := 0
	for i+1 < len(segs) && segs[i].name == "module" {
		i += 2
	}
	module = renderRef(segs[:i])
	for k := range segs {
		segs[k].key = ""
	}
	cfg = renderRef(segs)
	if have, ok := p.intern[cfg]; ok {
		return p.share(module), have
	}
	p.intern[cfg] = cfg
	return p.share(module), cfg
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
