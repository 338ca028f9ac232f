package report

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// chromium is a page in headless Chromium, driven by the DevTools protocol over
// its pipe: messages of JSON, each with a zero byte behind it.
type chromium struct {
	t       *testing.T
	in      io.Writer
	out     *bufio.Reader
	session string
	id      int
	events  []string // messages of the console, and addresses that the page asks for
	here    bool     // the page is the one to test, not the blank one before it
	loaded  bool     // and it is loaded
}

// message is what the browser says: the answer to a command, or an event.
type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  json.RawMessage
}

// openPage opens HTML in the browser that is on PATH, and skips the test where
// there is none.
func openPage(t *testing.T, html string) *chromium {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no chromium on PATH: the HTML page was not opened in a browser")
	}
	// Children of the browser may write after the test, for which t.TempDir would fail it.
	dir, err := os.MkdirTemp("", "report") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(dir, "report.html")
	if err := os.WriteFile(page, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--disable-background-networking", "--disable-component-update", "--no-first-run",
		"--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // closing the pipe ends the browser
		_ = in.Close()
		_ = out.Close()
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	})
	_, _ = theirIn.Close(), theirOut.Close()
	_ = out.SetReadDeadline(time.Now().Add(2 * time.Minute))
	c := &chromium{t: t, in: in, out: bufio.NewReader(out)}
	var target struct{ TargetID, SessionID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	c.session = target.SessionID
	for _, domain := range []string{"Page", "Network", "Log", "Runtime"} {
		c.call(domain+".enable", nil, nil)
	}
	c.call("Page.navigate", map[string]any{"url": "file://" + page}, nil)
	for !c.loaded {
		c.read("Page.navigate")
	}
	return c
}

// call sends a command, and waits for its result.
func (c *chromium) call(method string, params, result any) {
	c.t.Helper()
	c.id++
	command := map[string]any{"id": c.id, "method": method}
	if params != nil {
		command["params"] = params
	}
	if c.session != "" {
		command["sessionId"] = c.session
	}
	raw, err := json.Marshal(command)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.in.Write(append(raw, 0)); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	for {
		switch answer := c.read(method); {
		case answer.ID != c.id:
		case answer.Error != nil:
			c.t.Fatalf("%s: %s", method, answer.Error)
		case result != nil:
			if err := json.Unmarshal(answer.Result, result); err != nil {
				c.t.Fatal(err)
			}
			return
		default:
			return
		}
	}
}

// read reads one message during a command, and notes events.
func (c *chromium) read(method string) (m message) {
	c.t.Helper()
	raw, err := c.out.ReadBytes(0)
	if err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	if err := json.Unmarshal(raw[:len(raw)-1], &m); err != nil {
		c.t.Fatal(err)
	}
	switch {
	case m.Method == "Page.frameNavigated":
		c.here = c.here || strings.Contains(string(m.Params), `"url":"file:`)
	case m.Method == "Page.loadEventFired":
		c.loaded = c.here
	case m.Method == "Network.requestWillBeSent", m.Method == "Log.entryAdded",
		strings.HasPrefix(m.Method, "Runtime.consoleAPI"), m.Method == "Runtime.exceptionThrown":
		c.events = append(c.events, m.Method+" "+string(m.Params))
	}
	return m
}

// js is the value of an expression in the page, which no content security policy
// hinders.
func (c *chromium) js(expression string) any {
	c.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	c.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	if out.ExceptionDetails != nil {
		c.t.Fatalf("%s: %s", expression, out.ExceptionDetails)
	}
	return out.Result.Value
}

// media shows the page on "screen" or in "print", "light" or "dark".
func (c *chromium) media(medium, scheme string) {
	c.call("Emulation.setEmulatedMedia", map[string]any{
		"media": medium, "features": []map[string]any{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
}

// width gives the window a width in pixels.
func (c *chromium) width(pixels int) {
	c.call("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": pixels < 700,
	}, nil)
}
