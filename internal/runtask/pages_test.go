package runtask

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

func TestReportPage(t *testing.T) {
	for name, dir := range map[string]string{"memory": "", "directory": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, deny, func(o *Options) {
					o.Pages = PageOptions{PublicURL: "https://task.example.com", Directory: dir, Lifetime: time.Hour}
				})
				link := w.play(&hcptest.Run{Plan: planFile(insecure)}).URL
				get := func(link string) (int, string, http.Header) {
					resp, err := w.http.Get(link)
					if err != nil {
						t.Fatal(err)
					}
					body, err := io.ReadAll(resp.Body)
					if err != nil {
						t.Fatal(err)
					}
					return resp.StatusCode, string(body), resp.Header
				}
				code, body, header := get(link)
				if code != http.StatusOK || !strings.Contains(body, "Disable Public Network Access") ||
					!strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") ||
					!strings.Contains(header.Get("Content-Security-Policy"), "script-src "+report.HTMLScriptSource+";") {
					t.Errorf("%d %v", code, header)
				}
				expires := link[strings.Index(link, "expires=")+8 : strings.Index(link, "&")]
				for what, bad := range map[string]string{
					"another id":      strings.Replace(link, "/reports/", "/reports/0", 1),
					"a later end":     strings.Replace(link, expires, "9"+expires, 1),
					"no signature":    link[:strings.Index(link, "&")],
					"wrong signature": link[:len(link)-4] + "0000",
					"traversal":       "https://task.example.com/reports/..%2f..%2fetc%2fpasswd?" + link[strings.Index(link, "?")+1:],
				} {
					if code, _, _ := get(bad); code != http.StatusNotFound {
						t.Errorf("%s: %d", what, code)
					}
				}
				time.Sleep(time.Hour - time.Second) // the clock of the bubble
				if code, _, _ := get(link); code != http.StatusOK {
					t.Errorf("shortly before it expires: %d", code)
				}
				time.Sleep(2 * time.Second)
				if code, _, _ := get(link); code != http.StatusNotFound {
					t.Errorf("after it expired: %d", code)
				}
			})
		})
	}
}

// A page says when it was made by the clock of the service.
func TestReportPageTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) {
			o.Pages = PageOptions{PublicURL: "https://task.example.com", Lifetime: time.Hour}
			o.Now = func() time.Time { return time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC) }
		})
		result := w.play(&hcptest.Run{Plan: func(w io.Writer) error { return plangen.Write(w, plangen.Options{Caches: 1}) }})
		resp, err := w.http.Get(result.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || !strings.Contains(string(body), "2031-05-06 07:08 UTC") {
			t.Errorf("%v, page %s", err, body)
		}
	})
}

// The page of a run that Audit lets pass says so, and that of a refused run.
func TestReportPageVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		rules      func(*Options)
		want, note string
	}{
		"Audit": {func(*Options) {}, "</span>Passes: 4 violations in 1 of 1 cache</h1>", "<p>passes: the effect is Audit, "},
		"Deny":  {deny, "</span>Fails: 4 violations in 1 of 1 cache</h1>", "<p>4 findings fail this run.</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, c.rules, func(o *Options) {
					o.Pages = PageOptions{PublicURL: "https://task.example.com", Lifetime: time.Hour}
				})
				resp, err := w.http.Get(w.play(&hcptest.Run{Plan: planFile(insecure)}).URL)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(resp.Body)
				if err != nil || !strings.Contains(string(body), c.want) || !strings.Contains(string(body), c.note) {
					t.Errorf("%v, no %q or no %q in\n%s", err, c.want, c.note, body)
				}
				if name == "Audit" && strings.Contains(string(body), "fail") {
					t.Error("the page of a run that passes speaks of a failure")
				}
			})
		})
	}
}

