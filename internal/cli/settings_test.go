package cli

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

// written is a value for a flag in YAML, other than its default.
func written(flag *pflag.Flag) string {
	switch kindOf(flag).schema {
	case "boolean":
		return map[string]string{"true": "false", "false": "true"}[flag.DefValue]
	case "integer":
		return "3"
	}
	switch flag.Name {
	case "format":
		formats := flag.Annotations[formatsAnnotation]
		return "[" + formats[0] + ", json=x.json]"
	case "fail-on-advisory":
		return "advisory/retirement"
	case "max-size":
		return "3GiB"
	case "report-lifetime", "request-timeout", "shutdown-grace":
		return "3s"
	}
	if known := choices[flag.Name]; known != nil {
		return known[0]
	}
	return "some-text"
}

// Every flag of the commands with settings can be set in a file, which the schema
// accepts; the schema refuses what the program refuses.
func TestSettingsOfEveryFlag(t *testing.T) {
	a, _, _ := world()
	schema := schematest.Compile(t, a.settingsSchema())
	dir := t.TempDir()
	t.Chdir(dir)
	sections := a.settingsFlags()
	if len(flagNames(sections[""])) < 8 {
		t.Errorf("check and scan share %q", flagNames(sections[""]))
	}
	for section, flags := range sections {
		flags.VisitAll(func(flag *pflag.Flag) {
			text := flag.Name + ": " + written(flag) + "\n"
			wrong := flag.Name + ": {a: b}\n"
			if section != "" {
				text, wrong = section+":\n  "+text, section+":\n  "+wrong
			}
			if err := os.WriteFile("s.yaml", []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			command := section
			if section == "" {
				command = "scan"
			}
			set, err := a.readSettings("s.yaml", command, true)
			if s, ok := set[flag.Name]; err != nil || !ok || s.line != 1+strings.Count(text, "\n")-1 {
				t.Errorf("%s: %+v, %v", text, set, err)
			}
			if err := schema.Validate(asStrings(t, text)); err != nil {
				t.Errorf("the schema refuses %s: %v", text, err)
			}
			if err := os.WriteFile("s.yaml", []byte(wrong), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := a.readSettings("s.yaml", command, true); err == nil {
				t.Errorf("accepted %s", wrong)
			}
			if schema.Validate(asStrings(t, wrong)) == nil {
				t.Errorf("the schema accepts %s", wrong)
			}
		})
	}
	for _, wrong := range []string{
		"unknown: 1\n", "fail-on: critical\n", "format: txt\n", "scan:\n  fail-on-advisory: x\n", "- a\n", "check: true\n",
		"run-task:\n  workers: -1\n", "scan:\n  concurrency: 0\n", "scan:\n  concurrency: 257\n", "check:\n  max-size: lots\n",
		"scan:\n  request-timeout: \"5\"\n", "scan:\n  request-timeout: 0s\n", "run-task:\n  report-lifetime: 7d\n",
	} {
		if schema.Validate(asStrings(t, wrong)) == nil {
			t.Errorf("the schema accepts %q", wrong)
		}
	}
}

// The schema accepts what the program accepts of sizes, times and numbers.
func TestSettingsSchemaAccepts(t *testing.T) {
	a, _, _ := world()
	schema := schematest.Compile(t, a.settingsSchema())
	for _, right := range []string{
		"check:\n  max-size: 1.5 gib\n", "check:\n  max-size: \"0\"\n", "run-task:\n  report-lifetime: 1h30m\n",
		"scan:\n  request-timeout: 0.5s\n", "scan:\n  concurrency: 256\n",
	} {
		if err := schema.Validate(asStrings(t, right)); err != nil {
			t.Errorf("the schema refuses %q: %v", right, err)
		}
	}
}

// A flag that names a file or directory is marked as such, so that its value in a
// file of settings is relative to that file.
func TestSettingsPaths(t *testing.T) {
	a, _, _ := world()
	var paths []string
	for section, flags := range a.settingsFlags() {
		flags.VisitAll(func(flag *pflag.Flag) {
			if isPath(flag) {
				paths = append(paths, section+" "+flag.Name)
			} else if regexp.MustCompile(`(?i)\bfile\b|\bdirectory\b|\bDIR\b`).MatchString(flag.Usage) && flag.Name != "format" {
				t.Errorf("%s --%s is not marked as a path: %s", section, flag.Name, flag.Usage)
			}
		})
	}
	slices.Sort(paths)
	want := []string{
		" exemptions", "check chdir", "check config", "check exemptions", "check review-diff", "check var-file", "migrate baseline",
		"migrate chdir", "migrate client-certificate-path", "migrate client-id-file-path", "migrate client-secret-file-path",
		"migrate config", "migrate metrics",
		"migrate oidc-token-file-path", "migrate write", "run-task config", "run-task hmac-key-file", "run-task report-dir",
		"run-task tls-cert", "run-task tls-key", "scan baseline", "scan client-certificate-path", "scan client-id-file-path",
		"scan client-secret-file-path", "scan exemptions", "scan oidc-token-file-path",
	}
	if !slices.Equal(paths, want) {
		t.Errorf("paths %q", paths)
	}
}
