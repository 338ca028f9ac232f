package cacheresource

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// desired turns a planned object into wishes. What is not known yet is not
// wished for, and neither are children that the configuration leaves out.
func desired(ctx context.Context, plan, config model) azurecache.Desired {
	d := azurecache.Desired{
		ID: plan.ID.ValueString(), Location: plan.Location.ValueString(),
		Settings: settingsOf(ctx, plan),
		Secrets:  secretsOf(ctx, config.StorageConnectionStrings, decode[configurationModel](ctx, plan.RedisConfiguration)),
		Hidden:   secretsOf(ctx, config.StorageConnectionStrings, everything),
	}
	if given(config.FirewallRules) {
		d.FirewallRules = firewallRulesOf(ctx, plan.FirewallRules)
	}
	// A new cache gets its weekly window even where none is written.
	if given(config.PatchSchedule) {
		d.PatchSchedule = windowsOf(ctx, plan.PatchSchedule)
	}
	if given(config.AccessPolicies) {
		d.AccessPolicies = textsByKey(plan.AccessPolicies)
	}
	if given(config.AccessPolicyAssignments) {
		d.AccessPolicyAssignments = assignmentsOf(ctx, plan.AccessPolicyAssignments)
	}
	if given(config.DiagnosticSettings) {
		d.DiagnosticSettings = diagnosticsOf(ctx, plan.DiagnosticSettings)
	}
	if given(config.PrivateEndpoint) {
		d.PrivateEndpoint = endpointOf(ctx, plan.PrivateEndpoint)
		if decode[endpointModel](ctx, config.PrivateEndpoint).DNSZoneIDs.IsNull() {
			d.PrivateEndpoint.DNSZoneIDs = nil // perhaps a policy of the tenant sees to them
		}
	}
	if !given(config.TenantSettings) {
		d.TenantSettings = nil
	}
	return d
}

