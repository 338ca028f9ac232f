package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// githubReviewSent and gitlabThreadSent are what the services document, made by hand: a member
// that they do not know is an error.
type (
	githubReviewSent struct {
		CommitID *string `json:"commit_id"`
		Body     string  `json:"body"`
		Event    string  `json:"event"`
		Comments []struct {
			Path      string `json:"path"`
			Body      string `json:"body"`
			Line      int    `json:"line"`
			Side      string `json:"side"`
			StartLine *int   `json:"start_line"`
			StartSide string `json:"start_side"`
		} `json:"comments"`
	}
	gitlabThreadSent struct {
		Body     string `json:"body"`
		Position *struct {
			BaseSHA  string `json:"base_sha"`
			StartSHA string `json:"start_sha"`
			HeadSHA  string `json:"head_sha"`
			Type     string `json:"position_type"`
			NewPath  string `json:"new_path"`
			OldPath  string `json:"old_path"`
			NewLine  *int   `json:"new_line"`
			OldLine  *int   `json:"old_line"`
		} `json:"position"`
	}
)

// strictly decodes JSON of which each member is known.
func strictly[T any](t testing.TB, raw string) (out T) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&out); err != nil || decoder.More() {
		t.Fatalf("%v in %s", err, raw)
	}
	return out
}

func githubReviewOf(t testing.TB, r Report, review *Review) githubReviewSent {
	t.Helper()
	out := strictly[githubReviewSent](t, encode(t, "github-review", r, EncodeOptions{Review: review}))
	if out.Event != "COMMENT" || out.Body == "" || out.Comments == nil {
		t.Errorf("%+v", out)
	}
	for _, c := range out.Comments {
		if c.Side != "RIGHT" || c.Path == "" || c.Line < 1 || c.StartLine != nil && (*c.StartLine >= c.Line || c.StartSide != "RIGHT") {
			t.Errorf("%+v", c)
		}
	}
	return out
}

const (
	tls     = "DP-3/data-in-transit-encryption"
	public  = "NS-2/disable-public-network-access"
	logs    = "LT-4/azure-resource-logs"
	keysOff = "advisory/access-keys-disabled"
	noTier  = "advisory/tier"
)

// at is a violation at a line, with the changes that are against it.
func at(line int, message string, suggestions ...*Suggestion) func(*Finding) {
	return func(f *Finding) {
		f.Status, f.Message = NonCompliant, message
		if line > 0 {
			f.Position = &Position{"infra/main.tf", line}
		}
		for _, s := range suggestions {
			f.Fixes = append(f.Fixes, Fix{Setting: s.Settings[0].Setting, Suggestion: s})
		}
	}
}

// reviewed is a report with a suggestion on line 4, one on the lines 5 to 6 and one that
// nothing shows, for two instances of a resource, and findings without any.
func reviewed() Report {
	one := &Suggestion{File: "infra/main.tf", Line: 4, Settings: []Suggested{{"non_ssl_port_enabled = false", 4, "clients lose it"}},
		Ways: []Lines{{4, 5, "  non_ssl_port_enabled = false\n"}}}
	two := &Suggestion{File: "infra/main.tf", Line: 5, Settings: []Suggested{{"minimum_tls_version = \"1.2\"", 5, ""}}, Together: true,
		Ways: []Lines{{5, 7, "  minimum_tls_version = \"1.2\"\n  # ``` four ````\n"}}}
	hidden := &Suggestion{File: "infra/main.tf", Line: 20, Settings: []Suggested{{"access_keys_authentication_enabled = false", 20, ""}}}
	r := sampleHeader("plan.json")
	for _, name := range []string{"one", "two"} {
		r.Caches = append(r.Caches, sampleCache(`azurerm_redis_cache.a["`+name+`"]`, name, "create").
			with(tls, at(4, "two things", one, two)).with(keysOff, at(20, "keys", hidden)).with(noTier, at(20, "no agreement")).
			with(public, at(22, "is public")).with(logs, at(0, "no logs")))
	}
	return r.summed("")
}

// reviewedDiff has the lines from 3 to 6 and from 20 to 21 of the file; 4 and 20 were added.
const reviewedDiff = `diff --git a/infra/main.tf b/infra/main.tf
--- a/infra/main.tf
+++ b/infra/main.tf
@@ -3,3 +3,4 @@
 three
+four
 five
 six
@@ -19,1 +20,2 @@
+twenty
 more
`

