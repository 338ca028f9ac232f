package tfplan

import (
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
	// textBody says that the body is not known as a whole: it is JSON text, where
	// what plan JSON says of references leaves out what is written as it is.
	textBody bool
	deferred bool // its change is deferred: nothing of it is known
	untyped  bool // one of several things that a resource without a known type may be
}

// after reports whether the instance exists once the plan is applied; one that
// the plan forgets stays in Azure.
func (in *instance) after() bool { return in.change != posture.ChangeDelete }

// created reports whether the plan makes the instance anew.
func (in *instance) created() bool {
	return in.change == posture.ChangeCreate || in.change == posture.ChangeReplace
}

// managed reports whether the instance is in the state once the plan is applied.
func (in *instance) managed() bool { return in.after() && in.change != posture.ChangeForget }

// unchanged reports whether the plan leaves the instance as it is.
func (in *instance) unchanged() bool {
	return in.change == posture.ChangeNoOp || in.change == posture.ChangeForget
}

// stays reports whether the plan leaves the instance as it is while it makes
// another one anew, which the instance belonged to.
func (in *instance) stays(other *instance) bool { return in.unchanged() && other.created() }

// anew is why a link to what the plan makes anew is not known.
const anew = "it does not change while the plan makes anew what it belonged to"

// inPlace is the same of what the plan updates.
const inPlace = "it is updated in place while the plan makes anew what it belonged to"

// view returns what is kept of the instance after the plan.
func (in *instance) view() view {
	if in.change == posture.ChangeForget {
		return in.before()
	}
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

// readEntry reads a resource change or a drift and copies the change to the end
// of buf; the type is nil for one that no rule asks for.
func readEntry(dec *jsontext.Decoder, buf []byte, skew int64, section string, index int) (entry, []byte, error) {
	if dec.PeekKind() != '{' {
		return entry{}, buf, unexpectedKind(dec, "a resource change is expected here")
	}
	var (
		mode, typ, deposed string
		seen               uint
	)
	e := entry{start: len(buf), end: len(buf), section: section, index: index}
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
			return once(1, readString(dec, &e.address))
		case "mode":
			return once(2, readWord(dec, &mode))
		case "type":
			return once(4, readWord(dec, &typ))
		case "deposed":
			return once(8, readString(dec, &deposed))
		case "change":
			early := typ != "" && mode != ""
			if early && (resourceTypes[typ] == nil || mode != "managed") {
				return once(16, dec.SkipValue())
			}
			raw, err := dec.ReadValue()
			if err := once(16, err); err != nil {
				return err
			}
			buf = append(buf, raw...)
			e.end, e.early, e.typ, e.offset = len(buf), early, resourceTypes[typ], dec.InputOffset()+skew
			return nil
		default:
			return dec.SkipValue()
		}
	})
	if !e.early {
		e.typ, e.offset = resourceTypes[typ], dec.InputOffset()+skew
	}
	if err != nil {
		// A duplicate key in the change comes before whatever follows the change.
		if e.early {
			if first := e.pick(&encoder{}, buf); first != nil {
				err = first
			}
		}
		return entry{}, buf[:e.start], err
	}
	if what := misnamed(e.address, mode, typ); what != "" {
		return entry{}, buf[:e.start], e.refuse(what)
	}
	e.unused = deposed != ""
	if e.typ == nil || mode != "managed" || e.unused && !e.early {
		return entry{address: e.address}, buf[:e.start], nil
	}
	return e, buf, nil
}

func (r *reader) addChange(t *resourceType, address, kept string) error {
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
		in.change = posture.ChangeForget
	case has("read"):
		return nil
	default:
		return &InputError{Cause: "a resource change has no action that is known", Path: "/resource_changes"}
	}
	var module string
	module, in.cfg = r.split(address)
	in.module = module
	if _, ok := r.instances[address]; ok {
		return &InputError{Cause: "two resource changes have the same address", Path: "/resource_changes"}
	}
	r.instances[address] = in
	r.byType[t] = append(r.byType[t], in)
	return nil
}

// split takes an instance address apart: the address of its module instance,
// and its address in the configuration, which has no instance keys.
func (r *reader) split(address string) (module, cfg string) {
	end, plain := 0, r.scratch.buf[:0]
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
	r.scratch.buf = plain
	cfg, ok := r.intern[string(plain)]
	if !ok {
		cfg = string(plain)
		r.intern[cfg] = cfg
	}
	return r.share(address[:end]), cfg
}

func (r *reader) share(s string) string {
	if s == "" {
		return ""
	}
	if have, ok := r.intern[s]; ok {
		return have
	}
	r.intern[s] = s
	return s
}

func readString(dec *jsontext.Decoder, to *string) error {
	if dec.PeekKind() != '"' {
		return dec.SkipValue()
	}
	raw, err := dec.ReadValue()
	if err == nil {
		*to = string(memberName(raw))
	}
	return err
}

// readWord reads a mode or a type; those that count take no memory of their own.
func readWord(dec *jsontext.Decoder, to *string) error {
	if dec.PeekKind() != '"' {
		return dec.SkipValue()
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	word := memberName(raw)
	switch t := resourceTypes[string(word)]; {
	case t != nil:
		*to = t.name
	case string(word) == "managed":
		*to = "managed"
	default:
		*to = string(word)
	}
	return nil
}
