package plangen

import (
	"embed"
	"encoding/json"
	"maps"
	"strings"
)

// shape is the JSON of one resource type, as azurerm 5 plans it. @N stands for
// the number of the resource, @PEER for the address of its cache.
type shape struct {
	typ string
	// created and existing are the object in a plan that creates it, and of one
	// that exists already and has what apply computed.
	created, existing string
	unknown           string // after_unknown of one that is created
	sensitive         string // what is marked, in all of the plan's masks
	// config and inModule are the expressions of the block in the root module,
	// and in the module of the caches.
	config, inModule string
}

//go:embed shapes
var files embed.FS

// read returns the shape of a resource type from its file. In a file, computed
// overlays the members of values, and in_module those of config.
func read(typ string) *shape {
	var file struct {
		Values, Computed, Unknown, Sensitive, Config map[string]json.RawMessage
		InModule                                     map[string]json.RawMessage `json:"in_module"`
	}
	raw, err := files.ReadFile("shapes/" + typ + ".json")
	if err == nil {
		err = json.Unmarshal(raw, &file)
	}
	if err != nil {
		panic(err) // a file of the program itself is broken
	}
	return &shape{
		typ:     typ,
		created: object(file.Values), existing: object(file.Values, file.Computed),
		unknown: object(file.Unknown), sensitive: object(file.Sensitive),
		config: object(file.Config), inModule: object(file.Config, file.InModule),
	}
}

// object returns the compact JSON of an object: the members of each layer in place of those before.
func object(layers ...map[string]json.RawMessage) string {
	all := map[string]json.RawMessage{}
	for _, layer := range layers {
		maps.Copy(all, layer)
	}
	raw, err := json.Marshal(all)
	if err != nil {
		panic(err) // a file of the program itself is broken
	}
	return string(raw)
}

var (
	endpointShape   = read("azurerm_private_endpoint")
	diagnosticShape = read("azurerm_monitor_diagnostic_setting")
	workspaceShape  = read("azurerm_log_analytics_workspace")
	identityShape   = read("azurerm_user_assigned_identity")
	accountShape    = read("azurerm_storage_account")
	groupShape      = read("azurerm_resource_group")
	networkShape    = read("azurerm_virtual_network")
	subnetShape     = read("azurerm_subnet")
	zoneShape       = read("azurerm_private_dns_zone")
	policyShape     = read("azurerm_resource_group_policy_assignment")
	fleetShape      = groupShape.with("@N", "fleet") // the resource group that everything else is in
)

// with returns a copy of the shape with texts replaced: pairs of old and new, as
// strings.NewReplacer takes them.
func (s shape) with(pairs ...string) *shape {
	replacer := strings.NewReplacer(pairs...)
	for _, text := range []*string{&s.created, &s.existing, &s.unknown, &s.sensitive, &s.config, &s.inModule} {
		*text = replacer.Replace(*text)
	}
	return &s
}

// cacheKind is how plans write the caches of one service.
type cacheKind struct {
	module, prefix              string // name of the module call, and what the names of its instances begin with
	zone                        string // name of the block of the private DNS zone
	endpoint, diagnostic, cache *shape
}

func (k cacheKind) shapes() []*shape { return []*shape{k.endpoint, k.diagnostic, k.cache} }

// classic is Azure Cache for Redis.
var classic = cacheKind{
	module: "cache", prefix: "c", zone: "main",
	endpoint: endpointShape, diagnostic: diagnosticShape, cache: read("azurerm_redis_cache"),
}

// managed is Azure Managed Redis, where the diagnostic setting is on the database.
var managed = cacheKind{
	module: "managed", prefix: "m", zone: "managed",
	endpoint: endpointShape.with("redisCache", "redisEnterprise", "/redis/", "/redisEnterprise/",
		"redis.cache.windows.net", "redis.azure.net", "zone.main", "zone.managed"),
	diagnostic: diagnosticShape.with("/redis/redis-@N", "/redisEnterprise/redis-@N/databases/default", `"@PEER.id","@PEER"`,
		`"@PEER.default_database[0].id","@PEER.default_database[0]","@PEER.default_database","@PEER"`),
	cache: read("azurerm_managed_redis"),
}

// managedZoneShape is the private DNS zone of Azure Managed Redis.
var managedZoneShape = zoneShape.with("redis.cache.windows.net", "redis.azure.net")

// foundation stands once in every plan.
var foundation = []*shape{fleetShape, networkShape, subnetShape, workspaceShape, zoneShape, policyShape}

// others is the mix of the other resources, in turn: 3 in 20 are kept for linking.
var others = []*shape{
	workspaceShape, identityShape, accountShape, identityShape, groupShape,
	identityShape, workspaceShape, identityShape, accountShape, identityShape,
	networkShape, identityShape, workspaceShape, identityShape, accountShape,
	identityShape, subnetShape, identityShape, workspaceShape, identityShape,
}
