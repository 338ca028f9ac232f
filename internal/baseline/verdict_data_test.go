package baseline_test

import (
	"strings"

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
	{cell: "access keys on count as authentication", edit: func(c *posture.Cache) { c.AccessKeyAuthentication = known(true) },
		status: report.Compliant},
	{cell: "authnotrequired yes or true, injected", edit: all(injected, authentication(known(false))), status: report.NonCompliant},
	{cell: "authentication_enabled = false outside a VNet", edit: authentication(known(false)), status: report.NonCompliant},
	{cell: "authentication_enabled = false, injection not known", edit: all(subnetUnknown, authentication(known(false))),
		status: report.NonCompliant},
	{cell: "value not known, and injected", edit: all(injected, authentication(later[bool]())), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "value not known, and possibly injected", edit: all(subnetUnknown, authentication(unknown[bool](posture.ReasonRemoved))),
		status: report.Unknown, reason: posture.ReasonRemoved},
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
	{cell: "injected: the port still matters", edit: all(injected, plainPort(known(true))), status: report.NonCompliant,
		says: []string{"non-TLS port"}},
	{cell: "port on", edit: plainPort(known(true)), status: report.NonCompliant, says: []string{"non-TLS port"}},
	{cell: "port on though public access is off", edit: all(private, plainPort(known(true))), status: report.NonCompliant},
	{cell: "TLS 1.0", edit: tls(known("1.0")), status: report.NonCompliant, says: []string{"1.0"}},
	{cell: "TLS 1.1", edit: tls(known("1.1")), status: report.NonCompliant, says: []string{"1.1"}},
	{cell: "both, both named", edit: all(plainPort(known(true)), tls(known("1.0"))), status: report.NonCompliant,
		says: []string{"non-TLS port", "1.0"}},
	{cell: "port on, TLS unknown", edit: all(plainPort(known(true)), tls(later[string]())), status: report.NonCompliant,
		says: []string{"non-TLS port"}},
	{cell: "port unknown, TLS 1.0", edit: all(plainPort(later[bool]()), tls(known("1.0"))), status: report.NonCompliant,
		says: []string{"1.0"}},
	{cell: "port unknown, TLS fine", edit: plainPort(later[bool]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "TLS unknown, port fine", edit: tls(unknown[string](posture.ReasonRemoved)), status: report.Unknown, reason: posture.ReasonRemoved},
	{cell: "both unknown", edit: all(plainPort(unknown[bool](posture.ReasonWriteOnly)), tls(unknown[string](posture.ReasonWriteOnly))),
		status: report.Unknown, reason: posture.ReasonWriteOnly},
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
	logSet            = "/providers/Microsoft.Authorization/policySetDefinitions/0884adba-2312-4468-abeb-5422caed1038"
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
			DefinitionID: known(definition), Covers: known(true), Members: unknown[[]posture.PolicyMember](posture.ReasonNotObserved),
			Enforced: unset[bool](), Parameters: unset[[]posture.PolicyParameter](), Overrides: unset[[]posture.PolicySelection](),
			Selectors: unset[[]posture.PolicySelection](), Excluded: unset[bool](), Exempted: unset[bool](),
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
	return func(a *posture.PolicyAssignment) { a.Members = known(membersNamed(ids...)) }
}

func enforced(v posture.Value[bool]) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Enforced = v }
}

func membersNamed(ids ...string) []posture.PolicyMember {
	var list []posture.PolicyMember
	for _, id := range ids {
		list = append(list, posture.PolicyMember{DefinitionID: id})
	}
	return list
}

// effect passes the parameter "effect".
func effect(v posture.Value[string]) func(*posture.PolicyAssignment) {
	return parameter("effect", posture.Map(v, func(s string) []string { return []string{s} }))
}

func parameter(name string, v posture.Value[[]string]) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) {
		a.Parameters = known(append(a.Parameters.V, posture.PolicyParameter{Name: name, Values: v}))
	}
}

func off(parameters ...string) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) {
		for _, name := range parameters {
			parameter(name, known([]string{"Disabled"}))(a)
		}
	}
}

// set is a set of one's own with a definition whose effect is text, and defaults.
func set(text string, defaults ...posture.PolicyParameter) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) {
		a.Members = known([]posture.PolicyMember{{DefinitionID: otherPolicy}, {DefinitionID: privateLinkPolicy, Reference: "link", Effect: text}})
		a.Defaults = defaults
	}
}

func overrides(selectors ...posture.PolicySelector) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Overrides = known([]posture.PolicySelection{selectors}) }
}

