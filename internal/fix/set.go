package fix

import (
	"bytes"
	"errors"
	"fmt"
	"math"
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
	block, err := blockOf(data, index)
	if err != nil {
		return nil, err
	}
	e := editor{data: data}
	if err := e.inBlock(block, path, literal, schema); err != nil {
		return nil, err
	}
	out := slices.Concat(data[:e.start], []byte(e.text), data[e.end:])
	if bytes.Equal(hclwrite.Format(data), data) {
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

// metaArguments are arguments of every resource, which stand apart from the others.
var metaArguments = []string{"count", "for_each", "provider", "depends_on"}

// insertInBlock adds an argument that is left out behind the last argument before nested
// blocks.
func (e *editor) insertInBlock(within *hclsyntax.Block, path []string, literal string, block bool) error {
	openEnd, closeStart := within.OpenBraceRange.End.Byte, within.CloseBraceRange.Start.Byte
	newline, outer := e.newline(), e.indentation(openEnd)
	if within.OpenBraceRange.Start.Line == within.CloseBraceRange.Start.Line {
		inner := outer + "  "
		text := newline
		if written := strings.TrimSpace(string(e.data[openEnd:closeStart])); written != "" {
			text += inner + written + newline
		}
		e.replace(openEnd, closeStart, text+member(inner, path, literal, newline, 0, block)+newline+outer)
		return nil
	}
	anchor := lastArgument(within.Body)
	if anchor == nil {
		at, err := e.afterLine(openEnd)
		text := member(outer+"  ", path, literal, newline, 0, block) + newline
		if len(within.Body.Blocks) > 0 {
			text += newline
		}
		e.replace(at, at, text)
		return err
	}
	at, err := e.afterLine(anchor.SrcRange.End.Byte)
	if err != nil {
		return err
	}
	inner := e.indentation(anchor.NameRange.Start.Byte)
	text := member(inner, path, literal, newline, anchor.EqualsRange.Start.Column-anchor.NameRange.Start.Column, block) + newline
	if block && len(path) > 1 || slices.Contains(metaArguments, anchor.Name) {
		text = newline + text
	}
	e.replace(at, at, text)
	return nil
}

// lastArgument is the last argument of a body before its nested blocks, which is no
// meta-argument if there is another one; nil where there is none.
func lastArgument(body *hclsyntax.Body) (last *hclsyntax.Attribute) {
	first := math.MaxInt
	for _, b := range body.Blocks {
		first = min(first, b.TypeRange.Start.Byte)
	}
	for _, a := range body.Attributes {
		meta := slices.Contains(metaArguments, a.Name)
		switch {
		case a.NameRange.Start.Byte > first:
		case last == nil, !meta && slices.Contains(metaArguments, last.Name):
			last = a
		case meta && !slices.Contains(metaArguments, last.Name):
		case a.NameRange.Start.Byte > last.NameRange.Start.Byte:
			last = a
		}
	}
	return last
}

// member is an argument, within the blocks or objects that its path names; its equals sign
// stands at a column, if the name is not longer.
func member(indent string, path []string, literal, newline string, equals int, block bool) string {
	name := path[0]
	if len(path) == 1 {
		return indent + name + strings.Repeat(" ", max(1, equals-len(name))) + "= " + literal
	}
	sign, inner := " = ", indent+"  "
	if block {
		sign = " "
	}
	if strings.HasSuffix(indent, "\t") {
		inner = indent + "\t"
	}
	return indent + name + sign + "{" + newline + member(inner, path[1:], literal, newline, 0, false) + newline + indent + "}"
}

// insertInObject adds a member that is left out behind the last one.
func (e *editor) insertInObject(x *hclsyntax.ObjectConsExpr, path []string, literal string) error {
	openEnd, closeStart := x.SrcRange.Start.Byte+1, x.SrcRange.End.Byte-1
	if e.data[openEnd-1] != '{' || e.data[closeStart] != '}' {
		return errUnsafe
	}
	newline, outer := e.newline(), e.indentation(x.SrcRange.Start.Byte)
	if n := len(x.Items); n > 0 && quoted(e.data, x.Items[n-1].KeyExpr) {
		path = slices.Clone(path)
		for i := range path {
			path[i] = `"` + path[i] + `"`
		}
	}
	oneLine := x.SrcRange.Start.Line == x.SrcRange.End.Line
	switch {
	case len(x.Items) == 0 && strings.TrimSpace(string(e.data[openEnd:closeStart])) == "":
		e.replace(openEnd, closeStart, newline+member(outer+"  ", path, literal, newline, 0, false)+newline+outer)
		return nil
	case len(x.Items) == 0:
		return errUnsafe // a comment
	}
	last := x.Items[len(x.Items)-1]
	end := last.ValueExpr.Range().End.Byte
	if oneLine {
		text := " " + strings.TrimSpace(strings.Join(path, " = { ")) + " = " + literal + strings.Repeat(" }", len(path)-1)
		if !e.commaBehind(end, closeStart) {
			text = "," + text
		} else {
			end += bytes.IndexByte(e.data[end:], ',') + 1
		}
		e.replace(end, end, text)
		return nil
	}
	key := last.KeyExpr.Range()
	at, err := e.afterLine(end)
	if err != nil || at > closeStart {
		return errUnsafe
	}
	equals := bytes.IndexByte(e.data[key.Start.Byte:last.ValueExpr.Range().Start.Byte], '=')
	text := member(e.indentation(key.Start.Byte), path, literal, newline, equals, false)
	if e.commaBehind(end, closeStart) {
		text += ","
	}
	e.replace(at, at, text+newline)
	return nil
}

// quoted reports whether the name of a member is written in quotes.
func quoted(data []byte, key hclsyntax.Expression) bool { return data[key.Range().Start.Byte] == '"' }

// commaBehind reports whether a comma follows.
func (e *editor) commaBehind(from, to int) bool {
	return bytes.HasPrefix(bytes.TrimLeft(e.data[from:to], " \t"), []byte(","))
}

// newline is how the file ends its lines.
func (e *editor) newline() string {
	if bytes.Contains(e.data, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// indentation is the white space at the beginning of a line.
func (e *editor) indentation(at int) string {
	line := e.data[bytes.LastIndexByte(e.data[:at], '\n')+1:]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// afterLine is the beginning of the line that follows a token, behind a comment that stands
// there too.
func (e *editor) afterLine(at int) (int, error) {
	if at > 0 && e.data[at-1] == '\n' { // behind a heredoc
		return at, nil
	}
	tokens, _ := hclsyntax.LexConfig(e.data, "", hcl.InitialPos) // the file was parsed before
	for _, t := range tokens {
		ends := t.Type == hclsyntax.TokenNewline || t.Type == hclsyntax.TokenComment && bytes.HasSuffix(t.Bytes, []byte("\n"))
		if ends && t.Range.Start.Byte >= at {
			return t.Range.End.Byte, nil
		}
	}
	return at, errUnsafe
}

// sets reports whether an argument of a file has a literal.
func sets(data []byte, index int, path []string, literal string) bool {
	block, err := blockOf(data, index)
	if err != nil {
		return false
	}
	want, diags := hclsyntax.ParseExpression([]byte(literal), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	expr := find(block.Body, path)
	if expr == nil || !isLiteral(expr) {
		return false
	}
	have, _ := expr.Value(nil)
	value, _ := want.Value(nil)
	return have.RawEquals(value)
}

// find is the expression of an argument; nil where it is not found.
func find(body *hclsyntax.Body, path []string) hclsyntax.Expression {
	if a := body.Attributes[path[0]]; a != nil {
		return findMember(a.Expr, path[1:])
	}
	for _, b := range body.Blocks {
		if b.Type == path[0] && len(path) > 1 {
			return find(b.Body, path[1:])
		}
	}
	return nil
}

func findMember(expr hclsyntax.Expression, path []string) hclsyntax.Expression {
	if len(path) == 0 {
		return expr
	}
	switch x := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return findMember(x.Expression, path)
	case *hclsyntax.FunctionCallExpr:
		if len(x.Args) == 1 {
			return findMember(x.Args[0], path)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			if key, ok := memberName(item.KeyExpr); ok && key == path[0] {
				return findMember(item.ValueExpr, path[1:])
			}
		}
	}
	return nil
}

// onlySets reports whether two files differ by a literal, or by an argument that one of them
// lacks, and in nothing else but white space.
func onlySets(before, after []byte) bool {
	a, b := tokensOf(before), tokensOf(after)
	same := func(x, y hclsyntax.Token) bool { return x.Type == y.Type && bytes.Equal(x.Bytes, y.Bytes) }
	for len(a) > 0 && len(b) > 0 && same(a[0], b[0]) {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && same(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	inLiteral := func(t hclsyntax.Token) bool {
		switch t.Type {
		case hclsyntax.TokenOQuote, hclsyntax.TokenQuotedLit, hclsyntax.TokenCQuote, hclsyntax.TokenNumberLit, hclsyntax.TokenIdent,
			hclsyntax.TokenOParen, hclsyntax.TokenCParen:
			return true
		default:
			return false
		}
	}
	return !slices.ContainsFunc(a, func(t hclsyntax.Token) bool { return !inLiteral(t) }) &&
		!slices.ContainsFunc(b, func(t hclsyntax.Token) bool { return t.Type == hclsyntax.TokenComment })
}

// tokensOf are the tokens of a file without the ends of its lines.
func tokensOf(data []byte) (out []hclsyntax.Token) {
	tokens, _ := hclsyntax.LexConfig(data, "", hcl.InitialPos) // the file was parsed before
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenNewline {
			t.Bytes = bytes.TrimRight(t.Bytes, "\r\n")
			out = append(out, t)
		}
	}
	return out
}
