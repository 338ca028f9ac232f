package baseline

import (
	"encoding/json"

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
	e.Value = json.RawMessage("null")
	if v.IsKnown() {
		raw, err := json.Marshal(v.V)
		if err == nil {
			e.Value = raw
		}
	}
	return e
}

// shown returns text, which carries the value of a fact, or what may be said
// instead where the fact is sensitive.
func shown[T any](v posture.Value[T], text, instead string) string {
	if v.Source.Sensitive {
		return instead
	}
	return text
}
