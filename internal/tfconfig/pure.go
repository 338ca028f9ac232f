package tfconfig

import (
	"crypto/md5"  //nolint:gosec // Terraform's function, not for secrecy
	"crypto/sha1" //nolint:gosec // Terraform's function, not for secrecy
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-cty-funcs/cidr"
	"github.com/hashicorp/go-cty-funcs/encoding"
	"github.com/hashicorp/go-cty-funcs/uuid"
	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// tolerated are functions that libraries, or this package, may refuse where some
// version of Terraform does not. Where they fail, their result is unknown instead of an
// error, and so is that of a try around it.
var tolerated = map[string]function.Function{
	"base64sha256":     digestFunc(sum256, base64.StdEncoding.EncodeToString),
	"base64sha512":     digestFunc(sum512, base64.StdEncoding.EncodeToString),
	"basename":         stringFunc(func(s string) (string, error) { return filepath.Base(s), nil }),
	"cidrhost":         cidr.HostFunc,
	"cidrnetmask":      limited(cidr.NetmaskFunc, holdsNo(":")), // of IPv4 only
	"cidrsubnet":       cidr.SubnetFunc,
	"cidrsubnets":      cidr.SubnetsFunc,
	"dirname":          stringFunc(func(s string) (string, error) { return filepath.Dir(s), nil }),
	"indent":           limited(stdlib.IndentFunc, smallIndent),
	"md5":              digestFunc(sumMD5, hex.EncodeToString),
	"sha1":             digestFunc(sum1, hex.EncodeToString),
	"sha256":           digestFunc(sum256, hex.EncodeToString),
	"sha512":           digestFunc(sum512, hex.EncodeToString),
	"sum":              sumFunc,
	"textdecodebase64": textDecode64Func,
	"textencodebase64": textEncode64Func,
	"timecmp":          timeCompareFunc,
	"transpose":        transposeFunc,
	"urlencode":        encoding.URLEncodeFunc,
	"uuidv5":           uuid.V5Func,
	"yamldecode":       limited(yaml.YAMLDecodeFunc, smallYAML),
	"yamlencode":       yaml.YAMLEncodeFunc,
}

// orUnknown is a function whose result is unknown, and a doubt, where it fails.
func orUnknown(f function.Function, doubts *int) function.Function {
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			ty, err := f.ReturnTypeForValues(args)
			if err != nil {
				*doubts++
				return cty.DynamicPseudoType, nil //nolint:nilerr // the failure is a doubt
			}
			return ty, nil
		},
		Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
			v, err := f.Call(args)
			if err != nil {
				*doubts++
				return cty.UnknownVal(ret), nil //nolint:nilerr // the failure is a doubt
			}
			return v, nil
		},
	})
}

func sumMD5(b []byte) []byte { s := md5.Sum(b); return s[:] }  //nolint:gosec // see above
func sum1(b []byte) []byte   { s := sha1.Sum(b); return s[:] } //nolint:gosec // see above
func sum256(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
func sum512(b []byte) []byte { s := sha512.Sum512(b); return s[:] }

func digestFunc(sum func([]byte) []byte, encode func([]byte) string) function.Function {
	return stringFunc(func(s string) (string, error) { return encode(sum([]byte(s))), nil })
}

// text is the first argument of a function, where it is a known string.
func text(args []cty.Value) (string, bool) {
	if len(args) == 0 {
		return "", false
	}
	v, _ := args[0].Unmark()
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}

// holdsNo accepts arguments of which the first does not hold a text.
func holdsNo(part string) func([]cty.Value) bool {
	return func(args []cty.Value) bool {
		s, _ := text(args)
		return !strings.Contains(s, part)
	}
}

// smallIndent refuses an indentation that would make a very long text.
func smallIndent(args []cty.Value) bool {
	spaces, _ := args[0].Unmark()
	s, known := text(args[1:])
	if !known || !spaces.IsKnown() || spaces.IsNull() || spaces.Type() != cty.Number {
		return true
	}
	n, _ := spaces.AsBigFloat().Int64()
	return n >= 0 && n <= 1000 && int(n)*strings.Count(s, "\n") <= maxFileSize
}

// Limits of YAML: its parser recurses once per level, and an alias stands for a copy.
const (
	maxYAML        = 1 << 20
	maxYAMLAliases = 10
)

// smallYAML refuses YAML that nests too deeply, or would grow too large, to be decoded.
func smallYAML(args []cty.Value) bool {
	s, _ := text(args)
	if len(s) > maxYAML || strings.Contains(s, "&") && strings.Count(s, "*") > maxYAMLAliases {
		return false
	}
	depth := 0
	for line := range strings.Lines(s) {
		// A block that is nested begins at least a column further right.
		if len(line)-len(strings.TrimLeft(line, " -?:")) > maxNesting {
			return false
		}
		depth = max(0, depth+strings.Count(line, "[")+strings.Count(line, "{"))
		if depth > maxNesting {
			return false
		}
		depth -= strings.Count(line, "]") + strings.Count(line, "}")
	}
	return true
}

var sumFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		elems, ok := elements(args[0])
		if !ok || len(elems) == 0 {
			return cty.UnknownVal(cty.Number), nil
		}
		total := cty.Zero
		for _, e := range elems {
			n, err := convert.Convert(e, cty.Number)
			if err != nil || n.IsNull() {
				return cty.NilVal, errors.New("not a number")
			}
			total = total.Add(n)
		}
		return total, nil
	},
})

