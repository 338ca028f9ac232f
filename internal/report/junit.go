package report

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"io"
	"strings"
)

// junitEncoder writes one test suite per cache and one test case per rule: what
// the run objects to fails, what could not be judged is skipped with the reason,
// and a violation that passes says so in its output.
type junitEncoder struct {
	header
	out  *bufio.Writer
	opts EncodeOptions
	buf  []byte
}

// junitSuite is a test suite that is being rendered.
type junitSuite struct {
	name                     string
	tests, failures, skipped int
	cases                    []byte
}

// junitCase is a test case with at most one of its elements.
type junitCase struct {
	name    string
	failure *junitFailure
	skipped string // message
	output  string
}

type junitFailure struct{ message, level, text string }

func newJUnit(w io.Writer, opts EncodeOptions) Encoder {
	return &junitEncoder{out: bufio.NewWriter(w), opts: opts}
}

func (e *junitEncoder) Begin(r Report) error {
	_, err := e.out.WriteString(xml.Header + `<testsuites name="redisbaseline">` + "\n")
	return cmp.Or(err, e.header.Begin(r))
}

func (e *junitEncoder) Cache(c Cache) error {
	suite := junitSuite{name: printable(e.label(&c)), cases: e.buf[:0]}
	for i := range c.Features {
		suite.add(e.feature(&c, &c.Features[i]))
	}
	for i := range c.Advisories {
		suite.add(e.advisory(&c, &c.Advisories[i]))
	}
	if c.Destroyed() {
		suite.add(junitCase{name: "the cache is destroyed", skipped: "destroyed by this plan, not judged"})
	}
	e.buf = suite.cases
	return e.suite(&suite)
}

func (e *junitEncoder) suite(s *junitSuite) error {
	_, _ = e.out.Write(appendMarkup(nil, `  <testsuite name="%" tests="%" failures="%" errors="0" skipped="%">`,
		s.name, itoa(s.tests), itoa(s.failures), itoa(s.skipped))) // bufio keeps the error for the next write
	_, _ = e.out.Write(s.cases)
	if s.tests > 0 {
		_, _ = e.out.WriteString("\n  ")
	}
	_, err := e.out.WriteString("</testsuite>\n")
	return err
}

// End writes the notes as a suite of their own, whose cases all pass: what fails
// the run has failed above, or is said by the exit code.
func (e *junitEncoder) End(end Closing) error {
	if len(end.Notes) > 0 {
		suite := junitSuite{name: "notes"}
		for i, n := range end.Notes {
			suite.add(junitCase{name: "note " + itoa(i+1), output: printable(n)})
		}
		_ = e.suite(&suite) // bufio keeps the error for Flush
	}
	_, _ = e.out.WriteString("</testsuites>\n")
	return e.out.Flush()
}

// add renders a case.
func (s *junitSuite) add(c junitCase) {
	s.tests++
	s.cases = appendMarkup(s.cases, "\n    "+`<testcase classname="%" name="%">`, s.name, c.name)
	end := "\n    </testcase>"
	switch {
	case c.failure != nil:
		s.failures++
		s.cases = appendMarkup(s.cases, "\n      "+`<failure message="%" type="%">%</failure>`,
			c.failure.message, c.failure.level, c.failure.text)
	case c.skipped != "":
		s.skipped++
		s.cases = appendMarkup(s.cases, "\n      "+`<skipped message="%"></skipped>`, c.skipped)
	case c.output != "":
		s.cases = appendMarkup(s.cases, "\n      <system-out>%</system-out>", c.output)
	default:
		end = "</testcase>"
	}
	s.cases = append(s.cases, end...)
}

func (e *junitEncoder) feature(c *Cache, f *Finding) junitCase {
	out := junitCase{name: printable(f.ID + " " + e.entry(c, f).Title)}
	switch {
	case e.opts.failsRun(f):
		out.failure = e.failure(c, f)
		return out
	case f.Status == NonCompliant:
		out.output = "a violation that does not fail this run (" + string(e.level(c, f)) + ")\n" + e.failureText(c, f)
		return out
	}
	switch f.Status {
	case Unknown:
		out.skipped = printable("unknown (" + because(f) + "): " + f.Message)
	case NotSupported:
		out.skipped = "not supported by the service: nothing to configure"
	case NotApplicable:
		out.skipped = printable("not applicable: " + f.Message)
	case Exempt:
		out.skipped = printable(f.Message)
	default:
		out.output = printable(f.Message)
	}
	return out
}

// failure is a finding that the run objects to; that of an undecided one says
// why it is undecided.
func (e *junitEncoder) failure(c *Cache, f *Finding) *junitFailure {
	message := f.Message
	if f.Status == Unknown {
		message = "unknown (" + because(f) + "): " + message
	}
	return &junitFailure{printable(message), string(e.level(c, f)), e.failureText(c, f)}
}

// advisory fails only where the run objects to it: advisories are no part of
// the verdict.
func (e *junitEncoder) advisory(c *Cache, f *Finding) junitCase {
	out := junitCase{name: printable(f.ID + " " + e.entry(c, f).Title)}
	if e.opts.failsRun(f) {
		out.failure = e.failure(c, f)
		return out
	}
	switch f.Status {
	case NonCompliant:
		out.output = printable("advisory (" + string(e.level(c, f)) + "): " + f.Message)
	case Compliant:
		out.output = printable(f.Message)
	case Unknown:
		out.skipped = printable("unknown (" + because(f) + "): " + f.Message)
	default:
		out.skipped = printable(string(f.Status) + ": " + f.Message)
	}
	return out
}

func (e *junitEncoder) failureText(c *Cache, f *Finding) string {
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
	if f.Remediation != "" {
		lines = append(lines, "write: "+printable(f.Remediation))
	}
	return strings.Join(append(lines, e.entry(c, f).Help), "\n")
}
