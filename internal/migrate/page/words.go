package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func caches(n int) string { return report.Count(n, "cache", "caches") }

// pad fills a text up to the width of labels.
func pad(s string) string { return s + strings.Repeat(" ", max(labelWidth-len(s), 1)) }

// short is the id of a difference without what all of them begin with.
func short(id string) string { return strings.TrimPrefix(id, "migration/") }

// daysLeft are the days to a date in words.
func daysLeft(days *int) string {
	switch {
	case days == nil:
		return ""
	case *days < 0:
		return fmt.Sprintf("ended %s ago", report.Count(-*days, "day", "days"))
	default:
		return report.Count(*days, "day", "days") + " left"
	}
}

// sized is a size with its memory.
func sized(sku string, memory float64, preview bool) string {
	text := sku
	if memory > 0 {
		text += " (" + strconv.FormatFloat(memory, 'f', -1, 64) + " GB"
		if preview {
			text += ", preview"
		}
		text += ")"
	}
	return text
}

// sizeText says from which size to which a cache moves.
func sizeText(m *migrate.Move) string {
	return currentSize(m) + " → " + targetSize(m)
}

func currentSize(m *migrate.Move) string {
	return cmp.Or(sized(m.Current.SKU, m.Current.MemoryGB, false), unknownSize)
}

func targetSize(m *migrate.Move) string {
	s := m.Target.Size
	return cmp.Or(sized(s.SKU, s.MemoryGB, s.Preview), unknownSize)
}

const unknownSize = "size not known"

func currentSKU(m *migrate.Move) string { return cmp.Or(m.Current.SKU, unknownSize) }
func targetSKU(m *migrate.Move) string  { return cmp.Or(m.Target.Size.SKU, unknownSize) }

// whySize is the reason for the size, with the other sizes that may fit.
func whySize(t *migrate.Target) string {
	text := t.Why
	for _, a := range t.Alternatives {
		text += " " + sized(a.SKU, a.MemoryGB, a.Preview) + " if " + a.When + "."
	}
	return text
}

// settled are the settings that are the same for every target.
var settled = []migrate.SettingName{
	migrate.Replicas, migrate.Zones, migrate.ClientProtocol, migrate.MinimumTLSVersion, migrate.AccessKeys, migrate.PublicNetworkAccess,
	migrate.Databases,
}

// settings are those of a target that differ from one to another.
func settings(t *migrate.Target) string {
	var set []string
	for _, s := range t.Settings {
		if s.Value != "none" && (s.Name != migrate.CustomerManagedKey || s.Value != "false") && !slices.Contains(settled, s.Name) {
			set = append(set, string(s.Name)+" = "+cmp.Or(s.Value, "?"))
		}
	}
	return strings.Join(set, ", ")
}

// reference is where the estate refers to a cache.
func reference(r *migrate.Reference) string {
	text := r.Consumer
	if r.Argument != "" {
		text += " " + r.Argument
	}
	text += " takes " + cmp.Or(r.Attribute, "the whole cache")
	if r.Position != nil {
		text += " at " + r.Position.String()
	}
	return text
}

// retired is a service whose end is told once.
type retired struct {
	date, service string
	days          *int
	caches        int
}

// retiring are the services that end, the first first.
func retiring(r *migrate.Report) []*retired {
	var list []*retired
	for i := range r.Caches {
		m := &r.Caches[i]
		if !toMove(m) {
			continue
		}
		at := slices.IndexFunc(list, func(s *retired) bool { return s.service == m.Service && s.date == m.Retires })
		if at < 0 {
			at = len(list)
			list = append(list, &retired{date: m.Retires, service: m.Service, days: m.DaysLeft})
		}
		list[at].caches++
	}
	slices.SortFunc(list, func(a, b *retired) int {
		return cmp.Or(strings.Compare(a.date, b.date), strings.Compare(a.service, b.service))
	})
	return list
}

// pairOfSizes is a size today and the one to order.
type pairOfSizes struct {
	current, target string
	retires         string  // first day on which the service of one of the caches ends
	memory          float64 // GB of the target
	caches          int
}

