package baseline

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var azurePolicySupport = &Rule{
	ID: "AM-2/azure-policy-support",
	Documentation: Documentation{
		Summary: "An enforced Azure Policy assignment watches the cache.",
		Why: "A plan is judged once; an assignment keeps judging what happens afterwards in the portal and by other tools. It counts " +
			"when it assigns a built-in definition for Azure Cache for Redis that is not deprecated, or a built-in initiative that holds one " +
			"(the Microsoft cloud security benchmark, NIST, PCI DSS, CIS and others, as published on " + policyDataDate +
			"), is enforced, and neither excludes nor exempts the cache. A definition counts until its effect is Disabled, an initiative until " +
			"its parameters set the effects of all its definitions for the cache to Disabled; no other parameter matters. Overrides and " +
			"resource selectors leave it open unless they cannot concern the cache. Assignments often live outside the configuration, so " +
			"that a plan without one proves nothing.",
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
		References: []Reference{refPolicy},
		Policies:   definitionsFor(service.Redis),
	},
	Remedies: []Remedy{{
		Azurerm: `assign the Microsoft cloud security benchmark by an azurerm_resource_group_policy_assignment or ` +
			`azurerm_subscription_policy_assignment with policy_definition_id = ` +
			`"/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"`,
		Azapi: `assign the Microsoft cloud security benchmark by an azapi_resource of type ` +
			`Microsoft.Authorization/policyAssignments with properties.policyDefinitionId = ` +
			`"/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8" inside body`,
		Own: `assign the Microsoft cloud security benchmark at the subscription or the resource group, which is no part of ` +
			`this resource: its id is ` +
			`/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8`,
		Az: `az policy assignment create --name mcsb {group} --policy-set-definition ` +
			`1f3afdf9-d0c9-4c3d-847f-89da613e70a8`,
	}},
	Check: checkAzurePolicy,
}

func checkAzurePolicy(c *posture.Cache) Verdict {
	const path = "policy_assignment"
	set, of := c.PolicyAssignments, service.OfCache(c)
	unknown := unknownAt(path)
	var open watching // the first that is open
	for i := range set.Items {
		a := &set.Items[i]
		switch w := watches(a, of); w.state {
		case posture.True:
			return compliant("an enforced policy assignment at the "+firstOf(string(a.Scope), "cache")+" watches the cache",
				seenAt(path, a.Asserted, firstOf(a.Address, shown(a.DefinitionID, a.DefinitionID.V, "present"))))
		case posture.Maybe:
			if open.reason == "" {
				open = w
			}
		}
	}
	switch {
	case open.reason != "":
		return undecided(open.reason, hidden(named("whether ", open.address, "a policy assignment", " watches the cache cannot be told here"),
			open.detail), unknown)
	case len(set.Doubts) > 0:
		d := set.Doubts[0]
		return maybeRelated(d, "whether ", "a policy assignment", " covers the cache cannot be told here", unknown)
	case !set.Observed:
		return undecided(set.Why(), hidden("no policy assignment that counts is visible here", set.Detail), unknown)
	default:
		return violated("no enforced policy assignment watches the cache", "is watched by no Azure Policy assignment", noneAt(path))
	}
}

// watching is the answer to whether a policy assignment watches the cache.
type watching struct {
	state   posture.Tri
	address string         // of the assignment
	reason  posture.Reason // of Maybe
	detail  string         // of Maybe: what leaves it open
}

// condition is a requirement for an assignment to count, and whether it holds.
type condition struct {
	holds  posture.Tri
	reason posture.Reason
	detail string
}

// flag returns the condition that a fact has the value want.
func flag(v posture.Value[bool], want bool) condition {
	return condition{posture.Is(v.OrDefault(false), want), v.Why(), v.Source.Detail}
}

// watches decides whether an assignment counts for the caches of a service. Where
// that is not known, the first condition that is not known gives the reason.
func watches(a *posture.PolicyAssignment, of *service.Service) watching {
	conditions := []condition{
		defines(a, of),
		{posture.Is(a.Enforced.OrDefault(true), true), a.Enforced.Why(), a.Enforced.Source.Detail},
		flag(a.Excluded, false),
		flag(a.Exempted, false),
		selected(a.Selectors, of),
	}
	if a.Scope == posture.ScopeManagementGroup {
		conditions = append(conditions, flag(a.Covers, true))
	}
	out := watching{state: posture.True, address: a.Address}
	for _, c := range conditions {
		if c.holds == posture.Maybe && out.state == posture.True {
			out.reason, out.detail = c.reason, c.detail
		}
		out.state = out.state.And(c.holds)
	}
	return out
}

