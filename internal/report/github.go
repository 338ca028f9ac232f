package report

import (
	"io"
	"math"
	"strings"
)

// githubEncoder writes workflow commands of GitHub Actions, one line per
// violation, and a line with the totals. Only findings that fail the run are errors.
// The worst come first, because GitHub shows ten commands of a kind for each step.
type githubEncoder struct {
	base
	opts    EncodeOptions
	counts  verdicts
	failing int // findings that fail the run
	texts   allTexts
	text    strings.Builder // commands about one cache
}

func newGitHub(w io.Writer, opts EncodeOptions) Encoder {
	return &githubEncoder{base: newBase(w), opts: opts}
}

func (e *githubEncoder) Cache(c Cache) error {
	r := e.rank(&c)
	r.failing = e.base.failing(&c, e.opts.failsRun)
	e.failing += r.failing
	e.counts.add(&c)
	e.text.Reset()
	features := e.worstFirst(&c, c.Features)
	for i := range features {
		switch f := &features[i]; {
		case f.Status == NonCompliant:
			e.command(&c, f, identified(f)+e.remedy(f))
		case f.Status == Unknown && (!f.IsNotObserved() || e.opts.failsRun(f)):
			e.command(&c, f, identified(f)+" ("+reasonText(f)+")"+e.remedy(f))
		}
	}
	advisories := e.worstFirst(&c, c.Advisories)
	for i := range advisories {
		if f := &advisories[i]; f.Status == NonCompliant && e.level(&c, f) != Info || e.opts.failsRun(f) {
			e.command(&c, f, identified(f)+e.remedy(f))
		}
	}
	e.texts.add(r, []byte(e.text.String()))
	return nil
}

// identified is a message with the id of its rule, which an exemption names.
func identified(f *Finding) string { return f.Message + " [" + f.ID + "]" }

// remedy is what to write against a violation, or what else fails the run, on lines of its own.
func (e *githubEncoder) remedy(f *Finding) string {
	if f.Remediation == "" || !e.opts.failsRun(f) && (f.Status != NonCompliant || f.IsAdvisory()) {
		return ""
	}
	return "\nwrite: " + strings.Join(WrapRemedy(f.Remediation, math.MaxInt), "\n")
}

func (e *githubEncoder) End(end Closing) error {
	if err := e.texts.writeTo(e.out); err != nil {
		return err
	}
	s := end.Summary
	for _, n := range end.Notes {
		e.write("::notice title=" + githubProperty("redisbaseline") + "::" + githubData(n) + "\n")
	}
	e.write("redisbaseline: " + caches(s.Caches) + ", " + Count(s.NonCompliant, "violation", "violations") + ", " +
		Count(s.Unknown-s.NotObserved, "undecided feature", "undecided features") + ", " + itoa(s.NotObserved) + " not observed, " +
		itoa(s.Exempt) + " exempt" + unjudgedClause(s) + ": " + strings.ToLower(e.runVerdict(end, e.failing, e.counts).Word) + "\n")
	return e.finish()
}

func (e *githubEncoder) command(c *Cache, f *Finding, text string) {
	properties := "title=" + githubProperty(e.name(c, f)+": "+e.shortLabel(c))
	switch at := e.place(c, f); {
	case f.Position != nil:
		properties = "file=" + githubProperty(at.File) + ",line=" + itoa(at.Line) + "," + properties
	case at.File != "":
		properties = "file=" + githubProperty(at.File) + "," + properties
	}
	e.text.WriteString("::" + e.severity(c, f) + " " + properties + "::" + githubData(text) + "\n")
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
