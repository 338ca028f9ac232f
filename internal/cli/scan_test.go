package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// clientSecret is what no output may ever hold.
const clientSecret = "CANARY-client-secret"

// cloudy is the command line in front of a fake Azure that listens over TLS,
// signed in with a real client secret.
type cloudy struct {
	*app
	fake           *armtest.Server
	env            map[string]string
	stdout, stderr *bytes.Buffer
}

func newCloudy(t *testing.T, opts armtest.Options) *cloudy {
	t.Helper()
	c := &cloudy{}
	opts.ClientSecret = clientSecret
	c.fake = armtest.New(opts)
	endpoint := c.fake.StartTLS(t)
	c.app, c.stdout, c.stderr = world()
	c.env = map[string]string{
		"ARM_ENVIRONMENT": "custom", "ARM_RESOURCE_MANAGER_ENDPOINT": endpoint.URL, "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": endpoint.URL,
		"ARM_DISABLE_INSTANCE_DISCOVERY": "true", "ARM_USE_CLI": "false",
		"ARM_TENANT_ID": armtest.DefaultTenant, "ARM_CLIENT_ID": "client", "ARM_CLIENT_SECRET": clientSecret,
	}
	c.Getenv = func(name string) string { return c.env[name] }
	c.Azure = func(o *arm.Options) { o.Transport, o.RetryDelay = endpoint.Client(), time.Millisecond }
	t.Cleanup(func() {
		c.fake.AssertReadOnly(t)
		for _, r := range c.fake.Requests() {
			if strings.Contains(strings.ToLower(r.Path), "listkeys") {
				t.Errorf("access keys were asked for: %s", r.Path)
			}
		}
		for name, out := range map[string]string{"standard output": c.stdout.String(), "standard error": c.stderr.String()} {
			if strings.Contains(out, "CANARY") || strings.Contains(out, armtest.Canary) {
				t.Errorf("%s holds a secret", name)
			}
		}
	})
	return c
}

// scan runs the command and returns what this run alone printed.
func (c *cloudy) scan(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	out, err := c.stdout.Len(), c.stderr.Len()
	code = c.run(t.Context(), append([]string{"scan"}, args...))
	return code, c.stdout.String()[out:], c.stderr.String()[err:]
}

// judged is scan with a JSON report.
func (c *cloudy) judged(t *testing.T, args ...string) (int, report.Report) {
	t.Helper()
	code, stdout, stderr := c.scan(t, append([]string{"--format", "json"}, args...)...)
	var r report.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("%v\n%s\n%s", err, stdout, stderr)
	}
	checkReport(t, "scan", stdout)
	return code, r
}

func cacheNames(r report.Report) []string {
	var out []string
	for _, c := range r.Caches {
		out = append(out, *c.Name)
	}
	return out
}

func statusOf(t *testing.T, c report.Cache, id string) report.Finding {
	t.Helper()
	for _, f := range append(c.Features, c.Advisories...) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("no %s", id)
	return report.Finding{}
}

const (
	publicAccess = "NS-2/disable-public-network-access"
	resourceLogs = "LT-4/azure-resource-logs"
)

// A report of a scan has kind existing, change null, all 25 features in order.
func TestScanReport(t *testing.T) {
	c := newCloudy(t, armtest.Options{})
	armtest.Demo(c.fake)
	code, r := c.judged(t)
	if code != exitObjections || r.Source.Kind != report.SourceExisting || !slices.Equal(r.Source.Inputs, []string{"all subscriptions"}) {
		t.Errorf("exit code %d, source %+v", code, r.Source)
	}
	if got, want := cacheNames(r), []string{"redis-batch", "redis-legacy", "redis-shop", "redis-try"}; !slices.Equal(got, want) {
		t.Errorf("caches %v, want %v", got, want)
	}
	for _, cache := range r.Caches {
		if cache.Change != nil || cache.Address != nil || cache.ResourceID == nil || len(cache.Features) != 25 {
			t.Errorf("%s: %+v", *cache.Name, cache)
		}
		for i, f := range cache.Features {
			if f.ID != c.Documents[0].Features[i].ID || f.Since != nil {
				t.Errorf("%s: feature %d is %s, since %v", *cache.Name, i, f.ID, f.Since)
			}
		}
		if want := *cache.Name == "redis-shop"; cache.Compliant == nil || *cache.Compliant != want {
			t.Errorf("%s: compliant %s, want %v", *cache.Name, tristate(cache.Compliant), want)
		}
	}
	if r.Summary.Caches != 4 || len(r.Notes) != 0 {
		t.Errorf("summary %+v, notes %v", r.Summary, r.Notes)
	}
}

