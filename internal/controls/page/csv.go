package page

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// column is a column of the CSV. What is not known is empty; lists are joined by "; ".
type column[T any] struct {
	name  string
	value func(T) string
}

// columnsOfControl are the columns about a control.
var columnsOfControl = []column[*controls.Control]{
	{"baseline", func(c *controls.Control) string { return c.Baseline }},
	{"service", func(c *controls.Control) string { return c.Service }},
	{"control", func(c *controls.Control) string { return c.ID }},
	{"control_title", func(c *controls.Control) string { return c.Title }},
	{"mcsb_v1", func(c *controls.Control) string { return c.V1.ID }},
	{"mcsb_v1_title", func(c *controls.Control) string { return c.V1.Title }},
	{"mcsb_v2", func(c *controls.Control) string { return c.V2.ID }},
	{"mcsb_v2_title", func(c *controls.Control) string { return c.V2.Title }},
	{"nist_sp_800_53_r4", inFramework("nist-sp-800-53-r4")},
	{"cis_controls_v8", labelled("CIS ", inFramework("cis-controls-v8"))},
	{"pci_dss_3_2_1", labelled("PCI ", inFramework("pci-dss-3.2.1"))},
	{"mcsb_v2_preview", secondHand},
}

// columnsOfRow are the columns about a control of a cache in a report.
var columnsOfRow = []column[*controls.Row]{
	{"date", func(r *controls.Row) string { return r.Report.Date() }},
	{"current", func(r *controls.Row) string { return yes(r.Current) }}, // yes, no
	{"cache", func(r *controls.Row) string { return r.History.Label() }},
	{"name", func(r *controls.Row) string { return r.History.Name }},
	{"resource_id", func(r *controls.Row) string { return r.History.ResourceID }},
	{"address", func(r *controls.Row) string { return r.History.Address }},
	{"state", func(r *controls.Row) string { return string(r.State) }},
	{"since", func(r *controls.Row) string { return r.Since.Date() }},
	{"reasons", func(r *controls.Row) string { return joined(r.Reasons()) }},
	{"evidence", func(r *controls.Row) string {
		return each(r, func(f *report.Finding) string { return f.ID + " " + words(r, f) })
	}},
	{"exemption_category", ofExemption(func(e *report.Exemption) string { return e.Category })},
	{"exemption_expires_on", ofExemption(func(e *report.Exemption) string { return e.ExpiresOn })},
	{"exemption_expired", expired},
	{"exemption_approved_by", ofExemption(func(e *report.Exemption) string { return e.ApprovedBy })},
	{"exemption_description", ofExemption(func(e *report.Exemption) string { return e.Description })},
	{"source", func(r *controls.Row) string { return string(r.Report.Source.Kind) }}, // plan, existing, configuration
	{"inputs", func(r *controls.Row) string { return joined(r.Report.Source.Inputs) }},
	{"report", func(r *controls.Row) string { return r.Report.Name }},
}

// writeCSV writes a row for each control of each cache in each report; without reports, one
// for each control.
func writeCSV(w io.Writer, r *controls.Result) error {
	out := csv.NewWriter(w)
	var row []string
	for _, c := range columnsOfControl {
		row = append(row, c.name)
	}
	if len(r.Reports) == 0 {
		_ = out.Write(append(row, "features")) // the error is that of Flush
		for i := range r.Controls {
			_ = out.Write(append(cellsOf(&r.Controls[i]), cell(joined(r.Controls[i].Features))))
		}
		out.Flush()
		return out.Error()
	}
	for _, c := range columnsOfRow {
		row = append(row, c.name)
	}
	_ = out.Write(row)
	cells := map[*controls.Control][]string{}
	for one := range r.Rows(true) {
		if cells[one.Control] == nil {
			cells[one.Control] = cellsOf(one.Control)
		}
		row = append(row[:0], cells[one.Control]...)
		for _, c := range columnsOfRow {
			row = append(row, cell(c.value(&one)))
		}
		_ = out.Write(row)
	}
	out.Flush()
	return out.Error()
}

func cellsOf(c *controls.Control) []string {
	cells := make([]string, 0, len(columnsOfControl)+len(columnsOfRow))
	for _, column := range columnsOfControl {
		cells = append(cells, cell(column.value(c)))
	}
	return cells
}

// inFramework are the counterparts in a framework: "none" where there are none, and empty
// where nothing is known.
func inFramework(id string) func(*controls.Control) string {
	return func(c *controls.Control) string {
		ids, known := c.IDsIn(id)
		if known && len(ids) == 0 {
			return "none"
		}
		return strings.Join(ids, ", ")
	}
}

// labelled puts a word before ids that are numbers: a spreadsheet would make 3.1 of 3.10.
func labelled(word string, ids func(*controls.Control) string) func(*controls.Control) string {
	return func(c *controls.Control) string {
		text := ids(c)
		if text == "" || text == "none" {
			return text
		}
		return word + text
	}
}

// secondHand are the counterparts of version 2 of the benchmark, framework by framework.
func secondHand(c *controls.Control) string {
	var texts []string
	for _, f := range controls.Frameworks {
		if ids := inFramework(f.ID)(c); f.SecondHand && ids != "" {
			texts = append(texts, f.Name+": "+ids)
		}
	}
	return joined(texts)
}

// ofExemption tells of the exemptions of a control; empty where it has another state.
func ofExemption(value func(*report.Exemption) string) func(*controls.Row) string {
	return func(r *controls.Row) string {
		return each(r, func(f *report.Finding) string {
			if f.Exemption == nil {
				return ""
			}
			return value(f.Exemption)
		})
	}
}

// expired is "yes" where an exemption of the control has expired since the report, else empty.
func expired(r *controls.Row) string {
	return each(r, func(f *report.Finding) string {
		if r.Expired(f) {
			return "yes"
		}
		return ""
	})
}

// each joins texts on the findings of a control, those that are not empty, each once.
func each(r *controls.Row, text func(*report.Finding) string) string {
	var texts []string
	for i := range r.Findings {
		if t := text(&r.Findings[i]); t != "" && !slices.Contains(texts, t) {
			texts = append(texts, t)
		}
	}
	return joined(texts)
}

func joined(texts []string) string { return strings.Join(texts, "; ") }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// cell is a text on one line that no spreadsheet takes for a formula, in which nothing steers a terminal.
func cell(s string) string { return report.CSVCell(report.OneLine(s)) }
