package cacheresource

import (
	"context"
	"sort"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// model is the resource as configuration, plan and state hold it.
type model struct {
	ID                types.String `tfsdk:"id"`
	Name              types.String `tfsdk:"name"`
	ResourceGroupName types.String `tfsdk:"resource_group_name"`
	Location          types.String `tfsdk:"location"`
	SKUName           types.String `tfsdk:"sku_name"`
	Capacity          types.Int64  `tfsdk:"capacity"`
	Family            types.String `tfsdk:"family"`
	Hostname          types.String `tfsdk:"hostname"`
	Port              types.Int64  `tfsdk:"port"`
	SSLPort           types.Int64  `tfsdk:"ssl_port"`
	ProvisioningState types.String `tfsdk:"provisioning_state"`

	PublicNetworkAccessEnabled      types.Bool   `tfsdk:"public_network_access_enabled"`
	NonSSLPortEnabled               types.Bool   `tfsdk:"non_ssl_port_enabled"`
	MinimumTLSVersion               types.String `tfsdk:"minimum_tls_version"`
	AccessKeysAuthenticationEnabled types.Bool   `tfsdk:"access_keys_authentication_enabled"`
	RedisVersion                    types.String `tfsdk:"redis_version"`
	ReplicasPerPrimary              types.Int64  `tfsdk:"replicas_per_primary"`
	ShardCount                      types.Int64  `tfsdk:"shard_count"`
	SubnetID                        types.String `tfsdk:"subnet_id"`
	PrivateStaticIPAddress          types.String `tfsdk:"private_static_ip_address"`
	Zones                           types.Set    `tfsdk:"zones"`
	ZonalAllocationPolicy           types.String `tfsdk:"zonal_allocation_policy"`
	UpdateChannel                   types.String `tfsdk:"update_channel"`
	TenantSettings                  types.Map    `tfsdk:"tenant_settings"`
	Tags                            types.Map    `tfsdk:"tags"`

	Identity                        types.Object `tfsdk:"identity"`
	RedisConfiguration              types.Object `tfsdk:"redis_configuration"`
	StorageConnectionStrings        types.Object `tfsdk:"storage_connection_strings"`
	StorageConnectionStringsVersion types.Int64  `tfsdk:"storage_connection_strings_version"`

	PatchSchedule           types.List   `tfsdk:"patch_schedule"`
	FirewallRules           types.Map    `tfsdk:"firewall_rules"`
	AccessPolicies          types.Map    `tfsdk:"access_policies"`
	AccessPolicyAssignments types.Map    `tfsdk:"access_policy_assignments"`
	DiagnosticSettings      types.Map    `tfsdk:"diagnostic_settings"`
	PrivateEndpoint         types.Object `tfsdk:"private_endpoint"`
	RemovedWithCache        types.Set    `tfsdk:"removed_with_cache"`

	AllowReplacement types.Bool     `tfsdk:"allow_replacement"`
	Advisories       types.Bool     `tfsdk:"advisories"`
	Timeouts         timeouts.Value `tfsdk:"timeouts"`
}

type identityModel struct {
	Type        types.String `tfsdk:"type"`
	IdentityIDs types.Set    `tfsdk:"identity_ids"`
	PrincipalID types.String `tfsdk:"principal_id"`
	TenantID    types.String `tfsdk:"tenant_id"`
}

type configurationModel struct {
	Entra                        types.Bool   `tfsdk:"active_directory_authentication_enabled"`
	Authentication               types.Bool   `tfsdk:"authentication_enabled"`
	PersistenceAuthentication    types.String `tfsdk:"data_persistence_authentication_method"`
	MaxmemoryReserved            types.Int64  `tfsdk:"maxmemory_reserved"`
	MaxmemoryDelta               types.Int64  `tfsdk:"maxmemory_delta"`
	MaxfragmentationReserved     types.Int64  `tfsdk:"maxfragmentationmemory_reserved"`
	MaxmemoryPolicy              types.String `tfsdk:"maxmemory_policy"`
	NotifyKeyspaceEvents         types.String `tfsdk:"notify_keyspace_events"`
	RDBBackupEnabled             types.Bool   `tfsdk:"rdb_backup_enabled"`
	RDBBackupFrequency           types.Int64  `tfsdk:"rdb_backup_frequency"`
	RDBBackupMaxSnapshotCount    types.Int64  `tfsdk:"rdb_backup_max_snapshot_count"`
	AOFBackupEnabled             types.Bool   `tfsdk:"aof_backup_enabled"`
	StorageAccountSubscriptionID types.String `tfsdk:"storage_account_subscription_id"`
	Databases                    types.Int64  `tfsdk:"databases"`
}

// persistent reports whether the cache is known to persist its data.
func (c *configurationModel) persistent() bool {
	return c.RDBBackupEnabled.ValueBool() || c.AOFBackupEnabled.ValueBool()
}

type secretsModel struct {
	RDB  types.String `tfsdk:"rdb_storage_connection_string"`
	AOF0 types.String `tfsdk:"aof_storage_connection_string_0"`
	AOF1 types.String `tfsdk:"aof_storage_connection_string_1"`
}

type windowModel struct {
	DayOfWeek         types.String `tfsdk:"day_of_week"`
	StartHourUTC      types.Int64  `tfsdk:"start_hour_utc"`
	MaintenanceWindow types.String `tfsdk:"maintenance_window"`
}

type ruleModel struct {
	StartIP types.String `tfsdk:"start_ip"`
	EndIP   types.String `tfsdk:"end_ip"`
}

type assignmentModel struct {
	PolicyName    types.String `tfsdk:"access_policy_name"`
	ObjectID      types.String `tfsdk:"object_id"`
	ObjectIDAlias types.String `tfsdk:"object_id_alias"`
}

type diagnosticModel struct {
	WorkspaceID      types.String `tfsdk:"log_analytics_workspace_id"`
	DestinationType  types.String `tfsdk:"log_analytics_destination_type"`
	StorageAccountID types.String `tfsdk:"storage_account_id"`
	EventHubRuleID   types.String `tfsdk:"eventhub_authorization_rule_id"`
	EventHubName     types.String `tfsdk:"eventhub_name"`
	PartnerID        types.String `tfsdk:"partner_solution_id"`
	ServiceBusRuleID types.String `tfsdk:"servicebus_rule_id"`
	Categories       types.Set    `tfsdk:"log_categories"`
	CategoryGroups   types.Set    `tfsdk:"log_category_groups"`
	Metrics          types.Set    `tfsdk:"metric_categories"`
}

// in connects the arguments of a diagnostic setting with what they are in Azure.
func (d *diagnosticModel) in(s *azurecache.DiagnosticSetting) (texts map[*types.String]*string, sets map[*types.Set]*[]string) {
	return map[*types.String]*string{
		&d.WorkspaceID: &s.WorkspaceID, &d.DestinationType: &s.LogAnalyticsDestinationType, &d.StorageAccountID: &s.StorageAccountID,
		&d.EventHubRuleID: &s.EventHubAuthorizationRuleID, &d.EventHubName: &s.EventHubName, &d.PartnerID: &s.MarketplacePartnerID,
		&d.ServiceBusRuleID: &s.ServiceBusRuleID,
	}, map[*types.Set]*[]string{&d.Categories: &s.Categories, &d.CategoryGroups: &s.CategoryGroups, &d.Metrics: &s.Metrics}
}

type endpointModel struct {
	SubnetID       types.String `tfsdk:"subnet_id"`
	Name           types.String `tfsdk:"name"`
	Location       types.String `tfsdk:"location"`
	DNSZoneIDs     types.Set    `tfsdk:"private_dns_zone_ids"`
	Manual         types.Bool   `tfsdk:"is_manual_connection"`
	RequestMessage types.String `tfsdk:"request_message"`
	ID             types.String `tfsdk:"id"`
	Status         types.String `tfsdk:"connection_status"`
}

// The schema has checked all types, so that a wrong type is an error in this program.

// decode reads a known object; a null or unknown one gives a model whose fields
// are null or unknown as well.
func decode[T any](ctx context.Context, o types.Object) T {
	var out T
	if o.IsNull() || o.IsUnknown() {
		fields := map[string]attr.Value{}
		for name, typ := range o.AttributeTypes(ctx) {
			fields[name] = emptyValue(ctx, typ, o.IsUnknown())
		}
		o = types.ObjectValueMust(o.AttributeTypes(ctx), fields)
	}
	if diags := o.As(ctx, &out, basetypes.ObjectAsOptions{}); diags.HasError() {
		panic(diags[0].Detail())
	}
	return out
}

func encode(ctx context.Context, typ map[string]attr.Type, v any) types.Object {
	o, diags := types.ObjectValueFrom(ctx, typ, v)
	if diags.HasError() {
		panic(diags[0].Detail())
	}
	return o
}

// emptyValue is a null or unknown value of a type.
func emptyValue(ctx context.Context, typ attr.Type, unknown bool) attr.Value {
	var raw any
	if unknown {
		raw = tftypes.UnknownValue
	}
	v, err := typ.ValueFromTerraform(ctx, tftypes.NewValue(typ.TerraformType(ctx), raw))
	if err != nil {
		panic(err)
	}
	return v
}

// elements reads a known map of objects, sorted by key.
func elements[T any](ctx context.Context, m types.Map) (keys []string, byKey map[string]T) {
	byKey = map[string]T{}
	for key, v := range m.Elements() {
		keys = append(keys, key)
		byKey[key] = decode[T](ctx, v.(types.Object)) //nolint:forcetypeassert // the schema says so
	}
	sort.Strings(keys)
	return keys, byKey
}

// textsOf returns the known elements of a set, sorted, and whether all are known.
func textsOf(s types.Set) (out []string, known bool) {
	known = !s.IsUnknown()
	for _, v := range s.Elements() {
		text := v.(types.String) //nolint:forcetypeassert // the schema says so
		if text.IsUnknown() {
			known = false
			continue
		}
		out = append(out, text.ValueString())
	}
	sort.Strings(out)
	return out, known
}

func setOf(items []string) types.Set {
	values := []attr.Value{}
	for _, item := range items {
		values = append(values, types.StringValue(item))
	}
	return types.SetValueMust(types.StringType, values)
}

func textMap(m map[string]string) types.Map {
	values := map[string]attr.Value{}
	for key, v := range m {
		values[key] = types.StringValue(v)
	}
	return types.MapValueMust(types.StringType, values)
}

// textsByKey returns the known texts of a map.
func textsByKey(m types.Map) map[string]string {
	out := map[string]string{}
	for key, v := range m.Elements() {
		if text := v.(types.String); !text.IsUnknown() { //nolint:forcetypeassert // the schema says so
			out[key] = text.ValueString()
		}
	}
	return out
}

// isSet reports whether a value is known or unknown, and not null.
func isSet(v attr.Value) bool { return !v.IsNull() }

func isKnown(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// first returns the first value that is not null.
func first[T attr.Value](values ...T) T {
	for _, v := range values {
		if !v.IsNull() {
			return v
		}
	}
	return values[len(values)-1]
}
