package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
)

// variableType is the type of a variable, with the defaults of its optional attributes.
type variableType struct {
	typ      cty.Type
	defaults *typeexpr.Defaults
}

// readType reads the argument type of a variable; ok is false where it cannot be read.
// The words list and map stand for those of elements of any one type, as in Terraform.
func readType(expr hcl.Expression) (t variableType, ok bool) {
	switch hcl.ExprAsKeyword(expr) {
	case "list":
		return variableType{typ: cty.List(cty.DynamicPseudoType)}, true
	case "map":
		return variableType{typ: cty.Map(cty.DynamicPseudoType)}, true
	}
	typ, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
	return variableType{typ, defaults}, !diags.HasErrors()
}

// convert is a value as the variable has it. The attributes that it leaves out have their
// defaults.
func (t variableType) convert(v cty.Value) (cty.Value, error) {
	if t.defaults != nil {
		v = t.defaults.Apply(v)
	}
	return convertTo(v, t.typ)
}
