package page

import (
	"io"
	"slices"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// jsonBatch is the number of caches that one processor encodes at a time.
const jsonBatch = 32

// writeJSON writes each member on a line of its own, and one cache a line.
func writeJSON(w io.Writer, r *migrate.Report, _ Options) error {
	e := &jsonWriter{w: w}
	e.member("{", "format_version", r.FormatVersion)
	e.member(",", "tool", r.Tool)
	e.member(",", "generated_at", r.GeneratedAt)
	e.member(",", "source", r.Source)
	e.member(",", "tables", r.Tables)
	e.member(",", "catalogue", r.Catalogue)
	e.write([]byte(",\n\"caches\":["))
	separator := "\n"
	for text := range parallel.Ahead(slices.Values(r.Caches), jsonBatch, encodeMove) {
		e.write([]byte(separator))
		e.write(*text)
		buffers.Put(text)
		separator = ",\n"
	}
	e.write([]byte("]"))
	e.member(",", "waves", r.Waves)
	e.member(",", "summary", r.Summary)
	if r.Since != nil {
		e.member(",", "since", r.Since)
	}
	if len(r.Unjudged) > 0 {
		e.member(",", "unjudged", r.Unjudged)
	}
	if r.Partial != "" {
		e.member(",", "partial", r.Partial)
	}
	if len(r.Unseen) > 0 {
		e.member(",", "unseen", r.Unseen)
	}
	if len(r.Notes) > 0 {
		e.member(",", "notes", r.Notes)
	}
	e.write([]byte("\n}\n"))
	return e.err
}

// jsonWriter keeps the first error.
type jsonWriter struct {
	w   io.Writer
	err error
}

// member writes a value that stands once in a report.
func (e *jsonWriter) member(before, name string, value any) {
	text, err := json.Marshal(value, jsontext.AllowInvalidUTF8(true)) // the name of a file may hold any byte
	if e.err == nil {
		e.err = err
	}
	e.write([]byte(before + "\n\"" + name + "\":"))
	if e.err == nil {
		_, e.err = report.JSONWriter(e.w).Write(text)
	}
}

func (e *jsonWriter) write(text []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(text)
	}
}

// object is a value of JSON that is being written. Members are appended by hand, because
// reflection would take most of the time of a report of many caches; a test compares the
// result with that of encoding/json.
type object []byte

// text appends a member; before it stands a comma, or a brace for the first one.
func (o *object) text(name, value string) {
	*o = append(append(*o, name...), ':')
	*o = report.AppendJSON(*o, value)
}

func (o *object) raw(text string) { *o = append(*o, text...) }

func (o *object) optional(name string, value string) {
	if value != "" {
		o.text(name, value)
	}
}

func (o *object) nullable(name string, value *string) {
	if value != nil {
		o.text(name, *value)
		return
	}
	o.raw(name + ":null")
}

func (o *object) bool(name string, value *bool) {
	o.raw(name + ":")
	if value == nil {
		o.raw("null")
		return
	}
	*o = strconv.AppendBool(*o, *value)
}

func (o *object) number(name string, value int) {
	o.raw(name + ":")
	*o = strconv.AppendInt(*o, int64(value), 10)
}

func (o *object) texts(name string, list []string) {
	o.raw(name + ":[")
	for i, text := range list {
		if i > 0 {
			o.raw(",")
		}
		*o = report.AppendJSON(*o, text)
	}
	o.raw("]")
}

func (o *object) position(p *report.Position) {
	if p != nil {
		o.text(`,"position":{"file"`, p.File)
		o.number(`,"line"`, p.Line)
		o.raw("}")
	}
}

// listOf appends a list of objects.
func listOf[T any](o *object, name string, list []T, one func(*object, *T)) {
	o.raw(name + ":[")
	for i := range list {
		if i > 0 {
			o.raw(",")
		}
		one(o, &list[i])
		o.raw("}")
	}
	o.raw("]")
}

// buffers are objects to write into again.
var buffers = sync.Pool{New: func() any { return new(object) }}

