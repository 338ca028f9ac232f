list "redisbaseline_cache" "all" {
  provider = redisbaseline

  config {
    subscription_id = "00000000-0000-0000-0000-000000000000" # the provider's by default
  }
}
