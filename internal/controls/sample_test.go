package controls

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const (
	privateLink  = "NS-2/azure-private-link"
	publicAccess = "NS-2/disable-public-network-access"
	transit      = "DP-3/data-in-transit-encryption"
	classic      = "azure-cache-for-redis"
	shopID       = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Cache/redis/shop"
)

// day is a date of November 2026 at noon; 0 is none.
func day(n int) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC)
}

// states are statuses of features that are not compliant.
type states map[string]report.Status

// cache is a cache of Azure Cache for Redis whose features are compliant, but for some.
func cache(address, id string, of states) report.Cache {
	c := report.Cache{Type: "Microsoft.Cache/Redis", Baseline: classic, Features: []report.Finding{}, Advisories: []report.Finding{}}
	if address != "" {
		c.Address = &address
	}
	if id != "" {
		c.ResourceID = &id
		name := id[strings.LastIndexByte(id, '/')+1:]
		c.Name = &name
	}
	d := baseline.Published()[0]
	for i := range d.Features {
		f := report.Finding{ID: d.Features[i].ID, Status: report.Compliant, Message: "as it should be", Evidence: []report.Evidence{}}
		if s, ok := of[f.ID]; ok {
			f.Status = s
		}
		if f.Status == report.Unknown {
			reason := "known_after_apply"
			f.Reason = &reason
		}
		if f.Status == notObserved {
			reason := report.ReasonNotObserved
			f.Status, f.Reason = report.Unknown, &reason
		}
		c.Features = append(c.Features, f)
	}
	return c
}

// notObserved stands in states for unknown with the reason not_observed.
const notObserved report.Status = "not_observed"

// scan is the report of a scan.
func scan(date int, caches ...report.Cache) report.Report {
	return report.Report{
		FormatVersion: report.FormatVersion, Tool: report.Tool{Name: "redisbaseline", Version: "1.2.3"}, GeneratedAt: day(date),
		Source: report.Source{Kind: report.SourceExisting, Inputs: []string{"0000"}}, Caches: caches,
		Closing: report.Closing{Baselines: baseline.Published().Baselines()},
	}
}

// plan is the report of a plan.
func plan(date int, file string, caches ...report.Cache) report.Report {
	r := scan(date, caches...)
	r.Source = report.Source{Kind: report.SourcePlan, Inputs: []string{file}}
	return r
}

// text is the JSON of a report.
func text(t testing.TB, r report.Report) string {
	t.Helper()
	var b bytes.Buffer
	e, err := report.NewEncoder("json", &b, report.EncodeOptions{})
	if err == nil {
		err = report.Encode(e, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// merged reads reports, which get the names a, b and so on, and puts them together.
func merged(t testing.TB, reports ...report.Report) (*Result, []error) {
	t.Helper()
	c := Of(baseline.Published())
	var read []*Report
	for i, r := range reports {
		one, err := c.Read(strings.NewReader(text(t, r)), string(rune('a'+i)))
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, one)
	}
	return c.Merge(read)
}
