package cacheresource

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// completion completes a plan: an argument that the configuration leaves out gets a
// secure default, or the value that the cache has.
type completion struct {
	config model
	prior  *model // nil when the cache is created
	// unfinished says that an earlier apply did not finish the cache.
	unfinished bool
	// zoneless says that the service was asked for zones and has none for the cache.
	zoneless bool
}

// plan returns the planned object.
func (c completion) plan(ctx context.Context) model {
	m, prior := c.config, c.priorOrNull(ctx)
	// Write-only arguments are not in a plan.
	m.StorageConnectionStrings = types.ObjectNull(m.StorageConnectionStrings.AttributeTypes(ctx))
	m.AllowReplacement, m.Advisories = types.BoolNull(), types.BoolNull()

	m.ID = c.id()
	m.Family = family(m.SKUName)
	m.Hostname, m.Port, m.SSLPort = c.fromAzure(prior.Hostname), c.numberFromAzure(prior.Port), c.numberFromAzure(prior.SSLPort)
	m.ProvisioningState = c.fromAzure(prior.ProvisioningState)

	settings, was := decode[configurationModel](ctx, m.RedisConfiguration), decode[configurationModel](ctx, prior.RedisConfiguration)
	before := c.arguments(&prior, &was, &azurecache.Settings{})
	for i, a := range c.arguments(&m, &settings, &azurecache.Settings{}) {
		a.complete(before[i])
	}
	if !m.RedisConfiguration.IsUnknown() {
		m.RedisConfiguration = encode(ctx, configurationTypes(), settings)
	}
	m.Zones = first(m.Zones, prior.Zones)
	m.TenantSettings = first(m.TenantSettings, prior.TenantSettings)

	if m.Tags.IsNull() {
		m.Tags = prior.Tags
		if len(prior.Tags.Elements()) > 0 {
			m.Tags = textMap(nil)
		}
	}

	m.Identity = c.identity(ctx, prior)

	m.PatchSchedule = c.patchSchedule(ctx, prior)
	m.FirewallRules = first(m.FirewallRules, prior.FirewallRules)
	m.AccessPolicies = first(m.AccessPolicies, prior.AccessPolicies)
	m.AccessPolicyAssignments = first(m.AccessPolicyAssignments, prior.AccessPolicyAssignments)
	m.DiagnosticSettings = c.diagnosticSettings(ctx, prior)
	m.PrivateEndpoint = c.privateEndpoint(ctx, prior)
	m.RemovedWithCache = removedWithCache(ctx, m, c.config)
	return m
}

func (c completion) priorOrNull(ctx context.Context) model {
	if c.prior != nil {
		return *c.prior
	}
	return emptyModel(ctx)
}

// id is the id of a cache that exists, as the state spells it. The id of a new cache is
// unknown, although it could be built: otherwise Terraform would open
// redisbaseline_access_keys with it before the cache exists.
func (c completion) id() types.String {
	m := c.config
	if c.prior != nil && isKnown(c.prior.ID) && !differs(m.Name, c.prior.Name) && !differs(m.ResourceGroupName, c.prior.ResourceGroupName) {
		return c.prior.ID
	}
	return types.StringUnknown()
}

// differs reports whether two names may differ, without regard to case.
func differs(a, b types.String) bool {
	return a.IsUnknown() || b.IsUnknown() || !strings.EqualFold(a.ValueString(), b.ValueString())
}

func family(tier types.String) types.String {
	switch {
	case tier.IsUnknown():
		return types.StringUnknown()
	case tier.ValueString() == "Premium":
		return types.StringValue("P")
	}
	return types.StringValue("C")
}

// fromAzure is the planned value of an attribute that Azure computes: the value before,
// null included, since a value that Azure does not return now it will not return
// later. For a new cache it is known after apply.
func (c completion) fromAzure(prior types.String) types.String {
	if c.knownAfterApply(prior.IsNull()) {
		return types.StringUnknown()
	}
	return prior
}

func (c completion) numberFromAzure(prior types.Int64) types.Int64 {
	if c.knownAfterApply(prior.IsNull()) {
		return types.Int64Unknown()
	}
	return prior
}

func (c completion) knownAfterApply(null bool) bool { return c.prior == nil || c.unfinished && null }

// unlessAdopted is a default, but for a cache that was imported or moved and for
// which Azure returns no value: it has the default of the service, and the plan must
// not change a value that the configuration does not mention.
func (c completion) unlessAdopted(prior, fallback types.String) types.String {
	if c.prior != nil && !c.unfinished && prior.IsNull() {
		return prior
	}
	return fallback
}

