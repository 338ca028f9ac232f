package cli

import "runtime/debug"

// Reading leaves behind little that is garbage and much that stays, judging the
// opposite: each cache is made, written and forgotten. So the collector runs
// early while a plan is read, where the peak of a large plan lies, and seldom
// while it is judged, where it would only take time.
const (
	collectWhileReading = 40
	collectWhileJudging = 150
)

// collectAt sets the growth of the heap, in percent, after which memory is
// collected, and returns how to undo that. GOGC in the environment has its way.
func (a *app) collectAt(percent int) (undo func()) {
	if a.Getenv("GOGC") != "" {
		return func() {}
	}
	was := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(was) }
}
