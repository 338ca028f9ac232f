package page

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

// edited are reports made of one of testdata, each edited before it is read; their names are a, b and so on.
func edited(t *testing.T, name string, edits ...func(r map[string]any)) *controls.Result {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".report.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := controls.Of(baseline.Published())
	var reports []*controls.Report
	for i, edit := range edits {
		var r map[string]any
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		edit(r)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		one, err := c.Read(strings.NewReader(string(text)), string(rune('a'+i)))
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, one)
	}
	r, refused := c.Merge(reports)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	r.Tool.Name, r.GeneratedAt = "redisbaseline", time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	return r
}

// planned is a report on caches of one address, which have these names; an empty one is not known.
func planned(kind, input string, names ...string) func(map[string]any) {
	return func(r map[string]any) {
		r["source"] = map[string]any{"kind": kind, "inputs": []any{input}}
		first, _ := r["caches"].([]any)[0].(map[string]any)
		var caches []any
		for _, name := range names {
			c := map[string]any{}
			for k, v := range first {
				c[k] = v
			}
			c["address"], c["name"] = "redis.this", nil
			if name != "" {
				c["name"] = name
			}
			caches = append(caches, c)
		}
		r["caches"] = caches
	}
}

// Caches of one address are told apart in every format for people.
func TestLabels(t *testing.T) {
	for name, row := range map[string]struct {
		edits []func(map[string]any)
		want  []string
	}{
		"one":         {[]func(map[string]any){planned("plan", "p", "x")}, []string{"redis.this (planned)"}},
		"what exists": {[]func(map[string]any){planned("existing", "p", "x")}, []string{"redis.this"}},
		"names": {[]func(map[string]any){planned("plan", "p", "x", "y")},
			[]string{"redis.this (planned, x)", "redis.this (planned, y)"}},
		"exist, by name": {[]func(map[string]any){planned("existing", "p", "x", "y")}, []string{"redis.this (x)", "redis.this (y)"}},
		"inputs": {[]func(map[string]any){planned("plan", "eu.json", ""), planned("plan", "us.json", "")},
			[]string{"redis.this (planned, eu.json)", "redis.this (planned, us.json)"}},
		"reports of one input": {[]func(map[string]any){planned("plan", "p", ""), planned("plan", "p", "", "")},
			[]string{"redis.this (planned, a, 1)", "redis.this (planned, b, 2)", "redis.this (planned, b, 3)"}},
		"nothing": {[]func(map[string]any){planned("plan", "p", "", "")}, []string{"redis.this (planned, 1)", "redis.this (planned, 2)"}},
		"kinds": {[]func(map[string]any){planned("plan", "p", "x"), planned("existing", "s", "x"), planned("configuration", "c", "x")},
			[]string{"redis.this", "redis.this (configured)", "redis.this (planned)"}},
	} {
		r := edited(t, "plan", row.edits...)
		labels := labelsOf(r)
		var got []string
		for _, h := range r.Histories {
			got = append(got, labels[h])
			page, md := written(t, "html", r), strings.ReplaceAll(written(t, "markdown", r), `\`, "")
			if wanted := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, ""); !strings.Contains(wanted, labels[h]) {
				t.Errorf("%s: no %s in html", name, labels[h])
			}
			if !strings.Contains(md, "| "+labels[h]+" |") {
				t.Errorf("%s: no %s in markdown", name, labels[h])
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

// An exemption that expired after the report stands as exempt, with a note, in every format.
func TestExpiredExemption(t *testing.T) {
	expire := func(r map[string]any) {
		for _, c := range r["caches"].([]any) {
			for _, f := range c.(map[string]any)["features"].([]any) {
				if x, ok := f.(map[string]any)["exemption"].(map[string]any); ok {
					x["expires_on"] = "2026-11-10"
				}
			}
		}
	}
	r := edited(t, "october", expire)
	writing := r.GeneratedAt
	for format, want := range map[string]string{
		"csv": "the exemption has expired since the report: 2026-11-10 was its last day", "json": `"exemption_expired":true`,
		"html": "; the exemption has expired since the report: 2026-11-10 was", "markdown": "the exemption has expired since the report",
	} {
		got := written(t, format, r)
		if format == "json" {
			schematest.Compile(t, Schema).Check(t, "expired", got)
		}
		if n := strings.Count(got, want); n == 0 || n != strings.Count(written(t, "json", r), `"exemption_expired":true`) {
			t.Errorf("%s says so %d times", format, n)
		}
		r.GeneratedAt = time.Date(2026, 11, 10, 23, 0, 0, 0, time.UTC)
		if strings.Contains(written(t, format, r), want) {
			t.Errorf("%s says so on the last day", format)
		}
		r.GeneratedAt = writing
	}
	if got := written(t, "csv", r); !strings.Contains(got, ",exempt,2026-10-31T06:00:00Z,") || !strings.Contains(got, ",2026-11-10,yes,") {
		t.Error("the state is another one, or the column exemption_expired is not filled")
	}
}

// Caches that are gone are in no number.
func TestNumberOfCaches(t *testing.T) {
	for want, names := range map[string][]string{
		"3 caches": {"october", "november"}, "3 existing caches, 2 planned caches": {"october", "november", "plan"}, "2 caches": {"plan"},
		"0 caches": nil,
	} {
		if got := Caches(result(t, names...)); got != want {
			t.Errorf("%q: %s, want %s", names, got, want)
		}
	}
}
