package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// mostNames is the largest number of caches that a summary names.
const mostNames = 10

// fleet is the result of a walk over many caches: totals and the first names,
// without the postures.
type fleet struct {
	settings *settings
	speak    speaker
	each     bool // a diagnostic for each violation
	own      []baseline.Exemption
	reading  error // error in reading the cache that is judged next

	caches   []fleetCache
	judged   map[*baseline.Document]int // number of caches
	controls map[string]*report.Summary // by control
	rules    map[string]*report.Summary // by id of a feature or an advisory
	partial  bool
	result   judge.Result // empty where the walk did not reach its end

	findings   map[*baseline.Entry]*mentions
	notes      grouped // by text
	missing    grouped // by action
	incomplete mentions
	hidden     int      // number of caches that could not be read completely
	unmatched  []string // notes on filters that no cache fits
	diags      diag.Diagnostics
}

// mentions is the number of caches that something is said of, with the first names
// in the order of resource ids.
type mentions struct {
	count   int
	lines   []string
	title   string         // of the first cache
	finding report.Finding // of the first cache
}

func (m *mentions) add(title, message string) {
	if m.count++; m.count == 1 {
		m.title = title
	}
	if len(m.lines) < mostNames {
		line := title
		if message != "" {
			line += ": " + message
		}
		m.lines = append(m.lines, line)
	}
}

// text is the first names behind a label.
func (m *mentions) text(label string) string {
	var out strings.Builder
	contents := m.lines
	if more := m.count - len(m.lines); more > 0 {
		contents = append(slices.Clone(contents), fmt.Sprintf("and %d more", more))
	}
	lines(&out, label, contents...)
	return strings.TrimRight(out.String(), "\n")
}

