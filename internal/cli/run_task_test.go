package cli

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

// lines collects what is written, and tells when a line says what is waited for.
type lines struct {
	mu      sync.Mutex
	all     strings.Builder
	waiting map[string]chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all.Write(p)
	for word, c := range l.waiting {
		if strings.Contains(string(p), word) {
			close(c)
			delete(l.waiting, word)
		}
	}
	return len(p), nil
}

func (l *lines) wait(word string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := make(chan struct{})
	l.waiting[word] = c
	return c
}

// startRunTask serves on loopback until the test ends; it returns the addresses
// for requests and for metrics, and what stops it and returns its error.
func startRunTask(t *testing.T, log io.Writer, flags runTaskFlags, reload <-chan os.Signal) (requests, metrics string, stop func() error) {
	t.Helper()
	a := &app{Version: "test", Documents: baseline.Published(), Stdout: io.Discard, Stderr: log, Now: time.Now,
		Getenv: func(string) string { return "" }}
	flags.listen, flags.metricsListen = "127.0.0.1:0", "127.0.0.1:0"
	flags.workers, flags.capacity, flags.maxSize, flags.lifetime, flags.grace = 1, 1, "1GiB", time.Hour, time.Second
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	addresses, done := make(chan [2]string, 1), make(chan error, 1)
	go func() {
		done <- a.serveRunTask(ctx, flags, reload, func(r, m net.Addr) { addresses <- [2]string{r.String(), m.String()} })
	}()
	select {
	case both := <-addresses:
		return both[0], both[1], func() error { cancel(); return <-done }
	case err := <-done:
		t.Fatal(err)
		panic("unreachable")
	}
}

// The service starts, reads its configuration again when told to, keeps the old
// one when the new one is not valid, and stops.
func TestRunTaskServes(t *testing.T) {
	dir := t.TempDir()
	key, config := filepath.Join(dir, "key"), filepath.Join(dir, "config.yaml")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(key, "very secret, and long enough to sign with\n")
	write(config, "rules: []")
	log := &lines{waiting: map[string]chan struct{}{}}
	reload := make(chan os.Signal)
	requests, metrics, stop := startRunTask(t, log, runTaskFlags{keyFiles: []string{key}, config: config, connections: 10}, reload)
	client := &http.Client{}
	defer client.CloseIdleConnections()
	for url, want := range map[string]int{
		requests + "/healthz": 200, requests + "/readyz": 200, requests + "/metrics": 404, requests + "/": 405, requests + "/reports/x": 404,
		metrics + "/healthz": 200, metrics + "/readyz": 200, metrics + "/metrics": 200, metrics + "/": 404,
	} {
		resp, err := client.Get("http://" + url)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", url, resp.StatusCode, want)
		}
	}
	for _, step := range []struct{ config, says string }{
		{"rules:\n  - effect: Deny", "read again"},
		{"rules:\n  - effect: Denied", "the one before stays"},
		{"", "is empty"},
	} {
		said := log.wait(step.says)
		write(config, step.config)
		reload <- syscall.SIGHUP
		<-said
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if strings.Contains(log.all.String(), "very secret") {
		t.Error("the key is in the log")
	}
}

