package vocabulary

import (
	"fmt"
	"slices"
	"strings"
)

// PrivateEndpoint is Microsoft.Network/privateEndpoints. Its connection is one of
// two lists of ARM; [ManualPrivateEndpoint] has it in the other one.
var PrivateEndpoint = inGroup(
	Argument{Role: Connections, Azurerm: "private_service_connection", ARM: "properties.privateLinkServiceConnections",
		Doc: "Private endpoint: the connection."},
	Argument{Role: ManualConnections, ARM: "properties.manualPrivateLinkServiceConnections"},
	Argument{Role: Target, Azurerm: "private_service_connection[0].private_connection_resource_id",
		ARM: "properties.privateLinkServiceConnections[0].properties.privateLinkServiceId", Refers: true, Doc: "Id of the cache."},
	Argument{Role: Subresources, Azurerm: "private_service_connection[0].subresource_names",
		ARM: "properties.privateLinkServiceConnections[0].properties.groupIds", Doc: "To what it connects."},
	Argument{Role: Manual, Azurerm: "private_service_connection[0].is_manual_connection",
		Doc: "Whether a person must approve the connection."},
	Argument{Role: ZoneGroup, Azurerm: "private_dns_zone_group", Doc: "Private endpoint: the DNS zone group."},
	Argument{Role: Zones, Azurerm: "private_dns_zone_group[0].private_dns_zone_ids", Refers: true, Doc: "Ids of private DNS zones."},
	Argument{Role: InSubnet, Azurerm: "subnet_id", ARM: "properties.subnet.id", Refers: true, Migration: true},
)

// ManualPrivateEndpoint is a private endpoint whose connection waits for approval.
var ManualPrivateEndpoint = append(PrivateEndpoint[:len(PrivateEndpoint):len(PrivateEndpoint)],
	Argument{Role: Target, ARM: "properties.manualPrivateLinkServiceConnections[0].properties.privateLinkServiceId"},
	Argument{Role: Subresources, ARM: "properties.manualPrivateLinkServiceConnections[0].properties.groupIds"},
)

// SeveralConnections says why a private endpoint with several connections is left open.
const SeveralConnections = "it has several connections, and nobody documents which of them counts"

// EndpointConnection is a private endpoint in ARM as one of several connections has it: that
// at an index of the list of a role.
func EndpointConnection(list Role, index int) Companion {
	element := fmt.Sprintf("%s[%d].properties.", PrivateEndpoint.ARM().Place(list).Path, index)
	return append(PrivateEndpoint[:len(PrivateEndpoint):len(PrivateEndpoint)],
		Argument{Role: Target, ARM: element + "privateLinkServiceId"}, Argument{Role: Subresources, ARM: element + "groupIds"})
}

// DiagnosticSetting is Microsoft.Insights/diagnosticSettings.
var DiagnosticSetting = Companion{
	{Role: Target, Azurerm: "target_resource_id", ARM: "parent_id", Refers: true, Doc: "Diagnostic setting: id of the cache."},
	{Role: Logs, Azurerm: "enabled_log", ARM: "properties.logs", Doc: "Diagnostic setting: enabled logs.",
		Each: append(log, Argument{Role: Enabled, ARM: "enabled"})},
	{Role: AllLogs, Azurerm: "log", Doc: "Diagnostic setting: logs in the form of azurerm 3.",
		Each: append(log, Argument{Role: Enabled, Azurerm: "enabled", Doc: "Whether the log is enabled."})},
	{Role: Workspace, Azurerm: "log_analytics_workspace_id", ARM: "properties.workspaceId", Refers: true,
		Doc: "Diagnostic setting: destination workspace."},
	{Role: StorageAccount, Azurerm: "storage_account_id", ARM: "properties.storageAccountId", Refers: true,
		Doc: "Diagnostic setting: destination storage account."},
	{Role: EventHubRule, Azurerm: "eventhub_authorization_rule_id", ARM: "properties.eventHubAuthorizationRuleId", Refers: true,
		Doc: "Diagnostic setting: destination event hub rule."},
	{Role: Partner, Azurerm: "partner_solution_id", ARM: "properties.marketplacePartnerId", Refers: true,
		Doc: "Diagnostic setting: destination partner solution."},
	// azurerm has no such argument, settings that were made otherwise have.
	{Role: ServiceBusRule, Azurerm: "servicebus_rule_id", ARM: "properties.serviceBusRuleId", Refers: true},
}

