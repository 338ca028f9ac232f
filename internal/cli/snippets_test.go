package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPipelineSnippets runs the gate's line of every pipeline in the examples, on the
// plan that ships with the example.
func TestPipelineSnippets(t *testing.T) {
	const mixed = "../../examples/azure-managed-redis/mixed-estate/"
	files, err := filepath.Glob("../../examples/plan-gate/ci/*.y*ml")
	if err != nil || len(files) != 5 {
		t.Fatalf("found %d snippets, %v", len(files), err)
	}
	for _, file := range append(files, mixed+"github-actions.yml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			plans, present := "../tfplan/testdata/plans/insecure-public-cache/", map[string]string{}
			if strings.HasPrefix(file, mixed) {
				plans = "../tfplan/testdata/plans/mixed-estate/"
				present["exemptions.yaml"] = readText(t, mixed+"exemptions.yaml")
			}
			present["plan.json"], present["plan.tfplan"] = readText(t, plans+"plan.json"), readText(t, plans+"plan.tfplan")
			var doc yaml.Node
			if err := yaml.Unmarshal([]byte(readText(t, file)), &doc); err != nil {
				t.Fatal(err)
			}
			lines := gateLines(&doc)
			if len(lines) == 0 {
				t.Fatal("no line calls the gate")
			}
			t.Chdir(t.TempDir())
			for name, content := range present {
				if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for _, line := range lines {
				a, stdout, stderr := world()
				a.Stdin = strings.NewReader(present["plan.json"])
				if code := a.run(context.Background(), line); code != exitObjections {
					t.Errorf("%q: exit code %d, want %d\n%s%s", line, code, exitObjections, stdout, stderr)
				}
			}
		})
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// actionLine returns the arguments that the action of this repository gives the gate
// where it is used. A saved plan stands for its JSON and its configuration.
func actionLine(step *yaml.Node) []string {
	var action struct {
		With struct{ Plan, Args string }
	}
	if err := step.Decode(&action); err != nil {
		return nil
	}
	args := append([]string{"check", "--format=github", "--format=sarif=report.sarif", "--format=markdown=report.md"},
		strings.Fields(action.With.Args)...)
	if action.With.Plan == "plan.tfplan" {
		args = append(args, "--config=plan.tfplan")
	}
	return append(args, "--", "plan.json")
}

// gateLines returns the arguments of every call of the gate in a document, with
// the file names of the runner replaced by those of the example.
func gateLines(n *yaml.Node) [][]string {
	var out [][]string
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "uses" && strings.HasPrefix(n.Content[i+1].Value, "redisbaseline/") {
				return [][]string{actionLine(n)}
			}
			if n.Content[i].Value == "entry" { // pre-commit appends args and file names
				return [][]string{append(strings.Fields(n.Content[i+1].Value)[1:], "--enforce", "all", "plan.json")}
			}
		}
	}
	if n.Kind == yaml.ScalarNode {
		for _, line := range strings.Split(n.Value, "\n") {
			_, call, ok := strings.Cut(line, "redisbaseline check ")
			if !ok {
				continue
			}
			args := []string{"check"}
			for _, word := range strings.Fields(call) {
				switch word = strings.Trim(word, `"`); word {
				case "$PLANFILE":
					word = "plan.tfplan"
				case "$SHOWFILE":
					word = "plan.json"
				}
				args = append(args, word)
			}
			out = append(out, args)
		}
	}
	for _, child := range n.Content {
		out = append(out, gateLines(child)...)
	}
	return out
}
