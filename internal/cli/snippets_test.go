package cli

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	pipelines   = "../../examples/plan-gate/ci/"
	archiveName = "redisbaseline_0.1.0_linux_amd64.tar.gz"
	failing     = "../tfplan/testdata/plans/insecure-public-cache/"
	passing     = "../tfplan/testdata/plans/azurerm-v4-hardened/"
)

// runner is the machine on which a CI system runs the shell parts of its pipeline: a
// folder, variables, a server of downloads and of the system's API, and stand-ins of the
// programs that ask Azure or a registry.
type runner struct {
	t   *testing.T
	dir string
	env map[string]string
	api *httptest.Server
	mux *http.ServeMux
	// serving is held while the server answers. The shell takes it before and after a run, so
	// that what a handler saw and wrote is ordered with what the test does.
	serving sync.Mutex
	down    map[string][]byte // by the last part of the address
}

func newRunner(t *testing.T, plan string) *runner {
	t.Helper()
	for _, program := range []string{"bash", "curl", "jq", "sha256sum", "tar", "unzip"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the pipelines need %s, which is not here", program)
		}
	}
	r := &runner{t: t, dir: t.TempDir(), mux: http.NewServeMux()}
	r.api = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.serving.Lock()
		defer r.serving.Unlock()
		r.mux.ServeHTTP(w, req)
	}))
	t.Cleanup(r.api.Close)
	r.mux.HandleFunc("/download/{name}", func(w http.ResponseWriter, req *http.Request) { _, _ = w.Write(r.down[req.PathValue("name")]) })
	r.plan(plan)

	self, err := exec.LookPath("redisbaseline")
	if err != nil {
		t.Fatal(err)
	}
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal(err)
	}
	terraform := `#!/bin/sh
case $1 in -chdir=*) cd "${1#-chdir=}" && shift ;; esac
case "$*" in
"init -input=false") mkdir -p .terraform ;;
"plan -input=false -out "*plan.tfplan) cp "$PLANS/plan.tfplan" "$4" ;;
"show -json"*)
	[ -d .terraform ] || { echo "Error: Failed to load plugin schemas" >&2; exit 1; }
	cat "$PLANS/plan.json" ;;
*) echo "terraform $*" >&2; exit 64 ;;
esac
`
	r.file("tools/terraform", terraform)
	r.file("tools/apk", "#!/bin/sh\n")
	r.file("tools/az", "#!/bin/sh\necho 11111111-1111-1111-1111-111111111111\n")
	// Downloads come from the server of the test; the rest of the command line is the pipeline's.
	r.file("tools/curl", fmt.Sprintf(`#!/bin/bash
args=()
for arg; do
	case $arg in https://github.com/*|https://releases.hashicorp.com/*) arg=%s/download/${arg##*/} ;; esac
	args+=("$arg")
done
exec %s "${args[@]}"
`, r.api.URL, curl))

	program := fmt.Sprintf("#!/bin/sh\nexec %q \"$@\"\n", self)
	archive, terraformZip := tarball(t, program), zipped(t, terraform)
	r.down = map[string][]byte{
		archiveName: archive, "terraform_1.14.0_linux_amd64.zip": terraformZip,
		"terraform_1.14.0_SHA256SUMS": fmt.Appendf(nil, "%x  terraform_1.14.0_linux_amd64.zip\n", sha256.Sum256(terraformZip)),
	}
	r.env = map[string]string{
		"PATH": filepath.Join(r.dir, "tools") + ":" + os.Getenv("PATH"), "HOME": r.dir, "PLANS": r.dir + "/plans",
		"REDISBASELINE_SHA256": fmt.Sprintf("%x", sha256.Sum256(archive)),
	}
	return r
}

// plan makes Terraform plan what stands in a folder from now on.
func (r *runner) plan(folder string) {
	for _, name := range []string{"plan.json", "plan.tfplan"} {
		r.file("plans/"+name, readText(r.t, folder+name))
	}
}

