package report

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrap breaks text into lines of at most width columns, at spaces only: flags,
// dates and ids with hyphens stay whole. A word wider than a line is cut.
func Wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' }) {
		w := ansi.StringWidth(word)
		switch {
		case line == "":
		case used+1+w <= width:
			line, used = line+" "+word, used+1+w
			continue
		default:
			lines = append(lines, line)
		}
		line, used = word, w
		if w > width {
			pieces := strings.Split(ansi.Hardwrap(word, width, true), "\n")
			lines = append(lines, pieces[:len(pieces)-1]...)
			line = pieces[len(pieces)-1]
			used = ansi.StringWidth(line)
		}
	}
	return append(lines, line)
}

// middleCut shortens text to width columns and keeps both ends: addresses of the
// same module differ at the end.
func middleCut(text string, width int) string {
	total := ansi.StringWidth(text)
	if total <= width {
		return text
	}
	head := (width - 1) / 3
	return ansi.Truncate(text, head, "") + "…" + ansi.TruncateLeft(text, total-(width-1-head), "")
}
