package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// scanFlags are the flags of scan as they are written.
type scanFlags struct {
	subscriptions    []string
	managementGroups []string
	resourceGroups   []string
	tags             []string

	report      reportFlags
	baseline    string
	concurrency int
	timeout     time.Duration
}

// mostRequests is the largest --concurrency: more requests would only wait for
// ARM's quotas.
const mostRequests = 256

func (a *app) scanCommand() *cobra.Command {
	var flags scanFlags
	cmd := &cobra.Command{
		Use:   "scan [flags] [RESOURCE_ID...]",
		Short: "Judge the caches that exist, read through Azure Resource Manager",
		Long: `Judge the Redis caches that exist in Azure, each with what stands around
it. Nothing is changed and no access key is read: only GET and the query of
Azure Resource Graph are sent. The role Reader is enough.

What is judged: the caches with the given resource ids; else every cache in the
given subscriptions and management groups; else every cache that the identity
can read. --resource-group and --tag narrow that down; the report has a note on
each that matches no cache, and with --strict that is exit code 3, unless
nothing is enforced. Azure shows no difference between a group that does not
exist and one without a role in it.

What fails the scan (exit code 1):
  --enforce all         every violation (the default)
  --enforce introduced  only violations that the report of --baseline did not
                        have; where it says nothing about a cache or a verdict,
                        a violation is shown but does not fail
  --enforce none        nothing: the report is for information, whatever the
                        other flags say
  --fail-on SEVERITY    only what is high, or medium or worse; low (the default)
                        is every feature; never is nothing
  --strict              undecided features too, not observed ones included
  --fail-on-advisory    the named advisories too, whatever their level

Exit codes: 0 nothing to object to, 1 objections, 2 wrong usage, 3 not
everything that was asked for could be seen: a cache, a subscription or a
management group that may not or could not be read, no way to sign in, or a scan
that was interrupted. What was judged until then is reported all the same, and
the report says that it is partial.`,
		Args:        noSwitchValue(func(arg string) bool { return strings.Contains(arg, "/") }),
		Annotations: map[string]string{moreHelp: azureHelp()},
		Example: `  redisbaseline scan --subscription 00000000-0000-0000-0000-000000000000
  redisbaseline scan --management-group corp --tag env=prod --format html=fleet.html
  redisbaseline scan --format json=today.json --baseline yesterday.json --enforce introduced`,
	}
	f := cmd.Flags()
	f.StringArrayVar(&flags.subscriptions, "subscription", nil, "`ID` of a subscription, repeatable; without any, all that can be read")
	f.StringArrayVar(&flags.managementGroups, "management-group", nil, "`NAME` of a management group, with all below it; repeatable")
	f.StringArrayVar(&flags.resourceGroups, "resource-group", nil, "only caches in the resource group `NAME`, repeatable")
	f.StringArrayVar(&flags.tags, "tag", nil, "only caches with the tag `NAME[=VALUE]`, for example env=prod; repeatable, all must fit")
	flags.report.add(f, report.Formats(), "all, introduced (with --baseline), none")
	f.StringVar(&flags.baseline, "baseline", "", "`FILE` with the JSON report of an earlier scan to compare with")
	f.IntVar(&flags.concurrency, "concurrency", arm.DefaultLimits.Concurrency,
		fmt.Sprintf("`NUMBER` of requests at the same time, at most %d; Azure's quotas are kept in any case", mostRequests))
	f.DurationVar(&flags.timeout, "request-timeout", 5*time.Minute, "`TIME` that one request may take, with its retries, for example 90s")
	markPaths(f, []string{"baseline"}, nil)
	settings := addAzureFlags(f)
	flags.report.settings = a.addSettings(cmd, "scan")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.scan(cmd.Context(), flags, settings, args)
	}
	return cmd
}

// scan checks flags and files, then asks Azure.
func (a *app) scan(ctx context.Context, flags scanFlags, settings func() map[string]string, args []string) error {
	job, err := a.prepareScan(flags, args)
	if err != nil {
		return err
	}
	client, err := a.azureClient(flags, settings(), &job.waiting)
	if err != nil {
		return err
	}
	job.walk = job.target.walk(azure.NewReader(client, a.Now))
	if job.exemptions, err = a.loadExemptions(flags.report); err != nil {
		return err
	}
	if flags.baseline != "" {
		if job.earlier, err = a.loadEarlier(flags.baseline, job.target.inputs()); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second Ctrl-C ends the program at once.
	defer context.AfterFunc(ctx, stop)()
	return job.run(ctx, a)
}

// prepareScan turns flags and arguments into a job; its errors are wrong usage.
func (a *app) prepareScan(flags scanFlags, args []string) (job *scanJob, err error) {
	job = &scanJob{}
	if job.target, err = parseScanTarget(flags, args); err != nil {
		return nil, err
	}
	// Today's report may replace the one that it is compared with.
	if job.reporting, err = a.reporting(flags.report); err != nil {
		return nil, err
	}
	if job.gate.Enforce == judge.EnforceIntroduced && flags.baseline == "" {
		return nil, errors.New("--enforce introduced needs --baseline: the JSON report of an earlier scan")
	}
	job.now = a.Now()
	return job, checkRequests(flags)
}

// checkRequests refuses what no request could be sent with.
func checkRequests(flags scanFlags) error {
	switch {
	case flags.concurrency < 1 || flags.concurrency > mostRequests:
		return fmt.Errorf("--concurrency %d is not between 1 and %d", flags.concurrency, mostRequests)
	case flags.timeout <= 0:
		return fmt.Errorf("--request-timeout %s is not a time to wait", flags.timeout)
	default:
		return nil
	}
}
