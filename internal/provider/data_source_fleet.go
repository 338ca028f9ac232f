package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider/cacheresource"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var (
	_ datasource.DataSourceWithConfigure      = (*fleetDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*fleetDataSource)(nil)
)

type fleetDataSource struct{ judgingDataSource }

type fleetModel struct {
	SubscriptionIDs    types.Set    `tfsdk:"subscription_ids"`
	ManagementGroupIDs types.Set    `tfsdk:"management_group_ids"`
	ResourceGroupNames types.Set    `tfsdk:"resource_group_names"`
	Tags               types.Map    `tfsdk:"tags"`
	Effect             types.String `tfsdk:"effect"`
	Advisories         types.Bool   `tfsdk:"advisories"`
	Diagnostics        types.String `tfsdk:"diagnostics"`
	Report             types.Bool   `tfsdk:"report"`
	Exemption          types.List   `tfsdk:"exemption"`
	Compliant          types.Bool   `tfsdk:"compliant"`
	Partial            types.Bool   `tfsdk:"partial"`
	Summary            types.Object `tfsdk:"summary"`
	Caches             types.List   `tfsdk:"caches"`
	ControlTotals      types.List   `tfsdk:"control_totals"`
	FeatureTotals      types.List   `tfsdk:"feature_totals"`
	AdvisoryTotals     types.List   `tfsdk:"advisory_totals"`
	Unseen             types.List   `tfsdk:"unseen"`
	ReportJSON         types.String `tfsdk:"report_json"`
}

// The values of diagnostics.
const (
	diagnosticsSummary = "summary"
	diagnosticsEach    = "each"
)

// Metadata names the data source.
func (d *fleetDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_fleet"
}

// Schema describes the data source.
func (d *fleetDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	// An empty list would select everything, which nobody means who computes a
	// list.
	names := []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))}
	set := func(doc string) schema.Attribute {
		return schema.SetAttribute{Optional: true, ElementType: types.StringType, Validators: names, MarkdownDescription: doc}
	}
	list := func(t types.ObjectType, doc string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: t, MarkdownDescription: doc}
	}
	resp.Schema = d.schema("Judges every cache that exists in subscriptions and management groups, or every cache that the identity of the "+
		"provider can read. "+
		"It emits one diagnostic per rule, however many caches there are, and reports what it was asked for and could not see.",
		", and the very plan that would mend a cache.", map[string]schema.Attribute{
			"subscription_ids": set("Ids of the subscriptions to look at. Without these and `management_group_ids`, every subscription that " +
				"the identity can read."),
			"management_group_ids": set("Names or ids of the management groups whose subscriptions are looked at, at any depth."),
			"resource_group_names": set("Only caches in resource groups of these names, in any casing."),
			"tags": schema.MapAttribute{
				Optional: true, ElementType: types.StringType, Validators: []validator.Map{mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1))},
				MarkdownDescription: "Only caches with all of these tags. Names compare in any casing, values exactly; an empty value asks for the " +
					"name alone.",
			},
			"diagnostics": schema.StringAttribute{
				Optional: true, Validators: []validator.String{cacheresource.OneOf(diagnosticsSummary, diagnosticsEach)},
				MarkdownDescription: "`summary` (the default) shows one diagnostic per rule, with the count and the first ten names; `each` shows " +
					"one per rule and cache.",
			},
			"report": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether `report_json` is set; `true` by default. It is about ten kilobytes a cache, and lands in the state.",
			},
			"compliant": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "`false` when any feature of any cache is violated; `null` while one is undecided, something was not seen, or " +
					"there is no cache; else `true`.",
			},
			"partial": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "`true` when something that was asked for could not be seen; `unseen` says what.",
			},
			"caches": list(objectOf[fleetCache](),
				"Every cache, sorted by id, with the ids of the features that it violates, that are undecided and that are exempt, and of the "+
					"advisories that concern it."),
			"control_totals": list(objectOf[controlTotal](),
				"Counts of features by status for every control, in the order of Microsoft's document."),
			"feature_totals":  list(objectOf[featureTotal](), "Counts of caches by status for every feature, in the order of Microsoft's document."),
			"advisory_totals": list(objectOf[advisoryTotal](), "Counts of caches by status for every advisory."),
			"unseen": list(objectOf[report.Unseen](),
				"Subscriptions, management groups and caches that were asked for and could not be seen, with the reason; `forbidden` says that a "+
					"role would mend it."),
			"report_json": schema.StringAttribute{Computed: true,
				MarkdownDescription: "The report as JSON, in the format of `redisbaseline scan`."},
		})
}

