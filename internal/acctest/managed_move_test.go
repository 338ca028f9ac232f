package acctest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// movingGuide are the snippets of the guide on the move to Azure Managed Redis.
func movingGuide(t *testing.T) []snippet {
	t.Helper()
	return snippetsOf(read(t, "templates/guides/moving-to-azure-managed-redis.md.tmpl"))
}

// estate is a workspace with the estate of examples/migrate, applied. The azurerm is one
// that has the resources of the Enterprise tiers.
func estate(t *testing.T) *workspace {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "migrate"))); err != nil {
		t.Fatal(err)
	}
	w := newWorkspaceIn(t, azurermtest.V4, dir)
	w.must("apply", "-auto-approve", "-no-color")
	return w
}

// secondLink is the link of the zone to a network that has one already, which the guide deletes.
var secondLink = regexp.MustCompile(`(?s)# Leave it out [^\n]*\nresource "\w+" "managed_redis_vnet_shop" \{.*?\n\}\n`)

// TestMoveToManagedRedis moves the estate as the guide says, from the list to the last old cache
// deleted: each command has the output that stands there, and the gate lets it pass.
func TestMoveToManagedRedis(t *testing.T) {
	w := estate(t)
	fake, endpoint := newAzure(t)
	armtest.DemoEstate(fake)
	w.commandsOnPath()
	w.env = append(w.env, cloudEnv(t, endpoint)...)
	shipped, _ := w.redisbaseline("migrate", "--config", ".", "plan.json")
	snippets := movingGuide(t)
	outputs := 0
	var first string
	for i, s := range snippets {
		shown := i+1 < len(snippets) && snippets[i+1].language == "text" && snippets[i+1].after <= 3
		switch {
		case s.language == "text" && strings.HasPrefix(s.text, "waves\n"):
			says(t, first, s.text)
			continue
		case s.language != "shell" || strings.HasPrefix(s.text, "az "):
			continue
		case strings.Contains(s.text, "$try/") || strings.Contains(s.text, "--wave "): // tests of their own run these
			continue
		}
		out, err := w.shell("-e", s.text)
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, s.text, out)
		}
		if strings.Contains(s.text, "redisbaseline") && strings.Contains(out, "CANARY") {
			t.Errorf("a key in the output of %s:\n%s", s.text, out)
		}
		if shown {
			outputs++
			says(t, out, snippets[i+1].text)
		}
		if first == "" && strings.Contains(s.text, "migrate") {
			first = out
			if fresh, _ := w.redisbaseline("migrate", "--config", ".", "plan.json"); fresh != shipped {
				t.Errorf("examples/migrate/plan.json is of another estate than the configuration: %s\nand now\n%s", shipped, fresh)
			}
		}
		for _, line := range strings.Split(s.text, "\n") {
			if arguments, is := strings.CutPrefix(line, "redisbaseline check "); is {
				if out, code := w.redisbaseline(append([]string{"check"}, strings.Fields(arguments)...)...); code != 0 {
					t.Errorf("exit code %d of %s\n%s", code, line, out)
				}
			}
		}
		switch { // what the guide says in words
		case strings.Contains(s.text, "cp moved/managed_redis.auto.tfvars"):
			written, err := fs.Glob(os.DirFS(w.dir), "managed_redis*.tf")
			if err != nil || len(written) != 9 {
				t.Errorf("written are %q, %v", written, err)
			}
			for _, file := range written {
				if text := w.text(file); strings.Contains(text, "CANARY") {
					t.Errorf("a key in %s:\n%s", file, text)
				}
			}
			w.cut("managed_redis.tf", secondLink)
		case strings.Contains(s.text, "check --enforce introduced"):
			if plan := w.must("plan", "-no-color"); !strings.Contains(plan, "0 to change, 0 to destroy") {
				t.Errorf("the plan touches the old caches:\n%s", plan)
			}
			w.must("apply", "-auto-approve", "-no-color")
		case strings.Contains(s.text, "cp moved/clients.tf"):
			if n := strings.Count(out, "│ refers"); n != 2 || !strings.Contains(out, "  secrets.tf:12\n") {
				t.Errorf("something else than the secrets still refers to an old cache:\n%s", out)
			}
			w.must("apply", "-auto-approve", "-no-color")
		}
	}
	if outputs != 7 {
		t.Errorf("the guide shows the output of %d commands, want 7", outputs)
	}
}

// TestMoveToManagedRedisByWaves moves the estate wave by wave, as the guide says: what a later wave
// writes stands beside what earlier ones wrote, and changes nothing of them, although their old
// caches are gone by then.
func TestMoveToManagedRedisByWaves(t *testing.T) {
	w := estate(t)
	w.commandsOnPath()
	w.shellOK("cp moved/managed_redis.auto.tfvars moved/exemptions.yaml .")
	moved := map[string]string{} // what earlier waves wrote, by file
	waves := 0
	for _, s := range movingGuide(t) {
		if s.language != "shell" || !strings.Contains(s.text, "--wave ") {
			continue
		}
		waves++
		w.shellOK(s.text)
		w.write("managed_redis.tf", secondLink.ReplaceAllString(w.text("managed_redis.tf"), ""))
		written, err := fs.Glob(os.DirFS(w.dir), "managed_redis_*.tf")
		if err != nil || len(written) <= len(moved) {
			t.Fatalf("wave %d wrote %q, %v", waves, written, err)
		}
		for file, text := range moved {
			if now := w.text(file); now != text {
				t.Errorf("wave %d changes %s:\n%s", waves, file, now)
			}
		}
		if plan := w.must("plan", "-no-color"); !strings.Contains(plan, " to add, 0 to change, 0 to destroy") {
			t.Errorf("wave %d changes what is there:\n%s", waves, plan)
		}
		w.must("apply", "-auto-approve", "-no-color")
		for _, file := range written {
			if _, earlier := moved[file]; !earlier {
				moved[file] = w.text(file)
				w.switchClients(strings.TrimSuffix(strings.TrimPrefix(file, "managed_redis_"), ".tf"))
			}
		}
		w.must("apply", "-auto-approve", "-no-color")
	}
	if waves != 3 || len(moved) != 8 {
		t.Errorf("%d waves with %d caches", waves, len(moved))
	}
	out := w.shellOK("terraform plan -out=tfplan\nterraform show -json tfplan > plan.json\n" +
		"redisbaseline check --strict --exemptions exemptions.yaml --config . plan.json")
	says(t, out, "…\n8 caches: 8 compliant\n…\n")
}

