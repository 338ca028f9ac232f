package report

import (
	"io"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// jsonEncoder writes format version 1.0, one cache a line. It appends members by
// hand, because reflection would take most of the time of a report of many caches;
// a test compares the output with that of encoding/json.
type jsonEncoder struct {
	w        io.Writer
	forState bool // without catalogue and time
	buf      []byte
	several  bool // inputs
	begun    bool // a cache has been written
	err      error
}

// flushAt is the number of bytes that are gathered before they are written.
const flushAt = 64 << 10

func newJSON(w io.Writer, opts EncodeOptions) Encoder {
	return &jsonEncoder{w: w, forState: opts.ForState}
}

func (e *jsonEncoder) Begin(header Report) error {
	e.key("{\n", "format_version")
	e.str(header.FormatVersion)
	e.key(",\n", "tool")
	e.reflect(header.Tool)
	if !e.forState && !header.GeneratedAt.IsZero() {
		e.key(",\n", "generated_at")
		e.reflect(header.GeneratedAt)
	}
	e.key(",\n", "source")
	e.reflect(header.Source)
	e.several = len(header.Source.Inputs) > 1
	e.key(",\n", "caches")
	e.raw("[")
	return e.flush(true)
}

func (e *jsonEncoder) Cache(c Cache) error {
	if e.begun {
		e.raw(",")
	}
	e.begun = true
	e.key("\n{", "address")
	e.strOrNull(c.Address)
	e.raw(`,"name":`)
	e.strOrNull(c.Name)
	e.raw(`,"resource_id":`)
	e.strOrNull(c.ResourceID)
	e.raw(`,"type":`)
	e.word(c.Type)
	e.raw(`,"baseline":`)
	e.word(c.Baseline)
	e.raw(`,"change":`)
	e.strOrNull(c.Change)
	if e.several && c.Input != "" {
		e.raw(`,"input":`)
		e.str(c.Input)
	}
	e.raw(`,"compliant":`)
	if c.Compliant == nil {
		e.raw("null")
	} else {
		e.buf = strconv.AppendBool(e.buf, *c.Compliant)
	}
	e.raw(`,"features":`)
	e.findings(c.Features)
	e.raw(`,"advisories":`)
	e.findings(c.Advisories)
	e.position(c.Position)
	e.list(",", "missing_actions", c.MissingActions)
	e.list(",", "notes", c.Notes)
	e.raw("}")
	return e.flush(false)
}

func (e *jsonEncoder) End(end Closing) error {
	if e.begun {
		e.raw("\n")
	}
	e.raw("]")
	e.key(",\n", "summary")
	e.reflect(end.Summary)
	e.key(",\n", "baselines")
	e.reflect(end.Baselines)
	if !e.forState && len(end.Catalogue) > 0 {
		e.key(",\n", "catalogue")
		e.raw("[")
		for i, entry := range end.Catalogue {
			if i > 0 {
				e.raw(",")
			}
			e.raw("\n")
			e.reflect(entry)
		}
		e.raw("]")
	}
	if len(end.Unjudged) > 0 {
		e.key(",\n", "unjudged")
		e.reflect(end.Unjudged)
	}
	if end.Partial != "" {
		e.key(",\n", "partial")
		e.str(end.Partial)
	}
	if len(end.Unseen) > 0 {
		e.key(",\n", "unseen")
		e.reflect(end.Unseen)
	}
	e.list(",\n", "notes", end.Notes)
	e.raw("\n}\n")
	return e.flush(true)
}

func (e *jsonEncoder) findings(findings []Finding) {
	e.raw("[")
	for i := range findings {
		f := &findings[i]
		if i > 0 {
			e.raw(",")
		}
		e.raw(`{"id":`)
		e.word(f.ID)
		e.raw(`,"status":`)
		e.word(string(f.Status))
		if f.Reason != nil || !e.forState {
			e.raw(`,"reason":`)
			e.strOrNull(f.Reason)
		}
		if f.Since != nil || !e.forState {
			e.raw(`,"since":`)
			e.strOrNull((*string)(f.Since))
		}
		if f.Status != NotSupported || !e.forState {
			e.raw(`,"message":`)
			e.str(f.Message)
		}
		if !e.forState || f.hasEvidenceInState() {
			e.raw(`,"evidence":`)
			e.evidence(f.Evidence)
		}
		e.position(f.Position)
		e.exemption(f.Exemption)
		e.raw("}")
	}
	e.raw("]")
}

func (e *jsonEncoder) exemption(x *Exemption) {
	if x == nil {
		return
	}
	e.raw(`,"exemption":{"category":`)
	e.str(x.Category)
	if x.ExpiresOn != "" {
		e.raw(`,"expires_on":`)
		e.str(x.ExpiresOn)
	}
	if x.ApprovedBy != "" {
		e.raw(`,"approved_by":`)
		e.str(x.ApprovedBy)
	}
	e.raw(`,"description":`)
	e.str(x.Description)
	e.position(x.Position)
	e.raw("}")
}

// hasEvidenceInState reports whether the state keeps the evidence of a finding: that
// of every feature that applies, and of advisories that are not followed.
func (f *Finding) hasEvidenceInState() bool {
	switch {
	case len(f.Evidence) == 0, f.Status == NotApplicable:
		return false
	case f.IsAdvisory():
		return f.Status == NonCompliant || f.Status == Exempt
	default:
		return true
	}
}

func (e *jsonEncoder) evidence(evidence []Evidence) {
	e.raw("[")
	for i := range evidence {
		ev := &evidence[i]
		if i > 0 {
			e.raw(",")
		}
		e.raw(`{"path":`)
		e.str(ev.Path)
		if len(ev.Value) > 0 && ev.State != EvidenceSensitive {
			e.raw(`,"value":`)
			e.buf = append(e.buf, escapeCommands(ev.Value)...)
		}
		e.raw(`,"state":`)
		e.word(string(ev.State))
		if ev.Undocumented {
			e.raw(`,"undocumented":true`)
		}
		e.raw("}")
	}
	e.raw("]")
}

func (e *jsonEncoder) position(p *Position) {
	if p == nil {
		return
	}
	e.raw(`,"position":`)
	e.raw(`{"file":`)
	e.str(p.File)
	e.raw(`,"line":`)
	e.buf = strconv.AppendInt(e.buf, int64(p.Line), 10)
	e.raw("}")
}

func (e *jsonEncoder) list(before, name string, texts []string) {
	if len(texts) == 0 {
		return
	}
	e.key(before, name)
	e.raw("[")
	for i, text := range texts {
		if i > 0 {
			e.raw(",")
		}
		e.str(text)
	}
	e.raw("]")
}

func (e *jsonEncoder) key(before, name string) {
	e.buf = append(e.buf, before...)
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, name...)
	e.buf = append(e.buf, '"', ':')
}

