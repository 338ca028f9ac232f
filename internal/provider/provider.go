package provider

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	listing "github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider/cacheresource"
)

var (
	_ provider.Provider                   = (*redisbaseline)(nil)
	_ provider.ProviderWithFunctions      = (*redisbaseline)(nil)
	_ provider.ProviderWithValidateConfig = (*redisbaseline)(nil)

	_ provider.ProviderWithEphemeralResources = (*redisbaseline)(nil)
	_ provider.ProviderWithListResources      = (*redisbaseline)(nil)
)

// redisbaseline is the provider.
type redisbaseline struct {
	version     string
	documents   baseline.Documents
	now         func() time.Time
	getenv      func(string) string
	changeAzure func(*arm.Options)
	sleep       func(context.Context, time.Duration) error
}

// New returns the constructor of the provider.
func New(version string, documents baseline.Documents, options ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &redisbaseline{version: version, documents: documents, now: time.Now, getenv: os.Getenv, changeAzure: func(*arm.Options) {},
			sleep: arm.Sleep}
		for _, o := range options {
			o(p)
		}
		return p
	}
}

// Metadata names the provider.
func (p *redisbaseline) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "redisbaseline"
	resp.Version = p.version
}

// Schema describes the provider's configuration.
func (p *redisbaseline) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attrs := azureAttributes()
	attrs["effect"] = schema.StringAttribute{
		Optional:   true,
		Validators: effectValidators(),
		MarkdownDescription: "What a violation does, in Azure Policy's terms: `Audit` (the default) warns, `Deny` fails, `Disabled` only " +
			"computes. " +
			"It governs `redisbaseline_guard`. Data sources deny only when their own block says so, because an error there stops `terraform " +
			"destroy` too; `Disabled` silences them as well.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Judges the Redis caches of Azure, planned or existing: Azure Cache for Redis against Microsoft's *Azure security " +
			"baseline for Azure Cache for Redis*, Azure Managed Redis and the Enterprise tiers against *Secure your Azure Managed Redis " +
			"deployment*, and says so as diagnostics while `terraform plan` runs. No setting is required. Only a data source that " +
			"reads existing caches asks Azure, and only then a credential is needed; its settings have the names of the azurerm provider, in " +
			"the configuration and in the environment.",
		Attributes: attrs,
		Blocks:     map[string]schema.Block{"exemption": providerExemptionBlock()},
	}
}

// ValidateConfig checks the exemptions and the cloud as far as they are known. What is
// wrong is shown at its line here; later it would be shown where Azure is needed.
func (p *redisbaseline) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	resp.Diagnostics.Append(validateExemptions(ctx, req.Config, p.documents)...)
	if c := newConnection(req.Config); len(c.unknown) == 0 {
		if wrong := arm.CheckCloud(c.explicit, p.getenv); wrong != nil {
			resp.Diagnostics.AddAttributeError(path.Root(wrong.Setting), wrongSetting, sentence(wrong.Problem))
		}
	}
}

// Configure hands effect, exemptions, clock and connection to data sources and
// resources. It sends nothing and makes no credential.
func (p *redisbaseline) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var own types.String
	var blocks types.List
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("effect"), &own)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("exemption"), &blocks)...)
	if resp.Diagnostics.HasError() {
		return
	}
	exemptions, diags := readExemptions(ctx, blocks, p.documents, refuseUnknown)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(refuseUnknownEffect(own)...)
	connection := newConnection(req.Config)
	connection.getenv, connection.now = p.getenv, p.now
	connection.options = arm.Options{Version: p.version, TerraformVersion: req.TerraformVersion}
	p.changeAzure(&connection.options)
	s := &settings{
		documents: p.documents, version: p.version,
		effect: effect(own.ValueString()), exemptions: exemptions, now: p.now, azure: connection,
	}
	s.cache = &cacheHost{settings: s, sleep: p.sleep}
	resp.DataSourceData, resp.ResourceData = s, s
	resp.EphemeralResourceData, resp.ListResourceData = s, s
}

// Functions lists the functions.
func (p *redisbaseline) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		snapshotFunction,
		func() function.Function { return violationsFunction(p.documents) },
		func() function.Function { return evaluateFunction(p.documents) },
		func() function.Function { return migrationFunction(p.documents) },
	}
}

// DataSources lists the data sources.
func (p *redisbaseline) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		func() datasource.DataSource { return &evaluationDataSource{judgingDataSource{documents: p.documents}} },
		func() datasource.DataSource { return &fleetDataSource{judgingDataSource{documents: p.documents}} },
	}
}

// Resources lists the resources.
func (p *redisbaseline) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newGuardResource, cacheresource.New(hostOf)}
}

// EphemeralResources lists the ephemeral resources.
func (p *redisbaseline) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{cacheresource.NewKeys(hostOf)}
}

// ListResources lists the list resources.
func (p *redisbaseline) ListResources(context.Context) []func() listing.ListResource {
	return []func() listing.ListResource{cacheresource.NewList(hostOf)}
}
