package controls

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// source are the reports on the same caches: of the same kind and inputs, and, since many
// plans have the same file name, with at least one cache in common.
type source struct {
	key    string
	date   time.Time         // of the newest report
	newest []*Report         // of that date
	has    map[*History]bool // caches of the newest reports
	all    map[*History]bool
}

// mayHold reports whether a cache may be in what reports were to see and did not.
func mayHold(reports []*Report, h *History) bool {
	return slices.ContainsFunc(reports, func(r *Report) bool {
		return r.Partial != "" || slices.ContainsFunc(r.Unseen, func(u report.Unseen) bool { return u.MayHold(h.ResourceID) })
	})
}

// merger puts reports together, the oldest first.
type merger struct {
	*Result
	finders map[report.SourceKind]*finder
	sources map[string][]*source // by key
}

// Merge puts reports together. Reports that contradict others, or that cannot be ordered, are
// left out, each with an error that names it.
func (c *Catalogue) Merge(reports []*Report) (*Result, []error) {
	m := merger{Result: &Result{Controls: c.Controls, catalogue: c}, finders: map[report.SourceKind]*finder{}, sources: map[string][]*source{}}
	var refused []error
	byDate := slices.Clone(reports)
	slices.SortStableFunc(byDate, func(a, b *Report) int {
		if a.GeneratedAt.IsZero() != b.GeneratedAt.IsZero() { // the ones without a date are last
			return b.GeneratedAt.Compare(a.GeneratedAt)
		}
		return a.GeneratedAt.Compare(b.GeneratedAt)
	})
	for _, r := range byDate {
		if dated := len(m.Reports); dated > 0 && r.Date() != m.Reports[dated-1].Date() {
			m.snapshot()
		}
		if err := m.add(r); err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", r.Name, err))
			continue
		}
		m.Reports = append(m.Reports, r)
	}
	if len(m.Reports) > 0 {
		m.snapshot()
	}
	m.finish()
	return m.Result, refused
}

// add puts a report behind the others, all of which are as old or older, unless it has no date.
func (m *merger) add(r *Report) error {
	for _, other := range m.Reports {
		if other.digest == r.digest {
			return fmt.Errorf("is the same report as %s: give each report once", other.Name)
		}
	}
	if m.finders[r.Source.Kind] == nil {
		m.finders[r.Source.Kind] = newFinder()
	}
	key := string(r.Source.Kind) + "\x00" + strings.Join(armid.Set(r.Source.Inputs), "\x00")
	from, found := m.source(key, r)
	if err := m.contradiction(r, found); err != nil {
		return err
	}
	before := from.newest
	knew, newer := from.has, r.GeneratedAt.After(from.date)
	appeared := func(h *History) bool {
		return len(before) > 0 && newer && !knew[h] && (h.Gone || len(h.entries) == 0) && !mayHold(before, h)
	}
	if newer || len(before) == 0 {
		from.newest, from.has, from.date = nil, map[*History]bool{}, r.GeneratedAt
	}
	from.newest = append(from.newest, r)
	for i := range r.Caches {
		c, h := &r.Caches[i], found[i]
		if c.destroyed {
			if h != nil {
				m.vanish(h, r)
			}
			continue
		}
		if h == nil {
			h = &History{sources: map[*source]bool{}, Kind: r.Source.Kind, Baseline: c.Baseline}
			m.Histories = append(m.Histories, h)
		}
		h.Address, h.Name = cmp.Or(c.Address, h.Address), cmp.Or(c.Name, h.Name)
		h.ResourceID, h.Type = cmp.Or(c.ResourceID, h.ResourceID), c.Type
		if appeared(h) {
			m.Changes = append(m.Changes, Change{Date: r.Date(), Before: before[0].Date(), History: h, Kind: Appeared})
		}
		from.has[h], from.all[h], h.sources[from] = true, true, true
		m.finders[h.Kind].add(h)
		m.follow(h, r, from, c)
		h.Gone = false
	}
	var gone []*History
	for h := range from.all {
		if !h.Gone && !from.has[h] && h.last().source == from && !mayHold(from.newest, h) {
			gone = append(gone, h)
		}
	}
	sortHistories(gone)
	for _, h := range gone {
		m.vanish(h, r)
	}
	return nil
}

