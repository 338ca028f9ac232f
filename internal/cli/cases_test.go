package cli

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// verdictCase is an input of testdata/cases and what check says of it.
type verdictCase struct {
	name string
	file string   // below testdata/cases
	args []string // besides the file
	code int
	// want is what is said of rules, each as "ADDRESS RULE: STATUS [REASON]";
	// what follows " | " stands in the message.
	want []string
	// notes stand in the notes of the report.
	notes []string
}

// TestCases holds verdicts on plans that once were judged wrongly. What is
// wanted was written down from the rules of the guide, not from the output.
func TestCases(t *testing.T) {
	for _, c := range verdictCases {
		t.Run(c.name, func(t *testing.T) {
			a, stdout, stderr := world()
			args := append([]string{"check", "--format", "json"}, c.args...)
			code := a.run(context.Background(), append(args, filepath.Join("testdata/cases", c.file)))
			if code != c.code {
				t.Errorf("exit code %d, want %d: %s", code, c.code, stderr)
			}
			got := findingsOf(t, stdout.Bytes())
			for _, line := range c.want {
				want, says, _ := strings.Cut(line, " | ")
				rule, status, _ := strings.Cut(want, ": ")
				if f, ok := got.findings[rule]; !ok {
					t.Errorf("nothing is said of %s", rule)
				} else if f.status != status || !strings.Contains(f.message, says) {
					t.Errorf("%s: %s (%s), want %s (%s)", rule, f.status, f.message, status, says)
				}
			}
			for _, note := range c.notes {
				if !strings.Contains(got.notes, note) {
					t.Errorf("no note says %q:\n%s", note, got.notes)
				}
			}
		})
	}
}

