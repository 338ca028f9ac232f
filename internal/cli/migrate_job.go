package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/tfwrite"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
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

// notInReport is what an input that could not be read means for a report.
const notInReport = "its caches are not in this report"

// openMigratedPlans reads the PLAN arguments.
func (a *app) openMigratedPlans(ctx context.Context, job *migrateJob, flags migrateFlags, args []string) error {
	if t := flags.target; len(t.subscriptions)+len(t.managementGroups)+len(t.resourceGroups)+len(t.tags) > 0 {
		return errors.New("--subscription, --management-group, --resource-group and --tag select existing caches: give --scan too")
	}
	if len(args) == 0 {
		return errors.New("migrate needs a PLAN, the output of terraform show -json, or - for standard input; or --scan for caches that exist")
	}
	if err := distinctPlans(args); err != nil {
		return err
	}
	source, err := planSourceOf(flags.maxSize, flags.terraform, flags.chdir)
	if err != nil {
		return err
	}
	if flags.config != "" {
		if source.config, err = loadConfiguration(flags.config); err != nil {
			return inputError(flags.config+flags.settings.origin("config"), missing(flags.config, err))
		}
		source.base = baseOf(flags.config, flags.chdir)
	}
	reading, end := a.collect(whileReading)
	defer end()
	source.reading, source.migration = reading, true
	if job.planInputs, err = a.openPlans(ctx, args, source); err != nil {
		return err
	}
	for _, p := range job.plans {
		job.inputs = append(job.inputs, judge.Plan(p, p.name, p.label))
	}
	job.source = report.Source{Kind: report.SourcePlan, Inputs: job.names(), Settings: job.settings.source()}
	return nil
}

// openScan prepares the walk of --scan.
func (a *app) openScan(job *migrateJob, flags migrateFlags, given map[string]string, args []string) (err error) {
	if flags.config != "" {
		return errors.New("--config belongs to a PLAN: --scan shows caches that exist, without configuration")
	}
	scan := &scanJob{reporting: reporting{outputs: job.outputs, settings: job.settings}}
	if scan.target, err = parseScanTarget(flags.target, args); err != nil {
		return err
	}
	if err := checkRequests(flags.target); err != nil {
		return err
	}
	client, err := a.azureClient(flags.target, given, &scan.waiting)
	if err != nil {
		return err
	}
	reader := azure.NewReader(client, a.Now)
	reader.Migration = true
	scan.walk, scan.now = scan.target.walk(reader), a.Now()
	job.scan = scan
	job.source = report.Source{Kind: report.SourceExisting, Inputs: scan.target.inputs(), Settings: job.settings.source()}
	return nil
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
	collector, end := a.collect(whilePlanning)
	defer end()
	for p := range parallel.Ahead(judged, batchSize, one) {
		moves = append(moves, p.move)
		if j.dir != "" {
			j.postures = append(j.postures, p.posture)
		}
		j.planned.Add(1)
		collector.step()
	}
	return moves, result, err
}

// report puts the plans of all caches together.
func (j *migrateJob) report(a *app, moves []migrate.Move, result *judge.Result) *migrate.Report {
	r := &migrate.Report{
		FormatVersion: migrate.FormatVersion, Tool: report.Tool{Name: "redisbaseline", Version: a.Version},
		GeneratedAt: a.Now().UTC().Truncate(time.Second), Source: j.source, Tables: sizing.Compared, Catalogue: migrate.Texts(), Caches: moves,
		Unjudged: result.Unjudged, Partial: result.Partial, Unseen: result.Unseen, Notes: result.Notes, Incomplete: result.Incomplete(),
	}
	for _, m := range j.metrics {
		r.Notes = append(r.Notes, m.notes()...)
	}
	j.lacking(r)
	migrate.AlignGroups(r)
	migrate.Waves(r, j.waves, j.earlier)
	r.Summary = migrate.Summarize(r.Caches)
	if j.earlier != nil {
		r.Since = migrate.Compare(j.earlier, r, j.earlierFile)
	}
	r.Notes = append(r.Notes, migrate.OrderNotes(r, migrate.Asked{Waves: j.waves, Wave: j.wave, Order: j.options.Order}, j.earlier)...)
	r.Failing = migrate.Reasons(r, j.failOnBlocker, j.failAfter)
	return r
}

// lacking says in a report why plans may lack caches.
func (j *migrateJob) lacking(r *migrate.Report) {
	r.MayLack = j.unreadNotes(notInReport)
	for _, plan := range j.plans {
		from := ""
		if len(j.plans) > 1 {
			from = plan.label + ": "
		}
		if why := plan.Partial(); why != "" && r.Partial == "" {
			r.Partial = from + why
		}
		if why := plan.MayLackCaches(); why != "" {
			r.MayLack = append(r.MayLack, from+why)
		}
	}
}

// write writes the configuration into its directory and then the report into all
// outputs: nothing where an output cannot be opened, and no report of a configuration
// that could not be written.
func (j *migrateJob) write(a *app, r *migrate.Report) error {
	set, err := j.configuration(r)
	if err != nil {
		return err
	}
	var open sinks
	defer func() { open.discard() }()
	for _, o := range j.outputs {
		s, err := o.open(a.Stdout)
		if err != nil {
			return err
		}
		open = append(open, s)
	}
	if len(set.Files) > 0 {
		told := len(set.Notes)
		if err := set.Write(j.dir, j.manner); err != nil {
			return &exitError{exitInput, err}
		}
		r.Notes = append(r.Notes, set.Notes[told:]...)
	}
	for i, o := range j.outputs {
		opts := j.page
		if o.file != "" {
			opts.Color, opts.Width = false, 0
		}
		if err := page.Write(open[i].buffer, o.format, r, opts); err != nil {
			return open[i].failure(err)
		}
	}
	if err := open.finish(); err != nil {
		return err
	}
	j.tell(a, r, set)
	return nil
}