// What is judged: the ids, else the selection, else everything.
func TestScanSelection(t *testing.T) {
	const other = "33333333-3333-3333-3333-333333333333"
	id := armtest.Cache{Name: "b", ResourceGroup: "rg1"}.ID()
	for _, tt := range []struct {
		name   string
		args   []string
		want   []string
		inputs []string
	}{
		{"everything", nil, []string{"b", "a", "c"}, []string{"all subscriptions"}},
		{"a subscription", []string{"--subscription", other}, []string{"c"}, []string{"subscription " + other}},
		{"as an id", []string{"--subscription", "/subscriptions/" + other}, []string{"c"}, []string{"subscription " + other}},
		{"two subscriptions", []string{"--subscription", other, "--subscription", armtest.DefaultSubscription}, []string{"b", "a", "c"},
			[]string{"subscription " + other, "subscription " + armtest.DefaultSubscription}},
		{"a management group", []string{"--management-group", "corp"}, []string{"b", "a"}, []string{"management group corp"}},
		{"a resource group", []string{"--resource-group", "RG1"}, []string{"b", "c"}, []string{"all subscriptions", "resource group RG1"}},
		{"a tag", []string{"--tag", "ENV=prod"}, []string{"b"}, []string{"all subscriptions", "tag ENV=prod"}},
		{"a tag of any value", []string{"--tag", "env"}, []string{"b", "a"}, []string{"all subscriptions", "tag env"}},
		{"an id", []string{id}, []string{"b"}, []string{id}},
		{"an id in other letters, twice", []string{strings.ToUpper(id), id + "/"}, []string{"B"}, []string{strings.ToUpper(id)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCloudy(t, armtest.Options{OddCasing: true})
			c.fake.PutSubscription(armtest.Subscription{ID: armtest.DefaultSubscription, ManagementGroups: []string{"corp"}})
			c.fake.PutCache(armtest.Cache{Name: "b", ResourceGroup: "rg1", Tags: map[string]string{"env": "prod"}})
			c.fake.PutCache(armtest.Cache{Name: "a", ResourceGroup: "rg2", Tags: map[string]string{"Env": "test"}})
			c.fake.PutCache(armtest.Cache{Name: "c", ResourceGroup: "rg1", Subscription: other})
			code, r := c.judged(t, tt.args...)
			if code != exitObjections {
				t.Errorf("exit code %d", code)
			}
			names := cacheNames(r)
			if len(names) != len(tt.want) || !strings.EqualFold(strings.Join(names, " "), strings.Join(tt.want, " ")) {
				t.Errorf("caches %v, want %v", names, tt.want)
			}
			if !slices.Equal(r.Source.Inputs, tt.inputs) {
				t.Errorf("inputs %v, want %v", r.Source.Inputs, tt.inputs)
			}
		})
	}
}

