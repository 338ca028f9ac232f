package provider

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// toPosture turns a cache of azurerm's shape and its companions into a posture.
// It fails when a companion is of no known kind.
func toPosture(cache node, companions []node) (*posture.Cache, error) {
	c := readCache(cache)
	around, err := readCompanions(companions, identityOf(cache))
	if err != nil {
		return nil, err
	}
	around.place(c)
	return c, nil
}

// tellingAttributes are the attributes of which one at least is set in every
// cache: a name, an id, a region, zones and a subnet other objects have too.
var tellingAttributes = slices.DeleteFunc(cacheShape.names(), func(name string) bool {
	return slices.Contains([]string{"id", "name", "location", "resource_group_name", "subnet_id", "zones"}, name)
})

// refuseNoCache returns an error where nothing tells that an object is a cache.
func refuseNoCache(n node) error {
	for _, name := range tellingAttributes {
		if !n.get(name).null() {
			return nil
		}
	}
	return fmt.Errorf("this is no azurerm_redis_cache: none of the attributes that tell one is set; they are:\n\n  - %s\n\nAn attribute of "+
		"another name never gets here",
		strings.Join(tellingAttributes, "\n  - "))
}

// refuseUndocumented returns an error where an attribute has a value that no
// cache can have: in a list of violations nothing would tell of it. The value
// may be anything, a secret included, and is not shown.
func refuseUndocumented(c *posture.Cache) error {
	odd := c.Undocumented()
	if len(odd) == 0 {
		return nil
	}
	return fmt.Errorf("a value that no azurerm_redis_cache has stands in %s", strings.Join(odd, ", "))
}

func readCache(n node) *posture.Cache {
	configuration := n.get("redis_configuration").first()
	group := n.get("resource_group_name").text()
	if !group.IsKnown() {
		// A snapshot does not tell a group that is missing from one that is not
		// known yet: no rule asks for it.
		group = posture.Value[string]{}
	}
	return &posture.Cache{
		ResourceGroup: group,
		Type:          posture.TypeRedis,
		Name:          n.get("name").text(),
		ResourceID:    resourceID(n.get("id")),
		Location:      matching(n.get("location").text(), anyRegion),

		Tier:       among(n.get("sku_name").text(), posture.Tiers),
		Family:     among(n.get("family").text(), posture.Families),
		Capacity:   n.get("capacity").number(),
		ShardCount: n.get("shard_count").number(),

		SubnetID:            n.get("subnet_id").text(),
		PublicNetworkAccess: n.get("public_network_access_enabled").flag(),
		NonTLSPort:          either(true, n.get("non_ssl_port_enabled").flag(), n.get("enable_non_ssl_port").flag()),
		MinimumTLSVersion:   among(n.get("minimum_tls_version").text(), posture.TLSVersions),
		AuthenticationRequired: either(false, configuration.get("authentication_enabled").flag(),
			configuration.get("enable_authentication").flag()),
		EntraAuthentication:     configuration.get("active_directory_authentication_enabled").flag(),
		AccessKeyAuthentication: n.get("access_keys_authentication_enabled").flag().OrDefault(true), // azurerm 3 has no switch: on

		RDBBackup:                 configuration.get("rdb_backup_enabled").flag(),
		AOFBackup:                 configuration.get("aof_backup_enabled").flag(),
		PersistenceAuthentication: among(configuration.get("data_persistence_authentication_method").text(), posture.PersistenceMethods),

		MaxmemoryReserved:              configuration.get("maxmemory_reserved").number(),
		MaxfragmentationmemoryReserved: configuration.get("maxfragmentationmemory_reserved").number(),

		Zones:                 n.get("zones").wholeTexts(),
		ZonalAllocationPolicy: posture.Unset[string]("zones"), // azurerm has no argument for it
		RedisVersion:          matching(n.get("redis_version").text(), anyVersion),
		MaintenanceWindows:    fact(n.get("patch_schedule"), func() (int, bool) { return len(n.get("patch_schedule").items()), true }),
	}
}

// resourceID never reads as unset: a cache always gets an id.
func resourceID(n node) posture.Value[string] {
	if id := n.text(); id.IsKnown() {
		return id
	}
	return posture.Unknown[string](posture.ReasonKnownAfterApply, n.path)
}

// either joins the two names that generations of azurerm give to one switch, of
// which at most one is written: telling decides wherever it is known, else the
// other answer where that is known.
func either(telling bool, names ...posture.Value[bool]) posture.Value[bool] {
	rest := names[0]
	for _, v := range names {
		switch {
		case v.IsKnown() && v.V == telling:
			return v
		case v.IsKnown(), v.IsUnknown() && rest.IsUnset():
			rest = v
		}
	}
	return rest
}

// Only enumerated values may be printed. A value outside the enumeration may
// be anything, a secret included: it can be judged, not shown.

func among(v posture.Value[string], allowed []string) posture.Value[string] {
	for _, a := range allowed {
		if strings.EqualFold(v.V, a) {
			return v
		}
	}
	return hideKnown(v)
}

var (
	anyRegion  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ]{2,40}$`)
	anyVersion = regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,3}){0,2}$`)
)

func matching(v posture.Value[string], form *regexp.Regexp) posture.Value[string] {
	if form.MatchString(v.V) {
		return v
	}
	return hideKnown(v)
}

func hideKnown(v posture.Value[string]) posture.Value[string] {
	if v.IsKnown() {
		return v.Sensitive()
	}
	return v
}