func (r *runner) file(name, content string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o700); err != nil { //nolint:gosec // programs among them
		r.t.Fatal(err)
	}
}

// has is whether the pipeline left a file that is not empty.
func (r *runner) has(name string) bool {
	info, err := os.Stat(filepath.Join(r.dir, "work", name))
	return err == nil && info.Size() > 0
}

// shell runs lines in the working copy, with variables beside those of the runner.
func (r *runner) shell(variables map[string]string, lines string, shell ...string) (code int, out string) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), shell[0], append(shell[1:], "-c", lines)...) //nolint:gosec // of the examples
	cmd.Dir = filepath.Join(r.dir, "work")
	if err := os.MkdirAll(cmd.Dir, 0o700); err != nil {
		r.t.Fatal(err)
	}
	for _, set := range []map[string]string{variables, r.env} {
		for name, value := range set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	r.await()
	raw, err := cmd.CombinedOutput()
	r.await()
	if err != nil && cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(raw)
}

// await waits until the server has answered what it was asked.
func (r *runner) await() {
	r.serving.Lock()
	defer r.serving.Unlock()
}

func tarball(t *testing.T, program string) []byte {
	t.Helper()
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	w := tar.NewWriter(compressed)
	err := w.WriteHeader(&tar.Header{Name: "redisbaseline", Mode: 0o755, Size: int64(len(program))})
	if err == nil {
		_, err = io.WriteString(w, program)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = compressed.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t *testing.T, program string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: "terraform"}
	header.SetMode(0o755)
	file, err := w.CreateHeader(header)
	if err == nil {
		_, err = io.WriteString(file, program)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readText(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// decode reads a file of the examples; keys that the type lacks are errors.
func decode[T any](t *testing.T, path string) (out T) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(readText(t, path)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&out); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}

// TestPipelineSnippets: each pipeline of the examples has a test below, which runs its
// shell parts as the system does.
func TestPipelineSnippets(t *testing.T) {
	files, err := filepath.Glob(pipelines + "*")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(file))
	}
	if want := []string{
		"atlantis.yaml", "azure-pipelines.yml", "env0.yml", "github-actions.yml", "github-review.yml", "gitlab-ci.yml",
		"gitlab-credential.json", "gitlab-review.yml", "pre-commit-config.yaml", "redisbaseline.sh", "scalr-post-plan.sh", "spacelift.yml",
	}; !slices.Equal(names, want) {
		t.Errorf("the examples are %v, tested are %v", names, want)
	}
}

func TestPipelineOfGitHub(t *testing.T) {
	type workflow struct {
		Name, On    string
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn string `yaml:"runs-on"`
			Env    map[string]string
			Steps  []struct {
				Name, Uses, Run string
				With            map[string]string
			}
		}
	}
	action, err := filepath.Abs("../../.github/action/check.sh")
	if err != nil {
		t.Fatal(err)
	}
	const mixed = "../../examples/azure-managed-redis/mixed-estate/"
	for _, test := range []struct {
		file, plan, rootModule string
		code                   int
		want                   string
	}{
		{pipelines + "github-actions.yml", failing, ".", exitObjections, "::error file=main.tf,line=13,"},
		{pipelines + "github-actions.yml", failing, "infra", exitObjections, "::error file=infra/main.tf,line=13,"},
		{pipelines + "github-actions.yml", passing, ".", exitOK, ""},
		{mixed + "github-actions.yml", "../tfplan/testdata/plans/mixed-estate/", "", exitObjections, "::warning file=main.tf,line=10,"},
	} {
		r := newRunner(t, test.plan)
		r.file("work/exemptions.yaml", readText(t, mixed+"exemptions.yaml"))
		r.file("work/infra/main.tf", "")
		judged := false
		job := decode[workflow](t, test.file).Jobs["plan"]
		directory := "." // the default of the input
		if test.rootModule != "" {
			job.Env["ROOT_MODULE"] = test.rootModule
			directory = test.rootModule
		}
		for _, step := range job.Steps {
			if step.Run != "" {
				if code, out := r.shell(job.Env, step.Run, "bash", "-e"); code != 0 {
					t.Errorf("%s: exit code %d\n%s", test.file, code, out)
				}
			}
			if strings.HasPrefix(step.Uses, "redisbaseline/") {
				judged = true
				if given := step.With["working-directory"]; test.rootModule != "" && given != "${{ env.ROOT_MODULE }}" {
					t.Errorf("%s: the working-directory is %q", test.file, given)
				}
				code, out := r.shell(map[string]string{
					"PLAN": step.With["plan"], "WORKING_DIRECTORY": directory, "CONFIG": step.With["config"], "ARGS": step.With["args"],
					"RUNNER_TEMP": r.dir, "GITHUB_OUTPUT": r.dir + "/output", "GITHUB_STEP_SUMMARY": r.dir + "/summary",
				}, action, "bash", "-e")
				if code != test.code || !strings.Contains(readText(t, r.dir+"/output"), "markdown=") || !strings.Contains(out, test.want) {
					t.Errorf("%s: exit code %d, want %d, and %q in\n%s", test.file, code, test.code, test.want, out)
				}
			}
		}
		if !judged {
			t.Errorf("%s does not judge", test.file)
		}
	}
}

