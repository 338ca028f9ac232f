package baseline

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// addressSpace is all source addresses, IPv4 before IPv6, cut into cells within
// which every rule of a security group answers the same.
type addressSpace struct {
	cells []cell
	// total is the weight of all public addresses, by family.
	total [2]uint64
}

// cell is the addresses from first up to the next cell.
type cell struct {
	first  netip.Addr
	family int    // 0 for IPv4, 1 for IPv6
	public bool   // it holds public addresses
	weight uint64 // public addresses of IPv4, /64 networks of 2000::/3
}

// cellRange is cells from first up to, not including, end.
type cellRange struct{ first, end int32 }

var families = [2]string{"IPv4", "IPv6"}

// spaceBuilder collects the bounds of cells.
type spaceBuilder struct{ bounds []netip.Addr }

var (
	globalUnicast = netip.MustParsePrefix("2000::/3")
	notUnicast    = netip.MustParsePrefix("224.0.0.0/3") // multicast and reserved
)

func (b *spaceBuilder) add(prefixes []netip.Prefix) {
	for _, p := range prefixes {
		b.bounds = append(b.bounds, p.Addr())
		if next := lastOf(p).Next(); next.IsValid() {
			b.bounds = append(b.bounds, next)
		}
	}
}

func (b *spaceBuilder) build() *addressSpace {
	private := []netip.Prefix{notUnicast}
	for _, text := range privateRanges {
		private = append(private, netip.MustParsePrefix(text))
	}
	b.add(private)
	b.add([]netip.Prefix{everyIPv4, everyIPv6, globalUnicast})
	slices.SortFunc(b.bounds, netip.Addr.Compare)
	b.bounds = slices.Compact(b.bounds)
	space := &addressSpace{cells: make([]cell, len(b.bounds))}
	for i, first := range b.bounds {
		c := cell{first: first}
		if first.Is4() {
			c.public = !slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Contains(first) })
		} else {
			c.family, c.public = 1, globalUnicast.Contains(first)
		}
		if c.public { // so that neither family ends here
			c.weight = ordinal(b.bounds[i+1]) - ordinal(first)
			space.total[c.family] += c.weight
		}
		space.cells[i] = c
	}
	return space
}

// ordinal is an IPv4 address as a number, or the number of the /64 network of
// an IPv6 address.
func ordinal(a netip.Addr) uint64 {
	if a.Is4() {
		return number(a)
	}
	b := a.As16()
	return binary.BigEndian.Uint64(b[:8])
}

