package report

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestMarkdownGolden(t *testing.T) {
	golden(t, "five.md", encode(t, "markdown", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.md", encode(t, "markdown", hostileReport(), EncodeOptions{}))
	golden(t, "empty.md", encode(t, "markdown", sampleHeader("plan.json"), EncodeOptions{}))
}

// GitHub refuses comments of more than 65,536 characters; what is cut is counted.
func TestMarkdownStaysUnderTheLimitAndSaysWhatItCut(t *testing.T) {
	hundredLongNotes := manyCaches(3)
	for range 100 {
		hundredLongNotes.Notes = append(hundredLongNotes.Notes, strings.Repeat("|*_", 2000))
	}
	for name, r := range map[string]Report{"thousand": manyCaches(1000), "ten thousand": manyCaches(10_000), "notes": hundredLongNotes} {
		t.Run(name, func(t *testing.T) {
			got := encode(t, "markdown", r, EncodeOptions{})
			if n := len(utf16.Encode([]rune(got))); n >= 65_536 {
				t.Fatalf("%d characters", n)
			}
			rows := strings.Count(got, "\n| ❌") + strings.Count(got, "\n| ❔") + strings.Count(got, "\n| ✅")
			if rows < len(r.Caches) && !strings.Contains(got, "and "+itoa(len(r.Caches)-rows)+" more caches not listed") {
				t.Errorf("%d of %d caches are listed, and the rest is not counted", rows, len(r.Caches))
			}
			details := strings.Count(got, "<details>")
			if details < len(r.Caches) && !strings.Contains(got, "The details of "+itoa(len(r.Caches)-details)+" more caches were left out") {
				t.Errorf("%d of %d caches have details, and the rest is not counted", details, len(r.Caches))
			}
			if strings.Count(got, "<details>") != strings.Count(got, "</details>") {
				t.Error("cut inside a fold")
			}
		})
	}
}

func TestMarkdownHostile(t *testing.T) {
	got := encode(t, "markdown", hostileReport(), EncodeOptions{})
	for _, bad := range []string{"<script", "\x1b", "\r", "\n::", "\u202e"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q got through", bad)
		}
	}
	for _, l := range strings.Split(got, "\n") {
		if strings.HasPrefix(l, "| ") && strings.Count(l, "|") != 7 {
			t.Errorf("a name broke the table: %q", l)
		}
		// The line that opens a fold is read as HTML, not as markdown.
		if strings.Contains(l, "](javascript") && !strings.HasPrefix(l, "<details open><summary>") {
			t.Errorf("a link got through: %q", l)
		}
		// Mentions notify people wherever they stand outside code.
		for i, part := range strings.Split(l, "<code>") {
			if i > 0 {
				_, part, _ = strings.Cut(part, "</code>")
			}
			if strings.Contains(part, "@team") || strings.Contains(part, "#77") {
				t.Errorf("a mention or an issue number got through: %q", part)
			}
		}
	}
}

// Findings stand by severity, say whether they fail the run, and have an id to type;
// a comment on a run that passes does not look like a failure.
func TestMarkdownSaysWhatFails(t *testing.T) {
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("x.a", "a", "update").
		with("NS-2/azure-private-link", violated(Introduced, "no endpoint")).
		with("DP-3/data-in-transit-encryption", violated(Existing, "plain text"))}
	introduced := func(f Finding) bool { return f.Since != nil && *f.Since == Introduced && !f.IsAdvisory() }
	got := encode(t, "markdown", r.summed(), EncodeOptions{FailsRun: introduced})
	if high, medium := strings.Index(got, "existing, passes"), strings.Index(got, "introduced, fails"); high < 0 || medium < high {
		t.Errorf("got:\n%s", got)
	}
	if !strings.Contains(got, "`DP-3/data-in-transit-encryption`") || !strings.HasPrefix(got, "### ❌ Fails: 2 violations in 1 of 1 cache") {
		t.Errorf("got:\n%s", got)
	}
	got = encode(t, "markdown", r.summed(), EncodeOptions{FailsRun: func(Finding) bool { return false }})
	const passes = "### ⚠️ Passes: 2 violations in 1 of 1 cache · Azure Cache for Redis baseline\n"
	if !strings.HasPrefix(got, passes) || strings.Contains(got, "fail") {
		t.Errorf("got:\n%s", got)
	}
}

// A headline that ends with the message is not followed by it.
func TestSentenceSaysItOnce(t *testing.T) {
	c := Cache{DisplayName: "redis-shop"}
	f := Finding{Message: "the rules admit 9 addresses", Headline: "has a wide firewall: the rules admit 9 addresses"}
	if got := new(base).sentence(&c, &f); got != "redis-shop has a wide firewall: the rules admit 9 addresses" {
		t.Error(got)
	}
}

// A plan that only destroys caches has neither a tick nor a cross.
func TestMarkdownOfDestroyedCaches(t *testing.T) {
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("x.a", "a", "delete")}
	r.Caches[0].Features, r.Caches[0].Advisories = nil, nil
	got := encode(t, "markdown", r.summed(), EncodeOptions{})
	if !strings.HasPrefix(got, "### ➖ Nothing was judged: 1 cache destroyed · Azure Cache for Redis baseline\n") {
		t.Errorf("got:\n%s", got)
	}
}

// Caches that exist have short ids in the table, and the whole id and each command in
// the details.
func TestMarkdownOfExistingCaches(t *testing.T) {
	r := sampleHeader("all subscriptions")
	r.Source.Kind = SourceExisting
	const id = "/subscriptions/33333333-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Cache/redis/shop"
	for _, name := range []string{id, id + "2"} {
		c := sampleCache("", "shop", "").with("DP-3/data-in-transit-encryption", func(f *Finding) {
			f.Status, f.Message, f.Remediation = NonCompliant, "plain text", "az one; az two"
		})
		c.Address, c.Change, c.ResourceID = nil, nil, &name
		r.Caches = append(r.Caches, c)
	}
	got := strings.ReplaceAll(encode(t, "markdown", r.summed(), EncodeOptions{}), `\`, "")
	for _, want := range []string{"| | cache | violations |", "| ❌ | <code>33333333…/rg/shop</code> | DP-3 ",
		"<summary>❌ <code>33333333…/rg/shop</code>: ",
		"\n\n<code>" + id + "</code>\n\n", "  - write: <code>az one</code>\n  - write: <code>az two</code>\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
