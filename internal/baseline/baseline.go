package baseline

import (
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Baseline is one published security baseline for one service.
type Baseline struct {
	ID          string // "azure-cache-for-redis"
	Title       string
	URL         string
	Published   string // date of the article
	Benchmark   string // "MCSB v1.0"
	ServiceType string // ARM resource type it judges
	Features    []Feature
	Advisories  []Advisory
}

// Responsibility says who configures a feature, in the article's words.
type Responsibility string

// The responsibilities.
const (
	Customer             Responsibility = "Customer"
	Microsoft            Responsibility = "Microsoft"
	ResponsibilityAbsent Responsibility = "Not Applicable"
)

// Feature is one feature of the article with its check.
type Feature struct {
	ID             string // control/slug, stable
	Control        string // MCSB control id as the article prints it
	ControlTitle   string // MCSB control title
	Title          string // feature name as the article prints it
	Responsibility Responsibility
	Supported      bool // the article says that the service supports it
	Default        bool // the article says that a default deployment has it
	Severity       report.Severity
	Documentation
	Check func(c *posture.Cache) Verdict
}

// Advisory is a judgement that is newer or stricter than the article. It never
// changes whether a cache is compliant.
type Advisory struct {
	ID    string // "advisory/" + slug, stable
	Title string
	// Level is Warning (a Terraform diagnostic) or Info (reports only).
	Level report.Severity
	Documentation
	Check func(c *posture.Cache) Verdict
}

// Documentation is what people read about a rule, and what other tools call it.
type Documentation struct {
	Summary     string // one sentence: what is judged
	Why         string // one paragraph
	Remediation string // what to type; no trailing period where it ends in code
	Good, Bad   string // HCL fragments; empty where no configuration decides
	Property    string // ARM property, empty where none decides
	APIVersion  string // first api-version of Property
	References  []Reference
	Policies    []Policy // built-in Azure Policy definitions about the same thing
	Peers       []Peer   // rules of other tools about the same thing
}

// Reference is a place to read on.
type Reference struct{ Title, URL string }

// Policy is a built-in Azure Policy definition. Differs says what it checks
// otherwise than the rule that cites it, and is empty where it checks the same.
type Policy struct{ ID, Title, Differs string }

// Peer is a rule of another tool about the same thing; Differs as in Policy.
type Peer struct{ Tool, ID, Differs string }

// What several rules of others check otherwise.
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
	// Remediation is what to type for this cache, where that is narrower than the rule's own.
	Remediation string
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
}

// Today returns the UTC date of t.
func Today(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// HelpURL is the page of a rule, anchored in the documentation of the project.
func HelpURL(id string) string {
	return helpBase + "#" + anchor(id)
}

const helpBase = "https://github.com/redisbaseline/terraform-provider-redisbaseline/blob/main/docs/guides/baseline.md"

func anchor(id string) string {
	out := make([]rune, 0, len(id))
	for _, r := range id {
		switch {
		case r >= 'A' && r <= 'Z':
			out = append(out, r-'A'+'a')
		case r == '/':
			// GitHub drops the slash of a heading.
		default:
			out = append(out, r)
		}
	}
	return string(out)
}

// Evaluate judges one cache: every feature in article order, then every
// advisory. A cache that a plan destroys is named but not judged. The result
// depends on nothing but the arguments. A property whose value is none of those
// that are documented counts as unknown, whatever the source.
func (b *Baseline) Evaluate(c *posture.Cache, opts Options) report.Cache {
	c = c.Documented()
	out := header(c)
	if c.Change == posture.ChangeDelete {
		return out
	}
	all := make([]report.Finding, len(b.Features)+len(b.Advisories)) // one piece of memory instead of two
	out.Features, out.Advisories = all[:len(b.Features):len(b.Features)], all[len(b.Features):]
	for i := range b.Features {
		f := &b.Features[i]
		v := f.Check(c)
		find(&out.Features[i], c, f.ID, &v)
	}
	for i := range b.Advisories {
		a := &b.Advisories[i]
		v := a.Check(c)
		find(&out.Advisories[i], c, a.ID, &v)
	}
	applyExemptions(&out, c, opts)
	out.Compliant = report.Decide(out.Features)
	return out
}

// Catalogue returns the static text of every feature and advisory, in order.
func (b *Baseline) Catalogue() []report.Entry {
	entries := make([]report.Entry, 0, len(b.Features)+len(b.Advisories))
	for i := range b.Features {
		f := &b.Features[i]
		entries = append(entries, report.Entry{
			ID: f.ID, Control: f.Control, Title: f.Title, Responsibility: string(f.Responsibility), Severity: f.Severity,
			Remediation: f.Remediation, PolicyIDs: policyIDs(f.Policies), Help: HelpURL(f.ID),
		})
	}
	for i := range b.Advisories {
		a := &b.Advisories[i]
		entries = append(entries, report.Entry{
			ID: a.ID, Title: a.Title, Severity: a.Level,
			Remediation: a.Remediation, PolicyIDs: policyIDs(a.Policies), Help: HelpURL(a.ID),
		})
	}
	return entries
}

// Report returns an empty report of this baseline, with its catalogue.
func (b *Baseline) Report(source report.Source) report.Report {
	return report.Report{
		FormatVersion: report.FormatVersion,
		Baseline:      report.Baseline{ID: b.ID, Published: b.Published, Benchmark: b.Benchmark},
		Source:        source,
		Catalogue:     b.Catalogue(),
		Caches:        []report.Cache{},
	}
}

// Feature returns the feature with this id, or nil.
func (b *Baseline) Feature(id string) *Feature {
	for i := range b.Features {
		if b.Features[i].ID == id {
			return &b.Features[i]
		}
	}
	return nil
}

// Advisory returns the advisory with this id, or nil.
func (b *Baseline) Advisory(id string) *Advisory {
	for i := range b.Advisories {
		if b.Advisories[i].ID == id {
			return &b.Advisories[i]
		}
	}
	return nil
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
		Type: c.Type, DisplayName: c.DisplayName(),
		Features: []report.Finding{}, Advisories: []report.Finding{},
	}
	if out.Type == "" {
		out.Type = service.Redis.Type
	}
	if c.Address != "" {
		out.Address = &c.Address
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

// find fills in a finding, of which there are many, in its place.
func find(f *report.Finding, c *posture.Cache, id string, v *Verdict) {
	f.ID, f.Status, f.Message, f.Headline, f.Evidence = id, v.Status, v.Message, v.Headline, v.Evidence
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
	f.Level, f.Remediation = v.Level, v.Remediation
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
