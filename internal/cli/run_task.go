package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/net/netutil"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/secretfile"
)

// hmacKeyVariable holds one signing key, or several on lines of their own.
const hmacKeyVariable = "REDISBASELINE_HMAC_KEY"

// runTaskFlags are the flags of run-task as they are written.
type runTaskFlags struct {
	listen, metricsListen string
	keyFiles              []string
	insecure              bool
	config                string
	hosts, archives       []string
	private               bool
	workers, capacity     int
	connections           int
	maxSize               string
	cert, key             string
	publicURL, reportDir  string
	lifetime, grace       time.Duration
	notes                 []string // on the file that set some of these
}

func (a *app) runTaskCommand() *cobra.Command {
	var flags runTaskFlags
	cmd := &cobra.Command{
		Use:   "run-task",
		Short: "Serve HCP Terraform and Terraform Enterprise as a run task",
		Long: `Serve run task requests of HCP Terraform and Terraform Enterprise: judge the
plan of every run and report one outcome per violated rule.

A request is answered at once and worked on in the background. What cannot be
judged fails, with the reason, whatever the effect.

Keys: --hmac-key-file, repeated while a key is being replaced, or the variable
` + hmacKeyVariable + `, one key a line, of at least 32 bytes each
(openssl rand -hex 32). SIGHUP reads --config, --tls-cert and --tls-key again;
what is not valid leaves what was read before. The file of --config is described
by: redisbaseline schema run-task

Traces are sent when OTEL_EXPORTER_OTLP_ENDPOINT is set.`,
		Example: `  redisbaseline run-task --hmac-key-file key --config run-task.yaml
  redisbaseline run-task simulate plan.json`,
		Args: noArguments(func(argument string) string {
			return "redisbaseline run-task simulate " + argument + " plays a run with a plan"
		}),
	}
	f := cmd.Flags()
	f.StringVar(&flags.listen, "listen", ":8080", "`ADDRESS` to listen on, for example 127.0.0.1:8080")
	f.StringVar(&flags.metricsListen, "metrics-listen", "",
		"`ADDRESS` for /metrics, /healthz and /readyz; empty serves /metrics with the rest")
	f.StringArrayVar(&flags.keyFiles, "hmac-key-file", nil, "`FILE` with a key that requests are signed with, repeatable")
	f.BoolVar(&flags.insecure, "insecure-no-hmac", false, "serve without a key: anybody who reaches the service can use it")
	f.StringVar(&flags.config, "config", "", "YAML `FILE` with rules by organization, project and workspace")
	f.StringArrayVar(&flags.hosts, "tfe-host", []string{runtask.DefaultHost}, "`HOST` that requests come from and results go to, repeatable")
	f.StringArrayVar(&flags.archives, "archive-host", nil, "further `HOST` that plans may be fetched from, repeatable")
	f.BoolVar(&flags.private, "allow-private-networks", false,
		"connect to private addresses too (Terraform Enterprise in a network of your own)")
	f.IntVar(&flags.workers, "workers", runtime.GOMAXPROCS(0), "`NUMBER` of runs that are judged at a time")
	f.IntVar(&flags.capacity, "capacity", 500, "`NUMBER` of runs that are accepted at a time; beyond, requests get 503")
	f.IntVar(&flags.connections, "max-connections", 512, "`NUMBER` of connections that are open at a time, on each address; further ones wait")
	f.StringVar(&flags.maxSize, "max-size", "1GiB", "refuse a plan larger than `SIZE`; 0 for no limit")
	f.StringVar(&flags.cert, "tls-cert", "", "`FILE` with the certificate chain, to serve HTTPS")
	f.StringVar(&flags.key, "tls-key", "", "`FILE` with its private key")
	f.StringVar(&flags.publicURL, "public-url", "", "`URL` of this service as people reach it: links results to report pages")
	f.StringVar(&flags.reportDir, "report-dir", "", "`DIR` for report pages, shared by all instances; empty keeps them in memory")
	f.DurationVar(&flags.lifetime, "report-lifetime", 7*24*time.Hour, "`TIME` that a report page lives, for example 48h")
	f.DurationVar(&flags.grace, "shutdown-grace", 25*time.Second, "`TIME` to finish or report what is in flight when stopped")
	markPaths(f, []string{"config", "hmac-key-file", "tls-cert", "tls-key"}, []string{"report-dir"})
	settings := a.addSettings(cmd, "run-task")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		flags.notes = settings.note()
		return a.runTask(cmd.Context(), flags)
	}
	cmd.AddCommand(a.simulateCommand())
	return cmd
}

