package baseline

import (
	"net/netip"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// exposure says whether a security group lets the internet in to a client port.
type exposure struct {
	state   posture.Tri
	rule    string // the rule that lets it in, when True
	address string // of that rule
	port    string // the port or range it lets in to, when True
	reason  posture.Reason
	message string // when Maybe
}

// portRange is an inclusive range of ports.
type portRange struct{ first, last int }

// clientPorts are the ports on which the cache listens for clients, and those
// on which it may listen as long as a fact is not known. Cluster nodes listen
// on 15000-15999, and on 13000-13999 without TLS.
// Source: cache-how-to-premium-vnet and cache-how-to-premium-clustering.
func clientPorts(c *posture.Cache) (certain, possible []portRange) {
	certain = []portRange{{6380, 6380}}
	add := func(t posture.Tri, ports ...portRange) {
		switch t {
		case posture.True:
			certain = append(certain, ports...)
		case posture.Maybe:
			possible = append(possible, ports...)
		}
	}
	add(posture.Is(c.NonTLSPort.OrDefault(false), true), portRange{6379, 6379})
	sharded := posture.Map(c.ShardCount.OrDefault(0), func(n int) bool { return n > 0 })
	add(posture.Is(sharded, true), portRange{13000, 13999}, portRange{15000, 15999})
	return certain, possible
}

// internetExposure walks the rules as Azure does, by priority, for traffic from
// the whole internet to each client port.
func internetExposure(c *posture.Cache, nsg posture.SecurityGroup) exposure {
	certain, possible := clientPorts(c)
	maybe := exposure{}
	doubt := func(reason posture.Reason, message string) {
		if maybe.message == "" {
			maybe = exposure{state: posture.Maybe, reason: reason, message: message}
		}
	}
	if len(nsg.Rules.Doubts) > 0 {
		d := nsg.Rules.Doubts[0]
		doubt(d.Reason, hidden(named("", d.Address, "a security rule", " may or may not belong to the network security group"), d.Detail))
	}
	if !nsg.Rules.Observed {
		doubt(nsg.Rules.Why(), hidden("the rules of the network security group are not all visible here", nsg.Rules.Detail))
	}
	unseen := maybe.message != ""
	rules := byPriority(nsg.Rules.Items)
	ports := samplePorts(rules, append(append([]portRange{}, certain...), possible...))
	for _, source := range sampleSources(rules) {
		for _, port := range ports {
			verdict, cause := walk(rules, source, port, c.Subnet.Prefixes)
			where := "port " + strconv.Itoa(port)
			switch {
			case verdict == posture.True && !unseen && within(port, certain):
				return exposure{state: posture.True, rule: ruleName(cause), address: cause.Address, port: strconv.Itoa(port)}
			case verdict == posture.True && !within(port, certain):
				doubt(whyPossible(c, port), "rule "+ruleName(cause)+" lets the internet in to "+where+", and whether the cache listens there is not known")
			case verdict == posture.Maybe:
				doubt(whyBlurred(cause, c.Subnet.Prefixes), "whether the internet is let in to "+where+" is not known: it depends on rule "+ruleName(cause))
			}
		}
	}
	if maybe.message != "" {
		return maybe
	}
	return exposure{state: posture.False}
}

// whyPossible is the reason for which a port may or may not be a client port.
func whyPossible(c *posture.Cache, port int) posture.Reason {
	if port == 6379 {
		return c.NonTLSPort.Why()
	}
	return c.ShardCount.Why()
}

// whyBlurred is the reason for which a rule decides or not.
func whyBlurred(r *posture.SecurityRule, subnet posture.Value[[]string]) posture.Reason {
	facts := []posture.Value[string]{r.Direction, r.Access, r.Protocol}
	facts = append(append(append(facts, r.Sources...), r.Ports...), r.Destinations...)
	for _, f := range facts {
		if f.IsUnknown() {
			return f.Why()
		}
	}
	switch {
	case !r.Priority.IsKnown():
		return r.Priority.Why()
	case subnet.IsUnknown():
		return subnet.Why()
	default:
		return posture.ReasonKnownAfterApply // the address of the cache in its subnet
	}
}

// walk decides, from the last rule to the first, whether traffic is let in, and
// names the rule that it hangs on. The default rules of Azure deny it. A rule
// that may match only blurs the answer.
func walk(rules []posture.SecurityRule, source netip.Addr, port int, subnet posture.Value[[]string]) (posture.Tri, *posture.SecurityRule) {
	result, cause := posture.False, (*posture.SecurityRule)(nil)
	for i := len(rules) - 1; i >= 0; i-- {
		r := &rules[i]
		match := matches(r, source, port, subnet)
		if match == posture.False {
			continue
		}
		sure := match == posture.True && r.Priority.IsKnown()
		answer := posture.Is(posture.Map(r.Access, strings.ToLower), "allow")
		if !sure && answer != result {
			// The rule applies or not: what is let in either way stays.
			answer = posture.Maybe
		}
		if sure || answer != result {
			cause = r
		}
		result = answer
	}
	return result, cause
}

// byPriority sorts the rules, lowest number first; rules without a known
// priority come first, so that they blur what any other rule decides.
func byPriority(rules []posture.SecurityRule) []posture.SecurityRule {
	sorted := append([]posture.SecurityRule{}, rules...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, aok := sorted[i].Priority.Get()
		b, bok := sorted[j].Priority.Get()
		if aok != bok {
			return bok
		}
		return a < b
	})
	return sorted
}

