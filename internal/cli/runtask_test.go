package cli

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask"
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
	write(key, "very secret\n")
	write(config, "rules: []")
	log := &lines{waiting: map[string]chan struct{}{}}
	a := &app{Version: "test", Baseline: baseline.AzureCacheForRedis, Stdout: io.Discard, Stderr: log, Now: time.Now, Getenv: func(string) string { return "" }}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reload, address, done := make(chan os.Signal), make(chan net.Addr, 1), make(chan error, 1)
	flags := runTaskFlags{
		listen: "127.0.0.1:0", metricsListen: "127.0.0.1:0", keyFiles: []string{key}, config: config, workers: 1, capacity: 1,
		maxSize: "1GiB", lifetime: time.Hour, grace: time.Second,
	}
	go func() { done <- a.serveRunTask(ctx, flags, reload, func(n net.Addr) { address <- n }) }()
	var url string
	select {
	case n := <-address:
		url = "http://" + n.String()
	case err := <-done:
		t.Fatal(err)
	}
	client := &http.Client{}
	defer client.CloseIdleConnections()
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 404, "/": 405, "/reports/x": 404} {
		resp, err := client.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
	for _, step := range []struct{ config, says string }{
		{"rules:\n  - effect: Deny", "read again"},
		{"rules:\n  - effect: Denied", "the one before stays"},
	} {
		said := log.wait(step.says)
		write(config, step.config)
		reload <- syscall.SIGHUP
		<-said
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if strings.Contains(log.all.String(), "very secret") {
		t.Error("the key is in the log")
	}
}

func TestRunTaskKeys(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, []byte("from file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{Getenv: func(k string) string { return map[string]string{hmacKeyVariable: "new\nold\n\n"}[k] }}
	keys, err := a.runTaskKeys([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range keys {
		got = append(got, string(k))
	}
	if strings.Join(got, ",") != "from file,new,old" {
		t.Errorf("keys %q", got)
	}
}

// The schema and the parser agree on what a rules file is.
func TestRunTaskSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(runTaskSchema(baseline.AzureCacheForRedis)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("run-task.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("run-task.json")
	if err != nil {
		t.Fatal(err)
	}
	exemption := "\n      - feature: DP-3/data-in-transit-encryption\n        cache: a\n        category: Waiver\n        description: d"
	for text, want := range map[string]bool{
		"":          true,
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
		_, err := runtask.ParseRules(strings.NewReader(text), baseline.AzureCacheForRedis)
		if (err == nil) != want {
			t.Errorf("parser: %q: %v", text, err)
		}
		if err := schema.Validate(value); (err == nil) != want {
			t.Errorf("schema: %q: %v", text, err)
		}
	}
}
