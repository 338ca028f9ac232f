package cli

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	controlspage "github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

var updateAuditors = flag.Bool("update-auditors", false, "write the reports of examples/auditors")

// auditors is the folder of the reports that the guide for auditors reads.
const auditors = "../../examples/auditors/"

// auditedEstate is the estate of examples/auditors on the first day of a month, and the
// command that reports on it.
func auditedEstate(c *cloudy, month time.Month) (args []string) {
	const subscription, group = armtest.DefaultSubscription, "rg-shop"
	c.Version = "0.1.0"
	c.Now = func() time.Time { return time.Date(2026, month, 1, 6, 0, 0, 0, time.UTC) }
	c.fake.PutSubscription(armtest.Subscription{ID: subscription, Name: "shop"})
	logs := map[string]any{"logs": []any{map[string]any{"categoryGroup": "allLogs", "enabled": true}},
		"workspaceId": "/subscriptions/" + subscription + "/resourceGroups/" + group +
			"/providers/Microsoft.OperationalInsights/workspaces/log-shop"}
	orders := armtest.Cache{ResourceGroup: group, Name: "redis-orders", SKU: "Premium P1",
		Properties:    map[string]any{"minimumTlsVersion": "1.2", "publicNetworkAccess": "Disabled", "disableAccessKeyAuthentication": true},
		Configuration: map[string]string{"aad-enabled": "true", "rdb-backup-enabled": "true", "rdb-backup-frequency": "60"},
		Children: map[string]map[string]any{
			"privateEndpointConnections/pe-orders": {},
			"accessPolicyAssignments/shop": {"accessPolicyName": "Data Contributor",
				"objectId": subscription, "objectIdAlias": "shop"},
			"providers/Microsoft.Insights/diagnosticSettings/d": logs,
		}}
	sessions := armtest.Cache{ResourceGroup: group, Name: "redis-sessions", SKU: "Standard C1",
		Properties: map[string]any{"minimumTlsVersion": "1.2"},
		Children:   map[string]map[string]any{"providers/Microsoft.Insights/diagnosticSettings/d": logs}}
	if month == time.September {
		orders.Properties["publicNetworkAccess"] = "Enabled"
	}
	if month >= time.October {
		sessions.Properties["enableNonSslPort"] = true
	}
	c.fake.PutCache(orders)
	c.fake.PutCache(sessions)
	if month < time.November {
		c.fake.PutCache(armtest.Cache{ResourceGroup: group, Name: "redis-legacy", SKU: "Basic C0",
			Properties: map[string]any{"minimumTlsVersion": "1.0"}})
	} else {
		c.fake.PutManagedCache(armtest.ManagedCache{ResourceGroup: group, Name: "redis-carts",
			Properties: map[string]any{"publicNetworkAccess": "Disabled", "minimumTlsVersion": "1.2"},
			Database:   map[string]any{"accessKeysAuthentication": "Disabled"},
			Children: map[string]map[string]any{
				"privateEndpointConnections/pe-carts": {},
				"databases/default/accessPolicyAssignments/shop": {"accessPolicyName": "default",
					"user": map[string]any{"objectId": subscription}},
				"databases/default/providers/Microsoft.Insights/diagnosticSettings/d": logs,
			}})
		args = []string{"--exemptions", "exemptions.yaml"}
	}
	return append(args, "--subscription", subscription)
}

