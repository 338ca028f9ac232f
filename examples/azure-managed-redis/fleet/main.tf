# Every cache of both services that the identity can read.

terraform {
  required_providers {
    redisbaseline = {
      source = "redisbaseline/redisbaseline"
    }
  }
}

data "redisbaseline_fleet" "all" {
  report     = false
  advisories = false
}

output "caches" {
  value = data.redisbaseline_fleet.all.summary.caches
}
