# Every cache of another plan, as terraform show -json printed it.
data "redisbaseline_evaluation" "shop" {
  plan_file  = "${path.module}/../../plan-gate/plan.json"
  advisories = false
}

output "shop_summary" {
  value = data.redisbaseline_evaluation.shop.summary
}
