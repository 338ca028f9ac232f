package posture

import (
	"slices"
	"strings"
)

// The values that ARM documents for a cache in api-version 2024-11-01, without regard to
// case; Azure Resource Manager leaves the enumeration of TLS versions open.
var (
	Tiers              = []string{"Basic", "Standard", "Premium"}
	Families           = []string{"C", "P"}
	TLSVersions        = []string{"1.0", "1.1", "1.2", "1.3"}
	PersistenceMethods = []string{"SAS", "ManagedIdentity"}
	ZonalPolicies      = []string{"Automatic", "UserDefined", "NoZones"}
	zones              = []string{"1", "2", "3"}
)

// largestCapacity is the largest size of any family, C6.
const largestCapacity = 6

// Undocumented returns a fact whose source holds a value that is none of those
// that are documented. What the service makes of it shows after apply at the
// earliest, so that it is no fact which may merely stand elsewhere.
func Undocumented[T any](path string) Value[T] {
	v := Unknown[T](ReasonKnownAfterApply, path).WithDetail("its value is none that is documented")
	v.Source.Origin = OriginUndocumented
	return v
}

// IsUndocumented reports whether the source holds a value that is none of those
// that are documented.
func (v Value[T]) IsUndocumented() bool {
	return v.State == StateUnknown && v.Source.Origin == OriginUndocumented
}

// Among returns v, or, where it is known and none of the values, an undocumented
// fact. Case does not count.
func Among[T ~string](v Value[T], values ...T) Value[T] {
	got, ok := v.Get()
	if !ok || slices.ContainsFunc(values, func(have T) bool { return strings.EqualFold(string(got), string(have)) }) {
		return v
	}
	return Undocumented[T](v.Source.Path)
}

// Documented returns the cache, or, where a property holds a value that is none
// of those that are documented, a copy in which it is an undocumented fact.
func (c *Cache) Documented() *Cache {
	if len(c.Undocumented()) == 0 {
		return c
	}
	out := *c
	for _, e := range out.enumerated() {
		*e.fact = Among(*e.fact, e.values...)
	}
	out.Capacity = within(out.Capacity, 0, largestCapacity)
	out.ShardCount = atLeast(out.ShardCount, 0)
	out.Zones = allAmong(out.Zones, zones)
	return &out
}

// Undocumented returns the paths of the properties that hold a value which is
// none of those that are documented.
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
	note(within(c.Capacity, 0, largestCapacity).IsUndocumented(), c.Capacity.Source)
	note(atLeast(c.ShardCount, 0).IsUndocumented(), c.ShardCount.Source)
	note(allAmong(c.Zones, zones).IsUndocumented(), c.Zones.Source)
	return paths
}

// enumerated is a property of the cache with its documented values.
type enumerated struct {
	fact   *Value[string]
	values []string
}

func (c *Cache) enumerated() [5]enumerated {
	return [...]enumerated{
		{&c.Tier, Tiers}, {&c.Family, Families}, {&c.MinimumTLSVersion, TLSVersions},
		{&c.PersistenceAuthentication, PersistenceMethods}, {&c.ZonalAllocationPolicy, ZonalPolicies},
	}
}

func within(v Value[int], least, most int) Value[int] {
	if n, ok := v.Get(); ok && n > most {
		return Undocumented[int](v.Source.Path)
	}
	return atLeast(v, least)
}

func atLeast(v Value[int], least int) Value[int] {
	if n, ok := v.Get(); ok && n < least {
		return Undocumented[int](v.Source.Path)
	}
	return v
}

func allAmong(v Value[[]string], values []string) Value[[]string] {
	if slices.ContainsFunc(v.V, func(s string) bool { return !slices.Contains(values, s) }) && v.IsKnown() {
		return Undocumented[[]string](v.Source.Path)
	}
	return v
}
