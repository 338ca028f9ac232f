package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

//go:embed guide.md.tmpl
var guideTemplate string

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: docgen FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1], baseline.Published()); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// write writes the guide of each document into a folder. An error in rendering
// leaves the file of a guide as it was.
func write(folder string, documents baseline.Documents) error {
	for _, d := range documents {
		var guide bytes.Buffer
		if err := render(&guide, d); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, d.Guide), guide.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
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
	}).Parse(guideTemplate)
	if err != nil {
		return err
	}
	return t.Execute(w, d)
}

// anchor is the part of an entry's URL that names its section.
func anchor(help string) string {
	_, fragment, _ := strings.Cut(help, "#")
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

// dialects returns the names of dialects that share a text.
func dialects(names []string) string { return "**" + strings.Join(names, ", ") + "**" }

// remedy returns the text of a remedy; a command of the Azure CLI is code.
func remedy(r report.Remedy) string {
	if strings.HasPrefix(r.Text, "az ") {
		return "`" + r.Text + "`"
	}
	return escape(r.Text)
}

// sentence returns a fragment with a capital letter, and with a period unless it
// ends in code.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	s = escape(string(unicode.ToUpper(first)) + s[size:])
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.IsLetter(last) && !strings.Contains(s, "=") {
		s += "."
	}
	return s
}
