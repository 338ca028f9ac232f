package posture

// State says how much is known about a fact. The zero value is StateUnknown, so
// that a fact which a source forgot is undecided and never a silent default.
type State int8

// The three states of a fact.
const (
	StateUnknown State = iota // not known; Value.Reason says why
	StateUnset                // known to be absent: null, omitted, or not returned because the service has no value
	StateKnown                // known, Value.V holds it
)

// Reason says why a fact is unknown. The strings are part of the report format.
type Reason string

// The reasons of an unknown fact.
const (
	ReasonKnownAfterApply     Reason = "known_after_apply"    // the value exists only after apply
	ReasonUnresolvedReference Reason = "unresolved_reference" // a reference whose target this source cannot tell
	ReasonNotObserved         Reason = "not_observed"         // may exist outside what this source shows
	ReasonWriteOnly           Reason = "write_only"           // hidden in a write-only argument
	ReasonRemoved             Reason = "removed"              // taken out of a sanitized plan
	ReasonForbidden           Reason = "forbidden"            // the reader was refused
	ReasonPendingApproval     Reason = "pending_approval"     // waits for a person's approval
)

// Origin says how a fact came about.
type Origin int8

// The origins of a fact.
const (
	OriginRead     Origin = iota // read from the source
	OriginDefault                // the documented default of provider or service
	OriginAsserted               // the user passed it as belonging to this cache
	// OriginUndocumented is the origin of an unknown fact for which the source
	// holds a value that the service does not document.
	OriginUndocumented
)

// Source is the place a fact was read from.
type Source struct {
	// Path is the attribute as the source names it, for example
	// "public_network_access_enabled" or "body.properties.publicNetworkAccess".
	Path string
	// Origin says how the fact came about.
	Origin Origin
	// Sensitive facts may be judged, never printed.
	Sensitive bool
	// Words are the source's own words for a fact of two values.
	Words Words
	// Detail names, for an unknown fact, what hides it: an expression, a
	// missing permission. It never holds a value.
	Detail string
}

// Words are the words in which a source writes a fact of two values. ARM writes, for
// example, that authentication is required as authnotrequired "false".
type Words int8

// The words of sources.
const (
	PlainWords          Words = iota // true and false, as the posture writes them
	EnabledWords                     // "Enabled" and "Disabled"
	OppositeWords                    // false and true, of the opposite meaning
	QuotedOppositeWords              // the same in quotes
)

// JSON returns the word for a value.
func (w Words) JSON(value bool) string {
	words := [...][2]string{{`false`, `true`}, {`"Disabled"`, `"Enabled"`}, {`true`, `false`}, {`"true"`, `"false"`}}[w]
	if value {
		return words[1]
	}
	return words[0]
}

// Value is a three-valued fact with its provenance.
type Value[T any] struct {
	State  State
	V      T      // meaningful only when State is StateKnown
	Reason Reason // meaningful only when State is StateUnknown; empty reads as not_observed
	Source Source
}

// Known returns a fact read at path.
func Known[T any](v T, path string) Value[T] {
	return Value[T]{State: StateKnown, V: v, Source: Source{Path: path}}
}

// Unset returns a fact known to be absent at path.
func Unset[T any](path string) Value[T] {
	return Value[T]{State: StateUnset, Source: Source{Path: path}}
}

// Unknown returns a fact that cannot be known, and why.
func Unknown[T any](reason Reason, path string) Value[T] {
	return Value[T]{State: StateUnknown, Reason: reason, Source: Source{Path: path}}
}

// Get returns the value and whether it is known.
func (v Value[T]) Get() (T, bool) { return v.V, v.State == StateKnown }

// IsKnown reports whether the value is known.
func (v Value[T]) IsKnown() bool { return v.State == StateKnown }

// IsUnset reports whether the value is known to be absent.
func (v Value[T]) IsUnset() bool { return v.State == StateUnset }

// IsUnknown reports whether the value is not known.
func (v Value[T]) IsUnknown() bool { return v.State == StateUnknown }

// Why returns the reason of an unknown fact; not_observed when none was given.
func (v Value[T]) Why() Reason {
	if v.Reason == "" {
		return ReasonNotObserved
	}
	return v.Reason
}

// OrDefault returns v, or, where v is unset, def marked as a default.
func (v Value[T]) OrDefault(def T) Value[T] {
	if v.State != StateUnset {
		return v
	}
	v.State, v.V, v.Source.Origin = StateKnown, def, OriginDefault
	return v
}

// Asserted returns v marked as asserted by the user.
func (v Value[T]) Asserted() Value[T] {
	v.Source.Origin = OriginAsserted
	return v
}

// Sensitive returns v marked as never to be printed.
func (v Value[T]) Sensitive() Value[T] {
	v.Source.Sensitive = true
	return v
}

// WithWords returns v with the source's own words for it.
func (v Value[T]) WithWords(words Words) Value[T] {
	v.Source.Words = words
	return v
}

// WithDetail returns v with the name of what hides it, in Source.Detail.
func (v Value[T]) WithDetail(detail string) Value[T] {
	v.Source.Detail = detail
	return v
}

// Map turns a fact about A into a fact about B; unset and unknown carry over.
func Map[A, B any](v Value[A], f func(A) B) Value[B] {
	out := Value[B]{State: v.State, Reason: v.Reason, Source: v.Source}
	if v.State == StateKnown {
		out.V = f(v.V)
	}
	return out
}

// Is reports, three-valued, whether a fact equals want. Unset equals nothing.
func Is[T comparable](v Value[T], want T) Tri {
	switch v.State {
	case StateKnown:
		return FromBool(v.V == want)
	case StateUnset:
		return False
	default:
		return Maybe
	}
}

// Tri is a Kleene truth value. The zero value is Maybe.
type Tri int

// The three truth values.
const (
	Maybe Tri = iota
	False
	True
)

// FromBool turns a bool into a Tri.
func FromBool(b bool) Tri {
	if b {
		return True
	}
	return False
}

// And is Kleene conjunction.
func (t Tri) And(u Tri) Tri {
	switch {
	case t == False || u == False:
		return False
	case t == True && u == True:
		return True
	default:
		return Maybe
	}
}

// Or is Kleene disjunction.
func (t Tri) Or(u Tri) Tri { return t.Not().And(u.Not()).Not() }

// Not is Kleene negation.
func (t Tri) Not() Tri {
	switch t {
	case True:
		return False
	case False:
		return True
	default:
		return Maybe
	}
}
