package baseline

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var azurePolicySupport = Feature{
	ID: "AM-2/azure-policy-support", Control: "AM-2", ControlTitle: "Use only approved services",
	Title:          "Azure Policy Support",
	Responsibility: Customer, Supported: true, Severity: report.Low,
	Documentation: Documentation{
		Summary:     "An enforced Azure Policy assignment watches the cache.",
		Why:         "A plan is judged once; an assignment keeps judging what happens afterwards in the portal and by other tools. It counts when it assigns a built-in definition for Azure Cache for Redis or the Microsoft cloud security benchmark, is enforced, is not switched off by its effect, and neither excludes nor exempts the cache. Assignments often live outside the configuration, so that a plan without one proves nothing.",
		Remediation: `assign the Microsoft cloud security benchmark at the subscription or the resource group: policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"`,
		Good: `resource "azurerm_resource_group_policy_assignment" "mcsb" {
  name                 = "mcsb"
  resource_group_id    = azurerm_resource_group.example.id
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
}`,
		Bad: `resource "azurerm_resource_group_policy_assignment" "mcsb" {
  # ...
  enforce = false
}`,
		Property: "Microsoft.Authorization/policyAssignments: properties.policyDefinitionId", APIVersion: "2015-01-01",
		References: []Reference{refArticle, refPolicy},
		Policies:   append([]Policy{}, cachePolicies...),
	},
	Check: checkAzurePolicy,
}

// cachePolicies are the built-in definitions for Microsoft.Cache/redis.
// Source: Azure/azure-policy, categories Cache, Resilience and Monitoring, 2026-04.
var cachePolicies = []Policy{
	{"22bee202-a82f-4305-9a2a-6d7f44d4dedb", "Only secure connections to your Azure Cache for Redis should be enabled"},
	{"766f5de3-c6c0-4327-9f4d-042ab8ae846c", "Configure Azure Cache for Redis to disable non SSL ports"},
	{"7803067c-7d34-46e3-8c79-0ca68fc4036d", "Azure Cache for Redis should use private link"},
	{"5d8094d7-7340-465a-b6fd-e60ab7e48920", "Configure Azure Cache for Redis with private endpoints"},
	{"e016b22b-e0eb-436d-8fd7-160c4eaed6e2", "Configure Azure Cache for Redis to use private DNS zones"},
	{"470baccb-7e51-4549-8b1a-3e5be069f663", "Azure Cache for Redis should disable public network access"},
	{"30b3dfa5-a70d-4c8e-bed6-0083858f663d", "Configure Azure Cache for Redis to disable public network access"},
	{"3827af20-8f80-4b15-8300-6db0873ec901", "Azure Cache for Redis should not use access keys for authentication"},
	{"7d092e0a-7acd-40d2-a975-dca21cae48c4", "Azure Cache for Redis should reside within a virtual network (deprecated)"},
	{"1bf67da8-b100-45bf-b89d-e4669fc54411", "Azure Cache for Redis should be Zone Redundant (preview)"},
	{"a142867f-3142-4ac6-b952-ab950a29fca5", "Enable logging by category group for Azure Cache for Redis to Event Hub"},
	{"aec4c33f-2f2a-4fd3-91cd-24a939513c60", "Enable logging by category group for Azure Cache for Redis to Log Analytics"},
	{"d3e11828-02c8-40d2-a518-ad01508bb4d7", "Enable logging by category group for Azure Cache for Redis to Storage"},
	{"187242f4-89c6-4c43-9a4e-188c0efacc5f", "Resource logs should be enabled for Audit on supported resources"},
}

// benchmarkInitiatives are MCSB v1 and the preview of v2; both hold a
// definition for the cache.
var benchmarkInitiatives = []string{
	"1f3afdf9-d0c9-4c3d-847f-89da613e70a8",
	"e3ec7e09-768c-4b64-882c-fcada3772047",
}

