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

// What differs by door, for reasons that hold in many situations.
var (
	// idLater: a function sees the subnet's id, which is known after apply, and not
	// that it is a subnet's.
	idLater = map[door]verdict{functions: applied(inSubnet)}
	// notPassed: a function sees the companions that it is given and no others.
	linkNotPassed = map[door]verdict{functions: unseen(onEndpoint)}
	logsNotPassed = map[door]verdict{functions: unseen(onDiagnostic)}
)

var (
	closed = rule{Access: "Allow", From: "10.0.0.0/8", Ports: "6380"}
	open   = rule{Access: "Allow", From: "Internet", Ports: "6380"}
)

// jsonAlone: plan JSON does not tell an omitted block of azurerm from a dynamic one,
// and a function sees no more; the configuration does.
func jsonAlone(fact string, others map[door]verdict) map[door]verdict {
	out := map[door]verdict{azurerm3: applied(fact), azurerm4: applied(fact), azurerm5: applied(fact), own: applied(fact),
		functions: applied(fact)}
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
	{name: "injected_later", facts: facts{Size: premium, Subnet: &subnet{Later: true}}, rule: injection, want: applied(inSubnet)},
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
		name: "group_rules_apart", facts: facts{Size: premium, Subnet: &subnet{Group: &group{Apart: true, Rules: []rule{open}}}},
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
		facts: facts{Size: premium, Port: true, Subnet: guarded(rule{Access: "Allow", From: "*", Ports: "6379"})},
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
		name: "endpoint_of_other_service", facts: facts{Endpoints: []endpoint{{Service: "blob"}}},
		rule: privateLink, want: no(onEndpoint), but: linkNotPassed,
	},
	{
		name: "endpoint_of_data_factory", facts: facts{Managed: true},
		rule: privateLink, want: unknown(posture.ReasonPendingApproval, onEndpoint), but: linkNotPassed,
	},
	{name: "endpoint_in_subnet", facts: facts{Size: premium, Subnet: &subnet{Elsewhere: true}}, rule: privateLink, want: na(inSubnet)},

	{name: "public_on", facts: facts{Public: true}, rule: publicNetwork, want: no(publicAccess)},
	{name: "public_off", facts: facts{Public: false}, rule: publicNetwork, want: yes(publicAccess)},
	{name: "public_later", facts: facts{Public: later}, rule: publicNetwork, want: applied(publicAccess)},
	{
		name: "public_unset", facts: facts{}, rule: publicNetwork, want: no(publicAccess),
		but: map[door]verdict{own: yes(publicAccess), functions: no(publicAccess)},
	},
	{
		name: "public_unset_with_endpoint", facts: facts{Endpoints: []endpoint{{}}}, rule: publicNetwork, want: no(publicAccess),
		but: map[door]verdict{own: yes(publicAccess), azapi: applied(publicAccess)},
	},
	{name: "public_on_with_endpoint", facts: facts{Public: true, Endpoints: []endpoint{{}}}, rule: publicNetwork, want: no(publicAccess)},
	{
		name: "public_on_narrowed", facts: facts{Public: true, Firewall: []addresses{{"203.0.113.7", "203.0.113.7"}}},
		rule: publicNetwork, want: no(publicAccess),
	},
	{
		name: "public_on_in_subnet", facts: facts{Size: premium, Public: true, Subnet: &subnet{Elsewhere: true}},
		rule: publicNetwork, want: na(publicAccess),
	},
	{
		name: "public_off_in_subnet", facts: facts{Size: premium, Public: false, Subnet: &subnet{Elsewhere: true}},
		rule: publicNetwork, want: yes(publicAccess),
	},
	{
		name: "public_on_subnet_later", facts: facts{Size: premium, Public: true, Subnet: &subnet{Later: true}},
		rule: publicNetwork, want: applied(inSubnet),
	},
}

