package report

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
)

// markdownLimit keeps a comment below GitHub's limit of 65,536 characters; it
// is counted in bytes, of which there are never fewer.
const markdownLimit = 65_000

// markdownEncoder writes a pull-request comment: the summary first, the
// details of each cache folded, and an honest cut where there is no more room.
type markdownEncoder struct {
	w      io.Writer
	header Report
	rules  lookup
	caches []judged
	counts verdicts
}

func newMarkdown(w io.Writer, _ EncodeOptions) Encoder { return &markdownEncoder{w: w} }

func (e *markdownEncoder) Begin(header Report) error {
	e.header, e.rules = header, newLookup(header.Catalogue)
	return nil
}

func (e *markdownEncoder) Cache(c Cache) error {
	j := judged{c, e.rules.tally(c)}
	e.counts.add(c)
	j.Features, j.Advisories = noteworthy(c.Features), noteworthy(c.Advisories)
	e.caches = append(e.caches, j)
	return nil
}

func (e *markdownEncoder) End(end Closing) error {
	worstFirst(e.caches)
	head := e.heading(end.Summary, end.Notes)
	foot := "\n<sub>"
	for _, b := range e.header.Baselines {
		foot += markdownText(b.Benchmark+", "+b.Published) + " · "
	}
	foot += "judged by [redisbaseline](" + projectURL + ")</sub>\n"

	// The table may take half of the room, the details what is left.
	room := markdownLimit - len(head) - len(foot) - 400
	rows, rowsLeft := take(e.caches, room/2, e.row)
	table := ""
	if len(rows) > 0 {
		table = "| | cache | change | violations | undecided | not observed |\n|---|---|---|---|---|---|\n" + rows
	}
	if rowsLeft > 0 {
		table += fmt.Sprintf("\n*and %s not listed here for lack of room*\n", count(rowsLeft, "more cache", "more caches"))
	}
	var flagged []judged
	for _, j := range e.caches {
		if !j.destroyed && j.violations()+j.undecided+j.notObserved+j.exempt+j.warnings+j.infos+len(j.Notes) > 0 {
			flagged = append(flagged, j)
		}
	}
	details, detailsLeft := take(flagged, room-len(table), e.detail)
	if detailsLeft > 0 {
		details += fmt.Sprintf("\n*The details of %s were left out: a comment holds 65,536 characters. The whole report is in `--format html` "+
			"and `--format json`.*\n",
			count(detailsLeft, "more cache", "more caches"))
	}
	_, err := io.WriteString(e.w, head+table+details+foot)
	return err
}

// take renders items in order until the next one would not fit, and says how many are left.
func take(items []judged, room int, render func(judged) string) (string, int) {
	var b strings.Builder
	for i, item := range items {
		s := render(item)
		if b.Len()+len(s) > room {
			return b.String(), len(items) - i
		}
		b.WriteString(s)
	}
	return b.String(), 0
}

