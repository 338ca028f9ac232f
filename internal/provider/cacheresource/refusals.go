package cacheresource

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// planned is a planned object with its nested parts. Refusals of children look at
// config, from which endpoint is decoded: values that the plan took over from the
// cache exist in Azure, and so cannot be refused.
type planned struct {
	model
	configuration configurationModel
	identity      identityModel
	endpoint      endpointModel
	prior         *model
	config        model
}

// refusal is a check for a value that Azure refuses, often only after half an hour.
// reason is empty where nothing is refused; unknown values are never refused.
type refusal struct {
	attribute string
	summary   string
	reason    func(context.Context, planned) string
}

var refusals = []refusal{
	{"capacity", "this tier has no such size", func(_ context.Context, p planned) string {
		switch {
		case p.tier("Premium") && isKnown(p.Capacity) && (p.Capacity.ValueInt64() < 1 || p.Capacity.ValueInt64() > 5):
			return "Premium has the sizes 1 to 5: set capacity to one of them."
		case p.tier("Basic", "Standard") && isKnown(p.Capacity) && p.Capacity.ValueInt64() > 6:
			return "Basic and Standard have the sizes 0 to 6: set capacity to one of them."
		}
		return ""
	}},
	{"shard_count", "only Premium can be clustered", func(_ context.Context, p planned) string {
		return p.premiumOnly(isKnown(p.config.ShardCount), "Shards need", "shard_count")
	}},
	{"replicas_per_primary", "only Premium has a number of replicas", func(_ context.Context, p planned) string {
		return p.premiumOnly(isKnown(p.config.ReplicasPerPrimary), "More replicas need", "replicas_per_primary")
	}},
	{"subnet_id", "only Premium can be injected into a subnet", func(_ context.Context, p planned) string {
		return p.premiumOnly(isKnown(p.SubnetID), "VNet injection needs", "subnet_id")
	}},
	{"subnet_id", "the subnet is in a classic network", func(_ context.Context, p planned) string {
		return when(strings.Contains(strings.ToLower(p.SubnetID.ValueString()), "/microsoft.classicnetwork/"),
			"Azure no longer takes subnets of classic virtual networks: use one of a Microsoft.Network virtual network.")
	}},
	{"private_endpoint", "an injected cache has no private endpoint", func(_ context.Context, p planned) string {
		return when(isKnown(p.SubnetID) && isKnown(p.endpoint.SubnetID),
			"VNet injection and a private endpoint exclude each other: remove subnet_id, which is the older way, or private_endpoint.")
	}},
	{"private_endpoint", "the private endpoint has no subnet", func(_ context.Context, p planned) string {
		return when(isKnown(p.config.PrivateEndpoint) && p.endpoint.SubnetID.IsNull() &&
			(isKnown(p.endpoint.Name) || isKnown(p.endpoint.Manual) || isKnown(p.endpoint.DNSZoneIDs) || isKnown(p.endpoint.RequestMessage) ||
				isKnown(p.endpoint.Location)),
			"Write private_endpoint.subnet_id, or private_endpoint = {} for none.")
	}},
	{"private_static_ip_address", "a static address needs a subnet", func(_ context.Context, p planned) string {
		return when(isKnown(p.config.PrivateStaticIPAddress) && p.SubnetID.IsNull(),
			"Only a cache that is injected into a subnet has an address of its own: set subnet_id too.")
	}},
	{"private_static_ip_address", "this is no address", func(_ context.Context, p planned) string {
		v := p.config.PrivateStaticIPAddress
		a, err := netip.ParseAddr(v.ValueString())
		return when(isKnown(v) && (err != nil || !a.Is4()), "Write an IPv4 address of the subnet.")
	}},
	{"redis_configuration", "authentication can be switched off only in a virtual network", func(_ context.Context, p planned) string {
		return when(isOff(p.configuration.Authentication) && p.SubnetID.IsNull(),
			"Azure refuses redis_configuration.authentication_enabled = false for a cache that is not injected: remove it, or set subnet_id.")
	}},
	{"access_keys_authentication_enabled", "without access keys clients need Microsoft Entra", func(_ context.Context, p planned) string {
		return when(isOff(p.AccessKeysAuthenticationEnabled) && isOff(p.configuration.Entra),
			"Access keys can be switched off only where redis_configuration.active_directory_authentication_enabled is true, which it is "+
				"by default: remove that argument, or set access_keys_authentication_enabled = true.")
	}},
	{"redis_configuration", "only Premium has persistence", func(_ context.Context, p planned) string {
		return p.premiumOnly(p.configuration.persistent(), "Persistence needs", "the arguments of persistence")
	}},
	{"redis_configuration", "snapshots and an append-only file exclude each other", func(_ context.Context, p planned) string {
		return when(p.configuration.RDBBackupEnabled.ValueBool() && p.configuration.AOFBackupEnabled.ValueBool(),
			"Azure takes rdb_backup_enabled or aof_backup_enabled, not both: remove one of them.")
	}},
	{"redis_configuration", "Basic has no memory reservations", func(_ context.Context, p planned) string {
		c := p.configuration
		return when(p.tier("Basic") && (isKnown(c.MaxmemoryReserved) || isKnown(c.MaxmemoryDelta) || isKnown(c.MaxfragmentationReserved)),
			"Azure refuses maxmemory_reserved, maxmemory_delta and maxfragmentationmemory_reserved for Basic "+
				"caches: remove them, or choose Standard or Premium.")
	}},
	{"redis_configuration", "the cache has no identity for its storage account", func(_ context.Context, p planned) string {
		c := p.configuration
		if p.tier("Basic", "Standard") {
			return "" // another refusal says that only Premium has persistence
		}
		return when(c.persistent() && c.PersistenceAuthentication.ValueString() == "ManagedIdentity" && p.Identity.IsNull(),
			"Persistence signs in with a managed identity by default: set identity, or data_persistence_authentication_method = \"SAS\".")
	}},
	{"redis_configuration", "persistence needs a connection string", func(ctx context.Context, p planned) string {
		c, s := p.configuration, decode[secretsModel](ctx, p.config.StorageConnectionStrings)
		var was configurationModel
		if p.prior != nil {
			was = decode[configurationModel](ctx, p.prior.RedisConfiguration)
		}
		// Azure keeps the connection string while the kind of authentication is the same.
		same := isKnown(c.PersistenceAuthentication) && c.PersistenceAuthentication.Equal(was.PersistenceAuthentication)
		missing := func(on, before types.Bool, text types.String) bool {
			return on.ValueBool() && text.IsNull() && !(same && before.ValueBool())
		}
		if p.tier("Basic", "Standard") {
			return "" // another refusal says that only Premium has persistence
		}
		return when(missing(c.RDBBackupEnabled, was.RDBBackupEnabled, s.RDB) || missing(c.AOFBackupEnabled, was.AOFBackupEnabled, s.AOF0),
			"Write the connection string of the storage account in storage_connection_strings; it is sent to Azure and stored nowhere. "+
				"With a managed identity it names the account and holds no key: BlobEndpoint=https://<account>.blob.core.windows.net/")
	}},
	{"identity", "the kind of identity and its ids do not fit", func(_ context.Context, p planned) string {
		ids, known := textsOf(p.identity.IdentityIDs)
		user := strings.Contains(p.identity.Type.ValueString(), "UserAssigned")
		switch {
		case !isKnown(p.identity.Type) || !known:
			return ""
		case user && len(ids) == 0:
			return "A user-assigned identity needs identity_ids: set them to the ids of azurerm_user_assigned_identity resources."
		case !user && len(ids) > 0:
			return "identity_ids count only where type contains UserAssigned: remove them, or set type to \"UserAssigned\"."
		}
		return ""
	}},
	{"minimum_tls_version", "TLS below 1.2 can no longer be set", func(_ context.Context, p planned) string {
		v := p.MinimumTLSVersion
		old := v.ValueString() == "1.0" || v.ValueString() == "1.1" // empty where it is not known
		return when(old && (p.prior == nil || !v.Equal(p.prior.MinimumTLSVersion)),
			"Azure retired TLS 1.0 and 1.1 for this service: leave minimum_tls_version out.")
	}},
	{"redis_version", "the version of Redis cannot go down", func(_ context.Context, p planned) string {
		if p.prior != nil && isKnown(p.RedisVersion) && isKnown(p.prior.RedisVersion) &&
			p.RedisVersion.ValueString() < p.prior.RedisVersion.ValueString() {
			return fmt.Sprintf("The cache runs version %s: remove redis_version, or set that.", p.prior.RedisVersion.ValueString())
		}
		return ""
	}},
	{"redis_version", "this version of Redis is no longer offered", func(_ context.Context, p planned) string {
		return when(p.prior == nil && p.RedisVersion.ValueString() == "4", "Azure creates caches with version 6 only: remove redis_version.")
	}},
	{"zones", "Basic has no zones", func(_ context.Context, p planned) string {
		zones, _ := textsOf(p.config.Zones)
		return when(p.tier("Basic") && len(zones) > 0, "A Basic cache is one node: remove zones, or choose Standard or Premium.")
	}},
	{"zonal_allocation_policy", "Basic has no zones", func(_ context.Context, p planned) string {
		v := p.config.ZonalAllocationPolicy
		return when(p.tier("Basic") && isKnown(v) && v.ValueString() != "NoZones",
			"A Basic cache is one node: remove zonal_allocation_policy, or choose Standard or Premium.")
	}},
	{"zonal_allocation_policy", "zones and how they are chosen do not fit", func(_ context.Context, p planned) string {
		zones, known := textsOf(p.config.Zones)
		policy := p.ZonalAllocationPolicy.ValueString()
		switch {
		case !isKnown(p.ZonalAllocationPolicy) || !known || p.prior != nil && p.config.Zones.IsNull():
			return ""
		case policy == "UserDefined" && len(zones) == 0:
			return "UserDefined needs zones: set zones, or remove zonal_allocation_policy."
		case policy != "UserDefined" && len(zones) > 0:
			return "zones count only with UserDefined, which is the default where they are set: remove zonal_allocation_policy, or zones."
		}
		return ""
	}},
	{"firewall_rules", "a firewall rule admits nobody", func(ctx context.Context, p planned) string {
		names, rules := elements[ruleModel](ctx, p.config.FirewallRules)
		var wrong []string
		for _, name := range names {
			if why := badRange(rules[name]); why != "" {
				wrong = append(wrong, fmt.Sprintf("The rule %q: %s.", name, why))
			}
		}
		return strings.Join(wrong, "\n")
	}},
	{"diagnostic_settings", "a diagnostic setting has no destination", func(ctx context.Context, p planned) string {
		names, settings := elements[diagnosticModel](ctx, p.config.DiagnosticSettings)
		var wrong []string
		for _, name := range names {
			d := settings[name]
			if d.WorkspaceID.IsNull() && d.StorageAccountID.IsNull() && d.EventHubRuleID.IsNull() && d.PartnerID.IsNull() &&
				d.ServiceBusRuleID.IsNull() {
				wrong = append(wrong, name)
			}
		}
		if len(wrong) == 0 {
			return ""
		}
		return fmt.Sprintf("The setting %s needs log_analytics_workspace_id, storage_account_id, "+
			"eventhub_authorization_rule_id, partner_solution_id or servicebus_rule_id.", strings.Join(wrong, ", "))
	}},
	{"diagnostic_settings", "an event hub has no authorization rule", func(ctx context.Context, p planned) string {
		names, settings := elements[diagnosticModel](ctx, p.config.DiagnosticSettings)
		for _, name := range names {
			if d := settings[name]; isKnown(d.EventHubName) && d.EventHubRuleID.IsNull() {
				return fmt.Sprintf("The setting %s has eventhub_name, and needs eventhub_authorization_rule_id too.", name)
			}
		}
		return ""
	}},
	{"access_policies", "a built-in access policy cannot be changed", func(_ context.Context, p planned) string {
		for _, name := range slices.Sorted(maps.Keys(p.config.AccessPolicies.Elements())) {
			if service.Redis.HasAccessPolicy(name) {
				return fmt.Sprintf("%s is always there: choose another name.", name)
			}
		}
		return ""
	}},
	uniqueIgnoringCase("firewall_rules", func(m model) types.Map { return m.FirewallRules }),
	uniqueIgnoringCase("access_policies", func(m model) types.Map { return m.AccessPolicies }),
	uniqueIgnoringCase("access_policy_assignments", func(m model) types.Map { return m.AccessPolicyAssignments }),
	uniqueIgnoringCase("diagnostic_settings", func(m model) types.Map { return m.DiagnosticSettings }),
	{"access_policy_assignments", "an access policy is assigned that does not exist", func(ctx context.Context, p planned) string {
		if !isKnown(p.config.AccessPolicies) {
			return "" // it may be managed elsewhere
		}
		there := map[string]bool{}
		for name := range p.config.AccessPolicies.Elements() {
			there[strings.ToLower(name)] = true
		}
		names, assignments := elements[assignmentModel](ctx, p.config.AccessPolicyAssignments)
		var wrong, builtIn []string
		for _, p := range service.Redis.AccessPolicies {
			builtIn = append(builtIn, p.Name)
		}
		for _, name := range names {
			policy := assignments[name].PolicyName
			if isKnown(policy) && !service.Redis.HasAccessPolicy(policy.ValueString()) && !there[strings.ToLower(policy.ValueString())] {
				wrong = append(wrong, fmt.Sprintf("The assignment %q has the policy %q, which is not in access_policies: add it there, or "+
					"use one that is built in: %s.", name, policy.ValueString(), strings.Join(builtIn, ", ")))
			}
		}
		return strings.Join(wrong, "\n")
	}},
	{"patch_schedule", "a day stands twice in the maintenance windows", func(ctx context.Context, p planned) string {
		var days []string
		for _, w := range windowsOf(ctx, p.config.PatchSchedule) {
			for _, day := range w.Days() {
				if day != "" && slices.Contains(days, day) { // an empty day is not known yet
					return "Each day can have one window: " + day + " has two. Remove one of them."
				}
				days = append(days, day)
			}
		}
		return ""
	}},
	{"timeouts", "a timeout leaves no time", func(ctx context.Context, p planned) string {
		t := p.config.Timeouts
		for _, of := range []struct {
			name string
			get  func(context.Context, time.Duration) (time.Duration, diag.Diagnostics)
		}{{"create", t.Create}, {"read", t.Read}, {"update", t.Update}, {"delete", t.Delete}} {
			if d, diags := of.get(ctx, time.Minute); !diags.HasError() && d <= 0 {
				return of.name + " must be longer than nothing, such as 30m; leave it out for the default."
			}
		}
		return ""
	}},
}

