package conformance

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// Ids that several situations have.
const (
	subscription    = armtest.DefaultSubscription
	elsewhere       = "/subscriptions/" + subscription + "/resourceGroups/rg-elsewhere"
	factory         = elsewhere + "/providers/Microsoft.DataFactory/factories/adf"
	network         = elsewhere + "/providers/Microsoft.Network/virtualNetworks/vnet"
	workspace       = elsewhere + "/providers/Microsoft.OperationalInsights/workspaces/logs"
	endpointSubnet  = elsewhere + "/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"
	otherSubnet     = elsewhere + "/providers/Microsoft.Network/virtualNetworks/vnet/subnets/redis"
	classicSubnet   = elsewhere + "/providers/Microsoft.ClassicNetwork/virtualNetworks/vnet/subnets/redis"
	managementGroup = "/providers/Microsoft.Management/managementGroups/mg"
	customerKey     = "https://kv.vault.azure.net/keys/key/0123456789abcdef0123456789abcdef"
	identities      = elsewhere + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"
	principal       = "00000000-0000-4000-8000-00000000000a"
)

func groupID(s situation) string {
	return "/subscriptions/" + subscription + "/resourceGroups/" + s.groupName()
}
func cacheID(s situation) string {
	return groupID(s) + "/providers/" + s.facts.armType() + "/" + s.cacheName()
}
func zoneID(zone string) string {
	return elsewhere + "/providers/Microsoft.Network/privateDnsZones/" + zone
}
func securityGroupID(s situation) string {
	return groupID(s) + "/providers/Microsoft.Network/networkSecurityGroups/nsg"
}
func subnetIDOf(s situation) string {
	return groupID(s) + "/providers/Microsoft.Network/virtualNetworks/vnet/subnets/redis"
}

func (f facts) size() (tier, family string, capacity int) {
	size := f.Size
	if size == "" {
		size = "Standard C1"
	}
	if _, err := fmt.Sscanf(size, "%s %1s%d", &tier, &family, &capacity); err != nil {
		panic(err)
	}
	return tier, family, capacity
}

// azurermType is the resource type of the cache in azurerm.
func (f facts) azurermType() string {
	switch {
	case f.isEnterprise():
		return "azurerm_redis_enterprise_cluster"
	case f.Managed != nil:
		return "azurerm_managed_redis"
	default:
		return "azurerm_redis_cache"
	}
}

// armType is the resource type of the cache in Azure Resource Manager.
func (f facts) armType() string {
	if f.Managed != nil {
		return "Microsoft.Cache/redisEnterprise"
	}
	return "Microsoft.Cache/redis"
}

func (f facts) apiVersion() string {
	if f.Managed == nil {
		return "2024-11-01"
	}
	return cmp.Or(f.Managed.APIVersion, "2025-07-01")
}

// databasePath is the path of the database below a cluster.
const databasePath = "/databases/default"

// database is the resource with the data, the settings and the logs of a cache: the
// database of a cluster, and the cache itself where there are no clusters.
func (f facts) database(cache ref) ref {
	switch {
	case f.Managed == nil:
		return cache
	case cache.id != "":
		return ref{id: cache.id + databasePath}
	case strings.HasPrefix(cache.expression, "azapi_resource."):
		return ref{expression: "azapi_resource.database.id"}
	case f.isEnterprise():
		return ref{expression: "azurerm_redis_enterprise_database.database.id"}
	default:
		return ref{expression: f.azurermType() + "." + f.label() + ".default_database[0].id"}
	}
}

// otherCluster is the id of a member of the group of geo-replication.
func otherCluster(s situation) string {
	return groupID(s) + "/providers/Microsoft.Cache/redisEnterprise/another"
}

// sku is the SKU of a cluster, with the capacity of an Enterprise tier as azurerm writes it.
func (f facts) sku() string { return cmp.Or(f.Size, "Balanced_B5") }

func (f facts) location() string {
	if f.Location == "" {
		return "westeurope"
	}
	return f.Location
}

// subnetID is the id of the cache's subnet; managed is the id of a subnet of the plan.
func (f facts) subnetID(managed ref) any {
	switch n := f.Subnet; {
	case n == nil:
		return nil
	case n.Later:
		return later
	case n.Classic:
		return classicSubnet
	case n.Elsewhere, n.Adopted:
		return otherSubnet
	default:
		return managed
	}
}

func (r rule) fromPorts() string {
	if r.FromPorts == "" {
		return "*"
	}
	return r.FromPorts
}

// services are the sub-resources of an endpoint.
func (f facts) services(e endpoint) []string {
	switch {
	case e.NoService:
		return []string{}
	case e.Service != "":
		return []string{e.Service}
	case f.Managed != nil:
		return []string{"redisEnterprise"}
	default:
		return []string{"redisCache"}
	}
}

func (e endpoint) target(s situation, cache ref) any {
	switch {
	case e.Other:
		return groupID(s) + "/providers/" + s.facts.armType() + "/another"
	case e.Literal:
		return cacheID(s)
	}
	return cache
}

func (d diagnostic) target(s situation, cache ref) any {
	switch {
	case d.Later:
		return later
	case d.Literal && d.OnCluster:
		return cacheID(s)
	case d.Literal:
		return s.facts.database(ref{id: cacheID(s)}).id
	case d.OnCluster:
		return cache
	case d.Composed:
		return ref{fmt.Sprintf(`"${%s}%s"`, cache.expression, databasePath), cache.id + databasePath}
	}
	return s.facts.database(cache)
}

// zone is the id of the zone in the zone group of an endpoint; planned is the id of a
// zone of the plan.
func (e endpoint) zone(planned ref) any {
	if e.ZoneInPlan {
		return planned
	}
	return zoneID(e.Zone)
}

// label is the name of the cache's resource in the configuration.
func (f facts) label() string {
	if f.BeforeMove {
		return "old"
	}
	return "cache"
}

// moved writes the moved block of a cache; typ is its resource type.
func (w *writer) moved(f facts, typ string) {
	if f.Moved {
		w.block("moved", func() {
			w.attr("from", ref{expression: typ + ".old"})
			w.attr("to", ref{expression: typ + ".cache"})
		})
	}
}

// cache writes the resource of the cache, or a removed block for it.
func (w *writer) cache(f facts, typ string, body func()) {
	if f.CacheRemoved {
		w.removed(typ + "." + f.label())
		return
	}
	w.block(fmt.Sprintf("resource %q %q", typ, f.label()), body)
}

// companion writes a resource that stands around the cache, or a removed block for it.
func (w *writer) companion(f facts, typ, name string, body func()) {
	if f.CompanionsRemoved {
		w.removed(typ + "." + name)
		return
	}
	w.block(fmt.Sprintf("resource %q %q", typ, name), body)
}

// removed writes a removed block, by which a resource leaves the state and stays in
// Azure.
func (w *writer) removed(address string) {
	w.block("removed", func() {
		w.attr("from", ref{expression: address})
		w.block("lifecycle", func() { w.attr("destroy", false) })
	})
}

// armID is the id of a resource below its parent. The id of a child resource goes on
// with the last part of the type; the id of another resource goes on with /providers/.
func armID(parent, typ, name string) string {
	last := strings.LastIndexByte(typ, '/')
	segments := strings.Split(parent, "/")
	if owner := segments[len(segments)-2]; strings.HasSuffix(typ[:last], "/"+owner) {
		return parent + typ[last:] + "/" + name
	}
	return parent + "/providers/" + typ + "/" + name
}
