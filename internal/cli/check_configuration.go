package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/pflag"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// configurationFlags are the flags of a check without a plan.
type configurationFlags struct {
	given     []tfconfig.GivenVariable
	workspace string
	tofu      bool
	recursive bool
	modules   bool
}

func (c *configurationFlags) add(f *pflag.FlagSet) {
	f.Var(&givenValue{to: &c.given}, "var", "without a PLAN: `NAME=VALUE` of a variable, as terraform plan takes it; repeatable")
	f.Var(&givenValue{to: &c.given, file: true}, "var-file", "without a PLAN: `FILE` of variables, as terraform plan takes it; repeatable")
	f.StringVar(&c.workspace, "workspace", "",
		"without a PLAN: `NAME` of the workspace; omitted, that of TF_WORKSPACE or terraform workspace select, else not known")
	f.BoolVar(&c.tofu, "tofu", false, "without a PLAN: read the configuration as OpenTofu does")
	f.BoolVar(&c.recursive, "recursive", false, "without a PLAN: judge every root module at --config and below it")
	f.BoolVar(&c.modules, "module", false, "with --recursive: judge modules that nothing calls too, with unknown variables")
}

// check refuses flags that count only without a plan.
func (c *configurationFlags) check(plans []string) error {
	switch {
	case len(plans) > 0 && (len(c.given) > 0 || c.workspace != "" || c.tofu || c.recursive || c.modules):
		return errors.New("--var, --var-file, --workspace, --tofu, --recursive and --module are for a configuration without a PLAN: " +
			"a plan holds what they say")
	case c.modules && !c.recursive:
		return errors.New("--module goes with --recursive; a directory that --config names is judged, module or not")
	}
	for _, g := range c.given {
		if g.File == "" && !strings.Contains(g.Assignment, "=") { // which may be a secret
			return errors.New("--var takes NAME=VALUE, and one has no =")
		}
	}
	return nil
}

// givenValue is the flag --var or --var-file, whose values stand in one list because the
// last one counts.
type givenValue struct {
	to   *[]tfconfig.GivenVariable
	file bool
}

// Set implements [pflag.Value].
func (v *givenValue) Set(text string) error {
	if v.file {
		if text == "" {
			return errors.New("it names no file")
		}
		*v.to = append(*v.to, tfconfig.GivenVariable{File: text})
		return nil
	}
	*v.to = append(*v.to, tfconfig.GivenVariable{Assignment: text})
	return nil
}

// Append implements [pflag.SliceValue].
func (v *givenValue) Append(text string) error { return v.Set(text) }

// Replace implements [pflag.SliceValue].
func (v *givenValue) Replace(texts []string) error {
	var others []tfconfig.GivenVariable
	for _, g := range *v.to {
		if (g.File != "") != v.file {
			others = append(others, g)
		}
	}
	*v.to = others
	for _, text := range texts {
		_ = v.Set(text) // takes every text
	}
	return nil
}

// GetSlice implements [pflag.SliceValue].
func (v *givenValue) GetSlice() []string {
	out := []string{}
	for _, g := range *v.to {
		if (g.File != "") == v.file {
			out = append(out, g.File+g.Assignment)
		}
	}
	return out
}

// String implements [pflag.Value]. A value of a variable may be a secret: only its name shows.
func (v *givenValue) String() string {
	if v.to == nil {
		return "[]"
	}
	out := v.GetSlice()
	for i, text := range out {
		if name, _, ok := strings.Cut(text, "="); ok && !v.file {
			out[i] = name + "=…"
		}
	}
	return "[" + strings.Join(out, ",") + "]"
}

// Type implements [pflag.Value].
func (v *givenValue) Type() string { return "stringArray" }

// alone is the note on what a configuration without a plan does not say.
const alone = "the configuration alone is judged, as if nothing of it existed: what stands in Azure, in state or in another " +
	"configuration is not seen"

