package report

import (
	"cmp"
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
	open           bool       // the details of a cache that stands alone are unfolded
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
	g.open = r.objectionable() || r.failing > 0
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
		foot += MarkdownText(b.Benchmark+", "+b.Published) + " · "
	}
	foot += "judged by [redisbaseline](" + projectURL + ")"
	if e.counts.Violated+e.counts.Undecided > 0 {
		foot += " · `redisbaseline explain ID` tells why a rule is there and how to meet it"
	}
	foot += "</sub>\n"

	e.write(head)
	room := markdownLimit - len(head) - len(foot)
	for i, document := range slices.Sorted(maps.Keys(e.groups)) {
		text := ""
		if len(e.groups) > 1 {
			text = "\n#### " + MarkdownText(e.Baselines[document].ServiceName) + "\n"
		}
		text += e.groups[document].text(e.tableHead(), room/(len(e.groups)-i)-len(text))
		room -= len(text)
		e.write(text)
	}
	if !e.opts.ForState {
		e.write(foot)
	}
	return e.finish()
}

// text is the table and the details of the caches of a group in a number of bytes, of
// which the table may take half; head is the head of the table.
func (g *markdownGroup) text(head string, room int) string {
	room -= 400 // of the remarks
	table, n := g.rows.join(room / 2)
	if n > 0 {
		table = "\n" + head + table
	}
	if left := g.total - n; left > 0 {
		table += fmt.Sprintf("\n*and %s not listed here for lack of room*\n", Count(left, "more cache", "more caches"))
	}
	details, n := g.details.join(room - len(table))
	if g.total == 1 && n == 1 { // the details say the same
		table = ""
		if g.open {
			details = strings.Replace(details, "<details>", "<details open>", 1)
		}
	}
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
	verdict := e.runVerdict(end, e.failing, v)
	fmt.Fprintf(&b, "### %s %s: %s", verdict.Emoji, verdict.Word, MarkdownText(e.headline(end, v)))
	if v.Total > 0 {
		b.WriteString(" · " + MarkdownText(ServiceNames(e.judging(end, v.Total), "and")) + " baseline")
	}
	b.WriteString("\n")
	if verdict.Why != "" && (end.Incomplete() || max(e.failing, end.Failing) != s.NonCompliant) { // else the heading says it
		b.WriteString("\n" + MarkdownText(verdict.Why) + "\n")
	}
	if v.Total > 0 {
		b.WriteString("\ncaches: " + listed(number{v.Violated, "in violation"}, number{v.Undecided, "undecided"},
			number{v.Compliant, "compliant"}, number{v.Destroyed, "destroyed"}))
		if features := listed(number{s.NonCompliant, "in violation"}, number{s.Unknown - s.NotObserved, "undecided"},
			number{s.NotObserved, "not observed"}, number{s.Exempt, "exempt"}, number{s.Compliant, "compliant"}); features != "" {
			b.WriteString(" · features: " + features)
		}
		b.WriteString("\n")
	}
	for i, n := range notes {
		if i == 0 {
			b.WriteString("\n")
		} else {
			b.WriteString(">\n")
		}
		if i == 20 {
			fmt.Fprintf(&b, "> and %s\n", Count(len(notes)-i, "more note", "more notes"))
			break
		}
		b.WriteString("> " + MarkdownText(cut(n, 500)) + "\n")
	}
	return b.String()
}

