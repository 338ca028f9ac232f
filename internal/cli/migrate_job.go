package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/tfwrite"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// migrateJob is one run of migrate.
type migrateJob struct {
	outputs  []output
	page     page.Options
	settings *settings
	quiet    bool

	planInputs
	source  report.Source
	inputs  []judge.Input
	scan    *scanJob // the walk of --scan; nil for plans
	planned atomic.Int64

	options migrate.Options
	metrics []metricsFile
	waves   int
	earlier *migrate.Report // of --baseline; nil without
	// earlierFile is the name of its file.
	earlierFile string

	failOnBlocker bool
	failAfter     time.Time // zero for never

	dir      string           // of --write; empty for no configuration
	postures []*posture.Cache // of the caches of the report, where there is dir
	dialect  posture.Dialect
	manner   tfwrite.Manner
	wave     int // of which the configuration is; 0 for all
}

// prepareMigrate turns flags and arguments into a job; its errors are wrong usage, or a
// folder that there is not.
func (a *app) prepareMigrate(flags migrateFlags, args []string) (job *migrateJob, err error) {
	job = &migrateJob{settings: flags.settings, quiet: flags.quiet}
	a.quiet = flags.quiet
	if job.outputs, err = parseOutputs(flags.formats, page.Formats()); err != nil {
		return nil, err
	}
	job.page = page.Options{Color: a.colour(flags.noColor), Width: a.Width(), Verbose: flags.verbose}
	if err := checkDirectories(job.outputs); err != nil {
		return nil, err
	}
	if info, err := os.Stat(flags.write); flags.write != "" && err == nil && !info.IsDir() {
		return nil, fmt.Errorf("cannot write into %s: it is no directory", flags.write)
	}
	inputs := append([]string{flags.config, flags.settings.file}, flags.metrics...)
	if !flags.scan {
		inputs = append(inputs, args...)
	}
	if err := checkInputs(job.outputs, inputs...); err != nil {
		return nil, err
	}
	if err := job.decide(flags); err != nil {
		return nil, err
	}
	for _, file := range flags.metrics {
		m, err := loadMetrics(file)
		if err != nil {
			return nil, err
		}
		job.metrics = append(job.metrics, m)
	}
	if flags.baseline != "" {
		if job.earlier, err = loadEarlierMigration(flags.baseline); err != nil {
			return nil, err
		}
	}
	return job, nil
}

// decide reads the flags that say what is planned, written and refused.
func (j *migrateJob) decide(flags migrateFlags) (err error) {
	j.waves, j.earlierFile, j.failOnBlocker = flags.waves, flags.baseline, flags.failOnBlocker
	j.dir, j.dialect, j.wave = flags.write, posture.Dialect(flags.dialect), flags.wave
	switch {
	case flags.add:
		j.manner = tfwrite.Add
	case flags.force:
		j.manner = tfwrite.Replace
	}
	if j.options.Order, err = parseOrder(flags.orderTags); err != nil {
		return err
	}
	if flags.failAfter != "" {
		if j.failAfter, err = time.Parse(time.DateOnly, flags.failAfter); err != nil {
			return fmt.Errorf("--fail-after %q is not a day, such as 2027-12-31", flags.failAfter)
		}
	}
	if err := chosen("dialect", flags.dialect, choices["dialect"]); err != nil {
		return err
	}
	switch {
	case flags.write == "" && (flags.force || flags.add || flags.wave != 0):
		return errors.New("--add, --force and --wave say how --write writes, which is not given")
	case flags.force && flags.add:
		return errors.New("--add keeps what stands in files, and --force replaces it: give one of them")
	case flags.wave != 0 && flags.waves == 0:
		return errors.New("--wave is the number of one of the waves that --waves makes: give --waves too")
	case flags.wave < 0 || flags.wave > flags.waves:
		return fmt.Errorf("--wave %d is none of the %s of --waves", flags.wave, report.Count(flags.waves, "wave", "waves"))
	case flags.write == "" && flags.dialect != string(posture.DialectAzurerm) && flags.settings.origin("dialect") == "":
		return errors.New("--dialect is the provider of the configuration of --write, which is not given")
	case flags.write == "" && flags.waves == 0 && len(flags.orderTags) > 0 && flags.settings.origin("order-tag") == "":
		return errors.New("--order-tag says which caches are in the first waves: give --waves too")
	}
	return nil
}

