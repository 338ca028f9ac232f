package report

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// csvEncoder writes comma-separated values by RFC 4180, with a line feed behind each row: one
// row for each finding, in the order of the report. What is no finding has a row too, whose
// status says what it is: a cache that the plan destroys, the actions of Azure that the
// identity lacked for a cache, a note, a Redis resource that was not judged, a scope that could
// not be seen, and the reason why the source was not read to its end.
type csvEncoder struct {
	base
	opts    EncodeOptions
	rows    *csv.Writer // writes through out, so that ofCache may stand before a row
	ofCache string      // the first cells of a row, encoded once for all rows of a cache
	row     [csvColumns]string
	text    strings.Builder // evidence of a finding
}

// csvCacheColumns are the columns of a cache; input is the plan from which it was read.
var csvCacheColumns = []string{"address", "name", "resource_id", "type", "change", "input", "baseline"}

// The columns behind those of a cache, in their order. What a row does not have is empty.
const (
	csvRule = iota
	csvControl
	csvTitle
	csvSeverity
	csvStatus
	csvReason
	csvSince
	csvFails // true or false
	csvMessage
	csvRemediation
	csvEvidence
	csvExemptionCategory
	csvExemptionExpiresOn
	csvExemptionApprovedBy
	csvExemptionDescription
	csvExemptionFile
	csvExemptionLine
	csvFile // with csvLine the line that decides the verdict, else the first one of the cache
	csvLine
	csvColumns
)

var csvHeader = [csvColumns]string{
	csvRule: "rule", csvControl: "control", csvTitle: "title", csvSeverity: "severity",
	csvStatus: "status", csvReason: "reason", csvSince: "since", csvFails: "fails",
	csvMessage: "message", csvRemediation: "remediation", csvEvidence: "evidence",
	csvExemptionCategory: "exemption_category", csvExemptionExpiresOn: "exemption_expires_on",
	csvExemptionApprovedBy: "exemption_approved_by", csvExemptionDescription: "exemption_description",
	csvExemptionFile: "exemption_file", csvExemptionLine: "exemption_line", csvFile: "file", csvLine: "line",
}

func newCSV(w io.Writer, opts EncodeOptions) Encoder {
	e := &csvEncoder{base: newBase(w), opts: opts}
	e.rows = csv.NewWriter(e.out)
	return e
}

func (e *csvEncoder) Begin(r Report) error {
	_ = e.rows.Write(slices.Concat(csvCacheColumns, csvHeader[:])) // the error is that of Cache and End
	return e.base.Begin(r)
}

func (e *csvEncoder) Cache(c Cache) error {
	e.about(&c)
	for _, findings := range [...][]Finding{c.Features, c.Advisories} {
		for i := range findings {
			e.finding(&c, &findings[i])
		}
	}
	if c.Destroyed() {
		e.remark("destroyed", "destroyed by this plan, not judged", c.Position)
	}
	if len(c.MissingActions) > 0 {
		e.remark("missing_actions", strings.Join(c.MissingActions, ", "), c.Position)
	}
	for _, n := range c.Notes {
		e.remark("note", n, c.Position)
	}
	return e.rows.Error()
}

// about sets the cells of a cache for the rows that follow. What is no cache has some of them.
func (e *csvEncoder) about(c *Cache) {
	var encoded strings.Builder
	w := csv.NewWriter(&encoded)
	_ = w.Write([]string{
		csvText(c.Address), csvText(c.Name), csvText(c.ResourceID), CSVCell(c.Type), csvText(c.Change), CSVCell(c.Input), CSVCell(c.Baseline),
	})
	w.Flush() // a builder takes everything
	e.ofCache = strings.TrimSuffix(encoded.String(), "\n") + ","
}

// writeRow writes a row behind the cells of its cache.
func (e *csvEncoder) writeRow() {
	e.write(e.ofCache)
	_ = e.rows.Write(e.row[:])
}

func (e *csvEncoder) finding(c *Cache, f *Finding) {
	e.row = [csvColumns]string{}
	entry := e.entry(c, f)
	e.row[csvRule], e.row[csvControl], e.row[csvTitle] = f.ID, entry.Control, entry.Title
	e.row[csvSeverity] = string(e.level(c, f))
	e.row[csvStatus] = string(f.Status)
	e.row[csvFails] = strconv.FormatBool(!c.Destroyed() && e.opts.failsRun(f))
	e.row[csvReason], e.row[csvSince] = csvText(f.Reason), csvText((*string)(f.Since))
	e.row[csvMessage], e.row[csvRemediation] = CSVCell(f.Message), CSVCell(f.Remediation)
	e.text.Reset()
	for i := range f.Evidence {
		if i > 0 {
			e.text.WriteString("; ")
		}
		e.text.WriteString(f.Evidence[i].Text())
	}
	e.row[csvEvidence] = CSVCell(e.text.String())
	if x := f.Exemption; x != nil {
		e.row[csvExemptionCategory], e.row[csvExemptionExpiresOn] = CSVCell(x.Category), CSVCell(x.ExpiresOn)
		e.row[csvExemptionApprovedBy], e.row[csvExemptionDescription] = CSVCell(x.ApprovedBy), CSVCell(x.Description)
		e.setPosition(csvExemptionFile, x.Position)
	}
	e.setPosition(csvFile, cmp.Or(f.Position, c.Position))
	e.writeRow()
}

// remark writes a row that is no finding.
func (e *csvEncoder) remark(status, message string, at *Position) {
	e.row = [csvColumns]string{csvStatus: status, csvMessage: CSVCell(message)}
	e.setPosition(csvFile, at)
	e.writeRow()
}

func (e *csvEncoder) End(end Closing) error {
	for _, u := range end.Unjudged {
		e.about(&Cache{Address: &u.Address, Type: u.Type})
		e.remark("unjudged", u.Why, nil)
	}
	for _, u := range end.Unseen {
		e.about(&Cache{ResourceID: &u.ID, Type: u.Kind})
		e.remark("unseen", u.Detail, nil)
	}
	e.about(&Cache{})
	if end.Partial != "" {
		e.remark("partial", end.Partial, nil)
	}
	for _, n := range end.Notes {
		e.remark("note", n, nil)
	}
	e.rows.Flush()
	return e.rows.Error()
}

// setPosition fills a cell and the next one with the file and the line of a position.
func (e *csvEncoder) setPosition(column int, p *Position) {
	if p != nil {
		e.row[column], e.row[column+1] = CSVCell(p.File), itoa(p.Line)
	}
}

// csvText is the cell of a text that may be absent.
func csvText(s *string) string {
	if s == nil {
		return ""
	}
	return CSVCell(*s)
}

// CSVCell is a text that no spreadsheet takes for a formula, and in which nothing commands
// whoever reads a log. A text that begins with = + - @ | or %, after white space or not, has an
// apostrophe before it, unless it is a number; these signs have the same meaning in their wide forms.
func CSVCell(s string) string {
	if s == "" {
		return s
	}
	if !isPlain(s) {
		s = Printable(s)
	}
	sign, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, unicode.IsSpace))
	if !strings.ContainsRune("=+-@|%＝＋－＠", sign) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
