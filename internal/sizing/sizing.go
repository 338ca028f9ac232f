// Package sizing chooses the size of Azure Managed Redis to which a cache moves: by
// Microsoft's tables, and where metrics are at hand by the load of the cache.
//
// A cache and its peaks come in, a choice with its reason goes out; files of metrics
// come in, peaks go out. Every row of the tables has a source and a date. No clock, no
// network and no difference between the services but their sizes may be in here.
package sizing

import "time"

// Size is a SKU of Azure Managed Redis or a size of the service before it.
type Size struct {
	SKU         string  `json:"sku"`
	MemoryGB    float64 `json:"memory_gb"` // advertised, of which UsableShare can be used
	VCPUs       int     `json:"vcpus"`
	Connections int     `json:"connections"` // at most
	Preview     bool    `json:"preview"`
}

// UsableShare is the share of the advertised memory that data can use.
const UsableShare = 0.8

// Basis says what a size was chosen by.
type Basis string

// The bases of a choice.
const (
	ByTable   Basis = "table"   // Microsoft's table for the provisioned size
	ByMetrics Basis = "metrics" // the peaks of memory, load and connections
)

// Choice is the size that a cache moves to.
type Choice struct {
	// Size is the zero value where the size is not known.
	Size
	// Why is the reason for the size, or why it is not known and what would show it.
	Why   string
	Basis Basis
	// Alternatives are other sizes that may fit, the smallest first.
	Alternatives []Alternative
	// Warnings are single lines, for example on preview sizes or capacity.
	Warnings []string
}

// Known reports whether the size is known.
func (c Choice) Known() bool { return c.SKU != "" }

// Alternative is another size, and what decides for it.
type Alternative struct {
	Size
	When string `json:"when"` // a clause behind "if"
}

// Peaks are the greatest values of the metrics of one cache in a span of time.
type Peaks struct {
	UsedMemoryRSS float64 // bytes, summed over shards
	ShardRSS      float64 // bytes of the shard with the most
	Shards        int     // that the metrics tell apart; 0 where they are not split by shard
	ServerLoad    float64 // percent of the busiest shard
	Clients       int     // connections of the shard with the most
	// HasMemory, HasLoad and HasClients say which of them were measured.
	HasMemory, HasLoad, HasClients bool
	From, To                       time.Time // of the first and the last value
}
