package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

// simulateFlags are the flags of run-task simulate as they are written.
type simulateFlags struct {
	rules, configuration             string
	organization, project, workspace string
	stage, level                     string
	page                             string // file for the report page of the run
}

func (a *app) simulateCommand() *cobra.Command {
	var flags simulateFlags
	cmd := &cobra.Command{
		Use:   "simulate [flags] PLAN",
		Short: "Play a run with the task against a simulated HCP Terraform",
		Long: `Play the whole exchange on this machine: a simulated HCP Terraform verifies the
service, delivers a signed request for a run with this plan, hands the plan out
behind a redirect, and shows what a person would see in the run. Nothing leaves
the machine and no account is needed. PLAN is the output of terraform show
-json; - reads standard input.

The verdict is the one of the service with the same --config: without a rule
that matches, violations are shown and pass. --report writes the page that the
result links to where the service has a --public-url.

Exit codes: 0 the task passed, 1 it failed, 2 wrong usage, 3 no such plan.`,
		Example: `  redisbaseline run-task simulate plan.json
  redisbaseline run-task simulate --config run-task.yaml --workspace prod-redis plan.json
  redisbaseline run-task simulate --report page.html plan.json`,
		Args: oneArgument("a PLAN: the output of terraform show -json, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.simulate(cmd.Context(), flags, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.rules, "config", "", "YAML `FILE` with rules, as for run-task; without it, violations pass")
	f.StringVar(&flags.page, "report", "", "`FILE` for the report page that the service would serve")
	markPaths(f, []string{"config", "report"}, nil)
	a.addSettings(cmd, "run-task")
	f.StringVar(&flags.configuration, "configuration", "", "`DIR` of the root module, as the configuration version; gives findings a line")
	f.StringVar(&flags.organization, "organization", "acme", "`NAME` of the organization of the run")
	f.StringVar(&flags.project, "project", "Default Project", "`NAME` of the project of the run")
	f.StringVar(&flags.workspace, "workspace", "redis", "`NAME` of the workspace of the run")
	f.StringVar(&flags.stage, "stage", "post_plan", "`STAGE` of the run: pre_plan, post_plan, pre_apply or post_apply")
	f.StringVar(&flags.level, "enforcement-level", "mandatory",
		"`LEVEL` by which the run goes on or stops when the task fails: advisory or mandatory")
	return cmd
}

func (a *app) simulate(ctx context.Context, flags simulateFlags, plan string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := errors.Join(chosen("enforcement-level", flags.level, levels), chosen("stage", flags.stage, stages),
		named("organization", flags.organization), named("project", flags.project), named("workspace", flags.workspace)); err != nil {
		return err
	}
	var pages []output
	if flags.page != "" {
		pages = []output{{format: "html", file: flags.page}}
	}
	if err := errors.Join(checkDirectories(pages), checkInputs(pages, plan, flags.rules)); err != nil {
		return err
	}
	open, err := a.planOpener(plan)
	if err != nil {
		return inputError(inputName(plan), missing(plan, err))
	}
	run := &hcptest.Run{
		Stage: flags.stage, Organization: flags.organization, Project: flags.project, Workspace: flags.workspace, Level: flags.level,
		Plan: func(w io.Writer) error {
			f, err := open()
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		},
	}
	if flags.configuration != "" {
		if run.Configuration, err = hcptest.Pack(os.DirFS(flags.configuration), ""); err != nil {
			return inputError(flags.configuration, bareError(err))
		}
	}
	rules, err := a.loadRules(flags.rules)
	if err != nil {
		return err
	}
	a.showRule(flags, rules)
	result, err := a.playRun(ctx, run, rules, flags.page)
	if err != nil {
		return err
	}
	a.showRun(run, result, flags)
	if result.Status != string(runtask.Passed) {
		return &exitError{code: exitObjections}
	}
	return nil
}

// named refuses an empty name.
func named(flag, name string) error {
	if strings.TrimSpace(name) == "" {
		return fmt.Errorf("--%s is empty: every run of HCP Terraform has one", flag)
	}
	return nil
}

// showRule says by which rule the service decides.
func (a *app) showRule(flags simulateFlags, rules runtask.Rules) {
	rule, number := rules.For(flags.organization, flags.project, flags.workspace)
	which := fmt.Sprintf("rule %d of %s", number, flags.rules)
	switch {
	case flags.rules == "":
		which = "no rules, since there is no --config"
	case number == 0:
		which = "no rule of " + flags.rules + " matches"
	}
	fmt.Fprintf(a.Stdout, "decides as the service does: %s: effect %s, enforce %s, strict %t\n", report.OneLine(which), rule.Effect,
		rule.Enforce, rule.Strict)
}

// planOpener returns a function that opens a plan, and may be called several times.
// Standard input can be read only once, so it is kept in memory.
func (a *app) planOpener(plan string) (func() (io.ReadCloser, error), error) {
	if plan == stdin {
		raw, err := io.ReadAll(a.Stdin)
		return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }, err
	}
	f, err := openFile(plan)
	if err != nil {
		return nil, err
	}
	_ = f.Close() // it was opened to see that it can be
	return func() (io.ReadCloser, error) { return openFile(plan) }, nil
}

// playRun starts the service and the simulated HCP Terraform, plays the run, and
// writes its report page to a file where page names one.
func (a *app) playRun(ctx context.Context, run *hcptest.Run, rules runtask.Rules, page string) (*hcptest.Result, error) {
	key := []byte(rand.Text() + rand.Text()) // one text is shorter than a key must be
	hcp, err := hcptest.Start(key, hcptest.Loopback)
	if err != nil {
		return nil, err
	}
	defer hcp.Close()
	var pages runtask.PageOptions
	if page != "" {
		pages = runtask.PageOptions{PublicURL: simulatedURL, Lifetime: time.Hour}
	}
	service, err := runtask.New(runtask.Options{
		Documents: a.Documents, Version: a.Version, Keys: runtask.Keys{key}, Rules: rules, Workers: 1, Capacity: 1, Now: a.Now,
		Dial: hcp.Dial, TLS: hcp.TLS(), Log: slog.New(slog.DiscardHandler), Pages: pages,
	})
	if err != nil {
		return nil, err
	}
	defer service.Shutdown(ctx, time.Second)
	web := &server{handler: service.Handler(), address: "127.0.0.1:0", connections: 1}
	if err := web.start(slog.New(slog.DiscardHandler), make(chan error, 1)); err != nil {
		return nil, err
	}
	defer web.http.Close()
	address := "http://" + web.listener.Addr().String() + "/"
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()

	change := run.Change
	run.Change = func(m map[string]any) { m["access_token"] = "test-token" }
	hcp.Add(run)
	code, err := hcp.Post(ctx, client, address, run.Request())
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(a.Stdout, "verification request, signed: %d\n", code)
	run.Change = change
	codes, err := hcp.Deliver(ctx, client, address, run)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(a.Stdout, "request for the run, signed:  %d\n", codes[len(codes)-1])
	if err := run.Wait(ctx); err != nil {
		return nil, err
	}
	record := run.Record()
	for _, beat := range record.Heartbeats {
		fmt.Fprintf(a.Stdout, "running: %s\n", beat)
	}
	for _, fault := range append(record.Faults, hcp.Faults()...) {
		fmt.Fprintf(a.Stderr, "redisbaseline: violation of the protocol: %s\n", report.OneLine(fault))
	}
	if record.Result == nil {
		return nil, fmt.Errorf("the task ended without a result: %s", record.State)
	}
	path, linked := strings.CutPrefix(record.Result.URL, simulatedURL)
	switch {
	case page == "":
	case !linked:
		fmt.Fprintln(a.Stdout, "report page: none, since nothing was judged")
	default:
		if err := savePage(ctx, client, address+path, page); err != nil {
			return nil, err
		}
		fmt.Fprintf(a.Stdout, "report page: %s\n", report.OneLine(page))
	}
	return record.Result, nil
}

// simulatedURL is the public address of the simulated service: links begin with it.
const simulatedURL = "http://localhost/"

// savePage writes the report page behind a link to a file.
func savePage(ctx context.Context, client *http.Client, link, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New("the service answered " + answer.Status)
	}
	if err == nil {
		err = os.WriteFile(file, body, 0o644)
	}
	return err
}

