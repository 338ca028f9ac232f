package report

import (
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// sarifEncoder writes SARIF 2.1.0. Violations are results of kind fail,
// undecided features of kind open, advisories are notes. What was not observed
// or is exempt makes no result, because services that read SARIF turn each
// result into an alert: it is listed as a notification of the run. Results are
// written as they come, so that a log of many caches needs little memory.
type sarifEncoder struct {
	w       io.Writer
	version string
	header  Report
	rules   lookup
	index   map[string]int
	prints  fingerprints
	remarks []*sarif.Notification
	begun   bool
	err     error
}

const (
	sarifSchema      = "https://json.schemastore.org/sarif-2.1.0.json"
	sarifFingerprint = "redisbaseline/v1"
	projectURL       = "https://github.com/redisbaseline/terraform-provider-redisbaseline"
)

func newSARIF(w io.Writer, opts EncodeOptions) Encoder {
	return &sarifEncoder{w: JSONWriter(w), version: opts.ToolVersion, index: map[string]int{}, prints: fingerprints{}}
}

func (e *sarifEncoder) Begin(header Report) error {
	e.header, e.rules = header, newLookup(header.Catalogue)
	driver := sarif.NewToolComponent().WithName("redisbaseline").WithInformationURI(projectURL)
	if e.version != "" {
		driver.WithVersion(e.version)
	}
	for i, entry := range header.Catalogue {
		e.index[entry.ID] = i
		driver.AddRule(sarifRule(entry))
	}
	e.write(`{"$schema":"` + sarifSchema + `","version":"2.1.0","runs":[{"tool":`)
	e.marshal(sarif.NewTool().WithDriver(driver))
	e.write(`,"results":[`)
	return e.err
}

func sarifRule(entry Entry) *sarif.ReportingDescriptor {
	properties := sarif.NewPropertyBag().Add("security-severity", securitySeverity(entry.Severity)).
		WithTags([]string{"security", "azure", "redis"})
	if entry.Control != "" {
		properties.AddTag(entry.Control)
	}
	if len(entry.PolicyIDs) > 0 {
		properties.Add("azurePolicy", entry.PolicyIDs)
	}
	help := "What to write: " + entry.Remediation + "\n\nMore: " + entry.Help
	markdown := "**What to write:** " + markdownText(entry.Remediation) + "\n\n[More about this rule](" + entry.Help + ")"
	if entry.Remediation == "" {
		help, markdown = "More: "+entry.Help, "[More about this rule]("+entry.Help+")"
	}
	rule := sarif.NewRule(entry.ID).WithName(entry.Title).WithShortDescription(text(entry.Name())).
		WithHelp(text(help).WithMarkdown(markdown)).WithProperties(properties).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(entry.Severity)))
	if entry.Help != "" {
		rule.WithHelpURI(entry.Help)
	}
	return rule
}

func (e *sarifEncoder) Cache(c Cache) error {
	var notSeen, exempt []string
	for _, f := range c.Features {
		switch {
		case f.Status == NonCompliant:
			e.result(c, f, "fail", sarifLevel(e.rules.level(f)))
		case f.IsNotObserved():
			notSeen = append(notSeen, f.ID)
		case f.Status == Unknown:
			e.result(c, f, "open", sarif.LevelNone)
		case f.Status == Exempt:
			exempt = append(exempt, f.ID)
		}
	}
	for _, f := range c.Advisories {
		switch f.Status {
		case NonCompliant:
			e.result(c, f, "fail", sarif.LevelNote)
		case Exempt:
			exempt = append(exempt, f.ID)
		}
	}
	e.remark(c.Label()+": not observed: ", notSeen)
	e.remark(c.Label()+": exempt: ", exempt)
	for _, n := range c.Notes {
		e.remark(c.Label()+": "+n, []string{""})
	}
	return e.err
}

func (e *sarifEncoder) End(summary Summary, notes []string) error {
	for _, n := range notes {
		e.remark(n, []string{""})
	}
	e.write(`],"invocations":[`)
	invocation := sarif.NewInvocation().WithExecutionSuccessful(true)
	invocation.ToolExecutionNotifications = append(invocation.ToolExecutionNotifications, e.remarks...)
	e.marshal(invocation)
	e.write(`],"columnKind":"utf16CodeUnits","properties":{"baseline":`)
	e.marshal(e.header.Baseline)
	e.write(`,"summary":`)
	e.marshal(summary)
	e.write("}}]}\n")
	return e.err
}

func (e *sarifEncoder) result(c Cache, f Finding, kind, level string) {
	message := sentence(c, f)
	if kind == "open" {
		message += " (" + because(f) + ")"
	}
	result := sarif.NewRuleResult(f.ID).WithRuleIndex(e.index[f.ID]).WithKind(kind).WithLevel(level).
		WithMessage(sarif.NewTextMessage(printable(message))).
		WithPartialFingerprints(map[string]string{sarifFingerprint: e.prints.of(f.ID, c)}).
		WithLocations([]*sarif.Location{e.location(c, f)})
	if f.Since != nil {
		result.WithProperties(sarif.NewPropertyBag().Add("since", string(*f.Since)))
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
func (e *sarifEncoder) location(c Cache, f Finding) *sarif.Location {
	logical := sarif.NewLogicalLocation().WithFullyQualifiedName(c.Label()).WithKind("resource")
	if c.DisplayName != "" {
		logical.WithName(c.DisplayName)
	}
	location := sarif.NewLocation().WithLogicalLocations([]*sarif.LogicalLocation{logical})
	if at := place(e.header, c, f); at.File != "" {
		location.WithPhysicalLocation(sarif.NewPhysicalLocation().
			WithArtifactLocation(sarif.NewSimpleArtifactLocation(fileURI(at.File))).
			WithRegion(sarif.NewRegion().WithStartLine(at.Line)))
	}
	return location
}

func (e *sarifEncoder) remark(label string, ids []string) {
	if len(ids) == 0 {
		return
	}
	n := sarif.NewNotification().WithMessage(sarif.NewTextMessage(printable(label + strings.Join(ids, ", "))))
	n.Level = sarif.LevelNote
	e.remarks = append(e.remarks, n)
}

func (e *sarifEncoder) marshal(v any) {
	raw, err := json.Marshal(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	e.write(string(raw))
}

func (e *sarifEncoder) write(s string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, s)
	}
}

func text(s string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(s)
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
		return sarif.LevelNote
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
