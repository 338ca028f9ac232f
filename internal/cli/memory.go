package cli

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// pace is a rule for collecting garbage: when the heap has grown by a percentage,
// but not below a number of bytes. The percentage alone would collect a small heap
// all the time, and the number alone a large one.
type pace struct {
	percent int
	bytes   uint64
}

// Reading a plan, where memory peaks, makes data that stays: garbage is collected
// early. Evaluating a configuration makes much garbage beside the source, which stays:
// collecting it early would take more time than all else. Judging makes data that is
// written and dropped: collecting it would only take time. Planning a migration keeps
// most of what it makes until all caches are planned, so that collecting finds little.
var (
	whileReading    = pace{40, 28 << 20}
	whileEvaluating = pace{40, 84 << 20}
	whileJudging    = pace{150, 106 << 20}
	whilePlanning   = pace{150, 212 << 20}
)

// collector makes the runtime follow a pace: after every collection it adapts GOGC, a
// percentage, to the size of the live heap.
type collector struct {
	pace   pace
	was    int // GOGC before
	ending sync.Mutex
	ended  bool
}

// collect starts to follow a pace, and returns how to end that. It does nothing
// where the environment sets GOGC.
func (a *app) collect(p pace) (end func()) {
	if a.Getenv("GOGC") != "" {
		return func() {}
	}
	c := &collector{pace: p}
	alive, roots := collected()
	c.was = debug.SetGCPercent(p.growth(alive, roots))
	c.watch()
	return c.end
}

// watch adapts GOGC after the next collection, which finds a value that nothing refers to,
// and after all that follow.
func (c *collector) watch() {
	type unreachable struct{ _ *byte }
	runtime.AddCleanup(new(unreachable), (*collector).adapt, c)
}

func (c *collector) adapt() {
	c.ending.Lock()
	defer c.ending.Unlock()
	if !c.ended {
		alive, roots := collected()
		debug.SetGCPercent(c.pace.growth(alive, roots))
		c.watch()
	}
}

func (c *collector) end() {
	c.ending.Lock()
	defer c.ending.Unlock()
	c.ended = true
	debug.SetGCPercent(c.was)
}

// collected returns the bytes of the heap that the last collection found alive, and the
// bytes of the roots, to which GOGC applies too.
func collected() (alive, roots uint64) {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/globals:bytes"}, {Name: "/gc/scan/stack:bytes"}}
	metrics.Read(s)
	for _, m := range s {
		if m.Value.Kind() != metrics.KindUint64 {
			return math.MaxUint64, 0
		}
	}
	return s[0].Value.Uint64(), s[1].Value.Uint64() + s[2].Value.Uint64()
}

// growth is the value of GOGC for a live heap.
func (p pace) growth(alive, roots uint64) int {
	if alive >= p.bytes {
		return p.percent
	}
	// Whatever is alive, the runtime lets the heap grow to 4 MiB at 100 percent, and
	// in proportion at other percentages.
	return max(p.percent, int(min(100*(p.bytes-alive)/max(alive+roots, 1), 100*p.bytes/(4<<20))))
}