// showRun prints what the page of a run shows.
func (a *app) showRun(run *hcptest.Run, result *hcptest.Result, flags simulateFlags) {
	w := a.Stdout
	fmt.Fprintf(w, "\n%s/%s, %s\n", report.OneLine(flags.organization), report.OneLine(flags.workspace), report.OneLine(flags.stage))
	verdict := "Passed"
	switch {
	case result.Status == string(runtask.Passed):
	case flags.level == "mandatory" && run.Stage != "post_apply":
		verdict = "Failed (mandatory: the run stops here)"
	default:
		verdict = "Failed (the run goes on)"
	}
	fmt.Fprintf(w, "  redisbaseline  %s\n  %s\n", verdict, result.Message)
	for _, o := range result.Outcomes {
		fmt.Fprintf(w, "\n  %-10s %-8s %s\n  %s\n", tagOf(o, "Status"), tagOf(o, "Severity"), o.Description, o.URL)
		// The first paragraph of the body is a heading with what was printed above.
		_, list, _ := strings.Cut(o.Body, "\n\n")
		for line := range strings.Lines(list) {
			fmt.Fprintf(w, "    %s\n", plainMarkdown(strings.TrimRight(line, "\n")))
		}
	}
}

// plainMarkdown takes the escapes out of a line of Markdown, but not out of its code.
func plainMarkdown(line string) string {
	parts := strings.Split(line, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = markdownEscape.ReplaceAllString(parts[i], "$1")
	}
	return strings.Join(parts, "`")
}

var markdownEscape = regexp.MustCompile(`\\([[:punct:]])`)

func tagOf(o hcptest.Outcome, key string) string {
	var labels []string
	for _, t := range o.Tags[key] {
		labels = append(labels, t.Label)
	}
	return strings.Join(labels, ", ")
}
