package tfplan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func (p *linker) addDoubts(k kind, in *instance, t target) {
	if t.cache == nil && len(t.groups) > 0 {
		doubt := posture.Doubt{Address: in.address, Reason: t.reason, Detail: t.detail}
		if k == kindAccessAssignment {
			access := accessAssignmentOf(in, in.view(), nil)
			doubt.Access = &access
		}
		p.doubts.add(k, doubt, in.cfg, t.groups)
	}
}

// doubtIndex holds doubts by the group of caches that they may be about. Of many
// instances of one resource a few are listed and the others counted, so that N
// caches and N endpoints never make N times N doubts.
type doubtIndex map[kind]map[string]*doubtGroup

type doubtGroup struct {
	doubts []posture.Doubt
	shown  map[string]int // by resource, how many of its instances are listed
	more   map[string]int // and how many are only counted
}

const (
	shownInstances = 4   // instances of one resource that are listed
	shownDoubts    = 100 // doubts of one kind for one group of caches
)

func (d doubtIndex) add(k kind, doubt posture.Doubt, resource string, groups []string) {
	if d[k] == nil {
		d[k] = map[string]*doubtGroup{}
	}
	for _, name := range groups {
		g := d[k][name]
		if g == nil {
			g = &doubtGroup{shown: map[string]int{}, more: map[string]int{}}
			d[k][name] = g
		}
		if g.shown[resource] >= shownInstances || len(g.doubts) >= shownDoubts {
			g.more[resource]++
			continue
		}
		g.shown[resource]++
		g.doubts = append(g.doubts, doubt)
	}
}

// summarise ends each group with a doubt about what is only counted.
func (d doubtIndex) summarise() {
	for _, groups := range d {
		for _, g := range groups {
			if len(g.more) == 0 {
				continue
			}
			n := 0
			names := slices.Sorted(maps.Keys(g.more))
			for _, name := range names {
				n += g.more[name]
			}
			last := g.doubts[len(g.doubts)-1]
			last.Address, last.Detail, last.Access = names[0], fmt.Sprintf("and %d more", n), nil
			g.doubts = append(g.doubts, last)
			g.shown, g.more = nil, nil
		}
	}
}

// of returns the doubts of a kind about one cache.
func (d doubtIndex) of(k kind, c *cacheEntry) []posture.Doubt {
	var out []posture.Doubt
	for _, name := range c.groups {
		g := d[k][name]
		switch {
		case name == "" || g == nil:
		case out == nil:
			out = g.doubts[:len(g.doubts):len(g.doubts)]
		default:
			out = append(out, g.doubts...)
		}
	}
	return out
}
