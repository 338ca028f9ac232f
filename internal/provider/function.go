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
	kinds              func() cacheKinds
	// result is asked where the cache is known, if only in part.
	result func(ctx context.Context, cache node, companions []node, c *posture.Cache) (attr.Value, error)
}

// Metadata names the function.
func (f *cacheFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

// Definition describes the function. The optional attributes of its parameters are
// explained at outerServer.
func (f *cacheFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             f.summary,
		MarkdownDescription: f.doc + "\n\n" + argumentsDoc,
		Parameters: []function.Parameter{function.ObjectParameter{
			Name: "cache", AllowUnknownValues: true, AttributeTypes: f.kinds().shape().attrTypes(),
			MarkdownDescription: "A planned " + code(service.AzurermTypes()) + ", or an object of its shape.",
		}},
		VariadicParameter: function.ObjectParameter{
			Name: "companions", AllowUnknownValues: true, AllowNullValue: true, AttributeTypes: companionShape().attrTypes(),
			MarkdownDescription: companionsDoc,
		},
		Return: f.returns,
	}
}

// Run calls the function. A companion of no known kind is an error where it is passed.
func (f *cacheFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var object types.Object
	var passed types.Tuple
	if resp.Error = req.Arguments.Get(ctx, &object, &passed); resp.Error != nil {
		return
	}
	if object.IsUnknown() {
		// As in terraform validate: the result must then not be known either. A
		// companion that is not known at all, for example
		// try(azurerm_private_endpoint.a[0], null), does not make the result unknown:
		// Terraform would silently defer a data source that takes it.
		resp.Error = resp.Result.Set(ctx, without(f.returns.GetType(), tftypes.UnknownValue))
		return
	}
	result, err := f.of(ctx, object, passed)
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

func (f *cacheFunction) of(ctx context.Context, object types.Object, passed types.Tuple) (attr.Value, error) {
	cache, companions, err := nodesOf(ctx, object, passed.Elements())
	if err != nil {
		return nil, err
	}
	c, err := f.kinds().posture(cache, companions)
	if err != nil {
		return nil, err
	}
	return f.result(ctx, cache, companions, c)
}

const companionsDoc = "What stands around the cache: private endpoint, diagnostic setting, network security group and its association, " +
	"firewall rules, policy assignments, access policy assignments."

// code sets names that " or " joins as Markdown code.
func code(names string) string { return "`" + strings.ReplaceAll(names, " or ", "` or `") + "`" }
