package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// companionKind is one kind of companion, identified by the attributes that only it
// has.
type companionKind struct {
	name      string
	service   *service.Service // whose caches have it; nil where those of all services may
	needs     []string         // none of them is null
	read      func(a *around, n node)
	arguments []vocabulary.Companion
}

var companionKinds = slices.Concat([]companionKind{
	kindOf("azurerm_private_endpoint", (*around).privateEndpoint, only(vocabulary.Connections), vocabulary.PrivateEndpoint),
	kindOf("azurerm_monitor_diagnostic_setting", (*around).diagnosticSetting, only(vocabulary.Target), vocabulary.DiagnosticSetting),
	kindOf("azurerm_subnet_network_security_group_association", (*around).association,
		only(vocabulary.SecurityGroup, vocabulary.Target), vocabulary.SubnetAssociation),
	kindOf("azurerm_network_security_group", (*around).securityGroup, only(vocabulary.Rules), vocabulary.NetworkSecurityGroup),
}, childKinds(service.FirewallRules, (*around).firewallRule, only(vocabulary.TargetName, vocabulary.Start), vocabulary.FirewallRule),
	[]companionKind{kindOf("azurerm_*_policy_assignment", (*around).policyAssignment, only(vocabulary.Definition),
		vocabulary.PolicyAssignment("resource_id"), vocabulary.PolicyAssignment("resource_group_id"),
		vocabulary.PolicyAssignment("subscription_id"), vocabulary.PolicyAssignment("management_group_id"))},
	childKinds(service.AccessPolicyAssignments, (*around).accessPolicyAssignment, only(vocabulary.Policy),
		vocabulary.AccessPolicyAssignment),
	childKinds(service.Databases+"/"+service.AccessPolicyAssignments, (*around).managedAccessPolicyAssignment, only(vocabulary.Target),
		vocabulary.ManagedAccessPolicyAssignment))

func only(roles ...vocabulary.Role) []vocabulary.Role { return roles }

// kindOf is the kind that is identified by the arguments of some roles.
func kindOf(name string, read func(*around, node), told []vocabulary.Role, arguments ...vocabulary.Companion) companionKind {
	k := companionKind{name: name, read: read, arguments: arguments}
	for _, a := range arguments[0] {
		if slices.Contains(told, a.Role) {
			k.needs = append(k.needs, a.Azurerm)
		}
	}
	return k
}

