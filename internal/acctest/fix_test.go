package acctest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

var (
	askedVersion = regexp.MustCompile(`version = "~> ([345])\.`)
	mendedLine   = regexp.MustCompile(`(?m)^mended \S+ (\S+) .*: (\S+) = `)
)

// TestFixedPlans plans the goldens of the fix before and after with a real Terraform: what is
// told as mended changes, and nothing else; a configuration that `terraform fmt` takes stays
// one. Goldens that Terraform refuses as they are, which are written to be odd, do not count.
func TestFixedPlans(t *testing.T) {
	needTerraform(t)
	names, err := filepath.Glob("../fix/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var tried, planned atomic.Int32
	t.Run("goldens", func(t *testing.T) {
		for _, name := range names {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
				tried.Add(1)
				if fixedPlan(t, archive) {
					planned.Add(1)
				}
			})
		}
	})
	if all, n := tried.Load(), planned.Load(); 2*n < all {
		t.Errorf("only %d of %d goldens are planned", n, all)
	} else {
		t.Logf("%d of %d goldens are planned", n, all)
	}
}

// fixedPlan compares the plans of a golden; it is false where Terraform refuses it as it is.
func fixedPlan(t *testing.T, golden *txtar.Archive) bool {
	generation, told := azurermtest.V5, ""
	var after []txtar.File
	w := newWorkspaceIn(t, generation, t.TempDir())
	for _, f := range golden.Files {
		switch name, mended := strings.CutPrefix(f.Name, "want/"); {
		case mended:
			after = append(after, txtar.File{Name: name, Data: f.Data})
		case f.Name == "want.txt":
			told = string(f.Data)
		case f.Name != ".terraform.lock.hcl":
			w.write(f.Name, string(f.Data))
			if asked := askedVersion.FindSubmatch(f.Data); asked != nil {
				w.env = append(w.env, generationVariable+"="+string(asked[1]))
			}
		}
	}
	w.write("z_azurerm.tf", "provider \"azurerm\" {\n  features {}\n}\n")
	w.run("get", "-no-color")
	before, ok := w.plannedValues()
	if !ok {
		return false
	}
	_, formatted := w.run("fmt", "-check", "-recursive")
	for _, f := range after {
		w.write(f.Name, string(f.Data))
	}
	if _, still := w.run("fmt", "-check", "-recursive"); formatted && !still {
		t.Error("terraform fmt changes the files that are mended")
	}
	now, ok := w.plannedValues()
	if !ok {
		t.Fatal("Terraform refuses what is mended")
	}
	var want, got []string
	if strings.HasSuffix(t.Name(), "/other-resource") { // what refers to a value that changes follows
		want = append(want, "azurerm_redis_cache.a non_ssl_port_enabled")
	}
	for _, m := range mendedLine.FindAllStringSubmatch(told, -1) {
		address, path := m[1], m[2]
		if strings.HasSuffix(address, ".cluster") && path == "body.properties.clientProtocol" { // stands in its database
			address = strings.TrimSuffix(address, "cluster") + "database"
		}
		want = append(want, address+" "+path)
	}
	for address, values := range now {
		old, _ := before[address].(map[string]any)
		for _, path := range changedValues("", before[address], values) {
			// A block that is made gives its other arguments their defaults, and it is told so.
			byDefault := slices.Contains([]string{"redis_configuration.authentication_enabled", "redis_configuration.enable_authentication",
				"redis_configuration.maxmemory_policy", "redis_configuration.data_persistence_authentication_method"}, path)
			if made := old["redis_configuration"] == nil && strings.Contains(told, "the new block redis_configuration"); !made || !byDefault {
				got = append(got, address+" "+path)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("the plans differ in\n%s\nand what is told is\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return true
}

// plannedValues are the values of all resources of a plan by address; false where Terraform
// refuses the configuration.
func (w *workspace) plannedValues() (map[string]any, bool) {
	w.t.Helper()
	if out, ok := w.run("plan", "-no-color", "-input=false", "-out=plan.tfplan"); !ok {
		w.t.Log(out)
		return nil, false
	}
	text, err := w.command("show", "-json", "plan.tfplan").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	var plan struct {
		Changes []struct {
			Address string
			Change  struct{ After any }
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal(text, &plan); err != nil {
		w.t.Fatal(err)
	}
	out := map[string]any{}
	for _, c := range plan.Changes {
		out[c.Address] = c.Change.After
	}
	return out, true
}

// changedValues are the paths of arguments that differ between two values. The elements of
// blocks, and a body that is text, are looked into.
func changedValues(path string, a, b any) (out []string) {
	if a, b := decoded(a), decoded(b); reflect.DeepEqual(a, b) {
		return nil
	}
	list, ok := b.([]any)
	if ok && len(list) == 1 {
		before, _ := a.([]any)
		return changedValues(path, append(before, nil)[0], list[0])
	}
	object, ok := decoded(b).(map[string]any)
	if !ok {
		return []string{path}
	}
	before, _ := decoded(a).(map[string]any)
	for name, value := range object {
		out = append(out, changedValues(strings.TrimPrefix(fmt.Sprintf("%s.%s", path, name), "."), before[name], value)...)
	}
	return out
}

// decoded is a value, decoded where it is an object as text.
func decoded(v any) any {
	var object map[string]any
	if text, ok := v.(string); ok && json.Unmarshal([]byte(text), &object) == nil {
		return object
	}
	return v
}
