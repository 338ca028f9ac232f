package cacheresource

import (
	"context"
	"regexp"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// The schema has no defaults: they are computed while planning (see completion),
// because most depend on the tier or on the existing cache. The descriptions name
// them.

// An empty text is refused; null stands for an argument that is left out.

func required(doc string, v ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Required: true, MarkdownDescription: doc, Validators: append(v, notEmpty)}
}

func optional(doc string, v ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: doc, Validators: append(v, notEmpty)}
}

func optionalComputed(doc string, v ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: doc, Validators: v}
}

func computed(doc string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: doc}
}

func flag(doc string) schema.BoolAttribute {
	return schema.BoolAttribute{Optional: true, Computed: true, MarkdownDescription: doc}
}

func number(doc string, v ...validator.Int64) schema.Int64Attribute {
	return schema.Int64Attribute{Optional: true, Computed: true, MarkdownDescription: doc, Validators: v}
}

func computedNumber(doc string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: doc}
}

var (
	notEmpty = stringvalidator.LengthAtLeast(1)

	nameForm       = matching(`^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$`, "must be letters, digits and single hyphens between them")
	groupForm      = matching(`^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$`, "must be letters, digits, and _().- with no dot at the end")
	idForm         = matching(`(?i)^/subscriptions/[^/]+/`, "must be the id of an Azure resource, which begins with /subscriptions/")
	uuidForm       = matching(`^[0-9a-fA-F-]{36}$`, "must be a UUID")
	ruleForm       = matching(`^\w{1,256}$`, "must be letters, digits and underscores")
	policyForm     = matching(`^([a-zA-Z0-9][a-zA-Z0-9- ]*[a-zA-Z0-9]|[a-zA-Z0-9])$`, "must be letters, digits, hyphens and spaces")
	diagnosticForm = matching(`^[^<>*%&:\\?+/]{1,260}$`, "must have none of <>*%&:\\?+/")
)

// matching makes the validator of strings that match a pattern, when it is first used.
func matching(pattern, message string) func() validator.String {
	return sync.OnceValue(func() validator.String { return stringvalidator.RegexMatches(regexp.MustCompile(pattern), message) })
}

const unmanaged = " Omitted: not managed here. Empty: none."

