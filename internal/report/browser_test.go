package report

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestHTMLInABrowser opens the page in headless Chromium: no console message,
// no request but the page itself, and a matrix with a row per cache.
func TestHTMLInABrowser(t *testing.T) {
	browser := findBrowser()
	if browser == "" {
		t.Skip("no chromium on PATH: the HTML page was not opened in a browser")
	}
	for name, c := range map[string]struct {
		report Report
		rows   int
	}{"five": {fiveCaches(), 5}, "hundred": {manyCaches(100), 100}, "hostile": {hostileReport(), 1}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			page, netLog := filepath.Join(dir, "report.html"), filepath.Join(dir, "net.json")
			if err := os.WriteFile(page, []byte(encode(t, "html", c.report, EncodeOptions{})), 0o600); err != nil {
				t.Fatal(err)
			}
			var dom, log bytes.Buffer
			cmd := exec.CommandContext(t.Context(), browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--user-data-dir="+filepath.Join(dir, "profile"), "--disable-background-networking", "--disable-component-update",
				"--no-first-run", "--log-net-log="+netLog, "--enable-logging=stderr", "--dump-dom", "file://"+page)
			cmd.Stdout, cmd.Stderr = &dom, &log
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v\n%s", err, log.String())
			}
			for _, l := range strings.Split(log.String(), "\n") {
				if strings.Contains(l, "CONSOLE") {
					t.Errorf("console: %s", l)
				}
			}
			if rows := strings.Count(dom.String(), "<tr data-cache="); rows != c.rows {
				t.Errorf("the matrix has %d rows, want %d", rows, c.rows)
			}
			if strings.Contains(dom.String(), "<script") {
				t.Error("a script in the page")
			}
			raw, err := os.ReadFile(netLog)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`"url":"([^"]*)"`).FindAllSubmatch(raw, -1) {
				if strings.Contains(string(m[1]), "example.com") {
					t.Errorf("the page asks for %s", m[1])
				}
			}
		})
	}
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
