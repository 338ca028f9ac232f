package migrate

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// together is a group of caches that move in one wave.
type together struct {
	members []*Move // by name
	blocked bool
	order   int    // least [Move.Order] of its members
	retires string // first of their dates
}

// Waves divides the caches of a report that are to move into n waves of about the same
// size, and writes the number of its wave into each: geo-replication partners together,
// in the order of the tags of [Options.Order], caches with a certain blocker last among
// those of one tag, then by the end of their service and by name. There are fewer waves
// where there is less to divide. Where an earlier report has waves, those stand: a cache
// keeps its wave, and one that had none is in the last.
func Waves(r *Report, n int, earlier *Report) {
	r.Waves = []Wave{}
	groups, left := groupsOf(r.Caches), 0
	if earlier != nil && len(earlier.Waves) > 0 {
		keepWaves(r, groups, earlier)
		return
	}
	for _, g := range groups {
		left += len(g.members)
	}
	name := namesIn(r.Caches)
	for number := 1; len(groups) > 0 && number <= n; number++ {
		share := (left + n - number) / (n - number + 1)
		taken, size := 0, 0
		for _, g := range groups {
			if taken > 0 && number < n && size+len(g.members) > share {
				break
			}
			size += len(g.members)
			taken++
		}
		r.Waves = append(r.Waves, wave(number, groups[:taken], name))
		groups, left = groups[taken:], left-size
	}
}

// keepWaves puts each group into the first wave that one of its members had in an
// earlier report, or into the last one.
func keepWaves(r *Report, groups []together, earlier *Report) {
	had := newFinder(earlier.Caches)
	last := lastWave(earlier)
	byNumber := map[int][]together{}
	for _, g := range groups {
		number := last
		for _, m := range g.members {
			if before := had.same(m); before != nil && before.Wave > 0 {
				number = min(number, before.Wave)
			}
		}
		byNumber[number] = append(byNumber[number], g)
	}
	name := namesIn(r.Caches)
	for _, number := range slices.Sorted(maps.Keys(byNumber)) {
		r.Waves = append(r.Waves, wave(number, byNumber[number], name))
	}
}

// wave is the wave of some groups, whose number it writes into their members.
func wave(number int, groups []together, name func(*Move) string) Wave {
	w, moves := Wave{Number: number, Caches: []string{}}, []*Move{}
	for _, g := range groups {
		moves = append(moves, g.members...)
	}
	for _, m := range moves {
		m.Wave = number
		w.Caches = append(w.Caches, name(m))
	}
	w.Why = reason(groups, moves, name)
	return w
}

// groupsOf returns the groups of the caches that are to move, in the order of work.
func groupsOf(moves []Move) []together {
	index := map[string]int{} // of ids, addresses and groups of geo-replication
	parent := make([]int, len(moves))
	var root func(int) int
	root = func(i int) int {
		if parent[i] != i {
			parent[i] = root(parent[i])
		}
		return parent[i]
	}
	join := func(key string, i int) {
		if first, ok := index[key]; ok {
			parent[root(i)] = root(first)
			return
		}
		index[key] = i
	}
	for i := range moves {
		m := &moves[i]
		parent[i] = i
		m.Wave = 0
		if m.ResourceID != nil {
			index[strings.ToLower(*m.ResourceID)] = i
		}
		if m.Address != nil {
			index[*m.Address] = i
		}
	}
	for i := range moves {
		m := &moves[i]
		for _, partner := range m.Partners {
			if _, isAddress := index[partner]; !isAddress {
				partner = strings.ToLower(partner)
			}
			join(partner, i)
		}
		if m.Service == service.Enterprise.Name && m.Target != nil {
			if group := m.Target.Value(GeoReplicationGroup); group != absent && group != "" {
				join("group "+group, i)
			}
		}
	}
	byRoot := map[int]*together{}
	for i := range moves {
		m := &moves[i]
		if m.State != ToMove && m.State != Blocked {
			continue
		}
		g := byRoot[root(i)]
		if g == nil {
			g = &together{order: m.Order, retires: m.Retires}
			byRoot[root(i)] = g
		}
		g.members = append(g.members, m)
		g.blocked = g.blocked || m.State == Blocked
		g.order, g.retires = min(g.order, m.Order), min(g.retires, m.Retires)
	}
	groups := make([]together, 0, len(byRoot))
	for _, g := range byRoot {
		slices.SortFunc(g.members, byName)
		groups = append(groups, *g)
	}
	slices.SortFunc(groups, func(a, b together) int {
		switch {
		case a.order != b.order:
			return a.order - b.order
		case a.blocked != b.blocked && a.blocked:
			return 1
		case a.blocked != b.blocked:
			return -1
		case a.retires != b.retires:
			return strings.Compare(a.retires, b.retires)
		default:
			return byName(a.members[0], b.members[0])
		}
	})
	return groups
}

// byName orders by display name, then by address and by id.
func byName(a, b *Move) int {
	if c := strings.Compare(a.DisplayName, b.DisplayName); c != 0 {
		return c
	}
	if c := strings.Compare(textOf(a.Address), textOf(b.Address)); c != 0 {
		return c
	}
	return strings.Compare(textOf(a.ResourceID), textOf(b.ResourceID))
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// namesIn returns what a report calls each of its caches: its display name, and its
// address or id beside it where several have the same.
func namesIn(moves []Move) func(*Move) string {
	count := map[string]int{}
	for i := range moves {
		if moves[i].State != Moved {
			count[moves[i].DisplayName]++
		}
	}
	return func(m *Move) string {
		unique := firstOf(textOf(m.Address), textOf(m.ResourceID))
		if count[m.DisplayName] > 1 && unique != "" {
			return unique
		}
		return m.DisplayName
	}
}

// reason says why a wave has the caches that it has.
func reason(groups []together, moves []*Move, name func(*Move) string) string {
	var parts []string
	for _, m := range moves {
		if tag := m.OrderTag.words(); m.OrderTag.Key != "" && !slices.Contains(parts, tag) {
			parts = append(parts, tag)
		}
	}
	if slices.ContainsFunc(moves, func(m *Move) bool { return m.Service == service.Enterprise.Name }) {
		parts = append(parts, "the Enterprise tiers end on "+service.Enterprise.Retirement.Date)
	}
	blockers := 0
	for _, g := range groups {
		if len(g.members) > 1 {
			names := make([]string, len(g.members))
			for i, m := range g.members {
				names[i] = name(m)
			}
			parts = append(parts, "geo-replication partners together: "+strings.Join(names, ", "))
		}
		for _, m := range g.members {
			if m.State == Blocked {
				blockers++
			}
		}
	}
	if blockers > 0 {
		parts = append(parts, strconv.Itoa(blockers)+" blocked: settle the blockers before")
	}
	if parts == nil {
		return "no blocker is known"
	}
	return strings.Join(parts, "; ")
}
