package page

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// columns are those of the CSV, one row for each cache. Lists have spaces between their
// members, and what is not known is empty.
var columns = []struct {
	name  string
	value func(*migrate.Move) string
}{
	{"address", func(m *migrate.Move) string { return value(m.Address) }},
	{"name", func(m *migrate.Move) string { return value(m.Name) }},
	{"resource_id", func(m *migrate.Move) string { return value(m.ResourceID) }},
	{"service", func(m *migrate.Move) string { return m.Service }},
	{"location", func(m *migrate.Move) string { return m.Location }},
	{"state", func(m *migrate.Move) string { return string(m.State) }}, // to_move, blocked, moved, unknown
	{"retires", func(m *migrate.Move) string { return m.Retires }},
	{"days_left", func(m *migrate.Move) string { return number(m.DaysLeft) }},
	{"wave", func(m *migrate.Move) string { return positive(m.Wave) }},
	{"current_sku", func(m *migrate.Move) string { return m.Current.SKU }},
	{"current_memory_gb", func(m *migrate.Move) string { return gigabytes(m.Current.MemoryGB) }},
	{"target_sku", ofTarget(func(t *migrate.Target) string { return t.Size.SKU })},
	{"target_memory_gb", ofTarget(func(t *migrate.Target) string { return gigabytes(t.Size.MemoryGB) })},
	{"target_preview", ofTarget(func(t *migrate.Target) string {
		if !t.Known {
			return ""
		}
		return strconv.FormatBool(t.Size.Preview)
	})},
	{"basis", ofTarget(func(t *migrate.Target) string { return string(t.Basis) })}, // table, metrics
	{"alternatives", ofTarget(func(t *migrate.Target) string {
		var skus []string
		for _, a := range t.Alternatives {
			skus = append(skus, a.SKU)
		}
		return strings.Join(skus, " ")
	})},
	{"clustering_policy", ofTarget(func(t *migrate.Target) string { return t.Value(migrate.ClusteringPolicy) })},
	{"blockers", func(m *migrate.Move) string { return idsOf(m, aboutBlockers) }},
	{"possible_blockers", func(m *migrate.Move) string { return idsOf(m, aboutMaybe) }},
	{"changes", func(m *migrate.Move) string { return idsOf(m, aboutChanges) }},
	{"possible_changes", func(m *migrate.Move) string { return idsOf(m, aboutChecks) }},
	{"notices", func(m *migrate.Move) string { return idsOf(m, aboutNotices) }},
	{"path", func(m *migrate.Move) string {
		if len(m.Paths) == 0 {
			return ""
		}
		return m.Paths[0].ID
	}},
	{"automated", func(m *migrate.Move) string { return eligible(m, migrate.Automated) }}, // yes, no, unknown
	{"in_place", func(m *migrate.Move) string { return eligible(m, migrate.InPlace) }},    // yes, no, unknown
	{"made_anew", func(m *migrate.Move) string { return strconv.Itoa(len(m.Remade)) }},
	{"references", func(m *migrate.Move) string { return strconv.Itoa(len(m.References)) }},
	{"references_all_seen", func(m *migrate.Move) string { return strconv.FormatBool(m.ReferencesSeen == "all") }},
	{"partners", func(m *migrate.Move) string { return strings.Join(m.Partners, " ") }},
	{"compliant_before", func(m *migrate.Move) string { return boolean(m.Before.Compliant) }}, // true, false, empty for undecided
	{"compliant_after", func(m *migrate.Move) string {
		if m.After == nil {
			return ""
		}
		return boolean(m.After.Compliant)
	}},
}

func writeCSV(w io.Writer, r *migrate.Report, _ Options) error {
	out := csv.NewWriter(w)
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.name
	}
	_ = out.Write(row) // the error is that of Flush
	for i := range r.Caches {
		for j, c := range columns {
			row[j] = cell(c.value(&r.Caches[i]))
		}
		_ = out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// cell is a text on one line that no spreadsheet takes for a formula, in which nothing steers a terminal.
func cell(s string) string { return report.CSVCell(report.OneLine(s)) }

func ofTarget(f func(*migrate.Target) string) func(*migrate.Move) string {
	return func(m *migrate.Move) string {
		if m.Target == nil {
			return ""
		}
		return f(m.Target)
	}
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func gigabytes(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func boolean(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// idsOf are the differences of a kind.
func idsOf(m *migrate.Move, k kind) string {
	var ids []string
	for i := range m.Differences {
		if factOf(&m.Differences[i]).kind == k {
			ids = append(ids, short(m.Differences[i].ID))
		}
	}
	return strings.Join(ids, " ")
}

func count(m *migrate.Move, k kind) string {
	n := 0
	for i := range m.Differences {
		if factOf(&m.Differences[i]).kind == k {
			n++
		}
	}
	return strconv.Itoa(n)
}

// eligible says whether a way can be taken; empty where the cache does not have it.
func eligible(m *migrate.Move, path string) string {
	for i := range m.Paths {
		if p := &m.Paths[i]; p.ID == path {
			switch {
			case p.Eligible == nil:
				return "unknown"
			case *p.Eligible:
				return "yes"
			default:
				return "no"
			}
		}
	}
	return ""
}
