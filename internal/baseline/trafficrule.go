package baseline

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// trafficRule is a security rule that applies, or may apply, to inbound TCP
// traffic to the cache, in the form in which ports and addresses are compared.
type trafficRule struct {
	rule        *posture.SecurityRule
	name        string
	address     string
	priority    int
	applies     posture.Tri // by direction, protocol and destination; never False
	allows      posture.Tri // by access
	ports       portSet
	sourcePorts portSet
	sources     []cellRange // cells of the address space that its sources hold
	anySource   bool        // some of its sources are not known, and may be any address
	whole       bool        // its sources leave out no public address of a family
}

// prepareRules returns the rules that can match, lowest priority number first. Of
// two rules with the same priority, which Azure refuses, an allow comes before a
// deny. A rule whose priority is not known is listed twice: first, as a rule that
// may match before every other, and last, as a rule that matches after every other.
func prepareRules(items []posture.SecurityRule, subnet posture.Value[[]string]) ([]trafficRule, *addressSpace) {
	destinations := newDestinations(subnet)
	rules := make([]trafficRule, 0, len(items))
	var space spaceBuilder
	var prefixes [][]netip.Prefix
	for i := range items {
		r := &items[i]
		inbound := posture.Is(wordOf(r.Direction, "Inbound", "Outbound"), "inbound")
		tcp := posture.Is(posture.Map(wordOf(r.Protocol, "*", "Any", "Tcp", "Udp", "Icmp", "IcmpV6", "Esp", "Ah"), holdsTCP), true)
		applies := inbound.And(tcp).And(destinations.match(r.Destinations))
		if applies == posture.False {
			continue
		}
		rule := trafficRule{
			rule: r, priority: math.MaxInt, name: quotedName(r.Name, r.Address), address: r.Address,
			applies: applies,
			allows:  posture.Is(wordOf(r.Access, "Allow", "Deny"), "allow"),
			ports:   portsOf(r.Ports), sourcePorts: portsOf(r.SourcePorts),
		}
		rule.ports.any = rule.ports.any || len(r.Ports) == 0
		rule.sourcePorts.all = rule.sourcePorts.all || len(r.SourcePorts) == 0
		held, unknown := sourcesOf(r, rule.allows)
		rule.anySource = unknown
		space.add(held)
		if priority, ok := r.Priority.Get(); ok {
			rule.priority = priority
		} else {
			first := rule
			first.priority, first.applies = math.MinInt, posture.Maybe
			rules, prefixes = append(rules, first), append(prefixes, held)
		}
		rules, prefixes = append(rules, rule), append(prefixes, held)
	}
	built := space.build()
	for i := range rules {
		rules[i].sources = built.ranges(prefixes[i])
		rules[i].whole = rules[i].allows != posture.False && built.whole(rules[i].sources)
	}
	slices.SortStableFunc(rules, func(a, b trafficRule) int {
		return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(denies(a.allows), denies(b.allows)))
	})
	return rules, built
}

// wordOf returns a documented word in lower case; another word counts as unknown.
func wordOf(v posture.Value[string], documented ...string) posture.Value[string] {
	return posture.Map(posture.Among(v, documented...), strings.ToLower)
}

func holdsTCP(protocol string) bool { return protocol == "tcp" || protocol == "*" || protocol == "any" }

// denies returns the order of rules with the same priority: allow, not known, deny.
func denies(allows posture.Tri) int {
	switch allows {
	case posture.True:
		return 0
	case posture.False:
		return 2
	default:
		return 1
	}
}

var (
	everyIPv4 = netip.MustParsePrefix("0.0.0.0/0")
	everyIPv6 = netip.MustParsePrefix("::/0")
)

// sourcesOf returns the address prefixes among the sources of a rule, and whether
// some sources are not known. Every rule has a source: where none is seen, it is
// not known. Service tags other than Internet hold no public address that counts.
// A virtual network of the service has IPv4 only, so that an allow of every
// source lets IPv6 in only where it names IPv6.
func sourcesOf(r *posture.SecurityRule, allows posture.Tri) (held []netip.Prefix, unknown bool) {
	unknown = len(r.Sources) == 0
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
		} else if !isTag(text) && text != posture.ApplicationSecurityGroup {
			unknown = true
		}
	}
	return held, unknown
}

// isTag reports whether a text is written as a service tag is, for example
// AzureLoadBalancer or Storage.WestEurope.
func isTag(text string) bool {
	return text != "" && unicode.IsLetter(rune(text[0])) && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '_'
	})
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

// whyUnclear returns the reason for which it is not known whether the rule matches
// or what it does.
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
	case len(r.Sources) == 0, len(r.Ports) == 0:
		return posture.ReasonNotObserved
	default:
		return posture.ReasonKnownAfterApply // the address of the cache in its subnet
	}
}

// destinations is the subnet of the cache, with which destinations of rules are compared.
type destinations struct {
	prefixes []netip.Prefix // of IPv4, which alone an injected cache has
	known    bool
}

func newDestinations(subnet posture.Value[[]string]) destinations {
	texts, _ := subnet.Get()
	var out destinations
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return destinations{}
		}
		if p.Addr().Is4() {
			out.prefixes, out.known = append(out.prefixes, p.Masked()), true
		}
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
	case !ok && isTag(destination):
		return posture.False // the public addresses of a service
	case !ok:
		return posture.Maybe // an application security group, or no form that is known
	case !dest.Addr().Is4():
		return posture.False // an injected cache has no IPv6
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