// Read walks over the caches, judges and reports.
func (d *fleetDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m fleetModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	own, diags := readExemptions(ctx, m.Exemption, d.documents, refuseUnknown)
	resp.Diagnostics.Append(diags...)
	selection, diags := m.selection(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	reader, diags := d.settings.azure.reader()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	f := &fleet{
		settings: d.settings, speak: d.speaker(m.Effect, m.Advisories, m.place()), each: m.Diagnostics.ValueString() == diagnosticsEach, own: own,
		judged: map[*baseline.Document]int{}, controls: map[string]*report.Summary{}, rules: map[string]*report.Summary{},
		findings: map[*baseline.Entry]*mentions{},
	}
	text, diags := f.walk(ctx, reader, selection, m.Report.IsNull() || m.Report.ValueBool())
	resp.Diagnostics.Append(f.diagnose()...)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	m.ReportJSON = text
	f.fill(&m)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// walk judges the caches one after another. An error means that the walk ended
// early for another reason than a missing permission.
func (f *fleet) walk(ctx context.Context, reader *azure.Reader, selection azure.Selection, wanted bool) (types.String, diag.Diagnostics) {
	var out strings.Builder
	formats := map[string]*strings.Builder{}
	if wanted {
		formats["json"] = &out
	}
	encoders, diags := stateEncoders(formats)
	if diags.HasError() {
		return types.StringNull(), diags
	}
	scan := reader.Scan(selection)
	var ended error
	job := f.settings.job(report.Source{Kind: report.SourceExisting, Inputs: scopes(selection)}, f.own, judge.Input{
		Caches: func(yield func(posture.Planned) bool) {
			for cache, err := range scan.Caches(ctx) {
				if cache == nil {
					ended = err
					continue
				}
				if f.reading = err; !yield(posture.Planned{After: cache}) {
					return
				}
			}
		},
		Rest: func() (judge.Rest, error) {
			rest := judge.Rest{Vanished: scan.Vanished()}
			for _, u := range scan.Unseen() {
				rest.Unseen = append(rest.Unseen, report.Unseen(u))
			}
			if ended != nil && arm.IsForbidden(ended) {
				rest.Unseen = append(rest.Unseen, report.Unseen{Kind: "subscription", ID: "*", Detail: ended.Error(), Forbidden: true})
				ended = nil
			}
			f.result.Unseen = rest.Unseen // also where the walk ended early
			f.partial = scan.Partial() || len(rest.Unseen) > 0
			if ended == nil { // else caches that were not read may match
				for _, filter := range scan.Unmatched() {
					f.unmatched = append(f.unmatched, "no cache that was read matches "+filter)
				}
			}
			rest.Notes = f.unmatched
			return rest, ended
		},
	})
	job.Each = func(c *posture.Cache, judged report.Cache) error {
		f.add(c, judged)
		return nil
	}
	result, err := job.Run(ctx, encoders...)
	switch {
	case ended != nil:
		diags.Append(f.speak.fail("the caches could not be read",
			sentence(ended.Error())+fmt.Sprintf("\n\n%d caches were judged by then.", len(f.caches))))
	case err != nil:
		diags.AddError("the report cannot be written", err.Error())
	default:
		f.result = *result
	}
	if diags.HasError() || !wanted {
		return types.StringNull(), diags
	}
	return types.StringValue(out.String()), diags
}

// selection is what the configuration asks of Azure.
func (m *fleetModel) selection(ctx context.Context) (s azure.Selection, diags diag.Diagnostics) {
	for _, part := range []struct {
		from types.Set
		to   *[]string
	}{{m.SubscriptionIDs, &s.SubscriptionIDs}, {m.ManagementGroupIDs, &s.ManagementGroupIDs}, {m.ResourceGroupNames, &s.ResourceGroupNames}} {
		diags.Append(part.from.ElementsAs(ctx, part.to, false)...)
		slices.Sort(*part.to)
	}
	s.Tags = map[string]string{}
	for name, v := range m.Tags.Elements() {
		if text, ok := v.(types.String); ok {
			s.Tags[name] = text.ValueString()
		}
	}
	return s, diags
}

// place is the root attribute at which diagnostics are shown; empty for the block.
func (m *fleetModel) place() path.Path {
	switch {
	case !m.SubscriptionIDs.IsNull():
		return path.Root("subscription_ids")
	case !m.ManagementGroupIDs.IsNull():
		return path.Root("management_group_ids")
	default:
		return path.Empty()
	}
}

// scopes are the scopes that the configuration asks for, as ARM writes them.
func scopes(s azure.Selection) []string {
	out := []string{}
	for _, id := range s.SubscriptionIDs {
		out = append(out, "/subscriptions/"+strings.TrimPrefix(id, "/subscriptions/"))
	}
	for _, id := range s.ManagementGroupIDs {
		out = append(out, "/providers/Microsoft.Management/managementGroups/"+armid.Last(id))
	}
	return out
}
