package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// saved scans into a file and returns its name.
func (c *cloudy) saved(t *testing.T, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "earlier.json")
	if code, _, stderr := c.scan(t, append([]string{"--format", "json=" + file}, args...)...); code == exitUsage {
		t.Fatal(stderr)
	}
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	return file
}

func sinceOf(f report.Finding) string {
	if f.Since == nil {
		return "null"
	}
	return string(*f.Since)
}

func setPublicAccess(c *cloudy, name, to string) {
	c.fake.Change(armtest.Cache{Name: name}.ID(), func(body map[string]any) {
		body["properties"].(map[string]any)["publicNetworkAccess"] = to
	})
}

// A comparison tells introduced, fixed, same; and which caches are new or gone.
func TestScanComparedWithAnEarlierReport(t *testing.T) {
	c := newCloudy(t, armtest.Options{})
	for _, name := range []string{"same", "worse", "better", "gone"} {
		c.fake.PutCache(armtest.Cache{Name: name, Properties: map[string]any{"publicNetworkAccess": "Enabled"}})
	}
	setPublicAccess(c, "worse", "Disabled")
	earlier := c.saved(t)

	setPublicAccess(c, "worse", "Enabled")
	setPublicAccess(c, "better", "Disabled")
	c.fake.Remove(armtest.Cache{Name: "gone"}.ID())
	c.fake.PutCache(armtest.Cache{Name: "young"})
	code, r := c.judged(t, "--baseline", earlier)
	if code != exitObjections {
		t.Errorf("exit code %d", code)
	}
	want := map[string]string{"same": "existing", "worse": "introduced", "better": "fixed", "young": "introduced"}
	if len(r.Caches) != len(want) {
		t.Errorf("caches %v", cacheNames(r))
	}
	for _, cache := range r.Caches {
		if got := sinceOf(statusOf(t, cache, publicAccess)); got != want[*cache.Name] {
			t.Errorf("%s: since %s, want %s", *cache.Name, got, want[*cache.Name])
		}
		if got := sinceOf(statusOf(t, cache, "DP-4/platform-key-encryption")); got != "null" {
			t.Errorf("%s: what was and is compliant has since %s", *cache.Name, got)
		}
	}
	notes := strings.Join(r.Notes, "\n")
	for _, want := range []string{
		"introduced, 1 fixed, ",
		"new since " + earlier + ": " + *r.Caches[3].ResourceID,
		"gone since " + earlier + ": ",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note says %q:\n%s", want, notes)
		}
	}

	// Only what is new fails, where that is asked for.
	if code, _ := c.judged(t, "--baseline", earlier, "--enforce", "introduced"); code != exitObjections {
		t.Errorf("introduced: exit code %d", code)
	}
	today := c.saved(t)
	code, r = c.judged(t, "--baseline", today, "--enforce", "introduced")
	if code != exitOK || len(r.Notes) != 2 || !strings.Contains(r.Notes[0], ": 0 introduced, 0 fixed, ") ||
		!strings.HasPrefix(r.Notes[1], "passes: --enforce introduced, ") {
		t.Errorf("nothing new: exit code %d, notes %v", code, r.Notes)
	}
}

