package page

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// kind says what a text is about.
type kind string

// The kinds of texts, in the order in which they are told.
const (
	aboutBlockers kind = "blocker"
	aboutMaybe    kind = "blocker?" // a blocker where the source does not show whether the cache is concerned
	aboutChanges  kind = "change"
	aboutChecks   kind = "change?"
	aboutNotices  kind = "notice"
	aboutSize     kind = "why"
	aboutOthers   kind = "or" // other sizes that may fit
	aboutSettings kind = "set"
	aboutWarnings kind = "warning"
	aboutWays     kind = "way"
	aboutRemade   kind = "anew"
	aboutRefers   kind = "refers"
	aboutVerdict  kind = "open" // what is left to decide for the verdict on the target
)

var kinds = []kind{
	aboutSettings, aboutSize, aboutOthers, aboutWarnings, aboutWays, aboutBlockers,
	aboutMaybe, aboutChanges, aboutChecks, aboutNotices, aboutRemade, aboutVerdict,
	aboutRefers,
}

// headings are what texts of a kind are called where they stand once.
var headings = map[kind]string{
	aboutBlockers: "blockers", aboutMaybe: "possible blockers", aboutChanges: "changes", aboutChecks: "possible changes",
	aboutNotices: "notices", aboutSize: "why these sizes", aboutOthers: "other sizes that may fit", aboutSettings: "settings of targets",
	aboutWarnings: "warnings",
	aboutWays:     "other ways to move", aboutRemade: "made anew",
	aboutRefers: "references", aboutVerdict: "open: what the verdict on the target waits for",
}

// fact is a text about a cache that may be the same for many.
type fact struct {
	kind   kind
	id     string // "migration/port", "private endpoint"
	text   string
	action string // what to do; empty for nothing
}

// common are the texts of a report by how many caches have them.
type common struct {
	caches int // that are to move
	count  map[fact]int
	order  []fact
	// actions are what to do about the differences, as they are met, and byAction the
	// same by id and action.
	actions  []*action
	byAction map[[2]string]*action
	// references counts the references by what to do about them.
	references map[string]int
	notices    int
}

// action is what to do about a difference, the same for some texts and caches.
type action struct {
	fact          // the first one
	texts, caches int
}

// actionApart reports whether what to do about a fact is told apart from it, since other
// texts have the same action.
func (c *common) actionApart(f fact) bool {
	a := c.byAction[[2]string{f.id, f.action}]
	return a != nil && a.texts > 1
}

// commonOf counts the texts of all caches.
func commonOf(r *migrate.Report) *common {
	c := &common{count: map[fact]int{}, byAction: map[[2]string]*action{}, references: map[string]int{}}
	for i := range r.Caches {
		if m := &r.Caches[i]; toMove(m) {
			c.caches++
			for f := range factsOf(m) { // a cache has each once
				if c.count[f]++; c.count[f] == 1 {
					c.order = append(c.order, f)
				}
				c.act(f)
				if f.kind == aboutNotices {
					c.notices++
				}
			}
			for _, ref := range m.References {
				c.references[ref.Action]++
			}
		}
	}
	return c
}

// act counts the action of a text; the text itself is counted before.
func (c *common) act(f fact) {
	if f.action == "" {
		return
	}
	key := [2]string{f.id, f.action}
	if c.byAction[key] == nil {
		c.byAction[key] = &action{fact: f}
		c.actions = append(c.actions, c.byAction[key])
	}
	c.byAction[key].caches++
	if c.count[f] == 1 {
		c.byAction[key].texts++
	}
}

// shared reports whether a text stands once for several caches.
func (c *common) shared(f fact) bool { return c.count[f] > 1 }

// everywhere reports whether a text stands once for all caches that are to move.
func (c *common) everywhere(f fact) bool { return c.shared(f) && c.count[f] == c.caches }

// told are the texts that stand once, by kind, the most frequent first.
func (c *common) told() []fact {
	var list []fact
	for _, f := range c.order {
		if c.shared(f) {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b fact) int {
		return cmp.Or(slices.Index(kinds, a.kind)-slices.Index(kinds, b.kind), c.count[b]-c.count[a])
	})
	return list
}

