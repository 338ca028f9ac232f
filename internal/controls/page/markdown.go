package page

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// mostDates is the largest number of dates in the table of the trend.
const mostDates = 12

type markdown struct {
	*bufio.Writer
	r      *controls.Result
	labels labels
}

func writeMarkdown(w io.Writer, r *controls.Result) error {
	m := &markdown{bufio.NewWriter(w), r, labelsOf(r)}
	m.line("# Controls of the Microsoft cloud security benchmark")
	if len(r.Reports) > 0 {
		m.line("\n" + headline(r))
	}
	for _, note := range r.Notes {
		m.line("\n> " + md(note))
	}
	m.counts()
	m.reports()
	m.missing()
	m.changes()
	m.trend()
	m.states()
	m.mappings()
	fmt.Fprintf(m, "\n<sub>written by redisbaseline %s at %s</sub>\n", md(r.Tool.Version), at(r.GeneratedAt))
	return m.Flush() // with the first error of all
}

func md(s string) string { return report.MarkdownText(s) }

func (m *markdown) line(s string) { fmt.Fprintln(m, s) }

// table starts a table.
func (m *markdown) table(columns ...string) {
	m.line("\n| " + strings.Join(columns, " | ") + " |\n|" + strings.Repeat(" --- |", len(columns)))
}

// row writes cells that are Markdown: texts of the catalogue as they are, others by md.
func (m *markdown) row(cells ...string) { m.line("| " + strings.Join(cells, " | ") + " |") }

// counts are the states of today.
func (m *markdown) counts() {
	if len(m.r.Counts) == 0 {
		return
	}
	m.line("\n## Today")
	for i, c := range m.r.Counts {
		control := controlOf(m.r, c.Baseline, c.Control)
		if i == 0 || m.r.Counts[i-1].Baseline != c.Baseline || m.r.Counts[i-1].Kind != c.Kind {
			m.line("\n### " + ofKind(control.Service, c.Kind))
			m.table(append([]string{"control", "title"}, wordsOfStates()...)...)
		}
		cells := []string{control.ID, control.Title}
		for _, n := range c.States {
			cells = append(cells, positive(n))
		}
		m.row(cells...)
	}
}

func (m *markdown) reports() {
	if len(m.r.Reports) == 0 {
		return
	}
	m.line("\n## Reports")
	m.table("report", "date", "source", "caches", "not judged")
	for _, r := range m.r.Reports {
		m.row(md(r.Name), r.Date(), md(string(r.Source.Kind)+": "+strings.Join(r.Source.Inputs, ", ")), fmt.Sprint(len(r.Caches)),
			positive(len(r.Unjudged)))
	}
	for _, r := range m.r.Reports {
		for _, text := range blind(r) {
			m.line("\n- " + md(r.Name+": "+text))
		}
	}
}

func (m *markdown) missing() {
	if len(m.r.Missing) == 0 {
		return
	}
	m.line("\n## Caches that the newest report does not have")
	m.table("cache", "last seen", "in", "not in", "why")
	for _, one := range m.r.Missing {
		m.row(md(m.labels[one.History]), one.LastSeen, md(one.In), md(one.Without), md(one.Why))
	}
}

func (m *markdown) changes() {
	if len(m.r.Changes) == 0 {
		return
	}
	m.line("\n## Changes")
	m.table("date", "before", "cache", "control", "change", "from", "to")
	for _, c := range m.r.Changes {
		m.row(c.Date, c.Before, md(m.labels[c.History]), c.Control, changeWords[c.Kind], stateWords[c.From], stateWords[c.To])
	}
}

// trend has a column for each date, the newest last.
func (m *markdown) trend() {
	dates, rows, before := trendOf(m.r)
	if len(dates) < 2 {
		return
	}
	m.line("\n## Trend")
	if before > 0 {
		fmt.Fprintf(m, "\n*%s before these stand in the format json*\n", report.Count(before, "date", "dates"))
	}
	m.table(append([]string{"service", "control"}, dates...)...)
	for _, row := range rows {
		m.row(append([]string{row.service, row.control}, row.numbers...)...)
	}
}

// states has a section for each control, with every cache.
func (m *markdown) states() {
	rows := map[*controls.Control][]controls.Row{}
	for row := range m.r.Rows(false) {
		rows[row.Control] = append(rows[row.Control], row)
	}
	for i := range m.r.Controls {
		c := &m.r.Controls[i]
		if rows[c] == nil {
			continue
		}
		if i == 0 || rows[&m.r.Controls[i-1]] == nil || m.r.Controls[i-1].Baseline != c.Baseline {
			m.line("\n## " + c.Service)
		}
		m.line("\n### " + c.ID + " " + c.Title + "\n")
		m.line(strings.Join(counterparts(c), " · "))
		if c.Remark != "" {
			m.line("\n" + c.Remark)
		}
		m.table("cache", "state", "evidence", "date", "at least since")
		for _, row := range sorted(rows[c]) {
			evidence := make([]string, len(row.Findings))
			for j := range row.Findings {
				evidence[j] = md(row.Findings[j].ID + " " + words(&row, &row.Findings[j]))
			}
			m.row(md(m.labels[row.History]), stateWords[row.State], strings.Join(evidence, "<br>"), row.Report.Date(), row.Since.Date())
		}
	}
}

// mappings are the controls with their counterparts.
func (m *markdown) mappings() {
	m.line("\n## Counterparts\n")
	for _, text := range controls.Meaning {
		m.line("- " + text)
	}
	var first, second []controls.Framework
	for _, f := range controls.Frameworks {
		if f.SecondHand {
			second = append(second, f)
		} else {
			first = append(first, f)
		}
	}
	for _, frameworks := range [][]controls.Framework{first, second} {
		columns := []string{"service", "control", "title", "in MCSB v1", "in MCSB v2"}
		for _, f := range frameworks {
			columns = append(columns, f.Name)
		}
		m.table(columns...)
		for i := range m.r.Controls {
			c := &m.r.Controls[i]
			cells, known := []string{c.Service, c.ID, c.Title, named(c.V1, c.Title), named(c.V2, c.Title)}, false
			for _, f := range frameworks {
				text := inFramework(f.ID)(c)
				cells, known = append(cells, text), known || text != ""
			}
			if known {
				m.row(cells...)
			}
		}
		m.line("\nSource: " + sourceWords(&frameworks[0].Source))
	}
	for i := range m.r.Controls {
		if c := &m.r.Controls[i]; c.Remark != "" {
			m.line("\n- " + c.Service + ", " + c.ID + ": " + c.Remark)
		}
	}
}

// sorted are rows, those with the worst states first.
func sorted(rows []controls.Row) []controls.Row {
	slices.SortStableFunc(rows, func(a, b controls.Row) int {
		return slices.Index(controls.States, a.State) - slices.Index(controls.States, b.State)
	})
	return rows
}
