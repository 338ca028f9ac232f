package fix

import (
	"fmt"
	"path"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// Judged is a cache with its verdicts.
type Judged struct {
	Cache  *posture.Cache
	Report report.Cache
	// Exists is the cache before a plan that leaves it where it is; nil for one that the plan
	// makes, and without a plan.
	Exists *posture.Cache
}

// finding is the finding of a rule; nil where there is none.
func (j *Judged) finding(id string) *report.Finding {
	for _, list := range [][]report.Finding{j.Report.Features, j.Report.Advisories} {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
	}
	return nil
}

// Job is a configuration with the violations to mend.
type Job struct {
	Documents baseline.Documents
	Config    *tfconfig.Configuration
	// Base is the directory of the root module, as reports name it.
	Base string
	// Versions are those of azurerm that the configuration may take; UnknownVersion says,
	// for people, that none of them is known.
	Versions       []providerschema.Version
	UnknownVersion string
	// Planned says that Mend are the caches whose violations are to be mended, as a plan has
	// them; else they are those of the configuration alone.
	Planned bool
	Mend    []Judged
	// Suggest asks for suggestions and replacements too, which people accept one by one.
	Suggest bool
	// Callers finds the directories that call a module, or the root module, and that the root
	// module does not call; all are relative to its directory.
	Callers func(module string) ([]string, error)
	// Judge judges the configuration alone, with other contents of some of its files.
	Judge func(edited map[string][]byte) ([]Judged, error)
	// JudgeOpen does so whatever the root variables and the workspace are: what is written counts
	// for all values of them.
	JudgeOpen func(edited map[string][]byte) ([]Judged, error)
}

// Result is what can be mended, and what is left.
type Result struct {
	Files  Files
	Mended []Mended
	Left   []Left
	// Callers are directories that call the root module as a module, and share its changes.
	Callers []string

	replacements map[finding][]report.Replacement
}

// Mended is a setting that is written, with the violations that it is against.
type Mended struct {
	Cache   string
	IDs     []string
	Setting string // the argument with its value
	Effect  string // on a running cache; empty for nothing
	// At is where the argument stands, or the block that gets it; AtAfter is where the argument
	// stands in the files that are mended.
	At, AtAfter report.Position
	// Fix is the change for a report.
	Fix report.Fix
	// Hidden says that the diff leaves it out: its lines may hold a secret.
	Hidden bool
}

// Left is a violation that stays, and why.
type Left struct {
	Cache, ID string
	Why       string
	Write     string // what a person may write; empty where Why says it
	Paste     string // blocks to paste; empty for none
	// At is where the value comes from, else the line that decides; AtAfter is that line in
	// the files that are mended, nil for another one.
	At, AtAfter *report.Position
	refused     bool // Why names what would mend it
}

// FixesOf are the changes that are against a violation.
func (r *Result) FixesOf(address, id string) (out []report.Fix) {
	for _, m := range r.Mended {
		if m.Cache == address && slices.Contains(m.IDs, id) {
			out = append(out, m.Fix)
		}
	}
	return out
}

// ReplacementsOf are what mends a violation as far as can be, replaced together.
func (r *Result) ReplacementsOf(address, id string) []report.Replacement {
	return r.replacements[finding{address, id}]
}

// LeftOf is why a violation stays, where there is more to say than that no literal mends it.
func (r *Result) LeftOf(address, id string) (out []report.Unmended) {
	for _, l := range r.Left {
		if l.Cache == address && l.ID == id && l.Why != noLiteral {
			out = append(out, report.Unmended{Why: l.Why, At: l.At, Paste: l.Paste})
		}
	}
	return out
}

// noLiteral is why a violation stays against which no rule has a literal.
const noLiteral = "no literal mends it"

// run is a job that is being done.
type run struct {
	*Job
	result  Result
	data    map[string][]byte // files as they are, by name
	changes []*change
	refused map[finding][]Left
	takers  *takers           // nil until they are asked for
	found   map[string]Judged // as the configuration is, by address
	exist   map[string]Judged // as the plan has them, by address
}

// finding tells the findings of a job apart.
type finding struct{ address, id string }

// Run finds out what can be mended. Nothing is written.
func (j *Job) Run() (*Result, error) {
	before, err := j.Judge(nil)
	if err != nil {
		return nil, err
	}
	r := &run{Job: j, data: map[string][]byte{}, refused: map[finding][]Left{}}
	r.found, r.exist = byAddress(before), byAddress(j.Mend)
	mend := j.Mend
	if !j.Planned {
		mend = before
	}
	for _, c := range mend {
		for f, entry := range r.violations(c) {
			r.propose(c, f, entry)
		}
	}
	for {
		edited, dropped := r.edit()
		after := before
		if len(edited) > 0 {
			if after, err = r.judge(edited); err != nil {
				return nil, fmt.Errorf("after the fix: %w", err)
			}
		}
		refused, err := r.examine(before, after, edited)
		if err != nil {
			return nil, err
		}
		if !dropped && !refused {
			suggestions := map[*change]*report.Suggestion{}
			if j.Suggest {
				if suggestions, err = r.suggest(before); err != nil {
					return nil, err
				}
				if err = r.replace(before); err != nil {
					return nil, err
				}
			}
			r.finish(mend, after, edited, suggestions)
			r.result.Callers, err = r.callers()
			return &r.result, err
		}
	}
}

// violations are the findings of a cache that count against it, with their rules.
func (r *run) violations(c Judged) func(yield func(*report.Finding, *baseline.Entry) bool) {
	return func(yield func(*report.Finding, *baseline.Entry) bool) {
		document := r.Documents.For(c.Cache.Type)
		for _, list := range [][]report.Finding{c.Report.Features, c.Report.Advisories} {
			for i := range list {
				f := &list[i]
				if f.Status == report.NonCompliant && !yield(f, document.Entry(f.ID)) {
					return
				}
			}
		}
	}
}

// leave notes why a part of a violation stays, and what a person may write against it.
func (r *run) leave(c Judged, f *report.Finding, why, write string, at *report.Position) {
	key := finding{c.Cache.Address, f.ID}
	r.refused[key] = append(r.refused[key], Left{Cache: c.Cache.Address, ID: f.ID, Why: why, Write: write, At: at})
}

// position is a position of the configuration as reports have it.
func (r *run) position(at tfconfig.Position) *report.Position {
	return &report.Position{File: path.Join(r.Base, at.File), Line: at.Line}
}

func byAddress(judged []Judged) map[string]Judged {
	out := map[string]Judged{}
	for _, c := range judged {
		out[c.Cache.Address] = c
	}
	return out
}
