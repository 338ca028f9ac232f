package azure

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// policySource says where the policies of a cache are asked for.
type policySource int

const (
	// perCache asks at the cache, for what applies there.
	perCache policySource = iota
	// perSubscription asks once for all that concerns a subscription, which is
	// one request instead of one per cache. What is at the cache, its resource
	// group, the subscription or above applies to the cache.
	perSubscription
)

// Where answers have what is asked of policy objects.
var (
	assignmentTerms = vocabulary.PolicyAssignment("").ARM()
	exemptionTerms  = vocabulary.PolicyExemption("").ARM()
)

// policyAssignment is a policy assignment, as far as it is the same for every cache.
type policyAssignment struct {
	posture.PolicyAssignment
	scope     string
	notScopes []string
}

// policyExemption is a policy exemption.
type policyExemption struct {
	id, assignment string
	// definitions are the references of a set's members that it exempts; empty for
	// the whole assignment.
	definitions []string
	expires     vocabulary.Scalar
	selected    bool // by resource selectors
}

// policySet is a policy set definition: what it holds, and the default values of
// its parameters.
type policySet struct {
	members  posture.Value[[]posture.PolicyMember]
	defaults []posture.PolicyParameter
}

// policyAssignments reads those in whose scope a cache lies, with the requests
// that were refused and the first that failed otherwise.
func (r *Reader) policyAssignments(ctx context.Context, id CacheID, source policySource) (posture.Set[posture.PolicyAssignment], []error) {
	assignments, err := r.assignmentsFor(ctx, id, source)
	if err != nil {
		return unread[posture.PolicyAssignment](policyAssignments, err), []error{err}
	}
	var exemptions []policyExemption
	var exemptionErr error
	if len(assignments) > 0 {
		exemptions, exemptionErr = r.exemptionsFor(ctx, id, source)
	}
	set := posture.Set[posture.PolicyAssignment]{Observed: true}
	var failures []error
	if exemptionErr != nil {
		failures = append(failures, exemptionErr)
	}
	for _, one := range assignments {
		if !covers(one.scope, id) {
			continue // at another resource of the subscription
		}
		a, err := r.assignment(ctx, id, one, exemptions, exemptionErr)
		if err != nil {
			failures = append(failures, err)
		}
		set.Items = append(set.Items, a)
	}
	refused := slices.Clone(failures)
	refused = slices.DeleteFunc(refused, func(err error) bool { return !arm.IsForbidden(err) })
	for _, err := range failures {
		if !arm.IsForbidden(err) {
			return set, append(refused, ignoreMissing(err))
		}
	}
	return set, refused
}

func isManagementGroup(scope string) bool {
	return strings.HasPrefix(strings.ToLower(scope), "/providers/microsoft.management/managementgroups/")
}

// assignmentOf is what an answer says of an assignment.
func assignmentOf(v value) policyAssignment {
	const of = "policyAssignments"
	at := func(role vocabulary.Role) (value, string) {
		path := assignmentTerms.Place(role).Path
		return v.at(path), of + "." + path
	}
	id := v.str("id")
	out := policyAssignment{scope: v.str("properties.scope")}
	if out.scope == "" {
		out.scope = scopeOf(id, "policyassignments")
	}
	notScopes, notScopesAt := at(vocabulary.NotScopes)
	out.notScopes = vocabulary.List(notScopes, notScopesAt).V
	enforcement, enforcementAt := at(vocabulary.Enforcement)
	parameters, parametersAt := at(vocabulary.Parameters)
	overrides, overridesAt := at(vocabulary.Overrides)
	selectors, selectorsAt := at(vocabulary.Selectors)
	out.PolicyAssignment = posture.PolicyAssignment{
		Address: id, Scope: scopeLevel(out.scope),
		DefinitionID: v.fact(of, assignmentTerms.Place(vocabulary.Definition)),
		// ARM lists only the management groups that hold the subscription.
		Covers:   posture.Known(true, of+".properties.scope"),
		Enforced: vocabulary.Value(enforcement.Scalar(), enforcementAt, asEnforced),
		Excluded: posture.Known(false, notScopesAt),
		Members:  posture.Unset[[]posture.PolicyMember](membersPath),

		Parameters: vocabulary.Value(parameters.Scalar(), parametersAt, func(s vocabulary.Scalar) ([]posture.PolicyParameter, bool) {
			return parametersOf(parameters, "value", parametersAt), s.Kind == '{'
		}),
		Overrides: selectionsOf(overrides, overridesAt, assignmentTerms.Element(vocabulary.Overrides)),
		Selectors: selectionsOf(selectors, selectorsAt, assignmentTerms.Element(vocabulary.Selectors)),
	}
	return out
}

