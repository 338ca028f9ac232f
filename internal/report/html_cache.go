package report

import (
	"regexp"
	"strings"
)

// The page is much repetition, so rows and details leave out the end tags and the
// quotes that HTML does not need, and the style sheet puts signs before words.

// appendRow appends a row of the matrix.
func (e *htmlEncoder) appendRow(b []byte, c *Cache, r rank, found htmlFindings, t *htmlTable) []byte {
	b = AppendMarkup(b, "\n"+`<tr class="item%"><th scope=row><a href=#c`+cacheNumber+`>`, found.classes)
	b = append(b, AddressMarkup(e.shortLabel(c))...)
	b = AppendMarkup(b, `</a> <small>%</small>`, r.verdict(c))
	if t.Plan {
		b = AppendMarkup(b, `<td class=soft>%`, printable(c.ChangeWord()))
	}
	for _, entry := range t.Columns {
		b = appendCell(b, find(c.Features, entry.ID))
	}
	if found.advisories == 0 {
		return append(b, "<td class=soft></td>"...) // without an end tag it held the line break
	}
	return AppendMarkup(b, `<td class=tip>%`, itoa(found.advisories))
}

// appendCell appends the cell of a feature; f is nil where it was not judged.
func appendCell(b []byte, f *Finding) []byte {
	if f == nil {
		return append(b, `<td class=na>not judged`...)
	}
	class, word := htmlStatus(f)
	if f.Status == Compliant { // most cells, which the style sheet knows by their lack of a class
		b = append(b, "<td>ok"...)
	} else {
		b = AppendMarkup(b, `<td class=%>%`, class, word)
	}
	if f.Since != nil && *f.Since != Existing {
		b = AppendMarkup(b, " <b>%</b>", sinceWord[*f.Since])
	}
	return b
}

// sinceWord is a word for what the plan does, short enough for a cell.
var sinceWord = map[Since]string{Introduced: "new", Fixed: "fixed"}

// appendDetail appends the findings and notes of a cache. The id stands within, so
// that a link to it unfolds the details.
func (e *htmlEncoder) appendDetail(b []byte, c *Cache, r rank, found htmlFindings) []byte {
	open, change := "", printable(c.ChangeWord())
	if r.objectionable() || r.failing > 0 {
		open = openMark
	}
	if change != "" {
		change += " · "
	}
	b = AppendMarkup(b, "\n"+`<details class="item%"`+open+`><summary><b>`, found.classes)
	b = append(b, AddressMarkup(e.shortLabel(c))...)
	b = AppendMarkup(b, `</b> <small>%%</small></summary><div id=c`+cacheNumber+`>`, change, r.verdict(c))
	if label := c.Label(); label != c.ShortLabel() {
		b = append(append(b, `<p class="soft address">`...), AddressMarkup(label)...)
	}
	for _, note := range c.Notes {
		b = AppendMarkup(b, `<p class=soft>%`, printable(note))
	}
	before := len(b)
	b = append(b, `<ul>`...)
	empty := len(b)
	for _, f := range e.worstFirst(c, c.Features) {
		if (f.Status == NonCompliant || f.Status == Unknown || f.Status == Exempt) && !e.toldOnce(&f) {
			b = e.appendFinding(b, c, &f)
		}
	}
	for i := range c.Advisories {
		if f := &c.Advisories[i]; (f.Status == NonCompliant || f.Status == Exempt) && !e.toldOnce(f) {
			b = e.appendFinding(b, c, f)
		}
	}
	if len(b) > empty {
		b = append(b, "</ul>"...)
	} else {
		b = b[:before]
	}
	features := len(found.told) - 2*found.advisories
	b = appendTold(b, "Not observed: ", found.told[:max(features, 0)])
	b = appendTold(b, "Advisories: ", found.told[max(features, 0):])
	if len(b) == before && !r.destroyed {
		b = append(b, "<p>Nothing to object to."...)
	}
	return append(b, "</div></details>"...)
}

