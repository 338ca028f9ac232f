package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// EvaluateChange judges a cache as a plan leaves it, and says of each violation
// whether the plan brings it. Before is the cache as the plan found it, nil for
// one that the plan creates; exemptions never touch the judgement of before.
func (b *Baseline) EvaluateChange(after, before *posture.Cache, opts Options) report.Cache {
	out := b.Evaluate(after, opts)
	if after.Change == posture.ChangeDelete {
		return out
	}
	for i := range b.Features {
		setSince(&out.Features[i], b.Features[i].Check, before)
	}
	for i := range b.Advisories {
		setSince(&out.Advisories[i], b.Advisories[i].Check, before)
	}
	return out
}

func setSince(f *report.Finding, check func(*posture.Cache) Verdict, before *posture.Cache) {
	var since report.Since
	switch {
	case f.Status == report.NonCompliant && before == nil:
		since = report.Introduced
	case before == nil:
		return
	default:
		was := check(before).Status
		switch {
		case f.Status == report.NonCompliant && was == report.NonCompliant:
			since = report.Existing
		case f.Status == report.NonCompliant && was != report.Unknown:
			since = report.Introduced
		case f.Status == report.Compliant && was == report.NonCompliant:
			since = report.Fixed
		default:
			return
		}
	}
	f.Since = &since
}
