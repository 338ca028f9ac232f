package tfplan_test

import "testing"

// TestComputedFromReference: plan JSON names what an expression refers to, and
// not what it makes of it. Where the configuration shows that the id of a cache
// is only built on, the link that plan JSON alone would make is taken back, and
// the text that is built may name any cache of the plan.
func TestComputedFromReference(t *testing.T) {
	const source = `
resource "azurerm_redis_cache" "a" {
  name                = "a"
  resource_group_name = "rg"
  location            = "westeurope"
}
resource "azurerm_redis_cache" "b" {
  name                = "b"
  resource_group_name = "rg"
  location            = "westeurope"
}
resource "azurerm_private_endpoint" "e" {
  private_service_connection {
    is_manual_connection           = false
    subresource_names              = ["redisCache"]
    private_connection_resource_id = `
	itself, doubt, either := m{a: "e", b: "none"}, m{a: "?e", b: "none"}, m{a: "?e", b: "?e"}
	for expr, want := range map[string]m{
		`azurerm_redis_cache.a.id`:                                     itself,
		`"${azurerm_redis_cache.a.id}"`:                                itself,
		`format("%s", azurerm_redis_cache.a.id)`:                       itself,
		`try(azurerm_redis_cache.a.id, "")`:                            itself,
		`lower(azurerm_redis_cache.a.id)`:                              itself,
		`replace(azurerm_redis_cache.a.id, "/a", "/b")`:                either,
		`"${azurerm_redis_cache.a.id}/privateEndpoints/x"`:             doubt, // the id of nothing but a part of it
		`"${azurerm_redis_cache.a.id}-x"`:                              either,
		`join("/", slice(split("/", azurerm_redis_cache.a.id), 0, 5))`: either,
		`azurerm_redis_cache.a.id == "" ? "/x" : "/y"`:                 doubt,
		// What the source does not settle for another reason stays decided by plan JSON.
		`local.nowhere`: itself,
	} {
		t.Run(expr, func(t *testing.T) {
			s := newSynth().cache(a, "a").cache(b, "b").endpoint("azurerm_private_endpoint.e")
			s.root.resource(a, m{})
			s.root.resource(b, m{})
			s.root.resource("azurerm_private_endpoint.e", endpointTo(a+".id"))
			expectEndpoints(t, s.readSource(t, source+expr+"\n  }\n}\n"), want)
		})
	}
}
