package report

import (
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// sarifEncoder writes SARIF 2.1.0. Violations are results of kind fail,
// undecided features of kind open, advisories are notes. Features that were not
// observed are notifications of the run, because services that read SARIF turn each
// result into an alert; so are exempt ones, unless they are violations: those are
// results that are suppressed. The tool follows the results, since the
// documents that judged something are known at the end.
type sarifEncoder struct {
	base
	rules         []sarifRule    // of the documents so far
	index         map[ruleOf]int // in rules
	judgedBy      string         // document of the cache before
	prints        fingerprints
	notifications []sarifNotification
	begun         bool // a result has been written
}

const (
	sarifFingerprint = "redisbaseline/v1"
	sarifNote        = "note"
	projectURL       = "https://github.com/redisbaseline/terraform-provider-redisbaseline"
)

// The objects of a SARIF log, without members that have their default.
type (
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string             `json:"id"`
		Name                 string             `json:"name"`
		ShortDescription     sarifText          `json:"shortDescription"`
		Help                 sarifText          `json:"help"`
		HelpURI              string             `json:"helpUri,omitempty"`
		DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
		Properties           map[string]any     `json:"properties"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Kind                string             `json:"kind"`
		Level               string             `json:"level"`
		Message             sarifText          `json:"message"`
		Locations           []sarifLocation    `json:"locations"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
		Fixes               []sarifFix         `json:"fixes,omitempty"`
		Properties          map[string]any     `json:"properties,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		PhysicalLocation *sarifPhysicalLocation `json:"physicalLocation,omitempty"`
		LogicalLocations []sarifLogicalLocation `json:"logicalLocations"`
	}
	sarifPhysicalLocation struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogicalLocation struct {
		Name               string `json:"name,omitempty"`
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
	sarifFix struct {
		Description     sarifText     `json:"description"`
		ArtifactChanges []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		ArtifactLocation sarifArtifact      `json:"artifactLocation"`
		Replacements     []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		DeletedRegion   sarifLines `json:"deletedRegion"`
		InsertedContent sarifText  `json:"insertedContent"`
	}
	sarifLines struct { // whole lines: the end is the beginning of a line
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
)

func newSARIF(w io.Writer, _ EncodeOptions) Encoder {
	return &sarifEncoder{base: newBase(w), rules: []sarifRule{}, index: map[ruleOf]int{}, prints: fingerprints{},
		notifications: []sarifNotification{}}
}

func (e *sarifEncoder) Begin(r Report) error {
	e.write(`{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"results":[`)
	return e.base.Begin(r)
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
	properties := map[string]any{"security-severity": termsOf(entry.Severity).security, "tags": tags}
	if len(entry.PolicyIDs) > 0 {
		properties["azurePolicy"] = entry.PolicyIDs
	}
	if entry.Controls != (Controls{}) {
		properties["controls"] = entry.Controls
	}
	var help sarifText
	for _, r := range entry.Remediation {
		dialects := strings.Join(r.Dialects, ", ")
		help.Markdown += "- **What to write, " + dialects + ":** " + MarkdownCode(r.Text) + "\n"
		help.Text += "What to write, " + dialects + ": " + r.Text + "\n"
	}
	help.Markdown += "\n[More about this rule](" + entry.Help + ")"
	help.Text += "\nMore: " + entry.Help
	return sarifRule{
		ID: entry.UniqueID(), Name: entry.Title, ShortDescription: sarifText{Text: entry.Name()}, Help: help, HelpURI: entry.Help,
		DefaultConfiguration: sarifConfiguration{termsOf(entry.Severity).sarif}, Properties: properties,
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
			e.result(&c, f, "fail", termsOf(e.level(&c, f)).sarif)
		case f.IsNotObserved():
			notObserved = append(notObserved, f.ID)
		case f.Status == Unknown:
			e.result(&c, f, "open", "none")
		case f.Status == Exempt && f.suppresses():
			e.result(&c, f, "fail", termsOf(e.level(&c, f)).sarif)
		case f.Status == Exempt:
			exempt = append(exempt, f.ID)
		}
	}
	for i := range c.Advisories {
		switch f := &c.Advisories[i]; {
		case f.Status == NonCompliant, f.Status == Exempt && f.suppresses():
			e.result(&c, f, "fail", sarifNote)
		case f.Status == Exempt:
			exempt = append(exempt, f.ID)
		}
	}
	if len(notObserved) > 0 {
		e.notify(sarifNote, e.label(&c)+": not observed: "+strings.Join(notObserved, ", "))
	}
	if len(exempt) > 0 {
		e.notify(sarifNote, e.label(&c)+": exempt: "+strings.Join(exempt, ", "))
	}
	for _, n := range c.Notes {
		e.notify(sarifNote, e.label(&c)+": "+n)
	}
	return nil
}

func (e *sarifEncoder) End(end Closing) error {
	for n, gap := range end.remarks() {
		level := sarifNote
		if gap {
			level = "error"
		}
		e.notify(level, n)
	}
	for _, b := range end.Baselines {
		e.addRules(b.ID)
	}
	e.write(`],"tool":{"driver":`)
	e.marshal(sarifDriver{Name: "redisbaseline", Version: e.Tool.Version, InformationURI: projectURL, Rules: e.rules})
	e.write(`},"invocations":[{"executionSuccessful":`, strconv.FormatBool(!end.Incomplete()), `,"toolExecutionNotifications":`)
	e.marshal(e.notifications)
	e.write(`}],"columnKind":"utf16CodeUnits","properties":{"baselines":`)
	e.marshal(end.Baselines)
	e.write(`,"summary":`)
	e.marshal(end.Summary)
	e.write("}}]}\n")
	return e.finish()
}

func (e *sarifEncoder) result(c *Cache, f *Finding, kind, level string) {
	message := e.sentence(c, f) + toWrite(f)
	if kind == "open" {
		message += " (" + reasonText(f) + ")"
	}
	index := e.index[ruleOf{c.Baseline, f.ID}]
	result := sarifResult{
		RuleID: e.rules[index].ID, RuleIndex: index, Kind: kind, Level: level,
		Message: sarifText{Text: printable(message)}, Locations: []sarifLocation{e.location(c, f)},
		PartialFingerprints: map[string]string{sarifFingerprint: e.prints.of(f.ID, c)},
	}
	if f.Exemption != nil {
		suppression := sarifSuppression{"external", printable(f.Exemption.Terms() + ": " + f.Exemption.Description)}
		if f.Exemption.InSource {
			suppression.Kind = "inSource"
		}
		result.Suppressions = []sarifSuppression{suppression}
	}
	if len(f.Replacements) > 0 {
		result.Fixes = []sarifFix{sarifFixOf(f.Replacements)}
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

// sarifFixOf is one fix of all replacements, those of each file as one change.
func sarifFixOf(replacements []Replacement) sarifFix {
	var fix sarifFix
	var settings []string
	for _, r := range replacements {
		uri := fileURI(r.File)
		i := slices.IndexFunc(fix.ArtifactChanges, func(c sarifChange) bool { return c.ArtifactLocation.URI == uri })
		if i < 0 {
			i, fix.ArtifactChanges = len(fix.ArtifactChanges), append(fix.ArtifactChanges, sarifChange{ArtifactLocation: sarifArtifact{uri}})
		}
		change := &fix.ArtifactChanges[i]
		change.Replacements = append(change.Replacements, sarifReplacement{
			DeletedRegion: sarifLines{r.Start, 1, r.End, 1}, InsertedContent: sarifText{Text: r.Text},
		})
		settings = append(settings, r.Settings...)
	}
	fix.Description.Text = printable(strings.Join(settings, "; "))
	return fix
}

// suppresses reports whether an exempt finding is a violation, which is a result that
// is suppressed. What was undecided or not observed is a notification: nothing was found.
func (f *Finding) suppresses() bool { return f.Exemption != nil && f.Exemption.Was == NonCompliant }

// location names the cache and the line of configuration; without a line, the plan
// where that is a file, since code scanning services refuse results without one.
func (e *sarifEncoder) location(c *Cache, f *Finding) sarifLocation {
	location := sarifLocation{LogicalLocations: []sarifLogicalLocation{
		{Name: c.DisplayName, FullyQualifiedName: c.Label(), Kind: "resource"},
	}}
	if at := e.place(c, f); at.File != "" {
		location.PhysicalLocation = &sarifPhysicalLocation{sarifArtifact{fileURI(at.File)}, sarifRegion{at.Line}}
	}
	return location
}

// notify adds a notification of the run.
func (e *sarifEncoder) notify(level, text string) {
	e.notifications = append(e.notifications, sarifNotification{level, sarifText{Text: printable(text)}})
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
