package sizing_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

const gib = 1 << 30

// cache is a cache of Azure Cache for Redis; 0 shards are none.
func cache(tier string, capacity, shards int) *posture.Cache {
	c := &posture.Cache{Type: service.Redis.Type}
	c.Tier, c.Family = posture.Known(tier, "sku_name"), posture.Known("C", "family")
	c.Capacity, c.ShardCount = posture.Known(capacity, "capacity"), posture.Unset[int]("shard_count")
	if tier == "Premium" {
		c.Family = posture.Known("P", "family")
	}
	if shards > 0 {
		c.ShardCount = posture.Known(shards, "shard_count")
	}
	c.Links.Observed = true
	return c
}

// enterprise is a cluster of the Enterprise tiers.
func enterprise(sku string) *posture.Cache {
	c := &posture.Cache{Type: service.Enterprise.Type, ResourceGroup: posture.Known("shop", "resource_group_name")}
	c.SKU, c.Name = posture.Known(sku, "sku_name"), posture.Known("orders", "name")
	c.GeoReplicationGroup = posture.Unset[string]("linked_database_group_nickname")
	return c
}

// week are peaks over a week, of memory in GB, server load in percent and connections.
func week(gb, load float64, clients int) *sizing.Peaks {
	from := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	return &sizing.Peaks{UsedMemoryRSS: gb * gib, ShardRSS: gb * gib, ServerLoad: load, Clients: clients,
		HasMemory: true, HasLoad: true, HasClients: true, From: from, To: from.Add(167 * time.Hour)}
}

// The targets of every size, as the mapping of February 2026 has them: a cell for a
// cache that is not clustered, then one for each number of shards.
var cells = map[string]string{
	"Basic 0": "B0", "Basic 1": "B1", "Basic 2": "B3", "Basic 3": "B5", "Basic 4": "M20", "Basic 5": "M50", "Basic 6": "M50",
	"Standard 0": "B0", "Standard 1": "B1", "Standard 2": "B3", "Standard 3": "B5", "Standard 4": "M20", "Standard 5": "M50",
	"Standard 6": "M50",
	"Premium 1":  "B5 B5 B10 B20 B20 B50 B50 B50 B50 B50 B50 B100 B100 B100 B100 B100",
	"Premium 2":  "B20 B20 B50 B50 B50 B100 B100 B100 B100 B100 B150 B150 B150 B250 B250 B250",
	"Premium 3":  "B50 B50 B50 B100 B100 B150 B150 B250 B250 B250 B350 B350 B350 B350 B500 B500",
	"Premium 4":  "B50 B50 B100 B150 B250 B350 B350 B500 B500 B500 B700 B700 B700 B700 B1000 B1000",
	"Premium 5":  "B100 B100 B250 B350 B500 B700 B700 B1000 B1000 M1500 M1500 M1500 M1500 M2000 M2000 M2000",
}

func TestEveryCellOfTheMapping(t *testing.T) {
	for size, targets := range cells {
		var tier string
		var capacity int
		if _, err := fmt.Sscan(size, &tier, &capacity); err != nil {
			t.Fatal(err)
		}
		for shards, want := range strings.Fields(targets) {
			got := sizing.For(cache(tier, capacity, shards), nil)
			if short(got.SKU) != want || got.Basis != sizing.ByTable || !strings.Contains(got.Why, "2026-05-12") ||
				!strings.Contains(got.Why, "no metrics are at hand") {
				t.Errorf("%s × %d: %s, want %s: %s", size, shards, got.SKU, want, got.Why)
			}
		}
	}
}

