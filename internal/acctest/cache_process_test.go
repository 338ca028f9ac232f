package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

const impatientVariable = "ACCTEST_IMPATIENT"

// outOfProcess is the provider in a process of its own. Where a test says so
// its waits yield and do not sleep, and its version, which every request names,
// tells which process it is.
func outOfProcess() tfprotov6.ProviderServer {
	if os.Getenv(impatientVariable) == "" {
		return provider.Server("test", baseline.Published())()
	}
	return provider.Server(fmt.Sprint("test-", os.Getpid()), baseline.Published(),
		provider.WithAzure(func(o *arm.Options) { o.RetryDelay = time.Millisecond }),
		provider.WithSleep(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }))()
}

// ownHeader declares this provider alone, which saves a process each time.
const ownHeader = `
terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}
`

// stage is a fake Azure, a real Terraform with the provider in a process of its
// own, and a hand that stops the world at one request.
type stage struct {
	*cloud
	w    *workspace
	hits chan int // process ids: somebody waits for an answer
	grip func(r *http.Request, tookEffect bool) bool
}

func newStage(t *testing.T, o armtest.Options, config string) *stage {
	t.Helper()
	s := &stage{hits: make(chan int, 1), grip: func(*http.Request, bool) bool { return false }}
	o.Before = func(r *http.Request) {
		body, _ := io.ReadAll(r.Body) //nolint:errcheck // who hangs up is seen below
		r.Body = io.NopCloser(bytes.NewReader(body))
		if s.grip(r, false) {
			s.hold(r)
			panic(http.ErrAbortHandler)
		}
	}
	o.After = func(r *http.Request) {
		if s.grip(r, true) {
			s.hold(r)
		}
	}
	s.cloud = newCloud(t, o)
	s.w = workspaceIn(t, azurermtest.V5, t.TempDir())
	s.w.write("main.tf", ownHeader+config)
	s.w.env = append(s.w.env, cloudEnv(t, s.endpoint)...)
	s.w.env = append(s.w.env, impatientVariable+"=1", "ARM_SUBSCRIPTION_ID="+armtest.DefaultSubscription)
	return s
}

var processOf = regexp.MustCompile(`redisbaseline/test-(\d+)`)

// hold keeps a request until its client is gone.
func (s *stage) hold(r *http.Request) {
	if m := processOf.FindStringSubmatch(r.UserAgent()); m != nil {
		pid, _ := strconv.Atoi(m[1]) //nolint:errcheck // digits
		s.hits <- pid
	}
	<-r.Context().Done()
}

// holdAfter holds the first request that matches and has taken effect.
func (s *stage) holdAfter(method, path string) {
	pattern, done := regexp.MustCompile(path), false
	s.grip = func(r *http.Request, tookEffect bool) bool {
		if done || !tookEffect || r.Method != method || !pattern.MatchString(r.URL.Path) {
			return false
		}
		done = true
		return true
	}
}

