package baseline_test

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// endpoint adds a private endpoint in this state.
func endpoint(approval posture.Approval) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.PrivateEndpoints.Items = append(c.PrivateEndpoints.Items, posture.PrivateEndpoint{
			Address: "azurerm_private_endpoint.redis", Approval: known(approval), DNSZones: unset[[]posture.DNSZone](),
		})
	}
}

func endpointDoubt(why posture.Reason) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.PrivateEndpoints.Doubts = append(c.PrivateEndpoints.Doubts, posture.Doubt{Address: "azurerm_private_endpoint.maybe", Reason: why})
	}
}

// linkUnseen is a cache of which no endpoint was passed or visible.
func linkUnseen(c *posture.Cache) { c.PrivateEndpoints.Observed = false }

var privateLinkRows = []row{
	{cell: "an automatically approved endpoint", edit: endpoint(posture.ApprovalApproved), status: report.Compliant},
	{cell: "approved, on Basic", edit: all(basic, endpoint(posture.ApprovalApproved)), status: report.Compliant},
	{cell: "approved, asserted, others not observed", edit: all(linkUnseen, endpoint(posture.ApprovalApproved), func(c *posture.Cache) {
		c.PrivateEndpoints.Items[0].Asserted = true
	}), status: report.Compliant},
	{cell: "existing: one is Approved beside a Rejected one",
		edit: all(endpoint(posture.ApprovalRejected), endpoint(posture.ApprovalApproved)), status: report.Compliant},
	{cell: "one is approved beside doubts", edit: all(endpointDoubt(posture.ReasonUnresolvedReference), endpoint(posture.ApprovalApproved)),
		status: report.Compliant},
	{cell: "approved in lower case", edit: endpoint("approved"), status: report.Compliant},
	{cell: "none", edit: nothing, status: report.NonCompliant},
	{cell: "none, whatever public access says", edit: private, status: report.NonCompliant},
	{cell: "existing: only Rejected", edit: endpoint(posture.ApprovalRejected), status: report.NonCompliant, says: []string{"rejected"}},
	{cell: "existing: only Disconnected", edit: endpoint(posture.ApprovalDisconnected), status: report.NonCompliant,
		says: []string{"disconnected"}},
	{cell: "VNet-injected", edit: injected, status: report.NotApplicable},
	{cell: "VNet-injected, endpoints not observed", edit: all(injected, linkUnseen), status: report.NotApplicable},
	{cell: "manual connection or Pending", edit: endpoint(posture.ApprovalPending), status: report.Unknown,
		reason: posture.ReasonPendingApproval, says: []string{"azurerm_private_endpoint.redis"}},
	{cell: "Pending, others not observed", edit: all(linkUnseen, endpoint(posture.ApprovalPending)), status: report.Unknown,
		reason: posture.ReasonPendingApproval},
	{cell: "a doubt, others not observed", edit: all(linkUnseen, endpointDoubt(posture.ReasonUnresolvedReference)), status: report.Unknown,
		reason: posture.ReasonUnresolvedReference},
	{cell: "Pending beside Rejected", edit: all(endpoint(posture.ApprovalRejected), endpoint(posture.ApprovalPending)), status: report.Unknown,
		reason: posture.ReasonPendingApproval},
	{cell: "whether the connection is manual is not known", edit: func(c *posture.Cache) {
		c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "azurerm_private_endpoint.redis", Approval: later[posture.Approval]()}}
	}, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "a target that cannot be resolved", edit: endpointDoubt(posture.ReasonUnresolvedReference), status: report.Unknown,
		reason: posture.ReasonUnresolvedReference, says: []string{"azurerm_private_endpoint.maybe"}},
	{cell: "a doubt without a reason is a doubt too", edit: endpointDoubt(""), status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "Rejected beside a target that cannot be resolved",
		edit: all(endpoint(posture.ApprovalRejected), endpointDoubt(posture.ReasonUnresolvedReference)), status: report.Unknown,
		reason: posture.ReasonUnresolvedReference},
	{cell: "no companion passed", edit: linkUnseen, status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "existing: the connections may not be read", edit: func(c *posture.Cache) {
		c.PrivateEndpoints = posture.Set[posture.PrivateEndpoint]{Reason: posture.ReasonForbidden}
	}, status: report.Unknown, reason: posture.ReasonForbidden},
	{cell: "whether injected is not known", edit: subnetUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

func firewall(start, end string) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.FirewallRules.Items = append(c.FirewallRules.Items, posture.FirewallRule{
			Name: "office", Address: "azurerm_redis_firewall_rule.office", Start: known(start), End: known(end),
		})
	}
}

var publicAccessRows = []row{
	{cell: "Disabled", edit: private, status: report.Compliant},
	{cell: "Disabled and injected", edit: all(private, injected), status: report.Compliant},
	{cell: "Disabled, injection not known", edit: all(private, subnetUnknown), status: report.Compliant},
	{cell: "Disabled, firewall rules moot", edit: all(private, firewall("0.0.0.0", "255.255.255.255")), status: report.Compliant},
	{cell: "Enabled, not injected", edit: public, status: report.NonCompliant},
	{cell: "Enabled, with a private endpoint", edit: all(public, endpoint(posture.ApprovalApproved)), status: report.NonCompliant},
	{cell: "Enabled, endpoints not observed", edit: all(public, linkUnseen), status: report.NonCompliant},
	{cell: "Enabled, on Basic", edit: all(public, basic), status: report.NonCompliant},
	{cell: "unset, not injected, no private endpoint", edit: nothing, status: report.NonCompliant},
	{cell: "unset, not injected, endpoint rejected", edit: endpoint(posture.ApprovalRejected), status: report.NonCompliant},
	{cell: "firewall rules that narrow it are named", edit: all(public, firewall("203.0.113.1", "203.0.113.1")), status: report.NonCompliant,
		says: []string{"office"}},
	{cell: "firewall rules never count as disabling", edit: all(public, firewall("10.0.0.1", "10.0.0.1")), status: report.NonCompliant},
	{cell: "unset, narrowed by a firewall rule", edit: firewall("203.0.113.1", "203.0.113.1"), status: report.NonCompliant,
		says: []string{"office"}},
	{cell: "Enabled and VNet-injected", edit: all(public, injected), status: report.NotApplicable},
	{cell: "unset and VNet-injected", edit: injected, status: report.NotApplicable},
	{cell: "value unknown", edit: func(c *posture.Cache) { c.PublicNetworkAccess = later[bool]() }, status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "value unknown and injected", edit: all(injected, func(c *posture.Cache) { c.PublicNetworkAccess = later[bool]() }),
		status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "value hidden in sensitive_body", edit: func(c *posture.Cache) { c.PublicNetworkAccess = unknown[bool](posture.ReasonWriteOnly) },
		status: report.Unknown, reason: posture.ReasonWriteOnly},
	{cell: "Enabled while subnet_id is unknown", edit: all(public, subnetUnknown), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "unset while subnet_id is unknown", edit: subnetUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "unset in azapi with a private endpoint", edit: endpoint(posture.ApprovalApproved), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "unset in azapi with an endpoint that waits", edit: endpoint(posture.ApprovalPending), status: report.Unknown,
		reason: posture.ReasonPendingApproval},
	{cell: "unset, endpoints not observed", edit: linkUnseen, status: report.Unknown, reason: posture.ReasonKnownAfterApply,
		says: []string{"with a private endpoint the service decides", "visible here"}},
	{cell: "unset in azapi with an endpoint that may be its own", edit: endpointDoubt(posture.ReasonUnresolvedReference),
		status: report.Unknown, reason: posture.ReasonUnresolvedReference},
}