// configuration makes the files of --write, whose notes it adds to the report.
func (j *migrateJob) configuration(r *migrate.Report) (*tfwrite.Set, error) {
	if j.dir == "" {
		return &tfwrite.Set{}, nil
	}
	caches := make([]tfwrite.Cache, len(j.postures))
	for i, old := range j.postures {
		caches[i] = tfwrite.Cache{Move: &r.Caches[i], Old: old}
	}
	set, err := tfwrite.New(caches, tfwrite.Options{Dialect: j.dialect, Tags: j.tags(), Wave: j.wave})
	if err != nil {
		return nil, err
	}
	r.Notes = append(r.Notes, set.Notes...)
	if len(set.Files) == 0 {
		which := "no cache of this report is to move"
		if j.wave > 0 {
			which = fmt.Sprintf("no cache of this report moves in wave %d", j.wave)
		}
		r.Notes = append(r.Notes, "no configuration is written: "+which)
	}
	return set, nil
}

// tags are the names of the tags that new caches take along: those that were asked for.
func (j *migrateJob) tags() []string {
	var names []string
	for _, tag := range j.options.Order {
		names = append(names, tag.Key)
	}
	return names
}

// tell says on standard error what was planned and written, and where nothing goes to
// standard output why the run fails.
func (j *migrateJob) tell(a *app, r *migrate.Report, set *tfwrite.Set) {
	var files []string
	for _, o := range j.outputs {
		if o.file != "" {
			files = append(files, report.OneLine(o.file))
		}
	}
	shown := len(files) < len(j.outputs)
	if !shown {
		for _, note := range set.Notes {
			a.complain(errors.New(note))
		}
		for _, reason := range r.Failing[:min(len(r.Failing), mostMistakes)] {
			a.complain(errors.New(reason))
		}
		if more := len(r.Failing) - mostMistakes; more > 0 {
			a.complain(fmt.Errorf("and %s", report.Count(more, "more reason", "more reasons")))
		}
	}
	if j.quiet || shown && j.dir == "" {
		return
	}
	text := fmt.Sprintf("%s, %d to move", report.Count(r.Summary.Caches, "cache", "caches"), r.Summary.ToMove)
	if r.Summary.Blocked > 0 {
		text += fmt.Sprintf(", %d of them blocked", r.Summary.Blocked)
	}
	for _, f := range set.Files {
		files = append(files, report.OneLine(filepath.Join(j.dir, f.Name)))
	}
	if more := len(files) - mostMistakes; more > 0 {
		files = append(files[:mostMistakes], fmt.Sprintf("and %d more", more))
	}
	switch {
	case len(files) > 0:
		text += "; written: " + strings.Join(files, ", ")
	default:
		text += "; nothing to write"
	}
	fmt.Fprintf(a.Stderr, "redisbaseline: %s\n", text)
}

// loadEarlierMigration reads the JSON report of an earlier run.
func loadEarlierMigration(file string) (*migrate.Report, error) {
	f, err := openFile(file)
	if err != nil {
		return nil, inputError(file, err)
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxEarlier}
	var r migrate.Report
	var other *json.SemanticError // JSON of another form
	switch err := json.UnmarshalRead(bufio.NewReader(limited), &r); {
	case limited.N <= 0:
		err = fmt.Errorf("is larger than %d MiB", maxEarlier>>20)
		return nil, inputError(file, err)
	case err != nil && !errors.As(err, &other):
		return nil, inputError(file, errors.New("is not the JSON report of an earlier migrate: "+notJSON(err)))
	case err != nil || r.FormatVersion == "" || r.Tables == "":
		return nil, inputError(file, errors.New("is not a report of redisbaseline migrate --format json"))
	case r.FormatVersion != migrate.FormatVersion:
		return nil, inputError(file, fmt.Errorf("has the format version %q; this program reads %s", r.FormatVersion, migrate.FormatVersion))
	}
	return &r, nil
}

// migrationTables prints the data that plans of migrations are made of.
func (a *app) migrationTables(flags migrateFlags, args []string) error {
	if len(args) > 0 || flags.scan {
		return errors.New("--tables takes no PLAN and no --scan: it prints the same for all caches")
	}
	if len(flags.formats) != 1 || flags.formats[0] != "text" && flags.formats[0] != "json" {
		return errors.New("--tables is printed as text or json: give one --format of them, without a file")
	}
	return page.WriteTables(a.Stdout, flags.formats[0])
}

// metricsFile is what a file of --metrics holds.
type metricsFile struct {
	*sizing.Metrics
	file string
}

func loadMetrics(file string) (m metricsFile, err error) {
	f, err := openFile(file)
	if err != nil {
		return m, inputError(file, err)
	}
	defer f.Close()
	m.file = file
	if m.Metrics, err = sizing.ReadMetrics(f); err != nil {
		return m, inputError(file, err)
	}
	return m, nil
}

// notes are what a file holds that decides on no size of the report.
func (m *metricsFile) notes() (notes []string) {
	if m.Ignored > 0 || m.Empty() {
		text := m.file + ": only usedmemoryRss, serverLoad and connectedclients are read"
		if m.Ignored > 0 {
			text += "; series of other metrics, or rows in a CSV: " + strconv.Itoa(m.Ignored)
		}
		if m.Empty() {
			text += "; the file has no maximum of them, and no size is chosen by it"
		}
		notes = append(notes, text)
	}
	for _, cache := range m.Unused() {
		notes = append(notes, m.file+" has metrics of "+cache+", which is no cache of this report")
	}
	return notes
}
