package report

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"time"
)

// FormatVersion is the version of the report's JSON form.
const FormatVersion = "1.0"

// Status is the verdict on one feature or advisory.
type Status string

// The statuses.
const (
	Compliant     Status = "compliant"
	NonCompliant  Status = "non_compliant"
	Unknown       Status = "unknown"
	NotApplicable Status = "not_applicable"
	NotSupported  Status = "not_supported"
	Exempt        Status = "exempt"
)

// Severity is the severity of a violation, the same at every door.
type Severity string

// The severities of features and, below them, of advisories.
const (
	High    Severity = "high"
	Medium  Severity = "medium"
	Low     Severity = "low"
	None    Severity = "none"    // features that the service does not support
	Warning Severity = "warning" // advisories that deserve a diagnostic
	Info    Severity = "info"    // advisories for reports only
)

// Since says whether the plan of a report brought a violation.
type Since string

// The values of Since; a finding has none where the state before is not known.
const (
	Introduced Since = "introduced"
	Existing   Since = "existing"
	Fixed      Since = "fixed"
)

// Report is one judgement of any number of caches.
type Report struct {
	FormatVersion string `json:"format_version"`
	Tool          Tool   `json:"tool"`
	// GeneratedAt is the time of the judgement; absent in Terraform's state,
	// which must not change by itself.
	GeneratedAt time.Time `json:"generated_at,omitzero"`
	Source      Source    `json:"source"`
	Caches      []Cache   `json:"caches"`
	Closing
}

// Tool is the program that made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Closing is the end of a report: members that are known once every cache was judged.
type Closing struct {
	Summary Summary `json:"summary"`
	// Baselines are the documents that judged something; the first one of this
	// program where nothing was found.
	Baselines []Baseline `json:"baselines"`
	// Catalogue holds their entries; absent in Terraform's state, since it is the
	// same in every report.
	Catalogue []Entry `json:"catalogue,omitempty"`
	// Unjudged are the Redis resources that were seen and not judged.
	Unjudged []Unjudged `json:"unjudged,omitempty"`
	// Partial is the reason why the source was not read to its end, or which inputs could
	// not be read; empty where all was read.
	Partial string `json:"partial,omitempty"`
	// Unseen are scopes and caches in Azure that were asked for and could not be seen.
	Unseen []Unseen `json:"unseen,omitempty"`
	// Notes are single lines that concern the whole report: a partial plan, an unused exemption.
	Notes []string `json:"notes,omitempty"`
	// Failing counts the findings and resources that fail the run.
	Failing int `json:"-"`
	// Gaps say what was asked for and could not be read or seen, so that the run neither
	// passes nor fails. Most of them are among the notes, too.
	Gaps []string `json:"-"`
}

// Incomplete reports whether the report has gaps.
func (c *Closing) Incomplete() bool { return len(c.Gaps) > 0 }

// remarks yields the notes, then the gaps that are none of them, and whether each is a gap.
func (c *Closing) remarks() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for _, n := range c.Notes {
			if !yield(n, slices.Contains(c.Gaps, n)) {
				return
			}
		}
		for _, g := range c.Gaps {
			if !slices.Contains(c.Notes, g) && !yield(g, true) {
				return
			}
		}
	}
}

// Unseen is a scope or cache in Azure that was asked for and could not be seen.
type Unseen struct {
	Kind      string `json:"kind"` // subscription, management group or cache
	ID        string `json:"id"`
	Detail    string `json:"detail"`    // what Azure answered
	Forbidden bool   `json:"forbidden"` // a role would mend it
}

// MayHold reports whether the cache with an ARM id may be what was not seen, or in it.
func (u Unseen) MayHold(id string) bool {
	switch {
	case u.Kind == "cache":
		return strings.EqualFold(id, u.ID)
	case u.Kind == "subscription" && u.ID != "*":
		return strings.HasPrefix(strings.ToLower(id), "/subscriptions/"+strings.ToLower(u.ID)+"/")
	default:
		return true
	}
}

// Baseline is a document by which caches were judged.
type Baseline struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Published   string `json:"published"`
	Benchmark   string `json:"benchmark"`
	Service     string `json:"service"`      // ARM resource type
	ServiceName string `json:"service_name"` // as people call it
	URL         string `json:"url"`
}

// SourceKind is the kind of source that the facts came from.
type SourceKind string

// The kinds of sources.
const (
	SourcePlan          SourceKind = "plan"
	SourceExisting      SourceKind = "existing"
	SourceConfiguration SourceKind = "configuration"
)

// Source names the inputs of a report.
type Source struct {
	Kind   SourceKind `json:"kind"`
	Inputs []string   `json:"inputs"`
	// Settings is the file that set flags of the command; empty for none.
	Settings string `json:"settings,omitempty"`
}

