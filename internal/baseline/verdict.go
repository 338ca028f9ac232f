package baseline

import (
	"encoding/json"
	"strconv"

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

func notApplicable(message string, ev ...report.Evidence) Verdict {
	return Verdict{Status: report.NotApplicable, Message: message, Evidence: ev}
}

// about returns v with what decides it, where that is not its evidence in order;
// nothing stands for the cache as a whole. See [Verdict.Decisive].
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
		if yes, ok := any(v.V).(bool); ok && v.Source.Words != nil {
			e.Value = json.RawMessage(v.Source.Words.False)
			if yes {
				e.Value = json.RawMessage(v.Source.Words.True)
			}
		}
	}
	return e
}

var jsonNull, jsonTrue, jsonFalse = json.RawMessage("null"), json.RawMessage("true"), json.RawMessage("false")

// jsonOf returns a value as encoding/json writes it. Nearly all facts are
// booleans, numbers and plain words, for which its reflection took a tenth of
// the time of a judgement.
func jsonOf(v any) json.RawMessage {
	switch v := v.(type) {
	case bool:
		if v {
			return jsonTrue
		}
		return jsonFalse
	case int:
		return strconv.AppendInt(nil, int64(v), 10)
	case string:
		if raw, ok := quotePlain(v); ok {
			return raw
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return jsonNull
	}
	return raw
}

// quotePlain quotes a string of which JSON escapes nothing but quotes and
// backslashes, as they stand in addresses with keys.
func quotePlain(s string) (json.RawMessage, bool) {
	escapes := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f, c == '<', c == '>', c == '&':
			return nil, false
		case c == '"', c == '\\':
			escapes++
		}
	}
	raw := append(make([]byte, 0, len(s)+escapes+2), '"')
	if escapes == 0 {
		return append(append(raw, s...), '"'), true
	}
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			raw = append(raw, '\\')
		}
		raw = append(raw, s[i])
	}
	return append(raw, '"'), true
}

// shown returns text, which carries the value of a fact, or what may be said
// instead where the fact is sensitive.
func shown[T any](v posture.Value[T], text, instead string) string {
	if v.Source.Sensitive {
		return instead
	}
	return text
}
