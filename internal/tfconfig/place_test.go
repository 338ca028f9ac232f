package tfconfig_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// usedCaches stand in a file of their own, so that the lines of each case begin at 1.
const usedCaches = `
-- caches.tf --
resource "azurerm_redis_cache" "a" { name = "redis-a" }
resource "azurerm_redis_cache" "b" { name = "redis-b" }
resource "azurerm_redis_cache" "each" {
  for_each = toset(["x", "y"])
  name     = "redis-${each.key}"
}
data "azurerm_redis_cache" "d" { name = "redis-d" }
variable "on" { default = true }
variable "later" { type = bool }
variable "host" { default = "redis-b.redis.cache.windows.net" }
`

// TestUsagesEverywhere: who takes which attribute of a cache, in which argument and on
// which line.
func TestUsagesEverywhere(t *testing.T) {
	text, err := os.ReadFile("testdata/usages.txt")
	if err != nil {
		t.Fatal(err)
	}
	schema, subject := everywhere()
	subject.Texts = map[string]string{
		"redis-a.redis.cache.windows.net": "azurerm_redis_cache.a", "redis-b.redis.cache.windows.net": "azurerm_redis_cache.b",
	}
	known := &plan{attributes: map[string]cty.Value{"azurerm_redis_cache.b.id": cty.StringVal("/subscriptions/s/redis-b")}}
	cases := strings.Split(string(text), "=== ")[1:]
	if len(cases) < 54 {
		t.Fatalf("%d cases", len(cases))
	}
	for _, c := range cases {
		name, c, _ := strings.Cut(c, "\n")
		source, want, _ := strings.Cut(c, "--- want\n")
		t.Run(name, func(t *testing.T) {
			list, open := load(t, source+usedCaches).NewEvaluator(known, schema).Usages(subject)
			got := ""
			for _, line := range slices.Sorted(slices.Values(shownUsages(t, list))) {
				got += line + "\n"
			}
			for _, o := range open {
				got += "?" + o + "\n"
			}
			if got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// everywhere is the schema and the subject of a search for everything that takes an
// attribute of a cache.
func everywhere() (tfconfig.Schema, tfconfig.Subject) {
	schema := azure
	schema.Followed = []string{"hostname", "ssl_port", "port", "id", "name", "primary_access_key"}
	schema.FollowedTypes = []string{"azurerm_redis_cache"}
	return schema, tfconfig.Subject{Everywhere: true, Types: schema.FollowedTypes, Attributes: schema.Followed}
}

func shownUsages(t *testing.T, list []tfconfig.Usage) (out []string) {
	t.Helper()
	for _, u := range list {
		sure := ""
		if !u.Certain {
			sure = "~"
		}
		if u.Position.File == "" {
			t.Errorf("%v has no place", u)
		}
		out = append(out, fmt.Sprintf("%s:%s:%d=%s%s.%s", u.Consumer, u.Argument, u.Position.Line, sure,
			strings.ReplaceAll(u.Of, "azurerm_redis_cache.", ""), strings.TrimPrefix(u.Attribute, "\x00")))
	}
	return out
}

// TestUsagesOfDoubledLocals: locals that double from one to the next take bounded time.
func TestUsagesOfDoubledLocals(t *testing.T) {
	var source strings.Builder
	source.WriteString("resource \"azurerm_redis_cache\" \"a\" {}\noutput \"o\" { value = local.l0 }\nlocals {\n")
	for i := range 30 {
		fmt.Fprintf(&source, " l%d = { a = local.l%d, b = local.l%d }\n", i, i+1, i+1)
	}
	source.WriteString(" l30 = azurerm_redis_cache.a.id\n}\n")
	schema, subject := everywhere()
	start := time.Now()
	list, open := load(t, source.String()).NewEvaluator(nil, schema).Usages(subject)
	if took := time.Since(start); took > 30*time.Second || len(open) == 0 {
		t.Errorf("%d usages, open %v after %v", len(list), open, took)
	}
}