// What a plan says of a cache that exists already: what it does not hold may be elsewhere.
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
		name: "existing_endpoint_left", facts: facts{Before: &facts{Endpoints: []endpoint{{}}}, Endpoints: []endpoint{{}}, Left: true},
		rule: privateLink, want: yes(onEndpoint), but: linkNotPassed,
	},
	{
		name: "existing_logs_left",
		facts: facts{
			Before:      &facts{Diagnostics: []diagnostic{{Groups: []string{"allLogs"}}}},
			Diagnostics: []diagnostic{{Groups: []string{"allLogs"}}}, Left: true,
		},
		rule: resourceLogs, want: yes(onDiagnostic), but: logsNotPassed,
	},
	{
		name: "existing_firewall_left",
		facts: facts{
			Before: &facts{Public: true, Firewall: []addresses{{"203.0.113.0", "203.0.113.15"}}},
			Public: true, Firewall: []addresses{{"203.0.113.0", "203.0.113.15"}}, Left: true,
		},
		rule: "advisory/firewall-rules", want: no(onFirewall), but: map[door]verdict{functions: unseen(onFirewall)},
	},
	{
		name: "existing_grant_left",
		facts: facts{
			Before: &facts{Entra: true, Grants: []grant{{"Data Owner", ""}}}, Entra: true, Grants: []grant{{"Data Owner", ""}}, Left: true,
		},
		rule: "advisory/least-privilege-access-policy", want: no(onGrant), but: map[door]verdict{functions: unseen(onGrant)},
	},
	{
		name: "existing_policy_left",
		facts: facts{
			Before:   &facts{Policies: []assignment{{Definition: publicPolicy, Cache: true}}},
			Policies: []assignment{{Definition: publicPolicy, Cache: true}}, Left: true,
		},
		rule: azurePolicy, want: yes(onPolicy), but: map[door]verdict{functions: unseen(onPolicy)},
	},
	{
		name: "existing_forgotten", facts: facts{Before: &facts{Port: true}, Port: true, Left: true, Forgotten: true},
		rule: transit, want: no(plainPort),
	},
	{
		name:  "existing_zones_one",
		facts: facts{Size: premium, Before: &facts{Size: premium, Zones: []string{"1"}}, Zones: []string{"1"}},
		rule:  "advisory/zone-redundancy", want: no(zones),
	},
	{
		// azurerm replaces the endpoint. azapi writes the same target again, which does
		// not bring back the connection that went with the old cache.
		name:  "existing_replaced_with_endpoint",
		facts: facts{Before: &facts{Location: "northeurope", Endpoints: []endpoint{{}}}, Endpoints: []endpoint{{}}},
		rule:  privateLink, want: yes(onEndpoint), but: map[door]verdict{azapi: applied(onEndpoint)},
	},
	{
		// A rule of azurerm is for the name of a cache, which stays the same; one of
		// azapi for its id, which does not.
		name: "existing_replaced_firewall_unchanged",
		facts: facts{
			Before: &facts{Location: "northeurope", Public: true, Firewall: []addresses{{"203.0.113.7", "203.0.113.7"}}},
			Public: true, Firewall: []addresses{{"203.0.113.7", "203.0.113.7"}},
		},
		rule: "advisory/firewall-rules", want: applied(onFirewall),
		but: map[door]verdict{azapi: yes(onFirewall), arm: onlyPlans[arm], functions: onlyPlans[functions]},
	},
	{
		name:  "existing_replaced_endpoint_unchanged",
		facts: facts{Before: &facts{Location: "northeurope", Endpoints: []endpoint{literal}}, Endpoints: []endpoint{literal}},
		rule:  privateLink, want: applied(onEndpoint), but: onlyPlans,
	},
	{
		name: "existing_replaced_logs_unchanged",
		facts: facts{
			Before:      &facts{Location: "northeurope", Diagnostics: []diagnostic{literalLogs}},
			Diagnostics: []diagnostic{literalLogs},
		},
		rule: resourceLogs, want: applied(onDiagnostic), but: onlyPlans,
	},
	{
		name: "existing_moved", facts: facts{Before: &facts{Old: true}, Moved: true}, rule: privateLink, want: unseen(onEndpoint),
		but: map[door]verdict{arm: no(onEndpoint)},
	},
	{
		name:  "existing_moved_with_endpoint",
		facts: facts{Before: &facts{Old: true, Endpoints: []endpoint{{}}}, Moved: true, Endpoints: []endpoint{{}}},
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
	{name: "existing_gets_worse", facts: facts{Before: &facts{Port: false}, Port: true}, rule: transit, want: no(plainPort)},
	{
		name: "existing_gets_better", facts: facts{Before: &facts{Port: true, TLS: "1.2"}, Port: false, TLS: "1.2"},
		rule: transit, want: yes(plainPort),
	},
	{
		name: "existing_update_not_applied_again",
		facts: facts{
			Before: &facts{Port: false, Update: object{"enableNonSslPort": false}}, Port: true, Update: object{"enableNonSslPort": false},
		},
		rule: transit, want: no(plainPort), but: map[door]verdict{arm: cannot("ARM shows what it came to")},
	},
	{
		name: "existing_firewall_none", facts: facts{Before: &facts{Public: true}, Public: true}, rule: "advisory/firewall-rules",
		want: unseen(onFirewall), but: map[door]verdict{arm: no(onFirewall)},
	},
}

