package report

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// text is what a comment says, without its suggestion.
func (r *reviewComment) text() string {
	var b strings.Builder
	for i, f := range r.found {
		if i > 0 && b.Len()+len(f.text) > commentLimit {
			b.WriteString("- and " + Count(len(r.found)-i, "more finding", "more findings") + "\n")
			break
		}
		b.WriteString(f.text)
		var names []string
		for _, name := range f.caches[:min(len(f.caches), cachesInComment)] {
			names = append(names, MarkdownCode(cut(name, 300)))
		}
		b.WriteString("  - in " + strings.Join(names, ", "))
		if more := len(f.caches) - len(names); more > 0 {
			b.WriteString(" and " + Count(more, "more cache", "more caches"))
		}
		b.WriteString("\n")
	}
	if s := r.suggestion; s != nil {
		for _, change := range s.Settings {
			fmt.Fprintf(&b, "- change %s: %s", MarkdownCode(cut(Position{s.File, change.Line}.String(), 500)), MarkdownCode(change.Setting))
			if change.Effect != "" {
				b.WriteString(" (" + MarkdownText(change.Effect) + ")")
			}
			b.WriteString("\n")
		}
		if s.Together {
			b.WriteString("- only together with the other changes of this cache: alone it does harm\n")
		}
		if len(s.Ways) == 0 {
			b.WriteString("- to be written by hand: a line holds something that no comment repeats, or ends as on Windows\n")
		}
	}
	return b.String()
}

// pastes is what is to be pasted, folded.
func (r *reviewComment) pastes() string {
	var texts []string
	for _, f := range r.found {
		if f.paste != "" && !slices.Contains(texts, f.paste) {
			texts = append(texts, f.paste)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return "\n<details><summary>to paste, as far as it fits</summary>\n" + strings.Join(texts, "") + "\n</details>\n"
}

// body is the body of a comment on lines.
func (e *reviewer) body(r *reviewComment) string {
	text := r.text()
	if r.lines != nil {
		text += fenced(e.fence(*r.lines), r.lines.Text)
	}
	return marked(r.id()) + text + r.pastes()
}

// id tells a comment apart from others, wherever its lines stand in the file.
func (r *reviewComment) id() string {
	parts := []string{r.file()}
	for _, f := range r.found {
		parts = append(append(parts, f.id), f.caches...)
	}
	if r.suggestion != nil {
		for _, change := range r.suggestion.Settings {
			parts = append(parts, change.Setting)
		}
	}
	if r.lines != nil {
		parts = append(parts, r.lines.Text)
	}
	return strings.Join(parts, "\x00")
}

// summary is the body of the review. It begins with a mark if it tells of something for which
// there is no comment.
func (e *reviewer) summary(end Closing, rest []*reviewComment) string {
	head := e.heading(end)
	if len(rest) == 0 && !end.Incomplete() {
		return head
	}
	var list strings.Builder
	left, ids := 0, slices.Clone(end.Gaps)
	for _, r := range rest {
		ids = append(ids, r.id())
		item := r.text()
		if r.suggestion != nil && len(r.suggestion.Ways) > 0 {
			item += fenced("terraform", r.suggestion.Ways[0].Text)
		}
		item += r.pastes()
		if len(head)+list.Len()+len(item) > markdownLimit-200 {
			left++
			continue
		}
		list.WriteString("\n" + item)
	}
	text := ""
	if list.Len() > 0 {
		text = "\n#### Without a comment on a line\n" + list.String()
	}
	if left > 0 {
		text += fmt.Sprintf("\n*and %s for which there is no room*\n", Count(left, "more place", "more places"))
	}
	slices.Sort(ids)
	return marked(strings.Join(ids, "\x01")) + head + text
}

// marked is a mark that nobody sees, by which a later run finds the same text again.
func marked(text string) string {
	sum := shortSum(text)
	return "<!-- redisbaseline:" + hex.EncodeToString(sum[:]) + " -->\n"
}

// fenced is text in a fence that is longer than any within it.
func fenced(info, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return "\n" + fence + info + "\n" + strings.TrimSuffix(text, "\n") + "\n" + fence + "\n"
}
