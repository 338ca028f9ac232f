package cacheresource

import (
	"regexp"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func texts(doc string, v ...validator.String) schema.SetAttribute {
	return schema.SetAttribute{
		Optional: true, ElementType: types.StringType, MarkdownDescription: doc,
		Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(append(v, notEmpty)...)},
	}
}

func identityAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, MarkdownDescription: "Managed identity of the cache. Omitted: none.",
		Attributes: map[string]schema.Attribute{
			"type": required("`SystemAssigned`, `UserAssigned` or `SystemAssigned, UserAssigned`.",
				OneOf("SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned")),
			"identity_ids": texts("Ids of user-assigned identities.", idForm()),
			"principal_id": computed("Principal of the system-assigned identity."),
			"tenant_id":    computed("Tenant of the system-assigned identity."),
		},
	}
}

func configurationAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true, MarkdownDescription: "Configuration of Redis. What is omitted has the default that is named here.",
		Attributes: map[string]schema.Attribute{
			"active_directory_authentication_enabled": flag("Whether clients may sign in with Microsoft Entra; `true` by default. Switching it " +
				"on restarts the nodes."),
			"authentication_enabled": flag("Whether clients must sign in; `true` by default. It can be switched off only in a " +
				"virtual network."),
			"data_persistence_authentication_method": optionalComputed("How the cache signs in to the storage account: "+
				"`ManagedIdentity` by default where persistence is on, or `SAS`.", OneOf("ManagedIdentity", "SAS")),
			"maxmemory_reserved": number("Megabytes kept for what is no cached data; the service's recommendation by "+
				"default. Not on Basic.", int64validator.AtLeast(0)),
			"maxmemory_delta": number("Megabytes kept for failover; the service's recommendation by default. Not on Basic.",
				int64validator.AtLeast(0)),
			"maxfragmentationmemory_reserved": number("Megabytes kept for fragmentation; the service's recommendation by default. Not on "+
				"Basic.", int64validator.AtLeast(0)),
			"maxmemory_policy": optionalComputed("What is evicted when memory is full; `volatile-lru` by default.",
				OneOf("noeviction", "allkeys-lru", "volatile-lru", "allkeys-random", "volatile-random", "volatile-ttl", "allkeys-lfu", "volatile-lfu")),
			"notify_keyspace_events": optionalComputed("Keyspace notifications; none by default."),
			"databases": number("Databases, 16 by default and more for larger sizes, one for a cluster. Azure takes it "+
				"when the cache is created and never changes it.", int64validator.Between(1, 64)),
			"rdb_backup_enabled": flag("Whether snapshots are written; `false` by default. Premium only."),
			"rdb_backup_frequency": number("Minutes between snapshots; 60 by default where they are written.",
				int64validator.OneOf(15, 30, 60, 360, 720, 1440)),
			"rdb_backup_max_snapshot_count": number("Snapshots that are kept; 1 by default where they are written.", int64validator.AtLeast(1)),
			"aof_backup_enabled":            flag("Whether an append-only file is written; `false` by default. Premium only."),
			"storage_account_subscription_id": optionalComputed("Subscription of the storage account for persistence with a managed "+
				"identity.", uuidForm()),
		},
	}
}

func patchScheduleAttribute() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Maintenance windows. Omitted: a cache that is created gets a weekly one, Sunday from 02:00 UTC, and one that " +
			"exists keeps what it has. Empty: none.",
		NestedObject: schema.NestedAttributeObject{Validators: []validator.Object{demands{"day_of_week"}},
			Attributes: map[string]schema.Attribute{
				"day_of_week": optional("Required. Day: `Monday` to `Sunday`, `Everyday` or `Weekend`.",
					OneOf("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Everyday", "Weekend")),
				"start_hour_utc": number("Hour in UTC, 0 to 23; 0 by default.", int64validator.Between(0, 23)),
				"maintenance_window": optionalComputed("ISO 8601 duration; `PT5H` by default, which is the least.",
					stringvalidator.RegexMatches(regexp.MustCompile(`^PT([5-9]|1\d|2[0-4])H$`), "must be whole hours, from PT5H to PT24H")),
			}},
	}
}

func keyed(doc string, key validator.String, demanded demands,
	attributes map[string]schema.Attribute) schema.MapNestedAttribute {
	return schema.MapNestedAttribute{
		Optional: true, Computed: true, MarkdownDescription: doc + unmanaged,
		Validators:   []validator.Map{mapvalidator.KeysAre(key)},
		NestedObject: schema.NestedAttributeObject{Attributes: attributes, Validators: []validator.Object{demanded}},
	}
}

