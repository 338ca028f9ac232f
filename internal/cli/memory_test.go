package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestCollect: the pace holds over collections, ends with undo, and yields to
// GOGC. The setting is one of the whole process, so that nothing runs beside it.
func TestCollect(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	before := percent()
	a, _, _ := world()
	undo := a.collect(pace{percent: 7, bytes: 0})
	runtime.GC()
	if got := percent(); got != 7 {
		t.Errorf("%d percent while it holds, want 7", got)
	}
	undo()
	runtime.GC()
	if got := percent(); got != before {
		t.Errorf("%d percent after undo, want %d", got, before)
	}
	if got := (pace{percent: 7, bytes: 1 << 40}).growth(); got <= 7 {
		t.Errorf("%d percent for a terabyte", got)
	}
	a.Getenv = func(name string) string { return map[string]string{"GOGC": "50"}[name] }
	defer a.collect(pace{percent: 7})()
	if got := percent(); got != before {
		t.Errorf("GOGC of the environment is overruled: %d percent", got)
	}
}