// toOldCache is what refers to an old cache, or a secret with its key.
var toOldCache = regexp.MustCompile(`\bazurerm_(?:redis_\w+|key_vault_secret)\.(\w+)\.(\w+)`)

// switchClients lets clients of an old cache take the new one, and deletes the old one with what
// stands around it.
func (w *workspace) switchClients(label string) {
	w.t.Helper()
	w.write("clients.tf", toOldCache.ReplaceAllStringFunc(w.text("clients.tf"), func(old string) string {
		switch m := toOldCache.FindStringSubmatch(old); {
		case m[1] != label:
			return old
		case m[2] == "ssl_port":
			return "10000"
		case strings.HasPrefix(old, "azurerm_redis") && m[2] == "id":
			return "azurerm_managed_redis." + label + "_amr.id"
		default:
			return "azurerm_managed_redis." + label + "_amr.hostname"
		}
	}))
	for _, name := range []string{"caches.tf", "secrets.tf"} {
		text := []byte(w.text(name))
		file, diags := hclwrite.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() {
			w.t.Fatal(diags)
		}
		for _, block := range file.Body().Blocks() {
			old := toOldCache.FindAllStringSubmatch(string(block.BuildTokens(nil).Bytes()), -1)
			if block.Labels()[1] == label || slices.ContainsFunc(old, func(m []string) bool { return m[1] == label }) {
				file.Body().RemoveBlock(block)
			}
		}
		w.write(name, string(file.Bytes()))
	}
}

// shellOK runs lines that have to succeed.
func (w *workspace) shellOK(lines string) string {
	w.t.Helper()
	out, err := w.shell("-e", lines)
	if err != nil {
		w.t.Fatalf("%v\n%s\n%s", err, lines, out)
	}
	return out
}

// TestTryTheMove runs what the guide has for a try without Azure: an estate that a stub made, and
// a fake Azure with the same one.
func TestTryTheMove(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Go takes the certificates that it trusts from a file on Linux and the BSDs only")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	w, try := newWorkspaceIn(t, azurermtest.V5, root), filepath.Join(t.TempDir(), "try")
	w.commandsOnPath()
	var lines string
	for _, s := range movingGuide(t) {
		if s.language == "shell" && strings.Contains(s.text, "$try/") {
			lines += strings.ReplaceAll(s.text, "$PWD/.cache/try", try)
		}
	}
	out, err := w.shell("-e", lines)
	if err != nil || !strings.Contains(out, "Apply complete!") || !strings.Contains(out, "caches: 8 to move") {
		t.Errorf("%v\n%s\n%s", err, lines, out)
	}
}

// cut removes from a file what an expression matches, which has to be there.
func (w *workspace) cut(name string, what *regexp.Regexp) {
	w.t.Helper()
	text := w.text(name)
	if !what.MatchString(text) {
		w.t.Fatalf("%s has nothing that matches %s:\n%s", name, what, text)
	}
	w.write(name, what.ReplaceAllString(text, ""))
}

// text is a file of the workspace.
func (w *workspace) text(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// TestMoveToManagedRedisInPlace: what the guide has for the move of an Enterprise cluster in
// place imports the cluster, forgets the old resources, and destroys nothing.
func TestMoveToManagedRedisInPlace(t *testing.T) {
	w := estate(t)
	for _, s := range movingGuide(t) {
		if s.language == "terraform" && strings.HasPrefix(s.text, `resource "azurerm_managed_redis" "search_amr"`) {
			w.write("managed_redis_search.tf", s.text)
		}
	}
	w.cut("caches.tf", regexp.MustCompile(`(?s)# Enterprise E10.*`))
	w.write("secrets.tf", strings.ReplaceAll(read(t, "examples/migrate/secrets.tf"),
		"azurerm_redis_enterprise_database.search.primary_access_key", "azurerm_managed_redis.search_amr.default_database[0].primary_access_key"))
	w.write("clients.tf", strings.ReplaceAll(read(t, "examples/migrate/clients.tf"), "azurerm_redis_enterprise_cluster.search.hostname",
		"azurerm_managed_redis.search_amr.hostname"))
	plan := w.must("plan", "-no-color")
	for _, want := range []string{
		"Plan: 1 to import, 0 to add, 3 to change, 0 to destroy.", // an import of the stub has id and name alone
		"azurerm_redis_enterprise_cluster.search will no longer be managed by Terraform",
		"azurerm_redis_enterprise_database.search will no longer be managed by Terraform",
	} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not say %q:\n%s", want, plan)
		}
	}
	w.must("apply", "-auto-approve", "-no-color")
	if plan := w.must("plan", "-no-color"); !strings.Contains(plan, "No changes.") {
		t.Errorf("the second plan is not empty:\n%s", plan)
	}
}
