package tfplan

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// readDrift reads one item of resource_drift: what somebody changed outside
// Terraform since the last run.
func (r *reader) readDrift(dec *jsontext.Decoder, skew int64) error {
	e, raw, err := r.readEntry(dec, nil, skew, "resource_drift", r.drift)
	r.drift++
	if err != nil || e.typ == nil {
		return err
	}
	if err := e.pick(&r.scratch, raw); err != nil || e.unused || !e.typ.cache {
		return err
	}
	if r.drifted == nil {
		r.drifted = map[string]string{}
	}
	r.drifted[e.address] = string(r.scratch.buf)
	return nil
}

// driftNotes names the facts of a cache that drifted, without their values.
func (p *linker) driftNotes(c *cacheEntry) []string {
	kept, ok := p.drifted[c.in.address]
	if !ok {
		return nil
	}
	was := &instance{address: c.in.address, typ: c.in.typ, cfg: c.in.cfg, change: posture.ChangeUpdate, kept: kept}
	before, after := was.both()
	if !after.exists() {
		return []string{"the cache was deleted outside Terraform since the last run"}
	}
	paths := drifted(p.read(c.service, was, before, false), p.read(c.service, was, after, false))
	if len(paths) == 0 {
		return nil
	}
	return []string{"changed outside Terraform since the last run: " + strings.Join(paths, ", ")}
}

// drifted returns the paths of the facts in which two sides differ.
func drifted(before, after *posture.Cache) []string {
	var paths []string
	note := func(differ bool, path string) {
		if differ {
			paths = append(paths, path)
		}
	}
	vocabulary.OfCache(before).Each(before, after, func(x vocabulary.Property) { note(!x.Alike(), x.Other().Source.Path) })
	note(before.MaintenanceWindows.V != after.MaintenanceWindows.V, "patch_schedule")
	slices.Sort(paths)
	return slices.Compact(paths)
}
