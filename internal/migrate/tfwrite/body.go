package tfwrite

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// commentWidth is the most columns of a comment.
const commentWidth = 100

// body is the inside of a file or block that is being written.
type body struct {
	inner *hclwrite.Body
	begun bool
}

// gap begins a part of the body, behind an empty line unless it is the first.
func (b *body) gap() {
	if b.begun {
		b.inner.AppendNewline()
	}
	b.begun = true
}

// comment writes comments, of as many lines as each needs; an empty one is none. Text
// that came with an input cannot end a comment.
func (b *body) comment(comments ...string) {
	for _, c := range comments {
		if c == "" {
			continue
		}
		for _, line := range report.Wrap(report.OneLine(c), commentWidth) {
			b.commentedOut(line)
		}
	}
}

// commentedOut writes a line of configuration as a comment.
func (b *body) commentedOut(line string) {
	b.inner.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + line + "\n")}})
	b.begun = true
}

// set writes an argument; nil is none.
func (b *body) set(name string, value expression) {
	if value != nil {
		b.inner.SetAttributeRaw(name, value)
		b.begun = true
	}
}

// block begins a block within a block.
func (b *body) block(typ string) *body {
	b.gap()
	return &body{inner: b.inner.AppendNewBlock(typ, nil).Body()}
}

// resource begins a resource with comments above it.
func (b *body) resource(typ, label string, comments ...string) *body {
	b.gap()
	b.comment(comments...)
	return &body{inner: b.inner.AppendNewBlock("resource", []string{typ, label}).Body()}
}

// under begins a resource directly under a comment.
func (b *body) under(typ, label string) *body {
	return &body{inner: b.inner.AppendNewBlock("resource", []string{typ, label}).Body()}
}
