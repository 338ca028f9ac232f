package judge_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const publicAccess = "NS-2/disable-public-network-access"

// now is a time at which the exemptions below that end in 2026-11 have expired.
var now = time.Date(2026, 12, 1, 9, 30, 15, 7, time.UTC)

// cache is one that is open to the internet, or not.
func cache(name string, public bool) *posture.Cache {
	c := &posture.Cache{Address: "azurerm_redis_cache." + name, Change: posture.ChangeCreate}
	c.Name = posture.Known(name, "name")
	c.SubnetID = posture.Unset[string]("subnet_id")
	c.PublicNetworkAccess = posture.Known(public, "public_network_access_enabled")
	return c
}

func caches(list ...*posture.Cache) iter.Seq[posture.Planned] {
	return func(yield func(posture.Planned) bool) {
		for _, c := range list {
			if !yield(posture.Planned{After: c, Notes: []string{"planned"}}) {
				return
			}
		}
	}
}

func waiver(cache, until string) baseline.Exemption {
	return baseline.Exemption{Feature: publicAccess, Cache: cache, Category: baseline.Waiver, Description: "d", ExpiresOn: until}
}

// recorder is an encoder that keeps what it is given.
type recorder struct {
	calls  []string
	header report.Report
	caches []report.Cache
	end    report.Closing
	err    error // what Cache returns
}

func (r *recorder) Begin(header report.Report) error {
	r.calls, r.header = append(r.calls, "begin"), header
	return nil
}

func (r *recorder) Cache(c report.Cache) error {
	r.calls, r.caches = append(r.calls, "cache "+*c.Name), append(r.caches, c)
	return r.err
}

func (r *recorder) End(end report.Closing) error {
	r.calls, r.end = append(r.calls, "end"), end
	return nil
}

func publicOf(t *testing.T, c report.Cache) report.Finding {
	t.Helper()
	i := slices.IndexFunc(c.Features, func(f report.Finding) bool { return f.ID == publicAccess })
	if i < 0 {
		t.Fatalf("no verdict on %s", *c.Name)
	}
	return c.Features[i]
}

