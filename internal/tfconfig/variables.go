package tfconfig

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// VariableSources are where values of root variables stand, from the weakest to the
// strongest: the environment, the files that Terraform reads by itself, and Given.
type VariableSources struct {
	// Dir is the directory of the root module.
	Dir string
	// Environment is the environment as os.Environ returns it, of which TF_VAR_NAME counts.
	Environment []string
	// Given are the values and files that somebody names, in their order.
	Given []GivenVariable
}

// GivenVariable is a value, NAME=VALUE, or a file of values.
type GivenVariable struct {
	Assignment string
	File       string // empty for an assignment
	From       string // what gives an assignment, for messages; empty for --var
}

// MayHoldText reports whether a value of a root variable may be text, or have some in it:
// the variable is of another type than bool and number.
func (e *Evaluator) MayHoldText(variable string) bool {
	decl := e.root.variables[variable]
	if decl == nil {
		return true
	}
	a := decl.bodies.attribute("type")
	if a == nil {
		return true
	}
	t, ok := readType(a.Expr)
	return !ok || t.typ != cty.Bool && t.typ != cty.Number
}

// Variables returns the values of root variables. Terraform goes on where a file has a
// value that no variable takes; that is a note.
func (c *Configuration) Variables(from VariableSources) (values map[string]cty.Value, notes []string, err error) {
	v := variableReader{declared: c.root.variables, values: map[string]cty.Value{}}
	for _, entry := range from.Environment {
		if name, value, ok := strings.Cut(entry, "="); ok && strings.HasPrefix(name, "TF_VAR_") {
			name = strings.TrimPrefix(name, "TF_VAR_")
			if v.declared[name] == nil {
				continue
			}
			if err := v.text(name, value, "the environment variable TF_VAR_"+name); err != nil {
				return nil, nil, err
			}
		}
	}
	files, err := automaticFiles(from.Dir)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		if err := v.file(f); err != nil {
			return nil, nil, err
		}
	}
	for _, g := range from.Given {
		if g.File != "" {
			err = v.file(g.File)
		} else if name, value, ok := strings.Cut(g.Assignment, "="); !ok {
			err = fmt.Errorf("%s takes NAME=VALUE, and one has no =", cmp.Or(g.From, "--var"))
		} else if name, from := strings.TrimSpace(name), cmp.Or(g.From, "--var"); v.declared[name] == nil {
			err = fmt.Errorf("%s %s: the configuration declares no variable of this name%s", from, name,
				suggest.DidYouMean(name, c.VariableNames()))
		} else {
			err = v.text(name, value, from+" "+name)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return v.values, v.notes, nil
}

// VariableNames are the names of the root variables, sorted.
func (c *Configuration) VariableNames() []string { return slices.Sorted(maps.Keys(c.root.variables)) }

// automaticFiles are the files of values that Terraform reads by itself, in its order.
func automaticFiles(dir string) (files []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"terraform.tfvars", "terraform.tfvars.json"} {
		if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == name }) {
			files = append(files, filepath.Join(dir, name))
		}
	}
	for _, e := range entries { // sorted by name
		if strings.HasSuffix(e.Name(), ".auto.tfvars") || strings.HasSuffix(e.Name(), ".auto.tfvars.json") {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}

type variableReader struct {
	declared map[string]*block
	values   map[string]cty.Value
	notes    []string
}

// text takes a value that is written as text: itself for a variable whose type is a
// primitive one, or that has none, and an expression for another.
func (v *variableReader) text(name, text, from string) error {
	ty := cty.String
	if a := v.declared[name].bodies.attribute("type"); a != nil {
		if declared, ok := readType(a.Expr); ok {
			ty = declared.typ
		}
	}
	if ty.IsPrimitiveType() {
		return v.set(name, cty.StringVal(text), from)
	}
	if err := checkNative([]byte(text), from); err != nil {
		return fmt.Errorf("%s is no expression that can be read", from)
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), from, hcl.InitialPos)
	if diags.HasErrors() {
		return fmt.Errorf("%s is no expression: %s", from, strings.ToLower(diags[0].Summary))
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() {
		return fmt.Errorf("%s is no value: %s", from, strings.ToLower(diags[0].Summary))
	}
	return v.set(name, value, from)
}

// set takes a value that fits the type of the variable.
func (v *variableReader) set(name string, value cty.Value, from string) error {
	v.values[name] = value
	a := v.declared[name].bodies.attribute("type")
	if a == nil {
		return nil
	}
	t, ok := readType(a.Expr)
	if !ok {
		return nil // the variable is unknown, and told so where it counts
	}
	if _, err := t.convert(value); err != nil {
		return fmt.Errorf("%s: the value does not fit the type of the variable %s, %s", from, name, typeexpr.TypeString(t.typ))
	}
	return nil
}

// readData reads a file of variables, which may be a pipe.
func readData(name string) ([]byte, error) {
	r, err := os.Open(name)
	if err == nil {
		defer r.Close()
		if info, statErr := r.Stat(); statErr == nil && info.IsDir() {
			err = errors.New("is a directory, not a file")
		}
	}
	if err != nil {
		var bare *fs.PathError
		if errors.As(err, &bare) {
			err = bare.Err
		}
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFileSize+1))
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("has more than %d MiB", maxFileSize>>20)
	}
	return data, err
}

// file takes the values of a file.
func (v *variableReader) file(name string) error {
	data, err := readData(name)
	if err != nil {
		return fmt.Errorf("the file of variables %s: %w", name, err)
	}
	if at := notText(data); at >= 0 {
		return fmt.Errorf("%s:%d: the file is not text in UTF-8", name, 1+bytes.Count(data[:at], []byte("\n")))
	}
	var file *hcl.File
	var diags hcl.Diagnostics
	if isJSON(name) {
		if err := checkJSON(data); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		file, diags = hcljson.Parse(data, name)
	} else {
		if err := checkNative(data, name); err != nil {
			return err
		}
		file, diags = hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	}
	if err := diagError(diags); err != nil {
		return err
	}
	attributes, diags := file.Body.JustAttributes()
	if err := diagError(diags); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[key]
		if v.declared[key] == nil {
			v.notes = append(v.notes, fmt.Sprintf("%s:%d: the configuration declares no variable %s: the value is not used%s",
				a.Range.Filename, a.Range.Start.Line, key, suggest.DidYouMean(key, slices.Sorted(maps.Keys(v.declared)))))
			continue
		}
		value, diags := a.Expr.Value(nil)
		if err := diagError(diags); err != nil {
			return err
		}
		if err := v.set(key, value, fmt.Sprintf("%s:%d", a.Range.Filename, a.Range.Start.Line)); err != nil {
			return err
		}
	}
	return nil
}
