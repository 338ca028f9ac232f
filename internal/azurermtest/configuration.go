package azurermtest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// configuration is a provider that has only the arguments of its provider block, those
// that configurations usually set.
type configuration struct{}

func (*configuration) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "azurerm"
}

func (*configuration) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"subscription_id":                 schema.StringAttribute{Optional: true},
			"tenant_id":                       schema.StringAttribute{Optional: true},
			"resource_provider_registrations": schema.StringAttribute{Optional: true},
			"skip_provider_registration":      schema.BoolAttribute{Optional: true},
			"storage_use_azuread":             schema.BoolAttribute{Optional: true},
		},
		Blocks: map[string]schema.Block{"features": schema.ListNestedBlock{}},
	}
}

func (*configuration) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (*configuration) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (*configuration) Resources(context.Context) []func() resource.Resource { return nil }
