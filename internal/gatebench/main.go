package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gatebench:", err)
		os.Exit(1)
	}
}

func run() error {
	var opts plangen.Options
	flag.IntVar(&opts.Caches, "caches", 10000, "caches of Azure Cache for Redis, each with an endpoint and a diagnostic setting")
	flag.IntVar(&opts.Managed, "managed", 0, "caches of Azure Managed Redis, each with an endpoint and a diagnostic setting")
	flag.IntVar(&opts.Others, "others", 0, "other resources")
	flag.BoolVar(&opts.Existing, "existing", false, "every second cache exists already")
	binary := flag.String("binary", "bin/redisbaseline", "the program to measure")
	conftest := flag.String("conftest", "", "a conftest to compare with")
	migrate := flag.Bool("migrate", false, "measure migrate on the same plan too")
	rounds := flag.Int("rounds", 5, "rounds; medians are printed")
	write := flag.String("write", "", "only write the plan to this file")
	part := flag.String("part", "", "run one part in this process: tfjson or valid")
	flag.Parse()
	if *part != "" {
		return runPart(*part, flag.Arg(0))
	}
	if *write != "" {
		return writePlan(*write, opts)
	}
	dir, err := os.MkdirTemp("", "gatebench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	plan := filepath.Join(dir, "plan.json")
	if err := writePlan(plan, opts); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	programs := []program{
		{name: "check --format json", args: []string{*binary, "check", "--format", "json", plan}, objects: true},
		{name: "migrate --format json", args: []string{*binary, "migrate", "--format", "json", plan}},
		{name: "terraform-json UnmarshalJSON", args: []string{self, "-part", "tfjson", plan}, says: true},
		{name: "json.Valid", args: []string{self, "-part", "valid", plan}, says: true},
	}
	if *migrate {
		programs = append(programs, program{name: "migrate --format json", args: []string{*binary, "migrate", "--format", "json", plan}})
	}
	if *conftest != "" {
		policy := filepath.Join(dir, "policy.rego")
		if err := os.WriteFile(policy, []byte(rules), 0o600); err != nil {
			return err
		}
		programs = append(programs, program{name: "conftest, four rules", args: []string{*conftest, "test", "--policy", policy, plan},
			objects: true})
	}
	info, err := os.Stat(plan)
	if err != nil {
		return err
	}
	fmt.Printf("%d caches, %d managed ones, %d other resources, existing %v: %.1f MB, %d rounds\n", opts.Caches, opts.Managed, opts.Others,
		opts.Existing, float64(info.Size())/1e6, *rounds)
	for range *rounds {
		for i := range programs {
			if err := programs[i].measure(); err != nil {
				return err
			}
		}
	}
	return show(programs)
}

func writePlan(name string, opts plangen.Options) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(plangen.Write(f, opts), f.Close())
}

// runPart reads a file, does one thing with it, and prints how long that took:
// reading the file does not count.
func runPart(part, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	start := time.Now()
	switch part {
	case "tfjson":
		var plan tfjson.Plan
		err = plan.UnmarshalJSON(raw)
	case "valid":
		if !json.Valid(raw) {
			err = errors.New("the plan is not valid")
		}
	default:
		err = fmt.Errorf("there is no part %q", part)
	}
	fmt.Println(time.Since(start).Seconds())
	return err
}

// rules are the four one-line rules of the comparison.
const rules = `package main

deny contains msg if {
	some r in input.resource_changes
	r.type == "azurerm_redis_cache"
	r.change.after.public_network_access_enabled
	msg := sprintf("%s: public", [r.address])
}
deny contains msg if {
	some r in input.resource_changes
	r.type == "azurerm_redis_cache"
	r.change.after.non_ssl_port_enabled
	msg := sprintf("%s: plain port", [r.address])
}
deny contains msg if {
	some r in input.resource_changes
	r.type == "azurerm_redis_cache"
	r.change.after.minimum_tls_version != "1.2"
	msg := sprintf("%s: old TLS", [r.address])
}
deny contains msg if {
	some r in input.resource_changes
	r.type == "azurerm_redis_cache"
	r.change.after.access_keys_authentication_enabled
	msg := sprintf("%s: keys", [r.address])
}
`

// program is one thing that is measured, in a process of its own.
type program struct {
	name    string
	args    []string
	says    bool // it prints the seconds that count
	objects bool // exit code 1 is a verdict
	wall    []float64
	cpu     []float64
	memory  []float64 // peak, MiB
}

func (p *program) measure() error {
	cmd := exec.Command(p.args[0], p.args[1:]...)
	var said, complaint bytes.Buffer
	cmd.Stderr = &complaint // standard output goes to the null device, not through a pipe that this process would have to empty
	if p.says {
		cmd.Stdout = &said
	}
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start).Seconds()
	if err != nil && !(p.objects && cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == 1) {
		return fmt.Errorf("%s: %w: %s", p.name, err, complaint.String())
	}
	if p.says {
		if wall, err = strconv.ParseFloat(strings.TrimSpace(said.String()), 64); err != nil {
			return err
		}
	}
	p.wall = append(p.wall, wall)
	p.cpu = append(p.cpu, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		p.memory = append(p.memory, float64(usage.Maxrss)/1024) // Linux counts KiB
	}
	return nil
}

// show prints medians; the ratio is that of the first program to this one, the
// median of the rounds, so that a slow minute of the machine counts for both.
func show(programs []program) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "program\tseconds\tCPU seconds\tpeak MiB\tratio of check (time)")
	for _, p := range programs {
		var ratios []float64
		for i := range p.wall {
			ratios = append(ratios, programs[0].wall[i]/p.wall[i])
		}
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.0f\t%.2f\n", p.name, median(p.wall), median(p.cpu), median(p.memory), median(ratios))
	}
	return w.Flush()
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