// gitlabPipeline is a .gitlab-ci.yml of two jobs.
type gitlabPipeline struct {
	Workflow  struct{ Rules []map[string]string }
	Variables map[string]string
	Plan      gitlabJob
	Judge     gitlabJob `yaml:"redis-baseline"`
}

type gitlabJob struct {
	Stage     string
	Image     any
	Needs     []string
	IDTokens  map[string]map[string]string `yaml:"id_tokens"`
	Variables map[string]string
	Before    []string `yaml:"before_script"`
	Script    []string
	After     []string `yaml:"after_script"`
	Artifacts struct {
		Paths    []string
		Access   string
		ExpireIn string `yaml:"expire_in"`
		When     string
		Reports  map[string]string
	}
}

// run does what a GitLab Runner does: the script after what comes before it in one
// shell, then what comes after it in another, whose exit code does not count.
func (j gitlabJob) run(r *runner) (code int, out, after string) {
	lines := func(script []string) string { return strings.Join(script, "\n") }
	code, out = r.shell(j.Variables, lines(append(slices.Clone(j.Before), j.Script...)), "bash", "-eo", "pipefail")
	_, after = r.shell(j.Variables, lines(j.After), "bash", "-eo", "pipefail")
	return code, out, after
}

// gitlabNotes plays GitLab's notes of merge request 7: those of other people, one of
// which has the marker, fill more than a page.
func gitlabNotes(r *runner) (of func(author int) []string) {
	type note struct {
		ID     int            `json:"id"`
		Body   string         `json:"body"`
		Author map[string]int `json:"author"`
	}
	notes := []note{{1, "<!-- redisbaseline -->\nmine", map[string]int{"id": 5}}}
	for id := 2; id <= 130; id++ {
		notes = append(notes, note{id, "added 1 commit", map[string]int{"id": 5}})
	}
	const list = "/api/projects/42/merge_requests/7/notes"
	handle := func(pattern string, answer func(req *http.Request, body string) any) {
		r.mux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) {
			if req.Header.Get("PRIVATE-TOKEN") != "glpat-secret" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			var sent struct{ Body string }
			_ = json.NewDecoder(req.Body).Decode(&sent)
			_ = json.NewEncoder(w).Encode(answer(req, sent.Body))
		})
	}
	handle("GET /api/user", func(*http.Request, string) any { return map[string]int{"id": 9} })
	handle("GET "+list, func(req *http.Request, _ string) any {
		page, _ := strconv.Atoi(req.FormValue("page"))
		size, _ := strconv.Atoi(req.FormValue("per_page"))
		from := min((page-1)*size, len(notes))
		return notes[from:min(from+size, len(notes))]
	})
	handle("POST "+list, func(_ *http.Request, body string) any {
		notes = append(notes, note{len(notes) + 1, body, map[string]int{"id": 9}})
		return notes[len(notes)-1]
	})
	handle("PUT "+list+"/{id}", func(req *http.Request, body string) any {
		id, _ := strconv.Atoi(req.PathValue("id"))
		notes[id-1].Body = body
		return notes[id-1]
	})
	return func(author int) (out []string) {
		for _, n := range notes {
			if n.Author["id"] == author {
				out = append(out, n.Body)
			}
		}
		return out
	}
}

