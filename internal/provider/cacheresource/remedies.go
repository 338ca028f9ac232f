package cacheresource

import "regexp"

// remedies say what to write in this resource where the catalogue names another
// one, by rule.
var remedies = map[string]string{
	"NS-1/virtual-network-integration": endpointHere + `; subnet_id would replace the cache`,
	"NS-2/azure-private-link":          endpointHere,
	"LT-4/azure-resource-logs":         `diagnostic_settings = { logs = { log_analytics_workspace_id = "<id of a workspace>" } }`,
	"advisory/unreachable":             endpointHere,
	"advisory/private-dns-zone":        `private_dns_zone_ids = ["<id of a zone>"] in private_endpoint, with a zone named privatelink.redis.cache.windows.net`,
	"advisory/keys-in-state":           `give the application an identity and an entry in access_policy_assignments instead of a key, which this resource never hands out`,
	"advisory/patch-schedule":          `patch_schedule = [{ day_of_week = "Sunday", start_hour_utc = 2 }]`,
	"advisory/retirement":              `plan the move to Azure Managed Redis before 2028-09-30, where the cloud offers it`,
}

const endpointHere = `private_endpoint = { subnet_id = "<id of a subnet>" }`

// others is how the same is written elsewhere.
var others = regexp.MustCompile(` \((azurerm|azapi)\b[^()]*\)`)

// Remedy is what to write in this resource against a rule, given what is said to
// everybody.
func Remedy(rule, everywhere string) string {
	if here, ok := remedies[rule]; ok {
		return here
	}
	return others.ReplaceAllString(everywhere, "")
}