// openConfigurations reads the configuration in a directory, or those below it.
func (a *app) openConfigurations(ctx context.Context, dir string, flags configurationFlags) (all planInputs, err error) {
	all.notes = append(all.notes, alone)
	dirs := []string{dir}
	if flags.recursive {
		if dirs, err = flags.below(a, dir, &all); err != nil {
			return all, inputError(dir, err)
		}
	}
	for _, dir := range dirs {
		plan, notes, err := flags.open(ctx, dir)
		switch {
		case ctx.Err() != nil:
			return all, &exitError{exitInput, errors.New("interrupted")}
		case err != nil:
			all.refuse(a, dir, missing(dir, err))
		default:
			all.plans, all.notes = append(all.plans, planInput{plan, dir, dir}), append(all.notes, notes...)
		}
	}
	return all, nil
}

// below are the directories that --recursive judges.
func (c *configurationFlags) below(a *app, dir string, all *planInputs) (dirs []string, err error) {
	found, err := tfconfig.FindDirectories(dir, c.program(), dataDir(), 0)
	if err != nil {
		return nil, err
	}
	for _, b := range found.Broken {
		at := filepath.ToSlash(filepath.Join(dir, b.Dir))
		all.refuse(a, at, inDir(dir, bareError(b.Err)))
	}
	list := found.Roots
	if c.modules {
		list = append(list, found.Uncalled...)
	} else if len(found.Uncalled) > 0 {
		all.notes = append(all.notes, fmt.Sprintf("modules that nothing calls are not judged (--module judges them): %s",
			strings.Join(found.Uncalled, ", ")))
	}
	for _, at := range list {
		dirs = append(dirs, filepath.ToSlash(filepath.Join(dir, at)))
	}
	if len(dirs) == 0 && len(found.Broken) == 0 {
		return nil, errors.New("there is no root module in it or below: none has a provider configuration, a backend or a lock file")
	}
	return dirs, nil
}

// program is the one that reads the configuration.
func (c *configurationFlags) program() tfconfig.Program {
	if c.tofu {
		return tfconfig.OpenTofu
	}
	return tfconfig.Terraform
}

// open reads the configuration in a directory, and the values of its variables.
func (c *configurationFlags) open(ctx context.Context, dir string) (plan *tfplan.Plan, notes []string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, bareError(err)
	}
	if !info.IsDir() {
		return nil, nil, errors.New("is not a directory: without a PLAN, --config names the directory of a root module")
	}
	config, variables, err := c.load(dir, nil)
	if err != nil {
		return nil, nil, err
	}
	plan, err = tfplan.ReadUnplanned(ctx, config, tfplan.UnplannedOptions{Base: reportedDir(dir), Variables: variables.values})
	if err != nil {
		return nil, nil, inDir(dir, err)
	}
	return plan, variables.notes, nil
}

// rootVariables are the values of root variables, with remarks on where they come from.
type rootVariables struct {
	values map[string]cty.Value
	notes  []string
}

// load reads the configuration in a directory, with other contents of some of its files, and
// the values of its variables.
func (c *configurationFlags) load(dir string, edited map[string][]byte) (*tfconfig.Configuration, rootVariables, error) {
	var out rootVariables
	config, err := tfconfig.LoadWith(dir, tfconfig.LoadOptions{DataDir: dataDir(), Edited: edited})
	if err == nil {
		config, err = config.As(c.program())
	}
	if err != nil {
		return nil, out, inDir(dir, err)
	}
	config = config.InWorkspace(cmp.Or(c.workspace, config.Workspace(os.Getenv("TF_WORKSPACE"), dataDir())))
	given, err := argumentsOfPlan(dir)
	if err != nil {
		return nil, out, err
	}
	out.values, out.notes, err = config.Variables(tfconfig.VariableSources{Dir: dir, Environment: os.Environ(),
		Given: append(given, c.given...)})
	return config, out, err
}

// fileInMessage is where a message names a file of a configuration.
var fileInMessage = regexp.MustCompile(`(?m)(?:(, first at )|^configuration: |^)([^:\n]+\.(?:tf|tofu|json|hcl):)`)

// inDir is an error about files in a directory, with their names as reports have them.
func inDir(dir string, err error) error {
	return errors.New(fileInMessage.ReplaceAllStringFunc(err.Error(), func(found string) string {
		parts := fileInMessage.FindStringSubmatch(found)
		if path.IsAbs(parts[2]) {
			return found
		}
		return parts[1] + path.Join(reportedDir(dir), parts[2])
	}))
}
