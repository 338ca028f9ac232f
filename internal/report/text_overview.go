package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// worstOfMany shows the worst caches of a group, and how many more there are.
func (e *textEncoder) worstOfMany(g *textGroup) {
	e.Line(e.Style.Bold.Render("worst first"))
	for _, cache := range g.worst.texts {
		e.text.WriteString(cache.text)
	}
	if more := g.flagged - len(g.worst.texts); more > 0 {
		e.Wrapped("  ", "    ", "and "+Count(more, "more cache", "more caches")+" with violations or undecided features", e.Style.Dim)
	}
	e.Line("")
}

// violatedRules lists the violated features with the number of caches, the most
// severe and most frequent first.
func (e *textEncoder) violatedRules() {
	violations := func(entry *Entry) int { return e.violate[ruleOf{entry.Baseline, entry.ID}] }
	var violated []Entry
	for _, entry := range e.Catalogue {
		if violations(&entry) > 0 {
			violated = append(violated, entry)
		}
	}
	order := map[Severity]int{High: 0, Medium: 1, Low: 2}
	slices.SortStableFunc(violated, func(a, b Entry) int {
		return cmp.Or(order[a.Severity]-order[b.Severity], violations(&b)-violations(&a))
	})
	e.Line(e.Style.Bold.Render("violated rules"))
	for _, entry := range violated {
		e.Spread(gutter+e.severity(entry.Severity).Render(pad(strings.ToUpper(string(entry.Severity)))), indent,
			Part{printable(entry.ID), e.Style.Bold}, Part{e.cachesOf(entry.Baseline, violations(&entry)), lipgloss.NewStyle()})
	}
	e.Line("")
}

// mostShared is the number of different findings that are kept to be told once.
const mostShared = 200

// sharedFindings are findings that say the same of one cache or of many: advisories
// that are not followed, and features that were not observed.
type sharedFindings struct {
	groups []*sharedFinding
	byText map[sharedKey]*sharedFinding
	infos  map[ruleOf]bool // advisories of level info
}

type sharedKey struct {
	rule    ruleOf
	message string // empty for features, and where there are too many messages
}

type sharedFinding struct {
	sharedKey
	position int    // in the catalogue
	count    int    // of caches
	label    string // of the first cache
	at       string // its place
}

// share gathers what is told once for all caches.
func (e *textEncoder) share(c *Cache) {
	if c.Destroyed() {
		return
	}
	for i := range c.Features {
		if f := &c.Features[i]; f.IsNotObserved() && !e.opts.failsRun(f) {
			e.shareFinding(c, f, "")
		}
	}
	for i := range c.Advisories {
		switch f := &c.Advisories[i]; {
		case f.Status != NonCompliant || e.opts.failsRun(f):
		case e.level(c, f) == Info:
			if e.shared.infos == nil {
				e.shared.infos = map[ruleOf]bool{}
			}
			e.shared.infos[ruleOf{c.Baseline, f.ID}] = true
		default:
			e.shareFinding(c, f, f.Message)
		}
	}
}

func (e *textEncoder) shareFinding(c *Cache, f *Finding, message string) {
	s := &e.shared
	key := sharedKey{ruleOf{c.Baseline, f.ID}, message}
	if len(s.groups) >= mostShared && s.byText[key] == nil {
		key.message = ""
	}
	group := s.byText[key]
	if group == nil {
		group = &sharedFinding{sharedKey: key, label: c.ShortLabel(),
			position: slices.IndexFunc(e.Catalogue, func(entry Entry) bool { return ruleOf{entry.Baseline, entry.ID} == key.rule })}
		if f.Position != nil && f.IsAdvisory() {
			group.at = f.Position.String()
		}
		if s.byText == nil {
			s.byText = map[sharedKey]*sharedFinding{}
		}
		s.byText[key] = group
		s.groups = append(s.groups, group)
	}
	group.count++
}

// sharedFindings writes the findings that are told once, each with the caches that
// it is about.
func (e *textEncoder) sharedFindings() {
	slices.SortStableFunc(e.shared.groups, func(a, b *sharedFinding) int {
		return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(b.count, a.count))
	})
	var advisories, unseen []*sharedFinding
	for _, g := range e.shared.groups {
		if strings.HasPrefix(g.rule.rule, "advisory/") {
			advisories = append(advisories, g)
		} else {
			unseen = append(unseen, g)
		}
	}
	plain := lipgloss.NewStyle()
	if len(unseen) > 0 {
		e.Spread("", "  ", Part{"not observed", e.Style.Bold},
			Part{"may exist outside what this source shows; --strict refuses it", e.Style.Dim})
	}
	for _, g := range unseen {
		e.Spread(gutter, gutter, Part{printable(g.rule.rule), plain}, Part{e.whose(g), e.Style.Dim})
	}
	if len(unseen) > 0 {
		e.Line("")
	}
	infos := len(e.shared.infos)
	if len(advisories)+infos > 0 {
		e.Line(e.Style.Bold.Render("advisories"))
	}
	for _, g := range advisories {
		e.Spread(gutter, gutter, Part{printable(g.rule.rule), e.Style.Blue}, Part{e.whose(g), e.Style.Dim}, Part{e.placeOf(g), e.Style.Dim})
		if g.message != "" {
			e.Wrapped(gutter+"  ", gutter+"  ", printable(g.message), plain)
		}
	}
	if infos > 0 {
		e.Wrapped(gutter, gutter, Count(infos, "advisory", "advisories")+" of level info: --verbose shows them", e.Style.Dim)
	}
	if len(advisories)+infos > 0 {
		e.Line("")
	}
}

// whose names the cache that a finding is about, or says how many they are; empty
// in a report on one cache.
func (e *textEncoder) whose(g *sharedFinding) string {
	switch {
	case e.counts.Total == 1:
		return ""
	case g.count == 1:
		return printable(g.label)
	default:
		return e.cachesOf(g.rule.document, g.count)
	}
}

// cachesOf counts caches that a document judged, with their service where the report
// has caches of several.
func (e *textEncoder) cachesOf(document string, n int) string {
	if i := slices.IndexFunc(e.Baselines, func(b Baseline) bool { return b.ID == document }); i >= 0 && len(e.groups) > 1 {
		return caches(n) + " of " + printable(e.Baselines[i].ServiceName)
	}
	return caches(n)
}

// placeOf is the place of a finding about one cache.
func (e *textEncoder) placeOf(g *sharedFinding) string {
	if g.count > 1 {
		return ""
	}
	return printable(g.at)
}
