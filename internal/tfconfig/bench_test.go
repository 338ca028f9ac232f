package tfconfig_test

import (
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// BenchmarkLinks resolves one endpoint per cache, by key and by each.value.
func BenchmarkLinks(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			cfg := load(b, `
variable "caches" { type = map(object({ sku = string })) }
resource "azurerm_redis_cache" "c" {
  for_each            = var.caches
  name                = "redis-${each.key}"
  resource_group_name = "rg"
  sku_name            = each.value.sku
}
resource "azurerm_private_endpoint" "e" {
  for_each = var.caches
  private_service_connection {
    private_connection_resource_id = azurerm_redis_cache.c[each.key].id
  }
}
resource "azurerm_monitor_diagnostic_setting" "d" {
  for_each           = azurerm_redis_cache.c
  name               = each.value.name
  target_resource_id = each.value.id
}`)
			caches := map[string]cty.Value{}
			for i := range n {
				caches[fmt.Sprintf("k%05d", i)] = cty.ObjectVal(map[string]cty.Value{"sku": cty.StringVal("Basic")})
			}
			p := &plan{variables: map[string]cty.Value{"caches": cty.ObjectVal(caches)}}
			b.ReportAllocs()
			for b.Loop() {
				e := cfg.NewEvaluator(p, azure)
				for i := range n {
					e1 := e.Reference(fmt.Sprintf(`azurerm_private_endpoint.e["k%05d"]`, i), "private_service_connection", 0,
						"private_connection_resource_id")
					e2 := e.Reference(fmt.Sprintf(`azurerm_monitor_diagnostic_setting.d["k%05d"]`, i), "target_resource_id")
					if e1.Kind != tfconfig.Instance || e2.Kind != tfconfig.Instance {
						b.Fatal(e1, e2)
					}
				}
			}
		})
	}
}
