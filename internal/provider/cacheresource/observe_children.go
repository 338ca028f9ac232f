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
		m.FirewallRules = observedMap(ctx, ruleTypes(), was.FirewallRules, o.FirewallRules, observedRule)
	}
	if o.PatchSchedule != nil {
		m.PatchSchedule = observedWindows(ctx, was.PatchSchedule, o.PatchSchedule)
	}
	if o.AccessPolicies != nil {
		m.AccessPolicies = textMap(keysOf(was.AccessPolicies, o.AccessPolicies))
	}
	if o.AccessPolicyAssignments != nil {
		m.AccessPolicyAssignments = observedMap(ctx, assignmentTypes(), was.AccessPolicyAssignments, o.AccessPolicyAssignments,
			observedAssignment)
	}
	if o.DiagnosticSettings != nil {
		m.DiagnosticSettings = observedMap(ctx, diagnosticTypes(), was.DiagnosticSettings, o.DiagnosticSettings, observedDiagnostic)
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

// observedMap is a map of children, each as update makes it of what the state has
// and what Azure returned.
func observedMap[M, A any](ctx context.Context, typ map[string]attr.Type, was types.Map, is map[string]A,
	update func(was M, is A) M) types.Map {
	_, before := elements[M](ctx, was)
	values := map[string]attr.Value{}
	for name, v := range keysOf(was, is) {
		old, known := before[name]
		if !known {
			old = decode[M](ctx, types.ObjectNull(typ))
		}
		values[name] = encode(ctx, typ, update(old, v))
	}
	return types.MapValueMust(objects(typ), values)
}

func observedRule(_ ruleModel, is azurecache.FirewallRule) ruleModel {
	return ruleModel{types.StringValue(is.StartIP), types.StringValue(is.EndIP)}
}

// observedWindows are the windows in Azure, in the order of the state where they are
// the same.
func observedWindows(ctx context.Context, was types.List, is []azurecache.PatchWindow) types.List {
	if !was.IsUnknown() && !was.IsNull() && slices.Equal(sortedWindows(windowsOf(ctx, was)), sortedWindows(is)) {
		return was
	}
	values := []attr.Value{}
	for _, w := range sortedWindows(is) {
		values = append(values, encode(ctx, windowTypes(), windowModel{
			types.StringValue(w.DayOfWeek), types.Int64Value(int64(w.StartHourUTC)), types.StringValue(w.MaintenanceWindow),
		}))
	}
	return types.ListValueMust(objects(windowTypes()), values)
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

func observedAssignment(was assignmentModel, is azurecache.AccessPolicyAssignment) assignmentModel {
	return assignmentModel{
		keepSpelling(was.PolicyName, is.AccessPolicyName, strings.EqualFold), keepSpelling(was.ObjectID, is.ObjectID, strings.EqualFold),
		types.StringValue(is.ObjectIDAlias),
	}
}

func observedDiagnostic(d diagnosticModel, is azurecache.DiagnosticSetting) diagnosticModel {
	texts, sets := d.in(&is)
	for value, azure := range texts {
		*value = keepSpellingOrNull(*value, *azure, strings.EqualFold)
	}
	for value, azure := range sets {
		*value = keepSet(*value, *azure)
	}
	if d.CategoryGroups.IsNull() {
		d.CategoryGroups = setOf(nil)
	}
	return d
}

func observedEndpoint(ctx context.Context, was types.Object, is azurecache.PrivateEndpoint) types.Object {
	old := decode[endpointModel](ctx, was)
	if is.SubnetID == "" { // none
		none := decode[endpointModel](ctx, types.ObjectNull(endpointTypes()))
		if old.SubnetID.IsNull() && !was.IsUnknown() { // private_endpoint states none
			none.Name, none.Location, none.Manual = old.Name, old.Location, old.Manual
		}
		return encode(ctx, endpointTypes(), none)
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
	return encode(ctx, endpointTypes(), endpointModel{
		SubnetID: keepSpelling(old.SubnetID, is.SubnetID, strings.EqualFold), Name: keepSpelling(old.Name, is.Name, strings.EqualFold),
		Location: keepSpelling(old.Location, is.Location, sameRegion), DNSZoneIDs: zones,
		Manual: types.BoolValue(is.Manual), RequestMessage: message,
		ID: textOr(old.ID, is.ID), Status: textOr(old.Status, is.Status),
	})
}