// parseOrder reads the values of --order-tag.
func parseOrder(values []string) (order []migrate.Tag, err error) {
	for _, value := range values {
		for _, tag := range strings.Split(value, ",") {
			key, value, ok := strings.Cut(tag, "=")
			if !ok || strings.TrimSpace(key) == "" {
				return nil, fmt.Errorf("--order-tag %q is not KEY=VALUE, or several of them with commas between them", tag)
			}
			order = append(order, migrate.Tag{Key: key, Value: value})
		}
	}
	return order, nil
}

// pair is a cache with its verdicts.
type pair struct {
	posture *posture.Cache
	judged  report.Cache
}

// plan is a cache with the plan of its move.
type plan struct {
	posture *posture.Cache
	move    migrate.Move
}

// batchSize is the number of caches whose moves one processor plans at a time.
const batchSize = 32

// run judges, plans and writes. The configuration is written last, as a whole.
func (j *migrateJob) run(ctx context.Context, a *app) error {
	unread := len(j.unread) > 0
	if unread && len(j.inputs) == 0 {
		return &exitError{code: exitInput}
	}
	done := sync.OnceFunc(j.showProgress(a))
	defer done()
	moves, result, err := j.plan(ctx, a)
	done()
	if err != nil && !errors.Is(err, errNothingRead) {
		return err
	}
	if err == nil {
		r := j.report(a, moves, result)
		if err := j.write(a, r); err != nil {
			return err
		}
		if len(r.Failing) > 0 {
			err = &exitError{code: exitObjections}
		}
	}
	if j.scan != nil {
		j.scan.problems.tell(a)
		if j.scan.stopped != nil {
			a.complainInLines(j.scan.stopped)
		}
		unread = unread || j.scan.stopped != nil || j.scan.problems.count > 0
	}
	if unread {
		return &exitError{code: exitInput}
	}
	return err
}

// showProgress shows on standard error, where that is a terminal, how far the run is.
func (j *migrateJob) showProgress(a *app) (done func()) {
	if j.scan != nil {
		return j.scan.showProgress(a)
	}
	return a.showLine(func() string { return report.Count(int(j.planned.Load()), "cache", "caches") + " planned" })
}

// plan makes the plan of every cache, on all processors.
func (j *migrateJob) plan(ctx context.Context, a *app) (moves []migrate.Move, result *judge.Result, err error) {
	moves = []migrate.Move{}
	job := judge.Job{
		Documents: a.Documents, Inputs: j.inputs, Source: j.source, Version: a.Version, Now: a.Now(), Parallel: j.scan == nil, Brief: true,
		Notes: slices.Concat(j.settings.note(), j.notes), Unread: j.unreadNotes(notInReport),
	}
	if j.scan != nil {
		job.Inputs = []judge.Input{{Caches: j.scan.caches(ctx), Rest: func() (judge.Rest, error) { return j.scan.rest(ctx) }}}
	}
	var judged iter.Seq[pair] = func(yield func(pair) bool) {
		job.Each = func(c *posture.Cache, verdicts report.Cache) error {
			if j.scan != nil {
				j.scan.judged.Add(1)
			}
			if !verdicts.Destroyed() {
				yield(pair{c, verdicts}) // the loop below takes every pair
			}
			return nil
		}
		result, err = job.Run(context.WithoutCancel(ctx)) // what was read before an interrupt is planned
	}
	opts := j.options
	opts.Documents, opts.Today = a.Documents, baseline.Today(a.Now())
	one := func(p pair) plan {
		opts := opts
		for _, m := range j.metrics {
			opts.Peaks = opts.Peaks.Join(m.For(p.posture))
		}
		return plan{p.posture, migrate.For(p.posture, p.judged, opts)}
	}
	defer a.collect(whilePlanning)()
	for p := range parallel.Ahead(judged, batchSize, one) {
		moves = append(moves, p.move)
		if j.dir != "" {
			j.postures = append(j.postures, p.posture)
		}
		j.planned.Add(1)
	}
	return moves, result, err
}
