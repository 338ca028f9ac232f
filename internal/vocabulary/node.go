package vocabulary

import (
	"iter"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Node is a place in what a source has read: an object, a list, or one value.
// Each source has a type of its own for it, which [Read] asks the same questions.
type Node[N any] interface {
	// Get returns the member of an object.
	Get(name string) N
	// Elems are the elements of a list.
	Elems() iter.Seq[N]
	// Keys are the names of the members of an object, in order.
	Keys() []string
	// Scalar is what stands at the place.
	Scalar() Scalar
}

// Scalar is a single value as a source has it. Of a list or an object it says
// no more than that there is one.
type Scalar struct {
	State  posture.State
	Reason posture.Reason // why it is not known
	Detail string         // what hides it
	// Kind is, of a known value, the first character of its JSON: '"', 't', 'f', '[',
	// '{', or '0' for every number. Text is that of a string or number.
	Kind byte
	Text string
	// Path is where the source says that the value stands, if it says more than
	// the table does.
	Path string
	// Missing says of an unset value that the object has no such member, if the
	// source can tell that from null.
	Missing   bool
	Sensitive bool
}

// Value turns a scalar into a fact. convert says what a known one means, and
// false where it is none that is documented.
func Value[T any](s Scalar, path string, convert func(Scalar) (T, bool)) posture.Value[T] {
	if s.Path != "" {
		path = s.Path
	}
	out := posture.Value[T]{State: s.State, Reason: s.Reason, Source: posture.Source{Path: path, Detail: s.Detail, Sensitive: s.Sensitive}}
	if s.State != posture.StateKnown {
		return out
	}
	v, ok := convert(s)
	if !ok {
		out = posture.Undocumented[T](path)
		out.Source.Sensitive = s.Sensitive
		return out
	}
	out.V = v
	return out
}

// Form is how a dialect writes a fact, where it does not write it as the posture does.
type Form int

// The forms of a fact.
const (
	Plain           Form = iota
	Quoted               // a truth value or number that may stand in quotes, as ARM has all of redisConfiguration
	EnabledDisabled      // a truth value
	Negated              // a truth value of the opposite meaning
	NotRequired          // authnotrequired: text of the opposite meaning, of which no enumeration is published
	Count                // the number of elements
	NotEmpty             // a truth value: whether a text is not empty
	Block                // a truth value: whether there is a block, or an object with its Column
	Keys                 // a list: the names of the members of an object
	SystemAssigned       // a truth value: whether the type of an identity names one of the object's own
	Suffix               // a number behind the hyphen of a text; unset in a text without one
	DaysAndHours         // a list: days, each with the hour of the second column behind it, "Sunday 02:00"
	Filled               // a list: the elements whose second column is not empty
)

// words are a form's own words for false and true, where they are not the posture's.
var words = [Filled + 1]posture.Words{
	EnabledDisabled: posture.EnabledWords,
	Negated:         posture.OppositeWords,
	NotRequired:     posture.QuotedOppositeWords,
}

// Text is the fact at a place that holds a string.
func Text(s Scalar, path string) posture.Value[string] {
	return Value(s, path, func(s Scalar) (string, bool) { return s.Text, s.Kind == '"' })
}

// Flag is the fact at a place that holds a truth value in a form.
func Flag(s Scalar, path string, form Form) posture.Value[bool] {
	return Value(s, path, func(s Scalar) (bool, bool) { return s.flag(form) }).WithWords(words[form])
}

// Number is the fact at a place that holds a whole number in a form.
func Number(s Scalar, path string, form Form) posture.Value[int] {
	return Value(s, path, func(s Scalar) (int, bool) { return s.number(form) })
}

// flag is the meaning of a truth value in a form.
func (s Scalar) flag(form Form) (yes, ok bool) {
	word := ""
	switch {
	case s.Kind == '"':
		word = strings.ToLower(s.Text)
	case s.Kind == 't':
		word = "true"
	case s.Kind == 'f':
		word = "false"
	}
	switch form {
	case EnabledDisabled:
		return word == "enabled", s.Kind == '"' && (word == "enabled" || word == "disabled")
	case NotRequired:
		return word == "no" || word == "false", word == "no" || word == "false" || word == "yes" || word == "true"
	case NotEmpty:
		return s.Text != "", s.Kind == '"'
	case SystemAssigned:
		return systemAssigned(word)
	case Quoted:
		return word == "true", word == "true" || word == "false"
	case Negated:
		return s.Kind == 'f', s.Kind == 't' || s.Kind == 'f'
	default:
		return s.Kind == 't', s.Kind == 't' || s.Kind == 'f'
	}
}

// systemAssigned reports whether the type of an identity, in lower case, names one of
// the object's own.
func systemAssigned(word string) (yes, ok bool) {
	for _, one := range strings.Split(word, ",") {
		switch strings.TrimSpace(one) {
		case "systemassigned":
			yes = true
		case "userassigned", "none":
		default:
			return false, false
		}
	}
	return yes, true
}

// number is the meaning of a whole number in a form.
func (s Scalar) number(form Form) (int, bool) {
	if s.Kind != '0' && (s.Kind != '"' || form != Quoted) {
		return 0, false
	}
	if i, err := strconv.Atoi(s.Text); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(s.Text, 64)
	if err != nil || f != float64(int(f)) {
		return 0, false
	}
	return int(f), true
}
