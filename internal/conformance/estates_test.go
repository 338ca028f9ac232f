package conformance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// expectation is one line of want.txt: what a rule must say of a cache.
type expectation struct {
	cache, rule string
	status      string // of the report, or silent: anything but non_compliant
	reason      string // why it is unknown; "" for any
	// alone is what plan JSON without its configuration must say, where that differs:
	// a status, or undecided: status or unknown.
	alone, aloneReason string
}

const (
	silent    = "silent"
	undecided = "undecided"
)

// readExpectations reads want.txt: an address of a cache, and indented below it lines
//
//	RULE STATUS[/REASON] [alone STATUS[/REASON]]
//
// The lines "plan:" and "azurerm:" are for linkgen.
func readExpectations(t *testing.T, text string) (out []expectation) {
	t.Helper()
	cache := ""
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0, strings.HasPrefix(line, "#"), strings.HasPrefix(line, "plan:"), strings.HasPrefix(line, "azurerm:"):
		case !strings.HasPrefix(line, " "):
			cache = strings.TrimSpace(line)
		case len(words) == 2, len(words) == 4 && words[2] == "alone":
			e := expectation{cache: cache, rule: words[0]}
			e.status, e.reason, _ = strings.Cut(words[1], "/")
			e.alone, e.aloneReason = e.status, e.reason
			if len(words) == 4 {
				e.alone, e.aloneReason, _ = strings.Cut(words[3], "/")
			}
			out = append(out, e)
		default:
			t.Fatalf("want.txt says %q", line)
		}
	}
	return out
}

// estateTally counts verdicts of one way to read the plans.
type estateTally struct{ verdicts, wrong, needless int }

// judge holds a finding against what it must be; needlessly unknown is what is unknown
// although the truth is decided.
func (n *estateTally) judge(t *testing.T, e expectation, status, reason string, f *report.Finding) {
	t.Helper()
	n.verdicts++
	got, why, message := silent, "", "no such finding"
	if f != nil {
		got, message = string(f.Status), f.Message
		if f.Reason != nil {
			why = *f.Reason
		}
	}
	said := fmt.Sprintf("%s: %s: %s %s (%s), want %s %s", e.cache, e.rule, got, why, message, status, reason)
	switch {
	case status == silent && got != string(report.NonCompliant):
	case status == undecided && (got == e.status || got == string(report.Unknown) || e.status == silent && got != string(report.NonCompliant)):
	case got == status && (reason == "" || reason == why):
	case got == string(report.Unknown) && status != string(report.Unknown):
		n.needless++
		t.Log("needlessly unknown: " + said)
	default:
		n.wrong++
		t.Error(said)
	}
}

// TestEstates holds verdicts about caches of Azure Managed Redis and of the Enterprise
// tiers to the truth: each archive of testdata/estates has a small configuration, the
// plan that the real Terraform made of it, and in want.txt verdicts that were written
// down by hand, from the description of the rules alone, before any program saw the
// plan. Linkgen makes the plans.
func TestEstates(t *testing.T) {
	files, err := filepath.Glob("testdata/estates/*.txtar")
	if err != nil || len(files) < 204 {
		t.Fatalf("found %d archives, %v", len(files), err)
	}
	var alone, configured estateTally
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := txtar.Write(archive, dir); err != nil {
				t.Fatal(err)
			}
			plan, err := os.ReadFile(filepath.Join(dir, "plan.json"))
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join(dir, "want.txt"))
			if err != nil {
				t.Fatal(err)
			}
			expected := readExpectations(t, string(want))
			if len(expected) < 5 {
				t.Errorf("want.txt has %d verdicts", len(expected))
			}
			config, err := tfconfig.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Run("JSON alone", func(t *testing.T) {
				found := estate(t, plan, nil)
				for _, e := range expected {
					alone.judge(t, e, e.alone, e.aloneReason, found.of(t, e))
				}
			})
			t.Run("with configuration", func(t *testing.T) {
				found := estate(t, plan, config)
				for _, e := range expected {
					configured.judge(t, e, e.status, e.reason, found.of(t, e))
				}
			})
		})
	}
	for way, n := range map[string]estateTally{"JSON alone": alone, "with configuration": configured} {
		t.Logf("%-20s %d configurations, %d verdicts: %d wrong, %d needlessly unknown", way, len(files), n.verdicts, n.wrong, n.needless)
	}
	if configured.needless*100 > configured.verdicts*5 {
		t.Errorf("with configuration %d of %d verdicts are needlessly unknown: more than 5 %%", configured.needless, configured.verdicts)
	}
}

// estateFindings are the findings about the caches of a plan, by address.
type estateFindings map[string]findings

func (all estateFindings) of(t *testing.T, e expectation) *report.Finding {
	t.Helper()
	found, ok := all[e.cache]
	if !ok {
		t.Fatalf("%s is not in the report", e.cache)
	}
	if f, ok := found[e.rule]; ok {
		return &f
	}
	if !strings.HasPrefix(e.rule, "advisory/") {
		t.Fatalf("%s has no finding of %s", e.cache, e.rule)
	}
	return nil
}

// estate judges the caches of a plan that are there after it.
func estate(t *testing.T, plan []byte, config *tfconfig.Configuration) estateFindings {
	t.Helper()
	p, err := tfplan.Read(t.Context(), bytes.NewReader(plan), tfplan.Options{Configuration: config})
	if err != nil {
		t.Fatal(err)
	}
	out := estateFindings{}
	for c := range p.Caches() {
		if c.After.Change != posture.ChangeDelete {
			out[c.After.Address] = findingsOf(baseline.Published().EvaluateChange(c.After, c.Before, baseline.Options{Today: today}))
		}
	}
	return out
}