// defines is the condition that a definition for the caches of a service is
// assigned and its effect is not Disabled.
func defines(a *posture.PolicyAssignment, of *service.Service) condition {
	id, ok := a.DefinitionID.Get()
	if !ok {
		return condition{posture.Maybe, a.DefinitionID.Why(), a.DefinitionID.Source.Detail}
	}
	if definition, builtIn := below(id, builtInDefinition); builtIn {
		if !counts(definition, of) {
			return condition{holds: posture.False}
		}
		return effective(a, of, posture.PolicyMember{DefinitionID: id, Effect: "[parameters('effect')]"},
			[]posture.PolicyParameter{{Name: "effect", Values: posture.Unset[[]string]("effect")}})
	}
	if members, ok := a.Members.Get(); ok {
		return anyEffective(a, of, members, a.Defaults)
	}
	guid, builtIn := below(id, builtInInitiative)
	if set, ok := initiatives()[guid]; builtIn && ok {
		return anyEffective(a, of, set.members, set.defaults)
	}
	if a.Members.IsUnknown() && a.Members.Why() != posture.ReasonNotObserved {
		return condition{posture.Maybe, a.Members.Why(), a.Members.Source.Detail}
	}
	detail := "a definition of your own"
	if builtIn {
		detail = "which definitions its initiative holds is not known here"
	} else if strings.Contains(strings.ToLower(id), "/policysetdefinitions/") {
		detail = "an initiative of your own"
	}
	return condition{posture.Maybe, posture.ReasonNotObserved, firstOf(a.Members.Source.Detail, detail)}
}

// anyEffective is the condition that one of an initiative's definitions for the
// caches of a service takes effect.
func anyEffective(a *posture.PolicyAssignment, of *service.Service, members []posture.PolicyMember,
	defaults []posture.PolicyParameter) condition {
	out := condition{holds: posture.False}
	for _, m := range members {
		definition, builtIn := below(m.DefinitionID, builtInDefinition)
		c := condition{posture.Maybe, posture.ReasonNotObserved, "the initiative holds a definition of your own"}
		switch {
		case m.Exempt, builtIn && !counts(definition, of):
			continue
		case builtIn:
			c = effective(a, of, m, defaults)
		}
		if c.holds == posture.Maybe && out.holds == posture.False {
			out = c
		}
		if out.holds = out.holds.Or(c.holds); out.holds == posture.True {
			break
		}
	}
	return out
}

// below returns, in lower case, the part of an id that follows a root; the root is
// given in lower case.
func below(id, root string) (string, bool) {
	if len(id) < len(root) || !strings.EqualFold(id[:len(root)], root) {
		return "", false
	}
	return strings.ToLower(id[len(root):]), true
}

// effective returns the condition that the effect of a definition is not Disabled.
// It is not known where an override may change the effect.
func effective(a *posture.PolicyAssignment, of *service.Service, m posture.PolicyMember, defaults []posture.PolicyParameter) condition {
	effect := effectOf(m.Effect, a.Parameters, defaults)
	out := condition{posture.Is(posture.Map(effect, func(s string) bool { return strings.EqualFold(s, "Disabled") }), true).Not(),
		effect.Why(), effect.Source.Detail}
	if a.Overrides.IsUnknown() {
		return condition{posture.Maybe, a.Overrides.Why(), a.Overrides.Source.Detail}
	}
	for _, o := range a.Overrides.V {
		if mayBeFor(o, of, m) {
			return condition{posture.Maybe, posture.ReasonNotObserved, "its overrides may change the effect"}
		}
	}
	return out
}

// mayBeFor reports whether an override may select a definition of the initiative.
func mayBeFor(o posture.PolicySelection, of *service.Service, m posture.PolicyMember) bool {
	for _, s := range o {
		if strings.EqualFold(s.Kind, "resourceType") && selectsCaches(s, of) == posture.False {
			return false
		}
		// The kind is often left out where definitions are selected.
		if (s.Kind == "" || strings.EqualFold(s.Kind, "policyDefinitionReferenceId")) && m.Reference != "" && !selects(s, m.Reference) {
			return false
		}
	}
	return true
}

// selected returns the condition that the resource selectors select the cache. One
// of them has to; only selectors by resource type can be decided here.
func selected(selectors posture.Value[[]posture.PolicySelection], of *service.Service) condition {
	if !selectors.IsKnown() || len(selectors.V) == 0 {
		if selectors.IsUnknown() {
			return condition{posture.Maybe, selectors.Why(), selectors.Source.Detail}
		}
		return condition{holds: posture.True}
	}
	holds := posture.False
	for _, selection := range selectors.V {
		one := posture.True
		for _, s := range selection {
			if strings.EqualFold(s.Kind, "resourceType") {
				one = one.And(selectsCaches(s, of))
			} else {
				one = one.And(posture.Maybe)
			}
		}
		holds = holds.Or(one)
	}
	return condition{holds, posture.ReasonNotObserved, "its resource selectors may leave the cache out"}
}

