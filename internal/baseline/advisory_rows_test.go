package baseline_test

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// advisoryRows are the rows of every advisory.
func advisoryRows() map[string][]row {
	return map[string][]row{
		"advisory/entra-authentication":          entraRows,
		"advisory/access-keys-disabled":          accessKeyRows,
		"advisory/least-privilege-access-policy": accessPolicyRows,
		"advisory/firewall-rules":                firewallRows,
		"advisory/private-dns-zone":              dnsZoneRows,
		"advisory/unreachable":                   unreachableRows,
		"advisory/authentication-needs-vnet":     needsVNetRows,
		"advisory/disk-encryption-tier":          diskRows,
		"advisory/persistence-identity":          persistenceRows,
		"advisory/tier":                          tierRows,
		"advisory/zone-redundancy":               zoneRows,
		"advisory/maxmemory-reserved":            memoryRows,
		"advisory/redis-version":                 versionRows,
		"advisory/patch-schedule":                patchRows,
		"advisory/update-channel":                channelRows,
		"advisory/keys-in-state":                 keyRows,
		"advisory/persistence":                   persistedRows,
		"advisory/retirement":                    retirementRows,
	}
}

func size(sku, family string, capacity posture.Value[int]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.Tier, c.Family, c.Capacity = known(sku), known(family), capacity }
}

func tierUnknown(c *posture.Cache) {
	c.Tier, c.Family = later[string](), later[string]()
}

func entra(v posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.EntraAuthentication = v }
}

