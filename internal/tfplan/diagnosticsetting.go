package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func diagnosticSpec() *spec {
	return keep(append([]string{"target_resource_id"}, destinations...)...).
		with("enabled_log", keep("category", "category_group")).
		with("log", keep("category", "category_group", "enabled"))
}

// destinations: azurerm has no argument for the last one, azapi and old settings have.
var destinations = []string{"log_analytics_workspace_id", "storage_account_id", "eventhub_authorization_rule_id", "partner_solution_id",
	"servicebus_rule_id"}

func (p *linker) diagnostic(in *instance, v view) posture.DiagnosticSetting {
	d := posture.DiagnosticSetting{Address: in.address, Logs: p.logs(in, v), Destinations: make([]posture.Value[string], 0, len(destinations))}
	if in.hidden {
		d.Logs = posture.Unknown[[]posture.Log](posture.ReasonWriteOnly, "body.properties.logs").WithDetail("sensitive_body may set it")
	}
	for _, name := range destinations {
		dest := v.get(name).str(name)
		if dest.IsUnknown() && dest.Reason == posture.ReasonKnownAfterApply {
			// A sole reference to the id of a resource is never null.
			leaves := p.trace(in, name)
			if len(leaves) == 1 && leaves[0].sure && !leaves[0].data && leaves[0].address != "" &&
				(leaves[0].attribute == "id" || strings.HasSuffix(leaves[0].attribute, "_id")) {
				dest = posture.Known(leaves[0].address+"."+leaves[0].attribute, name)
			}
		}
		if in.hidden {
			dest.Reason = posture.ReasonWriteOnly
		}
		d.Destinations = append(d.Destinations, dest)
	}
	if x := p.patched(kindDiagnostic, in, ""); x != nil {
		d.Logs = posture.Unknown[[]posture.Log](posture.ReasonUnresolvedReference, d.Logs.Source.Path).WithDetail(x.in.address + ": " + x.detail)
	}
	return d
}

// logs reads enabled_log, and log of azurerm 3. One of the two is computed from
// the other there, so the one that is known and has entries decides; one that is
// computed and stands nowhere in the source adds nothing.
func (p *linker) logs(in *instance, v view) posture.Value[[]posture.Log] {
	read := func(block string) posture.Value[[]posture.Log] {
		out := logBlocks(v, block)
		if out.IsUnknown() && out.Reason == posture.ReasonKnownAfterApply && !in.translated && in.after() &&
			p.omitted(in, block) == posture.True {
			out = posture.Known([]posture.Log{}, block)
		}
		return out
	}
	first, second := read("enabled_log"), read("log")
	switch {
	case first.IsKnown() && len(first.V) > 0:
		return first
	case second.IsKnown() && len(second.V) > 0:
		return second
	case first.IsUnknown():
		return first
	case second.IsUnknown(), first.IsUnset():
		return second
	default:
		return first
	}
}

func logBlocks(v view, block string) posture.Value[[]posture.Log] {
	part := v.get(block)
	return value(part, block, func(n node) ([]posture.Log, bool) {
		entries := []posture.Log{}
		for e := range part.elems() {
			entries = append(entries, logEntry(e, block))
		}
		return entries, n.kind == '['
	})
}

func logEntry(v view, block string) posture.Log {
	l := posture.Log{Enabled: posture.Known(true, block)}
	named := false // by a category or a group, whether or not it is known
	for _, name := range []string{"category", "category_group"} {
		named = named || v.get(name).str(name).IsKnown() || v.get(name).isUnknown() || v.get(name).lost()
		if s := v.get(name).val.str(); s != "" && !v.get(name).isSensitive() && l.Category == "" {
			l.Category = s
		}
	}
	if block == "log" {
		l.Enabled = v.get("enabled").boolean("log.enabled").OrDefault(true)
	}
	if !named {
		l.Enabled = posture.Undocumented[bool](block)
	}
	return l
}
