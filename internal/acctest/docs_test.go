package acctest

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"go.yaml.in/yaml/v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// notRun are the snippets that are parsed and not run, by page and beginning, with the
// reason. Every entry has to stand for a snippet.
var notRun = map[string]string{
	"README.md: git clone":                      "needs the network",
	"README.md: make install":                   "builds the program",
	"README.md: make dev-overrides":             "TestDevOverrides runs what stands behind it",
	"README.md: lifecycle {":                    "part of a resource; examples/postcondition is planned",
	"docs/index.md: git clone":                  "needs the network",
	"docs/index.md: make dev-":                  "TestDevOverrides runs what stands behind it",
	"docs/resources/cache.md: terraform import": "imports from Azure; TestCacheImportExamples runs it",
	"docs/resources/cache.md: import {\n  to = redisbaseline_cache.orders\n  identity": "needs Terraform 1.12; TestCacheImportExamples",
	"docs/list-resources/cache.md: list ":                                              "needs Terraform 1.14; TestCacheQueryExample lists so",

	"docs/guides/existing-caches.md: list ":            "needs Terraform 1.14; TestCacheQueryExample lists so",
	"docs/guides/existing-caches.md: terraform query ": "needs Terraform 1.14; TestCacheQueryExample lists so",
	"docs/guides/existing-caches.md: terraform plan ":  "plans imports from Azure; TestCacheQueryExample plans what is found",

	"docs/guides/plan-gate.md: # redisbaseline:exempt":       "part of a resource",
	"docs/guides/plan-gate.md: redisbaseline check --settin": "names a file of the operating system",
	"docs/guides/plan-gate.md: jq ":                          "needs jq; .github/action/check.sh has the same line",
	"docs/guides/plan-gate.md: terragrunt run ":              "needs Terragrunt; TestScripts/several_plans has what it prints",

	"docs/guides/without-a-plan.md: redisbaseline check --config . --recursive": "needs several directories; TestScripts has them",
	"docs/guides/without-a-plan.md: # .pre-commit":                              "needs pre-commit; TestHookWithoutPlan runs it",

	"docs/guides/ci.md: # .github/":    "needs GitHub; TestPipelineOfGitHub and TestPipelineOfGitHubReview run its shell parts",
	"docs/guides/ci.md: # A job":       "needs GitLab; TestPipelineOfGitLabReview runs its shell parts",
	"docs/guides/ci.md: # .gitlab-ci":  "needs GitLab; TestPipelineOfGitLab runs its shell parts",
	"docs/guides/ci.md: # azure-pip":   "needs Azure Pipelines; TestPipelineOfAzure runs its shell parts",
	"docs/guides/ci.md: # repos.yaml":  "needs Atlantis; TestPipelineOfAtlantis runs its shell parts",
	"docs/guides/ci.md: #!/bin/sh":     "fetches a release; TestPipelineHooks runs it",
	"docs/guides/ci.md: # .spacelift":  "needs Spacelift; TestPipelineHooks runs its line",
	"docs/guides/ci.md: # env0.yml":    "needs env0; TestPipelineHooks runs its line",
	"docs/guides/ci.md: test ":         "needs Scalr; TestPipelineHooks runs its line",
	"docs/guides/ci.md: gh api ":       "needs GitHub",
	"docs/guides/ci.md: az rest ":      "needs Azure; TestGitLabCredential checks what it sends",
	"docs/guides/ci.md: # .pre-commit": "needs pre-commit; TestPipelineOfPreCommit runs the hook's line",

	"docs/guides/auditors.md: # .github/": "needs GitHub; TestAuditorsWorkflow runs its shell parts",

	"docs/guides/testing-modules.md: terraform init":      "needs the network",
	"docs/guides/testing-modules.md: terraform test":      "TestModuleTestGuide runs it",
	"docs/guides/testing-modules.md: # Nothing is crea":   "of a test file; TestModuleTestGuide runs it",
	"docs/guides/testing-modules.md: # Each cache":        "of a test file; TestModuleTests runs it",
	"docs/guides/testing-modules.md: mock_provider":       "of a test file; TestModuleTestGuide runs it",
	"docs/guides/testing-modules.md: override_resource":   "of a test file; TestModuleTests has the same",
	"docs/guides/testing-modules.md: run \"public_is_ref": "of a test file; TestModuleTests runs it",

	"docs/guides/run-task.md: openssl":                     "needs openssl",
	"docs/guides/run-task.md: redisbaseline run-task --li": "serves until it is stopped",
	"docs/guides/run-task.md: terraform init":              "needs HCP Terraform",
	"docs/guides/run-task.md: # Registers":                 "has no stub of the provider tfe",
	"docs/guides/run-task.md: # The run task in":           "has no stub of Azure Container Apps",

	"docs/guides/moving-from-azurerm.md: removed {\n  from = azurerm_redis_firewall_rule": "part of a resource",

	"docs/guides/azure-managed-redis.md: terraform -chdir": "TestManagedGuide runs it",
	"docs/guides/azure-managed-redis.md: redisbaseline ":   "TestManagedGuide runs it",
	"docs/guides/azure-managed-redis.md: # .github/":       "needs GitHub; TestPipelineOfGitHub runs its shell parts",

	"docs/guides/moving-to-azure-managed-redis.md: terraform ":             "TestMoveToManagedRedis runs it",
	"docs/guides/moving-to-azure-managed-redis.md: redisbaseline ":         "TestMoveToManagedRedis runs it",
	"docs/guides/moving-to-azure-managed-redis.md: cp ":                    "TestMoveToManagedRedis runs it",
	"docs/guides/moving-to-azure-managed-redis.md: rm ":                    "TestMoveToManagedRedis runs it",
	"docs/guides/moving-to-azure-managed-redis.md: try=":                   "TestTryTheMove runs it",
	"docs/guides/moving-to-azure-managed-redis.md: \"$try":                 "TestTryTheMove runs it",
	"docs/guides/moving-to-azure-managed-redis.md: az ":                    "needs Azure",
	"docs/guides/moving-to-azure-managed-redis.md: # What uses the caches": "of examples/migrate/moved; TestMoveToManagedRedis plans it",
}

