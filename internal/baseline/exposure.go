package baseline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// exposure is the answer to whether a network security group lets the internet in
// to a client port of the cache.
type exposure struct {
	state     posture.Tri
	message   string         // of True and Maybe
	rules     []string       // of True: names of the rules that let the internet in
	addresses []string       // of True: Terraform addresses of those rules
	reason    posture.Reason // of Maybe
}

// clientPort is a range of ports on which a cache listens for clients, or may
// listen: reason then says why that is not known.
type clientPort struct {
	portRange
	possible bool
	reason   posture.Reason
}

// clientPorts returns the ports on which the cache listens for clients, or may listen.
func clientPorts(c *posture.Cache) []clientPort {
	var ports []clientPort
	for _, p := range service.OfCache(c).Ports {
		open, these := p.Open(c), portRange{p.First, p.Last}
		switch posture.Is(open, true) {
		case posture.True:
			ports = append(ports, clientPort{portRange: these})
		case posture.Maybe:
			ports = append(ports, clientPort{these, true, open.Why()})
		}
	}
	return ports
}

// internetExposure evaluates the rules as Azure does, by priority, for traffic from
// every source address and source port to each client port. The answer is kept
// for other caches with the same group and the same ports.
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
	return posture.Remember(nsg.Memo, key, func() exposure { return exposureOf(nsg.Rules.Items, ports, subnet) })
}

// maxWork is the most sources of rules that are compared for one group, over all
// ports. A group with 1,000 rules, the limit of Azure, that match all ports of a
// cluster and differ at each port stays below it.
const maxWork = 4_000_000

// exposureOf evaluates the rules for one port of each range of ports that no rule
// tells apart, from one source port of each such range.
func exposureOf(items []posture.SecurityRule, ports []clientPort, subnet posture.Value[[]string]) exposure {
	j := newPortEvaluator(items, subnet)
	samples := samplePorts(j.rules, ports)
	at, complete := j.matchingPorts(samples)
	maybe := exposure{state: posture.False}
	doubt := func(reason posture.Reason, message string) {
		if maybe.state == posture.False {
			maybe = exposure{state: posture.Maybe, reason: reason, message: message}
		}
	}
	for i := range at {
		sample := samples[i]
		where := "port " + strconv.Itoa(sample.first)
		for _, admitted := range j.admitted(at[i]) {
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
	if !complete || j.work > maxWork {
		doubt(posture.ReasonUnresolvedReference, "the network security group has more rules, for more different ports, than can be judged")
	}
	return maybe
}

// portEvaluator evaluates the rules of one network security group, port by port.
type portEvaluator struct {
	rules []trafficRule // by priority
	space *addressSpace
	work  int // sources of rules that were compared so far
	// last and lastAnswer are the rules that matched at the previous port and what
	// they let in. The next port often has the same rules.
	last       []matched
	lastAnswer admittedTraffic
}

func newPortEvaluator(items []posture.SecurityRule, subnet posture.Value[[]string]) *portEvaluator {
	rules, space := prepareRules(items, subnet)
	return &portEvaluator{rules: rules, space: space}
}

// matchingPorts returns the rules that match each of the client ports.
func (j *portEvaluator) matchingPorts(samples []clientPort) (at [][]matched, complete bool) {
	all := make([]matched, len(j.rules))
	for i := range j.rules {
		all[i] = matched{int32(i), j.rules[i].applies == posture.True}
	}
	ports := make([]int, len(samples))
	for i, s := range samples {
		ports[i] = s.first
	}
	return matching(ports, all, func(rule int32) *portSet { return &j.rules[rule].ports }, maxWork)
}

// admitted returns what the rules that match a port let in, for one source port of
// each range that no rule tells apart.
func (j *portEvaluator) admitted(list []matched) []admittedTraffic {
	setOf := func(rule int32) *portSet { return &j.rules[rule].sourcePorts }
	at, complete := matching(sourcePortSamples(j.rules, list), list, setOf, maxWork-j.work)
	if !complete {
		j.work = maxWork + 1
	}
	out := make([]admittedTraffic, 0, len(at))
	for _, list := range at {
		if j.last == nil || !slices.Equal(list, j.last) {
			for _, m := range list {
				j.work += 1 + len(j.rules[m.rule].sources)
			}
			if j.work > maxWork {
				break
			}
			j.last, j.lastAnswer = list, evaluateTraffic(j.space, j.rules, list)
		}
		out = append(out, j.lastAnswer)
	}
	return out
}

// headline returns the predicate of a violation: which rules let the internet in.
func (e exposure) headline() string {
	if len(e.rules) == 1 {
		return "is open to the internet by rule " + e.rules[0] + " of its network security group"
	}
	return fmt.Sprintf("is open to half of the internet or more by %d rules of its network security group", len(e.rules))
}

// open reports whether the rules let the internet in: one that names all of it,
// or several that together admit half of it or more.
func (a admittedTraffic) open() bool { return len(a.by) > 0 }

func (a admittedTraffic) message(where string) string {
	if a.whole {
		return "rule " + a.by[0].name + " of the network security group lets the internet in to " + where
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
		return fmt.Sprintf("rule %s of the network security group lets in %d %% of the public %s addresses to %s", text, a.percent, a.family,
			where)
	}
	return fmt.Sprintf("rules %s of the network security group together let in %d %% of the public %s addresses to %s", text, a.percent,
		a.family, where)
}
