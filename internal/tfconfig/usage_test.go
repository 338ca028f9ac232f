package tfconfig_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestUsages: what takes a key or a whole object, and what only mentions one.
func TestUsages(t *testing.T) {
	const redis = "resource \"azurerm_redis_cache\" \"a\" {}\nresource \"azurerm_redis_cache\" \"b\" {}\n"
	for name, tt := range map[string]struct {
		source string
		want   string // consumers with what they take, ~ for what is not certain; ? before what is open
	}{
		"nothing":   {`output "o" { value = azurerm_redis_cache.a.id }`, ""},
		"an output": {`output "o" { value = azurerm_redis_cache.a.primary_access_key }`, "output.o=azurerm_redis_cache.a"},
		"a template": {`output "o" { value = "x${azurerm_redis_cache.a.primary_access_key}@${azurerm_redis_cache.a.hostname}" }`,
			"output.o=azurerm_redis_cache.a"},
		"through a local": {"locals { k = { key = azurerm_redis_cache.a.primary_access_key, host = azurerm_redis_cache.a.hostname } " +
			"}\n" + `output "o" { value = local.k.key }` + "\n" + `output "p" { value = local.k.host }`, "output.o=azurerm_redis_cache.a"},
		"a resource": {`resource "x" "r" { value = azurerm_redis_cache.a.secondary_connection_string }`,
			"x.r=azurerm_redis_cache.a"},
		"a nested block": {"resource \"x\" \"r\" {\n app {\n env { value = azurerm_redis_cache.a.primary_access_key }\n}\n}",
			"x.r=azurerm_redis_cache.a"},
		"a dynamic block": {"resource \"x\" \"r\" {\n dynamic \"env\" {\n for_each = { k = azurerm_redis_cache.a.primary_access_key " +
			"}\n content { value = env.value }\n}\n}", "x.r=azurerm_redis_cache.a"},
		"a write-only argument":    {`resource "x" "r" { value_wo = azurerm_redis_cache.a.primary_access_key }`, ""},
		"a resource without state": {`resource "stateless" "r" { value = azurerm_redis_cache.a }`, ""},
		"a provisioner": {"resource \"x\" \"r\" {\n provisioner \"local-exec\" { command = " +
			"azurerm_redis_cache.a.primary_access_key }\n}", ""},
		"an ephemeral output": {"output \"o\" {\n value = azurerm_redis_cache.a.primary_access_key\n ephemeral = true\n}", ""},
		"count 0":             {"resource \"x\" \"r\" {\n count = 0\n value = azurerm_redis_cache.a.primary_access_key\n}", ""},
		"count 2": {"resource \"x\" \"r\" {\n count = 2\n value = azurerm_redis_cache.a.primary_access_key\n}",
			"x.r[0]=azurerm_redis_cache.a x.r[1]=azurerm_redis_cache.a"},
		"the other branch": {`output "o" { value = false ? azurerm_redis_cache.a.primary_access_key : ` +
			`azurerm_redis_cache.b.primary_access_key }`, "output.o=azurerm_redis_cache.b"},
		"the other branch, a word": {`output "o" { value = false ? azurerm_redis_cache.a.primary_access_key : "none" }`, ""},
		"a branch in a local": {"locals { k = true ? azurerm_redis_cache.a.primary_access_key : azurerm_redis_cache.b.primary_access_key " +
			"}\n" + `output "o" { value = local.k }`, "output.o=azurerm_redis_cache.a"},
		"templates in branches of a local": {"locals { k = true ? \"x${azurerm_redis_cache.a.primary_access_key}\" : " +
			"\"x${azurerm_redis_cache.b.primary_access_key}\" }\n" + `output "o" { value = local.k }`,
			"output.o=~azurerm_redis_cache.a output.o=~azurerm_redis_cache.b"},
		"a condition that is not known": {`output "o" { value = azurerm_redis_cache.a.hostname == "x" ? ` +
			`azurerm_redis_cache.a.primary_access_key : "" }`,
			"output.o=~azurerm_redis_cache.a"},
		"the whole object": {`output "o" { value = azurerm_redis_cache.a }`, "output.o=azurerm_redis_cache.a"},
		"the whole object in a list": {`output "o" { value = [azurerm_redis_cache.a, azurerm_redis_cache.b.id] }`,
			"output.o=azurerm_redis_cache.a"},
		"ids of a map of caches": {"locals { all = { a = azurerm_redis_cache.a } }\n" +
			`output "o" { value = [for c in local.all : c.id] }`, ""},
		"handed on by terraform_data": {"resource \"terraform_data\" \"d\" { input = azurerm_redis_cache.a.primary_access_key }\n" +
			`resource "x" "r" { value = terraform_data.d.output }`, "terraform_data.d=azurerm_redis_cache.a x.r=azurerm_redis_cache.a"},
		"another attribute of that name": {"resource \"y\" \"s\" {}\n" + `output "o" { value = y.s.primary_access_key }`, ""},
		"a data source": {"data \"azurerm_redis_cache\" \"d\" {}\n" +
			`output "o" { value = data.azurerm_redis_cache.d.primary_access_key }`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := load(t, redis+tt.source).NewEvaluator(nil, azure)
			list, open := e.Usages(tfconfig.Subject{Stateless: []string{"stateless"}, Types: []string{"azurerm_redis_cache"},
				Attributes: []string{"primary_access_key", "secondary_connection_string"}})
			var got []string
			for _, u := range list {
				sure := ""
				if !u.Certain {
					sure = "~"
				}
				got = append(got, fmt.Sprintf("%s=%s%s", u.Consumer, sure, u.Of))
			}
			for _, o := range open {
				got = append(got, "?"+o)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), tt.want)
			}
		})
	}
}
