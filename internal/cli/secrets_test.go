package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"pgregory.net/rapid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// asked are the attributes that rules and links ask for; any other string of a
// plan must never be seen again.
var asked = []string{
	"access", "access_policy_name", "active_directory_authentication_enabled", "address_prefix", "address_prefixes", "aof_backup_enabled",
	"authentication_enabled", "body", "capacity", "category", "category_group", "data_persistence_authentication_method",
	"definition_id", "destination_address_prefix", "destination_address_prefixes", "destination_port_range", "destination_port_ranges",
	"direction", "effect", "enable_authentication", "enable_non_ssl_port", "enabled", "enabled_log", "end_ip", "enforce",
	"eventhub_authorization_rule_id", "family", "id", "is_manual_connection", "location", "log", "log_analytics_workspace_id",
	"management_group_id",
	"maxfragmentationmemory_reserved", "maxmemory_reserved", "minimum_tls_version", "name", "network_security_group_id",
	"network_security_group_name",
	"non_ssl_port_enabled", "not_scopes", "overrides", "parameters", "parent_id", "partner_solution_id", "patch_schedule", "permissions",
	"policy_assignment_id", "policy_definition_id", "priority", "private_connection_resource_id", "private_dns_zone_group",
	"private_dns_zone_ids",
	"private_service_connection", "protocol", "public_network_access_enabled", "rdb_backup_enabled", "redis_cache_id", "redis_cache_name",
	"redis_configuration", "redis_version", "resource_group_id", "resource_group_name", "resource_id", "security_group", "security_rule",
	"shard_count", "sku_name",
	"source_address_prefix", "source_address_prefixes", "start_ip", "storage_account_id", "subnet", "subnet_id", "subresource_names",
	"subscription_id",
	"target_resource_id", "type", "virtual_network_name", "zones",
}

// secretive are judged attributes whose value must not be seen where the plan
// marks it sensitive.
var secretive = []string{"minimum_tls_version", "name", "redis_version", "sku_name", "location", "start_ip", "end_ip", "access_policy_name",
	"zones"}

// planter puts canaries into a plan.
type planter struct {
	t     *rapid.T
	count int
}

func (p *planter) canary() string {
	p.count++
	return fmt.Sprintf("CANARY-%d", p.count)
}

// object plants in the attributes of one resource; mask is its map of sensitive marks, nil where there is none.
func (p *planter) object(attrs, mask map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		switch v := attrs[name].(type) {
		case string:
			switch {
			case !slices.Contains(asked, name):
				attrs[name] = p.canary()
			case mask != nil && slices.Contains(secretive, name) && rapid.Bool().Draw(p.t, name+" is sensitive"):
				attrs[name], mask[name] = p.canary(), true
			}
		case map[string]any:
			p.object(v, nil)
		case []any:
			for _, item := range v {
				if m, ok := item.(map[string]any); ok {
					p.object(m, nil)
				}
			}
		}
	}
	for range rapid.IntRange(1, 3).Draw(p.t, "planted attributes") {
		attrs["planted_"+rapid.StringMatching(`[a-z_]{1,12}`).Draw(p.t, "attribute")] = p.canary()
	}
}

// walk finds the attributes of resources wherever a plan keeps them.
func (p *planter) walk(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			attrs, isObject := v[name].(map[string]any)
			switch {
			case isObject && (name == "after" || name == "before" || name == "values"):
				mask, _ := v[name+"_sensitive"].(map[string]any)
				p.object(attrs, mask)
			case name == "constant_value":
				if s, ok := v[name].(string); ok && !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "1111") {
					v[name] = p.canary()
				}
			case name == "variables" && isObject:
				attrs["planted"] = map[string]any{"value": p.canary()}
			case name == "output_changes" && isObject:
				attrs["planted"] = map[string]any{"actions": []any{"create"}, "before": nil, "after": p.canary()}
			default:
				p.walk(v[name])
			}
		}
	case []any:
		for _, item := range v {
			p.walk(item)
		}
	}
}

