package distribution

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What fetches a release has to know the names that .goreleaser.yml gives.
func TestNamesOfARelease(t *testing.T) {
	var release struct {
		ProjectName string `yaml:"project_name"`
		Archives    []struct {
			ID           string
			NameTemplate string `yaml:"name_template"`
		}
		Checksum struct {
			NameTemplate string `yaml:"name_template"`
		}
	}
	read(t, ".goreleaser.yml", &release)
	var aqua struct {
		Packages []struct {
			RepoOwner string `yaml:"repo_owner"`
			RepoName  string `yaml:"repo_name"`
			Asset     string
			Checksum  struct{ Asset string }
		}
	}
	read(t, "packaging/aqua-registry.yaml", &aqua)

	in := strings.NewReplacer("{{ .ProjectName }}", release.ProjectName,
		"{{ .Version }}", "1.2.3", "{{ .Os }}", "linux", "{{ .Arch }}", "amd64",
		"{{trimV .Version}}", "1.2.3", "{{.OS}}", "linux", "{{.Arch}}", "amd64", "{{.Format}}", "tar.gz")
	names := map[string]string{}
	for _, archive := range release.Archives {
		names[archive.ID] = in.Replace(archive.NameTemplate)
	}
	sums := in.Replace(release.Checksum.NameTemplate)
	if want := "terraform-provider-redisbaseline_1.2.3_linux_amd64"; names["provider"] != want {
		t.Errorf("the registries demand %s.zip, and the release has %s", want, names["provider"])
	}
	if names["cli"]+".tar.gz" != archiveName || sums != sumsName {
		t.Errorf("the action fetches %s and %s, and the release has %s and %s", archiveName, sumsName, names["cli"], sums)
	}
	if len(aqua.Packages) != 1 {
		t.Fatalf("aqua has %d packages", len(aqua.Packages))
	}
	entry := aqua.Packages[0]
	if asset, list := in.Replace(entry.Asset), in.Replace(entry.Checksum.Asset); asset != archiveName || list != sumsName {
		t.Errorf("aqua fetches %s and %s", asset, list)
	}
	mise, err := os.ReadFile(filepath.Join(root(t), "packaging", "mise-registry.toml"))
	if err != nil {
		t.Fatal(err)
	}
	repository := entry.RepoOwner + "/" + entry.RepoName
	if "github.com/"+repository != module || !strings.Contains(string(mise), `"aqua:`+repository+`"`) {
		t.Errorf("aqua names %s, the module is %s, and mise has\n%s", repository, module, mise)
	}
}

// Documentation and examples name the version that the action fetches.
func TestVersionOfExamples(t *testing.T) {
	var action struct {
		Inputs struct{ Version struct{ Default string } }
	}
	read(t, "action.yml", &action)
	version := regexp.MustCompile(
		`(?:terraform-provider-redisbaseline@v|REDISBASELINE_VERSION: "|redisbaseline/redisbaseline:|redisbaseline_|/download/v|rev: v)` +
			`(\d+\.\d+\.\d+)`)
	files := []string{"README.md", "SECURITY.md", "templates/index.md.tmpl", "examples/azure-managed-redis/mixed-estate/github-actions.yml"}
	snippets, err := filepath.Glob(filepath.Join(root(t), "examples", "plan-gate", "ci", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range snippets {
		if filepath.Ext(path) != ".json" { // what is sent to Entra ID fetches nothing
			files = append(files, filepath.Join("examples", "plan-gate", "ci", filepath.Base(path)))
		}
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			t.Fatal(err)
		}
		found := version.FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 && !strings.Contains(string(text), "sh redisbaseline.sh ") {
			t.Errorf("%s names no version", name)
		}
		for _, match := range found {
			if match[1] != action.Inputs.Version.Default {
				t.Errorf("%s names version %s, and the action fetches %s", name, match[1], action.Inputs.Version.Default)
			}
		}
	}
}

// read decodes a YAML file of the project.
func read(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}
