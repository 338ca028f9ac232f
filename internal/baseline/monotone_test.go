package baseline_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// TestMonotone: whatever is decided with less knowledge stays so with more.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		truth := anyWorld(t)
		more := truth
		if rapid.Bool().Draw(t, "two steps") {
			more = blur(t).through(truth)
		}
		less := blur(t).through(more)
		stays(t, less, more)
	})
}

// TestMonotoneStep hides one fact only, so that little else is left undecided.
func TestMonotoneStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		truth := anyWorld(t)
		at, n := rapid.IntRange(0, 75).Draw(t, "at"), 0
		l := blur(t)
		l.hide = func() bool { n++; return n == at }
		stays(t, l.through(truth), truth)
	})
}

func stays(t *rapid.T, less, more *posture.Cache) {
	was := findings(documents.Evaluate(less, baseline.Options{}))
	is := findings(documents.Evaluate(more, baseline.Options{}))
	for i := range was {
		if was[i].Status != report.Unknown && was[i].Status != is[i].Status {
			t.Fatalf("%s: %s (%s) became %s (%s)", was[i].ID, was[i].Status, was[i].Message, is[i].Status, is[i].Message)
		}
	}
}

func findings(c report.Cache) []report.Finding {
	return slices.Concat(c.Features, c.Advisories)
}

// TestWellWritten holds every message of random postures to the common form.
func TestWellWritten(t *testing.T) {
	seen := map[string]report.Finding{}
	rapid.Check(t, func(rt *rapid.T) {
		for _, f := range findings(documents.Evaluate(blur(rt).through(anyWorld(rt)), baseline.Options{})) {
			seen[f.ID+f.Message] = f
		}
	})
	for _, f := range seen {
		wellWritten(t, f)
	}
}

// TestPure: two runs agree, and the input stays as it was.
func TestPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := blur(t).through(anyWorld(t))
		before := clone.through(c)
		first := documents.Evaluate(c, baseline.Options{})
		second := documents.Evaluate(clone.through(before), baseline.Options{})
		if !reflect.DeepEqual(first, second) {
			t.Fatal("two runs differ")
		}
		if !reflect.DeepEqual(clone.through(c), before) {
			t.Fatal("the posture was changed")
		}
	})
}

// TestParallel judges one posture from many goroutines; the race detector watches.
func TestParallel(t *testing.T) {
	c := plain()
	all(sharded, guarded(allow(100, "0.0.0.0/1", "6380"), deny(90, "10.0.0.0/8", "*")), firewall("203.0.113.9", "203.0.113.1"),
		setting(allLogs, toWorkspace))(c)
	opts := baseline.Options{Exemptions: []baseline.Exemption{{Feature: publicFeature, Cache: "*", Category: baseline.Waiver,
		Description: "known"}}}
	want := documents.Evaluate(c, opts)
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for range 50 {
				if !reflect.DeepEqual(documents.EvaluateChange(c, c, opts).Compliant, want.Compliant) ||
					!reflect.DeepEqual(documents.Evaluate(c, opts), want) {
					t.Fatal("a run in parallel differs")
				}
			}
		})
	}
}

const canary = "canary-7f3a"

// TestSensitive: a sensitive fact may be judged, and is never shown.
func TestSensitive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clone.through(anyWorld(t))
		p := &poisoner{sensitive: map[string]bool{}, draw: func(label string) bool { return rapid.Bool().Draw(t, label) }}
		p.poison(reflect.ValueOf(c).Elem())
		judged := documents.Evaluate(c, baseline.Options{})
		raw, err := json.Marshal(judged)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw) + judged.DisplayName
		for _, f := range findings(judged) {
			text += f.Headline
			for _, e := range f.Evidence {
				if p.sensitive[e.Path] && (e.State == report.EvidenceKnown || e.Value != nil) {
					t.Fatalf("%s shows the sensitive %s: %s", f.ID, e.Path, e.Value)
				}
			}
		}
		if i := strings.Index(text, canary); i >= 0 {
			t.Fatalf("a sensitive value is shown: %s", text[max(0, i-150):i+len(canary)])
		}
	})
}

// poisoner marks facts as sensitive, gives each a path of its own, and plants a
// canary in their strings.
type poisoner struct {
	sensitive map[string]bool
	draw      func(label string) bool
	n         int
}

func (p *poisoner) poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if source := v.FieldByName("Source"); source.IsValid() && source.Type() == reflect.TypeFor[posture.Source]() {
			p.n++
			path := fmt.Sprint("fact.", p.n)
			source.FieldByName("Path").SetString(path)
			if p.draw("sensitive") {
				source.FieldByName("Sensitive").SetBool(true)
				p.sensitive[path] = true
				if v.FieldByName("State").Int() == int64(posture.StateKnown) {
					p.plant(v.FieldByName("V"))
				}
			}
		}
		for i := range v.NumField() {
			p.poison(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			p.poison(v.Index(i))
		}
	}
}

func (p *poisoner) plant(v reflect.Value) {
	switch {
	case v.Kind() == reflect.String && p.draw("canary"):
		v.SetString(v.String() + canary)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		planted := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			planted.Index(i).SetString(v.Index(i).String() + canary)
		}
		v.Set(planted)
	}
}

// TestSensitiveWords: messages that carry a value leave a sensitive one out.
func TestSensitiveWords(t *testing.T) {
	for _, c := range []struct {
		id, word string
		edit     func(*posture.Cache)
	}{
		{"DP-3/data-in-transit-encryption", "1.1", tls(known("1.1").Sensitive())},
		{"advisory/redis-version", "4", runs(known("4").Sensitive())},
		{"advisory/update-channel", "Preview", channel(known("Preview").Sensitive())},
		{"advisory/maxmemory-reserved", "613", reserved(known(613).Sensitive())},
		{"advisory/disk-encryption-tier", "C1", all(size("Standard", "C", known(1).Sensitive()))},
		{"advisory/tier", "C0", all(size("Standard", "C", known(0).Sensitive()))},
		{"advisory/tier", "Basic", func(c *posture.Cache) { basic(c); c.Tier = c.Tier.Sensitive() }},
		{"advisory/zone-redundancy", "Basic", func(c *posture.Cache) { basic(c); c.Tier = c.Tier.Sensitive() }},
		{"advisory/zone-redundancy", "NoZones", allocation(known("NoZones").Sensitive())},
		{"advisory/retirement", "Balanced", all(size("Standard", "C", known(1).Sensitive()))},
		{"advisory/retirement", "Premium", func(c *posture.Cache) { c.Tier = c.Tier.Sensitive() }},
		{"NS-1/virtual-network-integration", "Standard", func(c *posture.Cache) { standard(c); c.Tier = c.Tier.Sensitive() }},
	} {
		t.Run(c.id+" "+c.word, func(t *testing.T) {
			cache := plain()
			c.edit(cache)
			f := lookup(t, documents.Evaluate(cache, baseline.Options{}), c.id)
			if f.Status == report.Unknown || f.Status == report.Compliant {
				t.Errorf("a sensitive value is judged all the same, not %s", f.Status)
			}
			raw, _ := json.Marshal(f.Evidence)
			if strings.Contains(f.Message+f.Headline+string(raw), c.word) {
				t.Errorf("%q, %q or %s shows %s", f.Message, f.Headline, raw, c.word)
			}
		})
	}
}
