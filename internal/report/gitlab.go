package report

import (
	"cmp"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// gitlabEncoder writes GitLab's code quality report: a JSON array of issues.
type gitlabEncoder struct {
	header
	w      io.Writer
	prints fingerprints
	begun  bool
	err    error
}

// gitlabIssue is one element, with the fields that GitLab reads.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

func newGitLab(w io.Writer, _ EncodeOptions) Encoder {
	return &gitlabEncoder{w: w, prints: fingerprints{}}
}

func (e *gitlabEncoder) Begin(r Report) error {
	e.write("[")
	return cmp.Or(e.err, e.header.Begin(r))
}

func (e *gitlabEncoder) Cache(c Cache) error {
	for _, findings := range [][]Finding{c.Features, c.Advisories} {
		for i := range findings {
			if f := &findings[i]; f.Status == NonCompliant {
				e.issue(&c, f)
			}
		}
	}
	return e.err
}

func (e *gitlabEncoder) issue(c *Cache, f *Finding) {
	// GitLab drops an issue without a path; what did not come from a file is
	// filed under the address of its cache.
	at := e.place(c, f)
	if at.File == "" {
		at.File = c.Label()
	}
	issue := gitlabIssue{
		Description: printable(e.name(c, f) + ": " + c.Label() + ": " + f.Message),
		CheckName:   f.ID, Fingerprint: e.prints.of(f.ID, c), Severity: gitlabSeverity(e.level(c, f)),
		Location: gitlabLocation{Path: printable(at.File), Lines: gitlabLines{Begin: at.Line}},
	}
	e.add(issue)
}

// note files a remark about the whole report under its first input.
func (e *gitlabEncoder) note(text string) {
	at := "redisbaseline"
	if len(e.Source.Inputs) > 0 {
		at = e.Source.Inputs[0]
	}
	e.add(gitlabIssue{
		Description: printable("note: " + text), CheckName: "redisbaseline/note", Fingerprint: e.prints.ofNote(text),
		Severity: gitlabSeverity(Info),
		Location: gitlabLocation{Path: printable(at), Lines: gitlabLines{Begin: 1}},
	})
}

func (e *gitlabEncoder) add(issue gitlabIssue) {
	raw, err := json.Marshal(issue, jsontext.AllowInvalidUTF8(true))
	if err != nil && e.err == nil {
		e.err = err
	}
	if e.begun {
		e.write(",")
	}
	e.begun = true
	e.write("\n" + string(raw))
}

func (e *gitlabEncoder) End(end Closing) error {
	for _, n := range end.Notes {
		e.note(n)
	}
	e.write("\n]\n")
	return e.err
}

func (e *gitlabEncoder) write(s string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, s)
	}
}

func gitlabSeverity(s Severity) string {
	switch s {
	case High:
		return "critical"
	case Medium:
		return "major"
	case Low:
		return "minor"
	default:
		return "info"
	}
}
