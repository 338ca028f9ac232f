package provider

import (
	"context"
	_ "embed"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// argumentsDoc describes in Markdown the arguments of the functions that judge a
// cache.
//
//go:embed arguments.md
var argumentsDoc string

// cacheParameter and companionsParameter are the parameters of all functions. Their
// optional attributes are explained at lenientServer.
func cacheParameter() function.Parameter {
	return function.ObjectParameter{
		Name: "cache", AllowUnknownValues: true, AttributeTypes: cacheShape.attrTypes(),
		MarkdownDescription: "A planned " + code(service.AzurermTypes()) + ", or an object of its shape.",
	}
}

// code sets names that " or " joins as Markdown code.
func code(names string) string { return "`" + strings.ReplaceAll(names, " or ", "` or `") + "`" }

func companionsParameter() function.Parameter {
	return function.ObjectParameter{
		Name: "companions", AllowUnknownValues: true, AllowNullValue: true, AttributeTypes: companionShape.attrTypes(),
		MarkdownDescription: "What stands around the cache: private endpoint, diagnostic setting, network security group and its association, " +
			"firewall rules, policy assignments, access policy assignments.",
	}
}

// arguments are the arguments of a function call.
type arguments struct {
	cache      node
	companions []node
	// cacheUnknown says that the cache is not known at all, as in `terraform validate`:
	// the result must then not be known either. A companion that is not known at
	// all, for example try(azurerm_private_endpoint.a[0], null), does not make the
	// result unknown: Terraform would silently defer a data source that takes it.
	cacheUnknown bool
}

func readArguments(ctx context.Context, req function.RunRequest) (arguments, *function.FuncError) {
	var cache types.Object
	var companions types.Tuple
	if err := req.Arguments.Get(ctx, &cache, &companions); err != nil {
		return arguments{}, err
	}
	var args arguments
	var err error
	if args.cache, err = nodeOf(ctx, cache); err != nil {
		return args, function.NewFuncError(err.Error())
	}
	args.cacheUnknown = args.cache.unknown()
	if args.companions, err = companionsOf(ctx, companions.Elements()); err != nil {
		return args, function.NewFuncError(err.Error())
	}
	return args, nil
}

// posture returns the posture of the cache and the companions.
func (a arguments) posture() (*posture.Cache, *function.FuncError) {
	c, err := toPosture(a.cache, a.companions)
	var kind *unknownKindError
	switch {
	case errors.As(err, &kind):
		return nil, function.NewArgumentFuncError(int64(kind.position), err.Error())
	case err != nil:
		return nil, function.NewArgumentFuncError(0, err.Error())
	}
	return c, nil
}
