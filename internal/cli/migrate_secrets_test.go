package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
)

// migrateEverything are the arguments of migrate that write all formats, and the new
// caches in a dialect, into a directory.
func migrateEverything(dir, dialect string) []string {
	args := []string{"migrate", "--verbose", "--waves=2", "--order-tag=env=dev", "--dialect", dialect, "--write", filepath.Join(dir, dialect)}
	for _, format := range page.Formats() {
		args = append(args, "--format", format+"="+filepath.Join(dir, "report."+format))
	}
	return args
}

// wantNoCanary fails for a canary in a text or in any file below a directory; it returns the
// number of files.
func wantNoCanary(t *testing.T, what, dir string, texts ...string) (files int) {
	t.Helper()
	look := func(where string, text []byte) {
		if i := bytes.Index(text, []byte("CANARY")); i >= 0 {
			t.Fatalf("%s: %s shows a secret: …%s…", what, where, text[max(0, i-120):min(len(text), i+60)])
		}
	}
	for _, text := range texts {
		look("the terminal", []byte(text))
	}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		look(filepath.Base(path), text)
		files++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// plantStrings adds canaries to every object of an answer, and replaces values that have
// to be of an enumeration.
func plantStrings(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"maxmemory-policy", "notify-keyspace-events", "rdb-storage-connection-string", "evictionPolicy",
			"updateChannel", "provisioningState", "hostName", "linkedRedisCacheLocation", "displayName", "objectIdAlias", "staticIP",
			"clusteringPolicy",
			"clientProtocol", "rdbFrequency"} {
			if _, ok := v[name].(string); ok {
				v[name] = "CANARY-" + name
			}
		}
		for _, inner := range v {
			plantStrings(inner)
		}
		for _, name := range []string{"primaryKey", "connectionString", "password", "sasToken", "description", "args"} {
			v[name] = "CANARY-" + name
		}
	case []any:
		for _, inner := range v {
			plantStrings(inner)
		}
	}
}

// TestNoSecretOfAzureLeavesMigrate: what Azure Resource Manager answers beside the facts
// that are asked for is in no report and no file.
func TestNoSecretOfAzureLeavesMigrate(t *testing.T) {
	t.Setenv("TF_LOG", "TRACE")
	for _, dialect := range choices["dialect"] {
		c := newCloudy(t, armtest.Options{})
		armtest.Demo(c.fake)
		armtest.DemoManaged(c.fake)
		armtest.DemoEstate(c.fake)
		changed := 0
		for _, typ := range []string{"Microsoft.Cache/redis", "Microsoft.Cache/redis/firewallRules",
			"Microsoft.Cache/redis/accessPolicyAssignments", "Microsoft.Cache/redis/linkedServers", "Microsoft.Cache/redis/patchSchedules",
			"Microsoft.Cache/redis/privateEndpointConnections",
			"Microsoft.Cache/redisEnterprise", "Microsoft.Cache/redisEnterprise/databases", "Microsoft.Insights/diagnosticSettings"} {
			for _, id := range c.fake.IDs(typ) {
				c.fake.Change(id, func(body map[string]any) {
					plantStrings(body["properties"])
					if tags, ok := body["tags"].(map[string]any); ok {
						tags["password"] = "CANARY-tag"
					}
				})
				changed++
			}
		}
		if changed < 20 {
			t.Fatalf("%d objects were changed", changed)
		}
		dir := t.TempDir()
		if code := c.run(t.Context(), append(migrateEverything(dir, dialect), "--scan")); code != exitOK {
			t.Fatalf("exit code %d: %s", code, c.stderr)
		}
		if files := wantNoCanary(t, dialect, dir, c.stdout.String(), c.stderr.String()); files < 12 {
			t.Errorf("%d files were written", files)
		}
	}
}

// plantedConfiguration is added to a configuration; CACHE is the address of a cache in it.
const plantedConfiguration = `
# the password is CANARY-comment
locals {
  planted_connection = "CACHE:6380,password=CANARY-local,ssl=True"
  planted_reference  = "${CACHE.hostname}:6380,password=CANARY-through-local"
}
variable "planted" {
  description = "CANARY-description"
  default     = "CANARY-default"
}
output "planted" {
  value     = "${CACHE.primary_access_key} CANARY-output"
  sensitive = true
}
resource "azurerm_linux_web_app" "planted" {
  name = "CANARY-name"
  app_settings = {
    REDIS  = "${CACHE.hostname}:6380,password=CANARY-setting"
    THIRD  = local.planted_reference
    HEREDOC = <<-EOT
      ${CACHE.primary_connection_string}
      CANARY-heredoc
    EOT
  }
}
resource "azurerm_key_vault_secret" "planted" {
  name  = "CANARY-secret"
  value = join("", [CACHE.primary_access_key, "CANARY-value"])
}
`

