package tfplan_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// A key that a data source reads is that of a cache of the plan, unless the data source
// names another one.
func TestKeysReadByDataSources(t *testing.T) {
	for name, test := range map[string]struct {
		read, key string
		doubted   []string // caches, with the configuration
		json      []string // caches, with plan JSON alone
	}{
		"by the name of a cache": {"name = azurerm_redis_cache.a.name", "primary_access_key", []string{"a"}, []string{"a", "b"}},
		"by a literal name":      {`name = "redis-B"`, "secondary_connection_string", []string{"b"}, []string{"a", "b"}},
		"of another cache":       {`name = "redis-c"`, "primary_access_key", nil, []string{"a", "b"}},
		"by a name not known":    {"name = var.name", "primary_access_key", []string{"a", "b"}, []string{"a", "b"}},
		"no key":                 {"name = azurerm_redis_cache.a.name", "hostname", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			config := "variable \"name\" {}\n"
			for _, cache := range []string{"a", "b"} {
				config += "resource \"azurerm_redis_cache\" \"" + cache + "\" {\n  name = \"redis-" + cache + "\"\n}\n"
			}
			config += "data \"azurerm_redis_cache\" \"d\" {\n  " + test.read + "\n  resource_group_name = \"rg\"\n}\n" +
				"resource \"azurerm_key_vault_secret\" \"s\" {\n  value = data.azurerm_redis_cache.d." + test.key + "\n}\n"
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := tfconfig.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			alone, err := tfplan.ReadUnplanned(t.Context(), c, tfplan.UnplannedOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got := doubted(alone); !slices.Equal(got, test.doubted) {
				t.Errorf("with the configuration: doubts at %v, want %v", got, test.doubted)
			}
			var plan bytes.Buffer
			if _, err := c.WritePlan(&plan, tfconfig.PlanOptions{}); err != nil {
				t.Fatal(err)
			}
			read, err := tfplan.Read(t.Context(), &plan, tfplan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := doubted(read); !slices.Equal(got, test.json) {
				t.Errorf("by plan JSON alone: doubts at %v, want %v", got, test.json)
			}
		})
	}
}

// doubted are the names of caches of which it is not settled whether something takes a key.
func doubted(p *tfplan.Plan) (out []string) {
	for c := range p.Caches() {
		if len(c.After.KeyConsumers.Doubts) > 0 || len(c.After.KeyConsumers.Items) > 0 {
			out = append(out, c.After.Address[len("azurerm_redis_cache."):])
		}
	}
	return out
}
