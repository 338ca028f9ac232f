package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

const (
	brokenConfiguration = "locals {\n  a =\n}\n"
	sloppyConfiguration = `resource "azurerm_redis_cache" "a" {
  name                = "a"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Basic"
  family              = "C"
  capacity            = 1
  minimum_tls_version = "1.0"
}
`
)

// checkConfiguration runs check on a configuration of one file, and returns what it prints.
func checkConfiguration(t *testing.T, source string, args ...string) (stdout, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("main.tf", []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	a := ofProcess("0.0.0-test", baseline.Published())
	a.Stdout, a.Stderr = &out, &errs
	a.run(t.Context(), append([]string{"check"}, args...))
	return out.String(), errs.String()
}

// found is a finding as an editor reads it: severity, file, line and message.
type found [4]string

// foundBy are the lines that a pattern matches; groups are those of a found, 0 for none.
func foundBy(pattern *regexp.Regexp, groups [4]int, text string) (out []found) {
	for _, line := range strings.Split(text, "\n") {
		if m := pattern.FindStringSubmatch(line); m != nil {
			var f found
			for i, g := range groups {
				if g > 0 {
					f[i] = m[g]
				}
			}
			out = append(out, f)
		}
	}
	return out
}

func mustFind(t *testing.T, all []found, want found) {
	t.Helper()
	for _, f := range all {
		if f[0] == want[0] && f[1] == want[1] && f[2] == want[2] && strings.HasPrefix(f[3], want[3]) {
			return
		}
	}
	t.Errorf("%q is not among %q", want, all)
}

// TestProblemMatcher: the task of VS Code finds what is printed, at its lines.
func TestProblemMatcher(t *testing.T) {
	var file struct {
		Tasks []struct {
			Args           []string
			ProblemMatcher []struct {
				Severity string
				Pattern  struct {
					Regexp                        string
					Severity, File, Line, Message int
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(readText(t, "../../examples/editor/tasks.json")), &file); err != nil {
		t.Fatal(err)
	}
	task := file.Tasks[0]
	read := func(source string) (out [][]found) {
		stdout, stderr := checkConfiguration(t, source, task.Args[1:]...)
		for _, m := range task.ProblemMatcher {
			p := m.Pattern
			out = append(out, foundBy(regexp.MustCompile(p.Regexp), [4]int{p.Severity, p.File, p.Line, p.Message}, stdout+stderr))
		}
		return out
	}
	sloppy, broken := read(sloppyConfiguration), read(brokenConfiguration)
	mustFind(t, sloppy[0], found{"error", "main.tf", "8", "the minimum TLS version is 1.0 [DP-3/data-in-transit-encryption]"})
	mustFind(t, sloppy[0], found{"warning", "main.tf", "1", "no private endpoint reaches the cache"})
	mustFind(t, broken[1], found{"", "main.tf", "2", "Invalid expression"})
	if len(sloppy[1]) > 0 || len(broken[0]) > 0 {
		t.Errorf("one pattern finds what belongs to the other: %q %q", sloppy[1], broken[0])
	}
}

// TestNvimLint: the pattern for nvim-lint finds what is printed.
func TestNvimLint(t *testing.T) {
	text := readText(t, "../../examples/editor/nvim-lint.lua")
	lua := regexp.MustCompile(`"(\^::[^"]*)"`).FindStringSubmatch(text)
	if lua == nil {
		t.Fatal("there is no pattern")
	}
	pattern := regexp.MustCompile(strings.NewReplacer("%a", "[A-Za-z]", "%d", "[0-9]").Replace(lua[1]))
	stdout, _ := checkConfiguration(t, sloppyConfiguration, "--config", ".", "--format", "github")
	mustFind(t, foundBy(pattern, [4]int{1, 2, 3, 4}, stdout), found{"error", "main.tf", "8", "the minimum TLS version is 1.0"})
}

// TestErrorformat: Vim reads what is printed with the setting of the guide.
func TestErrorformat(t *testing.T) {
	setting := regexp.MustCompile(`(?m)^set errorformat=.*$`).FindString(readText(t, "../../templates/guides/without-a-plan.md.tmpl"))
	if setting == "" {
		t.Fatal("the guide has no errorformat")
	}
	vim, err := exec.LookPath("vim")
	if err != nil {
		t.Skip("vim is not here")
	}
	stdout, _ := checkConfiguration(t, sloppyConfiguration, "--config", ".", "--format", "github")
	_, stderr := checkConfiguration(t, brokenConfiguration, "--config", ".")
	script := setting + "\ncgetfile output.txt\n" +
		`call writefile(map(filter(getqflist(), 'v:val.valid'), 'v:val.type . " " . bufname(v:val.bufnr) . ":" . ` +
		`v:val.lnum . " " . v:val.text'), "list.txt")` +
		"\nqall!\n"
	for name, text := range map[string]string{"output.txt": stdout + stderr, "script.vim": script} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.CommandContext(t.Context(), vim, "-u", "NONE", "-N", "-es", "-S", "script.vim") //nolint:gosec // found above
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	list := readText(t, filepath.Join(".", "list.txt"))
	for _, want := range []string{"e main.tf:8 the minimum TLS version is 1.0", "w main.tf:1 no private endpoint",
		"n main.tf:1 ", " main.tf:2 Invalid expression"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list of Vim lacks %q:\n%s", want, list)
		}
	}
}

// TestHookWithoutPlan runs the line of the hook on a repository.
func TestHookWithoutPlan(t *testing.T) {
	hooks := decode[[]map[string]any](t, "../../.pre-commit-hooks.yaml")
	hook := hooks[1]
	files := regexp.MustCompile(hook["files"].(string))
	for name, want := range map[string]bool{
		"main.tf": true, "a/b.tf.json": true, "x.tofu": true, "prod.tfvars": true, ".terraform.lock.hcl": true,
		"main.go": false, "plan.json": false,
	} {
		if files.MatchString(name) != want {
			t.Errorf("%s matches %s: %v", files, name, !want)
		}
	}
	if hook["pass_filenames"] != false {
		t.Error("the hook passes names of files, which are no plans")
	}
	var args []string
	for _, arg := range hook["args"].([]any) {
		args = append(args, arg.(string))
	}
	if stdout, stderr := checkConfiguration(t, sloppyConfiguration, args...); !strings.Contains(stdout, "azurerm_redis_cache.a  ") {
		t.Errorf("%s%s", stdout, stderr)
	}
}