// TestNoSecretLeavesTheGate: no value marked sensitive, and no string in an
// attribute that no rule asks for, is found in any output of any format.
func TestNoSecretLeavesTheGate(t *testing.T) {
	files, err := filepath.Glob("../tfplan/testdata/plans/*/plan.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d plans, %v", len(files), err)
	}
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		file := rapid.SampledFrom(files).Draw(t, "plan")
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var plan map[string]any
		if err := json.Unmarshal(raw, &plan); err != nil {
			t.Fatal(err)
		}
		p := &planter{t: t}
		for _, part := range slices.Sorted(maps.Keys(plan)) {
			p.walk(map[string]any{part: plan[part]})
		}
		if raw, err = json.Marshal(plan); err != nil {
			t.Fatal(err)
		}
		if p.count < 5 || !bytes.Contains(raw, []byte("CANARY-")) {
			t.Fatalf("only %d canaries were planted", p.count)
		}
		noCanary(t, raw, report.Formats(), "check", "--verbose", "--enforce=none")
		source, diff := plantSource(t, dir, filepath.Dir(file))
		commit := strings.Repeat("1", 40)
		noCanary(t, raw, append(report.ReviewFormats(), "sarif"), "check", "--enforce=none", "--config", source, "--review-diff", diff,
			"--review-commits", commit+","+commit+","+commit)
		configuration, err := os.MkdirTemp(dir, "written") //nolint:usetesting // a rapid.T has no folder of its own
		if err != nil {
			t.Fatal(err)
		}
		dialect := rapid.SampledFrom([]string{"azurerm", "azapi"}).Draw(t, "dialect")
		noCanary(t, raw, page.Formats(), "migrate", "--verbose", "--waves=2", "--dialect", dialect, "--write", configuration)
		files, err := os.ReadDir(configuration)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(configuration, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if i := bytes.Index(text, []byte("CANARY-")); i >= 0 {
				t.Fatalf("%s shows a secret: …%s…", f.Name(), text[max(0, i-120):min(len(text), i+60)])
			}
		}
	})
}

