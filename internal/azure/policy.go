package azure

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
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

// assignmentModel is Microsoft.Authorization/policyAssignments.
type assignmentModel struct {
	ID         string `json:"id"`
	Properties struct {
		Scope           string      `json:"scope"`
		Definition      field[word] `json:"policyDefinitionId"`
		NotScopes       []string    `json:"notScopes"`
		EnforcementMode field[word] `json:"enforcementMode"`
		Parameters      parameters  `json:"parameters"`
		Overrides       []selection `json:"overrides"`
		Selectors       []selection `json:"resourceSelectors"`
	} `json:"properties"`
}

// selection is an override or a resource selector of an assignment.
type selection struct {
	Selectors []struct {
		Kind  string   `json:"kind"`
		In    []string `json:"in"`
		NotIn []string `json:"notIn"`
	} `json:"selectors"`
}

// parameters are the values that an assignment or a member of a set passes.
type parameters map[string]struct {
	Value field[words] `json:"value"`
}

// words are the strings of a list, or one string.
type words []string

// UnmarshalJSON takes a string or a list of strings.
func (w *words) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(w))
}

// exemptionModel is Microsoft.Authorization/policyExemptions.
type exemptionModel struct {
	ID         string `json:"id"`
	Properties struct {
		Assignment string      `json:"policyAssignmentId"`
		References []string    `json:"policyDefinitionReferenceIds"`
		ExpiresOn  field[word] `json:"expiresOn"`
		Selectors  []struct{}  `json:"resourceSelectors"`
	} `json:"properties"`
}

// setModel is Microsoft.Authorization/policySetDefinitions.
type setModel struct {
	Properties field[struct {
		Parameters map[string]struct {
			Default field[words] `json:"defaultValue"`
		} `json:"parameters"`
		Definitions field[[]memberModel] `json:"policyDefinitions"`
	}] `json:"properties"`
}

type memberModel struct {
	ID         string     `json:"policyDefinitionId"`
	Reference  string     `json:"policyDefinitionReferenceId"`
	Parameters parameters `json:"parameters"`
}

