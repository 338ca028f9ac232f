package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
)

// migrateFlags are the flags of migrate as they are written.
type migrateFlags struct {
	formats []string
	verbose bool
	noColor bool
	quiet   bool

	scan   bool
	target scanFlags // what --scan selects

	maxSize   string
	config    string
	terraform string
	chdir     string
	metrics   []string

	write   string
	dialect string
	add     bool
	force   bool
	wave    int

	waves     int
	orderTags []string

	baseline      string
	failOnBlocker bool
	failAfter     string
	tables        bool

	settings *settings
}

func (a *app) migrateCommand() *cobra.Command {
	var flags migrateFlags
	cmd := &cobra.Command{
		Use:   "migrate [flags] PLAN... | --scan [flags] [RESOURCE_ID...]",
		Short: "Plan the move of retiring caches to Azure Managed Redis",
		Long: `Plan the move of the caches of Azure Cache for Redis, its Enterprise tiers
included, to Azure Managed Redis: what to order, what stands in the way, what
clients notice, what is made anew, and the order of work. Nothing in Azure is
changed. The format markdown has a checklist for each cache, csv a row; that of
json is told by "redisbaseline schema migrate".

The caches are those of Terraform plans, as in "redisbaseline check", or with
--scan those that exist, as in "redisbaseline scan". A plan whose configuration
is at hand (--config, or a saved plan) shows most: with it everything in the
configuration that refers to a cache is listed with its line.

The size of the target is Microsoft's for the provisioned size. With --metrics
it is the one for the peaks of usedmemoryRss, serverLoad and connectedclients:
the JSON of "az monitor metrics list", or a CSV with the columns resource_id or
name, metric, timestamp, maximum, and shard where the cache has several.

--write DIR writes the Terraform configuration of the new caches, a file for
each cache, to stand beside the old ones; with --wave, of one wave. Where files
are there, nothing is written, unless --add completes them: what stands in the
directory stays as it is. --force replaces them, but loses no resource.

Exit codes: 0 planned, 1 what --fail-on-blocker or --fail-after object to,
2 wrong usage, 3 an input that cannot be read or seen, or a file that cannot be
written.`,
		Annotations: map[string]string{moreHelp: azureHelp()},
		Example: `  terraform show -json tfplan | redisbaseline migrate -
  redisbaseline migrate --config . --write amr plan.json
  redisbaseline migrate --scan --subscription 00000000-0000-0000-0000-000000000000 --waves 4
  redisbaseline migrate --format json=today.json --baseline july.json plan.json`,
	}
	f := cmd.Flags()
	addFormats(f, &flags.formats, page.Formats(), "text")
	f.BoolVar(&flags.verbose, "verbose", false, "text: show everything of every cache")
	f.BoolVar(&flags.noColor, "no-color", false, "text: no colours (NO_COLOR works too)")
	f.BoolVar(&flags.quiet, "quiet", false, "on standard error only what is wrong: no progress, no line on files that were written")
	f.Lookup("no-color").Annotations = map[string][]string{environmentAnnotation: {"NO_COLOR"}}
	f.BoolVar(&flags.scan, "scan", false, "plan for caches that exist, read through Azure Resource Manager")
	f.StringArrayVar(&flags.target.subscriptions, "subscription", nil, "with --scan: `ID` of a subscription, repeatable")
	f.StringArrayVar(&flags.target.managementGroups, "management-group", nil,
		"with --scan: `NAME` of a management group, with all below it; repeatable")
	f.StringArrayVar(&flags.target.resourceGroups, "resource-group", nil, "with --scan: only caches in the resource group `NAME`, repeatable")
	f.StringArrayVar(&flags.target.tags, "tag", nil, "with --scan: only caches with the tag `NAME[=VALUE]`; repeatable, all must fit")
	f.IntVar(&flags.target.concurrency, "concurrency", arm.DefaultLimits.Concurrency,
		fmt.Sprintf("with --scan: `NUMBER` of requests at the same time, at most %d; Azure's quotas are kept in any case", mostRequests))
	f.DurationVar(&flags.target.timeout, "request-timeout", 5*time.Minute, "with --scan: `TIME` that one request may take, with its retries")
	f.StringVar(&flags.maxSize, "max-size", "4GiB", "refuse a plan larger than `SIZE`; 0 for no limit")
	f.StringVar(&flags.config, "config", "", "`DIR|PLANFILE` with the plan's configuration: finds what refers to a cache, with its line")
	f.StringVar(&flags.terraform, "terraform", "terraform", "`PROGRAM` that shows a saved plan given as PLAN; tofu works too")
	f.StringVar(&flags.chdir, "chdir", ".", "`DIR` in which that program runs: the one where the plan was made")
	f.StringArrayVar(&flags.metrics, "metrics", nil, "`FILE` with metrics of the caches, CSV or JSON as told above; repeatable")
	f.StringVar(&flags.write, "write", "", "write the Terraform configuration of the new caches into `DIR`, for example amr")
	f.StringVar(&flags.dialect, "dialect", "azurerm", "`PROVIDER` of that configuration: azurerm, azapi")
	f.BoolVar(&flags.add, "add", false, "complete what --write finds in its place: what stands there stays as it is")
	f.BoolVar(&flags.force, "force", false, "replace what --write finds in its place, changes by hand included")
	f.IntVar(&flags.wave, "wave", 0, "write only the caches of the wave with this `NUMBER` of those of --waves")
	f.IntVar(&flags.waves, "waves", 0,
		"divide the caches into `NUMBER` waves, the order of work, for example 4: partners together, blocked ones last within a tag")
	f.StringArrayVar(&flags.orderTags, "order-tag", nil,
		"caches with these tags move first, `KEY=VALUE[,...]` in their order, for example stage=dev,stage=test")
	f.StringVar(&flags.baseline, "baseline", "",
		"`FILE` with the JSON report of an earlier migrate, for example july.json: what moved since, what is left; its waves are kept")
	f.BoolVar(&flags.failOnBlocker, "fail-on-blocker", false, "exit code 1 while a blocker of some cache is not settled")
	f.StringVar(&flags.failAfter, "fail-after", "", "exit code 1 after `DAY`, for example 2027-12-31, while a cache is still to move")
	f.BoolVar(&flags.tables, "tables", false, "only print the tables of sizes and limits with their sources and dates")
	for _, name := range []string{"terraform", "write", "force", "add"} {
		f.Lookup(name).Annotations = map[string][]string{namedOnlyAnnotation: nil}
	}
	markPaths(f, []string{"baseline", "metrics", "config"}, []string{"chdir", "write"})
	settings := addAzureFlags(f)
	flags.settings = a.addSettings(cmd, "migrate")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if flags.tables {
			return a.migrationTables(flags, args)
		}
		if flags.waves < 1 && cmd.Flags().Changed("waves") {
			return fmt.Errorf("--waves %d is not a number of waves%s", flags.waves, flags.settings.origin("waves"))
		}
		if err := refuseEmpty(cmd.Flags(), "config", flags.settings); err != nil {
			return err
		}
		return a.migrate(cmd.Context(), flags, settings, args)
	}
	return cmd
}

// migrate checks flags, opens the source, and plans.
func (a *app) migrate(ctx context.Context, flags migrateFlags, given func() map[string]string, args []string) error {
	job, err := a.prepareMigrate(flags, args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)() // a second Ctrl-C ends the program at once
	if flags.scan {
		err = a.openScan(job, flags, given(), args)
	} else {
		err = a.openMigratedPlans(ctx, job, flags, args)
	}
	if err != nil {
		return err
	}
	return job.run(ctx, a)
}