// A page that shows less than the plan has says so, and so does the result that
// links to it; where there is no page, the result says that too.
func TestReportPageLimited(t *testing.T) {
	for name, c := range map[string]struct {
		caches        int
		message, page string
		lost          bool
	}{
		"all of it": {4, "", "", false},
		"a part": {3, "(the report page shows the first 3 of 4 caches)",
			"the report page shows the first 3 of 4 caches, and counts those", false},
		"nowhere to keep it": {4, "(there is no report page: it could not be stored)", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				dir := t.TempDir()
				w := newWorld(t, deny, func(o *Options) {
					o.Pages = PageOptions{PublicURL: "https://task.example.com", Directory: dir, Lifetime: time.Hour}
				})
				w.service.pages.caches = c.caches
				if c.lost {
					w.service.pages.close()
				}
				result := w.play(&hcptest.Run{Plan: func(w io.Writer) error { return plangen.Write(w, plangen.Options{Caches: 4}) }})
				w.want(result, Passed, "no violation in 4 caches")
				if c.message != "" {
					w.want(result, Passed, c.message)
				} else if strings.Contains(result.Message, "report page") {
					t.Errorf("a limit that is none: %s", result.Message)
				}
				if (result.URL == "") != c.lost {
					t.Fatalf("link %q", result.URL)
				}
				if c.lost {
					return
				}
				resp, err := w.http.Get(result.URL)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(resp.Body)
				if err != nil || !strings.Contains(string(body), c.page) ||
					!strings.Contains(string(body), fmt.Sprintf("Passes: no violation in %d caches", c.caches)) {
					t.Errorf("%v; the page says neither %q nor the number of its caches", err, c.page)
				}
			})
		})
	}
}

func packed(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, "page"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Pages of one directory are removed when their links have expired; files of others stay.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	p, err := newPages(PageOptions{PublicURL: "https://a", Directory: dir, Lifetime: time.Hour}, Keys{testKey})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	old, other := filepath.Join(dir, strings.Repeat("0", 32)+pageSuffix), filepath.Join(dir, "index.html")
	for _, name := range []string{old, other} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.put(packed(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("an old page stays: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error(err)
	}
}

// A page ends with its link, though its process is gone and nobody stores another.
func TestPagesExpireAcrossRestarts(t *testing.T) {
	begin := time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		after time.Duration
		kept  bool
	}{
		"just before": {time.Hour - time.Second, true},
		"just after":  {time.Hour + time.Second, false},
	} {
		now := begin
		o := PageOptions{PublicURL: "https://a", Directory: t.TempDir(), Lifetime: time.Hour, Now: func() time.Time { return now }}
		a, err := newPages(o, Keys{testKey})
		if err != nil {
			t.Fatal(err)
		}
		link, err := a.put(packed(t))
		if err != nil {
			t.Fatal(err)
		}
		a.close()
		now = begin.Add(c.after)
		b, err := newPages(o, Keys{testKey})
		if err != nil {
			t.Fatal(err)
		}
		defer b.close()
		files, err := os.ReadDir(o.Directory)
		if err != nil || len(files) == 1 != c.kept {
			t.Errorf("%s it expired: %d files, %v", name, len(files), err)
		}
		mux := http.NewServeMux()
		mux.Handle("GET /reports/{id}", b)
		if resp, err := (&http.Client{Transport: direct{mux}}).Get(link); err != nil || resp.StatusCode == http.StatusOK != c.kept {
			t.Errorf("%s it expired: %v %v", name, resp, err)
		}
	}
}

// A service that judges nothing more still removes what has expired.
func TestPagesExpireByThemselves(t *testing.T) {
	for name, dir := range map[string]string{"memory": "", "directory": t.TempDir()} {
		bubble(t, func(t *testing.T) {
			p, err := newPages(PageOptions{PublicURL: "https://a", Directory: dir, Lifetime: time.Hour}, Keys{testKey})
			if err != nil {
				t.Fatal(err)
			}
			defer p.close()
			held := func() int {
				if dir == "" {
					p.mu.Lock()
					defer p.mu.Unlock()
					return len(p.held) + len(p.order) + p.bytes
				}
				files, err := os.ReadDir(dir)
				if err != nil {
					t.Fatal(err)
				}
				return len(files)
			}
			if _, err := p.put(packed(t)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour - time.Second) // the clock of the bubble
			if held() == 0 {
				t.Errorf("%s: gone too early", name)
			}
			time.Sleep(longestSweep + 2*time.Second)
			if n := held(); n != 0 {
				t.Errorf("%s: still held: %d", name, n)
			}
		})
	}
}

// Two instances with the same keys and directory serve each other's pages, also
// while a key is being replaced.
func TestSharedPages(t *testing.T) {
	o := PageOptions{PublicURL: "https://a", Directory: t.TempDir(), Lifetime: time.Hour}
	a, err := newPages(o, Keys{testKey})
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	link, err := a.put(packed(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		keys Keys
		want int
	}{
		"the same key":                 {Keys{testKey}, http.StatusOK},
		"during a rotation":            {Keys{[]byte("new"), testKey}, http.StatusOK},
		"after it":                     {Keys{[]byte("new")}, http.StatusNotFound},
		"no key, so one of a lifetime": {nil, http.StatusNotFound},
	} {
		b, err := newPages(o, c.keys)
		if err != nil {
			t.Fatal(err)
		}
		defer b.close()
		mux := http.NewServeMux()
		mux.Handle("GET /reports/{id}", b)
		resp, err := (&http.Client{Transport: direct{mux}}).Get(link)
		if err != nil || resp.StatusCode != c.want {
			t.Errorf("%s: %v %v", name, resp, err)
		}
	}
}

// Memory for pages is bounded: the oldest go first.
func TestPageMemory(t *testing.T) {
	p, err := newPages(PageOptions{PublicURL: "https://a", Lifetime: time.Hour}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := p.put(make([]byte, pageMemory/4)); err != nil {
			t.Fatal(err)
		}
	}
	if p.bytes > pageMemory || len(p.held) != 4 || len(p.order) != 4 {
		t.Errorf("%d bytes, %d pages", p.bytes, len(p.held))
	}
}

func TestMetrics(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		w.play(&hcptest.Run{Plan: planFile(insecure), CallbackCodes: []int{500}})
		w.service.tasks.Wait()
		resp, err := (&http.Client{Transport: direct{w.service.Metrics()}}).Get("https://task.example.com/metrics")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`redisbaseline_requests_total{code="200"} 1`,
			`redisbaseline_tasks_total{stage="post_plan",status="failed"} 1`,
			`redisbaseline_callback_failures_total{reason="500"} 1`,
			`redisbaseline_tasks_in_flight 0`,
			`redisbaseline_verdicts_total{status="non_compliant"}`,
			`redisbaseline_task_duration_seconds_count{status="failed"} 1`,
		} {
			if !strings.Contains(string(body), want) {
				t.Errorf("no %s", want)
			}
		}
	})
}

