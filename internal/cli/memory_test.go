package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestCollect: the pace holds over collections, ends with its undo, and yields
// to GOGC. The setting is one of the whole process, so that nothing runs beside it.
func TestCollect(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	before := percent()
	a, _, _ := world()
	end := a.collect(pace{percent: 7})
	if got := percent(); got != 7 {
		t.Errorf("%d percent at the beginning, want 7", got)
	}
	for range 3 { // after each collection, not only the first
		debug.SetGCPercent(100)
		for percent() != 7 { // the cleanup that adapts it is run soon after
			runtime.GC()
		}
	}
	end()
	runtime.GC()
	if got := percent(); got != before {
		t.Errorf("%d percent after the end, want %d", got, before)
	}

	a.Getenv = func(name string) string { return map[string]string{"GOGC": "50"}[name] }
	end = a.collect(pace{percent: 7})
	if got := percent(); got != before {
		t.Errorf("GOGC of the environment is overruled: %d percent", got)
	}
	end()
}

func TestPace(t *testing.T) {
	for _, c := range []struct {
		alive, roots uint64
		want         int
	}{
		{0, 0, 650},             // nothing was collected yet
		{4 << 20, 0, 550},       // up to 26 MiB
		{4 << 20, 4 << 20, 275}, // which the roots count for too
		{1 << 20, 0, 650},       // the least heap that the runtime collects is 26 MiB
		{13 << 20, 0, 100},
		{20 << 20, 0, 40}, // beyond, in percent
		{1 << 30, 0, 40},
	} {
		if got := (pace{percent: 40, bytes: 26 << 20}).growth(c.alive, c.roots); got != c.want {
			t.Errorf("%d bytes alive: %d percent, want %d", c.alive, got, c.want)
		}
	}
}
