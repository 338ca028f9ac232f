package provider

import (
	"context"
	"encoding/json"
	"math/big"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// objectOf is the type of the objects that structs become: their attributes have the
// names of the fields in JSON.
func objectOf[T any]() types.ObjectType {
	return typeOf(reflect.TypeFor[T]()).(types.ObjectType) //nolint:forcetypeassert // T is a struct
}

// listOf is the list of the objects that structs become; without any it is empty,
// not null.
func listOf[T any](items []T) types.List {
	return valueOf(reflect.ValueOf(items)).(types.List) //nolint:forcetypeassert // it is a slice
}

// objectValue is the object that a struct becomes; the named attributes are not known yet.
func objectValue(from any, open ...string) types.Object {
	v := reflect.ValueOf(from)
	attrs := map[string]attr.Value{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if name := attributeOf(f); name != "" {
			attrs[name] = valueOf(v.FieldByIndex(f.Index))
		}
	}
	for _, name := range open {
		attrs[name] = without(attrs[name].Type(context.Background()), tftypes.UnknownValue)
	}
	return types.ObjectValueMust(typeOf(v.Type()).(types.ObjectType).AttrTypes, attrs) //nolint:forcetypeassert // it is a struct
}

// attributeOf is the name of a field in JSON; empty where JSON does not have it.
func attributeOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return strings.TrimPrefix(name, "-")
}

// rawJSON becomes a string that holds JSON.
var rawJSON = reflect.TypeFor[json.RawMessage]()

func typeOf(t reflect.Type) attr.Type {
	switch t.Kind() {
	case reflect.Pointer:
		return typeOf(t.Elem())
	case reflect.Bool:
		return types.BoolType
	case reflect.Int, reflect.Float64:
		return types.NumberType
	case reflect.Slice:
		if t == rawJSON {
			return types.StringType
		}
		return types.ListType{ElemType: typeOf(t.Elem())}
	case reflect.Struct:
		attrs := map[string]attr.Type{}
		for _, f := range reflect.VisibleFields(t) {
			if name := attributeOf(f); name != "" {
				attrs[name] = typeOf(f.Type)
			}
		}
		return types.ObjectType{AttrTypes: attrs}
	default:
		return types.StringType
	}
}

func valueOf(v reflect.Value) attr.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return without(typeOf(v.Type()), nil)
		}
		return valueOf(v.Elem())
	case reflect.Bool:
		return types.BoolValue(v.Bool())
	case reflect.Int:
		return types.NumberValue(big.NewFloat(float64(v.Int())))
	case reflect.Float64:
		return types.NumberValue(big.NewFloat(v.Float()))
	case reflect.Slice:
		if v.Type() == rawJSON && v.IsNil() {
			return types.StringNull()
		} else if v.Type() == rawJSON {
			return types.StringValue(string(v.Bytes()))
		}
		items := make([]attr.Value, v.Len())
		for i := range items {
			items[i] = valueOf(v.Index(i))
		}
		return types.ListValueMust(typeOf(v.Type().Elem()), items)
	case reflect.Struct:
		return objectValue(v.Interface())
	default:
		return types.StringValue(v.String())
	}
}

// without is null, or the unknown value, as a value of a type.
func without(t attr.Type, v any) attr.Value {
	out, err := t.ValueFromTerraform(context.Background(), tftypes.NewValue(t.TerraformType(context.Background()), v))
	if err != nil {
		panic(err) // every type has both
	}
	return out
}
