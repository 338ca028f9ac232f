package baseline_test

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// authentication sets whether clients must authenticate; how "yes" and "true"
// are spelled is the sources' business.
func authentication(required posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.AuthenticationRequired = required }
}

var localAuthenticationRows = []row{
	{cell: "authnotrequired unset", edit: nothing, status: report.Compliant},
	{cell: "authnotrequired unset and injected", edit: injected, status: report.Compliant},
	{cell: "authnotrequired no or false", edit: authentication(known(true)), status: report.Compliant},
	{cell: "authnotrequired no, injected", edit: all(injected, authentication(known(true))), status: report.Compliant},
	{cell: "authnotrequired no, injection not known", edit: all(subnetUnknown, authentication(known(true))), status: report.Compliant},
	{cell: "value not known, not injected", edit: authentication(later[bool]()), status: report.Compliant},
	{cell: "value write-only, not injected", edit: authentication(unknown[bool](posture.ReasonWriteOnly)), status: report.Compliant},
	{cell: "access keys on count as authentication", edit: func(c *posture.Cache) { c.AccessKeyAuthentication = known(true) }, status: report.Compliant},
	{cell: "authnotrequired yes or true, injected", edit: all(injected, authentication(known(false))), status: report.NonCompliant},
	{cell: "authentication_enabled = false outside a VNet", edit: authentication(known(false)), status: report.NonCompliant},
	{cell: "authentication_enabled = false, injection not known", edit: all(subnetUnknown, authentication(known(false))), status: report.NonCompliant},
	{cell: "value not known, and injected", edit: all(injected, authentication(later[bool]())), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "value not known, and possibly injected", edit: all(subnetUnknown, authentication(unknown[bool](posture.ReasonRemoved))), status: report.Unknown, reason: posture.ReasonRemoved},
}

func tls(version posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.MinimumTLSVersion = version }
}

func plainPort(on posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.NonTLSPort = on }
}

var transitRows = []row{
	{cell: "both unset", edit: nothing, status: report.Compliant},
	{cell: "port off and TLS 1.2", edit: all(plainPort(known(false)), tls(known("1.2"))), status: report.Compliant},
	{cell: "port off and TLS unset", edit: plainPort(known(false)), status: report.Compliant},
	{cell: "port unset and TLS 1.2", edit: tls(known("1.2")), status: report.Compliant},
	{cell: "injected: the port still matters", edit: all(injected, plainPort(known(true))), status: report.NonCompliant, says: []string{"non-TLS port"}},
	{cell: "port on", edit: plainPort(known(true)), status: report.NonCompliant, says: []string{"non-TLS port"}},
	{cell: "port on though public access is off", edit: all(private, plainPort(known(true))), status: report.NonCompliant},
	{cell: "TLS 1.0", edit: tls(known("1.0")), status: report.NonCompliant, says: []string{"1.0"}},
	{cell: "TLS 1.1", edit: tls(known("1.1")), status: report.NonCompliant, says: []string{"1.1"}},
	{cell: "both, both named", edit: all(plainPort(known(true)), tls(known("1.0"))), status: report.NonCompliant, says: []string{"non-TLS port", "1.0"}},
	{cell: "port on, TLS unknown", edit: all(plainPort(known(true)), tls(later[string]())), status: report.NonCompliant, says: []string{"non-TLS port"}},
	{cell: "port unknown, TLS 1.0", edit: all(plainPort(later[bool]()), tls(known("1.0"))), status: report.NonCompliant, says: []string{"1.0"}},
	{cell: "port unknown, TLS fine", edit: plainPort(later[bool]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "TLS unknown, port fine", edit: tls(unknown[string](posture.ReasonRemoved)), status: report.Unknown, reason: posture.ReasonRemoved},
	{cell: "both unknown", edit: all(plainPort(unknown[bool](posture.ReasonWriteOnly)), tls(unknown[string](posture.ReasonWriteOnly))), status: report.Unknown, reason: posture.ReasonWriteOnly},
	{cell: "a version that nobody knows", edit: tls(known("2")), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

var platformKeyRows = []row{
	{cell: "always", edit: nothing, status: report.Compliant, says: []string{"inherited", "platform"}},
	{cell: "always: C0", edit: all(basic, func(c *posture.Cache) { c.Capacity = known(0) }), status: report.Compliant},
	{cell: "always: nothing known", edit: func(c *posture.Cache) { *c = posture.Cache{} }, status: report.Compliant},
}

const (
	privateLinkPolicy = "/providers/Microsoft.Authorization/policyDefinitions/7803067c-7d34-46e3-8c79-0ca68fc4036d"
	mcsb1             = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
	mcsb2             = "/providers/Microsoft.Authorization/policySetDefinitions/e3ec7e09-768c-4b64-882c-fcada3772047"
	otherPolicy       = "/providers/Microsoft.Authorization/policyDefinitions/0a914e76-4921-4c19-b460-a2d36003525a"
	otherInitiative   = "/providers/Microsoft.Authorization/policySetDefinitions/00000000-0000-0000-0000-000000000001"
	customPolicy      = "/subscriptions/s/providers/Microsoft.Authorization/policyDefinitions/redis"
	customInitiative  = "/subscriptions/s/providers/Microsoft.Authorization/policySetDefinitions/ours"
)

// assigned adds an enforced assignment of a definition at the resource group.
func assigned(definition string, edits ...func(*posture.PolicyAssignment)) func(*posture.Cache) {
	return func(c *posture.Cache) {
		a := posture.PolicyAssignment{
			Address: "azurerm_resource_group_policy_assignment.mcsb", Scope: posture.ScopeResourceGroup,
			DefinitionID: known(definition), Covers: known(true), Members: unknown[[]string](posture.ReasonNotObserved),
			Enforced: unset[bool](), Effect: unset[string](), Overridden: unset[bool](), Excluded: unset[bool](), Exempted: unset[bool](),
		}
		for _, edit := range edits {
			edit(&a)
		}
		c.PolicyAssignments.Items = append(c.PolicyAssignments.Items, a)
	}
}

// allRead is an existing cache of which every assignment in scope was read.
func allRead(c *posture.Cache) { c.PolicyAssignments.Observed = true }

func at(scope posture.Scope) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Scope = scope }
}

func members(ids ...string) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Members = known(ids) }
}

