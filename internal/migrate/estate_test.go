package migrate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// moving is a cache with a name, of which an ARM id follows.
func moving(name string, edit ...func(*migrate.Move)) migrate.Move {
	id := "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/" + name
	m := migrate.Move{Name: &name, ResourceID: &id, DisplayName: name, Type: service.Redis.Type, Service: service.Redis.Name,
		State: migrate.ToMove, Retires: service.Redis.Retirement.Date, Order: 9, Target: &migrate.Target{}}
	for _, e := range edit {
		e(&m)
	}
	return m
}

func state(s migrate.State) func(*migrate.Move) { return func(m *migrate.Move) { m.State = s } }

func stuck(m *migrate.Move) {
	m.State = migrate.Blocked
	m.Differences = []migrate.Difference{
		{Severity: migrate.Blocker, Certain: true, Entry: &migrate.Entry{Title: "Virtual network injection"}},
		{Severity: migrate.Blocker, Entry: &migrate.Entry{Title: "Region"}},
		{Severity: migrate.Change, Certain: true, Entry: &migrate.Entry{Title: "Port"}},
	}
}

func partner(name string) func(*migrate.Move) {
	return func(m *migrate.Move) {
		m.Partners = []string{strings.ToUpper("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/") + name}
	}
}

func tagged(order int, value string) func(*migrate.Move) {
	return func(m *migrate.Move) { m.Order, m.OrderTag = order, migrate.Tag{Key: "stage", Value: value} }
}

func enterprise(group string) func(*migrate.Move) {
	return func(m *migrate.Move) {
		m.Service, m.Type, m.Retires = service.Enterprise.Name, service.Enterprise.Type, service.Enterprise.Retirement.Date
		m.Target.Settings = []migrate.Setting{{Name: migrate.GeoReplicationGroup, Value: group}}
	}
}

func TestWaves(t *testing.T) {
	for _, tt := range []struct {
		cell  string
		n     int
		moves []migrate.Move
		want  string
		why   string // part of the reason of the last wave
	}{
		{"none asked for", 0, []migrate.Move{moving("a")}, "", ""},
		{"by name, of the same size", 2, []migrate.Move{moving("d"), moving("c"), moving("b"), moving("a")}, "a b | c d", "no blocker is known"},
		{"more waves than caches", 5, []migrate.Move{moving("b"), moving("a")}, "a | b", ""},
		{"an uneven number", 3, []migrate.Move{moving("a"), moving("b"), moving("c"), moving("d")}, "a b | c | d", ""},
		{"moved ones are left out", 1,
			[]migrate.Move{moving("a", state(migrate.Moved)), moving("b"), moving("c", state(migrate.Unknown))}, "b", ""},
		{"blocked ones last", 2,
			[]migrate.Move{moving("a", stuck), moving("b"), moving("c", stuck), moving("d")}, "b d | a c", "2 blocked: settle"},
		{"tags first", 2,
			[]migrate.Move{moving("a"), moving("b", tagged(1, "test")), moving("c", tagged(0, "dev")), moving("d")}, "c b | a d", ""},
		{"tags first, blocked or not", 2,
			[]migrate.Move{moving("a", tagged(1, "prod")), moving("b", stuck, tagged(0, "dev"))}, "b | a", "tag stage=prod"},
		{"blocked ones last within a tag", 1,
			[]migrate.Move{moving("a", stuck, tagged(0, "dev")), moving("b", tagged(0, "dev")), moving("c")}, "b a c", "tag stage=dev; 1 blocked"},
		{"Enterprise ends first", 1, []migrate.Move{moving("a"), moving("b", enterprise("none"))}, "b a", "2027-03-31"},
		{"partners together", 2, []migrate.Move{moving("a", partner("z")), moving("b"), moving("z"), moving("c")}, "a z | b c", ""},
		{"partners of a blocked one wait too", 2,
			[]migrate.Move{moving("a", partner("z")), moving("b"), moving("z", stuck), moving("c")}, "b c | a z",
			"partners together: a, z; 1 blocked"},
		{"members of a group together", 2,
			[]migrate.Move{moving("a", enterprise("g")), moving("b", enterprise("none")), moving("c", enterprise("g"))},
			"a c | b", ""},
		{"a partner that is elsewhere", 1, []migrate.Move{moving("a", partner("q")), moving("b", partner("q"))}, "a b", "partners together"},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			r := &migrate.Report{Caches: tt.moves}
			migrate.Waves(r, tt.n, nil)
			var waves []string
			for i, w := range r.Waves {
				waves = append(waves, strings.Join(w.Caches, " "))
				if w.Number != i+1 || w.Why == "" {
					t.Errorf("%+v", w)
				}
			}
			if got := strings.Join(waves, " | "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if n := len(r.Waves); n > 0 && !strings.Contains(r.Waves[n-1].Why, tt.why) {
				t.Errorf("%q does not say %q", r.Waves[n-1].Why, tt.why)
			}
			for i := range r.Caches {
				m := &r.Caches[i]
				if moves := m.State == migrate.ToMove || m.State == migrate.Blocked; tt.n > 0 && moves != (m.Wave > 0) {
					t.Errorf("%s is in wave %d", m.DisplayName, m.Wave)
				}
			}
		})
	}
}

