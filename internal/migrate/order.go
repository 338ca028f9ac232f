package migrate

import (
	"fmt"
	"slices"
	"strings"
)

// Asked is what a run asks of the order of work.
type Asked struct {
	Waves int   // number of waves; 0 for none
	Wave  int   // the one whose configuration is written; 0 for all
	Order []Tag // as in [Options.Order]
}

// OrderNotes are what a report on which [Waves] and [Compare] have run does not do as it
// was asked, or does otherwise than an earlier report did.
func OrderNotes(r *Report, asked Asked, earlier *Report) (notes []string) {
	kept := earlier != nil && len(earlier.Waves) > 0
	switch {
	case kept && asked.Waves > 0 && asked.Waves != lastWave(earlier):
		notes = append(notes, fmt.Sprintf("--waves %d decides nothing: caches keep the waves of --baseline, of which the last is wave %d",
			asked.Waves, lastWave(earlier)))
	case !kept && asked.Waves > 0:
		if gone := r.followers(); len(gone) > 0 {
			note := "waves are counted anew, of the caches that are left"
			if asked.Wave > 0 {
				note = fmt.Sprintf("wave %d is counted anew, of the caches that are left", asked.Wave)
			}
			note += ": " + strings.Join(gone[:min(len(gone), 3)], ", ") + " and perhaps others have moved; "
			if earlier == nil {
				note += "--baseline with the report of the first wave keeps its numbers"
			} else {
				note += "the report of --baseline has no waves to keep"
			}
			notes = append(notes, note)
		}
	}
	for _, tag := range asked.Order {
		if !slices.ContainsFunc(r.Caches, func(m Move) bool { return m.Target != nil && m.OrderTag == tag }) {
			notes = append(notes, "--order-tag "+tag.Key+"="+tag.Value+" "+whyUnused(r, tag, earlier))
		}
	}
	return notes
}

// whyUnused says why a tag orders no cache of a report.
func whyUnused(r *Report, tag Tag, earlier *Report) string {
	if slices.ContainsFunc(r.Caches, func(m Move) bool { return m.State == Moved && m.OrderTag == tag }) {
		return "orders nothing any more: the caches with this tag are of Azure Managed Redis already"
	}
	if earlier != nil && r.Since != nil {
		for _, w := range earlier.Waves {
			if !slices.Contains(strings.Split(w.Why, "; "), tag.words()) {
				continue
			}
			gone := func(name string) bool { return slices.Contains(r.Since.Moved, name) }
			if !slices.ContainsFunc(w.Caches, func(name string) bool { return !gone(name) }) {
				return fmt.Sprintf("orders nothing any more: all caches of wave %d of --baseline, in which it was, have moved", w.Number)
			}
		}
	}
	return "orders nothing: no cache that is to move is known to have this tag and none of those before it"
}

// words is a tag in the reason of a wave.
func (t Tag) words() string { return "tag " + t.Key + "=" + t.Value }

// lastWave is the highest number of the waves of a report.
func lastWave(r *Report) int {
	return slices.MaxFunc(r.Waves, func(a, b Wave) int { return a.Number - b.Number }).Number
}

// followers are the caches of Azure Managed Redis that have the name which a target gets,
// and beside which the cache that they follow is no more.
func (r *Report) followers() (names []string) {
	old := newFinder(r.Caches)
	for i := range r.Caches {
		m := &r.Caches[i]
		if m.State != Moved || m.Name == nil {
			continue
		}
		if follows := oldName(*m.Name); follows != "" && old.byName[follows] == nil {
			names = append(names, m.DisplayName)
		}
	}
	return sorted(names)
}

// oldName is the name, in lower case, of the cache that another one follows by its own
// name; empty where that is not the name of a target.
func oldName(name string) string {
	old, isTarget := strings.CutSuffix(strings.TrimRight(strings.ToLower(name), "0123456789"), "-"+NameSuffix)
	if !isTarget {
		return ""
	}
	return old
}
