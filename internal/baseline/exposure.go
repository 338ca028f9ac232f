package baseline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// exposure says whether a security group lets the internet in to a client port.
type exposure struct {
	state     posture.Tri
	message   string   // when True or Maybe
	rules     []string // names of the rules that let it in, when True
	addresses []string // their addresses
	reason    posture.Reason
}

// portRange is an inclusive range of ports.
type portRange struct{ first, last int }

// clientPort is a range of ports on which a cache listens for clients, or may
// listen: reason then says why that is not known.
type clientPort struct {
	portRange
	possible bool
	reason   posture.Reason
}

// clientPorts are the ports on which the cache listens for clients. Cluster
// nodes listen on 15000-15999, and on 13000-13999 without TLS.
// Source: cache-how-to-premium-vnet and cache-how-to-premium-clustering.
func clientPorts(c *posture.Cache) []clientPort {
	ports := []clientPort{{portRange: portRange{6380, 6380}}}
	add := func(listens posture.Tri, why posture.Reason, ranges ...portRange) {
		for _, r := range ranges {
			switch listens {
			case posture.True:
				ports = append(ports, clientPort{portRange: r})
			case posture.Maybe:
				ports = append(ports, clientPort{r, true, why})
			}
		}
	}
	add(posture.Is(c.NonTLSPort.OrDefault(false), true), c.NonTLSPort.Why(), portRange{6379, 6379})
	sharded := posture.Map(c.ShardCount.OrDefault(0), func(n int) bool { return n > 0 })
	add(posture.Is(sharded, true), c.ShardCount.Why(), portRange{13000, 13999}, portRange{15000, 15999})
	return ports
}

// internetExposure judges the rules as Azure does, by priority, for traffic from
// every source address and source port to each client port. Caches that share
// the group and listen on the same ports share the answer.
func internetExposure(c *posture.Cache, nsg posture.SecurityGroup) exposure {
	if len(nsg.Rules.Doubts) > 0 {
		d := nsg.Rules.Doubts[0]
		message := hidden(named("", d.Address, "a security rule", " may or may not belong to the network security group"), d.Detail)
		return exposure{state: posture.Maybe, reason: d.Reason, message: message}
	}
	if !nsg.Rules.Observed {
		return exposure{state: posture.Maybe, reason: nsg.Rules.Why(),
			message: hidden("the rules of the network security group are not all visible here", nsg.Rules.Detail)}
	}
	ports, subnet := clientPorts(c), c.Subnet.Prefixes
	key := fmt.Sprint(ports, subnet.State, subnet.Reason, subnet.V)
	return nsg.Memo.Get(key, func() any { return exposureOf(nsg.Rules.Items, ports, subnet) }).(exposure)
}

// maxWork is how many cells of the address space are visited at most for one
// group. A group of a thousand rules, the most that Azure takes, that all differ
// in their ports stays below a tenth of it.
const maxWork = 200_000_000

func exposureOf(items []posture.SecurityRule, ports []clientPort, subnet posture.Value[[]string]) exposure {
	rules, space := prepareRules(items, subnet)
	paint := newPainter(space, rules)
	maybe := exposure{}
	doubt := func(reason posture.Reason, message string) {
		if maybe.message == "" {
			maybe = exposure{state: posture.Maybe, reason: reason, message: message}
		}
	}
	samples := samplePorts(rules, ports)
	sources := sourcePortSamples(rules)
	if len(samples)*len(sources)*(len(space.cells)+len(rules)) > maxWork {
		return exposure{state: posture.Maybe, reason: posture.ReasonUnresolvedReference,
			message: "the network security group has more rules, of more different ports, than can be judged"}
	}
	for _, sample := range samples {
		for _, source := range sources {
			admitted := paint.admitted(sample.first, source)
			where := "port " + strconv.Itoa(sample.first)
			switch {
			case admitted.open() && sample.possible:
				doubt(sample.reason, admitted.message(where)+", and whether the cache listens there is not known")
			case admitted.open():
				out := exposure{state: posture.True, message: admitted.message(where)}
				for _, r := range admitted.by {
					out.rules, out.addresses = append(out.rules, r.name), append(out.addresses, r.address)
				}
				return out
			case admitted.perhaps != nil:
				doubt(admitted.perhaps.whyUnclear(subnet),
					"whether the internet is let in to "+where+" is not known: it depends on rule "+admitted.perhaps.name)
			}
		}
	}
	if maybe.message != "" {
		return maybe
	}
	return exposure{state: posture.False}
}

// headline says in short which rules open a cache.
func (e exposure) headline() string {
	if len(e.rules) == 1 {
		return "is open to the internet by rule " + e.rules[0] + " of its network security group"
	}
	return fmt.Sprintf("is open to half of the internet or more by %d rules of its network security group", len(e.rules))
}

// open reports whether the rules let the internet in: one that names all of it,
// or several that together admit half of it or more.
func (a admittance) open() bool { return a.whole != nil || a.half }

func (a admittance) message(where string) string {
	if a.whole != nil {
		return "rule " + a.whole.name + " of the network security group lets the internet in to " + where
	}
	const most = 10
	names := make([]string, 0, most)
	for _, r := range a.by[:min(len(a.by), most)] {
		names = append(names, r.name)
	}
	text := strings.Join(names, ", ")
	if more := len(a.by) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(a.by) == 1 {
		return fmt.Sprintf("rule %s of the network security group lets in %d %% of the public %s addresses to %s", text, a.percent, a.family, where)
	}
	return fmt.Sprintf("rules %s of the network security group together let in %d %% of the public %s addresses to %s", text, a.percent, a.family, where)
}

// samplePorts returns the client ports at which the answer may change: the first
// of each range, and each bound of a rule inside one.
func samplePorts(rules []trafficRule, wanted []clientPort) []clientPort {
	bounds := map[int]bool{}
	for i := range rules {
		for _, r := range rules[i].ports.ranges {
			bounds[r.first], bounds[r.last+1] = true, true
		}
	}
	sorted := make([]int, 0, len(bounds))
	for b := range bounds {
		sorted = append(sorted, b)
	}
	slices.Sort(sorted)
	var out []clientPort
	for _, w := range wanted {
		at := func(port int) {
			w.first = port
			out = append(out, w)
		}
		at(w.first)
		i, _ := slices.BinarySearch(sorted, w.first+1)
		for ; i < len(sorted) && sorted[i] <= w.last; i++ {
			at(sorted[i])
		}
	}
	return out
}

// sourcePortSamples returns the source ports at which the answer may change.
// Whoever connects chooses the source port, so that one that is let in is enough.
func sourcePortSamples(rules []trafficRule) []int {
	out := []int{0}
	for i := range rules {
		for _, r := range rules[i].sourcePorts.ranges {
			out = append(out, r.first)
			if r.last < 65535 {
				out = append(out, r.last+1)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
