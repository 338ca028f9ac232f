package runtask

import (
	"bufio"
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

// The tests of this file run the real program as a process of its own. They
// take minutes, so that they run only where REDISBASELINE_LOAD is set, as it is in
// a job of .github/workflows/test.yml:
//
//	REDISBASELINE_LOAD=1 go test ./internal/runtask -run 'TestLoad|TestFault' -v

// process is a running service.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	url string
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "redisbaseline-load")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "redisbaseline")
	out, err := exec.Command("go", "build", "-o", name, "../..").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return name, nil
})

var addressOf = regexp.MustCompile(`"msg":"listening","address":"([^"]+)"`)

func startProcess(t *testing.T, hcp *hcptest.HCP, args ...string) *process {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key")
	trusted := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: hcp.Certificate().Raw})
	for name, data := range map[string][]byte{cert: trusted, key: testKey} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	api, archive := hcp.Hosts()
	cmd := exec.Command(binary, append([]string{
		"run-task", "--listen", "127.0.0.1:0", "--hmac-key-file", key, "--tfe-host", api, "--archive-host", archive, "--allow-private-networks",
	}, args...)...)
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+cert, "GOMEMLIMIT=")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd}
	found := make(chan string, 1)
	go func() {
		scanner := bufio.NewScanner(stderr)
		for scanner.Scan() {
			if m := addressOf.FindStringSubmatch(scanner.Text()); m != nil {
				found <- "http://" + m[1] + "/"
			}
			if strings.Contains(scanner.Text(), "token-of-") || strings.Contains(scanner.Text(), "secret-link") {
				t.Errorf("a secret is in the log: %s", scanner.Text())
			}
		}
	}()
	select {
	case p.url = <-found:
	case <-time.After(time.Minute):
		t.Fatal("the service does not start")
	}
	t.Cleanup(p.kill)
	return p
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// peak is the largest resident size so far, in MiB.
func (p *process) peak() int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kib, err := strconv.Atoi(f[1])
			if err != nil {
				p.t.Fatal(err)
			}
			return kib >> 10
		}
	}
	p.t.Fatal("no peak")
	return 0
}

func gated(t *testing.T) *hcptest.HCP {
	t.Helper()
	if os.Getenv("REDISBASELINE_LOAD") == "" {
		t.Skip("takes minutes: set REDISBASELINE_LOAD")
	}
	hcp, err := hcptest.Start(testKey, func(host string) (hcptest.Listener, error) {
		l, err := hcptest.Loopback(host)
		if err == nil { // the service is another process, which finds no other name
			l.Host = strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1)
		}
		return l, err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		hcp.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		for _, f := range hcp.Faults() {
			t.Errorf("HCP Terraform: %s", f)
		}
	})
	return hcp
}

