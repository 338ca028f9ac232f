package cacheresource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var (
	_ resource.ResourceWithConfigure   = (*cacheResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*cacheResource)(nil)
	_ resource.ResourceWithIdentity    = (*cacheResource)(nil)
	_ resource.ResourceWithImportState = (*cacheResource)(nil)
	_ resource.ResourceWithMoveState   = (*cacheResource)(nil)
)

type cacheResource struct{ hosted }

// hosted is the part of the resource and of the list resource that belongs to the
// provider: the type name and the host.
type hosted struct {
	hostOf HostOf
	host   Host
}

// Metadata returns the type name.
func (h *hosted) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cache"
}

// Configure takes the host out of the provider's data.
func (h *hosted) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if req.ProviderData != nil {
		h.host = h.hostOf(req.ProviderData)
	}
}

// New returns the constructor of the resource.
func New(hostOf HostOf) func() resource.Resource {
	return func() resource.Resource { return &cacheResource{hosted{hostOf: hostOf}} }
}

const (
	defaultChange = 180 * time.Minute
	defaultRead   = 5 * time.Minute
)

// Create makes the cache. Once Azure has accepted the cache, it is in the state, and a
// failure is a warning: an error would taint the cache, and the next apply would
// destroy it.
func (r *cacheResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	timeout, diags := plan.Timeouts.Create(ctx, defaultChange)
	resp.Diagnostics.Append(diags...)
	client, diags := r.host.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.ID.IsUnknown() {
		subscription, _ := r.host.Subscription()
		plan.ID = types.StringValue(service.Redis.ID(subscription, plan.ResourceGroupName.ValueString(), plan.Name.ValueString()))
	}
	want := desired(ctx, plan, config)
	if config.PatchSchedule.IsNull() {
		want.PatchSchedule = windowsOf(ctx, plan.PatchSchedule)
	}
	want = adjusted(want, model{})

	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var last azurecache.Progress
	o, err := client.Create(limited, want, func(p azurecache.Progress) { last = p })
	if err != nil && o.ID == "" && last.ID == "" {
		resp.Diagnostics.Append(createFailed(plan, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, observed(ctx, plan, o))...)
	resp.State.Raw = fillUnknown(req.Plan.Raw, resp.State.Raw)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.ID)...)
	private := newPrivateState(config, o)
	if err != nil {
		private.Unfinished, private.Token = true, last.Token
		resp.Diagnostics.Append(notFinished(plan, last, err))
	}
	resp.Diagnostics.Append(private.save(ctx, resp.Private)...)
}

// Read reads the cache into the state.
func (r *cacheResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, defaultRead)
	resp.Diagnostics.Append(diags...)
	client, diags := r.host.Client()
	resp.Diagnostics.Append(diags...)
	private, diags := loadPrivateState(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	which := managedChildren(ctx, state, private)
	adopt := private.Adopt
	if adopt {
		which = azurecache.AllChildren()
	}
	o, err := client.Read(ctx, state.ID.ValueString(), which)
	var gone *azurecache.NotFoundError
	switch {
	case errors.As(err, &gone):
		// The framework demands an identity also for a resource that is gone.
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.ID)...)
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.AddError(title(state)+" could not be read", sentence(err.Error()))
		return
	}
	if private.Adopt { // everything was read; null would mean not read
		state.Tags = textMap(nil)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, observed(ctx, state, o))...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.ID)...)
	if private.update(o) {
		resp.Diagnostics.Append(private.save(ctx, resp.Private)...)
	}
	for _, attribute := range slices.Sorted(maps.Keys(o.Unread)) {
		if adopt { // only at the first reading
			resp.Diagnostics.AddAttributeWarning(path.Root(attribute), fmt.Sprintf("%s: %s may not be read", title(state), attribute),
				sentence(o.Unread[attribute])+
					" What there is was not taken over. Where the configuration leaves it out nothing is lacking, but its judgement.")
		}
	}
}

// Update changes the cache to what is planned. Where that fails, the state has what
// Azure has.
func (r *cacheResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, config, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultChange)
	resp.Diagnostics.Append(diags...)
	client, diags := r.host.Client()
	resp.Diagnostics.Append(diags...)
	before, diags := loadPrivateState(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	want := desired(ctx, plan, config)
	if config.PatchSchedule.IsNull() && before.Unfinished {
		want.PatchSchedule = windowsOf(ctx, plan.PatchSchedule)
	}
	if !before.Unfinished && !secretsDue(ctx, plan, state) {
		want.Secrets = azurecache.Secrets{}
	}
	want = withOwnEndpoint(adjusted(want, state), state)

	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var last azurecache.Progress
	var o azurecache.Observed
	var err error
	if before.Token != "" {
		err = client.Resume(limited, plan.ID.ValueString(), before.Token, want.Hidden)
		if failure := (*azurecache.FailedError)(nil); errors.As(err, &failure) {
			err = nil // an operation that failed is no reason not to update
		}
	}
	if err == nil {
		o, err = client.Update(limited, observationOf(ctx, state), want, func(p azurecache.Progress) { last = p })
	}
	private := newPrivateState(config, o)
	private.Unread = before.Unread
	if err != nil {
		private.Unfinished, private.Token = before.Unfinished, last.Token
		if o.ID != "" {
			is := observed(ctx, state, o)
			is.RemovedWithCache = stillOwned(state, plan, config, want, o)
			resp.Diagnostics.Append(resp.State.Set(ctx, is)...)
		}
		resp.Diagnostics.Append(private.save(ctx, resp.Private)...)
		resp.Diagnostics.Append(updateFailed(plan, last, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, observed(ctx, plan, o))...)
	resp.State.Raw = fillUnknown(req.Plan.Raw, resp.State.Raw)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.ID)...)
	resp.Diagnostics.Append(private.save(ctx, resp.Private)...)
}

