package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// obeyed is what Azure Pipelines and GitHub obey, and what steers a terminal; a
// line of the formats github and azuredevops may begin with a command of ours.
var obeyed = regexp.MustCompile(`##|(?m:^\s*::(?:[a-z-]*) *[^:]*::)|[\r\x1b\x07\x{202e}]`)

var ours = regexp.MustCompile(`(?m)^::(error|warning|notice) |^##vso\[task\.logissue type=(error|warning);`)

const vso = `azurerm_redis_cache.shop["##vso[task.prependpath]/x/evil"]`

// An address that is a command of Azure Pipelines reaches no format as one, and
// programs read it as it is.
func TestAddressIsNoCommand(t *testing.T) {
	for _, format := range report.Formats() {
		for _, more := range [][]string{nil, {"--verbose"}, {"--strict"}, {"--enforce", "none"}} {
			a, stdout, stderr := world()
			code := a.run(context.Background(), append([]string{"check", "--format", format, "testdata/cases/vso.json"}, more...))
			if code == exitInput || code == exitUsage || !strings.Contains(stdout.String(), "vso") {
				t.Errorf("%s %v: exit code %d, %s%s", format, more, code, stdout, stderr)
			}
			text := stdout.String()
			if format == "markdown" {
				text = strings.TrimPrefix(text, "### ")
			}
			if m := obeyed.FindString(ours.ReplaceAllString(text, "") + stderr.String()); m != "" {
				t.Errorf("%s %v: %q", format, more, m)
			}
			if format == "json" {
				var r struct{ Caches []report.Cache }
				if err := json.Unmarshal(stdout.Bytes(), &r); err != nil || len(r.Caches) != 1 || *r.Caches[0].Address != vso {
					t.Errorf("%v: the address is another one", err)
				}
				checkReport(t, "check", stdout.String())
			}
		}
	}
}

// Names of files, values of flags and what files hold are no commands on standard
// error or in notes.
func TestInputsAreNoCommands(t *testing.T) {
	const plan = "testdata/cases/vso.json"
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	exemption := func(cache, description string) string {
		raw, err := json.Marshal([]map[string]string{{"feature": "DP-3/data-in-transit-encryption", "cache": cache, "category": "Waiver",
			"description": description}})
		if err != nil {
			t.Fatal(err)
		}
		return `{"exemptions": ` + string(raw) + `}`
	}
	for _, text := range []string{"##vso[task.complete]x", "\n::error::x", "##[error]x", "\r\n##vso[x]y", "\x1b[31m\u202e", "%0A::error::x",
		"::set-output name=a::b"} {
		name := strings.NewReplacer("/", "", "\x00", "").Replace(text)
		for what, args := range map[string][]string{
			"missing plan": {"check", filepath.Join(dir, "no"+text)},
			"no plan":      {"check", write("plan"+name, "{}")},
			"odd plan": {"check", write("odd", `{"format_version":"1.2","resource_changes":[{"address":`+quoted(text)+`,"mode":`+
				quoted(text)+`,"change":1}]}`)},
			"newer plan":          {"check", write("newer", `{"format_version":`+quoted("9"+text)+`}`)},
			"unknown flag":        {"check", "--" + text, plan},
			"unknown command":     {text},
			"unknown format":      {"check", "--format", text, plan},
			"no folder":           {"check", "--format", "json=" + filepath.Join(dir, "no"+text, "x"), plan},
			"unknown advisory":    {"check", "--fail-on-advisory", text, plan},
			"unknown rule":        {"explain", text},
			"unknown schema":      {"schema", text},
			"size":                {"check", "--max-size", text, plan},
			"config":              {"check", "--config", filepath.Join(dir, "no"+text), plan},
			"exempt":              {"check", "--exemptions", write("exempt", exemption("redis-shop", text)), plan},
			"unused exemption":    {"check", "--exemptions", write("unused", exemption("other"+text, text)), plan},
			"broken exemptions":   {"check", "--exemptions", write("broken", "exemptions: [{feature: "+quoted(text)+"}]"), plan},
			"exemptions' keys":    {"check", "--exemptions", write("keys", quoted(text)+": 1"), plan},
			"exemptions' name":    {"check", "--exemptions", filepath.Join(dir, "no"+text), plan},
			"rules":               {"run-task", "--insecure-no-hmac", "--config", write("rules", "rules: [{effect: "+quoted(text)+"}]")},
			"host":                {"run-task", "--insecure-no-hmac", "--tfe-host", text},
			"key file":            {"run-task", "--hmac-key-file", filepath.Join(dir, "no"+text)},
			"simulated stage":     {"run-task", "simulate", "--stage", text, plan},
			"simulated workspace": {"run-task", "simulate", "--workspace", text, "--organization", text, plan},
		} {
			for _, format := range []string{"text", "azuredevops", "csv", "github", "html", "junit"} {
				all := args
				if args[0] == "check" && what != "unknown format" && what != "no folder" {
					all = append([]string{"check", "--format", format}, args[1:]...)
				}
				a, stdout, stderr := world()
				a.run(context.Background(), all)
				if m := obeyed.FindString(ours.ReplaceAllString(stdout.String(), "") + "\n" + stderr.String()); m != "" {
					t.Errorf("%s with %q, %s: %q in %s%s", what, text, format, m, stdout, stderr)
				}
			}
		}
	}
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
