package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Label tells a cache apart from others: its address, else its resource id, else
// its name in messages.
func (c Cache) Label() string {
	for _, s := range []*string{c.Address, c.ResourceID} {
		if s != nil && *s != "" {
			return *s
		}
	}
	if c.DisplayName != "" {
		return c.DisplayName
	}
	if c.Name != nil && *c.Name != "" {
		return *c.Name
	}
	return "the cache"
}

// ChangeWord is the change that the plan makes to the cache; empty outside plans.
func (c Cache) ChangeWord() string {
	if c.Change == nil {
		return ""
	}
	return *c.Change
}

// Destroyed reports whether the plan destroys the cache, so that it is not judged.
func (c Cache) Destroyed() bool { return c.ChangeWord() == "delete" }

// Name is the name of a rule for people, for example "NS-2 Disable Public Network
// Access"; advisories have no control. Its control is that of the rule's id, also where
// it has another id in the second version of the benchmark, which stands behind the title.
func (e Entry) Name() string {
	switch {
	case e.Title == "":
		return e.ID
	case e.Control == "":
		return "advisory: " + e.Title
	case e.secondControl() != "":
		return e.ControlOfID() + " " + e.Title + " (" + e.secondControl() + ")"
	default:
		return e.ControlOfID() + " " + e.Title
	}
}

// ControlOfID is the control with which the id of the rule begins, by which people find
// the rule; empty for an advisory.
func (e Entry) ControlOfID() string {
	if e.Control == "" {
		return ""
	}
	control, _, _ := strings.Cut(e.ID, "/")
	return control
}

// secondControl names the control in the second version of the benchmark where it
// has another id there; empty where it has not.
func (e Entry) secondControl() string {
	if e.Control == "" || e.Controls.V2 == "" || e.Controls.V2 == e.ControlOfID() {
		return ""
	}
	return "MCSB v2: " + e.Controls.V2
}

// ShortLabel is the label of a cache, of a resource id without the parts that all
// ids have.
func (c Cache) ShortLabel() string {
	label := c.Label()
	parts := strings.Split(label, "/")
	if len(parts) != 9 || !strings.EqualFold(parts[1]+parts[3], "subscriptionsresourceGroups") || len(parts[2]) < 8 {
		return label
	}
	return parts[2][:8] + "…/" + parts[4] + "/" + parts[8]
}

// sentence is a violation in full, with the cache as its subject, and its input where the
// report has several. A headline that ends with the message says it already.
func (b *base) sentence(c *Cache, f *Finding) string {
	name := b.withInput(c, cmp.Or(c.DisplayName, c.Label()))
	if strings.HasSuffix(f.Headline, f.Message) {
		return name + " " + f.Headline
	}
	if f.Headline != "" {
		return name + " " + f.Headline + ": " + f.Message
	}
	return name + ": " + f.Message
}

// toWrite is what to write against a violation, behind its message on one line.
func toWrite(f *Finding) string {
	if f.Status != NonCompliant || f.Remediation == "" {
		return ""
	}
	return "; write: " + strings.Join(strings.Fields(f.Remediation), " ")
}

// counted are the paths of objects around a cache whose evidence is their number.
var counted = map[string][2]string{
	"firewall_rule":          {"firewall rule", "firewall rules"},
	"patch_schedule":         {"patch schedule", "patch schedules"},
	"patchSchedules/default": {"patch schedule", "patch schedules"},
}

// Text is a piece of evidence as "path = value", or as a number of objects.
func (e Evidence) Text() string {
	if noun, ok := counted[e.Path]; ok {
		if n, err := strconv.Atoi(string(e.Value)); err == nil {
			return Count(n, noun[0], noun[1])
		}
	}
	switch {
	case e.Undocumented:
		return e.Path + " has a value that is not documented"
	case e.State == EvidenceSensitive:
		return e.Path + " is sensitive"
	case len(e.Value) == 0 || e.State == EvidenceUnknown:
		return e.Path + " is not known"
	case e.State == EvidenceDefault:
		return e.Path + " = " + string(e.Value) + " (default)"
	case e.State == EvidenceAsserted:
		return e.Path + " = " + string(e.Value) + " (as passed)"
	default:
		return e.Path + " = " + string(e.Value)
	}
}