func diffOf(t testing.TB, text string) ReviewDiff {
	t.Helper()
	diff, err := ParseReviewDiff(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

// places are where the comments of a review stand.
func places(r githubReviewSent) (out []string) {
	for _, c := range r.Comments {
		first := c.Line
		if c.StartLine != nil {
			first = *c.StartLine
		}
		out = append(out, fmt.Sprintf("%s:%d-%d", c.Path, first, c.Line))
	}
	return out
}

func TestGitHubReview(t *testing.T) {
	all := githubReviewOf(t, reviewed(), nil)
	want := []string{"infra/main.tf:4-4", "infra/main.tf:5-6", "infra/main.tf:20-20", "infra/main.tf:22-22"}
	if got := places(all); !slices.Equal(got, want) {
		t.Errorf("without a diff, comments at %q, want %q", got, want)
	}
	for i, texts := range [][]string{
		{"two things", `a\["one"\]</code>, <code>`, "clients lose it", "\n```suggestion\n  non_ssl_port_enabled = false\n```\n"},
		{"alone it does harm", "\n`````suggestion\n  minimum_tls_version = \"1.2\"\n  # ``` four ````\n`````\n"},
		{"keys", "to be written by hand", `access\_keys\_authentication\_enabled = false`},
		{"is public", "write:"},
	} {
		for _, text := range texts {
			if !strings.Contains(all.Comments[i].Body, text) {
				t.Errorf("comment %d does not say %q:\n%s", i, text, all.Comments[i].Body)
			}
		}
	}
	if strings.Contains(all.Comments[2].Body+all.Comments[3].Body, "suggestion\n") {
		t.Error("a suggestion of lines that are hidden, or of none")
	}
	for text, there := range map[string]bool{"no logs": true, "is public": false, "no agreement": false, "two things": false} {
		if strings.Contains(all.Body, text) != there {
			t.Errorf("the body says %q: %v\n%s", text, !there, all.Body)
		}
	}

	some := githubReviewOf(t, reviewed(), &Review{Diff: diffOf(t, reviewedDiff)})
	if got, want := places(some), want[:3]; !slices.Equal(got, want) {
		t.Errorf("comments at %q, want %q", got, want)
	}
	if !strings.Contains(some.Body, "is public") || !strings.Contains(some.Body, "infra/main.tf:22") {
		t.Errorf("the body leaves out what is not in the diff:\n%s", some.Body)
	}

	// Lines of a suggestion that are no part of one hunk are told in words.
	shorter := strings.NewReplacer("-3,3 +3,4", "-3,2 +3,3", " six\n", "").Replace(reviewedDiff)
	cut := githubReviewOf(t, reviewed(), &Review{Diff: diffOf(t, shorter)})
	if got, want := places(cut), []string{"infra/main.tf:4-4", "infra/main.tf:5-5", "infra/main.tf:20-20"}; !slices.Equal(got, want) ||
		strings.Contains(cut.Comments[1].Body, "suggestion") || !strings.Contains(cut.Comments[1].Body, "minimum\\_tls\\_version") {
		t.Errorf("comments at %q, want %q, of which the second is\n%s", got, want, cut.Comments[1].Body)
	}

	// Outside the diff, suggestions are listed with their place and text.
	none := githubReviewOf(t, reviewed(), &Review{Diff: ReviewDiff{}})
	if len(none.Comments) != 0 {
		t.Errorf("comments outside the diff: %q", places(none))
	}
	for _, text := range []string{"infra/main.tf:4</code>: <code>non", "\n```terraform\n  non_ssl_port_enabled = false\n```\n",
		"\n`````terraform\n", "is public", "no logs"} {
		if !strings.Contains(none.Body, text) {
			t.Errorf("the body does not say %q:\n%s", text, none.Body)
		}
	}
}

// TestReviewOutsideTheRepository: no comment stands in a file that the repository cannot have.
func TestReviewOutsideTheRepository(t *testing.T) {
	for file, want := range map[string]int{"/root/infra/main.tf": 0, "../main.tf": 0, "": 0, "./infra/main.tf": 1, "a/../main.tf": 1} {
		r := sampleHeader("plan.json")
		r.Caches = []Cache{sampleCache("azurerm_redis_cache.a", "a", "create").with(public, func(f *Finding) {
			f.Status, f.Position = NonCompliant, &Position{file, 3}
		})}
		if got := githubReviewOf(t, r.summed(""), nil); len(got.Comments) != want || want == 0 && !marks.MatchString(got.Body) {
			t.Errorf("%q: %d comments, want %d; the body is\n%s", file, len(got.Comments), want, got.Body)
		}
	}
}

// marks are how a later run finds what an earlier one said.
var marks = regexp.MustCompile(`^<!-- redisbaseline:[0-9a-f]{32} -->\n`)

// TestReviewMarks: a comment has the same mark wherever its lines stand, and another one once
// it says something else. The body has one if it tells of what has no line.
func TestReviewMarks(t *testing.T) {
	marksOf := func(r Report, review *Review) (out []string) {
		sent := githubReviewOf(t, r, review)
		out = append(out, marks.FindString(sent.Body))
		for _, c := range sent.Comments {
			out = append(out, marks.FindString(c.Body))
		}
		return out
	}
	first := marksOf(reviewed(), nil)
	if slices.Contains(first, "") || len(slices.Compact(slices.Sorted(slices.Values(first)))) != 5 {
		t.Errorf("marks %q", first)
	}
	moved := reviewed()
	for i := range moved.Caches {
		for _, list := range [][]Finding{moved.Caches[i].Features, moved.Caches[i].Advisories} {
			for j := range list {
				if p := list[j].Position; p != nil {
					list[j].Position = &Position{p.File, p.Line + 7}
				}
				for k := range list[j].Fixes {
					if s := list[j].Fixes[k].Suggestion; i == 0 {
						s.Line += 7
						s.Settings[0].Line += 7
						for w := range s.Ways {
							s.Ways[w].Start, s.Ways[w].End = s.Ways[w].Start+7, s.Ways[w].End+7
						}
					}
				}
			}
		}
	}
	if got := marksOf(moved, nil); !slices.Equal(got, first) {
		t.Errorf("the marks are %q once lines moved, and were %q", got, first)
	}
	other := reviewed()
	other.Caches = other.Caches[:1]
	for i, mark := range marksOf(other, nil) {
		if slices.Contains(first, mark) {
			t.Errorf("mark %d is the same for one cache less", i)
		}
	}

	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("azurerm_redis_cache.a", "a", "create").with(public, at(3, "is public"))}
	if got := githubReviewOf(t, r.summed(""), nil); marks.MatchString(got.Body) || len(got.Comments) != 1 {
		t.Errorf("a mark without need: %+v", got)
	}
}

func TestReviewOfNothing(t *testing.T) {
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("azurerm_redis_cache.a", "a", "create").with(public, func(*Finding) {})}
	r = r.summed("")
	if got := githubReviewOf(t, r, nil); len(got.Comments) != 0 || marks.MatchString(got.Body) ||
		!strings.Contains(got.Body, "no violation in 1 cache") {
		t.Errorf("%+v", got)
	}
	if got := encode(t, "gitlab-review", r, EncodeOptions{}); got != "[]\n" {
		t.Errorf("%s", got)
	}
	r.Gaps = []string{"b.json could not be read"}
	if got := githubReviewOf(t, r, nil); !marks.MatchString(got.Body) || !strings.Contains(got.Body, "Incomplete") {
		t.Errorf("%+v", got)
	}
	if got := strictly[[]gitlabThreadSent](t, encode(t, "gitlab-review", r, EncodeOptions{})); len(got) != 1 || got[0].Position != nil {
		t.Errorf("%+v", got)
	}
}

