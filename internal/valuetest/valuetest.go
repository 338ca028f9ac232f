// Package valuetest makes Terraform values for tests.
package valuetest

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Unknown stands for a value that is known after apply.
const Unknown = "(known after apply)"

// Of returns v, which is as decoded JSON, as a value of a type. What is missing is
// null, and what the type does not have is left out.
func Of(typ tftypes.Type, v any) tftypes.Value {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case tftypes.Value:
		return v
	case string:
		if v == Unknown {
			return tftypes.NewValue(typ, tftypes.UnknownValue)
		}
	case map[string]any:
		values := map[string]tftypes.Value{}
		switch typ := typ.(type) {
		case tftypes.Object:
			for name, inner := range typ.AttributeTypes {
				values[name] = Of(inner, v[name])
			}
		case tftypes.Map:
			for name, inner := range v {
				values[name] = Of(typ.ElementType, inner)
			}
		default:
			panic(fmt.Sprintf("%s has no members", typ))
		}
		return tftypes.NewValue(typ, values)
	case []any:
		values := make([]tftypes.Value, len(v))
		for i := range v {
			values[i] = Of(elementOf(typ), v[i])
		}
		return tftypes.NewValue(typ, values)
	}
	return tftypes.NewValue(typ, v)
}

func elementOf(typ tftypes.Type) tftypes.Type {
	switch typ := typ.(type) {
	case tftypes.List:
		return typ.ElementType
	case tftypes.Set:
		return typ.ElementType
	}
	panic(fmt.Sprintf("%s has no elements", typ))
}
