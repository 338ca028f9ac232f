package baseline

import (
	"fmt"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/glob"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// Category is the reason class of an exemption, in Azure Policy's terms.
type Category string

// The categories.
const (
	Waiver    Category = "Waiver"    // the violation is accepted for a while
	Mitigated Category = "Mitigated" // the intent is met by other means
)

// Exemption exempts some caches from one rule: their violations and unknown
// verdicts of the rule become exempt.
type Exemption struct {
	Feature     string // feature or advisory id
	Cache       string // exact address, name or resource id; else a glob of * and ?
	Category    Category
	ExpiresOn   string // YYYY-MM-DD, inclusive, UTC; empty never expires
	Description string
	ApprovedBy  string
	// Declaration is the line that declares the caches of an exemption which stands in
	// the configuration; without a file, Cache says which they are.
	Declaration posture.Position
	// Position is the line at which the exemption stands; without a file where it stands
	// in none that has a name.
	Position posture.Position
}

// InSource reports whether the exemption stands in the configuration, as a comment.
func (e Exemption) InSource() bool { return e.Declaration.File != "" }

// Subject names the exemption in a note: its rule, its cache, and the line at which it stands
// in a file of exemptions. The cache of a comment is a line already.
func (e Exemption) Subject() string {
	subject := fmt.Sprintf("the exemption of %s for %q", e.Feature, e.Cache)
	if e.Position.File != "" && !e.InSource() {
		subject += fmt.Sprintf(" at %s:%d", e.Position.File, e.Position.Line)
	}
	return subject
}

// dateFormat is the form of ExpiresOn.
const dateFormat = "2006-01-02"

// Fault is what is wrong with one attribute of an exemption.
type Fault struct {
	Attribute string
	Problem   string // a sentence that begins with the attribute
}

// Faults are what is wrong with an exemption, in the order of its attributes.
type Faults []Fault

func (f Faults) Error() string {
	problems := make([]string, len(f))
	for i := range f {
		problems[i] = f[i].Problem
	}
	return strings.Join(problems, "; ")
}

// Validate returns [Faults] where an exemption has mistakes, all of them.
func (d Documents) Validate(e Exemption) error {
	var faults Faults
	add := func(attribute, format string, args ...any) {
		faults = append(faults, Fault{attribute, attribute + " " + fmt.Sprintf(format, args...)})
	}
	switch {
	case e.Feature == "":
		add("feature", "is missing: give the id of a feature or an advisory; `redisbaseline rules` lists them")
	case d.Entry(e.Feature) == nil:
		add("feature", "%q is neither a feature nor an advisory; `redisbaseline rules` lists them%s", e.Feature, d.DidYouMean(e.Feature))
	}
	if strings.TrimSpace(e.Cache) == "" {
		add("cache", "is missing: give an instance address, a name, a resource id or a glob of * and ?")
	}
	switch e.Category {
	case Waiver, Mitigated:
	case "":
		add("category", "is missing: write %s where the violation is accepted for a while, %s where the intent is met by other means", Waiver,
			Mitigated)
	default:
		add("category", "%q is neither %q nor %q%s", e.Category, Waiver, Mitigated,
			suggest.DidYouMean(string(e.Category), []string{string(Waiver), string(Mitigated)}))
	}
	if e.ExpiresOn != "" {
		if _, err := time.Parse(dateFormat, e.ExpiresOn); err != nil {
			add("expires_on", "%q is not a date of the form YYYY-MM-DD", e.ExpiresOn)
		}
	}
	if strings.TrimSpace(e.Description) == "" {
		add("description", "is missing: say why this is exempt")
	}
	if e.ApprovedBy != "" && strings.TrimSpace(e.ApprovedBy) == "" {
		add("approved_by", "is empty: leave it out, or name somebody")
	}
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// Expired reports whether the exemption no longer counts on a day. Without a
// day, an exemption that has a date does not count.
func (e Exemption) Expired(today time.Time) bool {
	if e.ExpiresOn == "" {
		return false
	}
	last, err := time.Parse(dateFormat, e.ExpiresOn)
	return err != nil || today.IsZero() || Today(today).After(last)
}

// ExpiredNote is a note on an exemption that has expired by a day, the same wherever it
// is said; without a day, that nothing can tell.
func (e Exemption) ExpiredNote(today time.Time) string {
	why := "expired on " + e.ExpiresOn
	if today.IsZero() {
		why = "ends on " + e.ExpiresOn + ", which nothing here can check,"
	}
	return e.Subject() + " " + why + " and does not count"
}

// Matches reports whether the exemption names this cache, by its exact address,
// name or resource id (ids without regard to case), or by a pattern for one of
// them. Maybe means that the name of the cache is not known yet.
func (e Exemption) Matches(c *posture.Cache) posture.Tri {
	if e.InSource() {
		return posture.FromBool(c.Places != nil && c.Places.Cache == e.Declaration)
	}
	name, _ := c.Name.Get() // empty where it is not known
	id, idKnown := c.ResourceID.Get()
	for _, n := range [...]string{c.Address, name} {
		if n != "" && (n == e.Cache || glob.Match(e.Cache, n)) {
			return posture.True
		}
	}
	if idKnown && (strings.EqualFold(id, e.Cache) || glob.MatchFold(e.Cache, id)) {
		return posture.True
	}
	if !idKnown && isCacheID(e.Cache) {
		return idToBe(c, e.Cache)
	}
	if c.Name.IsUnknown() && couldBeName(e.Cache) {
		return posture.Maybe
	}
	return posture.False
}

// isCacheID reports whether a pattern is a whole resource id of a cache.
func isCacheID(pattern string) bool {
	const start = "/subscriptions/"
	return len(pattern) > len(start) && strings.EqualFold(pattern[:len(start)], start) && !strings.ContainsAny(pattern, "*?") &&
		strings.Contains(strings.ToLower(pattern), "/providers/microsoft.cache/redis/")
}

// idToBe compares an id with the id that a new cache will have. Names of caches are
// globally unique, so that group and name decide.
func idToBe(c *posture.Cache, id string) posture.Tri {
	parts := strings.Split(id, "/")
	if len(parts) != 9 {
		return posture.False
	}
	equals := func(v posture.Value[string], want string) posture.Tri {
		return posture.Is(posture.Map(v, strings.ToLower), strings.ToLower(want))
	}
	return equals(c.Name, parts[8]).And(equals(c.ResourceGroup, parts[4]))
}

// couldBeName reports whether a pattern may match the name of a cache. Names
// consist of letters, digits and hyphens, so that an address or a resource id never
// is one.
func couldBeName(pattern string) bool {
	return strings.Trim(strings.ToLower(pattern), "abcdefghijklmnopqrstuvwxyz0123456789-*?") == ""
}

// applyExemptions changes the findings that exemptions cover to exempt, and returns
// notes on exemptions that have expired or that may match a name which is not known
// yet.
func applyExemptions(out *report.Cache, c *posture.Cache, opts Options) {
	for i := range opts.Exemptions {
		e := &opts.Exemptions[i]
		f := exemptible(out, e.Feature)
		if f == nil {
			continue
		}
		switch e.Matches(c) {
		case posture.Maybe:
			out.Notes = append(out.Notes, e.Subject()+" counts only once it is known which cache this is")
		case posture.True:
			if e.Expired(opts.Today) {
				out.Notes = append(out.Notes, e.ExpiredNote(opts.Today))
				continue
			}
			f.Exemption = &report.Exemption{
				Category: string(e.Category), ExpiresOn: e.ExpiresOn, ApprovedBy: e.ApprovedBy, Description: e.Description,
				Was: f.Status, InSource: e.InSource(),
			}
			if e.Position.File != "" {
				f.Exemption.Position = &report.Position{File: e.Position.File, Line: e.Position.Line}
			}
			f.Status, f.Reason, f.Headline = report.Exempt, nil, ""
			f.Message = fmt.Sprintf("exempt (%s): %s; without the exemption: %s", f.Exemption.Terms(), strings.TrimRight(e.Description, "."),
				f.Message)
		}
	}
}

// exemptible returns the finding that an exemption of this rule would change,
// or nil when there is nothing to exempt.
func exemptible(out *report.Cache, id string) *report.Finding {
	for _, findings := range [][]report.Finding{out.Features, out.Advisories} {
		for i := range findings {
			f := &findings[i]
			if f.ID == id && (f.Status == report.NonCompliant || f.Status == report.Unknown) {
				return f
			}
		}
	}
	return nil
}

// Tally records which exemptions were used for the caches of one judgement.
type Tally struct {
	exemptions []Exemption
	used       []bool
}

// NewTally returns a tally of these exemptions.
func NewTally(exemptions []Exemption) *Tally {
	return &Tally{exemptions: exemptions, used: make([]bool, len(exemptions))}
}

// Add records the exemptions that one judged cache used.
func (t *Tally) Add(c *posture.Cache, judged report.Cache) {
	for i := range t.exemptions {
		t.used[i] = t.used[i] || t.exemptions[i].used(c, &judged)
	}
}

// Unused returns a note for each exemption that was not used.
func (t *Tally) Unused() []string {
	var notes []string
	for i, e := range t.exemptions {
		if !t.used[i] {
			notes = append(notes, e.Subject()+" is unused: no verdict became exempt by it")
		}
	}
	return notes
}

// used reports whether the exemption exempted a finding of the cache. Names are
// matched last, because few findings are exempt.
func (e *Exemption) used(c *posture.Cache, judged *report.Cache) bool {
	for _, findings := range [][]report.Finding{judged.Features, judged.Advisories} {
		for i := range findings {
			if f := &findings[i]; f.ID == e.Feature && f.Status == report.Exempt {
				return e.Matches(c) == posture.True
			}
		}
	}
	return false
}