func TestPipelineOfGitLab(t *testing.T) {
	pipeline := decode[gitlabPipeline](t, pipelines+"gitlab-ci.yml")
	r := newRunner(t, failing)
	notesOf := gitlabNotes(r)
	maps.Copy(r.env, pipeline.Variables)
	maps.Copy(r.env, map[string]string{"CI_API_V4_URL": r.api.URL + "/api", "CI_PROJECT_ID": "42"})
	delete(pipeline.Judge.Variables, "REDISBASELINE_SHA256") // the runner has that of its archive
	judge := func(wantCode int, wantAfter string) {
		t.Helper()
		if code, out, _ := pipeline.Plan.run(r); code != 0 {
			t.Fatalf("plan: exit code %d\n%s", code, out)
		}
		code, out, after := pipeline.Judge.run(r)
		if code != wantCode || !strings.Contains(after, wantAfter) || (wantAfter == "" && after != "") {
			t.Errorf("exit code %d, want %d\n%s\nafter the script, want %q\n%s", code, wantCode, out, wantAfter, after)
		}
		for _, report := range pipeline.Judge.Artifacts.Reports {
			if !r.has(report) {
				t.Errorf("no %s", report)
			}
		}
	}

	place := func(want string) {
		t.Helper()
		if report := readText(t, r.dir+"/work/codequality.json"); !strings.Contains(report, `"path":"`+want+`"`) {
			t.Errorf("no finding is in %s: %s", want, report)
		}
	}

	judge(exitObjections, "") // of a branch
	place("main.tf")
	r.file("work/infra/main.tf", "")
	r.env["ROOT_MODULE"] = "infra"
	judge(exitObjections, "")
	place("infra/main.tf")
	r.env["CI_MERGE_REQUEST_IID"] = "7"
	judge(exitObjections, "No note was written: set the variable GITLAB_NOTE_TOKEN")
	r.env["GITLAB_NOTE_TOKEN"] = "another"
	judge(exitObjections, "error: 401")
	r.env["GITLAB_NOTE_TOKEN"] = "glpat-secret"
	judge(exitObjections, "")
	first := notesOf(9)
	r.plan(passing)
	judge(exitOK, "")
	second := notesOf(9)
	if len(first) != 1 || len(second) != 1 || first[0] == second[0] || !strings.HasPrefix(second[0], "<!-- redisbaseline -->\n#") {
		t.Errorf("notes after the first run %q, after the second %q", first, second)
	}
	if others := notesOf(5); len(others) != 130 || others[0] != "<!-- redisbaseline -->\nmine" {
		t.Errorf("notes of others were changed: %d, %q", len(others), others[0])
	}

	r.env["REDISBASELINE_SHA256"] = ""
	if code, out, _ := pipeline.Judge.run(r); code == 0 || !strings.Contains(out, "no properly formatted checksum lines") {
		t.Errorf("without a checksum: exit code %d\n%s", code, out)
	}
}

