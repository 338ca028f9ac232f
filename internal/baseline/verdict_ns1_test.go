package baseline_test

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var virtualNetworkRows = []row{
	{cell: "subnet_id set", edit: injected, status: report.Compliant},
	{cell: "subnet_id set, tier not known", edit: all(injected, func(c *posture.Cache) { c.Tier = later[string]() }),
		status: report.Compliant},
	{cell: "unset on Premium and no private endpoint", edit: nothing, status: report.NonCompliant},
	{cell: "unset on premium in lower case", edit: func(c *posture.Cache) { c.Tier = known("premium") }, status: report.NonCompliant},
	{cell: "unset on Premium, endpoint rejected", edit: endpoint(posture.ApprovalRejected), status: report.NonCompliant},
	{cell: "a classic VNet's id", edit: func(c *posture.Cache) { c.SubnetID = known(classicSubnet) }, status: report.NonCompliant,
		says: []string{"classic"}},
	{cell: "a classic VNet's id in lower case", edit: func(c *posture.Cache) {
		c.SubnetID = known("/subscriptions/s/providers/microsoft.classicnetwork/virtualnetworks/v/subnets/x")
	}, status: report.NonCompliant, says: []string{"classic"}},
	{cell: "Basic", edit: basic, status: report.NotApplicable},
	{cell: "Standard", edit: standard, status: report.NotApplicable},
	{cell: "STANDARD in upper case", edit: func(c *posture.Cache) { c.Tier = known("STANDARD") }, status: report.NotApplicable},
	{cell: "Standard, private link unknown", edit: all(standard, linkUnseen), status: report.NotApplicable},
	{cell: "Premium reached by a private endpoint", edit: endpoint(posture.ApprovalApproved), status: report.NotApplicable},
	{cell: "subnet_id unknown without a reference", edit: subnetUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "subnet_id removed from a sanitized plan", edit: func(c *posture.Cache) { c.SubnetID = unknown[string](posture.ReasonRemoved) },
		status: report.Unknown, reason: posture.ReasonRemoved},
	{cell: "subnet_id hidden in sensitive_body", edit: func(c *posture.Cache) { c.SubnetID = unknown[string](posture.ReasonWriteOnly) },
		status: report.Unknown, reason: posture.ReasonWriteOnly},
	{cell: "Premium whose private link is unknown: no companion passed", edit: linkUnseen, status: report.Unknown,
		reason: posture.ReasonNotObserved},
	{cell: "Premium whose private link is unknown: pending", edit: endpoint(posture.ApprovalPending), status: report.Unknown,
		reason: posture.ReasonPendingApproval},
	{cell: "Premium whose private link is unknown: doubt", edit: endpointDoubt(posture.ReasonUnresolvedReference), status: report.Unknown,
		reason: posture.ReasonUnresolvedReference},
	{cell: "tier unknown, no private endpoint", edit: func(c *posture.Cache) { c.Tier = later[string]() }, status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
}

// guarded is an injected cache whose subnet has a network security group with these rules.
func guarded(rules ...posture.SecurityRule) func(*posture.Cache) {
	return func(c *posture.Cache) {
		injected(c)
		c.Subnet.Prefixes = known([]string{"10.0.1.0/24"})
		c.Subnet.SecurityGroup = known(posture.SecurityGroup{
			Address: "azurerm_network_security_group.redis",
			Rules:   posture.Set[posture.SecurityRule]{Items: rules, Observed: true},
		})
	}
}

// rule is an inbound Tcp rule to any destination.
func rule(access string, priority int, source, port string, edits ...func(*posture.SecurityRule)) posture.SecurityRule {
	r := posture.SecurityRule{
		Name: "from-anywhere", Priority: known(priority), Direction: known("Inbound"), Access: known(access), Protocol: known("Tcp"),
		Sources: []posture.Value[string]{known(source)}, Ports: []posture.Value[string]{known(port)},
		Destinations: []posture.Value[string]{known("*")},
	}
	if access == "Deny" {
		r.Name = "deny"
	}
	for _, edit := range edits {
		edit(&r)
	}
	return r
}

func allow(priority int, source, port string, edits ...func(*posture.SecurityRule)) posture.SecurityRule {
	return rule("Allow", priority, source, port, edits...)
}

func deny(priority int, source, port string, edits ...func(*posture.SecurityRule)) posture.SecurityRule {
	return rule("Deny", priority, source, port, edits...)
}

func values(ss ...string) []posture.Value[string] {
	var out []posture.Value[string]
	for _, s := range ss {
		out = append(out, known(s))
	}
	return out
}

func to(destinations ...string) func(*posture.SecurityRule) {
	return func(r *posture.SecurityRule) { r.Destinations = values(destinations...) }
}

var securityGroupRows = []row{
	{cell: "injected, a group without rules of its own", edit: guarded(), status: report.Compliant},
	{cell: "injected, a rule for the clients only", edit: guarded(allow(100, "10.0.2.0/24", "6380")), status: report.Compliant},
	{cell: "injected, a service tag that is not the internet",
		edit: guarded(allow(100, "VirtualNetwork", "6380"), allow(110, "AzureLoadBalancer", "*")), status: report.Compliant},
	{cell: "injected, part of the internet only", edit: guarded(allow(100, "203.0.113.0/24", "6380")), status: report.Compliant},
	{cell: "injected into a subnet of this plan without NSG", edit: all(injected, func(c *posture.Cache) {
		c.Subnet = posture.Subnet{Address: "azurerm_subnet.redis",
			SecurityGroup: posture.Unset[posture.SecurityGroup]("network_security_group_id")}
	}), status: report.NonCompliant},
	{cell: "not injected", edit: nothing, status: report.NotApplicable},
	{cell: "not injected, Basic", edit: basic, status: report.NotApplicable},
	{cell: "not injected, reached by a private endpoint", edit: endpoint(posture.ApprovalApproved), status: report.NotApplicable},
	{cell: "whether injected is not known", edit: subnetUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "the subnet lives outside the plan", edit: injected, status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "the group of the subnet hangs on a reference", edit: all(injected, func(c *posture.Cache) {
		c.Subnet.SecurityGroup = posture.Unknown[posture.SecurityGroup](posture.ReasonUnresolvedReference, "network_security_group_id")
	}), status: report.Unknown, reason: posture.ReasonUnresolvedReference},
	{cell: "the subnet may not be read", edit: all(injected, func(c *posture.Cache) {
		c.Subnet.SecurityGroup = posture.Unknown[posture.SecurityGroup](posture.ReasonForbidden, "networkSecurityGroup")
	}), status: report.Unknown, reason: posture.ReasonForbidden},
	{cell: "rules partly unknown: others may exist", edit: all(guarded(allow(200, "*", "6380")), rulesUnseen), status: report.Unknown,
		reason: posture.ReasonNotObserved},
	{cell: "rules partly unknown: a rule may belong to the group", edit: all(guarded(), func(c *posture.Cache) {
		c.Subnet.SecurityGroup.V.Rules.Doubts = []posture.Doubt{{Address: "azurerm_network_security_rule.x",
			Reason: posture.ReasonUnresolvedReference}}
	}), status: report.Unknown, reason: posture.ReasonUnresolvedReference, says: []string{"azurerm_network_security_rule.x"}},
	{cell: "rules partly unknown: a doubt without a reason is a doubt too", edit: all(guarded(), func(c *posture.Cache) {
		c.Subnet.SecurityGroup.V.Rules.Doubts = []posture.Doubt{{Address: "azurerm_network_security_rule.x"}}
	}), status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "rules partly unknown: removed from a sanitized plan", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) {
		r.Sources = []posture.Value[string]{unknown[string](posture.ReasonRemoved)}
	})), status: report.Unknown, reason: posture.ReasonRemoved, says: []string{"from-anywhere"}},
}

func rulesUnseen(c *posture.Cache) { c.Subnet.SecurityGroup.V.Rules.Observed = false }