var (
	literal     = endpoint{kept: kept{Literal: true}}
	literalLogs = diagnostic{Groups: []string{"allLogs"}, kept: kept{Literal: true}}
)

// onlyPlans: what is replaced, and what does not change, only a plan shows.
var onlyPlans = map[door]verdict{
	arm: cannot("ARM shows what it came to"), functions: cannot("functions do not see what a plan changes"),
}

// What ARM does not return, and what changes a cache after it was made.
var afterwardsTable = []situation{
	{name: "public_unreturned", facts: facts{Unreturned: true}, rule: publicNetwork, want: no(publicAccess)},
	{
		name: "public_unreturned_in_subnet", facts: facts{Size: premium, Unreturned: true, Subnet: &subnet{Elsewhere: true}},
		rule: publicNetwork, want: na(publicAccess),
	},
	{
		name: "public_unreturned_with_endpoint", facts: facts{Unreturned: true, Endpoints: []endpoint{{}}}, rule: publicNetwork,
		want: applied(publicAccess),
	},
	{name: "update_opens_port", facts: facts{Port: false, Update: object{"enableNonSslPort": true}}, rule: transit, want: no(plainPort)},
	{name: "update_closes_port", facts: facts{Port: true, Update: object{"enableNonSslPort": false}}, rule: transit, want: yes(plainPort)},
	{
		name: "update_of_no_known_order", facts: facts{Port: false, Update: object{"enableNonSslPort": true}, Unordered: true},
		rule: transit, want: applied(plainPort), but: map[door]verdict{arm: cannot("ARM shows what it came to")},
	},
	{
		name: "update_of_another_property", facts: facts{Port: false, Update: object{"minimumTlsVersion": "1.2"}},
		rule: transit, want: yes(plainPort),
	},
	{
		name: "action_opens_port", facts: facts{Port: false, Action: object{"enableNonSslPort": true}},
		rule: transit, want: applied(plainPort),
	},
	{
		name: "action_on_another_property", facts: facts{Public: false, Action: object{"enableNonSslPort": true}},
		rule: publicNetwork, want: yes(publicAccess),
	},
	{
		name:  "action_puts_the_cache",
		facts: facts{Public: false, Action: object{"enableNonSslPort": true}, Method: "PUT"},
		rule:  publicNetwork, want: applied(publicAccess),
	},
	{
		name: "action_lists_keys", facts: facts{Public: false, Action: object{}, Method: "POST", Operation: "listKeys"},
		rule: publicNetwork, want: yes(publicAccess),
	},
	{
		name: "action_of_no_known_operation", facts: facts{Public: false, Action: object{}, Method: "POST", Operation: "openUp"},
		rule: publicNetwork, want: applied(publicAccess),
	},
	{
		name: "hidden_port", facts: facts{TLS: "1.2", Hidden: object{"enableNonSslPort": true}},
		rule: transit, want: unknown(posture.ReasonWriteOnly, plainPort),
	},
	{
		name: "hidden_beside_open_port", facts: facts{Port: true, Hidden: object{"publicNetworkAccess": "Enabled"}},
		rule: transit, want: no(plainPort),
	},
	{
		name: "action_opens_public_access", facts: facts{Public: false, Action: object{"publicNetworkAccess": "Enabled"}},
		rule: publicNetwork, want: applied(publicAccess),
	},
	{
		name: "template_of_this_cache", facts: facts{Port: false, TLS: "1.2", Template: &template{Sets: object{"enableNonSslPort": true}}},
		rule: transit, want: applied(plainPort),
	},
	{
		name: "template_of_other_things", facts: facts{Port: false, TLS: "1.2", Template: &template{Other: true, Sets: object{}}},
		rule: transit, want: yes(plainPort),
	},
	{
		name: "template_in_complete_mode", facts: facts{Port: false, TLS: "1.2",
			Template: &template{Other: true, Complete: true, Sets: object{}}},
		rule: transit, want: applied(plainPort),
	},
	{
		name:  "template_of_this_cache_in_complete_mode",
		facts: facts{Public: false, Template: &template{Complete: true, Sets: object{"publicNetworkAccess": "Disabled"}}},
		rule:  publicNetwork, want: applied(publicAccess),
	},
	{
		name: "tls_of_no_known_meaning", facts: facts{Port: false, TLS: "banana"},
		rule: transit, want: applied(minimumTLS),
		but: map[door]verdict{own: cannot("refused while planning"), functions: cannot("refused as an error")},
	},
}

