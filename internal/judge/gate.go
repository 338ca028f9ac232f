package judge

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// Enforcement says which violations a gate objects to.
type Enforcement string

// The enforcements.
const (
	EnforceAll        Enforcement = "all"        // every violation
	EnforceIntroduced Enforcement = "introduced" // only what the plan is known to bring
	EnforceNone       Enforcement = "none"       // nothing: the report is for information
)

// Gate decides what to object to.
type Gate struct {
	Enforce    Enforcement
	Strict     bool            // undecided features fail too
	Advisories map[string]bool // ids that fail too
}

// ParseEnforcement reads one of the enforcements; place names it in the error.
func ParseEnforcement(s, place string) (Enforcement, error) {
	switch e := Enforcement(s); e {
	case EnforceAll, EnforceIntroduced, EnforceNone:
		return e, nil
	}
	return "", fmt.Errorf("unknown value %q of %s: use all, introduced or none", s, place)
}

// Fails reports whether a finding of a cache that stays makes the gate fail.
func (g Gate) Fails(f report.Finding) bool {
	return (!f.IsAdvisory() || g.Advisories[f.ID]) && g.ObjectsTo(f)
}

// ObjectsTo reports whether the gate objects to the finding of a feature, or
// of an advisory that it names.
func (g Gate) ObjectsTo(f report.Finding) bool {
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

// Objections counts what a gate objects to in a report.
type Objections struct {
	Violations int // violated features, objected to or not
	Failing    int // of them, those that the gate objects to
	Undecided  int // undecided features that it objects to
	Advisories int // advisories that it objects to
	Unjudged   int // Redis resources that were seen and not judged, and that it objects to
}

// Total is the number of findings that the gate objects to.
func (o Objections) Total() int { return o.Failing + o.Undecided + o.Advisories + o.Unjudged }

// Add counts one cache. One that the plan destroys never counts, and neither
// does anything exempt.
func (o *Objections) Add(g Gate, c report.Cache) {
	if c.Destroyed() {
		return
	}
	for i := range c.Features {
		switch f := &c.Features[i]; f.Status {
		case report.NonCompliant:
			o.Violations++
			if g.Fails(*f) {
				o.Failing++
			}
		case report.Unknown:
			if g.Fails(*f) {
				o.Undecided++
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

// addUnjudged counts Redis resources that were seen and not judged: a strict
// gate objects to them.
func (o *Objections) addUnjudged(g Gate, n int) {
	if g.Strict && g.Enforce != EnforceNone {
		o.Unjudged += n
	}
}