// 200 requests at once, ten of them with a plan of 66 MB: every one is answered
// at once, judged, and reported within the limits, in bounded memory.
func TestLoad(t *testing.T) {
	hcp := gated(t)
	const total, large = 200, 10
	dir := t.TempDir()
	big := filepath.Join(dir, "large.json")
	f, err := os.Create(big)
	if err != nil {
		t.Fatal(err)
	}
	if err := plangen.Write(f, plangen.Options{Caches: 5800, Others: 11800}); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	small := filepath.Join("..", "cli", "testdata", "plans", insecure+".json")
	service := startProcess(t, hcp, "--workers", "2", "--public-url", "https://run-task.example.com")

	var runs []*hcptest.Run
	for i := range total {
		name := small
		if i%(total/large) == 0 {
			name = big
		}
		runs = append(runs, hcp.Add(&hcptest.Run{Plan: func(w io.Writer) error {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		}}))
	}
	start := time.Now()
	var wg sync.WaitGroup
	var mu sync.Mutex
	slowest, again := time.Duration(0), 0
	for _, run := range runs {
		wg.Go(func() {
			began := time.Now()
			codes, err := hcp.Deliver(t.Context(), http.DefaultClient, service.url, run)
			if err != nil || codes[len(codes)-1] != http.StatusOK {
				t.Errorf("answers %v, %v", codes, err)
			}
			mu.Lock()
			again += len(codes) - 1
			slowest = max(slowest, time.Since(began))
			mu.Unlock()
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	for _, run := range runs {
		if err := run.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if run.Record().State != "passed" || len(run.Record().Faults) > 0 || run.Record().Result == nil {
			t.Errorf("run %s: %s %q", run.ID, run.Record().State, run.Record().Faults)
			continue
		}
	}
	served, peak := time.Since(start), service.peak()
	service.kill()

	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	start = time.Now()
	for i := range total {
		name := small
		if i%(total/large) == 0 {
			name = big
		}
		if out, err := exec.Command(binary, "check", "--enforce", "none", "--format", "json="+os.DevNull, name).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	alone := time.Since(start)
	t.Logf("%d runs, %d of them with %.0f MB: slowest answer %v, %d delivered again, all reported after %.1f s; check one after another "+
		"%.1f s (ratio %.2f); peak %d MiB",
		total, large, float64(info.Size())/1e6, slowest.Round(time.Millisecond), again, served.Seconds(), alone.Seconds(),
		alone.Seconds()/served.Seconds(), peak)
	if peak > loadBound {
		t.Errorf("peak %d MiB, the bound is %d MiB", peak, loadBound)
	}
}

// loadBound is the memory in MiB that a service with two workers needs at most
// under the load above, report pages in memory included.
const loadBound = 320

// After kill -9 in the middle, nobody delivers the request again: the task times
// out and a person runs it again, which succeeds. A redelivery before the 200
// is harmless.
func TestFaultKill(t *testing.T) {
	hcp := gated(t)
	service := startProcess(t, hcp)
	lost := hcp.Add(&hcptest.Run{NotReady: -1, Plan: planFile(insecure)})
	if codes, err := hcp.Deliver(t.Context(), http.DefaultClient, service.url, lost); err != nil || codes[0] != http.StatusOK {
		t.Fatal(codes, err)
	}
	service.kill()
	if lost.Record().Result != nil {
		t.Error("a result of a killed service")
	}
	next := startProcess(t, hcp)
	again := hcp.Add(&hcptest.Run{NotReady: 1, Plan: planFile(insecure)})
	for range 3 {
		if code, err := hcp.Post(t.Context(), http.DefaultClient, next.url, again.Request()); err != nil || code != http.StatusOK {
			t.Error(code, err)
		}
	}
	if err := again.Wait(t.Context()); err != nil || again.Record().State != "passed" || again.Record().Tries != 1 {
		t.Errorf("%v %s, %d reports", err, again.Record().State, again.Record().Tries)
	}
}

// 10,000 requests with a wrong signature are refused, and one with a right one
// in between is served.
func TestFaultSignatures(t *testing.T) {
	hcp := gated(t)
	service := startProcess(t, hcp)
	run := hcp.Add(&hcptest.Run{Plan: planFile(hardened)})
	body := run.Request()
	start := time.Now()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 200 {
				req, err := http.NewRequest(http.MethodPost, service.url, bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("X-TFC-Task-Signature", strings.Repeat("0", 128))
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				if resp.StatusCode != http.StatusUnauthorized {
					t.Errorf("answer %d", resp.StatusCode)
				}
			}
		})
	}
	if _, err := hcp.Deliver(t.Context(), http.DefaultClient, service.url, run); err != nil {
		t.Error(err)
	}
	if err := run.Wait(t.Context()); err != nil || run.Record().State != "passed" {
		t.Errorf("%v %s", err, run.Record().State)
	}
	wg.Wait()
	t.Logf("10,000 wrong signatures in %.1f s; peak %d MiB", time.Since(start).Seconds(), service.peak())
}

// zeros are n bytes of white space.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// A body of 1 GB, announced or not, is refused without being read.
func TestFaultBody(t *testing.T) {
	hcp := gated(t)
	service := startProcess(t, hcp)
	for _, length := range []int64{1 << 30, -1} {
		req, err := http.NewRequest(http.MethodPost, service.url, io.LimitReader(zeros{}, 1<<30))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = length
		start := time.Now()
		resp, err := http.DefaultClient.Do(req)
		// Either the answer arrives, or the connection is closed while still writing.
		if err == nil {
			if resp.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("answer %d", resp.StatusCode)
			}
			_ = resp.Body.Close()
		}
		t.Logf("length %d: %v after %v", length, err, time.Since(start).Round(time.Millisecond))
	}
	if peak := service.peak(); peak > 128 {
		t.Errorf("peak %d MiB", peak)
	}
}

// 500 connections that send a header byte by byte do not keep others out, and
// are closed.
func TestFaultSlowLoris(t *testing.T) {
	hcp := gated(t)
	service := startProcess(t, hcp)
	address := strings.TrimSuffix(strings.TrimPrefix(service.url, "http://"), "/")
	var conns []net.Conn
	for range 500 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nX"); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	run := hcp.Add(&hcptest.Run{Plan: planFile(hardened)})
	start := time.Now()
	if _, err := hcp.Deliver(t.Context(), http.DefaultClient, service.url, run); err != nil {
		t.Fatal(err)
	}
	answered := time.Since(start)
	if err := run.Wait(t.Context()); err != nil || run.Record().State != "passed" {
		t.Errorf("%v %s", err, run.Record().State)
	}
	for _, c := range conns {
		if err := c.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatalf("a slow connection stays open: %v", err)
		}
	}
	t.Logf("500 slow connections: a request was answered in %v, all were closed after %.1f s; peak %d MiB", answered.Round(time.Millisecond),
		time.Since(start).Seconds(), service.peak())
}