// childKinds are the kinds of what lies in the collections of a segment, one for each
// service that has such a collection. read is told whether the cache is of that service.
func childKinds(segment string, read func(a *around, n node, ofService bool), told []vocabulary.Role,
	arguments vocabulary.Companion) (kinds []companionKind) {
	for _, s := range service.All {
		for _, c := range s.Collections {
			if c.Segment != segment || c.Azurerm == "" {
				continue
			}
			k := kindOf(c.Azurerm, func(a *around, n node) { read(a, n, a.who.service == s) }, told, arguments)
			k.service = s
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Where azurerm has the arguments of companions.
var (
	endpointTerms    = vocabulary.PrivateEndpoint.Azurerm()
	diagnosticTerms  = vocabulary.DiagnosticSetting.Azurerm()
	associationTerms = vocabulary.SubnetAssociation.Azurerm()
	groupTerms       = vocabulary.NetworkSecurityGroup.Azurerm()
	firewallTerms    = vocabulary.FirewallRule.Azurerm()
	entryTerms       = diagnosticTerms.Element(vocabulary.AllLogs)
	assignmentTerms  = vocabulary.PolicyAssignment("resource_id").Azurerm()
	accessTerms      = vocabulary.AccessPolicyAssignment.Azurerm()
	managedTerms     = vocabulary.ManagedAccessPolicyAssignment.Azurerm()
)

// kindAttributes returns the attributes that identify kinds, each once.
func kindAttributes() []string {
	needs := map[string]bool{}
	for _, k := range companionKinds {
		for _, name := range k.needs {
			needs[name] = true
		}
	}
	return slices.Sorted(maps.Keys(needs))
}

// nodesOf returns a cache and the companions that were passed with it, without nulls.
func nodesOf(ctx context.Context, object attr.Value, passed []attr.Value) (cache node, companions []node, err error) {
	if cache, err = nodeOf(ctx, object); err != nil {
		return cache, nil, err
	}
	for i, v := range passed {
		n, err := nodeOf(ctx, v)
		if err != nil {
			return cache, nil, err
		}
		if n.null() {
			continue
		}
		n.path, n.position = fmt.Sprintf("companions[%d]", len(companions)), i+1
		companions = append(companions, n)
	}
	return cache, companions, nil
}

// unknownKindError is the error for an object that is no companion of a cache.
type unknownKindError struct{ position int }

func (e *unknownKindError) Error() string {
	names := make([]string, len(companionKinds))
	for i, k := range companionKinds {
		names[i] = "  - " + k.name
	}
	return fmt.Sprintf("companion %d is of no known kind; the kinds are:\n\n%s\n\nThey are told apart by their attributes", e.position,
		strings.Join(names, "\n"))
}

// around reads the companions of one cache into its posture.
type around struct {
	who     identity
	cache   *posture.Cache
	network network
}

// readCompanions reads the companions by kind, without nulls.
func readCompanions(companions []node, who identity, into *posture.Cache) error {
	a := &around{who: who, cache: into}
	for i, n := range companions {
		kinds := kindsOf(n, who.service)
		switch len(kinds) {
		case 0:
			return &unknownKindError{position: max(n.position, i+1)}
		case 1:
			kinds[0].read(a, n)
		default:
			a.doubtEverything(n)
		}
	}
	into.Subnet = a.network.subnet()
	return nil
}

// kindsOf returns the kinds that an object passed with a cache of a service may be;
// more than one only where it is not known yet. What may be of that service is of no
// other one.
func kindsOf(n node, s *service.Service) []companionKind {
	var kinds, foreign []companionKind
	written := n.Get("kind").link() // only a snapshot has one
	for _, k := range companionKinds {
		if k.name == written {
			return []companionKind{k}
		}
		fits := true
		for _, attribute := range k.needs {
			fits = fits && !n.Get(attribute).null()
		}
		switch {
		case !fits:
		case k.service == nil || k.service == s:
			kinds = append(kinds, k)
		default:
			foreign = append(foreign, k)
		}
	}
	if len(kinds) == 0 {
		return foreign
	}
	return kinds
}

// doubtEverything records a companion of which not even the kind is known yet.
func (a *around) doubtEverything(n node) {
	doubt := posture.Doubt{Address: n.path, Reason: posture.ReasonKnownAfterApply, Detail: "the companion is known after apply"}
	for _, doubts := range []*[]posture.Doubt{&a.cache.PrivateEndpoints.Doubts, &a.cache.DiagnosticSettings.Doubts,
		&a.cache.FirewallRules.Doubts, &a.cache.PolicyAssignments.Doubts, &a.cache.AccessPolicyAssignments.Doubts} {
		*doubts = append(*doubts, doubt)
	}
	a.network.unknown = true
}

// count adds a companion to those of its kind if it is here, which is if no known
// ids place it elsewhere. One that is elsewhere does not count, and proves nothing
// about the cache either: if no other of its kind was passed, the kind stays not
// observed. One that counts stands for all of its kind.
//
// Everything that was passed is marked as asserted, also where ids confirm it: the
// evidence of a report must not change when ids become known.
func count[T any](s *posture.Set[T], n node, here bool, item T) {
	switch {
	case here:
		s.Items = append(s.Items, item)
		s.Observed, s.Detail = true, ""
	case !s.Observed && s.Detail == "":
		s.Detail = addressOf(n) + " was passed, but known ids say that it belongs elsewhere, so that it does not count"
	}
}

// addressOf is the name of a companion in messages.
func addressOf(n node) string {
	if name, ok := n.Get("name").text().Get(); ok {
		return name
	}
	return n.path
}

func (a *around) privateEndpoint(n node) {
	if len(n.at(endpointTerms, vocabulary.Connections).items()) > 1 {
		a.cache.PrivateEndpoints.Doubts = append(a.cache.PrivateEndpoints.Doubts, posture.Doubt{
			Address: addressOf(n), Reason: posture.ReasonUnresolvedReference, Detail: vocabulary.SeveralConnections,
		})
		return
	}
	names := n.at(endpointTerms, vocabulary.Subresources)
	here := a.who.mayBe(n.at(endpointTerms, vocabulary.Target).link(), "")
	if here && a.who.service.Database != "" && !names.null() && !names.unknown() && len(names.items()) == 0 {
		a.cache.PrivateEndpoints.Doubts = append(a.cache.PrivateEndpoints.Doubts, posture.Doubt{
			Address: addressOf(n), Reason: posture.ReasonKnownAfterApply, Detail: "nobody documents what an empty list of sub-resources means",
		})
		return
	}
	reached := a.who.reachedBy(names)
	approval := posture.Map(n.at(endpointTerms, vocabulary.Manual).flag().OrDefault(false), func(manual bool) posture.Approval {
		if manual {
			return posture.ApprovalPending
		}
		return posture.ApprovalApproved
	})
	endpoints := &a.cache.PrivateEndpoints
	count(endpoints, n, here && reached, posture.PrivateEndpoint{
		Address: addressOf(n), Asserted: true, Approval: approval,
		DNSZones: posture.Map(n.at(endpointTerms, vocabulary.Zones).wholeTexts(), posture.DNSZonesOf),
	})
	if here && !reached && !endpoints.Observed {
		endpoints.Detail = fmt.Sprintf("%s was passed, but its subresource_names lack %q, so that it does not count",
			addressOf(n), a.who.service.Subresource)
	}
}

// reachedBy reports whether the sub-resources of a private endpoint contain that of
// the cache, or are not known.
func (who identity) reachedBy(names node) bool {
	if names.unknown() {
		return true
	}
	for _, name := range names.texts() {
		if name.IsUnknown() || strings.EqualFold(name.V, who.service.Subresource) {
			return true
		}
	}
	return false
}

func (a *around) diagnosticSetting(n node) {
	target := n.at(diagnosticTerms, vocabulary.Target).link()
	onData := a.who.mayBe(target, a.who.service.Database)
	onCluster := !onData && a.who.mayBe(target, "")
	count(&a.cache.DiagnosticSettings, n, onData || onCluster, posture.DiagnosticSetting{
		Address: addressOf(n), Asserted: true, Logs: logsOf(n), OnCluster: onCluster,
		Destinations: []posture.Value[string]{
			n.at(diagnosticTerms, vocabulary.Workspace).text(), n.at(diagnosticTerms, vocabulary.StorageAccount).text(),
			n.at(diagnosticTerms, vocabulary.EventHubRule).text(), n.at(diagnosticTerms, vocabulary.Partner).text(),
		},
	})
}

// logsOf joins the blocks enabled_log and, of azurerm 3, log.
func logsOf(n node) posture.Value[[]posture.Log] {
	enabled, old := n.at(diagnosticTerms, vocabulary.Logs), n.at(diagnosticTerms, vocabulary.AllLogs)
	var logs []posture.Log
	for _, entry := range enabled.items() {
		logs = append(logs, logOf(entry, posture.Known(true, enabled.path)))
	}
	for _, entry := range old.items() {
		logs = append(logs, logOf(entry, entry.at(entryTerms, vocabulary.Enabled).flag().OrDefault(true)))
	}
	for _, block := range []node{enabled, old} {
		if block.unknown() {
			logs = append(logs, posture.Log{Enabled: posture.Unknown[bool](posture.ReasonKnownAfterApply, block.path)})
		}
	}
	return posture.Known(logs, enabled.path)
}

// logOf reads a log entry. An entry without a category and without a group is none
// that a setting can have.
func logOf(entry node, enabled posture.Value[bool]) posture.Log {
	category, group := entry.at(entryTerms, vocabulary.Category).text(), entry.at(entryTerms, vocabulary.CategoryGroup).text()
	if !entry.unknown() && category.IsUnset() && group.IsUnset() {
		enabled = posture.Undocumented[bool](entry.path)
	}
	if category.IsKnown() {
		return posture.Log{Category: category.V, Enabled: enabled}
	}
	return posture.Log{Category: group.V, Enabled: enabled}
}

func (a *around) firewallRule(n node, ofService bool) {
	here := ofService && !differs(n.at(firewallTerms, vocabulary.TargetName).link(), a.who.name) &&
		!differs(n.at(firewallTerms, vocabulary.ResourceGroup).link(), a.who.group)
	name := addressOf(n)
	count(&a.cache.FirewallRules, n, here, posture.FirewallRule{
		Address: name, Name: name, Asserted: true,
		Start: n.at(firewallTerms, vocabulary.Start).text(), End: n.at(firewallTerms, vocabulary.End).text(),
	})
}

func (a *around) accessPolicyAssignment(n node, ofService bool) {
	here := ofService && a.who.mayBe(n.at(accessTerms, vocabulary.Target).link(), "")
	policy := n.at(accessTerms, vocabulary.Policy).text()
	permissions := posture.Unset[string]("permissions")
	if !a.who.service.HasAccessPolicy(policy.V) {
		permissions = posture.Unknown[string](posture.ReasonNotObserved, "permissions")
	}
	count(&a.cache.AccessPolicyAssignments, n, here, posture.AccessPolicyAssignment{
		Address: addressOf(n), Asserted: true, PolicyName: policy, Permissions: permissions,
	})
}

func (a *around) managedAccessPolicyAssignment(n node, ofService bool) {
	here := ofService && a.who.mayBe(n.at(managedTerms, vocabulary.Target).link(), "")
	count(&a.cache.AccessPolicyAssignments, n, here, posture.AccessPolicyAssignment{
		Address: addressOf(n), Asserted: true, Permissions: posture.Unset[string]("permissions"),
		PolicyName: posture.Known(service.ManagedRedis.AccessPolicies[0].Name, "access_policy_name"), // azurerm knows no other
	})
}

func (a *around) policyAssignment(n node) {
	scope, m := posture.ScopeManagementGroup, matchUnknown
	for _, s := range []struct {
		attribute string
		scope     posture.Scope
	}{
		{"resource_id", posture.ScopeResource},
		{"resource_group_id", posture.ScopeResourceGroup},
		{"subscription_id", posture.ScopeSubscription},
	} {
		if at := n.Get(s.attribute); !at.null() {
			scope, m = s.scope, a.who.holds(at.link())
		}
	}
	p := posture.PolicyAssignment{
		Address: addressOf(n), Asserted: true, Scope: scope,
		DefinitionID: n.at(assignmentTerms, vocabulary.Definition).text(),
		Enforced:     n.at(assignmentTerms, vocabulary.Enforcement).flag().OrDefault(true),
		Excluded:     a.excluded(n.at(assignmentTerms, vocabulary.NotScopes)),
		Exempted:     posture.Unset[bool]("policy_exemption"), // the user asserts that it applies
	}
	if scope == posture.ScopeManagementGroup {
		// Passing it asserts that the group holds the subscription of the cache.
		p.Covers = posture.Known(true, "management_group_id").Asserted()
	}
	p.Parameters = parametersOf(n.at(assignmentTerms, vocabulary.Parameters))
	p.Overrides = selectionsOf(n.at(assignmentTerms, vocabulary.Overrides))
	p.Selectors = selectionsOf(n.at(assignmentTerms, vocabulary.Selectors))
	if m == matchOther {
		count(&a.cache.PolicyAssignments, n, false, p)
		return
	}
	// There may be further assignments, so that the set is never observed.
	a.cache.PolicyAssignments.Items = append(a.cache.PolicyAssignments.Items, p)
}

// excluded reports whether the cache lies in one of the excluded scopes.
func (a *around) excluded(scopes node) posture.Value[bool] {
	if scopes.unknown() {
		return posture.Unknown[bool](posture.ReasonKnownAfterApply, scopes.path)
	}
	out := posture.Known(false, scopes.path)
	for _, scope := range scopes.texts() {
		switch a.who.holds(scope.V) {
		case matchSame:
			return posture.Known(true, scopes.path)
		case matchUnknown:
			out = posture.Unknown[bool](posture.ReasonKnownAfterApply, scopes.path)
		}
	}
	return out
}

// parametersOf reads the parameters of an assignment, which are JSON text.
func parametersOf(n node) posture.Value[[]posture.PolicyParameter] {
	text := n.text()
	if !text.IsKnown() {
		return posture.Value[[]posture.PolicyParameter]{State: text.State, Reason: text.Reason, Source: text.Source}
	}
	var values map[string]struct {
		Value any `json:"value"`
	}
	if json.Unmarshal([]byte(text.V), &values) != nil {
		return posture.Unknown[[]posture.PolicyParameter](posture.ReasonUnresolvedReference,
			n.path).WithDetail("the parameters are no JSON object")
	}
	var out []posture.PolicyParameter
	for _, name := range slices.Sorted(maps.Keys(values)) {
		var words []string
		switch v := values[name].Value.(type) {
		case string:
			words = []string{v}
		case []any:
			words = []string{}
			for _, e := range v {
				word, _ := e.(string)
				words = append(words, word)
			}
		}
		if p, ok := posture.PolicyParameterOf(name, words, n.path); ok {
			out = append(out, p)
		}
	}
	return posture.Known(out, n.path)
}

// selectionsOf reads overrides or resource selectors; they are unknown where a
// part of them is.
func selectionsOf(n node) posture.Value[[]posture.PolicySelection] {
	if !n.null() && !n.v.IsFullyKnown() {
		return posture.Unknown[[]posture.PolicySelection](posture.ReasonKnownAfterApply, n.path)
	}
	var out []posture.PolicySelection
	for _, one := range n.items() {
		var selection posture.PolicySelection
		for _, s := range one.Get("selectors").items() {
			selection = append(selection, posture.PolicySelector{
				Kind: s.Get("kind").text().V, In: s.Get("in").wholeTexts().V, NotIn: s.Get("not_in").wholeTexts().V,
			})
		}
		out = append(out, selection)
	}
	return posture.Known(out, n.path)
}
