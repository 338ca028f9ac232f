package baseline

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// plainRule is a security rule of which everything is known: its source is a
// prefix of at most eight bits.
type plainRule struct {
	priority             int
	allow                bool
	source               string
	from, to             int // ports
	sourceFrom, sourceTo int
}

// holds reports whether a rule names the network octet.0.0.0/8.
func (r plainRule) holds(octet int) bool {
	return netip.MustParsePrefix(r.source).Contains(netip.AddrFrom4([4]byte{byte(octet), 1}))
}

// publicIn are the public addresses of each network octet.0.0.0/8.
func publicIn(octet int) uint64 {
	const all = 1 << 24
	switch octet {
	case 0, 10, 127:
		return 0
	case 100:
		return all - 1<<22
	case 169, 192:
		return all - 1<<16
	case 172:
		return all - 1<<20
	default:
		if octet > 223 {
			return 0
		}
		return all
	}
}

// plainlyOpen tries every network, port and source port one by one.
func plainlyOpen(rules []plainRule, ports []int) bool {
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b plainRule) int { return a.priority - b.priority })
	total := uint64(0)
	for octet := range 256 {
		total += publicIn(octet)
	}
	for _, port := range ports {
		for sourcePort := range 12 {
			in := uint64(0)
			for octet := range 256 {
				denied := false
				for _, r := range rules {
					if !r.holds(octet) || publicIn(octet) == 0 || port < r.from || port > r.to || sourcePort < r.sourceFrom || sourcePort > r.sourceTo {
						continue
					}
					if r.allow && !denied && r.source == "0.0.0.0/0" {
						return true
					}
					if denied = denied || !r.allow; denied {
						break
					}
				}
				if first := slices.IndexFunc(rules, func(r plainRule) bool {
					return r.holds(octet) && port >= r.from && port <= r.to && sourcePort >= r.sourceFrom && sourcePort <= r.sourceTo
				}); first >= 0 && rules[first].allow {
					in += publicIn(octet)
				}
			}
			if 2*in >= total {
				return true
			}
		}
	}
	return false
}

// TestExposureOracle: evaluateTraffic says what trying everything says.
func TestExposureOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &posture.Cache{NonTLSPort: posture.Known(true, "port"), ShardCount: posture.Known(0, "shards")}
		var plain []plainRule
		var items []posture.SecurityRule
		known := func(s string) []posture.Value[string] { return []posture.Value[string]{posture.Known(s, "a")} }
		for i := range rapid.IntRange(1, 8).Draw(t, "rules") {
			r := plainRule{priority: 100 + i, allow: rapid.Bool().Draw(t, "allow")}
			bits := rapid.IntRange(0, 4).Draw(t, "bits")
			first := rapid.IntRange(0, 1<<bits-1).Draw(t, "first") << (8 - bits)
			r.source = fmt.Sprintf("%d.0.0.0/%d", first%256, bits)
			r.from = rapid.IntRange(6378, 6381).Draw(t, "from")
			r.to = rapid.IntRange(r.from, 6381).Draw(t, "to")
			r.sourceTo = 65535
			if rapid.IntRange(0, 2).Draw(t, "narrow") == 0 {
				r.sourceFrom = rapid.IntRange(0, 9).Draw(t, "source from")
				r.sourceTo = rapid.IntRange(r.sourceFrom, 9).Draw(t, "source to")
			}
			plain = append(plain, r)
			access := "Deny"
			if r.allow {
				access = "Allow"
			}
			items = append(items, posture.SecurityRule{
				Name: fmt.Sprint("r", i), Priority: posture.Known(r.priority, "priority"), Direction: posture.Known("Inbound", "direction"),
				Access: posture.Known(access, "access"), Protocol: posture.Known("*", "protocol"), Sources: known(r.source),
				Ports: known(fmt.Sprintf("%d-%d", r.from, r.to)), SourcePorts: known(fmt.Sprintf("%d-%d", r.sourceFrom, r.sourceTo)),
				Destinations: known("*"),
			})
		}
		items = rapid.Permutation(items).Draw(t, "order")
		group := posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{Items: items, Observed: true}}
		want := posture.FromBool(plainlyOpen(plain, []int{6379, 6380}))
		if got := internetExposure(c, group); got.state != want {
			t.Errorf("%v (%s), want %v: %+v", got.state, got.message, want, plain)
		}
	})
}
