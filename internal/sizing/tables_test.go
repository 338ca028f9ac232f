package sizing

import (
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every row of every table names its source, with a day on which it was written or read.
func TestEveryRowHasASource(t *testing.T) {
	for _, table := range Tables() {
		if len(table.Rows) == 0 || table.Title == "" || table.ID == "" {
			t.Errorf("the table %q is empty or has no title", table.ID)
		}
		for _, row := range table.Rows {
			if len(row.Cells) != len(table.Columns) || row.Cells[0] == "" || len(row.Sources) == 0 {
				t.Errorf("%s: the row %v has no source, or a cell too few", table.ID, row)
			}
			for _, s := range row.Sources {
				if _, err := time.Parse(time.DateOnly, s.Date); err != nil || s.Title == "" || s.Date > Compared {
					t.Errorf("%s: the source of %v: %+v", table.ID, row.Cells, s)
				}
				if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
					t.Errorf("%s: the source of %v has the URL %s", table.ID, row.Cells, s.URL)
				}
			}
		}
	}
}

// The sizes are those of the SKU specifications: 14 of the Balanced series, 12, 11 and
// 7 of the others, growing within each series, with usual ratios of memory to vCPUs.
func TestSizes(t *testing.T) {
	perVCPU := map[series]float64{memoryOptimized: 8, balanced: 4, computeOptimized: 2} // GB of RAM, of which some is the system's
	counts := map[series]int{}
	for i, s := range managed {
		counts[s.series()]++
		if i > 0 && managed[i-1].series() == s.series() && managed[i-1].MemoryGB >= s.MemoryGB {
			t.Errorf("%s is not larger than the size before it", s.SKU)
		}
		ratio, got := perVCPU[s.series()], s.MemoryGB/float64(s.VCPUs)
		if s.MemoryGB >= 12 && ratio > 0 && (got > ratio || got < ratio*0.7) {
			t.Errorf("%s has %v GB and %d vCPUs", s.SKU, s.MemoryGB, s.VCPUs)
		}
		if s.Connections < 15000 || s.Connections > mostConnections {
			t.Errorf("%s takes %d connections", s.SKU, s.Connections)
		}
		least := 480.0
		if s.in(flashOptimized) {
			least = 1501
		}
		if s.Preview != (s.MemoryGB >= least) {
			t.Errorf("%s: preview %v", s.SKU, s.Preview)
		}
		if got, ok := Lookup(strings.ToUpper(s.SKU)); !ok || got != s {
			t.Errorf("%s is not found", s.SKU)
		}
	}
	want := map[series]int{balanced: 14, memoryOptimized: 12, computeOptimized: 11, flashOptimized: 7}
	if !maps.Equal(counts, want) {
		t.Errorf("%v sizes, want %v", counts, want)
	}
	if _, ok := Lookup("Balanced_B2"); ok {
		t.Error("Balanced_B2 is found")
	}
}

func TestLimits(t *testing.T) {
	names := func(holds func(Size) bool) (out []string) {
		for _, s := range managed {
			if holds(s) {
				out = append(out, s.SKU[strings.IndexByte(s.SKU, '_')+1:])
			}
		}
		return out
	}
	if got := strings.Join(names(Size.Clusterless), " "); got != "B0 B1 B3 B5 B10 B20 M10 M20 X3 X5 X10 X20" {
		t.Error("without a cluster:", got)
	}
	got := strings.Join(names(func(s Size) bool { return !s.GeoReplicable() }), " ")
	if got != "B0 B1 A250 A500 A700 A1000 A1500 A2000 A4500" {
		t.Error("not geo-replicable:", got)
	}
}

// Every size and number of shards has exactly one row, and every target has the
// provisioned memory; its usable memory is at least what is usable today.
func TestMapping(t *testing.T) {
	cell := regexp.MustCompile(`^[A-Za-z]+_[BMX]\d+$`)
	for _, s := range classic {
		for shards := range mostShards + 1 {
			var found []mapped
			for _, m := range mapping {
				if m.family == s.family && m.capacity == s.capacity && m.fewest <= shards && shards <= m.most {
					found = append(found, m)
				}
			}
			if s.family == "C" && shards > 0 {
				if len(found) > 0 {
					t.Errorf("C%d has shards", s.capacity)
				}
				continue
			}
			if len(found) != 1 {
				t.Fatalf("%s%d × %d has %d rows", s.family, s.capacity, shards, len(found))
			}
			p := s.provisioned("tier", shards)
			target, ok := Lookup(found[0].target)
			if !ok || !cell.MatchString(target.SKU) || p.named != target.SKU || p.lesser != found[0].smaller {
				t.Fatalf("%s: %+v", p.SKU, p)
			}
			if target.MemoryGB < p.MemoryGB {
				t.Errorf("%s has %v GB, %s only %v", p.SKU, p.MemoryGB, target.SKU, target.MemoryGB)
			}
			if lesser, ok := Lookup(found[0].smaller); found[0].smaller != "" && (!ok || lesser.MemoryGB >= target.MemoryGB) {
				t.Errorf("%s: %s is not the smaller one", p.SKU, found[0].smaller)
			}
			// The mapping names the smallest size of the series that holds the usable memory,
			// but for 13 shards of P2, which it counts with 14.
			if s.family == "P" && s.capacity == 2 && shards == 13 {
				continue
			}
			if fit, _ := smallest(target.series(), func(z Size) bool { return z.UsableGB() >= p.MemoryGB*UsableShare-1e-9 }); fit.SKU != target.SKU {
				t.Errorf("%s goes to %s, %s would hold it", p.SKU, target.SKU, fit.SKU)
			}
		}
	}
}

func TestEnterpriseDefaults(t *testing.T) {
	for _, d := range enterpriseDefaults {
		i := slices.IndexFunc(enterprise, func(e enterpriseSize) bool { return e.sku == d.sku })
		target, ok := Lookup(d.target)
		if i < 0 || !ok {
			t.Fatalf("%+v", d)
		}
		for _, capacity := range d.capacities {
			if gb := enterprise[i].memoryGB * float64(capacity) / float64(enterprise[i].capacity); target.MemoryGB < gb {
				t.Errorf("%s at %d has %v GB, %s only %v", d.sku, capacity, gb, target.SKU, target.MemoryGB)
			}
		}
	}
}

func TestFilesOfMetricsAreBounded(t *testing.T) {
	if _, err := io.ReadAll(&bounded{r: strings.NewReader("12345"), left: 5}); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(&bounded{r: strings.NewReader("123456"), left: 5}); err == nil {
		t.Error("a file larger than the bound is read")
	}
}