// TestUnjudgedInEveryFormat: a Redis resource that is not judged is named in
// every format, and a plan with nothing else does not pass --strict in silence.
func TestUnjudgedInEveryFormat(t *testing.T) {
	for _, format := range report.Formats() {
		for _, c := range []struct {
			plan, address string
			args          []string
			code          int
		}{
			{"managed-redis-hardened", "azurerm_managed_redis.a", nil, exitOK},
			{"managed-redis-hardened", "azurerm_managed_redis.a", []string{"--strict"}, exitObjections},
			{"managed-redis-hardened", "azurerm_managed_redis.a", []string{"--strict", "--enforce", "none"}, exitOK},
			{"mixed-estate", "azurerm_managed_redis.new", []string{"--enforce", "none"}, exitOK},
		} {
			a, stdout, stderr := world()
			a.Documents = a.Documents[:1] // none for Azure Managed Redis
			args := append([]string{"check", "--format", format}, c.args...)
			code := a.run(context.Background(), append(args, filepath.Join(realPlans, c.plan, "plan.json")))
			if code != c.code || !strings.Contains(strings.ReplaceAll(stdout.String(), `\`, ""), c.address) {
				t.Errorf("%s %v of %s: exit code %d, want %d and %s: %s%s", format, c.args, c.plan, code, c.code, c.address, stdout, stderr)
			}
		}
	}
}

// TestUnjudgedInJSON: programs find them as data.
func TestUnjudgedInJSON(t *testing.T) {
	a, stdout, _ := world()
	a.Documents = a.Documents[:1]
	a.run(context.Background(), []string{"check", "--format", "json", "--enforce", "none",
		filepath.Join(realPlans, "mixed-estate", "plan.json")})
	var got report.Report
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	checkReport(t, "check", stdout.String())
	want := []report.Unjudged{{Address: "azurerm_managed_redis.new", Type: "Microsoft.Cache/redisEnterprise",
		Why: "no baseline is known for it"}}
	if !slices.Equal(got.Unjudged, want) || got.Summary.Unjudged != 1 {
		t.Errorf("%+v, %d of them", got.Unjudged, got.Summary.Unjudged)
	}
}

const realPlans = "../tfplan/testdata/plans"

// said is what a JSON report says.
type said struct {
	findings map[string]struct{ status, message string } // by address and rule
	notes    string
}

func findingsOf(t *testing.T, raw []byte) said {
	t.Helper()
	out := said{findings: map[string]struct{ status, message string }{}}
	if len(raw) == 0 {
		return out
	}
	var r struct {
		Caches []report.Cache `json:"caches"`
		Notes  []string       `json:"notes"`
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	checkReport(t, "check", string(raw))
	out.notes = strings.Join(r.Notes, "\n")
	for _, c := range r.Caches {
		out.notes += "\n" + strings.Join(c.Notes, "\n")
		for _, f := range append(c.Features, c.Advisories...) {
			status := string(f.Status)
			if f.Reason != nil {
				status += " " + *f.Reason
			}
			out.findings[*c.Address+" "+f.ID] = struct{ status, message string }{status, f.Message}
		}
	}
	return out
}

const (
	nsgRule    = "NS-1/network-security-group-support"
	linkRule   = "NS-2/azure-private-link"
	openRule   = "NS-2/disable-public-network-access"
	keysRule   = "advisory/keys-in-state"
	policyRule = "AM-2/azure-policy-support"
	logsRule   = "LT-4/azure-resource-logs"
	tlsRule    = "DP-3/data-in-transit-encryption"
)

// config is the configuration in a folder of testdata/cases.
func config(dir string) []string { return []string{"--config", filepath.Join("testdata/cases", dir)} }

var verdictCases = []verdictCase{
	{"an endpoint that another service makes waits for approval", "managed-endpoint/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.test " + linkRule + ": unknown pending_approval",
			"azurerm_redis_cache.test advisory/private-dns-zone: unknown not_observed"}, nil},
	{"a patch schedule made by azapi", "azapi-patch-schedule/plan.json", nil, exitObjections,
		[]string{"azapi_resource.a advisory/patch-schedule: compliant", "azapi_resource.b advisory/patch-schedule: non_compliant"}, nil},
	{"a harmless access policy of some cache", "assignment-name-known/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.test advisory/least-privilege-access-policy: compliant"}, nil},
	{"a deny narrowed by a source port keeps nobody out", "nsg-srcport.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.a " + nsgRule + ": non_compliant | rule \"r\" of the network security group"}, nil},
	{"planned values hold a cache that no change is of", "malformed-rc-missing.json", nil, exitInput, nil, nil},
	// Without the configuration, an expression that refers to more than a key may choose.
	{"a consumer with count 0", "keys-count-zero/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.a " + keysRule + ": unknown not_observed"}, nil},
	{"a consumer with count 0, configuration", "keys-count-zero/plan.json", config("keys-count-zero"), exitObjections,
		[]string{"azurerm_redis_cache.a " + keysRule + ": compliant"}, nil},
	{"an output that is null", "keys-null-output/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.a " + keysRule + ": unknown not_observed"}, nil},
	{"an output that is null, configuration", "keys-null-output/plan.json", config("keys-null-output"), exitObjections,
		[]string{"azurerm_redis_cache.a " + keysRule + ": compliant"}, nil},
	{"a branch that is not taken", "keys-other-branch/plan.json", nil, exitObjections, []string{
		"azurerm_redis_cache.prod " + keysRule + ": unknown unresolved_reference",
		"azurerm_redis_cache.dev " + keysRule + ": unknown unresolved_reference",
	}, nil},
	{"a branch that is not taken, configuration", "keys-other-branch/plan.json", config("keys-other-branch"), exitObjections, []string{
		"azurerm_redis_cache.prod " + keysRule + ": non_compliant | output.key", "azurerm_redis_cache.dev " + keysRule + ": compliant",
	}, nil},
	{"a key through a map and for_each", "keys-through-map/plan.json", config("keys-through-map"), exitObjections, []string{
		"azurerm_redis_cache.c " + keysRule + `: non_compliant | azurerm_key_vault_secret.s["key"]`,
	}, nil},
	{"a whole cache in an output", "whole-cache-output/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.test " + keysRule + ": non_compliant | output.cache"}, nil},
	{"a whole cache in an output, configuration", "whole-cache-output/plan.json", config("whole-cache-output"), exitObjections,
		[]string{"azurerm_redis_cache.test " + keysRule + ": non_compliant | output.cache"}, nil},
	{"a whole cache through a module", "whole-cache-output/through-a-module/plan.json", nil, exitObjections,
		[]string{"module.a.azurerm_redis_cache.this " + keysRule + ": non_compliant | output.cache"}, nil},
	{"a whole cache through a module, configuration", "whole-cache-output/through-a-module/plan.json",
		config("whole-cache-output/through-a-module"), exitObjections,
		[]string{"module.a.azurerm_redis_cache.this " + keysRule + ": non_compliant | output.cache"}, nil},
	{"a plan of Terraform, beside a file of OpenTofu", "tofu/plan.json", config("tofu"), exitObjections, []string{
		"azurerm_redis_cache.a " + linkRule + ": non_compliant", "azurerm_redis_cache.b " + linkRule + ": compliant",
	}, nil},
	// The replaced id is the other cache's, all parts of which the configuration tells.
	{"an id that is made by a text function", "link-by-text/plan.json", config("link-by-text"), exitObjections,
		[]string{"azurerm_redis_cache.primary " + linkRule + ": non_compliant",
			"azurerm_redis_cache.secondary " + linkRule + ": compliant"}, nil},
	{"a Redis version that is left out", "version-azurerm3/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.example advisory/redis-version: unknown known_after_apply"}, nil},
	{"a Redis version that is left out, configuration", "version-azurerm3/plan.json", config("version-azurerm3"), exitObjections,
		[]string{"azurerm_redis_cache.example advisory/redis-version: compliant"}, nil},
	{"one of two definitions of an initiative is off", "mcsb-one-parameter-off/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.half " + policyRule + ": compliant"}, nil},
	{"a cache without firewall rules is open to everybody", "no-firewall-rules/plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.none advisory/firewall-rules: non_compliant",
			"azurerm_redis_cache.narrow advisory/firewall-rules: non_compliant"}, nil},
	{"private ranges are let in or not", "firewall-undecided/plan.json", nil, exitObjections,
		[]string{`azurerm_redis_cache.c["one"] advisory/firewall-rules: compliant`}, nil},
	{"zones that stand in the plan decide", "scan-zones-known/existing-azurerm-plan.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.one advisory/zone-redundancy: non_compliant",
			"azurerm_redis_cache.three advisory/zone-redundancy: compliant"}, nil},
	{"a forgotten cache stays in Azure as it was", "forgotten-cache.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.a " + tlsRule + ": non_compliant"}, []string{"it stays in Azure and was judged by what it was"}},
	{"a forgotten endpoint and setting stay in Azure", "forgotten-companion/plan.json",
		[]string{"--config", "testdata/cases/forgotten-companion"}, exitObjections,
		[]string{"azurerm_redis_cache.test " + linkRule + ": compliant", "azurerm_redis_cache.test " + logsRule + ": compliant"}, nil},
	{"an update without changes is not applied again", "upd-noop.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.a " + tlsRule + ": non_compliant", "azurerm_redis_cache.a " + openRule + ": non_compliant"}, nil},
	{"an action of JSON alone may write to any cache", "action.json", nil, exitOK,
		[]string{"azurerm_redis_cache.orders " + tlsRule + ": unknown known_after_apply | action.azapi_resource_action.open may send PATCH",
			"azurerm_redis_cache.orders " + openRule + ": unknown known_after_apply | action.azapi_resource_action.open",
			"azurerm_redis_cache.orders LT-4/azure-resource-logs: compliant", "azurerm_redis_cache.orders " + linkRule + ": compliant"}, nil},
	{"an unknown fact fails --strict, whoever makes it so", "action.json", []string{"--strict"}, exitObjections, nil, nil},
	{"an action that runs when it is destroyed", "action-when-destroy.json", nil, exitOK,
		[]string{"azurerm_redis_cache.a " + tlsRule + ": unknown known_after_apply | azapi_resource_action.open sends PATCH",
			"azurerm_redis_cache.a " + openRule + ": compliant"}, nil},
	{"a real plan with an action, JSON alone", filepath.Join("../..", realPlans, "actions-open/plan.json"), nil, exitObjections,
		[]string{"azurerm_redis_cache.orders " + tlsRule + ": unknown known_after_apply | --config would settle it",
			"azurerm_redis_cache.quiet " + tlsRule + ": unknown known_after_apply"}, nil},
	{"a real plan with an action, and its configuration", filepath.Join("../..", realPlans, "actions-open/plan.json"),
		[]string{"--config", filepath.Join(realPlans, "actions-open")}, exitObjections,
		[]string{"azurerm_redis_cache.orders " + tlsRule + ": unknown known_after_apply | action.azapi_resource_action.open sends PATCH",
			"azurerm_redis_cache.orders " + openRule + ": unknown known_after_apply",
			"azurerm_redis_cache.quiet " + tlsRule + ": compliant", "azurerm_redis_cache.quiet " + openRule + ": compliant"}, nil},
	{"a real plan with an action, saved", filepath.Join("../..", realPlans, "actions-open/plan.json"),
		[]string{"--config", filepath.Join(realPlans, "actions-open/plan.tfplan")}, exitObjections,
		[]string{"azurerm_redis_cache.orders " + tlsRule + ": unknown known_after_apply", "azurerm_redis_cache.quiet " + tlsRule + ": compliant"},
		nil},
	{"an action that changes nothing that is judged", filepath.Join("../..", realPlans, "actions-harmless/plan.json"), nil, exitObjections,
		[]string{"azurerm_redis_cache.mail " + tlsRule + ": compliant", "azurerm_redis_cache.mail " + openRule + ": compliant"}, nil},
	{"an action by -invoke on a cache that no plan holds", "action-invoked.json", nil, exitOK, nil,
		[]string{"action.azapi_resource_action.open (Microsoft.Cache/redis) is not judged: it writes to a cache that this plan does not hold"}},
	{"and it fails --strict", "action-invoked.json", []string{"--strict"}, exitObjections, nil, nil},
	{"a template that contains the cache", "template.json", nil, exitOK,
		[]string{"azurerm_redis_cache.a " + tlsRule +
			": unknown known_after_apply | azurerm_resource_group_template_deployment.t deploys a template that contains this cache"}, nil},
	{"a template that makes a cache that nobody judges", "template-only.json", nil, exitOK, nil,
		[]string{`azurerm_resource_group_template_deployment.t (Microsoft.Cache/redis) is not judged: its template makes "redis-a"`}},
	{"and it fails --strict too", "template-only.json", []string{"--strict"}, exitObjections, nil, nil},
	{"an endpoint stays while its cache is replaced", "endpoint-left-behind.json", nil, exitObjections,
		[]string{"azurerm_redis_cache.a " + linkRule + ": unknown known_after_apply | azurerm_private_endpoint.e"}, nil},
}
