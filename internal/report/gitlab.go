package report

import "io"

// gitlabEncoder writes GitLab's code quality report: a JSON array of issues.
type gitlabEncoder struct {
	base
	prints fingerprints
	begun  bool // an issue has been written
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
				e.issue(&c, f)
			}
		}
	}
	return nil
}

func (e *gitlabEncoder) issue(c *Cache, f *Finding) {
	// GitLab drops an issue without a path; what did not come from a file is
	// filed under the address of its cache.
	at := e.place(c, f)
	if at.File == "" {
		at.File = c.Label()
	}
	e.add(gitlabIssue{
		Description: printable(e.name(c, f) + ": " + c.Label() + ": " + f.Message),
		CheckName:   f.ID, Fingerprint: e.prints.of(f.ID, c), Severity: termsOf(e.level(c, f)).gitlab,
		Location: gitlabLocation{Path: printable(at.File), Lines: gitlabLines{Begin: at.Line}},
	})
}

// note files a remark about the whole report under its first input.
func (e *gitlabEncoder) note(text string) {
	at := "redisbaseline"
	if len(e.Source.Inputs) > 0 {
		at = e.Source.Inputs[0]
	}
	e.add(gitlabIssue{
		Description: printable("note: " + text), CheckName: "redisbaseline/note", Fingerprint: e.prints.ofNote(text),
		Severity: termsOf(Info).gitlab,
		Location: gitlabLocation{Path: printable(at), Lines: gitlabLines{Begin: 1}},
	})
}

func (e *gitlabEncoder) add(issue gitlabIssue) {
	if e.begun {
		e.write(",")
	}
	e.begun = true
	e.write("\n")
	e.marshal(issue)
}

func (e *gitlabEncoder) End(end Closing) error {
	for _, n := range end.Notes {
		e.note(n)
	}
	e.write("\n]\n")
	return e.finish()
}
