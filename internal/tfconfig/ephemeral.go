package tfconfig

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// ephemeral marks values of variables and outputs that neither plan nor state keeps.
const ephemeral = valueMark("ephemeral")

// ephemeralAsNullFunc is ephemeralasnull: a value in which nothing is ephemeral as it is.
var ephemeralAsNullFunc = generic([]function.Parameter{anyParam("value")}, nil, func(args []cty.Value) (cty.Value, error) {
	_, marks := args[0].UnmarkDeep()
	if _, ok := marks[ephemeral]; ok {
		return cty.DynamicVal, nil
	}
	return args[0], nil
})
