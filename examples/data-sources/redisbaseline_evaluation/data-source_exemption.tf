data "redisbaseline_evaluation" "orders_exempt" {
  cache      = local.orders
  advisories = false

  exemption {
    feature     = "NS-2/disable-public-network-access"
    cache       = "redis-orders"
    category    = "Mitigated"
    description = "The firewall admits the addresses of the office only."
  }
}
