package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

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
	defer a.collect(whileReading)()
	source.migration = true
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
