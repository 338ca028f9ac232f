package sizing

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// provisioned is a size that a cache may have today, with what the tables say of it.
type provisioned struct {
	Size           // of the whole cache; its SKU in words: "Premium P2, 3 shards"
	shards int     // 0 for a cache that is not clustered
	named  string  // target that the tables name; empty where they name none
	lesser string  // the smaller of two targets that they name
	source Source  // of the targets
	node   float64 // GB of one shard, of which reservations are taken off; 0 for the Enterprise tiers, which have none
	flash  bool    // of the tier EnterpriseFlash
}

// Current returns the size that a cache has today, its SKU in words; ok is false
// where the source does not show it. The cache is one that [posture.Cache.Documented] returned.
// Of a Premium cache of which only the shards are not shown the SKU says that, and no
// number is known.
func Current(c *posture.Cache) (size Size, ok bool) {
	if sku, known := told(c.SKU); known && service.OfCache(c) == service.ManagedRedis {
		return Lookup(sku)
	}
	switch sizes, _, _ := sizesToday(c); {
	case len(sizes) == 1:
		return sizes[0].Size, true
	case len(sizes) > 1 && !slices.ContainsFunc(sizes, func(p provisioned) bool { return p.withoutShards() != sizes[0].withoutShards() }):
		return Size{SKU: sizes[0].withoutShards() + ", shards not known"}, false
	}
	return Size{}, false
}

// sizesToday returns all sizes that a documented cache may have by what is known of it. hidden
// says what keeps the size from being known, odd that it is not a documented one.
func sizesToday(c *posture.Cache) (sizes []provisioned, hidden, odd string) {
	if service.OfCache(c).Type == service.ManagedRedis.Type {
		return enterpriseToday(c)
	}
	for _, tier := range posture.Tiers {
		family, shards := "C", []int{0}
		if tier == "Premium" {
			family, shards = "P", shardsToday(c)
		}
		if !maybe(c.Tier, tier) || !maybe(c.Family, family) {
			continue
		}
		for _, s := range classic {
			if capacity, ok := told(c.Capacity); s.family != family || ok && capacity != s.capacity {
				continue
			}
			for _, n := range shards {
				if p := s.provisioned(tier, n); p.named != "" {
					sizes = append(sizes, p)
				}
			}
		}
	}
	facts := []string{notShown(c.Tier, "sku.name"), notShown(c.Family, "sku.family"), notShown(c.Capacity, "sku.capacity")}
	if !c.ShardCount.IsUnset() && maybe(c.Tier, "Premium") {
		facts = append(facts, notShown(c.ShardCount, "shardCount"))
	}
	hidden = unknownToday(c, facts...)
	switch undocumented := c.Tier.IsUndocumented() || c.Family.IsUndocumented() ||
		c.Capacity.IsUndocumented() || c.ShardCount.IsUndocumented(); {
	case undocumented:
		return nil, "", hidden
	case len(sizes) == 0:
		return nil, "", "The size today is not a documented one: tier, family, capacity and shards do not go together."
	}
	return sizes, hidden, ""
}

// withoutShards is the SKU in words without the number of shards.
func (p provisioned) withoutShards() string {
	sku, _, _ := strings.Cut(p.SKU, ",")
	return sku
}

// table is the table that names the targets, for sentences.
func (p provisioned) table() string {
	if p.source == fromDefaults {
		return "Microsoft's default mapping for the Enterprise tiers"
	}
	return "Microsoft's SKU mapping"
}

// shardsToday are the numbers of shards that a Premium cache may have.
func shardsToday(c *posture.Cache) []int {
	if n, ok := told(c.ShardCount.OrDefault(0)); ok {
		return []int{n}
	}
	all := make([]int, mostShards+1)
	for n := range all {
		all[n] = n
	}
	return all
}

// provisioned is the size with a number of shards; it names no target where the
// mapping has no such size.
func (s classicSize) provisioned(tier string, shards int) provisioned {
	nodes := max(shards, 1)
	p := provisioned{
		Size: Size{SKU: tier + " " + s.family + strconv.Itoa(s.capacity), MemoryGB: s.memoryGB * float64(nodes),
			VCPUs: s.vCPUs * nodes, Connections: s.connections},
		shards: shards, source: fromMapping, node: s.memoryGB,
	}
	if shards > 0 {
		p.SKU += ", " + count(shards, "shard")
	}
	for _, m := range mapping {
		if m.family == s.family && m.capacity == s.capacity && m.fewest <= shards && shards <= m.most {
			p.named, p.lesser = m.target, m.smaller
		}
	}
	return p
}

// enterpriseSKU is the name of a SKU of the Enterprise tiers; azurerm writes the
// capacity behind it.
var enterpriseSKU = regexp.MustCompile(`^([A-Za-z]+_[A-Za-z]\d+)(?:-(\d{1,2}))?$`)

