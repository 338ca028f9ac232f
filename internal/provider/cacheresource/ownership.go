package cacheresource

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// Azure does not delete the private endpoint and the diagnostic settings of a cache
// with the cache. The resource deletes those that the configuration of the last
// apply states. A destroy has no configuration, so their names are kept in the state,
// as removed_with_cache, and a change of them is a change in the plan. The exception
// is a cache that was imported or moved and is as the configuration says: its plan
// has no changes, so nothing around it is deleted with it before an apply has changed
// something. Until then a destroy leaves it in Azure, with a warning.

const (
	ownEndpoint   = "private_endpoint"
	ownDiagnostic = "diagnostic_settings."
)

// removedWithCache are the names of the private endpoint and the diagnostic settings
// that the configuration states.
func removedWithCache(ctx context.Context, plan, config model) types.Set {
	var names []string
	open := config.PrivateEndpoint.IsUnknown() || config.DiagnosticSettings.IsUnknown()
	if isKnown(config.PrivateEndpoint) {
		subnet := decode[endpointModel](ctx, plan.PrivateEndpoint).SubnetID
		open = open || subnet.IsUnknown()
		if !subnet.IsNull() {
			names = append(names, ownEndpoint)
		}
	}
	if isKnown(config.DiagnosticSettings) {
		for name := range plan.DiagnosticSettings.Elements() {
			names = append(names, ownDiagnostic+name)
		}
	}
	return owning(names, open)
}

func owning(names []string, open bool) types.Set {
	switch {
	case open:
		return types.SetUnknown(types.StringType)
	case len(names) == 0:
		return types.SetNull(types.StringType)
	}
	slices.Sort(names)
	return setOf(slices.Compact(names))
}

// owns reports whether a private endpoint or diagnostic setting is deleted with the
// cache.
func (m model) owns(what string) bool {
	names, _ := textsOf(m.RemovedWithCache)
	return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, what) })
}

// ownEndpointID is the id of the private endpoint that is deleted with the cache.
func (m model) ownEndpointID() string {
	if !m.owns(ownEndpoint) {
		return ""
	}
	return m.endpointID()
}

// withOwnEndpoint is a desired state with the id of the private endpoint that may be deleted:
// the one of the state, where it is managed here.
func withOwnEndpoint(d azurecache.Desired, state model) azurecache.Desired {
	if d.PrivateEndpoint != nil {
		e := *d.PrivateEndpoint
		e.Ours, d.PrivateEndpoint = state.ownEndpointID(), &e
	}
	return d
}

// stillOwned is removed_with_cache after an update that failed: the names that were
// there and are still stated, and those of what the update made.
func stillOwned(state, plan, config model, want azurecache.Desired, o azurecache.Observed) types.Set {
	var names []string
	made := o.PrivateEndpoint != nil && o.PrivateEndpoint.ID != "" && plan.owns(ownEndpoint) && azurecache.Occupied(o, want) == nil
	if isSet(config.PrivateEndpoint) && (state.owns(ownEndpoint) || made) {
		names = append(names, ownEndpoint)
	}
	if isSet(config.DiagnosticSettings) {
		was, _ := textsOf(state.RemovedWithCache)
		is, _ := textsOf(plan.RemovedWithCache)
		for _, name := range slices.Concat(was, is) {
			if strings.HasPrefix(name, ownDiagnostic) {
				names = append(names, name)
			}
		}
	}
	return owning(names, false)
}

// ownChildren are the children that are deleted with the cache.
func ownChildren(state model, o azurecache.Observed) azurecache.Children {
	var own azurecache.Children
	if e := o.PrivateEndpoint; e != nil && e.SubnetID != "" && state.owns(ownEndpoint) {
		own.PrivateEndpoint = e
	}
	own.DiagnosticSettings = maps.Clone(o.DiagnosticSettings)
	maps.DeleteFunc(own.DiagnosticSettings, func(name string, _ azurecache.DiagnosticSetting) bool {
		return !state.owns(ownDiagnostic + name)
	})
	return own
}

// leftBehind warns of what a destroy leaves in Azure around a cache that was imported
// or moved and not changed since: it is not known whether the configuration manages
// it.
func leftBehind(ctx context.Context, req resource.ModifyPlanRequest) (diags diag.Diagnostics) {
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	n, more := loadPrivateState(ctx, req.Private)
	diags.Append(more...)
	if diags.HasError() || !n.Adopted {
		return diags
	}
	var left []string
	if id := state.endpointID(); id != "" && !state.owns(ownEndpoint) {
		left = append(left, "the private endpoint "+id)
	}
	for _, name := range slices.Sorted(maps.Keys(state.DiagnosticSettings.Elements())) {
		if !state.owns(ownDiagnostic + name) {
			left = append(left, "the diagnostic setting "+name)
		}
	}
	if len(left) > 0 {
		diags.AddWarning(title(state)+": what is around it stays",
			"The cache was imported or moved, and no apply has changed it since, so that these are not known to be managed here:\n  "+
				strings.Join(left, "\n  ")+"\nThey outlive the cache. Remove them yourself if nobody else does.")
	}
	return diags
}

// unmanagedWarnings warns of what is around a cache and is not managed here, where the
// configuration looks as if it were.
func unmanagedWarnings(plan, config, prior model, n privateState) diag.Diagnostics {
	var diags diag.Diagnostics
	released := config.PrivateEndpoint.IsNull() && prior.owns(ownEndpoint)
	if config.DiagnosticSettings.IsNull() {
		names, _ := textsOf(prior.RemovedWithCache)
		released = released || slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, ownDiagnostic) })
	}
	if released {
		diags.AddWarning(title(plan)+": something around it is no longer managed here",
			"private_endpoint or diagnostic_settings was taken out of the configuration. What there is stays, and no longer goes with the cache "+
				"when it is destroyed.")
	}
	if isKnown(config.PrivateEndpoint) && plan.withoutEndpoint() {
		var others []string
		for _, c := range n.Connections {
			if !strings.EqualFold(c.EndpointID, prior.ownEndpointID()) {
				others = append(others, fmt.Sprintf("%s (%s)", c.EndpointID, c.Status))
			}
		}
		if len(others) > 0 {
			diags.AddAttributeWarning(path.Root("private_endpoint"), title(plan)+": a private endpoint is connected that is not managed here",
				fmt.Sprintf(
					"private_endpoint is empty, which means none, and the cache is connected with:\n  %s\n"+
						"Only a private endpoint that was made or managed here is removed here. Remove it where it was made, or let the owner of the cache "+
						"reject the connection; "+
						"leave private_endpoint out if somebody else sees to private endpoints.", strings.Join(others, "\n  ")))
		}
	}
	for _, attribute := range slices.Sorted(maps.Keys(n.Unread)) {
		if isSet(config.attribute(attribute)) {
			diags.AddAttributeWarning(path.Root(attribute), fmt.Sprintf("%s: %s may not be read", title(plan), attribute),
				sentence(n.Unread[attribute])+" The state keeps what it said, so that changes made elsewhere are not seen.")
		}
	}
	return diags
}