// The page says of each retiring cache that stays where it moves to, what is in the way
// and whether Microsoft moves it; it is silent on others and on destroyed ones.
func TestReportPageMoves(t *testing.T) {
	pageOf := func(t *testing.T, plan func(io.Writer) error) (body string) {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, deny, func(o *Options) { o.Pages = PageOptions{PublicURL: "https://task.example.com", Lifetime: time.Hour} })
			resp, err := w.http.Get(w.play(&hcptest.Run{Plan: plan}).URL)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = string(raw)
		})
		return body
	}
	for name, c := range map[string]struct {
		plan func(io.Writer) error
		says []string
	}{
		"Basic": {planFile(insecure), []string{
			"Moving to Azure Managed Redis", "Azure Cache for Redis retires on 2028-09-30", "redisbaseline migrate", "1 cache to move",
			"<details open>", "Balanced_B0", "Firewall rules</b>", "automated migration possible",
		}},
		"beside one that moved": {planFile(mixed), []string{"1 cache to move"}},
		"many": {func(w io.Writer) error { return plangen.Write(w, plangen.Options{Caches: 40}) },
			[]string{"<details><summary>40 caches to move", "no automated migration: the cache has a private endpoint"}},
		"Azure Managed Redis alone": {func(w io.Writer) error { return plangen.Write(w, plangen.Options{Managed: 2}) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			body := pageOf(t, c.plan)
			for _, want := range c.says {
				if !strings.Contains(body, want) {
					t.Errorf("no %q in\n%s", want, body)
				}
			}
			if c.says == nil && strings.Contains(body, `id="moving"`) {
				t.Errorf("nothing moves, and there is a section on it:\n%s", body)
			}
		})
	}
}
