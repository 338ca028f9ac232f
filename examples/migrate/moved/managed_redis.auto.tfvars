# Values of the variables that redisbaseline migrate declares for this estate.

managed_redis_subnet_id_westeurope       = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/endpoints"
managed_redis_subnet_id_northeurope      = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop/providers/Microsoft.Network/virtualNetworks/vnet-shop-north/subnets/endpoints"
managed_redis_log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop/providers/Microsoft.OperationalInsights/workspaces/log-shop"

# The principal id of azurerm_user_assigned_identity.shop, as which the web app signs in.
managed_redis_carts_principals       = ["99999999-9999-4999-8999-999999999999"]
managed_redis_carts_north_principals = ["99999999-9999-4999-8999-999999999999"]
managed_redis_catalog_principals     = ["99999999-9999-4999-8999-999999999999"]
managed_redis_feed_principals        = ["99999999-9999-4999-8999-999999999999"]
managed_redis_orders_principals      = ["99999999-9999-4999-8999-999999999999"]
managed_redis_search_principals      = ["99999999-9999-4999-8999-999999999999"]

# A developer: groups are not supported.
managed_redis_scratch_principals = ["11111111-2222-4333-8444-666666666666"]
