package tfconfig

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// idSpellings are the ways in which an id may be spelled that a provider will make: as
// its template has it, and with the types of resources capitalized, as some versions of
// providers do (azurerm 3.43 changed Redis to redis).
var idSpellings = []func(string) string{
	func(template string) string { return template },
	func(template string) string {
		head, types, ok := strings.Cut(template, "/providers/")
		if !ok {
			return template
		}
		parts := strings.Split(types, "/")
		for i := 1; i < len(parts); i += 2 {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
		return head + "/providers/" + strings.Join(parts, "/")
	},
}

// IDText returns the id that an argument will be, where its text is made from ids that
// do not exist yet and all parts of these are known; empty where the argument will be
// null. ok is false where the text is no id, or is another one in another spelling of
// the ids that it is made from.
func (e *Evaluator) IDText(instance string, path ...any) (id string, ok bool) {
	if len(e.schema.IDs) == 0 {
		return "", false
	}
	id, ok = e.idText(instance, path)
	if e.other != nil && ok {
		other, also := e.other.idText(instance, path)
		ok = also && strings.EqualFold(id, other)
	}
	return id, ok
}

func (e *Evaluator) idText(instance string, path []any) (id string, ok bool) {
	for i, spell := range idSpellings {
		if len(e.spelled) <= i {
			cfg := *e.cfg
			cfg.other = nil
			with := cfg.NewEvaluator(e.known, e.schema)
			with.spell = spell
			e.spelled = append(e.spelled, with)
		}
		ref := e.spelled[i].Reference(instance, path...)
		switch {
		case ref.Kind == Omitted:
			ref.Value = ""
		case ref.Kind != KnownString || ref.Sensitive || !strings.HasPrefix(strings.ToLower(ref.Value), e.schema.IDPrefix):
			return "", false
		}
		switch {
		case i == 0:
			id = ref.Value
		case strings.Contains(ref.Value, "//"): // no id has an empty part: apply would fail
		case !strings.EqualFold(id, ref.Value):
			return "", false
		}
	}
	return id, true
}

// foreseen is the id that a resource instance will get, where all parts are known.
func (e *Evaluator) foreseen(r *block, instance string, s scope) (cty.Value, bool) {
	template, ok := e.schema.IDs[r.typ]
	if a, err := parseAddress(instance); e.spell == nil || !ok || err != nil || a.resource != a.typ+"."+a.name {
		return cty.NilVal, false
	}
	parts := strings.Split(e.spell(template), "/")
	outer := e.why
	defer func() { e.why = outer }()
	for i, part := range parts {
		name, isArgument := strings.CutPrefix(part, "{")
		if !isArgument {
			continue
		}
		var value string
		if name = strings.TrimSuffix(name, "}"); name == "subscription_id" {
			ref := e.providerArgument(instance, name)
			value, ok = ref.Value, ref.Kind == KnownString && !ref.Sensitive
		} else {
			v, marks := e.attribute(r, instance, s, name).Unmark()
			_, sensitive := marks[Sensitive]
			if ok = v.Type() == cty.String && v.IsKnown() && !v.IsNull() && !sensitive; ok {
				value = v.AsString()
			}
		}
		if !ok || value == "" || strings.Contains(value, "/") {
			return cty.NilVal, false
		}
		parts[i] = value
	}
	return cty.StringVal(strings.Join(parts, "/")), true
}
