package tfconfig

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

// base64gzip stays unknown: its bytes depend on the compressor of the Go release that
// Terraform was built with. So does issensitive: which attributes of resources are
// sensitive is in their schemas, which are not at hand.

// textFunc is a function of a text and the IANA name of an encoding.
func textFunc(f func(encoding.Encoding, string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{stringParam("text"), stringParam("encoding")},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			enc, err := ianaindex.IANA.Encoding(args[1].AsString())
			if err == nil && enc == nil {
				err = errors.New("an encoding that is not supported")
			}
			if err != nil {
				return cty.NilVal, err
			}
			s, err := f(enc, args[0].AsString())
			return cty.StringVal(s), err
		},
	})
}

var textEncode64Func = textFunc(func(enc encoding.Encoding, s string) (string, error) {
	b, err := enc.NewEncoder().Bytes([]byte(s))
	return base64.StdEncoding.EncodeToString(b), err
})

var textDecode64Func = textFunc(func(enc encoding.Encoding, s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", err
	}
	if b, err = enc.NewDecoder().Bytes(b); err == nil && strings.ContainsRune(string(b), utf8.RuneError) {
		err = errors.New("bytes that the encoding does not have")
	}
	return string(b), err
})
