package tfconfig_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// azure is the schema of the providers for Azure, as far as it matters here.
var azure = tfconfig.Schema{
	Computed:   []string{"primary_access_key", "secondary_access_key", "primary_connection_string", "secondary_connection_string"},
	WriteOnly:  []string{"sensitive_body", "sensitive_body_version"},
	Rewritten:  []string{"location"},
	Borrowing:  []string{"azapi_update_resource"},
	Identified: []string{"default_database"},
	IDPrefix:   "/subscriptions/",
}

// plan is a Known by hand.
type plan struct {
	variables  map[string]cty.Value
	instances  map[string][]tfconfig.Key // complete where listed
	partial    bool
	attributes map[string]cty.Value // by "address.attribute"
}

func (p *plan) Variable(name string) (cty.Value, bool) { v, ok := p.variables[name]; return v, ok }

func (p *plan) Instances(addr string) ([]tfconfig.Key, bool) {
	k, ok := p.instances[addr]
	return k, ok && !p.partial
}

func (p *plan) Attribute(instance, name string) (cty.Value, bool) {
	v, ok := p.attributes[instance+"."+name]
	return v, ok
}

// write lays out files: a text whose "-- name --" lines start a file each; what
// stands before the first is main.tf.
func write(t testing.TB, text string) string {
	t.Helper()
	dir := t.TempDir()
	name, files := "main.tf", map[string]string{}
	for _, line := range strings.SplitAfter(text, "\n") {
		if n, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(n, " --") {
			name = strings.TrimSuffix(n, " --")
			files[name] += ""
			continue
		}
		files[name] += line
	}
	for n, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(n))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t testing.TB, text string) *tfconfig.Configuration {
	t.Helper()
	cfg, err := tfconfig.LoadDir(write(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// show writes a reference the way the tables do: an instance with attribute,
// a quoted string, "omitted", "known" or "unresolved".
func show(r tfconfig.Reference) string {
	switch r.Kind {
	case tfconfig.Instance:
		return r.Address + "." + r.Attribute
	case tfconfig.KnownString:
		return `"` + r.Value + `"`
	case tfconfig.KnownOther:
		return "known"
	case tfconfig.Omitted:
		return "omitted"
	default:
		return "unresolved"
	}
}
