# The production caches below a management group, with a waiver for old ones.
data "redisbaseline_fleet" "production" {
  management_group_ids = ["mg-platform"]
  tags                 = { environment = "production" }
  advisories           = false
  report               = false

  exemption {
    feature     = "NS-2/disable-public-network-access"
    cache       = "redis-legacy-*"
    category    = "Waiver"
    expires_on  = "2027-03-31"
    description = "The warehouse still connects from outside."
  }
}

output "open_by_control" {
  value = { for c in data.redisbaseline_fleet.production.control_totals : c.control => c.non_compliant if c.non_compliant > 0 }
}
