package fix

import (
	"bytes"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// text is a file that is edited, with the number that each of its lines had before; 0 for a
// line that is new.
type text struct {
	data []byte
	was  []int
}

func newText(data []byte) *text {
	t := &text{data: data}
	for i := range linesOf(data) {
		t.was = append(t.was, i+1)
	}
	return t
}

// become replaces the text by another version of it.
func (t *text) become(after []byte) {
	start, end, changed := changedLines(t.data, after)
	old, lines := linesOf(t.data)[start-1:end-1], linesOf([]byte(changed))
	was := make([]int, len(lines))
	for i, j := 0, 0; i < len(old) && j < len(lines); j++ {
		again := func(line []byte) bool { return slices.EqualFunc(bytes.Fields(old[i]), bytes.Fields(line), bytes.Equal) }
		if again(lines[j]) || !slices.ContainsFunc(lines[j:], again) { // aligned anew, or with another value
			was[j] = t.was[start-1+i]
			i++
		}
	}
	t.data, t.was = after, slices.Replace(t.was, start-1, end-1, was...)
}

// line is the number of a line, given that before.
func (t *text) line(was int) int {
	if i := slices.Index(t.was, was); i >= 0 {
		return i + 1
	}
	return was
}

// changed are the lines that differ from those before.
func (t *text) changed(before []byte) (out []report.Lines) {
	old, next, added := linesOf(before), 1, ""
	same := func(was int) { // everything between the lines that are the same has changed
		if was > next || added != "" {
			out = append(out, report.Lines{Start: next, End: was, Text: added})
		}
		next, added = was+1, ""
	}
	for i, line := range linesOf(t.data) {
		if was := t.was[i]; was > 0 && bytes.Equal(line, old[was-1]) {
			same(was)
		} else {
			added += string(line)
		}
	}
	same(len(old) + 1)
	return out
}

func linesOf(data []byte) [][]byte { return slices.Collect(bytes.Lines(data)) }

// changedLines are the lines of a file, from start up to end, that differ in another one, and
// what stands there instead.
func changedLines(before, after []byte) (start, end int, text string) {
	a, b := linesOf(before), linesOf(after)
	start, last, now := 0, len(a), len(b)
	for start < min(last, now) && bytes.Equal(a[start], b[start]) {
		start++
	}
	for start < min(last, now) && bytes.Equal(a[last-1], b[now-1]) {
		last, now = last-1, now-1
	}
	return start + 1, last + 1, string(bytes.Join(b[start:now], nil))
}