// snippet is a fenced block of a page.
type snippet struct {
	language, text string
	// after is the number of lines since the snippet before it on the page.
	after int
}

var fence = regexp.MustCompile("^( *)```([a-z]*)$")

// snippetsOf returns the fenced blocks of a page that have a language, in their order.
func snippetsOf(page string) []snippet {
	var out []snippet
	var open *snippet
	var indent string
	lines := 0
	for _, line := range strings.SplitAfter(page, "\n") {
		marker := fence.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		switch {
		case open == nil && marker != nil:
			open, indent = &snippet{language: marker[2], after: lines}, marker[1]
		case open != nil && marker != nil:
			if out = append(out, *open); open.language == "" {
				out = out[:len(out)-1]
			}
			open, lines = nil, 0
		case open != nil:
			open.text += strings.TrimPrefix(line, indent)
		default:
			lines++
		}
	}
	return out
}

// TestDocumentation pastes the snippets of each page in their order. Terraform takes each
// with what it lacks from those before it, shell lines run in one folder with the command
// line, a fake Azure and a stub of azurerm, and say what the page says they do. A YAML
// file whose first line is its name is written there.
func TestDocumentation(t *testing.T) {
	needTerraform(t)
	root := filepath.Join("..", "..")
	pages := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range found {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			// The examples of a rule are part of a resource, and are judged in the room of the rules.
			if page := filepath.ToSlash(rel); !strings.HasPrefix(page, "docs/guides/baseline") {
				pages = append(pages, page)
			}
		}
	}
	used := map[string]bool{}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		snippets := snippetsOf(string(text))
		run := make([]bool, len(snippets))
		for i, s := range snippets {
			run[i] = true
			for begin := range notRun {
				if strings.HasPrefix(page+": "+s.text, begin) {
					used[begin], run[i] = true, false
				}
			}
		}
		t.Run(page, func(t *testing.T) { paste(t, snippets, run) })
	}
	for _, begin := range slices.Sorted(maps.Keys(notRun)) {
		if !used[begin] {
			t.Errorf("no snippet begins with %q", begin)
		}
	}
}