// What fails, and how hard.
func TestScanExitCodes(t *testing.T) {
	dir := t.TempDir()
	exemptions := filepath.Join(dir, "exemptions.yaml")
	var list strings.Builder
	for _, id := range []string{"NS-2/azure-private-link", publicAccess, "AM-2/azure-policy-support", resourceLogs} {
		fmt.Fprintf(&list, "- {feature: %s, cache: cache, category: Waiver, description: a test}\n", id)
	}
	if err := os.WriteFile(exemptions, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		want int
	}{
		{"violations", nil, exitObjections},
		{"none enforced", []string{"--enforce", "none"}, exitOK},
		{"exempt", []string{"--exemptions", exemptions}, exitOK},
		{"an advisory that is not followed", []string{"--exemptions", exemptions, "--fail-on-advisory", "advisory/access-keys-disabled"},
			exitObjections},
		{"no cache there", []string{"--resource-group", "none"}, exitOK},
		{"exemptions that are not there", []string{"--exemptions", filepath.Join(dir, "none")}, exitInput},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCloudy(t, armtest.Options{})
			c.fake.PutCache(armtest.Cache{})
			if code, stdout, stderr := c.scan(t, tt.args...); code != tt.want {
				t.Errorf("exit code %d, want %d\n%s\n%s", code, tt.want, stdout, stderr)
			}
		})
	}
	t.Run("undecided with --strict", func(t *testing.T) {
		c := newCloudy(t, armtest.Options{})
		armtest.Demo(c.fake)
		shop := armtest.Cache{Name: "redis-shop", ResourceGroup: "rg-demo"}.ID()
		c.fake.Deny(regexp.MustCompile(`(?i)diagnosticSettings$`), "")
		if code, _, stderr := c.scan(t, shop); code != exitOK {
			t.Errorf("exit code %d: %s", code, stderr)
		}
		if code, _, stderr := c.scan(t, "--strict", shop); code != exitObjections {
			t.Errorf("--strict: exit code %d: %s", code, stderr)
		}
		_, r := c.judged(t, shop)
		if f := statusOf(t, r.Caches[0], resourceLogs); f.Status != report.Unknown || *f.Reason != "forbidden" ||
			!strings.Contains(f.Message, "Microsoft.Insights/diagnosticSettings/read") {
			t.Errorf("%+v", f)
		}
	})
}