// Delete removes the private endpoint and the diagnostic settings that are
// managed here, then the cache.
func (r *cacheResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, defaultChange)
	resp.Diagnostics.Append(diags...)
	client, diags := r.host.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	own := ownChildren(state, observationOf(ctx, state))
	err := client.Delete(limited, state.ID.ValueString(), own, func(azurecache.Progress) {})
	var gone *azurecache.NotFoundError
	var linked *azurecache.LinkedError
	switch {
	case errors.As(err, &linked):
		resp.Diagnostics.AddError(title(state)+" cannot be deleted while it is linked for geo-replication",
			"Nothing was changed. "+sentence(linked.Error())+" "+unlink)
	case err != nil && !errors.As(err, &gone):
		resp.Diagnostics.AddError(title(state)+" could not be deleted",
			sentence(err.Error())+"\n\nWhat is gone stays gone; the next apply goes on.")
	}
}

// managedChildren are the children to read: those in the state, and those that could
// not be read before.
func managedChildren(ctx context.Context, m model, n privateState) azurecache.Selection {
	asked := func(attribute string) bool {
		_, again := n.Unread[attribute]
		return again || isSet(m.attribute(attribute))
	}
	return azurecache.Selection{
		FirewallRules: asked("firewall_rules"), PatchSchedule: asked("patch_schedule"), AccessPolicies: asked("access_policies"),
		AccessPolicyAssignments: asked("access_policy_assignments"), DiagnosticSettings: asked("diagnostic_settings"),
		PrivateEndpoint: endpointToRead(ctx, m, n), Lenient: true,
	}
}

// endpointToRead is the private endpoint to read: the one in the state, in whatever
// resource group.
func endpointToRead(ctx context.Context, m model, n privateState) string {
	e := decode[endpointModel](ctx, m.PrivateEndpoint)
	switch {
	case e.ID.ValueString() != "":
		return e.ID.ValueString()
	case m.PrivateEndpoint.IsNull() && n.Unread["private_endpoint"] != "":
		return azurecache.AnyEndpoint
	case e.SubnetID.IsNull():
		return "" // none; endpoints of others are among the connections
	}
	return e.Name.ValueString()
}

// observationOf is a state as an observation of azurecache.
func observationOf(ctx context.Context, m model) azurecache.Observed {
	o := azurecache.Observed{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), ResourceGroup: m.ResourceGroupName.ValueString(), Location: m.Location.ValueString(),
		ProvisioningState: m.ProvisioningState.ValueString(), Settings: settingsOf(ctx, m),
	}
	o.Children = desired(ctx, m, m).Children
	return o
}

// secretsDue reports whether connection strings have to be sent. Azure keeps them, and
// never returns them.
func secretsDue(ctx context.Context, plan, state model) bool {
	if !plan.StorageConnectionStringsVersion.Equal(state.StorageConnectionStringsVersion) {
		return true
	}
	is, was := decode[configurationModel](ctx, plan.RedisConfiguration), decode[configurationModel](ctx, state.RedisConfiguration)
	return !is.RDBBackupEnabled.Equal(was.RDBBackupEnabled) || !is.AOFBackupEnabled.Equal(was.AOFBackupEnabled) ||
		!is.PersistenceAuthentication.Equal(was.PersistenceAuthentication)
}

// adjusted is a desired state without an empty value where the state has an empty value too,
// because Azure does not return empty values, and with the zonal allocation policy
// that the tier allows.
func adjusted(d azurecache.Desired, state model) azurecache.Desired {
	was := configurationModel{}
	if isKnown(state.RedisConfiguration) {
		was = decode[configurationModel](context.Background(), state.RedisConfiguration)
	}
	if v := d.NotifyKeyspaceEvents; v != nil && *v == "" && was.NotifyKeyspaceEvents.ValueString() == "" {
		d.NotifyKeyspaceEvents = nil
	}
	switch {
	case d.SKU.Name == "Basic":
		d.ZonalAllocationPolicy = nil
	case d.ZonalAllocationPolicy == nil && state.ZonalAllocationPolicy.ValueString() == "NoZones":
		automatic := "Automatic" // the service may decline it
		d.ZonalAllocationPolicy, d.ZonesWherePossible = &automatic, true
	}
	return d
}
