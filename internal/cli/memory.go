package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// pace says when memory is collected: when the heap has grown by so many percent
// or by so many bytes, whichever is more. Percent alone would collect a small
// heap all the time, and bytes alone a large one.
type pace struct {
	percent int
	bytes   uint64
}

// Reading leaves behind little that is garbage and much that stays, judging the
// opposite: each cache is made, written and forgotten. So the collector runs
// early while a plan is read, where the peak of a large plan lies, and seldom
// while it is judged, where it would only take time.
var (
	whileReading = pace{40, 8 << 20}
	whileJudging = pace{150, 64 << 20}
)

// collect sets when memory is collected, and returns how to undo that. GOGC in
// the environment has its way.
func (a *app) collect(when pace) (undo func()) {
	if a.Getenv("GOGC") != "" {
		return func() {}
	}
	was := debug.SetGCPercent(when.growth())
	var mu sync.Mutex
	undone := false
	var again func()
	again = func() {
		mu.Lock()
		defer mu.Unlock()
		if undone {
			return
		}
		debug.SetGCPercent(when.growth())
		afterCollection(again)
	}
	afterCollection(again)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		undone = true
		debug.SetGCPercent(was)
	}
}

// afterCollection calls f once memory was collected again.
func afterCollection(f func()) {
	runtime.AddCleanup(new([16]byte), func(f func()) { f() }, f)
}

// growth returns the pace in percent of what was alive after the last collection.
func (p pace) growth() int {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 || live[0].Value.Uint64() == 0 {
		return p.percent
	}
	return max(p.percent, int(100*p.bytes/live[0].Value.Uint64()))
}
