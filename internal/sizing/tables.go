package sizing

import (
	"slices"
	"strings"
)

// Compared is the day on which the tables were compared with their sources.
const Compared = "2026-11-28"

// Source is where a row of a table was read.
type Source struct {
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	Date  string `json:"date"` // of the text, in the form 2026-03-26
}

const (
	skill  = "https://github.com/AzureManagedRedis/amr-migration-skill/blob/d459b436c8a3de52a54b4236a276be288d4c578b/references/"
	skill4 = "https://github.com/lolodi/amr-migration-skill/blob/d77db35c81a58fe2c60d17f861b5e3530033e5c8/acre-to-amr/references/"
	learn  = "https://learn.microsoft.com/azure/"
)

// The sources of the tables. Tables of the migration skill are of February 2026; their
// dates are those of the state that was read.
var (
	fromSpecs   = Source{"SKU specifications of Microsoft's migration skill", skill + "amr-sku-specs.md", "2026-05-12"}
	fromMapping = Source{"SKU mapping of Microsoft's migration skill", skill + "sku-mapping.md", "2026-05-12"}
	fromPreview = Source{"Azure Managed Redis, sizes in preview",
		"https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/redis/includes/tier-preview.md", "2026-05-28"}
	fromPlanning  = Source{"Azure Cache for Redis planning FAQ", learn + "azure-cache-for-redis/cache-planning-faq", "2020-08-06"}
	fromConfigure = Source{"How to configure Azure Cache for Redis", learn + "azure-cache-for-redis/cache-configure", "2023-09-29"}
	fromDefaults  = Source{"Default mapping of Microsoft's migration tooling for the Enterprise tiers",
		skill4 + "sku-resolution.md", Compared}
	fromUnderst = Source{"Migrate from Azure Cache for Redis Enterprise: understand",
		learn + "redis/migrate/migrate-redis-enterprise-understand", "2026-03-16"}
	fromSelf = Source{"Migrate from Azure Cache for Redis Enterprise: self-service",
		learn + "redis/migrate/migrate-redis-enterprise-self-service", "2026-02-16"}
	fromThird     = Source{"Tables of third parties, which fit the default targets of Microsoft", "", Compared}
	fromInference = Source{"Inference of this project from the name of the SKU and the default targets of Microsoft", "", Compared}
	fromArch      = Source{"Azure Managed Redis architecture", learn + "redis/architecture", "2025-05-18"}
	fromGeo       = Source{"Configure active geo-replication for Azure Managed Redis",
		learn + "redis/how-to-active-geo-replication", "2025-11-17"}
)

// series is the beginning of the names of the SKUs of one series.
type series string

const (
	balanced         series = "Balanced_B"
	memoryOptimized  series = "MemoryOptimized_M"
	computeOptimized series = "ComputeOptimized_X"
	flashOptimized   series = "FlashOptimized_A"
)

// mostConnections is the largest number of connections of any size.
const mostConnections = 200000

