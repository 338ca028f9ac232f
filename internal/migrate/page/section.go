package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// mostListed is the largest number of caches in a section.
const mostListed = 200

// Section is the section on moves in the page of another report: a row for each cache
// that is to move, up to a number. Its zero value has no cache.
type Section struct {
	blocked, open  []byte // rows of caches with a blocker that is certain, and of others
	listed, caches int
	retires        []string // lines on services and the days on which they end
}

// Add adds a cache of a service that retires. The plan of its move is asked for while
// there is room for it.
func (s *Section) Add(of *service.Service, plan func() migrate.Move) {
	if line := of.Name + " retires on " + of.Retirement.Date; !slices.Contains(s.retires, line) {
		s.retires = append(s.retires, line)
	}
	s.caches++
	if s.listed == mostListed {
		return
	}
	s.listed++
	m := plan()
	rows := &s.open
	if m.State == migrate.Blocked {
		rows = &s.blocked
	}
	b := append(append(*rows, `<tr><th scope="row" class="address">`...), report.AddressMarkup(label(&m))...)
	b = report.AppendMarkup(b, "</th><td>%</td><td>%</td><td>", currentSKU(&m), targetSize(&m))
	b = appendBlockers(b, m.Differences)
	way := &m.Paths[slices.IndexFunc(m.Paths, func(p migrate.Path) bool { return p.ID != migrate.NewCache })]
	*rows = report.AppendMarkup(b, "</td><td>%</td></tr>\n", wayText(way))
}

// appendBlockers appends the blockers of a cache, which come before its other
// differences, those that are certain first.
func appendBlockers(b []byte, differences []migrate.Difference) []byte {
	none := true
	for i := range differences {
		d := &differences[i]
		switch {
		case d.Severity != migrate.Blocker:
			continue
		case d.Certain:
			b = report.AppendMarkup(b, `<p><b class="bad">%</b>: %</p>`, d.Title, report.OneLine(d.Message))
		default:
			b = report.AppendMarkup(b, `<p class="soft">perhaps %</p>`, d.Title)
		}
		none = false
	}
	if none {
		b = append(b, "none"...)
	}
	return b
}

// wayText says whether Microsoft moves a cache, and why not where it does not.
func wayText(p *migrate.Path) string {
	name := "automated migration"
	if p.ID == migrate.InPlace {
		name = "move in place"
	}
	switch {
	case p.Eligible == nil:
		return name + " not known: " + report.OneLine(strings.Join(p.Reasons, "; "))
	case *p.Eligible:
		return name + " possible"
	default:
		return "no " + name + ": " + report.OneLine(strings.Join(p.Reasons, "; "))
	}
}

// HTML is the section for [report.EncodeOptions]; nil where no cache is to move.
func (s *Section) HTML() *report.HTMLSection {
	if s.caches == 0 {
		return nil
	}
	open := ""
	if s.caches <= mostOpen {
		open = " open"
	}
	slices.Sort(s.retires)
	count := caches(s.caches) + " to move"
	if s.listed < s.caches {
		count += ", the first " + strconv.Itoa(s.listed) + " of them here"
	}
	b := report.AppendMarkup(nil, "<p>%. <code>redisbaseline migrate plan.json</code> plans each move with the JSON of this plan "+
		"(<code>terraform show -json</code>): the size to order, what changes, its configuration, and the order of work.</p>\n"+
		"<details"+open+"><summary>%</summary>\n"+
		`<div class="scroll"><table class="rules"><thead><tr><th scope="col">cache</th><th scope="col">today</th><th scope="col">to order</th>`+
		`<th scope="col">blockers</th><th scope="col">by Microsoft</th></tr></thead><tbody>`+"\n",
		strings.Join(s.retires, "; "), count)
	b = append(append(append(b, s.blocked...), s.open...), "</tbody></table></div></details>"...)
	return &report.HTMLSection{ID: "moving", Title: "Moving to Azure Managed Redis", Body: template.HTML(b)} // escaped
}
