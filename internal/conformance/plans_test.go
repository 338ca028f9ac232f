package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

// dialects are the configurations that are planned, by the door that reads the plan.
var dialects = []struct {
	door      door
	providers string // names, with spaces between them
	module    func(situation) string
}{
	{azurerm3, "azurerm", func(s situation) string { return azurermModule(s, 3) }},
	{azurerm4, "azurerm", func(s situation) string { return azurermModule(s, 4) }},
	{azurerm5, "azurerm", func(s situation) string { return azurermModule(s, 5) }},
	{azapi2, "azapi", azapiModule},
	{own, "azurerm redisbaseline", ownModule},
}

var sources = map[string]string{"azurerm": "hashicorp/azurerm", "azapi": "azure/azapi", "redisbaseline": "redisbaseline/redisbaseline"}

// generationVariable is the environment variable with the major version of azurerm.
const generationVariable = "CONFORMANCE_AZURERM"

// TestMain serves a provider instead of running the tests where the test binary was
// started by the name of a provider's binary, as Terraform does.
func TestMain(m *testing.M) {
	name := filepath.Base(os.Args[0])
	provided, isProvider := strings.CutPrefix(name, "terraform-provider-")
	if !isProvider {
		os.Exit(m.Run())
	}
	if err := serve(provided); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(name string) error {
	var s tfprotov6.ProviderServer
	var err error
	switch name {
	case "azurerm":
		generation := azurermtest.V5
		if g := os.Getenv(generationVariable); g != "" {
			generation = azurermtest.Generation(g[len(g)-1] - '0')
		}
		s, err = azurermtest.Server(generation)()
	case "azapi":
		s, err = azurermtest.AzapiServer()
	default:
		s = provider.Server("test", baseline.Published())()
	}
	if err != nil {
		return err
	}
	host := "registry.terraform.io/"
	return tf6server.Serve(host+sources[name], func() tfprotov6.ProviderServer { return s })
}

// moduleText is the module of a situation with its required providers.
func moduleText(s situation, providers string, module func(situation) string) string {
	w := &writer{}
	w.block("terraform", func() {
		w.block("required_providers", func() {
			for _, name := range providersOf(s, providers) {
				w.attr(name, object{"source": sources[name]})
			}
		})
	})
	return string(hclwrite.Format([]byte(w.String() + "\n" + module(s))))
}

// providersOf are the providers of a module: those of the dialect, and azapi for the
// resources that change a cache after it was created.
func providersOf(s situation, dialect string) []string {
	names := strings.Fields(dialect)
	if (s.facts.Update != nil || s.facts.Action != nil) && dialect != "azapi" {
		names = append(names, "azapi")
	}
	return names
}

// before is the situation that is applied before the plan is made.
func (s situation) before() situation {
	s.facts = *s.facts.Before
	return s
}

func archiveName(s situation) string { return filepath.Join("testdata", s.name+".txtar") }

// archive are the stored files of a situation by name: the configuration and its plan
// for each dialect that can express it.
func archive(t *testing.T, s situation) map[string][]byte {
	t.Helper()
	stored, err := readArchive(s)
	if err != nil {
		t.Fatalf("%s; make generate writes it", err)
	}
	return stored
}

func readArchive(s situation) (map[string][]byte, error) {
	a, err := txtar.ParseFile(archiveName(s))
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, f := range a.Files {
		out[f.Name] = f.Data
	}
	return out, nil
}

// The stored configurations are those of the table; their plans were made from them.
func TestStoredPlansAreOfThisTable(t *testing.T) {
	if *update {
		storePlans(t)
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) != len(table) {
		t.Errorf("%d situations are stored, and %d in the table; make generate renews them", len(files), len(table))
	}
	for _, s := range table {
		for _, d := range stale(s) {
			t.Errorf("%s: the stored configuration of %s is not that of the table; make generate renews it", s.name, d)
		}
	}
}

// stale are the doors whose stored configuration is not that of the table.
func stale(s situation) []door {
	stored, err := readArchive(s)
	var out []door
	for _, d := range dialects {
		want, before := "", ""
		if s.wanted(d.door).cannot == "" {
			want = moduleText(s, d.providers, d.module)
			if s.facts.Before != nil {
				before = moduleText(s.before(), d.providers, d.module)
			}
		}
		if err != nil || string(stored[string(d.door)+".tf"]) != want || string(stored[string(d.door)+".before.tf"]) != before {
			out = append(out, d.door)
		}
	}
	return out
}

// storePlans plans the situations that changed in one run for each dialect, each as a
// module, and stores the plan of each module in the file of its situation. With -anew it
// plans all: another version of Terraform may write the same plan in another form.
func storePlans(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if !slices.ContainsFunc(table, func(s situation) bool { return archiveName(s) == name }) {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	changed := slices.DeleteFunc(slices.Clone(table), func(s situation) bool { return !*anew && stale(s) == nil })
	if len(changed) == 0 {
		return
	}
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		terraform = "terraform"
	}
	if strings.Contains(filepath.Base(terraform), "tofu") {
		t.Skip("the stored plans are Terraform's; OpenTofu is at hand")
	}
	archives := map[string]*txtar.Archive{}
	for _, s := range changed {
		archives[s.name] = &txtar.Archive{}
	}
	for _, d := range dialects {
		work := t.TempDir()
		var planned, applied []situation
		for _, s := range changed {
			if s.wanted(d.door).cannot != "" {
				continue
			}
			planned = append(planned, s)
			if s.facts.Before != nil {
				applied = append(applied, s.before())
			}
		}
		env := environment(t, string(d.door))
		writeRoot(t, work, applied, d.providers, d.module)
		if len(applied) > 0 {
			runTerraform(t, terraform, work, env, "get")
			runTerraform(t, terraform, work, env, "apply", "-auto-approve", "-input=false", "-no-color")
		}
		writeRoot(t, work, planned, d.providers, d.module)
		runTerraform(t, terraform, work, env, "get")
		runTerraform(t, terraform, work, env, "plan", "-input=false", "-no-color", "-out=plan.tfplan")
		whole := runTerraform(t, terraform, work, env, "show", "-json", "plan.tfplan")
		for _, s := range planned {
			a, name := archives[s.name], string(d.door)
			if s.facts.Before != nil {
				a.Files = append(a.Files, txtar.File{Name: name + ".before.tf", Data: []byte(moduleText(s.before(), d.providers, d.module))})
			}
			a.Files = append(a.Files,
				txtar.File{Name: name + ".tf", Data: []byte(moduleText(s, d.providers, d.module))},
				txtar.File{Name: name + ".json", Data: partOf(t, whole, s.name)})
		}
	}
	for _, s := range changed {
		write(t, archiveName(s), txtar.Format(archives[s.name]))
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// writeRoot writes a root module that calls a module for each situation.
func writeRoot(t *testing.T, dir string, all []situation, providers string, module func(situation) string) {
	t.Helper()
	root, names := &writer{}, slices.Compact(append(strings.Fields(providers), "azapi"))
	for _, name := range names {
		root.block(fmt.Sprintf("provider %q", name), func() {
			root.attr("subscription_id", subscription)
			if name == "azurerm" {
				root.block("features", func() {})
			}
		})
	}
	root.block("terraform", func() {
		root.block("required_providers", func() {
			for _, name := range names {
				root.attr(name, object{"source": sources[name]})
			}
		})
	})
	for _, s := range all {
		cache := "azapi_resource"
		if names[0] == "azurerm" {
			cache = s.facts.azurermType()
		}
		root.call(s, "./"+s.name, cache)
		write(t, filepath.Join(dir, s.name, "main.tf"), []byte(moduleText(s, providers, module)))
	}
	write(t, filepath.Join(dir, "main.tf"), []byte(root.String()))
}

// call writes the call of a situation's module, with its import block and its output,
// which only a root module can have; cache is the type of the cache.
func (w *writer) call(s situation, source, cache string) {
	w.block(fmt.Sprintf("module %q", s.name), func() { w.attr("source", source) })
	if s.facts.Imported {
		w.block("import", func() {
			w.attr("to", ref{expression: "module." + s.name + "." + cache + ".cache"})
			w.attr("id", cacheID(s))
		})
	}
	if s.facts.KeyConsumer.isOutput() {
		w.block(fmt.Sprintf("output %q", s.name), func() {
			w.attr("value", ref{expression: "module." + s.name + ".cache"})
			w.attr("sensitive", true)
		})
	}
}

// environment is the environment in which Terraform starts the test binary for every
// provider.
func environment(t *testing.T, generation string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	plugins := t.TempDir()
	rc := "provider_installation {\n  dev_overrides {\n"
	for name, source := range sources {
		if err := os.Symlink(self, filepath.Join(plugins, "terraform-provider-"+name)); err != nil {
			t.Fatal(err)
		}
		rc += fmt.Sprintf("    %q = %q\n", source, plugins)
	}
	write(t, filepath.Join(plugins, "terraformrc"), []byte(rc+"  }\n}\n"))
	env := append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(plugins, "terraformrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"ARM_SUBSCRIPTION_ID="+subscription)
	if strings.HasPrefix(generation, "azurerm") {
		env = append(env, generationVariable+"="+generation)
	}
	return env
}

// runTerraform is the output of one command of Terraform.
func runTerraform(t *testing.T, terraform, dir string, env []string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), terraform, args...) //nolint:gosec // the Terraform of this machine
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("terraform %s: %s", args[0], exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// partOf is a plan with one of its modules only, and without the members that differ
// from run to run.
func partOf(t *testing.T, whole []byte, module string) []byte {
	t.Helper()
	var plan object
	if err := json.Unmarshal(whole, &plan); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"timestamp", "terraform_version", "format_version", "relevant_attributes"} {
		delete(plan, name)
	}
	plan["format_version"], plan["terraform_version"] = "1.2", "1.11.4"
	address := "module." + module
	for _, list := range []string{"resource_changes", "resource_drift"} {
		if items, ok := plan[list].([]any); ok {
			plan[list] = slices.DeleteFunc(items, func(item any) bool { return item.(object)["module_address"] != address })
		}
	}
	for _, path := range [][]string{{"planned_values"}, {"prior_state", "values"}} {
		if root, ok := at(plan, append(path, "root_module")...).(object); ok {
			if modules, ok := root["child_modules"].([]any); ok {
				root["child_modules"] = slices.DeleteFunc(modules, func(m any) bool { return m.(object)["address"] != address })
			}
		}
	}
	for _, path := range [][]string{{}, {"planned_values"}, {"prior_state", "values"}, {"configuration", "root_module"}} {
		name := "outputs"
		if len(path) == 0 {
			name = "output_changes"
		}
		if owner, ok := at(plan, path...).(object); ok {
			keepOne(owner, name, module)
		}
	}
	providers, _ := at(plan, "configuration", "provider_config").(object)
	maps.DeleteFunc(providers, func(_ string, p any) bool { of := at(p, "module_address"); return of != nil && of != address })
	calls, _ := at(plan, "configuration", "root_module", "module_calls").(object)
	maps.DeleteFunc(calls, func(name string, _ any) bool { return name != module })
	out, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// keepOne deletes all members but one of the object owner[name], and the object where it
// is empty then.
func keepOne(owner object, name, one string) {
	inner, _ := owner[name].(object)
	maps.DeleteFunc(inner, func(name string, _ any) bool { return name != one })
	if len(inner) == 0 {
		delete(owner, name)
	}
}

// at is the value at a path of names in an object; nil where there is none.
func at(v any, names ...string) any {
	for _, name := range names {
		inner, _ := v.(object)
		v = inner[name]
	}
	return v
}
