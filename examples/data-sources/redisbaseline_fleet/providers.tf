terraform {
  required_providers {
    redisbaseline = {
      source = "redisbaseline/redisbaseline"
    }
  }
}