// TestKeepWaves: caches keep the waves of an earlier report, partners the first of theirs,
// and new ones are in the last.
func TestKeepWaves(t *testing.T) {
	earlier := &migrate.Report{Caches: []migrate.Move{
		moving("a"), moving("b"), moving("c"), moving("d"), moving("e", partner("z")), moving("z")}}
	migrate.Waves(earlier, 3, nil)
	now := &migrate.Report{Caches: []migrate.Move{moving("c", stuck), moving("d"), moving("e", partner("z")), moving("z"), moving("aa")}}
	migrate.Waves(now, 3, earlier)
	var waves []string
	for _, w := range now.Waves {
		waves = append(waves, fmt.Sprint(w.Number, w.Caches))
	}
	if got := strings.Join(waves, " "); got != "2 [d c] 3 [aa e z]" {
		t.Error(got)
	}
	migrate.Waves(now, 1, &migrate.Report{Caches: earlier.Caches})
	if len(now.Waves) != 1 {
		t.Errorf("the earlier report has no waves: %v", now.Waves)
	}
}

// TestAlignGroups: the targets of geo-replication partners have to agree.
func TestAlignGroups(t *testing.T) {
	sized := func(sku, policy string) func(*migrate.Move) {
		return func(m *migrate.Move) {
			size, _ := sizing.Lookup(sku)
			m.Target = &migrate.Target{Size: size, Settings: []migrate.Setting{{Name: migrate.ClusteringPolicy, Value: policy}}}
		}
	}
	for _, tt := range []struct {
		cell    string
		partner string
		a, b    func(*migrate.Move)
		want    string
		size    string // of a
	}{
		{"alike", "b", sized("Balanced_B5", "OSSCluster"), sized("Balanced_B5", "OSSCluster"), "", "Balanced_B5"},
		{"of two sizes", "b", sized("Balanced_B5", "OSSCluster"), sized("Balanced_B20", "OSSCluster"), "", "Balanced_B20"},
		{"too large for NoCluster", "b", sized("Balanced_B5", "NoCluster"), sized("Balanced_B50", "EnterpriseCluster"), "", "Balanced_B50"},
		{"one size not known", "b", sized("", "OSSCluster"), sized("Balanced_B5", "OSSCluster"),
			"The members of geo-replication need one size, and b has Balanced_B5: order the largest for all of them.", ""},
		{"of two policies", "b", sized("Balanced_B5", "NoCluster"), sized("Balanced_B5", "OSSCluster"),
			"The members of geo-replication need one clustering policy, and have" +
				" NoCluster (a), OSSCluster (b): choose one that the clients of all of them know.", "Balanced_B5"},
		{"no partners", "z", sized("Balanced_B5", "NoCluster"), sized("Balanced_B20", "OSSCluster"), "", "Balanced_B5"},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			r := &migrate.Report{Caches: []migrate.Move{moving("a", partner(tt.partner), tt.a), moving("b", tt.b)}}
			migrate.AlignGroups(r)
			a, b := r.Caches[0].Target, r.Caches[1].Target
			if got := strings.Join(a.Warnings, "\n"); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if a.Size.SKU != tt.size {
				t.Errorf("%s, want %s", a.Size.SKU, tt.size)
			}
			aligned := a.Size.SKU == b.Size.SKU && tt.cell != "alike" && tt.cell != "of two policies"
			if told := "which b needs"; strings.Contains(a.Why, told) != aligned {
				t.Errorf("the reason is %q", a.Why)
			}
		})
	}
}