// names is the count and the first names on one line.
func (m *mentions) names() string {
	text := strings.Join(m.lines, ", ")
	if more := m.count - len(m.lines); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// grouped are mentions by text, in the order of their first appearance.
type grouped struct {
	order []string
	by    map[string]*mentions
}

func (g *grouped) at(text string) *mentions {
	if g.by == nil {
		g.by = map[string]*mentions{}
	}
	if g.by[text] == nil {
		g.by[text] = &mentions{}
		g.order = append(g.order, text)
	}
	return g.by[text]
}

// add adds one judged cache.
func (f *fleet) add(c *posture.Cache, judged report.Cache) {
	j := judgement{posture: c, report: judged, title: titleOf(c, c.ResourceID.V)}
	f.count(j.report)
	f.judged[f.settings.documents.For(judged.Type)]++
	f.caches = append(f.caches, compact(c, j.report))
	f.gaps(j, f.reading)
	if f.each {
		f.diags.Append(f.speak.diagnose([]judgement{j})...)
		return
	}
	for _, finding := range slices.Concat(j.report.Features, j.report.Advisories) {
		if finding.Status == report.NonCompliant {
			f.mention(j, finding)
		}
	}
	if paths, _ := undocumentedIn(judged); len(paths) > 0 {
		f.notes.at(undocumentedText(paths)).add(j.title, "")
	}
	for _, note := range j.report.Notes {
		f.notes.at(note).add(j.title, "")
	}
}

func (f *fleet) count(c report.Cache) {
	for _, finding := range slices.Concat(c.Features, c.Advisories) {
		one := report.Cache{Features: []report.Finding{finding}}
		total(f.rules, finding.ID).Add(one)
		total(f.controls, f.settings.documents.For(c.Type).Entry(finding.ID).Control).Add(one)
	}
}

func total(of map[string]*report.Summary, id string) *report.Summary {
	if of[id] == nil {
		of[id] = &report.Summary{}
	}
	return of[id]
}

// compact lists the rules by their verdict.
func compact(c *posture.Cache, r report.Cache) fleetCache {
	out := fleetCache{ResourceID: c.ResourceID.V, Name: c.Name.V, Compliant: r.Compliant}
	if id, err := azure.ParseCacheID(out.ResourceID); err == nil {
		out.Subscription, out.Group = id.Subscription, id.ResourceGroup
	}
	for _, finding := range slices.Concat(r.Features, r.Advisories) {
		switch {
		case finding.Status == report.Exempt:
			out.Exempt = append(out.Exempt, finding.ID)
		case finding.Status == report.NonCompliant && finding.IsAdvisory():
			out.Advisories = append(out.Advisories, finding.ID)
		case finding.Status == report.NonCompliant:
			out.Violations = append(out.Violations, finding.ID)
		case finding.Status == report.Unknown && !finding.IsAdvisory():
			out.Undecided = append(out.Undecided, finding.ID)
		}
	}
	return out
}

// gaps records what could not be read.
func (f *fleet) gaps(j judgement, err error) {
	var incomplete *azure.Incomplete
	if errors.As(err, &incomplete) {
		f.incomplete.add(j.title, strings.Join(textsOf(incomplete.Errors), "; "))
	}
	if len(forbidden(j.report)) == 0 {
		return
	}
	f.hidden++
	for _, action := range j.report.MissingActions {
		f.missing.at(action).add(j.title, "")
	}
}

// mention records a violation, or an advisory that gets a diagnostic.
func (f *fleet) mention(j judgement, finding report.Finding) {
	e := f.settings.documents.For(j.report.Type).Entry(finding.ID)
	if e.IsAdvisory() && finding.Severity != report.Warning {
		return
	}
	if f.findings[e] == nil {
		f.findings[e] = &mentions{finding: finding}
	}
	f.findings[e].add(j.title, finding.Message)
}

// diagnose returns the diagnostics at the end of the walk. What could not be read
// is a warning whatever the effect, because it is no violation.
func (f *fleet) diagnose() diag.Diagnostics {
	diags := f.diags
	if f.speak.effect != effectDisabled {
		for _, document := range f.settings.documents {
			for e := range (baseline.Documents{document}).Entries() {
				if m := f.findings[e]; m != nil && (f.speak.advisories || !e.IsAdvisory()) {
					diags.Append(f.about(document, e, m))
				}
			}
		}
		for _, note := range f.notes.order {
			diags.Append(f.speak.warn(note, f.notes.by[note].text("Caches")))
		}
		for _, note := range f.result.Unused {
			diags.Append(f.speak.warn(note, "A note on the judgement as a whole."))
		}
	}
	diags.Append(f.missed()...)
	return diags
}

// about is the diagnostic on one rule of a document that caches violate.
func (f *fleet) about(document *baseline.Document, e *baseline.Entry, m *mentions) diag.Diagnostic {
	switch {
	case m.count == 1 && e.IsAdvisory():
		return f.speak.advisory(m.title, e, m.finding, "")
	case m.count == 1:
		return f.speak.violation(m.title, e, m.finding)
	}
	var out strings.Builder
	if e.Why != "" {
		out.WriteString(e.Why + "\n\n")
	}
	out.WriteString(m.text("Caches") + "\n")
	cure(&out, e.Remedy(posture.DialectAz), e)
	detail := strings.TrimRight(out.String(), "\n")
	caches := fmt.Sprintf("%d of %d caches", m.count, f.judged[document])
	if len(f.judged) > 1 {
		caches += " of " + document.Service.Name
	}
	if e.IsAdvisory() {
		return f.speak.warn(fmt.Sprintf("Advisory %s: %s, %s first", e.Title, caches, m.title), detail)
	}
	summary := fmt.Sprintf("%s %s: %s violate it, %s first", e.ControlOfID(), e.Title, caches, m.title)
	return f.speak.say(summary, detail)
}

// missed warns of what was asked for and could not be read.
func (f *fleet) missed() (diags diag.Diagnostics) {
	if len(f.result.Unseen) > 0 {
		var all mentions
		cure := ""
		for _, u := range f.result.Unseen {
			all.add(u.Kind+" "+u.ID, u.Detail)
			if u.Forbidden {
				cure = " " + leastPrivilege
			}
		}
		summary := fmt.Sprintf("the fleet is not complete: %s %s could not be seen", f.result.Unseen[0].Kind, f.result.Unseen[0].ID)
		if more := len(f.result.Unseen) - 1; more > 0 {
			summary += fmt.Sprintf(", and %d more", more)
		}
		diags.Append(f.speak.warn(summary,
			"What is not seen is in no total. The attribute unseen lists all of it."+cure+"\n\n"+all.text("Unseen")))
	}
	if f.hidden > 0 {
		var actions []string
		for _, action := range f.missing.order {
			actions = append(actions, action+": "+f.missing.by[action].names())
		}
		diags.Append(f.speak.warn(
			fmt.Sprintf("%d of %d caches", f.hidden, len(f.caches))+lacksRights, forbiddenText+"\n\n"+missingRights(actions, nil)))
	}
	for _, note := range f.unmatched {
		diags.Append(f.speak.warn(note, "What a filter does not match is neither judged nor counted."))
	}
	if n := f.incomplete.count; n > 0 {
		diags.Append(f.speak.warn(fmt.Sprintf("%d of %d caches were not read completely, %s first", n, len(f.caches), f.incomplete.title),
			"Rules that need what could not be read are unknown, with the reason not_observed.\n\n"+f.incomplete.text("Caches")))
	}
	return diags
}
