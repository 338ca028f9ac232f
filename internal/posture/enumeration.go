package posture

import (
	"math"
	"slices"
	"strings"
)

// The values that ARM documents for a cache, Microsoft.Cache/redis 2024-11-01 and
// Microsoft.Cache/redisEnterprise 2025-07-01, without regard to case; Azure Resource Manager leaves the enumeration of TLS versions open.
var (
	Tiers              = []string{"Basic", "Standard", "Premium"}
	Families           = []string{"C", "P"}
	TLSVersions        = []string{"1.0", "1.1", "1.2", "1.3"}
	PersistenceMethods = []string{"SAS", "ManagedIdentity"}
	ZonalPolicies      = []string{"Automatic", "UserDefined", "NoZones"}
	UpdateChannels     = []string{"Stable", "Preview"}
	ClientProtocols    = []string{"Encrypted", "Plaintext"}
	ClusteringPolicies = []string{"OSSCluster", "EnterpriseCluster", "NoCluster"}
	DeferredUpgrades   = []string{"Deferred", "NotDeferred"}
	zones              = []string{"1", "2", "3"}

	// EvictionPolicies are those of Azure Cache for Redis, of which ARM leaves the enumeration
	// open; ManagedEvictionPolicies those of a database of Azure Managed Redis.
	EvictionPolicies = []string{"volatile-lru", "allkeys-lru", "volatile-random", "allkeys-random", "volatile-ttl", "noeviction",
		"volatile-lfu", "allkeys-lfu"}
	ManagedEvictionPolicies = []string{"AllKeysLFU", "AllKeysLRU", "AllKeysRandom", "VolatileLRU", "VolatileLFU", "VolatileTTL",
		"VolatileRandom", "NoEviction"}
	everyEvictionPolicy = slices.Concat(EvictionPolicies, ManagedEvictionPolicies)
	// MaintenanceDays are the days of a patch schedule.
	MaintenanceDays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Everyday", "Weekend"}
)

// largestCapacity is the largest size of any family, C6. The capacity of the Enterprise
// tiers is a number of nodes, whose documentation names no largest one.
func (c *Cache) largestCapacity() int {
	if c.Type == "Microsoft.Cache/redisEnterprise" {
		return math.MaxInt
	}
	return 6
}

// Undocumented returns an unknown fact: its source holds a value that the service
// does not document. Its reason is known_after_apply, because only the service
// can show what it makes of such a value.
func Undocumented[T any](path string) Value[T] {
	v := Unknown[T](ReasonKnownAfterApply, path).WithDetail("its value is not a documented one")
	v.Source.Origin = OriginUndocumented
	return v
}

// undocumented returns the undocumented fact in place of a known one, without its value.
func (v Value[T]) undocumented() Value[T] {
	out := Undocumented[T](v.Source.Path)
	out.Source.Sensitive = v.Source.Sensitive
	return out
}

// IsUndocumented reports whether the source holds a value that the service does
// not document.
func (v Value[T]) IsUndocumented() bool {
	return v.State == StateUnknown && v.Source.Origin == OriginUndocumented
}

// Among returns v, or an undocumented fact where v is known and is none of the
// values. Case does not count.
func Among[T ~string](v Value[T], values ...T) Value[T] {
	got, ok := v.Get()
	if !ok || slices.ContainsFunc(values, func(have T) bool { return strings.EqualFold(string(got), string(have)) }) {
		return v
	}
	return v.undocumented()
}

// Documented returns the cache, or a copy in which every property that holds an
// undocumented value is an undocumented fact.
func (c *Cache) Documented() *Cache {
	if len(c.Undocumented()) == 0 {
		return c
	}
	out := *c
	for _, e := range out.enumerated() {
		*e.fact = Among(*e.fact, e.values...)
	}
	out.Capacity = within(out.Capacity, 0, c.largestCapacity())
	out.ShardCount = atLeast(out.ShardCount, 0)
	out.Zones = allAmong(out.Zones, zones)
	return &out
}

// Undocumented returns the paths of the properties that hold an undocumented value.
func (c *Cache) Undocumented() []string {
	var paths []string
	note := func(odd bool, source Source) {
		if odd {
			paths = append(paths, source.Path)
		}
	}
	for _, e := range c.enumerated() {
		note(Among(*e.fact, e.values...).IsUndocumented(), e.fact.Source)
	}
	note(within(c.Capacity, 0, c.largestCapacity()).IsUndocumented(), c.Capacity.Source)
	note(atLeast(c.ShardCount, 0).IsUndocumented(), c.ShardCount.Source)
	note(allAmong(c.Zones, zones).IsUndocumented(), c.Zones.Source)
	for _, fact := range c.truthValues() {
		note(fact.IsUndocumented(), fact.Source)
	}
	return paths
}

// enumerated is a property of the cache with its documented values.
type enumerated struct {
	fact   *Value[string]
	values []string
}

func (c *Cache) enumerated() [10]enumerated {
	return [...]enumerated{
		{&c.Tier, Tiers}, {&c.Family, Families}, {&c.MinimumTLSVersion, TLSVersions},
		{&c.PersistenceAuthentication, PersistenceMethods}, {&c.ZonalAllocationPolicy, ZonalPolicies},
		{&c.UpdateChannel, UpdateChannels}, {&c.ClientProtocol, ClientProtocols},
		{&c.ClusteringPolicy, ClusteringPolicies}, {&c.DeferUpgrade, DeferredUpgrades},
		{&c.EvictionPolicy, everyEvictionPolicy},
	}
}

// truthValues are the properties that sources write as one of two words, or as a boolean.
func (c *Cache) truthValues() [8]*Value[bool] {
	return [...]*Value[bool]{
		&c.PublicNetworkAccess, &c.NonTLSPort, &c.AuthenticationRequired, &c.EntraAuthentication,
		&c.AccessKeyAuthentication, &c.RDBBackup, &c.AOFBackup, &c.HighAvailability,
	}
}

func within(v Value[int], least, most int) Value[int] {
	if n, ok := v.Get(); ok && n > most {
		return v.undocumented()
	}
	return atLeast(v, least)
}

func atLeast(v Value[int], least int) Value[int] {
	if n, ok := v.Get(); ok && n < least {
		return v.undocumented()
	}
	return v
}

func allAmong(v Value[[]string], values []string) Value[[]string] {
	list, known := v.Get()
	if known && slices.ContainsFunc(list, func(s string) bool { return !slices.Contains(values, s) }) {
		return v.undocumented()
	}
	return v
}
