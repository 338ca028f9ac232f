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

// rich has something of everything; richer is what it becomes.
const (
	rich = `sku_name = "Premium"
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
	richer = `sku_name = "Premium"
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

// trouble is one way in which a request goes wrong.
type trouble struct {
	name  string
	fault *armtest.Fault // nil: the provider is interrupted while the request is under way
	kill  bool           // and returns nothing
}

var troubles = []trouble{
	{"429", &armtest.Fault{Status: 429, Code: "TooManyRequests", Header: map[string]string{"Retry-After-Ms": "1"}}, false},
	{"409", &armtest.Fault{Status: 409, Code: "Conflict", Message: "The resource is busy processing a previous update request."}, false},
	{"500", &armtest.Fault{Status: 500, Code: "InternalServerError"}, false},
	{"400", &armtest.Fault{Status: 400, Code: "BadRequest", Message: "refused"}, false},
	{"reset", &armtest.Fault{Reset: true}, false},
	{"answer lost", &armtest.Fault{Reset: true, After: true}, false},
	{"interrupt", nil, false},
	{"kill", nil, true},
}

// bed is a fake that can interrupt its client at one request.
type bed struct {
	*cloud
	core   *core
	seen   atomic.Int64
	at     int64
	strike context.CancelFunc
}

func newBed(t *testing.T) *bed {
	t.Helper()
	b := &bed{}
	b.cloud = newCloud(t, armtest.Options{Before: func(*http.Request) {
		if n := b.seen.Add(1); b.at != 0 && n == b.at {
			b.strike()
		}
	}})
	b.core = newCore(t, b.cloud)
	return b
}

// suffer runs something during which the n-th request goes wrong.
func (b *bed) suffer(n int, w trouble, do func(ctx context.Context) []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	ctx, cancel := context.WithTimeout(b.core.t.Context(), time.Minute)
	defer cancel()
	b.seen.Store(0)
	if w.fault != nil {
		f := *w.fault
		f.Nth = n
		b.Inject(f)
	} else {
		b.at, b.strike = int64(n), cancel
	}
	state, private, id := b.core.state, b.core.private, b.core.id
	diags := do(ctx)
	if w.kill { // core knows nothing of what happened
		b.core.state, b.core.private, b.core.id = state, private, id
	}
	b.ClearFaults()
	b.at = 0
	b.Finish()
	return diags
}

// finish is the one more apply; after a kill during create it follows the
// import block that the error prints.
func (b *bed) finish(config tftypes.Value) {
	t := b.core.t
	diags := b.core.run(t.Context(), config)
	if failed(diags) && b.core.state.IsNull() && strings.Contains(said(diags), "exists already") {
		if detail := diags[len(diags)-1].Detail; !strings.Contains(detail, "import {") ||
			!strings.Contains(strings.ToLower(detail), strings.ToLower(cacheIDOf("redis-a"))) {
			t.Errorf("no import block: %s", detail)
		}
		b.core.adopt(cacheIDOf("redis-a"))
		diags = b.core.run(t.Context(), config)
	}
	if failed(diags) {
		t.Errorf("one more apply: %s\n%s", said(diags), diags[len(diags)-1].Detail)
	}
	b.core.steady(config)
}

// TestCacheFaults lets every request of create, update and delete go wrong in
// turn. One more apply, and Azure has what the configuration says. Each request
// goes wrong in one of the ways, or, where ACCTEST_EVERY_FAULT is set, in every.
func TestCacheFaults(t *testing.T) {
	every := os.Getenv("ACCTEST_EVERY_FAULT") != ""
	for _, s := range []struct {
		name   string
		before string // applied first
		do     func(b *bed, ctx context.Context) []*tfprotov6.Diagnostic
		finish func(b *bed)
	}{
		{"create", "", func(b *bed, ctx context.Context) []*tfprotov6.Diagnostic {
			return b.core.run(ctx, b.core.config("redis-a", rich))
		}, func(b *bed) { b.finish(b.core.config("redis-a", rich)) }},
		{"update", rich, func(b *bed, ctx context.Context) []*tfprotov6.Diagnostic {
			return b.core.run(ctx, b.core.config("redis-a", richer))
		}, func(b *bed) { b.finish(b.core.config("redis-a", richer)) }},
		{"delete", rich, func(b *bed, ctx context.Context) []*tfprotov6.Diagnostic { return b.core.destroy(ctx) }, func(b *bed) {
			if diags := b.core.destroy(b.core.t.Context()); failed(diags) {
				b.core.t.Error(said(diags))
			}
		}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start := func(t *testing.T) *bed {
				b := newBed(t)
				if s.before != "" {
					if diags := b.core.run(t.Context(), b.core.config("redis-a", s.before)); failed(diags) {
						t.Fatal(said(diags))
					}
				}
				return b
			}
			calm := start(t)
			calm.seen.Store(0)
			if diags := s.do(calm, t.Context()); failed(diags) {
				t.Fatal(said(diags), diags[0].Detail)
			}
			requests, want := int(calm.seen.Load()), calm.picture()
			t.Logf("%d requests, %d ways: %d fault points", requests, len(troubles), requests*len(troubles))
			for i, w := range troubles {
				t.Run(w.name, func(t *testing.T) {
					for n := 1; n <= requests; n++ {
						if !every && n%len(troubles) != i {
							continue
						}
						b := start(t)
						diags := b.suffer(n, w, func(ctx context.Context) []*tfprotov6.Diagnostic { return s.do(b, ctx) })
						s.finish(b)
						if diff := cmp.Diff(want, b.picture()); diff != "" {
							t.Errorf("request %d: Azure has something else (-want +got)\n%s", n, diff)
						}
						if t.Failed() {
							t.Fatalf("request %d of %d: %s", n, requests, saidInDetail(diags))
						}
						b.endpoint.Close()
					}
				})
			}
		})
	}
}

func saidInDetail(diags []*tfprotov6.Diagnostic) string {
	var out strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&out, "%s: %s\n  %s\n", d.Severity, d.Summary, d.Detail)
	}
	return out.String()
}
