package tfconfig

import (
	"errors"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// maxLeaves is the largest number of leaves in one value or in one call.
const maxLeaves = 1 << 17

// opEqual and opNotEqual replace == and !=. They do not tell sentinels apart, since
// two ids that are not known yet may be equal or not. They are part of the parsed
// source, which evaluators share: they cannot count work, so they accept only small
// values.
var (
	opEqual    = &hclsyntax.Operation{Impl: blinded(stdlib.EqualFunc, maxLeaves/64, nil), Type: cty.Bool}
	opNotEqual = &hclsyntax.Operation{Impl: blinded(stdlib.NotEqualFunc, maxLeaves/64, nil), Type: cty.Bool}
)

// functionTable returns Terraform's functions whose results depend on their
// arguments alone; a call of another function is unknown. The functions of
// structural do not look into the values they move, so they are given sentinels;
// the others are given blind values. spend counts the work, isID recognizes the id of
// an instance, and doubts counts the calls that Terraform may refuse or not.
func functionTable(spend func(int) bool, isID func(cty.Value) bool, doubts *int) map[string]function.Function {
	out := map[string]function.Function{}
	for name, f := range computing {
		out[name] = blinded(f, maxLeaves, spend)
	}
	for name, f := range tolerated {
		out[name] = blinded(orUnknown(f, doubts), maxLeaves, spend)
	}
	for name, f := range structural {
		out[name] = limited(f, func(args []cty.Value) bool { return fits(args, maxLeaves, spend) })
	}
	for name, f := range direct {
		out[name] = f
	}
	out["try"], out["can"], out[fnUnknown] = tryFunc(doubts), canFunc(doubts), unknownFunc(doubts)
	out["format"] = plainFormat(out["format"])
	for _, name := range keepingID {
		out[name] = keepID(out[name], isID)
	}
	out[fnSpend] = generic([]function.Parameter{anyParam("value"), anyParam("weight")}, nil, func(args []cty.Value) (cty.Value, error) {
		if !spend(size(args[0], maxLeaves)) {
			return cty.DynamicVal, nil
		}
		return args[0], nil
	})
	for _, name := range []string{fnIterate, fnIterateSet, fnIterateSplat} {
		out[name] = iterateFunc(name, spend)
	}
	return out
}

// functionNames are the names of functionTable, and of the functions that read files or
// evaluate templates.
var functionNames = sync.OnceValue(func() map[string]function.Function {
	out := functionTable(func(int) bool { return true }, func(cty.Value) bool { return false }, new(int))
	for _, name := range fileNames {
		out[name] = out[fnUnknown]
	}
	out["templatestring"] = out[fnUnknown]
	return out
})

// keepingID are functions that return an id as it is, apart from letter case, which
// does not count in ids, and space around it, which ids do not have.
var keepingID = []string{"chomp", "lower", "title", "trimspace", "upper"}

func keepID(f function.Function, isID func(cty.Value) bool) function.Function {
	return generic([]function.Parameter{anyParam("str")}, nil, func(args []cty.Value) (cty.Value, error) {
		if isID(args[0]) {
			return args[0], nil
		}
		return f.Call(args)
	})
}

// direct are functions whose cost does not depend on their arguments.
var direct = map[string]function.Function{
	"lookup":  lookupFunc,
	"element": stdlib.ElementFunc,
}

var structural = map[string]function.Function{
	"chunklist":       stdlib.ChunklistFunc,
	"coalesce":        coalesceFunc,
	"coalescelist":    stdlib.CoalesceListFunc,
	"compact":         compactFunc,
	"concat":          stdlib.ConcatFunc,
	"distinct":        distinctFunc,
	"ephemeralasnull": ephemeralAsNullFunc,
	"flatten":         stdlib.FlattenFunc,
	"keys":            whole(stdlib.KeysFunc),
	"length":          whole(lengthFunc),
	"matchkeys":       matchKeysFunc,
	"merge":           stdlib.MergeFunc,
	"nonsensitive":    identityFunc(false),
	"one":             oneFunc,
	"reverse":         stdlib.ReverseListFunc,
	"sensitive":       identityFunc(true),
	"slice":           stdlib.SliceFunc,
	"tolist":          conversion(cty.List(cty.DynamicPseudoType)),
	"tomap":           whole(conversion(cty.Map(cty.DynamicPseudoType))),
	"toset":           conversion(cty.Set(cty.DynamicPseudoType)),
	"tostring":        conversion(cty.String),
	"values":          whole(stdlib.ValuesFunc),
	"zipmap":          stdlib.ZipmapFunc,
}

// limited is a function whose result is unknown where its arguments are refused.
func limited(f function.Function, accepts func([]cty.Value) bool) function.Function {
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if !accepts(args) {
				return cty.DynamicPseudoType, nil
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
			if !accepts(args) {
				return cty.UnknownVal(ret), nil
			}
			return f.Call(args)
		},
	})
}

