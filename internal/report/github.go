package report

import (
	"io"
	"strings"
)

// githubEncoder writes workflow commands of GitHub Actions, one line per
// violation, and a line with the totals. Only findings that fail the run are errors.
type githubEncoder struct {
	base
	opts EncodeOptions
}

func newGitHub(w io.Writer, opts EncodeOptions) Encoder {
	return &githubEncoder{base: newBase(w), opts: opts}
}

func (e *githubEncoder) Cache(c Cache) error {
	for i := range c.Features {
		switch f := &c.Features[i]; {
		case f.Status == NonCompliant:
			text := identified(&c, f)
			if f.Remediation != "" {
				text += "; write: " + f.Remediation
			}
			e.command(&c, f, text)
		case f.Status == Unknown && (!f.IsNotObserved() || e.opts.failsRun(f)):
			e.command(&c, f, identified(&c, f)+" ("+reasonText(f)+")")
		}
	}
	for i := range c.Advisories {
		if f := &c.Advisories[i]; f.Status == NonCompliant && e.level(&c, f) != Info || e.opts.failsRun(f) {
			e.command(&c, f, identified(&c, f))
		}
	}
	return nil
}

// identified is a violation in full with the id of its rule, which an exemption names.
func identified(c *Cache, f *Finding) string { return sentence(c, f) + " [" + f.ID + "]" }

func (e *githubEncoder) End(end Closing) error {
	s := end.Summary
	for _, n := range end.Notes {
		e.write("::notice title=" + githubProperty("redisbaseline") + "::" + githubData(n) + "\n")
	}
	e.write("redisbaseline: " + caches(s.Caches) + ", " + Count(s.NonCompliant, "violation", "violations") + ", " +
		Count(s.Unknown-s.NotObserved, "undecided feature", "undecided features") + ", " + itoa(s.NotObserved) + " not observed, " +
		itoa(s.Exempt) + " exempt" + unjudgedClause(s) + "\n")
	return e.finish()
}

func (e *githubEncoder) command(c *Cache, f *Finding, text string) {
	properties := "title=" + githubProperty(e.name(c, f)+": "+c.Label())
	switch at := e.place(c, f); {
	case f.Position != nil:
		properties = "file=" + githubProperty(at.File) + ",line=" + itoa(at.Line) + "," + properties
	case at.File != "":
		properties = "file=" + githubProperty(at.File) + "," + properties
	}
	e.write("::" + e.severity(c, f) + " " + properties + "::" + githubData(text) + "\n")
}

// severity is the name of the command for a finding. A violation that fails the
// run has the command of its severity, and one that does not is no error; any other
// finding that fails the run is a warning.
func (e *githubEncoder) severity(c *Cache, f *Finding) string {
	violation := f.Status == NonCompliant && !f.IsAdvisory()
	switch level := termsOf(e.level(c, f)).github; {
	case e.opts.failsRun(f) && violation:
		return level
	case e.opts.failsRun(f), violation && level == "error":
		return "warning"
	case violation:
		return level
	default:
		return "notice"
	}
}

// Escapes of workflow commands: the runner decodes %25, %0D and %0A in data, and
// %3A and %2C in properties too. Other signs are left to printable, which finds no
// colon in a property.
var (
	githubDataEscapes     = strings.NewReplacer("%", "%25", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r\n", "%0A", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string {
	return githubDataEscapes.Replace(Printable(strings.ReplaceAll(s, "\r\n", "\n")))
}

func githubProperty(s string) string { return printable(githubPropertyEscapes.Replace(s)) }
