package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
)

// The role of the example holds what an evaluation reads, and nothing else.
func TestLeastPrivilegeRole(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "least-privilege-role", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)\bactions = \[(.*?)\]`).FindSubmatch(text)
	if list == nil {
		t.Fatal("the role has no list of actions")
	}
	var actions []string
	for _, m := range regexp.MustCompile(`"([^"]*)"`).FindAllSubmatch(list[1], -1) {
		actions = append(actions, string(m[1]))
	}
	if diff := cmp.Diff(azure.ReadActions(), actions); diff != "" {
		t.Error(diff)
	}
	if regexp.MustCompile(`data_actions|not_actions`).Match(text) {
		t.Error("the role holds more than a list of actions")
	}
}
