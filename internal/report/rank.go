package report

import "sort"

// tally is what one cache looks like from afar; formats that show the worst
// first order by it.
type tally struct {
	high, medium, low int // violations by severity
	undecided         int // unknown for another reason than not_observed
	notObserved       int
	exempt            int
	warnings, infos   int // advisories not followed
	destroyed         bool
}

func (l lookup) tally(c Cache) tally {
	t := tally{destroyed: c.Destroyed()}
	for _, f := range c.Features {
		switch {
		case f.Status == NonCompliant && l.level(f) == High:
			t.high++
		case f.Status == NonCompliant && l.level(f) == Medium:
			t.medium++
		case f.Status == NonCompliant:
			t.low++
		case f.IsNotObserved():
			t.notObserved++
		case f.Status == Unknown:
			t.undecided++
		case f.Status == Exempt:
			t.exempt++
		}
	}
	for _, f := range c.Advisories {
		switch {
		case f.Status == NonCompliant && l.level(f) == Info:
			t.infos++
		case f.Status == NonCompliant:
			t.warnings++
		}
	}
	return t
}

// violations counts violated features.
func (t tally) violations() int { return t.high + t.medium + t.low }

// worse orders from what needs attention most to what needs none.
func (t tally) worse(u tally) bool {
	if t.destroyed != u.destroyed {
		return u.destroyed
	}
	a := [...]int{t.high, t.medium, t.low, t.undecided, t.notObserved, t.warnings, t.infos, t.exempt}
	b := [...]int{u.high, u.medium, u.low, u.undecided, u.notObserved, u.warnings, u.infos, u.exempt}
	for i := range a {
		if a[i] != b[i] {
			return a[i] > b[i]
		}
	}
	return false
}

// judged is a cache with its tally.
type judged struct {
	Cache
	tally
}

// worstFirst sorts; equals keep their order.
func worstFirst(all []judged) {
	sort.SliceStable(all, func(i, j int) bool { return all[i].worse(all[j].tally) })
}

// verdicts counts caches by outcome.
type verdicts struct {
	Total, Violated, Undecided, Compliant, Destroyed int
}

func (v *verdicts) add(c Cache) {
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