// Notes stand in one order, whichever door asks, and the header says who judged
// by what, and when.
func TestRunOrder(t *testing.T) {
	for _, parallel := range []bool{false, true} {
		two := []judge.Input{
			{Name: "a.json", Label: "plan a", Caches: caches(cache("open", true), cache("waived", true)), Rest: func() (judge.Rest, error) {
				return judge.Rest{
					Unjudged: []posture.Unjudged{{Address: "x", Type: "T", Why: "why"}}, Partial: "interrupted",
					Unseen: []report.Unseen{{Kind: "subscription", ID: "s", Detail: "no role"}}, Vanished: []string{"/gone"}, Notes: []string{"n"},
					Gaps: []string{"a cache"},
				}, nil
			}},
			{Name: "b.json", Label: "plan b", Caches: caches(cache("closed", false))},
		}
		var adjusted, taken []string
		job := judge.Job{
			Documents: baseline.Published()[:1], Source: report.Source{Kind: report.SourcePlan}, Inputs: two, Notes: []string{"told"},
			Unread: []string{"unread"}, Version: "1.2.3", Now: now,
			Exemptions: []baseline.Exemption{waiver("old", "2026-11-30"), waiver("waived", "")},
			Gate:       judge.Gate{Enforce: judge.EnforceAll, Strict: true}, Parallel: parallel,
			Verdict: func(o judge.Objections) []string {
				return []string{fmt.Sprintf("%d violations, %d failing, %d unjudged", o.Violations, o.Failing, o.Unjudged)}
			},
			Adjust: func(c *report.Cache) { adjusted = append(adjusted, *c.Name); c.Notes = append(c.Notes, "adjusted") },
			Each: func(c *posture.Cache, r report.Cache) error {
				taken = append(taken, c.Name.V+" "+r.Input)
				return nil
			},
		}
		var first, second recorder
		result, err := job.Run(t.Context(), &first, &second)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"begin", "cache open", "cache waived", "cache closed", "end"}
		if !slices.Equal(first.calls, want) || !slices.Equal(second.calls, want) {
			t.Errorf("calls %q and %q", first.calls, second.calls)
		}
		if diff := cmp.Diff([]string{
			`the exemption of ` + publicAccess + ` for "old" expired on 2026-11-30 and does not count`, "told", "unread",
			"plan a: x (T) is not judged: why", "plan a: partial: interrupted", "plan a: subscription s could not be seen: no role",
			"plan a: /gone was deleted while the scan ran, and is not judged", "plan a: n", result.Notes[len(result.Notes)-1],
		}, first.end.Notes); diff != "" {
			t.Error(diff)
		}
		if !strings.HasSuffix(result.Notes[len(result.Notes)-1], ", 1 unjudged") || result.Unused != nil || len(result.Expired) != 1 {
			t.Errorf("%q, unused %q, expired %q", result.Notes, result.Unused, result.Expired)
		}
		if diff := cmp.Diff([]string{"planned", "read from plan a", "adjusted"}, first.caches[0].Notes); diff != "" {
			t.Error(diff)
		}
		if !slices.Equal(adjusted, []string{"open", "waived", "closed"}) ||
			!slices.Equal(taken, []string{"open a.json", "waived a.json", "closed b.json"}) {
			t.Errorf("adjusted %q, taken %q", adjusted, taken)
		}
		if f := publicOf(t, first.caches[0]); f.Status != report.NonCompliant || f.Since == nil || *f.Since != report.Introduced {
			t.Errorf("open: %+v", f)
		}
		if f := publicOf(t, first.caches[1]); f.Status != report.Exempt {
			t.Errorf("waived: %+v", f)
		}
		h := first.header
		if h.Tool != (report.Tool{Name: "redisbaseline", Version: "1.2.3"}) || !h.GeneratedAt.Equal(now.Truncate(time.Second)) ||
			len(h.Baselines) != 1 || len(h.Catalogue) == 0 ||
			first.caches[0].Baseline != h.Baselines[0].ID || h.Baselines[0].ServiceName != "Azure Cache for Redis" {
			t.Errorf("header %+v", h)
		}
		if result.Summary.Caches != 3 || result.Summary.Unjudged != 1 || result.Partial != "interrupted" || len(result.Unseen) != 1 ||
			!slices.Equal(first.end.Gaps, []string{"unread", "plan a: partial: interrupted", "plan a: subscription s could not be seen: no role",
				"plan a: a cache"}) || first.end.Failing != result.Objections.Total() || first.end.Failing < 3 {
			t.Errorf("closing %+v", result.Closing)
		}
	}
}

