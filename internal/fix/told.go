package fix

import (
	"cmp"
	"maps"
	"path"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// finish tells what the changes mend, and what is left.
func (r *run) finish(mend, after []Judged, edited map[string]*text, suggestions map[*change]*report.Suggestion) {
	for _, name := range slices.Sorted(maps.Keys(edited)) {
		r.result.Files = append(r.result.Files, File{Name: name, Before: r.data[name], After: edited[name].data, Shown: r.shown(name)})
	}
	for _, c := range r.changes {
		at := func(data []byte) report.Position {
			out := report.Position{File: path.Join(r.Base, c.file), Line: 1}
			if block, err := blockOf(data, c.index); err == nil {
				out.Line = nearest(block, c.path)
			}
			return out
		}
		for _, address := range slices.Sorted(maps.Keys(c.caches)) {
			r.result.Mended = append(r.result.Mended, Mended{
				Cache: address, IDs: c.caches[address], Setting: c.label(), Effect: c.effect(),
				At: at(r.data[c.file]), AtAfter: at(edited[c.file].data),
				Fix: report.Fix{Setting: c.label(), Suggestion: suggestions[c]}, Hidden: c.hidden,
			})
		}
	}
	slices.SortStableFunc(r.result.Mended, func(a, b Mended) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.AtAfter.Line, b.AtAfter.Line))
	})
	caches := byAddress(after)
	for _, c := range mend {
		for f, entry := range r.violations(c) {
			now, ok := caches[c.Cache.Address]
			still := now.finding(f.ID)
			undecided := still != nil && still.Status == report.Unknown
			if still != nil && still.Status != report.NonCompliant {
				still = nil
			}
			reasons := r.refused[finding{c.Cache.Address, f.ID}]
			// What a plan has may be undecided in the configuration alone.
			decided := !r.Planned || len(reasons) == 0 && r.mends(c.Cache.Address, f.ID)
			if ok && still == nil && decided {
				if undecided && !r.Planned {
					r.undecided(c, f, now.finding(f.ID))
				}
				continue
			}
			r.left(c, f, still, entry, reasons, edited)
		}
	}
}

// undecided tells of a violation that is none with the changes, but no compliance either.
func (r *run) undecided(c Judged, f, now *report.Finding) {
	r.result.Left = append(r.result.Left, Left{Cache: c.Cache.Address, ID: f.ID, Why: "the changes leave it undecided: " + now.Message,
		Write: now.Remediation, At: cmp.Or(f.Position, c.Report.Position), AtAfter: cmp.Or(now.Position, c.Report.Position)})
}

// mends reports whether a change is against a violation.
func (r *run) mends(address, id string) bool {
	return slices.ContainsFunc(r.changes, func(c *change) bool { return slices.Contains(c.caches[address], id) })
}

// left adds a violation that stays; still is the same one after the changes, nil where the
// configuration alone does not show it.
func (r *run) left(c Judged, f, still *report.Finding, entry *baseline.Entry, reasons []Left,
	edited map[string]*text,
) {
	if len(reasons) == 0 {
		reasons = []Left{{Cache: c.Cache.Address, ID: f.ID, Why: noLiteral}}
	}
	for i := range reasons {
		l := &reasons[i]
		switch {
		case l.At == nil && still != nil:
			l.At, l.AtAfter = cmp.Or(f.Position, c.Report.Position), still.Position
		default:
			l.At = cmp.Or(l.At, f.Position, c.Report.Position)
			l.AtAfter = r.after(l.At, edited)
		}
		if !l.refused && l.Write == "" {
			l.Write = cmp.Or(still, f).Remediation
		}
		for _, remedy := range entry.RemediesOf(f.Parts) {
			if remedy.Companion != "" {
				if l.Paste = r.paste(c.Cache, remedy.Companion); l.Paste != "" {
					l.Why, l.Write = "it needs a "+string(remedy.Companion), ""
				}
			}
		}
		r.result.Left = append(r.result.Left, *l)
	}
}

// after is a position in the files that are mended; nil for none.
func (r *run) after(at *report.Position, edited map[string]*text) *report.Position {
	if at == nil {
		return nil
	}
	out := *at
	for name, t := range edited {
		if path.Join(r.Base, name) == at.File {
			out.Line = t.line(at.Line)
		}
	}
	return &out
}
