package cli

import (
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// decision is what a gate makes of a whole report, in the words of the flags
// that made the gate.
type decision struct {
	gate       judge.Gate
	violations int // violated features
	failing    int // of them, those that the gate objects to
	undecided  int // undecided features that it objects to
	advisories int // advisories that it objects to
	unjudged   int // Redis resources that were seen and not judged, and that it objects to
}

// addUnjudged counts Redis resources that were seen and not judged.
func (d *decision) addUnjudged(n int) {
	if d.gate.ObjectsToUnjudged() {
		d.unjudged += n
	}
}

// add counts one cache.
func (d *decision) add(c report.Cache) {
	if c.Destroyed() {
		return
	}
	for i := range c.Features {
		switch f := &c.Features[i]; f.Status {
		case report.NonCompliant:
			d.violations++
			if d.gate.Fails(*f) {
				d.failing++
			}
		case report.Unknown:
			if d.gate.Fails(*f) {
				d.undecided++
			}
		}
	}
	if len(d.gate.Advisories) == 0 {
		return
	}
	for i := range c.Advisories {
		if d.gate.Fails(c.Advisories[i]) {
			d.advisories++
		}
	}
}

// objections is the number of findings that the gate objects to.
func (d *decision) objections() int { return d.failing + d.undecided + d.advisories + d.unjudged }

// notes says in one line whether the gate passes, where the violations of the
// report do not tell: violations that pass, or a failure without any.
func (d *decision) notes() []string {
	switch {
	case d.failing > 0 || d.violations == 0 && d.objections() == 0:
		return nil
	case d.objections() > 0:
		var why []string
		if d.undecided > 0 {
			why = append(why, counted(d.undecided, "undecided feature", "undecided features")+" (--strict)")
		}
		if d.unjudged > 0 {
			why = append(why, counted(d.unjudged, "Redis resource that is not judged", "Redis resources that are not judged")+" (--strict)")
		}
		if d.advisories > 0 {
			why = append(why, counted(d.advisories, "advisory", "advisories")+" named by --fail-on-advisory")
		}
		return []string{"fails: " + strings.Join(why, ", and ")}
	case d.violations == 1:
		return []string{d.passes("the one violation is not", "the one violation does not fail")}
	default:
		return []string{d.passes(fmt.Sprintf("none of the %d violations is", d.violations),
			fmt.Sprintf("none of the %d violations fails", d.violations))}
	}
}

func (d *decision) passes(is, fails string) string {
	if d.gate.Enforce == judge.EnforceNone {
		return "passes: --enforce none, so that " + fails
	}
	return "passes: --enforce introduced, and " + is + " known to be introduced"
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
