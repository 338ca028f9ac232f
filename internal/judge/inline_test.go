package judge_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func inline(text string) posture.Comment {
	return posture.Comment{Text: text, Position: posture.Position{File: "a.tf", Line: 3}, Declaration: posture.Position{File: "a.tf", Line: 4}}
}

// A comment says what an entry of a file says, in its words.
func TestInlineIsAsTheFile(t *testing.T) {
	file, err := judge.ReadExemptions(strings.NewReader(`
- feature: NS-2/azure-private-link
  cache: a.tf:3
  category: Mitigated
  expires_on: 2027-01-31
  description: a "quoted" = word
  approved_by: jane
`), "", baseline.Published())
	if err != nil {
		t.Fatal(err)
	}
	want := file[0]
	want.Declaration, want.Position = posture.Position{File: "a.tf", Line: 4}, posture.Position{File: "a.tf", Line: 3}
	for _, text := range []string{
		`redisbaseline:exempt NS-2/azure-private-link category=Mitigated expires_on=2027-01-31 ` +
			`description="a \"quoted\" = word" approved_by=jane`,
		"redisbaseline:exempt\tNS-2/azure-private-link   approved_by=\"jane\"\n " +
			"description=\"a \\\"quoted\\\" = word\" category=Mitigated expires_on=2027-01-31",
	} {
		got, err := judge.InlineExemptions([]posture.Comment{inline(text)}, baseline.Published())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]baseline.Exemption{want}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestInlineRefused(t *testing.T) {
	const start = "redisbaseline:exempt NS-2/azure-private-link category=Waiver "
	for text, want := range map[string]string{
		"redisbaseline:exempt":                  "a.tf:3: feature is missing",
		start:                                   "a.tf:3: description is missing",
		start + "description=":                  "a.tf:3: description is empty",
		start + `description=" "`:               "a.tf:3: description is missing",
		start + "description=x category=Waiver": `a.tf:3: the key "category" stands twice`,
		start + "description=x expires_on=":     "a.tf:3: expires_on is empty",
		start + `description=x"y"`:              "a.tf:3: the value of description has a quote within",
		start + `description="x"y`:              `a.tf:3: the value of description is followed by "y" without a space`,
		start + `description="\q"`:              "a.tf:3: the value of description is not closed",
		start + "description=x =y":              `a.tf:3: unknown key ""`,
		start + "description = x":               `a.tf:3: "description" is not KEY=VALUE`,
		start + "feature=x description=x":       "a.tf:3: feature has no place in a comment",
	} {
		got, err := judge.InlineExemptions([]posture.Comment{inline(text)}, baseline.Published())
		if err == nil || got != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v, want %q", text, got, err, want)
		}
	}
	for _, word := range []string{
		"Redisbaseline:exempt", "redis-baseline:exempt", "REDISBASELINE:EXEMPT", "redis-baseline: exempt", "redisbaseline-exempt",
		"redisbaseline exempt", "redisbaseline exempt:", "redisbasline:exempt", "redisbaselines:exempt", "redisbaselnie: exempt",
		"redisbaseline_exempt", "redisbaselineexempt", "redisbaseline: exempt", "redisbasline-exempt",
	} {
		comment := inline(word + " NS-2/azure-private-link category=Waiver description=x")
		_, err := judge.InlineExemptions([]posture.Comment{comment}, baseline.Published())
		if want := "write redisbaseline:exempt FEATURE"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", word, err)
		}
	}
	for _, prose := range []string{
		"Redis-Baseline: the rules we follow", "Redisbaseline:docs", "redisbaseline: prose", "redisbaseline exempts nothing here",
		"redisbaseline exempt caches are few", "azure-baseline exempt a/b", "redisbaseline", "",
	} {
		if got, err := judge.InlineExemptions([]posture.Comment{inline(prose)}, baseline.Published()); err != nil || got != nil {
			t.Errorf("%s: %v, %v", prose, got, err)
		}
	}
	faulty := inline(`redisbaseline:exempt NS-2/none category=Waver description="x`)
	_, err := judge.InlineExemptions([]posture.Comment{faulty}, baseline.Published())
	for _, fault := range []string{"the value of description is not closed", `"NS-2/none"`, `"Waver"`} {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%v, want %s too", err, fault)
		}
	}
	many := make([]posture.Comment, 1001)
	for i := range many {
		many[i] = inline(start + "description=x")
	}
	if _, err := judge.InlineExemptions(many, baseline.Published()); err == nil {
		t.Error("any number of comments is read")
	}
}

