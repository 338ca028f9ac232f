package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var _ function.Function = violationsFunction{}

var violationType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id":          types.StringType,
	"control":     types.StringType,
	"title":       types.StringType,
	"severity":    types.StringType,
	"message":     types.StringType,
	"remediation": types.StringType,
}}

type violationsFunction struct{ documents baseline.Documents }

func (violationsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "violations"
}

func (violationsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Features of the baseline that a planned cache violates",
		MarkdownDescription: "Returns the features that the cache is known to violate, sorted by id: a list of objects with `id`, `control`, " +
			"`title`, `severity`, `message` and `remediation`. The list is empty when nothing is known to be wrong, and may grow once more is " +
			"known, so use it in conditions (`length(...) == 0` in a `postcondition`, `check` or `validation`), not as the argument of a " +
			"resource. " +
			"Advisories are never in it. A known value that no cache has is an error, since an empty list would pass it. Functions cannot see " +
			"the provider's configuration: leave a feature out with `[for v in ... : v if v.id != \"NS-2/azure-private-link\"]`.\n\n" + argumentsDoc,
		Parameters:        []function.Parameter{cacheParameter()},
		VariadicParameter: companionsParameter(),
		Return:            function.ListReturn{ElementType: violationType},
	}
}

func (v violationsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	args, err := readArguments(ctx, req)
	if err != nil {
		resp.Error = err
		return
	}
	if args.cacheUnknown {
		resp.Error = resp.Result.Set(ctx, types.ListUnknown(violationType))
		return
	}
	c, err := args.posture()
	if err != nil {
		resp.Error = err
		return
	}
	if err := refuseUndocumented(c); err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	job := judge.Job{Documents: v.documents}
	list, diags := types.ListValue(violationType, violationsOf(job.Documents, job.Cache(posture.Planned{After: c})))
	resp.Error = function.ConcatFuncErrors(function.FuncErrorFromDiags(ctx, diags), resp.Result.Set(ctx, list))
}

func violationsOf(documents baseline.Documents, judged report.Cache) []attr.Value {
	out := []attr.Value{}
	for _, f := range sortedByID(judged.Features) {
		if f.Status != report.NonCompliant {
			continue
		}
		rule := documents.Entry(f.ID)
		out = append(out, types.ObjectValueMust(violationType.AttrTypes, map[string]attr.Value{
			"id":          types.StringValue(f.ID),
			"control":     types.StringValue(rule.Control),
			"title":       types.StringValue(rule.Title),
			"severity":    types.StringValue(string(rule.Severity)),
			"message":     types.StringValue(f.Message),
			"remediation": types.StringValue(f.Remediation),
		}))
	}
	return out
}