// matches reports whether a rule applies to traffic from source to port.
func matches(r *posture.SecurityRule, source netip.Addr, port int, subnet posture.Value[[]string]) posture.Tri {
	inbound := posture.Is(posture.Map(r.Direction, strings.ToLower), "inbound")
	protocol := posture.Map(r.Protocol, func(s string) bool { return s == "*" || strings.EqualFold(s, "tcp") || strings.EqualFold(s, "any") })
	return inbound.
		And(posture.Is(protocol, true)).
		And(matchesSource(r, source)).
		And(matchesPort(r.Ports, port)).
		And(matchesDestination(r.Destinations, subnet))
}

// matchesSource reports whether the rule's sources hold source. A rule that
// allows counts only if its sources leave out no address of the family: one for
// part of the internet is no rule for the internet.
func matchesSource(r *posture.SecurityRule, source netip.Addr) posture.Tri {
	allows := allowsSurely(r)
	unknown, holds := false, false
	var prefixes []netip.Prefix
	for _, s := range r.Sources {
		text, ok := s.Get()
		if !ok {
			unknown = unknown || s.IsUnknown()
			continue
		}
		// The service's VNet support is IPv4 only, so that an IPv6 source is
		// let in only where a rule names ::/0 itself.
		if source.Is4() || !allows {
			if text == "*" || strings.EqualFold(text, "internet") || strings.EqualFold(text, "any") {
				return posture.True
			}
		}
		if p, err := netip.ParsePrefix(text); err == nil && p.Addr().Is4() == source.Is4() {
			prefixes = append(prefixes, p.Masked())
			holds = holds || p.Contains(source)
		}
	}
	switch {
	case holds && (!allows || coversAll(prefixes)):
		return posture.True
	case unknown:
		return posture.Maybe
	default:
		return posture.False
	}
}

func allowsSurely(r *posture.SecurityRule) bool {
	s, _ := r.Access.Get()
	return strings.EqualFold(s, "allow")
}

// sampleSources returns the public addresses at which the answer may change:
// the first after each range that may be denied. Elsewhere no more is let in: what
// denies there denies up to the next of them.
func sampleSources(rules []posture.SecurityRule) []netip.Addr {
	seen := map[netip.Addr]bool{netip.IPv6Unspecified(): true}
	var private []netip.Prefix
	for _, text := range privateRanges {
		p := netip.MustParsePrefix(text)
		private = append(private, p)
		seen[lastOf(p).Next()] = true
	}
	for i := range rules {
		if allowsSurely(&rules[i]) {
			continue
		}
		for _, s := range rules[i].Sources {
			text, _ := s.Get()
			if p, err := netip.ParsePrefix(text); err == nil {
				if next := lastOf(p.Masked()).Next(); next.IsValid() {
					seen[next] = true
				}
			}
		}
	}
	var sources []netip.Addr
	for a := range seen {
		if !slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Contains(a) }) {
			sources = append(sources, a)
		}
	}
	slices.SortFunc(sources, netip.Addr.Compare)
	return sources
}

