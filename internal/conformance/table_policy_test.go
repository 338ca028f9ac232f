package conformance

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"

const (
	policyDefinitions = "/providers/Microsoft.Authorization/policyDefinitions/"
	policySets        = "/providers/Microsoft.Authorization/policySetDefinitions/"

	publicPolicy = policyDefinitions + "470baccb-7e51-4549-8b1a-3e5be069f663"
	otherPolicy  = policyDefinitions + "0a914e76-4921-4c19-b460-a2d36003525a"
	mcsb1        = policySets + "1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
	customPolicy = "/subscriptions/" + subscription + policyDefinitions + "ours"
	// customSet is a set with publicPolicy, whose effect is a parameter of the set; see azureDoor.put.
	customSet = "/subscriptions/" + subscription + policySets + "ours"

	mcsbLogs = "diagnosticsLogsInRedisCacheMonitoringEffect"
	mcsbLink = "azureCacheForRedisShouldUsePrivateEndpointMonitoringEffect"
)

// allRead: ARM shows every assignment in scope, and none satisfies the check.
var allRead = map[door]verdict{arm: no(onPolicy)}

func assigned(a policyAssignment) facts { return facts{Policies: []policyAssignment{a}} }

var policyTable = []situation{
	{name: "policy_none", facts: facts{}, rule: azurePolicy, want: unseen(onPolicy), but: allRead},
	{name: "policy_definition", facts: assigned(policyAssignment{Definition: publicPolicy}), rule: azurePolicy, want: yes(onPolicy)},
	{
		name: "policy_at_cache", facts: assigned(policyAssignment{Definition: publicPolicy, Cache: true}),
		rule: azurePolicy, want: yes(onPolicy),
	},
	{
		name: "policy_at_management_group", facts: assigned(policyAssignment{Definition: publicPolicy, Management: true}), rule: azurePolicy,
		// A function takes every assignment that it is passed for one that covers the cache.
		want: unseen(onPolicy),
		but:  map[door]verdict{arm: yes(onPolicy), functions: yes(onPolicy)},
	},
	{
		name: "policy_unenforced", facts: assigned(policyAssignment{Definition: publicPolicy, NotEnforced: true}),
		rule: azurePolicy, want: unseen(onPolicy), but: allRead,
	},
	{
		name: "policy_excluded", facts: assigned(policyAssignment{Definition: publicPolicy, Excluded: true}),
		rule: azurePolicy, want: unseen(onPolicy),
		// A function cannot tell before the id of the cache is known.
		but: map[door]verdict{arm: no(onPolicy), functions: afterApply(onPolicy)},
	},
	{
		name: "policy_disabled", facts: assigned(policyAssignment{Definition: publicPolicy, Parameters: map[string]string{"effect": "Disabled"}}),
		rule: azurePolicy, want: unseen(onPolicy), but: allRead,
	},
	{
		name: "policy_deny", facts: assigned(policyAssignment{Definition: publicPolicy, Parameters: map[string]string{"effect": "Deny"}}),
		rule: azurePolicy, want: yes(onPolicy),
	},
	{
		name: "policy_of_other_service", facts: assigned(policyAssignment{Definition: otherPolicy}),
		rule: azurePolicy, want: unseen(onPolicy), but: allRead,
	},
	{name: "policy_custom", facts: assigned(policyAssignment{Definition: customPolicy}), rule: azurePolicy, want: unseen(onPolicy)},
	{
		name: "policy_custom_set", facts: assigned(policyAssignment{Definition: customSet}),
		rule: azurePolicy, want: unseen(onPolicy), but: map[door]verdict{arm: yes(onPolicy)},
	},
	{
		name:  "policy_custom_set_off",
		facts: assigned(policyAssignment{Definition: customSet, Parameters: map[string]string{"publicEffect": "Disabled"}}),
		rule:  azurePolicy, want: unseen(onPolicy), but: allRead,
	},
	{name: "policy_mcsb", facts: assigned(policyAssignment{Definition: mcsb1}), rule: azurePolicy, want: yes(onPolicy)},
	{
		name: "policy_mcsb_one_off", facts: assigned(policyAssignment{Definition: mcsb1, Parameters: map[string]string{mcsbLogs: "Disabled"}}),
		rule: azurePolicy, want: yes(onPolicy),
	},
	{
		name:  "policy_mcsb_both_off",
		facts: assigned(policyAssignment{Definition: mcsb1, Parameters: map[string]string{mcsbLogs: "Disabled", mcsbLink: "Disabled"}}),
		rule:  azurePolicy, want: unseen(onPolicy), but: allRead,
	},
	{
		name:  "policy_mcsb_other_parameter_off",
		facts: assigned(policyAssignment{Definition: mcsb1, Parameters: map[string]string{"storageAccountsEffect": "Disabled"}}),
		rule:  azurePolicy, want: yes(onPolicy),
	},
	{
		name: "policy_overridden", facts: assigned(policyAssignment{Definition: publicPolicy, Override: "Disabled"}),
		rule: azurePolicy, want: unseen(onPolicy),
	},
	{
		name:  "policy_mcsb_override_of_one",
		facts: assigned(policyAssignment{Definition: mcsb1, Override: "Disabled", OverrideOf: "someOtherDefinition"}),
		rule:  azurePolicy, want: unseen(onPolicy),
		but: map[door]verdict{azurerm3: afterApply(onPolicy), functions3: afterApply(onPolicy)}, // the kind of a selector is computed
	},
	{
		name:  "policy_selected_for_others",
		facts: assigned(policyAssignment{Definition: publicPolicy, Selector: "Microsoft.Storage/storageAccounts"}),
		rule:  azurePolicy, want: unseen(onPolicy), but: allRead,
	},
}

var logTable = []situation{
	{name: "logs", facts: facts{Diagnostics: []diagnostic{{Groups: []string{"allLogs"}}}}, rule: resourceLogs, want: yes(onDiagnostic)},
	{
		name: "logs_of_a_category", facts: facts{Diagnostics: []diagnostic{{Categories: []string{"ConnectedClientList"}}}},
		rule: resourceLogs, want: yes(onDiagnostic),
	},
	{name: "logs_none", facts: facts{}, rule: resourceLogs, want: no(onDiagnostic), but: logsNotPassed},
	{name: "logs_metrics_only", facts: facts{Diagnostics: []diagnostic{{Metrics: true}}}, rule: resourceLogs, want: no(onDiagnostic)},
	{
		name: "logs_target_later", facts: facts{Diagnostics: []diagnostic{{Groups: []string{"allLogs"}, Later: true}}}, rule: resourceLogs,
		want: unknown(posture.ReasonUnresolvedReference, onDiagnostic),
		but:  map[door]verdict{functions: yes(onDiagnostic), own: cannot("redisbaseline_cache has its diagnostic settings in an attribute")},
	},
}
