package tfplan

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// reader reads a document, whose parts may come in any order. It is dropped once
// all is read.
type reader struct {
	*document
	src  *source
	seen map[string]bool

	keepSource    bool // the configuration's source is at hand
	version       string
	hasVersion    bool
	errored       bool
	sections      int // of a plan's own sections
	state         bool
	changes       bool     // resource_changes is a list
	planned       bool     // planned_values has resources
	plannedCaches []string // addresses of caches in planned_values

	deferredChanges []deferredChange
	intern          map[string]string // addresses, each kept once
	scratch         encoder
}

// readDocument reads a plan and refuses what is none. It reads the text up to the end of
// the plan, or to where an error is.
func readDocument(ctx context.Context, in *text, opts Options) (*document, error) {
	src := newSource(ctx, in, opts.MaxSize)
	r := &reader{document: newDocument(), src: src, seen: map[string]bool{}, keepSource: opts.Configuration != nil,
		intern: map[string]string{}, scratch: encoder{migration: opts.Migration}}
	r.migration, r.config.migration = opts.Migration, opts.Migration
	r.unplanned = opts.unplanned
	if err := r.run(); err != nil {
		in.ahead = src.dec.UnreadBuffer()
		return nil, src.fail(err)
	}
	in.unread(len(src.dec.UnreadBuffer()))
	r.config.noteProviders()
	r.config.names = nil
	err := r.verdict()
	if err == nil {
		err = r.addDeferred()
	}
	var bad *InputError
	if errors.As(err, &bad) {
		bad.Line, bad.whole = src.line, true
	}
	return r.document, err
}

func (r *reader) run() error {
	dec := r.src.dec
	return members(dec, func(name string) error {
		if len(r.seen) > 1000 {
			return &InputError{Cause: "the input is no plan: it has too many top-level keys", Offset: dec.InputOffset() + r.src.skew}
		}
		if r.seen[name] {
			return errDuplicate
		}
		r.seen[name] = true
		return r.section(name)
	})
}

func (r *reader) section(name string) error {
	dec := r.src.dec
	switch name {
	case "format_version":
		r.hasVersion = true
		if dec.PeekKind() != '"' {
			return unexpectedKind(dec, "the format version is no string")
		}
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		r.version = strings.Clone(tok.String())
		// The keys of another major version may mean anything.
		return checkVersion(r.version)
	case "errored":
		is, err := r.boolean(name)
		r.errored = is
		return err
	case "complete":
		is, err := r.boolean(name)
		r.complete = completeNo
		if is {
			r.complete = completeYes
		}
		return err
	case "resource_changes":
		r.sections++
		r.changes = dec.PeekKind() == '['
		return r.readChanges()
	case "configuration":
		r.sections++
		r.config.unordered = r.changes && !r.asksOrder()
		return r.config.read(dec)
	case "planned_values":
		r.sections++
		return members(dec, func(name string) error {
			if name != "root_module" {
				return dec.SkipValue()
			}
			return r.plannedModule(dec)
		})
	case "output_changes":
		r.sections++
		return r.readOutputs(dec)
	case "resource_drift":
		return array(dec, func() error { return r.readDrift(dec, r.src.skew) })
	case "deferred_changes":
		return array(dec, func() error { return r.readDeferred(dec, r.src.skew) })
	case "action_invocations":
		return array(dec, func() error { return r.readInvocation(dec, r.src.skew) })
	case "deferred_action_invocations":
		return array(dec, func() error {
			return members(dec, func(name string) error {
				if name != "action_invocation" {
					return dec.SkipValue()
				}
				return r.readInvocation(dec, r.src.skew)
			})
		})
	case "variables":
		return r.readVariables()
	case "prior_state":
		return r.readPriorState(dec)
	case "values", "lineage", "serial":
		r.state = true
		return dec.SkipValue()
	default:
		return dec.SkipValue()
	}
}

// boolean reads a truth value at the top level of a plan.
func (r *reader) boolean(name string) (bool, error) {
	dec := r.src.dec
	kind := dec.PeekKind()
	if kind != 't' && kind != 'f' {
		return false, unexpectedKind(dec, name+" is no truth value")
	}
	return kind == 't', dec.SkipValue()
}

