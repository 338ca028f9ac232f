package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// reportFlags are the flags of every command that writes a report: where it goes,
// what fails, and what is exempt.
type reportFlags struct {
	formats    []string
	enforce    string
	failOn     string
	exemptions string
	strict     bool
	advisories []string
	verbose    bool
	noColor    bool
	quiet      bool
	flags      *pflag.FlagSet
	settings   *settings
}

func (r *reportFlags) add(f *pflag.FlagSet, formats []string, enforcements string) {
	r.flags = f
	addFormats(f, &r.formats, formats, "text")
	f.StringVar(&r.enforce, "enforce", string(judge.EnforceAll), "`WHICH` violations fail: "+enforcements)
	f.StringVar(&r.failOn, "fail-on", string(judge.FailOnLow), "lowest `SEVERITY` that fails: high, medium, low, never")
	f.StringVar(&r.exemptions, "exemptions", "", "YAML `FILE` with exemptions (see: redisbaseline schema exemptions)")
	f.BoolVar(&r.strict, "strict", false, "undecided features fail too, not observed ones included")
	f.StringArrayVar(&r.advisories, "fail-on-advisory", nil, "`ID` of an advisory that fails too, for example advisory/tier; repeatable")
	f.BoolVar(&r.verbose, "verbose", false, "text: show every feature of every cache")
	f.BoolVar(&r.noColor, "no-color", false, "text: no colours (NO_COLOR works too)")
	f.BoolVar(&r.quiet, "quiet", false, "on standard error only what is wrong: no progress, no line on files that were written")
	f.Lookup("no-color").Annotations = map[string][]string{environmentAnnotation: {"NO_COLOR"}}
	markPaths(f, []string{"exemptions"}, nil)
}

// addFormats adds the flag that says where a report goes.
func addFormats(f *pflag.FlagSet, into *[]string, formats []string, usual string) {
	f.StringArrayVar(into, "format", []string{usual},
		"`FORMAT[=FILE]`, repeatable, for example json=report.json: "+strings.Join(formats, ", "))
	f.Lookup("format").Annotations = map[string][]string{formatsAnnotation: formats}
}

// reporting is what the flags of a report say.
type reporting struct {
	outputs    []output
	encode     report.EncodeOptions
	gate       judge.Gate
	exemptions []baseline.Exemption
	settings   *settings
	quiet      bool
}

// reporting reads the flags of a report, but not the file of exemptions; its
// errors are wrong usage. No output may replace one of the inputs.
func (a *app) reporting(flags reportFlags, inputs ...string) (r reporting, err error) {
	r.settings, r.quiet, a.quiet = flags.settings, flags.quiet, flags.quiet
	if r.outputs, err = parseOutputs(flags.formats, flags.flags.Lookup("format").Annotations[formatsAnnotation]); err != nil {
		return r, err
	}
	if r.gate, err = a.parseGate(flags); err != nil {
		return r, err
	}
	if err := refuseEmpty(flags.flags, "exemptions", flags.settings); err != nil {
		return r, err
	}
	r.encode = report.EncodeOptions{Color: a.colour(flags.noColor), Width: a.Width(), Verbose: flags.verbose,
		FailsRun: r.gate.Fails}
	if err := checkDirectories(r.outputs); err != nil {
		return r, err
	}
	return r, checkInputs(r.outputs, append(inputs, flags.exemptions, flags.settings.file)...)
}

// parseGate reads the flags that say what fails.
func (a *app) parseGate(flags reportFlags) (g judge.Gate, err error) {
	err = errors.Join(chosen("enforce", flags.enforce, choices["enforce"]), chosen("fail-on", flags.failOn, choices["fail-on"]))
	if err != nil {
		return g, err
	}
	if g.Enforce, err = judge.ParseEnforcement(flags.enforce, "--enforce"); err != nil {
		return g, err
	}
	if g.FailOn, err = judge.ParseThreshold(flags.failOn, "--fail-on"); err != nil {
		return g, err
	}
	g.Strict, g.Advisories = flags.strict, map[string]bool{}
	for _, id := range flags.advisories {
		if id, err = a.parseAdvisory(id); err != nil {
			return g, err
		}
		g.Advisories[id] = true
	}
	return g, nil
}

// parseAdvisory reads the id of an advisory.
func (a *app) parseAdvisory(id string) (string, error) {
	if e := a.Documents.Entry(id); e != nil && e.IsAdvisory() {
		return e.ID, nil
	}
	return "", fmt.Errorf("there is no advisory %q%s (`redisbaseline rules` lists them)", id, suggest.DidYouMean(id, a.advisoryIDs()))
}

func (a *app) advisoryIDs() (ids []string) {
	for e := range a.Documents.Entries() {
		if e.IsAdvisory() {
			ids = append(ids, e.ID)
		}
	}
	return ids
}
