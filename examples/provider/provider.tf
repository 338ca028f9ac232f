terraform {
  required_providers {
    redisbaseline = {
      source = "redisbaseline/redisbaseline"
    }
  }
}

provider "redisbaseline" {
  # What a violation becomes: a warning (Audit, the default), an error (Deny) or
  # nothing but data (Disabled).
  effect = "Audit"

  exemption {
    feature     = "NS-2/disable-public-network-access"
    cache       = "redis-legacy-*"
    category    = "Waiver"
    expires_on  = "2027-03-31"
    description = "The warehouse still connects from outside."
    approved_by = "security@example.com"
  }
}
