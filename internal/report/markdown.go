package report

import (
	"fmt"
	"html"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// markdownLimit keeps a comment below GitHub's limit of 65,536 characters; it
// is counted in bytes, of which there are never fewer.
const markdownLimit = 65_000

// markdownEncoder writes a pull-request comment: the summary first, then service by
// service its caches, the details of each folded, and a remark on caches for which there
// is no room.
type markdownEncoder struct {
	base
	opts    EncodeOptions
	counts  verdicts
	failing int                    // findings that fail the run
	groups  map[int]*markdownGroup // by document
}

// markdownGroup holds the caches that one document judged.
type markdownGroup struct {
	total, flagged int        // caches, and those with something to tell
	rows           worstTexts // of the table
	details        worstTexts // of flagged caches
}

func newMarkdown(w io.Writer, opts EncodeOptions) Encoder {
	return &markdownEncoder{base: newBase(w), opts: opts, groups: map[int]*markdownGroup{}}
}

func (e *markdownEncoder) Cache(c Cache) error {
	r := e.rank(&c)
	r.failing = e.base.failing(&c, e.opts.failsRun)
	e.failing += r.failing
	e.counts.add(&c)
	document := e.document(&c)
	g := e.groups[document]
	if g == nil {
		fitting := worstTexts{maxTexts: math.MaxInt, maxBytes: markdownLimit}
		g = &markdownGroup{rows: fitting, details: fitting}
		e.groups[document] = g
	}
	g.total++
	g.rows.add(r, func() string { return e.row(&c, r) })
	if !r.destroyed && r.violations()+r.undecided+r.notObserved+r.exempt+r.warnings+r.infos+len(c.Notes) > 0 {
		g.flagged++
		g.details.add(r, func() string { return e.detail(&c, r) })
	}
	return nil
}

func (e *markdownEncoder) End(end Closing) error {
	head := e.heading(end)
	foot := "\n<sub>"
	for _, b := range e.judging(end, e.counts.Total) {
		foot += markdownText(b.Benchmark+", "+b.Published) + " · "
	}
	foot += "judged by [redisbaseline](" + projectURL + ")</sub>\n"

	e.write(head)
	room := markdownLimit - len(head) - len(foot)
	for i, document := range slices.Sorted(maps.Keys(e.groups)) {
		text := ""
		if len(e.groups) > 1 {
			text = "#### " + markdownText(e.Baselines[document].ServiceName) + "\n\n"
		}
		if i > 0 {
			text = "\n" + text
		}
		text += e.groups[document].text(room/(len(e.groups)-i) - len(text))
		room -= len(text)
		e.write(text)
	}
	e.write(foot)
	return e.finish()
}

// text is the table and the details of the caches of a group in a number of bytes, of
// which the table may take half.
func (g *markdownGroup) text(room int) string {
	room -= 400 // of the remarks
	table, n := g.rows.join(room / 2)
	if n > 0 {
		table = "| | cache | change | violations | undecided | not observed |\n|---|---|---|---|---|---|\n" + table
	}
	if left := g.total - n; left > 0 {
		table += fmt.Sprintf("\n*and %s not listed here for lack of room*\n", Count(left, "more cache", "more caches"))
	}
	if g.total == 1 && g.flagged == 1 { // the details say the same
		table = ""
	}
	details, n := g.details.join(room - len(table))
	if left := g.flagged - n; left > 0 {
		details += fmt.Sprintf("\n*The details of %s were left out: a comment holds 65,536 characters. The whole report is in `--format html` "+
			"and `--format json`.*\n",
			Count(left, "more cache", "more caches"))
	}
	return table + details
}

func (e *markdownEncoder) heading(end Closing) string {
	var b strings.Builder
	v, s, notes := e.counts, end.Summary, end.Notes
	title := markdownText(ServiceNames(e.judging(end, v.Total), "and")) + " baseline: "
	switch {
	case v.Total == 0:
		b.WriteString("### " + title + "no cache" + unjudgedClause(s) + "\n\n")
	case v.Destroyed == v.Total:
		fmt.Fprintf(&b, "### %s%s destroyed, none judged%s\n\n", title, caches(v.Total), unjudgedClause(s))
	case v.Violated > 0 && e.failing == 0:
		fmt.Fprintf(&b, "### ⚠️ %s%s in %d of %s: passes\n\n", title, Count(s.NonCompliant, "violation", "violations"), v.Violated,
			caches(v.Total))
	case v.Violated > 0:
		fmt.Fprintf(&b, "### ❌ %s%s in %d of %s\n\n", title, Count(s.NonCompliant, "violation", "violations"), v.Violated, caches(v.Total))
	case v.Undecided > 0:
		fmt.Fprintf(&b, "### ❔ %sno violation, %d of %s undecided%s\n\n", title, v.Undecided, caches(v.Total), unjudgedClause(s))
	case s.Unjudged > 0:
		fmt.Fprintf(&b, "### ❔ %sno violation in %s%s\n\n", title, caches(v.Total), unjudgedClause(s))
	default:
		fmt.Fprintf(&b, "### ✅ %sno violation in %s\n\n", title, caches(v.Total))
	}
	if v.Total > 0 {
		fmt.Fprintf(&b, "caches: %d compliant, %d in violation, %d undecided, %d destroyed · features: %d compliant, %s, %d undecided, %d not "+
			"observed, %d exempt\n\n",
			v.Compliant, v.Violated, v.Undecided, v.Destroyed,
			s.Compliant, Count(s.NonCompliant, "violation", "violations"), s.Unknown-s.NotObserved, s.NotObserved, s.Exempt)
	}
	for i, n := range notes {
		if i == 20 {
			fmt.Fprintf(&b, "> and %s\n", Count(len(notes)-i, "more note", "more notes"))
			break
		}
		b.WriteString("> " + markdownText(cut(n, 500)) + "\n>\n")
	}
	if len(notes) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

func (e *markdownEncoder) row(c *Cache, r rank) string {
	label := markdownCode(cut(e.label(c), 300))
	if r.destroyed {
		return fmt.Sprintf("| %s | %s | delete | not judged | | |\n", c.verdictMark().emoji, label)
	}
	var violated []string
	for i := range c.Features {
		if f := &c.Features[i]; f.Status == NonCompliant {
			violated = append(violated, markdownText(e.name(c, f)))
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", c.verdictMark().emoji, label, markdownText(c.ChangeWord()),
		strings.Join(violated, "<br>"), countOrEmpty(r.undecided), countOrEmpty(r.notObserved))
}

func (e *markdownEncoder) detail(c *Cache, r rank) string {
	var b strings.Builder
	// The line that opens the fold is read as HTML, not as Markdown.
	change := c.ChangeWord()
	if change != "" {
		change = " " + change
	}
	fmt.Fprintf(&b, "\n<details><summary>%s <code>%s</code>%s: %s</summary>\n\n", c.verdictMark().emoji,
		html.EscapeString(unlinked(printable(cut(e.label(c), 300)))), change, r.verdict(c))
	features := e.worstFirst(c, c.Features)
	for i := range features {
		f := &features[i]
		name, id := markdownText(e.name(c, f)), codeSpan(f.ID)
		switch {
		case f.Status == NonCompliant:
			outcome := ""
			if e.opts.FailsRun != nil { // else there is no run
				outcome = ", " + e.opts.outcome(f)
			}
			fmt.Fprintf(&b, "- **[%s](%s)** %s (%s%s%s): %s\n", name, e.entry(c, f).Help, id, e.level(c, f), sinceWords(f), outcome,
				markdownText(cut(f.Message, 1000)))
			if f.Position != nil {
				fmt.Fprintf(&b, "  - at %s\n", markdownCode(cut(f.Position.String(), 500)))
			}
			e.evidence(&b, f)
			if f.Remediation != "" {
				fmt.Fprintf(&b, "  - write: %s\n", markdownCode(f.Remediation))
			}
		case f.Status == Unknown && !f.IsNotObserved():
			fmt.Fprintf(&b, "- %s %s: undecided (%s): %s\n", name, id, markdownText(reasonText(f)), markdownText(cut(f.Message, 1000)))
		case f.Status == Unknown:
			fmt.Fprintf(&b, "- %s %s: not observed: %s\n", name, id, markdownText(cut(f.Message, 1000)))
		case f.Status == Exempt:
			fmt.Fprintf(&b, "- %s %s: %s\n", name, id, markdownText(cut(f.Message, 1000)))
		case f.Since != nil:
			fmt.Fprintf(&b, "- %s %s: %s by this plan\n", name, id, *f.Since)
		}
	}
	for i := range c.Advisories {
		if f := &c.Advisories[i]; f.Status == NonCompliant || f.Status == Exempt {
			fmt.Fprintf(&b, "- %s %s: %s\n", markdownText(e.name(c, f)), codeSpan(f.ID), markdownText(cut(f.Message, 1000)))
		}
	}
	for _, n := range c.Notes {
		fmt.Fprintf(&b, "- note: %s\n", markdownText(cut(n, 500)))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

// evidence writes the facts that a verdict rests on, where they have a value.
func (e *markdownEncoder) evidence(b *strings.Builder, f *Finding) {
	for _, ev := range f.Evidence {
		if hasValue(ev) {
			fmt.Fprintf(b, "  - %s\n", markdownCode(cut(evidenceText(ev), 500)))
		}
	}
}

func sinceWords(f *Finding) string {
	if f.Since == nil {
		return ""
	}
	return ", " + string(*f.Since)
}

func countOrEmpty(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(n)
}

// markdownMarks are the marks that Markdown may read as markup; every ASCII
// punctuation mark may be escaped.
const markdownMarks = "\\`*_{}[]()#+-!~$"

// markdownEscapes keeps markup and HTML from being read.
var markdownEscapes = func() *strings.Replacer {
	pairs := []string{"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;"}
	for _, r := range markdownMarks {
		pairs = append(pairs, string(r), `\`+string(r))
	}
	return strings.NewReplacer(pairs...)
}()

// addresses and mentions match text that services turn into links, which notify
// people or lead to foreign pages: addresses in code type too; mentions, that is
// references to people, issues, merge requests and labels, in prose alone.
var (
	addresses = regexp.MustCompile(`://|(?i:www)\.|(?i:mailto|xmpp):|@`)
	mentions  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[#!~%$&][\pL\pN"]`) })
)

// unlinked parts addresses by an invisible space.
func unlinked(s string) string {
	return addresses.ReplaceAllStringFunc(s, func(m string) string { return m[:1] + "\u200b" + m[1:] })
}

// markdownText escapes text for one line of markdown.
func markdownText(s string) string {
	s = mentions().ReplaceAllStringFunc(unlinked(printable(s)), func(m string) string { return m[:1] + "\u200b" + m[1:] })
	return markdownEscapes.Replace(s)
}

// markdownCode sets text in code type, to be copied as it is.
func markdownCode(s string) string {
	return "<code>" + markdownEscapes.Replace(unlinked(printable(s))) + "</code>"
}

// cut shortens text to a number of characters and says so.
func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit]) + "… (cut)"
}
