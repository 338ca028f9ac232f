package fix

import (
	"path/filepath"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"golang.org/x/tools/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// FuzzTakers searches any file: each place that is found stands in it.
func FuzzTakers(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatal(err, names)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	for _, text := range []string{
		"locals {\n  a = { for k, c in azurerm_redis_cache.c : k => c[*].x[0].y if c }\n}",
		"resource \"azurerm_redis_cache\" \"c\" {\n  for_each = azurerm_redis_cache.c\n  a = self.b.c[each.value[0]](self)...\n}",
		"a = azurerm_redis_cache\nb \"c\" {\n  d = (azurerm_redis_cache.e[*][f]).*.g\n}",
		"output \"o\" {\n  value = data.azapi_resource.x.output.properties[each.value].accessKeys\n}",
		"data {\n  a = \"list-keys ${self}\"\n}\nresource {\n  a = self.x\n}",
		`{"output": {"a": {"value": "${self.a} ${azurerm_redis_cache.c[*]} list-keys"}}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, diags := hclsyntax.ParseConfig(data, "main.tf", hcl.InitialPos)
		files := map[string][]byte{"main.tf.json": data}
		if !diags.HasErrors() {
			files["main.tf"] = data
		}
		found := findTakers([]tfconfig.Module{{Files: files}})
		for _, list := range found.of {
			found.any = append(found.any, list...)
		}
		for _, x := range found.any {
			if files[x.at.File] == nil || x.at.Line < 1 || x.who == "" || x.what == "" {
				t.Errorf("%+v", x)
			}
		}
	})
}