// What an earlier report did not see is neither introduced nor gone.
func TestScanComparedWithLess(t *testing.T) {
	none := func(*cloudy) {}
	for _, tt := range []struct {
		name           string
		before, after  func(*cloudy)
		earlier, now   []string
		since, says    string
		saysNot, cache string
	}{
		{
			"another selection", none, none, []string{"--subscription", armtest.DefaultSubscription}, nil,
			"null", "about another selection", "new since", "c",
		},
		{
			"a subscription was not seen", func(c *cloudy) { c.fake.DenySubscription(second) }, func(c *cloudy) { c.fake.AllowAll() },
			[]string{"--subscription", armtest.DefaultSubscription, "--subscription", second},
			[]string{"--subscription", second, "--subscription", armtest.DefaultSubscription},
			"null", "did not see everything", "new since", "c",
		},
		{
			"a subscription is not seen now", none, func(c *cloudy) { c.fake.DenySubscription(second) },
			[]string{"--subscription", armtest.DefaultSubscription, "--subscription", second},
			[]string{"--subscription", armtest.DefaultSubscription, "--subscription", second},
			"existing", "0 introduced", "gone since", "a",
		},
		{
			"a verdict was undecided", func(c *cloudy) { c.fake.Deny(regexp.MustCompile(`redis/a$`), "") }, func(c *cloudy) { c.fake.AllowAll() },
			[]string{armtest.Cache{Name: "a"}.ID()}, []string{armtest.Cache{Name: "a"}.ID()},
			"null", "that cannot be compared", "new since", "a",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := twoSubscriptions(t, armtest.Options{})
			tt.before(c)
			earlier := c.saved(t, tt.earlier...)
			tt.after(c)
			_, r := c.judged(t, append([]string{"--baseline", earlier}, tt.now...)...)
			notes := strings.Join(r.Notes, "\n")
			for _, cache := range r.Caches {
				if *cache.Name != tt.cache {
					continue
				}
				if got := sinceOf(statusOf(t, cache, publicAccess)); got != tt.since {
					t.Errorf("since %s, want %s", got, tt.since)
				}
			}
			if !strings.Contains(notes, tt.says) || strings.Contains(notes, tt.saysNot) {
				t.Errorf("notes, want %q and not %q:\n%s", tt.says, tt.saysNot, notes)
			}
		})
	}
}

// An earlier report that cannot be compared with is exit code 3, before Azure is asked.
func TestScanBadBaseline(t *testing.T) {
	const head = `{"format_version":"1.0","baselines":[{"id":"azure-cache-for-redis"}],"source":{"kind":"existing","inputs":[]},`
	for _, tt := range []struct{ name, content, want string }{
		{"empty", ``, "ends too early"},
		{"cut off", head + `"caches":[`, "ends too early"},
		{"no JSON", `<html>CANARY</html>`, "not JSON"},
		{"JSON of another kind", `{"a":1}`, "no format_version"},
		{"an array", `[]`, "not a report"},
		{"wrong types", `{"format_version":1}`, "/format_version"},
		{"another version", `{"format_version":"2.0"}`, `format version "2.0"; this program reads 1.0`},
		{"another baseline", `{"format_version":"1.0","baselines":[{"id":"other"}]}`, `the baseline "other"`},
		{"an older program's", `{"format_version":"1.0","baseline":{"id":"azure-cache-for-redis"},"source":{"kind":"existing","inputs":[]},` +
			`"caches":[]}`,
			"older"},
		{"a report on a plan", `{"format_version":"1.0","baselines":[{"id":"azure-cache-for-redis"}],"source":{"kind":"plan"}}`, `kind "plan"`},
		{"a cache without an id", head + `"caches":[{"resource_id":null}]}`, "no resource_id"},
		{"no cache", head + `"caches":[null]}`, "no resource_id"},
		{"a cache twice", head + `"caches":[{"resource_id":"/a"},{"resource_id":"/A"}]}`, "twice"},
		{"an unknown status", head + `"caches":[{"resource_id":"/a","features":[{"id":"x","status":"fine"}]}]}`, `unknown status "fine"`},
		{"more after it", head + `"caches":[]} {}`, "not JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "earlier.json")
			if err := os.WriteFile(file, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			c := newCloudy(t, armtest.Options{})
			code, stdout, stderr := c.scan(t, "--baseline", file)
			if code != exitInput || stdout != "" || !strings.Contains(stderr, file+": ") || !strings.Contains(stderr, tt.want) ||
				strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit code %d, %q, %q; want %q", code, stdout, stderr, tt.want)
			}
			if len(c.fake.Requests()) > 0 {
				t.Error("Azure was asked")
			}
		})
	}
	c := newCloudy(t, armtest.Options{})
	if code, _, stderr := c.scan(t, "--baseline", filepath.Join(t.TempDir(), "none")); code != exitInput ||
		!strings.Contains(stderr, "no such file") {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}