func checkAzurePolicy(c *posture.Cache) Verdict {
	const path = "policy_assignment"
	set := c.PolicyAssignments
	unknown := report.Evidence{Path: path, State: report.EvidenceUnknown}
	for i := range set.Items {
		a := &set.Items[i]
		if counts(a) == posture.True {
			return compliant("an enforced policy assignment at the "+firstOf(string(a.Scope), "cache")+" watches the cache",
				report.Evidence{Path: path, State: evidenceState(a.Asserted), Value: jsonString(firstOf(a.Address, shown(a.DefinitionID, a.DefinitionID.V, "present")))})
		}
	}
	for i := range set.Items {
		a := &set.Items[i]
		if counts(a) == posture.Maybe {
			return undecided(whyUncounted(a), hidden(named("whether ", a.Address, "a policy assignment", " watches the cache cannot be told here"), hides(a)), unknown)
		}
	}
	switch {
	case len(set.Doubts) > 0:
		d := set.Doubts[0]
		return undecided(d.Reason, hidden(named("whether ", d.Address, "a policy assignment", " covers the cache cannot be told here"), d.Detail), unknown)
	case !set.Observed:
		return undecided(set.Why(), hidden("no policy assignment that counts is visible here", set.Detail), unknown)
	default:
		return violated("no enforced policy assignment watches the cache", "is watched by no Azure Policy assignment",
			report.Evidence{Path: path, State: report.EvidenceKnown, Value: jsonNull})
	}
}

// hides names what hides whether an assignment counts, such as a missing action.
func hides(a *posture.PolicyAssignment) string {
	switch {
	case a.Members.IsUnknown() && a.Members.Source.Detail != "":
		return a.Members.Source.Detail
	case a.Exempted.IsUnknown():
		return a.Exempted.Source.Detail
	default:
		return ""
	}
}

// counts decides whether an assignment watches the cache.
func counts(a *posture.PolicyAssignment) posture.Tri {
	effect := posture.Is(posture.Map(a.Effect.OrDefault(""), strings.ToLower), "disabled")
	off := posture.Is(a.Enforced.OrDefault(true), false).
		Or(effect).
		Or(posture.Is(a.Excluded.OrDefault(false), true)).
		Or(posture.Is(a.Exempted.OrDefault(false), true))
	covered := posture.True
	if a.Scope == posture.ScopeManagementGroup {
		covered = posture.Is(a.Covers, true)
	}
	sure := posture.True
	if posture.Is(a.Overridden.OrDefault(false), true) != posture.False {
		sure = posture.Maybe
	}
	return concernsCache(a).And(covered).And(off.Not()).And(sure)
}

// whyUncounted is the reason for which nobody can tell whether an assignment counts.
func whyUncounted(a *posture.PolicyAssignment) posture.Reason {
	if a.DefinitionID.IsUnknown() {
		return a.DefinitionID.Why()
	}
	if concernsCache(a) == posture.Maybe {
		if a.Members.IsUnknown() {
			return a.Members.Why()
		}
		return posture.ReasonNotObserved // a custom definition
	}
	for _, f := range []posture.Value[bool]{a.Enforced, posture.Map(a.Effect, func(string) bool { return true }), a.Excluded, a.Exempted, a.Overridden} {
		if f.IsUnknown() {
			return f.Why()
		}
	}
	if a.Scope == posture.ScopeManagementGroup && a.Covers.IsUnknown() {
		return a.Covers.Why()
	}
	return posture.ReasonNotObserved // overrides that no rule reads
}

// concernsCache decides whether the assigned definition is one about the cache.
func concernsCache(a *posture.PolicyAssignment) posture.Tri {
	id, ok := a.DefinitionID.Get()
	if !ok {
		return posture.Maybe
	}
	if isCachePolicy(id) || isBenchmark(id) {
		return posture.True
	}
	if members, ok := a.Members.Get(); ok {
		result := posture.False
		for _, m := range members {
			switch {
			case isCachePolicy(m):
				return posture.True
			case !isBuiltIn(m):
				result = posture.Maybe // a custom definition may be about the cache
			}
		}
		return result
	}
	if isBuiltIn(id) && strings.Contains(strings.ToLower(id), "/policydefinitions/") {
		return posture.False // a single definition about something else
	}
	return posture.Maybe
}

func isCachePolicy(id string) bool {
	for _, p := range cachePolicies {
		if endsIn(id, p.ID) {
			return isBuiltIn(id)
		}
	}
	return false
}

func isBenchmark(id string) bool {
	for _, i := range benchmarkInitiatives {
		if endsIn(id, i) {
			return isBuiltIn(id)
		}
	}
	return false
}

// isBuiltIn recognises ids of the tenant's root, where built-in definitions live.
func isBuiltIn(id string) bool {
	const root = "/providers/microsoft.authorization/"
	return len(id) >= len(root) && strings.EqualFold(id[:len(root)], root)
}

func endsIn(id, guid string) bool {
	at := len(id) - len(guid)
	return at > 0 && id[at-1] == '/' && strings.EqualFold(id[at:], guid)
}