// managed are the sizes of Azure Managed Redis by series, each from its smallest size
// up: SKU, advertised GB, vCPUs, most connections, in preview.
var managed = []Size{
	{"Balanced_B0", 0.5, 2, 15000, false},
	{"Balanced_B1", 1, 2, 15000, false},
	{"Balanced_B3", 3, 2, 15000, false},
	{"Balanced_B5", 6, 2, 15000, false},
	{"Balanced_B10", 12, 4, 30000, false},
	{"Balanced_B20", 24, 8, 75000, false},
	{"Balanced_B50", 60, 16, 150000, false},
	{"Balanced_B100", 120, 32, 200000, false},
	{"Balanced_B150", 180, 48, 200000, false},
	{"Balanced_B250", 240, 64, 200000, false},
	{"Balanced_B350", 360, 96, 200000, false},
	{"Balanced_B500", 480, 128, 200000, true},
	{"Balanced_B700", 720, 192, 200000, true},
	{"Balanced_B1000", 960, 256, 200000, true},

	{"MemoryOptimized_M10", 12, 2, 15000, false},
	{"MemoryOptimized_M20", 24, 4, 30000, false},
	{"MemoryOptimized_M50", 60, 8, 75000, false},
	{"MemoryOptimized_M100", 120, 16, 150000, false},
	{"MemoryOptimized_M150", 175, 24, 200000, false},
	{"MemoryOptimized_M250", 235, 32, 200000, false},
	{"MemoryOptimized_M350", 360, 48, 200000, false},
	{"MemoryOptimized_M500", 480, 64, 200000, true},
	{"MemoryOptimized_M700", 720, 96, 200000, true},
	{"MemoryOptimized_M1000", 960, 128, 200000, true},
	{"MemoryOptimized_M1500", 1440, 192, 200000, true},
	{"MemoryOptimized_M2000", 1920, 256, 200000, true},

	{"ComputeOptimized_X3", 3, 4, 30000, false},
	{"ComputeOptimized_X5", 6, 4, 30000, false},
	{"ComputeOptimized_X10", 12, 8, 75000, false},
	{"ComputeOptimized_X20", 24, 16, 150000, false},
	{"ComputeOptimized_X50", 60, 32, 200000, false},
	{"ComputeOptimized_X100", 120, 64, 200000, false},
	{"ComputeOptimized_X150", 180, 96, 200000, false},
	{"ComputeOptimized_X250", 240, 128, 200000, false},
	{"ComputeOptimized_X350", 360, 192, 200000, false},
	{"ComputeOptimized_X500", 480, 256, 200000, true},
	{"ComputeOptimized_X700", 720, 384, 200000, true},

	{"FlashOptimized_A250", 250, 8, 75000, false},
	{"FlashOptimized_A500", 500, 16, 150000, false},
	{"FlashOptimized_A700", 750, 24, 200000, false},
	{"FlashOptimized_A1000", 1000, 32, 200000, false},
	{"FlashOptimized_A1500", 1500, 48, 200000, false},
	{"FlashOptimized_A2000", 2000, 64, 200000, true},
	{"FlashOptimized_A4500", 4500, 144, 200000, true},
}

// classicSize is a size of Azure Cache for Redis.
type classicSize struct {
	family   string
	capacity int
	memoryGB float64 // of a shard
	vCPUs    int     // of a shard; 0 where they are shared with other caches
	// connections are the most of the whole cache, with up to mostListedShards shards.
	connections int
}

// mostListedShards is the number of shards up to which connections are listed: P1 is
// "6 GB - 60 GB". The mapping knows up to 15 shards.
const mostListedShards = 10

// classic are the sizes of Azure Cache for Redis. Memory and cores are of
// fromPlanning, connections of fromConfigure.
var classic = []classicSize{
	{"C", 0, 0.25, 0, 256},
	{"C", 1, 1, 1, 1000},
	{"C", 2, 2.5, 2, 2000},
	{"C", 3, 6, 4, 5000},
	{"C", 4, 13, 2, 10000},
	{"C", 5, 26, 4, 15000},
	{"C", 6, 53, 8, 20000},
	{"P", 1, 6, 2, 7500},
	{"P", 2, 13, 4, 15000},
	{"P", 3, 26, 4, 30000},
	{"P", 4, 53, 8, 40000},
	{"P", 5, 120, 20, 40000},
}

// enterpriseSize is a size of the Enterprise tiers at its smallest capacity, to which
// memory is proportional.
type enterpriseSize struct {
	sku      string
	capacity int     // the smallest
	step     int     // between capacities
	memoryGB float64 // 0 where no source has it
	source   Source
}

// enterprise are the sizes of the Enterprise tiers. Of vCPUs and connections no source
// was found.
var enterprise = []enterpriseSize{
	{"Enterprise_E1", 2, 2, 1, fromInference},
	{"Enterprise_E5", 2, 2, 4, fromUnderst},
	{"Enterprise_E10", 2, 2, 12, fromThird},
	{"Enterprise_E20", 2, 2, 25, fromThird},
	{"Enterprise_E50", 2, 2, 50, fromThird},
	{"Enterprise_E100", 2, 2, 100, fromThird},
	{"Enterprise_E200", 2, 2, 200, fromInference},
	{"Enterprise_E400", 2, 2, 400, fromInference},
	{"EnterpriseFlash_F300", 3, 6, 345, fromThird},
	{"EnterpriseFlash_F700", 3, 6, 0, fromThird},
	{"EnterpriseFlash_F1500", 3, 6, 1455, fromThird},
}

