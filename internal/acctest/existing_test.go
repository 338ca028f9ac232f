package acctest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

const legacyID = "/subscriptions/" + armtest.DefaultSubscription + "/resourceGroups/rg-demo/providers/Microsoft.Cache/redis/redis-legacy"

func existing(id, more string) string {
	return fmt.Sprintf("data \"redisbaseline_evaluation\" \"legacy\" {\n  resource_id = %q\n  advisories  = false\n  %s\n}\n", id, more)
}

const fleet = `
data "redisbaseline_fleet" "all" {
  subscription_ids = ["` + armtest.DefaultSubscription + `"]
  advisories       = false
}
`

func TestAccExistingCache(t *testing.T) {
	needTerraform(t)
	t.Parallel()
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	const name = "data.redisbaseline_evaluation.legacy"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: inProcess(fake, endpoint),
		Steps: []resource.TestStep{{
			Config: existing(legacyID, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(name, tfjsonpath.New("compliant"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("features"), knownvalue.ListSizeExact(25)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("features").AtSliceIndex(3).AtMapKey("status"),
					knownvalue.StringExact("non_compliant")),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("report_json"), knownvalue.StringRegexp(regexp.MustCompile(`"kind":\s*"existing"`))),
			},
		}, {
			Config:   existing(strings.ToUpper(legacyID), ""), // any casing
			PlanOnly: true,
		}, {
			Config:      existing(legacyID, `effect = "Deny"`),
			ExpectError: regexp.MustCompile(`NS-2 Disable Public Network Access: redis-legacy is reachable`),
		}, {
			Config:      existing(strings.Replace(legacyID, "redis/", "other/", 1), ""),
			ExpectError: regexp.MustCompile(`(?s)resource_id is not the id of a cache.*Microsoft.Cache/other`),
		}, {
			PreConfig:   func() { fake.Remove(legacyID) },
			Config:      existing(legacyID, ""),
			ExpectError: regexp.MustCompile(`redis-legacy does not exist`),
		}},
	})
}

func TestAccFleet(t *testing.T) {
	needTerraform(t)
	t.Parallel()
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	const name = "data.redisbaseline_fleet.all"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: inProcess(fake, endpoint),
		Steps: []resource.TestStep{{
			Config: fleet,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(name, tfjsonpath.New("compliant"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("partial"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("caches"), knownvalue.ListSizeExact(4)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("feature_totals"), knownvalue.ListSizeExact(25)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("summary").AtMapKey("caches"), knownvalue.Int64Exact(4)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("unseen"), knownvalue.ListExact(nil)),
			},
		}, {
			Config:      strings.Replace(fleet, `["`+armtest.DefaultSubscription+`"]`, "[]", 1),
			ExpectError: regexp.MustCompile(`must contain at least 1`),
		}, {
			Config:      strings.Replace(fleet, "advisories ", "effect = \"Deny\"\n advisories ", 1),
			ExpectError: regexp.MustCompile(`NS-2 Disable Public Network Access: 2 of 4 caches violate it`),
		}},
	})
}