// settingsOf turns what is known of an object into ARM's values.
func settingsOf(ctx context.Context, m model) azurecache.Settings {
	r := decode[configurationModel](ctx, m.RedisConfiguration)
	tier := m.SKUName.ValueString()
	s := azurecache.Settings{
		SKU:                            &azurecache.SKU{Name: tier, Capacity: int(m.Capacity.ValueInt64())},
		RedisVersion:                   text(m.RedisVersion),
		EnableNonSSLPort:               boolean(m.NonSSLPortEnabled),
		MinimumTLSVersion:              text(m.MinimumTLSVersion),
		PublicNetworkAccess:            word(m.PublicNetworkAccessEnabled, "Enabled", "Disabled"),
		DisableAccessKeyAuthentication: not(m.AccessKeysAuthenticationEnabled),
		UpdateChannel:                  text(m.UpdateChannel),
		ZonalAllocationPolicy:          text(m.ZonalAllocationPolicy),
		SubnetID:                       text(m.SubnetID),
		StaticIP:                       text(m.PrivateStaticIPAddress),
		Tags:                           map[string]string{},
		Configuration: azurecache.Configuration{
			AADEnabled:           boolean(r.Entra),
			AuthNotRequired:      authNotRequired(m, r),
			MaxmemoryPolicy:      text(r.MaxmemoryPolicy),
			NotifyKeyspaceEvents: text(r.NotifyKeyspaceEvents),
			Databases:            whole(r.Databases),
		},
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
	if tier != "Basic" {
		s.MaxmemoryReserved, s.MaxmemoryDelta = whole(r.MaxmemoryReserved), whole(r.MaxmemoryDelta)
		s.MaxfragmentationmemoryReserved = whole(r.MaxfragmentationReserved)
	}
	if tier == "Premium" {
		s.ShardCount, s.ReplicasPerPrimary = whole(m.ShardCount), whole(m.ReplicasPerPrimary)
		s.RDBBackupEnabled, s.AOFBackupEnabled = boolean(r.RDBBackupEnabled), boolean(r.AOFBackupEnabled)
		s.RDBBackupFrequency, s.RDBBackupMaxSnapshotCount = whole(r.RDBBackupFrequency), whole(r.RDBBackupMaxSnapshotCount)
		s.PersistenceAuthMethod = text(r.PersistenceAuthentication)
		s.StorageSubscriptionID = text(r.StorageAccountSubscriptionID)
	}
	return s
}

// authNotRequired is sent only where it may be: outside a network the service
// refuses the setting, whatever its value.
func authNotRequired(m model, r configurationModel) *bool {
	if !isKnown(m.SubnetID) && !isOff(r.Authentication) {
		return nil
	}
	return not(r.Authentication)
}

func isOff(b types.Bool) bool { return isKnown(b) && !b.ValueBool() }

func text(v types.String) *string {
	if !isKnown(v) {
		return nil
	}
	return v.ValueStringPointer()
}

func boolean(v types.Bool) *bool {
	if !isKnown(v) {
		return nil
	}
	return v.ValueBoolPointer()
}

func not(v types.Bool) *bool {
	if !isKnown(v) {
		return nil
	}
	off := !v.ValueBool()
	return &off
}

func word(v types.Bool, yes, no string) *string {
	switch {
	case !isKnown(v):
		return nil
	case v.ValueBool():
		return &yes
	}
	return &no
}

func whole(v types.Int64) *int {
	if !isKnown(v) {
		return nil
	}
	n := int(v.ValueInt64())
	return &n
}

func identityOf(ctx context.Context, o types.Object) *azurecache.Identity {
	i := decode[identityModel](ctx, o)
	ids, _ := textsOf(i.IdentityIDs)
	return &azurecache.Identity{SystemAssigned: strings.HasPrefix(i.Type.ValueString(), "SystemAssigned"), UserAssigned: ids}
}

// everything has all kinds of persistence on.
var everything = configurationModel{RDBBackupEnabled: types.BoolValue(true), AOFBackupEnabled: types.BoolValue(true)}

// secretsOf are the connection strings of what is on: no other needs to travel.
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

func firewallRulesOf(ctx context.Context, m types.Map) map[string]azurecache.FirewallRule {
	out := map[string]azurecache.FirewallRule{}
	_, rules := elements[ruleModel](ctx, m)
	for name, r := range rules {
		out[name] = azurecache.FirewallRule{StartIP: r.StartIP.ValueString(), EndIP: r.EndIP.ValueString()}
	}
	return out
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

func assignmentsOf(ctx context.Context, m types.Map) map[string]azurecache.AccessPolicyAssignment {
	out := map[string]azurecache.AccessPolicyAssignment{}
	_, assignments := elements[assignmentModel](ctx, m)
	for name, a := range assignments {
		out[name] = azurecache.AccessPolicyAssignment{
			AccessPolicyName: a.PolicyName.ValueString(), ObjectID: a.ObjectID.ValueString(), ObjectIDAlias: a.ObjectIDAlias.ValueString(),
		}
	}
	return out
}

func diagnosticsOf(ctx context.Context, m types.Map) map[string]azurecache.DiagnosticSetting {
	out := map[string]azurecache.DiagnosticSetting{}
	_, settings := elements[diagnosticModel](ctx, m)
	for name, d := range settings {
		s := azurecache.DiagnosticSetting{
			WorkspaceID: d.WorkspaceID.ValueString(), StorageAccountID: d.StorageAccountID.ValueString(),
			EventHubAuthorizationRuleID: d.EventHubRuleID.ValueString(), EventHubName: d.EventHubName.ValueString(),
			MarketplacePartnerID: d.PartnerID.ValueString(), ServiceBusRuleID: d.ServiceBusRuleID.ValueString(),
			LogAnalyticsDestinationType: d.DestinationType.ValueString(),
		}
		s.Categories, _ = textsOf(d.Categories)
		s.CategoryGroups, _ = textsOf(d.CategoryGroups)
		s.Metrics, _ = textsOf(d.Metrics)
		out[name] = s
	}
	return out
}

func endpointOf(ctx context.Context, o types.Object) *azurecache.PrivateEndpoint {
	e := decode[endpointModel](ctx, o)
	zones, _ := textsOf(e.DNSZoneIDs)
	if zones == nil && isKnown(e.DNSZoneIDs) {
		zones = []string{} // none, which is not the same as not managed
	}
	return &azurecache.PrivateEndpoint{
		Name: e.Name.ValueString(), Location: e.Location.ValueString(), SubnetID: e.SubnetID.ValueString(),
		DNSZoneIDs: zones, Manual: e.Manual.ValueBool(), RequestMessage: e.RequestMessage.ValueString(),
		ID: e.ID.ValueString(), Status: e.Status.ValueString(),
	}
}
