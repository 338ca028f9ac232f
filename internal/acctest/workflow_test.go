package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Workflows name actions by commit, because a tag can be moved to other code.
func TestWorkflowsPinEveryActionByCommit(t *testing.T) {
	workflows, err := filepath.Glob(filepath.Join("..", "..", ".github", "workflows", "*.yml"))
	if err != nil || len(workflows) == 0 {
		t.Fatal("no workflows", err)
	}
	uses := regexp.MustCompile(`(?m)\buses:\s*(\S+)`)
	// An action of this repository is the one of the same commit.
	pinned := regexp.MustCompile(`^(\./|[\w.-]+/[\w./-]+@[0-9a-f]{40}$)`)
	for _, name := range workflows {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range uses.FindAllSubmatch(text, -1) {
			if !pinned.Match(m[1]) {
				t.Errorf("%s uses %s, which is not pinned by commit", filepath.Base(name), m[1])
			}
		}
	}
}
