package acctest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// fullConfig has every block and child; changedConfig changes, adds and removes some.
const (
	fullConfig = `sku_name = "Premium"
  capacity = 1
  identity = { type = "SystemAssigned" }
  redis_configuration = { rdb_backup_enabled = true, maxmemory_policy = "allkeys-lru" }
  storage_connection_strings = { rdb_storage_connection_string = "BlobEndpoint=https://st.blob.core.windows.net/" }
  public_network_access_enabled = true
  access_keys_authentication_enabled = true
  firewall_rules = { a = { start_ip = "20.0.0.1", end_ip = "20.0.0.2" }, b = { start_ip = "20.0.1.1", end_ip = "20.0.1.2" } }
  access_policies = { app = "+get ~app:*" }
  access_policy_assignments = { app = { access_policy_name = "app", object_id = "` + armtest.DefaultTenant + `", object_id_alias = "app" } }
  diagnostic_settings = { logs = { log_analytics_workspace_id = "` + logs + `" } }
  private_endpoint = { subnet_id = "` + subnet + `", private_dns_zone_ids = ["` + zone + `"] }
  patch_schedule = [{ day_of_week = "Sunday", start_hour_utc = 2 }]
  tags = { team = "orders" }`
	changedConfig = `sku_name = "Premium"
  capacity = 2
  identity = { type = "SystemAssigned, UserAssigned", identity_ids = ["` + person + `"] }
  redis_configuration = { aof_backup_enabled = true, maxmemory_reserved = 2000 }
  storage_connection_strings = { aof_storage_connection_string_0 = "BlobEndpoint=https://st.blob.core.windows.net/" }
  firewall_rules = { b = { start_ip = "20.0.1.1", end_ip = "20.0.1.9" }, c = { start_ip = "20.0.2.1", end_ip = "20.0.2.2" } }
  access_policies = { app = "+get +set ~app:*", other = "+ping" }
  access_policy_assignments = {}
  diagnostic_settings = { more = { storage_account_id = "` + group +
		`/providers/Microsoft.Storage/storageAccounts/st", metric_categories = ["AllMetrics"] } }
  private_endpoint = {}
  patch_schedule = [{ day_of_week = "Monday", start_hour_utc = 1 }]
  tags = { team = "carts" }`
)

// requestFailure is a failure of one request.
type requestFailure struct {
	name  string
	fault *armtest.Fault // nil: the provider is interrupted during the request
	kill  bool           // the provider is killed, so that it returns no state
}

var requestFailures = []requestFailure{
	{"429", &armtest.Fault{Status: 429, Code: "TooManyRequests", Header: map[string]string{"Retry-After-Ms": "1"}}, false},
	{"409", &armtest.Fault{Status: 409, Code: "Conflict", Message: "The resource is busy processing a previous update request."}, false},
	{"500", &armtest.Fault{Status: 500, Code: "InternalServerError"}, false},
	{"400", &armtest.Fault{Status: 400, Code: "BadRequest", Message: "refused"}, false},
	{"reset", &armtest.Fault{Reset: true}, false},
	{"answer lost", &armtest.Fault{Reset: true, After: true}, false},
	{"interrupt", nil, false},
	{"kill", nil, true},
}

// faultRun is a fake Azure that can interrupt the provider at one request.
type faultRun struct {
	*fakeAzure
	core *fakeCore
	seen atomic.Int64
	at   int64
	stop context.CancelFunc
}

func newFaultRun(t *testing.T) *faultRun {
	t.Helper()
	b := &faultRun{}
	b.fakeAzure = newFakeAzure(t, armtest.Options{Before: func(*http.Request) {
		if n := b.seen.Add(1); b.at != 0 && n == b.at {
			b.stop()
		}
	}})
	b.core = newFakeCore(t, b.fakeAzure)
	return b
}

// withFailure calls a function whose n-th request fails.
func (b *faultRun) withFailure(n int, w requestFailure, do func(ctx context.Context) []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	ctx, cancel := context.WithTimeout(b.core.t.Context(), time.Minute)
	defer cancel()
	b.seen.Store(0)
	if w.fault != nil {
		f := *w.fault
		f.Nth = n
		b.Inject(f)
	} else {
		b.at, b.stop = int64(n), cancel
	}
	state, private, id := b.core.state, b.core.private, b.core.id
	diags := do(ctx)
	if w.kill { // the state is that before the run
		b.core.state, b.core.private, b.core.id = state, private, id
	}
	b.ClearFaults()
	b.at = 0
	b.Finish()
	return diags
}