func (c completion) replicas(m *model, prior types.Int64) types.Int64 {
	if isKnown(m.SKUName) && m.SKUName.ValueString() != "Premium" {
		return types.Int64Null()
	}
	return c.numberFromAzure(prior)
}

func (c completion) staticAddress(m *model, prior types.String) types.String {
	if m.SubnetID.IsNull() {
		return types.StringNull()
	}
	return c.fromAzure(prior)
}

// reservation is an amount of memory that the service recommends for the size of
// the cache. Basic has none.
func (c completion) reservation(m *model, prior types.Int64) types.Int64 {
	switch {
	case isKnown(m.SKUName) && m.SKUName.ValueString() == "Basic":
		return types.Int64Null()
	case c.prior != nil && m.SKUName.Equal(c.prior.SKUName) && m.Capacity.Equal(c.prior.Capacity):
		return c.numberFromAzure(prior)
	}
	return types.Int64Unknown()
}

// whereOn is a default for a setting that has a meaning only while another one is on.
func whereOn(on types.Bool, fallback int64) types.Int64 {
	switch {
	case on.IsUnknown():
		return types.Int64Unknown()
	case on.ValueBool():
		return types.Int64Value(fallback)
	}
	return types.Int64Null()
}

func persistenceAuthentication(r *configurationModel) types.String {
	switch {
	case r.persistent():
		return types.StringValue("ManagedIdentity")
	case r.RDBBackupEnabled.IsUnknown() || r.AOFBackupEnabled.IsUnknown():
		return types.StringUnknown()
	}
	return types.StringNull()
}

// zonalPolicy is the default of zonal_allocation_policy. The service decides, and
// chooses Automatic where the region has zones. For an existing cache without zones
// Automatic is tried once.
func (c completion) zonalPolicy(was types.String) types.String {
	m := c.config
	zones, known := textsOf(m.Zones)
	switch {
	case len(zones) > 0:
		return types.StringValue("UserDefined")
	case !known || m.SKUName.IsUnknown():
		return types.StringUnknown()
	case m.SKUName.ValueString() == "Basic":
		return types.StringValue("NoZones")
	case c.knownAfterApply(was.IsNull()), was.ValueString() == "NoZones" && !c.zoneless:
		return types.StringUnknown()
	}
	return was
}

func (c completion) identity(ctx context.Context, prior model) types.Object {
	if !isKnown(c.config.Identity) {
		return c.config.Identity
	}
	i, was := decode[identityModel](ctx, c.config.Identity), decode[identityModel](ctx, prior.Identity)
	switch {
	case i.Type.IsUnknown():
		i.PrincipalID, i.TenantID = types.StringUnknown(), types.StringUnknown()
	case strings.HasPrefix(i.Type.ValueString(), "SystemAssigned"):
		i.PrincipalID, i.TenantID = types.StringUnknown(), types.StringUnknown()
		if strings.HasPrefix(was.Type.ValueString(), "SystemAssigned") {
			i.PrincipalID, i.TenantID = c.fromAzure(was.PrincipalID), c.fromAzure(was.TenantID)
		}
	default:
		i.PrincipalID, i.TenantID = types.StringNull(), types.StringNull()
	}
	return encode(ctx, identityTypes(), i)
}

func (c completion) patchSchedule(ctx context.Context, prior model) types.List {
	switch {
	case c.config.PatchSchedule.IsNull() && (c.prior == nil || c.unfinished):
		weekly := windowModel{types.StringValue("Sunday"), types.Int64Value(2), types.StringValue("PT5H")}
		return types.ListValueMust(objects(windowTypes()), []attr.Value{encode(ctx, windowTypes(), weekly)})
	case !isKnown(c.config.PatchSchedule):
		return first(c.config.PatchSchedule, prior.PatchSchedule)
	}
	values := []attr.Value{}
	for _, v := range c.config.PatchSchedule.Elements() {
		if v.IsUnknown() {
			values = append(values, v)
			continue
		}
		w := decode[windowModel](ctx, v.(types.Object)) //nolint:forcetypeassert // the schema says so
		w.StartHourUTC = first(w.StartHourUTC, types.Int64Value(0))
		w.MaintenanceWindow = first(w.MaintenanceWindow, types.StringValue("PT5H"))
		values = append(values, encode(ctx, windowTypes(), w))
	}
	return types.ListValueMust(objects(windowTypes()), values)
}

