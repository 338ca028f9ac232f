package page

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// mostChecklists is the largest number of caches of which each has a checklist that needs
// nothing else; of more, what they share stands once.
const mostChecklists = 25

// markdown writes the report and a checklist for each cache.
type markdown struct {
	*bufio.Writer
	r      *migrate.Report
	common *common
	whole  bool // every checklist needs nothing else
}

func writeMarkdown(w io.Writer, r *migrate.Report, _ Options) error {
	m := &markdown{bufio.NewWriter(w), r, commonOf(r), r.Summary.ToMove <= mostChecklists}
	m.overview()
	for _, c := range inOrder(r) {
		m.cache(c)
	}
	m.others()
	if !m.whole {
		m.told()
	}
	m.sources()
	fmt.Fprintf(m, "\n<sub>sizes and differences of %s · planned by redisbaseline %s</sub>\n", md(r.Tables), md(r.Tool.Version))
	return m.Flush() // with the first error of all
}

func (m *markdown) overview() {
	fmt.Fprintf(m, "## Move to Azure Managed Redis\n\n%s\n", md(totals(m.r)))
	for _, reason := range m.r.Failing {
		fmt.Fprintf(m, "\n**Fails:** %s\n", md(reason))
	}
	for i, n := range notesOf(m.r) {
		if i == 0 {
			m.line("")
		}
		m.line("> " + md(n) + "<br>")
	}
	if list := retiring(m.r); len(list) > 0 {
		m.line("\n| service | retires | days | caches to move |\n| --- | --- | --- | --- |")
		for _, s := range list {
			fmt.Fprintf(m, "| %s | %s | %s | %d |\n", md(s.service), md(s.date), daysLeft(s.days), s.caches)
		}
		m.line("\n| size today | to order | caches |\n| --- | --- | --- |")
		for _, s := range sizesOf(m.r) {
			fmt.Fprintf(m, "| %s | %s | %d |\n", md(s.current), md(s.target), s.caches)
		}
	}
	for i, w := range m.r.Waves {
		if i == 0 {
			m.line("\n### Order of work\n")
		}
		fmt.Fprintf(m, "- [ ] **Wave %d**, %s (%s): %s\n", w.Number, caches(len(w.Caches)), md(w.Why), md(strings.Join(w.Caches, ", ")))
	}
	if s := m.r.Since; s != nil {
		fmt.Fprintf(m, "\n### Since %s (%s)\n\n", s.GeneratedAt.UTC().Format("2006-01-02"), md(s.Input))
		for _, list := range sinceLists(s) {
			fmt.Fprintf(m, "- %s: %d%s\n", list.word, len(list.names), behind(": ", md(strings.Join(list.names, ", "))))
		}
		for _, note := range s.Notes {
			m.line("- " + md(report.OneLine(note)))
		}
	}
}

// cache writes what there is to know about a cache, and its checklist.
func (m *markdown) cache(c *migrate.Move) {
	fmt.Fprintf(m, "\n### %s\n\n", report.MarkdownCode(label(c)))
	state := "to move until " + c.Retires
	if c.State == migrate.Blocked {
		state = "**blocked**, to move until " + c.Retires
	}
	if c.Wave > 0 {
		state += fmt.Sprintf(", wave %d", c.Wave)
	}
	if c.Position != nil {
		state += ", " + report.MarkdownCode(c.Position.String())
	}
	m.line("- " + state)
	fmt.Fprintf(m, "- **%s**", md(sizeText(c)))
	if m.whole {
		fmt.Fprint(m, ": "+md(whySize(c.Target)))
	}
	m.line("\n- " + md(settings(c.Target)))
	fmt.Fprintf(m, "- %s today, target %s\n", verdict(&c.Before), verdictAfter(c.After))
	for _, n := range c.Notes {
		m.line("- note: " + md(n))
	}
	m.facts(c, false)
	if len(c.References) > 0 {
		m.line("\n**What refers to the cache**\n")
	}
	for _, ref := range c.References {
		fmt.Fprintf(m, "- [ ] %s: %s\n", report.MarkdownCode(reference(&ref)), md(ref.Action))
	}
	path := &c.Paths[0]
	fmt.Fprintf(m, "\n**Checklist: %s**\n\n", md(path.Title))
	for i, s := range path.Steps() {
		fmt.Fprintf(m, "- [ ] %d. **%s**\n", i+1, md(s.Title))
		if m.whole {
			m.step("  ", &s)
		}
	}
	m.facts(c, true)
}

// step writes the checks of a step and the way back.
func (m *markdown) step(indent string, s *migrate.Step) {
	fmt.Fprintf(m, "%s- [ ] before: %s\n%s- [ ] after: %s\n%s- way back: %s\n", indent, md(s.Before), indent, md(s.After), indent, md(s.Back))
}

// toKnow are the kinds of texts that stand below the checklist: they ask for no work.
var toKnow = []kind{aboutWays, aboutNotices, aboutVerdict, aboutRefers}

