package tfplan_test

import (
	"bytes"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// allocations counts what reading a plan and making all of its postures allocates.
func allocations(t *testing.T, opts plangen.Options) float64 {
	t.Helper()
	var plan bytes.Buffer
	if err := plangen.Write(&plan, opts); err != nil {
		t.Fatal(err)
	}
	return testing.AllocsPerRun(1, func() {
		p, err := tfplan.Read(t.Context(), bytes.NewReader(plan.Bytes()), tfplan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for range p.Caches() {
		}
	})
}

// TestMemoryGrowsWithTheCaches: ten times the caches need ten times the
// allocations, not more, and a resource that no rule asks for costs a few.
func TestMemoryGrowsWithTheCaches(t *testing.T) {
	few, many := allocations(t, plangen.Options{Caches: 100}), allocations(t, plangen.Options{Caches: 1000})
	if ratio := many / few; ratio > 11 {
		t.Errorf("10 times the caches took %.1f times the allocations (%.0f, %.0f)", ratio, few, many)
	}
	t.Logf("%.0f allocations for a cache", many/1000)
	if each := many / 1000; each > 200 {
		t.Errorf("%.0f allocations for one cache with its companions", each)
	}
	with := allocations(t, plangen.Options{Caches: 100, Others: 2000})
	t.Logf("%.1f for another resource", (with-few)/2000)
	if each := (with - few) / 2000; each > 30 {
		t.Errorf("%.1f allocations for one other resource", each)
	}
}
