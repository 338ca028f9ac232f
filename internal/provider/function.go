package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

const argumentsDoc = `

The first argument is a planned ` + "`azurerm_redis_cache`" + ` (azurerm 3.114 to 5): the resource itself, ` + "`self`" + ` in a postcondition, or an object of the same shape. Any attribute may be missing or not known yet. What is no cache is an error that lists the attributes of which one must be set. A known value that no cache has, such as a misspelt ` + "`sku_name`" + `, leaves open what depends on it. **A misspelt attribute beside others is not noticed**: Terraform hands a function only the attributes that it asks for, so that ` + "`min_tls_version`" + ` counts as a ` + "`minimum_tls_version`" + ` that is not set. Pass the resource itself, or write the object in a ` + "`local`" + ` that a resource or variable of a fixed type checks.

Further arguments are companions, told apart by their attributes: ` + "`azurerm_private_endpoint`, `azurerm_monitor_diagnostic_setting`, `azurerm_subnet_network_security_group_association`, `azurerm_network_security_group`, `azurerm_redis_firewall_rule`, the policy assignments (`azurerm_resource_policy_assignment` and those of resource group, subscription and management group) and `azurerm_redis_cache_access_policy_assignment`" + `. Passing one asserts that it belongs to the cache, unless known ids say otherwise. ` + "`null`" + ` is ignored. A kind of which none is passed counts as not observed.`

// cacheParameter and companionsParameter are what all functions take. See
// lenientServer for the optional attributes.
func cacheParameter() function.Parameter {
	return function.ObjectParameter{
		Name: "cache", AllowUnknownValues: true, AttributeTypes: cacheShape.attrTypes(),
		MarkdownDescription: "A planned `azurerm_redis_cache`, or an object of its shape.",
	}
}

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
	// wholly says that the cache is not known at all, as in `terraform
	// validate`: the result must then not be known either. A companion that is
	// not known at all, for example try(azurerm_private_endpoint.a[0], null), is
	// no reason for that: Terraform would put off in silence what takes the result.
	wholly bool
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
	args.wholly = args.cache.unknown()
	if args.companions, err = companionsOf(ctx, companions.Elements()); err != nil {
		return args, function.NewFuncError(err.Error())
	}
	return args, nil
}

// posture returns the posture that the arguments describe.
func (a arguments) posture() (*posture.Cache, *function.FuncError) {
	if err := refuseNoCache(a.cache); err != nil {
		return nil, function.NewArgumentFuncError(0, err.Error())
	}
	c, err := toPosture(a.cache, a.companions)
	var kind *unknownKindError
	switch {
	case errors.As(err, &kind):
		return nil, function.NewArgumentFuncError(int64(kind.position), err.Error())
	case err != nil:
		return nil, function.NewFuncError(err.Error())
	}
	return c, nil
}