func fits(args []cty.Value, limit int, spend func(int) bool) bool {
	total := 0
	for _, a := range args {
		if total += size(a, limit-total); total >= limit {
			return false
		}
	}
	return spend == nil || spend(total)
}

// blinded is a function that is given blind values. Its result is made blind, too: a
// text that it makes may begin like a sentinel.
func blinded(f function.Function, limit int, spend func(int) bool) function.Function {
	blindAll := func(args []cty.Value) []cty.Value {
		out := make([]cty.Value, len(args))
		for i, a := range args {
			out[i] = blind(a)
		}
		return out
	}
	hidden := function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type:     func(args []cty.Value) (cty.Type, error) { return f.ReturnTypeForValues(blindAll(args)) },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			out, err := f.Call(blindAll(args))
			if err != nil {
				return out, err
			}
			return blind(out), nil
		},
	})
	return limited(hidden, func(args []cty.Value) bool { return fits(args, limit, spend) })
}

// whole refuses the object of an instance, which does not list all attributes.
func whole(f function.Function) function.Function {
	return limited(f, func(args []cty.Value) bool { return !slices.ContainsFunc(args, isPartial) })
}

// anyParam is a parameter that accepts every value.
func anyParam(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true,
		AllowMarked: true}
}

// generic returns a function without a type of its own: the result decides it.
func generic(params []function.Parameter, variadic *function.Parameter, impl func(args []cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params:   params,
		VarParam: variadic,
		Type: func(args []cty.Value) (cty.Type, error) {
			v, err := impl(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return impl(args) },
	})
}

func conversion(want cty.Type) function.Function {
	return generic([]function.Parameter{anyParam("v")}, nil, func(args []cty.Value) (cty.Value, error) {
		v := args[0]
		if isPartial(v) || !ordered(v) && !want.IsSetType() {
			return cty.DynamicVal, nil
		}
		out, err := convert.Convert(v, want)
		if err != nil {
			return cty.NilVal, errors.New("cannot convert")
		}
		return out, nil
	})
}

// lookupFunc is Terraform's lookup, but reads only the element of the key.
var lookupFunc = generic([]function.Parameter{anyParam("inputMap"), anyParam("key")}, new(anyParam("default")),
	func(args []cty.Value) (cty.Value, error) {
		m, mapMarks := args[0].Unmark()
		key, keyMarks := args[1].Unmark()
		if m.IsNull() || key.IsNull() {
			return cty.NilVal, errors.New("argument must not be null")
		}
		if len(args) > 3 {
			return cty.NilVal, errors.New("too many arguments")
		}
		k, err := convert.Convert(key, cty.String)
		if err != nil {
			return cty.NilVal, errors.New("key must be a string")
		}
		ty := m.Type()
		if !m.IsKnown() || !k.IsKnown() {
			return cty.DynamicVal, nil
		}
		switch {
		case ty.IsObjectType() && ty.HasAttribute(k.AsString()):
			return m.GetAttr(k.AsString()).WithMarks(mapMarks, keyMarks), nil
		case ty.IsMapType() && m.HasIndex(k).True():
			return m.Index(k).WithMarks(mapMarks, keyMarks), nil
		case isPartial(m):
			return cty.DynamicVal, nil
		case !ty.IsObjectType() && !ty.IsMapType():
			return cty.NilVal, errors.New("lookup requires a map")
		case len(args) < 3:
			return cty.NilVal, errors.New("no element with this key")
		case ty.IsMapType():
			def, err := convert.Convert(args[2], ty.ElementType())
			if err != nil {
				return cty.NilVal, errors.New("default has another type than the elements")
			}
			return def.WithMarks(mapMarks, keyMarks), nil
		default:
			return args[2].WithMarks(mapMarks, keyMarks), nil
		}
	})

