package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/fix"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// fixFlags are the flags that mend the configuration.
type fixFlags struct{ diff, write, force bool }

func (x *fixFlags) add(f *pflag.FlagSet) {
	f.BoolVar(&x.diff, "diff", false,
		"with --config: print a unified diff of what mends violations and advisories, and no report on standard output")
	f.BoolVar(&x.write, "fix", false, "with --config: write what mends violations and advisories into its files, then judge")
	f.BoolVar(&x.force, "force", false, "with --fix: write files too that git shows as changed")
	for _, name := range []string{"diff", "fix", "force"} {
		f.Lookup(name).Annotations = map[string][]string{namedOnlyAnnotation: nil}
	}
}

// check refuses flags that do not go together; review is the format of a review that is asked
// for, which needs what the fix needs.
func (x *fixFlags) check(flags *checkFlags, plans []string, review string) error {
	if x.force && !x.write {
		return errors.New("--force goes with --fix")
	}
	what, needs, mends := "--diff and --fix", "need", "mend"
	switch {
	case x.diff || x.write:
	case review != "":
		what, needs, mends = "--format "+review, "needs", "mends"
	default:
		return nil
	}
	info, err := os.Stat(flags.config)
	switch {
	case x.diff && x.write:
		return errors.New("--diff prints what --fix writes: give one of them")
	case x.write && review != "":
		return fmt.Errorf("--format %s suggests what --fix writes: give one of them", review)
	case flags.config == "" || err == nil && !info.IsDir():
		return fmt.Errorf("%s %s --config DIR, the directory of the root module", what, needs)
	case flags.alone.recursive && review != "":
		return fmt.Errorf("%s %s one root module: leave --recursive out", what, mends)
	case len(plans) > 1:
		return fmt.Errorf("%s %s what one PLAN finds", what, mends)
	}
	return nil
}

// mend finds out what mends the violations of the plan, or of the configurations alone. It
// tells that on standard error, and prints a diff or writes; for a review it does neither. The
// notes are for the report.
func (a *app) mend(ctx context.Context, flags checkFlags, job *checkJob, planned bool) (notes []string, err error) {
	switch {
	case len(job.unread) > 0: // the reasons stand on standard error
		return nil, &exitError{code: exitInput}
	case planned && len(job.plans) != 1:
		return nil, errors.New("--diff and --fix mend what one plan finds, and the input has several")
	}
	dir := flags.config
	search := &callers{dir: dir, program: flags.alone.program(), limit: mostFiles}
	results := map[string]*fix.Result{} // by the input
	var all fix.Result
	for _, p := range job.plans {
		root := dir
		if !planned {
			root = p.name
		}
		result, err := a.mendRoot(ctx, flags, job, p, root, planned, search)
		if err != nil {
			return nil, inputError(root, err)
		}
		within, err := filepath.Rel(dir, root)
		if err != nil {
			return nil, err
		}
		for _, f := range result.Files {
			f.Name = path.Join(filepath.ToSlash(within), f.Name)
			all.Files = append(all.Files, f)
		}
		all.Mended, all.Left = append(all.Mended, result.Mended...), append(all.Left, result.Left...)
		if n := len(result.Callers); n > 0 {
			a.sayUnlessQuiet("%s calls %s as a module, and shares what is written; %d directories call it in all",
				result.Callers[0], reportedDir(root), n)
		}
		results[p.name] = result
	}
	if search.tooBig {
		a.sayUnlessQuiet("the repository has more than %d files: who calls the modules from outside of %s is not known", mostFiles, dir)
	}
	if flags.mend.diff {
		at, base := diffDir(dir), reportedDir(dir)
		inDiff, refused := replaceable(all.Files, dir)
		_, err = a.Stdout.Write(inDiff.Diff(at))
		a.tellMended(&all, false)
		if at == "." && base != "." && len(inDiff) > 0 {
			a.sayUnlessQuiet("the diff names files relative to %s: apply it there (patch -p1 -d %[1]s)", base)
		} else if len(inDiff) > 0 {
			a.sayUnlessQuiet("the diff has no lines around the changes: git apply --unidiff-zero takes it, and patch -p1")
		}
		for _, err := range refused {
			a.sayUnlessQuiet("--fix would write nothing, and the diff leaves the file out: %s", err)
		}
	}
	if !flags.mend.write {
		only := job.plans[0].name
		job.adjust = func(c *report.Cache) { addFixes(c, results[cmp.Or(c.Input, only)]) }
		return nil, err
	}
	note, err := all.Files.Write(dir, flags.mend.force)
	if err != nil {
		return nil, inputError(dir, fmt.Errorf("nothing is written: %w", err))
	}
	a.tellMended(&all, true)
	if note != "" {
		notes = append(notes, note)
	}
	if planned && len(all.Files) > 0 {
		notes = append(notes, "the plan was made before its configuration was mended: this report is about that plan, with the lines of then")
	}
	return notes, nil
}

// replaceable are the files that can be replaced; the errors say why others cannot, for which
// programs refuse a diff too.
func replaceable(files fix.Files, dir string) (out fix.Files, refused []error) {
	for _, f := range files {
		if err := (fix.Files{f}).Check(dir); err != nil {
			refused = append(refused, err)
		} else {
			out = append(out, f)
		}
	}
	return out, refused
}