func only(selections ...posture.PolicySelection) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Selectors = known(selections) }
}

func excluded(a *posture.PolicyAssignment) { a.Excluded = known(true) }
func exempted(a *posture.PolicyAssignment) { a.Exempted = known(true) }

func unreadMembers(a *posture.PolicyAssignment) {
	a.Members = unknown[[]posture.PolicyMember](posture.ReasonForbidden)
}

func covers(v posture.Value[bool]) func(*posture.PolicyAssignment) {
	return func(a *posture.PolicyAssignment) { a.Scope, a.Covers = posture.ScopeManagementGroup, v }
}

var policyRows = policyVerdicts()

func policyVerdicts() []row {
	rows := []row{
		{cell: "a built-in definition at the resource group", edit: assigned(privateLinkPolicy), status: report.Compliant},
		{cell: "a built-in definition at the cache", edit: assigned(privateLinkPolicy, at(posture.ScopeResource)), status: report.Compliant},
		{cell: "a built-in definition at the subscription", edit: assigned(privateLinkPolicy, at(posture.ScopeSubscription)),
			status: report.Compliant},
		{cell: "a built-in definition in any case",
			edit: assigned("/PROVIDERS/microsoft.authorization/POLICYDEFINITIONS/7803067C-7D34-46E3-8C79-0CA68FC4036D"), status: report.Compliant},
		{cell: "MCSB v1", edit: assigned(mcsb1), status: report.Compliant},
		{cell: "MCSB v2", edit: assigned(mcsb2), status: report.Compliant},
		{cell: "enforced explicitly, with an effect", edit: assigned(mcsb1, enforced(known(true)), effect(known("Audit"))),
			status: report.Compliant},
		{cell: "existing: a set whose definitions contain one of them", edit: assigned(customInitiative, members(otherPolicy, privateLinkPolicy)),
			status: report.Compliant},
		{cell: "existing: at a management group that covers the cache", edit: assigned(mcsb1, covers(known(true))), status: report.Compliant},
		{cell: "one counts beside one that does not", edit: all(assigned(mcsb1, excluded), assigned(mcsb1)), status: report.Compliant},

		{cell: "existing: every assignment read, none there", edit: allRead, status: report.NonCompliant},
		{cell: "existing: another definition", edit: all(allRead, assigned(otherPolicy)), status: report.NonCompliant},
		{cell: "existing: another initiative, its definitions read", edit: all(allRead, assigned(otherInitiative, members(otherPolicy))),
			status: report.NonCompliant},
		{cell: "existing: not enforced", edit: all(allRead, assigned(mcsb1, enforced(known(false)))), status: report.NonCompliant},
		{cell: "existing: effect Disabled", edit: all(allRead, assigned(privateLinkPolicy, effect(known("Disabled")))),
			status: report.NonCompliant},
		{cell: "existing: effect disabled in lower case", edit: all(allRead, assigned(privateLinkPolicy, effect(known("disabled")))),
			status: report.NonCompliant},
		{cell: "existing: scope in not_scopes", edit: all(allRead, assigned(mcsb1, excluded)), status: report.NonCompliant},
		{cell: "existing: a policy exemption", edit: all(allRead, assigned(mcsb1, exempted)), status: report.NonCompliant},
		{cell: "existing: at a management group that does not cover the cache", edit: all(allRead, assigned(mcsb1, covers(known(false)))),
			status: report.NonCompliant},

		{cell: "none seen", edit: nothing, status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "one that does not count seen, in a plan", edit: assigned(mcsb1, enforced(known(false))), status: report.Unknown,
			reason: posture.ReasonNotObserved},
		{cell: "another definition, in a plan", edit: assigned(otherPolicy), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "a custom definition", edit: assigned(customPolicy), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "a custom definition with the name of a built-in one",
			edit:   assigned("/subscriptions/s/providers/Microsoft.Authorization/policyDefinitions/7803067c-7d34-46e3-8c79-0ca68fc4036d"),
			status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "existing: a custom definition", edit: all(allRead, assigned(customPolicy)), status: report.Unknown,
			reason: posture.ReasonNotObserved},
		{cell: "existing: a custom definition in a set", edit: all(allRead, assigned(customInitiative, members(customPolicy))),
			status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "another initiative, its definitions not read", edit: assigned(otherInitiative), status: report.Unknown,
			reason: posture.ReasonNotObserved},
		{cell: "a management group's assignment in a plan", edit: assigned(mcsb1, covers(unknown[bool](posture.ReasonNotObserved))),
			status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "whether it is enforced is not known", edit: assigned(mcsb1, enforced(later[bool]())), status: report.Unknown,
			reason: posture.ReasonKnownAfterApply},
		{cell: "its definition is not known", edit: assigned("", func(a *posture.PolicyAssignment) { a.DefinitionID = later[string]() }),
			status: report.Unknown, reason: posture.ReasonKnownAfterApply},
		{cell: "its effect is not known", edit: assigned(privateLinkPolicy, effect(later[string]())), status: report.Unknown,
			reason: posture.ReasonKnownAfterApply},
		{cell: "its overrides may switch definitions off", edit: assigned(mcsb1, overrides()), status: report.Unknown,
			reason: posture.ReasonNotObserved},
		{cell: "existing: the assignments may not be read", edit: func(c *posture.Cache) { c.PolicyAssignments.Reason = posture.ReasonForbidden },
			status: report.Unknown, reason: posture.ReasonForbidden},
		{cell: "existing: the definitions of a set may not be read", edit: all(allRead, assigned(customInitiative, unreadMembers)),
			status: report.Unknown, reason: posture.ReasonForbidden},
		{cell: "one whose scope cannot be told", edit: func(c *posture.Cache) {
			c.PolicyAssignments.Doubts = []posture.Doubt{{Address: "azurerm_resource_policy_assignment.x",
				Reason: posture.ReasonUnresolvedReference}}
		}, status: report.Unknown, reason: posture.ReasonUnresolvedReference},
	}
	const (
		nist      = "/providers/Microsoft.Authorization/policySetDefinitions/179d1daa-458f-4e47-8086-2a68d0d6c38f"
		pci       = "/providers/Microsoft.Authorization/policySetDefinitions/c676748e-3af9-4e22-bc28-50feed564afb"
		cmk       = "/providers/Microsoft.Authorization/policySetDefinitions/f15f4d95-c59c-4395-9317-be6978d0743f"
		logs      = logSet
		old       = "/providers/Microsoft.Authorization/policyDefinitions/7d092e0a-7acd-40d2-a975-dca21cae48c4"
		mcsb1TLS  = "diagnosticsLogsInRedisCacheMonitoringEffect"
		mcsb1Link = "azureCacheForRedisShouldUsePrivateEndpointMonitoringEffect"
	)
	redisOnly, storageOnly := posture.PolicySelector{Kind: "resourceType", In: []string{"microsoft.cache/Redis"}},
		posture.PolicySelector{Kind: "resourceType", In: []string{"Microsoft.Storage/storageAccounts"}}
	notStorage := posture.PolicySelector{Kind: "resourceType", NotIn: []string{"Microsoft.Storage/storageAccounts"}}
	west := posture.PolicySelector{Kind: "resourceLocation", In: []string{"westeurope"}}
	rows = append(rows, []row{
		// Built-in initiatives.
		{cell: "NIST SP 800-53", edit: assigned(nist), status: report.Compliant},
		{cell: "PCI DSS", edit: assigned(pci), status: report.Compliant},
		{cell: "an initiative about Redis Enterprise only", edit: all(allRead, assigned(cmk)), status: report.NonCompliant},
		{cell: "MCSB v1, one of two definitions off", edit: assigned(mcsb1, off(mcsb1TLS)), status: report.Compliant},
		{cell: "MCSB v1, both off", edit: all(allRead, assigned(mcsb1, off(mcsb1TLS, mcsb1Link))), status: report.NonCompliant},
		{cell: "MCSB v1, both off, in another case", edit: all(allRead, assigned(mcsb1,
			off(strings.ToUpper(mcsb1TLS), strings.ToLower(mcsb1Link)))), status: report.NonCompliant},
		{cell: "MCSB v1, what is off is about something else", edit: assigned(mcsb1, off("effect", "storageAccountsEffect", "redisSslToggle")),
			status: report.Compliant},
		{cell: "MCSB v1, one off, the other not known", edit: assigned(mcsb1, off(mcsb1TLS), parameter(mcsb1Link, later[[]string]())),
			status: report.Unknown, reason: posture.ReasonKnownAfterApply},
		{cell: "MCSB v1, its parameters not known",
			edit: assigned(mcsb1, func(a *posture.PolicyAssignment) { a.Parameters = later[[]posture.PolicyParameter]() }), status: report.Unknown,
			reason: posture.ReasonKnownAfterApply},
		{cell: "NIST, one of two off, the other cannot be", edit: assigned(nist, off("effect-22bee202-a82f-4305-9a2a-6d7f44d4dedb")),
			status: report.Compliant},
		{cell: "NIST, the parameter of another set", edit: assigned(nist, off(mcsb1TLS, mcsb1Link)), status: report.Compliant},
		{cell: "MCSB v2 has no parameters", edit: assigned(mcsb2, off("effect")), status: report.Compliant},
		{cell: "logs, types and effect given", edit: assigned(logs, parameter("resourceTypeList", known([]string{"microsoft.cache/redis"})),
			effect(known("DeployIfNotExists"))), status: report.Compliant},
		{cell: "logs, other types", edit: all(allRead, assigned(logs, parameter("resourceTypeList", known([]string{})))),
			status: report.NonCompliant},
		{cell: "logs, only those of Redis Enterprise",
			edit:   all(allRead, assigned(logs, parameter("resourceTypeList", known([]string{"microsoft.cache/redisenterprise/databases"})))),
			status: report.NonCompliant},
		{cell: "logs, the effect is off", edit: all(allRead, assigned(logs, effect(known("Disabled")))), status: report.NonCompliant},
		{cell: "logs, neither given: the defaults hold", edit: assigned(logs), status: report.Compliant},
		{cell: "logs, only the types given", edit: assigned(logs, parameter("RESOURCETYPELIST", known([]string{"microsoft.cache/redis"}))),
			status: report.Compliant},
		{cell: "logs, a type in another case", edit: assigned(logs, parameter("resourceTypeList", known([]string{"Microsoft.Cache/Redis"}))),
			status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "logs, a type in another case, and off",
			edit:   all(allRead, assigned(logs, parameter("resourceTypeList", known([]string{"Microsoft.Cache/Redis"})), off("effect"))),
			status: report.NonCompliant},
		{cell: "logs, the types not known", edit: assigned(logs, parameter("resourceTypeList", later[[]string]())), status: report.Unknown,
			reason: posture.ReasonKnownAfterApply},
		{cell: "logs, the types not known, and off", edit: all(allRead, assigned(logs, parameter("resourceTypeList", later[[]string]()),
			off("effect"))), status: report.NonCompliant},
		{cell: "a parameter twice, in two cases", edit: assigned(privateLinkPolicy, effect(known("Audit")),
			parameter("Effect", known([]string{"Disabled"}))), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "a deprecated definition alone", edit: all(allRead, assigned(old)), status: report.NonCompliant},
		{cell: "existing: a set of one's own with a deprecated definition", edit: all(allRead, assigned(customInitiative, members(old))),
			status: report.NonCompliant},
		{cell: "the id of a built-in initiative at another place", edit: assigned("/subscriptions/s" + mcsb1), status: report.Unknown,
			reason: posture.ReasonNotObserved},

		// Sets whose definitions were read.
		{cell: "existing: a set that passes an effect", edit: assigned(customInitiative, set("Deny")), status: report.Compliant},
		{cell: "existing: a set that passes Disabled", edit: all(allRead, assigned(customInitiative, set("Disabled"))),
			status: report.NonCompliant},
		{cell: "existing: a set with a parameter, off by the assignment",
			edit: all(allRead, assigned(customInitiative, set("[parameters('tls')]"), off("TLS"))), status: report.NonCompliant},
		{cell: "existing: a set with a parameter, on by default",
			edit:   assigned(customInitiative, set("[ parameters('tls') ]", posture.PolicyParameter{Name: "tls", Values: known([]string{"Audit"})})),
			status: report.Compliant},
		{cell: "existing: a set with a parameter, off by default",
			edit: all(allRead, assigned(customInitiative,
				set("[parameters('tls')]", posture.PolicyParameter{Name: "tls", Values: known([]string{"Disabled"})}))), status: report.NonCompliant},
		{cell: "existing: a set with an expression", edit: assigned(customInitiative, set("[if(equals(1,1),'Audit','Disabled')]")),
			status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "existing: an exemption names the definition",
			edit:   all(allRead, assigned(customInitiative, set("Deny"), func(a *posture.PolicyAssignment) { a.Members.V[1].Exempt = true })),
			status: report.NonCompliant},
		{cell: "existing: MCSB v1 may not be read, what is known of it decides", edit: assigned(mcsb1, unreadMembers, off(mcsb1TLS)),
			status: report.Compliant},

		// Overrides and resource selectors.
		{cell: "overrides of other resource types", edit: assigned(mcsb1, overrides(storageOnly)), status: report.Compliant},
		{cell: "overrides of the cache's type", edit: assigned(mcsb1, overrides(redisOnly)), status: report.Unknown,
			reason: posture.ReasonNotObserved},
		{cell: "overrides in a location", edit: assigned(mcsb1, overrides(west)), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "existing: overrides of another definition",
			edit: assigned(customInitiative, set("Deny"),
				overrides(posture.PolicySelector{Kind: "policyDefinitionReferenceId", In: []string{"other"}})), status: report.Compliant},
		{cell: "existing: overrides of the definition",
			edit: assigned(customInitiative, set("Deny"),
				overrides(posture.PolicySelector{Kind: "policyDefinitionReferenceId", In: []string{"LINK"}})), status: report.Unknown,
			reason: posture.ReasonNotObserved},
		{cell: "overrides of what is off anyway", edit: all(allRead, assigned(mcsb1, enforced(known(false)), overrides())),
			status: report.NonCompliant},
		{cell: "overrides not known", edit: assigned(mcsb1,
			func(a *posture.PolicyAssignment) { a.Overrides = later[[]posture.PolicySelection]() }), status: report.Unknown,
			reason: posture.ReasonKnownAfterApply},
		{cell: "for the cache's type", edit: assigned(mcsb1, only(posture.PolicySelection{redisOnly})), status: report.Compliant},
		{cell: "for every type but another", edit: assigned(mcsb1, only(posture.PolicySelection{notStorage})), status: report.Compliant},
		{cell: "for another type", edit: all(allRead, assigned(mcsb1, only(posture.PolicySelection{storageOnly}))), status: report.NonCompliant},
		{cell: "for another type, or a location", edit: assigned(mcsb1, only(posture.PolicySelection{storageOnly},
			posture.PolicySelection{west})), status: report.Unknown, reason: posture.ReasonNotObserved},
		{cell: "for another type in a location", edit: all(allRead, assigned(mcsb1, only(posture.PolicySelection{storageOnly, west}))),
			status: report.NonCompliant},
		{cell: "for a location", edit: assigned(mcsb1, only(posture.PolicySelection{west})), status: report.Unknown,
			reason: posture.ReasonNotObserved},
		{cell: "selectors not known", edit: assigned(mcsb1,
			func(a *posture.PolicyAssignment) { a.Selectors = later[[]posture.PolicySelection]() }), status: report.Unknown,
			reason: posture.ReasonKnownAfterApply},
	}...)
	// The built-in definitions of Microsoft.Cache/redis and of its logs.
	for _, id := range []string{
		"22bee202-a82f-4305-9a2a-6d7f44d4dedb", "766f5de3-c6c0-4327-9f4d-042ab8ae846c", "5d8094d7-7340-465a-b6fd-e60ab7e48920",
		"e016b22b-e0eb-436d-8fd7-160c4eaed6e2", "470baccb-7e51-4549-8b1a-3e5be069f663", "30b3dfa5-a70d-4c8e-bed6-0083858f663d",
		"3827af20-8f80-4b15-8300-6db0873ec901", "1bf67da8-b100-45bf-b89d-e4669fc54411",
		"a142867f-3142-4ac6-b952-ab950a29fca5", "aec4c33f-2f2a-4fd3-91cd-24a939513c60", "d3e11828-02c8-40d2-a518-ad01508bb4d7",
		"187242f4-89c6-4c43-9a4e-188c0efacc5f",
	} {
		rows = append(rows, row{cell: "the built-in definition " + id,
			edit: assigned("/providers/Microsoft.Authorization/policyDefinitions/" + id), status: report.Compliant})
	}
	// Those of Redis Enterprise are about another service.
	for _, id := range []string{
		"960e650e-9ce3-4316-9590-8ee2c016ca2f", "1b1df1e6-d60f-4430-9390-2b0c83aae4a7", "7473e756-98d9-4d10-9a22-8101ef32cd74",
		"09aa11bb-87ec-409f-bf0b-49b7c1561a87", "408934a8-941a-4c1e-ba88-dd035d9688f4", "145ff119-bfcf-443a-834c-b59859ec3ee7",
		"fa570aa1-acca-4eea-8e5a-233cf2c5e4c2", "e76ef589-c7d6-42cf-a61a-13471f6f50cd",
	} {
		rows = append(rows, row{cell: "existing: Redis Enterprise's definition " + id,
			edit: all(allRead, assigned("/providers/Microsoft.Authorization/policyDefinitions/"+id)), status: report.NonCompliant})
	}
	return rows
}
