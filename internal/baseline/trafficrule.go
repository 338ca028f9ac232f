package baseline

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// trafficRule is a security rule that applies, or may apply, to inbound TCP
// traffic to the cache, taken apart once for all ports and addresses.
type trafficRule struct {
	rule        *posture.SecurityRule
	name        string
	address     string
	applies     posture.Tri // by direction, protocol, destination and priority; never False
	allows      posture.Tri // by access
	ports       portSet
	sourcePorts portSet
	sources     []cellRange // cells of the address space that its sources hold
	anySource   bool        // some of its sources are not known, and may be any address
	whole       bool        // its sources leave out no public address of a family
}

// portSet is a set of ports.
type portSet struct {
	ranges []portRange
	all    bool // every port
	any    bool // some elements are not known, and may be any port
}

func (s portSet) has(port int) posture.Tri {
	if s.all || slices.ContainsFunc(s.ranges, func(r portRange) bool { return r.first <= port && port <= r.last }) {
		return posture.True
	}
	if s.any {
		return posture.Maybe
	}
	return posture.False
}

// prepareRules takes the rules apart that can match, by priority, lowest number
// first. Rules without a known priority come first: each of them may come before
// any other, so that it leaves open what the others decide.
func prepareRules(items []posture.SecurityRule, subnet posture.Value[[]string]) ([]trafficRule, *addressSpace) {
	destinations := newDestinations(subnet)
	rules := make([]trafficRule, 0, len(items))
	var space spaceBuilder
	var prefixes [][]netip.Prefix
	for i := range items {
		r := &items[i]
		inbound := posture.Is(posture.Map(posture.Among(r.Direction, "Inbound", "Outbound"), strings.ToLower), "inbound")
		protocol := posture.Map(posture.Among(r.Protocol, "*", "Any", "Tcp", "Udp", "Icmp", "Esp", "Ah"), func(s string) bool { return s == "*" || strings.EqualFold(s, "tcp") || strings.EqualFold(s, "any") })
		applies := inbound.And(posture.Is(protocol, true)).And(destinations.match(r.Destinations))
		if applies == posture.False {
			continue
		}
		if !r.Priority.IsKnown() {
			applies = posture.Maybe
		}
		rule := trafficRule{
			rule: r, name: firstOf(r.Name, r.Address, "without a name"), address: r.Address, applies: applies,
			allows: posture.Is(posture.Map(posture.Among(r.Access, "Allow", "Deny"), strings.ToLower), "allow"),
			ports:  portsOf(r.Ports, false), sourcePorts: portsOf(r.SourcePorts, len(r.SourcePorts) == 0),
		}
		held, unknown := sourcesOf(r, rule.allows)
		rule.anySource = unknown
		space.add(held)
		rules, prefixes = append(rules, rule), append(prefixes, held)
	}
	built := space.build()
	for i := range rules {
		rules[i].sources = built.ranges(prefixes[i])
		rules[i].whole = rules[i].allows != posture.False && built.whole(rules[i].sources)
	}
	slices.SortStableFunc(rules, func(a, b trafficRule) int {
		x, xok := a.rule.Priority.Get()
		y, yok := b.rule.Priority.Get()
		switch {
		case xok != yok && xok:
			return 1
		case xok != yok:
			return -1
		default:
			return x - y
		}
	})
	return rules, built
}

var (
	everyIPv4 = netip.MustParsePrefix("0.0.0.0/0")
	everyIPv6 = netip.MustParsePrefix("::/0")
)

// sourcesOf returns the prefixes that the rule's sources hold, and whether some
// are not known. Service tags but for the internet's hold no public address that
// counts. The service's VNet support is IPv4 only, so that a rule which allows
// lets IPv6 in only where it names it.
func sourcesOf(r *posture.SecurityRule, allows posture.Tri) (held []netip.Prefix, unknown bool) {
	for _, s := range r.Sources {
		text, ok := s.Get()
		if !ok {
			unknown = unknown || s.IsUnknown()
			continue
		}
		if text == "*" || strings.EqualFold(text, "internet") || strings.EqualFold(text, "any") {
			held = append(held, everyIPv4)
			if allows != posture.True {
				held = append(held, everyIPv6)
			}
			continue
		}
		if p, ok := prefixOf(text); ok {
			held = append(held, p)
		}
	}
	return held, unknown
}

// prefixOf reads a prefix or a single address.
func prefixOf(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func portsOf(values []posture.Value[string], all bool) portSet {
	set := portSet{all: all}
	for _, v := range values {
		text, ok := v.Get()
		r, valid := parsePorts(text)
		switch {
		case ok && valid && r == portRange{0, 65535}:
			set.all = true
		case ok && valid:
			set.ranges = append(set.ranges, r)
		case ok, v.IsUnknown():
			set.any = true
		}
	}
	if set.all {
		set.ranges = nil
	}
	return set
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

// whyUnclear is the reason for which a rule decides or not.
func (t *trafficRule) whyUnclear(subnet posture.Value[[]string]) posture.Reason {
	r := t.rule
	facts := []posture.Value[string]{r.Direction, r.Access, r.Protocol}
	for _, f := range slices.Concat(facts, r.Sources, r.SourcePorts, r.Ports, r.Destinations) {
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

// destinations compares the destinations of rules with the subnet of the cache.
type destinations struct {
	prefixes []netip.Prefix
	known    bool
}

func newDestinations(subnet posture.Value[[]string]) destinations {
	texts, _ := subnet.Get()
	out := destinations{known: len(texts) > 0}
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return destinations{}
		}
		out.prefixes = append(out.prefixes, p.Masked())
	}
	return out
}

// match reports whether a rule's destinations hold the cache. No destination at
// all is no restriction.
func (d destinations) match(values []posture.Value[string]) posture.Tri {
	if len(values) == 0 {
		return posture.True
	}
	result := posture.False
	for _, v := range values {
		text, ok := v.Get()
		switch {
		case ok:
			result = result.Or(d.hold(text))
		case v.IsUnknown():
			result = result.Or(posture.Maybe)
		}
		if result == posture.True {
			break
		}
	}
	return result
}

// hold compares a destination with the prefixes of the subnet, in which the
// cache has an address that is not known.
func (d destinations) hold(destination string) posture.Tri {
	if destination == "*" || strings.EqualFold(destination, "virtualnetwork") || strings.EqualFold(destination, "any") {
		return posture.True
	}
	dest, ok := prefixOf(destination)
	switch {
	case !ok:
		return posture.Maybe // another service tag, or an application security group
	case dest.Bits() == 0:
		return posture.True
	case !d.known:
		return posture.Maybe
	}
	covered, touched := true, false
	for _, p := range d.prefixes {
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
