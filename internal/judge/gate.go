package judge

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// Enforcement selects the violations that a gate objects to.
type Enforcement string

// The enforcements.
const (
	EnforceAll        Enforcement = "all"        // every violation
	EnforceIntroduced Enforcement = "introduced" // only what the plan is known to bring
	EnforceNone       Enforcement = "none"       // nothing: the report is for information
)

// Gate selects the findings that an operator objects to.
type Gate struct {
	Enforce    Enforcement
	Strict     bool            // undecided features fail too
	FailOn     Threshold       // empty for every severity
	Advisories map[string]bool // ids that fail too
}

// ParseEnforcement reads the name of an enforcement; the error says that it stands in place.
func ParseEnforcement(s, place string) (Enforcement, error) {
	switch e := Enforcement(s); e {
	case EnforceAll, EnforceIntroduced, EnforceNone:
		return e, nil
	}
	return "", fmt.Errorf("unknown value %q of %s: use all, introduced or none%s", s, place,
		suggest.DidYouMean(s, []string{string(EnforceAll), string(EnforceIntroduced), string(EnforceNone)}))
}

// Threshold is the lowest severity of a feature that a gate objects to.
type Threshold string

// The thresholds.
const (
	FailOnHigh   Threshold = "high"
	FailOnMedium Threshold = "medium"
	FailOnLow    Threshold = "low"   // every feature
	FailOnNever  Threshold = "never" // nothing, advisories and unjudged resources included
)

// ParseThreshold reads the name of a threshold; the error says that it stands in place.
func ParseThreshold(s, place string) (Threshold, error) {
	switch t := Threshold(s); t {
	case FailOnHigh, FailOnMedium, FailOnLow, FailOnNever:
		return t, nil
	}
	return "", fmt.Errorf("unknown value %q of %s: use high, medium, low or never", s, place)
}

// reachedBy reports whether a finding is as severe as the threshold. Advisories
// have levels, which no threshold is compared with.
func (t Threshold) reachedBy(f *report.Finding) bool {
	switch t {
	case FailOnNever:
		return false
	case FailOnHigh:
		return f.IsAdvisory() || f.Severity == report.High
	case FailOnMedium:
		return f.IsAdvisory() || f.Severity == report.High || f.Severity == report.Medium
	default:
		return true
	}
}

// Fails reports whether a finding of a cache that the plan keeps makes the gate fail.
func (g Gate) Fails(f report.Finding) bool {
	return (!f.IsAdvisory() || g.Advisories[f.ID]) && g.ObjectsTo(f)
}

// ObjectsTo reports whether the gate objects to the finding of a feature, or
// of an advisory in Advisories.
func (g Gate) ObjectsTo(f report.Finding) bool {
	return g.enforces(&f) && g.FailOn.reachedBy(&f)
}

// enforces reports whether the gate objects to the finding, whatever its severity.
func (g Gate) enforces(f *report.Finding) bool {
	switch {
	case g.Enforce == EnforceNone:
		return false
	case f.Status == report.NonCompliant:
		return g.Enforce == EnforceAll || f.Since != nil && *f.Since == report.Introduced
	case f.Status == report.Unknown:
		return g.Strict
	default:
		return false
	}
}

// Objections counts the findings and resources of a report that a gate objects to.
type Objections struct {
	Violations int // violated features, objected to or not
	Failing    int // violated features that the gate objects to
	Undecided  int // undecided features that the gate objects to
	Advisories int // advisories that the gate objects to
	Unjudged   int // Redis resources that were not judged, and that the gate objects to
	Unread     int // configurations with parts that nobody read, to which the gate objects
	// Findings that the gate objects to but for their severity.
	MildViolations, MildUndecided int
	// OnlyStrict counts the features undecided for another reason than not_observed to
	// which the gate objects only with Strict.
	OnlyStrict int
}

// Total is the number of findings that the gate objects to.
func (o Objections) Total() int {
	return o.Failing + o.Undecided + o.Advisories + o.Unjudged + o.Unread
}

// Add counts the findings of one cache. A cache that the plan destroys and an
// exempt finding never count.
func (o *Objections) Add(g Gate, c report.Cache) {
	if c.Destroyed() {
		return
	}
	count := func(f *report.Finding, failing, mild *int) {
		switch {
		case !g.enforces(f):
		case g.FailOn.reachedBy(f):
			*failing++
		default:
			*mild++
		}
	}
	for i := range c.Features {
		switch f := &c.Features[i]; f.Status {
		case report.NonCompliant:
			o.Violations++
			count(f, &o.Failing, &o.MildViolations)
		case report.Unknown:
			count(f, &o.Undecided, &o.MildUndecided)
			if !g.Strict && g.Enforce != EnforceNone && g.FailOn.reachedBy(f) && !f.IsNotObserved() {
				o.OnlyStrict++
			}
		}
	}
	if len(g.Advisories) == 0 {
		return
	}
	for i := range c.Advisories {
		if g.Fails(c.Advisories[i]) {
			o.Advisories++
		}
	}
}

// addUnread counts a configuration with parts that nobody read, which may hold caches.
func (o *Objections) addUnread(g Gate) {
	if g.Strict && g.Enforce != EnforceNone && g.FailOn != FailOnNever {
		o.Unread++
	}
}

// addUnjudged counts Redis resources that were seen and not judged: a strict
// gate objects to them, since their violations may be of any severity.
func (o *Objections) addUnjudged(g Gate, n int) {
	if g.Strict && g.Enforce != EnforceNone && g.FailOn != FailOnNever {
		o.Unjudged += n
	}
}
