package fix

import (
	"bytes"
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// shown makes the changes of a file that a diff may show, and marks the others as hidden.
// Neighbours that may hold a secret are not aligned anew.
func (r *run) shown(file string) []report.Lines {
	t := newText(r.data[file])
	for _, c := range r.changes {
		if c.file != file {
			continue
		}
		c.hidden = true
		for _, align := range []bool{true, false} {
			after, err := c.in(t.data, align)
			if err == nil && c.repeatable(t.data, after) {
				t.become(after)
				c.hidden = false
				break
			}
		}
	}
	return t.changed(r.data[file])
}

// repeatable reports whether the lines that a change changes may be shown, before and after.
func (c *change) repeatable(before, after []byte) bool {
	start, end, text := changedLines(before, after)
	return repeatable(before, []*change{c}, start, end) &&
		repeatable(after, []*change{c}, start, start+len(linesOf([]byte(text))))
}

// Diff is a unified diff without lines around the changes, as git apply --unidiff-zero and
// patch -p1 take it; base is the directory of the root module, relative to where the diff is
// applied. It shows the lines that change and the first line of the block that they stand in.
func (files Files) Diff(base string) []byte {
	var out bytes.Buffer
	for _, f := range files {
		if len(f.Shown) == 0 {
			continue
		}
		name := path.Join(base, f.Name)
		fmt.Fprintf(&out, "--- %s\n+++ %s\n", header("a/"+name), header("b/"+name))
		before, more := linesOf(f.Before), 0
		for _, c := range f.Shown {
			removed, added := before[c.Start-1:c.End-1], linesOf([]byte(c.Text))
			fmt.Fprintf(&out, "@@ -%s +%s @@%s\n", span(c.Start, len(removed)), span(c.Start+more, len(added)), blockAt(f.Before, c.Start))
			more += len(added) - len(removed)
			write(&out, "-", removed)
			write(&out, "+", added)
		}
	}
	return out.Bytes()
}

// span is how a diff tells lines of a file: where there is none, by the line before.
func span(start, count int) string {
	switch count {
	case 0:
		return strconv.Itoa(start-1) + ",0"
	case 1:
		return strconv.Itoa(start)
	default:
		return strconv.Itoa(start) + "," + strconv.Itoa(count)
	}
}

func write(out *bytes.Buffer, sign string, lines [][]byte) {
	for _, line := range lines {
		out.WriteString(sign)
		out.Write(line)
		if !bytes.HasSuffix(line, []byte("\n")) {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// blockAt is a space and the type and the labels of the block of a file in which a line stands;
// empty where there is none.
func blockAt(data []byte, line int) string {
	file, _ := hclsyntax.ParseConfig(data, "", hcl.InitialPos)
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return ""
	}
	for _, b := range body.Blocks {
		if b.TypeRange.Start.Line <= line && line <= b.CloseBraceRange.End.Line {
			out := " " + b.Type
			for _, label := range b.Labels {
				out += " " + strconv.Quote(label)
			}
			return out
		}
	}
	return ""
}

// header is the name of a file in a diff as git writes it: in quotes where a character would
// end it, else with a tab behind a name that has a space, where patch would end it.
func header(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '"' || r == '\\' }) {
		if strings.Contains(name, " ") {
			name += "\t"
		}
		return name
	}
	var out strings.Builder
	for _, b := range []byte(name) {
		switch {
		case b == '"', b == '\\':
			out.WriteString(`\` + string(rune(b)))
		case b < ' ', b > '~':
			fmt.Fprintf(&out, `\%03o`, b)
		default:
			out.WriteByte(b)
		}
	}
	return `"` + out.String() + `"`
}
