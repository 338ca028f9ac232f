package baseline

import (
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// portRange is an inclusive range of ports.
type portRange struct{ first, last int }

const lastPort = 65535

// portSet is a set of ports.
type portSet struct {
	ranges []portRange
	all    bool // every port
	any    bool // some elements are not known, and may be any port
}

// portsOf reads ports and ranges of ports. A text of another form may be any port.
func portsOf(values []posture.Value[string]) portSet {
	var set portSet
	for _, v := range values {
		text, ok := v.Get()
		r, valid := parsePorts(text)
		switch {
		case ok && valid && r == portRange{0, lastPort}:
			set.all = true
		case ok && valid:
			set.ranges = append(set.ranges, r)
		case ok, v.IsUnknown():
			set.any = true
		}
	}
	return set
}

func parsePorts(s string) (portRange, bool) {
	if s == "*" {
		return portRange{0, lastPort}, true
	}
	from, to, isRange := strings.Cut(s, "-")
	if !isRange {
		to = from
	}
	first, err1 := strconv.Atoi(strings.TrimSpace(from))
	last, err2 := strconv.Atoi(strings.TrimSpace(to))
	return portRange{first, last}, err1 == nil && err2 == nil && first <= last
}

// matched is the index of a rule that matches a port, surely or perhaps.
type matched struct {
	rule   int32
	surely bool
}

// matching returns for each of the sorted ports the rules of a list that match it,
// in the order of the list. It gives up, and returns false, when all ports together
// have more than most matches.
func matching(ports []int, list []matched, setOf func(rule int32) *portSet, most int) (at [][]matched, complete bool) {
	at = make([][]matched, len(ports))
	count := 0
	add := func(from, to int, m matched) bool { // once for each port
		for i := from; i < to; i++ {
			if n := len(at[i]); n > 0 && at[i][n-1].rule == m.rule {
				continue
			}
			at[i] = append(at[i], m)
			count++
		}
		return count <= most
	}
	for _, m := range list {
		set := setOf(m.rule)
		within := true
		if set.all {
			within = add(0, len(ports), m)
		} else {
			for _, r := range set.ranges {
				from, _ := slices.BinarySearch(ports, r.first)
				to, _ := slices.BinarySearch(ports, r.last+1)
				within = within && add(from, to, m)
			}
			if set.any {
				within = within && add(0, len(ports), matched{m.rule, false})
			}
		}
		if !within {
			return nil, false
		}
	}
	return at, true
}

// changes appends to out the first port of each range of the set, and the port after
// its last one.
func (s *portSet) changes(out []int) []int {
	if s.all {
		return out
	}
	for _, r := range s.ranges {
		out = append(out, r.first, r.last+1)
	}
	return out
}

// samplePorts returns one client port of each range of ports that no rule tells
// apart: the first port of each range of client ports, and each port at which a rule
// begins or ceases to match.
func samplePorts(rules []trafficRule, wanted []clientPort) []clientPort {
	var changes []int
	for i := range rules {
		changes = rules[i].ports.changes(changes)
	}
	slices.Sort(changes)
	changes = slices.Compact(changes)
	var out []clientPort
	for _, w := range wanted {
		from, _ := slices.BinarySearch(changes, w.first+1)
		to, _ := slices.BinarySearch(changes, w.last+1)
		out = append(out, w)
		for _, port := range changes[from:to] {
			w.first = port
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b clientPort) int { return a.first - b.first })
	return out
}

// sourcePortSamples returns one source port of each range of ports that no rule of
// the list tells apart. A client chooses its source port, so that one source port
// that is let in is enough.
func sourcePortSamples(rules []trafficRule, list []matched) []int {
	out := []int{0}
	for _, m := range list {
		out = rules[m.rule].sourcePorts.changes(out)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	from, _ := slices.BinarySearch(out, 0)
	to, _ := slices.BinarySearch(out, lastPort+1)
	return out[from:to]
}
