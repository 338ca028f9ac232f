package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// azurermCacheSpec is what is kept of azurerm_redis_cache in azurerm 3, 4 and 5;
// redisbaseline_cache has the names of azurerm 5.
func azurermCacheSpec() *spec {
	return keep("id", "name", "resource_group_name", "location", "sku_name", "family", "capacity", "shard_count", "subnet_id",
		"public_network_access_enabled", "non_ssl_port_enabled", "enable_non_ssl_port", "minimum_tls_version",
		"access_keys_authentication_enabled", "zones", "redis_version").
		with("patch_schedule", keep("day_of_week")).
		with("redis_configuration", keep("active_directory_authentication_enabled", "authentication_enabled", "enable_authentication",
			"rdb_backup_enabled", "aof_backup_enabled", "data_persistence_authentication_method", "maxmemory_reserved",
			"maxfragmentationmemory_reserved"))
}

// azurermFacts maps one side of a change of azurerm_redis_cache. fresh says that
// the object is created by this plan.
func (p *references) azurermFacts(in *instance, v view, fresh bool) *posture.Cache {
	if !v.isUnknown() && v.get("name").isAbsent() {
		v.stripped = true
	}
	c := &posture.Cache{Type: posture.TypeRedis}
	str := func(name string) posture.Value[string] { return v.get(name).str(name) }
	c.Name, c.Location, c.Tier, c.Family = str("name"), str("location"), str("sku_name"), str("family")
	c.ResourceID, c.ResourceGroup = str("id"), str("resource_group_name")
	c.Capacity = v.get("capacity").integer("capacity")
	c.ShardCount = v.get("shard_count").integer("shard_count")
	if n, ok := c.ShardCount.Get(); ok && n == 0 {
		c.ShardCount = posture.Unset[int]("shard_count")
	}
	c.SubnetID = str("subnet_id")
	c.PublicNetworkAccess = v.get("public_network_access_enabled").boolean("public_network_access_enabled")
	c.NonTLSPort = p.either(in, true, v, "", "", "non_ssl_port_enabled", "enable_non_ssl_port")
	c.MinimumTLSVersion = str("minimum_tls_version")
	if keys := v.get("access_keys_authentication_enabled"); keys.isAbsent() {
		// azurerm 3 has no switch: keys are on.
		c.AccessKeyAuthentication = posture.Unset[bool]("access_keys_authentication_enabled").OrDefault(true)
	} else {
		c.AccessKeyAuthentication = keys.boolean("access_keys_authentication_enabled")
	}
	p.azurermConfiguration(c, in, v.get("redis_configuration"), fresh)
	c.Zones = v.get("zones").list("zones")
	c.ZonalAllocationPolicy = posture.Unknown[string](posture.ReasonNotObserved, "zonalAllocationPolicy")
	if fresh {
		c.ZonalAllocationPolicy = posture.Unset[string]("zonalAllocationPolicy") // azurerm cannot set it
	}
	c.RedisVersion = str("redis_version")
	if fresh && c.RedisVersion.IsUnknown() && p.ask(in, "redis_version").Kind == tfconfig.Omitted {
		c.RedisVersion = posture.Unset[string]("redis_version") // computed by the provider only where it is left out
	}
	c.MaintenanceWindows = count(v.get("patch_schedule"), "patch_schedule")
	if in.typ.name == ownCache {
		c.ZonalAllocationPolicy = str("zonal_allocation_policy")
		if c.MaintenanceWindows.IsUnset() { // not managed here; an empty list is none
			c.MaintenanceWindows = posture.Unknown[int](posture.ReasonNotObserved, "patch_schedule")
		}
	}
	return c
}

