package cli

import (
	"io"
	"math"
	"runtime/debug"
	"runtime/metrics"
)

// pace is a rule for collecting garbage: when the heap has grown by a percentage,
// but not below a number of bytes. The percentage alone would collect a small heap
// all the time, and the number alone a large one.
type pace struct {
	percent int
	bytes   uint64
}

// Reading a plan, where memory peaks, makes data that stays: garbage is collected
// early. Judging makes data that is written and dropped: collecting it would only
// take time. Planning a migration keeps most of what it makes until all caches are
// planned, so that collecting finds little.
var (
	whileReading  = pace{30, 26 << 20}
	whileJudging  = pace{150, 106 << 20}
	whilePlanning = pace{150, 212 << 20}
)

// collector makes the runtime follow a pace: it adapts GOGC, a percentage, to the
// size of the live heap. Nil leaves everything to the runtime.
type collector struct {
	pace   pace
	cycles uint64 // collections at the last call of hold
	steps  int    // calls of step since then
}

// stepsPerLook is how many caches are judged between two calls of hold.
const stepsPerLook = 32

// step calls hold once in a number of calls.
func (c *collector) step() {
	if c == nil {
		return
	}
	if c.steps++; c.steps == stepsPerLook {
		c.hold()
		c.steps = 0
	}
}

// collect starts to follow a pace, and returns how to end that. It does nothing
// where the environment sets GOGC.
func (a *app) collect(p pace) (c *collector, end func()) {
	if a.Getenv("GOGC") != "" {
		return nil, func() {}
	}
	cycles, alive, roots := collected()
	was := debug.SetGCPercent(p.growth(alive, roots))
	return &collector{pace: p, cycles: cycles}, func() { debug.SetGCPercent(was) }
}

// hold adapts GOGC where garbage was collected since the last call.
func (c *collector) hold() {
	if c == nil {
		return
	}
	cycles, alive, roots := collected()
	if cycles == c.cycles {
		return
	}
	c.cycles = cycles
	debug.SetGCPercent(c.pace.growth(alive, roots))
}

// over returns a reader of r that calls hold at every read.
func (c *collector) over(r io.Reader) io.Reader { return &pacedReader{r, c} }

type pacedReader struct {
	r io.Reader
	c *collector
}

func (p *pacedReader) Read(b []byte) (int, error) {
	p.c.hold()
	return p.r.Read(b)
}

// collected returns the number of collections, the bytes of the heap that the last
// one found alive, and the bytes of the roots, to which GOGC applies too.
func collected() (cycles, alive, roots uint64) {
	s := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/gc/heap/live:bytes"},
		{Name: "/gc/scan/globals:bytes"}, {Name: "/gc/scan/stack:bytes"},
	}
	metrics.Read(s)
	for _, m := range s {
		if m.Value.Kind() != metrics.KindUint64 {
			return 0, math.MaxUint64, 0
		}
	}
	return s[0].Value.Uint64(), s[1].Value.Uint64(), s[2].Value.Uint64() + s[3].Value.Uint64()
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
