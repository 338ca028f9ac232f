package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// EvaluateChange judges a cache as a plan leaves it, and says of each violation
// whether the plan brings it. Before is the cache as the plan found it, nil for
// one that the plan creates; exemptions never touch the judgement of before.
func (d Documents) EvaluateChange(after, before *posture.Cache, opts Options) report.Cache {
	out := d.Evaluate(after, opts)
	if after.Change == posture.ChangeDelete {
		return out
	}
	document := d.For(after.Type)
	for i := range out.Features {
		setSince(&out.Features[i], document.Features[i].Check, before)
	}
	for i := range out.Advisories {
		setSince(&out.Advisories[i], document.Advisories[i].Check, before)
	}
	return out
}

func setSince(f *report.Finding, check func(*posture.Cache) Verdict, before *posture.Cache) {
	was := report.Status("")
	if before != nil {
		was = check(before).Status
	}
	f.Since = Since(f.Status, was)
}

// Since compares the verdict on one rule with an earlier one, which is empty
// for a cache that did not exist then. It is nil where nothing can be said:
// nothing changed for the better or worse, or the earlier verdict was undecided.
func Since(now, was report.Status) *report.Since {
	var since report.Since
	switch {
	case now == report.NonCompliant && was == report.NonCompliant:
		since = report.Existing
	case now == report.NonCompliant && was != report.Unknown && was != report.Exempt:
		since = report.Introduced
	case now == report.Compliant && was == report.NonCompliant:
		since = report.Fixed
	default:
		return nil
	}
	return pointer(since)
}

// pointer returns a pointer to a copy: a verdict without a since then allocates nothing.
func pointer[T any](v T) *T { return &v }