func TestEveryDefaultOfTheEnterpriseTiers(t *testing.T) {
	want := map[string]string{
		"E1-2": "B1", "E5-2": "X5", "E5-4": "B10", "E5-6": "B20", "E10-2": "B20", "E10-4": "B50", "E10-6": "B50", "E10-8": "B50",
		"E10-10": "B100", "E20-2": "B50", "E20-4": "B100", "E20-6": "B100", "E20-8": "B100", "E50-2": "B100", "E50-4": "B100", "E100-2": "B100",
	}
	// Those without one, with the size that the rule behind the defaults gives.
	rule := map[string]string{
		"E1-4": "B3", "E5-8": "B20", "E10-12": "B100", "E20-10": "B150", "E50-6": "B250", "E100-4": "B350", "E200-2": "B350",
		"E400-2": "B700", "E400-4": "M1500", "F300-3": "A500", "F300-9": "A1500", "F1500-3": "A2000", "F700-3": "", "E400-10": "",
	}
	for _, name := range []string{"E1", "E5", "E10", "E20", "E50", "E100", "E200", "E400", "F300", "F700", "F1500"} {
		for capacity := range 100 {
			key := fmt.Sprintf("%s-%d", name, capacity)
			prefix := "Enterprise_"
			if name[0] == 'F' {
				prefix = "EnterpriseFlash_"
			}
			got := sizing.For(enterprise(prefix+key), nil)
			if short(got.SKU) != want[key] {
				t.Errorf("%s: %q, want %q", key, got.SKU, want[key])
			}
			if other, ok := rule[key]; ok {
				if other != "" && (len(got.Alternatives) != 1 || short(got.Alternatives[0].SKU) != other ||
					!strings.Contains(got.Alternatives[0].When, "inference of this project")) || other == "" && len(got.Alternatives) > 0 {
					t.Errorf("%s: %+v, want %s by the rule", key, got.Alternatives, other)
				}
				if !strings.Contains(got.Why, "`az redisenterprise list-skus-for-scaling --cluster-name orders --resource-group shop`") {
					t.Errorf("%s: %s", key, got.Why)
				}
			}
		}
	}
	byARM := enterprise("Enterprise_E10")
	byARM.Capacity = posture.Known(10, "sku.capacity")
	if got := sizing.For(byARM, nil); short(got.SKU) != "B100" {
		t.Errorf("the capacity beside the SKU: %+v", got)
	}
}

// What is not known, or not documented, gives no size and says which argument hides it.
func TestUnknown(t *testing.T) {
	change := func(c *posture.Cache, f func(*posture.Cache)) *posture.Cache { f(c); return c }
	for name, tc := range map[string]struct {
		cache *posture.Cache
		want  string // the SKU, or a part of the reason
	}{
		"capacity after apply": {change(cache("Premium", 1, 0), func(c *posture.Cache) {
			c.Capacity = posture.Unknown[int](posture.ReasonKnownAfterApply, "capacity").WithDetail("var.size")
		}), "capacity is known only after apply (var.size)"},
		"shards not known": {change(cache("Premium", 1, 0), func(c *posture.Cache) {
			c.ShardCount = posture.Unknown[int](posture.ReasonUnresolvedReference, "shard_count")
		}), "shard_count is a reference that is not resolved"},
		"shards of Standard do not matter": {change(cache("Standard", 1, 0), func(c *posture.Cache) {
			c.ShardCount = posture.Unknown[int](posture.ReasonNotObserved, "shard_count")
		}), "Balanced_B1"},
		"tier not known, all the same": {change(cache("Standard", 6, 0), func(c *posture.Cache) {
			c.Tier, c.Family = posture.Value[string]{}, posture.Value[string]{}
		}), "MemoryOptimized_M50"},
		"tier not known, several": {change(cache("Standard", 3, 0), func(c *posture.Cache) {
			c.Tier, c.Family = posture.Value[string]{}, posture.Value[string]{}
		}), "sku.name is not in this source, sku.family is not in this source"},
		"nothing known": {&posture.Cache{}, "sku.capacity is not in this source"},
		"capacity sensitive": {change(cache("Premium", 1, 0), func(c *posture.Cache) {
			c.Capacity = c.Capacity.Sensitive()
		}), "capacity is sensitive"},
		"shards sensitive": {change(cache("Premium", 1, 7), func(c *posture.Cache) {
			c.ShardCount = c.ShardCount.Sensitive()
		}), "shard_count is sensitive"},
		"SKU sensitive": {change(enterprise("Enterprise_E20-2"), func(c *posture.Cache) {
			c.SKU = c.SKU.Sensitive()
		}), "sku_name is sensitive"},
		"tier not documented":  {cache("Secret", 1, 0), "sku_name has a value that is not documented"},
		"capacity too large":   {cache("Standard", 9, 0), "capacity has a value that is not documented"},
		"P0":                   {cache("Premium", 0, 0), "not a documented one"},
		"P6":                   {cache("Premium", 6, 0), "not a documented one"},
		"sixteen shards":       {cache("Premium", 1, 16), "not a documented one"},
		"family of others":     {change(cache("Standard", 1, 0), func(c *posture.Cache) { c.Family.V = "P" }), "not a documented one"},
		"in any case":          {change(cache("premium", 1, 0), func(c *posture.Cache) { c.Family.V = "p" }), "Balanced_B5"},
		"E7":                   {enterprise("Enterprise_E7-2"), "its SKU is none of the Enterprise tiers"},
		"E20 at 3":             {enterprise("Enterprise_E20-3"), "Enterprise_E20 does not come with its capacity"},
		"E20 without capacity": {enterprise("Enterprise_E20"), "sku.capacity is not in this source"},
		"cluster without SKU": {change(enterprise(""), func(c *posture.Cache) {
			c.SKU = posture.Unknown[string](posture.ReasonRemoved, "sku_name")
		}), "sku_name was removed"},
		"hostile SKU": {enterprise("Enterprise_`rm`"), "its SKU is none"},
		"moved":       {enterprise("Balanced_B5"), "already"},
	} {
		got := sizing.For(tc.cache.Documented(), nil)
		if got.SKU != tc.want && (got.Known() || !strings.Contains(got.Why, tc.want)) {
			t.Errorf("%s: %q, %s", name, got.SKU, got.Why)
		}
		text := fmt.Sprint(got)
		if strings.Contains(text, "Secret") || strings.Contains(text, "E7") || strings.Contains(text, "`rm`") {
			t.Errorf("%s: a value that is not documented is printed: %s", name, text)
		}
	}
}