// 600 connections that send almost all of the largest body, and then nothing,
// do not fill the memory: those beyond the cap wait. They are ended, and a
// request behind them is served.
func TestFaultSlowBodies(t *testing.T) {
	hcp := gated(t)
	service := startProcess(t, hcp)
	address := strings.TrimSuffix(strings.TrimPrefix(service.url, "http://"), "/")
	head := fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", maxRequest)
	body := strings.Repeat("x", maxRequest-1)
	var sending sync.WaitGroup
	for range 600 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		sending.Go(func() { _, _ = io.WriteString(c, head+body) }) // those who wait fail when they are closed
	}
	run := hcp.Add(&hcptest.Run{Plan: planFile(hardened)})
	start := time.Now()
	if codes, err := hcp.Deliver(t.Context(), http.DefaultClient, service.url, run); err != nil || codes[len(codes)-1] != http.StatusOK {
		t.Fatal(codes, err)
	}
	answered := time.Since(start)
	if err := run.Wait(t.Context()); err != nil || run.Record().State != "passed" {
		t.Errorf("%v %s", err, run.Record().State)
	}
	sending.Wait()
	t.Logf("600 bodies that never end: a request behind them was answered after %.1f s; peak %d MiB", answered.Seconds(), service.peak())
	if peak := service.peak(); peak > loadBound {
		t.Errorf("peak %d MiB", peak)
	}
}

// A plan of 1 GB is read as a stream or refused by its size, never kept.
func TestFaultPlan(t *testing.T) {
	hcp := gated(t)
	huge := func(w io.Writer) error {
		if _, err := io.WriteString(w, `{"format_version":"1.2","planned_values":{},"prior_state":{"pad":[`); err != nil {
			return err
		}
		piece := []byte(`"` + strings.Repeat("x", 1<<20-3) + `",`)
		for range 1 << 10 {
			if _, err := w.Write(piece); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, `""]},"resource_changes":[],"complete":true}`)
		return err
	}
	service := startProcess(t, hcp, "--max-size", "2GiB")
	read := hcp.Add(&hcptest.Run{Plan: huge})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if _, err := hcp.Deliver(ctx, http.DefaultClient, service.url, read); err != nil {
		t.Fatal(err)
	}
	if err := read.Wait(ctx); err != nil || read.Record().State != "passed" {
		t.Errorf("%v %s %v", err, read.Record().State, read.Record().Result)
	}
	t.Logf("a plan of 1 GB in %.1f s, peak %d MiB", read.Record().Took.Seconds(), service.peak())
	if peak := service.peak(); peak > 256 {
		t.Errorf("peak %d MiB", peak)
	}
	service.kill()
	service = startProcess(t, hcp, "--max-size", "100MB")
	refused := hcp.Add(&hcptest.Run{Plan: huge})
	if _, err := hcp.Deliver(ctx, http.DefaultClient, service.url, refused); err != nil {
		t.Fatal(err)
	}
	if err := refused.Wait(ctx); err != nil || refused.Record().State != "failed" ||
		!strings.Contains(refused.Record().Result.Message, "not judged") {
		t.Errorf("%v %s", err, refused.Record().State)
	} else {
		t.Log(refused.Record().Result.Message)
	}
}