// TestGitLabCredential: the federated credential fits the token that the plan job asks for,
// of any branch of the one project.
func TestGitLabCredential(t *testing.T) {
	type credential struct {
		Name, Issuer string
		Audiences    []string
		Claims       struct {
			Version int `yaml:"languageVersion"`
			Value   string
		} `yaml:"claimsMatchingExpression"`
	}
	c := decode[credential](t, pipelines+"gitlab-credential.json") // JSON is YAML
	token := decode[gitlabPipeline](t, pipelines+"gitlab-ci.yml").Plan.IDTokens["ARM_OIDC_TOKEN"]
	if !slices.Equal(c.Audiences, []string{token["aud"]}) || c.Claims.Version != 1 {
		t.Errorf("the credential is %+v, the token %v", c, token)
	}
	m := regexp.MustCompile(`^claims\['sub'\] matches '([^']*)' and claims\['project_id'\] eq '[^']+'$`).FindStringSubmatch(c.Claims.Value)
	if m == nil {
		t.Fatalf("the expression is %s", c.Claims.Value)
	}
	for sub, want := range map[string]bool{
		"project_path:GROUP/PROJECT:ref_type:branch:ref:feature/cache": true,
		"project_path:GROUP/OTHER:ref_type:branch:ref:main":            false,
		"project_path:GROUP/PROJECT:ref_type:tag:ref:v1":               false,
	} {
		if fits := strings.HasPrefix(sub, strings.TrimSuffix(m[1], "*")); fits != want {
			t.Errorf("%s fits %s: %v", sub, m[1], fits)
		}
	}
}

// azurePipeline is an azure-pipelines.yml of one job.
type azurePipeline struct {
	Trigger   []string
	Pool      map[string]string
	Variables map[string]string
	Steps     []azureStep
}

type azureStep struct {
	Script, Task    string
	DisplayName     string `yaml:"displayName"`
	Condition       string
	ContinueOnError bool `yaml:"continueOnError"`
	Env             map[string]string
	Inputs          map[string]string
}

// run does what an agent does with the steps that are scripts, and returns the status of
// the job and what was printed.
func (p azurePipeline) run(r *runner) (status, out string) {
	// Inputs of the tasks, as their definitions name them.
	inputs := map[string][]string{
		"AzureCLI@2":                 {"addSpnToEnvironment", "azureSubscription", "inlineScript", "scriptLocation", "scriptType"},
		"PublishTestResults@2":       {"testResultsFiles", "testResultsFormat", "testRunTitle"},
		"AdvancedSecurity-Publish@1": {"Category", "SarifsInputDirectory"},
	}
	prepend := regexp.MustCompile(`(?m)^##vso\[task\.prependpath\](.*)$`)
	path := r.env["PATH"]
	defer func() { r.env["PATH"] = path }()
	status = "Succeeded"
	for _, step := range p.Steps {
		if step.Task != "" && !slices.Equal(slices.Sorted(maps.Keys(step.Inputs)), inputs[step.Task]) {
			r.t.Errorf("inputs of %s are %v", step.Task, step.Inputs)
		}
		script := step.Script + step.Inputs["inlineScript"]
		if script == "" || (status != "Succeeded" && step.Condition == "") {
			continue
		}
		variables := maps.Clone(p.Variables)
		maps.Copy(variables, map[string]string{"AGENT_TEMPDIRECTORY": r.dir + "/agent", "AGENT_JOBSTATUS": status})
		delete(variables, "REDISBASELINE_SHA256")
		if _, ok := step.Env["SYSTEM_ACCESSTOKEN"]; ok {
			variables["SYSTEM_ACCESSTOKEN"] = "job-secret"
		}
		if step.Task == "AzureCLI@2" {
			maps.Copy(variables, map[string]string{"idToken": "t", "servicePrincipalId": "p", "tenantId": "d"})
		}
		code, printed := r.shell(variables, script, "bash")
		out += printed
		if code != 0 {
			out += fmt.Sprintf("%s: exit code %d\n", step.DisplayName, code)
			if !step.ContinueOnError {
				status = "Failed"
			}
		}
		if m := prepend.FindStringSubmatch(printed); m != nil {
			r.env["PATH"] = m[1] + ":" + r.env["PATH"]
		}
	}
	return status, out
}

// azureThread is a thread of a pull request in Azure Repos.
type azureThread struct {
	ID       int            `json:"id"`
	Status   string         `json:"status"`
	Comments []azureComment `json:"comments"`
}

type azureComment struct {
	ID      int               `json:"id"`
	Author  map[string]string `json:"author"`
	Content string            `json:"content,omitempty"`
}