// Peaks decide series and size as the migration skill says; the first are its scenarios.
func TestMetrics(t *testing.T) {
	split := week(9, 50, 100)
	split.Shards, split.ShardRSS = 3, 4*gib
	half := week(6, 50, 100)
	half.Shards, half.ShardRSS = 2, 4*gib
	geo := cache("Premium", 1, 0)
	geo.Links.Items = []posture.GeoLink{{}}
	for name, tc := range map[string]struct {
		cache *posture.Cache
		peaks *sizing.Peaks
		want  string
		says  []string
	}{
		"session store":       {cache("Premium", 2, 0), week(4, 75, 25000), "X10", []string{"58 % of the 9.6 GB", "2026-11-21 to 2026-11-27"}},
		"large data set":      {cache("Premium", 3, 0), week(22, 30, 100), "M50", []string{"server load of 30 %"}},
		"analytics":           {cache("Premium", 1, 0), week(2, 85, 100), "X3", []string{"ComputeOptimized"}},
		"web application":     {cache("Standard", 3, 0), week(4, 40, 100), "B5", []string{"17 % of the 4.8 GB", "67 % of the memory"}},
		"no room":             {cache("Standard", 3, 0), week(4.81, 40, 100), "B10", nil},
		"exactly full":        {cache("Standard", 3, 0), week(4.8, 40, 100), "B5", []string{"leaves 0 %"}},
		"small and full":      {cache("Standard", 1, 0), week(0.9, 10, 100), "B3", []string{"of which no size is as small"}},
		"load 61 to 70":       {cache("Premium", 2, 0), week(2, 65, 100), "B3", nil},
		"load and memory":     {cache("Premium", 2, 0), week(10, 90, 100), "B20", nil},
		"not split by shard":  {cache("Premium", 2, 3), week(4, 50, 100), "B20", []string{"1 of 3 shards", "peak of 12 GB"}},
		"split by shard":      {cache("Premium", 2, 3), split, "B10", []string{"peak of 9 GB"}},
		"a shard is missing":  {cache("Premium", 2, 3), half, "B20", []string{"2 of 3 shards", "peak of 10 GB"}},
		"clients decide":      {cache("Premium", 1, 0), week(1, 50, 13000), "B10", nil},
		"more clients":        {cache("Premium", 1, 0), week(1, 50, 250000), "B100", []string{"250,000 connections is near or over"}},
		"clients of shards":   {cache("Premium", 1, 5), week(1, 50, 11000), "B10", []string{"may have up to 55,000"}},
		"fewer connections":   {cache("Premium", 4, 0), week(2, 50, 100), "B3", []string{"15,000 connections; the cache today takes 40,000"}},
		"in geo-replication":  {geo, week(0.1, 50, 100), "B3", nil},
		"burstable":           {cache("Standard", 1, 0), week(0.1, 50, 100), "B0", []string{"short of capacity"}},
		"too much":            {cache("Premium", 5, 15), week(110, 50, 100), "", []string{"No size of Azure Managed Redis holds"}},
		"Enterprise":          {enterprise("Enterprise_E50-6"), week(20, 50, 100), "B50", []string{"list-skus-for-scaling"}},
		"Flash has no metric": {enterprise("EnterpriseFlash_F300-3"), week(20, 50, 100), "", []string{"has no target"}},
	} {
		got := sizing.For(tc.cache, tc.peaks)
		if short(got.SKU) != tc.want {
			t.Errorf("%s: %s, want %s: %s", name, got.SKU, tc.want, got.Why)
		}
		for _, part := range tc.says {
			if !strings.Contains(fmt.Sprint(got), part) {
				t.Errorf("%s does not say %q: %+v", name, part, got)
			}
		}
	}
}