var accessTable = []situation{
	{name: "authentication_unset", facts: facts{}, rule: localMethods, want: yes(authentication)},
	{name: "authentication_on", facts: facts{Authenticated: true}, rule: localMethods, want: yes(authentication)},
	{name: "authentication_off", facts: facts{Authenticated: false}, rule: localMethods, want: no(authentication), but: ownRefuses},
	{
		name: "authentication_off_in_subnet", facts: facts{Size: premium, Authenticated: false, Subnet: &subnet{Elsewhere: true}},
		rule: localMethods, want: no(authentication),
	},
	{name: "authentication_later", facts: facts{Authenticated: later}, rule: localMethods, want: yes(authentication)},
	{
		name: "authentication_later_in_subnet", facts: facts{Size: premium, Authenticated: later, Subnet: &subnet{Elsewhere: true}},
		rule: localMethods, want: applied(authentication),
	},
}

// ownRefuses: redisbaseline_cache refuses while planning what Azure would refuse.
var ownRefuses = map[door]verdict{own: cannot("refused while planning")}

var transitTable = []situation{
	{name: "transit_unset", facts: facts{}, rule: transit, want: yes(plainPort)},
	{name: "transit_sound", facts: facts{Port: false, TLS: "1.2"}, rule: transit, want: yes(minimumTLS)},
	{name: "transit_port_on", facts: facts{Port: true}, rule: transit, want: no(plainPort)},
	{name: "transit_tls_old", facts: facts{TLS: "1.0"}, rule: transit, want: no(minimumTLS), but: ownRefuses},
	{name: "transit_tls_11", facts: facts{TLS: "1.1"}, rule: transit, want: no(minimumTLS), but: ownRefuses},
	{name: "transit_both", facts: facts{Port: true, TLS: "1.0"}, rule: transit, want: no(minimumTLS), but: ownRefuses},
	{name: "transit_port_later", facts: facts{Port: later, TLS: "1.2"}, rule: transit, want: applied(plainPort)},
	{name: "transit_tls_later", facts: facts{Port: false, TLS: later}, rule: transit, want: applied(minimumTLS)},
	{name: "transit_port_on_tls_later", facts: facts{Port: true, TLS: later}, rule: transit, want: no(plainPort)},
	{name: "platform_keys", facts: facts{}, rule: platformKeys, want: yes("")},
}
