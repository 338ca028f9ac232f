package report

import (
	"cmp"
	"html/template"
	"slices"
)

// htmlRule is a rule with the caches in which it asks for attention.
type htmlRule struct {
	*Entry
	Number   int        // of the rule in the catalogue
	counted  [4]int     // caches by htmlCount
	Told     []htmlTold // texts that are told once for all caches
	told     map[string]int
	Remedies int // different ones of the texts
}

// htmlTold is a text about an advisory that is not followed, or about a feature
// that was not observed, with the number of caches that share it.
type htmlTold struct {
	ID     int
	Body   template.HTML // message, place and evidence
	Remedy string
	Whose  string // the cache, or how many they are; empty in a report on one cache
	caches int
}

// The counts of a rule: the caches in which it is violated, undecided, not
// observed, or exempt. The letter with the number of the rule is the class of the
// rows and details of these caches.
const (
	countViolated = iota
	countUndecided
	countNotObserved
	countExempt
)

var htmlCounts = [...]struct{ letter, class, sign, word string }{
	countViolated:    {"v", "bad", "✗", "violated"},
	countUndecided:   {"u", "ask", "?", "undecided"},
	countNotObserved: {"o", "blind", "○", "not observed"},
	countExempt:      {"e", "ex", "E", "exempt"},
}

// htmlFindings is what a cache has to tell.
type htmlFindings struct {
	classes    string   // by which the cache is selected, each behind a space
	told       []string // numbers and ids of what is told once: features, then advisories
	advisories int      // of told
}

// gather counts the findings of a cache by rule, and keeps what is told once.
func (e *htmlEncoder) gather(c *Cache) htmlFindings {
	var out htmlFindings
	switch {
	case c.Destroyed():
		out.classes = " gone"
		return out
	default:
		out.classes = " " + c.verdictMark().class
	}
	for i := range c.Features {
		f := &c.Features[i]
		count := 0
		switch {
		case f.Status == NonCompliant:
			count = countViolated
		case f.IsNotObserved():
			count = countNotObserved
		case f.Status == Unknown:
			count = countUndecided
		case f.Status == Exempt:
			count = countExempt
		default:
			continue
		}
		e.count(&out, c, f, count)
	}
	for i := range c.Advisories {
		switch f := &c.Advisories[i]; f.Status {
		case NonCompliant:
			out.advisories++
			e.count(&out, c, f, countViolated)
		case Exempt:
			e.count(&out, c, f, countExempt)
		}
	}
	return out
}

// count counts a finding.
func (e *htmlEncoder) count(out *htmlFindings, c *Cache, f *Finding, count int) {
	key := ruleOf{c.Baseline, f.ID}
	rule := e.rules[key]
	if rule == nil {
		rule = &htmlRule{Entry: e.entry(c, f), Number: len(e.rules), told: map[string]int{}}
		e.rules[key] = rule
	}
	rule.counted[count]++
	out.classes += " " + htmlCounts[count].letter + itoa(rule.Number)
	if e.toldOnce(f) {
		out.told = append(out.told, itoa(e.tell(rule, c, f)), f.ID)
	}
}

// toldOnce reports whether a finding stands once for all caches that share it.
func (e *htmlEncoder) toldOnce(f *Finding) bool {
	return (f.IsNotObserved() || f.Status == NonCompliant && f.IsAdvisory()) && !e.opts.failsRun(f)
}

// tell keeps the text of a finding and returns its number.
func (e *htmlEncoder) tell(rule *htmlRule, c *Cache, f *Finding) int {
	body := AppendMarkup(nil, "<p>%", printable(f.Message))
	remedy := ""
	if f.Status == NonCompliant {
		body = appendEvidence(body, f)
		remedy = remedyLines(f.Remediation)
	}
	at, found := rule.told[string(body)+remedy]
	if !found {
		at = len(rule.Told)
		rule.told[string(body)+remedy] = at
		if at == 0 || rule.Told[0].Remedy != remedy {
			rule.Remedies++
		}
		e.told++
		rule.Told = append(rule.Told, htmlTold{
			ID: e.told, Remedy: remedy, Whose: printable(c.ShortLabel()),
			Body: template.HTML(body), // escaped
		})
	}
	rule.Told[at].caches++
	return rule.Told[at].ID
}

// Heading is the name of the rule beside its id and its severity.
func (r *htmlRule) Heading() string {
	if r.Advisory() {
		return r.Title
	}
	return r.Name()
}

// Advisory reports whether the rule is no part of the verdict on a cache.
func (r *htmlRule) Advisory() bool { return r.Control == "" }

// Remedy is what to write where all texts of the rule say the same.
func (r *htmlRule) Remedy() string {
	if r.Remedies != 1 {
		return ""
	}
	return r.Told[0].Remedy
}

// htmlCount is a number of caches with the class by which they are selected.
type htmlCount struct {
	Caches             int
	Filter             string // empty where there is none
	Class, Sign, Label string
}

// Counts are the counts of the rule in the order of the table.
func (r *htmlRule) Counts() []htmlCount {
	out := make([]htmlCount, len(htmlCounts))
	for i, of := range htmlCounts {
		if n := r.counted[i]; n > 0 {
			out[i] = htmlCount{n, of.letter + itoa(r.Number), of.class, of.sign, r.ID + " " + of.word + ": " + caches(n)}
			if i == countViolated && r.Advisory() {
				out[i].Class, out[i].Sign = "tip", "i"
			}
		}
	}
	return out
}

// violatedRules are the rules that ask for attention, the most severe first, and of
// those the one with the most violations.
func (e *htmlEncoder) violatedRules() []*htmlRule {
	var rules []*htmlRule
	for i := range e.Catalogue {
		r := e.rules[ruleOf{e.Catalogue[i].Baseline, e.Catalogue[i].ID}]
		if r == nil {
			continue
		}
		rules = append(rules, r)
		for j := range r.Told {
			switch told := &r.Told[j]; {
			case e.counts.Total == 1:
				told.Whose = ""
			case told.caches > 1:
				told.Whose = caches(told.caches)
			}
		}
	}
	order := []Severity{High, Medium, Low, Warning, Info}
	slices.SortStableFunc(rules, func(a, b *htmlRule) int {
		return cmp.Or(slices.Index(order, a.Severity)-slices.Index(order, b.Severity), slices.Compare(b.counted[:], a.counted[:]))
	})
	return rules
}
