package acctest

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// Every example can be planned as it stands.
func TestExamples(t *testing.T) {
	// A copy, because one example reads the plan of another and none may be written to.
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("..", "..", "examples"))); err != nil {
		t.Fatal(err)
	}
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		switch d.Name() {
		case "run-task":
			return filepath.SkipDir // made for providers and resources that have no stub here
		case "terraform-test":
			return filepath.SkipDir // modules without values for their variables, which TestModuleTests tests
		}
		// An identity needs Terraform 1.12; TestCacheImportExamples runs these files.
		imports, _ := filepath.Glob(filepath.Join(path, "import-by-*.tf"))
		for _, file := range imports {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
		files, err := filepath.Glob(filepath.Join(path, "*.tf"))
		if len(files) > 0 {
			dirs = append(dirs, path)
			err = cmp.Or(err, filepath.SkipDir) // folders below are modules of this configuration
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(dirs) == 0 {
		t.Fatal("no examples")
	}
	// Examples that read existing caches find them in a fake.
	fake, endpoint := newAzure(t)
	const subscription = "00000000-0000-0000-0000-000000000000"
	fake.PutSubscription(armtest.Subscription{ID: subscription, ManagementGroups: []string{"mg-platform"}})
	for _, name := range []string{"redis-orders", "redis-legacy-1"} {
		fake.PutCache(armtest.Cache{Subscription: subscription, ResourceGroup: "rg-orders", Name: name,
			Tags: map[string]string{"environment": "production"}})
	}
	azure := cloudEnv(t, endpoint)
	t.Cleanup(func() {
		if fake.Count(armtest.KindQuery, "") == 0 {
			t.Error("no example looked at a fleet")
		}
	})
	for _, dir := range dirs {
		t.Run(filepath.ToSlash(dir[len(root):]), func(t *testing.T) {
			generation := azurermtest.V5
			if text, err := os.ReadFile(filepath.Join(dir, "providers.tf")); err == nil && strings.Contains(string(text), "< 5.0") {
				generation = azurermtest.V4
			}
			w := newWorkspaceIn(t, generation, dir)
			w.env = append(w.env, azure...)
			w.must("get")
			out := w.must("plan", "-no-color", "-input=false")
			if strings.Contains(out, "could not be") || strings.Contains(out, "Not seen:") {
				t.Errorf("the example does not find its caches:\n%s", out)
			}
		})
	}
}
