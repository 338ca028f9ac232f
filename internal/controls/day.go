package controls

import (
	"fmt"
	"slices"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// today is the day on which the result is written, or that of the newest report if that is
// later.
func (r *Result) today() string {
	day := r.GeneratedAt
	for _, one := range r.Reports {
		if one.GeneratedAt.After(day) {
			day = one.GeneratedAt
		}
	}
	return day.UTC().Format(time.DateOnly)
}

// Expired reports whether an exemption counted in the newest report on the cache, and has
// expired since.
func (r *Row) Expired(f *report.Finding) bool {
	x := f.Exemption
	return r.Current && f.Status == report.Exempt && x != nil && x.ExpiresOn != "" && x.ExpiresOn < r.today
}

// skew is how far the clocks of two machines may differ without a remark.
const skew = 5 * time.Minute

// Remarks are notes on the dates of reports and of exemptions, at this time.
func (r *Result) Remarks(now time.Time) (texts []string) {
	for _, one := range r.Reports {
		if one.GeneratedAt.After(now.Add(skew)) {
			texts = append(texts, fmt.Sprintf("%s is dated %s, which is in the future: a clock was wrong when it was written, or is now",
				one.Name, one.Date()))
		}
	}
	expired := 0
	for row := range r.Rows(false) {
		if slices.ContainsFunc(row.Findings, func(f report.Finding) bool { return row.Expired(&f) }) {
			expired++
		}
	}
	if expired > 0 {
		texts = append(texts, report.Count(expired, "exempt control of a cache has", "exempt controls of caches have")+
			" an exemption that has expired since the report: the state is that of the report, and a new report will tell another one")
	}
	return texts
}
