package tfconfig

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Program is a program that reads configurations. Terraform never reads .tofu
// files; OpenTofu reads x.tofu instead of an x.tf beside it.
type Program int

// The programs; Undetermined means either of them.
const (
	Undetermined Program = iota
	Terraform
	OpenTofu
)

// As returns the configuration as a program reads it. For Undetermined, evaluators
// answer only where both programs would give the same answer.
func (c *Configuration) As(p Program) (*Configuration, error) {
	switch {
	case c.tofu == nil && c.tofuErr == nil: // every program reads the same
		return c, nil
	case p == OpenTofu:
		return c.tofu, c.tofuErr
	case c.root == nil:
		return nil, errors.New("configuration: no configuration files in the root module but those that only OpenTofu reads")
	case p == Terraform:
		return c.beside(nil), nil
	case c.tofu == nil:
		return nil, c.tofuErr
	default:
		return c.beside(c.tofu), nil
	}
}

// beside is the configuration as Terraform reads it, beside that of another program.
func (c *Configuration) beside(other *Configuration) *Configuration {
	out := *c
	out.tofu, out.tofuErr, out.other = nil, nil, other
	return &out
}

// Ambiguous reports whether both programs read the configuration, differently.
func (c *Configuration) Ambiguous() bool { return c.other != nil }

// files leaves out the files that the program does not read.
func (l *loader) files(files []sourceFile) []sourceFile {
	instead := map[string]bool{} // files of Terraform that OpenTofu does not read
	for _, f := range files {
		if isTofu(f.name) {
			l.tofu, instead[terraformName(f.name)] = true, true
		}
	}
	if len(instead) == 0 {
		return files
	}
	return slices.DeleteFunc(slices.Clone(files), func(f sourceFile) bool {
		if l.program == OpenTofu {
			return instead[f.name]
		}
		return isTofu(f.name)
	})
}

func isTofu(name string) bool { return strings.HasPrefix(extension(name), ".tofu") }

func terraformName(name string) string {
	ext := extension(name)
	return strings.TrimSuffix(name, ext) + strings.Replace(ext, ".tofu", ".tf", 1)
}

// load parses the root module and all modules that it calls, up to a number of
// tokens: as Terraform reads them and, where there are files that only OpenTofu
// reads, as OpenTofu does too.
func load(find findModule, tokens int) (*Configuration, error) {
	c, l, err := loadAs(Terraform, find, tokens)
	if !l.tofu {
		return c, err
	}
	if c == nil {
		c = &Configuration{}
	}
	if c.tofu, _, c.tofuErr = loadAs(OpenTofu, find, tokens); c.tofuErr != nil && err != nil {
		return nil, err
	}
	return c, nil
}

func loadAs(p Program, find findModule, tokens int) (*Configuration, *loader, error) {
	c := &Configuration{names: map[string]struct{}{}}
	l := &loader{find: find, cfg: c, program: p, parsed: map[string]*moduleSource{}, budget: budget{limit: tokens}}
	dir, files, reason, err := find(nil, nil, "")
	files = l.files(files)
	switch {
	case err != nil:
	case reason != "" || len(files) == 0:
		err = errors.New("no configuration files in the root module")
	default:
		c.root, err = l.module(nil, nil, dir, files)
		err = cmp.Or(err, l.broken)
	}
	if err != nil {
		return nil, l, fmt.Errorf("configuration: %w", err)
	}
	return c, l, nil
}

// disagreement is the reason of an answer on which the two programs differ.
const disagreement = "Terraform and OpenTofu read it differently, and the plan does not tell which of them made it"

// asked asks a question of an evaluator and, where it is not known which program reads
// the configuration, also of the other program's; agree joins the answers.
func asked[T any](e *Evaluator, ask func(*Evaluator) T, agree func(a, b T) T) T {
	e.begin()
	answer := ask(e)
	if e.other != nil {
		e.other.begin()
		answer = agree(answer, ask(e.other))
	}
	return answer
}

// agreed is the reference that both programs find, or an unresolved one.
func agreed(a, b Reference) Reference {
	if a.Kind == b.Kind && a.Address == b.Address && a.Attribute == b.Attribute && a.Value == b.Value && a.Sensitive == b.Sensitive {
		return a
	}
	return Reference{Why: disagreement, Position: a.Position}
}