// assignment describes an assignment in whose scope the cache lies.
func (r *Reader) assignment(ctx context.Context, id CacheID, one policyAssignment, exemptions []policyExemption,
	exemptionErr error) (posture.PolicyAssignment, error) {
	a := one.PolicyAssignment
	a.Excluded.V = slices.ContainsFunc(one.notScopes, func(scope string) bool { return armid.Holds(scope, id.ID) })
	exempted, references := r.exempted(id, a.Address, exemptions)
	if exemptionErr != nil {
		reason, detail := unseen(policyExemptions, exemptionErr)
		exempted = posture.Unknown[bool](reason, "policyExemptions").WithDetail(detail)
	}
	a.Exempted = exempted
	if a.Excluded.V || a.Enforced.IsKnown() && !a.Enforced.V || exempted.V || !isSet(a.DefinitionID.V) {
		return a, nil // its members do not matter
	}
	set, err := r.knownSets(a.DefinitionID.V).get(ctx, armid.Key(a.DefinitionID.V), func(ctx context.Context) (policySet, error) {
		var v value
		if err := r.client.Get(ctx, policySets, a.DefinitionID.V, &v); err != nil {
			return policySet{}, err
		}
		return policySetOf(v), nil
	})
	if err != nil {
		reason, detail := unseen(policySets, err)
		a.Members = posture.Unknown[[]posture.PolicyMember](reason, membersPath).WithDetail(detail)
		if len(references) > 0 && !a.Exempted.IsUnknown() {
			// Which definitions the exemptions name, only the set tells.
			a.Exempted = posture.Unknown[bool](reason, "policyExemptions."+exemptionTerms.Place(vocabulary.Definitions).Path).WithDetail(detail)
		}
		return a, err
	}
	a.Members, a.Defaults = set.members, set.defaults
	if len(references) > 0 {
		a.Members.V = slices.Clone(a.Members.V) // other caches share the list
		for i, m := range a.Members.V {
			a.Members.V[i].Exempt = references[strings.ToLower(m.Reference)]
		}
	}
	return a, nil
}

// knownSets is where a set is remembered. A set that Microsoft publishes does not
// change; one of the user's own may change between one reader and the next.
func (r *Reader) knownSets(definition string) *memo[policySet] {
	if strings.HasPrefix(armid.Key(definition), "/providers/microsoft.authorization/") {
		return r.published
	}
	return &r.sets
}

func isSet(definition string) bool {
	return strings.Contains(strings.ToLower(definition), "/policysetdefinitions/")
}

func scopeLevel(scope string) posture.Scope {
	switch parts := strings.Split(strings.Trim(scope, "/"), "/"); {
	case isManagementGroup(scope):
		return posture.ScopeManagementGroup
	case len(parts) == 2:
		return posture.ScopeSubscription
	case len(parts) == 4 && strings.EqualFold(parts[2], "resourceGroups"):
		return posture.ScopeResourceGroup
	default:
		return posture.ScopeResource
	}
}

func asEnforced(s vocabulary.Scalar) (enforced, documented bool) {
	switch strings.ToLower(s.Text) {
	case "default":
		return true, true
	case "donotenforce":
		return false, true
	default:
		return false, false
	}
}

const membersPath = "policySetDefinitions.properties.policyDefinitions"

// policySetOf lists the definitions of a set with the effect that it passes to
// each, and the default values of its parameters.
func policySetOf(v value) policySet {
	definitions := v.at("properties.policyDefinitions")
	if definitions.kind != '[' {
		return policySet{members: posture.Unknown[[]posture.PolicyMember](posture.ReasonNotObserved,
			membersPath).WithDetail("the definitions of the set were not returned")}
	}
	list := make([]posture.PolicyMember, 0, len(definitions.elems))
	for _, m := range definitions.elems {
		list = append(list, posture.PolicyMember{DefinitionID: m.str("policyDefinitionId"), Reference: m.str("policyDefinitionReferenceId"),
			Effect: strings.Join(m.at("parameters.effect.value").texts(), ",")})
	}
	return policySet{members: posture.Known(list, membersPath),
		defaults: parametersOf(v.at("properties.parameters"), "defaultValue", "policySetDefinitions.properties.parameters")}
}

// parametersOf are the parameters that a check may ask about, by name. What each
// is set to stands in a member of it.
func parametersOf(v value, member, path string) []posture.PolicyParameter {
	var out []posture.PolicyParameter
	for _, parameter := range slices.SortedFunc(slices.Values(v.members), func(a, b named) int { return strings.Compare(a.name, b.name) }) {
		set := parameter.value.Get(member)
		if set.Scalar().State != posture.StateKnown {
			continue
		}
		if fact, ok := posture.PolicyParameterOf(parameter.name, set.texts(), path); ok {
			out = append(out, fact)
		}
	}
	return out
}

