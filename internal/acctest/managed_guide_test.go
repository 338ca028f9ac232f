package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// TestManagedGuide: each command of the guide on Azure Managed Redis that has an output
// there has this output, in front of the fake Azure of the demo.
func TestManagedGuide(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "azure-managed-redis.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?s)```shell\n([^\n]*)\n```\n\n```text\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(commands) != 5 {
		t.Fatalf("the guide has %d commands with an output, want one for each door", len(commands))
	}
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "examples"), os.DirFS(filepath.Join("..", "..", "examples"))); err != nil {
		t.Fatal(err)
	}
	fake, endpoint := newAzure(t)
	armtest.Demo(fake)
	armtest.DemoManaged(fake)
	azure := cloudEnv(t, endpoint)
	for _, command := range commands {
		program, arguments, _ := strings.Cut(command[1], " ")
		t.Run(program+" "+arguments, func(t *testing.T) {
			w := newWorkspaceIn(t, azurermtest.V5, root)
			w.env = append(w.env, azure...)
			var out string
			if args := strings.Fields(arguments); program == "terraform" {
				out = w.must(append(args, "-no-color")...)
			} else {
				out, _ = w.redisbaseline(args...)
			}
			says(t, out, command[2])
		})
	}
}

// compactWarning is a warning of Terraform, whose order differs from run to run.
var compactWarning = regexp.MustCompile(`(?m)^- .*\n  on .*\n`)

// says wants an output to have what a guide shows of it, warnings in any order and the
// rest in this one. A line with an ellipsis stands for lines that the guide leaves out.
func says(t *testing.T, out, shown string) {
	t.Helper()
	for _, warning := range compactWarning.FindAllString(shown, -1) {
		if !strings.Contains(out, "\n"+warning) {
			t.Errorf("the guide shows\n%s\nand the output is\n%s", warning, out)
		}
	}
	rest := "\n" + compactWarning.ReplaceAllString(out, "")
	for _, part := range strings.Split("\n"+compactWarning.ReplaceAllString(shown, ""), "\n…") {
		at := strings.Index(rest, strings.TrimSuffix(part, "\n")+"\n")
		if at < 0 {
			t.Fatalf("the guide shows\n%s\nand the output is\n%s", part, out)
		}
		rest = rest[at+len(part):]
	}
}
