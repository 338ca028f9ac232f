package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// checkFlags are the flags of check as they are written.
type checkFlags struct {
	report    reportFlags
	maxSize   string
	config    string
	terraform string
	chdir     string
	noInline  bool
	alone     configurationFlags
	mend      fixFlags
	review    reviewFlags
}

func (a *app) checkCommand() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] [PLAN...]",
		Short: "Judge the caches of Terraform plans and configurations",
		Long: `Judge every Redis cache of Azure in one or more plans, or in a configuration.
A PLAN is the output of "terraform show -json", or - for standard input, or a
saved plan file, which "terraform show" must be able to show here. Several make
one report; one that cannot be read is named on standard error and does not
stop the others. Several may also stand in one file or on standard input, one
after another or one on each line, as Terragrunt prints them; UTF-16 is read as
UTF-8 is.

--config settles what plan JSON leaves open: locals, dynamic blocks, count and
for_each. It is the root module's directory or the saved plan, of the same
revision as the plan. A saved plan given as PLAN is its own configuration.
Findings then have file and line, from DIR, or from --chdir for a saved plan.

Without a PLAN, --config DIR is judged as if nothing of it existed, with values
of variables from where terraform plan takes them; what only a plan can tell is
unknown. --recursive judges every root module in DIR and below.

What fails the check (exit code 1):
  --enforce all         every violation (the default)
  --enforce introduced  only violations that the plan is known to introduce;
                        where the state before was undecided, a violation is
                        shown but does not fail
  --enforce none        nothing: the report is for information, whatever the
                        other flags say
  --fail-on SEVERITY    only what is high, or medium or worse; low (the default)
                        is every feature; never is nothing
  --strict              undecided features too, not observed ones included
  --fail-on-advisory    the named advisories too, whatever their level
Caches that the plan destroys never fail.

With --config or a saved plan, comments exempt the cache in whose block they
stand, or directly above it; category and description are required:
  # redisbaseline:exempt FEATURE category=Waiver description="why"

--diff prints what mends violations and advisories as a unified diff, --fix
writes it into the files of --config DIR: literals and arguments that are left
out, where no new violation follows. What is left is told with the reason on
standard error. With --fix and no PLAN, the verdict is on what is written.

The formats github-review and gitlab-review are requests for the services' API:
a review of a pull request with the same changes as suggestions. They need
--config DIR, run in the root of the repository. GitHub refuses a whole review
(422) where one comment is on a line that the pull request neither changes nor
shows around a change; --review-diff names its diff, and what stands outside of
it is told in the review's body instead.

Exit codes: 0 nothing to object to, 1 objections, 2 wrong usage, 3 an input
that is missing, unreadable, not a plan, or of an unknown format version, or a
file that --fix does not write.`,
		Example: `  terraform show -json tfplan | redisbaseline check -
  redisbaseline check --config . plan.json
  redisbaseline check --config . --var-file prod.tfvars
  redisbaseline check --format sarif=redis.sarif --format markdown=comment.md plan.json
  redisbaseline check --enforce introduced --exemptions exemptions.yaml plan.json
  redisbaseline check --config . --diff
  redisbaseline check --config . --format github-review --review-diff pr.diff`,
		Args: noSwitchValue(func(arg string) bool {
			_, err := os.Stat(arg)
			return err == nil || !slices.Contains([]string{"true", "false", "yes", "no", "on", "off"}, strings.ToLower(arg))
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := refuseEmpty(cmd.Flags(), "config", flags.report.settings); err != nil {
				return err
			}
			return a.check(cmd.Context(), flags, args)
		},
	}
	f := cmd.Flags()
	flags.report.add(f, slices.Sorted(slices.Values(slices.Concat(report.Formats(), report.ReviewFormats()))), "all, introduced, none")
	f.StringVar(&flags.maxSize, "max-size", "4GiB", "refuse a plan larger than `SIZE`, for example 500MB; 0 for no limit")
	f.StringVar(&flags.config, "config", "",
		"`DIR|PLANFILE` with the plan's configuration: resolves locals, dynamic blocks and keys, and gives findings a line")
	f.StringVar(&flags.terraform, "terraform", "terraform", "`PROGRAM` that shows a saved plan given as PLAN; tofu works too")
	f.StringVar(&flags.chdir, "chdir", ".", "`DIR` in which that program runs: the one where the plan was made")
	f.BoolVar(&flags.noInline, "no-inline", false, "ignore exemptions in comments of the configuration (# "+judge.InlinePrefix+"exempt …)")
	flags.alone.add(f)
	flags.mend.add(f)
	flags.review.add(f)
	f.Lookup("terraform").Annotations = map[string][]string{namedOnlyAnnotation: nil}
	markPaths(f, []string{"config", "var-file"}, []string{"chdir"})
	flags.report.settings = a.addSettings(cmd, "check")
	return cmd
}

