package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// judgingDataSource is what the data sources have in common.
type judgingDataSource struct {
	documents baseline.Documents
	settings  *settings // once the provider is configured
}

// Configure takes the provider's settings.
func (d *judgingDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.settings, _ = req.ProviderData.(*settings)
}

// ValidateConfig checks exemptions. It reports no finding: Terraform calls it
// two or three times per plan, and never with what is known in between.
func (d *judgingDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest,
	resp *datasource.ValidateConfigResponse) {
	resp.Diagnostics.Append(validateExemptions(ctx, req.Config, d.documents)...)
}

// schema adds what the data sources have in common to the attributes of one.
func (d *judgingDataSource) schema(doc, effectDoc string, attributes map[string]schema.Attribute) schema.Schema {
	attributes["effect"] = schema.StringAttribute{
		Optional: true, Validators: effectValidators(),
		MarkdownDescription: "`Audit` (the default) warns, `Deny` fails, `Disabled` only computes. An error here also stops `terraform " +
			"destroy`" + effectDoc,
	}
	attributes["advisories"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "Whether advisories are shown as warnings; `true` by default. They never decide `compliant`.",
	}
	attributes["summary"] = schema.ObjectAttribute{
		Computed: true, AttributeTypes: objectOf[report.Summary]().AttrTypes,
		MarkdownDescription: "Counts of features by status, over all caches; `not_observed` is a part of `unknown`.",
	}
	return schema.Schema{
		MarkdownDescription: doc, Attributes: attributes,
		Blocks: map[string]schema.Block{"exemption": dataSourceExemptionBlock()},
	}
}

// speaker makes diagnostics at an attribute, as the block asks for them.
func (d *judgingDataSource) speaker(own types.String, advisories types.Bool, at path.Path) speaker {
	return speaker{
		documents: d.settings.documents, effect: d.settings.forDataSource(effect(own.ValueString())),
		advisories: advisories.IsNull() || advisories.ValueBool(), at: at, exempts: true,
	}
}

// stateEncoders write a report as the state keeps it.
func stateEncoders(to map[string]*strings.Builder) (out []report.Encoder, diags diag.Diagnostics) {
	for format, w := range to {
		encoder, err := report.NewEncoder(format, w, report.EncodeOptions{ForState: true})
		if err != nil {
			diags.AddError("the report cannot be written as "+format, err.Error())
			return nil, diags
		}
		out = append(out, encoder)
	}
	return out, diags
}
