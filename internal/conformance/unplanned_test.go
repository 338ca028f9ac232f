package conformance

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// otherwise are configurations whose plan was made with what the configuration does not
// say, and what that is.
var otherwise = map[string]string{
	"endpoint-count-on-the-command-line": "a variable on the command line",
}

// TestConfigurationAlone judges every configuration of the tests without its plan, and
// holds the verdicts against those on the plan with the configuration. What is decided on
// both sides is the same, and of what the plan decides nine tenths are decided without it.
// Caches that exist already, and plans of a part of the configuration, are left out: there
// the plan knows what the configuration does not.
func TestConfigurationAlone(t *testing.T) {
	decided, alike := 0, 0
	for name, dir := range configurations(t) {
		if otherwise[name] != "" {
			continue
		}
		planned := map[string]report.Cache{}
		for c := range withPlan(t, dir).Caches() {
			if c.After.Change == posture.ChangeCreate {
				planned[c.After.Address] = baseline.Published().Evaluate(c.After, baseline.Options{})
			}
		}
		for c := range withoutPlan(t, dir).Caches() {
			with, ok := planned[c.After.Address]
			if !ok {
				continue
			}
			delete(planned, c.After.Address)
			alone := baseline.Published().Evaluate(c.After, baseline.Options{})
			for i, f := range slices.Concat(with.Features, with.Advisories) {
				g := slices.Concat(alone.Features, alone.Advisories)[i]
				if f.Status == report.Unknown {
					continue
				}
				decided++
				switch g.Status {
				case f.Status:
					alike++
				case report.Unknown:
				default:
					t.Errorf("%s: %s: %s is %s (%s) by the plan and %s (%s) by the configuration alone",
						name, c.After.Address, f.ID, f.Status, f.Message, g.Status, g.Message)
				}
			}
		}
		for address := range planned {
			t.Errorf("%s: %s is not seen in the configuration alone", name, address)
		}
	}
	t.Logf("%d of %d verdicts are decided by the configuration alone", alike, decided)
	if decided < 1000 || alike*10 < decided*9 {
		t.Errorf("%d of %d verdicts are decided by the configuration alone", alike, decided)
	}
}

// configurations are the directories of configurations with a plan, by name.
func configurations(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	plans, err := filepath.Glob("../tfplan/testdata/plans/*/plan.json")
	if err != nil || len(plans) == 0 {
		t.Fatal(err)
	}
	for _, p := range plans {
		out[filepath.Base(filepath.Dir(p))] = filepath.Dir(p)
	}
	tmp := t.TempDir()
	for _, root := range []string{"../tfplan/testdata/links", "testdata/estates"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".txtar") {
				return err
			}
			archive, err := txtar.ParseFile(path)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			name := strings.TrimSuffix(rel, ".txtar")
			out[name] = filepath.Join(tmp, filepath.Base(root), name)
			if err := os.MkdirAll(out[name], 0o755); err != nil {
				return err
			}
			return txtar.Write(archive, out[name])
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func configurationIn(t *testing.T, dir string) *tfconfig.Configuration {
	t.Helper()
	c, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func withPlan(t *testing.T, dir string) *tfplan.Plan {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := tfplan.Read(t.Context(), f, tfplan.Options{Configuration: configurationIn(t, dir)})
	if err != nil {
		t.Fatal(dir, err)
	}
	return p
}

func withoutPlan(t *testing.T, dir string) *tfplan.Plan {
	t.Helper()
	c, err := configurationIn(t, dir).As(tfconfig.Terraform)
	if err != nil {
		t.Fatal(dir, err)
	}
	values, _, err := c.Variables(tfconfig.VariableSources{Dir: dir})
	if err != nil {
		t.Fatal(dir, err)
	}
	p, err := tfplan.ReadUnplanned(context.Background(), c, tfplan.UnplannedOptions{Variables: values})
	if err != nil {
		t.Fatal(dir, err)
	}
	return p
}

var versionLine = regexp.MustCompile(`(?m)^\s*version\s*=.*$`)

// TestProviderVersionUnknown judges every configuration of the tests without the version of
// azurerm. What is decided then holds under each version that takes the configuration.
func TestProviderVersionUnknown(t *testing.T) {
	locks := map[string]providerschema.Version{"3.110.0": {Major: 3, Minor: 110}, "3.117.1": {Major: 3, Minor: 117},
		"4.49.0": {Major: 4, Minor: 49}, "4.81.0": {Major: 4, Minor: 81}, "5.2.0": {Major: 5, Minor: 2}}
	all, schemas := providerschema.Common(providerschema.Newest), map[string]map[string]*providerschema.Resource{}
	for version, known := range locks {
		schemas[version] = providerschema.Azurerm(known)
	}
	decided := 0
	for name, dir := range configurations(t) {
		open := t.TempDir()
		if err := os.CopyFS(open, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(open, "*.tf"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f, versionLine.ReplaceAll(text, nil), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		alone := verdicts(withoutPlan(t, open))
		lockAzurerm(t, open, "6.0.0")
		for key, f := range verdicts(withoutPlan(t, open)) {
			if f.Status != report.Unknown && alone[key].Status != f.Status {
				t.Errorf("%s: %s is %s (%s) under azurerm 6 and %s under those that are known", name, key, f.Status, f.Message, alone[key].Status)
			}
		}
		for version, have := range schemas {
			lockAzurerm(t, open, version)
			if lacks(have, all, configurationIn(t, open)) {
				continue
			}
			for key, with := range verdicts(withoutPlan(t, open)) {
				without := alone[key]
				if without.Status == report.Unknown {
					continue
				}
				decided++
				if with.Status != without.Status {
					t.Errorf("%s: %s is %s (%s) under azurerm %s and %s (%s) under an unknown version",
						name, key, with.Status, with.Message, version, without.Status, without.Message)
				}
			}
		}
	}
	if decided < 20000 {
		t.Errorf("%d verdicts are decided without the version", decided)
	}
}

// lockAzurerm writes a lock file of a version of azurerm.
func lockAzurerm(t *testing.T, dir, version string) {
	t.Helper()
	lock := "provider \"registry.terraform.io/hashicorp/azurerm\" {\n  version = \"" + version + "\"\n}\n"
	if err := os.WriteFile(filepath.Join(dir, ".terraform.lock.hcl"), []byte(lock), 0o600); err != nil {
		t.Fatal(err)
	}
}

// lacks reports whether a version of azurerm, which has some of all types, refuses a configuration.
func lacks(have, all map[string]*providerschema.Resource, c *tfconfig.Configuration) bool {
	for name := range all {
		if have[name] == nil && c.HasType(name) {
			return true
		}
	}
	return len(c.Refused(have)) > 0
}

// verdicts are the verdicts on a plan by address and rule.
func verdicts(p *tfplan.Plan) map[string]report.Finding {
	out := map[string]report.Finding{}
	for c := range p.Caches() {
		judged := baseline.Published().Evaluate(c.After, baseline.Options{})
		for _, f := range slices.Concat(judged.Features, judged.Advisories) {
			out[c.After.Address+" "+f.ID] = f
		}
	}
	return out
}