// vanish says that a report of its source does not have a cache any more.
func (m *merger) vanish(h *History, r *Report) {
	if !h.Gone {
		h.Gone = true
		m.Changes = append(m.Changes, Change{Date: r.Date(), Before: h.last().report.Date(), History: h, Kind: Vanished})
	}
}

// source returns the source of a report, and the history of each of its caches, nil for one
// that is new. Where several sources may be meant, none is.
func (m *merger) source(key string, r *Report) (*source, []*History) {
	var of []*source
	for _, s := range m.sources[key] {
		if r.Source.Kind == report.SourceExisting || m.share(r, s) || len(r.Caches) == 0 && len(m.sources[key]) == 1 {
			of = append(of, s)
		}
	}
	if len(of) != 1 {
		of = []*source{{key: key, has: map[*History]bool{}, all: map[*History]bool{}}}
		m.sources[key] = append(m.sources[key], of[0])
	}
	return of[0], m.histories(r, of[0])
}

// share reports whether a report has a cache of a source. An address is none where the source
// has a report of the same date: two configurations that were judged together may have one.
func (m *merger) share(r *Report, s *source) bool {
	as := s
	if s.date.Equal(r.GeneratedAt) {
		as = &source{}
	}
	return slices.ContainsFunc(m.histories(r, as), func(h *History) bool { return h != nil && s.all[h] })
}

// histories finds the history of each cache of a report, if it is of a source.
func (m *merger) histories(r *Report, s *source) []*History {
	found, taken := make([]*History, len(r.Caches)), map[*History]bool{}
	for i := range r.Caches {
		if h := m.finders[r.Source.Kind].find(&r.Caches[i].Identity, s, taken); h != nil {
			found[i], taken[h] = h, true
		}
	}
	return found
}

// contradiction says why a report cannot stand beside the others.
func (m *merger) contradiction(r *Report, found []*History) error {
	for i, h := range found {
		if h == nil || len(h.entries) == 0 {
			continue
		}
		c, last := &r.Caches[i], h.last()
		if r.GeneratedAt.IsZero() {
			return fmt.Errorf("has no generated_at, and %s is about %s too: which of them is newer cannot be told; "+
				"the report_json of Terraform has no date, give it alone", last.report.Name, c.Label())
		}
		if !last.report.GeneratedAt.Equal(r.GeneratedAt) {
			continue
		}
		if c.destroyed {
			return contradicts(r, last.report, c.Label()+" is destroyed here")
		}
		for j := range c.Findings {
			now, was := &c.Findings[j], &last.findings[j]
			if StateOf(now) != StateOf(was) {
				return contradicts(r, last.report, fmt.Sprintf("%s of %s is %s here and %s there", now.ID, c.Label(), StateOf(now), StateOf(was)))
			}
		}
	}
	return nil
}

func contradicts(r, other *Report, what string) error {
	return fmt.Errorf("has the date of %s (%s) and says something else: %s", other.Name, r.Date(), what)
}

// follow puts a cache of a report behind what was known of it, with the changes since.
func (m *merger) follow(h *History, r *Report, from *source, c *Cache) {
	l := m.catalogue.documents[c.Baseline]
	now := entry{
		report: r, source: from, findings: c.Findings, states: make([]State, len(l.controls)), since: make([]*Report, len(l.controls)),
	}
	for i := range now.states {
		now.states[i], now.since[i] = worst(c.Findings[l.start[i]:l.start[i+1]]), r
	}
	if len(h.entries) > 0 {
		was := h.last()
		if was.report.GeneratedAt.Equal(r.GeneratedAt) { // two reports of a date that say the same
			return
		}
		for i, state := range now.states {
			before := was.states[i]
			if before == state && !h.Gone {
				now.since[i] = was.since[i]
			}
			if before != state {
				m.Changes = append(m.Changes, Change{
					Date: r.Date(), Before: was.report.Date(), History: h, Control: m.Controls[l.controls[i]].ID,
					Kind: kindOf(before, state, mended(was.findings[l.start[i]:l.start[i+1]], c.Findings[l.start[i]:l.start[i+1]])),
					From: before, To: state,
				})
			}
		}
	}
	h.entries = append(h.entries, now)
}