// selectsCaches reports whether a selector by resource type selects the caches of a
// service. Where logs come from another type, which definitions judge too, it may
// select only one of the two.
func selectsCaches(s posture.PolicySelector, of *service.Service) posture.Tri {
	cache, logs := selects(s, of.Type), selects(s, of.DatabaseType())
	if cache != logs {
		return posture.Maybe
	}
	return posture.FromBool(cache)
}

func selects(s posture.PolicySelector, value string) bool {
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, value) })
	}
	return (len(s.In) == 0 || has(s.In)) && !has(s.NotIn)
}

// effectOf evaluates the effect that an initiative passes to a definition: a word, a
// parameter, or, in Microsoft's initiatives for logs, a parameter if a list of
// resource types holds a type. Unset stands for the default of the definition, which
// is Disabled in no built-in definition for Redis.
func effectOf(text string, passed posture.Value[[]posture.PolicyParameter], defaults []posture.PolicyParameter) posture.Value[string] {
	const path = "parameters"
	expression, ok := strings.CutPrefix(strings.ReplaceAll(text, " ", ""), "[")
	if !ok {
		if text == "" {
			return posture.Unset[string](path)
		}
		return posture.Known(text, path)
	}
	expression = strings.TrimSuffix(expression, "]")
	if name, ok := parameterName(expression); ok {
		return posture.Map(parameterOf(name, passed, defaults), func(values []string) string { return strings.Join(values, ",") })
	}
	inner, ok := cutAround(expression, "if(contains(", ",'Disabled')")
	list, rest, _ := strings.Cut(inner, "),'")
	armType, effect, found := strings.Cut(rest, "'),")
	types, isList := parameterName(list + ")")
	name, isName := parameterName(effect)
	if !ok || !found || !isList || !isName {
		return posture.Unknown[string](posture.ReasonNotObserved, path).WithDetail("its effect is an expression that is not evaluated")
	}
	is := effectOf("[parameters('"+name+"')]", passed, defaults)
	listed := lists(parameterOf(types, passed, defaults), armType)
	switch {
	case listed.IsKnown() && listed.V, is.IsKnown() && strings.EqualFold(is.V, "Disabled"):
		return is
	case listed.IsUnknown():
		return posture.Unknown[string](listed.Why(), path).WithDetail(listed.Source.Detail)
	default:
		return posture.Known("Disabled", path)
	}
}

// lists returns whether a list holds a resource type. The template function contains
// is case-sensitive. Whether an assignment may write a type in another case is not
// documented: such a type makes the answer unknown.
func lists(list posture.Value[[]string], armType string) posture.Value[bool] {
	same := func(v string) bool { return strings.EqualFold(v, armType) }
	if list.IsKnown() && slices.ContainsFunc(list.V, same) && !slices.Contains(list.V, armType) {
		return posture.Unknown[bool](posture.ReasonNotObserved,
			list.Source.Path).WithDetail("its list of resource types writes " + armType + " in another case")
	}
	return posture.Map(list, func(values []string) bool { return slices.Contains(values, armType) })
}

// parameterName takes the name out of parameters('name').
func parameterName(expression string) (string, bool) {
	name, ok := cutAround(expression, "parameters('", "')")
	return name, ok && name != "" && !strings.ContainsAny(name, "'()")
}

func cutAround(s, prefix, suffix string) (string, bool) {
	if len(s) < len(prefix)+len(suffix) || !strings.EqualFold(s[:len(prefix)], prefix) || !strings.EqualFold(s[len(s)-len(suffix):], suffix) {
		return "", false
	}
	return s[len(prefix) : len(s)-len(suffix)], true
}

// parameterOf returns the value of a parameter: the one that the assignment passes,
// or else the default of the initiative, where it is known.
func parameterOf(name string, passed posture.Value[[]posture.PolicyParameter], defaults []posture.PolicyParameter) posture.Value[[]string] {
	if passed.IsUnknown() {
		return posture.Unknown[[]string](passed.Why(), passed.Source.Path).WithDetail(passed.Source.Detail)
	}
	for _, list := range [...][]posture.PolicyParameter{passed.V, defaults} {
		var found posture.Value[[]string]
		n := 0
		for _, p := range list {
			if strings.EqualFold(p.Name, name) {
				found = p.Values
				n++
			}
		}
		switch {
		case n == 1:
			return found
		case n > 1:
			return posture.Unknown[[]string](posture.ReasonNotObserved,
				"parameters").WithDetail("the parameter " + name + " stands twice, in two cases")
		}
	}
	return posture.Unknown[[]string](posture.ReasonNotObserved,
		"parameters").WithDetail("the default of its parameter " + name + " is not known here")
}