// plantSource copies a configuration into a folder, with canaries in its lines: beside and behind
// arguments, and in comments. The diff has all lines of it, so that a review may repeat each.
func plantSource(t *rapid.T, in, from string) (source, diff string) {
	source, err := os.MkdirTemp(in, "source") //nolint:usetesting // a rapid.T has no folder of its own
	if err == nil {
		err = os.CopyFS(source, os.DirFS(from))
	}
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	err = filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".tf" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
		var planted []string
		for _, line := range lines {
			if literal.MatchString(line) && rapid.Bool().Draw(t, "comment") {
				line += " # key=CANARY-C"
			}
			planted = append(planted, line)
			if opened.MatchString(line) && rapid.Bool().Draw(t, "argument") {
				planted = append(planted, `  planted_connection_string = "AccountKey=CANARY-A"`)
			}
		}
		fmt.Fprintf(&all, "diff --git a%[1]s b%[1]s\n--- /dev/null\n+++ b%[1]s\n@@ -0,0 +1,%d @@\n", path, len(planted))
		for _, line := range planted {
			all.WriteString("+" + line + "\n")
		}
		return os.WriteFile(path, []byte(strings.Join(planted, "\n")+"\n"), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	diff = source + ".diff"
	if err := os.WriteFile(diff, []byte(all.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return source, diff
}

// Lines of a configuration with a literal, and those that open a block of a cache.
var (
	literal = regexp.MustCompile(`= (true|false|"[^"$]*")$`)
	opened  = regexp.MustCompile(`^(resource "(azurerm_redis_cache|azurerm_managed_redis|redisbaseline_cache)" "\w+"|` +
		`  redis_configuration|  default_database) \{$`)
)

// noCanary runs a command on a plan in all its formats, and wants none of the canaries in
// any output.
func noCanary(t *rapid.T, plan []byte, formats []string, command ...string) {
	dir, err := os.MkdirTemp("", "secrets") //nolint:usetesting // the T of a property has no directory
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	a, stdout, stderr := world()
	a.Stdin = bytes.NewReader(plan)
	for _, format := range formats {
		command = append(command, "--format", format+"="+filepath.Join(dir, format))
	}
	if code := a.run(context.Background(), append(command, stdin)); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	outputs := map[string][]byte{"stdout": stdout.Bytes(), "stderr": stderr.Bytes()}
	for _, format := range formats {
		if outputs[format], err = os.ReadFile(filepath.Join(dir, format)); err != nil {
			t.Fatal(err)
		}
		if len(outputs[format]) == 0 {
			t.Fatalf("%s is empty", format)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		if i := bytes.Index(outputs[name], []byte("CANARY-")); i >= 0 {
			t.Fatalf("%s of %s shows a secret: …%s…", name, command[0], outputs[name][max(0, i-120):min(len(outputs[name]), i+60)])
		}
	}
}

// TestNoSecretLeavesTheFix: what mends a configuration shows no text of it that reports do not
// show, in the diff, on standard error and in every format, and the diff applies.
func TestNoSecretLeavesTheFix(t *testing.T) {
	above := t.TempDir()
	shown, hidden := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(above, "configuration") //nolint:usetesting // a rapid.T has no folder of its own
		if err != nil {
			t.Fatal(err)
		}
		before := secretConfiguration(t)
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		a, stdout, stderr := world()
		command := []string{"check", "--config", dir, "--diff", "--verbose"}
		for _, format := range report.Formats() {
			if !strings.Contains(format, "review") {
				command = append(command, "--format", format+"="+filepath.Join(dir, format+".out"))
			}
		}
		if code := a.run(context.Background(), command); code > exitObjections {
			t.Fatalf("exit code %d: %s\n%s", code, stderr, before)
		}
		outputs := map[string]string{"stdout": stdout.String(), "stderr": stderr.String()}
		names, err := filepath.Glob(filepath.Join(dir, "*.out"))
		if err != nil || len(names) < 5 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			outputs[filepath.Base(name)] = string(text)
		}
		for _, name := range slices.Sorted(maps.Keys(outputs)) {
			if i := strings.Index(outputs[name], "CANARY-"); i >= 0 {
				t.Fatalf("%s shows a secret: …%s…\n%s", name, outputs[name][max(0, i-200):min(len(outputs[name]), i+60)], before)
			}
		}
		shown += strings.Count(outputs["stdout"], "\n@@ ")
		hidden += strings.Count(outputs["stderr"], "not in the diff")
	})
	if shown == 0 || hidden == 0 {
		t.Errorf("%d changes were shown and %d hidden: the test wants some of both", shown, hidden)
	}
}

// secretConfiguration is a configuration with violations and with secrets around them.
func secretConfiguration(t *rapid.T) string {
	count := 0
	canary := func() string { count++; return fmt.Sprintf("CANARY-%d-aaaaaaaaaaaaaaaaaaaaaaaa=", count) }
	draw := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "text") }
	some := func(lines ...string) string {
		var out []string
		for _, line := range lines {
			if rapid.Bool().Draw(t, line) {
				out = append(out, line)
			}
		}
		return strings.Join(rapid.Permutation(out).Draw(t, "order"), "\n") + "\n"
	}
	comment := func() string { return draw("", " # old clients", " # "+canary(), " /* "+canary()+" */") }
	var text string
	if rapid.Bool().Draw(t, "azapi") {
		separator := draw("\n", ", ")
		member := func(members ...string) string {
			end := strings.TrimSuffix(separator, ", ")
			return "{" + end + strings.Join(rapid.Permutation(members).Draw(t, "order"), separator) + end + "}"
		}
		configuration := member(`aad-enabled = "false"`, `rdb-storage-connection-string = "`+canary()+`"`)
		text = `resource "azapi_resource" "a" {
type = "Microsoft.Cache/redis@2024-11-01"
name = "redis-a"
location = "westeurope"
parent_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
` + some(`tags = { owner = "`+canary()+`" }`) + `body = ` + draw("{", "jsonencode({") + `
properties = ` + member(`enableNonSslPort = true`, `minimumTlsVersion = "1.0"`, `redisConfiguration = `+configuration,
			`tenantSettings = { x = "`+canary()+`" }`) + comment() + `
}
`
		if strings.Contains(text, "jsonencode({") {
			text += ")\n"
		}
	} else {
		text = `resource "azurerm_redis_cache" "a" {
name = "redis-a"
location = "westeurope"
resource_group_name = "rg"
capacity = 1
family = "P"
sku_name = "Premium"
` + some("non_ssl_port_enabled = true"+comment(), `minimum_tls_version = "1.0"`+comment(),
			draw(`tags = { owner = "`+canary()+`" }`, "tags = {\na = <<-E\n"+canary()+"\nE\n}"),
			"tenant_settings = {\nx = \""+canary()+"\"\n}", "# "+canary())
		inner := some("authentication_enabled = false"+comment(), `rdb_storage_connection_string = "`+canary()+`"`,
			`maxmemory_policy = "`+canary()+`"`,
			`notify_keyspace_events = upper("`+canary()+`")`)
		if oneLine := strings.TrimSpace(inner); !strings.ContainsAny(oneLine, "\n#") && rapid.Bool().Draw(t, "one line") {
			inner = " " + oneLine + " "
		} else {
			inner = "\n" + inner
		}
		text += "redis_configuration {" + inner + "}\n"
	}
	text += "}\nvariable \"secret\" {\ndefault = \"" + canary() + "\"\n}\n"
	if rapid.Bool().Draw(t, "formatted") {
		text = string(hclwrite.Format([]byte(text)))
	}
	return text
}
