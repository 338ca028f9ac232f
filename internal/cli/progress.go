package cli

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"
)

// counter counts the bytes that were read.
type counter struct {
	r io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// watch returns r and, where standard error is a terminal, says at each tick
// how much of the input was read. done takes the line away; it must be called.
func (a *app) watch(r io.Reader, name string) (watched io.Reader, done func()) {
	if !a.IsTerminal(a.Stderr) {
		return r, func() {}
	}
	c := &counter{r: r}
	ticks, stopTicks := a.Ticks()
	quit := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		shown := false
		for {
			select {
			case <-ticks:
				shown = true
				fmt.Fprintf(a.Stderr, "\r\x1b[Kreading %s: %s", oneLine(name), humanize.IBytes(uint64(c.n.Load())))
			case <-quit:
				if shown {
					fmt.Fprint(a.Stderr, "\r\x1b[K")
				}
				return
			}
		}
	})
	return c, func() {
		stopTicks()
		close(quit)
		running.Wait()
	}
}

// everySecond is the ticker of the real world.
func everySecond() (<-chan time.Time, func()) {
	t := time.NewTicker(time.Second)
	return t.C, t.Stop
}
