package baseline

import (
	"container/heap"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// admittedTraffic is the traffic that the rules of a security group let in to one
// destination port from one source port.
type admittedTraffic struct {
	// by are the rules that let the internet in: one rule that names all public
	// addresses, or several that together let in half of those of a family. It is
	// empty where the internet is kept out.
	by      []*trafficRule
	family  string // IPv4 or IPv6, of which the rules let in half
	percent int    // share of the public addresses of the family that the rules let in
	whole   bool   // by is one rule that names the whole internet
	// perhaps is the rule with an unknown fact that decides whether the internet
	// is let in; nil where that is known.
	perhaps *trafficRule
}

// noRule is an index after those of all rules. It stands for the default rule of
// Azure, which denies the internet.
const noRule = int32(1<<31 - 1)

// matchingRules is the rules that match at one place of the address space, by what
// they do. Each heap gives the first rule by priority.
type matchingRules struct {
	allow, deny       ruleHeap // rules that surely match, and surely allow or deny
	mayAllow, mayDeny ruleHeap // rules that may match, and may allow or deny; the sure ones too
	whole, mayWhole   ruleHeap // rules of allow and of mayAllow that name, or may name, the whole internet
}

// add adds a rule that matches in a range of cells.
func (s *matchingRules) add(index int32, r *trafficRule, surely bool, at cellRange) {
	w := ruleRange{index, at.end}
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

// sourceSpan is a range of source addresses for which a rule matches, or may match.
type sourceSpan struct {
	at     cellRange
	rule   int32
	surely bool
}

// evaluateTraffic goes through the address space once and returns what a list of rules,
// ordered by priority, lets in. Its cost is that of sorting the sources of the rules.
func evaluateTraffic(space *addressSpace, rules []trafficRule, matching []matched) admittedTraffic {
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

	var now matchingRules
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

// tally is the sum of what is let in over the pieces of the address space.
type tally struct {
	space          *addressSpace
	rules          []trafficRule
	sure, possible [2]uint64 // what is let in, and what may be, by family
	unclear        [2]*trafficRule
	winners        map[int32][2]bool // rules that let something in, by family
	wholeBy        int32
	wholeUnclear   *trafficRule
}

func (t *tally) add(piece cellRange, now *matchingRules) {
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

// cause returns the rule whose unknown fact keeps the answer open: the rule that
// may deny what a later rule surely allows, or else the rule that may allow.
func (t *tally) cause(allow, mayAllow, deny, mayDeny int32) *trafficRule {
	if allow < deny {
		return &t.rules[mayDeny]
	}
	return &t.rules[mayAllow]
}

func (t *tally) result() admittedTraffic {
	if t.wholeBy != noRule {
		return admittedTraffic{by: []*trafficRule{&t.rules[t.wholeBy]}, whole: true}
	}
	for f, name := range families {
		if t.space.atLeastHalf(f, t.sure[f]) {
			return admittedTraffic{by: t.winnersOf(f), family: name, percent: t.space.percent(f, t.sure[f])}
		}
	}
	out := admittedTraffic{perhaps: t.wholeUnclear}
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

// ruleRange is a rule and the cell at which its range ends.
type ruleRange struct{ rule, end int32 }

// ruleHeap is a heap of rules with their ranges, with the first rule by priority on top.
type ruleHeap []ruleRange

func (h ruleHeap) Len() int           { return len(h) }
func (h ruleHeap) Less(i, j int) bool { return h[i].rule < h[j].rule }
func (h ruleHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push adds a rule at the end, for package heap.
func (h *ruleHeap) Push(w any) { *h = append(*h, w.(ruleRange)) } //nolint:forcetypeassert // from add alone

// Pop removes the rule at the end, for package heap.
func (h *ruleHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (h *ruleHeap) add(w ruleRange) { heap.Push(h, w) }

// first returns the first rule whose range holds a cell.
func (h *ruleHeap) first(cell int32) int32 {
	for len(*h) > 0 && (*h)[0].end <= cell {
		heap.Pop(h)
	}
	if len(*h) == 0 {
		return noRule
	}
	return (*h)[0].rule
}