// paste parses all snippets of a page and runs those that shall run.
func paste(t *testing.T, snippets []snippet, run []bool) {
	clone := t.TempDir()
	if err := os.CopyFS(filepath.Join(clone, "examples"), os.DirFS(filepath.Join("..", "..", "examples"))); err != nil {
		t.Fatal(err)
	}
	w := newWorkspaceIn(t, azurermtest.V5, clone)
	w.commandsOnPath()
	fake, endpoint := newAzure(t)
	const subscription = "00000000-0000-0000-0000-000000000000"
	fake.PutSubscription(armtest.Subscription{ID: subscription, ManagementGroups: []string{"mg-platform"}})
	fake.PutCache(armtest.Cache{Subscription: subscription, ResourceGroup: "rg-orders", Name: "redis-orders",
		Tags: map[string]string{"env": "prod", "owner": "shop"}})
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	// Pages that judge a plan before they show a configuration mean any.
	for _, name := range []string{"main.tf", "providers.tf"} {
		w.write(name, read(t, "examples/plan-gate/"+name))
	}
	var pasted configuration
	for i, s := range snippets {
		switch s.language {
		case "terraform", "hcl":
			if formatted := string(hclwrite.Format([]byte(s.text))); formatted != s.text {
				t.Errorf("terraform fmt would write\n%s", formatted)
			}
			file, diags := hclsyntax.ParseConfig([]byte(s.text), "snippet", hcl.InitialPos)
			if diags.HasErrors() {
				t.Errorf("%v\n%s", diags, s.text)
			} else if run[i] {
				body, _ := file.Body.(*hclsyntax.Body)
				pasted = append(pasted, blocksOf(body, s.text)...)
				w.write("main.tf", pasted.with(len(pasted)-len(body.Blocks)))
				w.write("providers.tf", "")
				if out, ok := w.run("validate", "-no-color"); !ok {
					t.Errorf("terraform validate of\n%s\n%s", pasted.with(len(pasted)-len(body.Blocks)), out)
				}
			}
		case "yaml":
			var document yaml.Node
			if err := yaml.Unmarshal([]byte(s.text), &document); err != nil {
				t.Errorf("%v\n%s", err, s.text)
			}
			for _, lines := range scriptsOf(&document) {
				if out, err := w.shell("-n", lines); err != nil {
					t.Errorf("%v\n%s\n%s", err, lines, out)
				}
			}
			if name, ok := strings.CutPrefix(strings.SplitN(s.text, "\n", 2)[0], "# "); ok && run[i] && filepath.Ext(name) == ".yaml" {
				w.write(name, s.text)
			}
		case "shell":
			if out, err := w.shell("-n", s.text); err != nil {
				t.Errorf("%v\n%s\n%s", err, s.text, out)
			} else if run[i] {
				out, err := w.shell("-e", s.text)
				if err != nil {
					t.Errorf("%v\n%s\n%s", err, s.text, out)
				}
				if i+1 < len(snippets) && snippets[i+1].language == "text" && snippets[i+1].after <= 3 {
					says(t, out, snippets[i+1].text)
				}
			}
		case "text", "dockerfile", "json", "lua":
		default:
			t.Errorf("a snippet in %s", s.language)
		}
	}
}

// scriptsOf are the shell lines in the definition of a pipeline.
func scriptsOf(n *yaml.Node) (out []string) {
	for i, child := range n.Content {
		out = append(out, scriptsOf(child)...)
		if n.Kind != yaml.MappingNode || i%2 == 0 {
			continue
		}
		switch n.Content[i-1].Value {
		case "before_script", "script", "after_script", "inlineScript", "run":
			if child.Kind == yaml.SequenceNode {
				for _, line := range child.Content {
					out = append(out, line.Value)
				}
			} else {
				out = append(out, child.Value)
			}
		}
	}
	return out
}

// commandsOnPath puts the command line and Terraform where a shell finds them. An
// objection, which has the exit code 1, does not end the shell.
func (w *workspace) commandsOnPath() {
	w.t.Helper()
	bin, program := w.t.TempDir(), filepath.Join(w.t.TempDir(), "redisbaseline")
	linkSelf(w.t, program)
	script := fmt.Sprintf("#!/bin/sh\n%q \"$@\" || [ $? -eq 1 ]\n", program)
	if err := os.WriteFile(filepath.Join(bin, "redisbaseline"), []byte(script), 0o700); err != nil { //nolint:gosec // a program
		w.t.Fatal(err)
	}
	if err := os.Symlink(w.path, filepath.Join(bin, "terraform")); err != nil {
		w.t.Fatal(err)
	}
	w.env = append(w.env, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "TF_CLI_ARGS=-no-color")
}