func enforced(v posture.Value[bool]) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Enforced = v }
}

func effect(v posture.Value[string]) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Effect = v }
}

func excluded(a *posture.PolicyAssignment) { a.Excluded = known(true) }
func exempted(a *posture.PolicyAssignment) { a.Exempted = known(true) }

func unreadMembers(a *posture.PolicyAssignment) {
	a.Members = unknown[[]string](posture.ReasonForbidden)
}

func covers(v posture.Value[bool]) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Scope, a.Covers = posture.ScopeManagementGroup, v }
}

var policyRows = policyVerdicts()

func policyVerdicts() []row {
	rows := []row{
		{cell: "a built-in definition at the resource group", edit: assigned(privateLinkPolicy), status: report.Compliant},
		{cell: "a built-in definition at the cache", edit: assigned(privateLinkPolicy, at(posture.ScopeResource)), status: report.Compliant},
		{cell: "a built-in definition at the subscription", edit: assigned(privateLinkPolicy, at(posture.ScopeSubscription)), status: report.Compliant},
		{cell: "a built-in definition in any case", edit: assigned("/PROVIDERS/microsoft.authorization/POLICYDEFINITIONS/7803067C-7D34-46E3-8C79-0CA68FC4036D"), status: report.Compliant},
		{cell: "MCSB v1", edit: assigned(mcsb1), status: report.Compliant},
		{cell: "MCSB v2", edit: assigned(mcsb2), status: report.Compliant},
		{cell: "enforced explicitly, with an effect", edit: assigned(mcsb1, enforced(known(true)), effect(known("Audit"))), status: report.Compliant},
		{cell: "existing: a set whose definitions contain one of them", edit: assigned(customInitiative, members(otherPolicy, privateLinkPolicy)), status: report.Compliant},
		{cell: "existing: at a management group that covers the cache", edit: assigned(mcsb1, covers(known(true))), status: report.Compliant},
		{cell: "one counts beside one that does not", edit: all(assigned(mcsb1, excluded), assigned(mcsb1)), status: report.Compliant},

		{cell: "existing: every assignment read, none there", edit: allRead, status: report.NonCompliant},
		{cell: "existing: another definition", edit: all(allRead, assigned(otherPolicy)), status: report.NonCompliant},
		{cell: "existing: another initiative, its definitions read", edit: all(allRead, assigned(otherInitiative, members(otherPolicy))), status: report.NonCompliant},
		{cell: "existing: not enforced", edit: all(allRead, assigned(mcsb1, enforced(known(false)))), status: report.NonCompliant},
		{cell: "existing: effect Disabled", edit: all(allRead, assigned(privateLinkPolicy, effect(known("Disabled")))), status: report.NonCompliant},
		{cell: "existing: effect disabled in lower case", edit: all(allRead, assigned(privateLinkPolicy, effect(known("disabled")))), status: report.NonCompliant},
		{cell: "existing: scope in not_scopes", edit: all(allRead, assigned(mcsb1, excluded)), status: report.NonCompliant},
		{cell: "existing: a policy exemption", edit: all(allRead, assigned(mcsb1, exempted)), status: report.NonCompliant},
		{cell: "existing: at a management group that does not cover the cache", edit: all(allRead, assigned(mcsb1, covers(known(false)))), status: report.NonCompliant},

		{cell: "none seen", edit: nothing, status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "one that does not count seen, in a plan", edit: assigned(mcsb1, enforced(known(false))), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "another definition, in a plan", edit: assigned(otherPolicy), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "a custom definition", edit: assigned(customPolicy), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "a custom definition with the name of a built-in one", edit: assigned("/subscriptions/s/providers/Microsoft.Authorization/policyDefinitions/7803067c-7d34-46e3-8c79-0ca68fc4036d"), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "existing: a custom definition", edit: all(allRead, assigned(customPolicy)), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "existing: a custom definition in a set", edit: all(allRead, assigned(customInitiative, members(customPolicy))), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "another initiative, its definitions not read", edit: assigned(otherInitiative), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "a management group's assignment in a plan", edit: assigned(mcsb1, covers(unknown[bool](posture.ReasonNotObserved))), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "whether it is enforced is not known", edit: assigned(mcsb1, enforced(later[bool]())), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
		{cell: "its definition is not known", edit: assigned("", func(a *posture.PolicyAssignment) { a.DefinitionID = later[string]() }), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
		{cell: "its effect is not known", edit: assigned(privateLinkPolicy, effect(later[string]())), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
		{cell: "its overrides may switch definitions off", edit: assigned(mcsb1, func(a *posture.PolicyAssignment) { a.Overridden = known(true) }), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "existing: the assignments may not be read", edit: func(c *posture.Cache) { c.PolicyAssignments.Reason = posture.ReasonForbidden }, status: report.Unknown, reason: posture.ReasonForbidden},
		{cell: "existing: the definitions of a set may not be read", edit: all(allRead, assigned(customInitiative, unreadMembers)), status: report.Unknown, reason: posture.ReasonForbidden},
		{cell: "one whose scope cannot be told", edit: func(c *posture.Cache) {
			c.PolicyAssignments.Doubts = []posture.Doubt{{Address: "azurerm_resource_policy_assignment.x", Reason: posture.ReasonUnresolvedReference}}
		}, status: report.Unknown, reason: posture.ReasonUnresolvedReference},
	}
	// The built-in definitions of Microsoft.Cache/redis and of its logs.
	for _, id := range []string{
		"22bee202-a82f-4305-9a2a-6d7f44d4dedb", "766f5de3-c6c0-4327-9f4d-042ab8ae846c", "5d8094d7-7340-465a-b6fd-e60ab7e48920",
		"e016b22b-e0eb-436d-8fd7-160c4eaed6e2", "470baccb-7e51-4549-8b1a-3e5be069f663", "30b3dfa5-a70d-4c8e-bed6-0083858f663d",
		"3827af20-8f80-4b15-8300-6db0873ec901", "7d092e0a-7acd-40d2-a975-dca21cae48c4", "1bf67da8-b100-45bf-b89d-e4669fc54411",
		"a142867f-3142-4ac6-b952-ab950a29fca5", "aec4c33f-2f2a-4fd3-91cd-24a939513c60", "d3e11828-02c8-40d2-a518-ad01508bb4d7",
		"187242f4-89c6-4c43-9a4e-188c0efacc5f",
	} {
		rows = append(rows, row{cell: "the built-in definition " + id, edit: assigned("/providers/Microsoft.Authorization/policyDefinitions/" + id), status: report.Compliant})
	}
	// Those of Redis Enterprise are about another service.
	for _, id := range []string{
		"960e650e-9ce3-4316-9590-8ee2c016ca2f", "1b1df1e6-d60f-4430-9390-2b0c83aae4a7", "7473e756-98d9-4d10-9a22-8101ef32cd74",
		"09aa11bb-87ec-409f-bf0b-49b7c1561a87", "408934a8-941a-4c1e-ba88-dd035d9688f4", "145ff119-bfcf-443a-834c-b59859ec3ee7",
		"fa570aa1-acca-4eea-8e5a-233cf2c5e4c2", "e76ef589-c7d6-42cf-a61a-13471f6f50cd",
	} {
		rows = append(rows, row{cell: "existing: Redis Enterprise's definition " + id, edit: all(allRead, assigned("/providers/Microsoft.Authorization/policyDefinitions/"+id)), status: report.NonCompliant})
	}
	return rows
}
