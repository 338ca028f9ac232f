package fix

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// notLiteral is the error about an argument whose value is no literal.
type notLiteral struct {
	name string
	expr hclsyntax.Expression
}

func (e *notLiteral) Error() string {
	return fmt.Sprintf("the value of %s is no literal, and is decided here", e.name)
}

// errUnsafe is the error about a file of which it cannot be shown that the edit changes
// nothing but one argument.
var errUnsafe = errors.New("the lines around the argument are written in a way that cannot be edited safely")

// Set returns a file in which an argument of a block has a literal. The block is counted
// among those of the file that stand in no other; the path names nested blocks, or objects,
// and then the argument. Whether a name that is not there is to be a block says the schema of
// the resource; without one, nothing is. Everything outside the line of the argument stays as
// it is, but for the alignment of its neighbours in a file that is formatted as Terraform
// formats it.
func Set(data []byte, index int, path []string, literal string, schema *providerschema.Block) ([]byte, error) {
	return set(data, index, path, literal, schema, true)
}

// set is [Set] that may leave the alignment of the neighbours as it is.
func set(data []byte, index int, path []string, literal string, schema *providerschema.Block, align bool) ([]byte, error) {
	block, err := blockOf(data, index)
	if err != nil {
		return nil, err
	}
	e := editor{data: data}
	if err := e.inBlock(block, path, literal, schema); err != nil {
		return nil, err
	}
	out := slices.Concat(data[:e.start], []byte(e.text), data[e.end:])
	if align && bytes.Equal(hclwrite.Format(data), data) {
		out = hclwrite.Format(out)
	}
	if !sets(out, index, path, literal) || !onlySets(data, out) {
		return nil, errUnsafe
	}
	return out, nil
}

// blockOf is a block of a file.
func blockOf(data []byte, index int) (*hclsyntax.Block, error) {
	file, diags := hclsyntax.ParseConfig(data, "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, errors.New("the file cannot be parsed")
	}
	top, ok := file.Body.(*hclsyntax.Body)
	if !ok || index >= len(top.Blocks) {
		return nil, errors.New("the block is not there")
	}
	return top.Blocks[index], nil
}

// editor replaces the bytes of a file from start to end by a text.
type editor struct {
	data       []byte
	start, end int
	text       string
}

func (e *editor) replace(start, end int, text string) { e.start, e.end, e.text = start, end, text }

// inBlock sets an argument in a block.
func (e *editor) inBlock(block *hclsyntax.Block, path []string, literal string, schema *providerschema.Block) error {
	name := path[0]
	if a := block.Body.Attributes[name]; a != nil {
		if len(path) == 1 {
			return e.inExpression(a.Expr, name, literal)
		}
		return e.inObject(a.Expr, name, path[1:], literal)
	}
	var nested []*hclsyntax.Block
	for _, b := range block.Body.Blocks {
		switch {
		case b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == name:
			return fmt.Errorf("a dynamic block makes %s", name)
		case b.Type == name:
			nested = append(nested, b)
		}
	}
	var inner *providerschema.Block
	if schema != nil {
		inner = schema.Nested(name)
	}
	switch {
	case len(nested) > 1:
		return fmt.Errorf("there are %d blocks %s", len(nested), name)
	case len(nested) == 1 && len(path) > 1:
		return e.inBlock(nested[0], path[1:], literal, inner)
	case len(nested) == 1:
		return fmt.Errorf("%s is a block", name)
	}
	return e.insertInBlock(block, path, literal, inner != nil)
}

// inExpression replaces a literal.
func (e *editor) inExpression(expr hclsyntax.Expression, name, literal string) error {
	if !isLiteral(expr) {
		return &notLiteral{name, expr}
	}
	rng := expr.Range()
	if bytes.HasPrefix(e.data[rng.Start.Byte:], []byte("<<")) {
		return fmt.Errorf("%s is a heredoc", name)
	}
	e.replace(rng.Start.Byte, rng.End.Byte, literal)
	return nil
}

// isLiteral reports whether an expression is a value that is written out.
func isLiteral(expr hclsyntax.Expression) bool {
	switch x := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return true
	case *hclsyntax.TemplateExpr:
		return x.IsStringLiteral()
	case *hclsyntax.ParenthesesExpr:
		return isLiteral(x.Expression)
	default:
		return false
	}
}

// inObject sets a member of an object that is an argument, or the argument of jsonencode.
func (e *editor) inObject(expr hclsyntax.Expression, name string, path []string, literal string) error {
	switch x := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return e.inObject(x.Expression, name, path, literal)
	case *hclsyntax.FunctionCallExpr:
		if x.Name == "jsonencode" && len(x.Args) == 1 && !x.ExpandFinal {
			return e.inObject(x.Args[0], name, path, literal)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			key, ok := memberName(item.KeyExpr)
			switch {
			case !ok:
				return &notLiteral{name, item.KeyExpr}
			case key != path[0] && strings.EqualFold(key, path[0]):
				return fmt.Errorf("it is written %s instead of %s", key, path[0])
			case key != path[0]:
				continue
			case len(path) == 1:
				return e.inExpression(item.ValueExpr, path[0], literal)
			default:
				return e.inObject(item.ValueExpr, path[0], path[1:], literal)
			}
		}
		return e.insertInObject(x, path, literal)
	}
	return &notLiteral{name, expr}
}

// memberName is the name of a member of an object; false where it is computed.
func memberName(key hclsyntax.Expression) (string, bool) {
	if word := hcl.ExprAsKeyword(key); word != "" {
		return word, true
	}
	v, diags := key.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}