// coversAll reports whether prefixes of one family leave no address out.
func coversAll(prefixes []netip.Prefix) bool {
	sort.Slice(prefixes, func(i, j int) bool { return prefixes[i].Addr().Less(prefixes[j].Addr()) })
	next, started := netip.Addr{}, false
	for _, p := range prefixes {
		if !started {
			if !p.Addr().IsUnspecified() {
				return false
			}
			next, started = p.Addr(), true
		}
		if next.Less(p.Addr()) {
			return false
		}
		last := lastOf(p)
		if last.Less(next) {
			continue
		}
		if next = last.Next(); !next.IsValid() {
			return true
		}
	}
	return false
}

// lastOf returns the last address of a prefix.
func lastOf(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	addr, _ := netip.AddrFromSlice(bytes)
	return addr
}

func matchesPort(ports []posture.Value[string], port int) posture.Tri {
	result := posture.False
	for _, p := range ports {
		text, ok := p.Get()
		switch {
		case ok:
			r, valid := parsePorts(text)
			if !valid {
				result = result.Or(posture.Maybe)
			} else {
				result = result.Or(posture.FromBool(r.first <= port && port <= r.last))
			}
		case p.IsUnknown():
			result = result.Or(posture.Maybe)
		}
	}
	return result
}

func parsePorts(s string) (portRange, bool) {
	if s == "*" {
		return portRange{0, 65535}, true
	}
	from, to, isRange := strings.Cut(s, "-")
	if !isRange {
		to = from
	}
	first, err1 := strconv.Atoi(strings.TrimSpace(from))
	last, err2 := strconv.Atoi(strings.TrimSpace(to))
	return portRange{first, last}, err1 == nil && err2 == nil && first <= last
}

// matchesDestination reports whether the rule's destinations hold the cache. No
// destination at all is no restriction.
func matchesDestination(destinations []posture.Value[string], subnet posture.Value[[]string]) posture.Tri {
	if len(destinations) == 0 {
		return posture.True
	}
	result := posture.False
	for _, d := range destinations {
		text, ok := d.Get()
		if !ok {
			if d.IsUnknown() {
				result = result.Or(posture.Maybe)
			}
			continue
		}
		if text == "*" || strings.EqualFold(text, "virtualnetwork") || strings.EqualFold(text, "any") {
			return posture.True
		}
		result = result.Or(holdsSubnet(text, subnet))
	}
	return result
}

// holdsSubnet compares a destination prefix with the prefixes of the subnet.
func holdsSubnet(destination string, subnet posture.Value[[]string]) posture.Tri {
	dest, err := netip.ParsePrefix(destination)
	if err != nil {
		addr, err := netip.ParseAddr(destination)
		if err != nil {
			return posture.Maybe // a service tag
		}
		dest = netip.PrefixFrom(addr, addr.BitLen())
	}
	if dest.Bits() == 0 {
		return posture.True
	}
	prefixes, ok := subnet.Get()
	if !ok || len(prefixes) == 0 {
		return posture.Maybe
	}
	covered, touched := true, false
	for _, text := range prefixes {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return posture.Maybe
		}
		covered = covered && dest.Bits() <= p.Bits() && dest.Contains(p.Addr())
		touched = touched || dest.Overlaps(p)
	}
	switch {
	case covered:
		return posture.True
	case touched:
		return posture.Maybe
	default:
		return posture.False
	}
}

// samplePorts returns the ports at which the answer may change: the first of
// each wanted range, and each bound of a rule inside one.
func samplePorts(rules []posture.SecurityRule, wanted []portRange) []int {
	seen := map[int]bool{}
	for _, w := range wanted {
		seen[w.first] = true
	}
	for i := range rules {
		for _, p := range rules[i].Ports {
			text, _ := p.Get()
			r, valid := parsePorts(text)
			if !valid {
				continue
			}
			for _, port := range []int{r.first, r.last + 1} {
				if within(port, wanted) {
					seen[port] = true
				}
			}
		}
	}
	ports := make([]int, 0, len(seen))
	for p := range seen {
		ports = append(ports, p)
	}
	sort.Ints(ports)
	return ports
}

func within(port int, ranges []portRange) bool {
	for _, r := range ranges {
		if r.first <= port && port <= r.last {
			return true
		}
	}
	return false
}

func ruleName(r *posture.SecurityRule) string { return firstOf(r.Name, r.Address, "without a name") }