var log = Companion{
	{Role: Category, Azurerm: "category", ARM: "category", Doc: "Log category."},
	{Role: CategoryGroup, Azurerm: "category_group", ARM: "categoryGroup", Doc: "Log category group."},
}

// FirewallRule is firewallRules of a cache.
var FirewallRule = Companion{
	{Role: Name, Azurerm: "name"},
	{Role: ResourceGroup, Azurerm: "resource_group_name"},
	{Role: TargetName, Azurerm: "redis_cache_name", Refers: true, Doc: "Firewall rule: name of the cache."},
	{Role: Target, ARM: "parent_id"},
	{Role: Start, Azurerm: "start_ip", ARM: "properties.startIP", Doc: "Firewall rule: first address."},
	{Role: End, Azurerm: "end_ip", ARM: "properties.endIP", Doc: "Firewall rule: last address."},
}

// AccessPolicyAssignment is accessPolicyAssignments of a cache.
var AccessPolicyAssignment = inCache(Argument{Role: Policy, Azurerm: "access_policy_name", ARM: "properties.accessPolicyName",
	Doc: "Access policy assignment: the policy."},
	Argument{Role: Principal, Azurerm: "object_id", ARM: "properties.objectId", Refers: true, Migration: true})

// ManagedAccessPolicyAssignment is accessPolicyAssignments of the database of Azure
// Managed Redis. azurerm has no argument for the policy: it is always "default".
var ManagedAccessPolicyAssignment = Companion{
	{Role: Target, Azurerm: "managed_redis_id", ARM: "parent_id", Refers: true,
		Doc: "Access policy assignment: id of the cache of Azure Managed Redis."},
	{Role: Policy, ARM: "properties.accessPolicyName"},
	{Role: Permissions, ARM: "properties.accessString"},
	{Role: Principal, Azurerm: "object_id", ARM: "properties.user.objectId", Refers: true, Migration: true},
}

// Database is the database of a cluster of Azure Managed Redis or the Enterprise tiers.
var Database = append(Companion{
	{Role: ID, Azurerm: "id", ARM: "id"},
	{Role: Target, Azurerm: "cluster_id", ARM: "parent_id", Refers: true},
	{Role: Linked, Azurerm: "linked_database_id", ARM: "properties.geoReplication.linkedDatabases", Refers: true},
}, factsOfDatabase()...)

func factsOfDatabase() (out Companion) {
	for i, f := range slices.Concat(azureManagedRedis, migrationOfManagedRedis) {
		term, migration := orAzurerm(&f, f.Enterprise), i >= len(azureManagedRedis)
		if f.Database && term.CannotSet == "" && term.AlwaysDefault == "" && term.OfOtherResource == "" {
			a := Argument{Role: FactArgument, Azurerm: term.Path, Migration: migration}
			if term.Column != "" && term.Form != Count {
				for _, column := range strings.Split(term.Column, ",") {
					a.Each = append(a.Each, Argument{Role: FactArgument, Azurerm: column, Migration: migration})
				}
			}
			out = append(out, a)
		}
	}
	return out
}

// GeoReplication is azurerm_managed_redis_geo_replication, which links the databases
// of clusters.
var GeoReplication = Companion{
	{Role: Target, Azurerm: "managed_redis_id", Refers: true},
	{Role: Linked, Azurerm: "linked_managed_redis_ids", Refers: true},
}

// AccessPolicy is accessPolicies of a cache.
var AccessPolicy = inCache(Argument{Role: Permissions, Azurerm: "permissions", ARM: "properties.permissions"})

// PatchSchedule is patchSchedules of a cache, which azurerm has in the cache.
var PatchSchedule = inCache(Argument{Role: Windows, ARM: "properties.scheduleEntries",
	Each: Companion{{Role: Name, ARM: "dayOfWeek"}, {Role: Hour, ARM: "startHourUtc", Migration: true}}})

