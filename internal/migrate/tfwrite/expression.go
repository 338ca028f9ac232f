package tfwrite

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// expression is the right side of an argument.
type expression = hclwrite.Tokens

// text is a string as a literal, in which nothing is evaluated.
func text(s string) expression { return hclwrite.TokensForValue(cty.StringVal(s)) }

func boolean(b bool) expression { return hclwrite.TokensForValue(cty.BoolVal(b)) }

// list is a list of expressions.
func list(items ...expression) expression { return hclwrite.TokensForTuple(items) }

// texts is a list of strings.
func texts(items ...string) expression {
	var out []expression
	for _, i := range items {
		out = append(out, text(i))
	}
	return list(out...)
}

// attribute is a name with its value in an object.
type attribute struct {
	name  string
	value expression // nil for none
}

// object is an object of the attributes that have a value.
func object(attributes ...attribute) expression {
	var out []hclwrite.ObjectAttrTokens
	for _, a := range attributes {
		if a.value != nil {
			out = append(out, hclwrite.ObjectAttrTokens{Name: hclwrite.TokensForIdentifier(a.name), Value: a.value})
		}
	}
	return hclwrite.TokensForObject(out)
}

// call is a call of a function.
func call(name string, arguments ...expression) expression {
	return hclwrite.TokensForFunctionCall(name, arguments...)
}

// code is an expression in Terraform's language that this package makes itself.
func code(source string) expression {
	tokens, diagnostics := hclsyntax.LexExpression([]byte(source), "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		panic("tfwrite: " + source + ": " + diagnostics.Error())
	}
	var out expression
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenEOF {
			out = append(out, &hclwrite.Token{Type: t.Type, Bytes: t.Bytes})
		}
	}
	return out
}

// sourceOf is an expression as it is written.
func sourceOf(e expression) string { return string(hclwrite.Format(e.Bytes())) }

// reference is the expression of an attribute of a resource by its address, as facts
// hold it that are known after apply. ok is false for what the root module cannot refer
// to, which is everything inside of other modules.
func reference(address string) (e expression, ok bool) {
	traversal, diagnostics := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diagnostics.HasErrors() || len(traversal) < 3 {
		return nil, false
	}
	if root := traversal.RootName(); root != "data" && !strings.Contains(root, "_") {
		return nil, false
	}
	return hclwrite.TokensForTraversal(traversal), true
}

// objectID is an object id of Microsoft Entra.
var objectID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// identifier is the expression of an id: itself, or the attribute of the resource that
// will have it. ok is false where it is not known, or not for people.
func identifier(id posture.Value[string]) (e expression, ok bool) {
	v, known := id.Get()
	switch {
	case !known || id.Source.Sensitive:
		return nil, false
	case strings.HasPrefix(v, "/") || objectID.MatchString(v):
		return text(v), true
	default:
		return reference(v)
	}
}

// variables are the variables of a configuration, in the order in which they are first needed.
type variables struct {
	all      []*variable
	declared map[string]bool // by name
}

// variable is an input variable that people set.
type variable struct {
	target                 *target // for which it is; nil where several may need it
	name, typ, description string
	// empty is the value that it has where people set none; nil where they have to.
	empty expression
}

// write writes the variables of a target, or those that several may need.
func (v *variables) write(b *body, t *target) {
	for _, one := range v.all {
		if one.target != t {
			continue
		}
		b.gap()
		inner := &body{inner: b.inner.AppendNewBlock("variable", []string{one.name}).Body()}
		inner.set("type", code(one.typ))
		inner.set("description", text(one.description))
		inner.set("default", one.empty)
	}
}

// declare returns the expression of a variable, and declares it once.
func (v *variables) declare(want variable) expression {
	if !v.declared[want.name] {
		v.declared[want.name] = true
		v.all = append(v.all, &want)
	}
	return code("var." + want.name)
}
