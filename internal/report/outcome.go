package report

import (
	"fmt"
	"slices"
	"strings"
)

// Outcome is one rule with all caches that violate it, for a door that lists
// rules instead of caches.
type Outcome struct {
	Entry      Entry
	Violations int // caches that violate the rule
	Undecided  int // caches where the rule is undecided and the gate objects to that
	Objections int // violations and undecided rules that the gate objects to
	// Body is Markdown: each cache with its evidence and remedy.
	Body string
}

// Outcomes gathers outcomes cache by cache, in bounded memory.
type Outcomes struct {
	base
	limit  int
	byRule map[ruleOf]*outcome
}

type outcome struct {
	Outcome
	body strings.Builder
	left int // caches that found no room
}

// NewOutcomes returns a collector whose bodies hold at most limit bytes each.
func NewOutcomes(catalogue []Entry, limit int) *Outcomes {
	o := &Outcomes{limit: limit, byRule: map[ruleOf]*outcome{}}
	_ = o.Begin(Report{Closing: Closing{Catalogue: catalogue}}) // it never fails
	return o
}

// Add takes the features of one cache: every violation, and the undecided ones
// that the gate objects to.
func (o *Outcomes) Add(c Cache, objects func(Finding) bool) {
	if c.Destroyed() {
		return
	}
	for i := range c.Features {
		f := &c.Features[i]
		objection := objects(*f)
		if f.Status != NonCompliant && !objection {
			continue
		}
		rule := ruleOf{c.Baseline, f.ID}
		out := o.byRule[rule]
		if out == nil {
			out = &outcome{Outcome: Outcome{Entry: *o.entry(&c, f)}}
			o.byRule[rule] = out
		}
		if f.Status == NonCompliant {
			out.Violations++
		} else {
			out.Undecided++
		}
		if objection {
			out.Objections++
		}
		item := outcomeItem(&c, f)
		// The heading and the last line need at most 1,000 bytes.
		if out.left > 0 || out.body.Len()+len(item) > o.limit-1000 {
			out.left++
			continue
		}
		out.body.WriteString(item)
	}
}

func outcomeItem(c *Cache, f *Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "- %s%s: ", codeSpan(cut(c.Label(), 300)), sinceWords(f))
	if f.Status == Unknown {
		fmt.Fprintf(&b, "undecided (%s): ", MarkdownText(reasonText(f)))
	}
	b.WriteString(MarkdownText(cut(f.Message, 1000)) + "\n")
	for _, ev := range f.Evidence {
		if f.Status == NonCompliant && hasValue(ev) {
			fmt.Fprintf(&b, "  - %s\n", codeSpan(cut(ev.Text(), 500)))
		}
	}
	at := ""
	if f.Position != nil {
		at = codeSpan(cut(f.Position.String(), 500))
	}
	switch r := f.Remediation; {
	case f.Status == NonCompliant && r != "" && at != "":
		fmt.Fprintf(&b, "  - write in %s: %s\n", at, codeSpan(r))
	case f.Status == NonCompliant && r != "":
		fmt.Fprintf(&b, "  - write: %s\n", codeSpan(r))
	case at != "":
		fmt.Fprintf(&b, "  - see %s\n", at)
	}
	return b.String()
}

// List returns the outcomes: those that the gate objects to first, then by severity,
// then in the order of the catalogue.
func (o *Outcomes) List() []Outcome {
	var list []Outcome
	for _, e := range o.Catalogue {
		out := o.byRule[ruleOf{e.Baseline, e.ID}]
		if out == nil {
			continue
		}
		out.Body = fmt.Sprintf("**%s** (%s) · [why, and what to write](%s)\n\nrule %s\n\n%s", MarkdownText(e.Name()), e.Severity, e.Help,
			codeSpan(e.ID), out.body.String())
		if out.left > 0 {
			out.Body += fmt.Sprintf("\n*and %s not listed here for lack of room*\n", Count(out.left, "more cache", "more caches"))
		}
		list = append(list, out.Outcome)
	}
	order := func(o Outcome) int {
		n := slices.Index([]Severity{High, Medium, Low}, o.Entry.Severity)
		if o.Objections == 0 {
			n += 3
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b Outcome) int { return order(a) - order(b) })
	return list
}

// codeSpan sets text in code type with backticks, as many as it takes.
func codeSpan(s string) string {
	s = printable(s)
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	if longest == 0 {
		return "`" + s + "`"
	}
	fence := strings.Repeat("`", longest+1)
	return fence + " " + s + " " + fence
}
