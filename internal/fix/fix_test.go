package fix_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"golang.org/x/tools/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/fix"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

var update = flag.Bool("update", false, "write what the goldens should be")

// load reads the configuration in a directory, with other contents of some files.
func load(dir string, edited map[string][]byte) (*tfconfig.Configuration, error) {
	config, err := tfconfig.LoadWith(dir, tfconfig.LoadOptions{Edited: edited})
	if err != nil {
		return nil, err
	}
	return config.As(tfconfig.Terraform)
}

// judge judges the configuration in a directory, with other contents of some files.
func judge(dir string, edited map[string][]byte) ([]fix.Judged, error) {
	config, err := load(dir, edited)
	if err != nil {
		return nil, err
	}
	return judgeLoaded(dir, config)
}

// judgeOpen does so whatever the root variables are.
func judgeOpen(dir string, edited map[string][]byte) ([]fix.Judged, error) {
	config, err := load(dir, edited)
	if err != nil {
		return nil, err
	}
	return judgeLoaded(dir, config.Open())
}

func judgeLoaded(dir string, config *tfconfig.Configuration) ([]fix.Judged, error) {
	values, _, err := config.Variables(tfconfig.VariableSources{Dir: dir})
	if err != nil {
		return nil, err
	}
	plan, err := tfplan.ReadUnplanned(context.Background(), config, tfplan.UnplannedOptions{Base: ".", Variables: values, Migration: true})
	if err != nil {
		return nil, err
	}
	var out []fix.Judged
	for c := range plan.Caches() {
		c.After.Change = ""
		out = append(out, fix.Judged{Cache: c.After, Report: baseline.Published().Evaluate(c.After, baseline.Options{})})
	}
	return out, nil
}

func run(dir string) (*fix.Result, error) { return runWith(dir, false) }

// runWith mends a configuration, with suggestions if they are asked for.
func runWith(dir string, suggest bool) (*fix.Result, error) {
	config, err := load(dir, nil)
	if err != nil {
		return nil, err
	}
	versions, unknown := tfplan.AzurermVersions(config)
	job := fix.Job{Documents: baseline.Published(), Config: config, Base: ".", Versions: versions, UnknownVersion: unknown, Suggest: suggest,
		Callers: func(module string) ([]string, error) {
			found, err := tfconfig.FindDirectories(dir, tfconfig.Terraform, "", 0)
			return found.CallersBeside(".", module), err
		},
		Judge:     func(edited map[string][]byte) ([]fix.Judged, error) { return judge(dir, edited) },
		JudgeOpen: func(edited map[string][]byte) ([]fix.Judged, error) { return judgeOpen(dir, edited) }}
	return job.Run()
}

// shown tells a result without what no configuration can mend.
func shown(r *fix.Result) string {
	var out strings.Builder
	for _, m := range r.Mended {
		fmt.Fprintf(&out, "mended %s:%d %s %s: %s (%s)\n", m.AtAfter.File, m.AtAfter.Line, m.Cache,
			strings.Join(m.IDs, ", "), m.Setting, m.Effect)
	}
	for _, l := range r.Left {
		if l.ID == "advisory/retirement" || strings.HasPrefix(l.Why, "no literal") {
			continue
		}
		at := report.Position{}
		if l.At != nil {
			at = *l.At
		}
		fmt.Fprintf(&out, "left %s:%d %s %s: %s\n", at.File, at.Line, l.Cache, l.ID, l.Why)
		for line := range strings.Lines(l.Paste) {
			out.WriteString("    " + line)
		}
		if l.Paste != "" {
			out.WriteString("\n")
		}
	}
	return out.String()
}

func write(t testing.TB, files []txtar.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestGolden mends the configurations in testdata: a want/ file is the content afterwards of
// each file that changes, want.txt is what is told. -update writes both.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var given []txtar.File
			for _, f := range archive.Files {
				if !strings.HasPrefix(f.Name, "want") {
					given = append(given, f)
				}
			}
			dir := write(t, given)
			result, err := run(dir)
			if err != nil {
				t.Fatal(err)
			}
			got := txtar.Archive{Comment: archive.Comment, Files: given}
			for _, f := range result.Files {
				got.Files = append(got.Files, txtar.File{Name: "want/" + f.Name, Data: f.After})
			}
			got.Files = append(got.Files, txtar.File{Name: "want.txt", Data: []byte(shown(result))})
			if text := txtar.Format(&got); *update {
				if err := os.WriteFile(name, text, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if want := txtar.Format(archive); !bytes.Equal(text, want) {
				t.Errorf("got:\n%s\nwant:\n%s", text, want)
			}
			holds(t, dir, result)
			pastes(t, dir, result)
		})
	}
}

