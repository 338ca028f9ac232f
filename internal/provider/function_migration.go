package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// move is the result of the function migration, in the names of the JSON of migrate.
type move struct {
	State        migrate.State        `json:"state"`
	Retires      *string              `json:"retires"`
	TargetSKU    *string              `json:"target_sku"`
	Target       *moveTarget          `json:"target"`
	Alternatives []sizing.Alternative `json:"alternatives"`
	Settings     []moveSetting        `json:"settings"`
	Blockers     []difference         `json:"blockers"`
	Differences  []difference         `json:"differences"`
	Automated    *automated           `json:"automated"`
}

// moveTarget is the size to order; all but the reason is null where it is not known.
type moveTarget struct {
	SKU         *string       `json:"sku"`
	MemoryGB    *float64      `json:"memory_gb"`
	VCPUs       *int          `json:"vcpus"`
	Connections *int          `json:"connections"`
	Preview     *bool         `json:"preview"`
	Why         string        `json:"why"`
	Basis       *sizing.Basis `json:"basis"`
}

// moveSetting is a property of the target; its value is null where it is not known.
type moveSetting struct {
	Name  migrate.SettingName `json:"name"`
	Value *string             `json:"value"`
	Why   string              `json:"why"`
}

type difference struct {
	ID       string           `json:"id"`
	Severity migrate.Severity `json:"severity"`
	Certain  bool             `json:"certain"`
	Message  string           `json:"message"`
	Action   string           `json:"action"`
}

// automated is the way on which Microsoft moves a cache.
type automated struct {
	Path     string   `json:"path"`
	Eligible *bool    `json:"eligible"`
	Reasons  []string `json:"reasons"`
}

func migrationFunction(documents baseline.Documents) function.Function {
	return &cacheFunction{
		name:    "migration",
		summary: "Move of a cache to Azure Managed Redis",
		doc: "Returns what the move of a cache to Azure Managed Redis takes, as `redisbaseline migrate` plans it: `state` (`to_move`; " +
			"`blocked` by a certain blocker; `moved`, for a cache of Azure Managed Redis, whose lists are empty; `unknown`, where the service is " +
			"not known), `retires` (the day on which the service ends), `target_sku` (null where the size is not known) with `target` and its " +
			"reason `why`, `alternatives` with the condition `when`, the `settings` of the target, `differences` with `blockers` among them " +
			"(`severity` is `blocker`, `change` or `notice`; `certain` is false where it is not known whether the cache is concerned, and " +
			"`action` then begins with what shows it), and `automated`: whether Microsoft's own migration can take the cache (`path` is " +
			"`automated`, or `in-place` for the Enterprise tiers), null where that is not known. The result does not depend on the day. " +
			"What may still change once more is known is unknown. Sizes are chosen by provisioned memory: `redisbaseline migrate --metrics` " +
			"chooses by load.",
		kinds:   movingKinds,
		returns: function.ObjectReturn{AttributeTypes: objectOf[move]().AttrTypes},
		result: func(_ context.Context, cache node, companions []node, c *posture.Cache) (attr.Value, error) {
			c.MigrationAsked = true
			job := judge.Job{Documents: documents}
			m := migrate.For(c, job.Cache(posture.Planned{After: c}), migrate.Options{Documents: documents})
			out := moveOf(&m)
			switch {
			case m.State == migrate.Moved:
				return objectValue(out), nil
			case len(undecidedOf(movingKinds().shape(), cache, companions)) > 0:
				return out.before(c), nil
			case out.Target != nil && out.TargetSKU == nil && (cache.Get("id").unknown() || cache.Get("resource_group_name").unknown()):
				// The reason holds a command with the ids of the cache, which are undecided nowhere else.
				known := objectValue(out).Attributes()
				known["target"] = objectValue(*out.Target, "why")
				return types.ObjectValueMust(objectOf[move]().AttrTypes, known), nil
			}
			return objectValue(out), nil
		},
	}
}

func moveOf(m *migrate.Move) move {
	out := move{State: m.State, Alternatives: []sizing.Alternative{}, Settings: []moveSetting{}, Blockers: []difference{},
		Differences: []difference{}}
	if m.Retires != "" {
		out.Retires = &m.Retires
	}
	if t := m.Target; t != nil {
		out.Target, out.Alternatives = &moveTarget{Why: t.Why}, t.Alternatives
		if t.Known {
			out.TargetSKU = &t.Size.SKU
			*out.Target = moveTarget{&t.Size.SKU, &t.Size.MemoryGB, &t.Size.VCPUs, &t.Size.Connections, &t.Size.Preview, t.Why, &t.Basis}
		}
		for i := range t.Settings {
			s := &t.Settings[i]
			setting := moveSetting{Name: s.Name, Why: s.Why}
			if s.Value != "" {
				setting.Value = &s.Value
			}
			out.Settings = append(out.Settings, setting)
		}
	}
	for i := range m.Differences {
		d := &m.Differences[i]
		told := difference{d.ID, d.Severity, d.Certain, d.Message, d.Action}
		out.Differences = append(out.Differences, told)
		if d.Severity == migrate.Blocker {
			out.Blockers = append(out.Blockers, told)
		}
	}
	for i := range m.Paths {
		if p := &m.Paths[i]; p.ID != migrate.NewCache {
			out.Automated = &automated{p.ID, p.Eligible, p.Reasons}
		}
	}
	return out
}

// before is the result before all of a cache is known: what may still change is unknown.
func (m *move) before(c *posture.Cache) attr.Value {
	open := []string{"target", "alternatives", "settings", "blockers", "differences", "automated"}
	if m.State != migrate.Blocked {
		open = append(open, "state")
	}
	if m.State == migrate.Unknown {
		open = append(open, "retires")
	}
	if m.State == migrate.Unknown || sizeOpen(c) {
		open = append(open, "target_sku")
	}
	out := objectValue(*m, open...)
	attrs := out.Attributes()
	if a := m.Automated; a != nil && a.Eligible != nil && !*a.Eligible { // one reason against it is enough
		attrs["automated"] = objectValue(*a, "reasons")
	}
	return types.ObjectValueMust(objectOf[move]().AttrTypes, attrs)
}

// sizeOpen reports whether a fact is not known yet by which the size is chosen.
func sizeOpen(c *posture.Cache) bool {
	return later(c.Tier) || later(c.Family) || later(c.Capacity) || later(c.ShardCount) || later(c.SKU) || later(c.GeoReplicationGroup) ||
		later(c.MaxmemoryReserved) || later(c.MaxfragmentationmemoryReserved)
}

func later[T any](v posture.Value[T]) bool { return v.Why() == posture.ReasonKnownAfterApply }