// hasValue reports whether a piece of evidence has a value to show beside the message.
func hasValue(e Evidence) bool {
	return e.Path != "" && len(e.Value) > 0 && string(e.Value) != "null" && e.State != EvidenceSensitive
}

// Undocumented reports whether a value that is not documented leaves a finding open.
func (f *Finding) Undocumented() bool {
	return f.Status == Unknown && slices.ContainsFunc(f.Evidence, func(e Evidence) bool { return e.Undocumented })
}

// ServiceNames joins the names of the services of baselines by a word.
func ServiceNames(baselines []Baseline, word string) string {
	var names []string
	for _, b := range baselines {
		if !slices.Contains(names, b.ServiceName) {
			names = append(names, b.ServiceName)
		}
	}
	return strings.Join(names, " "+word+" ")
}

// reasonText names the reason of an unknown verdict for people.
func reasonText(f *Finding) string {
	if f.Reason == nil {
		return "unknown"
	}
	switch *f.Reason {
	case "known_after_apply":
		if f.Undocumented() {
			return "not documented"
		}
		switch {
		case f.WithoutPlan && strings.Contains(f.Message, "(--"): // a flag gives it, and no plan is needed
			return "without a value"
		case f.WithoutPlan:
			return "not known without a plan"
		}
		return "known after apply"
	case "unresolved_reference":
		return "unresolved reference"
	case ReasonNotObserved:
		return "not observed"
	case "write_only":
		return "write-only"
	case "removed":
		return "removed from the plan"
	case "pending_approval":
		return "pending approval"
	default:
		return *f.Reason
	}
}

// withoutPlan puts what is said of a plan in the words of a configuration that has none.
var withoutPlan = strings.NewReplacer("; --config would settle it", "", "; --config would show it", "",
	"has no expression in plan JSON (a dynamic block, perhaps), which the configuration does not settle either",
	"is not settled by the configuration", "plan JSON does not", "the configuration does not", "in plan JSON", "in the configuration",
	"is known only after apply", "is not known without a plan",
	"known after apply", "not known without a plan", "exists only after apply", "is not known without a plan",
	"this partial plan", "this configuration", "this plan", "this configuration", "the plan", "the configuration")

// WordsWithoutPlan puts what is said of a plan in the words of a configuration that has none.
func WordsWithoutPlan(text string) string { return withoutPlan.Replace(text) }

// WithoutPlan tells the verdicts on a cache of a configuration of which there is no plan in
// words that fit.
func (c *Cache) WithoutPlan() {
	for _, list := range [][]Finding{c.Features, c.Advisories} {
		for i := range list {
			f := &list[i]
			f.WithoutPlan, f.Message = true, withoutPlan.Replace(f.Message)
		}
	}
	for i, note := range c.Notes {
		c.Notes[i] = withoutPlan.Replace(note)
	}
}

// Count is a number with its noun: "1 violation", "2 violations".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// number is a number with the words behind it.
type number struct {
	n     int
	words string
}

// listed joins numbers by commas, without those that are 0.
func listed(numbers ...number) string {
	var parts []string
	for _, of := range numbers {
		if of.n > 0 {
			parts = append(parts, itoa(of.n)+" "+of.words)
		}
	}
	return strings.Join(parts, ", ")
}

// caches counts caches in words.
func caches(n int) string { return Count(n, "cache", "caches") }

// unjudged says how many Redis resources were seen and not judged.
func unjudged(n int) string { return itoa(n) + " other Redis not judged" }

// unjudgedClause is unjudged with a comma before it; empty where there are none.
func unjudgedClause(s Summary) string {
	if s.Unjudged == 0 {
		return ""
	}
	return ", " + unjudged(s.Unjudged)
}