// Every format, in one run.
func TestScanFormats(t *testing.T) {
	dir := t.TempDir()
	c := newCloudy(t, armtest.Options{})
	armtest.Demo(c.fake)
	var args []string
	for _, f := range report.Formats() {
		args = append(args, "--format", f+"="+filepath.Join(dir, f))
	}
	code, stdout, stderr := c.scan(t, args...)
	if code != exitObjections || stdout != "" || !strings.HasPrefix(stderr, "redisbaseline: 4 caches, 10 violations: fails; written: ") {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
	for _, f := range report.Formats() {
		raw, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil || !bytes.Contains(raw, []byte("redis-legacy")) {
			t.Errorf("%s: %v, %d bytes", f, err, len(raw))
		}
		if bytes.Contains(raw, []byte("CANARY")) || bytes.Contains(raw, []byte(armtest.Canary)) {
			t.Errorf("%s holds a secret", f)
		}
	}
}

func TestScanUsage(t *testing.T) {
	id := armtest.Cache{}.ID()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"redis-shop"}, "is not the id of a resource"},
		{[]string{"/subscriptions/s/resourceGroups/r/providers/Microsoft.Cache/redisEnterprise/x/databases/default"},
			"is the id of a Microsoft.Cache/redisEnterprise/databases, not of a"},
		{[]string{id, "--subscription", armtest.DefaultSubscription}, "either RESOURCE_IDs, or"},
		{[]string{id, "--tag", "env"}, "either RESOURCE_IDs, or"},
		{[]string{"--subscription", "production"}, "is not the id of a subscription"},
		{[]string{"--management-group", ""}, "--management-group is empty"},
		{[]string{"--tag", "=x"}, "neither NAME=VALUE nor NAME"},
		{[]string{"--tag", "env="}, "neither NAME=VALUE nor NAME"},
		{[]string{"--tag", "env=a", "--tag", "Env=b"}, "two --tag are about Env"},
		{[]string{"--format", "nonsense"}, "unknown format"},
		{[]string{"--enforce", "introduced"}, "needs --baseline"},
		{[]string{"--enforce", "some"}, "unknown value"},
		{[]string{"--fail-on-advisory", "advisory/retirment"}, "did you mean advisory/retirement"},
		{[]string{"--concurrency", "0"}, "not between 1 and 256"},
		{[]string{"--request-timeout", "0s"}, "not a time to wait"},
		{[]string{"--environment", "moon"}, `environment "moon"`},
		{[]string{"--resource-manager-endpoint", "http://localhost"}, "https only"},
		{[]string{"--client-secret", "x"}, "unknown flag --client-secret "},
		{[]string{"--subscription-id", "x"}, "unknown flag --subscription-id "},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			c := newCloudy(t, armtest.Options{})
			code, stdout, stderr := c.scan(t, tt.args...)
			if code != exitUsage || stdout != "" || !strings.Contains(stderr, tt.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit code %d, %q, %q; want one line that says %q", code, stdout, stderr, tt.want)
			}
			if n := len(c.fake.Requests()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

// Each setting but the secrets is a flag, and each secret stands in the help
// with its environment variables.
func TestScanSettings(t *testing.T) {
	a, stdout, _ := world()
	if code := a.run(t.Context(), []string{"scan", "--help"}); code != exitOK {
		t.Fatal(code)
	}
	help := stdout.String()
	for _, s := range arm.Settings() {
		flag := strings.Contains(help, "--"+flagName(s)+"\n") || strings.Contains(help, "--"+flagName(s)+" (default")
		if flag == (s.Sensitive || s.Name == arm.SubscriptionID) {
			t.Errorf("%s: a flag %v", s.Name, flag)
		}
		for _, env := range s.Env {
			if !strings.Contains(help, env) {
				t.Errorf("the help does not name %s", env)
			}
		}
	}

	// A flag counts before the environment, a file may hold the secret.
	c := newCloudy(t, armtest.Options{})
	c.fake.PutCache(armtest.Cache{})
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(clientSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.env["ARM_CLIENT_SECRET"], c.env["ARM_USE_OIDC"] = "", "true"
	code, _, stderr := c.scan(t, "--use-oidc=false", "--auxiliary-tenant-ids", "a,b", "--client-secret-file-path", file)
	if code != exitObjections {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// twoSubscriptions has the caches a and b in one subscription and c in another.
const second = "33333333-3333-3333-3333-333333333333"

func twoSubscriptions(t *testing.T, opts armtest.Options) *cloudy {
	c := newCloudy(t, opts)
	c.fake.PutCache(armtest.Cache{Name: "a"})
	c.fake.PutCache(armtest.Cache{Name: "b"})
	c.fake.PutCache(armtest.Cache{Name: "c", Subscription: second})
	return c
}

// What was asked for and cannot be seen is exit code 3, said on standard error
// and in the report; the rest is judged.
func TestScanUnseen(t *testing.T) {
	all := []string{"--subscription", armtest.DefaultSubscription, "--subscription", second}
	a, gone := armtest.Cache{Name: "a"}.ID(), armtest.Cache{Name: "gone"}.ID()
	for _, tt := range []struct {
		name string
		args []string
		deny func(*armtest.Server)
		want []string
		says string
	}{
		{"a subscription without access", all, func(s *armtest.Server) { s.DenySubscription(second) }, []string{"a", "b"}, "Reader"},
		{"a subscription whose list is refused", all, func(s *armtest.Server) {
			s.Deny(regexp.MustCompile(`(?i)`+second+`/providers/Microsoft.Cache/redis$`), "")
		}, []string{"a", "b", "c"}, "Reader"},
		{"a subscription that does not answer well", nil, func(s *armtest.Server) {
			s.Inject(armtest.Fault{Path: regexp.MustCompile(second + `/providers/Microsoft.Cache/redis$`), Body: []byte("<html>"), Times: -1})
		}, []string{"a", "b"}, "HTML; a proxy"},
		{"a management group that is not there", append([]string{"--management-group", "nowhere"}, all...), func(*armtest.Server) {},
			[]string{"a", "b", "c"}, "management group nowhere"},
		{"an id that does not exist", []string{a, gone}, func(*armtest.Server) {}, []string{"a"}, "does not exist"},
		{"an id that may not be read", []string{a, gone}, func(s *armtest.Server) { s.Deny(regexp.MustCompile(`redis/gone$`), "") },
			[]string{"a", "gone"}, "Reader"},
		{"a child that is no JSON", []string{a}, func(s *armtest.Server) {
			s.Inject(armtest.Fault{Path: regexp.MustCompile(`diagnosticSettings$`), Body: []byte("{"), Times: -1})
		}, []string{"a"}, "was not read completely"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := twoSubscriptions(t, armtest.Options{})
			tt.deny(c.fake)
			page := filepath.Join(t.TempDir(), "scan.html")
			code, r := c.judged(t, append([]string{"--format", "html=" + page}, tt.args...)...)
			stderr := c.stderr.String()
			if html, err := os.ReadFile(page); err != nil || !strings.Contains(string(html), "<title>Incomplete: ") {
				t.Errorf("%v, or the page claims to be of everything", err)
			}
			if code != exitInput || !slices.Equal(cacheNames(r), tt.want) {
				t.Errorf("exit code %d, caches %v, want %v", code, cacheNames(r), tt.want)
			}
			notes := strings.Join(r.Notes, "\n")
			for _, cache := range r.Caches {
				notes += "\n" + strings.Join(cache.Notes, "\n")
			}
			if !strings.Contains(stderr, tt.says) || notes == "" {
				t.Errorf("standard error %q, notes %q; want %q", stderr, notes, tt.says)
			}
		})
	}
}

// 403 everywhere is exit code 3, nothing is decided, and the
// message names the role Reader.
func TestScanForbiddenEverywhere(t *testing.T) {
	t.Run("the caches", func(t *testing.T) {
		c := twoSubscriptions(t, armtest.Options{})
		c.fake.Deny(regexp.MustCompile(`(?i)/providers/`), "")
		code, r := c.judged(t, armtest.Cache{Name: "a"}.ID(), armtest.Cache{Name: "b"}.ID())
		if code != exitInput || len(r.Caches) != 2 {
			t.Fatalf("exit code %d, %d caches", code, len(r.Caches))
		}
		for _, cache := range r.Caches {
			if cache.Compliant != nil {
				t.Errorf("%s is decided", *cache.Name)
			}
			for _, f := range cache.Features {
				// DP-4 holds for every cache of the service, whatever can be read.
				if f.Status != report.Unknown && f.Status != report.NotSupported && f.ID != "DP-4/platform-key-encryption" {
					t.Errorf("%s: %s is %s", *cache.Name, f.ID, f.Status)
				}
				if f.Status == report.Unknown && *f.Reason != "forbidden" {
					t.Errorf("%s: %s is unknown for %s", *cache.Name, f.ID, *f.Reason)
				}
			}
		}
		if !strings.Contains(c.stderr.String(), "role Reader") {
			t.Error(c.stderr)
		}
	})
	for name, args := range map[string][]string{
		"everything":     nil,
		"a subscription": {"--subscription", second},
	} {
		t.Run(name, func(t *testing.T) {
			c := twoSubscriptions(t, armtest.Options{})
			c.fake.Deny(regexp.MustCompile(`.`), "")
			code, stdout, stderr := c.scan(t, args...)
			reported := strings.Contains(stdout, "was judged")
			if code != exitInput || reported != (args != nil) || !strings.Contains(stderr, "Reader") {
				t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
			}
		})
	}
}

// A scan whose only scope cannot be seen writes a report of no cache that names the
// scope, in every format, and no page or comment says that it passes.
func TestScanReportsWhatAloneWasAskedFor(t *testing.T) {
	for _, format := range report.Formats() {
		c := twoSubscriptions(t, armtest.Options{})
		c.fake.DenySubscription(second)
		file := filepath.Join(t.TempDir(), "report")
		code, stdout, stderr := c.scan(t, "--subscription", second, "--format", format+"="+file)
		raw, err := os.ReadFile(file)
		text := strings.ReplaceAll(string(raw), "\\", "")
		if code != exitInput || stdout != "" || err != nil || !strings.Contains(text, second+" could not be seen") ||
			regexp.MustCompile(`(?i)passes`).MatchString(text) {
			t.Errorf("%s: exit code %d, %v, %s\n%s", format, code, err, stderr, text)
		}
		if want := "redisbaseline: 0 caches, 0 violations; written: " + file; !strings.Contains(stderr, want) {
			t.Errorf("%s: no %q in %s", format, want, stderr)
		}
	}
	c := twoSubscriptions(t, armtest.Options{})
	c.fake.DenySubscription(second)
	if _, r := c.judged(t, "--subscription", second); len(r.Unseen) != 1 || r.Unseen[0].ID != second || !r.Unseen[0].Forbidden {
		t.Errorf("%+v", r.Unseen)
	}
}

// A cache that is deleted between list and read is noted; nothing else is wrong.
func TestScanDeletedOnTheWay(t *testing.T) {
	var c *cloudy
	c = twoSubscriptions(t, armtest.Options{Before: func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/b/patchSchedules/default") {
			c.fake.Remove(armtest.Cache{Name: "b"}.ID())
		}
	}})
	code, r := c.judged(t, "--concurrency", "1", "--enforce", "none")
	if code != exitOK || len(r.Notes) != 2 || !strings.Contains(r.Notes[0], "deleted while the scan ran") ||
		!strings.HasPrefix(r.Notes[1], "passes: --enforce none, ") || !slices.Equal(cacheNames(r), []string{"a", "c"}) {
		t.Errorf("exit code %d, %v, caches %v", code, r.Notes, cacheNames(r))
	}
}

// A token that expires in the middle is renewed, and nobody notices.
func TestScanTokenExpires(t *testing.T) {
	var later atomic.Int64
	c := twoSubscriptions(t, armtest.Options{
		Now:           func() time.Time { return time.Now().Add(time.Duration(later.Load())) },
		TokenLifetime: time.Minute,
		Before: func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/a/patchSchedules/default") && later.Load() == 0 {
				later.Store(int64(2 * time.Minute))
			}
		},
	})
	code, r := c.judged(t, "--concurrency", "1")
	if code != exitObjections || len(r.Caches) != 3 || c.stderr.Len() > 0 {
		t.Errorf("exit code %d, %d caches, %s", code, len(r.Caches), c.stderr)
	}
	if n := c.fake.Count(armtest.KindToken, ""); n < 2 {
		t.Errorf("%d tokens were asked for", n)
	}
}