// inCache is a child of a cache.
func inCache(arguments ...Argument) Companion {
	return append(Companion{
		{Role: Name, Azurerm: "name"},
		{Role: Target, Azurerm: "redis_cache_id", ARM: "parent_id", Refers: true, Doc: "Access policy assignment: id of the cache."},
	}, arguments...)
}

// PolicyAssignment is Microsoft.Authorization/policyAssignments; azurerm has a
// type, with an argument of its own, for each kind of scope.
func PolicyAssignment(scope string) Companion {
	return resource(
		Argument{Role: Scope, Azurerm: scope, ARM: "parent_id", Refers: true,
			Doc: "Policy assignment: the " + strings.ReplaceAll(strings.TrimSuffix(scope, "_id"), "_", " ") + "."},
		Argument{Role: Definition, Azurerm: "policy_definition_id", Doc: "Policy assignment: definition or initiative.",
			ARM: "properties.policyDefinitionId"},
		Argument{Role: Enforcement, Azurerm: "enforce", Doc: "Policy assignment: whether it is enforced.", ARM: "properties.enforcementMode"},
		Argument{Role: NotScopes, Azurerm: "not_scopes", Doc: "Policy assignment: excluded scopes.", ARM: "properties.notScopes"},
		Argument{Role: Parameters, Azurerm: "parameters", Doc: "Policy assignment: parameters as JSON.", ARM: "properties.parameters"},
		Argument{Role: Overrides, Azurerm: "overrides", Doc: "Policy assignment: overrides.", ARM: "properties.overrides", Each: selection},
		Argument{Role: Selectors, Azurerm: "resource_selectors", Doc: "Policy assignment: which resources it is for.",
			ARM: "properties.resourceSelectors", Each: selection},
	)
}

var selection = Companion{{Role: Selectors, Azurerm: "selectors", ARM: "selectors", Doc: "Conditions that all have to hold.",
	Each: Companion{
		{Role: Kind, Azurerm: "kind", ARM: "kind",
			Doc: "What it selects by: `resourceType`, `policyDefinitionReferenceId` and others."},
		{Role: In, Azurerm: "in", ARM: "in", Doc: "Values that are selected."},
		{Role: NotIn, Azurerm: "not_in", ARM: "notIn", Doc: "Values that are left out."},
	}}}

// PolicyExemption is Microsoft.Authorization/policyExemptions.
func PolicyExemption(scope string) Companion {
	return resource(
		Argument{Role: Scope, Azurerm: scope, ARM: "parent_id", Refers: true},
		Argument{Role: Assignment, Azurerm: "policy_assignment_id", ARM: "properties.policyAssignmentId", Refers: true},
		Argument{Role: Expires, Azurerm: "expires_on", ARM: "properties.expiresOn"},
		Argument{Role: Definitions, Azurerm: "policy_definition_reference_ids", ARM: "properties.policyDefinitionReferenceIds"},
	)
}

// VirtualNetwork is Microsoft.Network/virtualNetworks, with the subnets that it
// defines itself.
var VirtualNetwork = inGroup(Argument{Role: Subnets, Azurerm: "subnet", ARM: "properties.subnets", Each: Companion{
	{Role: ID, Azurerm: "id"},
	{Role: Name, Azurerm: "name", ARM: "name"},
	{Role: Prefix, Azurerm: "address_prefix", ARM: "properties.addressPrefix"},
	{Role: Prefixes, Azurerm: "address_prefixes", ARM: "properties.addressPrefixes"},
	{Role: SecurityGroup, Azurerm: "security_group", ARM: "properties.networkSecurityGroup.id"},
}})

// Subnet is subnets of a virtual network.
var Subnet = inGroup(
	Argument{Role: Parent, Azurerm: "virtual_network_name"},
	Argument{Role: Prefix, ARM: "properties.addressPrefix"},
	Argument{Role: Prefixes, Azurerm: "address_prefixes", ARM: "properties.addressPrefixes"},
	Argument{Role: SecurityGroup, Azurerm: "network_security_group_id", ARM: "properties.networkSecurityGroup.id"},
	Argument{Role: SecurityGroupWriteOnly, Azurerm: "network_security_group_id_wo", Refers: true},
)

