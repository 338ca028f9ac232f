package baseline

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
)

// addressSpace is all source addresses, IPv4 before IPv6, cut into cells at every
// bound of a rule's sources, so that the same rules match all addresses of a cell.
type addressSpace struct {
	cells []cell
	// total is the weight of all public addresses, by family; see [cell].
	total [2]uint64
}

// cell is the addresses from first up to the next cell.
type cell struct {
	first  netip.Addr
	family int // 0 for IPv4, 1 for IPv6
	public bool
	// publicBefore is the number of public cells before this one, and weightBefore
	// the sum of their weights. The weight of a cell is its number of addresses in
	// IPv4, and its number of /64 networks in IPv6.
	publicBefore int
	weightBefore [2]uint64
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

// build cuts the space. A cell of no addresses ends it.
func (b *spaceBuilder) build() *addressSpace {
	private := []netip.Prefix{notUnicast}
	for _, text := range privateRanges {
		private = append(private, netip.MustParsePrefix(text))
	}
	b.add(private)
	b.add([]netip.Prefix{everyIPv4, everyIPv6, globalUnicast})
	slices.SortFunc(b.bounds, netip.Addr.Compare)
	b.bounds = slices.Compact(b.bounds)
	space := &addressSpace{cells: make([]cell, len(b.bounds)+1)}
	public := 0
	for i, first := range b.bounds {
		c := cell{first: first, publicBefore: public, weightBefore: space.total}
		if first.Is4() {
			c.public = !slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Contains(first) })
		} else {
			c.family, c.public = 1, globalUnicast.Contains(first)
		}
		if c.public { // so that neither family ends here
			public++
			space.total[c.family] += ordinal(b.bounds[i+1]) - ordinal(first)
		}
		space.cells[i] = c
	}
	space.cells[len(b.bounds)] = cell{publicBefore: public, weightBefore: space.total}
	return space
}

// end is the number of cells that hold addresses.
func (s *addressSpace) end() int32 { return int32(len(s.cells)) - 1 }

// public reports whether a range holds public addresses.
func (s *addressSpace) public(r cellRange) bool {
	return s.cells[r.end].publicBefore > s.cells[r.first].publicBefore
}

// weigh adds the weight of the public addresses in a range to a sum by family.
func (s *addressSpace) weigh(r cellRange, sum *[2]uint64) {
	for f := range sum {
		sum[f] += s.cells[r.end].weightBefore[f] - s.cells[r.first].weightBefore[f]
	}
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
		i, _ := slices.BinarySearchFunc(s.cells[:s.end()], a, func(c cell, a netip.Addr) int { return c.first.Compare(a) })
		return int32(i)
	}
	out := make([]cellRange, 0, len(prefixes))
	for _, p := range prefixes {
		r := cellRange{at(p.Addr()), s.end()}
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
		s.weigh(r, &held)
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
