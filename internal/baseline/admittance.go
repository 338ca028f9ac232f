package baseline

import (
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// admittance is what the rules of a group let in to one port from one source port.
type admittance struct {
	// by are the rules that let the internet in: one that names all of it, or
	// those that together let in half of a family; none where it stays out.
	by      []*trafficRule
	family  string // the family of which they let in half
	percent int    // the share of it that they let in
	whole   bool   // by is one rule that names the whole internet
	// perhaps is the rule that it depends on whether the internet is let in;
	// nil where that is decided.
	perhaps *trafficRule
}

// noRule comes after all rules: it stands for the default rule of Azure, which
// denies the internet.
const noRule = int32(1<<31 - 1)

// standing is, for the addresses of one piece of the address space, the first
// rule by priority of each sort; noRule where there is none.
type standing struct {
	allow, deny       firsts // match for sure, and surely allow or deny
	mayAllow, mayDeny firsts // those too, and what may match or do so
	whole, mayWhole   firsts // of allow and mayAllow, the rules that name the whole internet, or may
}

// add adds a rule that matches in a range.
func (s *standing) add(index int32, r *trafficRule, surely bool, at cellRange) {
	w := watch{index, at.end}
	if r.allows != posture.False {
		s.mayAllow.add(w)
		if r.whole || r.anySource {
			s.mayWhole.add(w)
		}
	}
	if r.allows != posture.True {
		s.mayDeny.add(w)
	}
	switch {
	case !surely:
	case r.allows == posture.False:
		s.deny.add(w)
	case r.allows == posture.True:
		s.allow.add(w)
		if r.whole {
			s.whole.add(w)
		}
	}
}

// sourceSpan is the addresses in which a rule matches, or may match.
type sourceSpan struct {
	at     cellRange
	rule   int32
	surely bool
}

// sweep goes through the address space once and says what the rules of a list,
// by priority, let in. Its work is that of sorting the sources of the rules.
func sweep(space *addressSpace, rules []trafficRule, matching []matched) admittance {
	var spans []sourceSpan
	bounds := []int32{0, space.end()}
	add := func(at cellRange, rule int32, surely bool) {
		spans = append(spans, sourceSpan{at, rule, surely})
		bounds = append(bounds, at.first, at.end)
	}
	for _, m := range matching {
		for _, at := range rules[m.rule].sources {
			add(at, m.rule, m.surely)
		}
		if rules[m.rule].anySource {
			add(cellRange{0, space.end()}, m.rule, false)
		}
	}
	slices.SortFunc(spans, func(a, b sourceSpan) int { return int(a.at.first) - int(b.at.first) })
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)

	var now standing
	sum := tally{space: space, rules: rules, wholeBy: noRule, winners: map[int32][2]bool{}}
	next := 0
	for i, first := range bounds[:len(bounds)-1] {
		for ; next < len(spans) && spans[next].at.first == first; next++ {
			now.add(spans[next].rule, &rules[spans[next].rule], spans[next].surely, spans[next].at)
		}
		if piece := (cellRange{first, bounds[i+1]}); space.public(piece) {
			sum.add(piece, &now)
		}
	}
	return sum.result()
}

// tally adds up the pieces of the address space.
type tally struct {
	space          *addressSpace
	rules          []trafficRule
	sure, possible [2]uint64 // what is let in, and what may be, by family
	unclear        [2]*trafficRule
	winners        map[int32][2]bool // rules that let something in, by family
	wholeBy        int32
	wholeUnclear   *trafficRule
}

func (t *tally) add(piece cellRange, now *standing) {
	at := piece.first
	allow, deny := now.allow.first(at), now.deny.first(at)
	mayAllow, mayDeny := now.mayAllow.first(at), now.mayDeny.first(at)
	whole, mayWhole := now.whole.first(at), now.mayWhole.first(at)
	switch {
	case whole < mayDeny:
		t.wholeBy = min(t.wholeBy, whole)
	case mayWhole < deny && t.wholeUnclear == nil:
		t.wholeUnclear = t.cause(whole, mayWhole, deny, mayDeny)
	}
	if mayAllow > deny || mayAllow == noRule {
		return
	}
	var weight [2]uint64
	t.space.weigh(piece, &weight)
	held := [2]bool{weight[0] > 0, weight[1] > 0}
	for f := range families {
		t.possible[f] += weight[f]
		switch {
		case allow < mayDeny:
			t.sure[f] += weight[f]
		case held[f] && t.unclear[f] == nil:
			t.unclear[f] = t.cause(allow, mayAllow, deny, mayDeny)
		}
	}
	if allow < mayDeny {
		had := t.winners[allow]
		t.winners[allow] = [2]bool{had[0] || held[0], had[1] || held[1]}
	}
}

// cause is the rule that decides, once it is known: the one that may deny what a
// later rule surely allows, or the one that may allow.
func (t *tally) cause(allow, mayAllow, deny, mayDeny int32) *trafficRule {
	if allow < deny {
		return &t.rules[mayDeny]
	}
	return &t.rules[mayAllow]
}

func (t *tally) result() admittance {
	if t.wholeBy != noRule {
		return admittance{by: []*trafficRule{&t.rules[t.wholeBy]}, whole: true}
	}
	for f, name := range families {
		if t.space.atLeastHalf(f, t.sure[f]) {
			return admittance{by: t.winnersOf(f), family: name, percent: t.space.percent(f, t.sure[f])}
		}
	}
	out := admittance{perhaps: t.wholeUnclear}
	for f := range families {
		if out.perhaps == nil && t.space.atLeastHalf(f, t.possible[f]) {
			out.perhaps = t.unclear[f]
		}
	}
	return out
}

// winnersOf are the rules that let in addresses of a family, by priority.
func (t *tally) winnersOf(family int) []*trafficRule {
	var indices []int32
	for i, families := range t.winners {
		if families[family] {
			indices = append(indices, i)
		}
	}
	slices.Sort(indices)
	out := make([]*trafficRule, len(indices))
	for i, index := range indices {
		out[i] = &t.rules[index]
	}
	return out
}

// watch is a rule that counts up to a cell.
type watch struct{ rule, end int32 }

// firsts is a heap of watches, with the first rule by priority on top.
type firsts []watch

func (h *firsts) add(w watch) {
	q := append(*h, w)
	for i := len(q) - 1; i > 0; {
		parent := (i - 1) / 2
		if q[parent].rule <= q[i].rule {
			break
		}
		q[parent], q[i] = q[i], q[parent]
		i = parent
	}
	*h = q
}

// first returns the first rule that counts at a cell.
func (h *firsts) first(cell int32) int32 {
	for len(*h) > 0 && (*h)[0].end <= cell {
		h.drop()
	}
	if len(*h) == 0 {
		return noRule
	}
	return (*h)[0].rule
}

// drop removes the watch on top.
func (h *firsts) drop() {
	q := *h
	last := len(q) - 1
	q[0] = q[last]
	q = q[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < last && q[child+1].rule < q[child].rule {
			child++
		}
		if child >= last || q[i].rule <= q[child].rule {
			break
		}
		q[i], q[child] = q[child], q[i]
		i = child
	}
	*h = q
}
