package report

import (
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"strings"
)

// sarifEncoder writes SARIF 2.1.0. Violations are results of kind fail,
// undecided features of kind open, advisories are notes. What was not observed
// or is exempt makes no result, because services that read SARIF turn each
// result into an alert: it is listed as a notification of the run. Results are
// written as they come, so that a log of many caches needs little memory.
type sarifEncoder struct {
	header
	w        io.Writer
	rules    []sarifRule    // of the documents so far
	index    map[ruleOf]int // in rules
	judgedBy string         // document of the cache before
	prints   fingerprints
	remarks  []sarifNotification
	begun    bool
	err      error
}

const (
	sarifSchema      = "https://json.schemastore.org/sarif-2.1.0.json"
	sarifFingerprint = "redisbaseline/v1"
	sarifNote        = "note"
	projectURL       = "https://github.com/redisbaseline/terraform-provider-redisbaseline"
)

func newSARIF(w io.Writer, _ EncodeOptions) Encoder {
	return &sarifEncoder{w: JSONWriter(w), rules: []sarifRule{}, index: map[ruleOf]int{}, prints: fingerprints{},
		remarks: []sarifNotification{}}
}

func (e *sarifEncoder) Begin(r Report) error {
	e.write(`{"$schema":"` + sarifSchema + `","version":"2.1.0","runs":[{"results":[`)
	return cmp.Or(e.err, e.header.Begin(r))
}

// addRules adds the rules of a document, unless they are there.
func (e *sarifEncoder) addRules(document string) {
	for i := range e.Catalogue {
		entry := &e.Catalogue[i]
		rule := ruleOf{document, entry.ID}
		if _, there := e.index[rule]; entry.Baseline == document && !there {
			e.index[rule] = len(e.rules)
			e.rules = append(e.rules, sarifRuleOf(entry))
		}
	}
}

func sarifRuleOf(entry *Entry) sarifRule {
	tags := []string{"security", "azure", "redis"}
	if entry.Control != "" {
		tags = append(tags, entry.Control)
	}
	properties := map[string]any{"security-severity": securitySeverity(entry.Severity), "tags": tags}
	if len(entry.PolicyIDs) > 0 {
		properties["azurePolicy"] = entry.PolicyIDs
	}
	if entry.Controls != (Controls{}) {
		properties["controls"] = entry.Controls
	}
	var help sarifText
	for _, r := range entry.Remediation {
		dialects := strings.Join(r.Dialects, ", ")
		help.Markdown += "- **What to write, " + dialects + ":** " + markdownCode(r.Text) + "\n"
		help.Text += "What to write, " + dialects + ": " + r.Text + "\n"
	}
	help.Markdown += "\n[More about this rule](" + entry.Help + ")"
	help.Text += "\nMore: " + entry.Help
	return sarifRule{
		DefaultConfiguration: sarifConfiguration{Enabled: true, Level: sarifLevel(entry.Severity), Rank: -1},
		Help:                 help, HelpURI: entry.Help, ID: entry.ID, Name: entry.Title,
		Properties: properties, ShortDescription: sarifText{Text: entry.Name()},
	}
}

func (e *sarifEncoder) Cache(c Cache) error {
	if c.Baseline != e.judgedBy {
		e.judgedBy = c.Baseline
		e.addRules(c.Baseline)
	}
	var notObserved, exempt []string
	for i := range c.Features {
		switch f := &c.Features[i]; {
		case f.Status == NonCompliant:
			e.result(&c, f, "fail", sarifLevel(e.level(&c, f)))
		case f.IsNotObserved():
			notObserved = append(notObserved, f.ID)
		case f.Status == Unknown:
			e.result(&c, f, "open", "none")
		case f.Status == Exempt:
			exempt = append(exempt, f.ID)
		}
	}
	for i := range c.Advisories {
		switch f := &c.Advisories[i]; f.Status {
		case NonCompliant:
			e.result(&c, f, "fail", sarifNote)
		case Exempt:
			exempt = append(exempt, f.ID)
		}
	}
	e.remark(c.Label()+": not observed: ", notObserved)
	e.remark(c.Label()+": exempt: ", exempt)
	for _, n := range c.Notes {
		e.remark(c.Label()+": "+n, []string{""})
	}
	return e.err
}

