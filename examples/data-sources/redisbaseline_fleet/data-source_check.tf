# A warning whenever a plan is made while something was not seen.
check "whole_fleet_seen" {
  assert {
    condition     = !data.redisbaseline_fleet.shop.partial
    error_message = "Not seen: ${join(", ", [for u in data.redisbaseline_fleet.shop.unseen : "${u.kind} ${u.id}"])}."
  }
}