// Entry is the static text of one feature or advisory of a document.
type Entry struct {
	Baseline       string   `json:"baseline"` // id of the document
	ID             string   `json:"id"`
	Control        string   `json:"control"`
	Controls       Controls `json:"controls,omitzero"`
	Title          string   `json:"title"`
	Responsibility string   `json:"responsibility"`
	Severity       Severity `json:"severity"`
	Remediation    []Remedy `json:"remediation"`
	PolicyIDs      []string `json:"policy_ids"`
	Help           string   `json:"help"` // URL of the rule's page
	// Prefix is put before the id where no two rules may have the same one,
	// although rules of several documents do; empty for one document of all.
	Prefix string `json:"-"`
}

// UniqueID is the id of the rule among the rules of all documents.
func (e *Entry) UniqueID() string { return e.Prefix + e.ID }

// Controls are the ids of a control in the versions of the Microsoft cloud
// security benchmark; empty where a version has none.
type Controls struct {
	V1 string `json:"mcsb_v1,omitempty"`
	V2 string `json:"mcsb_v2,omitempty"`
}

// Remedy is the text to write against a violation in some dialects.
type Remedy struct {
	Dialects []string `json:"dialects"` // azurerm, azurerm 3, azapi, redisbaseline_cache, az
	Text     string   `json:"text"`
}

// Cache is the judgement of one cache.
type Cache struct {
	Address    *string `json:"address"`
	Name       *string `json:"name"`
	ResourceID *string `json:"resource_id"`
	Type       string  `json:"type"`
	Baseline   string  `json:"baseline"` // id of the document that judged it
	Change     *string `json:"change"`
	// Input is the element of Source.Inputs that the cache was read from; empty where it is
	// not known. JSON has it where there are several.
	Input string `json:"input,omitempty"`
	// Compliant is false when a feature is violated, nil when one is undecided
	// for another reason than not_observed, else true.
	Compliant  *bool     `json:"compliant"`
	Features   []Finding `json:"features"`
	Advisories []Finding `json:"advisories"`
	// Position is the first line of what declares the cache; nil where the
	// configuration is not at hand.
	Position *Position `json:"position,omitempty"`
	// MissingActions are the actions of Azure that the identity lacked: facts that
	// need them are unknown with the reason forbidden.
	MissingActions []string `json:"missing_actions,omitempty"`
	// Notes are single lines about this cache, for example that it is replaced.
	Notes []string `json:"notes,omitempty"`

	// DisplayName is the name of the cache in messages.
	DisplayName string `json:"-"`
}

// Finding is the verdict on one feature or advisory for one cache.
type Finding struct {
	ID       string     `json:"id"`
	Status   Status     `json:"status"`
	Reason   *string    `json:"reason"`
	Since    *Since     `json:"since"`
	Message  string     `json:"message"`
	Evidence []Evidence `json:"evidence"`
	// Position is the line of the configuration that decides a verdict that
	// somebody may want to change; nil for others, and where the configuration
	// is not at hand.
	Position *Position `json:"position,omitempty"`
	// Exemption is what made the finding exempt; nil for another status.
	Exemption *Exemption `json:"exemption,omitempty"`

	// Headline is the fact as a sentence whose subject is the cache, for
	// example "is reachable from the internet". Only violations have one.
	Headline string `json:"-"`
	// Remediation is the text to write for this cache, in the dialect that declares
	// it. Violations and undecided verdicts have one.
	Remediation string `json:"-"`
	// WithoutPlan says that the configuration was judged and no plan.
	WithoutPlan bool `json:"-"`
	// Severity is that of the rule for this cache, which for some advisories is
	// another one than the catalogue's.
	Severity Severity `json:"-"`
	// Parts are the parts of the rule that are violated, where its remedies tell them
	// apart; nil stands for all.
	Parts []string `json:"-"`
	// Fixes are changes of the configuration that mend the finding, or a part of it each.
	Fixes []Fix `json:"-"`
	// Replacements mend the finding as far as can be, all together.
	Replacements []Replacement `json:"-"`
	// Unmended says why nothing mends the finding, or a part of it each.
	Unmended []Unmended `json:"-"`
}

// Fix is a change of an argument.
type Fix struct {
	Setting string // the argument with its value
	// Suggestion is the change with others that touch it; nil where none was asked for.
	Suggestion *Suggestion
}

// Replacement is new lines of a file.
type Replacement struct {
	Settings []string // the arguments with their values
	File     string   // as in Position
	Lines
}

// Suggestion is changes of a file that touch each other, for somebody to accept as one.
type Suggestion struct {
	Settings []Suggested
	File     string // as in Position
	Line     int    // the first one that is changed, or behind which lines are added
	// Ways are lines to write instead of others, the best way first. It is empty where the
	// lines hold something that no report may show.
	Ways []Lines
	// Together says that without other suggestions for the same cache it does harm.
	Together bool
}

