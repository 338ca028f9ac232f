package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

var (
	_ provider.Provider                   = (*redisbaseline)(nil)
	_ provider.ProviderWithFunctions      = (*redisbaseline)(nil)
	_ provider.ProviderWithValidateConfig = (*redisbaseline)(nil)
)

// redisbaseline is the provider.
type redisbaseline struct {
	version string
	now     func() time.Time
}

type providerModel struct {
	Effect    types.String `tfsdk:"effect"`
	Exemption types.List   `tfsdk:"exemption"`
}

// New returns the constructor of the provider.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return newProvider(version, time.Now) }
}

func newProvider(version string, now func() time.Time) *redisbaseline {
	return &redisbaseline{version: version, now: now}
}

// Metadata names the provider.
func (p *redisbaseline) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "redisbaseline"
	resp.Version = p.version
}

// Schema describes the provider's configuration.
func (p *redisbaseline) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Judges Azure Cache for Redis instances, planned or existing, against Microsoft's *Azure security baseline for Azure Cache for Redis*, and says so as diagnostics while `terraform plan` runs. No setting is required, and no Azure credential is needed to judge what a configuration plans.",
		Attributes: map[string]schema.Attribute{
			"effect": schema.StringAttribute{
				Optional:   true,
				Validators: effectValidators(),
				MarkdownDescription: "What a violation does, in Azure Policy's terms: `Audit` (the default) warns, `Deny` fails, `Disabled` only computes. " +
					"It governs `redisbaseline_guard`. Data sources deny only when their own block says so, because an error there stops `terraform destroy` too; `Disabled` silences them as well.",
			},
		},
		Blocks: map[string]schema.Block{"exemption": providerExemptionBlock()},
	}
}

// ValidateConfig checks the exemptions that are known.
func (p *redisbaseline) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		_, diags := readExemptions(ctx, config.Exemption, skipUnknown)
		resp.Diagnostics.Append(diags...)
	}
}

// Configure hands effect, exemptions and clock to data sources and resources.
func (p *redisbaseline) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	exemptions, diags := readExemptions(ctx, config.Exemption, refuseUnknown)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(refuseUnknownEffect(config.Effect)...)
	s := &settings{
		baseline: baseline.AzureCacheForRedis, version: p.version,
		effect: effect(config.Effect.ValueString()), exemptions: exemptions, today: p.today,
	}
	resp.DataSourceData, resp.ResourceData = s, s
}

func (p *redisbaseline) today() time.Time { return baseline.Today(p.now()) }

// Functions lists the functions.
func (p *redisbaseline) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newSnapshotFunction, newViolationsFunction, newEvaluateFunction}
}

// DataSources lists the data sources.
func (p *redisbaseline) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newEvaluationDataSource}
}

// Resources lists the resources.
func (p *redisbaseline) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newGuardResource}
}