// policyAssignments reads those in whose scope a cache lies, with the requests
// that were refused and the first that failed otherwise.
func (r *Reader) policyAssignments(ctx context.Context, id CacheID, source policySource) (posture.Set[posture.PolicyAssignment], []error) {
	assignments, err := r.assignmentsFor(ctx, id, source)
	if err != nil {
		return unread[posture.PolicyAssignment](policyAssignments, err), []error{err}
	}
	var exemptions []exemptionModel
	var exemptionErr error
	if len(assignments) > 0 {
		exemptions, exemptionErr = r.exemptionsFor(ctx, id, source)
	}
	set := posture.Set[posture.PolicyAssignment]{Observed: true}
	var failures []error
	if exemptionErr != nil {
		failures = append(failures, exemptionErr)
	}
	for i := range assignments {
		m := assignments[i] // a copy: other caches share the list
		if m.Properties.Scope == "" {
			m.Properties.Scope = scopeOf(m.ID, "policyassignments")
		}
		if !covers(m.Properties.Scope, id) {
			continue // at another resource of the subscription
		}
		a, err := r.assignment(ctx, id, &m, exemptions, exemptionErr)
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

// assignment describes one assignment in whose scope the cache lies.
func (r *Reader) assignment(ctx context.Context, id CacheID, m *assignmentModel, exemptions []exemptionModel,
	exemptionErr error) (posture.PolicyAssignment, error) {
	const at = "policyAssignments.properties."
	p := m.Properties
	a := posture.PolicyAssignment{
		Address: m.ID, Scope: scopeLevel(p.Scope),
		DefinitionID: fact(p.Definition, at+"policyDefinitionId", absentUnknown, asText),
		// ARM lists only the management groups that hold the subscription.
		Covers:   posture.Known(true, at+"scope"),
		Enforced: fact(p.EnforcementMode, at+"enforcementMode", absentUnset, asEnforced),
		Excluded: posture.Known(false, at+"notScopes"),
		Members:  posture.Unset[[]posture.PolicyMember](membersPath),

		Parameters: posture.Known(p.Parameters.facts(at+"parameters"), at+"parameters"),
		Overrides:  posture.Known(selectionsOf(p.Overrides), at+"overrides"),
		Selectors:  posture.Known(selectionsOf(p.Selectors), at+"resourceSelectors"),
	}
	for _, scope := range p.NotScopes {
		if armid.Holds(scope, id.ID) {
			a.Excluded = posture.Known(true, at+"notScopes")
		}
	}
	exempted, references := r.exempted(id, m.ID, exemptions)
	if exemptionErr != nil {
		reason, detail := unseen(policyExemptions, exemptionErr)
		exempted = posture.Unknown[bool](reason, "policyExemptions").WithDetail(detail)
	}
	a.Exempted = exempted
	if a.Excluded.V || a.Enforced.IsKnown() && !a.Enforced.V || exempted.V || !isSet(a.DefinitionID.V) {
		return a, nil // its members do not matter
	}
	set, err := r.knownSets(a.DefinitionID.V).get(ctx, armid.Key(a.DefinitionID.V), func(ctx context.Context) (*setModel, error) {
		var m setModel
		return &m, r.client.Get(ctx, policySets, a.DefinitionID.V, &m)
	})
	if err != nil {
		reason, detail := unseen(policySets, err)
		a.Members = posture.Unknown[[]posture.PolicyMember](reason, membersPath).WithDetail(detail)
		if len(references) > 0 && !a.Exempted.IsUnknown() {
			// Which definitions the exemptions name, only the set tells.
			a.Exempted = posture.Unknown[bool](reason, "policyExemptions.properties.policyDefinitionReferenceIds").WithDetail(detail)
		}
		return a, err
	}
	a.Members, a.Defaults = membersOf(set, references)
	return a, nil
}

// knownSets is where a set is remembered. A set that Microsoft publishes does not
// change; one of the user's own may change between one reader and the next.
func (r *Reader) knownSets(definition string) *memo[*setModel] {
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

func asEnforced(v word) (bool, bool) {
	switch strings.ToLower(string(v)) {
	case "default":
		return true, true
	case "donotenforce":
		return false, true
	default:
		return false, false
	}
}

const membersPath = "policySetDefinitions.properties.policyDefinitions"

// membersOf lists the definitions of a set with the effect that it passes to
// each, and the default values of its parameters. exempt are the references of
// members that an exemption names, in lower case.
func membersOf(set *setModel, exempt map[string]bool) (members posture.Value[[]posture.PolicyMember], defaults []posture.PolicyParameter) {
	definitions := set.Properties.v.Definitions
	if !definitions.present || definitions.odd {
		return posture.Unknown[[]posture.PolicyMember](posture.ReasonNotObserved,
			membersPath).WithDetail("the definitions of the set were not returned"), nil
	}
	list := make([]posture.PolicyMember, 0, len(definitions.v))
	for _, m := range definitions.v {
		member := posture.PolicyMember{DefinitionID: m.ID, Reference: m.Reference, Exempt: exempt[strings.ToLower(m.Reference)]}
		for name, p := range m.Parameters {
			if strings.EqualFold(name, "effect") {
				member.Effect = strings.Join(p.Value.v, ",")
			}
		}
		list = append(list, member)
	}
	values := parameters{}
	for name, p := range set.Properties.v.Parameters {
		v := values[name]
		v.Value = p.Default
		values[name] = v
	}
	return posture.Known(list, membersPath), values.facts("policySetDefinitions.properties.parameters")
}

// facts are the parameters that a check may ask about, by name.
func (p parameters) facts(path string) []posture.PolicyParameter {
	var out []posture.PolicyParameter
	for _, name := range slices.Sorted(maps.Keys(p)) {
		v := p[name].Value
		if !v.present {
			continue
		}
		if fact, ok := posture.PolicyParameterOf(name, v.v, path); ok {
			out = append(out, fact)
		}
	}
	return out
}

func selectionsOf(list []selection) []posture.PolicySelection {
	var out []posture.PolicySelection
	for _, one := range list {
		selectors := posture.PolicySelection{}
		for _, s := range one.Selectors {
			selectors = append(selectors, posture.PolicySelector{Kind: s.Kind, In: s.In, NotIn: s.NotIn})
		}
		out = append(out, selectors)
	}
	return out
}

// exempted says whether an exemption takes the cache out of an assignment, and
// which definitions of a set the exemptions name where they name some.
func (r *Reader) exempted(id CacheID, assignment string, exemptions []exemptionModel) (posture.Value[bool], map[string]bool) {
	const path = "policyExemptions"
	whole := posture.Known(false, path)
	references := map[string]bool{}
	for i := range exemptions {
		e := &exemptions[i]
		p := e.Properties
		expired, told := r.expired(p.ExpiresOn)
		if !armid.Same(p.Assignment, assignment) || !covers(scopeOf(e.ID, "policyexemptions"), id) || expired {
			continue
		}
		switch {
		case whole.V:
		case !told:
			whole = posture.Unknown[bool](posture.ReasonNotObserved,
				path).WithDetail("the date on which the exemption " + e.ID + " expires cannot be read")
		case len(p.Selectors) > 0:
			whole = posture.Unknown[bool](posture.ReasonNotObserved, path).WithDetail("the exemption " + e.ID + " is limited by resource selectors")
		case len(p.References) > 0:
			for _, reference := range p.References {
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
func (r *Reader) expired(on field[word]) (expired, told bool) {
	if !on.present {
		return false, true
	}
	at, err := time.Parse(time.RFC3339, string(on.v))
	return err == nil && !at.After(r.now()), err == nil
}

func (r *Reader) assignmentsFor(ctx context.Context, id CacheID, source policySource) ([]assignmentModel, error) {
	return fromScope(ctx, r, &r.policies, policyAssignments, "policyAssignments", id, source)
}

func (r *Reader) exemptionsFor(ctx context.Context, id CacheID, source policySource) ([]exemptionModel, error) {
	return fromScope(ctx, r, &r.exemptions, policyExemptions, "policyExemptions", id, source)
}

// fromScope lists the policies that may concern a cache. Who may not read them
// at the subscription may still do so at the cache.
func fromScope[T any](ctx context.Context, r *Reader, m *memo[[]T], k arm.ResourceKind, collection string, id CacheID,
	source policySource) ([]T,
	error) {
	read := func(scope string, query url.Values) func(context.Context) ([]T, error) {
		return func(ctx context.Context) ([]T, error) {
			var all []T
			path := scope + "/providers/Microsoft.Authorization/" + collection
			err := arm.List(ctx, r.client, k, path, query, func(item T) { all = append(all, item) })
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