// TestWavesAnyOrder: the order of the report does not matter, and repeated names are told
// apart.
func TestWavesAnyOrder(t *testing.T) {
	var moves []migrate.Move
	for i := range 30 {
		edit := []func(*migrate.Move){func(*migrate.Move) {}}
		switch i % 5 {
		case 0:
			edit = append(edit, stuck)
		case 1:
			edit = append(edit, partner(fmt.Sprint("cache", i+1)))
		case 3:
			edit = append(edit, tagged(0, "dev"))
		}
		moves = append(moves, moving(fmt.Sprint("cache", i), edit...))
	}
	moves[7].DisplayName = moves[9].DisplayName
	first := &migrate.Report{Caches: slices.Clone(moves)}
	migrate.Waves(first, 4, nil)
	if !strings.Contains(fmt.Sprint(first.Waves), *moves[7].ResourceID) {
		t.Errorf("a name that two caches have is not told apart: %v", first.Waves)
	}
	for _, w := range first.Waves {
		if n := len(w.Caches); n < 6 || n > 9 {
			t.Errorf("wave %d has %d of 30 caches", w.Number, n)
		}
	}
	for range 20 {
		rand.Shuffle(len(moves), func(i, j int) { moves[i], moves[j] = moves[j], moves[i] })
		again := &migrate.Report{Caches: slices.Clone(moves)}
		migrate.Waves(again, 4, nil)
		if fmt.Sprint(again.Waves) != fmt.Sprint(first.Waves) {
			t.Fatalf("%v, then %v", first.Waves, again.Waves)
		}
	}
}

func TestCompare(t *testing.T) {
	managed := func(m *migrate.Move) {
		id := strings.Replace(*m.ResourceID, "redis/", "redisEnterprise/", 1)
		m.State, m.Type, m.Service, m.ResourceID = migrate.Moved, service.ManagedRedis.Type, service.ManagedRedis.Name, &id
	}
	at := func(address string) func(*migrate.Move) {
		return func(m *migrate.Move) { m.Address, m.ResourceID = &address, nil }
	}
	inPlace := func(m *migrate.Move) { m.Type = service.Enterprise.Type }
	for _, tt := range []struct {
		cell       string
		before, by []migrate.Move
		partial    string
		want       string // moved, left, new, unblocked, begun, unseen
	}{
		{cell: "gone", before: []migrate.Move{moving("a"), moving("b")}, by: []migrate.Move{moving("b")}, want: "[a] [b] [] [] [] []"},
		{cell: "gone, and a successor has its name", before: []migrate.Move{moving("a")}, by: []migrate.Move{moving("a", managed)},
			want: "[a] [] [] [] [] []"},
		{cell: "in place", before: []migrate.Move{moving("a", inPlace)}, by: []migrate.Move{moving("a", inPlace, state(migrate.Moved))},
			want: "[a] [] [] [] [] []"},
		{cell: "a successor beside it", before: []migrate.Move{moving("a")}, by: []migrate.Move{moving("a"), moving("a", managed)},
			want: "[] [a] [] [] [a] []"},
		{cell: "a successor with the name of a target", before: []migrate.Move{moving("a"), moving("b")},
			by: []migrate.Move{moving("a"), moving("a-amr2", managed), moving("b-eu", managed), moving("b")}, want: "[] [a b] [] [] [a] []"},
		{cell: "a successor that was renamed", before: []migrate.Move{moving("a", at(`module.m["x"].azurerm_redis_cache.shop[0]`))},
			by: []migrate.Move{moving("a", at(`module.m["x"].azurerm_redis_cache.shop[0]`)),
				moving("carts", managed, at("module.new.azurerm_managed_redis.m_x_shop_0_amr"))}, want: "[] [a] [] [] [a] []"},
		{cell: "a successor of something else", before: []migrate.Move{moving("a", at("azurerm_redis_cache.shop"))},
			by:   []migrate.Move{moving("a", at("azurerm_redis_cache.shop")), moving("carts", managed, at("azurerm_managed_redis.shops_amr"))},
			want: "[] [a] [] [] [] []"},
		{cell: "new", by: []migrate.Move{moving("a")}, want: "[] [] [a] [] [] []"},
		{cell: "unblocked", before: []migrate.Move{moving("a", stuck)}, by: []migrate.Move{moving("a")}, want: "[] [a] [] [a] [] []"},
		{cell: "not in a partial report", before: []migrate.Move{moving("a")}, partial: "refused", want: "[] [] [] [] [] [a]"},
		{cell: "already moved before", before: []migrate.Move{moving("a", managed)}, want: "[] [] [] [] [] []"},
		{cell: "by address", before: []migrate.Move{moving("a", at("azurerm_redis_cache.a"))},
			by:   []migrate.Move{moving("b", at("azurerm_redis_cache.a"))},
			want: "[] [a] [] [] [] []"},
		{cell: "by name, from a plan to a scan", before: []migrate.Move{moving("a", at("azurerm_redis_cache.a"))},
			by:   []migrate.Move{moving("A")},
			want: "[] [a] [] [] [] []"},
		{cell: "one address, two ids", before: []migrate.Move{moving("a", func(m *migrate.Move) { m.Address = m.Name })},
			by: []migrate.Move{moving("b", func(m *migrate.Move) { n := "a"; m.Address = &n })}, want: "[a] [] [b] [] [] []"},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			earlier := &migrate.Report{Caches: tt.before, GeneratedAt: today}
			s := migrate.Compare(earlier, &migrate.Report{Caches: tt.by, Partial: tt.partial}, "old.json")
			if got := fmt.Sprint(s.Moved, s.Left, s.New, s.Unblocked, s.Begun, s.Unseen); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if s.Input != "old.json" || !s.GeneratedAt.Equal(today) {
				t.Errorf("%+v", s)
			}
		})
	}
	unseen := &migrate.Report{Unseen: []report.Unseen{{Kind: "subscription"}}}
	if s := migrate.Compare(&migrate.Report{Caches: []migrate.Move{moving("a")}}, unseen, ""); len(s.Unseen) != 1 || len(s.Moved) != 0 {
		t.Errorf("%+v", s)
	}
}