// lengthFunc is length. The length of a set of ids is not known: some may turn out
// equal.
var lengthFunc = generic([]function.Parameter{anyParam("value")}, nil, func(args []cty.Value) (cty.Value, error) {
	v, marks := args[0].Unmark()
	switch {
	case v.Type() == cty.DynamicPseudoType && !v.IsNull():
		return cty.UnknownVal(cty.Number), nil
	case v.IsNull():
		return cty.NilVal, errors.New("argument must not be null")
	case v.Type() == cty.String:
		return stdlib.Strlen(blind(v))
	case v.Type().IsTupleType() || v.Type().IsObjectType() || v.Type().IsCollectionType():
		if !ordered(v) {
			return cty.UnknownVal(cty.Number), nil
		}
		return v.Length().WithMarks(marks), nil
	default:
		return cty.NilVal, errors.New("argument has no length")
	}
})

// coalesceFunc is coalesce: the first argument that is neither null nor an empty
// string. A sentinel stands for a computed attribute, such as an id, and is never
// empty.
var coalesceFunc = generic(nil, new(anyParam("vals")), func(args []cty.Value) (cty.Value, error) {
	types := make([]cty.Type, len(args))
	for i, a := range args {
		types[i] = a.Type()
	}
	ret, convs := convert.UnifyUnsafe(types)
	if ret == cty.NilType || len(args) == 0 {
		return cty.NilVal, errors.New("all arguments must have the same type")
	}
	for i, a := range args {
		if convs[i] != nil {
			var err error
			if a, err = convs[i](a); err != nil {
				return cty.NilVal, errors.New("all arguments must have the same type")
			}
		}
		v, _ := a.Unmark()
		switch {
		case !v.IsKnown() && !isSentinel(v):
			return cty.DynamicVal, nil
		case v.IsNull() || v.IsKnown() && v.Type() == cty.String && v.AsString() == "":
			continue
		}
		return a, nil
	}
	return cty.NilVal, errors.New("no non-null, non-empty-string arguments")
})

// elements lists the elements of an ordered, known collection.
func elements(v cty.Value) ([]cty.Value, bool) {
	v, marks := v.UnmarkDeep()
	if v.IsNull() || !v.IsKnown() || !ordered(v) {
		return nil, false
	}
	ty := v.Type()
	if !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType() {
		return nil, false
	}
	var out []cty.Value
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		out = append(out, e.WithMarks(marks))
	}
	return out, true
}

