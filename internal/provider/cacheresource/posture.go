package cacheresource

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// view is the configuration and the state beside a planned object that is judged.
type view struct {
	config  model
	prior   *model // nil when the cache is created
	private privateState
}

// cacheTerms is where this resource has the facts of a cache.
var cacheTerms = sync.OnceValue(vocabulary.Of(service.Redis).Own)

// postureOf is the posture of a planned object. Values that are known after apply are
// unknown. Children that are not managed here are those that Azure returned; where it
// returned none they are not observed, since the same run may make one elsewhere.
func postureOf(ctx context.Context, m model, change posture.Change, v view) *posture.Cache {
	c := &posture.Cache{Type: service.Redis.Type, Dialect: posture.DialectOwn, Change: change}
	vocabulary.Read(cacheTerms(), c, node{model: &m}, vocabulary.Reading[node]{})
	c.PrivateEndpoints = v.endpoints(ctx, m)
	c.DiagnosticSettings = diagnosticFacts(ctx, m.DiagnosticSettings)
	c.FirewallRules = ruleFacts(ctx, m.FirewallRules)
	c.AccessPolicyAssignments = assignmentFacts(ctx, m.AccessPolicyAssignments, m.AccessPolicies)
	if why, unread := v.private.Unread["patch_schedule"]; unread && c.MaintenanceWindows.IsUnknown() {
		c.MaintenanceWindows = posture.Unknown[int](posture.ReasonForbidden, "patch_schedule").WithDetail(why)
	}
	limitToObserved(v, m, "diagnostic_settings", &c.DiagnosticSettings)
	limitToObserved(v, m, "firewall_rules", &c.FirewallRules)
	limitToObserved(v, m, "access_policy_assignments", &c.AccessPolicyAssignments)
	return c
}

// limitToObserved changes a set of children that Azure did not let read, or that is
// not managed here, to one that is not observed.
func limitToObserved[T any](v view, plan model, attribute string, set *posture.Set[T]) {
	why, unread := v.private.Unread[attribute]
	switch {
	case v.prior == nil:
	case unread && plan.attribute(attribute).Equal(v.prior.attribute(attribute)):
		*set = posture.Set[T]{Reason: posture.ReasonForbidden, Detail: why}
	case v.config.attribute(attribute).IsNull() && len(set.Items) == 0:
		set.Observed, set.Detail = false, attribute+unmanagedHere
	}
}

const unmanagedHere = " is not managed here, and the same run may make some elsewhere"

// endpoints are the planned private endpoint and the connections of other private
// endpoints that the cache has, none of which the plan removes.
func (v view) endpoints(ctx context.Context, plan model) posture.Set[posture.PrivateEndpoint] {
	set := endpointFacts(ctx, plan.PrivateEndpoint)
	if v.prior == nil {
		return set
	}
	connected := azure.PrivateEndpoints(v.private.Connections)
	_, unread := v.private.Unread["private_endpoint"]
	switch {
	case v.config.PrivateEndpoint.IsNull() && len(connected.Items) == 0:
		return posture.Set[posture.PrivateEndpoint]{Detail: "private_endpoint" + unmanagedHere}
	case v.config.PrivateEndpoint.IsNull(), unread && plan.PrivateEndpoint.Equal(v.prior.PrivateEndpoint):
		return connected
	}
	own := []string{v.prior.ownEndpointID(), plan.endpointID()}
	for _, e := range connected.Items {
		if !slices.ContainsFunc(own, func(id string) bool { return strings.EqualFold(id, e.Address) }) {
			set.Items = append(set.Items, e)
		}
	}
	return set
}

func (m model) endpointID() string {
	id, _ := m.PrivateEndpoint.Attributes()["id"].(types.String)
	return id.ValueString()
}

func (m model) withoutEndpoint() bool {
	subnet, ok := m.PrivateEndpoint.Attributes()["subnet_id"].(types.String)
	return ok && subnet.IsNull()
}

