package fix

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// touching are changes of lines of a file that touch each other, made as one.
type touching struct {
	changes    []*change
	after      []byte
	start, end int // lines of the file as it is
	text       string
}

// suggest makes a suggestion of each change, or of several that touch each other. Where that
// would show what no report may repeat, neighbours are not aligned anew, and as few as can be
// are one.
func (r *run) suggest(before []Judged) (map[*change]*report.Suggestion, error) {
	out := map[*change]*report.Suggestion{}
	for _, t := range r.joined(true, r.changes, (*touching).touches) {
		parts := []*touching{t}
		if len(r.ways(t)) == 0 {
			parts = r.joined(false, t.changes, (*touching).overlaps)
		}
		for _, t := range parts {
			s := &report.Suggestion{File: path.Join(r.Base, t.changes[0].file), Line: t.line(), Ways: r.ways(t)}
			for _, c := range t.changes {
				line := s.Line
				if alone := r.made(false, c); alone != nil {
					line = alone.line()
				}
				s.Settings = append(s.Settings, report.Suggested{Setting: c.label(), Line: line, Effect: c.effect()})
				out[c] = s
			}
			var err error
			if s.Together, err = r.harmsAlone(before, t.changes); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// line is the first line that is changed, or behind which lines are added.
func (t *touching) line() int {
	if t.start == t.end && t.start > 1 {
		return t.start - 1
	}
	return t.start
}

// window is the lines that ways may replace: those that change, or, where lines are only added,
// the one before and the one behind them.
func (t *touching) window() (start, end int) {
	if t.start == t.end {
		return t.start - 1, t.end + 1
	}
	return t.start, t.end
}

// touches reports whether the next changes of the file touch these, or overlap.
func (t *touching) touches(next *touching) bool { return next.start <= t.end || t.overlaps(next) }

// overlaps reports whether the next changes of the file have lines in common with these that
// ways replace.
func (t *touching) overlaps(next *touching) bool {
	_, end := t.window()
	start, _ := next.window()
	return start < end
}

// joined puts those changes together of which the next in the file is to be made with the one
// before.
func (r *run) joined(align bool, changes []*change, with func(a, next *touching) bool) []*touching {
	var all []*touching
	for _, c := range changes {
		if t := r.made(align, c); t != nil {
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b *touching) int {
		return cmp.Or(strings.Compare(a.changes[0].file, b.changes[0].file), cmp.Compare(a.start, b.start))
	})
	for i := 1; i < len(all); {
		a, b := all[i-1], all[i]
		if a.changes[0].file != b.changes[0].file || !with(a, b) {
			i++
			continue
		}
		both := r.made(align, append(slices.Clone(a.changes), b.changes...)...)
		if both == nil { // edit made all of them together
			i++
			continue
		}
		all = slices.Replace(all, i-1, i+1, both)
		i = max(1, i-1) // it may touch the one before
	}
	return all
}

// made are changes of one file, and no others, with their neighbours aligned anew or not; nil
// where they cannot be made.
func (r *run) made(align bool, changes ...*change) *touching {
	before := r.data[changes[0].file]
	t := &touching{changes: changes, after: before}
	for _, c := range changes {
		after, err := c.in(t.after, align)
		if err != nil {
			return nil
		}
		t.after = after
	}
	t.start, t.end, t.text = changedLines(before, t.after)
	return t
}

// ways are the lines to write instead of others: those that change, or, where lines are only
// added, the one before or behind them too. There is none where a line holds what no report
// may repeat, or ends as on Windows, since services write such lines anew in their own way.
func (r *run) ways(t *touching) (out []report.Lines) {
	before, after := slices.Collect(bytes.Lines(r.data[t.changes[0].file])), slices.Collect(bytes.Lines(t.after))
	added := len(after) - len(before)
	candidates := [][2]int{{t.start, t.end}}
	if first, last := t.window(); t.start == t.end {
		candidates = [][2]int{{first, t.start}, {t.start, last}}
	}
	for _, c := range candidates {
		start, end := c[0], c[1]
		if start < 1 || end > len(before)+1 || !repeatable(t.after, t.changes, start, end+added) {
			continue
		}
		text := bytes.Join(after[start-1:end+added-1], nil)
		if !bytes.Contains(slices.Concat(text, before[start-1]), []byte("\r")) {
			out = append(out, report.Lines{Start: start, End: end, Text: string(text)})
		}
	}
	return out
}

// harmsAlone reports whether changes do harm without the other ones.
func (r *run) harmsAlone(before []Judged, changes []*change) (bool, error) {
	if len(changes) == len(r.changes) || !slices.ContainsFunc(changes, func(c *change) bool { return len(c.setting.Obstacles) > 0 }) {
		return false, nil
	}
	alone := run{Job: r.Job, data: r.data, changes: slices.Clone(changes), refused: map[finding][]Left{}}
	edited, _ := alone.edit()
	after, err := r.judge(edited)
	if err != nil {
		return false, err
	}
	caches := byAddress(after)
	for _, c := range changes {
		for address := range c.caches {
			if r.obstacle(c, caches[address]) != "" {
				return true, nil
			}
		}
	}
	return len(newViolations(before, after)) > 0, nil
}