// azureThreads plays the threads of pull request 7: one of the service without a text, one
// of a person who wrote the marker.
type azureThreads struct {
	list []azureThread
	// fails is the path of a GET that is answered with 500.
	fails string
}

const azureMarker = "<!-- redisbaseline -->\n"

func newAzureThreads(r *runner) *azureThreads {
	build, person := map[string]string{"id": "build-service"}, map[string]string{"id": "jane"}
	threads := &azureThreads{list: []azureThread{
		{1, "", []azureComment{{ID: 1, Author: build}}}, {2, "active", []azureComment{{1, person, azureMarker + "Why?"}}},
	}}
	const list = "/org/project/_apis/git/repositories/repo/pullRequests/7/threads"
	const identity = "/org/_apis/connectionData"
	handle := func(pattern string, answer func(req *http.Request, sent azureThread, text string) any) {
		r.mux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) {
			version := "7.1"
			if req.URL.Path == identity { // of which every version is a preview
				version = "7.1-preview"
			}
			switch {
			case req.Header.Get("Authorization") != "Bearer job-secret" || req.FormValue("api-version") != version:
				w.WriteHeader(http.StatusUnauthorized)
				return
			case req.Method == http.MethodGet && threads.fails != "" && strings.HasSuffix(req.URL.Path, threads.fails):
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			var sent struct {
				azureThread
				Content string `json:"content"`
			}
			_ = json.NewDecoder(req.Body).Decode(&sent)
			_ = json.NewEncoder(w).Encode(answer(req, sent.azureThread, sent.Content))
		})
	}
	at := func(req *http.Request) int {
		id, _ := strconv.Atoi(req.PathValue("thread"))
		return id - 1
	}
	handle("GET "+identity, func(*http.Request, azureThread, string) any { return map[string]any{"authenticatedUser": build} })
	handle("GET "+list, func(*http.Request, azureThread, string) any { return map[string]any{"value": threads.list} })
	handle("POST "+list, func(_ *http.Request, sent azureThread, _ string) any {
		sent.ID, sent.Comments[0].ID, sent.Comments[0].Author = len(threads.list)+1, 1, build
		threads.list = append(threads.list, sent)
		return sent
	})
	handle("PATCH "+list+"/{thread}", func(req *http.Request, sent azureThread, _ string) any {
		threads.list[at(req)].Status = sent.Status
		return sent
	})
	handle("PATCH "+list+"/{thread}/comments/1", func(req *http.Request, _ azureThread, text string) any {
		threads.list[at(req)].Comments[0].Content = text
		return azureComment{1, build, text}
	})
	return threads
}

