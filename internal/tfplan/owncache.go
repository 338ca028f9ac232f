package tfplan

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// ownCache is the cache of this provider. What stands around it may be written
// inside it: an attribute that is null is not managed there and says nothing, an
// empty one says that there is none.
const ownCache = "redisbaseline_cache"

// ownService is the service whose caches redisbaseline_cache makes.
var ownService = service.Redis

// ownDestinations are the arguments for what a diagnostic setting sends logs to,
// which have the names of azurerm.
func ownDestinations() []string {
	paths, out := vocabulary.DiagnosticSetting.Azurerm(), []string{}
	for _, role := range destinations {
		out = append(out, paths.Place(role).Path)
	}
	return out
}

func ownCacheType() *resourceType {
	t := cacheType(ownCache, ownService, vocabulary.Of(ownService).Own(), vocabulary.Migration(ownService).Own())
	diagnostic := keep(append([]string{"log_categories", "log_category_groups"}, ownDestinations()...)...)
	t.change = changeOf(keep().withNames(t.facts.Names()).
		with("private_endpoint", keep("subnet_id", "private_dns_zone_ids", "is_manual_connection", "connection_status")).
		with("diagnostic_settings", mapOf(diagnostic)).
		with("firewall_rules", mapOf(keep("start_ip", "end_ip"))).
		with("access_policies", nil).
		with("access_policy_assignments", mapOf(keep("access_policy_name").withMigration(keep("object_id")))).
		withMigration(keep().withNames(t.migration.Names())))
	t.expressions = append(t.expressions, "private_endpoint", "diagnostic_settings")
	return t
}

// ownChildren adds what a redisbaseline_cache holds itself.
func (p *linker) ownChildren(c *cacheEntry, out *posture.Cache, before bool, policies []posture.AccessPolicy) {
	if c.in.typ.name != ownCache {
		return
	}
	v := c.in.side(before)
	p.ownEndpoint(c.in, v.get("private_endpoint"), before, &out.PrivateEndpoints)
	ownMap(c.in, v, "diagnostic_settings", &out.DiagnosticSettings, func(key string, v view) posture.DiagnosticSetting {
		return p.ownDiagnostic(c.in, key, v)
	})
	ownMap(c.in, v, "firewall_rules", &out.FirewallRules, func(key string, v view) posture.FirewallRule {
		return posture.FirewallRule{Address: ownAddress(c.in, "firewall_rules", key), Name: key,
			Start: v.get("start_ip").str("start_ip"), End: v.get("end_ip").str("end_ip")}
	})
	ownMap(c.in, v, "access_policy_assignments", &out.AccessPolicyAssignments, func(key string, v view) posture.AccessPolicyAssignment {
		policy := v.get("access_policy_name").str("access_policy_name")
		a := accessAssignment(ownService, ownAddress(c.in, "access_policy_assignments", key), policy, policies)
		if p.migration {
			a.ObjectID = v.get("object_id").str("object_id")
		}
		return a
	})
	if p.migration {
		ownMap(c.in, v, "access_policies", &out.AccessPolicies, func(key string, v view) posture.AccessPolicy {
			return posture.AccessPolicy{Address: ownAddress(c.in, "access_policies", key), Name: posture.Known(key, "access_policies"),
				Permissions: v.str("access_policies")}
		})
	}
}

// ownAddress names an element of a map; a key that is part of a sensitive value
// is empty and not shown.
func ownAddress(in *instance, attribute, key string) string {
	if key == "" {
		return in.address + "." + attribute
	}
	return in.address + "." + attribute + `["` + key + `"]`
}

// ownMap adds the elements of a map; an element that is not known makes a doubt.
func ownMap[T any](in *instance, cache view, attribute string, set *posture.Set[T], item func(key string, v view) T) {
	v := cache.get(attribute)
	doubt := func(address string, reason posture.Reason) {
		set.Doubts = append(set.Doubts, posture.Doubt{Address: address, Reason: reason, Detail: attribute + " is known after apply"})
	}
	switch {
	case v.isUnknown():
		doubt(in.address+"."+attribute, posture.ReasonKnownAfterApply)
		return
	case v.lost():
		set.Doubts = append(set.Doubts, posture.Doubt{Address: in.address + "." + attribute, Reason: posture.ReasonRemoved,
			Detail: attribute + " was taken out of this plan"})
		return
	case v.val.null(), v.val.kind != '{' && v.unknown.kind != '{':
		return // not managed here
	}
	set.Observed = true
	seen := map[string]bool{}
	shown := func(key string) string {
		if v.isSensitive() {
			return ""
		}
		return key
	}
	for key := range v.val.members() {
		seen[key] = true
		if e := v.get(key); e.isUnknown() || isRedacted(e.val) || e.val.kind != '{' && e.val.kind != '"' {
			doubt(ownAddress(in, attribute, shown(key)), posture.ReasonKnownAfterApply)
		} else {
			set.Items = append(set.Items, item(shown(key), e))
		}
	}
	for key, unknown := range v.unknown.members() {
		if !seen[key] && anyTrue(unknown) {
			doubt(ownAddress(in, attribute, shown(key)), posture.ReasonKnownAfterApply)
		}
	}
}

