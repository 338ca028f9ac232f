# Private, logged, without access keys: what is omitted is secure.
resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1

  private_endpoint = {
    subnet_id            = var.subnet_id
    private_dns_zone_ids = [var.dns_zone_id]
  }

  diagnostic_settings = {
    logs = { log_analytics_workspace_id = var.workspace_id }
  }

  access_policies = { cart = "+get +set +del ~cart:*" }
  access_policy_assignments = {
    shop = {
      access_policy_name = "cart"
      object_id          = var.shop_object_id
      object_id_alias    = "shop"
    }
  }
}
