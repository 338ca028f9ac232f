package controls

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// A state lasts since the oldest report that has it, if no report between them has another one or lacks the cache.
func TestSince(t *testing.T) {
	bad, good := states{publicAccess: report.NonCompliant}, states{}
	at := func(day int, of states) report.Report { return scan(day, cache("", shopID, of)) }
	for name, row := range map[string]struct {
		reports []report.Report
		want    string // the day of each report, the newest first, and the day since which its state lasts
	}{
		"one":            {[]report.Report{at(1, bad)}, "1:1"},
		"the same":       {[]report.Report{at(1, bad), at(2, bad), at(3, bad)}, "3:1 2:1 1:1"},
		"interrupted":    {[]report.Report{at(1, bad), at(2, good), at(3, bad), at(4, bad)}, "4:3 3:3 2:2 1:1"},
		"gone between":   {[]report.Report{at(1, bad), scan(2), at(3, bad)}, "3:3 1:1"},
		"another kind":   {[]report.Report{at(1, bad), plan(2, "p", cache("", shopID, good)), at(3, bad)}, "3:1 1:1 2:2"},
		"without a date": {[]report.Report{at(0, bad)}, "1:1"},
		"in any order":   {[]report.Report{at(3, bad), at(1, good), at(2, bad)}, "3:2 2:2 1:1"},
		"twice on a date": {[]report.Report{at(1, bad), scan(1, cache("", shopID, bad), cache("", shopID+"2", bad)), at(2, bad)},
			"2:1 1:1 1:1"},
		"another feature of": {[]report.Report{at(1, bad), at(2, states{privateLink: report.NonCompliant})}, "2:1 1:1"},
	} {
		r, _ := merged(t, row.reports...)
		var got []string
		for one := range r.Rows(true) {
			if one.Control.ID == "NS-2" {
				got = append(got, one.Report.GeneratedAt.Format("2")+":"+one.Since.GeneratedAt.Format("2"))
			}
		}
		if text := strings.Join(got, " "); text != row.want {
			t.Errorf("%s: %s, want %s", name, text, row.want)
		}
	}
}

// An exemption that expired after the report is told; its last day counts, and so does the day of the newest report.
func TestExpiredSinceTheReport(t *testing.T) {
	exempt := func(until string) report.Cache {
		c := cache("", shopID, states{publicAccess: report.Exempt})
		for i := range c.Features {
			if c.Features[i].ID == publicAccess {
				c.Features[i].Exemption = &report.Exemption{Category: "Waiver", ExpiresOn: until, Description: "x"}
			}
		}
		return c
	}
	other := scan(9)
	other.Source.Inputs = []string{"another"}
	for name, row := range map[string]struct {
		today   int
		reports []report.Report
		want    []bool // of each row of NS-2
	}{
		"the last day":     {5, []report.Report{scan(1, exempt("2026-11-05"))}, []bool{false}},
		"the day behind":   {6, []report.Report{scan(1, exempt("2026-11-05"))}, []bool{true}},
		"without an end":   {28, []report.Report{scan(1, exempt(""))}, []bool{false}},
		"a newer report":   {2, []report.Report{scan(1, exempt("2026-11-05")), other}, []bool{true}},
		"exempted further": {6, []report.Report{scan(1, exempt("2026-11-05")), scan(2, exempt("2026-11-08"))}, []bool{false, false}},
		"not exempt now":   {6, []report.Report{scan(1, exempt("2026-11-05")), scan(2, cache("", shopID, nil))}, []bool{false, false}},
	} {
		r, _ := merged(t, row.reports...)
		r.GeneratedAt = day(row.today)
		var got []bool
		for one := range r.Rows(true) {
			if one.Control.ID != "NS-2" {
				continue
			}
			if len(got) == 0 && one.Findings[0].Status == report.Exempt && one.State != Exempt {
				t.Errorf("%s: the state is %s", name, one.State)
			}
			got = append(got, slices.ContainsFunc(one.Findings, func(f report.Finding) bool { return one.Expired(&f) }))
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
		noted := strings.Contains(strings.Join(r.Remarks(day(28)), "\n"), "1 exempt control of a cache has an exemption that has expired since")
		if noted != slices.Contains(row.want, true) {
			t.Errorf("%s: the remarks are %q", name, r.Remarks(day(28)))
		}
	}
}

// A report from the future is noted, but not one whose clock was a little fast.
func TestReportFromTheFuture(t *testing.T) {
	r, _ := merged(t, scan(2, cache("", shopID, nil)), scan(0, cache("", shopID+"2", nil)))
	for before, want := range map[time.Duration]string{
		-time.Hour: "", 0: "", 4 * time.Minute: "",
		time.Hour: "a is dated 2026-11-02T12:00:00Z, which is in the future: a clock was wrong when it was written, or is now",
	} {
		if got := strings.Join(r.Remarks(day(2).Add(-before)), "\n"); got != want {
			t.Errorf("%s before: %q", before, got)
		}
	}
}
