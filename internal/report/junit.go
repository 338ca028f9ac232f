package report

import (
	"encoding/xml"
	"io"
	"strings"
)

// junitEncoder writes one test suite per cache and one test case per rule: what
// the run objects to fails, what could not be judged is skipped with the reason,
// and a violation that passes says so in its output.
type junitEncoder struct {
	w      io.Writer
	opts   EncodeOptions
	header Report
	rules  lookup
	err    error
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	ClassName string        `xml:"classname,attr"`
	Name      string        `xml:"name,attr"`
	Failure   *junitFailure `xml:"failure"`
	Skipped   *junitSkipped `xml:"skipped"`
	Output    string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

func newJUnit(w io.Writer, opts EncodeOptions) Encoder { return &junitEncoder{w: w, opts: opts} }

func (e *junitEncoder) Begin(header Report) error {
	e.header, e.rules = header, newLookup(header.Catalogue)
	e.write(xml.Header + `<testsuites name="redisbaseline">` + "\n")
	return e.err
}

func (e *junitEncoder) Cache(c Cache) error {
	suite := junitSuite{Name: printable(e.header.title(c))}
	for _, f := range c.Features {
		suite.add(e.feature(c, f))
	}
	for _, f := range c.Advisories {
		suite.add(e.advisory(c, f))
	}
	if c.Destroyed() {
		suite.add(junitCase{
			ClassName: suite.Name, Name: "the cache is destroyed",
			Skipped: &junitSkipped{Message: "destroyed by this plan, not judged"},
		})
	}
	e.suite(suite)
	return e.err
}

func (e *junitEncoder) suite(suite junitSuite) {
	raw, err := xml.MarshalIndent(suite, "  ", "  ")
	if err != nil && e.err == nil {
		e.err = err
	}
	e.write(string(raw) + "\n")
}

// End writes the notes as a suite of their own, whose cases all pass: what the
// run objects to has failed above, or is said by the exit code.
func (e *junitEncoder) End(end Closing) error {
	if len(end.Notes) > 0 {
		suite := junitSuite{Name: "notes"}
		for i, n := range end.Notes {
			suite.add(junitCase{ClassName: suite.Name, Name: "note " + itoa(i+1), Output: printable(n)})
		}
		e.suite(suite)
	}
	e.write("</testsuites>\n")
	return e.err
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func (e *junitEncoder) feature(c Cache, f Finding) junitCase {
	out := junitCase{ClassName: printable(e.header.title(c)), Name: printable(f.ID + " " + e.rules[f.ID].Title)}
	switch {
	case e.opts.objects(f):
		out.Failure = e.failure(c, f)
		return out
	case f.Status == NonCompliant:
		out.Output = "a violation that does not fail this run (" + string(e.rules.level(f)) + ")\n" + e.failureText(c, f)
		return out
	}
	switch f.Status {
	case Unknown:
		out.Skipped = &junitSkipped{Message: printable("unknown (" + because(f) + "): " + f.Message)}
	case NotSupported:
		out.Skipped = &junitSkipped{Message: "not supported by the service: nothing to configure"}
	case NotApplicable:
		out.Skipped = &junitSkipped{Message: printable("not applicable: " + f.Message)}
	case Exempt:
		out.Skipped = &junitSkipped{Message: printable(f.Message)}
	default:
		out.Output = printable(f.Message)
	}
	return out
}

// failure is a finding that the run objects to; that of an undecided one says
// why it is undecided.
func (e *junitEncoder) failure(c Cache, f Finding) *junitFailure {
	message := f.Message
	if f.Status == Unknown {
		message = "unknown (" + because(f) + "): " + message
	}
	return &junitFailure{Message: printable(message), Type: string(e.rules.level(f)), Text: e.failureText(c, f)}
}

// advisory fails only where the run objects to it: advisories are no part of
// the verdict.
func (e *junitEncoder) advisory(c Cache, f Finding) junitCase {
	out := junitCase{ClassName: printable(e.header.title(c)), Name: printable(f.ID + " " + e.rules[f.ID].Title)}
	if e.opts.objects(f) {
		out.Failure = e.failure(c, f)
		return out
	}
	switch f.Status {
	case NonCompliant:
		out.Output = printable("advisory (" + string(e.rules.level(f)) + "): " + f.Message)
	case Compliant:
		out.Output = printable(f.Message)
	case Unknown:
		out.Skipped = &junitSkipped{Message: printable("unknown (" + because(f) + "): " + f.Message)}
	default:
		out.Skipped = &junitSkipped{Message: printable(string(f.Status) + ": " + f.Message)}
	}
	return out
}

func (e *junitEncoder) failureText(c Cache, f Finding) string {
	lines := []string{printable(sentence(c, f))}
	for _, ev := range f.Evidence {
		if ev.Path != "" && (tells(ev) || ev.State == EvidenceSensitive) {
			lines = append(lines, printable(show(ev)))
		}
	}
	if f.Position != nil {
		lines = append(lines, "at: "+printable(f.Position.String()))
	}
	if f.Since != nil {
		lines = append(lines, "since: "+printable(string(*f.Since)))
	}
	if r := f.Remediation; r != "" {
		lines = append(lines, "write: "+printable(r))
	}
	return strings.Join(append(lines, e.rules[f.ID].Help), "\n")
}

func (e *junitEncoder) write(s string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, s)
	}
}