// sizesOf are the pairs of sizes by the end of the service and then by the size to order.
func sizesOf(r *migrate.Report) []*pairOfSizes {
	var list []*pairOfSizes
	at := map[[2]string]*pairOfSizes{}
	for i := range r.Caches {
		m := &r.Caches[i]
		if !toMove(m) {
			continue
		}
		key := [2]string{currentSize(m), targetSize(m)}
		if at[key] == nil {
			at[key] = &pairOfSizes{current: key[0], target: key[1], retires: m.Retires, memory: m.Target.Size.MemoryGB}
			list = append(list, at[key])
		}
		at[key].retires = min(at[key].retires, m.Retires)
		at[key].caches++
	}
	slices.SortStableFunc(list, func(a, b *pairOfSizes) int {
		return cmp.Or(strings.Compare(a.retires, b.retires), cmp.Compare(a.memory, b.memory),
			strings.Compare(a.current, b.current), strings.Compare(a.target, b.target))
	})
	return list
}

// counted is a difference with the number of caches that it concerns.
type counted struct {
	kind   kind
	id     string
	title  string
	action string
	caches int
}

// countDifferences counts the differences of all caches, blockers first.
func countDifferences(r *migrate.Report) []*counted {
	var list []*counted
	at := map[counted]*counted{}
	for i := range r.Caches {
		for j := range r.Caches[i].Differences {
			d := &r.Caches[i].Differences[j]
			key := counted{kind: factOf(d).kind, id: d.ID, title: d.Title, action: d.Action}
			if at[key] == nil {
				at[key] = new(counted)
				*at[key] = key
				list = append(list, at[key])
			}
			at[key].caches++
		}
	}
	slices.SortStableFunc(list, func(a, b *counted) int {
		return cmp.Or(slices.Index(kinds, a.kind)-slices.Index(kinds, b.kind), b.caches-a.caches, strings.Compare(a.id, b.id))
	})
	return list
}

// sinceList is a list of a comparison with its word.
type sinceList struct {
	word  string
	names []string
}

// sinceLists are the lists of a comparison that are not empty, and what is left.
func sinceLists(s *migrate.Since) []sinceList {
	lists := []sinceList{
		{"moved", s.Moved}, {"left", s.Left}, {"begun", s.Begun}, {"unblocked", s.Unblocked}, {"new", s.New}, {"not seen", s.Unseen},
	}
	return slices.DeleteFunc(lists, func(l sinceList) bool { return len(l.names) == 0 && l.word != "left" })
}

// notesOf are the notes of a report in safe lines.
func notesOf(r *migrate.Report) []string {
	var out []string
	for _, n := range r.Notes {
		out = append(out, report.OneLine(n))
	}
	if r.Partial != "" && !slices.Contains(out, report.OneLine(r.Partial)) {
		out = append(out, "the report is partial: "+report.OneLine(r.Partial))
	}
	return out
}

// totals counts the caches of a report in words.
func totals(r *migrate.Report) string {
	s := r.Summary
	if s.Caches == 0 {
		return "none of Azure Cache for Redis or Azure Managed Redis was found, so that there is nothing to move"
	}
	parts := []string{strconv.Itoa(s.ToMove) + " to move"}
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+words)
		}
	}
	add(s.Blocked, "of them blocked")
	add(s.Begun, "of them begun")
	add(s.UnknownSize, "of them to a size that is not known")
	if s.ToMove > 0 {
		after := " of them compliant after the move"
		if slices.ContainsFunc(r.Caches, func(m migrate.Move) bool { return openFeatures(m.After) > 0 }) {
			after += " once their open features are settled"
		}
		parts = append(parts, strconv.Itoa(s.Compliant)+after)
	}
	add(s.Moved, "already Azure Managed Redis")
	add(s.Unknown, "of which the service is not known")
	add(len(r.Unjudged), "other Redis not judged")
	return strings.Join(parts, ", ")
}
