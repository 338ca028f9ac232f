package migrate

import (
	"strconv"
	"strings"
	"time"
)

// Summarize counts caches.
func Summarize(moves []Move) Summary {
	s, all := Summary{Caches: len(moves)}, newFinder(moves)
	for i := range moves {
		m := &moves[i]
		switch m.State {
		case Moved:
			s.Moved++
			continue
		case Unknown:
			s.Unknown++
			continue
		case Blocked:
			s.Blocked++
		}
		s.ToMove++
		if all.successor(m) != nil {
			s.Begun++
		}
		if m.Target == nil || !m.Target.Known {
			s.UnknownSize++
		}
		if m.After != nil && m.After.Compliant != nil && *m.After.Compliant {
			s.Compliant++
		}
		if s.Retires == "" || m.Retires < s.Retires {
			s.Retires, s.DaysLeft = m.Retires, m.DaysLeft
		}
	}
	return s
}

// Reasons returns why a run fails: onBlocker fails it while a cache has a certain
// blocker, after while a cache is to move and the day of the report is later; the zero
// time never does.
func Reasons(r *Report, onBlocker bool, after time.Time) []string {
	var reasons []string
	name := namesIn(r.Caches)
	left := 0
	for i := range r.Caches {
		m := &r.Caches[i]
		if m.State != ToMove && m.State != Blocked {
			continue
		}
		left++
		if onBlocker && m.State == Blocked {
			reasons = append(reasons, name(m)+" is blocked: "+blockersOf(m))
		}
	}
	if day := r.GeneratedAt.UTC().Format(time.DateOnly); left > 0 && !after.IsZero() && day > after.Format(time.DateOnly) {
		what := strconv.Itoa(left) + " caches are"
		if left == 1 {
			what = "1 cache is"
		}
		reasons = append(reasons, what+" still to move after "+after.Format(time.DateOnly))
	}
	return reasons
}

// blockersOf returns the titles of the certain blockers of a cache.
func blockersOf(m *Move) string {
	var titles []string
	for i := range m.Differences {
		if d := &m.Differences[i]; d.Severity == Blocker && d.Certain {
			titles = append(titles, d.Title)
		}
	}
	return strings.Join(titles, ", ")
}
