package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

//go:embed guide.md.tmpl
var guide string

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: docgen FILE")
		os.Exit(2)
	}
	if err := write(os.Args[1], baseline.Published()[0]); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// write writes the guide to a file. An error in rendering leaves the file as it was.
func write(path string, d *baseline.Document) error {
	var out bytes.Buffer
	if err := render(&out, d); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

func render(w io.Writer, d *baseline.Document) error {
	t, err := template.New("guide").Funcs(template.FuncMap{
		"anchor":   anchor,
		"cell":     cell,
		"escape":   escape,
		"sentence": sentence,
		"sources":  d.Sources,
		"titleV2":  baseline.TitleV2,
		"dialects": dialects,
		"remedy":   remedy,
	}).Parse(guide)
	if err != nil {
		return err
	}
	return t.Execute(w, d)
}

// anchor is the part of a rule's help URL that names its section.
func anchor(id string) string {
	_, fragment, _ := strings.Cut(baseline.HelpURL(id), "#")
	return fragment
}

// escape returns text in which placeholders such as <name> are not read as HTML.
func escape(s string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s)
}

// cell returns text for a cell of a Markdown table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(escape(s))
}

// dialects are the names of dialects that say the same.
func dialects(names []string) string { return "**" + strings.Join(names, ", ") + "**" }

// remedy is what to write in a dialect; commands of the Azure CLI are code.
func remedy(r report.Remedy) string {
	if strings.HasPrefix(r.Text, "az ") {
		return "`" + r.Text + "`"
	}
	return escape(r.Text)
}

// sentence returns a fragment with a capital letter and, unless it ends in code, a
// period.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	s = escape(string(unicode.ToUpper(first)) + s[size:])
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.IsLetter(last) && !strings.Contains(s, "=") {
		s += "."
	}
	return s
}