// An exemption that only others may use is no remark; one of this job is. What
// was not read to its end may hold the cache that it is for.
func TestRunExemptions(t *testing.T) {
	open := cache("open", true)
	for name, c := range map[string]struct {
		job  judge.Job
		rest judge.Rest
		want []string
	}{
		"used": {judge.Job{Exemptions: []baseline.Exemption{waiver("open", "")}}, judge.Rest{}, nil},
		"used, given twice": {judge.Job{Exemptions: []baseline.Exemption{waiver("open", ""), waiver("open", "2027-01-31")}}, judge.Rest{},
			[]string{"for \"open\" is given twice: take one out"}},
		"used, and renewed": {judge.Job{Exemptions: []baseline.Exemption{waiver("open", "2026-11-30"), waiver("open", "")}}, judge.Rest{},
			[]string{"expired on"}},
		"unused":           {judge.Job{Exemptions: []baseline.Exemption{waiver("x", "")}}, judge.Rest{}, []string{"is unused"}},
		"unused elsewhere": {judge.Job{Shared: []baseline.Exemption{waiver("x", "")}}, judge.Rest{}, nil},
		"used elsewhere":   {judge.Job{Shared: []baseline.Exemption{waiver("open", "")}}, judge.Rest{}, nil},
		"expired":          {judge.Job{Exemptions: []baseline.Exemption{waiver("x", "2026-11-30")}}, judge.Rest{}, []string{"expired on"}},
		"unread":           {judge.Job{Exemptions: []baseline.Exemption{waiver("x", "")}, Unread: []string{"u"}}, judge.Rest{}, []string{"u"}},
		"partial":          {judge.Job{Exemptions: []baseline.Exemption{waiver("x", "")}}, judge.Rest{Partial: "p"}, []string{"partial: p"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.job.Documents, c.job.Now = baseline.Published(), now
			c.job.Inputs = []judge.Input{{Caches: caches(open), Rest: func() (judge.Rest, error) { return c.rest, nil }}}
			var out recorder
			result, err := c.job.Run(t.Context(), &out)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(result.Notes, c.want, strings.Contains) {
				t.Errorf("notes %q, want %q", result.Notes, c.want)
			}
			if exempt := publicOf(t, out.caches[0]).Status == report.Exempt; exempt != strings.HasPrefix(name, "used") {
				t.Errorf("exempt: %v", exempt)
			}
		})
	}
}

// What fails ends the job: nothing was begun where no cache came, and no report
// is ended that is not whole.
func TestRunFails(t *testing.T) {
	fault := errors.New("fault")
	interrupted, interrupt := context.WithCancelCause(t.Context())
	interrupt(fault)
	for name, c := range map[string]struct {
		ctx     context.Context
		caches  iter.Seq[posture.Planned]
		encoder recorder
		rest    error
		each    error
		calls   []string
	}{
		"nothing could be seen": {caches: caches(), rest: fault},
		"seen in part":          {caches: caches(cache("a", true)), rest: fault, calls: []string{"begin", "cache a"}},
		"an encoder": {caches: caches(cache("a", true), cache("b", true)), encoder: recorder{err: fault},
			calls: []string{"begin", "cache a"}},
		"a driver":    {caches: caches(cache("a", true)), each: fault, calls: []string{"begin"}},
		"interrupted": {ctx: interrupted, caches: caches(cache("a", true))},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := c.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			job := judge.Job{
				Documents: baseline.Published(),
				Inputs:    []judge.Input{{Caches: c.caches, Rest: func() (judge.Rest, error) { return judge.Rest{}, c.rest }}},
				Each:      func(*posture.Cache, report.Cache) error { return c.each },
			}
			if _, err := job.Run(ctx, &c.encoder); !errors.Is(err, fault) {
				t.Errorf("error %v", err)
			}
			if !slices.Equal(c.encoder.calls, c.calls) {
				t.Errorf("calls %q, want %q", c.encoder.calls, c.calls)
			}
		})
	}
}

// A report on nothing is a report, which names the documents.
func TestRunEmpty(t *testing.T) {
	var out recorder
	job := judge.Job{Documents: baseline.Published()[:1], Inputs: []judge.Input{{Caches: caches()}}}
	if _, err := job.Run(t.Context(), &out); err != nil || !slices.Equal(out.calls, []string{"begin", "end"}) {
		t.Errorf("%v, calls %q", err, out.calls)
	}
	if len(out.header.Baselines) != 1 || !out.header.GeneratedAt.IsZero() {
		t.Errorf("header %+v", out.header)
	}
}

// documents are the published one and another, for a service of its own, in which
// the same rules have other titles.
func documents() baseline.Documents {
	first := baseline.Published()[0]
	second, service := *first, *first.Service
	service.Type, service.Name = "Microsoft.Test/caches", "Test Cache"
	second.ID, second.Service, second.Features = "test-cache", &service, slices.Clone(first.Features)
	for i := range second.Features {
		second.Features[i].Title = "another title"
	}
	return baseline.Documents{first, &second}
}

