package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// obj and arr write Terraform values in tests; unknown stands for a value that
// is known after apply. Attributes that are left out are null.
type (
	obj = map[string]any
	arr = []any
)

var unknown any = valuetest.Unknown

// value builds a value of a shape.
func (s *shape) value(t *testing.T, v any) tftypes.Value {
	t.Helper()
	typ := s.tfType()
	if v == nil || v == unknown {
		return valuetest.Of(typ, v)
	}
	switch v := v.(type) {
	case obj:
		attrs := map[string]tftypes.Value{}
		for name, a := range s.attrs {
			attrs[name] = a.value(t, v[name])
		}
		for name := range v {
			if s.attrs[name] == nil {
				t.Fatalf("no attribute %s", name)
			}
		}
		return tftypes.NewValue(typ, attrs)
	case arr:
		items := make([]tftypes.Value, len(v))
		for i := range v {
			items[i] = s.elem.value(t, v[i])
		}
		return tftypes.NewValue(typ, items)
	default:
		return tftypes.NewValue(typ, v)
	}
}

func (s *shape) attrValue(t *testing.T, v any) attr.Value {
	t.Helper()
	out, err := s.attrType().ValueFromTerraform(context.Background(), s.value(t, v))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// call runs a function as Terraform does.
func call(t *testing.T, f function.Function, cache any, companions ...any) (attr.Value, *function.FuncError) {
	t.Helper()
	ctx := context.Background()
	var def function.DefinitionResponse
	f.Definition(ctx, function.DefinitionRequest{}, &def)
	result, ferr := def.Definition.Return.NewResultData(ctx)
	if ferr != nil {
		t.Fatal(ferr)
	}
	args := []attr.Value{f.(*cacheFunction).kinds().shape().attrValue(t, cache)}
	var more []attr.Value
	for _, c := range companions {
		more = append(more, companionShape().attrValue(t, c))
	}
	resp := function.RunResponse{Result: result}
	f.Run(ctx, function.RunRequest{Arguments: function.NewArgumentsData(append(args, tupleOf(more)))}, &resp)
	return resp.Result.Value(), resp.Error
}

// plain turns a value back into what tests write; sets and lists become arr.
func plain(t *testing.T, v attr.Value) any {
	t.Helper()
	tv, err := v.ToTerraformValue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return plainOf(tv)
}

func plainOf(v tftypes.Value) any {
	switch {
	case !v.IsKnown():
		return unknown
	case v.IsNull():
		return nil
	}
	n := node{v: v}
	switch v.Type().(type) {
	case tftypes.Object:
		attrs, out := map[string]tftypes.Value{}, obj{}
		_ = v.As(&attrs)
		for name, a := range attrs {
			out[name] = plainOf(a)
		}
		return out
	case tftypes.List, tftypes.Set:
		out := arr{}
		for _, item := range n.items() {
			out = append(out, plainOf(item.v))
		}
		return out
	}
	switch {
	case v.Type().Is(tftypes.Bool):
		return n.flag().V
	case v.Type().Is(tftypes.Number):
		return vocabulary.Number(n.Scalar(), n.path, vocabulary.Plain).V
	default:
		var s string
		_ = v.As(&s)
		return s
	}
}

// cacheWith is a cache as azurerm 5 plans it when everything is right, changed
// by the given attributes.
func cacheWith(changes obj) obj {
	out := obj{
		"id": unknown, "name": "redis-orders", "location": "westeurope", "resource_group_name": "rg-orders",
		"sku_name": "Standard", "family": "C", "capacity": 1, "patch_schedule": arr{},
		"public_network_access_enabled": false, "non_ssl_port_enabled": false, "minimum_tls_version": "1.2",
		"access_keys_authentication_enabled": false, "redis_version": "6",
		"redis_configuration": arr{obj{
			"authentication_enabled": true, "active_directory_authentication_enabled": true,
			"maxmemory_reserved": 100, "maxfragmentationmemory_reserved": 100,
		}},
	}
	for name, v := range changes {
		out[name] = v
	}
	return out
}

const (
	subscription = "/subscriptions/11111111-2222-4333-8444-555555555555"
	group        = subscription + "/resourceGroups/rg-orders"
	ordersID     = group + "/providers/Microsoft.Cache/redis/redis-orders"
	otherID      = group + "/providers/Microsoft.Cache/redis/redis-other"
)

func endpointTo(id any) obj {
	return obj{"name": "pe-orders", "id": unknown, "private_service_connection": arr{obj{
		"is_manual_connection": false, "private_connection_resource_id": id, "subresource_names": arr{"redisCache"},
	}}}
}

func logsOfCache(id any) obj {
	return obj{"name": "logs", "target_resource_id": id, "log_analytics_workspace_id": subscription + "/w",
		"enabled_log": arr{obj{"category_group": "allLogs"}}}
}

func tupleOf(values []attr.Value) attr.Value {
	kinds := make([]attr.Type, len(values))
	for i := range values {
		kinds[i] = companionShape().attrType()
	}
	return types.TupleValueMust(kinds, values)
}