func (e *markdownEncoder) heading(s Summary, notes []string) string {
	var b strings.Builder
	v := e.counts
	title := markdownText(e.header.services("and")) + " baseline: "
	switch {
	case v.Total == 0:
		b.WriteString("### " + title + "no cache in this plan" + butUnjudged(s) + "\n\n")
	case v.Violated > 0:
		fmt.Fprintf(&b, "### ❌ %s%s in %d of %s\n\n", title, count(s.NonCompliant, "violation", "violations"), v.Violated, caches(v.Total))
	case v.Undecided > 0:
		fmt.Fprintf(&b, "### ❔ %sno violation, %d of %s undecided%s\n\n", title, v.Undecided, caches(v.Total), butUnjudged(s))
	case s.Unjudged > 0:
		fmt.Fprintf(&b, "### ❔ %sno violation in %s%s\n\n", title, caches(v.Total), butUnjudged(s))
	default:
		fmt.Fprintf(&b, "### ✅ %sno violation in %s\n\n", title, caches(v.Total))
	}
	if v.Total > 0 {
		fmt.Fprintf(&b, "%d compliant, %d in violation, %d undecided, %d destroyed · features: %d compliant, %s, %d undecided, %d not "+
			"observed, %d exempt\n\n",
			v.Compliant, v.Violated, v.Undecided, v.Destroyed,
			s.Compliant, count(s.NonCompliant, "violation", "violations"), s.Unknown-s.NotObserved, s.NotObserved, s.Exempt)
	}
	for i, n := range notes {
		if i == 20 {
			fmt.Fprintf(&b, "> and %s\n", count(len(notes)-i, "more note", "more notes"))
			break
		}
		b.WriteString("> " + markdownText(cut(n, 500)) + "\n>\n")
	}
	if len(notes) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

func (e *markdownEncoder) row(j judged) string {
	var controls []string
	for _, f := range j.Features {
		if f.Status == NonCompliant {
			controls = append(controls, markdownText(e.rules.name(f.ID)))
		}
	}
	sign := markdownSign(j.Cache)
	change := j.ChangeWord()
	if j.destroyed {
		return fmt.Sprintf("| %s | %s | delete | not judged | | |\n", sign, markdownCode(cut(e.header.title(j.Cache), 300)))
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", sign, markdownCode(cut(e.header.title(j.Cache), 300)), markdownText(change),
		strings.Join(controls, "<br>"), some(j.undecided), some(j.notObserved))
}

func (e *markdownEncoder) detail(j judged) string {
	var b strings.Builder
	// Markdown is not read in the line that opens the fold, only HTML.
	fmt.Fprintf(&b, "\n<details><summary>%s <code>%s</code>: %s</summary>\n\n", markdownSign(j.Cache),
		html.EscapeString(unlinked(printable(cut(e.header.title(j.Cache), 300)))), j.verdict(j.Cache))
	for _, f := range j.Features {
		name := markdownText(e.rules.name(f.ID))
		switch {
		case f.Status == NonCompliant:
			fmt.Fprintf(&b, "- **[%s](%s)** (%s%s): %s\n", name, e.rules[f.ID].Help, e.rules.level(f), sinceWords(f),
				markdownText(cut(f.Message, 1000)))
			if f.Position != nil {
				fmt.Fprintf(&b, "  - at %s\n", markdownCode(cut(f.Position.String(), 500)))
			}
			for _, ev := range f.Evidence {
				if tells(ev) {
					fmt.Fprintf(&b, "  - %s\n", markdownCode(cut(show(ev), 500)))
				}
			}
			if r := f.Remediation; r != "" {
				fmt.Fprintf(&b, "  - write: %s\n", markdownCode(r))
			}
		case f.Status == Unknown && !f.IsNotObserved():
			fmt.Fprintf(&b, "- %s: undecided (%s): %s\n", name, markdownText(because(f)), markdownText(cut(f.Message, 1000)))
		case f.Status == Unknown:
			fmt.Fprintf(&b, "- %s: not observed: %s\n", name, markdownText(cut(f.Message, 1000)))
		case f.Status == Exempt:
			fmt.Fprintf(&b, "- %s: %s\n", name, markdownText(cut(f.Message, 1000)))
		case f.Since != nil:
			fmt.Fprintf(&b, "- %s: %s by this plan\n", name, *f.Since)
		}
	}
	for _, f := range j.Advisories {
		if f.Status == NonCompliant || f.Status == Exempt {
			fmt.Fprintf(&b, "- %s: %s\n", markdownText(e.rules.name(f.ID)), markdownText(cut(f.Message, 1000)))
		}
	}
	for _, n := range j.Notes {
		fmt.Fprintf(&b, "- note: %s\n", markdownText(cut(n, 500)))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func markdownSign(c Cache) string {
	switch {
	case c.Destroyed():
		return "🗑️"
	case c.Compliant == nil:
		return "❔"
	case *c.Compliant:
		return "✅"
	default:
		return "❌"
	}
}

func sinceWords(f Finding) string {
	if f.Since == nil {
		return ""
	}
	return ", " + string(*f.Since)
}

func some(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(n)
}

// markdownMarks are what markdown could take for markup; every ASCII
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

// addresses and mentions are what services make links of, in code type too,
// which notify people or lead astray. References to issues, merge requests,
// labels and the like are links in prose alone.
var (
	addresses = regexp.MustCompile(`://|(?i:www)\.|(?i:mailto|xmpp):|@`)
	mentions  = regexp.MustCompile(`[#!~%$&][\pL\pN"]`)
)

// unlinked parts addresses by an invisible space.
func unlinked(s string) string {
	return addresses.ReplaceAllStringFunc(s, func(m string) string { return m[:1] + "\u200b" + m[1:] })
}

// markdownText escapes text for one line of markdown.
func markdownText(s string) string {
	s = mentions.ReplaceAllStringFunc(unlinked(printable(s)), func(m string) string { return m[:1] + "\u200b" + m[1:] })
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