// mended reports whether features were violated, and all of those are decided now.
func mended(was, now []report.Finding) bool {
	some := false
	for i := range was {
		if was[i].Status != report.NonCompliant {
			continue
		}
		if now[i].Status == report.NonCompliant || now[i].Status == report.Unknown || now[i].Status == report.Exempt {
			return false
		}
		some = true
	}
	return some
}

// kindOf names the change from one state to another; mended says that the violations of
// before are mended.
func kindOf(from, to State, mended bool) ChangeKind {
	undecided := func(s State) bool { return s == Unknown || s == NotObserved }
	switch {
	case to == NonCompliant:
		return NewlyViolated
	case mended:
		return Mended
	case undecided(to) && !undecided(from):
		return NewlyUndecided
	case to == Exempt:
		return NewlyExempt
	default:
		return Otherwise
	}
}

// snapshot counts the states of a date, those of caches that other sources showed before
// included. A report without a date has no place in a trend.
func (m *merger) snapshot() {
	date, last := m.Reports[len(m.Reports)-1].Date(), len(m.Trend)-1
	if date != "" && (last < 0 || m.Trend[last].Date != date) {
		m.Trend = append(m.Trend, m.count(date)...)
	}
}

// count counts the states of the caches that there are, by kind and by the documents that judge them; on a
// date, of those too that judged what is gone.
func (m *merger) count(date string) []Count {
	var all []Count
	for _, kind := range Kinds {
		counts := make([]Count, len(m.Controls))
		for i := range m.Controls {
			counts[i] = Count{Date: date, Kind: kind, Baseline: m.Controls[i].Baseline, Control: m.Controls[i].ID}
		}
		judged := map[string]bool{}
		for _, h := range m.Histories {
			if h.Kind != kind {
				continue
			}
			judged[h.Baseline] = judged[h.Baseline] || !h.Gone || date != ""
			if h.Gone {
				continue
			}
			for i, state := range h.last().states {
				counts[m.catalogue.documents[h.Baseline].controls[i]].States[rankOf(state)]++
			}
		}
		all = append(all, slices.DeleteFunc(counts, func(c Count) bool { return !judged[c.Baseline] })...)
	}
	return all
}

// finish orders what was put together, and tells which caches are missing.
func (m *merger) finish() {
	sortHistories(m.Histories)
	position := map[*History]int{}
	for i, h := range m.Histories {
		position[h] = i
	}
	slices.SortStableFunc(m.Changes, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Date, b.Date), position[a.History]-position[b.History])
	})
	m.Counts = m.count("")
	for _, key := range slices.Sorted(maps.Keys(m.sources)) {
		for _, s := range m.sources[key] {
			m.missing(s)
		}
	}
	slices.SortStableFunc(m.Missing, func(a, b Missing) int { return position[a.History] - position[b.History] })
}

// missing lists the caches that the newest reports of a source do not have.
func (m *merger) missing(s *source) {
	for h := range s.all {
		if s.has[h] {
			continue
		}
		last := h.last()
		one := Missing{History: h, LastSeen: last.report.Date(), In: last.report.Name, Without: s.newest[0].Name, Gone: h.Gone}
		switch {
		case h.Gone:
			one.Why = "gone"
		case mayHold(s.newest, h):
			one.Why = "that report did not see everything"
		default:
			one.Why = "a report of another source has it"
		}
		m.Missing = append(m.Missing, one)
	}
}

func sortHistories(list []*History) {
	slices.SortStableFunc(list, func(a, b *History) int {
		return cmp.Or(strings.Compare(a.Label(), b.Label()), slices.Index(Kinds, a.Kind)-slices.Index(Kinds, b.Kind),
			strings.Compare(a.ResourceID, b.ResourceID), strings.Compare(a.Name, b.Name),
			strings.Compare(a.entries[0].report.Name, b.entries[0].report.Name))
	})
}
