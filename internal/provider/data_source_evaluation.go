package provider

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

var (
	_ datasource.DataSourceWithConfigure        = (*evaluationDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*evaluationDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*evaluationDataSource)(nil)
)

type evaluationDataSource struct{ judgingDataSource }

type evaluationModel struct {
	Cache            types.Object `tfsdk:"cache"`
	PlanFile         types.String `tfsdk:"plan_file"`
	ResourceID       types.String `tfsdk:"resource_id"`
	Label            types.String `tfsdk:"label"`
	Effect           types.String `tfsdk:"effect"`
	Advisories       types.Bool   `tfsdk:"advisories"`
	Exemption        types.List   `tfsdk:"exemption"`
	Compliant        types.Bool   `tfsdk:"compliant"`
	Summary          types.Object `tfsdk:"summary"`
	Features         types.List   `tfsdk:"features"`
	AdvisoryFindings types.List   `tfsdk:"advisory_findings"`
	ReportJSON       types.String `tfsdk:"report_json"`
	ReportMarkdown   types.String `tfsdk:"report_markdown"`
}

// Metadata names the data source.
func (d *evaluationDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_evaluation"
}

// Schema describes the data source.
func (d *evaluationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	snapshot := snapshotShape().dataSourceAttributes()
	snapshot["undecided"] = schema.ListAttribute{
		Required: true, ElementType: types.StringType,
		MarkdownDescription: "Paths of the attributes that are not known yet. Required, so that a resource given in place of a snapshot is " +
			"refused while planning instead of being judged in silence after apply.",
	}
	resp.Schema = d.schema("Judges a planned cache, all caches of a plan, or a cache that exists, and emits one diagnostic per violation.\n\n"+
		"Give `cache` a snapshot **through a local**: Terraform puts off until apply, in silence, any data source that names a resource with "+
		"pending changes directly, even inside a function call.",
		"; to deny, prefer `redisbaseline_guard` or a `postcondition`.", map[string]schema.Attribute{
			"cache": schema.SingleNestedAttribute{
				Optional: true, Attributes: snapshot,
				MarkdownDescription: "A snapshot: the result of `provider::redisbaseline::snapshot(...)`, through a local. Of a resource in its " +
					"place Terraform says `attribute \"undecided\" is required`. Exactly one of `cache`, `plan_file` and `resource_id` must be set.",
			},
			"plan_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of a plan as `terraform show -json` prints it. Only the path enters the state.",
			},
			"resource_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{cacheIDValidator{}},
				MarkdownDescription: "Id of a cache that exists, in any casing. It is read through Azure Resource Manager with the identity of the " +
					"provider, which needs the role Reader or less; access keys are never asked for.",
			},
			"label": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What messages call the cache where its name is not known yet.",
			},
			"compliant": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "`false` when any feature of any cache is violated, `null` while one is undecided, else `true`.",
			},
			"features": schema.ListAttribute{
				Computed: true, ElementType: objectOf[verdict](),
				MarkdownDescription: "The verdict on every feature, cache by cache, in the order of Microsoft's document. `message` is null where " +
					"nothing is to be done; evidence is in `report_json`, titles are in the baseline guide.",
			},
			"advisory_findings": schema.ListAttribute{
				Computed: true, ElementType: objectOf[verdict](),
				MarkdownDescription: "The advisories that are violated, undecided or exempt, cache by cache; `report_json` has all.",
			},
			"report_json": schema.StringAttribute{Computed: true,
				MarkdownDescription: "The report as JSON, in the form of `redisbaseline schema report`."},
			"report_markdown": schema.StringAttribute{Computed: true, MarkdownDescription: "The report as Markdown."},
		})
}

// ConfigValidators demands exactly one thing to judge.
func (d *evaluationDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("cache"), path.MatchRoot("plan_file"),
		path.MatchRoot("resource_id"))}
}