func TestMetricsThatLackSome(t *testing.T) {
	peaks := week(0, 85, 26000)
	peaks.HasMemory = false
	got := sizing.For(cache("Premium", 2, 0), peaks)
	warnings := fmt.Sprint(got.Warnings)
	if got.Basis != sizing.ByTable || short(got.SKU) != "B20" || !strings.Contains(got.Why, "the metrics have no usedmemoryRss") ||
		!strings.Contains(warnings, "do not tell usedmemoryRss") || !strings.Contains(warnings, "peaked at 85 %") {
		t.Errorf("%+v", got)
	}
	if slices.ContainsFunc(got.Alternatives, func(a sizing.Alternative) bool { return short(a.SKU) == "B10" }) {
		t.Error("B10 is offered, whose connections do not suffice")
	}
	peaks.Clients = 70000
	if got := sizing.For(cache("Premium", 2, 0), peaks); short(got.SKU) != "B50" || !strings.Contains(got.Why, "larger than the table's") {
		t.Errorf("%+v", got)
	}
	short := week(4, 40, 100)
	short.To = short.From.Add(30 * time.Hour)
	if got := sizing.For(cache("Premium", 2, 0), short); !strings.Contains(fmt.Sprint(got.Warnings), "span 30 hours") ||
		got.SKU != "Balanced_B20" || !strings.Contains(got.Why, "not below Balanced_B20 of the table") {
		t.Errorf("%+v", got)
	}
	// Where the size today is not known, the peaks alone decide, if they show all shards.
	hidden := cache("Premium", 2, 0)
	hidden.Capacity = posture.Unknown[int](posture.ReasonKnownAfterApply, "capacity")
	if got := sizing.For(hidden, week(4, 75, 100)); got.SKU != "Balanced_B5" || !strings.Contains(got.Why, "size today is not known") {
		t.Errorf("%+v", got)
	}
	hidden.ShardCount = posture.Unknown[int](posture.ReasonKnownAfterApply, "shard_count")
	if got := sizing.For(hidden, week(4, 75, 100)); got.Known() || !strings.Contains(got.Why, "not split by ShardId") {
		t.Errorf("%+v", got)
	}
}

func TestReservations(t *testing.T) {
	reserve := func(c *posture.Cache, each int) sizing.Choice {
		c.MaxmemoryReserved, c.MaxfragmentationmemoryReserved = posture.Known(each, "a"), posture.Known(each, "b")
		return sizing.For(c, nil)
	}
	if got := reserve(cache("Premium", 1, 0), 200); short(got.SKU) != "B10" || got.Alternatives[0].SKU != "Balanced_B5" ||
		!strings.Contains(got.Warnings[0], "5.61 GB") {
		t.Errorf("%+v", got)
	}
	if got := reserve(cache("Premium", 1, 0), 642); short(got.SKU) != "B5" || len(got.Warnings) > 0 {
		t.Errorf("the defaults: %+v", got)
	}
	if got := reserve(enterprise("Enterprise_E10-2"), 1); short(got.SKU) != "B20" {
		t.Errorf("the Enterprise tiers have no reservations: %+v", got)
	}
	if got := reserve(cache("Premium", 2, 0), 2000); short(got.SKU) != "B20" || !strings.Contains(got.Alternatives[0].When, "which it holds") {
		t.Errorf("%+v", got)
	}
}

