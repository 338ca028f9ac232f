package controls

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// Report is one JSON report on caches, without its advisories and catalogue.
type Report struct {
	Name        string // of the file
	Tool        report.Tool
	GeneratedAt time.Time // zero where the report has no date
	Source      report.Source
	Caches      []Cache
	// Unjudged are the Redis resources that were seen and not judged, caches that the plan
	// destroys included.
	Unjudged []report.Unjudged
	Partial  string
	Unseen   []report.Unseen
	Notes    []string

	digest [sha256.Size]byte
}

// Date is the date of the report as JSON has it; empty for none.
func (r *Report) Date() string {
	if r.GeneratedAt.IsZero() {
		return ""
	}
	return r.GeneratedAt.UTC().Format(time.RFC3339Nano)
}

// Cache is one cache of a report.
type Cache struct {
	Identity
	Baseline string
	// Findings are those on the features of the document, control by control; none for a
	// cache that the plan destroys.
	Findings  []report.Finding
	destroyed bool
}

// ReasonNotInReport is the reason of a feature on which a report has no verdict.
const ReasonNotInReport = "not_in_report"

// head is what stands in a report beside its caches.
type head struct {
	FormatVersion string            `json:"format_version"`
	Tool          report.Tool       `json:"tool"`
	GeneratedAt   time.Time         `json:"generated_at"`
	Source        report.Source     `json:"source"`
	Baselines     []report.Baseline `json:"baselines"`
	Unjudged      []report.Unjudged `json:"unjudged"`
	Partial       string            `json:"partial"`
	Unseen        []report.Unseen   `json:"unseen"`
	Notes         []string          `json:"notes"`
}

// strangers are files that somebody may take for a report, by a member that only they have.
var strangers = map[string]string{
	"resource_changes":  planWords,
	"planned_values":    planWords,
	"terraform_version": planWords,
	"resources":         "is a state of Terraform: redisbaseline scan writes the report on caches that exist",
	"runs":              "is SARIF, which is for code scanning; " + instead,
	"tables":            "is a report of redisbaseline migrate, which --baseline of migrate takes; " + instead,
	"frameworks":        "is written by redisbaseline controls, which takes no such file; " + instead,
	"exemptions":        "is a file of exemptions, which --exemptions of check and scan takes; " + instead,
}

const (
	planWords = "is a plan of Terraform, which redisbaseline check judges: " +
		"redisbaseline check --format json=report.json PLAN writes the report"
	instead = "the report is written by check or scan with --format json=FILE"
)

// Read reads a report whose caches were judged by documents of the catalogue. Errors tell
// where, and do not name the report.
func (c *Catalogue) Read(r io.Reader, name string) (*Report, error) {
	hash := sha256.New()
	in := bufio.NewReaderSize(io.TeeReader(r, hash), 64<<10)
	if err := start(in); err != nil {
		return nil, err
	}
	reader := reader{Catalogue: c, dec: jsontext.NewDecoder(in), report: &Report{Name: name}, texts: map[string]string{}}
	if err := reader.read(); err != nil {
		return nil, reader.place(err)
	}
	copy(reader.report.digest[:], hash.Sum(nil))
	return reader.report, nil
}

// start looks at the first bytes, and skips the mark that some editors write there.
func start(in *bufio.Reader) error {
	first, _ := in.Peek(3) // the decoder meets the same error
	switch {
	case len(first) == 0:
		return errors.New("is empty")
	case bytes.HasPrefix(first, []byte("\xff\xfe")), bytes.HasPrefix(first, []byte("\xfe\xff")):
		return errors.New("is UTF-16, as PowerShell writes it: use --format json=FILE instead of redirecting")
	case bytes.HasPrefix(first, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3) // they were there
	case first[0] == '<':
		return errors.New("is XML or HTML; " + instead)
	}
	return nil
}

// reader reads one report, a cache at a time.
type reader struct {
	*Catalogue
	dec    *jsontext.Decoder
	report *Report
	head   head
	caches int               // seen so far
	texts  map[string]string // those that were read, each of which is kept once
	// stranger says what the file is instead; empty while it may be a report.
	stranger string
}

