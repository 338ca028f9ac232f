package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = snapshotFunction{}

type snapshotFunction struct{}

func newSnapshotFunction() function.Function { return snapshotFunction{} }

func (snapshotFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "snapshot"
}

func (snapshotFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Wholly known copy of a planned cache and its companions",
		MarkdownDescription: "Returns what is known about a planned cache and its companions as an object that is wholly known: `null` stands " +
			"for what is not known yet, and `undecided` lists the paths of those nulls. " +
			"Put it into a `local` and give that to `data.redisbaseline_evaluation`: Terraform reads a data source while planning only if its " +
			"arguments are known and do not name a resource with pending changes directly.\n\n" + argumentsDoc,
		Parameters:        []function.Parameter{cacheParameter()},
		VariadicParameter: companionsParameter(),
		Return:            function.ObjectReturn{AttributeTypes: snapshotShape.attrTypes()},
	}
}

func (snapshotFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	args, ferr := readArguments(ctx, req)
	if ferr != nil {
		resp.Error = ferr
		return
	}
	if args.cacheUnknown {
		resp.Error = resp.Result.Set(ctx, types.ObjectUnknown(snapshotShape.attrTypes()))
		return
	}
	// A companion of no known kind is an error where it is passed.
	if _, ferr := args.posture(); ferr != nil {
		resp.Error = ferr
		return
	}
	value, err := types.ObjectType{AttrTypes: snapshotShape.attrTypes()}.ValueFromTerraform(ctx, freeze(args.cache, args.companions))
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, value)
}
