package posture

import (
	"slices"
	"strings"
)

// Scope is the level at which a policy is assigned.
type Scope string

// The levels of a policy assignment.
const (
	ScopeResource        Scope = "resource"
	ScopeResourceGroup   Scope = "resource group"
	ScopeSubscription    Scope = "subscription"
	ScopeManagementGroup Scope = "management group"
)

// PolicyAssignment is an Azure Policy assignment in whose scope the cache lies.
type PolicyAssignment struct {
	Address      string
	Asserted     bool
	Scope        Scope
	DefinitionID Value[string] // of a definition or an initiative
	// Covers says whether a management group holds the cache's subscription,
	// which only ARM can tell. Narrower scopes are linked before they get here.
	Covers Value[bool]
	// Members are the definitions of the assigned initiative, and Defaults the
	// default values of its parameters, where they were read.
	Members  Value[[]PolicyMember]
	Defaults []PolicyParameter
	Enforced Value[bool]
	// Parameters are the values that the assignment passes; unset where it
	// passes none.
	Parameters Value[[]PolicyParameter]
	// Overrides change the effect for the resources that they select. Selectors
	// limit the assignment to resources. Unset where there are none.
	Overrides Value[[]PolicySelection]
	Selectors Value[[]PolicySelection]
	Excluded  Value[bool] // the cache lies in one of notScopes
	Exempted  Value[bool] // a policy exemption covers the cache
}

// PolicyMember is one definition of an initiative.
type PolicyMember struct {
	DefinitionID string
	Reference    string // policyDefinitionReferenceId
	// Effect is what the initiative passes as its effect: a word, or a template
	// expression in brackets; empty where the definition's own default holds.
	Effect string
	// Exempt says that a policy exemption names this member.
	Exempt bool
}

// PolicyParameter is a parameter of a policy assignment whose value is an effect,
// or a list of resource types. Other parameters are not kept.
type PolicyParameter struct {
	Name string
	// Values are the effect, or the types of caches among the resource types.
	Values Value[[]string]
}

// PolicySelection is a list of conditions that all have to hold; an empty one
// selects everything.
type PolicySelection []PolicySelector

// PolicySelector is a condition on a property, in the words of Azure Policy:
// resourceType, resourceLocation, policyDefinitionReferenceId and others.
type PolicySelector struct {
	Kind      string
	In, NotIn []string
}

// PolicyResourceTypes is the name of the parameter by which Microsoft's
// initiatives for logs say which resource types they are for.
const PolicyResourceTypes = "resourceTypeList"

// policyEffects are the effects of Azure Policy. Source: Azure Policy
// definition structure, effects, 2026.
var policyEffects = []string{
	"AddToNetworkGroup", "Append", "Audit", "AuditIfNotExists", "Deny", "DenyAction", "DeployIfNotExists", "Disabled", "Manual", "Modify",
	"Mutate",
}

// PolicyParameterOf returns the parameter of a name and its values; ok is false
// for one that is not kept. A text is passed as a list of one, and nil stands for
// a value that is neither text nor list.
func PolicyParameterOf(name string, values []string, path string) (p PolicyParameter, ok bool) {
	p.Name = name
	if strings.EqualFold(name, PolicyResourceTypes) {
		if values == nil {
			p.Values = Unknown[[]string](ReasonNotObserved, path).WithDetail("the parameter " + name + " is not a list")
			return p, true
		}
		types := []string{}
		for _, v := range values {
			if strings.HasPrefix(strings.ToLower(v), "microsoft.cache/") {
				types = append(types, v)
			}
		}
		p.Values = Known(types, path)
		return p, true
	}
	if len(values) == 1 && slices.ContainsFunc(policyEffects, func(e string) bool { return strings.EqualFold(e, values[0]) }) {
		p.Values = Known(values, path)
		return p, true
	}
	if strings.Contains(strings.ToLower(name), "effect") {
		// The value itself is not kept: it may be anything.
		p.Values = Unknown[[]string](ReasonNotObserved, path).WithDetail("the parameter " + name + " is not an effect of Azure Policy")
		return p, true
	}
	return p, false
}