// mapped is a row of Microsoft's mapping of Azure Cache for Redis, for a range of shards.
type mapped struct {
	family       string
	capacity     int
	fewest, most int    // shards; 0 for a cache that is not clustered
	smaller      string // of two SKUs that the mapping names; empty where it names one
	target       string // the only one, or the larger
}

// mapping is Microsoft's mapping of Azure Cache for Redis.
//
// Earlier states of its source name B350 for P5 with four shards, which holds 288 GB
// of the 384 GB in use at most; the state that was read corrects that.
var mapping = []mapped{
	{"C", 0, 0, 0, "", "Balanced_B0"},
	{"C", 1, 0, 0, "", "Balanced_B1"},
	{"C", 2, 0, 0, "", "Balanced_B3"},
	{"C", 3, 0, 0, "", "Balanced_B5"},
	{"C", 4, 0, 0, "MemoryOptimized_M10", "MemoryOptimized_M20"},
	{"C", 5, 0, 0, "MemoryOptimized_M20", "MemoryOptimized_M50"},
	{"C", 6, 0, 0, "", "MemoryOptimized_M50"},

	{"P", 1, 0, 0, "", "Balanced_B5"},
	{"P", 2, 0, 0, "Balanced_B10", "Balanced_B20"},
	{"P", 3, 0, 0, "Balanced_B20", "Balanced_B50"},
	{"P", 4, 0, 0, "", "Balanced_B50"},
	{"P", 5, 0, 0, "", "Balanced_B100"},

	{"P", 1, 1, 1, "", "Balanced_B5"},
	{"P", 1, 2, 2, "", "Balanced_B10"},
	{"P", 1, 3, 4, "", "Balanced_B20"},
	{"P", 1, 5, 10, "", "Balanced_B50"},
	{"P", 1, 11, 15, "", "Balanced_B100"},

	{"P", 2, 1, 1, "", "Balanced_B20"},
	{"P", 2, 2, 4, "", "Balanced_B50"},
	{"P", 2, 5, 9, "", "Balanced_B100"},
	{"P", 2, 10, 12, "", "Balanced_B150"},
	{"P", 2, 13, 15, "", "Balanced_B250"},

	{"P", 3, 1, 2, "", "Balanced_B50"},
	{"P", 3, 3, 4, "", "Balanced_B100"},
	{"P", 3, 5, 6, "", "Balanced_B150"},
	{"P", 3, 7, 9, "", "Balanced_B250"},
	{"P", 3, 10, 13, "", "Balanced_B350"},
	{"P", 3, 14, 15, "", "Balanced_B500"},

	{"P", 4, 1, 1, "", "Balanced_B50"},
	{"P", 4, 2, 2, "", "Balanced_B100"},
	{"P", 4, 3, 3, "", "Balanced_B150"},
	{"P", 4, 4, 4, "", "Balanced_B250"},
	{"P", 4, 5, 6, "", "Balanced_B350"},
	{"P", 4, 7, 9, "", "Balanced_B500"},
	{"P", 4, 10, 13, "", "Balanced_B700"},
	{"P", 4, 14, 15, "", "Balanced_B1000"},

	{"P", 5, 1, 1, "", "Balanced_B100"},
	{"P", 5, 2, 2, "", "Balanced_B250"},
	{"P", 5, 3, 3, "", "Balanced_B350"},
	{"P", 5, 4, 4, "", "Balanced_B500"},
	{"P", 5, 5, 6, "", "Balanced_B700"},
	{"P", 5, 7, 8, "", "Balanced_B1000"},
	{"P", 5, 9, 12, "", "MemoryOptimized_M1500"},
	{"P", 5, 13, 15, "", "MemoryOptimized_M2000"},
}

