package baseline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const (
	publicFeature = "NS-2/disable-public-network-access"
	cacheID       = "/subscriptions/S/resourceGroups/RG/providers/Microsoft.Cache/Redis/redis-orders"
)

func waiver(cache string) baseline.Exemption {
	return baseline.Exemption{Feature: publicFeature, Cache: cache, Category: baseline.Waiver, Description: "known"}
}

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

// keyed is an existing cache in a module under for_each.
func keyed(c *posture.Cache) {
	public(c)
	c.Address = `module.a.azurerm_redis_cache.this["eu"]`
	c.ResourceID = known(cacheID)
}

func TestExemptionMatches(t *testing.T) {
	planned := all(keyed, func(c *posture.Cache) {
		c.ResourceID, c.ResourceGroup = later[string](), known("rg")
	})
	plannedElsewhere := all(planned, func(c *posture.Cache) { c.ResourceGroup = known("other") })
	plannedSomewhere := all(planned, func(c *posture.Cache) { c.ResourceGroup = later[string]() })
	nameUnknown := all(keyed, func(c *posture.Cache) { c.Name = later[string]() })
	for _, c := range []struct {
		cell  string
		cache string
		edit  func(*posture.Cache)
		want  posture.Tri
	}{
		{"exact address", `module.a.azurerm_redis_cache.this["eu"]`, keyed, posture.True},
		{"exact name", "redis-orders", keyed, posture.True},
		{"exact resource id", cacheID, keyed, posture.True},
		{"resource id in another case", strings.ToLower(cacheID), keyed, posture.True},
		{"glob of the name", "redis-*", keyed, posture.True},
		{"glob with one place", "redis-order?", keyed, posture.True},
		{"glob of everything", "*", keyed, posture.True},
		{"glob of the address, brackets literal", `module.*.azurerm_redis_cache.this["e?"]`, keyed, posture.True},
		{"glob of the resource id in another case", "/subscriptions/s/resourcegroups/rg/*", keyed, posture.True},
		{"glob of the address while the name is not known", "module.a.*", nameUnknown, posture.True},
		{"resource id of a cache that is yet to be created", cacheID, planned, posture.True},
		{"the same, in another case", strings.ToUpper(cacheID), planned, posture.True},
		{"resource id in another group", cacheID, plannedElsewhere, posture.False},
		{"resource id while the group is not known", cacheID, plannedSomewhere, posture.Maybe},
		{"resource id of another cache", cacheID + "-2", planned, posture.False},
		{"another key", `module.a.azurerm_redis_cache.this["us"]`, keyed, posture.False},
		{"the address without its key", "module.a.azurerm_redis_cache.this", keyed, posture.False},
		{"part of the name", "redis", keyed, posture.False},
		{"the name in another case", "REDIS-ORDERS", keyed, posture.False},
		{"a class of characters is no glob", `module.a.azurerm_redis_cache.this["e[tu]"]`, keyed, posture.False},
		{"a class of characters beside a star is literal", "redis-[nop]*", keyed, posture.False},
		{"a dot is literal", "redis.orders*", keyed, posture.False},
		{"one place is exactly one", "redis-orders?", keyed, posture.False},
		{"a plus is literal", "redis-orders+*", keyed, posture.False},
		{"a glob of the whole, not of a part", "orders*", keyed, posture.False},
		{"a name that is not known yet", "redis-orders", nameUnknown, posture.Maybe},
		{"a glob on a name that is not known yet", "redis-*", nameUnknown, posture.Maybe},
		{"an address is no name", "azurerm_redis_cache.other", nameUnknown, posture.False},
	} {
		t.Run(c.cell, func(t *testing.T) {
			cache := plain()
			c.edit(cache)
			if got := waiver(c.cache).Matches(cache); got != c.want {
				t.Errorf("%q matches: %v, want %v", c.cache, got, c.want)
			}
		})
	}
}