// factsOf are the texts about a cache that is to move, each with the addresses or ids
// that are concerned.
func factsOf(m *migrate.Move) iter.Seq2[fact, string] {
	return func(yield func(fact, string) bool) {
		if !yield(fact{kind: aboutSettings, id: "settings", text: settings(m.Target)}, "") {
			return
		}
		if !yield(fact{kind: aboutSize, id: currentSKU(m) + " → " + targetSKU(m), text: m.Target.Why}, "") {
			return
		}
		for _, a := range m.Target.Alternatives {
			if !yield(fact{kind: aboutOthers, id: seriesOf(a.SKU), text: "if " + a.When}, sized(a.SKU, a.MemoryGB, a.Preview)) {
				return
			}
		}
		for _, w := range m.Target.Warnings {
			if !yield(fact{kind: aboutWarnings, id: targetSKU(m), text: w}, "") {
				return
			}
		}
		for i := range m.Paths[1:] {
			p := &m.Paths[1+i]
			if !yield(fact{kind: aboutWays, id: p.ID + ": " + eligibility(p), text: p.Title + ": " + strings.Join(p.Reasons, "; ")}, "") {
				return
			}
		}
		for i := range m.Differences {
			if d := &m.Differences[i]; !yield(factOf(d), strings.Join(d.Objects, ", ")) {
				return
			}
		}
		for _, made := range m.Remade {
			object := made.Address
			if made.Position != nil {
				object += " at " + made.Position.String()
			}
			if !yield(fact{kind: aboutRemade, id: made.Kind, text: made.What}, object) {
				return
			}
		}
		for _, v := range slices.Concat(m.After.Violations, m.After.Unknown) {
			if !yield(fact{kind: aboutVerdict, id: v.ID, text: v.Message}, "") {
				return
			}
		}
		if m.ReferencesSeen != "all" {
			yield(fact{kind: aboutRefers, id: "not all are seen", text: m.ReferencesSeen}, "")
		}
	}
}

// seriesOf is the series of a size: Balanced of Balanced_B5.
func seriesOf(sku string) string {
	series, _, _ := strings.Cut(sku, "_")
	return series
}

func factOf(d *migrate.Difference) fact {
	f := fact{id: d.ID, text: d.Message, action: d.Action}
	switch {
	case d.Severity == migrate.Blocker && d.Certain:
		f.kind = aboutBlockers
	case d.Severity == migrate.Blocker:
		f.kind = aboutMaybe
	case d.Severity == migrate.Change && d.Certain:
		f.kind = aboutChanges
	case d.Severity == migrate.Change:
		f.kind = aboutChecks
	default:
		f.kind = aboutNotices
	}
	return f
}

// eligibility says whether a way can be taken.
func eligibility(p *migrate.Path) string {
	switch {
	case p.Eligible == nil:
		return "not known whether it can be taken"
	case *p.Eligible:
		return "can be taken"
	default:
		return "cannot be taken"
	}
}

// toMove reports whether a cache is still to move.
func toMove(m *migrate.Move) bool { return m.State == migrate.ToMove || m.State == migrate.Blocked }

// label tells a cache apart from others, in a form that can be typed.
func label(m *migrate.Move) string {
	for _, s := range []*string{m.Address, m.ResourceID} {
		if s != nil && *s != "" {
			return *s
		}
	}
	return cmp.Or(m.DisplayName, "the cache")
}

// verdict is a judgement in a few words.
func verdict(v *migrate.Verdicts) string {
	switch {
	case v == nil:
		return "not judged"
	case v.Compliant == nil:
		return "undecided"
	case *v.Compliant:
		return "compliant"
	default:
		return "in violation"
	}
}

// verdictAfter is the judgement on a target, which counts as settled what is open.
func verdictAfter(v *migrate.Verdicts) string {
	text := verdict(v)
	if n := openFeatures(v); n > 0 {
		text += " once " + report.Count(n, "feature is", "features are") + " settled"
	}
	return text
}

// openFeatures is the number of features for which the verdict on a target waits.
func openFeatures(v *migrate.Verdicts) int {
	if v == nil {
		return 0
	}
	return len(v.Violations) + len(v.Unknown)
}

// inOrder are the caches that are to move in the order in which they are told: blocked
// ones first, then by wave and by the end of their service.
func inOrder(r *migrate.Report) []*migrate.Move {
	var list []*migrate.Move
	for i := range r.Caches {
		if m := &r.Caches[i]; toMove(m) {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b *migrate.Move) int {
		switch blocked := a.State == migrate.Blocked; {
		case blocked != (b.State == migrate.Blocked) && blocked:
			return -1
		case blocked != (b.State == migrate.Blocked):
			return 1
		}
		return cmp.Or(a.Wave-b.Wave, strings.Compare(a.Retires, b.Retires))
	})
	return list
}

// withState are the caches with a state.
func withState(r *migrate.Report, state migrate.State) []*migrate.Move {
	var list []*migrate.Move
	for i := range r.Caches {
		if m := &r.Caches[i]; m.State == state {
			list = append(list, m)
		}
	}
	return list
}