// appendTold appends links to what is told once, given as numbers and ids of rules. The
// style sheet has the commas; an advisory has its whole id where its link leads.
func appendTold(b []byte, label string, told []string) []byte {
	for i := 0; i < len(told); i += 2 {
		if i == 0 {
			b = append(append(b, "<p>"...), label...)
		} else {
			b = append(b, ' ')
		}
		b = AppendMarkup(b, `<a href=#t%>%</a>`, told[i], strings.TrimPrefix(told[i+1], "advisory/"))
	}
	return b
}

func (e *htmlEncoder) appendFinding(b []byte, c *Cache, f *Finding) []byte {
	class, word := htmlStatus(f)
	switch {
	case f.IsAdvisory() && f.Status == NonCompliant:
		class, word = "tip", "advisory"
	case f.Status == Unknown:
		word = printable(reasonText(f))
	}
	if level := e.level(c, f); f.Status == NonCompliant && level != None {
		word = string(level) + " " + word
	}
	var remarks []string
	if other := e.entry(c, f).secondControl(); other != "" {
		remarks = append(remarks, other)
	}
	if f.Since != nil {
		remarks = append(remarks, string(*f.Since))
	}
	if f.Status == NonCompliant || e.opts.failsRun(f) {
		remarks = append(remarks, e.opts.outcome(f))
	}
	b = AppendMarkup(b, "\n"+`<li><b class=%>%</b> <code>%</code>`, class, word, f.ID)
	if len(remarks) > 0 {
		b = AppendMarkup(b, ` <small>%</small>`, strings.Join(remarks, ", "))
	}
	b = AppendMarkup(b, `<p>%`, printable(f.Message))
	if f.Status == NonCompliant {
		b = appendEvidence(b, f)
	}
	if f.Status == NonCompliant {
		if remedy := remedyLines(f.Remediation); remedy != "" {
			b = AppendMarkup(b, `<pre>%</pre>`, remedy)
		}
	}
	return b
}

// appendEvidence appends the position and the evidence of a violation.
func appendEvidence(b []byte, f *Finding) []byte {
	if f.Position != nil {
		b = append(append(b, `<p class="soft address">`...), AddressMarkup(f.Position.String())...)
	}
	for _, ev := range f.Evidence {
		if hasValue(ev) {
			b = AppendMarkup(b, `<p class=evidence>%`, printable(ev.Text()))
		}
	}
	return b
}

// block matches a remedy that says on one line which block to write.
var block = regexp.MustCompile(` (\w+) \{ ([^{}]*) \}, written as a block(?:, )?`)

// remedyLines is what to write, with a block as it stands in a file.
func remedyLines(remedy string) string {
	if m := block.FindStringSubmatchIndex(remedy); m != nil {
		name, arguments := remedy[m[2]:m[3]], strings.ReplaceAll(remedy[m[4]:m[5]], ", ", "\n  ")
		remedy = remedy[:m[0]] + "\n" + name + " {\n  " + arguments + "\n}\n" + remedy[m[1]:]
	}
	return Printable(strings.TrimSpace(remedy))
}

// find returns the finding of a rule, or nil.
func find(findings []Finding, rule string) *Finding {
	for i := range findings {
		if findings[i].ID == rule {
			return &findings[i]
		}
	}
	return nil
}

// htmlStatus returns the class and the word of a status; the style sheet has a sign
// for each class, so that nobody has to tell colours apart.
func htmlStatus(f *Finding) (class, word string) {
	switch f.Status {
	case Compliant:
		return "ok", "ok"
	case NonCompliant:
		return "bad", "violation"
	case Unknown:
		if f.IsNotObserved() {
			return "blind", "not observed"
		}
		return "ask", "undecided"
	case Exempt:
		return "ex", "exempt"
	case NotApplicable:
		return "na", "n/a"
	default:
		return "na", "not supported"
	}
}
