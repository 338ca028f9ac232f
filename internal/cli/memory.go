package cli

import (
	"runtime/debug"
	"runtime/metrics"
)

// Reading leaves behind little that is garbage and much that stays, judging the
// opposite: each cache is made, written and forgotten. So the collector runs
// early while a plan is read, where the peak of a large plan lies, and seldom
// while it is judged, where it would only take time.
const (
	collectWhileReading = 40 // percent of growth
	collectWhileJudging = 150
	// garbageWhileJudging is how many bytes may come together in any case.
	garbageWhileJudging = 64 << 20
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

// growth returns percent, or more where that is less than so many bytes.
func growth(percent int, bytes uint64) int {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 || live[0].Value.Uint64() == 0 {
		return percent
	}
	return max(percent, int(100*bytes/live[0].Value.Uint64()))
}
