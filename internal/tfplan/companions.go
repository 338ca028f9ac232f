package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func endpointSpec() *spec {
	return keep("id", "name", "resource_group_name").
		with("private_service_connection", keep("is_manual_connection", "private_connection_resource_id", "subresource_names")).
		with("private_dns_zone_group", keep("private_dns_zone_ids"))
}

const (
	endpointTarget       = "private_service_connection[0].private_connection_resource_id"
	endpointSubresources = "private_service_connection[0].subresource_names"
)

// endpointService says whether an endpoint is for the sub-resource redisCache.
func endpointService(v view) posture.Tri {
	block := v.get("private_service_connection")
	if block.isUnknown() {
		return posture.Maybe
	}
	names := block.first().get("subresource_names")
	list := names.list("")
	switch {
	case list.IsUnset():
		return posture.False
	case list.IsUnknown():
		// Those that are known may already be for another service.
		for e := range names.elems() {
			if e.val.str() != "" && !isRedacted(e.val) && !strings.EqualFold(e.val.str(), "redisCache") {
				return posture.False
			}
		}
		return posture.Maybe
	}
	for _, name := range list.V {
		if strings.EqualFold(name, "redisCache") {
			return posture.True
		}
	}
	return posture.False
}

func (p *linker) endpoint(in *instance, v view) posture.PrivateEndpoint {
	manual := v.get("private_service_connection").first().get("is_manual_connection")
	out := posture.PrivateEndpoint{
		Address: in.address,
		Approval: posture.Map(manual.boolean("private_service_connection.is_manual_connection"), func(b bool) posture.Approval {
			if b {
				return posture.ApprovalPending
			}
			return posture.ApprovalApproved
		}),
		DNSZones: p.dnsZones(in, v),
	}
	if x := p.patched(kindEndpoint, in, ""); x != nil {
		out.Approval = posture.Unknown[posture.Approval](posture.ReasonUnresolvedReference,
			out.Approval.Source.Path).WithDetail(x.in.address + ": " + x.detail)
	}
	return out
}

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

func (p *linker) firewallRule(in *instance, v view) posture.FirewallRule {
	return posture.FirewallRule{
		Address: in.address, Name: v.get("name").shown(),
		Start: v.get("start_ip").str("start_ip"), End: v.get("end_ip").str("end_ip"),
	}
}

// targetByName resolves a child that names its cache by name and resource group.
func (p *linker) targetByName(in *instance, v, before view) target {
	if in.translated {
		return p.targetOf(in, v.get("redis_cache_id"), before.get("redis_cache_id"), "redis_cache_id", "id")
	}
	name, group := v.get("redis_cache_name"), strings.ToLower(v.get("resource_group_name").val.str())
	if name.isUnknown() || isRedacted(name.val) || name.val.absent() {
		t := p.targetOf(in, name, before.get("redis_cache_name"), "redis_cache_name", "name")
		if t.cache != nil && group != "" && t.cache.group != "" && t.cache.group != group {
			return target{}
		}
		return t
	}
	var found []*cacheEntry
	for _, c := range p.byName[strings.ToLower(name.val.str())] {
		if group == "" || c.group == "" || c.group == group {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return target{cache: found[0]} // names of caches are globally unique
	}
	t := target{reason: posture.ReasonUnresolvedReference, detail: "several caches of this plan have the name that it is for"}
	if len(found) == 0 && len(p.stripped) == 0 {
		return p.perhapsNameless("", group)
	}
	if len(found) == 0 {
		found = p.stripped
		t.reason, t.detail = posture.ReasonRemoved, "the names of caches were taken out of this plan"
	}
	for _, c := range found {
		t.groups = append(t.groups, c.in.address)
	}
	return t
}

// builtinPolicies are the access policies that every cache has.
var builtinPolicies = []string{"Data Owner", "Data Contributor", "Data Reader"}

func accessAssignment(address string, v view, policies []view) posture.AccessPolicyAssignment {
	const path = "access_policy_name"
	a := posture.AccessPolicyAssignment{
		Address: address, PolicyName: v.get(path).str(path),
		Permissions: posture.Unknown[string](posture.ReasonNotObserved, "permissions"),
	}
	if !a.PolicyName.IsKnown() {
		return a
	}
	for _, name := range builtinPolicies {
		if strings.EqualFold(name, a.PolicyName.V) {
			a.Permissions = posture.Unset[string]("permissions")
			return a
		}
	}
	for _, policy := range policies {
		if policy.get("name").val.str() == a.PolicyName.V {
			a.Permissions = policy.get("permissions").str("permissions")
		}
	}
	return a
}
