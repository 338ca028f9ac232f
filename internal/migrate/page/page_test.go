package page

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

var (
	update       = flag.Bool("update", false, "write the golden files")
	updateEstate = flag.Bool("estate", false, "plan the reports of the golden files anew")
)

func written(t testing.TB, format string, r *migrate.Report, opts Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// compared is a report with all that a report may have.
func compared() *migrate.Report {
	r := estate()
	r.Source.Settings = ".redisbaseline.yaml"
	r.Since = &migrate.Since{Input: "july.json", GeneratedAt: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Moved: []string{"redis-old"},
		Left: []string{"redis-dev", "redis-orders"}, New: []string{}, Unblocked: []string{}, Begun: []string{"redis-orders"}, Unseen: []string{}}
	r.Summary.Begun = 1
	r.Notes = []string{"june.csv has metrics of redis-x, which is no cache of this report"}
	r.Failing = migrate.Reasons(r, true, time.Time{})
	return r
}

// readReport reads a report, with the texts of its catalogue.
func readReport(t *testing.T, file string) *migrate.Report {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r migrate.Report
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	for i := range r.Caches {
		for j := range r.Caches[i].Differences {
			d := &r.Caches[i].Differences[j]
			for _, entry := range r.Catalogue.Differences {
				if entry.ID == d.ID {
					d.Entry = &entry
				}
			}
		}
		for j := range r.Caches[i].Paths {
			p := &r.Caches[i].Paths[j]
			for _, entry := range r.Catalogue.Paths {
				if entry.ID == p.ID {
					p.PathEntry = &entry
				}
			}
		}
	}
	r.Failing = migrate.Reasons(&r, true, time.Time{})
	return &r
}

// The report that is planned today has the form that the schema says.
func TestSchema(t *testing.T) {
	schematest.Compile(t, Schema).Check(t, "estate", written(t, "json", compared(), Options{}))
}

var extensions = map[string]string{"csv": "csv", "html": "html", "json": "json", "markdown": "md", "text": "txt"}

// TestGolden writes the reports that testdata/*.json are, so that the golden files do not
// follow every change of wording elsewhere; -estate plans them anew.
func TestGolden(t *testing.T) {
	if *updateEstate {
		for name, r := range map[string]*migrate.Report{"estate": compared(), "empty": planned(nil, 2)} {
			if err := os.WriteFile(filepath.Join("testdata", name+".json"), []byte(written(t, "json", r, Options{})), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range []string{"estate", "empty"} {
		r := readReport(t, filepath.Join("testdata", name+".json"))
		for _, format := range Formats() {
			t.Run(name+" "+format, func(t *testing.T) {
				got := written(t, format, r, Options{})
				file := filepath.Join("testdata", name+"."+extensions[format])
				if *update && format != "json" {
					if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Error(diff)
				}
				if format == "json" {
					schematest.Compile(t, Schema).Check(t, file, got)
				}
			})
		}
	}
}

// What is written as JSON is read as the same report.
func TestJSONIsRead(t *testing.T) {
	r := compared()
	text := written(t, "json", r, Options{})
	var back migrate.Report
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatal(err)
	}
	if again := written(t, "json", &back, Options{}); again != text {
		t.Error(cmp.Diff(text, again))
	}
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSpace(plain.String()); compact.String() != want {
		t.Error(cmp.Diff(want, compact.String()))
	}
}

func TestTextFits(t *testing.T) {
	for _, width := range []int{0, 40, 80, 120} {
		for _, verbose := range []bool{false, true} {
			text := written(t, "text", compared(), Options{Width: width, Verbose: verbose, Color: true})
			limit := max(width, 40)
			if width == 0 {
				limit = 80
			}
			for line := range strings.Lines(text) {
				if w := ansi.StringWidth(strings.TrimRight(line, "\n")); w > limit {
					t.Errorf("%d columns of %d: %s", w, limit, line)
				}
			}
		}
	}
}

// Text of an input steers no terminal, commands no pipeline, is no markup, and no formula.
func TestHostileText(t *testing.T) {
	const hostile = "=cmd|' /C calc'!A0\"><script>alert(1)</script>\x1b[31m\n::error::x ##vso[x] `**x**` @someone\u202e"
	r := estate()
	for i := range r.Caches {
		m := &r.Caches[i]
		text := hostile
		m.Address, m.Name, m.ResourceID, m.DisplayName, m.Location = &text, &text, &text, text, text
		m.Notes, m.Partners = []string{text}, []string{text}
		for j := range m.Differences {
			m.Differences[j].Message, m.Differences[j].Objects = text, []string{text}
		}
		m.References = []migrate.Reference{{Consumer: text, Argument: text, Attribute: text, Action: "look"}}
		m.Remade = []migrate.Remade{{Kind: migrate.KindKey, Address: text, What: text}}
	}
	migrate.Waves(r, 2, nil)
	r.Notes, r.Failing, r.Source.Inputs = []string{hostile}, []string{hostile}, []string{hostile}
	for _, format := range Formats() {
		got := written(t, format, r, Options{Verbose: true})
		for _, bad := range []string{"\x1b", "\u202e", "##vso", "\n::"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s holds %q", format, bad)
			}
		}
		switch format {
		case "html", "markdown":
			if strings.Contains(got, "<script>alert") {
				t.Errorf("%s holds markup", format)
			}
		case "csv":
			rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				for _, cell := range row {
					if strings.HasPrefix(cell, "=") {
						t.Errorf("a formula: %q", cell)
					}
				}
			}
		case "json":
			schematest.Compile(t, Schema).Check(t, format, got)
		}
	}
}

func TestCells(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a=b": "a=b", "=1": "'=1", "+1": "+1", "-1": "-1", "-1+2": "'-1+2", "@x": "'@x", "\t=1": "'=1", "|x": "'|x", "%x": "'%x",
	} {
		if got := cell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// large is an estate of many caches, alike as those of a real one are.
func large(n int) *migrate.Report {
	caches := make([]*posture.Cache, n)
	for i := range caches {
		caches[i] = classic(fmt.Sprintf("c%06d", i), "Standard", i%7, func(c *posture.Cache) {
			if i%100 == 0 {
				clustered(c)
			}
		})
	}
	return planned(caches, 5)
}

// A report of many caches is read by people, and a page of them by a browser.
func TestManyCaches(t *testing.T) {
	r := large(2000)
	text := written(t, "text", r, Options{})
	if lines := strings.Count(text, "\n"); lines > 600 {
		t.Errorf("%d lines", lines)
	}
	if !strings.Contains(text, "and 1990 more caches") {
		t.Error("the text does not say how many caches it leaves out")
	}
	if page := written(t, "html", r, Options{}); len(page)/2000 > 1000 {
		t.Errorf("%d bytes for each cache", len(page)/2000)
	}
	for _, format := range []string{"csv", "html", "markdown"} {
		if got := written(t, format, r, Options{}); strings.Count(got, "c001999") == 0 {
			t.Errorf("%s leaves a cache out", format)
		}
	}
	if all := written(t, "text", r, Options{Verbose: true}); !strings.Contains(all, "c001999") {
		t.Error("--verbose leaves a cache out")
	}
}

func BenchmarkWrite(b *testing.B) {
	r := large(2000)
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				written(b, format, r, Options{})
			}
		})
	}
}

// TestVerdictOnTarget: every format for people says that a verdict on a target waits for
// open features, verbose or not, and so does the summary.
func TestVerdictOnTarget(t *testing.T) {
	r := compared()
	for _, format := range []string{"text", "markdown", "html"} {
		for _, verbose := range []bool{false, true} {
			text := strings.Join(strings.Fields(written(t, format, r, Options{Verbose: verbose})), " ")
			for _, want := range []string{"target compliant once ", "compliant after the move once their open features are settled"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s, verbose %t: no %q", format, verbose, want)
				}
			}
		}
	}
}