// mendRoot finds out what mends the violations in one root module.
func (a *app) mendRoot(ctx context.Context, flags checkFlags, job *checkJob, p planInput, root string, planned bool, search *callers,
) (*fix.Result, error) {
	config, _, err := flags.alone.load(root, nil)
	if err != nil {
		return nil, err
	}
	base := reportedDir(root)
	j := fix.Job{Documents: a.Documents, Config: config, Base: base, Suggest: suggests(job.outputs), Planned: planned}
	j.Versions, j.UnknownVersion = tfplan.AzurermVersions(config)
	j.Callers = func(module string) ([]string, error) { return search.of(root, module) }
	judged := func(edited map[string][]byte, open bool) ([]fix.Judged, error) {
		config, variables, err := flags.alone.load(root, edited)
		if err != nil {
			return nil, err
		}
		if open {
			config = config.Open()
		}
		plan, err := tfplan.ReadUnplanned(ctx, config, tfplan.UnplannedOptions{Base: base, Variables: variables.values, Migration: true})
		if err != nil {
			return nil, err
		}
		return a.judged(plan, flags, job)
	}
	j.Judge = func(edited map[string][]byte) ([]fix.Judged, error) { return judged(edited, false) }
	j.JudgeOpen = func(edited map[string][]byte) ([]fix.Judged, error) { return judged(edited, true) }
	if planned {
		if j.Mend, err = a.judged(p.Plan, flags, job); err != nil {
			return nil, err
		}
	}
	return j.Run()
}

// suggests reports whether an output has changes that people accept one by one.
func suggests(outputs []output) bool {
	return reviewOf(outputs) != "" || slices.ContainsFunc(outputs, func(o output) bool { return o.format == "sarif" })
}

// addFixes adds what mends the violations of a cache, and why others stay.
func addFixes(c *report.Cache, result *fix.Result) {
	for _, list := range [][]report.Finding{c.Features, c.Advisories} {
		for i := range list {
			if f := &list[i]; f.Status == report.NonCompliant && c.Address != nil {
				f.Fixes, f.Unmended = result.FixesOf(*c.Address, f.ID), result.LeftOf(*c.Address, f.ID)
				f.Replacements = result.ReplacementsOf(*c.Address, f.ID)
			}
		}
	}
}

// diffDir is the directory of the root module relative to where the program runs; it is "."
// for one outside, since no program applies a diff to files outside.
func diffDir(dir string) string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return "."
	}
	within, err := filepath.Rel(here, absolute)
	if err != nil || !filepath.IsLocal(within) {
		return "."
	}
	return filepath.ToSlash(within)
}

// judged are the caches of a plan with their verdicts.
func (a *app) judged(plan *tfplan.Plan, flags checkFlags, job *checkJob) (out []fix.Judged, err error) {
	one := judge.Job{Documents: a.Documents, Now: a.Now(), Source: report.Source{Kind: job.kind}, Exemptions: job.exemptions}
	if !flags.noInline {
		inline, err := judge.InlineExemptions(plan.Comments(judge.MeantInline), a.Documents)
		if err != nil {
			return nil, &exitError{exitInput, err}
		}
		one.Exemptions = slices.Concat(one.Exemptions, inline)
	}
	for c := range plan.Caches() {
		judged := fix.Judged{Cache: c.After, Report: one.Cache(c)}
		if c.After.Change == posture.ChangeUpdate || c.After.Change == posture.ChangeNoOp {
			judged.Exists = c.Before
		}
		out = append(out, judged)
	}
	return out, nil
}

// sayUnlessQuiet says a line on standard error.
func (a *app) sayUnlessQuiet(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintln(a.Stderr, "redisbaseline: "+report.OneLine(fmt.Sprintf(format, args...)))
	}
}

// tellMended says on standard error what is mended, and what is left and why.
func (a *app) tellMended(result *fix.Result, written bool) {
	if a.quiet {
		return
	}
	say := a.sayUnlessQuiet
	did := "would mend"
	if written {
		did = "mended"
	}
	for _, m := range result.Mended {
		effect := ""
		if m.Effect != "" {
			effect = " (" + m.Effect + ")"
		}
		at, hidden := m.At, ""
		switch {
		case written:
			at = m.AtAfter
		case m.Hidden:
			hidden = "; not in the diff, whose lines would show other text of the file: --fix writes it"
		}
		say("%s %s:%d: %s%s: %s of %s%s", did, at.File, at.Line, m.Setting, effect, strings.Join(m.IDs, ", "), m.Cache, hidden)
	}
	var blocks []string
	for _, l := range result.Left {
		place, at := l.At, ""
		if written && l.AtAfter != nil {
			place = l.AtAfter
		}
		if place != nil && place.File != "" {
			at = fmt.Sprintf(" %s:%d:", place.File, place.Line)
		}
		write := ""
		if l.Write != "" {
			write = "; write: " + l.Write
		}
		say("left%s %s of %s: %s%s", at, l.ID, l.Cache, l.Why, write)
		if l.Paste != "" && !slices.Contains(blocks, l.Paste) {
			blocks = append(blocks, l.Paste)
		}
	}
	if len(blocks) > 0 {
		say("to paste, as far as it fits:")
		fmt.Fprintln(a.Stderr, "\n"+strings.Join(blocks, "\n\n"))
	}
}
