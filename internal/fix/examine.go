package fix

import (
	"maps"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// edit makes all changes; dropped says that some could not be made beside the others.
func (r *run) edit() (edited map[string]*text, dropped bool) {
	edited = map[string]*text{}
	r.changes = slices.DeleteFunc(r.changes, func(c *change) bool {
		t := edited[c.file]
		if t == nil {
			t = newText(r.data[c.file])
		}
		out, err := c.in(t.data, true)
		if err != nil {
			r.refuse(c, err.Error(), nil)
			dropped = true
			return true
		}
		t.become(out)
		edited[c.file] = t
		return false
	})
	return edited, dropped
}

// judge judges the configuration alone, with files that are edited.
func (r *run) judge(edited map[string]*text) ([]Judged, error) { return r.Judge(contents(edited)) }

func contents(edited map[string]*text) map[string][]byte {
	files := map[string][]byte{}
	for name, t := range edited {
		files[name] = t.data
	}
	return files
}

// refuse notes of all violations that a change is against why it is not made, and perhaps
// which line says so.
func (r *run) refuse(c *change, why string, at *report.Position) {
	for address, ids := range c.caches {
		for _, id := range ids {
			key := finding{address, id}
			r.refused[key] = append(r.refused[key], Left{Cache: address, ID: id, At: at, refused: true,
				Why: c.label() + " is not written: " + why})
		}
	}
}

// examine refuses changes that do harm, that have no effect, or that bring a violation, and
// reports whether it refused any.
func (r *run) examine(before, after []Judged, edited map[string]*text) (refused bool, err error) {
	caches := byAddress(after)
	r.changes = slices.DeleteFunc(r.changes, func(c *change) bool {
		c.cautions = nil
		for _, address := range slices.Sorted(maps.Keys(c.caches)) {
			why := r.obstacle(c, caches[address])
			if why != "" {
				r.refuse(c, why, nil)
				refused = true
				return true
			}
			for _, what := range c.setting.CautionsFor(r.written(caches[address])) {
				if !slices.Contains(c.cautions, what) {
					c.cautions = append(c.cautions, what)
				}
			}
		}
		return false
	})
	if refused {
		return true, nil
	}
	if refused, err = r.examineOpen(edited); refused || err != nil {
		return refused, err
	}
	brought := newViolations(before, after)
	if len(brought) == 0 {
		return false, nil
	}
	for _, b := range brought {
		for i, c := range r.changes {
			without := slices.Delete(slices.Clone(r.changes), i, i+1)
			alone := run{Job: r.Job, data: r.data, changes: without, refused: map[finding][]Left{}}
			edited, _ := alone.edit()
			then, err := r.judge(edited)
			if err != nil {
				return false, err
			}
			if !slices.ContainsFunc(newViolations(before, then), func(o violation) bool { return o.finding == b.finding }) {
				r.refuse(c, "it would newly violate "+b.id+" of "+b.address+": "+b.message, nil)
				r.changes = without
				return true, nil
			}
		}
	}
	for _, c := range r.changes { // together they bring what none of them brings alone
		r.refuse(c, "it would newly violate "+brought[0].id+" of "+brought[0].address+": "+brought[0].message, nil)
	}
	r.changes = nil
	return true, nil
}

// examineOpen refuses changes to which something speaks for other values of the root variables
// than those given, and reports whether it refused any.
func (r *run) examineOpen(edited map[string]*text) (refused bool, err error) {
	if !slices.ContainsFunc(r.changes, func(c *change) bool { return len(c.setting.Obstacles) > 0 }) {
		return false, nil
	}
	open, err := r.JudgeOpen(contents(edited))
	if err != nil {
		return false, err
	}
	caches := byAddress(open)
	r.changes = slices.DeleteFunc(r.changes, func(c *change) bool {
		if len(c.setting.Obstacles) == 0 {
			return false
		}
		for _, address := range slices.Sorted(maps.Keys(c.caches)) {
			why := "whether the cache exists, and what belongs to it, depends on them"
			if caches[address].Cache != nil {
				why = c.setting.Obstacle(r.written(caches[address]))
			}
			if why != "" {
				r.refuse(c, "root variables, or the workspace, may have other values than here, and with those "+why, nil)
				refused = true
				return true
			}
		}
		return false
	})
	return refused, nil
}

// obstacle says what speaks against a change, given a cache that has it.
func (r *run) obstacle(c *change, after Judged) string {
	if after.Cache == nil {
		return "the configuration alone does not show the cache"
	}
	if why := c.setting.Obstacle(r.written(after)); why != "" {
		return why
	}
	is := false
	switch v := c.setting.Fact(after.Cache).(type) {
	case *posture.Value[bool]:
		is = v.IsKnown() && any(v.V) == c.setting.Value
	case *posture.Value[string]:
		is = v.IsKnown() && any(v.V) == c.setting.Value
	}
	if !is {
		return "something else decides the value"
	}
	return ""
}

// written is a cache that has a change, beside what it is without.
func (r *run) written(after Judged) baseline.Written {
	w := baseline.Written{Cache: after.Cache, Found: after.Cache, Exists: r.exist[after.Cache.Address].Exists, Planned: r.Planned}
	if found, ok := r.found[after.Cache.Address]; ok {
		w.Found = found.Cache
	}
	return w
}

// violation is a finding that counts against a cache.
type violation struct {
	finding
	message string
}

// newViolations are the violations that were none before.
func newViolations(before, after []Judged) (brought []violation) {
	was := map[finding]bool{}
	for _, c := range before {
		for _, list := range [][]report.Finding{c.Report.Features, c.Report.Advisories} {
			for _, f := range list {
				was[finding{c.Cache.Address, f.ID}] = f.Status == report.NonCompliant || f.Status == report.Exempt
			}
		}
	}
	for _, c := range after {
		for _, list := range [][]report.Finding{c.Report.Features, c.Report.Advisories} {
			for _, f := range list {
				if key := (finding{c.Cache.Address, f.ID}); f.Status == report.NonCompliant && !was[key] {
					brought = append(brought, violation{key, f.Message})
				}
			}
		}
	}
	return brought
}