// FuzzInline: whatever a comment holds, it is refused, or read as an exemption that is
// valid and holds for the block it stands at, and the same comes of it written out.
func FuzzInline(f *testing.F) {
	f.Add(`redisbaseline:exempt NS-2/azure-private-link category=Waiver description="a b" expires_on=2027-01-31`)
	f.Add("redisbaseline:exempt NS-2/azure-private-link category=Waiver description=\"a\\u00e9\"")
	f.Add("redisbaseline: prose")
	f.Add(`redisbaseline:exempt x =`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := judge.InlineExemptions([]posture.Comment{inline(text)}, baseline.Published())
		if err != nil && got != nil {
			t.Fatal("an error and a list")
		}
		for _, e := range got {
			if err := baseline.Published().Validate(e); err != nil || e.Declaration.Line != 4 {
				t.Fatalf("accepted %+v: %v", e, err)
			}
			written := fmt.Sprintf("redisbaseline:exempt %s category=%s description=%s", e.Feature, e.Category, strconv.Quote(e.Description))
			for key, value := range map[string]string{"expires_on": e.ExpiresOn, "approved_by": e.ApprovedBy} {
				if value != "" {
					written += " " + key + "=" + strconv.Quote(value)
				}
			}
			again, err := judge.InlineExemptions([]posture.Comment{inline(written)}, baseline.Published())
			if err != nil || len(again) != 1 || again[0] != e {
				t.Fatalf("%s: %+v, %v, want %+v", written, again, err, e)
			}
		}
	})
}

// The exemptions of an input hold for its caches only, even where another input has a
// cache at the same place; equal ones of several inputs are one, unused where no
// input uses it.
func TestInlineIsOfItsInput(t *testing.T) {
	at := posture.Position{File: "a.tf", Line: 4}
	declared := func(name string) *posture.Cache {
		c := cache(name, true)
		c.Places = &posture.Places{Cache: at}
		return c
	}
	used := waiver("a.tf:3", "")
	used.Declaration = at
	unused := used
	unused.Declaration.Line, unused.Cache = 9, "a.tf:8"
	expired := used
	expired.Cache, expired.Feature, expired.ExpiresOn = "a.tf:2", "LT-4/azure-resource-logs", "2026-01-01"
	with := []baseline.Exemption{used, unused, expired}
	var out recorder
	job := judge.Job{
		Documents: baseline.Published(), Now: now,
		Inputs: []judge.Input{
			{Label: "a", Caches: caches(declared("a")), Exemptions: with}, {Label: "b", Caches: caches(declared("b"))},
			{Label: "c", Caches: caches(cache("c", true)), Exemptions: with},
		},
	}
	result, err := job.Run(t.Context(), &out)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []report.Status{report.Exempt, report.NonCompliant, report.NonCompliant} {
		if f := publicOf(t, out.caches[i]); f.Status != want || (f.Exemption != nil) != (want == report.Exempt) {
			t.Errorf("%s: %s, %+v, want %s", *out.caches[i].Name, f.Status, f.Exemption, want)
		}
	}
	if len(result.Unused) != 1 || !strings.Contains(result.Unused[0], `"a.tf:8" is unused`) ||
		len(result.Expired) != 1 || !strings.Contains(result.Expired[0], `"a.tf:2" expired`) {
		t.Errorf("unused %q, expired %q", result.Unused, result.Expired)
	}
}

// Two comments at one block about one rule are told.
func TestInlineGivenTwice(t *testing.T) {
	c := cache("a", true)
	c.Places = &posture.Places{Cache: posture.Position{File: "a.tf", Line: 4}}
	exempt := inline("redisbaseline:exempt " + publicAccess + " category=Waiver description=x")
	again := exempt
	again.Position.Line = 2
	exemptions, err := judge.InlineExemptions([]posture.Comment{again, exempt}, baseline.Published())
	if err != nil {
		t.Fatal(err)
	}
	job := judge.Job{Documents: baseline.Published(), Inputs: []judge.Input{{Caches: caches(c), Exemptions: exemptions}}}
	result, err := job.Run(t.Context(), &recorder{})
	if err != nil || len(result.Notes) != 1 || !strings.Contains(result.Notes[0], `for "a.tf:3" is given twice`) {
		t.Errorf("%v, %v", result, err)
	}
}