func (c completion) diagnosticSettings(ctx context.Context, prior model) types.Map {
	if !isKnown(c.config.DiagnosticSettings) {
		return first(c.config.DiagnosticSettings, prior.DiagnosticSettings)
	}
	values := map[string]attr.Value{}
	_, before := elements[diagnosticModel](ctx, prior.DiagnosticSettings)
	for key, v := range c.config.DiagnosticSettings.Elements() {
		if v.IsUnknown() {
			values[key] = v
			continue
		}
		d := decode[diagnosticModel](ctx, v.(types.Object)) //nolint:forcetypeassert // the schema says so
		switch {
		case isSet(d.CategoryGroups):
		case d.Categories.IsNull():
			d.CategoryGroups = setOf([]string{"allLogs"})
		case d.Categories.IsUnknown():
			d.CategoryGroups = types.SetUnknown(types.StringType)
		default:
			d.CategoryGroups = setOf(nil)
		}
		d.DestinationType = first(d.DestinationType, before[key].DestinationType)
		values[key] = encode(ctx, diagnosticTypes(), d)
	}
	return types.MapValueMust(objects(diagnosticTypes()), values)
}

func (c completion) privateEndpoint(ctx context.Context, prior model) types.Object {
	if !isKnown(c.config.PrivateEndpoint) {
		return first(c.config.PrivateEndpoint, prior.PrivateEndpoint)
	}
	e, was := decode[endpointModel](ctx, c.config.PrivateEndpoint), decode[endpointModel](ctx, prior.PrivateEndpoint)
	if e.SubnetID.IsNull() { // private_endpoint = {}: none
		e.ID, e.Status = types.StringNull(), types.StringNull()
		return encode(ctx, endpointTypes(), e)
	}
	e.ID, e.Status = types.StringUnknown(), types.StringUnknown()
	if e.SubnetID.IsUnknown() { // it may become null, which means none
		e.Manual = first(e.Manual, types.BoolUnknown())
		e.Name, e.Location = first(e.Name, types.StringUnknown()), first(e.Location, types.StringUnknown())
		e.DNSZoneIDs = first(e.DNSZoneIDs, types.SetUnknown(types.StringType))
		return encode(ctx, endpointTypes(), e)
	}
	e.Manual = first(e.Manual, types.BoolValue(false))
	if !prior.owns(ownEndpoint) && !sameText(first(e.Name, endpointName(c.config.Name)), was.Name) {
		was = decode[endpointModel](ctx, types.ObjectNull(endpointTypes())) // the one in the state is managed elsewhere
	}
	e.Name = first(e.Name, was.Name, endpointName(c.config.Name))
	e.Location = first(e.Location, was.Location, c.config.Location)
	stays := sameText(e.Name, was.Name) && sameText(e.SubnetID, was.SubnetID) && e.Manual.Equal(was.Manual) && isKnown(e.Location) &&
		sameRegion(e.Location.ValueString(), was.Location.ValueString()) && !unusable(was) &&
		(e.RequestMessage.Equal(was.RequestMessage) || was.Status.ValueString() == "Approved")
	if stays {
		e.ID, e.Status = c.fromAzure(was.ID), c.fromAzure(was.Status)
		e.DNSZoneIDs = first(e.DNSZoneIDs, was.DNSZoneIDs)
	}
	return encode(ctx, endpointTypes(), e)
}

// unusable reports whether the connection of an endpoint is in a state from which only
// a new endpoint helps.
func unusable(e endpointModel) bool {
	return strings.EqualFold(e.Status.ValueString(), "Rejected") || strings.EqualFold(e.Status.ValueString(), "Disconnected")
}

func endpointName(cache types.String) types.String {
	if !isKnown(cache) {
		return types.StringUnknown()
	}
	return types.StringValue(azurecache.EndpointName(cache.ValueString()))
}

// sameText compares two known texts as Azure compares ids.
func sameText(a, b types.String) bool {
	return isKnown(a) && isKnown(b) && strings.EqualFold(a.ValueString(), b.ValueString())
}

// emptyModel is a model in which everything is null.
func emptyModel(ctx context.Context) model {
	var schema resource.SchemaResponse
	(&cacheResource{}).Schema(ctx, resource.SchemaRequest{}, &schema)
	object := schema.Schema.Type().(types.ObjectType) //nolint:forcetypeassert // the type of every schema
	return decode[model](ctx, types.ObjectNull(object.AttrTypes))
}
