package baseline

import (
	"encoding/json"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func compliant(message string, ev ...report.Evidence) Verdict {
	return Verdict{Status: report.Compliant, Message: message, Evidence: ev}
}

func violated(message, headline string, ev ...report.Evidence) Verdict {
	return Verdict{Status: report.NonCompliant, Message: message, Headline: headline, Evidence: ev}
}

func undecided(reason posture.Reason, message string, ev ...report.Evidence) Verdict {
	return Verdict{Status: report.Unknown, Reason: reason, Message: message, Evidence: ev}
}

// notKnown is the verdict where a fact that decides is not known.
func notKnown[T any](fact posture.Value[T], message string, ev ...report.Evidence) Verdict {
	return undecided(fact.Why(), hidden(message, fact.Source.Detail), ev...)
}

// byFact is the verdict on a fact of which something is true or false, with the fact as
// its evidence; message says what is not known otherwise.
func byFact[T any](fact posture.Value[T], is posture.Tri, yes, no Verdict, message string) Verdict {
	v := yes
	switch is {
	case posture.False:
		v = no
	case posture.Maybe:
		v = notKnown(fact, message)
	}
	v.Evidence = []report.Evidence{evidence(fact)}
	return v
}

// maybeRelated is the verdict where a companion may or may not belong to the
// cache; what and relation say so around its address.
func maybeRelated(d posture.Doubt, before, what, relation string, ev report.Evidence) Verdict {
	return undecided(d.Reason, hidden(named(before, d.Address, what, relation), d.Detail), ev)
}

func notApplicable(message string, ev ...report.Evidence) Verdict {
	return Verdict{Status: report.NotApplicable, Message: message, Evidence: ev}
}

// about returns v with the facts and companions that decide it, in place of the
// paths of its evidence; no names mean the cache as a whole. See [Verdict.Decisive].
func (v Verdict) about(names ...string) Verdict {
	if v.Decisive = names; names == nil {
		v.Decisive = []string{}
	}
	return v
}

// part returns v with the parts of the rule that are violated.
func (v Verdict) part(names ...string) Verdict {
	v.Parts = names
	return v
}

func (v Verdict) decisive() []string {
	if v.Decisive != nil {
		return v.Decisive
	}
	names := make([]string, len(v.Evidence))
	for i, e := range v.Evidence {
		names[i] = e.Path
	}
	return names
}

// evidence turns a fact into what a report shows of it.
func evidence[T any](v posture.Value[T]) report.Evidence {
	e := report.Evidence{Path: v.Source.Path, State: report.EvidenceUnknown}
	if v.IsUnknown() {
		e.Undocumented = v.IsUndocumented()
		return e
	}
	if v.Source.Sensitive {
		e.State = report.EvidenceSensitive
		return e
	}
	switch v.Source.Origin {
	case posture.OriginDefault:
		e.State = report.EvidenceDefault
	case posture.OriginAsserted:
		e.State = report.EvidenceAsserted
	default:
		e.State = report.EvidenceKnown
	}
	e.Value = jsonNull
	if v.IsKnown() {
		e.Value = jsonOf(v.V)
		if yes, ok := any(v.V).(bool); ok && v.Source.Words != posture.PlainWords {
			e.Value = json.RawMessage(v.Source.Words.JSON(yes))
		}
	}
	return e
}

// noneAt, unknownAt and seenAt are what a report shows of companions of a kind:
// that there is none, that it is not known, or which one decides. An asserted one
// was passed as belonging to the cache.
func noneAt(path string) report.Evidence {
	return report.Evidence{Path: path, State: report.EvidenceKnown, Value: jsonNull}
}

func unknownAt(path string) report.Evidence {
	return report.Evidence{Path: path, State: report.EvidenceUnknown}
}

func seenAt(path string, asserted bool, what string) report.Evidence {
	return report.Evidence{Path: path, State: evidenceState(asserted), Value: jsonOf(what)}
}

var jsonNull, jsonTrue, jsonFalse = json.RawMessage("null"), json.RawMessage("true"), json.RawMessage("false")

// jsonOf returns a value as JSON. Most facts are truth values, which need no
// memory of their own, or texts that are quoted as they stand.
func jsonOf(v any) json.RawMessage {
	switch v := v.(type) {
	case bool:
		if v {
			return jsonTrue
		}
		return jsonFalse
	case string:
		if strings.IndexFunc(v, escapedInJSON) < 0 {
			raw := make(json.RawMessage, 0, len(v)+2)
			return append(append(append(raw, '"'), v...), '"')
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return jsonNull
	}
	return raw
}

// escapedInJSON reports whether [json.Marshal] may write a character otherwise than
// it stands.
func escapedInJSON(c rune) bool {
	return c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&'
}

// shown returns text, which contains the value of a fact, or the text to print
// instead where the fact is sensitive.
func shown[T any](v posture.Value[T], text, instead string) string {
	if v.Source.Sensitive {
		return instead
	}
	return text
}
