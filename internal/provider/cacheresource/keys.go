package cacheresource

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*keysResource)(nil)

type keysResource struct {
	hostOf HostOf
	host   Host
}

// NewKeys returns the constructor of the ephemeral resource.
func NewKeys(hostOf HostOf) func() ephemeral.EphemeralResource {
	return func() ephemeral.EphemeralResource { return &keysResource{hostOf: hostOf} }
}

// redisID validates the id of an Azure Cache for Redis.
type redisID struct{}

const notACacheID = "resource_id is not the id of a cache"

// Description says what is valid.
func (redisID) Description(context.Context) string {
	return "must be the id of a " + service.Redis.Type
}

// MarkdownDescription is the same as Description.
func (v redisID) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses any other id.
func (redisID) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isKnown(req.ConfigValue) {
		return
	}
	if _, err := azure.ParseCacheIDOf(service.Redis, req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, notACacheID, sentence(err.Error()))
	}
}

type keysModel struct {
	ResourceID types.String `tfsdk:"resource_id"`
	Primary    types.String `tfsdk:"primary_access_key"`
	Secondary  types.String `tfsdk:"secondary_access_key"`
}

// Metadata names the ephemeral resource.
func (r *keysResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_keys"
}

// Schema describes the ephemeral resource.
func (r *keysResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	key := func(doc string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: doc}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The access keys of a cache, for a client that cannot sign in with Microsoft Entra yet. They are in no plan and " +
			"no state. Requires Terraform 1.10, and the action `" + service.Redis.Type + "/listKeys/action`.",
		Attributes: map[string]schema.Attribute{
			"resource_id": schema.StringAttribute{Required: true, MarkdownDescription: "Id of the cache.",
				Validators: []validator.String{redisID{}}},
			"primary_access_key":   key("The first key."),
			"secondary_access_key": key("The second key."),
		},
	}
}

// Configure takes the host out of the provider's data.
func (r *keysResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	if req.ProviderData != nil {
		r.host = r.hostOf(req.ProviderData)
	}
}

// Open reads the keys, and warns that they are in use.
func (r *keysResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m keysModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id, err := azure.ParseCacheIDOf(service.Redis, m.ResourceID.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("resource_id"), notACacheID, sentence(err.Error()))
		return
	}
	client, diags := r.host.Client()
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultRead)
	defer cancel()
	var keys azurecache.Keys
	if keys, err = client.ListKeys(ctx, id.ID); err != nil {
		resp.Diagnostics.AddError("the access keys of "+id.Name+" could not be read", sentence(err.Error()))
		return
	}
	m.Primary, m.Secondary = types.StringValue(string(keys.Primary)), types.StringValue(string(keys.Secondary))
	resp.Diagnostics.AddWarning(fmt.Sprintf("access keys of %s are in use", id.Name),
		"A key is a password with all rights that belongs to nobody in particular. The baseline asks for keys to be off "+
			"(advisory/access-keys-disabled): "+
			"let clients sign in with a managed identity and an access policy assignment. Where keys are off already, these open nothing.")
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}