var entraRows = []row{
	{cell: "known off", edit: entra(known(false)), status: report.NonCompliant, level: report.Warning},
	{cell: "unset is off", edit: nothing, status: report.NonCompliant, level: report.Warning},
	{cell: "on", edit: entra(known(true)), status: report.Compliant},
	{cell: "not known", edit: entra(later[bool]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

func keys(v posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.AccessKeyAuthentication = v }
}

var accessKeyRows = []row{
	{cell: "on", edit: keys(known(true)), status: report.NonCompliant, level: report.Warning},
	{cell: "azurerm 3 has no switch: on", edit: nothing, status: report.NonCompliant, level: report.Warning},
	{cell: "off", edit: keys(known(false)), status: report.Compliant},
	{cell: "not known", edit: keys(unknown[bool](posture.ReasonWriteOnly)), status: report.Unknown, reason: posture.ReasonWriteOnly},
}

// grant adds an access policy assignment.
func grant(policy, permissions posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.AccessPolicyAssignments.Items = append(c.AccessPolicyAssignments.Items, posture.AccessPolicyAssignment{
			Address: "azurerm_redis_cache_access_policy_assignment.app", PolicyName: policy, Permissions: permissions,
		})
	}
}

func grantsUnseen(c *posture.Cache) { c.AccessPolicyAssignments.Observed = false }

var accessPolicyRows = []row{
	{cell: "Data Owner", edit: grant(known("Data Owner"), unset[string]()), status: report.NonCompliant, level: report.Warning,
		says: []string{"azurerm_redis_cache_access_policy_assignment.app"}},
	{cell: "data owner in lower case", edit: grant(known("data owner"), unset[string]()), status: report.NonCompliant},
	{cell: "Data Owner, others not observed", edit: all(grantsUnseen, grant(known("Data Owner"), unset[string]())),
		status: report.NonCompliant},
	{cell: "custom with +@all on all keys", edit: grant(known("ours"), known("+@all ~*")), status: report.NonCompliant},
	{cell: "custom, the other order and case", edit: grant(known("ours"), known("~*  +@ALL")), status: report.NonCompliant},
	{cell: "custom with allcommands allkeys", edit: grant(known("ours"), known("allcommands allkeys")), status: report.NonCompliant},
	{cell: "Data Contributor", edit: grant(known("Data Contributor"), unset[string]()), status: report.Compliant},
	{cell: "Data Reader", edit: grant(known("Data Reader"), unset[string]()), status: report.Compliant},
	{cell: "custom with +@all on some keys", edit: grant(known("ours"), known("+@all ~app:*")), status: report.Compliant},
	{cell: "custom with +@read on all keys", edit: grant(known("ours"), known("+@read ~*")), status: report.Compliant},
	{cell: "no assignment at all", edit: nothing, status: report.Compliant},
	{cell: "the policy is not known", edit: grant(later[string](), unset[string]()), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "a custom policy from elsewhere", edit: grant(known("ours"), unknown[string](posture.ReasonNotObserved)), status: report.Unknown,
		reason: posture.ReasonNotObserved},
	{cell: "not observed", edit: grantsUnseen, status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "an assignment that may be for this cache", edit: func(c *posture.Cache) {
		c.AccessPolicyAssignments.Doubts = []posture.Doubt{{Address: "x", Reason: posture.ReasonUnresolvedReference}}
	}, status: report.Unknown, reason: posture.ReasonUnresolvedReference},
}

// zones adds an approved private endpoint with these DNS zones.
func zones(v posture.Value[[]string]) func(*posture.Cache) {
	return zonesLinked(unset[bool](), v)
}

// zonesLinked does the same with zones that virtual networks are linked to or not.
func zonesLinked(linked posture.Value[bool], v posture.Value[[]string]) func(*posture.Cache) {
	return func(c *posture.Cache) {
		endpoint(posture.ApprovalApproved)(c)
		c.PrivateEndpoints.Items[len(c.PrivateEndpoints.Items)-1].DNSZones = posture.Map(v, func(names []string) []posture.DNSZone {
			out := posture.DNSZonesOf(names)
			for i := range out {
				out[i].Linked = linked
			}
			return out
		})
	}
}

func in(location string) func(*posture.Cache) {
	return func(c *posture.Cache) { c.Location = known(location) }
}

func locationUnknown(c *posture.Cache) { c.Location = later[string]() }

const (
	publicZone = "privatelink.redis.cache.windows.net"
	govZone    = "privatelink.redis.cache.usgovcloudapi.net"
	chinaZone  = "privatelink.redis.cache.chinacloudapi.cn"
)

var dnsZoneRows = []row{
	{cell: "no zone group", edit: endpoint(posture.ApprovalApproved), status: report.NonCompliant, level: report.Info,
		says: []string{publicZone}},
	{cell: "an empty zone group", edit: zones(known([]string{})), status: report.NonCompliant},
	{cell: "another service's zone", edit: zones(known([]string{"privatelink.redisenterprise.cache.azure.net"})), status: report.NonCompliant},
	{cell: "the public zone in Azure Government", edit: all(in("usgovvirginia"), zones(known([]string{publicZone}))),
		status: report.NonCompliant, says: []string{govZone}},
	{cell: "the public zone in China", edit: all(in("China East 2"), zones(known([]string{publicZone}))), status: report.NonCompliant,
		says: []string{chinaZone}},
	{cell: "one endpoint of two without", edit: all(zones(known([]string{publicZone})), endpoint(posture.ApprovalApproved)),
		status: report.NonCompliant},
	{cell: "no zone group, location not known", edit: all(locationUnknown, endpoint(posture.ApprovalApproved)), status: report.NonCompliant},
	{cell: "the zone", edit: zones(known([]string{publicZone})), status: report.Compliant},
	{cell: "the zone in another case", edit: zones(known([]string{"PrivateLink.Redis.Cache.Windows.Net"})), status: report.Compliant},
	{cell: "the zone among others", edit: zones(known([]string{"privatelink.blob.core.windows.net", publicZone})), status: report.Compliant},
	{cell: "Azure Government's zone", edit: all(in("USGov Virginia"), zones(known([]string{govZone}))), status: report.Compliant},
	{cell: "China's zone", edit: all(in("chinanorth3"), zones(known([]string{chinaZone}))), status: report.Compliant},
	{cell: "the zone, linked to no virtual network", edit: zonesLinked(known(false), known([]string{publicZone})), status: report.NonCompliant,
		level: report.Info, says: []string{publicZone, "linked to no virtual network"}},
	{cell: "the zone, linked", edit: zonesLinked(known(true), known([]string{publicZone})), status: report.Compliant},
	{cell: "another zone is not linked", edit: func(c *posture.Cache) {
		zonesLinked(known(false), known([]string{"privatelink.blob.core.windows.net"}))(c)
		set := &c.PrivateEndpoints.Items[0].DNSZones
		set.V = append(set.V, posture.DNSZone{Name: publicZone, Linked: known(true)})
	}, status: report.Compliant},
	{cell: "links not known", edit: zonesLinked(unknown[bool](posture.ReasonNotObserved), known([]string{publicZone})), status: report.Unknown,
		reason: posture.ReasonNotObserved},
	{cell: "links not known, the wrong zone", edit: zonesLinked(unknown[bool](posture.ReasonNotObserved), known([]string{govZone})),
		status: report.NonCompliant},
	{cell: "not linked, the cloud not known", edit: all(locationUnknown, zonesLinked(known(false), known([]string{publicZone}))),
		status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "no private endpoint", edit: nothing, status: report.NotApplicable},
	{cell: "the zones are not known", edit: zones(later[[]string]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "the public zone, the cloud not known", edit: all(locationUnknown, zones(known([]string{publicZone}))), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "not observed", edit: linkUnseen, status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "an endpoint that may be its own", edit: endpointDoubt(posture.ReasonUnresolvedReference), status: report.Unknown,
		reason: posture.ReasonUnresolvedReference},
}

var unreachableRows = []row{
	{cell: "disabled, not injected, private link decided as none", edit: private, status: report.NonCompliant, level: report.Warning},
	{cell: "disabled, not injected, endpoint rejected", edit: all(private, endpoint(posture.ApprovalRejected)), status: report.NonCompliant},
	{cell: "enabled", edit: public, status: report.Compliant},
	{cell: "unset", edit: nothing, status: report.Compliant},
	{cell: "disabled and injected", edit: all(private, injected), status: report.Compliant},
	{cell: "disabled with a private endpoint", edit: all(private, endpoint(posture.ApprovalApproved)), status: report.Compliant},
	{cell: "disabled, private link not decided", edit: all(private, linkUnseen), status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "disabled, endpoint pending", edit: all(private, endpoint(posture.ApprovalPending)), status: report.Unknown,
		reason: posture.ReasonPendingApproval},
	{cell: "disabled, injection not known", edit: all(private, subnetUnknown), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "access not known", edit: func(c *posture.Cache) { c.PublicNetworkAccess = unknown[bool](posture.ReasonRemoved) },
		status: report.Unknown, reason: posture.ReasonRemoved},
}

var needsVNetRows = []row{
	{cell: "off without a VNet", edit: authentication(known(false)), status: report.NonCompliant, level: report.Warning},
	{cell: "off in a VNet", edit: all(injected, authentication(known(false))), status: report.Compliant},
	{cell: "on", edit: authentication(known(true)), status: report.Compliant},
	{cell: "unset", edit: nothing, status: report.Compliant},
	{cell: "not known, in a VNet", edit: all(injected, authentication(later[bool]())), status: report.Compliant},
	{cell: "not known", edit: authentication(later[bool]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "off, injection not known", edit: all(subnetUnknown, authentication(known(false))), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
}

var retirementRows = []row{
	{cell: "on create", edit: nothing, status: report.NonCompliant, level: report.Warning,
		says: []string{"2028-09-30", "2026-04-01", "HTTP 400", "Premium", "Balanced_B5 by Microsoft's tables"}},
	{cell: "on create, Basic", edit: basic, status: report.NonCompliant, level: report.Warning,
		says: []string{"2028-09-30", "Basic", "Balanced_B1 "}},
	{cell: "update", edit: change(posture.ChangeUpdate), status: report.NonCompliant, level: report.Info, says: []string{"2028-09-30"}},
	{cell: "no-op", edit: change(posture.ChangeNoOp), status: report.NonCompliant, level: report.Info, says: []string{"2028-09-30"}},
	{cell: "outside plans", edit: change(posture.ChangeNone), status: report.NonCompliant, level: report.Info, says: []string{"2028-09-30"}},
	{cell: "tier not known", edit: tierUnknown, status: report.NonCompliant, level: report.Warning, says: []string{"2028-09-30"}},
	{cell: "Azure Government: no word of the successor", edit: in("usgovvirginia"), status: report.NonCompliant,
		says: []string{"Azure Managed Redis", "no public documentation", "Azure Government"}},
	{cell: "China: no successor for everybody", edit: in("chinaeast2"), status: report.NonCompliant,
		says: []string{"Azure Managed Redis", "not generally offered", "21Vianet"}},
}

func change(to posture.Change) func(*posture.Cache) {
	return func(c *posture.Cache) { c.Change = to }
}