// finish applies once more; after a kill during create it first imports the cache, as the
// import block in the error says.
func (b *faultRun) finish(config tftypes.Value) {
	t := b.core.t
	diags := b.core.run(t.Context(), config)
	if failed(diags) && b.core.state.IsNull() && strings.Contains(diagText(diags), "exists already") {
		if detail := diags[len(diags)-1].Detail; !strings.Contains(detail, "import {") ||
			!strings.Contains(strings.ToLower(detail), strings.ToLower(cacheIDOf("redis-a"))) {
			t.Errorf("no import block: %s", detail)
		}
		b.core.adopt(cacheIDOf("redis-a"))
		diags = b.core.run(t.Context(), config)
	}
	if failed(diags) {
		t.Errorf("one more apply: %s\n%s", diagText(diags), diags[len(diags)-1].Detail)
	}
	b.core.noChanges(config)
}

// TestCacheFaults: where any request of create, update or delete fails, one more apply
// gives Azure the resources that the configuration has. Each request has one of the
// failures, or, where ACCTEST_EVERY_FAULT is set, each of them.
func TestCacheFaults(t *testing.T) {
	every := os.Getenv("ACCTEST_EVERY_FAULT") != ""
	for _, s := range []struct {
		name   string
		before string // applied first
		do     func(b *faultRun, ctx context.Context) []*tfprotov6.Diagnostic
		finish func(b *faultRun)
	}{
		{"create", "", func(b *faultRun, ctx context.Context) []*tfprotov6.Diagnostic {
			return b.core.run(ctx, b.core.config("redis-a", fullConfig))
		}, func(b *faultRun) { b.finish(b.core.config("redis-a", fullConfig)) }},
		{"update", fullConfig, func(b *faultRun, ctx context.Context) []*tfprotov6.Diagnostic {
			return b.core.run(ctx, b.core.config("redis-a", changedConfig))
		}, func(b *faultRun) { b.finish(b.core.config("redis-a", changedConfig)) }},
		{"delete", fullConfig, func(b *faultRun, ctx context.Context) []*tfprotov6.Diagnostic { return b.core.destroy(ctx) }, func(b *faultRun) {
			if diags := b.core.destroy(b.core.t.Context()); failed(diags) {
				b.core.t.Error(diagText(diags))
			}
		}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start := func(t *testing.T) *faultRun {
				b := newFaultRun(t)
				if s.before != "" {
					if diags := b.core.run(t.Context(), b.core.config("redis-a", s.before)); failed(diags) {
						t.Fatal(diagText(diags))
					}
				}
				return b
			}
			undisturbed := start(t)
			undisturbed.seen.Store(0)
			if diags := s.do(undisturbed, t.Context()); failed(diags) {
				t.Fatal(diagText(diags), diags[0].Detail)
			}
			requests, want := int(undisturbed.seen.Load()), undisturbed.objects()
			t.Logf("%d requests, %d failures: %d fault points", requests, len(requestFailures), requests*len(requestFailures))
			for i, w := range requestFailures {
				t.Run(w.name, func(t *testing.T) {
					for n := 1; n <= requests; n++ {
						if !every && n%len(requestFailures) != i {
							continue
						}
						b := start(t)
						diags := b.withFailure(n, w, func(ctx context.Context) []*tfprotov6.Diagnostic { return s.do(b, ctx) })
						s.finish(b)
						if diff := cmp.Diff(want, b.objects()); diff != "" {
							t.Errorf("request %d: Azure has something else (-want +got)\n%s", n, diff)
						}
						if t.Failed() {
							t.Fatalf("request %d of %d: %s", n, requests, diagnosticDetails(diags))
						}
						b.endpoint.Close()
					}
				})
			}
		})
	}
}

// diagnosticDetails is the text of diagnostics with their details.
func diagnosticDetails(diags []*tfprotov6.Diagnostic) string {
	var out strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&out, "%s: %s\n  %s\n", d.Severity, d.Summary, d.Detail)
	}
	return out.String()
}