// shell runs lines and returns what they print.
func (w *workspace) shell(flag, lines string) (string, error) {
	cmd := exec.CommandContext(w.t.Context(), "sh", flag, "-c", lines) //nolint:gosec // of this documentation
	cmd.Dir, cmd.Env = w.dir, append(os.Environ(), w.env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// read is a file of the project.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// configuration are the blocks of all snippets so far.
type configuration []pastedBlock

// pastedBlock is a block at the top of a snippet.
type pastedBlock struct {
	text string
	// declares are the addresses that the block gives a meaning, refers those that it needs.
	declares, refers []string
}

func blocksOf(body *hclsyntax.Body, text string) (out []pastedBlock) {
	end := 0
	for i, block := range body.Blocks {
		until := block.CloseBraceRange.End.Byte
		if i == len(body.Blocks)-1 {
			until = len(text)
		}
		b := pastedBlock{text: text[end:until]}
		end = until
		labels := strings.Join(block.Labels, ".")
		switch block.Type {
		case "resource":
			b.declares = []string{labels}
		case "locals":
			for name := range block.Body.Attributes {
				b.declares = append(b.declares, "local."+name)
			}
		case "variable":
			b.declares = []string{"var." + labels}
		case "terraform":
			b.declares = []string{"terraform"}
		default:
			b.declares = []string{block.Type + "." + labels}
		}
		b.refers = []string{"terraform", "provider.azurerm", "provider.redisbaseline"}
		if block.Type != "moved" && block.Type != "removed" {
			_ = hclsyntax.VisitAll(block.Body, func(node hclsyntax.Node) hcl.Diagnostics {
				if e, ok := node.(*hclsyntax.ScopeTraversalExpr); ok {
					b.refers = append(b.refers, addressOf(e.Traversal))
				}
				return nil
			})
		}
		out = append(out, b)
	}
	return out
}

// addressOf is what a traversal leads to, as declares has it.
func addressOf(traversal hcl.Traversal) string {
	parts := []string{traversal.RootName()}
	size := 2
	if parts[0] == "data" || parts[0] == "ephemeral" {
		size = 3
	}
	for _, step := range traversal[1:] {
		if attr, ok := step.(hcl.TraverseAttr); ok && len(parts) < size {
			parts = append(parts, attr.Name)
		}
	}
	return strings.Join(parts, ".")
}

// with is the text of the last snippet, which begins at a block, after those blocks of
// earlier ones that declare what it lacks. Of several, the latest counts.
func (c configuration) with(from int) string {
	declared, taken := map[string]bool{}, map[int]bool{}
	take := func(i int) {
		taken[i] = true
		for _, address := range c[i].declares {
			declared[address] = true
		}
	}
	for i := from; i < len(c); i++ {
		take(i)
	}
	for i := len(c) - 1; i >= 0; i-- {
		if !taken[i] {
			continue
		}
		for _, address := range c[i].refers {
			for j := i - 1; j >= 0 && !declared[address]; j-- {
				if slices.Contains(c[j].declares, address) {
					take(j)
				}
			}
		}
	}
	var out strings.Builder
	for i, block := range c {
		if taken[i] {
			if text := out.String(); text != "" && !strings.HasSuffix(text, "\n") && !strings.HasPrefix(block.text, "\n") {
				out.WriteString("\n") // the rest of the snippet before it is left out
			}
			out.WriteString(block.text)
		}
	}
	return out.String()
}

var figure = regexp.MustCompile(`([0-9][0-9.,]*) (?:s|ms|KB|MB|of|caches|runs|subscriptions|links)\b`)

// Every figure of the page "Which door" stands in BENCHMARKS.md, which says how it was measured.
func TestFiguresOfTheDoors(t *testing.T) {
	benchmarks := read(t, "internal/BENCHMARKS.md")
	found := figure.FindAllStringSubmatch(read(t, "docs/guides/which-door.md"), -1)
	for _, f := range found {
		if !regexp.MustCompile(`(?m)(^|[^0-9.,])` + regexp.QuoteMeta(f[1]) + `($|[^0-9])`).MatchString(benchmarks) {
			t.Errorf("BENCHMARKS.md has no %s", f[0])
		}
	}
	if len(found) < 10 {
		t.Errorf("only %d figures", len(found))
	}
}

// TestDevOverrides: the configuration that `make dev-overrides` writes lets Terraform take
// the provider from bin/, init included, and the README shows what it prints.
func TestDevOverrides(t *testing.T) {
	w := newWorkspaceIn(t, azurermtest.V5, t.TempDir())
	const script = "internal/tools/dev-overrides.sh"
	w.write(script, read(t, script))
	if err := os.Mkdir(filepath.Join(w.dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	linkSelf(t, filepath.Join(w.dir, "bin", "terraform-provider-redisbaseline"))
	w.commandsOnPath()
	said, err := w.shell("-e", "sh "+script)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	said = strings.ReplaceAll(said, w.dir, "…")
	for _, page := range []string{"README.md", "docs/index.md"} {
		if !strings.Contains(read(t, page), "```text\n"+said+"```\n") {
			t.Errorf("%s does not show what the script prints:\n%s", page, said)
		}
	}
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, ".cache", "dev", "terraformrc"))
	w.write("main.tf", read(t, "examples/quickstart/main.tf"))
	w.must("init")
	w.must("plan")
}
