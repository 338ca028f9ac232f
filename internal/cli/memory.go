package cli

import (
	"io"
	"runtime/debug"
	"runtime/metrics"
)

// pace says when memory is collected: when the heap has grown by so many percent,
// and not before it has so many bytes. Percent alone would collect a small heap
// all the time, and bytes alone a large one.
type pace struct {
	percent int
	bytes   uint64
}

// Reading leaves behind little that is garbage and much that stays, judging the
// opposite: each cache is made, written and forgotten. So the collector runs
// early while a plan is read, where the peak of a large plan lies, and seldom
// while it is judged, where it would only take time.
var (
	whileReading = pace{30, 26 << 20}
	whileJudging = pace{150, 106 << 20}
)

// collector holds a pace: as the heap grows, the percentage that the runtime
// knows of has to follow what is alive. Nil leaves everything to the runtime.
type collector struct {
	pace   pace
	cycles uint64 // collections at the last look
	steps  int    // since then
}

// stepsPerLook is how many caches are judged between two looks at the heap.
const stepsPerLook = 32

// step holds the pace once in a while.
func (c *collector) step() {
	if c == nil {
		return
	}
	if c.steps++; c.steps == stepsPerLook {
		c.hold()
		c.steps = 0
	}
}

// collect begins a pace, which is held where hold is called, and returns how to
// end it. GOGC in the environment has its way.
func (a *app) collect(p pace) (c *collector, end func()) {
	if a.Getenv("GOGC") != "" {
		return nil, func() {}
	}
	was := debug.SetGCPercent(p.percent)
	c = &collector{pace: p}
	c.hold()
	return c, func() { debug.SetGCPercent(was) }
}

// hold looks whether memory was collected since, and sets when to do it next.
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

// over returns a reader that holds the pace while r is read.
func (c *collector) over(r io.Reader) io.Reader { return &pacedReader{r, c} }

type pacedReader struct {
	r io.Reader
	c *collector
}

func (p *pacedReader) Read(b []byte) (int, error) {
	p.c.hold()
	return p.r.Read(b)
}

// collected returns how often memory was collected, the bytes that the last time
// found alive on the heap, and those beside it, of which the runtime takes a
// percentage too.
func collected() (cycles, alive, roots uint64) {
	s := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/gc/heap/live:bytes"},
		{Name: "/gc/scan/globals:bytes"}, {Name: "/gc/scan/stack:bytes"},
	}
	metrics.Read(s)
	for _, m := range s {
		if m.Value.Kind() != metrics.KindUint64 {
			return 0, 0, 0
		}
	}
	return s[0].Value.Uint64(), s[1].Value.Uint64(), s[2].Value.Uint64() + s[3].Value.Uint64()
}

// growth returns the pace in percent of what is alive.
func (p pace) growth(alive, roots uint64) int {
	if alive == 0 || alive >= p.bytes {
		return p.percent
	}
	// The runtime lets every heap grow to 4 MiB at 100 percent, and to as many
	// times that as the percentage says.
	return max(p.percent, min(int(100*(p.bytes-alive)/(alive+roots)), int(100*p.bytes/(4<<20))))
}