func endpointFacts(ctx context.Context, o types.Object) posture.Set[posture.PrivateEndpoint] {
	set := posture.Set[posture.PrivateEndpoint]{Observed: !o.IsNull()}
	e := decode[endpointModel](ctx, o)
	switch {
	case o.IsNull(), e.SubnetID.IsNull():
		return set
	case e.SubnetID.IsUnknown(): // it may become null, which means none
		set.Doubts = []posture.Doubt{{Address: "private_endpoint", Reason: posture.ReasonKnownAfterApply,
			Detail: "private_endpoint.subnet_id is known after apply"}}
		return set
	}
	approval := posture.Map(vocabulary.Flag(node{v: e.Manual}.Scalar(), "private_endpoint.is_manual_connection", vocabulary.Plain),
		func(manual bool) posture.Approval {
			if manual {
				return posture.ApprovalPending
			}
			return posture.ApprovalApproved
		})
	if isKnown(e.Status) {
		approval = posture.Known(posture.Approval(e.Status.ValueString()), "private_endpoint.connection_status")
	}
	zones := posture.Map(vocabulary.List(node{v: e.DNSZoneIDs}, "private_endpoint.private_dns_zone_ids"), posture.DNSZonesOf)
	set.Items = append(set.Items, posture.PrivateEndpoint{Address: "private_endpoint", Approval: approval, DNSZones: zones})
	return set
}

// children is the set of the elements of a map: known ones are items, unknown ones
// doubts.
func children[M, T any](ctx context.Context, m types.Map, attribute string, item func(key string, v M) T) posture.Set[T] {
	set := posture.Set[T]{Observed: !m.IsNull()}
	doubt := func(address string) {
		set.Doubts = append(set.Doubts, posture.Doubt{Address: address, Reason: posture.ReasonKnownAfterApply,
			Detail: address + " is known after apply"})
	}
	if m.IsUnknown() {
		doubt(attribute)
		return set
	}
	keys, byKey := elements[M](ctx, m)
	for _, key := range keys {
		if m.Elements()[key].IsUnknown() {
			doubt(attribute + "." + key)
			continue
		}
		set.Items = append(set.Items, item(key, byKey[key]))
	}
	return set
}

func diagnosticFacts(ctx context.Context, m types.Map) posture.Set[posture.DiagnosticSetting] {
	return children(ctx, m, "diagnostic_settings", func(key string, d diagnosticModel) posture.DiagnosticSetting {
		at := "diagnostic_settings." + key
		var logs []posture.Log
		for _, set := range []types.Set{d.Categories, d.CategoryGroups} {
			names, known := textsOf(set)
			for _, name := range names {
				logs = append(logs, posture.Log{Category: name, Enabled: posture.Known(true, at)})
			}
			if !known {
				logs = append(logs, posture.Log{Enabled: posture.Unknown[bool](posture.ReasonKnownAfterApply, at)})
			}
		}
		return posture.DiagnosticSetting{
			Address: at, Logs: posture.Known(logs, at),
			Destinations: []posture.Value[string]{
				textFact(d.WorkspaceID, at), textFact(d.StorageAccountID, at), textFact(d.EventHubRuleID, at), textFact(d.PartnerID, at),
				textFact(d.ServiceBusRuleID, at),
			},
		}
	})
}

func ruleFacts(ctx context.Context, m types.Map) posture.Set[posture.FirewallRule] {
	return children(ctx, m, "firewall_rules", func(key string, r ruleModel) posture.FirewallRule {
		at := "firewall_rules." + key
		return posture.FirewallRule{Address: at, Name: key, Start: textFact(r.StartIP, at+".start_ip"), End: textFact(r.EndIP, at+".end_ip")}
	})
}

func assignmentFacts(ctx context.Context, m, policies types.Map) posture.Set[posture.AccessPolicyAssignment] {
	return children(ctx, m, "access_policy_assignments", func(key string, a assignmentModel) posture.AccessPolicyAssignment {
		out := posture.AccessPolicyAssignment{
			Address: "access_policy_assignments." + key, PolicyName: textFact(a.PolicyName, "access_policy_assignments"),
			Permissions: posture.Unset[string]("access_policies"),
		}
		if name := a.PolicyName.ValueString(); !service.Redis.HasAccessPolicy(name) {
			out.Permissions = posture.Unknown[string](posture.ReasonNotObserved, "access_policies")
			if permissions, ok := policies.Elements()[name].(types.String); ok {
				out.Permissions = textFact(permissions, "access_policies")
			}
		}
		return out
	})
}