// Read judges and reports.
func (d *evaluationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m evaluationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	own, diags := readExemptions(ctx, m.Exemption, d.documents, refuseUnknown)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	e := evaluation{settings: d.settings, own: own, label: m.Label.ValueString()}
	at := path.Root("cache")
	switch file, id := m.PlanFile.ValueString(), m.ResourceID.ValueString(); {
	case !m.PlanFile.IsNull():
		at = path.Root("plan_file")
		e.source = report.Source{Kind: report.SourcePlan, Inputs: []string{file}}
		diags = e.plan(ctx, file)
	case !m.ResourceID.IsNull():
		at = path.Root("resource_id")
		e.source = report.Source{Kind: report.SourceExisting, Inputs: []string{id}}
		diags = e.existing(ctx, id)
	default:
		e.source = report.Source{Kind: report.SourceConfiguration, Inputs: []string{}}
		diags = e.snapshot(ctx, m.Cache)
	}
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	speak := d.speaker(m.Effect, m.Advisories, at)
	speak.again = "This data source does not judge it again during apply; the next plan does, after the cache was created."
	resp.Diagnostics.Append(speak.diagnose(e.judged)...)
	if speak.effect != effectDisabled {
		// Notes on expired exemptions are shown with the caches that they name.
		for _, note := range e.result.Notes[len(e.result.Expired):] {
			resp.Diagnostics.AddAttributeWarning(speak.at, note, "A note on the judgement as a whole.")
		}
	}
	e.fill(&m)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// evaluation is one read of the data source.
type evaluation struct {
	settings       *settings
	own            []baseline.Exemption
	label          string
	fingerprint    string // as in titleOf, of a snapshot
	source         report.Source
	judged         []judgement
	result         *judge.Result
	json, markdown strings.Builder
}

// judge judges the caches of an input.
func (e *evaluation) judge(ctx context.Context, inputs ...judge.Input) (diags diag.Diagnostics) {
	encoders, diags := stateEncoders(map[string]*strings.Builder{"json": &e.json, "markdown": &e.markdown})
	if diags.HasError() {
		return diags
	}
	job := e.settings.job(e.source, e.own, inputs...)
	job.Each = func(c *posture.Cache, r report.Cache) error {
		e.judged = append(e.judged, judgement{posture: c, report: r, title: titleOf(c, e.fingerprint)})
		return nil
	}
	var err error
	if e.result, err = job.Run(ctx, encoders...); err != nil {
		diags.AddError("the report cannot be written", err.Error())
	}
	return diags
}

func (e *evaluation) snapshot(ctx context.Context, snapshot types.Object) (diags diag.Diagnostics) {
	var c *posture.Cache
	n, err := nodeOf(ctx, snapshot)
	if err == nil {
		var cache node
		var companions []node
		if cache, companions, err = thaw(n); err == nil {
			c, e.fingerprint, err = plannedCache(e.label, cache, companions)
		}
	}
	if err != nil {
		diags.AddAttributeError(path.Root("cache"), "the snapshot cannot be judged", sentence(err.Error()))
		return diags
	}
	return e.judge(ctx, judge.One(c)...)
}

// plannedCache is the posture of a planned object, with everything that is known of it
// as one text.
func plannedCache(label string, cache node, companions []node) (c *posture.Cache, fingerprint string, err error) {
	if c, err = toPosture(cache, companions); err != nil {
		return nil, "", err
	}
	c.Label = label
	return c, freeze(cache, companions).String(), nil
}

func (e *evaluation) plan(ctx context.Context, file string) (diags diag.Diagnostics) {
	at := path.Root("plan_file")
	f, err := os.Open(file) //nolint:gosec // the path is what the user asks to judge
	if err != nil {
		diags.AddAttributeError(at, "the plan cannot be read", err.Error())
		return diags
	}
	defer f.Close() //nolint:errcheck // nothing was written
	p, err := tfplan.Read(ctx, f, tfplan.Options{})
	if err != nil {
		diags.AddAttributeError(at, "the plan cannot be judged", fmt.Sprintf("%s: %s", file, err))
		return diags
	}
	in := judge.Plan(p, "", "")
	in.Caches = func(yield func(posture.Planned) bool) {
		for c := range p.Caches() {
			if c.After.Label = e.label; !yield(c) {
				return
			}
		}
	}
	diags = e.judge(ctx, in)
	distinguish(e.judged)
	return diags
}

// fill sets the computed attributes of the data source.
func (e *evaluation) fill(m *evaluationModel) {
	verdicts, advisories := verdictsOf(e.judged)
	m.Compliant = types.BoolPointerValue(compliant(e.result.Summary))
	m.Summary, m.Features, m.AdvisoryFindings = objectValue(e.result.Summary), listOf(verdicts), listOf(advisories)
	m.ReportJSON, m.ReportMarkdown = types.StringValue(e.json.String()), types.StringValue(e.markdown.String())
}