// Over random caches: a known target holds what the cache needs, its figures are those
// of the table, and neither other facts nor their order change it.
func TestProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tiers := []string{"Basic", "Standard", "Premium", "Enterprise_E5", "Enterprise_E10", "Enterprise_E50", "EnterpriseFlash_F300"}
	for range 20000 {
		tier := tiers[r.IntN(len(tiers))]
		c := cache(tier, r.IntN(8), r.IntN(17))
		if strings.HasPrefix(tier, "Enterprise") {
			c = enterprise(fmt.Sprintf("%s-%d", tier, r.IntN(12)))
		}
		if r.IntN(3) == 0 {
			c.MaxmemoryReserved, c.MaxfragmentationmemoryReserved = posture.Known(r.IntN(1000), "a"), posture.Known(r.IntN(1000), "b")
		}
		if r.IntN(5) == 0 {
			c.Links.Items = []posture.GeoLink{{}}
		}
		var peaks *sizing.Peaks
		if r.IntN(2) == 0 {
			peaks = week(r.Float64()*r.Float64()*200, r.Float64()*100, r.IntN(300000))
			peaks.Shards = r.IntN(16)
			peaks.HasMemory, peaks.HasLoad, peaks.HasClients = r.IntN(3) > 0, r.IntN(3) > 0, r.IntN(3) > 0
		}
		got := sizing.For(c, peaks)
		about := func() string { return fmt.Sprintf("%+v, %+v: %+v", c.Tier, peaks, got) }
		if again := sizing.For(c, peaks); !reflect.DeepEqual(got, again) {
			t.Fatal("not stable: " + about())
		}
		if named, table := sizing.Named(c), sizing.For(c, nil).SKU; named != table {
			t.Fatalf("named %q, chosen %q: %s", named, table, about())
		}
		if got.Why == "" || !strings.HasSuffix(got.Why, ".") {
			t.Fatal("no reason: " + about())
		}
		for i, a := range got.Alternatives {
			if size, ok := sizing.Lookup(a.SKU); !ok || size != a.Size || a.SKU == got.SKU || a.When == "" {
				t.Fatalf("alternative %d: %s", i, about())
			}
			if i > 0 && got.Alternatives[i-1].MemoryGB > a.MemoryGB {
				t.Fatal("alternatives out of order: " + about())
			}
		}
		if !got.Known() {
			continue
		}
		if size, ok := sizing.Lookup(got.SKU); !ok || size != got.Size {
			t.Fatal("not a size of the table: " + about())
		}
		if len(c.Links.Items) > 0 && !strings.HasPrefix(tier, "Enterprise") && !got.GeoReplicable() {
			t.Fatal("not geo-replicable: " + about())
		}
		current, ok := sizing.Current(c)
		switch {
		case !ok:
			t.Fatal("the size today is not known: " + about())
		case got.Basis == sizing.ByMetrics && got.UsableGB()*gib < peaks.UsedMemoryRSS:
			t.Fatal("the peak does not fit: " + about())
		case got.Basis == sizing.ByTable && got.MemoryGB < current.MemoryGB:
			t.Fatal("less memory than today: " + about())
		case got.Preview && !strings.Contains(fmt.Sprint(got.Warnings), "preview"):
			t.Fatal("preview is not told: " + about())
		}
	}
}