func TestPipelineOfAzure(t *testing.T) {
	pipeline := decode[azurePipeline](t, pipelines+"azure-pipelines.yml")
	r := newRunner(t, failing)
	threads := newAzureThreads(r)
	maps.Copy(r.env, map[string]string{
		"BUILD_REASON": "IndividualCI", "BUILD_REPOSITORY_PROVIDER": "TfsGit", "BUILD_REPOSITORY_ID": "repo",
		"SYSTEM_COLLECTIONURI": r.api.URL + "/org/", "SYSTEM_TEAMPROJECTID": "project",
	})
	run := func(wantStatus string, wantThreads int, wants ...string) {
		t.Helper()
		status, out := pipeline.run(r)
		if status != wantStatus || len(threads.list) != wantThreads {
			t.Errorf("%s, want %s; %d threads, want %d\n%s", status, wantStatus, len(threads.list), wantThreads, out)
		}
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%q is missing in\n%s", want, out)
			}
		}
		if r.has("plan.json") || r.has("plan.tfplan") {
			t.Error("the plan is left behind")
		}
	}

	run("Failed", 2, "##vso[task.logissue type=error;sourcepath=main.tf;", "##vso[task.uploadsummary]", "/work/report.md\n")
	if !r.has("junit.xml") || !r.has("../agent/sarif/redisbaseline.sarif") {
		t.Error("a report is missing")
	}
	r.file("work/infra/main.tf", "")
	pipeline.Variables["ROOT_MODULE"] = "infra"
	run("Failed", 2, "##vso[task.logissue type=error;sourcepath=infra/main.tf;linenumber=13;")
	maps.Copy(r.env, map[string]string{"BUILD_REASON": "PullRequest", "SYSTEM_PULLREQUEST_PULLREQUESTID": "7"})
	run("Failed", 3)
	first := threads.list[2]
	first.Comments = slices.Clone(first.Comments)
	r.plan(passing)
	run("Succeeded", 3)
	second := threads.list[2]
	if text := second.Comments[0].Content; first.Status != "active" || second.Status != "fixed" || text == first.Comments[0].Content ||
		!strings.HasPrefix(text, azureMarker+"#") {
		t.Errorf("the thread after the first run is %v, after the second %v", first, second)
	}
	if threads.list[1].Comments[0].Content != azureMarker+"Why?" {
		t.Errorf("the thread of a person is %v", threads.list[1])
	}
	for _, threads.fails = range []string{"/threads", "/connectionData"} { // no second thread
		run("Succeeded", 3, "error: 500", "Write the report: exit code 22")
	}
	threads.fails = ""

	delete(r.env, "SYSTEM_PULLREQUEST_PULLREQUESTID")
	run("Succeeded", 3, "SYSTEM_PULLREQUEST_PULLREQUESTID: unbound variable")
	delete(r.env, "REDISBASELINE_SHA256")
	run("Failed", 3, "REDISBASELINE_SHA256: unbound variable")
}

func TestPipelineOfAtlantis(t *testing.T) {
	type file struct {
		Repos []struct {
			ID, Workflow      string
			PolicyCheck       bool `yaml:"policy_check"`
			CustomPolicyCheck bool `yaml:"custom_policy_check"`
		}
		Workflows map[string]struct {
			PolicyCheck struct{ Steps []any } `yaml:"policy_check"`
		}
		Policies struct {
			Owners     map[string][]string
			PolicySets []struct {
				Name, Path, Source string
				PreventSelfApprove bool `yaml:"prevent_self_approve"`
			} `yaml:"policy_sets"`
		}
	}
	config := decode[file](t, pipelines+"atlantis.yaml")
	var script string
	for _, step := range config.Workflows[config.Repos[0].Workflow].PolicyCheck.Steps {
		if step, ok := step.(map[string]any); ok {
			script, _ = step["run"].(string)
		}
	}
	if config.Policies.PolicySets[0].Name != "Custom" {
		t.Error("Atlantis takes approvals of a custom check for the policy set of that name only")
	}
	for name, test := range map[string]struct {
		plan, from, to string
		passes         bool
		want           string
	}{
		"passes": {passing, "", "", true, "1 compliant"},
		"passes with the letters that Atlantis looks for": {
			passing, "azurerm_redis_cache.orders", "azurerm_redis_cache.FailOver", true, "azurerm_redis_cache.F-ailOver",
		},
		"objections": {failing, "", "", false, "introduced, fails"},
		"not a plan": {passing, `"format_version"`, `"version"`, false, "plan.json"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t, test.plan)
			if test.from != "" {
				r.file("plans/plan.json", strings.ReplaceAll(readText(t, test.plan+"plan.json"), test.from, test.to))
			}
			code, out := r.shell(map[string]string{"PLANFILE": r.dir + "/plans/plan.tfplan", "SHOWFILE": r.dir + "/plans/plan.json"}, script, "sh")
			if code != 0 { // Atlantis would show no report
				t.Errorf("exit code %d", code)
			}
			if passes := !strings.Contains(strings.ToLower(out), "fail"); passes != test.passes || !strings.Contains(out, test.want) {
				t.Errorf("Atlantis lets it pass: %v, want %v, and %q in\n%s", passes, test.passes, test.want, out)
			}
		})
	}
}

