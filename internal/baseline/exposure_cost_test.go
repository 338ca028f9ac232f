package baseline

import (
	"fmt"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// overlapping are n denies whose sources overlap, and that are not all sure to
// match, under an allow for everybody.
func overlapping(n int) []posture.SecurityRule {
	known := func(s string) []posture.Value[string] { return []posture.Value[string]{posture.Known(s, "a")} }
	rules := make([]posture.SecurityRule, 0, n+1)
	for i := range n {
		access := posture.Known("Deny", "access")
		if i%3 == 0 {
			access = posture.Unknown[string](posture.ReasonKnownAfterApply, "access")
		}
		rules = append(rules, posture.SecurityRule{
			Name: fmt.Sprint("r", i), Priority: posture.Known(100+i, "priority"), Direction: posture.Known("Inbound", "direction"),
			Access: access, Protocol: posture.Known("Tcp", "protocol"), Sources: known(fmt.Sprintf("%d.%d.0.0/%d", 1+i%200, i/200, 8+i%16)),
			Ports: known(fmt.Sprintf("%d-%d", 6000+i%300, 6400+i%300)), Destinations: known("*"),
		})
	}
	return append(rules, posture.SecurityRule{
		Name: "all", Priority: posture.Known(4096, "priority"), Direction: posture.Known("Inbound", "direction"),
		Access:   posture.Known("Allow", "access"),
		Protocol: posture.Known("*", "protocol"), Sources: known("*"), Ports: known("*"), Destinations: known("*"),
	})
}

// work judges rules for a cache and counts the sources of rules that were looked at.
func work(t *testing.T, rules []posture.SecurityRule, shards int) int {
	t.Helper()
	c := &posture.Cache{NonTLSPort: posture.Known(true, "port"), ShardCount: posture.Known(shards, "shards")}
	j := newPortEvaluator(rules, posture.Known([]string{"10.0.1.0/24"}, "prefixes"))
	samples := samplePorts(j.rules, clientPorts(c))
	at, complete := j.matchingPorts(samples)
	if !complete {
		t.Errorf("%d rules are too many", len(rules))
	}
	for _, list := range at {
		j.admitted(list)
	}
	return j.work
}

// TestExposureCost: ten times the rules take at most fourteen times the work,
// whatever the rules differ in, and allocate at most fourteen times as often.
func TestExposureCost(t *testing.T) {
	known := func(s string) []posture.Value[string] { return []posture.Value[string]{posture.Known(s, "a")} }
	for name, tt := range map[string]struct {
		edit   func(r *posture.SecurityRule, i int)
		shards int
	}{
		"sources that overlap": {func(*posture.SecurityRule, int) {}, 0},
		"a port for each rule": {func(r *posture.SecurityRule, i int) { r.Ports = known(fmt.Sprint(13000 + i%1000)) }, 2},
		"a source port for each rule": {func(r *posture.SecurityRule, i int) {
			r.Ports, r.SourcePorts = known("*"), known(fmt.Sprint(1+i*3))
		}, 0},
		"ports of no client": {func(r *posture.SecurityRule, i int) { r.Ports = known(fmt.Sprintf("%d-%d", 20000+i, 30000+i)) }, 2},
		"several sources of each": {func(r *posture.SecurityRule, i int) {
			r.Sources = append(r.Sources, known(fmt.Sprintf("100.%d.0.0/16", i%256))...)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			rules := func(n int) []posture.SecurityRule {
				out := overlapping(n)
				for i := range n {
					tt.edit(&out[i], i)
				}
				return out
			}
			small, large := rules(90), rules(900)
			if a, b := work(t, small, tt.shards), work(t, large, tt.shards); b > 14*a {
				t.Errorf("90 rules take %d steps, 900 take %d", a, b)
			}
			a := testing.AllocsPerRun(3, func() { work(t, small, tt.shards) })
			if b := testing.AllocsPerRun(3, func() { work(t, large, tt.shards) }); b > 14*a {
				t.Errorf("90 rules allocate %.0f times, 900 %.0f", a, b)
			}
		})
	}
}

// TestExposureBounded: a group of very many rules for very many ports of a
// cluster is not judged, and says so; what is open at once still is.
func TestExposureBounded(t *testing.T) {
	c := &posture.Cache{NonTLSPort: posture.Known(false, "port"), ShardCount: posture.Known(2, "shards")}
	rules := overlapping(20_000)
	for i := range rules {
		rules[i].Ports = []posture.Value[string]{posture.Known(fmt.Sprintf("%d-15999", 13000+i%3000), "port")}
		rules[i].SourcePorts = []posture.Value[string]{posture.Known(fmt.Sprint(i%60_000), "source")}
	}
	group := posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{Items: rules, Observed: true}}
	if got := internetExposure(c, group); got.state != posture.Maybe || got.message == "" {
		t.Errorf("%+v", got)
	}
	thousand := posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{Items: overlapping(1000), Observed: true}}
	for i := range thousand.Rules.Items[:1000] {
		r := &thousand.Rules.Items[i]
		r.Access, r.Ports = posture.Known("Deny", "access"), []posture.Value[string]{posture.Known(fmt.Sprintf("%d-15999", 13000+i), "port")}
	}
	if got := internetExposure(c, thousand); got.state != posture.True {
		t.Errorf("a thousand rules that differ at each port: %+v", got)
	}
	thousand.Rules.Items[1000].Access = posture.Known("Deny", "access")
	if got := internetExposure(c, thousand); got.state != posture.False {
		t.Errorf("a thousand rules that differ at each port: %+v", got)
	}
}

// TestExposureShared: caches that share a group and listen on the same ports
// share the work; another port is another question.
func TestExposureShared(t *testing.T) {
	group := posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{Items: overlapping(10), Observed: true}, Memo: &posture.Memo{}}
	c := &posture.Cache{NonTLSPort: posture.Known(false, "port"), ShardCount: posture.Unset[int]("shards")}
	first := internetExposure(c, group)
	group.Rules.Items = nil // whoever computes again finds nothing
	if again := internetExposure(c, group); again.message != first.message {
		t.Errorf("%q, then %q", first.message, again.message)
	}
	c.NonTLSPort = posture.Known(true, "port")
	if other := internetExposure(c, group); other.message == first.message {
		t.Errorf("the non-TLS port is on, and the answer is the same: %q", other.message)
	}
}

// TestExposureCostShared: ten times the rules and ten times the caches that share
// them take at most fourteen times the allocations, not a hundred times.
func TestExposureCostShared(t *testing.T) {
	allocations := func(n, caches int) float64 {
		rules := overlapping(n)
		return testing.AllocsPerRun(3, func() {
			group := posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{Items: rules, Observed: true}, Memo: &posture.Memo{}}
			for range caches {
				internetExposure(&posture.Cache{NonTLSPort: posture.Known(true, "port"), ShardCount: posture.Known(0, "shards")}, group)
			}
		})
	}
	if small, large := allocations(90, 10), allocations(900, 100); large > 14*small {
		t.Errorf("90 rules of 10 caches allocate %.0f times, 900 of 100 caches %.0f", small, large)
	}
}
