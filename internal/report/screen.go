package report

import (
	"bytes"
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

// Screen is text for people at a terminal, in lines of a width.
type Screen struct {
	Width int // columns
	Style Palette
	text  bytes.Buffer // what is being rendered
}

// Palette holds the styles; without colour they change nothing.
type Palette struct{ Bold, Dim, Red, Yellow, Green, Blue, Plain lipgloss.Style }

// NewScreen returns an empty screen of a width; 0 is that of a usual terminal.
func NewScreen(w io.Writer, color bool, width int) *Screen {
	if width <= 0 {
		width = 80
	}
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.Ascii)
	if color {
		r.SetColorProfile(termenv.ANSI)
	}
	colour := func(c string) lipgloss.Style { return r.NewStyle().Foreground(lipgloss.Color(c)) }
	return &Screen{
		Width: min(max(width, 40), 120),
		Style: Palette{
			Bold: r.NewStyle().Bold(true), Dim: r.NewStyle().Faint(true),
			Red: colour("1").Bold(true), Yellow: colour("3"), Green: colour("2"), Blue: colour("4"), Plain: lipgloss.NewStyle(),
		},
	}
}

// String is what was rendered.
func (s *Screen) String() string { return s.text.String() }

// nbsp joins words that stay on one line; it is never printed.
const nbsp = "\u00a0"

// Line writes a line.
func (s *Screen) Line(line string) {
	s.text.WriteString(strings.TrimRight(line, " ") + "\n")
}

// Spread writes parts behind a first prefix with two spaces between them, and what
// does not fit behind rest on further lines.
func (s *Screen) Spread(first, rest string, parts ...Part) {
	width := max(s.Width-ansi.StringWidth(rest), 20)
	line, used := first, 0
	for _, p := range parts {
		if p.Text == "" {
			continue
		}
		for i, l := range Wrap(p.Text, width) {
			w := ansi.StringWidth(l)
			switch {
			case used == 0:
			case i == 0 && used+2+w <= width:
				line, used = line+"  ", used+2
			default:
				s.Line(line)
				line, used = rest, 0
			}
			line, used = line+p.Style.Render(l), used+w
		}
	}
	s.Line(line)
}

// Part is a text with its style.
type Part struct {
	Text  string
	Style lipgloss.Style
}

// Wrapped writes text behind a first prefix, and behind rest on further lines.
// Every prefix has a sign or words of this program, so that no line can start
// with text from the plan: some pipelines obey lines that start with "::".
func (s *Screen) Wrapped(first, rest, text string, style lipgloss.Style) {
	width := max(s.Width-ansi.StringWidth(rest), 20)
	for i, l := range Wrap(text, width) {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		s.Line(prefix + style.Render(strings.ReplaceAll(l, nbsp, " ")))
	}
}
