package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"maps"
	"slices"
	"strings"
)

// junitEncoder writes one test suite per cache and one test case per rule. A
// finding that fails the run is a failure, an undecided one is skipped with the
// reason, and a violation that passes is named in the output of its case. Where a report
// has caches of several services, those of one stand together and its name begins that
// of their suites, so that the encoder holds the suites until End.
type junitEncoder struct {
	base
	opts   EncodeOptions
	buf    []byte
	suites map[int]*allTexts // by document, with junitService for their services
}

// junitService stands for the service of a suite. Printable text does not hold this byte.
const junitService = "\x00"

// junitSuite is a test suite that is being rendered.
type junitSuite struct {
	service, name                    string
	tests, failures, errors, skipped int
	cases                            []byte
}

// junitCase is a test case with at most one of its elements.
type junitCase struct {
	name    string
	failure *junitFailure
	err     string // message
	skipped string // message
	output  string
}

type junitFailure struct{ message, level, text string }

func newJUnit(w io.Writer, opts EncodeOptions) Encoder {
	return &junitEncoder{base: newBase(w), opts: opts, suites: map[int]*allTexts{}}
}

func (e *junitEncoder) Begin(r Report) error {
	e.write(xml.Header, `<testsuites name="redisbaseline">`, "\n")
	return e.base.Begin(r)
}

func (e *junitEncoder) Cache(c Cache) error {
	suite := junitSuite{service: junitService, name: printable(e.label(&c))}
	for _, findings := range [][]Finding{c.Features, c.Advisories} {
		for i := range findings {
			suite.add(e.testCase(&c, &findings[i]))
		}
	}
	if c.Destroyed() {
		suite.add(junitCase{name: "the cache is destroyed", skipped: "destroyed by this plan, not judged"})
	}
	document := e.document(&c)
	if e.suites[document] == nil {
		e.suites[document] = &allTexts{}
	}
	e.buf = suite.append(e.buf[:0])
	e.suites[document].add(rank{}, e.buf)
	return nil
}

// append renders a suite.
func (s *junitSuite) append(b []byte) []byte {
	b = AppendMarkup(b, `  <testsuite name="%%" tests="%" failures="%" errors="%" skipped="%">`,
		s.service, s.name, itoa(s.tests), itoa(s.failures), itoa(s.errors), itoa(s.skipped))
	b = append(b, s.cases...)
	if s.tests > 0 {
		b = append(b, "\n  "...)
	}
	return append(b, "</testsuite>\n"...)
}

// junitNames writes suites with the name of their service in place of junitService.
type junitNames struct {
	w       io.Writer
	service []byte
}

func (n junitNames) Write(p []byte) (int, error) {
	_, err := n.w.Write(bytes.ReplaceAll(p, []byte(junitService), n.service))
	return len(p), err
}

// End writes the notes as a suite of their own. What could not be read or seen is an error
// there, and all other cases pass: findings that fail the run have failed in the suites of
// their caches.
func (e *junitEncoder) End(end Closing) error {
	for _, document := range slices.Sorted(maps.Keys(e.suites)) {
		names := junitNames{w: e.out}
		if len(e.suites) > 1 {
			names.service = AppendMarkup(nil, "%: ", e.Baselines[document].ServiceName)
		}
		if err := e.suites[document].writeTo(names); err != nil {
			return err
		}
	}
	suite := junitSuite{name: "notes"}
	for n, gap := range end.remarks() {
		one := junitCase{name: "note " + itoa(suite.tests+1), output: printable(n)}
		if gap {
			one = junitCase{name: "incomplete " + itoa(suite.tests+1), err: printable(n)}
		}
		suite.add(one)
	}
	if suite.tests > 0 {
		_, _ = e.out.Write(suite.append(nil))
	}
	e.write("</testsuites>\n")
	return e.finish()
}

// add renders a case.
func (s *junitSuite) add(c junitCase) {
	s.tests++
	s.cases = AppendMarkup(s.cases, "\n    "+`<testcase classname="%" name="%">`, s.name, c.name)
	end := "\n    </testcase>"
	switch {
	case c.failure != nil:
		s.failures++
		s.cases = AppendMarkup(s.cases, "\n      "+`<failure message="%" type="%">%</failure>`,
			c.failure.message, c.failure.level, c.failure.text)
	case c.err != "":
		s.errors++
		s.cases = AppendMarkup(s.cases, "\n      "+`<error message="%" type="incomplete"></error>`, c.err)
	case c.skipped != "":
		s.skipped++
		s.cases = AppendMarkup(s.cases, "\n      "+`<skipped message="%"></skipped>`, c.skipped)
	case c.output != "":
		s.cases = AppendMarkup(s.cases, "\n      <system-out>%</system-out>", c.output)
	default:
		end = "</testcase>"
	}
	s.cases = append(s.cases, end...)
}

func (e *junitEncoder) testCase(c *Cache, f *Finding) junitCase {
	out := junitCase{name: printable(f.ID + " " + e.entry(c, f).Title)}
	message := f.Message
	if f.Status == Unknown {
		message = "unknown (" + reasonText(f) + "): " + message
	}
	switch level := string(e.level(c, f)); {
	case e.opts.failsRun(f):
		out.failure = &junitFailure{printable(message), level, e.failureText(c, f)}
	case f.Status == NonCompliant && f.IsAdvisory():
		out.output = printable("advisory (" + level + "): " + message)
	case f.Status == NonCompliant:
		out.output = "a violation that does not fail this run (" + level + ")\n" + e.failureText(c, f)
	case f.Status == Compliant:
		out.output = printable(message)
	case f.Status == Unknown:
		out.skipped = printable(message)
	case f.IsAdvisory():
		out.skipped = printable(string(f.Status) + ": " + message)
	case f.Status == NotSupported:
		out.skipped = "not supported by the service: nothing to configure"
	case f.Status == NotApplicable:
		out.skipped = printable("not applicable: " + message)
	default:
		out.skipped = printable(message)
	}
	return out
}

func (e *junitEncoder) failureText(c *Cache, f *Finding) string {
	lines := []string{printable(e.sentence(c, f))}
	for _, ev := range f.Evidence {
		if ev.Path != "" && (hasValue(ev) || ev.State == EvidenceSensitive) {
			lines = append(lines, printable(ev.Text()))
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
