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

// Objections counts the findings of a cache that the gate objects to. A cache
// that the plan destroys never counts, and neither does anything exempt.
func (g Gate) Objections(c report.Cache) int {
	if c.Destroyed() {
		return 0
	}
	n := 0
	for _, findings := range [][]report.Finding{c.Features, c.Advisories} {
		for _, f := range findings {
			if g.Fails(f) {
				n++
			}
		}
	}
	return n
}

// ObjectsToUnjudged reports whether the gate objects to a Redis resource that
// was seen and not judged.
func (g Gate) ObjectsToUnjudged() bool { return g.Strict && g.Enforce != EnforceNone }

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
