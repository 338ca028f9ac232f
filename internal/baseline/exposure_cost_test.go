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
		Name: "all", Priority: posture.Known(4096, "priority"), Direction: posture.Known("Inbound", "direction"), Access: posture.Known("Allow", "access"),
		Protocol: posture.Known("*", "protocol"), Sources: known("*"), Ports: known("*"), Destinations: known("*"),
	})
}

// TestExposureCost: ten times the rules take at most fourteen times the visits.
func TestExposureCost(t *testing.T) {
	subnet := posture.Known([]string{"10.0.1.0/24"}, "prefixes")
	visits := func(n int) int {
		rules, space := prepareRules(overlapping(n), subnet)
		p := newPainter(space, rules)
		p.admitted(6380, 0)
		return p.visits
	}
	for _, n := range []int{40, 400} {
		if small, large := visits(n), visits(10*n); large > 14*small {
			t.Errorf("%d rules take %d visits, %d take %d", n, small, 10*n, large)
		}
	}
}

// TestExposureBounded: a group of very many rules for very many ports of a
// cluster is not judged, and says so.
func TestExposureBounded(t *testing.T) {
	c := &posture.Cache{NonTLSPort: posture.Known(false, "port"), ShardCount: posture.Known(2, "shards")}
	rules := overlapping(20_000)
	for i := range rules {
		rules[i].Ports = []posture.Value[string]{posture.Known(fmt.Sprintf("%d-15999", 13000+i%3000), "port")}
		rules[i].SourcePorts = []posture.Value[string]{posture.Known(fmt.Sprint(i%60_000), "source")}
	}
	got := internetExposure(c, posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{Items: rules, Observed: true}})
	if got.state != posture.Maybe || got.message == "" {
		t.Errorf("%+v", got)
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
