package tfconfig

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// computing are the functions whose result depends on the content of their
// arguments.
var computing = map[string]function.Function{
	"abs":             stdlib.AbsoluteFunc,
	"alltrue":         allTrueFunc(true),
	"anytrue":         allTrueFunc(false),
	"base64decode":    stringFunc(decode64),
	"base64encode":    stringFunc(func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil }),
	"ceil":            stdlib.CeilFunc,
	"chomp":           stdlib.ChompFunc,
	"contains":        stdlib.ContainsFunc,
	"csvdecode":       stdlib.CSVDecodeFunc,
	"endswith":        boolFunc(strings.HasSuffix),
	"floor":           stdlib.FloorFunc,
	"format":          shortFormat(stdlib.FormatFunc),
	"formatdate":      stdlib.FormatDateFunc,
	"formatlist":      shortFormat(stdlib.FormatListFunc),
	"index":           indexFunc,
	"join":            limited(stdlib.JoinFunc, smallSeparator),
	"jsondecode":      jsonDecodeFunc,
	"jsonencode":      stdlib.JSONEncodeFunc,
	"log":             stdlib.LogFunc,
	"lower":           stdlib.LowerFunc,
	"max":             stdlib.MaxFunc,
	"min":             stdlib.MinFunc,
	"parseint":        stdlib.ParseIntFunc,
	"pow":             stdlib.PowFunc,
	"range":           stdlib.RangeFunc,
	"regex":           stdlib.RegexFunc,
	"regexall":        stdlib.RegexAllFunc,
	"replace":         replaceFunc,
	"setintersection": stdlib.SetIntersectionFunc,
	"setproduct":      smallProduct(stdlib.SetProductFunc),
	"setsubtract":     stdlib.SetSubtractFunc,
	"setunion":        stdlib.SetUnionFunc,
	"signum":          stdlib.SignumFunc,
	"sort":            stdlib.SortFunc,
	"split":           stdlib.SplitFunc,
	"startswith":      boolFunc(strings.HasPrefix),
	"strcontains":     boolFunc(strings.Contains),
	"strrev":          stdlib.ReverseFunc,
	"substr":          stdlib.SubstrFunc,
	"timeadd":         stdlib.TimeAddFunc,
	"title":           stdlib.TitleFunc,
	"tobool":          conversion(cty.Bool),
	"tonumber":        conversion(cty.Number),
	"trim":            stdlib.TrimFunc,
	"trimprefix":      stdlib.TrimPrefixFunc,
	"trimspace":       stdlib.TrimSpaceFunc,
	"trimsuffix":      stdlib.TrimSuffixFunc,
	"upper":           stdlib.UpperFunc,
}

func stringParam(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.String}
}

func stringFunc(f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{stringParam("str")},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString())
			return cty.StringVal(s), err
		},
	})
}

func decode64(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("not base64")
	}
	return string(b), nil
}

func boolFunc(f func(s, part string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{stringParam("str"), stringParam("part")},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(f(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

// allTrueFunc is alltrue for all, anytrue otherwise.
func allTrueFunc(all bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result := cty.BoolVal(all)
			for it := args[0].ElementIterator(); it.Next(); {
				_, e := it.Element()
				if e.IsNull() {
					e = cty.False
				}
				if all {
					result = result.And(e)
				} else {
					result = result.Or(e)
				}
			}
			return result, nil
		},
	})
}

var indexFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "list", Type: cty.DynamicPseudoType},
		{Name: "value", Type: cty.DynamicPseudoType},
	},
	Type: function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		elems, ok := elements(args[0])
		if !ok {
			return cty.UnknownVal(cty.Number), nil
		}
		for i, e := range elems {
			eq, err := stdlib.Equal(e, args[1])
			switch {
			case err != nil:
				return cty.NilVal, errors.New("cannot compare")
			case !eq.IsKnown():
				return cty.UnknownVal(cty.Number), nil
			case eq.True():
				return cty.NumberIntVal(int64(i)), nil
			}
		}
		return cty.NilVal, errors.New("item not found")
	},
})

// replaceFunc is Terraform's replace: a pattern between slashes is a regular expression.
var replaceFunc = function.New(&function.Spec{
	Params: []function.Parameter{stringParam("str"), stringParam("substr"), stringParam("replace")},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		s, old, repl := args[0].AsString(), args[1].AsString(), args[2].AsString()
		if len(s)*(len(repl)+1) > 16*maxFileSize {
			return cty.UnknownVal(cty.String), nil
		}
		if len(old) > 1 && old[0] == '/' && old[len(old)-1] == '/' {
			return stdlib.RegexReplace(args[0], cty.StringVal(old[1:len(old)-1]), args[2])
		}
		return stdlib.Replace(args[0], args[1], args[2])
	},
})

// jsonDecodeFunc is jsondecode, but refuses text that nests too deeply for the
// recursion of the decoder.
var jsonDecodeFunc = limited(stdlib.JSONDecodeFunc, func(args []cty.Value) bool {
	v, _ := args[0].Unmark()
	return !v.IsKnown() || v.IsNull() || checkJSON([]byte(v.AsString())) == nil
})

// smallSeparator refuses a join whose separators alone would make a very long text.
func smallSeparator(args []cty.Value) bool {
	separator, _ := text(args)
	return len(separator)*countElements(args[1:]) <= maxFileSize
}

// countElements is the number of elements of the collections among arguments.
func countElements(args []cty.Value) (n int) {
	for _, a := range args {
		if v, _ := a.Unmark(); v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
			n += v.LengthInt()
		}
	}
	return n
}

var wideVerb = regexp.MustCompile(`[0-9]{4,}|\*`)

// shortFormat refuses a format whose widths would make a very long text.
func shortFormat(f function.Function) function.Function {
	return limited(f, func(args []cty.Value) bool {
		v, _ := args[0].Unmark()
		return !v.IsKnown() || v.IsNull() || !wideVerb.MatchString(v.AsString())
	})
}

// smallProduct refuses a product that is larger than a value may be.
func smallProduct(f function.Function) function.Function {
	return limited(f, func(args []cty.Value) bool {
		n := 1
		for _, a := range args {
			v, _ := a.Unmark()
			if v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
				if n *= v.LengthInt(); n > maxLeaves/8 {
					return false
				}
			}
		}
		return true
	})
}
