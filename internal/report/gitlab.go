package report

import (
	"cmp"
	"io"
)

// gitlabEncoder writes GitLab's code quality report: a JSON array of issues.
type gitlabEncoder struct {
	base
	prints fingerprints
	begun  bool // an issue has been written
}

// gitlabIssue is an issue, with the members that GitLab reads.
type gitlabIssue struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

func newGitLab(w io.Writer, _ EncodeOptions) Encoder {
	return &gitlabEncoder{base: newBase(w), prints: fingerprints{}}
}

func (e *gitlabEncoder) Begin(r Report) error {
	e.write("[")
	return e.base.Begin(r)
}

func (e *gitlabEncoder) Cache(c Cache) error {
	for _, findings := range [][]Finding{c.Features, c.Advisories} {
		for i := range findings {
			if f := &findings[i]; f.Status == NonCompliant {
				e.violation(&c, f)
			}
		}
	}
	return nil
}

// violation writes the issue of a violation. GitLab drops an issue without a
// path, so that of a cache that did not come from a file names the cache there.
func (e *gitlabEncoder) violation(c *Cache, f *Finding) {
	at := e.place(c, f)
	if at.File == "" {
		at.File = c.Label()
	}
	e.issue(f.ID, e.name(c, f)+": "+e.label(c)+": "+f.Message+toWrite(f), e.prints.of(f.ID, c), e.level(c, f), at)
}

// remark writes the issue of a note on the whole report, or of a gap in it, at its first input.
func (e *gitlabEncoder) remark(text string, gap bool) {
	at := Position{File: "redisbaseline", Line: 1}
	if len(e.Source.Inputs) > 0 {
		at.File = cmp.Or(fileOf(e.Source.Inputs[0]), stdin)
	}
	kind, severity := "note", Info
	if gap {
		kind, severity = "incomplete", High
	}
	e.issue("redisbaseline/"+kind, kind+": "+text, e.prints.ofNote(text), severity, at)
}

func (e *gitlabEncoder) issue(check, description, fingerprint string, severity Severity, at Position) {
	issue := gitlabIssue{
		Description: printable(description), CheckName: check, Fingerprint: fingerprint, Severity: termsOf(severity).gitlab,
	}
	issue.Location.Path, issue.Location.Lines.Begin = printable(at.File), at.Line
	if e.begun {
		e.write(",")
	}
	e.begun = true
	e.write("\n")
	e.marshal(issue)
}

func (e *gitlabEncoder) End(end Closing) error {
	for n, gap := range end.remarks() {
		e.remark(n, gap)
	}
	e.write("\n]\n")
	return e.finish()
}
