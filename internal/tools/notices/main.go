// Command notices writes the licences of everything that the program is linked from:
// Go's standard library, and the modules of its packages on every system that a
// release is built for. A module without a licence is an error.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// systems are those of .goreleaser.yml; packages of a system alone bring modules.
var systems = []string{"darwin", "freebsd", "linux", "windows"}

// licenceFile matches the names of files that hold a licence or what it demands to repeat.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|copyright|patents)([-._].*)?$`)

func main() {
	dir := flag.String("C", "../..", "folder of the main package")
	out := flag.String("o", "", "file to write")
	flag.Parse()
	if err := run(*dir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	texts := map[string][]string{} // what holds a text, by the text
	for _, system := range systems {
		listed, err := goOutput(dir, system, "list", "-deps", "-f",
			"{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", ".")
		if err != nil {
			return err
		}
		for line := range strings.Lines(listed) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if len(fields) != 3 {
				continue // a package of the standard library or of this module
			}
			if err := addModule(texts, fields[0], fields[1], fields[2]); err != nil {
				return err
			}
		}
	}
	goroot, err := goOutput(dir, "", "env", "GOROOT")
	if err != nil {
		return err
	}
	if _, err := addFolder(texts, "The Go standard library", strings.TrimSpace(goroot)); err != nil {
		return err
	}
	return os.WriteFile(out, document(texts), 0o644) //nolint:gosec // for everybody to read
}

// addModule adds the licences that stand in the folder of a package, and in those
// above it up to the module's.
func addModule(texts map[string][]string, module, moduleDir, packageDir string) error {
	found := false
	for dir := packageDir; strings.HasPrefix(dir, moduleDir); dir = filepath.Dir(dir) {
		some, err := addFolder(texts, module, dir)
		if err != nil {
			return err
		}
		found = found || some
	}
	if !found {
		return fmt.Errorf("%s has no licence", module)
	}
	return nil
}

func addFolder(texts map[string][]string, holder, dir string) (found bool, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	for _, entry := range entries {
		if entry.IsDir() || !licenceFile.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return false, err
		}
		found = true
		text := strings.TrimSpace(strings.ReplaceAll(string(raw), "\r\n", "\n"))
		if !slices.Contains(texts[text], holder) {
			texts[text] = append(texts[text], holder)
		}
	}
	return found, nil
}

// document is every text once, below the names of what holds it.
func document(texts map[string][]string) []byte {
	type section struct{ holders, text string }
	var sections []section
	for text, holders := range texts {
		slices.Sort(holders)
		sections = append(sections, section{strings.Join(holders, "\n"), text})
	}
	slices.SortFunc(sections, func(a, b section) int {
		return strings.Compare(a.holders+a.text, b.holders+b.text)
	})
	var b bytes.Buffer
	b.WriteString("Third-party software in redisbaseline, and its licences.\n" +
		"The source of a module is at https://pkg.go.dev/MODULE@VERSION.\n")
	rule := strings.Repeat("=", 80)
	for _, s := range sections {
		fmt.Fprintf(&b, "\n%s\n%s\n%s\n\n%s\n", rule, s.holders, rule, s.text)
	}
	return b.Bytes()
}

// goOutput runs Go in a folder, for a system or for this one.
func goOutput(dir, system string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if system != "" {
		cmd.Env = append(cmd.Env, "GOOS="+system)
	}
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("go %s: %w\n%s", args[0], err, exit.Stderr)
	}
	return string(out), err
}
