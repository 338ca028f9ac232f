package conformance

import (
	"maps"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

const (
	injection     = "NS-1/virtual-network-integration"
	securityGroup = "NS-1/network-security-group-support"
	privateLink   = "NS-2/azure-private-link"
	publicNetwork = "NS-2/disable-public-network-access"
	localMethods  = "IM-1/local-authentication-methods"
	transit       = "DP-3/data-in-transit-encryption"
	platformKeys  = "DP-4/platform-key-encryption"
	azurePolicy   = "AM-2/azure-policy-support"
	resourceLogs  = "LT-4/azure-resource-logs"
)

const premium = "Premium P1"

// resultOnly is the reason why ARM cannot express what a plan does.
const resultOnly = "ARM shows the result of a plan, not the plan"

// Verdicts that differ by door, each for a reason that holds in several situations.
var (
	// idLater: a function is passed a subnet id that is known after apply, and cannot
	// know that it is the id of a subnet.
	idLater = map[door]verdict{functions: afterApply(inSubnet)}
	// linkNotPassed and logsNotPassed: a function knows only the companions that it is
	// passed.
	linkNotPassed = map[door]verdict{functions: unseen(onEndpoint)}
	logsNotPassed = map[door]verdict{functions: unseen(onDiagnostic)}
)

var (
	closed = rule{Access: "Allow", From: "10.0.0.0/8", Ports: "6380"}
	open   = rule{Access: "Allow", From: "Internet", Ports: "6380"}
)

// jsonAlone are the verdicts where azurerm omits a block: in plan JSON, and for a
// function, that looks like a dynamic block; only the configuration tells them apart.
func jsonAlone(fact string, others map[door]verdict) map[door]verdict {
	out := map[door]verdict{azurerm3: afterApply(fact), azurerm4: afterApply(fact), azurerm5: afterApply(fact), own: afterApply(fact),
		functions: afterApply(fact)}
	maps.Copy(out, others)
	return out
}

func guarded(rules ...rule) *subnet { return &subnet{Group: &group{Rules: rules}} }

var networkTable = []situation{
	{name: "injected", facts: facts{Size: premium, Subnet: &subnet{}}, rule: injection, want: yes(inSubnet), but: idLater},
	{name: "injected_elsewhere", facts: facts{Size: premium, Subnet: &subnet{Elsewhere: true}}, rule: injection, want: yes(inSubnet)},
	{
		name: "injected_classic", facts: facts{Size: premium, Subnet: &subnet{Classic: true}},
		rule: injection, want: no(inSubnet), but: ownRefuses,
	},
	{name: "injected_later", facts: facts{Size: premium, Subnet: &subnet{Later: true}}, rule: injection, want: afterApply(inSubnet)},
	{
		name: "injection_unused", facts: facts{Size: premium},
		rule: injection, want: no(inSubnet), but: map[door]verdict{functions: unseen(inSubnet)},
	},
	{name: "injection_or_endpoint", facts: facts{Size: premium, Endpoints: []endpoint{{}}}, rule: injection, want: na(inSubnet)},
	{name: "injection_on_standard", facts: facts{}, rule: injection, want: na(tier)},

	{name: "group_closed", facts: facts{Size: premium, Subnet: guarded(closed)}, rule: securityGroup, want: yes(onGroup), but: idLater},
	{name: "group_open", facts: facts{Size: premium, Subnet: guarded(open)}, rule: securityGroup, want: no(onGroup), but: idLater},
	{
		name: "group_empty", facts: facts{Size: premium, Subnet: guarded()}, rule: securityGroup, want: yes(onGroup),
		but: jsonAlone(onGroup, idLater),
	},
	{name: "group_missing", facts: facts{Size: premium, Subnet: &subnet{}}, rule: securityGroup, want: no(onGroup), but: idLater},
	{
		name: "group_rules_apart", facts: facts{Size: premium, Subnet: &subnet{Group: &group{SeparateRules: true, Rules: []rule{open}}}},
		rule: securityGroup, want: no(onGroup), but: jsonAlone(onGroup, nil),
	},
	{
		name:  "group_on_subnet_that_exists",
		facts: facts{Size: premium, Subnet: &subnet{Adopted: true, Group: &group{Rules: []rule{closed}}}},
		rule:  securityGroup, want: yes(onGroup),
	},
	{
		name:  "group_open_on_subnet_that_exists",
		facts: facts{Size: premium, Subnet: &subnet{Adopted: true, Group: &group{Rules: []rule{open}}}},
		rule:  securityGroup, want: no(onGroup),
	},
	{
		name:  "group_deny_of_one_source_port",
		facts: facts{Size: premium, Subnet: guarded(rule{Access: "Deny", From: "*", Ports: "*", FromPorts: "12345"}, open)},
		rule:  securityGroup, want: no(onGroup), but: idLater,
	},
	{
		name: "group_deny_of_one_source_port_on_subnet_that_exists",
		facts: facts{Size: premium, Subnet: &subnet{Adopted: true, Group: &group{
			Rules: []rule{{Access: "Deny", From: "*", Ports: "*", FromPorts: "12345"}, open},
		}}},
		rule: securityGroup, want: no(onGroup),
	},
	{
		name: "group_deny_of_all_on_subnet_that_exists",
		facts: facts{Size: premium, Subnet: &subnet{Adopted: true, Group: &group{
			Rules: []rule{{Access: "Deny", From: "*", Ports: "*"}, open},
		}}},
		rule: securityGroup, want: yes(onGroup),
	},
	{
		name:  "group_allow_of_one_source_port",
		facts: facts{Size: premium, Subnet: guarded(rule{Access: "Allow", From: "Internet", Ports: "6380", FromPorts: "443"})},
		rule:  securityGroup, want: no(onGroup), but: idLater,
	},
	{
		name: "group_deny_of_all", facts: facts{Size: premium, Subnet: guarded(rule{Access: "Deny", From: "*", Ports: "*"}, open)},
		rule: securityGroup, want: yes(onGroup), but: idLater,
	},
	{
		name:  "group_half_of_the_internet",
		facts: facts{Size: premium, Subnet: guarded(rule{Access: "Allow", From: "0.0.0.0/1", Ports: "6380"})},
		rule:  securityGroup, want: no(onGroup), but: idLater,
	},
	{
		name: "group_other_port", facts: facts{Size: premium, Subnet: guarded(rule{Access: "Allow", From: "*", Ports: "443"})},
		rule: securityGroup, want: yes(onGroup), but: idLater,
	},
	{
		name: "group_plain_port_off", facts: facts{Size: premium, Subnet: guarded(rule{Access: "Allow", From: "*", Ports: "6379"})},
		rule: securityGroup, want: yes(onGroup), but: idLater,
	},
	{
		name:  "group_plain_port_on",
		facts: facts{Size: premium, PlainPort: true, Subnet: guarded(rule{Access: "Allow", From: "*", Ports: "6379"})},
		rule:  securityGroup, want: no(onGroup), but: idLater,
	},
	{
		name: "group_shard_ports", facts: facts{Size: premium, Shards: 2, Subnet: guarded(rule{Access: "Allow", From: "*", Ports: "13000"})},
		rule: securityGroup, want: no(onGroup), but: idLater,
	},
	{
		name: "group_elsewhere", facts: facts{Size: premium, Subnet: &subnet{Elsewhere: true}},
		rule: securityGroup, want: unseen(inSubnet), but: map[door]verdict{arm: no(onGroup)},
	},
	{name: "group_without_subnet", facts: facts{}, rule: securityGroup, want: na(inSubnet)},

	{name: "endpoint", facts: facts{Endpoints: []endpoint{{}}}, rule: privateLink, want: yes(onEndpoint)},
	{name: "endpoint_none", facts: facts{}, rule: privateLink, want: no(onEndpoint), but: linkNotPassed},
	{
		name: "endpoint_manual", facts: facts{Endpoints: []endpoint{{Manual: true}}},
		rule: privateLink, want: unknown(posture.ReasonPendingApproval, onEndpoint),
	},
	{name: "endpoint_rejected", facts: facts{Endpoints: []endpoint{{State: "Rejected"}}}, rule: privateLink, want: no(onEndpoint)},
	{name: "endpoint_disconnected", facts: facts{Endpoints: []endpoint{{State: "Disconnected"}}}, rule: privateLink, want: no(onEndpoint)},
	{
		name: "endpoint_of_other_cache", facts: facts{Endpoints: []endpoint{{Other: true}}},
		rule: privateLink, want: no(onEndpoint), but: linkNotPassed,
	},
	{
		name: "endpoint_behind_other_connection", facts: facts{Endpoints: []endpoint{{Second: true}}}, rule: privateLink,
		want: unknown(posture.ReasonUnresolvedReference, onEndpoint), but: map[door]verdict{arm: yes(onEndpoint)}, // which shows what counts
	},
	{
		name: "endpoint_of_other_service", facts: facts{Endpoints: []endpoint{{Service: "blob"}}},
		rule: privateLink, want: no(onEndpoint), but: linkNotPassed,
	},
	{
		name: "endpoint_of_data_factory", facts: facts{ManagedEndpoint: true},
		rule: privateLink, want: unknown(posture.ReasonPendingApproval, onEndpoint), but: linkNotPassed,
	},
	{name: "endpoint_in_subnet", facts: facts{Size: premium, Subnet: &subnet{Elsewhere: true}}, rule: privateLink, want: na(inSubnet)},

	{name: "public_on", facts: facts{PublicAccess: true}, rule: publicNetwork, want: no(publicAccess)},
	{name: "public_off", facts: facts{PublicAccess: false}, rule: publicNetwork, want: yes(publicAccess)},
	{name: "public_later", facts: facts{PublicAccess: later}, rule: publicNetwork, want: afterApply(publicAccess)},
	{
		name: "public_unset", facts: facts{}, rule: publicNetwork, want: no(publicAccess),
		but: map[door]verdict{own: yes(publicAccess), functions: no(publicAccess)},
	},
	{
		name: "public_unset_with_endpoint", facts: facts{Endpoints: []endpoint{{}}}, rule: publicNetwork, want: no(publicAccess),
		but: map[door]verdict{own: yes(publicAccess), azapi: afterApply(publicAccess)},
	},
	{
		name: "public_on_with_endpoint", facts: facts{PublicAccess: true, Endpoints: []endpoint{{}}},
		rule: publicNetwork, want: no(publicAccess),
	},
	{
		name: "public_on_narrowed", facts: facts{PublicAccess: true, Firewall: []firewallRule{{"203.0.113.7", "203.0.113.7"}}},
		rule: publicNetwork, want: no(publicAccess),
	},
	{
		name: "public_on_in_subnet", facts: facts{Size: premium, PublicAccess: true, Subnet: &subnet{Elsewhere: true}},
		rule: publicNetwork, want: na(publicAccess),
	},
	{
		name: "public_off_in_subnet", facts: facts{Size: premium, PublicAccess: false, Subnet: &subnet{Elsewhere: true}},
		rule: publicNetwork, want: yes(publicAccess),
	},
	{
		name: "public_on_subnet_later", facts: facts{Size: premium, PublicAccess: true, Subnet: &subnet{Later: true}},
		rule: publicNetwork, want: afterApply(inSubnet),
	},
}

// Situations of a cache that exists before the plan: companions may exist outside it.
var existingTable = []situation{
	{
		name: "existing_endpoint_none", facts: facts{Before: &facts{}}, rule: privateLink, want: unseen(onEndpoint),
		but: map[door]verdict{arm: no(onEndpoint)},
	},
	{
		name: "existing_endpoint_kept", facts: facts{Before: &facts{Endpoints: []endpoint{{}}}, Endpoints: []endpoint{{}}},
		rule: privateLink, want: yes(onEndpoint),
	},
	{
		name: "existing_endpoint_added", facts: facts{Before: &facts{}, Endpoints: []endpoint{{}}},
		rule: privateLink, want: yes(onEndpoint),
	},
	{
		name: "existing_endpoint_destroyed", facts: facts{Before: &facts{Endpoints: []endpoint{{}}}},
		rule: privateLink, want: no(onEndpoint), but: linkNotPassed,
	},
	{
		name: "existing_logs_none", facts: facts{Before: &facts{}}, rule: resourceLogs, want: unseen(onDiagnostic),
		but: map[door]verdict{arm: no(onDiagnostic)},
	},
	{
		name: "existing_logs_destroyed", facts: facts{Before: &facts{Diagnostics: []diagnostic{{Groups: []string{"allLogs"}}}}},
		rule: resourceLogs, want: no(onDiagnostic), but: logsNotPassed,
	},
	{
		name: "existing_replaced", facts: facts{Before: &facts{Location: "northeurope"}}, rule: privateLink, want: no(onEndpoint),
		but: map[door]verdict{functions: unseen(onEndpoint)},
	},
	{
		name:  "existing_endpoint_left",
		facts: facts{Before: &facts{Endpoints: []endpoint{{}}}, Endpoints: []endpoint{{}}, CompanionsRemoved: true},
		rule:  privateLink, want: yes(onEndpoint), but: linkNotPassed,
	},
	{
		name: "existing_logs_left",
		facts: facts{
			Before:      &facts{Diagnostics: []diagnostic{{Groups: []string{"allLogs"}}}},
			Diagnostics: []diagnostic{{Groups: []string{"allLogs"}}}, CompanionsRemoved: true,
		},
		rule: resourceLogs, want: yes(onDiagnostic), but: logsNotPassed,
	},
	{
		name: "existing_firewall_left",
		facts: facts{
			Before:       &facts{PublicAccess: true, Firewall: []firewallRule{{"203.0.113.0", "203.0.113.15"}}},
			PublicAccess: true, Firewall: []firewallRule{{"203.0.113.0", "203.0.113.15"}}, CompanionsRemoved: true,
		},
		rule: "advisory/firewall-rules", want: no(onFirewall), but: map[door]verdict{functions: unseen(onFirewall)},
	},
	{
		name: "existing_grant_left",
		facts: facts{
			Before: &facts{Entra: true, Grants: []grant{{"Data Owner", ""}}},
			Entra:  true, Grants: []grant{{"Data Owner", ""}}, CompanionsRemoved: true,
		},
		rule: "advisory/least-privilege-access-policy", want: no(onGrant), but: map[door]verdict{functions: unseen(onGrant)},
	},
	{
		name: "existing_policy_left",
		facts: facts{
			Before:   &facts{Policies: []policyAssignment{{Definition: publicPolicy, Cache: true}}},
			Policies: []policyAssignment{{Definition: publicPolicy, Cache: true}}, CompanionsRemoved: true,
		},
		rule: azurePolicy, want: yes(onPolicy), but: map[door]verdict{functions: unseen(onPolicy)},
	},
	{
		name: "existing_forgotten", facts: facts{Before: &facts{PlainPort: true}, PlainPort: true, CompanionsRemoved: true, CacheRemoved: true},
		rule: transit, want: no(plainPort),
	},
	{
		name:  "existing_zones_one",
		facts: facts{Size: premium, Before: &facts{Size: premium, Zones: []string{"1"}}, Zones: []string{"1"}},
		rule:  "advisory/zone-redundancy", want: no(zones),
	},
	{
		// azurerm replaces the endpoint. azapi sends the same target again, which does
		// not create the connection anew that was deleted with the old cache.
		name:  "existing_replaced_with_endpoint",
		facts: facts{Before: &facts{Location: "northeurope", Endpoints: []endpoint{{}}}, Endpoints: []endpoint{{}}},
		rule:  privateLink, want: yes(onEndpoint), but: map[door]verdict{azapi: afterApply(onEndpoint)},
	},
	{
		// A firewall rule of azurerm names the cache by name, which does not change; one
		// of azapi by id, which is known after apply.
		name: "existing_replaced_firewall_unchanged",
		facts: facts{
			Before:       &facts{Location: "northeurope", PublicAccess: true, Firewall: []firewallRule{{"203.0.113.7", "203.0.113.7"}}},
			PublicAccess: true, Firewall: []firewallRule{{"203.0.113.7", "203.0.113.7"}},
		},
		rule: "advisory/firewall-rules", want: afterApply(onFirewall),
		but: map[door]verdict{azapi: yes(onFirewall), arm: onlyPlans[arm], functions: onlyPlans[functions]},
	},
	{
		name:  "existing_replaced_endpoint_unchanged",
		facts: facts{Before: &facts{Location: "northeurope", Endpoints: []endpoint{literal}}, Endpoints: []endpoint{literal}},
		rule:  privateLink, want: afterApply(onEndpoint), but: onlyPlans,
	},
	{
		name: "existing_replaced_logs_unchanged",
		facts: facts{
			Before:      &facts{Location: "northeurope", Diagnostics: []diagnostic{literalLogs}},
			Diagnostics: []diagnostic{literalLogs},
		},
		rule: resourceLogs, want: afterApply(onDiagnostic), but: onlyPlans,
	},
	{
		name: "existing_moved", facts: facts{Before: &facts{BeforeMove: true}, Moved: true}, rule: privateLink, want: unseen(onEndpoint),
		but: map[door]verdict{arm: no(onEndpoint)},
	},
	{
		name:  "existing_moved_with_endpoint",
		facts: facts{Before: &facts{BeforeMove: true, Endpoints: []endpoint{{}}}, Moved: true, Endpoints: []endpoint{{}}},
		rule:  privateLink, want: yes(onEndpoint),
	},
	{
		name: "existing_imported", facts: facts{Imported: true}, rule: privateLink, want: unseen(onEndpoint),
		but: map[door]verdict{arm: no(onEndpoint)},
	},
	{
		name: "existing_imported_with_endpoint", facts: facts{Imported: true, Endpoints: []endpoint{{}}}, rule: privateLink,
		want: yes(onEndpoint),
	},
	{name: "existing_gets_worse", facts: facts{Before: &facts{PlainPort: false}, PlainPort: true}, rule: transit, want: no(plainPort)},
	{
		name: "existing_gets_better", facts: facts{Before: &facts{PlainPort: true, MinimumTLS: "1.2"}, PlainPort: false, MinimumTLS: "1.2"},
		rule: transit, want: yes(plainPort),
	},
	{
		name: "existing_update_not_applied_again",
		facts: facts{
			Before: &facts{PlainPort: false, Update: object{"enableNonSslPort": false}}, PlainPort: true, Update: object{"enableNonSslPort": false},
		},
		rule: transit, want: no(plainPort), but: map[door]verdict{arm: cannot(resultOnly)},
	},
	{
		name: "existing_firewall_none", facts: facts{Before: &facts{PublicAccess: true}, PublicAccess: true}, rule: "advisory/firewall-rules",
		want: unseen(onFirewall), but: map[door]verdict{arm: no(onFirewall)},
	},
}

var (
	literal     = endpoint{Literal: true}
	literalLogs = diagnostic{Groups: []string{"allLogs"}, Literal: true}
)

// onlyPlans: only a plan shows which resources it replaces and which it keeps.
var onlyPlans = map[door]verdict{
	arm: cannot(resultOnly), functions: cannot("a function does not know what a plan changes"),
}

// Situations in which ARM omits a property, or another resource changes the cache after
// it was created.
var afterwardsTable = []situation{
	{name: "public_unreturned", facts: facts{PublicAccessNotReturned: true}, rule: publicNetwork, want: no(publicAccess)},
	{
		name: "public_unreturned_in_subnet", facts: facts{Size: premium, PublicAccessNotReturned: true, Subnet: &subnet{Elsewhere: true}},
		rule: publicNetwork, want: na(publicAccess),
	},
	{
		name: "public_unreturned_with_endpoint", facts: facts{PublicAccessNotReturned: true, Endpoints: []endpoint{{}}}, rule: publicNetwork,
		want: afterApply(publicAccess),
	},
	{name: "update_opens_port", facts: facts{PlainPort: false, Update: object{"enableNonSslPort": true}}, rule: transit, want: no(plainPort)},
	{
		name: "update_closes_port", facts: facts{PlainPort: true, Update: object{"enableNonSslPort": false}},
		rule: transit, want: yes(plainPort),
	},
	{
		name: "update_of_no_known_order", facts: facts{PlainPort: false, Update: object{"enableNonSslPort": true}, Unordered: true},
		rule: transit, want: afterApply(plainPort), but: map[door]verdict{arm: cannot(resultOnly)},
	},
	{
		name: "update_of_another_property", facts: facts{PlainPort: false, Update: object{"minimumTlsVersion": "1.2"}},
		rule: transit, want: yes(plainPort),
	},
	{
		name: "action_opens_port", facts: facts{PlainPort: false, Action: object{"enableNonSslPort": true}},
		rule: transit, want: afterApply(plainPort),
	},
	{
		name: "action_on_another_property", facts: facts{PublicAccess: false, Action: object{"enableNonSslPort": true}},
		rule: publicNetwork, want: yes(publicAccess),
	},
	{
		name:  "action_puts_the_cache",
		facts: facts{PublicAccess: false, Action: object{"enableNonSslPort": true}, Method: "PUT"},
		rule:  publicNetwork, want: afterApply(publicAccess),
	},
	{
		name: "action_lists_keys", facts: facts{PublicAccess: false, Action: object{}, Method: "POST", Operation: "listKeys"},
		rule: publicNetwork, want: yes(publicAccess),
	},
	{
		name: "action_of_no_known_operation", facts: facts{PublicAccess: false, Action: object{}, Method: "POST", Operation: "openUp"},
		rule: publicNetwork, want: afterApply(publicAccess),
	},
	{
		name: "hidden_port", facts: facts{MinimumTLS: "1.2", SensitiveBody: object{"enableNonSslPort": true}},
		rule: transit, want: unknown(posture.ReasonWriteOnly, plainPort),
	},
	{
		name: "hidden_beside_open_port", facts: facts{PlainPort: true, SensitiveBody: object{"publicNetworkAccess": "Enabled"}},
		rule: transit, want: no(plainPort),
	},
	{
		name: "action_opens_public_access", facts: facts{PublicAccess: false, Action: object{"publicNetworkAccess": "Enabled"}},
		rule: publicNetwork, want: afterApply(publicAccess),
	},
	{
		name:  "template_of_this_cache",
		facts: facts{PlainPort: false, MinimumTLS: "1.2", Template: &template{Sets: object{"enableNonSslPort": true}}},
		rule:  transit, want: afterApply(plainPort),
	},
	{
		name: "template_of_other_things", facts: facts{PlainPort: false, MinimumTLS: "1.2", Template: &template{Other: true, Sets: object{}}},
		rule: transit, want: yes(plainPort),
	},
	{
		name: "template_in_complete_mode", facts: facts{PlainPort: false, MinimumTLS: "1.2",
			Template: &template{Other: true, Complete: true, Sets: object{}}},
		rule: transit, want: afterApply(plainPort),
	},
	{
		name:  "template_of_this_cache_in_complete_mode",
		facts: facts{PublicAccess: false, Template: &template{Complete: true, Sets: object{"publicNetworkAccess": "Disabled"}}},
		rule:  publicNetwork, want: afterApply(publicAccess),
	},
	{
		name: "tls_of_no_known_meaning", facts: facts{PlainPort: false, MinimumTLS: "banana"},
		rule: transit, want: afterApply(minimumTLS),
		but: map[door]verdict{own: cannot("refused while planning"), functions: cannot("refused as an error")},
	},
}

var accessTable = []situation{
	{name: "authentication_unset", facts: facts{}, rule: localMethods, want: yes(authentication)},
	{name: "authentication_on", facts: facts{Authentication: true}, rule: localMethods, want: yes(authentication)},
	{name: "authentication_off", facts: facts{Authentication: false}, rule: localMethods, want: no(authentication), but: ownRefuses},
	{
		name: "authentication_off_in_subnet", facts: facts{Size: premium, Authentication: false, Subnet: &subnet{Elsewhere: true}},
		rule: localMethods, want: no(authentication),
	},
	{name: "authentication_later", facts: facts{Authentication: later}, rule: localMethods, want: yes(authentication)},
	{
		name: "authentication_later_in_subnet", facts: facts{Size: premium, Authentication: later, Subnet: &subnet{Elsewhere: true}},
		rule: localMethods, want: afterApply(authentication),
	},
}

// ownRefuses: the plan of redisbaseline_cache fails, as the request to Azure would.
var ownRefuses = map[door]verdict{own: cannot("refused while planning")}

var transitTable = []situation{
	{name: "transit_unset", facts: facts{}, rule: transit, want: yes(plainPort)},
	{name: "transit_sound", facts: facts{PlainPort: false, MinimumTLS: "1.2"}, rule: transit, want: yes(minimumTLS)},
	{name: "transit_port_on", facts: facts{PlainPort: true}, rule: transit, want: no(plainPort)},
	{name: "transit_tls_old", facts: facts{MinimumTLS: "1.0"}, rule: transit, want: no(minimumTLS), but: ownRefuses},
	{name: "transit_tls_11", facts: facts{MinimumTLS: "1.1"}, rule: transit, want: no(minimumTLS), but: ownRefuses},
	{name: "transit_both", facts: facts{PlainPort: true, MinimumTLS: "1.0"}, rule: transit, want: no(minimumTLS), but: ownRefuses},
	{name: "transit_port_later", facts: facts{PlainPort: later, MinimumTLS: "1.2"}, rule: transit, want: afterApply(plainPort)},
	{name: "transit_tls_later", facts: facts{PlainPort: false, MinimumTLS: later}, rule: transit, want: afterApply(minimumTLS)},
	{name: "transit_port_on_tls_later", facts: facts{PlainPort: true, MinimumTLS: later}, rule: transit, want: no(plainPort)},
	{name: "platform_keys", facts: facts{}, rule: platformKeys, want: yes("")},
}
