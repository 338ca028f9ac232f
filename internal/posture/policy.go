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
	// Overrides change the effect of what they select, Selectors say which
	// resources the assignment is for; unset where there are none.
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

// PolicyParameter is a parameter that is an effect, or the list of resource
// types that an initiative is for. Others are no facts: they may be anything.
type PolicyParameter struct {
	Name string
	// Values are the effect, or the types of caches among the resource types.
	Values Value[[]string]
}

// PolicySelection is conditions that all have to hold; without any, everything
// is selected.
type PolicySelection []PolicySelector

// PolicySelector selects by a kind of property, in the words of Azure Policy:
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

// PolicyParameterOf keeps what is a fact of a parameter; ok is false for a
// parameter that is none. A text counts as a list of one; nil is neither.
func PolicyParameterOf(name string, values []string, path string) (p PolicyParameter, ok bool) {
	p.Name = name
	if strings.EqualFold(name, PolicyResourceTypes) {
		if values == nil {
			p.Values = Unknown[[]string](ReasonNotObserved, path).WithDetail("the parameter " + name + " is no list")
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
		// Whatever it says instead of an effect is not kept.
		p.Values = Unknown[[]string](ReasonNotObserved, path).WithDetail("the parameter " + name + " is no effect that is known")
		return p, true
	}
	return p, false
}
