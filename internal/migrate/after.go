package migrate

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// plannedAt is the path of facts of the target.
const plannedAt = "target"

// TargetPosture is the cache to which a cache moves, with the objects around it that
// are made anew, as far as they are known.
func TargetPosture(c *posture.Cache, move *Move) *posture.Cache {
	t := move.Target
	out := &posture.Cache{
		Dialect: posture.DialectAzurerm, Label: move.DisplayName, Type: service.ManagedRedis.Type, Change: posture.ChangeCreate,
		Name:                    posture.Unknown[string](posture.ReasonKnownAfterApply, plannedAt),
		ResourceID:              posture.Unknown[string](posture.ReasonKnownAfterApply, plannedAt),
		ResourceGroup:           c.ResourceGroup,
		Location:                c.Location,
		SubnetID:                posture.Unset[string](plannedAt),
		PublicNetworkAccess:     posture.Known(t.Value(PublicNetworkAccess) != "Disabled", string(PublicNetworkAccess)),
		MinimumTLSVersion:       setting(t, MinimumTLSVersion),
		AccessKeyAuthentication: posture.Known(t.Value(AccessKeys) != "false", string(AccessKeys)),
		RDBBackup:               is(setting(t, Persistence), "RDB"),
		AOFBackup:               is(setting(t, Persistence), "AOF"),
		Zones:                   posture.Unset[[]string](string(Zones)),
		KeyConsumers:            posture.Set[string]{Observed: true},
	}
	if t.Known {
		out.SKU = posture.Known(t.Size.SKU, "sku")
	}
	group := setting(t, GeoReplicationGroup)
	out.ManagedRedis = posture.ManagedRedis{
		SKU:                 out.SKU,
		HighAvailability:    is(setting(t, HighAvailability), "true"),
		CustomerManagedKey:  is(setting(t, CustomerManagedKey), "true"),
		HasDatabase:         posture.Known(true, plannedAt),
		ClientProtocol:      setting(t, ClientProtocol),
		GeoReplicationGroup: group,
		GeoReplicas:         posture.Unset[int](plannedAt),
		ClusteringPolicy:    setting(t, ClusteringPolicy),
		Modules:             posture.Map(setting(t, Modules), func(list string) []string { return strings.Split(list, ",") }),
		DeferUpgrade:        posture.Unset[string](plannedAt),
		Recreated:           posture.Unset[[]string](plannedAt),
	}
	switch {
	case group.IsKnown() && c.GeoReplicas.IsKnown():
		out.GeoReplicas = c.GeoReplicas
	case group.IsKnown():
		out.GeoReplicas = posture.Known(len(move.Partners)+1, string(GeoReplicationGroup))
	}
	if t.Value(Identity) == "UserAssigned" { // the same one reads the key
		out.KeyIdentity = posture.Known("a user-assigned identity", string(Identity))
		out.Identities = posture.Known([]string{out.KeyIdentity.V}, string(Identity))
	}
	out.PrivateEndpoints = targetEndpoints(c)
	out.DiagnosticSettings = targetSettings(c)
	out.AccessPolicyAssignments = targetGrants(c)
	out.PolicyAssignments = targetPolicies(c)
	return out
}

// setting is a setting of the target as a fact; the value none means that it is unset.
func setting(t *Target, name SettingName) posture.Value[string] {
	switch value := t.Value(name); value {
	case "":
		return posture.Unknown[string](posture.ReasonNotObserved, string(name))
	case absent:
		return posture.Unset[string](string(name))
	default:
		return posture.Known(value, string(name))
	}
}

// is says whether a fact has a value; unset is not.
func is(v posture.Value[string], value string) posture.Value[bool] {
	return posture.Map(v, func(have string) bool { return have == value }).OrDefault(false)
}

func targetEndpoints(c *posture.Cache) posture.Set[posture.PrivateEndpoint] {
	set := posture.Set[posture.PrivateEndpoint]{}
	zone := posture.DNSZone{Name: service.ManagedRedis.DNSZones[c.Cloud()], Linked: posture.Known(true, plannedAt)}
	for i := range c.PrivateEndpoints.Items {
		set.Items = append(set.Items, posture.PrivateEndpoint{
			Address: "a private endpoint for the target", Approval: posture.Known(posture.ApprovalApproved, plannedAt),
			DNSZones: posture.Known([]posture.DNSZone{zone}, plannedAt),
			SubnetID: c.PrivateEndpoints.Items[i].SubnetID,
		})
	}
	if set.Items == nil {
		set.Detail = "name a subnet for one"
	}
	return set
}

func targetSettings(c *posture.Cache) posture.Set[posture.DiagnosticSetting] {
	set := posture.Set[posture.DiagnosticSetting]{}
	for i := range c.DiagnosticSettings.Items {
		s := &c.DiagnosticSettings.Items[i]
		set.Items = append(set.Items, posture.DiagnosticSetting{
			Address: "a diagnostic setting on the database of the target", Destinations: s.Destinations,
			Logs: posture.Known([]posture.Log{{Category: "allLogs", Enabled: posture.Known(true, plannedAt)}}, plannedAt),
		})
	}
	set.Detail = "name a workspace or another destination for one"
	return set
}

func targetGrants(c *posture.Cache) posture.Set[posture.AccessPolicyAssignment] {
	set := posture.Set[posture.AccessPolicyAssignment]{}
	for i := range c.AccessPolicyAssignments.Items {
		a := &c.AccessPolicyAssignments.Items[i]
		set.Items = append(set.Items, posture.AccessPolicyAssignment{
			Address: a.Address, PolicyName: posture.Known("default", plannedAt), Permissions: posture.Unset[string](plannedAt), ObjectID: a.ObjectID,
		})
	}
	if set.Items == nil {
		set.Detail = "name the object id of each client"
	}
	return set
}

// targetPolicies are the policy assignments around the cache, which cover a cache in the
// same resource group too; that none of them is for the new type is no violation yet.
func targetPolicies(c *posture.Cache) posture.Set[posture.PolicyAssignment] {
	set := c.PolicyAssignments
	if set.Observed || set.Detail == "" {
		set.Observed, set.Detail = false, "assign a definition for Microsoft.Cache/redisEnterprise"
	}
	return set
}

// verdictsOf is a judgement in short.
func verdictsOf(judged *report.Cache) Verdicts {
	v := Verdicts{Baseline: judged.Baseline, Compliant: judged.Compliant, Violations: noVerdicts, Unknown: noVerdicts, Advisories: noVerdicts}
	for i := range judged.Features {
		switch f := &judged.Features[i]; f.Status {
		case report.NonCompliant:
			v.Violations = append(v.Violations, verdictOf(f))
		case report.Unknown:
			v.Unknown = append(v.Unknown, verdictOf(f))
		}
	}
	for i := range judged.Advisories {
		if f := &judged.Advisories[i]; f.Status == report.NonCompliant {
			v.Advisories = append(v.Advisories, verdictOf(f))
		}
	}
	return v
}

var noVerdicts = []Verdict{}

func verdictOf(f *report.Finding) Verdict {
	v := Verdict{ID: f.ID, Message: f.Message}
	if f.Reason != nil {
		v.Reason = *f.Reason
	}
	return v
}
