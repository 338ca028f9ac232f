package report

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed html.tmpl
var htmlSource string

var htmlTemplate = template.Must(template.New("report").Parse(htmlSource))

// htmlEncoder writes one self-contained page. The matrix of caches and controls
// comes first, so it keeps the report until End.
type htmlEncoder struct {
	w      io.Writer
	header Report
	rules  lookup
	caches []judged
	counts verdicts
}

// The types below are what the template sees.
type (
	htmlPage struct {
		Baselines   []Baseline
		Services    string
		Generated   string
		Inputs      string
		Counts      verdicts
		Summary     Summary
		Undecided   int // features unknown for another reason than not_observed
		Headline    string
		Mood        string
		Notes       []string
		Columns     []Entry
		Rows        []htmlRow
		Catalogue   []Entry
		Unsupported []Entry
		Advisories  []Entry
	}
	htmlRow struct {
		Number      int
		Label       string
		Change      string
		Class, Sign string
		Verdict     string
		Destroyed   bool
		Open        bool // unfolded: something to act on
		Cells       []htmlCell
		Advice      int
		Findings    []htmlFinding
		Notes       []string
	}
	htmlCell struct{ Class, Sign, Word, Title, Since string }

	htmlFinding struct {
		Class, Sign, Word string
		Name, Level       string
		Since, Message    string
		Evidence          []string
		Remediation, Help string
		Position          string
	}
)

func newHTML(w io.Writer, _ EncodeOptions) Encoder { return &htmlEncoder{w: w} }

func (e *htmlEncoder) Begin(header Report) error {
	e.header, e.rules = header, newLookup(header.Catalogue)
	return nil
}

func (e *htmlEncoder) Cache(c Cache) error {
	e.counts.add(c)
	e.caches = append(e.caches, judged{c, e.rules.tally(c)})
	return nil
}

func (e *htmlEncoder) End(end Closing) error {
	summary := end.Summary
	worstFirst(e.caches)
	page := htmlPage{
		Baselines: e.header.Baselines, Services: e.header.services("and"), Inputs: printable(strings.Join(e.header.Source.Inputs, ", ")),
		Counts: e.counts, Summary: summary, Undecided: summary.Unknown - summary.NotObserved, Notes: printables(end.Notes),
	}
	if at := e.header.GeneratedAt; !at.IsZero() {
		page.Generated = at.Format("2006-01-02 15:04 UTC")
	}
	page.Headline, page.Mood = e.headline(summary)
	for _, entry := range e.header.Catalogue {
		switch {
		case entry.Control == "":
			page.Advisories = append(page.Advisories, entry)
		case entry.Severity == None:
			page.Unsupported = append(page.Unsupported, entry)
		default:
			page.Columns = append(page.Columns, entry)
		}
	}
	for i, j := range e.caches {
		page.Rows = append(page.Rows, e.row(i+1, j, page.Columns))
	}
	return htmlTemplate.Execute(e.w, page)
}

func printables(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = printable(text)
	}
	return out
}

func (e *htmlEncoder) headline(s Summary) (words, mood string) {
	v := e.counts
	switch {
	case v.Total == 0:
		return "No " + e.header.services("or") + " in the input" + butUnjudged(s), "na"
	case v.Violated > 0:
		return count(s.NonCompliant, "violation", "violations") + " in " + itoa(v.Violated) + " of " + caches(v.Total), "bad"
	case v.Undecided > 0:
		return "No violation, " + itoa(v.Undecided) + " of " + caches(v.Total) + " undecided" + butUnjudged(s), "ask"
	case s.Unjudged > 0:
		return "No violation in " + caches(v.Total) + butUnjudged(s), "ask"
	default:
		return "No violation in " + caches(v.Total), "ok"
	}
}

func (e *htmlEncoder) row(number int, j judged, columns []Entry) htmlRow {
	row := htmlRow{
		Number: number, Label: printable(e.header.title(j.Cache)), Change: printable(j.ChangeWord()), Verdict: j.verdict(j.Cache),
		Destroyed: j.destroyed, Advice: j.warnings + j.infos, Notes: printables(j.Notes),
	}
	switch {
	case j.destroyed:
		row.Class, row.Sign = "na", "–"
	case j.Compliant == nil:
		row.Class, row.Sign = "ask", "?"
	case *j.Compliant:
		row.Class, row.Sign = "ok", "✓"
	default:
		row.Class, row.Sign = "bad", "✗"
	}
	row.Open = j.violations()+j.undecided > 0
	byID := make(map[string]Finding, len(j.Features))
	for _, f := range j.Features {
		byID[f.ID] = f
		if f.Status == NonCompliant || f.Status == Unknown || f.Status == Exempt {
			row.Findings = append(row.Findings, e.finding(f))
		}
	}
	for _, f := range j.Advisories {
		if f.Status == NonCompliant || f.Status == Exempt {
			row.Findings = append(row.Findings, e.finding(f))
		}
	}
	for _, entry := range columns {
		row.Cells = append(row.Cells, e.cell(byID[entry.ID], entry))
	}
	return row
}

func (e *htmlEncoder) cell(f Finding, entry Entry) htmlCell {
	if f.ID == "" {
		return htmlCell{Class: "none", Word: "not judged"}
	}
	cell := htmlCell{Title: entry.Name() + ": " + printable(f.Message)}
	cell.Class, cell.Sign, cell.Word = htmlStatus(f)
	if f.Since != nil {
		cell.Since = map[Since]string{Introduced: "new", Fixed: "fixed"}[*f.Since]
	}
	return cell
}

func (e *htmlEncoder) finding(f Finding) htmlFinding {
	entry := e.rules[f.ID]
	out := htmlFinding{Name: entry.Name(), Level: string(e.rules.level(f)), Message: printable(f.Message), Help: entry.Help}
	out.Class, out.Sign, out.Word = htmlStatus(f)
	if entry.Control == "" && f.Status == NonCompliant {
		out.Class, out.Sign, out.Word = "tip", "i", "advisory"
	}
	if f.Status == Unknown {
		out.Word = printable(because(f))
	}
	if f.Since != nil {
		out.Since = string(*f.Since)
	}
	if f.Status == NonCompliant {
		out.Remediation = printable(f.Remediation)
		if f.Position != nil {
			out.Position = printable(f.Position.String())
		}
		for _, ev := range f.Evidence {
			if tells(ev) {
				out.Evidence = append(out.Evidence, printable(show(ev)))
			}
		}
	}
	return out
}

// htmlStatus gives each status a class, a sign and a word, so that nobody has
// to tell colours apart.
func htmlStatus(f Finding) (class, sign, word string) {
	switch f.Status {
	case Compliant:
		return "ok", "✓", "compliant"
	case NonCompliant:
		return "bad", "✗", "violation"
	case Unknown:
		if f.IsNotObserved() {
			return "blind", "○", "not observed"
		}
		return "ask", "?", "undecided"
	case Exempt:
		return "ex", "E", "exempt"
	case NotApplicable:
		return "na", "–", "not applicable"
	default:
		return "na", "·", "not supported"
	}
}