// A report names the documents that judged something, in their order, and lists
// only their entries; the first one where nothing was found.
func TestRunNamesTheDocumentsThatJudged(t *testing.T) {
	const classic, other = "azure-cache-for-redis", "test-cache"
	for name, c := range map[string]struct{ judgedBy, want []string }{
		"nothing": {nil, []string{classic}}, "the first": {[]string{classic}, []string{classic}},
		"the second": {[]string{other}, []string{other}}, "both": {[]string{other, classic, other}, []string{classic, other}},
	} {
		t.Run(name, func(t *testing.T) {
			var judged []*posture.Cache
			for i, document := range c.judgedBy {
				cache := cache(fmt.Sprint("c", i), true)
				if document == other {
					cache.Type = "Microsoft.Test/caches"
				}
				judged = append(judged, cache)
			}
			var out recorder
			job := judge.Job{Documents: documents(), Inputs: []judge.Input{{Caches: caches(judged...)}}}
			result, err := job.Run(t.Context(), &out)
			if err != nil {
				t.Fatal(err)
			}
			for i, cache := range out.caches {
				if cache.Baseline != c.judgedBy[i] {
					t.Errorf("cache %d is judged by %s", i, cache.Baseline)
				}
			}
			var ids, entries []string
			for _, b := range out.end.Baselines {
				ids = append(ids, b.ID)
			}
			for _, e := range out.end.Catalogue {
				if !slices.Contains(entries, e.Baseline) {
					entries = append(entries, e.Baseline)
				}
				if second := e.Title == "another title"; e.Control != "" && second != (e.Baseline == other) {
					t.Errorf("%s of %s has the title %q", e.ID, e.Baseline, e.Title)
				}
			}
			if !slices.Equal(ids, c.want) || !slices.Equal(entries, c.want) {
				t.Errorf("baselines %q, entries of %q, want %q", ids, entries, c.want)
			}
			if diff := cmp.Diff(out.end, result.Closing); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A cache of a type that no document covers is not judged, which a strict gate
// objects to and nobody takes for compliant.
func TestRunWithoutDocument(t *testing.T) {
	other := cache("other", false)
	other.Type = "Microsoft.Cache/other"
	other.Address = "azurerm_other.a"
	job := judge.Job{Documents: baseline.Published(), Gate: judge.Gate{Enforce: judge.EnforceAll, Strict: true},
		Inputs: []judge.Input{{Caches: caches(other)}}}
	result, err := job.Run(t.Context())
	if err != nil || result.Summary.Unjudged != 1 || result.Objections.Unjudged != 1 ||
		result.Closing.Unjudged[0].Address != "azurerm_other.a" {
		t.Errorf("%+v, %v", result, err)
	}
}

// A report says whether something is missing, and its own job whether it is an input.
func TestRunIncomplete(t *testing.T) {
	for name, c := range map[string]struct {
		unread  []string
		rest    judge.Rest
		want    bool
		partial string
	}{
		"all was read":       {want: false},
		"an input is unread": {unread: []string{"a", "b"}, want: true, partial: "a; b"},
		"a cache is partly":  {rest: judge.Rest{Gaps: []string{"a cache"}}, want: true},
		"stopped":            {rest: judge.Rest{Partial: "interrupted"}, want: true, partial: "interrupted"},
		"unseen":             {rest: judge.Rest{Unseen: []report.Unseen{{Kind: "cache"}}}, want: true},
		"vanished":           {rest: judge.Rest{Vanished: []string{"/gone"}}, want: false},
	} {
		job := judge.Job{
			Documents: baseline.Published()[:1], Unread: c.unread,
			Inputs: []judge.Input{{Caches: caches(), Rest: func() (judge.Rest, error) { return c.rest, nil }}},
		}
		if result, err := job.Run(t.Context()); err != nil || result.Incomplete() != c.want || result.Partial != c.partial {
			t.Errorf("%s: %v, gaps %q, partial %q", name, err, result.Gaps, result.Partial)
		}
	}
}
