package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

var _ function.Function = evaluateFunction{}

type evaluateFunction struct{ documents baseline.Documents }

func (evaluateFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "evaluate"
}

func (evaluateFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Report on one planned cache",
		MarkdownDescription: "Returns the report on one cache: `compliant`, `summary`, `features` (all 25, in the order of the article) and " +
			"`advisories`. " +
			"What may still change once more is known is unknown, never a guess: `compliant` stays unknown while a feature is undecided and none " +
			"is violated. `evidence[].value` is JSON text.\n\n" + argumentsDoc,
		Parameters:        []function.Parameter{cacheParameter()},
		VariadicParameter: companionsParameter(),
		Return:            function.ObjectReturn{AttributeTypes: reportType.AttrTypes},
	}
}

func (e evaluateFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	args, err := readArguments(ctx, req)
	if err != nil {
		resp.Error = err
		return
	}
	if args.cacheUnknown {
		resp.Error = resp.Result.Set(ctx, types.ObjectUnknown(reportType.AttrTypes))
		return
	}
	c, err := args.posture()
	if err != nil {
		resp.Error = err
		return
	}
	job := judge.Job{Documents: e.documents}
	r := results{documents: job.Documents, open: len(undecidedOf(args.cache, args.companions)) > 0, openName: args.cache.get("name").unknown(),
		openID: args.cache.get("id").unknown()}
	resp.Error = resp.Result.Set(ctx, r.report(job.Cache(posture.Planned{After: c})))
}