// Schema describes the resource.
func (r *cacheResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An " + service.Redis.Name + " of which nothing is insecure when nothing else is set: what is omitted is " +
			"secure, every departure from the baseline is a diagnostic in the plan, and no access key is ever in the plan or the state. " +
			"The plan gate, which sees the whole plan, still asks for a private endpoint (NS-2) and for logs (LT-4). " +
			"Attributes have the names of `" + service.Redis.Azurerm[0] + "`. Some arguments are write-only, which requires Terraform 1.11 " +
			"where they are used.",
		Attributes: map[string]schema.Attribute{
			"id": computed("The resource id."),
			"name": required("Name of the cache: 1 to 63 letters, digits and single hyphens; unique in the whole cloud.",
				stringvalidator.LengthBetween(1, 63), nameForm()),
			"resource_group_name": required("Name of the resource group.", stringvalidator.LengthBetween(1, 90), groupForm()),
			"location":            required("Azure region."),
			"sku_name": required("Tier: `Basic`, `Standard` or `Premium`. A tier can go up in place, never down.",
				OneOf("Basic", "Standard", "Premium")),
			"capacity": schema.Int64Attribute{
				Required: true, MarkdownDescription: "Size: 0 to 6 for Basic and Standard, 1 to 5 for Premium.",
				Validators: []validator.Int64{int64validator.Between(0, 6)},
			},
			"family":   computed("Family of the size: `C` for Basic and Standard, `P` for Premium."),
			"hostname": computed("Host name of the cache."),
			"port":     computedNumber("Port without TLS, closed by default."),
			"ssl_port": computedNumber("Port with TLS."),
			"removed_with_cache": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What is destroyed with the cache and would outlive it in Azure: `private_endpoint` and " +
					"`diagnostic_settings.<name>`, where the configuration of the last apply that changed something states them. Nothing else around " +
					"the cache is ever destroyed with it.",
			},
			"provisioning_state": computed("State of the cache as Azure shows it; `Succeeded` when it is ready."),

			"public_network_access_enabled": flag("Whether the cache answers on a public address; `false` by default."),
			"non_ssl_port_enabled":          flag("Whether the port without TLS is open; `false` by default."),
			"minimum_tls_version": optionalComputed("Lowest version of TLS that is accepted; `1.2` by default, and the only one that can "+
				"still be set.", OneOf("1.0", "1.1", "1.2")),
			"access_keys_authentication_enabled": flag("Whether clients may sign in with an access key; `false` by default, so that Microsoft " +
				"Entra decides who gets in."),
			"redis_version": optionalComputed("Major version of Redis; `6` for a new cache. It can go up in place, never down.",
				OneOf("4", "6")),
			"replicas_per_primary": number("Replicas of each primary, 1 to 3. Premium only; the service decides when omitted.",
				int64validator.Between(1, 3)),
			"shard_count": number("Shards of a cluster, up to 10. Premium only; not clustered when omitted.",
				int64validator.Between(1, 10)),
			"subnet_id": optional("Id of the subnet in which the cache is injected. Premium only, cannot be changed in "+
				"place, and excludes a private endpoint.", idForm()),
			"private_static_ip_address": optionalComputed("Address of the cache in its subnet; cannot be changed in place.", notEmpty),
			"zones": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(OneOf("1", "2", "3"))},
				MarkdownDescription: "Availability zones; cannot be changed in place. The service chooses when omitted.",
			},
			"zonal_allocation_policy": optionalComputed("How zones are chosen: `Automatic` by default where the region has zones, else `NoZones`; "+
				"`UserDefined` with `zones`, `NoZones` on Basic.", OneOf("Automatic", "UserDefined", "NoZones")),
			"update_channel": optionalComputed("When updates arrive: `Stable` by default, or `Preview`.", OneOf("Stable", "Preview")),
			"tenant_settings": schema.MapAttribute{
				Optional: true, Computed: true, ElementType: types.StringType, Validators: []validator.Map{mapvalidator.NoNullValues()},
				MarkdownDescription: "Settings for the tenant, as support names them. Omitted: not managed here.",
			},
			"tags": schema.MapAttribute{
				Optional: true, Computed: true, ElementType: types.StringType, Validators: []validator.Map{mapvalidator.NoNullValues()},
				MarkdownDescription: "Tags of the cache. Omitted: none.",
			},
			"identity":            identityAttribute(),
			"redis_configuration": configurationAttribute(),
			"storage_connection_strings": schema.SingleNestedAttribute{
				Optional: true, WriteOnly: true,
				MarkdownDescription: "Connection strings of storage accounts for persistence. They are sent to Azure while what they are for is on, " +
					"and kept nowhere; Azure never shows them. With a managed identity, the default, they name the account and hold no key: " +
					"`BlobEndpoint=https://<account>.blob.core.windows.net/`.",
				Attributes: map[string]schema.Attribute{
					"rdb_storage_connection_string":   secret("For RDB snapshots."),
					"aof_storage_connection_string_0": secret("For the append-only file."),
					"aof_storage_connection_string_1": secret("For the append-only file, second account."),
				},
			},
			"storage_connection_strings_version": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "Change this number to send `storage_connection_strings` again, for example after a key was rotated. An " +
					"imported cache gets them once more, because Azure does not tell which it has.",
			},
			"patch_schedule":            patchScheduleAttribute(),
			"firewall_rules":            firewallRulesAttribute(),
			"access_policies":           accessPoliciesAttribute(),
			"access_policy_assignments": accessPolicyAssignmentsAttribute(),
			"diagnostic_settings":       diagnosticSettingsAttribute(),
			"private_endpoint":          privateEndpointAttribute(),

			"allow_replacement": schema.BoolAttribute{
				Optional: true, WriteOnly: true,
				MarkdownDescription: "Whether a change that Azure cannot make in place may destroy the cache and create it anew; `false` by " +
					"default, because a service that retires may refuse the new one. Write-only.",
			},
			"advisories": schema.BoolAttribute{
				Optional: true, WriteOnly: true,
				MarkdownDescription: "Whether advisories are shown as warnings; `false` by default, but that a new cache is of a service that " +
					"retires is always said. Write-only.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: "How long creating may take; `180m` by default.",
				UpdateDescription: "How long an update may take; `180m` by default.",
				DeleteDescription: "How long deleting may take; `180m` by default.", ReadDescription: "How long reading may take; `5m` by default.",
			}),
		},
	}
}

func secret(doc string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, WriteOnly: true, Sensitive: true, MarkdownDescription: doc,
		Validators: []validator.String{notEmpty}}
}

// IdentitySchema describes what identifies a cache.
func (r *cacheResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "The resource id of the cache."},
	}}
}
