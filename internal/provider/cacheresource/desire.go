package cacheresource

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// desired is a planned object as a desired state for azurecache, without values that are not
// known yet and without children that the configuration leaves out.
func desired(ctx context.Context, plan, config model) azurecache.Desired {
	d := azurecache.Desired{
		ID: plan.ID.ValueString(), Location: plan.Location.ValueString(),
		Settings: settingsOf(ctx, plan),
		Secrets:  secretsOf(ctx, config.StorageConnectionStrings, decode[configurationModel](ctx, plan.RedisConfiguration)),
		Hidden:   secretsOf(ctx, config.StorageConnectionStrings, allPersistence),
	}
	if isSet(config.FirewallRules) {
		d.FirewallRules = desiredMap(ctx, plan.FirewallRules, ruleOf)
	}
	// Create adds the default window of a new cache.
	if isSet(config.PatchSchedule) {
		d.PatchSchedule = windowsOf(ctx, plan.PatchSchedule)
	}
	if isSet(config.AccessPolicies) {
		d.AccessPolicies = textsByKey(plan.AccessPolicies)
	}
	if isSet(config.AccessPolicyAssignments) {
		d.AccessPolicyAssignments = desiredMap(ctx, plan.AccessPolicyAssignments, assignmentOf)
	}
	if isSet(config.DiagnosticSettings) {
		d.DiagnosticSettings = desiredMap(ctx, plan.DiagnosticSettings, diagnosticOf)
	}
	if isSet(config.PrivateEndpoint) {
		d.PrivateEndpoint = endpointOf(ctx, plan.PrivateEndpoint)
		if decode[endpointModel](ctx, config.PrivateEndpoint).DNSZoneIDs.IsNull() {
			d.PrivateEndpoint.DNSZoneIDs = nil // a policy of the tenant may manage them
		}
	}
	if !isSet(config.TenantSettings) {
		d.TenantSettings = nil
	}
	return d
}

// settingsOf are the known settings of an object, in ARM's values.
func settingsOf(ctx context.Context, m model) azurecache.Settings {
	r := decode[configurationModel](ctx, m.RedisConfiguration)
	s := azurecache.Settings{
		SKU:  &azurecache.SKU{Name: m.SKUName.ValueString(), Capacity: int(m.Capacity.ValueInt64())},
		Tags: map[string]string{},
	}
	for _, a := range (completion{}).arguments(&m, &r, &s) {
		a.send()
	}
	if zones, known := textsOf(m.Zones); known && len(zones) > 0 {
		s.Zones = zones
	}
	if !m.Tags.IsUnknown() {
		s.Tags = textsByKey(m.Tags)
	}
	if isKnown(m.TenantSettings) {
		s.TenantSettings = textsByKey(m.TenantSettings)
	}
	if !m.Identity.IsUnknown() {
		s.Identity = identityOf(ctx, m.Identity)
	}
	return s
}

func isOff(b types.Bool) bool { return isKnown(b) && !b.ValueBool() }

func identityOf(ctx context.Context, o types.Object) *azurecache.Identity {
	i := decode[identityModel](ctx, o)
	ids, _ := textsOf(i.IdentityIDs)
	return &azurecache.Identity{SystemAssigned: strings.HasPrefix(i.Type.ValueString(), "SystemAssigned"), UserAssigned: ids}
}

// allPersistence has every kind of persistence on.
var allPersistence = configurationModel{RDBBackupEnabled: types.BoolValue(true), AOFBackupEnabled: types.BoolValue(true)}

// secretsOf are the connection strings for the kinds of persistence that are on; no
// other is sent.
func secretsOf(ctx context.Context, o types.Object, c configurationModel) azurecache.Secrets {
	s, out := decode[secretsModel](ctx, o), azurecache.Secrets{}
	if c.RDBBackupEnabled.ValueBool() {
		out.RDBStorageConnectionString = azurecache.Secret(s.RDB.ValueString())
	}
	if c.AOFBackupEnabled.ValueBool() {
		out.AOFStorageConnectionString0, out.AOFStorageConnectionString1 = azurecache.Secret(s.AOF0.ValueString()),
			azurecache.Secret(s.AOF1.ValueString())
	}
	return out
}

// desiredMap is a map of children, each as convert makes it of its known arguments.
func desiredMap[M, A any](ctx context.Context, m types.Map, convert func(M) A) map[string]A {
	out := map[string]A{}
	_, models := elements[M](ctx, m)
	for name, v := range models {
		out[name] = convert(v)
	}
	return out
}

func ruleOf(r ruleModel) azurecache.FirewallRule {
	return azurecache.FirewallRule{StartIP: r.StartIP.ValueString(), EndIP: r.EndIP.ValueString()}
}

func windowsOf(ctx context.Context, l types.List) []azurecache.PatchWindow {
	out := []azurecache.PatchWindow{}
	for _, v := range l.Elements() {
		w := decode[windowModel](ctx, v.(types.Object)) //nolint:forcetypeassert // the schema says so
		out = append(out, azurecache.PatchWindow{
			DayOfWeek: w.DayOfWeek.ValueString(), StartHourUTC: int(w.StartHourUTC.ValueInt64()),
			MaintenanceWindow: w.MaintenanceWindow.ValueString(),
		})
	}
	return out
}

func assignmentOf(a assignmentModel) azurecache.AccessPolicyAssignment {
	return azurecache.AccessPolicyAssignment{
		AccessPolicyName: a.PolicyName.ValueString(), ObjectID: a.ObjectID.ValueString(), ObjectIDAlias: a.ObjectIDAlias.ValueString(),
	}
}

func diagnosticOf(d diagnosticModel) (s azurecache.DiagnosticSetting) {
	texts, sets := d.in(&s)
	for value, azure := range texts {
		*azure = value.ValueString()
	}
	for value, azure := range sets {
		*azure, _ = textsOf(*value)
	}
	return s
}

func endpointOf(ctx context.Context, o types.Object) *azurecache.PrivateEndpoint {
	e := decode[endpointModel](ctx, o)
	zones, _ := textsOf(e.DNSZoneIDs)
	if zones == nil && isKnown(e.DNSZoneIDs) {
		zones = []string{} // none; nil would mean not managed
	}
	return &azurecache.PrivateEndpoint{
		Name: e.Name.ValueString(), Location: e.Location.ValueString(), SubnetID: e.SubnetID.ValueString(),
		DNSZoneIDs: zones, Manual: e.Manual.ValueBool(), RequestMessage: e.RequestMessage.ValueString(),
		ID: e.ID.ValueString(), Status: e.Status.ValueString(),
	}
}
