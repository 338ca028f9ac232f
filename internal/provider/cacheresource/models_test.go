package cacheresource

import (
	"context"
	"fmt"
	"maps"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// obj is an object of the resource as a test writes it: what is missing is null.
type obj = map[string]any

const unknown = valuetest.Unknown

func cacheSchema() schema.Schema {
	var resp resource.SchemaResponse
	(&cacheResource{}).Schema(context.Background(), resource.SchemaRequest{}, &resp)
	return resp.Schema
}

// modelOf is the model of an object.
func modelOf(t *testing.T, o obj) (m model) {
	t.Helper()
	s := cacheSchema()
	raw := valuetest.Of(s.Type().TerraformType(t.Context()), o)
	if diags := (tfsdk.State{Raw: raw, Schema: s}).Get(t.Context(), &m); diags.HasError() {
		t.Fatal(diags)
	}
	return m
}

// leaves are the values of a model that are not null, by path: redis_configuration.databases = 16.
func leaves(t *testing.T, m model) map[string]string {
	t.Helper()
	s := cacheSchema()
	state := tfsdk.State{Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil), Schema: s}
	if diags := state.Set(t.Context(), m); diags.HasError() {
		t.Fatal(diags)
	}
	out := map[string]string{}
	leavesOf(t, out, "", state.Raw)
	return out
}

func leavesOf(t *testing.T, out map[string]string, at string, v tftypes.Value) {
	t.Helper()
	below := func(name string) string { return strings.TrimPrefix(at+"."+name, ".") }
	switch {
	case v.IsNull():
		return
	case !v.IsKnown():
		out[at] = "unknown"
		return
	}
	var members map[string]tftypes.Value
	var items []tftypes.Value
	switch typ := v.Type(); {
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		if err := v.As(&members); err != nil {
			t.Fatal(err)
		}
		if len(members) == 0 {
			out[at] = "empty"
		}
		for name, inner := range members {
			leavesOf(t, out, below(name), inner)
		}
	case typ.Is(tftypes.Set{}), typ.Is(tftypes.List{}):
		if err := v.As(&items); err != nil {
			t.Fatal(err)
		}
		if len(items) == 0 {
			out[at] = "empty"
		}
		texts := map[string]string{}
		for i, inner := range items {
			leavesOf(t, texts, fmt.Sprint(i), inner)
		}
		if typ.Is(tftypes.List{}) {
			for name, text := range texts {
				out[below(name)] = text
			}
			return
		}
		var all []string
		for _, text := range texts {
			all = append(all, text)
		}
		sort.Strings(all)
		if len(all) > 0 {
			out[at] = strings.Join(all, ",")
		}
	case typ.Is(tftypes.String):
		var text string
		if err := v.As(&text); err != nil {
			t.Fatal(err)
		}
		out[at] = text
	default:
		out[at] = strings.TrimSuffix(strings.TrimPrefix(v.String(), typ.String()+"<\""), "\">")
	}
}

// cacheWith is a minimal Premium cache with the arguments of more.
func cacheWith(more ...obj) obj {
	out := obj{"name": "redis-a", "resource_group_name": "rg", "location": "westeurope", "sku_name": "Premium", "capacity": 1}
	for _, m := range more {
		maps.Copy(out, m)
	}
	return out
}

// pathOf is the attribute that a diagnostic stands at.
func pathOf(t *testing.T, d diag.Diagnostic) string {
	t.Helper()
	at, ok := d.(diag.DiagnosticWithPath)
	if !ok {
		t.Fatalf("%s has no path", d.Summary())
	}
	return at.Path().String()
}