// The provider runs in a process of its own, with settings from the environment, a real
// credential and TLS.
func TestExistingOutOfProcess(t *testing.T) {
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	w := newWorkspace(t, azurermtest.V5, existing(legacyID, "")+fleet+`
resource "terraform_data" "follow" {
  input = data.redisbaseline_evaluation.legacy.compliant
}
output "report" { value = data.redisbaseline_evaluation.legacy.report_json }
output "fleet" { value = data.redisbaseline_fleet.all }
`)
	log := filepath.Join(t.TempDir(), "trace.log")
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	w.env = append(w.env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)

	diags, ok := w.plan()
	if !ok {
		t.Fatalf("plan failed: %v", diags)
	}
	got := lines(diags)
	for _, want := range []string{
		"warning data.redisbaseline_evaluation.legacy: NS-2 Disable Public Network Access: redis-legacy is reachable from the internet",
		"warning data.redisbaseline_evaluation.legacy: DP-3 Data in Transit Encryption: redis-legacy accepts connections without TLS",
		"warning data.redisbaseline_fleet.all: NS-2 Disable Public Network Access: 2 of 4 caches violate it, redis-legacy first",
	} {
		if !slices.ContainsFunc(got, func(l string) bool { return strings.HasPrefix(l, want) }) {
			t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	output := w.must("apply", "-auto-approve", "-no-color")
	output += w.must("plan", "-no-color", "-out=plan.bin")
	output += w.must("show", "-json", "plan.bin")
	state, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(state), "redis-legacy") {
		t.Fatal("the state does not hold the report")
	}
	output += w.must("destroy", "-auto-approve", "-no-color")
	if !strings.Contains(output, "Destroy complete!") {
		t.Errorf("violations of an existing cache must not stop a destroy:\n%s", output)
	}
	traced, err := os.ReadFile(log) //nolint:gosec // written above
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"output": output, "state": string(state), "log": string(traced)} {
		if at := strings.Index(text, "CANARY"); at >= 0 {
			t.Errorf("%s holds a secret: %s", name, text[max(0, at-200):at])
		}
	}
	if fake.Count(armtest.KindToken, "") == 0 {
		t.Error("nobody signed in")
	}
	for _, r := range fake.Requests() {
		if r.Kind == armtest.KindRead && !strings.Contains(r.UserAgent, "terraform-provider-redisbaseline/test Terraform/") {
			t.Fatalf("user agent %q", r.UserAgent)
		}
	}
}

// Arguments of the provider block override the environment.
func TestConfiguredConnection(t *testing.T) {
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	w := newWorkspace(t, azurermtest.V5, fmt.Sprintf(`
variable "secret" {
  type      = string
  sensitive = true
}
provider "redisbaseline" {
  environment                     = "custom"
  resource_manager_endpoint       = %[1]q
  active_directory_authority_host = "%[1]s/"
  disable_instance_discovery      = true
  tenant_id                       = %[2]q
  client_id                       = "fake"
  client_secret                   = var.secret
  use_cli                         = false
}
`, endpoint.URL, armtest.DefaultTenant)+existing(legacyID, ""))
	w.env = append(w.env, cloudEnv(t, endpoint)[0], "ARM_ENVIRONMENT=moon", "ARM_CLIENT_SECRET=wrong", "TF_VAR_secret="+clientSecret)
	diags, ok := w.plan()
	if !ok || len(diags) == 0 {
		t.Fatalf("got %v", diags)
	}
	w.env = append(w.env, "TF_VAR_secret=hunter2")
	diags, ok = w.plan()
	if ok || len(diags) != 1 || !strings.Contains(diags[0].Detail, "client secret") || strings.Contains(diags[0].Detail, "hunter2") {
		t.Errorf("got %v", diags)
	}
}

// A client secret that is known after apply is an error for data sources that read Azure,
// and for nothing else.
func TestUnknownConnection(t *testing.T) {
	unknown := cacheOf("orders", "") + cacheOf("secret", "") + `
provider "redisbaseline" {
  client_secret = azurerm_redis_cache.secret.primary_access_key
}
` + evaluation
	w := newWorkspace(t, azurermtest.V5, unknown)
	assertPlan(t, w, true, "warning data.redisbaseline_evaluation.orders: "+isPublic)
	w.write("main.tf", header+unknown+existing(legacyID, ""))
	diags, ok := w.plan()
	if ok || !slices.ContainsFunc(diags, func(d diagnostic) bool {
		return d.Severity == "error" && d.Address == "data.redisbaseline_evaluation.legacy" &&
			strings.Contains(d.Summary, "client_secret is not known")
	}) {
		t.Errorf("got %v", lines(diags))
	}
}