func TestCurrent(t *testing.T) {
	for _, tc := range []struct {
		cache *posture.Cache
		want  sizing.Size
	}{
		{cache("Basic", 0, 0), sizing.Size{SKU: "Basic C0", MemoryGB: 0.25, Connections: 256}},
		{cache("Premium", 2, 3), sizing.Size{SKU: "Premium P2, 3 shards", MemoryGB: 39, VCPUs: 12, Connections: 15000}},
		{cache("Premium", 2, 1), sizing.Size{SKU: "Premium P2, 1 shard", MemoryGB: 13, VCPUs: 4, Connections: 15000}},
		{enterprise("enterprise_e20-4"), sizing.Size{SKU: "Enterprise_E20, capacity 4", MemoryGB: 50}},
		{enterprise("balanced_b5"), sizing.Size{SKU: "Balanced_B5", MemoryGB: 6, VCPUs: 2, Connections: 15000}},
	} {
		if got, ok := sizing.Current(tc.cache); !ok || got != tc.want {
			t.Errorf("%+v, want %+v", got, tc.want)
		}
	}
	partly := cache("Premium", 1, 0)
	partly.ShardCount = posture.Unknown[int](posture.ReasonNotObserved, "shard_count")
	if got, ok := sizing.Current(partly); ok || got != (sizing.Size{SKU: "Premium P1, shards not known"}) {
		t.Errorf("%+v of a cache whose shards are not known", got)
	}
	if _, ok := sizing.Current(&posture.Cache{}); ok {
		t.Error("the size of a cache of which nothing is known")
	}
}

// short is the name of a SKU without its series in words: B5.
func short(sku string) string { return sku[strings.IndexByte(sku, '_')+1:] }

// The command names the cluster as far as its names can stand in a command.
func TestCommand(t *testing.T) {
	c := enterprise("Enterprise_E200-2")
	c.ResourceGroup = posture.Value[string]{}
	c.ResourceID = posture.Known("/subscriptions/11/resourceGroups/shop/providers/Microsoft.Cache/redisEnterprise/orders", "id")
	const full = "`az redisenterprise list-skus-for-scaling --cluster-name orders --resource-group shop --subscription 11`"
	if got := sizing.For(c, nil); !strings.Contains(got.Why, full) {
		t.Error(got.Why)
	}
	c.ResourceID, c.Name = posture.Value[string]{}, posture.Known("orders; rm -r /", "name")
	if got := sizing.For(c, nil); !strings.Contains(got.Why, "--cluster-name NAME --resource-group GROUP`") {
		t.Error(got.Why)
	}
	c.Name = posture.Known("orders", "name").Sensitive()
	if got := sizing.For(c, nil); strings.Contains(got.Why, "orders") {
		t.Error(got.Why)
	}
}

// A member of geo-replication gets a size that can be one; where that is not known, a
// size that cannot says so.
func TestGeoReplication(t *testing.T) {
	c := enterprise("Enterprise_E1-2")
	if got := sizing.For(c, nil); short(got.SKU) != "B1" || strings.Contains(fmt.Sprint(got.Warnings), "geo-replication") {
		t.Errorf("%+v", got)
	}
	c.GeoReplicationGroup = posture.Known("shop", "geo")
	if got := sizing.For(c, nil); short(got.SKU) != "B3" || !strings.Contains(got.Why, "larger than the table's") {
		t.Errorf("%+v", got)
	}
	c.GeoReplicationGroup = posture.Unknown[string](posture.ReasonKnownAfterApply, "geo")
	if got := sizing.For(c, nil); short(got.SKU) != "B1" || !strings.Contains(fmt.Sprint(got.Warnings), "a member of geo-replication") {
		t.Errorf("%+v", got)
	}
	premium := cache("Premium", 1, 0)
	premium.Links.Observed = false
	if got := sizing.For(premium, week(0.1, 50, 1)); !strings.Contains(fmt.Sprint(got.Warnings), "cannot be a member of geo-replication") {
		t.Errorf("%+v", got)
	}
	premium.RDBBackup = posture.Known(true, "rdb_backup_enabled")
	if got := sizing.For(premium, week(0.1, 50, 1)); strings.Contains(fmt.Sprint(got.Warnings), "geo-replication") {
		t.Errorf("persistence excludes geo-replication: %+v", got)
	}
}

func TestNoEviction(t *testing.T) {
	c := cache("Standard", 3, 0)
	c.EvictionPolicy = posture.Known("NoEviction", "maxmemory_policy")
	if got := sizing.For(c, week(4, 50, 1)); !strings.Contains(fmt.Sprint(got.Warnings), "once the 17 % of headroom are used up") {
		t.Errorf("%+v", got)
	}
}
