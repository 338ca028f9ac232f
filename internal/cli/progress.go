package cli

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// counter is a reader that counts bytes.
type counter struct {
	r io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// watch returns a reader of r that shows on standard error, where that is a
// terminal, how much was read. done removes the line; it must be called.
func (a *app) watch(r io.Reader, name string) (watched io.Reader, done func()) {
	c := &counter{r: r}
	return c, a.showLine(func() string {
		return "reading " + report.OneLine(name) + ": " + humanize.IBytes(uint64(c.n.Load()))
	})
}

// showLine shows a line on standard error, where that is a terminal, and updates it
// at each tick. done removes the line; it must be called.
func (a *app) showLine(line func() string) (done func()) {
	if a.quiet || !a.IsTerminal(a.Stderr) {
		return func() {}
	}
	ticks, stopTicks := a.Ticks()
	quit := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		shown := false
		for {
			select {
			case <-ticks:
				shown = true
				fmt.Fprint(a.Stderr, "\r\x1b[K"+line())
			case <-quit:
				if shown {
					fmt.Fprint(a.Stderr, "\r\x1b[K")
				}
				return
			}
		}
	})
	return func() {
		stopTicks()
		close(quit)
		running.Wait()
	}
}

// everySecond is the clock of progress messages outside tests.
func everySecond() (<-chan time.Time, func()) {
	t := time.NewTicker(time.Second)
	return t.C, t.Stop
}