// ownEndpoint adds the private endpoint that the resource itself makes, which it does
// only where a subnet is given.
func (p *linker) ownEndpoint(in *instance, v view, before bool, set *posture.Set[posture.PrivateEndpoint]) {
	const name = "private_endpoint"
	address := in.address + "." + name
	subnet := v.get("subnet_id").str(name + ".subnet_id")
	switch {
	case !v.isUnknown() && v.val.null(), v.isAbsent():
		return
	case subnet.IsUnset():
		return
	case subnet.IsUnknown() && (before || subnet.Reason != posture.ReasonKnownAfterApply || !p.ownNeverNull(in, name, "subnet_id")):
		set.Doubts = append(set.Doubts, posture.Doubt{Address: address, Reason: subnet.Why(), Detail: p.ownDescribe(in, name, "subnet_id")})
		return
	}
	endpoint := posture.PrivateEndpoint{
		Address: address,
		Approval: posture.Map(v.get("is_manual_connection").boolean(name+".is_manual_connection").OrDefault(false),
			func(manual bool) posture.Approval {
				if manual {
					return posture.ApprovalPending
				}
				return posture.ApprovalApproved
			}),
		DNSZones: p.zonesAt(in, v.get("private_dns_zone_ids"), name+".private_dns_zone_ids"),
	}
	if status := v.get("connection_status").str(name + ".connection_status"); status.IsKnown() {
		endpoint.Approval = posture.Map(status, func(s string) posture.Approval { return posture.Approval(s) })
	}
	if p.migration {
		endpoint.SubnetID, _ = p.subnetReference(in, subnet)
	}
	set.Items = append(set.Items, endpoint)
}

func (p *linker) ownDiagnostic(in *instance, key string, v view) posture.DiagnosticSetting {
	const name = "diagnostic_settings"
	out := posture.DiagnosticSetting{Address: ownAddress(in, name, key)}
	logs := []posture.Log{}
	for _, attribute := range []string{"log_categories", "log_category_groups"} {
		switch list := v.get(attribute).list(name + "." + attribute); {
		case list.IsUnknown():
			logs = append(logs, posture.Log{Enabled: posture.Unknown[bool](list.Reason, name+"."+attribute)})
		default:
			for _, category := range list.V {
				if list.Source.Sensitive {
					category = ""
				}
				logs = append(logs, posture.Log{Category: category, Enabled: posture.Known(true, name+"."+attribute)})
			}
		}
	}
	out.Logs = posture.Known(logs, name)
	for _, attribute := range ownDestinations() {
		dest := v.get(attribute).str(name + "." + attribute)
		if dest.IsUnknown() && dest.Reason == posture.ReasonKnownAfterApply {
			if p.ownNeverNull(in, name, key, attribute) {
				dest = posture.Known("an id that is known after apply", dest.Source.Path)
			} else {
				dest = dest.WithDetail(p.ownDescribe(in, name, key, attribute))
			}
		}
		out.Destinations = append(out.Destinations, dest)
	}
	return out
}

// ownNeverNull reports whether an id that is known after apply surely is one:
// the source says so, or the attribute that holds it refers to nothing but ids of
// managed resources.
func (p *linker) ownNeverNull(in *instance, attribute string, path ...any) bool {
	if p.evaluator != nil {
		if l, ok := leafOf(p.evaluator.Reference(in.address, append([]any{attribute}, path...)...)); ok && !l.data && l.attribute == "id" &&
			allowed(p.traceJSON(in, attribute), l) {
			return true
		}
	}
	leaves := p.traceJSON(in, attribute)
	for _, l := range leaves {
		if l.data || l.address == "" || l.attribute != "id" {
			return false
		}
	}
	return len(leaves) > 0
}

// ownDescribe says why an argument inside an attribute is not known.
func (p *linker) ownDescribe(in *instance, attribute string, path ...any) string {
	if p.evaluator == nil {
		return p.describe(in, attribute)
	}
	ref := p.evaluator.Reference(in.address, append([]any{attribute}, path...)...)
	if ref.Kind == tfconfig.Unresolved && ref.Why != "" {
		return attribute + " is not settled by the configuration: " + ref.Why
	}
	return attribute + " is known after apply"
}

// ownPolicies are the custom access policies that the cache holds itself.
func ownPolicies(in *instance, before bool) []posture.AccessPolicy {
	if in.typ.name != ownCache {
		return nil
	}
	var out []posture.AccessPolicy
	policies := in.side(before).get("access_policies")
	for key := range policies.val.members() {
		out = append(out, posture.AccessPolicy{Name: posture.Known(key, "access_policies"), Permissions: policies.get(key).str("permissions")})
	}
	return out
}
