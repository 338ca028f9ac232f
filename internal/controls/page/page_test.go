package page

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

var update = flag.Bool("update", false, "write the golden files")

// result is what testdata/*.report.json say; without names, the controls alone.
func result(t testing.TB, names ...string) *controls.Result {
	t.Helper()
	c := controls.Of(baseline.Published())
	var reports []*controls.Report
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join("testdata", name+".report.json"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.Read(bytes.NewReader(raw), name+".json")
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	r, refused := c.Merge(reports)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	r.Tool, r.GeneratedAt = report.Tool{Name: "redisbaseline", Version: "0.0.0-test"}, time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	return r
}

func written(t testing.TB, format string, r *controls.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var extensions = map[string]string{"csv": ".csv", "html": ".html", "json": ".json", "markdown": ".md"}

// The goldens are of the controls alone, of one report, and of three, of which two are of one source.
func TestGoldens(t *testing.T) {
	for name, reports := range map[string][]string{"alone": nil, "one": {"october"}, "three": {"november", "october", "plan"}} {
		r := result(t, reports...)
		if name == "three" {
			r.Notes = []string{"june.json could not be read: what it says is left out"}
		}
		for _, format := range Formats() {
			got := written(t, format, r)
			if format == "json" {
				schematest.Compile(t, Schema).Check(t, name, got)
			}
			file := filepath.Join("testdata", name+extensions[format])
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || string(want) != got {
				t.Errorf("%s is another one (%v): go test ./internal/controls/page -update, and look at the difference", file, err)
			}
		}
	}
}

// Hostile text of a report is no formula, no command and no markup.
func TestHostileTexts(t *testing.T) {
	c := controls.Of(baseline.Published())
	raw, err := os.ReadFile(filepath.Join("testdata", "plan.report.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, hostile := range []string{
		`=cmd|'/c calc'!A1`, `##vso[task.complete]x`, `<script>alert(1)</script>`, `a|b`, "@x", `\n::error::x`, `\u001b[31m`,
	} {
		text := strings.ReplaceAll(string(raw), "azurerm_redis_cache.shop", hostile)
		text = strings.ReplaceAll(text, "public network access is enabled", hostile)
		read, err := c.Read(strings.NewReader(text), "=x\n##[error].json")
		if err != nil {
			t.Fatal(err)
		}
		r, _ := c.Merge([]*controls.Report{read})
		for _, format := range Formats() {
			got := written(t, format, r)
			if m := regexp.MustCompile(`##vso|##\[|(?m:^\s*::error)|[\r\x1b]`).FindString(got); m != "" {
				t.Errorf("%s of %s: %q", format, hostile, m)
			}
			if (format == "html" || format == "markdown") && strings.Contains(got, "<script>alert") {
				t.Errorf("%s of %s is markup", format, hostile)
			}
			if format == "csv" {
				rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					for _, cell := range row {
						if cell != "" && strings.ContainsRune("=+-@|%", rune(cell[0])) {
							t.Errorf("the cell %q", cell)
						}
					}
				}
			}
		}
	}
}

// No cell of ids is a number, of which a spreadsheet would drop a zero or make a date.
func TestIDsAreNoNumbers(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", result(t)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if regexp.MustCompile(`^[\d.]+$`).MatchString(cell) {
				t.Errorf("%q in %q", cell, row)
			}
		}
	}
}

// The page has a row, a cell for each control, and details for every cache that is still there; links lead somewhere.
func TestHTMLOfCaches(t *testing.T) {
	r := result(t, "november", "october", "plan")
	page := written(t, "html", r)
	here := 0
	for _, h := range r.Histories {
		if !h.Gone {
			here++
		}
	}
	rows, details := strings.Count(page, "<tr class=\"item "), strings.Count(page, "<details class=\"item ")
	if rows != here || details != here || here != 5 {
		t.Errorf("%d rows, %d details of %d caches", rows, details, here)
	}
	if cells := strings.Count(page, "<td>ok") + len(regexp.MustCompile(`<td class=\w+>`).FindAllString(page, -1)); cells != 20*here {
		t.Errorf("%d cells", cells)
	}
	for _, link := range regexp.MustCompile(`href="?#([\w-]+)`).FindAllStringSubmatch(page, -1) {
		if !regexp.MustCompile(`id="?` + link[1] + `[">]`).MatchString(page) {
			t.Errorf("the link to %s leads nowhere", link[1])
		}
	}
	if strings.Contains(page, "redis-ads</b>") || !strings.Contains(page, "redis-ads") {
		t.Error("a cache that is gone stands among the missing ones only")
	}
}
