# A cache that exists, read through Azure Resource Manager.
data "redisbaseline_evaluation" "existing" {
  resource_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redis/redis-orders"
}

output "existing_compliant" {
  value = data.redisbaseline_evaluation.existing.compliant
}