// during runs Terraform and calls strike with the processes of the provider and
// of Terraform as soon as a request is held.
func (s *stage) during(strike func(provider, terraform int), args ...string) (string, bool) {
	t := s.w.t
	t.Helper()
	cmd := s.w.command(args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell does
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var err error
	select {
	case pid := <-s.hits:
		strike(pid, cmd.Process.Pid)
		err = <-ended
	case err = <-ended:
		t.Errorf("the request at which this test strikes was never sent:\n%s", out.String())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), err == nil
}

// kill is kill -9 of the provider.
func kill(t *testing.T) func(provider, terraform int) {
	return func(provider, _ int) {
		if err := syscall.Kill(provider, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
}

// interrupt is Ctrl-C: the terminal sends it to both.
func interrupt(t *testing.T) func(provider, terraform int) {
	return func(_, terraform int) {
		if err := syscall.Kill(-terraform, syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}
}

// cacheState is what the state says of the one cache; nil where there is none.
func (s *stage) cacheState() map[string]any {
	s.w.t.Helper()
	if _, err := os.Stat(filepath.Join(s.w.dir, "terraform.tfstate")); os.IsNotExist(err) {
		return nil
	}
	var state struct {
		Resources []struct {
			Mode, Type string
			Instances  []map[string]any
		}
	}
	if err := json.Unmarshal(s.stateFile(), &state); err != nil {
		s.w.t.Fatal(err)
	}
	for _, r := range state.Resources {
		if r.Type == cacheType && r.Mode == "managed" && len(r.Instances) == 1 {
			return r.Instances[0]
		}
	}
	return nil
}

func (s *stage) stateFile() []byte {
	s.w.t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.w.dir, "terraform.tfstate"))
	if err != nil {
		s.w.t.Fatal(err)
	}
	return raw
}

func (s *stage) steady() {
	s.w.t.Helper()
	if out, ok := s.w.run("plan", "-detailed-exitcode", "-input=false", "-no-color"); !ok || !strings.Contains(out, "No changes.") {
		s.w.t.Errorf("a plan after the apply is not empty:\n%s", out)
	}
}

var importBlock = regexp.MustCompile(`(?s)import \{.*?\n[ │]*\}`)

// followImport does what the error says: it takes the import block out of it,
// with the name of the resource.
func (s *stage) followImport(out, name string) {
	s.w.t.Helper()
	block := importBlock.FindString(out)
	if !strings.Contains(block, "redisbaseline_cache.ADDRESS\n") {
		s.w.t.Fatalf("no import block in\n%s", out)
	}
	block = strings.ReplaceAll(block, "│", "")
	s.w.write("import.tf", strings.Replace(block, ".ADDRESS", "."+name, 1))
}

var applyArgs = []string{"apply", "-auto-approve", "-input=false", "-no-color"}

// outcome is what configurations lead to, one after the other, when nothing
// goes wrong: what Azure has, and what the state says of it.
type outcome struct{ azure, state map[string]any }

func calm(t *testing.T, configs ...string) outcome {
	t.Helper()
	c := newCloud(t, armtest.Options{})
	k := newCore(t, c)
	for _, config := range configs {
		if diags := k.run(t.Context(), k.config("redis-a", config)); failed(diags) {
			t.Fatal(said(diags))
		}
	}
	return outcome{c.picture(), plainOf(k.state).(map[string]any)}
}

// plainOf turns a value into what JSON would make of it.
func plainOf(v tftypes.Value) any {
	if v.IsNull() {
		return nil
	}
	switch typ := v.Type(); {
	case typ.Is(tftypes.String):
		var s string
		_ = v.As(&s) //nolint:errcheck // of this type
		return s
	case typ.Is(tftypes.Bool):
		var b bool
		_ = v.As(&b) //nolint:errcheck // of this type
		return b
	case typ.Is(tftypes.Number):
		n := new(big.Float)
		_ = v.As(&n) //nolint:errcheck // of this type
		f, _ := n.Float64()
		return f
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		var m map[string]tftypes.Value
		_ = v.As(&m) //nolint:errcheck // of this type
		out := map[string]any{}
		for name, inner := range m {
			out[name] = plainOf(inner)
		}
		return out
	}
	var items []tftypes.Value
	_ = v.As(&items) //nolint:errcheck // of this type
	out := []any{}
	for _, item := range items {
		out = append(out, plainOf(item))
	}
	return out
}

// prepare lets the provider in this process make what a state was written for.
func (s *stage) prepare(config string) {
	s.w.t.Helper()
	k := newCore(s.w.t, s.cloud)
	if diags := k.run(s.w.t.Context(), k.config("redis-a", config)); failed(diags) {
		s.w.t.Fatal(said(diags))
	}
}

// same checks that Azure and the state have what was meant.
func (s *stage) same(want outcome) {
	s.w.t.Helper()
	if diff := cmp.Diff(want.azure, s.picture()); diff != "" {
		s.w.t.Errorf("Azure has something else (-want +got)\n%s", diff)
	}
	state := s.cacheState()
	if state == nil {
		s.w.t.Error("the cache is not in the state")
		return
	}
	if diff := cmp.Diff(want.state, state["attributes"].(map[string]any)); diff != "" {
		s.w.t.Errorf("the state has something else (-want +got)\n%s", diff)
	}
}
