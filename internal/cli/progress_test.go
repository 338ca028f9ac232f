package cli

import (
	"io"
	"strings"
	"testing"
	"time"
)

// tickingReader makes one tick before each read that it counts.
type tickingReader struct {
	ticks chan time.Time
	reads int
}

func (r *tickingReader) Read(p []byte) (int, error) {
	if r.reads == 0 {
		return 0, io.EOF
	}
	r.reads--
	r.ticks <- time.Time{}
	return copy(p, strings.Repeat("x", 1024)), nil
}

func TestProgressOnATerminalOnly(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		a, _, stderr := world()
		ticks := make(chan time.Time)
		a.IsTerminal = func(io.Writer) bool { return terminal }
		a.Ticks = func() (<-chan time.Time, func()) { return ticks, func() {} }
		source := &tickingReader{ticks: ticks, reads: 3}
		if !terminal {
			source.reads = 0
		}
		watched, done := a.watch(source, "pl\nan.json")
		if _, err := io.Copy(io.Discard, watched); err != nil {
			t.Fatal(err)
		}
		done()
		got := stderr.String()
		if !terminal && got != "" {
			t.Errorf("no terminal, yet %q", got)
		}
		if terminal && (strings.Count(got, "reading pl an.json: ") != 3 || !strings.HasSuffix(got, "\r\x1b[K") || strings.Contains(got, "\n")) {
			t.Errorf("a terminal shows %q", got)
		}
	}
}