// The reports of the example are those that this program writes.
func TestAuditorsReports(t *testing.T) {
	t.Chdir(auditors)
	for _, month := range []time.Month{time.September, time.October, time.November} {
		c := newCloudy(t, armtest.Options{})
		args := auditedEstate(c, month)
		file := filepath.Join(t.TempDir(), "report.json")
		if code, _, stderr := c.scan(t, append(args, "--format", "json="+file, "--quiet")...); code != exitObjections {
			t.Fatal(code, stderr)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checkReport(t, file, string(got))
		name := "reports/" + c.Now().Format("redis-2006-01-02.json")
		if *updateAuditors {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(name); err != nil || string(want) != string(got) {
			t.Errorf("%s is another one (%v): go test ./internal/cli -run TestAuditors -update-auditors", name, err)
		}
	}
}

// TestAuditorsWorkflow runs the shell parts of the workflow: the report is kept in the
// repository, and the tables are made of it and of those from before.
func TestAuditorsWorkflow(t *testing.T) {
	workflow := decode[struct {
		Name        string
		On          map[string]any
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn string `yaml:"runs-on"`
			Env    map[string]string
			Steps  []struct {
				Name, Uses, Run string
				With            map[string]string
			}
		}
	}](t, auditors+"github-actions.yml")
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("the workflow needs git, which is not here")
	}
	job := workflow.Jobs["audit"]
	for name, fill := range map[string]func(*armtest.Server){
		"an estate":            armtest.Demo,
		"a subscription alone": func(s *armtest.Server) { s.PutSubscription(armtest.Subscription{ID: armtest.DefaultSubscription}) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t, failing)
			fake := armtest.New(armtest.Options{ClientSecret: clientSecret})
			fill(fake)
			endpoint := fake.StartTLS(t)
			r.file("ca.pem", string(endpoint.CA))
			maps.Copy(r.env, map[string]string{
				"SSL_CERT_FILE": r.dir + "/ca.pem", "ARM_ENVIRONMENT": "custom", "ARM_RESOURCE_MANAGER_ENDPOINT": endpoint.URL,
				"ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": endpoint.URL, "ARM_DISABLE_INSTANCE_DISCOVERY": "true", "ARM_TENANT_ID": armtest.DefaultTenant,
				"ARM_CLIENT_ID": "client", "ARM_CLIENT_SECRET": clientSecret, "RUNNER_TEMP": r.dir, "GITHUB_PATH": r.dir + "/path",
			})
			r.file("work/reports/redis-2026-09-01.json", readText(t, auditors+"reports/redis-2026-09-01.json"))
			if code, out := r.shell(nil, `git init --quiet --bare ../origin && git init --quiet && git remote add origin ../origin &&
				git config push.autoSetupRemote true`, "bash", "-e"); code != 0 {
				t.Fatal(out)
			}
			for _, step := range job.Steps {
				if step.Run == "" {
					continue
				}
				if code, out := r.shell(nil, step.Run, "bash", "-e"); code != 0 {
					t.Fatalf("%s: exit code %d\n%s", step.Name, code, out)
				}
			}
			for _, file := range []string{"controls.csv", "controls.html", "controls.json"} {
				if !r.has(file) {
					t.Errorf("no %s", file)
				}
			}
			code, out := r.shell(nil, "git -C ../origin ls-tree -r --name-only HEAD; cat ../path", "bash", "-e")
			kept := regexp.MustCompile(`^reports/redis-2026-09-01.json\nreports/redis-\d{4}-\d\d-\d\d.json\n`)
			if code != 0 || !kept.MatchString(out) {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
}

// The guide explains every column of the CSV, every state and every kind of change.
func TestAuditorsGuide(t *testing.T) {
	a, stdout, stderr := world()
	if code := a.run(t.Context(), []string{"controls", "--format", "csv", auditors + "reports/redis-2026-09-01.json"}); code != 0 {
		t.Fatal(stderr)
	}
	header, _, _ := strings.Cut(stdout.String(), "\n")
	var schema schemaNode
	if err := json.Unmarshal([]byte(controlspage.Schema), &schema); err != nil {
		t.Fatal(err)
	}
	guide := readText(t, "../../docs/guides/auditors.md")
	change, state := schema.Defs["change"], schema.Defs["state"]
	states := schema.resolve(state.Properties["state"])
	for _, word := range slices.Concat(strings.Split(header, ","), states.Enum, change.Properties["change"].Enum) {
		if !strings.Contains(guide, "`"+word+"`") {
			t.Errorf("the guide does not explain %s", word)
		}
	}
}

// schemaNode is what the test below needs of a JSON Schema.
type schemaNode struct {
	Ref        string                `json:"$ref"`
	Type       string                `json:"type"`
	Format     string                `json:"format"`
	Enum       []string              `json:"enum"`
	Items      *schemaNode           `json:"items"`
	Properties map[string]schemaNode `json:"properties"`
	Defs       map[string]schemaNode `json:"$defs"`
}

// resolve follows a reference.
func (s *schemaNode) resolve(n schemaNode) schemaNode {
	if name, ok := strings.CutPrefix(n.Ref, "#/$defs/"); ok {
		return s.Defs[name]
	}
	return n
}

// dashboard is what the test below needs of a dashboard of Grafana.
type dashboard struct {
	Panels []struct {
		Title       string `json:"title"`
		FieldConfig struct {
			Overrides []struct {
				Matcher    struct{ Options string }
				Properties []struct {
					ID    string
					Value json.RawMessage
				}
			} `json:"overrides"`
		} `json:"fieldConfig"`
		Targets []struct {
			RootSelector string `json:"root_selector"`
			Columns      []struct{ Selector, Text, Type string }
		} `json:"targets"`
		Transformations []struct {
			Options struct{ Fields map[string]any }
		} `json:"transformations"`
	} `json:"panels"`
}

// The dashboard selects what is in the JSON of controls: lists and members that the schema
// has, with types that Infinity can read, each with a value in what the example gives.
func TestAuditorsDashboard(t *testing.T) {
	var schema schemaNode
	if err := json.Unmarshal([]byte(controlspage.Schema), &schema); err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal([]byte(readText(t, auditors+"grafana.json")), &d); err != nil {
		t.Fatal(err)
	}
	a, stdout, stderr := world()
	reports, err := filepath.Glob(auditors + "reports/*.json")
	if err != nil || len(reports) != 3 {
		t.Fatal(reports, err)
	}
	if code := a.run(t.Context(), append([]string{"controls", "--format", "json"}, reports...)); code != 0 {
		t.Fatal(stderr)
	}
	schematest.Compile(t, controlspage.Schema).Check(t, "controls", stdout.String())
	var written map[string]any
	if err := json.Unmarshal(stdout.Bytes(), &written); err != nil {
		t.Fatal(err)
	}
	selectors := 0
	for _, panel := range d.Panels {
		texts := map[string]schemaNode{} // members of the elements by the text of their column
		for _, target := range panel.Targets {
			list := schema.Properties[target.RootSelector]
			rows, _ := written[target.RootSelector].([]any)
			if list.Type != "array" || len(rows) == 0 {
				t.Fatalf("%s: no list %s", panel.Title, target.RootSelector)
			}
			element := schema.resolve(*list.Items)
			for _, c := range target.Columns {
				selectors++
				member, ok := element.Properties[c.Selector]
				member = schema.resolve(member)
				want := map[string]string{"integer": "number", "string": "string", "boolean": "boolean"}[member.Type]
				if member.Type == "" && len(member.Enum) > 0 || want == "string" && member.Format == "date-time" && c.Type == "timestamp" {
					want = c.Type
				}
				if !ok || c.Type != want {
					t.Errorf("%s: the schema has no %s %s.%s", panel.Title, c.Type, target.RootSelector, c.Selector)
				}
				has := func(row any) bool {
					members, _ := row.(map[string]any)
					return members[c.Selector] != nil
				}
				if !slices.ContainsFunc(rows, has) {
					t.Errorf("%s: no %s has a %s", panel.Title, target.RootSelector, c.Selector)
				}
				texts[c.Text] = member
			}
		}
		for _, o := range panel.FieldConfig.Overrides {
			for _, p := range o.Properties {
				if p.ID != "mappings" {
					continue
				}
				var mappings []struct{ Options map[string]any }
				if err := json.Unmarshal(p.Value, &mappings); err != nil || len(mappings) != 1 {
					t.Fatal(panel.Title, err)
				}
				want := slices.Sorted(slices.Values(texts[o.Matcher.Options].Enum))
				if got := slices.Sorted(maps.Keys(mappings[0].Options)); !slices.Equal(got, want) {
					t.Errorf("%s: values %q of %s, want %q", panel.Title, got, o.Matcher.Options, want)
				}
			}
		}
		for _, transformation := range panel.Transformations {
			for text := range transformation.Options.Fields {
				if _, ok := texts[text]; !ok {
					t.Errorf("%s: no column %s", panel.Title, text)
				}
			}
		}
	}
	if selectors < 20 {
		t.Errorf("only %d selectors", selectors)
	}
}
