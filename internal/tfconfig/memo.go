package tfconfig

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// memoKey is a value of a module instance.
type memoKey struct{ kind, name string }

// String is the name without the attribute to which the value is limited.
func (k memoKey) String() string {
	name, _, _ := strings.Cut(k.name, "#")
	return name
}

type memoized struct {
	value cty.Value
	why   string
	busy  bool
}

// once evaluates the value of a key and remembers it. A value that needs itself is a
// cycle, and unknown.
func (e *Evaluator) once(in *moduleInstance, key memoKey, eval func() cty.Value) cty.Value {
	if m, ok := in.memo[key]; ok {
		if m.busy {
			return e.because("%s refers to itself", key)
		}
		if m.why != "" {
			e.because("%s", m.why)
		}
		return m.value
	}
	if e.depth >= maxDepth {
		return e.because("references lead through more than %d others", maxDepth)
	}
	outer := e.why
	e.why = ""
	in.memo[key] = memoized{busy: true}
	e.depth++
	v := eval()
	e.depth--
	n := size(v, maxLeaves)
	if e.stored += n + 1; n >= maxLeaves || e.stored >= maxStored {
		v = e.because("%s is too large", key)
	}
	in.memo[key] = memoized{value: v, why: e.why}
	if outer != "" {
		e.why = outer
	}
	return v
}

// mostNeeds is of how many expressions it is remembered what they need, once a module
// instance is forgotten.
const mostNeeds = 10_000

// forget drops what is remembered of a module instance, of which nothing more is asked. Who
// does ask, as the output of a module may be asked for, has it evaluated again.
func (e *Evaluator) forget(m *moduleInstance) {
	m.memo, m.expansions = map[memoKey]memoized{}, map[string]expansion{}
	if len(e.needs) > mostNeeds {
		clear(e.needs)
	}
}
