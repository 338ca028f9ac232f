package tfplan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// sources are the two ways to give a plan its configuration.
func sources(t *testing.T, dir string) map[string]*tfconfig.Configuration {
	t.Helper()
	folder, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := tfconfig.LoadPlanFile(filepath.Join(dir, "plan.tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*tfconfig.Configuration{"directory": folder, "saved plan": saved}
}

func readPlan(t *testing.T, dir string, config *tfconfig.Configuration) *tfplan.Plan {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := tfplan.Read(t.Context(), f, tfplan.Options{Configuration: config})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestRealPlansWithConfiguration: what the configuration must settle in plans
// that the real azurerm made.
func TestRealPlansWithConfiguration(t *testing.T) {
	for plan, want := range map[string]map[string]string{
		"for-each-caches": {
			`azurerm_redis_cache.regional["eu"]`: "endpoint regional[\"eu\"], 1 settings",
			`azurerm_redis_cache.regional["us"]`: "endpoint regional[\"us\"], 1 settings",
			`azurerm_redis_cache.regional["ap"]`: "endpoint none, 1 settings",
		},
		"locals-and-dynamic": {"azurerm_redis_cache.profile": "endpoint profile, 0 settings"},
	} {
		dir := filepath.Join("testdata/plans", plan)
		for way, config := range sources(t, dir) {
			t.Run(plan+" by "+way, func(t *testing.T) {
				got := map[string]string{}
				for planned := range readPlan(t, dir, config).Caches() {
					c := planned.After
					text := "none"
					for _, e := range c.PrivateEndpoints.Items {
						text = strings.TrimPrefix(e.Address, "azurerm_private_endpoint.")
					}
					if n := len(c.PrivateEndpoints.Doubts) + len(c.DiagnosticSettings.Doubts); n > 0 || !c.PrivateEndpoints.Observed {
						text += " in doubt"
					}
					got[c.Address] = "endpoint " + text + ", " + string(rune('0'+len(c.DiagnosticSettings.Items))) + " settings"
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestConfigurationOnlySettles: the configuration never takes back what plan
// JSON alone decides, but where want.txt allows it or says that JSON is blind (an id
// that is made of text), and no plan reads differently from directory and saved plan.
func TestConfigurationOnlySettles(t *testing.T) {
	plans, err := filepath.Glob("testdata/plans/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range plans {
		t.Run(filepath.Base(dir), func(t *testing.T) { onlySettles(t, dir, wanted{}) })
	}
	for _, name := range linkCases(t) {
		t.Run(name, func(t *testing.T) {
			dir := unpack(t, name)
			onlySettles(t, dir, readWant(t, dir))
		})
	}
}

func onlySettles(t *testing.T, dir string, want wanted) {
	ways := sources(t, dir)
	if diff := cmp.Diff(dump(readPlan(t, dir, ways["directory"])), dump(readPlan(t, dir, ways["saved plan"]))); diff != "" {
		t.Errorf("directory and saved plan differ:\n%s", diff)
	}
	alone := map[string]map[string]posture.Tri{}
	for planned := range readPlan(t, dir, nil).Caches() {
		alone[planned.After.Address] = answers(planned.After)
	}
	for planned := range readPlan(t, dir, ways["directory"]).Caches() {
		with, blind := answers(planned.After), map[string]bool{}
		if of := want[planned.After.Address]; of != nil {
			blind = of.blind
		}
		for link, answer := range alone[planned.After.Address] {
			if got := with[link]; answer == posture.True && got != posture.True && !blind[link] &&
				!want.allows(planned.After.Address, source, link) {
				t.Errorf("%s: %s was linked, and is not with the configuration", planned.After.Address, link)
			}
		}
		for link, answer := range with {
			if _, ok := alone[planned.After.Address][link]; !ok && answer == posture.True && !blind[link] && !strings.HasPrefix(link, "rule ") {
				t.Errorf("%s: %s was excluded, and is linked with the configuration", planned.After.Address, link)
			}
		}
	}
}