// planted is a plan with the resources of [plantedConfiguration] in it, whose values are known.
func planted(t *testing.T, text []byte) []byte {
	t.Helper()
	var plan map[string]any
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	changes, _ := plan["resource_changes"].([]any)
	configuration, _ := plan["configuration"].(map[string]any)
	root, _ := configuration["root_module"].(map[string]any)
	resources, _ := root["resources"].([]any)
	for typ, argument := range map[string]string{"azurerm_linux_web_app": "app_settings", "azurerm_key_vault_secret": "value"} {
		var value any = "CANARY-known"
		if argument == "app_settings" {
			value = map[string]any{"REDIS": "CANARY-known"}
		}
		changes = append(changes, map[string]any{"address": typ + ".planted", "mode": "managed", "type": typ, "name": "planted",
			"provider_name": "registry.terraform.io/hashicorp/azurerm", "change": map[string]any{"actions": []any{"create"}, "before": nil,
				"after": map[string]any{"name": "CANARY-name", argument: value}, "after_unknown": map[string]any{}}})
		resources = append(resources, map[string]any{"address": typ + ".planted", "mode": "managed", "type": typ, "name": "planted",
			"provider_config_key": "azurerm", "expressions": map[string]any{"name": map[string]any{"constant_value": "CANARY-constant"},
				argument: map[string]any{"references": []any{"azurerm_redis_cache.shop.primary_access_key", "azurerm_redis_cache.shop"}}}})
	}
	plan["resource_changes"], root["resources"] = changes, resources
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestNoSecretOfInputsLeavesMigrate: neither the strings of a configuration nor what is
// quoted of an input that is broken somewhere is in any output.
func TestNoSecretOfInputsLeavesMigrate(t *testing.T) {
	t.Setenv("TF_LOG", "TRACE")
	const source = "../tfplan/testdata/plans/insecure-public-cache"
	plan := []byte(readText(t, filepath.Join(source, "plan.json")))
	main := readText(t, filepath.Join(source, "main.tf")) + strings.ReplaceAll(plantedConfiguration, "CACHE", "azurerm_redis_cache.shop")
	if !strings.Contains(main, `"azurerm_redis_cache" "shop"`) {
		t.Fatal("the cache has another address")
	}
	secretPlan := planted(t, plan)
	const metrics = "name,metric,timestamp,maximum,note\nredis,usedmemoryRss,2026-11-20T00:00:00Z,5,CANARY-cell\n"
	const answer = `{"value":[{"id":"/subscriptions/s/resourceGroups/r/providers/Microsoft.Cache/redis/c` +
		`/providers/microsoft.insights/metrics/serverLoad","name":{"value":"serverLoad","localizedValue":"CANARY-label"},` +
		`"unit":"Percent","timeseries":[{"metadatavalues":[],` +
		`"data":[{"timeStamp":"2026-11-20T00:00:00Z","maximum":1}]}]}],"key":"CANARY-json"}`
	const earlier = `{"format_version":"1.0","tables":"2026-11-28","password":"CANARY-earlier","caches":[]}`
	base := t.TempDir()
	runs := 0
	run := func(what string, wantOK bool, main, plan, metrics, earlier []byte, dialect string) {
		t.Helper()
		runs++
		in, out := filepath.Join(base, "in", strconv.Itoa(runs)), filepath.Join(base, "out", strconv.Itoa(runs))
		args := migrateEverything(out, dialect)
		for _, dir := range []string{in, out} {
			if err := os.MkdirAll(dir, 0o750); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []struct {
			name, flag string
			text       []byte
		}{{"main.tf", "", main}, {"metrics", "--metrics", metrics}, {"earlier.json", "--baseline", earlier}, {"plan.json", "", plan}} {
			if f.text == nil {
				continue
			}
			path := filepath.Join(in, f.name)
			if err := os.WriteFile(path, f.text, 0o600); err != nil {
				t.Fatal(err)
			}
			if f.flag != "" {
				args = append(args, f.flag, path)
			}
		}
		a, stdout, stderr := world()
		code := a.run(t.Context(), append(args, "--config", in, filepath.Join(in, "plan.json")))
		if wantOK && code != exitOK {
			t.Fatalf("%s: exit code %d: %s", what, code, stderr)
		}
		files := wantNoCanary(t, what, out, stdout.String(), stderr.String())
		read := func() bool {
			return strings.Contains(readText(t, filepath.Join(out, "report.json")), "app_settings.HEREDOC")
		}
		if wantOK && (files < len(page.Formats())+2 || !read()) {
			t.Errorf("%s: %d files, or the configuration was not read", what, files)
		}
	}
	for _, dialect := range choices["dialect"] {
		run(dialect, true, []byte(main), secretPlan, []byte(metrics), nil, dialect)
		run(dialect+", JSON of metrics", true, []byte(main), secretPlan, []byte(answer), nil, dialect)
	}
	cut := func(text string, parts int, one func(string, []byte)) {
		for i := range parts {
			at := len(text) * (i + 1) / (parts + 1)
			one(" cut at byte "+strconv.Itoa(at), []byte(text[:at]))
			one(" broken at byte "+strconv.Itoa(at), []byte(text[:at]+"\x00]}\"CANARY-middle"+text[at:]))
		}
	}
	cut(main, 30, func(how string, text []byte) { run("configuration"+how, false, text, secretPlan, nil, nil, "azurerm") })
	cut(string(secretPlan), 20, func(how string, text []byte) { run("plan"+how, false, []byte(main), text, nil, nil, "azapi") })
	cut(metrics, 20, func(how string, text []byte) { run("CSV"+how, false, []byte(main), plan, text, nil, "azurerm") })
	cut(answer, 30, func(how string, text []byte) { run("metrics"+how, false, []byte(main), plan, text, nil, "azurerm") })
	cut(earlier, 20, func(how string, text []byte) { run("baseline"+how, false, []byte(main), plan, nil, text, "azurerm") })
}
