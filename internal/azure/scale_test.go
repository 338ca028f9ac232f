package azure

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// BenchmarkScan walks 10,000 caches in 500 subscriptions of a fake that takes
// 150 ms for every answer, throttles as ARM does and, with faults, fails 5 % of the
// requests. All caches are of Azure Cache for Redis or, mixed, half of them of Azure
// Managed Redis. It prints the figures and fails where they are not met. It takes some
// minutes:
//
//	go test -run '^$' -bench Scan -benchtime 1x ./internal/azure
func BenchmarkScan(b *testing.B) {
	const (
		caches, subscriptionCount = 10_000, 500
		latency                   = 150 * time.Millisecond
	)
	for _, c := range []struct {
		services, weather string
		managed           int
	}{{"classic", "calm", 0}, {"classic", "faults", 0}, {"mixed", "calm", caches / 2}, {"mixed", "faults", caches / 2}} {
		b.Run(c.services+"/"+c.weather, func(b *testing.B) {
			for range b.N {
				d := open(b, armtest.Options{
					Latency: latency, Throttle: &armtest.Reads, Seed: 1,
				}, func(o *arm.Options) { o.RetryDelay, o.RequestTimeout = 0, 0 })
				d.fake.PutFleet(fleetOf(subscriptionCount, caches-c.managed))
				for i := range c.managed {
					putManaged(d.fake, subscriptionCount, i)
				}
				if c.weather == "faults" {
					for _, f := range faults() {
						d.fake.Inject(f)
					}
				}
				runtime.GC()
				before := heap()
				peak := before
				start := time.Now()
				scan := d.reader.Scan(Selection{})
				n := 0
				last := ""
				for c, err := range scan.Caches(b.Context()) {
					if err != nil {
						b.Fatal(err)
					}
					id := armid.Key(c.ResourceID.V)
					if id <= last {
						b.Fatalf("%s after %s", id, last)
					}
					last = id
					if n++; n%100 == 0 {
						peak = max(peak, heap())
					}
				}
				took := time.Since(start)
				measure(b, d, scan, figures{caches: caches, read: n, took: took, latency: latency, heap: peak - min(before, peak),
					subscriptions: subscriptionCount})
			}
		})
	}
}

// putManaged adds the i-th of many caches of Azure Managed Redis, as fleetOf makes those of
// Azure Cache for Redis.
func putManaged(fake *armtest.Server, subscriptions, i int) {
	c := armtest.ManagedCache{
		Subscription: armtest.FleetSubscription(i % subscriptions), ResourceGroup: "rg-fleet", Name: fmt.Sprintf("managed-%05d", i),
		Properties: object{"publicNetworkAccess": "Disabled"}, Database: object{}, Children: map[string]object{},
	}
	if i%5 != 0 {
		c.Children["databases/default/"+logsPath] = object{
			"workspaceId": "/subscriptions/s/resourceGroups/r/providers/Microsoft.OperationalInsights/workspaces/w",
			"logs":        []any{object{"categoryGroup": "allLogs", "enabled": true}}}
	}
	fake.PutManagedCache(c)
}

type figures struct {
	caches, read, subscriptions int
	took, latency               time.Duration
	heap                        uint64
}

func measure(b *testing.B, d *door, scan *Scan, f figures) {
	b.Helper()
	queries := d.fake.Count(armtest.KindQuery, "")
	requests := d.fake.Requests()
	lists, serial, bad, twice := 0, 0, 0, 0
	once := map[string]bool{}
	for _, r := range requests {
		switch {
		case slices.ContainsFunc(service.All, func(s *service.Service) bool { return strings.EqualFold(r.Type, s.Type) }) &&
			r.Kind == armtest.KindList:
			lists++
		case r.Kind == armtest.KindQuery, r.Path == "/subscriptions":
			serial++
		}
		if r.Status != http.StatusOK && r.Status != http.StatusNotFound {
			bad++
			continue
		}
		if r.Kind == armtest.KindRead || r.Kind == armtest.KindList && strings.Contains(r.Path, "/Microsoft.Cache/") {
			if once[r.Path] {
				twice++
			}
			once[r.Path] = true
		}
	}
	// Pages of the beginning wait for each other; the rest is bound by how many
	// requests are under way at once. Quotas bind nothing here: 20 caches of a
	// subscription stay below its burst.
	bound := time.Duration(serial)*f.latency + time.Duration(len(requests)-serial)*f.latency/time.Duration(arm.DefaultLimits.Concurrency)
	ratio := f.took.Seconds() / bound.Seconds()
	b.Logf("caches %d of %d, requests %d (queries %d, lists %d, failed answers %d, read twice %d), time %s, lower bound %s, ratio %.2f, "+
		"heap above start %d MB, peak of the whole process with the fake %s",
		f.read, f.caches, len(requests), queries, lists, bad, twice, f.took.Round(time.Millisecond), bound.Round(time.Millisecond), ratio,
		f.heap>>20, highWater())
	if f.read != f.caches || len(scan.Unseen())+len(scan.Vanished()) > 0 || scan.Partial() {
		b.Errorf("caches are lost: %v %v", scan.Unseen(), scan.Vanished())
	}
	if queries > 50 {
		b.Errorf("%d queries of Resource Graph", queries)
	}
	if bad == 0 && lists != f.subscriptions*len(service.All) {
		b.Errorf("%d lists", lists)
	}
	if twice > 0 {
		b.Errorf("%d things were read twice", twice)
	}
	if ratio > 1.1 {
		b.Errorf("%.2f times the lower bound", ratio)
	}
	if f.heap > 200<<20 {
		b.Errorf("%d MB of heap", f.heap>>20)
	}
	b.ReportMetric(ratio, "×bound")
	b.ReportMetric(float64(len(requests)), "requests")
	b.ReportMetric(float64(f.heap>>20), "MB")
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// highWater is the most memory that the process ever held, where Linux tells.
func highWater() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	lines := strings.Split(string(status), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "VmHWM:") })
	if i < 0 {
		return "unknown"
	}
	return strings.Join(strings.Fields(lines[i])[1:], " ")
}
