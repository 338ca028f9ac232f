package tfconfig

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Comment is a comment in the user's own source.
type Comment struct {
	Text     string // without its signs
	Position Position
	// Declaration is the first line of the resource or module call that the comment
	// stands in or directly above; without a file where it stands at none.
	Declaration Position
}

// Comments lists the comments whose text is asked for, by file and line: of the root module
// and of modules with a relative source, not of modules that were fetched. JSON has no
// comments. Where it is not known which program reads the configuration, there are none.
func (c *Configuration) Comments(asked func(text string) bool) []Comment {
	if c.Ambiguous() {
		return nil
	}
	var out []Comment
	seen := map[*moduleSource]bool{}
	var visit func(m *module)
	visit = func(m *module) {
		if m.missing != "" || seen[m.moduleSource] {
			return
		}
		seen[m.moduleSource] = true
		for _, name := range slices.Sorted(maps.Keys(m.files)) {
			if !isJSON(name) {
				out = append(out, m.comments(name, asked)...)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(m.children)) {
			if isLocal(m.calls[name].source()) {
				visit(m.children[name])
			}
		}
	}
	visit(c.root)
	return out
}

// comments lists the comments of one file.
func (m *moduleSource) comments(name string, asked func(text string) bool) []Comment {
	wanted := false
	scan := census{src: m.files[name], comment: func(text []byte) { wanted = wanted || asked(commentText(text)) }}
	if err := scan.native(); err == nil && !wanted { // most files have none, and need not be taken apart
		return nil
	}
	tokens, _ := hclsyntax.LexConfig(m.files[name], name, hcl.InitialPos) // the file was parsed before

	commented := map[int]bool{} // lines with nothing but a comment
	line := 0                   // of the last token that is neither a comment nor the end of a line
	var found []hclsyntax.Token
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			if t.Type != hclsyntax.TokenNewline {
				line = t.Range.End.Line
			}
			continue
		}
		first := t.Range.Start.Line
		for l := first; first != line && l <= first+strings.Count(strings.TrimSuffix(string(t.Bytes), "\n"), "\n"); l++ {
			commented[l] = true
		}
		if asked(commentText(t.Bytes)) {
			found = append(found, t)
		}
	}
	if found == nil {
		return nil
	}
	file, _ := hclsyntax.ParseConfig(m.files[name], name, hcl.InitialPos)
	starts := map[int]hcl.Range{} // declarations by their first line
	var within []*hclsyntax.Block
	if body, ok := file.Body.(*hclsyntax.Body); ok {
		within = body.Blocks
		for _, b := range within {
			starts[b.TypeRange.Start.Line] = m.declared(b)
		}
	}
	var out []Comment
	for _, t := range found {
		at := t.Range.Start.Line
		c := Comment{Text: commentText(t.Bytes), Position: position(t.Range)}
		for len(within) > 0 && within[0].CloseBraceRange.End.Line < at { // blocks and comments are in order
			within = within[1:]
		}
		if len(within) > 0 && within[0].TypeRange.Start.Line <= at {
			c.Declaration = position(m.declared(within[0]))
		}
		if c.Declaration.File == "" && commented[at] {
			next := at
			for commented[next] {
				next++
			}
			c.Declaration = position(starts[next])
		}
		out = append(out, c)
	}
	return out
}

// declared is the range of the declaration of a resource or module call to which a
// block belongs, which for the block of an override file stands in another file.
func (m *moduleSource) declared(b *hclsyntax.Block) hcl.Range {
	var d *block
	switch {
	case b.Type == "resource" && len(b.Labels) == 2:
		d = m.resources[b.Labels[0]+"."+b.Labels[1]]
	case b.Type == "module" && len(b.Labels) == 1:
		d = m.calls[b.Labels[0]]
	}
	if d == nil {
		return hcl.Range{}
	}
	return d.rng
}

// commentText is the text of a comment without its signs and the space around it.
func commentText(raw []byte) string {
	text := string(raw)
	for _, sign := range []string{"#", "//", "/*"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			text = rest
			break
		}
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "*/"))
}