// mostShards is the largest number of shards that the mapping knows.
const mostShards = 15

// enterpriseDefault is the default target of an Enterprise SKU at some capacities.
type enterpriseDefault struct {
	sku        string
	capacities []int
	target     string
}

// enterpriseDefaults are the default targets of Microsoft's tooling, which it takes
// where listSkusForScaling does not answer.
var enterpriseDefaults = []enterpriseDefault{
	{"Enterprise_E1", []int{2}, "Balanced_B1"},
	{"Enterprise_E5", []int{2}, "ComputeOptimized_X5"},
	{"Enterprise_E5", []int{4}, "Balanced_B10"},
	{"Enterprise_E5", []int{6}, "Balanced_B20"},
	{"Enterprise_E10", []int{2}, "Balanced_B20"},
	{"Enterprise_E10", []int{4, 6, 8}, "Balanced_B50"},
	{"Enterprise_E10", []int{10}, "Balanced_B100"},
	{"Enterprise_E20", []int{2}, "Balanced_B50"},
	{"Enterprise_E20", []int{4, 6, 8}, "Balanced_B100"},
	{"Enterprise_E50", []int{2, 4}, "Balanced_B100"},
	{"Enterprise_E100", []int{2}, "Balanced_B100"},
}

// limit is a rule on which SKUs can do what.
type limit struct {
	subject, rule string
	source        Source
}

var limits = []limit{
	{"usable memory", "80 % of the advertised memory, in the service before it too unless its reservations say otherwise", fromMapping},
	{"own reservations", "maxmemory-reserved and maxfragmentationmemory-reserved, in MB for each shard, are taken off the memory",
		fromMapping},
	{"high availability", "on or off at creation for every in-memory SKU, B0 and B1 too; switched on later, never off", fromArch},
	{"clustering policy NoCluster", "SKUs of 24 GB and less, not FlashOptimized", fromArch},
	{"active geo-replication", "not B0, B1 and FlashOptimized", fromGeo},
	{"preview", "in-memory SKUs named 500 and up, FlashOptimized over 1500 GB", fromPreview},
	{"series by metrics", "memory over 70 % with load under 40 %: MemoryOptimized; load over 70 % with memory under 50 %: " +
		"ComputeOptimized; else Balanced", fromMapping},
	{"Enterprise tiers", "listSkusForScaling names the sizes that a cluster can take; without an answer the default targets hold", fromSelf},
	{"EnterpriseFlash", "moves to FlashOptimized, to a size that listSkusForScaling names", fromUnderst},
}

// Lookup returns a size of Azure Managed Redis by the name of its SKU, in any case.
func Lookup(sku string) (Size, bool) {
	i := slices.IndexFunc(managed, func(s Size) bool { return strings.EqualFold(s.SKU, sku) })
	if i < 0 {
		return Size{}, false
	}
	return managed[i], true
}

// UsableGB is the memory that data can use.
func (s Size) UsableGB() float64 { return s.MemoryGB * UsableShare }

// Clusterless reports whether the SKU can have the clustering policy NoCluster. One
// article says up to 25 GB, another 24; no size lies between.
func (s Size) Clusterless() bool { return s.MemoryGB <= 24 && !s.in(flashOptimized) }

// GeoReplicable reports whether the SKU can be a member of active geo-replication.
func (s Size) GeoReplicable() bool { return !s.burstable() && !s.in(flashOptimized) }

// burstable reports whether the SKU shares its cores: B0 and B1.
func (s Size) burstable() bool { return s.SKU == "Balanced_B0" || s.SKU == "Balanced_B1" }

func (s Size) in(of series) bool { return strings.HasPrefix(s.SKU, string(of)) }

// series is that of the SKU.
func (s Size) series() series { return series(strings.TrimRight(s.SKU, "0123456789")) }

// smallest returns the smallest size of a series that fits.
func smallest(of series, fits func(Size) bool) (Size, bool) {
	i := slices.IndexFunc(managed, func(s Size) bool { return s.in(of) && fits(s) })
	if i < 0 {
		return Size{}, false
	}
	return managed[i], true
}