// row is the row of a cache in the table of its group.
func (e *markdownEncoder) row(c *Cache, r rank) string {
	cells := []string{c.verdictMark().emoji, MarkdownCode(cut(e.shortLabel(c), 300))}
	if e.Source.Kind == SourcePlan {
		cells = append(cells, MarkdownText(c.ChangeWord()))
	}
	var violated []string
	features := e.worstFirst(c, c.Features)
	for i := range features {
		if f := &features[i]; f.Status == NonCompliant {
			violated = append(violated, MarkdownText(e.name(c, f)))
		}
	}
	if r.destroyed {
		violated = []string{"not judged"}
	}
	cells = append(cells, strings.Join(violated, "<br>"), countOrEmpty(r.undecided), countOrEmpty(r.notObserved))
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// tableHead is the head of the table in which rows stand.
func (e *markdownEncoder) tableHead() string {
	if e.Source.Kind == SourcePlan {
		return "| | cache | change | violations | undecided | not observed |\n|---|---|---|---|---|---|\n"
	}
	return "| | cache | violations | undecided | not observed |\n|---|---|---|---|---|\n"
}

// detail is the findings and the notes of a cache, in a fold.
func (e *markdownEncoder) detail(c *Cache, r rank) string {
	var b strings.Builder
	// The line that opens the fold is read as HTML, not as Markdown.
	change := c.ChangeWord()
	if change != "" {
		change = " " + change
	}
	fmt.Fprintf(&b, "\n<details><summary>%s <code>%s</code>%s: %s</summary>\n\n", c.verdictMark().emoji,
		html.EscapeString(unlinked(printable(cut(e.shortLabel(c), 300)))), change, cmp.Or(r.verdict(c), "nothing to object to"))
	if label := c.Label(); label != c.ShortLabel() {
		fmt.Fprintf(&b, "%s\n\n", MarkdownCode(cut(label, 300)))
	}
	features := e.worstFirst(c, c.Features)
	for i := range features {
		switch f := &features[i]; {
		case f.Status == NonCompliant || f.Status == Unknown || f.Status == Exempt:
			e.finding(&b, c, f)
		case f.Since != nil:
			fmt.Fprintf(&b, "- %s %s: %s by this plan\n", MarkdownText(e.name(c, f)), codeSpan(f.ID), *f.Since)
		}
	}
	advisories := e.worstFirst(c, c.Advisories)
	for i := range advisories {
		if f := &advisories[i]; f.Status == NonCompliant || f.Status == Exempt || e.opts.failsRun(f) {
			e.finding(&b, c, f)
		}
	}
	for _, n := range c.Notes {
		fmt.Fprintf(&b, "- note: %s\n", MarkdownText(cut(n, 500)))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

// finding writes the item of a finding; of one to act on, with its place and what to write.
func (e *markdownEncoder) finding(b *strings.Builder, c *Cache, f *Finding) {
	name, fails := MarkdownText(e.name(c, f)), e.opts.failsRun(f)
	act := f.Status == NonCompliant && !f.IsAdvisory() || fails
	if act {
		name = "**[" + name + "](" + e.entry(c, f).Help + ")**"
	}
	var remarks []string
	switch f.Status {
	case NonCompliant:
		remarks = append(remarks, string(e.level(c, f)))
	case Unknown:
		if !f.IsNotObserved() {
			remarks = append(remarks, "undecided")
		}
		remarks = append(remarks, reasonText(f))
	}
	if f.Since != nil {
		remarks = append(remarks, string(*f.Since))
	}
	if act && e.opts.FailsRun != nil { // else there is no run
		remarks = append(remarks, e.opts.outcome(f))
	}
	aside := ""
	if len(remarks) > 0 {
		aside = " (" + MarkdownText(strings.Join(remarks, ", ")) + ")"
	}
	fmt.Fprintf(b, "- %s %s%s: %s\n", name, codeSpan(f.ID), aside, MarkdownText(cut(f.Message, 1000)))
	if !act {
		return
	}
	if f.Position != nil {
		fmt.Fprintf(b, "  - at %s\n", MarkdownCode(cut(f.Position.String(), 500)))
	}
	for _, ev := range f.Evidence {
		if hasValue(ev) {
			fmt.Fprintf(b, "  - %s\n", MarkdownCode(cut(ev.Text(), 500)))
		}
	}
	for _, step := range WrapRemedy(f.Remediation, math.MaxInt) {
		fmt.Fprintf(b, "  - write: %s\n", MarkdownCode(step))
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

// MarkdownText escapes text for one line of markdown.
func MarkdownText(s string) string {
	s = mentions().ReplaceAllStringFunc(unlinked(printable(s)), func(m string) string { return m[:1] + "\u200b" + m[1:] })
	return markdownEscapes.Replace(s)
}

// MarkdownCode sets text in code type, to be copied as it is.
func MarkdownCode(s string) string {
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