// With an identity without a role there are warnings, no feature is compliant, and a
// destroy succeeds.
func TestForbiddenOutOfProcess(t *testing.T) {
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	fake.Deny(regexp.MustCompile("."), "")
	w := newWorkspace(t, azurermtest.V5, existing(legacyID, `effect = "Deny"`)+fleet+`
output "compliant" { value = data.redisbaseline_evaluation.legacy.compliant == null && data.redisbaseline_fleet.all.compliant == null }
`)
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	diags, ok := w.plan()
	got := lines(diags)
	sort.Strings(got)
	if diff := cmp.Diff([]string{
		"warning data.redisbaseline_evaluation.legacy: redis-legacy could not be judged wholly: the identity lacks rights",
		"warning data.redisbaseline_fleet.all: the fleet is not complete: subscription " + armtest.DefaultSubscription + " could not be seen",
	}, got); diff != "" || !ok {
		t.Errorf("plan succeeded: %v\n%s", ok, diff)
	}
	for _, d := range diags {
		if !strings.Contains(d.Detail, "role Reader") {
			t.Errorf("%s does not name the role: %s", d.Summary, d.Detail)
		}
	}
	if out := w.must("apply", "-auto-approve", "-no-color"); !strings.Contains(out, "compliant = true") {
		t.Errorf("what cannot be read is not null:\n%s", out)
	}
	w.must("destroy", "-auto-approve", "-no-color")
}

// A data source that denies also stops a destroy, as the documentation says.
func TestDestroyWhileDenyingAnExistingCache(t *testing.T) {
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	w := newWorkspace(t, azurermtest.V5, existing(legacyID, "")+"resource \"terraform_data\" \"a\" {}\n")
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	w.must("apply", "-auto-approve", "-no-color")
	w.write("main.tf", header+existing(legacyID, `effect = "Deny"`)+"resource \"terraform_data\" \"a\" {}\n")
	if out, ok := w.run("destroy", "-auto-approve", "-no-color"); ok {
		t.Errorf("the documentation says that this fails:\n%s", out)
	}
	w.must("destroy", "-auto-approve", "-no-color", "-refresh=false")
}

// Diagnostics of a fleet, which has no attribute for them, have the address of its block.
func TestFleetDiagnosticsHaveAPlace(t *testing.T) {
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	w := newWorkspace(t, azurermtest.V5, "data \"redisbaseline_fleet\" \"all\" {\n  advisories = false\n}\n")
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	out := w.must("plan", "-no-color")
	if warnings, places := strings.Count(out, "Warning: ")-1,
		strings.Count(out, "in data \"redisbaseline_fleet\" \"all\":"); warnings < 3 || places != warnings {
		t.Errorf("%d warnings, %d places:\n%s", warnings, places, out)
	}
}

// A thousand caches have one diagnostic for each rule.
func TestThousandCaches(t *testing.T) {
	fake, endpoint := newAzure(t)
	fake.PutFleet(armtest.Fleet{Subscriptions: 40, Caches: 1000})
	w := newWorkspace(t, azurermtest.V5, "data \"redisbaseline_fleet\" \"all\" {\n  report = false\n}\n")
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	diags, ok := w.plan()
	if !ok {
		t.Fatalf("plan failed: %v", diags)
	}
	rules := map[string]bool{}
	for _, d := range diags {
		rule := regexp.MustCompile(`(?m)^  Rule: +(.*)$`).FindStringSubmatch(d.Detail)
		if rule == nil || rules[rule[1]] || !strings.Contains(d.Summary, "1000 of 1000 caches") || !strings.Contains(d.Detail, "and 990 more") {
			t.Fatalf("%s\n%s", d.Summary, d.Detail)
		}
		rules[rule[1]] = true
	}
	if !rules["NS-2/disable-public-network-access"] || len(rules) > 10 {
		t.Errorf("got %v", rules)
	}
}

// An Azure that fails is one error with the reason, never a pass.
func TestAzureBroken(t *testing.T) {
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	fake.Inject(armtest.Fault{Method: http.MethodGet, Path: regexp.MustCompile("^/subscriptions"), Body: []byte("<html>proxy</html>"),
		Times: -1})
	w := newWorkspace(t, azurermtest.V5, existing(legacyID, "")+fleet)
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	diags, ok := w.plan()
	got := lines(diags)
	sort.Strings(got)
	if diff := cmp.Diff([]string{
		"error data.redisbaseline_evaluation.legacy: redis-legacy could not be read",
		"error data.redisbaseline_fleet.all: the caches could not be read",
	}, got); diff != "" || ok {
		t.Errorf("plan succeeded: %v\n%s", ok, diff)
	}
	for _, d := range diags {
		if !strings.Contains(d.Detail, "HTML; a proxy may stand in between") {
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
}