// TestCoverage: a cache that a report may lack has not moved.
func TestCoverage(t *testing.T) {
	plans := func(inputs ...string) report.Source { return report.Source{Kind: report.SourcePlan, Inputs: inputs} }
	scan := func(inputs ...string) report.Source {
		return report.Source{Kind: report.SourceExisting, Inputs: inputs}
	}
	other := func(m *migrate.Move) {
		id := "/subscriptions/t/resourceGroups/rg/providers/Microsoft.Cache/redis/" + *m.Name
		m.ResourceID = &id
	}
	for _, tt := range []struct {
		cell         string
		earlier, now report.Source
		edit         func(*migrate.Report)
		by           []migrate.Move
		moved        bool
		why          string
	}{
		{cell: "the same plan", earlier: plans("plan.json"), now: plans("plan.json"), moved: true},
		{cell: "a partial plan", earlier: plans("plan.json"), now: plans("plan.json"),
			edit: func(r *migrate.Report) { r.MayLack = []string{"the plan is partial"} }, why: "the plan is partial"},
		{cell: "a plan under another name", earlier: plans("july.json"), now: plans("today.json"), by: []migrate.Move{moving("b")}, moved: true},
		{cell: "a plan of something else", earlier: plans("a/plan.json"), now: plans("b/plan.json"), by: []migrate.Move{moving("z")},
			why: "it may be of another configuration"},
		{cell: "one plan of two", earlier: plans("a.json", "b.json"), now: plans("b.json"), by: []migrate.Move{moving("b")},
			why: "is of more plans than this one: a.json"},
		{cell: "one plan more", earlier: plans("a.json"), now: plans("a.json", "b.json"), moved: true},
		{cell: "a plan after a scan", earlier: scan("all subscriptions"), now: plans("a.json"), by: []migrate.Move{moving("b")},
			why: "a plan shows the caches of its configuration only"},
		{cell: "a scan after a plan", earlier: plans("a.json"), now: scan("subscription s"), moved: true},
		{cell: "a narrow scan after a plan", earlier: plans("a.json"), now: scan("subscription s", "resource group r"),
			why: "this scan selects subscription s, resource group r"},
		{cell: "the same scan", earlier: scan("subscription s", "resource group r"), now: scan("subscription s", "resource group r"),
			moved: true},
		{cell: "a wider scan", earlier: scan("subscription s", "resource group r"), now: scan("subscription s", "subscription t"), moved: true},
		{cell: "a narrower scan", earlier: scan("subscription s"), now: scan("subscription s", "resource group r"),
			why: "this scan selects subscription s, resource group r, and that of the earlier report subscription s"},
		{cell: "another subscription", earlier: scan("subscription s"), now: scan("subscription t"), why: "this scan selects subscription t"},
		{cell: "by tag", earlier: scan("subscription s", "tag env=dev"), now: scan("subscription s", "tag env=dev"),
			why: "the scan selects by tag"},
		{cell: "single caches", earlier: scan("subscription s"), now: scan("/subscriptions/s/b"), why: "this scan selects /subscriptions/s/b"},
		{cell: "all subscriptions, and this one is seen", earlier: scan("subscription s"), now: scan("all subscriptions"),
			by: []migrate.Move{moving("b")}, moved: true},
		{cell: "all subscriptions, and this one is not seen", earlier: scan("all subscriptions"), now: scan("all subscriptions"),
			by: []migrate.Move{moving("b", other)}, why: "no cache of the subscription s is in this report"},
		{cell: "a subscription that is refused", earlier: scan("subscription s"), now: scan("subscription s"),
			edit: func(r *migrate.Report) { r.Unseen = []report.Unseen{{Kind: "subscription", ID: "s"}} },
			why:  "subscription s could not be seen"},
		{cell: "a scan that stopped", earlier: scan("subscription s"), now: scan("subscription s"),
			edit: func(r *migrate.Report) { r.Partial = "interrupted" }, why: "interrupted"},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			now := &migrate.Report{Source: tt.now, Caches: tt.by}
			if tt.edit != nil {
				tt.edit(now)
			}
			earlier := &migrate.Report{Source: tt.earlier, Caches: append([]migrate.Move{moving("a")}, tt.by...)}
			if tt.cell == "a plan of something else" {
				earlier.Caches = earlier.Caches[:1]
			}
			s := migrate.Compare(earlier, now, "old.json")
			if moved := slices.Equal(s.Moved, []string{"a"}); moved != tt.moved || moved == slices.Contains(s.Unseen, "a") {
				t.Errorf("moved %q, not seen %q", s.Moved, s.Unseen)
			}
			if notes := strings.Join(s.Notes, "\n"); !strings.Contains(notes, tt.why) || tt.moved != (notes == "") {
				t.Errorf("the notes are %q", notes)
			}
		})
	}
}

