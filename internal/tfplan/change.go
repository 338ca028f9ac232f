package tfplan

import (
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
	if dec.PeekKind() != '{' {
		return unexpectedKind(dec, "a resource change is expected here")
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var address, mode, typ, deposed string
	var change []byte
	var seen uint
	once := func(bit uint, to *string, in *scanner) error {
		if seen&bit != 0 {
			return errDuplicate
		}
		seen |= bit
		if to == nil {
			change = in.skip()
		} else if in.peek() == '"' {
			*to = string(in.name())
		} else {
			in.skip()
		}
		return nil
	}
	in := &scanner{b: raw}
	for in.enter(); in.more('}'); {
		var err error
		switch string(in.name()) {
		case "address":
			err = once(1, &address, in)
		case "mode":
			err = once(2, &mode, in)
		case "type":
			err = once(4, &typ, in)
		case "deposed":
			err = once(8, &deposed, in)
		case "change":
			err = once(16, nil, in)
		default:
			in.skip()
		}
		if err != nil {
			return err
		}
	}
	t := resourceTypes[typ]
	if t == nil || mode != "managed" || deposed != "" || address == "" {
		return nil
	}
	w := &p.scratch
	w.buf = w.buf[:0]
	if change == nil {
		w.close(w.open('{'))
	} else if err := w.pick(&scanner{b: change}, t.change); err != nil {
		return err
	}
	return p.addChange(t, address, string(w.buf))
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