// check reads all plans, then judges cache by cache into all outputs at once.
func (a *app) check(ctx context.Context, flags checkFlags, args []string) error {
	job, err := a.prepare(flags, args)
	if err != nil {
		return err
	}
	if job.exemptions, err = a.loadExemptions(flags.report); err != nil {
		return err
	}
	if flags.config != "" && len(args) > 0 {
		if job.source.config, err = loadConfiguration(flags.config); err != nil {
			return inputError(flags.config+flags.report.settings.origin("config"), missing(flags.config, err))
		}
		job.source.base = baseOf(flags.config, flags.chdir)
	}
	if len(args) == 0 {
		job.kind, job.pace = report.SourceConfiguration, whileEvaluating
	}
	if err := a.openInputs(ctx, flags, job, args); err != nil {
		return err
	}
	for _, p := range job.plans {
		input := judge.Plan(p, p.name, p.label)
		if !flags.noInline {
			if input.Exemptions, err = judge.InlineExemptions(p.Comments(judge.MeantInline), a.Documents); err != nil {
				return &exitError{exitInput, err}
			}
		}
		job.inputs = append(job.inputs, input)
	}
	objections := 0
	if len(job.plans) > 0 {
		if objections, err = job.run(ctx, a); err != nil {
			return err
		}
	}
	switch {
	case len(job.unread) > 0:
		return &exitError{code: exitInput}
	case objections > 0:
		return &exitError{code: exitObjections}
	default:
		return nil
	}
}

// openInputs reads the plans, or the configuration alone, and mends the configuration where
// that is asked for.
func (a *app) openInputs(ctx context.Context, flags checkFlags, job *checkJob, args []string) (err error) {
	if len(args) > 0 {
		defer a.collect(whileReading)()
		job.planInputs, err = a.openPlans(ctx, args, job.source)
	} else {
		defer a.collect(whileEvaluating)()
		job.planInputs, err = a.openConfigurations(ctx, flags.config, flags.alone)
	}
	if err != nil || !flags.mend.diff && !flags.mend.write && reviewOf(job.outputs) == "" {
		return err
	}
	notes, err := a.mend(ctx, flags, job, len(args) > 0)
	if err == nil && flags.mend.write && len(args) == 0 { // what is written is judged
		job.planInputs, err = a.openConfigurations(ctx, flags.config, flags.alone)
	}
	job.notes = append(job.notes, notes...)
	return err
}

// prepare turns flags and arguments into a job; its errors are wrong usage, or a folder that
// there is not.
func (a *app) prepare(flags checkFlags, args []string) (*checkJob, error) {
	job := &checkJob{pace: whileJudging}
	if len(args) == 0 && flags.config == "" {
		return nil, errors.New("check needs a PLAN, the output of terraform show -json or - for standard input, or --config DIR to judge " +
			"a configuration without a plan")
	}
	err := distinctPlans(args)
	if err == nil {
		err = flags.alone.check(args)
	}
	if err != nil {
		return nil, err
	}
	inputs := append([]string{flags.config, flags.review.diff}, args...)
	if job.reporting, err = a.reporting(flags.report, inputs...); err != nil {
		return nil, err
	}
	if err := flags.mend.check(&flags, args, reviewOf(job.outputs)); err != nil {
		return nil, err
	}
	for _, name := range []string{"review-diff", "review-commits"} {
		if err := refuseEmpty(flags.report.flags, name, flags.report.settings); err != nil {
			return nil, err
		}
	}
	if job.encode.Review, err = flags.review.options(job.outputs); err != nil {
		return nil, err
	}
	if flags.mend.diff { // has standard output for itself
		job.outputs = slices.DeleteFunc(job.outputs, func(o output) bool { return o.file == "" })
	}
	job.source, err = planSourceOf(flags.maxSize, flags.terraform, flags.chdir)
	return job, err
}

// planSourceOf reads the flags that say how PLAN arguments are opened.
func planSourceOf(maxSize, terraform, chdir string) (planSource, error) {
	size, err := parseMaxSize(maxSize)
	if err != nil {
		return planSource{}, err
	}
	if info, err := os.Stat(chdir); err != nil || !info.IsDir() {
		return planSource{}, inputError("--chdir "+chdir, errors.New("there is no such folder"))
	}
	return planSource{maxSize: size, terraform: terraform, chdir: chdir}, nil
}

// distinctPlans refuses PLAN arguments that are empty or name one input twice.
func distinctPlans(args []string) error {
	stdins := 0
	for i, arg := range args {
		if strings.TrimSpace(arg) == "" {
			return errors.New("a PLAN is empty: the variable that names it may not be set")
		}
		if arg == stdin {
			stdins++
		} else if j := slices.IndexFunc(args[:i], func(other string) bool { return sameFile(other, arg) }); j >= 0 {
			return fmt.Errorf("the PLAN %s is given twice%s: its caches would count twice", arg, otherSpelling(arg, args[j]))
		}
	}
	if stdins > 1 {
		return errors.New("standard input can be read only once: give - once")
	}
	return nil
}

// sameFile reports whether two arguments name one file.
func sameFile(a, b string) bool {
	first, firstErr := os.Stat(a)
	second, secondErr := os.Stat(b)
	return a == b || firstErr == nil && secondErr == nil && os.SameFile(first, second)
}

// otherSpelling says how an argument was written before; empty where it was so too.
func otherSpelling(arg, before string) string {
	if arg == before {
		return ""
	}
	return ", as " + before + " before"
}
