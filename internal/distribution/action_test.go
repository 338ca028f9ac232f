package distribution

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
)

const (
	archiveName = "redisbaseline_1.2.3_linux_amd64.tar.gz"
	sumsName    = "terraform-provider-redisbaseline_1.2.3_SHA256SUMS"
)

// runner is the world of a step of the action: a runner's folders and variables, a
// server of releases, and programs that write down how they were called.
type runner struct {
	t        *testing.T
	dir      string
	mirror   string
	releases sync.Map // bytes by path
	env      map[string]string
}

// newRunner returns a runner in front of a release 1.2.3 for Linux, of which the
// program is a script that says so.
func newRunner(t *testing.T) *runner {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the runner is played with scripts, which are no programs here")
	}
	for _, program := range []string{"bash", "curl", "tar", "awk"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the action needs %s, which is not here", program)
		}
	}
	archive := tarball(t, "#!/bin/sh\necho redisbaseline 1.2.3\n")
	r := &runner{t: t, dir: t.TempDir()}
	r.releases.Store("/v1.2.3/"+archiveName, archive)
	r.releases.Store("/v1.2.3/"+sumsName, fmt.Appendf(nil, "%x  other.zip\n%x  %s\n", [32]byte{}, sha256.Sum256(archive), archiveName))
	r.releases.Store("/v1.2.3/"+sumsName+".sigstore.json", []byte("{}"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		content, ok := r.releases.Load(req.URL.Path)
		if !ok {
			http.NotFound(w, req)
			return
		}
		_, _ = w.Write(content.([]byte))
	}))
	t.Cleanup(server.Close)
	r.mirror = server.URL
	r.env = map[string]string{
		"PATH": filepath.Join(r.dir, "tools") + ":" + os.Getenv("PATH"), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64",
		"RUNNER_TEMP": filepath.Join(r.dir, "temp"), "GITHUB_PATH": filepath.Join(r.dir, "path"),
		"GITHUB_OUTPUT": filepath.Join(r.dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(r.dir, "summary"),
		"GITHUB_REPOSITORY": "octo/shop", "CALLS": filepath.Join(r.dir, "calls"),
		"VERSION": "1.2.3", "VERIFY": "checksum", "MIRROR": r.mirror, "GH_TOKEN": "secret",
	}
	for _, dir := range []string{"temp", "tools"} {
		if err := os.Mkdir(filepath.Join(r.dir, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// tool puts a program on PATH that writes down its arguments and does what the body says.
func (r *runner) tool(name, body string) {
	r.t.Helper()
	script := "#!/usr/bin/env bash\nprintf '%s\\n' \"" + name + "\" \"$@\" >>\"$CALLS\"\n" + body + "\n"
	if err := os.WriteFile(filepath.Join(r.dir, "tools", name), []byte(script), 0o755); err != nil { //nolint:gosec // a program
		r.t.Fatal(err)
	}
}

// run runs a script of the action and returns its exit code and what it printed.
func (r *runner) run(script string) (code int, out string) {
	r.t.Helper()
	cmd := exec.Command("bash", filepath.Join(root(r.t), ".github", "action", script))
	cmd.Dir = r.dir
	for name, value := range r.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	raw, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(raw)
}

// file is the content of a file in the runner's folder, empty where there is none.
func (r *runner) file(name string) string {
	raw, _ := os.ReadFile(filepath.Join(r.dir, name))
	return string(raw)
}

func tarball(t *testing.T, program string) []byte {
	t.Helper()
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	w := tar.NewWriter(compressed)
	for name, content := range map[string]string{"redisbaseline": program, "LICENSE": "MPL-2.0\n"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestActionFetches(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*runner)
		code   int
		want   string // in the output
		calls  string // in what was called
	}{
		"by checksum": {want: "redisbaseline 1.2.3\n"},
		"a tag":       {change: func(r *runner) { r.env["VERSION"] = "v1.2.3" }, want: "redisbaseline 1.2.3\n"},
		"attested": {
			change: func(r *runner) { r.env["VERIFY"] = "attestation"; r.tool("gh", "") }, want: "redisbaseline 1.2.3\n",
			calls: "gh\nattestation\nverify\n" + archiveName + "\n--repo\nredisbaseline/terraform-provider-redisbaseline\n--signer-workflow\n" +
				"redisbaseline/terraform-provider-redisbaseline/.github/workflows/release.yml\n--source-ref\nrefs/tags/v1.2.3\n",
		},
		"not attested": {
			change: func(r *runner) { r.env["VERIFY"] = "attestation"; r.tool("gh", "exit 1") }, code: 2,
			want: "Nothing attests that " + archiveName,
		},
		"signed": {
			change: func(r *runner) { r.env["VERIFY"] = "cosign"; r.tool("cosign", "") }, want: "redisbaseline 1.2.3\n",
			calls: "https://github.com/redisbaseline/terraform-provider-redisbaseline/.github/workflows/release.yml@refs/tags/v1.2.3\n",
		},
		"not signed": {
			change: func(r *runner) { r.env["VERIFY"] = "cosign"; r.tool("cosign", "exit 1") }, code: 2, want: "was not signed by",
		},
		"without a signature": {
			change: func(r *runner) {
				r.env["VERIFY"] = "cosign"
				r.tool("cosign", "")
				r.releases.Delete("/v1.2.3/" + sumsName + ".sigstore.json")
			}, code: 2, want: ".sigstore.json cannot be fetched.",
		},
		"verified by nothing that is known": {
			change: func(r *runner) { r.env["VERIFY"] = "none" }, code: 2, want: "has to be attestation, cosign or checksum",
		},
		"changed on the way": {
			change: func(r *runner) { r.releases.Store("/v1.2.3/"+archiveName, tarball(r.t, "#!/bin/sh\ntouch pwned\n")) }, code: 2,
			want: archiveName + " is not the file that " + sumsName + " names.",
		},
		"not in the list": {
			change: func(r *runner) { r.releases.Store("/v1.2.3/"+sumsName, []byte("0  x"+archiveName+"\n")) }, code: 2,
			want: sumsName + " does not name " + archiveName,
		},
		"a version that was never released": {
			change: func(r *runner) { r.env["VERSION"] = "1.2.4" }, code: 2,
			want: "/v1.2.4/redisbaseline_1.2.4_linux_amd64.tar.gz cannot be fetched",
		},
		"a version that is a path": {
			change: func(r *runner) { r.env["VERSION"] = "1.2.3/../../evil" }, code: 2, want: "The input version has to be one such as",
		},
		"a version that is a command": {
			change: func(r *runner) { r.env["VERSION"] = "1.2.3$(touch pwned)" }, code: 2, want: "The input version has to be one such as",
		},
		"a mirror of files": {
			change: func(r *runner) { r.env["MIRROR"] = "file:///etc" }, code: 2, want: "The input mirror has to begin with https://",
		},
		"another system": {
			change: func(r *runner) { r.env["RUNNER_OS"] = "Plan9" }, code: 2, want: "There is no redisbaseline for a runner of Plan9",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			if test.change != nil {
				test.change(r)
			}
			code, out := r.run("fetch.sh")
			if code != test.code || !strings.Contains(out, test.want) {
				t.Errorf("exit code %d, want %d, and %q in\n%s", code, test.code, test.want, out)
			}
			if !strings.Contains(r.file("calls"), test.calls) {
				t.Errorf("called\n%s", r.file("calls"))
			}
			bin := strings.TrimSpace(r.file("path"))
			if _, err := os.Stat(filepath.Join(bin, "redisbaseline")); (err == nil && bin != "") != (code == 0) {
				t.Errorf("on PATH: %q, %v", bin, err)
			}
			if files, _ := filepath.Glob(filepath.Join(r.dir, "*", "pwned")); len(files) > 0 || r.file("pwned") != "" {
				t.Error("a command of the input ran")
			}
		})
	}
}

// The program itself judges a plan with the arguments that the script makes.
func TestActionChecks(t *testing.T) {
	program := filepath.Join(t.TempDir(), "redisbaseline")
	build := exec.Command("go", "build", "-trimpath", "-o", program, ".")
	build.Dir = root(t)
	output(t, build)
	t.Run("in a working directory", func(t *testing.T) { checkInWorkingDirectory(t, program) })

	insecure, other := filepath.Join(root(t), plan), filepath.Join(root(t), "examples", "plan-gate", "plan.json")
	exemptions := filepath.Join(t.TempDir(), "exemptions.yaml")
	if err := os.WriteFile(exemptions, []byte("- feature: DP-3/data-in-transit-encryption\n  cache: \"*\"\n  category: Waiver\n"+
		"  description: a test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		plan, args string
		code       int
		want       string
		exempt     bool
		incomplete bool // a plan of several could not be read
	}{
		"an exemption":            {plan: insecure, args: "--exemptions=" + exemptions, code: 1, want: "::error ", exempt: true},
		"objections":              {plan: insecure, code: 1, want: "::error "},
		"two arguments":           {plan: insecure, args: "  --enforce=introduced\r\n\n--enforce=none", want: "::"},
		"an argument with spaces": {plan: insecure, args: "--exemptions=$(touch pwned) and.yaml", code: 3, want: "$(touch pwned) and.yaml"},
		"a plan that is a flag":   {plan: "--help", code: 3, want: "--help"},
		"no plan":                 {plan: "absent.json", code: 3, want: "absent.json"},
		"several plans":           {plan: insecure + "\n" + other + "\n", code: 1, want: "::error "},
		"one of several plans":    {plan: insecure + "\nabsent.json", code: 3, want: "absent.json could not be read", incomplete: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			r.env["PATH"] = filepath.Dir(program) + ":" + r.env["PATH"]
			r.env["PLAN"], r.env["ARGS"], r.env["CONFIG"], r.env["WORKING_DIRECTORY"] = test.plan, test.args, "", "."
			code, out := r.run("check.sh")
			if code != test.code || !strings.Contains(out, test.want) {
				t.Errorf("exit code %d, want %d, and %q in\n%s", code, test.code, test.want, out)
			}
			outputs := r.file("output")
			if !strings.Contains(outputs, fmt.Sprintf("exit-code=%d\n", test.code)) {
				t.Errorf("outputs %q", outputs)
			}
			judged := test.code < 2 || test.incomplete
			for name, want := range map[string]bool{"sarif=": judged, "upload=": test.code < 2, "markdown=": judged} {
				if strings.Contains(outputs, name) != want {
					t.Errorf("outputs %q", outputs)
				}
			}
			if strings.Contains(out, "the findings are not uploaded") != (test.code == 3) {
				t.Errorf("output %q", out)
			}
			if strings.Contains(r.file("summary"), "Redis") != judged {
				t.Errorf("summary %q", r.file("summary"))
			}
			for line := range strings.Lines(outputs) {
				name, path, _ := strings.Cut(strings.TrimSpace(line), "=")
				if name != "sarif" && name != "upload" {
					continue
				}
				raw, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := strings.Contains(string(raw), "suppressions"), test.exempt && name == "sarif"; got != want {
					t.Errorf("%s tells what is exempt: %v, want %v", name, got, want)
				}
			}
			if r.file("pwned") != "" {
				t.Error("a command of the input ran")
			}
		})
	}
}

// checkInWorkingDirectory judges plans of a root module in a subfolder: they are shown
// there, and their findings have the paths of the repository.
func checkInWorkingDirectory(t *testing.T, program string) {
	t.Helper()
	const saved, place = "infra/plan.tfplan", "::error file=infra/main.tf,line=13,"
	folder := filepath.Join(root(t), filepath.Dir(plan))
	for name, test := range map[string]struct {
		plan, directory, config, args string
		code                          int
		want                          string
	}{
		"a saved plan":                       {plan: saved, directory: "infra", code: 1, want: place},
		"a saved plan elsewhere":             {plan: "plan.tfplan", directory: "infra", code: 1, want: place},
		"by an argument":                     {plan: saved, directory: ".", args: "--chdir=infra", code: 1, want: place},
		"JSON with the saved plan":           {plan: "infra/plan.json", directory: "infra", config: saved, code: 1, want: place},
		"JSON with the folder":               {plan: "infra/plan.json", directory: "infra", config: "infra", code: 1, want: place},
		"the root, where no provider is":     {plan: saved, directory: ".", code: 3, want: "cannot be shown in .: "},
		"a folder that is not there":         {plan: saved, directory: "$(touch pwned)", code: 3, want: "--chdir $(touch pwned): there is no"},
		"a folder that looks like an option": {plan: saved, directory: "--enforce=none", code: 3, want: "--chdir --enforce=none: there is no"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			r.tool("terraform", `[ -d .terraform ] || { echo "Error: Failed to load plugin schemas" >&2; exit 1; }; cat plan.json`)
			if err := os.MkdirAll(filepath.Join(r.dir, "infra", ".terraform"), 0o755); err != nil {
				t.Fatal(err)
			}
			for to, from := range map[string]string{
				"plan.tfplan": "plan.tfplan", "infra/plan.tfplan": "plan.tfplan", "infra/plan.json": "plan.json", "infra/main.tf": "main.tf",
			} {
				raw, err := os.ReadFile(filepath.Join(folder, from))
				if err == nil {
					err = os.WriteFile(filepath.Join(r.dir, filepath.FromSlash(to)), raw, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			r.env["PATH"] = filepath.Dir(program) + ":" + r.env["PATH"]
			r.env["PLAN"], r.env["WORKING_DIRECTORY"], r.env["CONFIG"], r.env["ARGS"] = test.plan, test.directory, test.config, test.args
			code, out := r.run("check.sh")
			if code != test.code || !strings.Contains(out, test.want) {
				t.Errorf("exit code %d, want %d, and %q in\n%s", code, test.code, test.want, out)
			}
			if r.file("pwned") != "" {
				t.Error("a command of the input ran")
			}
		})
	}
}

func TestActionComments(t *testing.T) {
	for name, test := range map[string]struct {
		earlier   string // ids of comments
		fails     string // of which request
		inputName string
		want      string // in what was called
		out       string
	}{
		"anew":             {want: "--method\nPOST\nrepos/octo/shop/issues/7/comments\n"},
		"over its own":     {earlier: "41\n42", want: "--method\nPATCH\nrepos/octo/shop/issues/comments/41\n"},
		"not from a fork":  {fails: "POST", out: "::warning title=redisbaseline::No comment was written: the job needs the permission"},
		"not without read": {fails: "graphql", out: "the comments of the pull request cannot be read"},
		"not under a name that ends the marker": {
			inputName: "x --> y", out: "the input name has other characters",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			r.tool("gh", `
case " $* " in *" $FAILS "*) exit 1 ;; *" graphql "*) echo "$EARLIER" ;; esac
for argument; do case $argument in body=@*) cp "${argument#body=@}" "$RUNNER_TEMP/body" ;; esac; done`)
			report := filepath.Join(r.dir, "report.md")
			if err := os.WriteFile(report, []byte("### Report\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			r.env["MARKDOWN"], r.env["PULL_REQUEST"], r.env["NAME"] = report, "7", "live/west europe"
			r.env["EARLIER"], r.env["FAILS"] = test.earlier, test.fails
			if test.fails == "" {
				r.env["FAILS"] = "nothing"
			}
			if test.inputName != "" {
				r.env["NAME"] = test.inputName
			}
			code, out := r.run("comment.sh")
			if code != 0 || !strings.Contains(out, test.out) || (test.out == "" && out != "") {
				t.Errorf("exit code %d, want %q in\n%s", code, test.out, out)
			}
			if !strings.Contains(r.file("calls"), test.want) {
				t.Errorf("called\n%s", r.file("calls"))
			}
			if test.want != "" && r.file("temp/body") != "<!-- redisbaseline: live/west europe -->\n### Report\n" {
				t.Errorf("body %q", r.file("temp/body"))
			}
		})
	}
}

// No input may stand in a script: there it would be a part of the program.
func TestActionTakesInputsFromEnvironment(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Steps []struct{ Run, Uses string }
		}
	}
	read(t, "action.yml", &action)
	for _, step := range action.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("an expression stands in the script %q", step.Run)
		}
		if step.Uses != "" && !regexp.MustCompile(`@[0-9a-f]{40}$`).MatchString(step.Uses) {
			t.Errorf("%s is not pinned to a commit", step.Uses)
		}
	}

	// The action and the program of one tag are released together.
	changes, err := os.ReadFile(filepath.Join(root(t), "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## (\S+)`).FindSubmatch(changes)
	if newest == nil || action.Inputs["version"].Default != string(newest[1]) {
		t.Errorf("the action fetches %q, and the newest version of CHANGELOG.md is %q", action.Inputs["version"].Default, newest)
	}
}
