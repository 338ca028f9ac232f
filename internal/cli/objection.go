package cli

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// enforcement says which violations make the gate object.
type enforcement string

// The enforcements.
const (
	enforceAll        enforcement = "all"        // every violation
	enforceIntroduced enforcement = "introduced" // only what the plan is known to bring
	enforceNone       enforcement = "none"       // nothing: the report is for information
)

// gate decides what to object to.
type gate struct {
	Enforce    enforcement
	Strict     bool            // undecided features fail too
	Advisories map[string]bool // ids that fail too
}

// parseGate reads the flags that say what to object to.
func (a *app) parseGate(enforce string, strict bool, advisories []string) (g gate, err error) {
	if g.Enforce, err = parseEnforcement(enforce); err != nil {
		return g, err
	}
	g.Strict, g.Advisories = strict, map[string]bool{}
	for _, id := range advisories {
		if a.Baseline.Advisory(id) == nil {
			var ids []string
			for i := range a.Baseline.Advisories {
				ids = append(ids, a.Baseline.Advisories[i].ID)
			}
			return g, fmt.Errorf("there is no advisory %q%s (`redisbaseline rules` lists them)", id, didYouMean(id, ids))
		}
		g.Advisories[id] = true
	}
	return g, nil
}

func parseEnforcement(s string) (enforcement, error) {
	switch e := enforcement(s); e {
	case enforceAll, enforceIntroduced, enforceNone:
		return e, nil
	}
	return "", fmt.Errorf("unknown value %q of --enforce: use all, introduced or none", s)
}

// objections counts the findings of a cache that the gate objects to. A cache
// that the plan destroys never counts, and neither does anything exempt.
func (g gate) objections(c report.Cache) int {
	if g.Enforce == enforceNone || c.Destroyed() {
		return 0
	}
	n := 0
	for _, f := range c.Features {
		if g.objectsTo(f) {
			n++
		}
	}
	for _, f := range c.Advisories {
		if g.Advisories[f.ID] && g.objectsTo(f) {
			n++
		}
	}
	return n
}

func (g gate) objectsTo(f report.Finding) bool {
	switch f.Status {
	case report.NonCompliant:
		return g.Enforce == enforceAll || f.Since != nil && *f.Since == report.Introduced
	case report.Unknown:
		return g.Strict
	default:
		return false
	}
}
