package azure

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// The types of this file name what is read of an answer. What nobody names is
// never decoded.

// field is a property of an answer: absent, present, or of a type that this
// api-version does not document.
type field[T any] struct {
	present bool
	odd     bool
	v       T
}

// UnmarshalJSON never fails, so that one odd property leaves the others known.
// A null and an empty string count as absent.
func (f *field[T]) UnmarshalJSON(raw []byte) error {
	if bytes.Equal(raw, []byte("null")) || bytes.Equal(raw, []byte(`""`)) {
		return nil
	}
	f.present = true
	f.odd = json.Unmarshal(raw, &f.v) != nil
	return nil
}

// word is a scalar of an answer as text: redisConfiguration writes numbers and
// truth values as strings, and not always.
type word string

// UnmarshalJSON takes strings, numbers and truth values.
func (w *word) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil {
		*w = word(s)
		return nil
	}
	var b bool
	if err := json.Unmarshal(raw, &b); err == nil {
		*w = word(strconv.FormatBool(b))
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	*w = word(n.String())
	return nil
}

// absence says what a missing property means.
type absence int

const (
	absentUnknown absence = iota // nobody documents what it means
	absentUnset                  // documented: not set, or the service's default
)

// fact turns a property into a fact. read says what a present value means, and
// false where it is none of the documented ones.
func fact[A, B any](f field[A], path string, missing absence, read func(A) (B, bool)) posture.Value[B] {
	switch {
	case f.odd:
		return posture.Undocumented[B](path)
	case !f.present && missing == absentUnset:
		return posture.Unset[B](path)
	case !f.present:
		return posture.Unknown[B](posture.ReasonNotObserved, path).WithDetail(vocabulary.NotReturned)
	}
	v, ok := read(f.v)
	if !ok {
		return posture.Undocumented[B](path)
	}
	return posture.Known(v, path)
}

func asText(v word) (string, bool) { return string(v), v != "" }

// redis is a cache in api-version 2024-11-01.
type redis struct{ value }

var (
	// cacheAnswer is where an answer has the facts of a cache.
	cacheAnswer = vocabulary.Of(service.Redis).Answer("")
	cacheNames  = cacheAnswer.Names()
)

func init() {
	cacheNames["tags"] = nil // all of it
	cacheNames["properties"][service.EndpointConnections] = nil
}

// UnmarshalJSON decodes what the table of a cache asks for and what stands around
// the cache. Access keys and connection strings are not among that.
func (r *redis) UnmarshalJSON(raw []byte) (err error) {
	r.value, err = decodeObject(raw, cacheNames)
	return err
}

// tags are those of the cache.
func (r *redis) tags() map[string]string {
	out := map[string]string{}
	for _, tag := range r.Get("tags").members {
		out[tag.name] = tag.value.text
	}
	return out
}
