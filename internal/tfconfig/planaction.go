package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// invocations are the runs of action blocks that resources trigger.
func (p *planWriter) invocations() []any {
	out := []any{}
	for _, r := range p.triggering {
		for _, trigger := range r.decl.triggers() {
			out = append(out, p.triggered(r, trigger.Body)...)
		}
	}
	return out
}

// triggers are the blocks of a resource that run actions.
func (b *block) triggers() (out hcl.Blocks) {
	for _, body := range b.bodies {
		for _, l := range blocks(body, "lifecycle") {
			out = append(out, blocks(l.Body, "action_trigger")...)
		}
	}
	return out
}

// triggered are the runs of actions by one action_trigger of a resource instance. Every
// argument of an action may be of any type.
func (p *planWriter) triggered(r plannedResource, trigger hcl.Body) (out []any) {
	events, actions := attribute(trigger, "events"), attribute(trigger, "actions")
	if actions == nil {
		return nil
	}
	event := ""
	if events != nil {
		if list, _ := hcl.ExprList(events.Expr); len(list) == 1 {
			event = hcl.ExprAsKeyword(list[0])
		}
	}
	words := strings.Split(event, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	list, _ := hcl.ExprList(actions.Expr)
	m := r.target.scope.module
	for _, expr := range list {
		refs := expr.Variables()
		if len(refs) == 0 || len(refs[0]) < 3 {
			continue
		}
		name := stepsText(refs[0][:3])
		decl := m.resources[name]
		if decl == nil {
			continue
		}
		schema := &providerschema.Block{}
		for _, config := range decl.bodies.blocks("config") {
			schema = writtenSchema(bodies{config.Body})
		}
		o := p.e.object(target{decl: decl, scope: scope{module: m}}, schema, []any{"config", 0})
		out = append(out, map[string]any{
			"address": join(m.address, name), "type": decl.typ, "name": decl.label,
			"config_values": o.after, "config_unknown": o.unknown, "config_sensitive": o.sensitive,
			"lifecycle_action_trigger": map[string]any{"triggering_resource_address": r.address, "action_trigger_event": strings.Join(words, "")},
		})
	}
	return out
}
