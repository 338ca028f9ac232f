package distribution

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Every workflow that uploads SARIF has the permissions that this takes: in a private
// repository the upload reads its own run, too. The examples are what the guides show.
func TestWorkflowsThatUploadSARIF(t *testing.T) {
	type permissions map[string]string
	type workflow struct {
		Permissions permissions
		Jobs        map[string]struct {
			Permissions permissions
			Steps       []struct {
				Uses string
				With map[string]any
			}
		}
	}
	uploads := 0
	check := func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yml" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var w workflow
		if err := yaml.Unmarshal(raw, &w); err != nil || w.Jobs == nil {
			return nil //nolint:nilerr // of another system
		}
		for name, job := range w.Jobs {
			granted := w.Permissions
			if job.Permissions != nil {
				granted = job.Permissions
			}
			for _, step := range job.Steps {
				ours := strings.HasPrefix(step.Uses, "redisbaseline/") && step.With["sarif"] != "false"
				if !ours && !strings.HasPrefix(step.Uses, "github/codeql-action/upload-sarif") &&
					!strings.HasPrefix(step.Uses, "github/codeql-action/analyze") {
					continue
				}
				uploads++
				if granted["security-events"] != "write" || granted["actions"] != "read" || granted["contents"] != "read" {
					t.Errorf("%s: the job %s uploads SARIF with the permissions %v", path, name, granted)
				}
			}
		}
		return nil
	}
	for _, folder := range []string{".github", "examples"} {
		if err := filepath.WalkDir(filepath.Join(root(t), folder), check); err != nil {
			t.Fatal(err)
		}
	}
	if uploads < 3 {
		t.Errorf("%d workflows upload SARIF", uploads)
	}
}