// TestNewAfterPartial: what an earlier report did not see may not be new.
func TestNewAfterPartial(t *testing.T) {
	s := migrate.Compare(&migrate.Report{Partial: "the plan is partial"}, &migrate.Report{Caches: []migrate.Move{moving("a")}}, "")
	if len(s.Notes) != 1 || !strings.Contains(s.Notes[0], "may have been there") {
		t.Errorf("%q", s.Notes)
	}
}

// TestOrderNotes: what is asked of the order of work and not done is told.
func TestOrderNotes(t *testing.T) {
	managed := func(m *migrate.Move) { m.State, m.Service, m.Target = migrate.Moved, service.ManagedRedis.Name, nil }
	dev := []migrate.Tag{{Key: "stage", Value: "dev"}}
	earlier := &migrate.Report{Caches: []migrate.Move{moving("a", tagged(0, "dev")), moving("b"), moving("c")}}
	migrate.Waves(earlier, 3, nil)
	for _, tt := range []struct {
		cell    string
		moves   []migrate.Move
		asked   migrate.Asked
		earlier *migrate.Report
		want    string
	}{
		{"the first wave", []migrate.Move{moving("a"), moving("b")}, migrate.Asked{Waves: 2, Wave: 1}, nil, ""},
		{"the waves of the baseline", []migrate.Move{moving("b"), moving("c")}, migrate.Asked{Waves: 3, Wave: 2}, earlier, ""},
		{"another number of waves", []migrate.Move{moving("b"), moving("c")}, migrate.Asked{Waves: 2}, earlier,
			"--waves 2 decides nothing: caches keep the waves of --baseline, of which the last is wave 3"},
		{"a wave after another has moved", []migrate.Move{moving("b"), moving("a-amr", managed)}, migrate.Asked{Waves: 2, Wave: 2}, nil,
			"wave 2 is counted anew, of the caches that are left: a-amr and perhaps others have moved; " +
				"--baseline with the report of the first wave keeps its numbers"},
		{"a baseline without waves", []migrate.Move{moving("b"), moving("a-amr", managed)}, migrate.Asked{Waves: 2},
			&migrate.Report{Caches: earlier.Caches},
			"waves are counted anew, of the caches that are left: a-amr and perhaps others have moved; " +
				"the report of --baseline has no waves to keep"},
		{"a wave that has only begun", []migrate.Move{moving("a"), moving("a-amr", managed)}, migrate.Asked{Waves: 2, Wave: 2}, nil, ""},
		{"a tag that nothing has", []migrate.Move{moving("b")}, migrate.Asked{Order: dev}, nil,
			"--order-tag stage=dev orders nothing: no cache that is to move is known to have this tag and none of those before it"},
		{"a tag of caches that have moved", []migrate.Move{moving("b"), moving("a-amr", managed, tagged(0, "dev"))}, migrate.Asked{Order: dev},
			nil, "--order-tag stage=dev orders nothing any more: the caches with this tag are of Azure Managed Redis already"},
		{"a tag of a wave that has moved", []migrate.Move{moving("b"), moving("c")}, migrate.Asked{Order: dev}, earlier,
			"--order-tag stage=dev orders nothing any more: all caches of wave 1 of --baseline, in which it was, have moved"},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			r := &migrate.Report{Caches: tt.moves}
			migrate.Waves(r, tt.asked.Waves, tt.earlier)
			if tt.earlier != nil {
				r.Since = migrate.Compare(tt.earlier, r, "")
			}
			if got := strings.Join(migrate.OrderNotes(r, tt.asked, tt.earlier), "\n"); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestReasons(t *testing.T) {
	r := &migrate.Report{GeneratedAt: today, Caches: []migrate.Move{moving("a", stuck), moving("b"), moving("c", state(migrate.Moved))}}
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tt := range []struct {
		cell    string
		blocker bool
		after   time.Time
		want    string
	}{
		{cell: "nothing asked for", want: "[]"},
		{cell: "blocker", blocker: true, want: "[a is blocked: Virtual network injection]"},
		{cell: "the day before", after: day("2026-11-28"), want: "[2 caches are still to move after 2026-11-28]"},
		{cell: "the day itself", after: day("2026-11-29"), want: "[]"},
		{cell: "both", blocker: true, after: day("2026-01-01"),
			want: "[a is blocked: Virtual network injection 2 caches are still to move after 2026-01-01]"},
	} {
		if got := fmt.Sprint(migrate.Reasons(r, tt.blocker, tt.after)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.cell, got, tt.want)
		}
	}
	r.Caches = r.Caches[1:2]
	if got := fmt.Sprint(migrate.Reasons(r, true, day("2026-01-01"))); got != "[1 cache is still to move after 2026-01-01]" {
		t.Error(got)
	}
}

func TestSummarize(t *testing.T) {
	yes, days := true, 122
	s := migrate.Summarize([]migrate.Move{
		moving("a", stuck), moving("b", enterprise("none"), func(m *migrate.Move) {
			m.Target.Known, m.After, m.DaysLeft = true, &migrate.Verdicts{Compliant: &yes}, &days
		}), moving("b-amr", state(migrate.Moved)), moving("d", state(migrate.Unknown)),
	})
	want := migrate.Summary{Caches: 4, ToMove: 2, Blocked: 1, Begun: 1, Moved: 1, Unknown: 1, UnknownSize: 1, Compliant: 1,
		Retires: "2027-03-31", DaysLeft: &days}
	if s != want {
		t.Errorf("%+v, want %+v", s, want)
	}
}