// fences are how suggestions begin.
var fences = regexp.MustCompile("(?m)^```+suggestion.*$")

func TestGitLabReview(t *testing.T) {
	review := &Review{Diff: diffOf(t, strings.ReplaceAll(reviewedDiff, "a/infra/main.tf", "a/old.tf")),
		Commits: ReviewCommits{Base: "base", Start: "start", Head: "head"}}
	threads := strictly[[]gitlabThreadSent](t, encode(t, "gitlab-review", reviewed(), EncodeOptions{Review: review}))
	var got []string
	for _, thread := range threads {
		at, old := thread.Position, 0
		if at == nil {
			got = append(got, "overview")
			continue
		}
		if at.OldLine != nil {
			old = *at.OldLine
		}
		fence := strings.Trim(fences.FindString(thread.Body), "`")
		got = append(got, fmt.Sprintf("%s %s %s %s %s:%d %s:%d %s", at.Type, at.BaseSHA, at.StartSHA, at.HeadSHA, at.OldPath, old, at.NewPath,
			*at.NewLine, fence))
		if !marks.MatchString(thread.Body) {
			t.Errorf("no mark: %s", thread.Body)
		}
	}
	if want := []string{
		"text base start head old.tf:0 infra/main.tf:4 suggestion:-0+0",
		"text base start head old.tf:5 infra/main.tf:6 suggestion:-1+0",
		"text base start head old.tf:0 infra/main.tf:20 ",
		"overview",
	}; !slices.Equal(got, want) {
		t.Errorf("threads at\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestReviewLimits: a review holds 30 comments, the worst ones, and no body is longer than
// services take.
func TestReviewLimits(t *testing.T) {
	r := sampleHeader("plan.json")
	for i := range 900 {
		rule, line := logs, i+1 // medium
		if i >= 880 {
			rule = public // high
		}
		r.Caches = append(r.Caches, sampleCache(fmt.Sprintf("azurerm_redis_cache.a[%d]", i), "a", "create").
			with(rule, at(line, strings.Repeat("long ", 100))))
	}
	got := githubReviewOf(t, r.summed(""), nil)
	high := 0
	for _, c := range got.Comments {
		if strings.Contains(c.Body, public) {
			high++
		}
	}
	if len(got.Comments) != reviewLimit || high != 20 || len(got.Body) > 65536 || !strings.Contains(got.Body, "for which there is no room") {
		t.Errorf("%d comments, %d of them on what is worst, and a body of %d bytes", len(got.Comments), high, len(got.Body))
	}

	r = sampleHeader("plan.json")
	for i := range 900 {
		r.Caches = append(r.Caches, sampleCache(fmt.Sprintf("azurerm_redis_cache.a[%d]", i), "a", "create").with(public, at(3, "is public")))
	}
	if got := githubReviewOf(t, r.summed(""), nil); len(got.Comments) != 1 || !strings.Contains(got.Comments[0].Body, "and 890 more caches") {
		t.Errorf("%+v", got)
	}

	r = sampleHeader("plan.json")
	for i := range 900 {
		r.Caches = append(r.Caches, sampleCache(fmt.Sprintf("azurerm_redis_cache.a[%d]", i), "a", "create").
			with(public, at(3, fmt.Sprint("is public ", i, strings.Repeat(" long", 100)))))
	}
	if got := githubReviewOf(t, r.summed(""), nil); len(got.Comments) != 1 || len(got.Comments[0].Body) > 65536 ||
		!strings.Contains(got.Comments[0].Body, "more findings\n") {
		t.Errorf("%d comments, the first one of %d bytes", len(got.Comments), len(got.Comments[0].Body))
	}

	long := &Suggestion{File: "infra/main.tf", Line: 4, Settings: []Suggested{{"a = 1", 4, ""}}, Ways: []Lines{{4, 105, "  a = 1\n"}}}
	r = sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("azurerm_redis_cache.a", "a", "create").with(tls, at(4, "m", long))}
	if got := githubReviewOf(t, r.summed(""), nil); len(got.Comments) != 1 || strings.Contains(got.Comments[0].Body, "suggestion") {
		t.Errorf("a suggestion of 101 lines: %+v", got)
	}
}

// TestReviewHostile: nothing from an input commands whoever reads the log, and what services
// read is the text without links or mentions of others.
func TestReviewHostile(t *testing.T) {
	for _, text := range commands {
		r := hostileEverywhere(text)
		for _, format := range ReviewFormats() {
			out := encode(t, format, r, EncodeOptions{Review: &Review{}})
			checkQuiet(t, format, out)
			if !json.Valid([]byte(out)) {
				t.Errorf("%s of %q is not JSON", format, text)
			}
			for _, link := range markdownLink.FindAllString(out, -1) {
				if !ownLink.MatchString(link) {
					t.Errorf("%s of %q has the link %s", format, text, link)
				}
			}
		}
	}
}