var compactFunc = generic([]function.Parameter{anyParam("list")}, nil, func(args []cty.Value) (cty.Value, error) {
	list, err := convert.Convert(args[0], cty.List(cty.String))
	if err != nil {
		return cty.NilVal, errors.New("argument must be a list of strings")
	}
	unknown := cty.UnknownVal(cty.List(cty.String))
	elems, ok := elements(list)
	if !ok {
		return unknown, nil
	}
	var out []cty.Value
	for _, e := range elems {
		v, _ := e.Unmark()
		switch {
		case v.IsNull() || v.IsKnown() && v.AsString() == "":
		case !v.IsKnown() && !isSentinel(v):
			return unknown, nil
		default:
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	return cty.ListVal(out), nil
})

// distinctFunc is distinct, for a list whose elements are all known or all the same
// sentinel. Whether two different sentinels are equal is not known.
var distinctFunc = generic([]function.Parameter{anyParam("list")}, nil, func(args []cty.Value) (cty.Value, error) {
	v := args[0]
	if elems, ok := elements(v); ok && len(elems) > 0 {
		first, isOne := sentinelIndex(elems[0])
		for _, e := range elems {
			i, same := sentinelIndex(e)
			isOne = isOne && same && i == first
		}
		if isOne {
			return cty.ListVal(elems[:1]), nil
		}
	}
	list, err := convert.Convert(blind(v), cty.List(cty.DynamicPseudoType))
	if err != nil {
		return cty.NilVal, errors.New("argument must be a list")
	}
	if list.Type() == cty.DynamicPseudoType || list.IsNull() {
		return cty.DynamicVal, nil
	}
	return stdlib.DistinctFunc.Call([]cty.Value{list})
})

var oneFunc = generic([]function.Parameter{anyParam("list")}, nil, func(args []cty.Value) (cty.Value, error) {
	v, _ := args[0].Unmark()
	if v.IsNull() {
		return cty.NilVal, errors.New("argument must not be null")
	}
	elems, ok := elements(args[0])
	switch {
	case !ok:
		return cty.DynamicVal, nil
	case len(elems) == 0:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case len(elems) == 1:
		return elems[0], nil
	default:
		return cty.NilVal, errors.New("must have either zero or one elements")
	}
})

func identityFunc(sensitive bool) function.Function {
	return generic([]function.Parameter{anyParam("value")}, nil, func(args []cty.Value) (cty.Value, error) {
		if sensitive {
			return args[0].Mark(Sensitive), nil
		}
		// A value that was sensitive is never printed, also after nonsensitive.
		return args[0], nil
	})
}

var closures = &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType}

// tryFunc is try: the value of the first expression that does not fail. The result is
// unknown where that value is not settled, because evaluating it may still fail
// after apply; so it is where a call in the expression may fail that counts as a doubt.
func tryFunc(doubts *int) function.Function {
	return generic(nil, closures, func(args []cty.Value) (cty.Value, error) {
		for _, arg := range args {
			before := *doubts
			v, diags := customdecode.ExpressionClosureFromVal(arg).Value()
			switch {
			case *doubts > before:
				return cty.DynamicVal, nil
			case diags.HasErrors() && unlisted(arg):
				return cty.DynamicVal, nil
			case diags.HasErrors():
				continue
			case !settled(v):
				return cty.DynamicVal, nil
			default:
				return v, nil
			}
		}
		return cty.NilVal, errors.New("no expression succeeded")
	})
}

func canFunc(doubts *int) function.Function {
	return generic([]function.Parameter{*closures}, nil, func(args []cty.Value) (cty.Value, error) {
		before := *doubts
		v, diags := customdecode.ExpressionClosureFromVal(args[0]).Value()
		switch {
		case *doubts > before:
			return cty.UnknownVal(cty.Bool), nil
		case diags.HasErrors() && unlisted(args[0]):
			return cty.UnknownVal(cty.Bool), nil
		case diags.HasErrors():
			return cty.False, nil
		case !settled(v):
			return cty.UnknownVal(cty.Bool), nil
		default:
			return cty.True, nil
		}
	})
}

// unlisted reports whether an expression may have failed only because the object of
// an instance does not list the attribute that a computed name asks for.
func unlisted(arg cty.Value) bool {
	closure := customdecode.ExpressionClosureFromVal(arg)
	expr, ok := closure.Expression.(hclsyntax.Expression)
	found := !ok
	if ok {
		_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
			if idx, ok := n.(*hclsyntax.IndexExpr); ok && !found {
				v, diags := idx.Collection.Value(closure.EvalContext)
				// The collection of a loop cannot be evaluated outside the loop.
				found = diags.HasErrors() || isPartial(v)
			}
			return nil
		})
	}
	return found
}

// unknownFunc is a function that is not evaluated here.
func unknownFunc(doubts *int) function.Function {
	return generic(nil, new(anyParam("args")), func([]cty.Value) (cty.Value, error) {
		*doubts++
		return cty.DynamicVal, nil
	})
}

// plainFormat is format, and returns its argument as it is where the format is "%s".
func plainFormat(f function.Function) function.Function {
	params := []function.Parameter{{Name: "format", Type: cty.String, AllowNull: true, AllowUnknown: true, AllowMarked: true}}
	return generic(params, new(anyParam("args")), func(args []cty.Value) (cty.Value, error) {
		v, marks := args[0].Unmark()
		if len(args) == 2 && isSentinel(args[1]) && v.IsKnown() && !v.IsNull() && v.AsString() == "%s" {
			return args[1].WithMarks(marks), nil
		}
		return f.Call(args)
	})
}

// iterateFunc returns the collection of a loop and counts the work of the loop;
// weight is the size of the expression that is evaluated for each element.
func iterateFunc(name string, spend func(int) bool) function.Function {
	return generic([]function.Parameter{anyParam("collection"), anyParam("weight")}, nil, func(args []cty.Value) (cty.Value, error) {
		v, _ := args[0].Unmark()
		weight, _ := args[1].AsBigFloat().Int64()
		switch {
		case isPartial(v) && name != fnIterateSplat:
			return cty.DynamicVal, nil
		case name != fnIterateSet && !ordered(v):
			return cty.DynamicVal, nil
		case v.IsKnown() && !v.IsNull() && v.CanIterateElements() && !spend(v.LengthInt()*int(weight)):
			return cty.DynamicVal, nil
		}
		return args[0], nil
	})
}
