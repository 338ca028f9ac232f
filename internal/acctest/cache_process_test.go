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

const noWaitVariable = "ACCTEST_IMPATIENT"

// outOfProcess is the provider in a process of its own. Where noWaitVariable is set it
// does not sleep between polls, and its version, which stands in the User-Agent of every
// request, has its process id.
func outOfProcess() tfprotov6.ProviderServer {
	if os.Getenv(noWaitVariable) == "" {
		return provider.Server("test", baseline.Published())()
	}
	return provider.Server(fmt.Sprint("test-", os.Getpid()), baseline.Published(),
		provider.WithAzure(func(o *arm.Options) { o.RetryDelay = time.Millisecond }),
		provider.WithSleep(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }))()
}

// ownHeader declares only this provider, so that no process is started for azurerm.
const ownHeader = `
terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}
`

// azureWorkspace is a workspace with a real Terraform, the provider in a process of its
// own, and a fake Azure that can hold one request until its client ends.
type azureWorkspace struct {
	*fakeAzure
	w        *workspace
	held     chan int // process id of the provider whose request is held
	mustHold func(r *http.Request, tookEffect bool) bool
}

func newAzureWorkspace(t *testing.T, o armtest.Options, config string) *azureWorkspace {
	t.Helper()
	s := &azureWorkspace{held: make(chan int, 1), mustHold: func(*http.Request, bool) bool { return false }}
	o.Before = func(r *http.Request) {
		body, _ := io.ReadAll(r.Body) //nolint:errcheck // a client that hangs up is seen below
		r.Body = io.NopCloser(bytes.NewReader(body))
		if s.mustHold(r, false) {
			s.hold(r)
			panic(http.ErrAbortHandler)
		}
	}
	o.After = func(r *http.Request) {
		if s.mustHold(r, true) {
			s.hold(r)
		}
	}
	s.fakeAzure = newFakeAzure(t, o)
	s.w = workspaceIn(t, azurermtest.V5, t.TempDir())
	s.w.write("main.tf", ownHeader+config)
	s.w.env = append(s.w.env, cloudEnv(t, s.endpoint)...)
	s.w.env = append(s.w.env, noWaitVariable+"=1", "ARM_SUBSCRIPTION_ID="+armtest.DefaultSubscription)
	return s
}

var processOf = regexp.MustCompile(`redisbaseline/test-(\d+)`)

// hold does not answer a request until its client is gone.
func (s *azureWorkspace) hold(r *http.Request) {
	if m := processOf.FindStringSubmatch(r.UserAgent()); m != nil {
		pid, _ := strconv.Atoi(m[1]) //nolint:errcheck // digits
		s.held <- pid
	}
	<-r.Context().Done()
}

// holdAfter holds the answer of the first request of a method and a path.
func (s *azureWorkspace) holdAfter(method, path string) {
	pattern, done := regexp.MustCompile(path), false
	s.mustHold = func(r *http.Request, tookEffect bool) bool {
		if done || !tookEffect || r.Method != method || !pattern.MatchString(r.URL.Path) {
			return false
		}
		done = true
		return true
	}
}

// runAndStop runs Terraform. As soon as a request is held it calls stop with the process
// ids of the provider and of Terraform.
func (s *azureWorkspace) runAndStop(stop func(provider, terraform int), args ...string) (string, bool) {
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
	case pid := <-s.held:
		stop(pid, cmd.Process.Pid)
		err = <-ended
	case err = <-ended:
		t.Errorf("the request that this test holds was never sent:\n%s", out.String())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), err == nil
}

// kill sends SIGKILL to the provider.
func kill(t *testing.T) func(provider, terraform int) {
	return func(provider, _ int) {
		if err := syscall.Kill(provider, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
}

// interrupt sends SIGINT to both, as a terminal does for Ctrl-C.
func interrupt(t *testing.T) func(provider, terraform int) {
	return func(_, terraform int) {
		if err := syscall.Kill(-terraform, syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}
}

// cacheState is the one cache in the state; nil where there is none.
func (s *azureWorkspace) cacheState() map[string]any {
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

func (s *azureWorkspace) stateFile() []byte {
	s.w.t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.w.dir, "terraform.tfstate"))
	if err != nil {
		s.w.t.Fatal(err)
	}
	return raw
}

func (s *azureWorkspace) noChanges() {
	s.w.t.Helper()
	if out, ok := s.w.run("plan", "-detailed-exitcode", "-input=false", "-no-color"); !ok || !strings.Contains(out, "No changes.") {
		s.w.t.Errorf("a plan after the apply is not empty:\n%s", out)
	}
}

var importBlock = regexp.MustCompile(`(?s)import \{.*?\n[ │]*\}`)

// adoptByImportBlock adds the import block in an error to the configuration, with the
// name of the resource.
func (s *azureWorkspace) adoptByImportBlock(out, name string) {
	s.w.t.Helper()
	block := importBlock.FindString(out)
	if !strings.Contains(block, "redisbaseline_cache.ADDRESS\n") {
		s.w.t.Fatalf("no import block in\n%s", out)
	}
	block = strings.ReplaceAll(block, "│", "")
	s.w.write("import.tf", strings.Replace(block, ".ADDRESS", "."+name, 1))
}

var applyArgs = []string{"apply", "-auto-approve", "-input=false", "-no-color"}

// outcome is the result of applies without failures: the objects of Azure, and the
// attributes in the state.
type outcome struct{ azure, state map[string]any }

func undisturbed(t *testing.T, configs ...string) outcome {
	t.Helper()
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	for _, config := range configs {
		if diags := k.run(t.Context(), k.config("redis-a", config)); failed(diags) {
			t.Fatal(diagText(diags))
		}
	}
	return outcome{c.objects(), plainOf(k.state).(map[string]any)}
}

// plainOf is a value as decoded JSON.
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

// applyInProcess creates the cache of a configuration with the provider in the process of
// the test.
func (s *azureWorkspace) applyInProcess(config string) {
	s.w.t.Helper()
	k := newFakeCore(s.w.t, s.fakeAzure)
	if diags := k.run(s.w.t.Context(), k.config("redis-a", config)); failed(diags) {
		s.w.t.Fatal(diagText(diags))
	}
}

// mustHave checks the objects of Azure and the attributes in the state.
func (s *azureWorkspace) mustHave(want outcome) {
	s.w.t.Helper()
	if diff := cmp.Diff(want.azure, s.objects()); diff != "" {
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
