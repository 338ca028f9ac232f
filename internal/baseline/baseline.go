package baseline

import (
	"cmp"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Rule is one judgement about a cache, with everything that people read about
// it. It may stand in several documents; see [Entry].
type Rule struct {
	ID string // stable: control/slug of the feature, or "advisory/" + slug
	// Title is the name of an advisory; a document names features itself.
	Title string
	// Severity is that of an advisory: Warning (a Terraform diagnostic) or Info
	// (reports only). A document rates features itself.
	Severity report.Severity
	Documentation
	Remedies []Remedy
	Check    func(c *posture.Cache) Verdict
}

// IsAdvisory reports whether the rule never changes whether a cache is compliant.
func (r *Rule) IsAdvisory() bool { return strings.HasPrefix(r.ID, "advisory/") }

// absent is the rule of a feature that a document says the service lacks: there
// is nothing to judge, and nothing to configure; hint says more about that.
func absent(id, message string, d Documentation, hint ...string) *Rule {
	return &Rule{
		ID: id, Documentation: d, Remedies: []Remedy{{Any: "nothing to configure" + strings.Join(hint, "")}},
		Check: func(*posture.Cache) Verdict { return Verdict{Status: report.NotSupported, Message: message} },
	}
}

// Documentation is what people read about a rule, and what other tools call it.
type Documentation struct {
	Summary    string // one sentence: what is judged
	Why        string // one paragraph
	Good, Bad  string // HCL fragments; empty where no configuration decides
	Property   string // ARM property, empty where none decides
	APIVersion string // first api-version of Property
	References []Reference
	Policies   []Policy // built-in Azure Policy definitions about the same thing
	Peers      []Peer   // rules of other tools about the same thing
}

// Reference is a page to read on.
type Reference struct{ Title, URL string }

// Policy is a built-in Azure Policy definition. Differs says what it checks
// otherwise than the rule that cites it, and is empty where it checks the same.
type Policy struct{ ID, Differs string }

// Title returns the name of the definition, as Azure prints it.
func (p Policy) Title() string {
	for _, row := range definitions {
		if row[0] == p.ID {
			return row[1]
		}
	}
	return ""
}

// Peer is a rule of another tool about the same thing. Differs is as in [Policy].
type Peer struct{ Tool, ID, Differs string }

// Differences between our rules and those of other tools that several tools share.
const (
	oldPortOnly    = "looks at the port only, by the name that azurerm 4 removed, enable_non_ssl_port"
	outsideNetwork = "objects to every cache outside a virtual network, also where the tier allows none or a private endpoint takes its place"
	injectedToo    = "objects to a cache in a virtual network too"
	oneDestination = "creates the setting, and accepts none but one to its own destination with its own category group"
)

// Verdict is what a check says.
type Verdict struct {
	Status   report.Status
	Reason   posture.Reason // only with report.Unknown
	Message  string         // the fact, without the cache's name, no capital, no period
	Headline string         // violations only: the fact as a predicate whose subject is the cache
	Evidence []report.Evidence
	// Parts are the parts of the rule that are violated, where its remedies tell
	// them apart; nil stands for all.
	Parts []string
	// Level overrides an advisory's level for this cache; empty keeps it.
	Level report.Severity
	// Decisive names what a person would have to look at, most important first:
	// paths of facts and addresses of companions. Nil stands for the paths of
	// Evidence; what is not among them is about the cache as a whole.
	Decisive []string
}

// Options are what a judgement depends on besides the posture.
type Options struct {
	// Today decides whether an exemption has expired; the zero time means that
	// dates are not judged (functions of the provider have no clock): exemptions
	// with a date then do not count.
	Today      time.Time
	Exemptions []Exemption
	// WithoutRemedies leaves [report.Finding.Remediation] empty, which saves the time of
	// filling in its texts where nobody reads them.
	WithoutRemedies bool
}

// Today returns the UTC date of t.
func Today(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Evaluate judges one cache by the document for its service: every feature in
// the document's order, then every advisory. A cache that a plan destroys is
// named but not judged. The result depends on nothing but the arguments. A
// property whose value is none of those that are documented counts as unknown,
// whatever the source.
func (d Documents) Evaluate(c *posture.Cache, opts Options) report.Cache {
	c = c.Documented()
	out := header(c)
	document := d.For(c.Type)
	if document == nil {
		out.Notes = append(out.Notes, "no baseline is known for "+out.Type)
		return out
	}
	out.Baseline = document.ID
	if c.Change == posture.ChangeDelete {
		return out
	}
	features := len(document.Features)
	all := make([]report.Finding, features+len(document.Advisories)) // one piece of memory instead of two
	out.Features, out.Advisories = all[:features:features], all[features:]
	for i := range all {
		e := document.entry(i)
		v := e.Check(c)
		fillFinding(&all[i], c, e, &v)
		if open := v.Status == report.NonCompliant || v.Status == report.Unknown; open && !opts.WithoutRemedies {
			all[i].Remediation = e.remedy(c, v.Parts)
		}
	}
	applyExemptions(&out, c, opts)
	out.Compliant = report.Decide(out.Features)
	return out
}

// entry returns an entry by its number, features before advisories.
func (d *Document) entry(i int) *Entry {
	if n := len(d.Features); i >= n {
		return &d.Advisories[i-n]
	}
	return &d.Features[i]
}

func policyIDs(policies []Policy) []string {
	ids := make([]string, 0, len(policies))
	for _, p := range policies {
		ids = append(ids, p.ID)
	}
	return ids
}

func header(c *posture.Cache) report.Cache {
	out := report.Cache{
		Type: firstOf(c.Type, service.OfCache(c).Type), DisplayName: c.DisplayName(), MissingActions: c.MissingActions,
		Features: []report.Finding{}, Advisories: []report.Finding{},
	}
	if address := c.Address; address != "" {
		out.Address = &address // a pointer into the posture would keep all of that in memory
	}
	if name, ok := c.Name.Get(); ok && !c.Name.Source.Sensitive {
		out.Name = &name
	}
	if id, ok := c.ResourceID.Get(); ok && !c.ResourceID.Source.Sensitive {
		out.ResourceID = &id
	}
	if c.Change != posture.ChangeNone {
		change := string(c.Change)
		out.Change = &change
	}
	if c.Places != nil {
		out.Position = position(c.Places.Cache)
	}
	return out
}

// fillFinding writes a verdict into a finding. It takes a pointer because there are
// many findings, and copying them took time.
func fillFinding(f *report.Finding, c *posture.Cache, e *Entry, v *Verdict) {
	f.ID, f.Status, f.Message, f.Headline, f.Evidence, f.Parts = e.ID, v.Status, v.Message, v.Headline, v.Evidence, v.Parts
	if f.Evidence == nil {
		f.Evidence = []report.Evidence{}
	}
	if v.Status == report.Unknown {
		reason := string(v.Reason)
		if reason == "" {
			reason = report.ReasonNotObserved
		}
		f.Reason = &reason
	}
	f.Severity = cmp.Or(v.Level, e.Severity)
	if c.Places != nil && (v.Status == report.NonCompliant || v.Status == report.Unknown) {
		f.Position = position(c.Places.First(v.decisive()...))
	}
}

func position(p posture.Position) *report.Position {
	if p.File == "" {
		return nil
	}
	return &report.Position{File: p.File, Line: p.Line}
}
