# Every cache of a subscription: one diagnostic per rule.
data "redisbaseline_fleet" "shop" {
  subscription_ids = ["00000000-0000-0000-0000-000000000000"]
}

output "violations" {
  value = { for c in data.redisbaseline_fleet.shop.caches : c.name => c.violations if length(c.violations) > 0 }
}