// Spacelift, env0 and Scalr call one script with a saved plan.
func TestPipelineHooks(t *testing.T) {
	spacelift := decode[struct {
		Version  string
		Defaults struct {
			AfterPlan []string `yaml:"after_plan"`
		} `yaml:"stack_defaults"`
	}](t, pipelines+"spacelift.yml")
	env0 := decode[struct {
		Version int
		Deploy  struct {
			Steps map[string]map[string][]struct{ Name, Run string }
		}
	}](t, pipelines+"env0.yml")
	scalr := strings.Replace(readText(t, pipelines+"scalr-post-plan.sh"), "/opt/data/", "", 1) // the folder of Scalr's own machine
	for _, test := range []struct{ line, plan string }{
		{strings.Join(spacelift.Defaults.AfterPlan, "\n"), "spacelift.plan"},
		{env0.Deploy.Steps["terraformPlan"]["after"][0].Run, ".tf-plan"},
		{scalr, "terraform.tfplan.bin"},
	} {
		for folder, want := range map[string]int{failing: exitObjections, passing: exitOK} {
			r := newRunner(t, folder)
			r.env["SCALR_TERRAFORM_EXIT_CODE"] = "0"
			r.file("work/.terraform/modules/modules.json", "{}")
			r.file("work/redisbaseline.sh", readText(t, pipelines+"redisbaseline.sh"))
			r.file("work/"+test.plan, readText(t, folder+"plan.tfplan"))
			if code, out := r.shell(nil, test.line, "sh", "-e"); code != want || !strings.Contains(out, "features:") {
				t.Errorf("%s: exit code %d, want %d\n%s", test.line, code, want, out)
			}
			r.down[archiveName] = tarball(t, "#!/bin/sh\n")
			if code, out := r.shell(nil, test.line, "sh", "-e"); code == 0 || !strings.Contains(out, "did NOT match") {
				t.Errorf("%s with another archive: exit code %d\n%s", test.line, code, out)
			}
			delete(r.env, "REDISBASELINE_SHA256")
			if code, out := r.shell(nil, test.line, "sh", "-e"); code == 0 || !strings.Contains(out, "REDISBASELINE_SHA256: is not set") {
				t.Errorf("%s without a checksum: exit code %d\n%s", test.line, code, out)
			}
			r.env["SCALR_TERRAFORM_EXIT_CODE"] = "1" // the plan failed
			if code, out := r.shell(nil, scalr, "sh", "-e"); code != 0 || out != "" {
				t.Errorf("%s after a failed plan: exit code %d\n%s", scalr, code, out)
			}
		}
	}
}

func TestPipelineOfPreCommit(t *testing.T) {
	config := decode[struct {
		Repos []struct {
			Repo, Rev string
			Hooks     []struct{ ID string }
		}
	}](t, pipelines+"pre-commit-config.yaml")
	hooks := decode[[]struct {
		ID, Name, Description, Language, Entry, Files string
		Args                                          []string
		PassFilenames                                 *bool  `yaml:"pass_filenames"`
		RequireSerial                                 bool   `yaml:"require_serial"`
		Minimum                                       string `yaml:"minimum_pre_commit_version"`
	}](t, "../../.pre-commit-hooks.yaml")
	if config.Repos[0].Hooks[0].ID != hooks[0].ID {
		t.Errorf("there is no hook %q", config.Repos[0].Hooks[0].ID)
	}
	files := regexp.MustCompile(hooks[0].Files)
	for name, want := range map[string]bool{"plan.json": true, "tests/tfplan.json": true, "floorplan.json": false, "plan.json.md": false} {
		if files.MatchString(name) != want {
			t.Errorf("%q matches %s: %v", hooks[0].Files, name, !want)
		}
	}
	program, args, _ := strings.Cut(hooks[0].Entry, " ")
	if program != "terraform-provider-redisbaseline" { // as go install calls the program of this module
		t.Errorf("there is no program %q", program)
	}
	r := newRunner(t, failing)
	if code, out := r.shell(nil, "redisbaseline "+args+" \"$PLANS/plan.json\"", "sh"); code != exitObjections {
		t.Errorf("exit code %d\n%s", code, out)
	}
}