func TestExemptionCounts(t *testing.T) {
	until := func(date string) baseline.Exemption {
		e := waiver("redis-orders")
		e.ExpiresOn = date
		return e
	}
	mitigated := waiver("redis-orders")
	mitigated.Category, mitigated.Feature = baseline.Mitigated, "LT-4/azure-resource-logs"
	advisory := waiver("redis-orders")
	advisory.Feature = "advisory/access-keys-disabled"
	transit := waiver("redis-orders")
	transit.Feature = "DP-3/data-in-transit-encryption"

	for _, c := range []struct {
		cell      string
		exemption baseline.Exemption
		today     string
		edit      func(*posture.Cache)
		want      report.Status
		notes     string
	}{
		{"a violation", waiver("redis-orders"), "", public, report.Exempt, ""},
		{"what is unknown", mitigated, "", logsUnseen, report.Exempt, ""},
		{"an advisory", advisory, "", nothing, report.Exempt, ""},
		{"nothing that is compliant", transit, "", nothing, report.Compliant, ""},
		{"nothing that does not apply", waiver("redis-orders"), "", injected, report.NotApplicable, ""},
		{"no other cache", waiver("redis-carts"), "", public, report.NonCompliant, ""},
		{"before the last day", until("2026-06-30"), "2026-06-29", public, report.Exempt, ""},
		{"on the last day", until("2026-06-30"), "2026-06-30", public, report.Exempt, ""},
		{"after the last day", until("2026-06-30"), "2026-07-01", public, report.NonCompliant, "expired on 2026-06-30"},
		{"with a date, without a clock", until("2026-06-30"), "", public, report.NonCompliant, "2026-06-30"},
		{"without a date, without a clock", until(""), "", public, report.Exempt, ""},
		{"expired, of another cache: no note", func() baseline.Exemption { e := until("2020-01-01"); e.Cache = "carts"; return e }(),
			"2026-01-01", public, report.NonCompliant, ""},
		{"a name that is not known yet", waiver("redis-*"), "", all(public, func(c *posture.Cache) { c.Name = later[string]() }),
			report.NonCompliant, "known which cache this is"},
	} {
		t.Run(c.cell, func(t *testing.T) {
			cache := plain()
			c.edit(cache)
			opts := baseline.Options{Exemptions: []baseline.Exemption{c.exemption}}
			if c.today != "" {
				opts.Today = day(c.today)
			}
			judged := documents.Evaluate(cache, opts)
			f := lookup(t, judged, c.exemption.Feature)
			if f.Status != c.want {
				t.Fatalf("status %s (%s), want %s", f.Status, f.Message, c.want)
			}
			if f.Status == report.Exempt && (f.Reason != nil || f.Headline != "" || !strings.Contains(f.Message, string(c.exemption.Category)) ||
				!strings.Contains(f.Message, "known")) {
				t.Errorf("an exempt finding names category and description, and no reason: %+v", f)
			}
			if until := c.exemption.ExpiresOn; f.Status == report.Exempt &&
				(f.Exemption.ExpiresOn != until || until != "" && !strings.Contains(f.Message, ", until "+until+"): ")) {
				t.Errorf("an exempt finding says until when: %+v", f)
			}
			notes := strings.Join(judged.Notes, "\n")
			if (c.notes == "") != (notes == "") || !strings.Contains(notes, c.notes) {
				t.Errorf("notes %q, want %q", notes, c.notes)
			}
			if c.today == "" && strings.Contains(notes, "expired") {
				t.Errorf("without a clock nothing is said to have expired: %q", notes)
			}
		})
	}
}

// The last day is judged in UTC, wherever the clock stands.
func TestExemptionDayIsUTC(t *testing.T) {
	e := waiver("*")
	e.ExpiresOn = "2026-06-30"
	west := time.FixedZone("west", -8*3600)
	if e.Expired(time.Date(2026, 6, 30, 15, 59, 0, 0, west)) || !e.Expired(time.Date(2026, 6, 30, 16, 0, 0, 0, west)) {
		t.Error("the exemption ends with the day in UTC")
	}
	if !baseline.Today(time.Date(2026, 6, 30, 16, 0, 0, 0, west)).Equal(day("2026-07-01")) {
		t.Error("today is a day in UTC")
	}
}

func TestExemptionValidate(t *testing.T) {
	for _, c := range []struct {
		cell string
		edit func(*baseline.Exemption)
		want string // empty: valid
	}{
		{"valid", func(*baseline.Exemption) {}, ""},
		{"valid: mitigated, dated, approved", func(e *baseline.Exemption) {
			e.Category, e.ExpiresOn, e.ApprovedBy = baseline.Mitigated, "2026-12-31", "Ada"
		}, ""},
		{"valid: an advisory", func(e *baseline.Exemption) { e.Feature = "advisory/tier" }, ""},
		{"feature missing", func(e *baseline.Exemption) { e.Feature = "" }, "feature"},
		{"feature unknown", func(e *baseline.Exemption) { e.Feature = "NS-2" }, "feature \"NS-2\""},
		{"feature in another case", func(e *baseline.Exemption) { e.Feature = strings.ToLower(e.Feature) }, "feature"},
		{"cache missing", func(e *baseline.Exemption) { e.Cache = " " }, "cache"},
		{"category missing", func(e *baseline.Exemption) { e.Category = "" }, "category"},
		{"category unknown", func(e *baseline.Exemption) { e.Category = "waiver" }, "category \"waiver\""},
		{"description missing", func(e *baseline.Exemption) { e.Description = "\t" }, "description"},
		{"date malformed", func(e *baseline.Exemption) { e.ExpiresOn = "31.12.2026" }, "expires_on \"31.12.2026\""},
		{"date without zeros", func(e *baseline.Exemption) { e.ExpiresOn = "2026-1-1" }, "expires_on"},
		{"a day that does not exist", func(e *baseline.Exemption) { e.ExpiresOn = "2026-02-30" }, "expires_on"},
		{"a time", func(e *baseline.Exemption) { e.ExpiresOn = "2026-02-01T00:00:00Z" }, "expires_on"},
	} {
		t.Run(c.cell, func(t *testing.T) {
			e := waiver("redis-orders")
			c.edit(&e)
			err := documents.Validate(e)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("valid, but %v", err)
			case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
				t.Errorf("error %v, want one that starts with %s", err, c.want)
			}
		})
	}
}