// readVariables keeps variables only as far as they can name a subscription.
func (r *reader) readVariables() error {
	dec := r.src.dec
	return members(dec, func(name string) error {
		return members(dec, func(key string) error {
			if key != "value" {
				return dec.SkipValue()
			}
			raw, err := dec.ReadValue()
			r.keepVariable(name, raw)
			if mentionsCache(string(raw)) {
				r.cacheVariables[name] = true
			}
			if err == nil && len(raw) == 38 && isGUID(string(raw[1:37])) {
				r.variables[name] = string(raw[1:37])
			}
			return err
		})
	})
}

// members walks the members of an object; anything else is skipped. A name may be kept:
// it is no part of the decoder's memory.
func members(dec *jsontext.Decoder, member func(name string) error) error {
	if dec.PeekKind() != '{' {
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := member(nameOf(memberName(raw))); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// nameOf returns a name as a string, without allocating for names that stand in every
// resource.
func nameOf(name []byte) string {
	switch string(name) {
	case "address":
		return "address"
	case "module_address":
		return "module_address"
	case "mode":
		return "mode"
	case "type":
		return "type"
	case "name":
		return "name"
	case "provider_name":
		return "provider_name"
	case "provider_config_key":
		return "provider_config_key"
	case "change":
		return "change"
	case "expressions":
		return "expressions"
	case "schema_version":
		return "schema_version"
	case "references":
		return "references"
	case "constant_value":
		return "constant_value"
	default:
		return string(name)
	}
}

func checkVersion(v string) error {
	major, minor, ok := strings.Cut(v, ".")
	m, err1 := strconv.Atoi(major)
	n, err2 := strconv.Atoi(minor)
	if !ok || err1 != nil || err2 != nil || m < 0 || n < 0 || m > 1 || (m == 0 && n == 0) {
		return &InputError{Cause: "the plan has an unknown format version; this program reads 0.1 up to, not including, 2.0",
			Path: "/format_version"}
	}
	return nil
}

// verdict says, once all was read, why the input is no plan that can be judged.
func (r *reader) verdict() error {
	switch {
	case r.state && r.sections == 0:
		return &InputError{Cause: "the input is a state, not a plan; give the JSON of a saved plan: `terraform show -json PLANFILE`"}
	case !r.hasVersion:
		return &InputError{Cause: "the input is no plan: it has no format_version"}
	case r.errored:
		return &InputError{Cause: "the plan is errored: planning failed half-way, so it cannot be judged", Path: "/errored"}
	case !r.seen["resource_changes"] && !r.seen["planned_values"]:
		return &InputError{Cause: "the input is no plan: it has neither resource_changes nor planned_values"}
	case !r.changes && r.planned:
		return &InputError{Cause: "the input is no plan: planned_values has resources, and resource_changes is missing", Path: "/planned_values"}
	}
	if r.lacksPlannedCache() {
		return &InputError{Cause: "the input is no plan: planned_values has a cache that resource_changes lacks", Path: "/planned_values"}
	}
	return nil
}

// lacksPlannedCache reports whether a planned cache has no change. Instance keys are
// not compared, since changes of all instances of a resource count alike.
func (r *reader) lacksPlannedCache() bool {
	var changed map[string]bool
	for _, address := range r.plannedCaches {
		if r.instances[address] != nil {
			continue
		}
		if changed == nil {
			changed = map[string]bool{}
			for of := range r.instances {
				changed[withoutKeys(of)] = true
			}
		}
		if !changed[withoutKeys(address)] {
			return true
		}
	}
	return false
}

// isGUID reports whether a text is a GUID as Azure writes them.
func isGUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// unexpectedKind returns the error for a value of the wrong kind, or that of the
// decoder where the JSON is malformed. The decoder may read a part of the input, so
// that the error has no offset.
func unexpectedKind(dec *jsontext.Decoder, what string) error {
	bad := &InputError{Cause: "the input is no plan: " + what, Path: place(dec.StackPointer())}
	if err := dec.SkipValue(); err != nil {
		return err
	}
	return bad
}