func enterpriseToday(c *posture.Cache) (sizes []provisioned, hidden, odd string) {
	sku, ok := told(c.SKU)
	if !ok {
		return nil, unknownToday(c, notShown(c.SKU, "sku.name")), ""
	}
	const undocumented = "The size today is not a documented one: "
	parts := enterpriseSKU.FindStringSubmatch(sku)
	i := slices.IndexFunc(enterprise, func(e enterpriseSize) bool { return parts != nil && strings.EqualFold(e.sku, parts[1]) })
	if i < 0 {
		return nil, "", undocumented + "its SKU is none of the Enterprise tiers."
	}
	e := enterprise[i]
	capacity, err := strconv.Atoi(parts[2])
	if err != nil {
		if capacity, ok = told(c.Capacity); !ok {
			return nil, unknownToday(c, notShown(c.Capacity, "sku.capacity")), ""
		}
	}
	if capacity < e.capacity || (capacity-e.capacity)%e.step != 0 || capacity > mostCapacity {
		return nil, "", undocumented + e.sku + " does not come with its capacity."
	}
	p := provisioned{
		Size:   Size{SKU: fmt.Sprintf("%s, capacity %d", e.sku, capacity), MemoryGB: e.memoryGB * float64(capacity) / float64(e.capacity)},
		source: fromDefaults, flash: strings.HasPrefix(e.sku, "EnterpriseFlash"),
	}
	for _, d := range enterpriseDefaults {
		if d.sku == e.sku && slices.Contains(d.capacities, capacity) {
			p.named = d.target
		}
	}
	return []provisioned{p}, "", ""
}

// mostCapacity bounds the capacity of a SKU of the Enterprise tiers, of which azurerm
// writes at most two digits.
const mostCapacity = 99

// usableGB is the memory that data can use today, by the reservations of the cache
// where they are known and not the default ones; own says so.
// Source: the migration skill, "Memory Reservation"; cache-configure on the defaults,
// 10 % each, and on the unit, MB for each shard.
func (p provisioned) usableGB(c *posture.Cache) (gb float64, own bool) {
	if p.node == 0 {
		return p.MemoryGB * UsableShare, false
	}
	tenth := p.node * 1024 / 10
	orTenth := func(v posture.Value[int]) posture.Value[float64] {
		return posture.Map(v, func(mb int) float64 { return float64(mb) }).OrDefault(tenth)
	}
	first, ok1 := told(orTenth(c.MaxmemoryReserved))
	second, ok2 := told(orTenth(c.MaxfragmentationmemoryReserved))
	share := 1 - (first+second)/(p.node*1024)
	// Azure rounds its defaults to whole MB, more so in small caches.
	if !ok1 || !ok2 || first < 0 || second < 0 || share < 0 || math.Abs(share-UsableShare) < 0.02 {
		return p.MemoryGB * UsableShare, false
	}
	return p.MemoryGB * share, true
}

// unknownToday says which facts of the size are not known, and what would show them;
// empty where all are known.
func unknownToday(c *posture.Cache, facts ...string) string {
	facts = slices.DeleteFunc(facts, func(f string) bool { return f == "" })
	if len(facts) == 0 {
		return ""
	}
	why := "The size today is not known: " + strings.Join(facts, ", ")
	if c.Dialect != posture.DialectAz {
		why += "; a scan of the cache in Azure shows it"
	}
	return why + "."
}

var reasons = map[posture.Reason]string{
	posture.ReasonKnownAfterApply:     "is known only after apply",
	posture.ReasonUnresolvedReference: "is a reference that is not resolved",
	posture.ReasonNotObserved:         "is not in this source",
	posture.ReasonWriteOnly:           "is write-only",
	posture.ReasonRemoved:             "was removed from the plan",
	posture.ReasonForbidden:           "could not be read",
}

// notShown says why a fact is not known, and what hides it; empty for a known one. The
// name is for a fact without a path.
func notShown[T any](v posture.Value[T], name string) string {
	if _, ok := told(v); ok {
		return ""
	}
	text := cmp.Or(v.Source.Path, name) + " "
	switch {
	case v.IsKnown():
		return text + "is sensitive, and the size of the target would tell it"
	case v.IsUnset():
		return text + "is not set"
	case v.IsUndocumented():
		return text + "has a value that is not documented"
	}
	text += cmp.Or(reasons[v.Why()], "is not known")
	if v.Source.Detail != "" {
		text += " (" + v.Source.Detail + ")"
	}
	return text
}

// told returns the value of a fact that is known and may be printed. A sensitive one
// would be told by the choice.
func told[T any](v posture.Value[T]) (T, bool) { return v.V, v.IsKnown() && !v.Source.Sensitive }

// maybe reports whether a fact is or may be a value, in any case.
func maybe(v posture.Value[string], want string) bool {
	got, ok := told(v)
	return !ok || strings.EqualFold(got, want)
}