// encodeMove is a cache as JSON, in one of the buffers.
func encodeMove(m migrate.Move) *object {
	o, _ := buffers.Get().(*object)
	*o = (*o)[:0]
	o.nullable(`{"address"`, m.Address)
	o.nullable(`,"name"`, m.Name)
	o.nullable(`,"resource_id"`, m.ResourceID)
	o.text(`,"display_name"`, m.DisplayName)
	o.text(`,"type"`, m.Type)
	o.text(`,"service"`, m.Service)
	o.optional(`,"location"`, m.Location)
	o.nullable(`,"change"`, m.Change)
	o.position(m.Position)
	o.text(`,"state"`, string(m.State))
	o.optional(`,"retires"`, m.Retires)
	if m.DaysLeft != nil {
		o.number(`,"days_left"`, *m.DaysLeft)
	}
	o.raw(`,"current":`)
	o.size(&m.Current)
	o.raw("}")
	if m.Target != nil {
		o.target(m.Target)
	}
	listOf(o, `,"differences"`, m.Differences, (*object).difference)
	listOf(o, `,"paths"`, m.Paths, (*object).path)
	listOf(o, `,"remade"`, m.Remade, (*object).remade)
	listOf(o, `,"references"`, m.References, (*object).reference)
	o.text(`,"references_seen"`, m.ReferencesSeen)
	o.raw(`,"before":`)
	o.verdicts(&m.Before)
	if m.After != nil {
		o.raw(`,"after":`)
		o.verdicts(m.After)
	}
	if len(m.Partners) > 0 {
		o.texts(`,"partners"`, m.Partners)
	}
	if m.Wave > 0 {
		o.number(`,"wave"`, m.Wave)
	}
	if len(m.Notes) > 0 {
		o.texts(`,"notes"`, m.Notes)
	}
	o.raw("}")
	return o
}

func (o *object) size(s *sizing.Size) {
	o.text(`{"sku"`, s.SKU)
	o.raw(`,"memory_gb":`)
	*o = strconv.AppendFloat(*o, s.MemoryGB, 'f', -1, 64)
	o.number(`,"vcpus"`, s.VCPUs)
	o.number(`,"connections"`, s.Connections)
	o.bool(`,"preview"`, &s.Preview)
}

func (o *object) target(t *migrate.Target) {
	o.bool(`,"target":{"known"`, &t.Known)
	o.raw(`,"size":`)
	o.size(&t.Size)
	o.text(`},"why"`, t.Why)
	o.text(`,"basis"`, string(t.Basis))
	listOf(o, `,"alternatives"`, t.Alternatives, func(o *object, a *sizing.Alternative) {
		o.size(&a.Size)
		o.text(`,"when"`, a.When)
	})
	o.texts(`,"warnings"`, t.Warnings)
	listOf(o, `,"settings"`, t.Settings, func(o *object, s *migrate.Setting) {
		o.text(`{"name"`, string(s.Name))
		o.text(`,"value"`, s.Value)
		o.text(`,"why"`, s.Why)
	})
	o.raw("}")
}

func (o *object) difference(d *migrate.Difference) {
	o.text(`{"id"`, d.ID)
	o.text(`,"severity"`, string(d.Severity))
	o.bool(`,"certain"`, &d.Certain)
	o.text(`,"message"`, d.Message)
	o.texts(`,"objects"`, d.Objects)
}

func (o *object) path(p *migrate.Path) {
	o.text(`{"id"`, p.ID)
	o.bool(`,"eligible"`, p.Eligible)
	o.texts(`,"reasons"`, p.Reasons)
	o.texts(`,"steps"`, p.StepIDs)
}

func (o *object) remade(m *migrate.Remade) {
	o.text(`{"kind"`, m.Kind)
	o.text(`,"address"`, m.Address)
	o.text(`,"what"`, m.What)
	o.position(m.Position)
}

func (o *object) reference(r *migrate.Reference) {
	o.text(`{"consumer"`, r.Consumer)
	o.optional(`,"argument"`, r.Argument)
	o.text(`,"attribute"`, r.Attribute)
	o.text(`,"action"`, r.Action)
	o.position(r.Position)
}

func (o *object) verdicts(v *migrate.Verdicts) {
	o.text(`{"baseline"`, v.Baseline)
	o.bool(`,"compliant"`, v.Compliant)
	listOf(o, `,"violations"`, v.Violations, (*object).verdict)
	listOf(o, `,"unknown"`, v.Unknown, (*object).verdict)
	listOf(o, `,"advisories"`, v.Advisories, (*object).verdict)
	o.raw("}")
}

func (o *object) verdict(v *migrate.Verdict) {
	o.text(`{"id"`, v.ID)
	o.optional(`,"reason"`, v.Reason)
	o.text(`,"message"`, v.Message)
}