// An exemption that is malformed all the same never counts.
func TestMalformedDateIsExpired(t *testing.T) {
	e := waiver("*")
	e.ExpiresOn = "soon"
	if !e.Expired(day("2026-01-01")) {
		t.Error("a malformed date must not exempt")
	}
}

func TestTally(t *testing.T) {
	expired := waiver("redis-orders")
	expired.ExpiresOn = "2020-01-01"
	elsewhere := waiver("redis-carts")
	compliantAlready := waiver("redis-orders")
	compliantAlready.Feature = "DP-3/data-in-transit-encryption"
	exemptions := []baseline.Exemption{waiver("redis-orders"), elsewhere, compliantAlready}
	opts := baseline.Options{Exemptions: exemptions, Today: day("2026-01-01")}
	tally := baseline.NewTally(exemptions)
	for _, name := range []string{"redis-orders", "redis-other"} {
		c := plain()
		public(c)
		c.Name = known(name)
		tally.Add(c, documents.Evaluate(c, opts))
	}
	notes := tally.Unused()
	if len(notes) != 2 || !strings.Contains(notes[0], `"redis-carts"`) || !strings.Contains(notes[1], "DP-3/") {
		t.Errorf("unused: %q", notes)
	}

	tally = baseline.NewTally([]baseline.Exemption{expired})
	c := plain()
	public(c)
	tally.Add(c, documents.Evaluate(c,
		baseline.Options{Exemptions: []baseline.Exemption{expired}, Today: day("2026-01-01")}))
	if notes := tally.Unused(); len(notes) != 1 || strings.Contains(notes[0], "no violation") {
		t.Errorf("an expired exemption is of no use, though there is a violation: %q", notes)
	}
	if notes := baseline.NewTally(nil).Unused(); len(notes) != 0 {
		t.Errorf("no exemption, no note: %q", notes)
	}
}

// TestExemptionsCost: 50 globs that describe other caches cost at most a fifth more
// allocations for a cache, planned or existing, whose verdict they would change. One
// for each glob would double them; the race detector makes pools drop some at random.
func TestExemptionsCost(t *testing.T) {
	var globs []baseline.Exemption
	for i := range 50 {
		globs = append(globs, waiver(fmt.Sprintf("/subscriptions/*/Other-%d-*/*Redis?", i)))
	}
	for name, edit := range map[string]func(*posture.Cache){"planned": public, "existing": keyed} {
		cache := plain()
		edit(cache)
		cost := func(exemptions []baseline.Exemption) float64 {
			tally := baseline.NewTally(exemptions)
			return testing.AllocsPerRun(20, func() {
				tally.Add(cache, documents.Evaluate(cache, baseline.Options{Exemptions: exemptions}))
			})
		}
		if without, with := cost(nil), cost(globs); with > 1.2*without {
			t.Errorf("%s: %v allocations with 50 globs, %v without", name, with, without)
		}
	}
}

// TestDidYouMean: the id that a benchmark of another version would give a rule, or its
// id in SARIF, leads to the rule.
func TestDidYouMean(t *testing.T) {
	const logs = "; did you mean LT-4/azure-resource-logs, whose control is LT-3 in MCSB v2?"
	for id, want := range map[string]string{
		"LT-3/azure-resource-logs":                     logs,
		"lt-3/Azure-Resource-Logs":                     logs,
		"azure-managed-redis/LT-3/azure-resource-logs": logs,
		"azure-managed-redis/LT-4/azure-resource-lgs":  "; did you mean LT-4/azure-resource-logs?",
		"orders": "",
	} {
		if got := documents.DidYouMean(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
		e := waiver("*")
		e.Feature = id
		if err := documents.Validate(e); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