// keyPair writes the certificate of a test server, which is good for 127.0.0.1.
func keyPair(t *testing.T, flags *runTaskFlags) (client *http.Client) {
	t.Helper()
	other := httptest.NewTLSServer(nil)
	other.Close()
	key, err := x509.MarshalPKCS8PrivateKey(other.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	flags.cert, flags.key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{flags.cert: {Type: "CERTIFICATE", Bytes: other.Certificate().Raw},
		flags.key: {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return other.Client()
}

// A bad certificate stops the service before it says that it listens, and the
// message names the file.
func TestRunTaskBadCertificate(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(runTaskFlags) (file, text string)
		want  string
	}{
		"no certificate": {func(f runTaskFlags) (string, string) { return f.cert, "nothing" }, "cert.pem: holds no certificate"},
		"no key":         {func(f runTaskFlags) (string, string) { return f.key, "nothing" }, "key.pem: holds no private key"},
		"not a pair": {func(f runTaskFlags) (string, string) {
			return f.key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
		}, "key.pem: "},
	} {
		t.Run(name, func(t *testing.T) {
			var flags runTaskFlags
			keyPair(t, &flags)
			file, text := c.spoil(flags)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, log strings.Builder
			a := &app{Version: "test", Documents: baseline.Published(), Stdout: &out, Stderr: &log, Now: time.Now,
				Getenv: func(string) string { return "" }}
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // one that listens all the same ends
			code := a.run(ctx, []string{"run-task", "--insecure-no-hmac", "--listen", "127.0.0.1:0", "--tls-cert", flags.cert, "--tls-key",
				flags.key})
			if code != exitInput || !strings.Contains(log.String(), c.want) || strings.Contains(log.String(), "listening") {
				t.Errorf("code %d, want %d and %q:\n%s", code, exitInput, c.want, log.String())
			}
		})
	}
}

// The certificate is read again on a signal; one that is not valid changes nothing.
func TestRunTaskCertificateAgain(t *testing.T) {
	flags := runTaskFlags{insecure: true, connections: 10}
	client := keyPair(t, &flags)
	log := &lines{waiting: map[string]chan struct{}{}}
	reload := make(chan os.Signal)
	requests, _, stop := startRunTask(t, log, flags, reload)
	defer client.CloseIdleConnections()
	good, err := os.ReadFile(flags.cert)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ cert, says string }{{"lost", "the one before stays"}, {string(good), "certificate read again"}} {
		if err := os.WriteFile(flags.cert, []byte(step.cert), 0o600); err != nil {
			t.Fatal(err)
		}
		said := log.wait(step.says)
		reload <- syscall.SIGHUP
		<-said
		resp, err := client.Get("https://" + requests + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// With a certificate the service speaks HTTPS, and one request at a time on a connection.
func TestRunTaskTLS(t *testing.T) {
	flags := runTaskFlags{insecure: true, connections: 10}
	client := keyPair(t, &flags)
	requests, _, stop := startRunTask(t, io.Discard, flags, nil)
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	defer client.CloseIdleConnections()
	resp, err := client.Post("https://"+requests+"/", "application/json", strings.NewReader(`{"access_token":"test-token"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.ProtoMajor != 1 {
		t.Errorf("%d by %s", resp.StatusCode, resp.Proto)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// The example of a rules file says what the guide says of it.
func TestRunTaskExample(t *testing.T) {
	a := &app{Documents: baseline.Published()}
	rules, err := a.loadRules(filepath.Join("..", "..", "examples", "run-task", "run-task.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		project, workspace string
		effect             runtask.Effect
		exemptions         int
	}{{"production", "redis", runtask.Deny, 1}, {"production", "sandbox-ada", runtask.Disabled, 0}, {"", "redis", runtask.Audit, 0}} {
		if got, _ := rules.For("acme", c.project, c.workspace); got.Effect != c.effect || len(got.Exemptions) != c.exemptions {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// Connections beyond the cap wait until others end; the address for metrics and
// probes has a cap of its own. Who has an answer can't keep the place.
func TestRunTaskConnections(t *testing.T) {
	requests, metrics, stop := startRunTask(t, io.Discard, runTaskFlags{insecure: true, connections: 2}, nil)
	dial := func(address, request string) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		return c
	}
	const whole, unfinished = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
	answered := func(c net.Conn, within time.Duration) bool {
		t.Helper()
		if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
			t.Fatal(err)
		}
		_, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		}
		return err == nil
	}
	for range 3 { // one more than the cap, and none is closed from here
		idle := dial(requests, whole)
		defer idle.Close()
		if !answered(idle, time.Minute) {
			t.Fatal("not answered behind connections that have their answers")
		}
	}
	first, second := dial(requests, unfinished), dial(requests, unfinished)
	defer first.Close()
	defer second.Close()
	third, probe := dial(requests, whole), dial(metrics, whole)
	defer third.Close()
	defer probe.Close()
	if answered(third, 100*time.Millisecond) {
		t.Error("answered beyond the cap")
	}
	if !answered(probe, time.Minute) {
		t.Error("a probe is not answered while the other address is full")
	}
	_ = first.Close()
	if !answered(third, time.Minute) {
		t.Error("not answered when another connection had ended")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestRunTaskKeys(t *testing.T) {
	long := func(name string) string { return strings.Repeat(name+" ", 32/len(name)) + name }
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, []byte(long("file")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{Getenv: func(k string) string {
		return map[string]string{hmacKeyVariable: long("new") + "\n" + long("old") + "\n\n"}[k]
	}}
	keys, err := a.runTaskKeys([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range keys {
		got = append(got, string(k))
	}
	if strings.Join(got, ",") != long("file")+","+long("new")+","+long("old") {
		t.Errorf("keys %q", got)
	}
	// One short key among others is as open as one alone.
	a.Getenv = func(string) string { return long("new") + "\n\nCANARY\n" }
	if _, err := a.runTaskKeys(nil); err == nil || !strings.Contains(err.Error(), hmacKeyVariable+", line 3: ") ||
		strings.Contains(err.Error(), "CANARY") {
		t.Errorf("a short key: %v", err)
	}
}

// The schema and the parser agree on what a rules file is.
func TestRunTaskSchema(t *testing.T) {
	schema := schematest.Compile(t, runTaskSchema(baseline.Published()))
	exemption := "\n      - feature: DP-3/data-in-transit-encryption\n        cache: a\n        category: Waiver\n        description: d"
	for text, want := range map[string]bool{
		"":          false,
		"rules: []": true,
		"rules:\n  - effect: Deny\n    enforce: introduced\n    strict: true\n    workspace: 'a*'\n    exemptions:" + exemption: true,
		"rules:\n  - effect: deny":  false,
		"rules:\n  - enforce: none": false,
		"rules:\n  - strict: 1":     false,
		"rules:\n  - workspace: ''": false,
		"rules:\n  - workspaces: a": false,
		"rule: []":                  false,
		"[]":                        false,
		"rules: {}":                 false,
		"rules:\n  - exemptions:\n      - feature: nothing": false,
	} {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		_, err := runtask.ParseRules(strings.NewReader(text), baseline.Published())
		if (err == nil) != want {
			t.Errorf("parser: %q: %v", text, err)
		}
		if err := schema.Validate(value); (err == nil) != want {
			t.Errorf("schema: %q: %v", text, err)
		}
	}
}

// The log of the service is JSON that commands nobody and says the same.
func TestRunTaskLogCarriesNoCommands(t *testing.T) {
	log := &lines{waiting: map[string]chan struct{}{}}
	config := filepath.Join(t.TempDir(), "##vso[task.complete]::error::x.yaml")
	if err := os.WriteFile(config, []byte("rules: []"), 0o600); err != nil {
		t.Fatal(err)
	}
	reload := make(chan os.Signal)
	flags := runTaskFlags{insecure: true, config: config, connections: 10, hosts: []string{"127.0.0.1:1"}}
	requests, _, stop := startRunTask(t, log, flags, reload)
	if err := os.WriteFile(config, []byte("rules: 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := log.wait("is not valid")
	reload <- syscall.SIGHUP
	<-said
	// Who sends a request chooses the names in it, and a private address is never called.
	said = log.wait("accepted")
	const request = `{"payload_version":1,"access_token":"t","stage":"post_plan","task_result_id":"r",` +
		`"task_result_callback_url":"https://127.0.0.1:1/","run_id":"##vso[task.complete]::error::x"}`
	resp, err := http.Post("http://"+requests+"/", "application/json", strings.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	<-said
	if err := stop(); err != nil {
		t.Error(err)
	}
	log.mu.Lock()
	defer log.mu.Unlock()
	if all := log.all.String(); strings.Contains(all, "##") || strings.Contains(all, "::error") {
		t.Error(all)
	}
}

// The example for Kubernetes gives flags that there are, and mounts every place
// that they name.
func TestRunTaskOnKubernetes(t *testing.T) {
	raw, err := os.ReadFile("../../examples/run-task/kubernetes/manifests.yaml")
	if err != nil {
		t.Fatal(err)
	}
	type mount struct {
		Path string `yaml:"mountPath"`
	}
	var deployment struct {
		Spec struct {
			Template struct {
				Spec struct {
					Containers []struct {
						Args   []string
						Mounts []mount `yaml:"volumeMounts"`
					}
				}
			}
		}
	}
	if err := yaml.Unmarshal(raw, &deployment); err != nil { // the first document
		t.Fatal(err)
	}
	container := deployment.Spec.Template.Spec.Containers[0]
	a, _, _ := world()
	cmd := a.runTaskCommand()
	if container.Args[0] != cmd.Name() {
		t.Errorf("the command is %q", container.Args[0])
	}
	if err := cmd.ParseFlags(container.Args[1:]); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"hmac-key-file", "config", "report-dir", "public-url"} {
		value := strings.Trim(cmd.Flags().Lookup(name).Value.String(), "[]")
		mounted := slices.ContainsFunc(container.Mounts, func(m mount) bool {
			return value == m.Path || strings.HasPrefix(value, m.Path+"/")
		})
		if value == "" || name != "public-url" && !mounted {
			t.Errorf("--%s is %q, mounted are %v", name, value, container.Mounts)
		}
	}
}

// The Ingress of the example serves the host of --public-url, with TLS.
func TestRunTaskIngress(t *testing.T) {
	text := readText(t, "../../examples/run-task/kubernetes/manifests.yaml")
	for document := range strings.SplitSeq(text, "\n---\n") {
		var ingress struct {
			Kind string
			Spec struct {
				TLS   []struct{ Hosts []string }
				Rules []struct{ Host string }
			}
		}
		if err := yaml.Unmarshal([]byte(document), &ingress); err != nil {
			t.Fatal(err)
		}
		if ingress.Kind != "Ingress" {
			continue
		}
		host := ingress.Spec.Rules[0].Host
		if !strings.Contains(text, "--public-url=https://"+host+"\n") || !slices.Contains(ingress.Spec.TLS[0].Hosts, host) {
			t.Errorf("the Ingress serves %q, with TLS for %v", host, ingress.Spec.TLS[0].Hosts)
		}
		return
	}
	t.Error("there is no Ingress")
}
