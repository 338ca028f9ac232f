package report

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// command begins a command of the Azure CLI in a remedy.
const command = "az "

// WrapRemedy breaks what to write into lines like [Wrap], but leaves commands whole, each
// on a line of its own, so that they can be pasted into a shell.
func WrapRemedy(text string, width int) []string {
	var lines []string
	for text != "" {
		step, rest, _ := strings.Cut(text, "; ")
		// Prose goes on until a command, and the comment of a command until the next one.
		for rest != "" && !strings.HasPrefix(rest, command) && (!strings.HasPrefix(step, command) || strings.Contains(step, " # ")) {
			more, after, _ := strings.Cut(rest, "; ")
			step, rest = step+"; "+more, after
		}
		if strings.HasPrefix(step, command) {
			lines = append(lines, step)
		} else {
			lines = append(lines, Wrap(step, width)...)
		}
		text = rest
	}
	return lines
}

// Wrap breaks text into lines of at most width columns, at spaces only: flags,
// dates and ids with hyphens stay whole. A word wider than a line is cut behind the
// last sign in it that parts names, a slash or a dot before a hyphen. A percent sign stays
// with its number.
func Wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	const unbroken = "\u00a0%"
	text = strings.ReplaceAll(text, " %", unbroken)
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
		for w > width {
			piece := ansi.Truncate(word, width, "")
			if piece == "" { // not even one character fits
				break
			}
			for _, signs := range []string{"/.,;:=&?]", "-_"} {
				if at := strings.LastIndexAny(piece, signs); at > 0 {
					piece = piece[:at+1]
					break
				}
			}
			lines = append(lines, piece)
			word = word[len(piece):]
			w = ansi.StringWidth(word)
		}
		line, used = word, w
	}
	lines = append(lines, line)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], unbroken, " %")
	}
	return lines
}
