package controls

import (
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// Control is a control of a document, under which features stand.
type Control struct {
	Baseline string `json:"baseline"` // id of the document
	Service  string `json:"service"`  // as people call it
	ID       string `json:"id"`       // as the document prints it, or as this project puts it where that prints none
	Title    string `json:"title"`    // the same
	V1       Title  `json:"mcsb_v1"`
	V2       Title  `json:"mcsb_v2"`
	// Remark says where the document prints another id or title than the benchmark.
	Remark   string    `json:"remark,omitempty"`
	Mappings []Mapping `json:"mappings"` // a framework that is not there: not known
	Features []string  `json:"features"` // ids
}

// Title is a control in a version of the benchmark.
type Title struct {
	ID    string `json:"id"`
	Title string `json:"title"` // empty where it is not known
}

// IDsIn are the counterparts in a framework; known is false where nothing is known of them.
func (c *Control) IDsIn(framework string) (ids []string, known bool) {
	for _, m := range c.Mappings {
		if m.Framework == framework {
			return m.IDs, true
		}
	}
	return nil, false
}

// Catalogue are the controls of documents.
type Catalogue struct {
	Controls  []Control
	documents map[string]*layout // by id
}

// layout is the order in which the findings of a cache are kept: control by control.
type layout struct {
	controls []int          // of Catalogue.Controls
	start    []int          // of each control among the findings; one more for the end
	position map[string]int // of a feature, by its id
	features []string
	other    map[string]bool // ids of advisories
}

// Of returns the controls of documents, in their order.
func Of(documents baseline.Documents) *Catalogue {
	c := &Catalogue{documents: map[string]*layout{}}
	for _, d := range documents {
		l := &layout{position: map[string]int{}, other: map[string]bool{}}
		c.documents[d.ID] = l
		number := map[string]int{} // of a control, by its id
		for i := range d.Features {
			e := &d.Features[i]
			n, seen := number[e.Control]
			if !seen {
				n = len(c.Controls)
				number[e.Control] = n
				l.controls = append(l.controls, n)
				c.Controls = append(c.Controls, Control{
					Baseline: d.ID, Service: d.Service.Name, ID: e.Control, Title: e.ControlTitle,
					V1:     Title{e.Controls.V1, baseline.TitleV1(e.Controls.V1)},
					V2:     Title{e.Controls.V2, baseline.TitleV2(e.Controls.V2)},
					Remark: remark(d, e), Mappings: mappings(e.Controls),
				})
			}
			c.Controls[n].Features = append(c.Controls[n].Features, e.ID)
		}
		for _, n := range l.controls {
			l.start = append(l.start, len(l.features))
			for _, id := range c.Controls[n].Features {
				l.position[id] = len(l.features)
				l.features = append(l.features, id)
			}
		}
		l.start = append(l.start, len(l.features))
		for i := range d.Advisories {
			l.other[d.Advisories[i].ID] = true
		}
	}
	return c
}

// remark says where a document, or the ids of its rules, and the benchmark differ.
func remark(d *baseline.Document, e *baseline.Entry) string {
	switch {
	case e.Controls.V1 != e.Controls.V2 && e.Control == e.Controls.V1:
		return "The document prints " + e.Control + " with the title of " + e.Controls.V2 + ". The mapping of version 1 is that of " +
			e.Controls.V1 + ", the one of version 2 that of " + e.Controls.V2 + "."
	case e.Controls.V1 != e.Controls.V2:
		return "Version 1 of the benchmark, as Microsoft's document on Azure Cache for Redis uses it, has this feature under " + e.Controls.V1 +
			", and so has its id. The mapping of version 1 is that of " + e.Controls.V1 + ", the one of version 2 that of " + e.Controls.V2 + "."
	case d.OurControls && baseline.TitleV2(e.Control) == "":
		return "The title is that of version 1 of the benchmark: the one of version 2 is not known."
	case e.ControlTitle != baseline.TitleV1(e.Controls.V1) && !d.OurControls:
		return "The document's title is not that of the benchmark."
	default:
		return ""
	}
}

// State is the state of a control for a cache: the worst of its features.
type State string

// The states, the worst first.
const (
	NonCompliant  = State(report.NonCompliant)
	Unknown       = State(report.Unknown)
	NotObserved   = State(report.ReasonNotObserved) // unknown because the source shows nothing of it
	Exempt        = State(report.Exempt)
	Compliant     = State(report.Compliant)
	NotApplicable = State(report.NotApplicable)
	NotSupported  = State(report.NotSupported)
)

// States are all states, the worst first.
var States = []State{NonCompliant, Unknown, NotObserved, Exempt, Compliant, NotApplicable, NotSupported}

// rankOf is the position of a state in States; negative for none of them.
func rankOf(s State) int { return slices.Index(States, s) }

// StateOf is the state of a feature.
func StateOf(f *report.Finding) State {
	if f.IsNotObserved() {
		return NotObserved
	}
	return State(f.Status)
}

// worst is the state of a control with these findings.
func worst(findings []report.Finding) State {
	state := NotSupported
	for i := range findings {
		if s := StateOf(&findings[i]); rankOf(s) < rankOf(state) {
			state = s
		}
	}
	return state
}
