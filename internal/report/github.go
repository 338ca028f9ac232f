package report

import (
	"io"
	"strings"
)

func newGitHub(w io.Writer, opts EncodeOptions) Encoder {
	return &annotationEncoder{base: newBase(w), opts: opts, command: githubCommand}
}

// githubCommand is an annotation as a workflow command of GitHub Actions.
func githubCommand(a annotation) string {
	properties := "title=" + githubProperty(a.title)
	if a.at.Line > 0 {
		properties = "line=" + itoa(a.at.Line) + "," + properties
	}
	if a.at.File != "" {
		properties = "file=" + githubProperty(a.at.File) + "," + properties
	}
	return "::" + a.severity + " " + properties + "::" + githubData(a.text) + "\n"
}

// Escapes of workflow commands: the runner decodes %25, %0D and %0A in data, and
// %3A and %2C in properties too. Other signs are left to printable, which finds no
// colon in a property.
var (
	githubDataEscapes     = strings.NewReplacer("%", "%25", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r\n", "%0A", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string { return githubDataEscapes.Replace(printableLines(s)) }

func githubProperty(s string) string { return printable(githubPropertyEscapes.Replace(s)) }