// ranges returns the cells of prefixes, of which the space was built, sorted and
// without overlap.
func (s *addressSpace) ranges(prefixes []netip.Prefix) []cellRange {
	at := func(a netip.Addr) int32 {
		i, _ := slices.BinarySearchFunc(s.cells, a, func(c cell, a netip.Addr) int { return c.first.Compare(a) })
		return int32(i)
	}
	out := make([]cellRange, 0, len(prefixes))
	for _, p := range prefixes {
		r := cellRange{at(p.Addr()), int32(len(s.cells))}
		switch next := lastOf(p).Next(); {
		case next.IsValid():
			r.end = at(next)
		case p.Addr().Is4():
			r.end = at(netip.IPv6Unspecified())
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b cellRange) int { return int(a.first) - int(b.first) })
	merged := out[:0]
	for _, r := range out {
		if n := len(merged); n > 0 && r.first <= merged[n-1].end {
			merged[n-1].end = max(merged[n-1].end, r.end)
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

// whole reports whether ranges leave out no public address of a family.
func (s *addressSpace) whole(ranges []cellRange) bool {
	var held [2]uint64
	for _, r := range ranges {
		for _, c := range s.cells[r.first:r.end] {
			held[c.family] += c.weight
		}
	}
	return held[0] == s.total[0] || held[1] == s.total[1]
}

// atLeastHalf reports whether a weight is half of the public addresses or more.
func (s *addressSpace) atLeastHalf(family int, weight uint64) bool {
	return weight >= s.total[family]-weight
}

// percent is the share of the public addresses of a family, rounded down.
func (s *addressSpace) percent(family int, weight uint64) int {
	high, low := bits.Mul64(weight, 100)
	quotient, _ := bits.Div64(high, low, s.total[family])
	return int(quotient)
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

// admittance is what the rules let in to one port from one source port.
type admittance struct {
	whole *trafficRule // a rule that names the whole internet and lets some of it in
	half  bool         // the rules together let in half of a family or more
	by    []*trafficRule
	// family and percent describe what is let in, when half is set.
	family  string
	percent int
	// perhaps is the rule that it depends on whether the internet is let in;
	// nil where that is decided.
	perhaps *trafficRule
}

// painter decides, cell by cell, what the rules of a group let in. It goes
// through the rules by priority and visits each cell once for each thing that
// can be said of it, so that its work grows with rules and cells, not with their
// product.
type painter struct {
	space *addressSpace
	rules []trafficRule
	// The cells of which it is not said yet that a rule surely decides them, may
	// allow them, may deny them, or may allow them as part of the whole internet.
	decided, mayAllow, mayDeny, mayAllowAll unvisited
	by                                      []int32 // the rule that surely decides a cell, or -1
	allowedBy, deniedBy, allAllowedBy       []int32 // the first rule before it of those that may, or -1
	visits                                  int     // of rules and cells, in all
}

func newPainter(space *addressSpace, rules []trafficRule) *painter {
	n := len(space.cells)
	return &painter{
		space: space, rules: rules,
		decided: newUnvisited(n), mayAllow: newUnvisited(n), mayDeny: newUnvisited(n), mayAllowAll: newUnvisited(n),
		by: make([]int32, n), allowedBy: make([]int32, n), deniedBy: make([]int32, n), allAllowedBy: make([]int32, n),
	}
}

func (p *painter) reset() {
	for _, u := range []unvisited{p.decided, p.mayAllow, p.mayDeny, p.mayAllowAll} {
		u.reset()
	}
	for i := range p.by {
		p.by[i], p.allowedBy[i], p.deniedBy[i], p.allAllowedBy[i] = -1, -1, -1, -1
	}
}

// admitted returns what is let in to a port from a source port. The default
// rules of Azure, which come last, deny the internet.
func (p *painter) admitted(port, sourcePort int) admittance {
	p.reset()
	p.visits += len(p.rules) + len(p.by)
	everywhere := []cellRange{{0, int32(len(p.space.cells))}}
	for i := range p.rules {
		r := &p.rules[i]
		match := r.applies.And(r.ports.has(port)).And(r.sourcePorts.has(sourcePort))
		switch {
		case match == posture.False:
			continue
		case match == posture.True:
			p.decide(int32(i), r.sources)
		default:
			p.maybe(int32(i), r.sources)
		}
		if r.anySource {
			p.maybe(int32(i), everywhere)
		}
	}
	return p.result()
}

func (p *painter) decide(rule int32, ranges []cellRange) {
	for _, r := range ranges {
		p.decided.visit(r, func(cell int32) {
			p.visits++
			p.by[cell] = rule
			p.mayAllow.take(cell)
			p.mayDeny.take(cell)
			p.mayAllowAll.take(cell)
		})
	}
}

// maybe notes that a rule may match: that matters for cells which no rule before
// it decides.
func (p *painter) maybe(rule int32, ranges []cellRange) {
	r := &p.rules[rule]
	for _, cells := range ranges {
		if r.allows != posture.False {
			if r.whole || r.anySource {
				p.mayAllowAll.visit(cells, func(cell int32) { p.visits++; p.allAllowedBy[cell] = rule })
			}
			p.mayAllow.visit(cells, func(cell int32) { p.visits++; p.allowedBy[cell] = rule })
		}
		if r.allows != posture.True {
			p.mayDeny.visit(cells, func(cell int32) { p.visits++; p.deniedBy[cell] = rule })
		}
	}
}

// result adds up what the cells say.
func (p *painter) result() admittance {
	var out admittance
	var sure, possible [2]uint64
	var unclear [2]*trafficRule
	winners, whole := map[int32]bool{}, int32(-1)
	for i, c := range p.space.cells {
		if !c.public {
			continue
		}
		allows, rule := posture.False, p.by[i]
		if rule >= 0 {
			allows = p.rules[rule].allows
		}
		switch {
		case allows == posture.True && p.deniedBy[i] < 0:
			sure[c.family] += c.weight
			possible[c.family] += c.weight
			winners[rule] = true
			switch all := p.allAllowedBy[i]; {
			case p.rules[rule].whole && (whole < 0 || rule < whole):
				whole = rule
			case all >= 0 && out.perhaps == nil:
				out.perhaps = &p.rules[all]
			}
		case allows == posture.False && p.allowedBy[i] < 0:
		default:
			possible[c.family] += c.weight
			cause := p.cause(i, allows)
			if unclear[c.family] == nil {
				unclear[c.family] = cause
			}
			if out.perhaps == nil && (p.allAllowedBy[i] >= 0 || rule >= 0 && allows != posture.False && p.rules[rule].whole) {
				out.perhaps = cause
			}
		}
	}
	if whole >= 0 {
		out.whole, out.perhaps = &p.rules[whole], nil
		out.by = []*trafficRule{out.whole}
		return out
	}
	for f := range families {
		switch {
		case !out.half && p.space.atLeastHalf(f, sure[f]):
			out.half, out.family, out.percent = true, families[f], p.space.percent(f, sure[f])
			out.by = p.winners(winners, f)
		case out.perhaps == nil && p.space.atLeastHalf(f, possible[f]):
			out.perhaps = unclear[f]
		}
	}
	return out
}

// cause is the rule on which the answer for a cell hangs.
func (p *painter) cause(cell int, allows posture.Tri) *trafficRule {
	switch {
	case allows == posture.True:
		return &p.rules[p.deniedBy[cell]]
	case p.allowedBy[cell] >= 0:
		return &p.rules[p.allowedBy[cell]]
	default:
		return &p.rules[p.by[cell]]
	}
}

// winners are the rules that let in cells of a family, by priority.
func (p *painter) winners(all map[int32]bool, family int) []*trafficRule {
	var out []*trafficRule
	for i := range p.rules {
		if all[int32(i)] && slices.ContainsFunc(p.rules[i].sources, func(r cellRange) bool { return p.space.cells[r.first].family == family }) {
			out = append(out, &p.rules[i])
		}
	}
	return out
}

// unvisited finds the next cell that was not visited, in nearly constant time.
type unvisited struct{ to []int32 }

func newUnvisited(n int) unvisited { return unvisited{make([]int32, n+1)} }

func (u unvisited) reset() {
	for i := range u.to {
		u.to[i] = int32(i)
	}
}

// next returns the first cell from i on that was not visited, or the end.
func (u unvisited) next(i int32) int32 {
	root := i
	for u.to[root] != root {
		root = u.to[root]
	}
	for u.to[i] != root {
		u.to[i], i = root, u.to[i]
	}
	return root
}

func (u unvisited) take(i int32) { u.to[i] = i + 1 }

// visit calls f for each cell of a range that was not visited, and takes it.
func (u unvisited) visit(r cellRange, f func(cell int32)) {
	for i := u.next(r.first); i < r.end; i = u.next(i + 1) {
		u.take(i)
		f(i)
	}
}