// runTask serves until a signal comes.
func (a *app) runTask(ctx context.Context, flags runTaskFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	defer signal.Stop(reload)
	return a.serveRunTask(ctx, flags, reload, nil)
}

// serveRunTask serves until ctx ends; listening, if not nil, gets the addresses.
func (a *app) serveRunTask(ctx context.Context, flags runTaskFlags, reload <-chan os.Signal,
	listening func(requests, last net.Addr)) error {
	trustRoots()
	log := slog.New(slog.NewJSONHandler(report.JSONWriter(a.Stderr), nil))
	options, err := a.runTaskOptions(flags, log)
	if err != nil {
		return err
	}
	tracer, flush, err := runtask.Tracing(ctx, a.Getenv)
	if err != nil {
		return fmt.Errorf("traces: %w", err)
	}
	options.Tracer = tracer
	service, err := runtask.New(options)
	if err != nil {
		return err
	}
	var identity *certificate
	if flags.cert != "" {
		identity = &certificate{cert: flags.cert, key: flags.key}
		if err := identity.read(); err != nil {
			return err
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/", service.Handler())
	servers := []*server{{handler: mux, address: flags.listen, connections: flags.connections, identity: identity}}
	if flags.metricsListen == "" {
		mux.Handle("GET /metrics", service.Metrics())
	} else {
		// Probes on this address are answered even while every connection of the
		// other address is taken.
		inside := http.NewServeMux()
		inside.Handle("GET /metrics", service.Metrics())
		inside.Handle("GET /", service.Health())
		servers = append(servers, &server{handler: inside, address: flags.metricsListen, connections: flags.connections})
	}
	failed := make(chan error, len(servers))
	for _, s := range servers {
		if err := s.start(log, failed); err != nil {
			return inputError(s.address, err)
		}
		defer s.http.Close()
	}
	if listening != nil {
		listening(servers[0].listener.Addr(), servers[len(servers)-1].listener.Addr())
	}
	for _, note := range flags.notes {
		log.Info(note)
	}
	if len(options.Keys) == 0 {
		log.Warn("requests are not verified (--insecure-no-hmac): anybody who reaches this service can use it")
	}
	log.Info("listening", "address", servers[0].listener.Addr().String(), "tls", flags.cert != "", "keys", len(options.Keys), "rules",
		len(options.Rules))
	for {
		select {
		case <-reload:
			a.reloadRunTask(flags, identity, service, log)
		case err := <-failed:
			return inputError(flags.listen, err)
		case <-ctx.Done():
			log.Info("stopping")
			// Three fifths of the time are for reporting runs that could not be finished:
			// with the default that is enough for a heartbeat that hangs, and a report.
			reporting := flags.grace * 3 / 5
			wait, cancel := context.WithTimeout(context.Background(), flags.grace-reporting)
			defer cancel()
			service.Shutdown(wait, reporting)
			last, cancelLast := context.WithTimeout(context.Background(), time.Second)
			defer cancelLast()
			for _, s := range servers {
				_ = s.http.Shutdown(last) // what is still open is closed by the deferred Close
			}
			if err := flush(last); err != nil {
				log.Warn("the last traces were not sent")
			}
			log.Info("stopped")
			return nil
		}
	}
}

// reloadRunTask reads the rules and the certificate again. Where one is not valid,
// what was read before stays.
func (a *app) reloadRunTask(flags runTaskFlags, identity *certificate, service *runtask.Service, log *slog.Logger) {
	if identity != nil {
		if err := identity.read(); err != nil {
			log.Error("the certificate is not valid; the one before stays", "error", report.OneLine(err.Error()))
		} else {
			log.Info("certificate read again")
		}
	}
	if flags.config == "" {
		if identity == nil {
			log.Warn("there is nothing to read again (--config, --tls-cert)")
		}
		return
	}
	rules, err := a.loadRules(flags.config)
	service.Reloaded(err == nil)
	if err != nil {
		log.Error("the configuration is not valid; the one before stays", "error", report.OneLine(err.Error()))
		return
	}
	service.SetRules(rules)
	log.Info("configuration read again", "rules", len(rules))
}

// server is an HTTP server with its listener.
type server struct {
	handler     http.Handler
	address     string
	identity    *certificate // nil for plain HTTP
	connections int          // at a time
	listener    net.Listener
	http        *http.Server
}

// start listens and serves. The timeouts fit requests of a few kilobytes. HTTP/2 is
// off, because one of its connections carries hundreds of requests, so that the
// limit on connections would not limit the requests and their memory. Every
// connection ends with its answer: otherwise a client could keep a few hundred
// connections open and so keep everybody else out.
func (s *server) start(log *slog.Logger, failed chan<- error) (err error) {
	if s.listener, err = net.Listen("tcp", s.address); err != nil {
		return err
	}
	s.listener = netutil.LimitListener(s.listener, s.connections)
	s.http = &http.Server{
		Protocols: new(http.Protocols), Handler: s.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 60 * time.Second, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	s.http.Protocols.SetHTTP1(true)
	s.http.SetKeepAlivesEnabled(false)
	go func() {
		var err error
		if s.identity != nil {
			s.http.TLSConfig = s.identity.config()
			err = s.http.ServeTLS(s.listener, "", "")
		} else {
			err = s.http.Serve(s.listener)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return nil
}

// runTaskOptions turns flags into options.
func (a *app) runTaskOptions(flags runTaskFlags, log *slog.Logger) (o runtask.Options, err error) {
	o = runtask.Options{
		Documents: a.Documents, Version: a.Version, Hosts: flags.hosts, ArchiveHosts: flags.archives, AllowPrivate: flags.private,
		Workers: flags.workers, Capacity: flags.capacity, Now: a.Now, Log: log,
		Pages: runtask.PageOptions{PublicURL: flags.publicURL, Directory: flags.reportDir, Lifetime: flags.lifetime},
	}
	if o.MaxPlan, err = parseMaxSize(flags.maxSize); err != nil {
		return o, err
	}
	for _, address := range []struct{ flag, value string }{{"listen", flags.listen}, {"metrics-listen", flags.metricsListen}} {
		if _, _, err := net.SplitHostPort(address.value); address.value != "" && err != nil {
			return o, fmt.Errorf("--%s %q is not an address to listen on: use for example :8080 or 127.0.0.1:8080", address.flag, address.value)
		}
	}
	switch {
	case (flags.cert == "") != (flags.key == ""):
		return o, errors.New("--tls-cert and --tls-key go together")
	case flags.workers < 1 || flags.capacity < 1 || flags.connections < 1:
		return o, errors.New("--workers, --capacity and --max-connections are at least 1")
	case flags.lifetime <= 0 || flags.grace <= 0:
		return o, errors.New("--report-lifetime and --shutdown-grace are more than 0")
	case flags.reportDir != "" && flags.publicURL == "":
		return o, errors.New("--report-dir needs --public-url")
	}
	if o.Keys, err = a.runTaskKeys(flags.keyFiles); err != nil {
		return o, err
	}
	switch {
	case len(o.Keys) == 0 && !flags.insecure:
		return o, errors.New("no key to verify requests with: give --hmac-key-file or " + hmacKeyVariable +
			", or --insecure-no-hmac to do without")
	case len(o.Keys) > 0 && flags.insecure:
		return o, errors.New("--insecure-no-hmac contradicts the keys")
	}
	o.Rules, err = a.loadRules(flags.config)
	return o, err
}

// runTaskKeys reads the keys; errors name where one stands and never hold one.
func (a *app) runTaskKeys(files []string) (keys runtask.Keys, err error) {
	for _, name := range files {
		raw, err := secretfile.Read(name)
		if err != nil {
			return nil, inputError(name, bareError(err))
		}
		key := bytes.TrimSpace(raw)
		if len(key) == 0 {
			return nil, inputError(name, errors.New("holds no key"))
		}
		if err := runtask.CheckKey(key); err != nil {
			return nil, inputError(name, err)
		}
		keys = append(keys, key)
	}
	n := 0
	for line := range strings.Lines(a.Getenv(hmacKeyVariable)) {
		n++
		key := []byte(strings.TrimSpace(line))
		if len(key) == 0 {
			continue
		}
		if err := runtask.CheckKey(key); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", hmacKeyVariable, n, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// loadRules reads the file of --config; without one there are no rules.
func (a *app) loadRules(name string) (runtask.Rules, error) {
	if name == "" {
		return nil, nil
	}
	f, err := openFile(name)
	if err != nil {
		return nil, inputError(name, err)
	}
	defer f.Close()
	rules, err := runtask.ParseRules(f, a.Documents)
	return rules, yamlError(name, err)
}
