package baseline_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// The world is drawn first, wholly known and free of contradictions; what a
// source sees of it is a blurred copy. Left out, since no service accepts them:
//
//   - authentication off outside a virtual network (named in the table),
//   - injection together with a private endpoint (named in the table),
//   - injection of a Basic or Standard cache: the service knows it for Premium only,
//   - sizes that a tier does not have: C for Premium, P for the others, P0,
//   - single policy definitions that have members, as only initiatives do, and
//     built-in initiatives that have other members than theirs,
//   - zones together with an allocation policy other than UserDefined, which the
//     service gives to a cache that names its zones.

func pick[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// fact draws a known or unset fact.
func fact[T any](t *rapid.T, label string, from ...T) posture.Value[T] {
	if rapid.IntRange(0, 3).Draw(t, label+" unset") == 0 {
		return posture.Unset[T](label)
	}
	return posture.Known(pick(t, label, from...), label)
}

func yesNo(t *rapid.T, label string) posture.Value[bool] { return fact(t, label, true, false) }

// items draws a complete set of at most max.
func items[T any](t *rapid.T, label string, most int, draw func(i int) T) posture.Set[T] {
	set := posture.Set[T]{Observed: true}
	for i := range rapid.IntRange(0, most).Draw(t, label) {
		set.Items = append(set.Items, draw(i))
	}
	return set
}

// world draws a cache of which everything is known.
func world(t *rapid.T) *posture.Cache {
	c := plain()
	c.ResourceID = posture.Known("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/orders", "id")
	c.Change = pick(t, "change", posture.ChangeNone, posture.ChangeCreate, posture.ChangeUpdate, posture.ChangeReplace, posture.ChangeNoOp)
	c.Location = posture.Known(pick(t, "location", "westeurope", "usgovvirginia", "chinaeast2"), "location")

	tier := pick(t, "tier", "Basic", "Standard", "Premium", "premium")
	c.Tier, c.Family, c.Capacity = posture.Known(tier, "tier"), posture.Known("C", "family"),
		posture.Known(rapid.IntRange(0, 6).Draw(t, "capacity"), "capacity")
	if tier == "Premium" || tier == "premium" {
		c.Family, c.Capacity = posture.Known("P", "family"), posture.Known(rapid.IntRange(1, 5).Draw(t, "capacity"), "capacity")
		c.ShardCount = fact(t, "shards", 0, 1, 3)
		c.SubnetID = fact(t, "subnet", subnet, classicSubnet)
	}
	c.PublicNetworkAccess, c.NonTLSPort, c.EntraAuthentication = yesNo(t, "public"), yesNo(t, "port"), yesNo(t, "entra")
	c.AccessKeyAuthentication, c.RDBBackup, c.AOFBackup = yesNo(t, "keys"), yesNo(t, "rdb"), yesNo(t, "aof")
	c.MinimumTLSVersion = fact(t, "tls", "1.0", "1.1", "1.2", "1.3", "9")
	if c.SubnetID.IsKnown() {
		c.AuthenticationRequired = yesNo(t, "authentication")
	} else {
		c.AuthenticationRequired = fact(t, "authentication", true)
		c.PrivateEndpoints = items(t, "endpoints", 2, func(int) posture.PrivateEndpoint { return drawEndpoint(t) })
	}
	c.PersistenceAuthentication = fact(t, "method", "SAS", "ManagedIdentity")
	c.MaxmemoryReserved = fact(t, "reserved", 0, 100, 614, 615, 20000)
	c.Zones = fact(t, "zones", []string{}, []string{"1"}, []string{"1", "2"})
	c.ZonalAllocationPolicy = fact(t, "allocation", "Automatic", "UserDefined", "NoZones")
	if len(c.Zones.V) > 0 {
		c.ZonalAllocationPolicy = fact(t, "allocation", "UserDefined")
	}
	c.UpdateChannel = fact(t, "channel", "Stable", "Preview")
	c.RedisVersion = fact(t, "version", "4", "6", "6.0", "latest", "odd")
	c.MaintenanceWindows = fact(t, "windows", 0, 1)

	c.DiagnosticSettings = items(t, "settings", 2, func(int) posture.DiagnosticSetting { return drawSetting(t) })
	c.FirewallRules = items(t, "firewall", 3, func(i int) posture.FirewallRule {
		ips := []string{"0.0.0.0", "10.0.0.1", "203.0.113.1", "203.0.113.9", "203.0.113.200", "255.255.255.255", "odd"}
		return posture.FirewallRule{Name: fmt.Sprint("fw", i), Start: fact(t, "start", ips...), End: fact(t, "end", ips...)}
	})
	c.PolicyAssignments = items(t, "assignments", 2, func(int) posture.PolicyAssignment { return drawAssignment(t) })
	c.AccessPolicyAssignments = items(t, "grants", 2, func(int) posture.AccessPolicyAssignment {
		return posture.AccessPolicyAssignment{
			PolicyName:  posture.Known(pick(t, "policy", "Data Owner", "Data Reader", "ours"), "policy"),
			Permissions: fact(t, "acl", "+@all ~*", "+get ~app:*"),
		}
	})
	c.KeyConsumers = items(t, "consumers", 1, func(int) string { return "output.redis" })
	if c.SubnetID.IsKnown() {
		c.Subnet.Prefixes = posture.Known([]string{"10.0.1.0/24"}, "prefixes")
		c.Subnet.SecurityGroup = posture.Unset[posture.SecurityGroup]("nsg")
		if rapid.IntRange(0, 4).Draw(t, "group") > 0 {
			c.Subnet.SecurityGroup = posture.Known(posture.SecurityGroup{Name: "nsg", Rules: items(t, "rules", 4, func(i int) posture.SecurityRule {
				return drawRule(t, i)
			})}, "nsg")
		}
	}
	return c
}

func drawEndpoint(t *rapid.T) posture.PrivateEndpoint {
	return posture.PrivateEndpoint{
		Address: "azurerm_private_endpoint.redis",
		Approval: posture.Known(pick(t, "approval", posture.ApprovalApproved, posture.ApprovalPending, posture.ApprovalRejected,
			posture.ApprovalDisconnected), "approval"),
		DNSZones: posture.Map(fact(t, "dns", []string{}, []string{publicZone}, []string{govZone}, []string{publicZone, govZone, chinaZone}),
			func(names []string) []posture.DNSZone {
				zones := posture.DNSZonesOf(names)
				for i := range zones {
					zones[i].Linked = yesNo(t, "linked")
				}
				return zones
			}),
	}
}

func drawSetting(t *rapid.T) posture.DiagnosticSetting {
	s := posture.DiagnosticSetting{Logs: fact(t, "logs", []posture.Log{},
		[]posture.Log{{Category: "a", Enabled: yesNo(t, "enabled a")}, {Category: "b", Enabled: yesNo(t, "enabled b")}})}
	for range rapid.IntRange(0, 2).Draw(t, "destinations") {
		s.Destinations = append(s.Destinations, fact(t, "destination", "", workspace))
	}
	return s
}

func drawAssignment(t *rapid.T) posture.PolicyAssignment {
	a := posture.PolicyAssignment{
		Scope: pick(t, "scope", posture.ScopeResource, posture.ScopeResourceGroup, posture.ScopeSubscription,
			posture.ScopeManagementGroup),
		DefinitionID: posture.Known(pick(t, "definition", mcsb1, logSet, privateLinkPolicy, otherPolicy, otherInitiative, customPolicy,
			customInitiative), "definition"),
		Covers: yesNo(t, "covers"), Members: posture.Unset[[]posture.PolicyMember]("members"),
		Enforced: yesNo(t, "enforced"), Parameters: posture.Known(drawParameters(t), "parameters"),
		Overrides: drawSelections(t, "overrides"), Selectors: drawSelections(t, "selectors"),
		Excluded: yesNo(t, "excluded"), Exempted: yesNo(t, "exempted"),
	}
	if a.DefinitionID.V != mcsb1 && a.DefinitionID.V != logSet && strings.Contains(a.DefinitionID.V, "/policySetDefinitions/") {
		members := membersNamed(pick(t, "members", otherPolicy, privateLinkPolicy, customPolicy))
		members[0].Effect = pick(t, "member effect", "", "Disabled", "[parameters('effect')]", "[concat('a')]")
		a.Members = posture.Known(members, "members")
		a.Defaults = []posture.PolicyParameter{{Name: "effect", Values: posture.Known([]string{"Audit"}, "default")}}
	}
	return a
}

func drawParameters(t *rapid.T) []posture.PolicyParameter {
	var out []posture.PolicyParameter
	for _, name := range []string{"effect", "diagnosticsLogsInRedisCacheMonitoringEffect",
		"azureCacheForRedisShouldUsePrivateEndpointMonitoringEffect"} {
		if rapid.Bool().Draw(t, name) {
			out = append(out, posture.PolicyParameter{Name: name,
				Values: posture.Known([]string{pick(t, name+" value", "Audit", "Disabled")}, name)})
		}
	}
	if rapid.Bool().Draw(t, "types") {
		types := pick(t, "types value", []string{}, []string{"microsoft.cache/redis"}, []string{"Microsoft.Cache/redis"})
		out = append(out, posture.PolicyParameter{Name: posture.PolicyResourceTypes, Values: posture.Known(types, "types")})
	}
	return out
}

func drawSelections(t *rapid.T, label string) posture.Value[[]posture.PolicySelection] {
	return fact(t, label, nil, []posture.PolicySelection{{}}, []posture.PolicySelection{{{Kind: "resourceType", In: []string{"a"}}}},
		[]posture.PolicySelection{{{Kind: "resourceType", NotIn: []string{"a"}}}, {{Kind: "resourceLocation", In: []string{"b"}}}})
}

func drawRule(t *rapid.T, i int) posture.SecurityRule {
	some := func(label string, from ...string) []posture.Value[string] {
		var out []posture.Value[string]
		for range rapid.IntRange(1, 2).Draw(t, label+" number") {
			out = append(out, posture.Known(pick(t, label, from...), label))
		}
		return out
	}
	return posture.SecurityRule{
		Name: fmt.Sprint("rule", i), Priority: posture.Known(100+10*rapid.IntRange(0, 9).Draw(t, "priority")+i%2, "priority"),
		Direction: posture.Known(pick(t, "direction", "Inbound", "Inbound", "Inbound", "Outbound"), "direction"),
		Access:    posture.Known(pick(t, "access", "Allow", "Deny"), "access"),
		Protocol:  posture.Known(pick(t, "protocol", "*", "Tcp", "Tcp", "Udp"), "protocol"),
		Sources: some("source", "*", "Internet", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "10.0.0.0/8", "VirtualNetwork",
			"0.0.0.0/3", "2000::/4", "AzureLoadBalancer", "1.1.1.1-2.2.2.2", posture.ApplicationSecurityGroup),
		SourcePorts: some("source port", "*", "*", "*", "1000-2000", "1500"),
		Ports:       some("port", "*", "6380", "6379", "6000-7000", "13000-13999", "15100-15200", "443"),
		Destinations: some("destination", "*", "VirtualNetwork", "10.0.0.0/16", "10.0.1.0/25", "10.0.9.0/24", "AzureLoadBalancer", "::/0",
			posture.ApplicationSecurityGroup),
	}
}

// lens copies postures; where hide says so, a fact of the copy is not known.
type lens struct {
	hide   func() bool
	reason func() posture.Reason
}

// clone is a lens that hides nothing.
var clone = lens{hide: func() bool { return false }}

func blur(t *rapid.T) lens {
	return lens{
		hide: func() bool { return rapid.IntRange(0, 3).Draw(t, "hide") == 0 },
		reason: func() posture.Reason {
			return pick(t, "reason", posture.ReasonKnownAfterApply, posture.ReasonNotObserved, posture.ReasonForbidden, posture.ReasonWriteOnly,
				posture.Reason(""))
		},
	}
}

func see[T any](l lens, v *posture.Value[T]) {
	if l.hide() {
		*v = posture.Value[T]{Reason: l.reason(), Source: posture.Source{Path: v.Source.Path}}
	}
}

// seeSet hides items: behind a doubt, or out of sight. A doubt may also be
// about something that belongs elsewhere.
func seeSet[T any](l lens, s *posture.Set[T], item func(*T)) {
	var seen []T
	doubts := append([]posture.Doubt(nil), s.Doubts...)
	for _, i := range s.Items {
		switch {
		case !l.hide():
			item(&i)
			seen = append(seen, i)
		case l.hide():
			d := posture.Doubt{Address: "doubtful", Reason: l.reason()}
			if access, ok := any(i).(posture.AccessPolicyAssignment); ok && !l.hide() {
				d.Access = &access
			}
			doubts = append(doubts, d)
		default:
			s.Observed, s.Reason = false, l.reason()
		}
	}
	if l.hide() {
		doubts = append(doubts, posture.Doubt{Address: "elsewhere", Reason: l.reason()})
	}
	if l.hide() {
		s.Observed, s.Reason = false, l.reason()
	}
	s.Items, s.Doubts = seen, doubts
}

// seeList puts one unknown element in the place of any number of values.
func seeList(l lens, list *[]posture.Value[string]) {
	var seen []posture.Value[string]
	hidden := false
	for _, v := range *list {
		if l.hide() {
			hidden = true
			continue
		}
		seen = append(seen, v)
	}
	if hidden || (len(seen) > 0 && l.hide()) {
		seen = append(seen, posture.Unknown[string](l.reason(), "element"))
	}
	*list = seen
}

// through returns what the lens shows of a cache.
func (l lens) through(original *posture.Cache) *posture.Cache {
	c := *original
	for _, v := range []*posture.Value[string]{
		&c.Name, &c.ResourceID, &c.Location, &c.Tier, &c.Family, &c.SubnetID, &c.MinimumTLSVersion, &c.PersistenceAuthentication,
		&c.ZonalAllocationPolicy, &c.RedisVersion, &c.UpdateChannel,
	} {
		see(l, v)
	}
	for _, v := range []*posture.Value[bool]{
		&c.PublicNetworkAccess, &c.NonTLSPort, &c.AuthenticationRequired, &c.EntraAuthentication, &c.AccessKeyAuthentication, &c.RDBBackup,
		&c.AOFBackup,
	} {
		see(l, v)
	}
	for _, v := range []*posture.Value[int]{&c.Capacity, &c.ShardCount, &c.MaxmemoryReserved, &c.MaxfragmentationmemoryReserved,
		&c.MaintenanceWindows} {
		see(l, v)
	}
	see(l, &c.Zones)
	seeSet(l, &c.PrivateEndpoints, func(e *posture.PrivateEndpoint) {
		see(l, &e.Approval)
		zones := append([]posture.DNSZone(nil), e.DNSZones.V...)
		for i := range zones {
			see(l, &zones[i].Linked)
		}
		e.DNSZones.V = zones
		see(l, &e.DNSZones)
	})
	seeSet(l, &c.DiagnosticSettings, func(s *posture.DiagnosticSetting) {
		logs := append([]posture.Log(nil), s.Logs.V...)
		for i := range logs {
			see(l, &logs[i].Enabled)
		}
		s.Logs.V = logs
		see(l, &s.Logs)
		seeList(l, &s.Destinations)
	})
	seeSet(l, &c.FirewallRules, func(r *posture.FirewallRule) { see(l, &r.Start); see(l, &r.End) })
	seeSet(l, &c.PolicyAssignments, func(a *posture.PolicyAssignment) {
		for _, v := range []*posture.Value[bool]{&a.Covers, &a.Enforced, &a.Excluded, &a.Exempted} {
			see(l, v)
		}
		see(l, &a.DefinitionID)
		see(l, &a.Members)
		parameters := append([]posture.PolicyParameter(nil), a.Parameters.V...)
		for i := range parameters {
			see(l, &parameters[i].Values)
		}
		a.Parameters.V = parameters
		see(l, &a.Parameters)
		see(l, &a.Overrides)
		see(l, &a.Selectors)
	})
	seeSet(l, &c.AccessPolicyAssignments, func(a *posture.AccessPolicyAssignment) { see(l, &a.PolicyName); see(l, &a.Permissions) })
	seeSet(l, &c.KeyConsumers, func(*string) {})
	see(l, &c.Subnet.Prefixes)
	seeSet(l, &c.Subnet.SecurityGroup.V.Rules, func(r *posture.SecurityRule) {
		see(l, &r.Priority)
		for _, v := range []*posture.Value[string]{&r.Direction, &r.Access, &r.Protocol} {
			see(l, v)
		}
		seeList(l, &r.Sources)
		seeList(l, &r.Ports)
		seeList(l, &r.SourcePorts)
		seeList(l, &r.Destinations)
	})
	see(l, &c.Subnet.SecurityGroup)
	l.throughManaged(&c)
	return &c
}
