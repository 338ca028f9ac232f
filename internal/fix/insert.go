package fix

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

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
