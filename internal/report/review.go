package report

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Review is what formats need that make reviews of a pull request.
type Review struct {
	// Diff is what the pull request changes; nil where that is not known, so that every line
	// may have a comment.
	Diff    ReviewDiff
	Commits ReviewCommits
}

// ReviewCommits are the commits of a merge request, as GitLab calls them.
type ReviewCommits struct{ Base, Start, Head string }

const (
	// reviewLimit is the number of comments, above which services take a review for abuse.
	reviewLimit = 30
	// suggestionLimit is the number of lines that a suggestion replaces at most; GitLab has
	// the limit of 100 before the line that it stands at.
	suggestionLimit = 100
	// commentLimit is the number of bytes of what a comment tells of findings. A comment of
	// GitHub holds 65,536 characters.
	commentLimit = 40_000
	// cachesInComment is the number of caches that a comment names.
	cachesInComment = 10
)

// reviewer collects what a review says: comments on lines, and texts for which there is no line.
// It tells of violations and of what fails the run, and of an advisory that a change is for.
type reviewer struct {
	markdownEncoder
	review   Review
	comments []*reviewComment
	at       map[reviewKey]*reviewComment
	fence    func(Lines) string // how the fence of a suggestion begins
}

// reviewKey is what a comment is about: a suggestion, else a line.
type reviewKey struct {
	suggestion *Suggestion
	line       Position
}

// reviewComment is what a review says about a line or a suggestion.
type reviewComment struct {
	reviewKey
	found       []*reviewFinding
	fails       bool
	severity    int // position among severities; the smallest one of the findings
	first, last int // lines
	lines       *Lines
}

// reviewFinding is a finding, with the caches that have it. Its id is the same wherever it
// stands in the file.
type reviewFinding struct {
	id, text, paste string
	caches          []string
}

func newReviewer(base base, opts EncodeOptions) reviewer {
	r := reviewer{markdownEncoder: markdownEncoder{base: base, opts: opts}, at: map[reviewKey]*reviewComment{}}
	if opts.Review != nil {
		r.review = *opts.Review
	}
	return r
}

func (e *reviewer) Cache(c Cache) error {
	e.failing += e.base.failing(&c, e.opts.failsRun)
	e.counts.add(&c)
	for _, list := range [][]Finding{e.worstFirst(&c, c.Features), e.worstFirst(&c, c.Advisories)} {
		for i := range list {
			f := &list[i]
			told := f.Status == NonCompliant && (!f.IsAdvisory() || len(f.Fixes) > 0)
			if !c.Destroyed() && (told || e.opts.failsRun(f)) {
				e.add(&c, f)
			}
		}
	}
	return nil
}

// add adds a finding to the comments on what mends it, else to that on its line.
func (e *reviewer) add(c *Cache, f *Finding) {
	var text, paste strings.Builder
	e.finding(&text, c, f)
	for _, u := range f.Unmended {
		at := ""
		if u.At != nil && u.At.File != "" && (f.Position == nil || *u.At != *f.Position) {
			at = " (" + MarkdownCode(cut(u.At.String(), 500)) + ")"
		}
		text.WriteString("  - not suggested: " + MarkdownText(cut(u.Why, 1000)) + at + "\n")
		if u.Paste != "" && !strings.Contains(paste.String(), u.Paste) {
			paste.WriteString(fenced("terraform", u.Paste+"\n"))
		}
	}
	var keys []reviewKey
	for _, fix := range f.Fixes {
		if key := (reviewKey{suggestion: fix.Suggestion}); fix.Suggestion != nil && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		keys = []reviewKey{{}}
		if f.Position != nil {
			keys[0].line = *f.Position
		}
	}
	for _, key := range keys {
		comment := e.at[key]
		if comment == nil {
			comment = &reviewComment{reviewKey: key, severity: len(severities)}
			e.comments, e.at[key] = append(e.comments, comment), comment
		}
		comment.fails = comment.fails || e.opts.failsRun(f)
		comment.severity = min(comment.severity, slices.Index(severities, e.level(c, f)))
		comment.add(reviewFinding{id: f.ID + ": " + f.Message, text: text.String(), paste: paste.String()}, e.shortLabel(c))
	}
}

// severities are those of findings, the worst first.
var severities = []Severity{High, Medium, Low, Warning, Info}

// add adds a finding of a cache.
func (r *reviewComment) add(found reviewFinding, cache string) {
	i := slices.IndexFunc(r.found, func(f *reviewFinding) bool { return f.text == found.text && f.paste == found.paste })
	if i < 0 {
		i, r.found = len(r.found), append(r.found, &found)
	}
	if !slices.Contains(r.found[i].caches, cache) {
		r.found[i].caches = append(r.found[i].caches, cache)
	}
}

// file is the file that a comment is about; empty where there is none in the repository.
func (r *reviewComment) file() string {
	name := r.line.File
	if r.suggestion != nil {
		name = r.suggestion.File
	}
	if name = path.Clean(name); !filepath.IsLocal(filepath.FromSlash(name)) || name == "." {
		return ""
	}
	return name
}

// place finds the lines of a comment, and reports whether it has some.
func (e *reviewer) place(r *reviewComment) bool {
	file := r.file()
	has := func(first, last int) bool {
		return file != "" && first > 0 && (e.review.Diff == nil || e.review.Diff.has(file, first, last))
	}
	if r.suggestion == nil {
		r.first, r.last = r.line.Line, r.line.Line
		return has(r.first, r.last)
	}
	for i := range r.suggestion.Ways {
		if way := &r.suggestion.Ways[i]; has(way.Start, way.End-1) && way.End-way.Start <= suggestionLimit {
			r.first, r.last, r.lines = way.Start, way.End-1, way
			return true
		}
	}
	r.first, r.last = r.suggestion.Line, r.suggestion.Line
	return has(r.first, r.last)
}

// split returns the comments in the order of their lines, and what has no line, both beginning
// with the worst where there are more than a review holds.
func (e *reviewer) split() (comments, rest []*reviewComment) {
	slices.SortStableFunc(e.comments, func(a, b *reviewComment) int {
		switch {
		case a.fails != b.fails && a.fails:
			return -1
		case a.fails != b.fails:
			return 1
		}
		return cmp.Compare(a.severity, b.severity)
	})
	for _, c := range e.comments {
		if e.place(c) && len(comments) < reviewLimit {
			comments = append(comments, c)
		} else {
			c.lines = nil
			rest = append(rest, c)
		}
	}
	slices.SortStableFunc(comments, func(a, b *reviewComment) int {
		return cmp.Or(strings.Compare(a.file(), b.file()), cmp.Compare(a.last, b.last))
	})
	return comments, rest
}