// Suggested is one argument of a suggestion.
type Suggested struct {
	Setting string // the argument with its value
	Line    int    // of the argument, or behind which it is added
	Effect  string // on a running cache; empty for nothing
}

// Lines are new lines of a file, instead of those from Start up to End.
type Lines struct {
	Start, End int
	Text       string
}

// Unmended is why no change mends a finding.
type Unmended struct {
	Why   string
	At    *Position // of what decides; nil where that is not known
	Paste string    // configuration to paste; empty for none
}

// Exemption is the decision of an operator that a finding does not count.
type Exemption struct {
	Category    string `json:"category"`
	ExpiresOn   string `json:"expires_on,omitempty"`  // the last day on which it counts, YYYY-MM-DD
	ApprovedBy  string `json:"approved_by,omitempty"` // empty where nobody is named
	Description string `json:"description"`
	// Position is the line at which it stands; nil where that is in no file that has a name.
	Position *Position `json:"position,omitempty"`

	Was      Status `json:"-"` // of the finding, without the exemption
	InSource bool   `json:"-"` // it stands in the configuration, as a comment
}

// Terms are the conditions of an exemption: "Waiver, until 2027-01-01, approved by jane".
func (e *Exemption) Terms() string {
	terms := e.Category
	if e.ExpiresOn != "" {
		terms += ", until " + e.ExpiresOn
	}
	if e.ApprovedBy != "" {
		terms += ", approved by " + e.ApprovedBy
	}
	return terms
}

// Position is a line of configuration.
type Position struct {
	File string `json:"file"` // with forward slashes; relative unless the configuration was named by an absolute path
	Line int    `json:"line"`
}

// EvidenceState is the way in which a piece of evidence is known.
type EvidenceState string

// The states of evidence.
const (
	EvidenceKnown     EvidenceState = "known"
	EvidenceDefault   EvidenceState = "default"
	EvidenceAsserted  EvidenceState = "asserted"
	EvidenceUnknown   EvidenceState = "unknown"
	EvidenceSensitive EvidenceState = "sensitive"
)

// Evidence is one fact that a verdict rests on.
type Evidence struct {
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value,omitempty"` // absent when unknown or sensitive
	State EvidenceState   `json:"state"`
	// Undocumented says that the source holds a value that the service does not
	// document, which makes the fact unknown.
	Undocumented bool `json:"undocumented,omitzero"`
}

// IsAdvisory reports whether the finding is about an advisory, which is no part
// of the verdict on a cache.
func (f Finding) IsAdvisory() bool { return strings.HasPrefix(f.ID, "advisory/") }

// Summary counts features over all caches that were judged. NotObserved is the
// part of Unknown whose reason is not_observed. Unjudged counts Redis resources
// that were seen and not judged.
type Summary struct {
	Caches        int `json:"caches"`
	Compliant     int `json:"compliant"`
	NonCompliant  int `json:"non_compliant"`
	Unknown       int `json:"unknown"`
	NotObserved   int `json:"not_observed"`
	Exempt        int `json:"exempt"`
	NotApplicable int `json:"not_applicable"`
	NotSupported  int `json:"not_supported"`
	Unjudged      int `json:"unjudged"`
}

// Unjudged is a Redis resource that was seen and not judged.
type Unjudged struct {
	Address string `json:"address"`       // Terraform address, or ARM id
	Type    string `json:"type"`          // ARM resource type
	Why     string `json:"why,omitempty"` // the reason, where that is not its type
}

// ReasonNotObserved is the reason that does not make a cache's compliance undecided.
const ReasonNotObserved = "not_observed"

// IsNotObserved reports whether the finding is unknown because nothing was seen.
func (f Finding) IsNotObserved() bool {
	return f.Status == Unknown && f.Reason != nil && *f.Reason == ReasonNotObserved
}

// Add counts the features of one cache.
func (s *Summary) Add(c Cache) {
	s.Caches++
	for i := range c.Features {
		switch f := &c.Features[i]; f.Status {
		case Compliant:
			s.Compliant++
		case NonCompliant:
			s.NonCompliant++
		case Unknown:
			s.Unknown++
			if f.IsNotObserved() {
				s.NotObserved++
			}
		case Exempt:
			s.Exempt++
		case NotApplicable:
			s.NotApplicable++
		case NotSupported:
			s.NotSupported++
		}
	}
}

// Decide derives compliance from the features: see [Cache.Compliant].
func Decide(features []Finding) *bool {
	decided := true
	for _, f := range features {
		switch {
		case f.Status == NonCompliant:
			no := false
			return &no
		case f.Status == Unknown && !f.IsNotObserved():
			decided = false
		}
	}
	if !decided || len(features) == 0 {
		return nil
	}
	yes := true
	return &yes
}
