package report

import (
	"cmp"
	"slices"
	"strings"
)

// rank counts what asks for attention in one cache: formats that show the worst
// cache first order by it.
type rank struct {
	failing           int // findings that fail the run; only text and markdown count them
	high, medium, low int // violations by severity
	undecided         int // unknown for another reason than not_observed
	notObserved       int
	exempt            int
	warnings, infos   int // advisories that are not followed
	destroyed         bool
}

// rank returns the rank of a cache.
func (b *base) rank(c *Cache) rank {
	r := rank{destroyed: c.Destroyed()}
	for i := range c.Features {
		f := &c.Features[i]
		switch {
		case f.Status == NonCompliant:
			switch b.level(c, f) {
			case High:
				r.high++
			case Medium:
				r.medium++
			default:
				r.low++
			}
		case f.IsNotObserved():
			r.notObserved++
		case f.Status == Unknown:
			r.undecided++
		case f.Status == Exempt:
			r.exempt++
		}
	}
	for i := range c.Advisories {
		f := &c.Advisories[i]
		switch {
		case f.Status == NonCompliant && b.level(c, f) == Info:
			r.infos++
		case f.Status == NonCompliant:
			r.warnings++
		}
	}
	return r
}

// failing counts the findings of a cache that fail the run.
func (b *base) failing(c *Cache, fails func(*Finding) bool) (n int) {
	if c.Destroyed() {
		return 0
	}
	for _, findings := range [...][]Finding{c.Features, c.Advisories} {
		for i := range findings {
			if fails(&findings[i]) {
				n++
			}
		}
	}
	return n
}

// worstFirst returns findings of a cache in order: violations, then undecided ones, then
// the rest; in each group by severity, and equals in the order of the baseline.
func (b *base) worstFirst(c *Cache, findings []Finding) []Finding {
	status := func(f *Finding) int {
		if f.IsNotObserved() {
			return 2
		}
		return slices.Index([]Status{NonCompliant, Unknown, "", Exempt, Compliant, NotApplicable, NotSupported}, f.Status)
	}
	severity := func(f *Finding) int { return slices.Index([]Severity{High, Medium, Low, Warning, Info}, b.level(c, f)) }
	findings = slices.Clone(findings)
	slices.SortStableFunc(findings, func(f, g Finding) int {
		return cmp.Or(status(&f)-status(&g), severity(&f)-severity(&g))
	})
	return findings
}

// violations counts violated features.
func (r rank) violations() int { return r.high + r.medium + r.low }

// objectionable reports whether a feature is violated or undecided; never of a
// cache that is destroyed.
func (r rank) objectionable() bool { return r.violations()+r.undecided > 0 }

// compare orders ranks, the worst first.
func (r rank) compare(s rank) int {
	if r.destroyed != s.destroyed {
		if s.destroyed {
			return -1
		}
		return 1
	}
	return slices.Compare(s.counts(), r.counts())
}

// counts are the counts by which ranks are ordered, the most important first.
func (r rank) counts() []int {
	return []int{r.failing, r.high, r.medium, r.low, r.undecided, r.notObserved, r.warnings, r.infos, r.exempt}
}

// verdict is the outcome of a cache in words.
func (r rank) verdict(c *Cache) string {
	if r.destroyed {
		return "destroyed, not judged"
	}
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, Count(n, one, many))
		}
	}
	add(r.violations(), "violation", "violations")
	add(r.undecided, "undecided", "undecided")
	if c.Compliant != nil && *c.Compliant {
		parts = append(parts, "compliant")
	}
	add(r.notObserved, "not observed", "not observed")
	add(r.exempt, "exempt", "exempt")
	return strings.Join(parts, ", ")
}

// verdictMark is how formats mark the verdict on a cache. Its class is that of HTML: ok, bad,
// ask for an undecided verdict and na for a cache that is not judged.
type verdictMark struct{ text, html, class, emoji string }

// verdictMark returns the verdictMark of a cache.
func (c *Cache) verdictMark() verdictMark {
	switch {
	case c.Destroyed():
		return verdictMark{"-", "–", "na", "🗑️"}
	case c.Compliant == nil:
		return verdictMark{"?", "?", "ask", "❔"}
	case *c.Compliant:
		return verdictMark{"✓", "✓", "ok", "✅"}
	default:
		return verdictMark{"✗", "✗", "bad", "❌"}
	}
}

// verdicts counts caches by outcome.
type verdicts struct {
	Total, Violated, Undecided, Compliant, Destroyed int
}

func (v *verdicts) add(c *Cache) {
	v.Total++
	switch {
	case c.Destroyed():
		v.Destroyed++
	case c.Compliant == nil:
		v.Undecided++
	case *c.Compliant:
		v.Compliant++
	default:
		v.Violated++
	}
}