// facts writes what stands in the way and what changes, or what else there is to know, a
// list for each kind.
func (m *markdown) facts(c *migrate.Move, know bool) {
	byKind, objectsOf := map[kind][]fact{}, map[fact]string{}
	for f, objects := range factsOf(c) {
		byKind[f.kind] = append(byKind[f.kind], f)
		objectsOf[f] = objects
	}
	for _, k := range kinds {
		list := byKind[k]
		if slices.Contains(toKnow, k) != know {
			continue
		}
		if k == aboutSettings || (k == aboutSize || k == aboutOthers) && m.whole || len(list) == 0 {
			continue
		}
		heading := headings[k]
		fmt.Fprintf(m, "\n**%s**\n\n", strings.ToUpper(heading[:1])+heading[1:])
		var shared []string
		for _, f := range list {
			switch objects := objectsOf[f]; {
			case m.whole || !m.common.shared(f):
				m.fact(f, objects)
			case objects != "":
				fmt.Fprintf(m, "- %s (told below): %s\n", md(short(f.id)), report.MarkdownCode(objects))
			default:
				shared = append(shared, short(f.id))
			}
		}
		if len(shared) > 0 {
			slices.Sort(shared)
			fmt.Fprintf(m, "- %s (told below)\n", md(strings.Join(slices.Compact(shared), ", ")))
		}
	}
}

func (m *markdown) fact(f fact, objects string) {
	box := ""
	switch f.kind {
	case aboutBlockers, aboutMaybe, aboutChanges, aboutChecks, aboutRemade, aboutVerdict:
		box = "[ ] "
	}
	fmt.Fprintf(m, "- %s%s: %s%s\n", box, report.MarkdownCode(f.id), md(f.text), behind(" (", codeOf(objects), ")"))
	if f.action != "" {
		fmt.Fprintf(m, "  - do: %s\n", md(f.action))
	}
}

// sources tells once where the differences of the report were read.
func (m *markdown) sources() {
	used := map[string]bool{}
	for f := range m.common.count {
		used[f.id] = true
	}
	ids, order := map[migrate.Source][]string{}, []migrate.Source{}
	for i := range m.r.Catalogue.Differences {
		d := &m.r.Catalogue.Differences[i]
		if !used[d.ID] {
			continue
		}
		if ids[d.Source] == nil {
			order = append(order, d.Source)
		}
		ids[d.Source] = append(ids[d.Source], short(d.ID))
	}
	for i, source := range order {
		if i == 0 {
			m.line("\n### Sources\n")
		}
		title := md(source.Title)
		if source.URL != "" {
			title = "[" + title + "](" + source.URL + ")"
		}
		fmt.Fprintf(m, "- %s, %s: %s\n", title, source.Date, md(strings.Join(ids[source], ", ")))
	}
}

// others names the caches that do not move.
func (m *markdown) others() {
	for i, c := range withState(m.r, migrate.Moved) {
		if i == 0 {
			m.line("\n### On Azure Managed Redis\n")
		}
		fmt.Fprintf(m, "- %s %s\n", report.MarkdownCode(label(c)), md(c.Current.SKU))
	}
	for i, c := range withState(m.r, migrate.Unknown) {
		if i == 0 {
			m.line("\n### Service not known\n")
		}
		fmt.Fprintf(m, "- %s%s\n", report.MarkdownCode(label(c)), behind(": ", md(strings.Join(c.Notes, "; "))))
	}
}

// told writes once what several caches share, and the steps.
func (m *markdown) told() {
	var last kind
	for _, f := range m.common.told() {
		if f.kind == aboutSettings {
			continue // they stand with each cache
		}
		if f.kind != last {
			fmt.Fprintf(m, "\n### For several caches: %s\n\n", headings[f.kind])
			last = f.kind
		}
		fmt.Fprintf(m, "- %s, %s: %s\n", report.MarkdownCode(f.id), caches(m.common.count[f]), md(f.text))
		if f.action != "" {
			fmt.Fprintf(m, "  - do: %s\n", md(f.action))
		}
	}
	m.line("\n### Steps")
	for i := range m.r.Catalogue.Steps {
		s := &m.r.Catalogue.Steps[i]
		fmt.Fprintf(m, "\n**%s**\n\n", md(s.Title))
		m.step("", s)
	}
}

func (m *markdown) line(s string) { fmt.Fprintln(m, s) }

// md is a text in Markdown; what stands between backticks is code.
func md(s string) string {
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 { // a backtick without another one
		return report.MarkdownText(s)
	}
	for i, part := range parts {
		if i%2 == 1 {
			parts[i] = codeOf(part)
		} else {
			parts[i] = report.MarkdownText(part)
		}
	}
	return strings.Join(parts, "")
}

func codeOf(s string) string {
	if s == "" {
		return ""
	}
	return report.MarkdownCode(s)
}

// behind is a text with what surrounds it; empty for an empty text.
func behind(before, text string, after ...string) string {
	if text == "" {
		return ""
	}
	return before + text + strings.Join(after, "")
}