// read reads the whole.
func (r *reader) read() error {
	if kind := r.dec.PeekKind(); kind == '[' {
		return errors.New("is a list and no report: " + instead)
	} else if kind != '{' && kind != 0 {
		return errors.New("is no report: " + instead)
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	members := map[string]any{
		"format_version": &r.head.FormatVersion, "tool": &r.head.Tool, "generated_at": &r.head.GeneratedAt, "source": &r.head.Source,
		"baselines": &r.head.Baselines, "unjudged": &r.head.Unjudged, "partial": &r.head.Partial, "unseen": &r.head.Unseen,
		"notes": &r.head.Notes,
	}
	var wrong error // the first cache or member that is not as it should be: what follows may tell what the file is
	hasCaches := false
	for r.dec.PeekKind() != '}' {
		name, err := r.dec.ReadToken()
		if err != nil {
			return err
		}
		member := name.String()
		r.stranger = cmp.Or(r.stranger, strangers[member])
		into := members[member]
		switch {
		case r.stranger != "":
			return errors.New(r.stranger)
		case member == "caches" && wrong == nil:
			hasCaches = true
			wrong, err = r.readCaches()
		case into != nil && wrong == nil:
			err = json.UnmarshalDecode(r.dec, into)
			var semantic *json.SemanticError
			if errors.As(err, &semantic) {
				return errors.New("is no report: " + member + " does not hold what it should; " + instead)
			}
		default:
			err = r.dec.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	if wrong != nil {
		return wrong
	}
	if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("holds something behind the report, at byte %d: give each report a file of its own", r.dec.InputOffset())
	}
	return r.check(hasCaches)
}

// check looks at the head once everything was read.
func (r *reader) check(hasCaches bool) error {
	switch h := &r.head; {
	case h.FormatVersion == "":
		return errors.New("is no report of redisbaseline: it has no format_version")
	case h.FormatVersion != report.FormatVersion:
		return fmt.Errorf("has the format version %q; this program reads %s: a newer version of this program wrote the report",
			h.FormatVersion, report.FormatVersion)
	case !hasCaches || h.Source.Kind == "":
		return errors.New("is no report: it has no caches or no source; " + instead)
	case !slices.Contains(Kinds, h.Source.Kind):
		return fmt.Errorf("has the unknown kind of source %q: a newer version of this program wrote the report", h.Source.Kind)
	case len(h.Baselines) == 0:
		return errors.New("names no baselines: a version of this program that is older wrote it; judge anew with --format json=FILE")
	}
	out := r.report
	out.Tool, out.GeneratedAt, out.Source = r.head.Tool, r.head.GeneratedAt.UTC(), r.head.Source
	out.Partial, out.Unseen, out.Notes = r.head.Partial, r.head.Unseen, r.head.Notes
	out.Unjudged = append(out.Unjudged, r.head.Unjudged...)
	return nil
}

// readCaches reads the list of caches. Behind a cache that is not as it should be, the rest
// is skipped.
func (r *reader) readCaches() (wrong, err error) {
	if r.dec.PeekKind() != '[' {
		return errors.New("is no report: caches is no list; " + instead), r.dec.SkipValue()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, err
	}
	for r.dec.PeekKind() != ']' {
		if wrong != nil {
			if err := r.dec.SkipValue(); err != nil {
				return nil, err
			}
			continue
		}
		var c report.Cache
		raw, err := r.dec.ReadValue()
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			wrong = errors.New(r.at() + " is no cache" + pointerOf(err) + "; " + instead)
			continue
		}
		wrong = r.add(&c)
		r.caches++
	}
	_, err = r.dec.ReadToken()
	return wrong, err
}

// pointerOf names the member about which an error of JSON is.
func pointerOf(err error) string {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) && semantic.JSONPointer != "" {
		return ": " + string(semantic.JSONPointer) + " does not hold what it should"
	}
	return ""
}