func firewallRulesAttribute() schema.MapNestedAttribute {
	return keyed("Public addresses that are let in, by name of the rule. They matter only with public network access.",
		ruleForm(), demands{"start_ip", "end_ip"}, map[string]schema.Attribute{
			"start_ip": optional("Required. First IPv4 address."),
			"end_ip":   optional("Required. Last IPv4 address."),
		})
}

func accessPoliciesAttribute() schema.MapAttribute {
	return schema.MapAttribute{
		Optional: true, Computed: true, ElementType: types.StringType,
		MarkdownDescription: "Custom data access policies: permissions by name, such as `+get +set ~app:*`. The built-in ones are always there." +
			unmanaged,
		Validators: []validator.Map{
			mapvalidator.KeysAre(policyForm()),
			mapvalidator.NoNullValues(), mapvalidator.ValueStringsAre(notEmpty),
		},
	}
}

func accessPolicyAssignmentsAttribute() schema.MapNestedAttribute {
	return keyed("Who gets which data access policy, by name of the assignment.", policyForm(),
		demands{"access_policy_name", "object_id", "object_id_alias"}, map[string]schema.Attribute{
			"access_policy_name": optional("Required. `Data Owner`, `Data Contributor`, `Data Reader`, or a custom policy."),
			"object_id":          optional("Required. Object id of the user, service principal or managed identity in Microsoft Entra.", uuidForm()),
			"object_id_alias":    optional("Required. A name for it, which is also the user name of the client."),
		})
}

func diagnosticSettingsAttribute() schema.MapNestedAttribute {
	return keyed("Where logs go, by name of the diagnostic setting. Each needs at least one destination.", diagnosticForm(), nil,
		map[string]schema.Attribute{
			"log_analytics_workspace_id": optional("Id of a Log Analytics workspace.", idForm()),
			"log_analytics_destination_type": optionalComputed("`Dedicated` or `AzureDiagnostics`; the service decides when omitted.",
				OneOf("Dedicated", "AzureDiagnostics")),
			"storage_account_id":             optional("Id of a storage account.", idForm()),
			"eventhub_authorization_rule_id": optional("Id of an authorization rule of an event hub namespace.", idForm()),
			"eventhub_name":                  optional("Name of the event hub."),
			"partner_solution_id":            optional("Id of a partner solution.", idForm()),
			"servicebus_rule_id":             optional("Id of an authorization rule of a Service Bus namespace, as old settings have it.", idForm()),
			"log_categories":                 texts("Categories of logs. With it, only these."),
			"log_category_groups": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Category groups of logs; `allLogs` by default where `log_categories` is omitted.",
			},
			"metric_categories": texts("Categories of metrics, such as `AllMetrics`; none by default."),
		})
}

func privateEndpointAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "The private endpoint of the cache, made in the resource group of the cache. Omitted: not managed here. Empty: " +
			"none; the private endpoints of others are named in a warning, and stay.",
		Attributes: map[string]schema.Attribute{
			"subnet_id": optional("Id of the subnet in which the endpoint gets its address.", idForm()),
			"name": optionalComputed("Name of the endpoint; that of the cache with `-private-endpoint` by default, shortened where it "+
				"would be too long.",
				stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9_]$`),
					"must be 2 to 64 letters, digits and ._- between them")),
			"location": optionalComputed("Region of the subnet; that of the cache by default.", notEmpty),
			"private_dns_zone_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(idForm())},
				MarkdownDescription: "Ids of private DNS zones in which the endpoint is registered. Omitted: not managed here, as where a policy " +
					"sees to it. Empty: none.",
			},
			"is_manual_connection": flag("Whether the connection waits for approval; `false` by default."),
			"request_message":      optional("What the approver reads, for a manual connection."),
			"id":                   computed("Id of the private endpoint."),
			"connection_status":    computed("`Approved`, `Pending`, `Rejected` or `Disconnected`."),
		},
	}
}

// The types of the nested attributes, as the schema says.
var (
	identityTypes      = typesOf(identityAttribute)
	configurationTypes = typesOf(configurationAttribute)
	windowTypes        = typesOf(patchScheduleAttribute)
	ruleTypes          = typesOf(firewallRulesAttribute)
	assignmentTypes    = typesOf(accessPolicyAssignmentsAttribute)
	diagnosticTypes    = typesOf(diagnosticSettingsAttribute)
	endpointTypes      = typesOf(privateEndpointAttribute)
)

func typesOf[A schema.NestedAttribute](attribute func() A) func() map[string]attr.Type {
	return sync.OnceValue(func() map[string]attr.Type {
		return attribute().GetNestedObject().Type().(types.ObjectType).AttrTypes //nolint:forcetypeassert // the type of every nested object
	})
}