// transport answers by itself.
type transport func(*http.Request) (*http.Response, error)

func (f transport) Do(r *http.Request) (*http.Response, error) { return f(r) }

// Weather that keeps a scan from seeing anything: one reason, no report, exit
// code 3, and no body of an answer.
func TestScanBadWeather(t *testing.T) {
	subscriptions := regexp.MustCompile(`^/subscriptions$`)
	fault := func(f armtest.Fault) func(*cloudy) {
		return func(c *cloudy) { f.Path, f.Times = subscriptions, -1; c.fake.Inject(f) }
	}
	network := func(err error) func(*cloudy) {
		return func(c *cloudy) {
			c.Azure = func(o *arm.Options) {
				o.Transport, o.RetryDelay = transport(func(*http.Request) (*http.Response, error) { return nil, err }), time.Millisecond
			}
		}
	}
	for _, tt := range []struct {
		name    string
		prepare func(*cloudy)
		want    string
	}{
		{"HTML of a proxy", fault(armtest.Fault{Body: []byte("<html>" + armtest.Canary), Header: map[string]string{"Content-Type": "text/html"}}),
			"HTML; a proxy may stand in between"},
		{"malformed JSON", fault(armtest.Fault{Body: []byte(`{"value":["` + armtest.Canary)}), "not the JSON of Azure Resource Manager"},
		{"connections that are reset", fault(armtest.Fault{Reset: true}), "no good answer in time"},
		{"no answer", fault(armtest.Fault{Hang: true}), "no answer in time"},
		{"503 for good", fault(armtest.Fault{Status: 503}), "no good answer in time"},
		{"Retry-After beyond the deadline", fault(armtest.Fault{Status: 429, Header: map[string]string{"Retry-After": "3600"}}), "status 429"},
		{"a token that is refused", fault(armtest.Fault{Status: 401, Code: "InvalidAuthenticationToken"}), "does not accept the token"},
		{"DNS", network(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "login.example.test", IsNotFound: true}}),
			"no such host"},
		{"TLS", func(c *cloudy) {
			c.Azure = func(o *arm.Options) {
				o.Transport, o.RetryDelay = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, time.Millisecond
			}
		}, "unknown authority"},
		{"a wrong secret", func(c *cloudy) { c.env["ARM_CLIENT_SECRET"] = "CANARY-wrong" }, "tried: client secret"},
		{"nothing to sign in with", func(c *cloudy) { c.env["ARM_CLIENT_SECRET"] = "" }, "nothing to sign in with is configured"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			c := twoSubscriptions(t, armtest.Options{})
			tt.prepare(c)
			deadline := "1m" // never reached
			if strings.Contains(tt.want, "in time") {
				deadline = "300ms"
			}
			code, stdout, stderr := c.scan(t, "--request-timeout", deadline, "--format", "text", "--format", "json="+filepath.Join(dir, "out.json"))
			if code != exitInput || stdout != "" || !strings.HasPrefix(stderr, "redisbaseline: ") || !strings.Contains(stderr, tt.want) {
				t.Errorf("exit code %d, %q, %q; want %q", code, stdout, stderr, tt.want)
			}
			if left := names(t, dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// A byte order mark, odd casing, unknown states and properties are no weather.
func TestScanOddAnswers(t *testing.T) {
	c := newCloudy(t, armtest.Options{OddCasing: true})
	id := c.fake.PutCache(armtest.Cache{Properties: map[string]any{"provisioningState": "Reticulating",
		"somethingNew": map[string]any{"a": 1}}})
	c.fake.Inject(armtest.Fault{Path: regexp.MustCompile(`(?i)/redis/cache$`), Prefix: []byte("\xef\xbb\xbf"), Times: -1})
	if code, r := c.judged(t, strings.ToLower(id)); code != exitObjections ||
		statusOf(t, r.Caches[0], publicAccess).Status != report.NonCompliant {
		t.Errorf("exit code %d: %s", code, c.stderr)
	}
}

// An interrupt at any step prints what was judged so
// far, says that it is partial, ends with exit code 3, and leaves no goroutine.
func TestScanInterruptedAtEveryStep(t *testing.T) {
	all := []string{armtest.Cache{Name: "a"}.ID(), armtest.Cache{Name: "b"}.ID(), armtest.Cache{Name: "c", Subscription: second}.ID()}
	for name, args := range map[string][]string{"selection": nil, "ids": all} {
		args = append([]string{"scan", "--concurrency", "1"}, args...)
		whole := twoSubscriptions(t, armtest.Options{})
		if code := whole.run(t.Context(), args); code != exitObjections {
			t.Fatal(code)
		}
		partial := 0
		for step := 1; step <= len(whole.fake.Requests()); step++ {
			t.Run(fmt.Sprint(name, " ", step), func(t *testing.T) {
				current := goleak.IgnoreCurrent()
				t.Cleanup(func() { goleak.VerifyNone(t, current) })
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				seen := make(chan struct{}, 1000)
				c := twoSubscriptions(t, armtest.Options{Before: func(*http.Request) {
					seen <- struct{}{}
					if len(seen) == step {
						cancel()
					}
				}})
				code := c.run(ctx, args)
				stdout, stderr := c.stdout.String(), c.stderr.String()
				switch {
				case code == exitObjections && strings.Contains(stdout, "3 caches:"):
					// The last answer was already under way.
				case code != exitInput || !strings.Contains(stderr, "interrupted"):
					t.Errorf("exit code %d, %q", code, stderr)
				case stdout == "":
					if !strings.Contains(stderr, "interrupted before any cache was judged") {
						t.Errorf("nothing is shown, and %q", stderr)
					}
				default:
					partial++
					if !strings.Contains(stdout, "note: partial: interrupted after") ||
						!strings.Contains(stderr, "the report is partial: interrupted after") {
						t.Errorf("%s\n%s", stdout, stderr)
					}
				}
			})
		}
		if partial == 0 {
			t.Errorf("%s: no interrupt came between two caches, so that this proves nothing", name)
		}
	}
}

// A bar on a terminal, and nothing of it anywhere else.
func TestScanProgress(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		ticks := make(chan time.Time)
		c := newCloudy(t, armtest.Options{Before: func(r *http.Request) {
			if terminal && strings.HasSuffix(r.URL.Path, "/providers/Microsoft.Cache/redis") {
				ticks <- time.Time{}
				ticks <- time.Time{} // the first line has been drawn
			}
		}})
		c.fake.PutCache(armtest.Cache{})
		c.IsTerminal = func(w io.Writer) bool { return terminal && w == io.Writer(c.stderr) }
		c.Ticks = func() (<-chan time.Time, func()) { return ticks, func() {} }
		_, stdout, stderr := c.scan(t)
		if terminal && (!strings.Contains(stderr, "[..........] 0 of 1 cache") || !strings.HasSuffix(stderr, "\r\x1b[K")) ||
			!terminal && stderr != "" {
			t.Errorf("terminal %v: %q", terminal, stderr)
		}
		if strings.Contains(stdout, "\x1b") {
			t.Errorf("the report holds the bar: %q", stdout)
		}
	}
	if got := bar(3, 4) + bar(0, 0) + bar(9, 4); got != "[#######...][..........][##########]" {
		t.Error(got)
	}
}

// How fast, and how long still; the clock is that of the caller.
func TestPaceWords(t *testing.T) {
	for _, c := range []struct {
		n, total int
		passed   time.Duration
		want     string
	}{
		{0, 100, time.Minute, ""},
		{5, 100, time.Millisecond, ""},
		{15, 2004, 8 * time.Second, ", 1.9/s, 18 min left"},
		{50, 100, 10 * time.Second, ", 5.0/s, 10 s left"},
		{100, 100, 10 * time.Second, ", 10.0/s"},
	} {
		if got := paceWords(c.n, c.total, c.passed); got != c.want {
			t.Errorf("%d of %d after %s: %q, want %q", c.n, c.total, c.passed, got, c.want)
		}
	}
}

// A scan that waits says what for, and --quiet says nothing.
func TestScanSaysWhatItWaitsFor(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		a, _, stderr := world()
		ticks := make(chan time.Time)
		a.IsTerminal = func(w io.Writer) bool { return w == io.Writer(stderr) }
		a.Ticks = func() (<-chan time.Time, func()) { return ticks, func() {} }
		clock := a.Now()
		a.Now = func() time.Time { return clock }
		a.quiet = quiet
		job := &scanJob{walk: &idWalk{ids: make([]string, 2004)}}
		done := job.showProgress(a)
		job.judged.Store(15)
		job.waiting.Store(3)
		clock = clock.Add(8 * time.Second)
		if !quiet {
			ticks <- time.Time{}
		}
		done()
		want := "\r\x1b[K[..........] 15 of 2004 caches, 1.9/s, 18 min left, waiting for Azure's quota\r\x1b[K"
		if quiet {
			want = ""
		}
		if got := stderr.String(); got != want {
			t.Errorf("quiet %v: %q, want %q", quiet, got, want)
		}
	}
}

// A filter that matches no cache is named in every format, beside others that do.
func TestScanUnmatchedFilter(t *testing.T) {
	for _, format := range report.Formats() {
		c := newCloudy(t, armtest.Options{})
		armtest.Demo(c.fake)
		code, stdout, stderr := c.scan(t, "--format", format, "--enforce", "none", "--resource-group", "rg-demo", "--resource-group", "rg-dmo")
		stdout = strings.ReplaceAll(stdout, "\\", "")
		if code != exitOK || !strings.Contains(stdout, "no cache that was read matches resource group rg-dmo") {
			t.Errorf("%s: exit code %d, %s%s", format, code, stdout, stderr)
		}
	}
}

// A certificate that nobody vouches for is named as the cause, however short the time:
// of the place that gives tokens too.
func TestScanUntrustedCertificate(t *testing.T) {
	c := newCloudy(t, armtest.Options{})
	untrusting := &http.Transport{}
	t.Cleanup(untrusting.CloseIdleConnections)
	c.Azure = func(o *arm.Options) { o.Transport = &http.Client{Transport: untrusting} }
	code, _, stderr := c.scan(t, "--request-timeout", "1s")
	if code != exitInput || !strings.Contains(stderr, "x509: certificate signed by unknown authority") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}