// selectionsOf are overrides or resource selectors of an assignment.
func selectionsOf(v value, path string, terms *vocabulary.Terms) posture.Value[[]posture.PolicySelection] {
	selectors := terms.Element(vocabulary.Selectors)
	return vocabulary.Value(v.Scalar(), path, func(s vocabulary.Scalar) (out []posture.PolicySelection, isList bool) {
		for _, one := range v.elems {
			selection := posture.PolicySelection{}
			for _, s := range one.at(terms.Place(vocabulary.Selectors).Path).elems {
				at := func(role vocabulary.Role) value { return s.at(selectors.Place(role).Path) }
				selection = append(selection, posture.PolicySelector{Kind: at(vocabulary.Kind).text,
					In: at(vocabulary.In).texts(), NotIn: at(vocabulary.NotIn).texts()})
			}
			out = append(out, selection)
		}
		return out, s.Kind == '['
	})
}

// exempted says whether an exemption takes the cache out of an assignment, and
// which definitions of a set the exemptions name where they name some.
func (r *Reader) exempted(id CacheID, assignment string, exemptions []policyExemption) (posture.Value[bool], map[string]bool) {
	const path = "policyExemptions"
	whole := posture.Known(false, path)
	references := map[string]bool{}
	for _, e := range exemptions {
		expired, told := r.expired(e.expires)
		if !armid.Same(e.assignment, assignment) || !covers(scopeOf(e.id, "policyexemptions"), id) || expired {
			continue
		}
		switch {
		case whole.V:
		case !told:
			whole = posture.Unknown[bool](posture.ReasonNotObserved,
				path).WithDetail("the date on which the exemption " + e.id + " expires cannot be read")
		case e.selected:
			whole = posture.Unknown[bool](posture.ReasonNotObserved, path).WithDetail("the exemption " + e.id + " is limited by resource selectors")
		case len(e.definitions) > 0:
			for _, reference := range e.definitions {
				references[strings.ToLower(reference)] = true
			}
		default:
			whole = posture.Known(true, path)
		}
	}
	return whole, references
}

// covers reports whether a cache is in a scope. Of management groups ARM lists only
// those that hold the subscription.
func covers(scope string, id CacheID) bool {
	return armid.Holds(scope, id.ID) || isManagementGroup(scope)
}

// scopeOf is what stands before the last provider in the id of a policy object.
func scopeOf(id, collection string) string {
	i := strings.LastIndex(strings.ToLower(id), "/providers/microsoft.authorization/"+collection+"/")
	if i < 0 {
		return ""
	}
	return id[:i]
}

// expired says whether an exemption has ended, where its date can be read.
func (r *Reader) expired(on vocabulary.Scalar) (expired, told bool) {
	if on.State == posture.StateUnset {
		return false, true
	}
	at, err := time.Parse(time.RFC3339, on.Text)
	return err == nil && !at.After(r.now()), err == nil
}

func (r *Reader) assignmentsFor(ctx context.Context, id CacheID, source policySource) ([]policyAssignment, error) {
	return fromScope(ctx, r, &r.policies, policyAssignments, assignmentOf, id, source)
}

func (r *Reader) exemptionsFor(ctx context.Context, id CacheID, source policySource) ([]policyExemption, error) {
	return fromScope(ctx, r, &r.exemptions, policyExemptions, exemptionOf, id, source)
}

// exemptionOf is what an answer says of an exemption.
func exemptionOf(v value) policyExemption {
	at := func(role vocabulary.Role) value { return v.at(exemptionTerms.Place(role).Path) }
	return policyExemption{id: v.str("id"), assignment: at(vocabulary.Assignment).text, definitions: at(vocabulary.Definitions).texts(),
		expires: at(vocabulary.Expires).Scalar(), selected: len(v.at("properties.resourceSelectors").elems) > 0}
}

// fromScope lists the policies that may concern a cache. Who may not read them
// at the subscription may still do so at the cache.
func fromScope[T any](ctx context.Context, r *Reader, m *memo[[]T], k arm.ResourceKind, of func(value) T, id CacheID,
	source policySource) ([]T, error) {
	read := func(scope string, query url.Values) func(context.Context) ([]T, error) {
		return func(ctx context.Context) ([]T, error) {
			var all []T
			err := arm.List(ctx, r.client, k, scope+"/providers/"+k.Type, query, func(v value) { all = append(all, of(v)) })
			return all, err
		}
	}
	if source == perSubscription {
		scope := "/subscriptions/" + id.Subscription
		all, err := m.get(ctx, armid.Key(scope), read(scope, nil))
		if err == nil || !arm.IsForbidden(err) {
			return all, err
		}
	}
	return read(id.ID, url.Values{"$filter": {"atScope()"}})(ctx)
}
