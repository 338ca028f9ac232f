package provider

import (
	"context"
	_ "embed"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// argumentsDoc describes in Markdown the arguments of the functions that judge a
// cache.
//
//go:embed arguments.md
var argumentsDoc string

// cacheFunction is a function of a planned cache and its companions.
type cacheFunction struct {
	name, summary, doc string
	returns            function.Return
	// result is asked where the cache is known, if only in part.
	result func(context.Context, arguments, *posture.Cache) (attr.Value, error)
}

// Metadata names the function.
func (f *cacheFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

// Definition describes the function. The optional attributes of its parameters are
// explained at lenientServer.
func (f *cacheFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             f.summary,
		MarkdownDescription: f.doc + "\n\n" + argumentsDoc,
		Parameters: []function.Parameter{function.ObjectParameter{
			Name: "cache", AllowUnknownValues: true, AttributeTypes: cacheShape.attrTypes(),
			MarkdownDescription: "A planned " + code(service.AzurermTypes()) + ", or an object of its shape.",
		}},
		VariadicParameter: function.ObjectParameter{
			Name: "companions", AllowUnknownValues: true, AllowNullValue: true, AttributeTypes: companionShape.attrTypes(),
			MarkdownDescription: companionsDoc,
		},
		Return: f.returns,
	}
}

// Run calls the function. A companion of no known kind is an error where it is passed.
func (f *cacheFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	args, ferr := readArguments(ctx, req)
	if ferr != nil {
		resp.Error = ferr
		return
	}
	if args.cache.unknown() {
		// As in terraform validate: the result must then not be known either. A
		// companion that is not known at all, for example
		// try(azurerm_private_endpoint.a[0], null), does not make the result unknown:
		// Terraform would silently defer a data source that takes it.
		resp.Error = resp.Result.Set(ctx, without(f.returns.GetType(), tftypes.UnknownValue))
		return
	}
	c, err := toPosture(args.cache, args.companions)
	var result attr.Value
	if err == nil {
		result, err = f.result(ctx, args, c)
	}
	var kind *unknownKindError
	switch {
	case errors.As(err, &kind):
		resp.Error = function.NewArgumentFuncError(int64(kind.position), err.Error())
	case err != nil:
		resp.Error = function.NewArgumentFuncError(0, err.Error())
	default:
		resp.Error = resp.Result.Set(ctx, result)
	}
}

const companionsDoc = "What stands around the cache: private endpoint, diagnostic setting, network security group and its association, " +
	"firewall rules, policy assignments, access policy assignments."

// code sets names that " or " joins as Markdown code.
func code(names string) string { return "`" + strings.ReplaceAll(names, " or ", "` or `") + "`" }

// arguments are the arguments of a function call.
type arguments struct {
	cache      node
	companions []node
}

func readArguments(ctx context.Context, req function.RunRequest) (args arguments, ferr *function.FuncError) {
	var cache types.Object
	var companions types.Tuple
	if err := req.Arguments.Get(ctx, &cache, &companions); err != nil {
		return args, err
	}
	var err error
	if args.cache, err = nodeOf(ctx, cache); err == nil {
		args.companions, err = companionsOf(ctx, companions.Elements())
	}
	if err != nil {
		return args, function.NewFuncError(err.Error())
	}
	return args, nil
}
