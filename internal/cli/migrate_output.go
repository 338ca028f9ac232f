package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/tfwrite"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

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