// SubnetAssociation gives a subnet its network security group; in azapi it is an
// update of the subnet.
var SubnetAssociation = Companion{
	{Role: Target, Azurerm: "subnet_id", ARM: "resource_id", Refers: true,
		Doc: "Network security group association: the subnet."},
	{Role: SecurityGroup, Azurerm: "network_security_group_id", ARM: "properties.networkSecurityGroup.id", Refers: true,
		Doc: "Network security group association: the group."},
}

// NetworkSecurityGroup is Microsoft.Network/networkSecurityGroups.
var NetworkSecurityGroup = inGroup(Argument{Role: Rules, Azurerm: "security_rule", ARM: "properties.securityRules",
	Doc:  "Network security group: its rules.",
	Each: append(Companion{{Role: Name, Azurerm: "name", ARM: "name"}}, factsOf(SecurityRule)...)})

// NetworkSecurityRule is securityRules of a network security group.
var NetworkSecurityRule = inGroup(append(Companion{{Role: Parent, Azurerm: "network_security_group_name", Refers: true}},
	factsOf(SecurityRule)...)...)

// factsOf are the arguments that hold the facts of a table.
func factsOf[P any](t Table[P]) Companion {
	var out Companion
	for _, f := range t {
		for _, path := range [][2]string{{f.Azurerm.Path, f.ARM.Path}, {f.Azurerm.Plural, f.ARM.Plural}, {f.Azurerm.Groups, f.ARM.Groups}} {
			if path[0] != "" {
				out = append(out, Argument{Role: FactArgument, Azurerm: path[0], ARM: "properties." + path[1]})
			}
		}
	}
	return out
}

// PrivateDNSZone is Microsoft.Network/privateDnsZones.
var PrivateDNSZone = inGroup()

// ZoneLink is virtualNetworkLinks of a private DNS zone.
var ZoneLink = Companion{
	{Role: ResourceGroup, Azurerm: "resource_group_name"},
	{Role: Parent, Azurerm: "private_dns_zone_name", Refers: true},
}

// PrivateDNSZoneGroup is privateDnsZoneGroups of a private endpoint, which azurerm
// has in the endpoint.
var PrivateDNSZoneGroup = Companion{
	{Role: Zones, ARM: "properties.privateDnsZoneConfigs", Each: Companion{{Role: ID, ARM: "properties.privateDnsZoneId"}}},
}

// ResourceGroups is Microsoft.Resources/resourceGroups.
var ResourceGroups = resource()

// Deployment is the deployment of a template, or a stack that deploys one.
var Deployment = Companion{
	{Role: ID, Azurerm: "id"},
	{Role: ResourceGroup, Azurerm: "resource_group_name"},
	{Role: Mode, Azurerm: "deployment_mode", ARM: "properties.mode"},
	{Role: Template, Azurerm: "template_content", ARM: "properties.template"},
	{Role: TemplateLink, Azurerm: "template_spec_version_id", ARM: "properties.templateLink"},
}

// LinkedServer is linkedServers of a cache, which links another cache to it.
var LinkedServer = Companion{
	{Role: ResourceGroup, Azurerm: "resource_group_name", Migration: true},
	{Role: TargetName, Azurerm: "target_redis_cache_name", Refers: true, Migration: true},
	{Role: Target, ARM: "parent_id"},
	{Role: Linked, Azurerm: "linked_redis_cache_id", ARM: "properties.linkedRedisCacheId", Refers: true, Migration: true},
	{Role: ServerRole, Azurerm: "server_role", ARM: "properties.serverRole", Migration: true},
}

// RoleAssignment is Microsoft.Authorization/roleAssignments.
var RoleAssignment = Companion{
	{Role: Target, Azurerm: "scope", ARM: "parent_id", Refers: true, Migration: true},
	{Role: RoleName, Azurerm: "role_definition_name", Migration: true},
	{Role: RoleID, Azurerm: "role_definition_id", ARM: "properties.roleDefinitionId", Migration: true},
	{Role: Principal, Azurerm: "principal_id", ARM: "properties.principalId", Migration: true},
}