func (e *sarifEncoder) End(end Closing) error {
	for _, n := range end.Notes {
		e.remark(n, []string{""})
	}
	for _, b := range end.Baselines {
		e.addRules(b.ID)
	}
	e.write(`],"tool":`)
	e.marshal(sarifTool{Driver: sarifDriver{
		Contents: []string{"localizedData", "nonLocalizedData"}, InformationURI: projectURL, Language: "en-US",
		Name: "redisbaseline", Version: e.Tool.Version, Rules: e.rules,
	}})
	e.write(`,"invocations":[`)
	e.marshal(sarifInvocation{ExecutionSuccessful: true, ToolExecutionNotifications: e.remarks})
	e.write(`],"columnKind":"utf16CodeUnits","properties":{"baselines":`)
	e.marshal(end.Baselines)
	e.write(`,"summary":`)
	e.marshal(end.Summary)
	e.write("}}]}\n")
	return e.err
}

func (e *sarifEncoder) result(c *Cache, f *Finding, kind, level string) {
	message := sentence(c, f)
	if kind == "open" {
		message += " (" + because(f) + ")"
	}
	result := sarifResult{
		PartialFingerprints: map[string]string{sarifFingerprint: e.prints.of(f.ID, c)},
		Kind:                kind, Level: level, Locations: []sarifLocation{e.location(c, f)},
		Message: sarifMessage{Text: printable(message)}, Rank: -1, RuleID: f.ID, RuleIndex: e.index[ruleOf{c.Baseline, f.ID}],
	}
	if f.Since != nil {
		result.Properties = map[string]any{"since": *f.Since}
	}
	if e.begun {
		e.write(",")
	}
	e.begun = true
	e.write("\n")
	e.marshal(result)
}

// location names the cache and the line of configuration. Without that, it
// names the plan where that is a file, since code scanning services refuse
// results without one.
func (e *sarifEncoder) location(c *Cache, f *Finding) sarifLocation {
	location := sarifLocation{ID: -1, LogicalLocations: []sarifLogicalLocation{
		{FullyQualifiedName: c.Label(), Index: -1, Kind: "resource", Name: c.DisplayName, ParentIndex: -1},
	}}
	if at := e.place(c, f); at.File != "" {
		location.PhysicalLocation = &sarifPhysicalLocation{
			ArtifactLocation: sarifArtifact{Index: -1, URI: fileURI(at.File)},
			Region:           sarifRegion{ByteOffset: -1, CharOffset: -1, StartLine: at.Line},
		}
	}
	return location
}

func (e *sarifEncoder) remark(label string, ids []string) {
	if len(ids) == 0 {
		return
	}
	message := sarifMessage{Text: printable(label + strings.Join(ids, ", "))}
	e.remarks = append(e.remarks, sarifNotification{Level: sarifNote, Message: message})
}

func (e *sarifEncoder) marshal(v any) {
	raw, err := json.Marshal(v)
	if e.err = cmp.Or(e.err, err); e.err == nil {
		_, e.err = e.w.Write(raw)
	}
}

func (e *sarifEncoder) write(s string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, s)
	}
}

// fileURI is a relative reference, or a file URI for an absolute path.
func fileURI(file string) string {
	u := url.URL{Path: file}
	if len(file) > 2 && file[1:3] == ":/" { // a drive of Windows
		u.Path = "/" + file
	}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

func sarifLevel(s Severity) string {
	switch s {
	case High:
		return "error"
	case Medium:
		return "warning"
	default:
		return sarifNote
	}
}

func securitySeverity(s Severity) string {
	switch s {
	case High:
		return "8.0"
	case Medium:
		return "5.0"
	case Low:
		return "2.0"
	default:
		return "1.0"
	}
}