var timeCompareFunc = function.New(&function.Spec{
	Params: []function.Parameter{stringParam("timestamp_a"), stringParam("timestamp_b")},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		a, err := time.Parse(time.RFC3339, args[0].AsString())
		b, errB := time.Parse(time.RFC3339, args[1].AsString())
		if err := errors.Join(err, errB); err != nil {
			return cty.NilVal, err
		}
		return cty.NumberIntVal(int64(a.Compare(b))), nil
	},
})

var transposeFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(ret), nil
		}
		lists := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); { // in the order of the keys
			key, list := it.Element()
			if list.IsNull() {
				return cty.NilVal, errors.New("a list is null")
			}
			for _, v := range list.AsValueSlice() {
				if v.IsNull() {
					return cty.NilVal, errors.New("a value is null")
				}
				lists[v.AsString()] = append(lists[v.AsString()], key)
			}
		}
		if len(lists) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		out := make(map[string]cty.Value, len(lists))
		for key, list := range lists {
			out[key] = cty.ListVal(list)
		}
		return cty.MapVal(out), nil
	},
})

// matchKeysFunc is matchkeys: the values at whose place a key stands that is searched.
// Keys have to be known, values need not.
var matchKeysFunc = generic([]function.Parameter{anyParam("values"), anyParam("keys"), anyParam("searchset")}, nil,
	func(args []cty.Value) (cty.Value, error) {
		list, err := convert.Convert(args[0], cty.List(cty.DynamicPseudoType))
		if err != nil || !list.Type().IsListType() {
			return cty.DynamicVal, nil
		}
		values, ok := elements(list)
		keys, okKeys := elements(blind(args[1]))
		searched, okSearched := elements(blind(args[2]))
		if !ok || !okKeys || !okSearched || len(values) != len(keys) || len(keys)*len(searched) > maxLeaves {
			return cty.DynamicVal, nil
		}
		out := []cty.Value{}
		for i, key := range keys {
			found := cty.False
			for _, s := range searched {
				key, s, err := sameType(key, s)
				if err != nil {
					return cty.DynamicVal, nil
				}
				found = found.Or(key.Equals(s))
			}
			found, _ = found.Unmark()
			switch {
			case !found.IsKnown():
				return cty.DynamicVal, nil
			case found.True():
				out = append(out, values[i])
			}
		}
		marks := cty.NewValueMarks()
		for _, a := range args[1:] {
			_, of := a.UnmarkDeep()
			for mark := range of {
				marks[mark] = struct{}{}
			}
		}
		if len(out) == 0 {
			return cty.ListValEmpty(list.Type().ElementType()).WithMarks(marks), nil
		}
		return cty.ListVal(out).WithMarks(marks), nil
	})

// sameType converts two strings, numbers or booleans to one type.
func sameType(a, b cty.Value) (cty.Value, cty.Value, error) {
	ty, convs := convert.UnifyUnsafe([]cty.Type{a.Type(), b.Type()})
	if ty == cty.NilType || !ty.IsPrimitiveType() {
		return a, b, errors.New("no common type")
	}
	for i, v := range []*cty.Value{&a, &b} {
		if convs[i] != nil {
			var err error
			if *v, err = convs[i](*v); err != nil {
				return a, b, err
			}
		}
	}
	return a, b, nil
}