// TestLeftNamesItsOwnArgument: each part of a violation is left with what to write for it alone.
func TestLeftNamesItsOwnArgument(t *testing.T) {
	t.Parallel()
	const main = `variable "tls" {
  default = "1.1"
}

variable "port" {
  default = true
}

resource "azurerm_redis_cache" "a" {
  name                 = "redis-a"
  location             = "westeurope"
  resource_group_name  = "rg"
  capacity             = 1
  family               = "C"
  sku_name             = "Standard"
  minimum_tls_version  = var.tls
  non_ssl_port_enabled = var.port
}
`
	result, err := run(write(t, []txtar.File{{Name: "main.tf", Data: []byte(main)}}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range result.Left {
		if l.ID == "DP-3/data-in-transit-encryption" {
			got = append(got, fmt.Sprintf("%d %s", l.At.Line, l.Write))
		}
	}
	if want := []string{"6 set non_ssl_port_enabled = false", `2 set minimum_tls_version = "1.2"`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// pastes pastes blocks into the root module, and wants them to mend what they are printed for.
func pastes(t *testing.T, dir string, result *fix.Result) {
	t.Helper()
	const group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
	const network = group + "/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
	const workspace = group + "/providers/Microsoft.OperationalInsights/workspaces/w"
	text := "variable \"subnet_id\" {\n  default = \"" + network + "\"\n}\n\n" +
		"variable \"log_analytics_workspace_id\" {\n  default = \"" + workspace + "\"\n}\n"
	mends := map[string]string{} // the block, by what it is printed for
	for _, l := range result.Left {
		if l.Paste == "" || strings.HasPrefix(l.Cache, "module.") {
			continue
		}
		mends[l.Cache+l.ID] = l.Paste
		if !strings.Contains(text, l.Paste) {
			text += "\n" + l.Paste + "\n"
		}
	}
	if formatted := hclwrite.Format([]byte(text)); string(formatted) != text {
		t.Errorf("blocks to paste are not formatted:\n%s", text)
	}
	if err := os.WriteFile(filepath.Join(dir, "pasted.tf"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	after, err := judge(dir, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	each(after, func(address string, f report.Finding) {
		block, ok := mends[address+f.ID]
		// A text in which an id stands that only Azure knows is unknown as a whole.
		if ok && f.Status != report.Compliant && !(f.Status == report.Unknown && strings.Contains(block, "jsonencode")) {
			t.Errorf("%s is %s in %s with what was pasted: %s\n%s", f.ID, f.Status, address, f.Message, text)
		}
	})
}

// holds wants of a result what is true of every one: files that were formatted still are, a
// second run finds nothing more to do unless the first one says so, and no violation is new.
func holds(t *testing.T, dir string, result *fix.Result) {
	t.Helper()
	before, err := judge(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	hidden := slices.ContainsFunc(result.Mended, func(m fix.Mended) bool { return m.Hidden })
	for _, f := range result.Files {
		if got := withShown(f); !hidden && got != string(f.After) && string(hclwrite.Format([]byte(got))) != string(f.After) {
			t.Errorf("%s is after the diff\n%s\nand written\n%s", f.Name, got, f.After)
		}
		if bytes.Equal(hclwrite.Format(f.Before), f.Before) && !bytes.Equal(hclwrite.Format(f.After), f.After) {
			t.Errorf("%s was formatted, and is not afterwards:\n%s", f.Name, f.After)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.After, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	after, err := judge(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	was := map[string]bool{}
	each(before, func(address string, f report.Finding) { was[address+f.ID] = f.Status == report.NonCompliant })
	each(after, func(address string, f report.Finding) {
		if f.Status == report.NonCompliant && !was[address+f.ID] {
			t.Errorf("%s newly violates %s: %s", address, f.ID, f.Message)
		}
	})
	again, err := run(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Files) > 0 && !slices.ContainsFunc(result.Left, func(l fix.Left) bool { return strings.Contains(l.Why, "run this again") }) {
		t.Errorf("a second run changes more:\n%s", again.Files.Diff("."))
	}
}

// withShown is a file with the changes that a diff shows.
func withShown(f fix.File) string {
	lines := slices.Collect(bytes.Lines(f.Before))
	var out []byte
	next := 1
	for _, c := range f.Shown {
		out = append(append(out, bytes.Join(lines[next-1:c.Start-1], nil)...), c.Text...)
		next = c.End
	}
	return string(append(out, bytes.Join(lines[next-1:], nil)...))
}

func each(judged []fix.Judged, f func(address string, finding report.Finding)) {
	for _, c := range judged {
		for _, finding := range append(c.Report.Features, c.Report.Advisories...) {
			f(c.Cache.Address, finding)
		}
	}
}

// TestWordsOfSettings wants the words of a remedy to name the argument and the value that are
// written for it, in every dialect that has the argument.
func TestWordsOfSettings(t *testing.T) {
	for _, document := range baseline.Published() {
		for _, list := range [][]baseline.Entry{document.Features, document.Advisories} {
			for _, entry := range list {
				for _, remedy := range entry.Remedies {
					if remedy.Set == nil {
						continue
					}
					for _, dialect := range document.Service.Dialects {
						cache := &posture.Cache{Type: document.Service.Type, Dialect: dialect}
						term, _, ok := vocabulary.OfCache(cache).Written(dialect, cache, remedy.Set.Fact(cache))
						words := entry.Remedy(dialect)
						name := term.Path[strings.LastIndexByte(term.Path, '.')+1:]
						alias := term.Alias[strings.LastIndexByte(term.Alias, '.')+1:]
						says := func(name string) bool {
							return name != "" && strings.Contains(words, name+" = "+term.Literal(remedy.Set.Value))
						}
						if ok && !says(name) && !says(alias) && !strings.HasPrefix(words, "remove ") {
							t.Errorf("%s of %s: %q does not say %s = %s", entry.ID, dialect, words, name, term.Literal(remedy.Set.Value))
						}
					}
				}
			}
		}
	}
}
