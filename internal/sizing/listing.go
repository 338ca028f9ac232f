package sizing

import (
	"fmt"
	"strconv"
	"strings"
)

// Table is one of the tables of this package, for people and machines to read.
type Table struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Columns []string `json:"columns"`
	Rows    []Row    `json:"rows"`
}

// Row is a row of a table with the texts that it was read in.
type Row struct {
	Cells   []string `json:"cells"` // one for each column; empty where no source was found
	Sources []Source `json:"sources"`
}

// Tables returns all tables by which sizes are chosen, with a source for each row.
func Tables() []Table {
	return []Table{
		{"sizes", "Sizes of Azure Managed Redis", []string{"sku", "memory_gb", "usable_gb", "vcpus", "connections", "preview"},
			rows(managed, func(s Size) Row {
				return Row{[]string{s.SKU, decimal(s.MemoryGB), decimal(s.UsableGB()), strconv.Itoa(s.VCPUs), strconv.Itoa(s.Connections),
					strconv.FormatBool(s.Preview)}, []Source{fromSpecs, fromPreview}}
			})},
		{"classic_sizes", "Sizes of Azure Cache for Redis; Premium for each shard, connections for the whole cache",
			[]string{"size", "memory_gb", "vcpus", "connections"},
			rows(classic, func(s classicSize) Row {
				return Row{[]string{s.family + strconv.Itoa(s.capacity), decimal(s.memoryGB), countOrEmpty(s.vCPUs), strconv.Itoa(s.connections)},
					[]Source{fromPlanning, fromConfigure}}
			})},
		{"enterprise_sizes", "Sizes of the Enterprise tiers at the smallest capacity, to which memory is proportional",
			[]string{"sku", "capacity", "memory_gb"},
			rows(enterprise, func(s enterpriseSize) Row {
				memory := ""
				if s.memoryGB > 0 {
					memory = decimal(s.memoryGB)
				}
				return Row{[]string{s.sku, strconv.Itoa(s.capacity), memory}, []Source{s.source}}
			})},
		{"mapping", "Microsoft's mapping of Azure Cache for Redis", []string{"size", "shards", "target"},
			rows(mapping, func(m mapped) Row {
				target := m.target
				if m.smaller != "" {
					target = m.smaller + " or " + m.target
				}
				return Row{[]string{m.family + strconv.Itoa(m.capacity), shardRange(m), target}, []Source{fromMapping}}
			})},
		{"enterprise_defaults", "Default targets of Microsoft's tooling for the Enterprise tiers", []string{"sku", "capacity", "target"},
			rows(enterpriseDefaults, func(d enterpriseDefault) Row {
				capacities := strings.Trim(strings.ReplaceAll(fmt.Sprint(d.capacities), " ", ", "), "[]")
				return Row{[]string{d.sku, capacities, d.target}, []Source{fromDefaults}}
			})},
		{"limits", "Limits and rules", []string{"subject", "rule"},
			rows(limits, func(l limit) Row { return Row{[]string{l.subject, l.rule}, []Source{l.source}} })},
	}
}

func rows[T any](of []T, row func(T) Row) []Row {
	out := make([]Row, len(of))
	for i, r := range of {
		out[i] = row(r)
	}
	return out
}

// shardRange writes the shards of a row of the mapping; empty for a cache that is not clustered.
func shardRange(m mapped) string {
	if m.fewest == m.most {
		return countOrEmpty(m.most)
	}
	return fmt.Sprintf("%d-%d", m.fewest, m.most)
}

func countOrEmpty(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func decimal(gb float64) string { return strings.TrimSuffix(gigabytes(gb), " GB") }
