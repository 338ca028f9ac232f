package cacheresource

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// observeChildren updates the model by the children that were read.
func (m *model) observeChildren(ctx context.Context, was model, o azurecache.Observed) {
	if o.FirewallRules != nil {
		m.FirewallRules = observedRules(ctx, was.FirewallRules, o.FirewallRules)
	}
	if o.PatchSchedule != nil {
		m.PatchSchedule = observedWindows(ctx, was.PatchSchedule, o.PatchSchedule)
	}
	if o.AccessPolicies != nil {
		m.AccessPolicies = textMap(keysOf(was.AccessPolicies, o.AccessPolicies))
	}
	if o.AccessPolicyAssignments != nil {
		m.AccessPolicyAssignments = observedAssignments(ctx, was.AccessPolicyAssignments, o.AccessPolicyAssignments)
	}
	if o.DiagnosticSettings != nil {
		m.DiagnosticSettings = observedDiagnostics(ctx, was.DiagnosticSettings, o.DiagnosticSettings)
	}
	if o.PrivateEndpoint != nil {
		m.PrivateEndpoint = observedEndpoint(ctx, was.PrivateEndpoint, *o.PrivateEndpoint)
	}
}

// keysOf is a map with the keys spelled as in the state: Azure ignores the case of
// names.
func keysOf[T any](was types.Map, is map[string]T) map[string]T {
	words := map[string]string{}
	for key := range was.Elements() {
		words[strings.ToLower(key)] = key
	}
	out := map[string]T{}
	for name, v := range is {
		if word, ok := words[strings.ToLower(name)]; ok {
			name = word
		}
		out[name] = v
	}
	return out
}

func observedRules(ctx context.Context, was types.Map, is map[string]azurecache.FirewallRule) types.Map {
	rules := map[string]ruleModel{}
	for name, r := range keysOf(was, is) {
		rules[name] = ruleModel{types.StringValue(r.StartIP), types.StringValue(r.EndIP)}
	}
	return mapOf(ctx, ruleTypes, rules)
}

// observedWindows are the windows in Azure, in the order of the state where they are
// the same.
func observedWindows(ctx context.Context, was types.List, is []azurecache.PatchWindow) types.List {
	if !was.IsUnknown() && !was.IsNull() && slices.Equal(sortedWindows(windowsOf(ctx, was)), sortedWindows(is)) {
		return was
	}
	values := []attr.Value{}
	for _, w := range sortedWindows(is) {
		values = append(values, encode(ctx, windowTypes, windowModel{
			types.StringValue(w.DayOfWeek), types.Int64Value(int64(w.StartHourUTC)), types.StringValue(w.MaintenanceWindow),
		}))
	}
	return types.ListValueMust(objects(windowTypes), values)
}

func sortedWindows(windows []azurecache.PatchWindow) []azurecache.PatchWindow {
	days := []string{"Everyday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Weekend"}
	out := make([]azurecache.PatchWindow, 0, len(windows))
	for _, w := range windows {
		if w.MaintenanceWindow == "" {
			w.MaintenanceWindow = "PT5H"
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b azurecache.PatchWindow) int {
		if d := slices.Index(days, a.DayOfWeek) - slices.Index(days, b.DayOfWeek); d != 0 {
			return d
		}
		return a.StartHourUTC - b.StartHourUTC
	})
	return out
}

func observedAssignments(ctx context.Context, was types.Map, is map[string]azurecache.AccessPolicyAssignment) types.Map {
	_, before := elements[assignmentModel](ctx, was)
	assignments := map[string]assignmentModel{}
	for name, a := range keysOf(was, is) {
		old := before[name]
		assignments[name] = assignmentModel{
			keepSpelling(old.PolicyName, a.AccessPolicyName, strings.EqualFold), keepSpelling(old.ObjectID, a.ObjectID, strings.EqualFold),
			types.StringValue(a.ObjectIDAlias),
		}
	}
	return mapOf(ctx, assignmentTypes, assignments)
}

func observedDiagnostics(ctx context.Context, was types.Map, is map[string]azurecache.DiagnosticSetting) types.Map {
	_, before := elements[diagnosticModel](ctx, was)
	settings := map[string]diagnosticModel{}
	for name, s := range keysOf(was, is) {
		old, known := before[name]
		if !known {
			old = decode[diagnosticModel](ctx, types.ObjectNull(diagnosticTypes))
		}
		d := diagnosticModel{
			WorkspaceID:      keepSpellingOrNull(old.WorkspaceID, s.WorkspaceID, strings.EqualFold),
			StorageAccountID: keepSpellingOrNull(old.StorageAccountID, s.StorageAccountID, strings.EqualFold),
			EventHubRuleID:   keepSpellingOrNull(old.EventHubRuleID, s.EventHubAuthorizationRuleID, strings.EqualFold),
			EventHubName:     keepSpellingOrNull(old.EventHubName, s.EventHubName, strings.EqualFold),
			PartnerID:        keepSpellingOrNull(old.PartnerID, s.MarketplacePartnerID, strings.EqualFold),
			ServiceBusRuleID: keepSpellingOrNull(old.ServiceBusRuleID, s.ServiceBusRuleID, strings.EqualFold),
			DestinationType:  keepSpellingOrNull(old.DestinationType, s.LogAnalyticsDestinationType, strings.EqualFold),
			Categories:       keepSet(old.Categories, s.Categories),
			CategoryGroups:   keepSet(old.CategoryGroups, s.CategoryGroups),
			Metrics:          keepSet(old.Metrics, s.Metrics),
		}
		if d.CategoryGroups.IsNull() {
			d.CategoryGroups = setOf(nil)
		}
		settings[name] = d
	}
	return mapOf(ctx, diagnosticTypes, settings)
}

func observedEndpoint(ctx context.Context, was types.Object, is azurecache.PrivateEndpoint) types.Object {
	old := decode[endpointModel](ctx, was)
	if is.SubnetID == "" { // none
		none := decode[endpointModel](ctx, types.ObjectNull(endpointTypes))
		if old.SubnetID.IsNull() && !was.IsUnknown() { // private_endpoint states none
			none.Name, none.Location, none.Manual = old.Name, old.Location, old.Manual
		}
		return encode(ctx, endpointTypes, none)
	}
	message := old.RequestMessage
	// After the approval Azure may keep another message.
	if is.Manual && !strings.EqualFold(is.Status, "Approved") {
		message = keepSpellingOrNull(old.RequestMessage, is.RequestMessage, strings.EqualFold)
	}
	zones := keepSet(old.DNSZoneIDs, is.DNSZoneIDs)
	if is.DNSZoneIDs == nil && !old.DNSZoneIDs.IsUnknown() {
		zones = old.DNSZoneIDs // they could not be read
	}
	return encode(ctx, endpointTypes, endpointModel{
		SubnetID: keepSpelling(old.SubnetID, is.SubnetID, strings.EqualFold), Name: keepSpelling(old.Name, is.Name, strings.EqualFold),
		Location: keepSpelling(old.Location, is.Location, sameRegion), DNSZoneIDs: zones,
		Manual: types.BoolValue(is.Manual), RequestMessage: message,
		ID: textOr(old.ID, is.ID), Status: textOr(old.Status, is.Status),
	})
}
