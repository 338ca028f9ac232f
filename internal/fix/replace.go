package fix

import (
	"path"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// replace finds out for each violation what is to be replaced to mend it, as far as can be:
// the lines of its arguments alone, and those of other changes without which they do harm.
// Changes of the same lines are one replacement, for whatever violation it is. What may hold
// a secret is left out, with all that needs it.
func (r *run) replace(before []Judged) error {
	parts := r.joined(false, r.changes, func(a, next *touching) bool { return next.start < a.end || next.start == a.start })
	own := map[finding][]*touching{}
	for _, t := range parts {
		for _, c := range t.changes {
			for address, ids := range c.caches {
				for _, id := range ids {
					key := finding{address, id}
					if !slices.Contains(own[key], t) && r.repeats(t) {
						own[key] = append(own[key], t)
					}
				}
			}
		}
	}
	r.result.replacements = map[finding][]report.Replacement{}
	for key, list := range own {
		list, err := r.withNeeded(before, key.address, list, parts)
		if err != nil {
			return err
		}
		for _, t := range list {
			replacement := report.Replacement{
				File:  path.Join(r.Base, t.changes[0].file),
				Lines: report.Lines{Start: t.start, End: t.end, Text: t.text},
			}
			for _, c := range t.changes {
				replacement.Settings = append(replacement.Settings, c.label())
			}
			r.result.replacements[key] = append(r.result.replacements[key], replacement)
		}
	}
	return nil
}

// repeats reports whether a report may repeat the new lines.
func (r *run) repeats(t *touching) bool {
	return repeatable(t.after, t.changes, t.start, t.start+len(linesOf([]byte(t.text))))
}

// withNeeded adds changes without which others do harm: one of the same cache that is enough,
// else all of that cache, else all there are. There are none where one of these is not shown.
func (r *run) withNeeded(before []Judged, address string, list, parts []*touching) ([]*touching, error) {
	of := slices.DeleteFunc(slices.Clone(parts), func(t *touching) bool {
		return !slices.ContainsFunc(t.changes, func(c *change) bool { return c.caches[address] != nil })
	})
	ways := [][]*touching{list}
	for _, t := range of {
		if !slices.Contains(list, t) {
			ways = append(ways, append(slices.Clone(list), t))
		}
	}
	for _, way := range append(ways, of, parts) {
		var changes []*change
		for _, t := range way {
			changes = append(changes, t.changes...)
		}
		harms, err := r.harmsAlone(before, changes)
		if err != nil {
			return nil, err
		}
		if harms {
			continue
		}
		if slices.ContainsFunc(way, func(t *touching) bool { return !r.repeats(t) }) {
			return nil, nil
		}
		return way, nil
	}
	return nil, nil
}
