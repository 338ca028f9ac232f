package cli

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
)

// parseGate reads the flags that say what to object to.
func (a *app) parseGate(enforce string, strict bool, advisories []string) (g judge.Gate, err error) {
	if g.Enforce, err = judge.ParseEnforcement(enforce, "--enforce"); err != nil {
		return g, err
	}
	g.Strict, g.Advisories = strict, map[string]bool{}
	for _, id := range advisories {
		if e := a.Documents.Entry(id); e == nil || !e.IsAdvisory() {
			var ids []string
			for e := range a.Documents.Entries() {
				if e.IsAdvisory() {
					ids = append(ids, e.ID)
				}
			}
			return g, fmt.Errorf("there is no advisory %q%s (`redisbaseline rules` lists them)", id, didYouMean(id, ids))
		}
		g.Advisories[id] = true
	}
	return g, nil
}