// uniqueIgnoringCase refuses names that differ only in letter case, which Azure
// ignores.
func uniqueIgnoringCase(attribute string, of func(model) types.Map) refusal {
	return refusal{attribute, "two names differ only in letter case", func(_ context.Context, p planned) string {
		seen := map[string]string{}
		for _, name := range slices.Sorted(maps.Keys(of(p.config).Elements())) {
			if other, ok := seen[strings.ToLower(name)]; ok {
				return fmt.Sprintf("To Azure %q and %q are the same: remove or rename one of them.", other, name)
			}
			seen[strings.ToLower(name)] = name
		}
		return ""
	}}
}

func (p planned) tier(names ...string) bool {
	return isKnown(p.SKUName) && slices.Contains(names, p.SKUName.ValueString())
}

// when is a reason where something is so, and none where it is not.
func when(so bool, reason string) string {
	if so {
		return reason
	}
	return ""
}

func (p planned) premiumOnly(wanted bool, what, argument string) string {
	return when(wanted && p.tier("Basic", "Standard"), what+" the Premium tier: remove "+argument+`, or set sku_name = "Premium".`)
}

func badRange(r ruleModel) string {
	if !isKnown(r.StartIP) || !isKnown(r.EndIP) {
		return ""
	}
	start, startErr := netip.ParseAddr(r.StartIP.ValueString())
	end, endErr := netip.ParseAddr(r.EndIP.ValueString())
	switch {
	case startErr != nil || endErr != nil || !start.Is4() || !end.Is4():
		return "write IPv4 addresses as start_ip and end_ip, for example \"203.0.113.7\""
	case end.Less(start):
		return fmt.Sprintf("%s lies after %s: exchange start_ip and end_ip", start, end)
	}
	return ""
}

// refuse returns an error for every refusal that applies.
func refuse(ctx context.Context, plan, config model, prior *model) diag.Diagnostics {
	p := planned{
		model: plan, config: config, prior: prior, configuration: decode[configurationModel](ctx, plan.RedisConfiguration),
		identity: decode[identityModel](ctx, plan.Identity), endpoint: decode[endpointModel](ctx, config.PrivateEndpoint),
	}
	if config.RedisConfiguration.IsNull() && plan.RedisConfiguration.IsUnknown() {
		p.configuration = decode[configurationModel](ctx, types.ObjectNull(configurationTypes()))
	}
	var diags diag.Diagnostics
	for _, r := range refusals {
		if why := r.reason(ctx, p); why != "" {
			diags.AddAttributeError(path.Root(r.attribute), fmt.Sprintf("%s: %s", title(plan), r.summary), why)
		}
	}
	return diags
}

// title is the name of the cache in summaries.
func title(m model) string {
	if isKnown(m.Name) {
		return m.Name.ValueString()
	}
	return "the cache"
}