func (e *jsonEncoder) raw(s string) { e.buf = append(e.buf, s...) }

func (e *jsonEncoder) str(s string) { e.buf = AppendJSON(e.buf, s) }

// AppendJSON appends a string as JSON, without commands to readers of a log; invalid
// UTF-8 becomes the replacement character. Most strings need no escape and are copied.
func AppendJSON(b []byte, s string) []byte {
	if isPlain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	at := len(b)
	b, _ = jsontext.AppendQuote(b, s)
	if quoted := b[at:]; mayHoldCommand(quoted) {
		b = append(b[:at], escapeCommands(quoted)...)
	}
	return b
}

// word appends a string that needs no escape.
func (e *jsonEncoder) word(s string) {
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, s...)
	e.buf = append(e.buf, '"')
}

func (e *jsonEncoder) strOrNull(s *string) {
	if s == nil {
		e.raw("null")
		return
	}
	e.str(*s)
}

// reflect appends a value that stands once in a report.
func (e *jsonEncoder) reflect(v any) {
	raw, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true)) // the name of a file may hold any byte
	if err != nil && e.err == nil {
		e.err = err
	}
	e.buf = append(e.buf, escapeCommands(raw)...)
}

func (e *jsonEncoder) flush(always bool) error {
	if e.err != nil {
		return e.err
	}
	if !always && len(e.buf) < flushAt {
		return nil
	}
	_, e.err = e.w.Write(e.buf)
	e.buf = e.buf[:0]
	return e.err
}