// azurermConfiguration maps the block redis_configuration.
func (p *references) azurermConfiguration(c *posture.Cache, in *instance, block view, after bool) {
	const name = "redis_configuration"
	config := block.first()
	if block.val.kind == '{' { // a nested attribute, as providers of the newer kind write it
		config = block
	}
	if block.isUnknown() {
		config = block
		if after && p.omitted(in, name) == posture.True {
			config = view{} // omitted: nothing in it is set
		}
	}
	path := func(leaf string) string { return name + "." + leaf }
	c.AuthenticationRequired = p.either(in, false, config, name+".", name, "authentication_enabled", "enable_authentication")
	boolean := func(leaf string) posture.Value[bool] { return config.get(leaf).boolean(path(leaf)) }
	c.EntraAuthentication = boolean("active_directory_authentication_enabled")
	c.RDBBackup = boolean("rdb_backup_enabled")
	c.AOFBackup = boolean("aof_backup_enabled")
	c.PersistenceAuthentication = config.get("data_persistence_authentication_method").str(path("data_persistence_authentication_method"))
	c.MaxmemoryReserved = config.get("maxmemory_reserved").integer(path("maxmemory_reserved"))
	c.MaxfragmentationmemoryReserved = config.get("maxfragmentationmemory_reserved").integer(path("maxfragmentationmemory_reserved"))
	if config.isUnknown() && after {
		detail := p.describeBlock(in, name)
		c.AuthenticationRequired = c.AuthenticationRequired.WithDetail(detail)
		c.EntraAuthentication = c.EntraAuthentication.WithDetail(detail)
	}
}

// either reads a switch that azurerm 3 has under two names, one of them computed
// from the other: the value decisive wins wherever it stands, else the one that
// the configuration writes, else the known one. block is the block in which both stand.
func (p *references) either(in *instance, decisive bool, v view, prefix, block string, names ...string) posture.Value[bool] {
	var known, written, other posture.Value[bool]
	for i, name := range names {
		got := v.get(name).boolean(prefix + name)
		switch b, ok := got.Get(); {
		case ok && b == decisive:
			return got
		case ok && !known.IsKnown():
			known = got
		case got.IsUnknown() && p.mayWrite(in, block, name):
			written = got
		case i == 0, got.IsUnknown() && !other.IsUnknown():
			other = got
		}
	}
	switch {
	case written.Reason != "":
		return written
	case known.IsKnown():
		return known
	default:
		return other
	}
}

// mayWrite reports whether the configuration may write an argument; what it does
// not write is computed by the provider. A block that is not among the
// expressions while the plan has it is dynamic, and may hold anything.
func (p *references) mayWrite(in *instance, block, name string) bool {
	rc := p.config.resources[in.cfg]
	switch {
	case p.config.root == nil:
		return true
	case rc == nil:
		return false
	case block == "":
		return rc.has(name)
	default:
		return !rc.has(block) || rc.has(block+"[0]."+name)
	}
}

// count returns the number of blocks.
func count(v view, path string) posture.Value[int] {
	return value(v, path, func(n node) (int, bool) { return n.length(), n.kind == '[' })
}

// subnetReference replaces a subnet id that is known after apply where it refers
// to the id of a managed subnet.
func (p *references) subnetReference(in *instance, id posture.Value[string]) (posture.Value[string], *instance) {
	if !id.IsUnknown() || id.Reason != posture.ReasonKnownAfterApply {
		return id, nil
	}
	leaves := p.trace(in, "subnet_id")
	if len(leaves) != 1 || !leaves[0].sure || leaves[0].data || leaves[0].attribute != "id" || leaves[0].address == "" {
		return id.WithDetail(p.describe(in, "subnet_id")), nil
	}
	subnet := p.instances[leaves[0].address]
	if subnet == nil || subnet.typ.kind != kindSubnet || !subnet.after() {
		return id.WithDetail(p.describe(in, "subnet_id")), nil
	}
	known := posture.Known(p.predictSubnetID(subnet), id.Source.Path)
	known.Source.Sensitive = id.Source.Sensitive
	return known, subnet
}

// predictSubnetID returns the id that a subnet will have, else the reference;
// a name that the plan marks sensitive is no part of what messages show.
func (p *references) predictSubnetID(in *instance) string {
	v := in.view()
	if id := v.get("id").shown(); id != "" {
		return id
	}
	sub, rg := p.subscriptionOf(in).id, v.get("resource_group_name").shown()
	vnet, name := v.get("virtual_network_name").shown(), v.get("name").shown()
	if sub == "" || rg == "" || vnet == "" || name == "" {
		return in.address + ".id"
	}
	return strings.Join([]string{"/subscriptions", sub, "resourceGroups", rg, "providers/Microsoft.Network/virtualNetworks", vnet, "subnets",
		name}, "/")
}