// at is the place of the cache that is read, which has the number r.caches.
func (r *reader) at() string { return "caches[" + strconv.Itoa(r.caches) + "]" }

// add keeps a cache; the error says what of it is not known to this program.
func (r *reader) add(c *report.Cache) error {
	id := Identity{Address: r.textOf(c.Address), Name: r.textOf(c.Name), ResourceID: r.textOf(c.ResourceID), Type: r.text(c.Type)}
	notJudged := func(why string) {
		r.report.Unjudged = append(r.report.Unjudged, report.Unjudged{Address: id.Label(), Type: id.Type, Why: why})
	}
	if c.Baseline == "" {
		notJudged("no baseline is known for its type")
		return nil
	}
	layout := r.documents[c.Baseline]
	if layout == nil {
		return fmt.Errorf("%s was judged by the baseline %q, which this program does not know: a newer version wrote the report",
			r.at(), c.Baseline)
	}
	out := Cache{Identity: id, Baseline: r.text(c.Baseline), destroyed: c.Destroyed()}
	if out.destroyed {
		notJudged("the plan destroys it")
		r.report.Caches = append(r.report.Caches, out)
		return nil
	}
	out.Findings = make([]report.Finding, len(layout.features))
	for i := range c.Features {
		f := &c.Features[i]
		n, known := layout.position[f.ID]
		switch {
		case !known:
			return fmt.Errorf("%s has the unknown feature %q: a newer version of this program wrote the report", r.at(), f.ID)
		case rankOf(StateOf(f)) < 0:
			return fmt.Errorf("%s has the unknown status %q for %s: a newer version of this program wrote the report", r.at(), f.Status, f.ID)
		case out.Findings[n].ID != "":
			return fmt.Errorf("%s has %s twice", r.at(), f.ID)
		}
		r.keep(f)
		out.Findings[n] = *f
	}
	for i := range out.Findings {
		if f := &out.Findings[i]; f.ID == "" {
			reason := ReasonNotInReport
			*f = report.Finding{
				ID: layout.features[i], Status: report.Unknown, Reason: &reason,
				Message: "the report has no verdict on this feature, which another version of redisbaseline judges",
			}
		}
	}
	r.report.Caches = append(r.report.Caches, out)
	return nil
}

// keep replaces the texts of a finding by those that are kept, and drops what is not about
// its state.
func (r *reader) keep(f *report.Finding) {
	f.ID, f.Status, f.Message, f.Since = r.text(f.ID), report.Status(r.text(string(f.Status))), r.text(f.Message), nil
	if f.Reason != nil {
		reason := r.text(*f.Reason)
		f.Reason = &reason
	}
	for i := range f.Evidence {
		e := &f.Evidence[i]
		e.Path, e.State = r.text(e.Path), report.EvidenceState(r.text(string(e.State)))
	}
}

// text is the copy of a text that is kept: reports of many caches repeat theirs.
func (r *reader) text(s string) string {
	kept, ok := r.texts[s]
	if !ok {
		kept = strings.Clone(s)
		r.texts[kept] = kept
	}
	return kept
}

func (r *reader) textOf(s *string) string {
	if s == nil {
		return ""
	}
	return r.text(*s)
}

// place tells where an error of JSON is; it does not quote the file.
func (r *reader) place(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		end := r.dec.InputOffset() + int64(len(r.dec.UnreadBuffer()))
		return fmt.Errorf("ends too early, at byte %d%s: was it written to its end?", end, within(r.dec.StackPointer()))
	case errors.As(err, &syntax) && syntax.ByteOffset == 0:
		return errors.New("is no JSON; " + instead)
	case errors.As(err, &syntax):
		return fmt.Errorf("is no JSON at byte %d%s", syntax.ByteOffset, within(syntax.JSONPointer))
	default:
		return err
	}
}

// within names a member of JSON by its pointer.
func within(p jsontext.Pointer) string {
	if p == "" {
		return ""
	}
	return ", in " + string(p)
}
