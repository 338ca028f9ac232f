package fix

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// Judged is a cache with its verdicts.
type Judged struct {
	Cache  *posture.Cache
	Report report.Cache
}

// Job is a configuration with the violations to mend.
type Job struct {
	Documents baseline.Documents
	Config    *tfconfig.Configuration
	// Base is the directory of the root module, as reports name it.
	Base string
	// Generations are the major versions of azurerm that the configuration may take.
	Generations []int
	// Planned says that Mend are the caches whose violations are to be mended, as a plan has
	// them; else they are those of the configuration alone.
	Planned bool
	Mend    []Judged
	// Directories finds those below that of the root module that hold configuration.
	Directories func() (tfconfig.Directories, error)
	// Judge judges the configuration alone, with other contents of some of its files.
	Judge func(edited map[string][]byte) ([]Judged, error)
}

// Result is what can be mended, and what is left.
type Result struct {
	Files  Files
	Mended []Mended
	Left   []Left
}

// Mended is a setting that is written, with the violations that it is against.
type Mended struct {
	Cache   string
	IDs     []string
	Setting string // the argument with its value
	Effect  string // on a running cache; empty for nothing
	At      report.Position
	// Fix is the change alone, of the file as it is.
	Fix report.Fix
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

// change is one argument that is to have a literal, for all instances of a resource.
type change struct {
	file    string
	index   int
	path    []string
	literal string
	schema  *providerschema.Block
	setting *baseline.Setting
	block   string              // a nested block that is made; empty for none
	caches  map[string][]string // ids of rules, by the address of a cache
}

func (c *change) label() string { return strings.Join(c.path, ".") + " = " + c.literal }

// run is a job that is being done.
type run struct {
	*Job
	result      Result
	data        map[string][]byte // files as they are, by name
	changes     []*change
	refused     map[finding][]Left
	directories *tfconfig.Directories // nil until they are asked for
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
			if after, err = j.Judge(edited); err != nil {
				return nil, fmt.Errorf("after the fix: %w", err)
			}
		}
		refused, err := r.examine(before, after)
		if err != nil {
			return nil, err
		}
		if !dropped && !refused {
			r.finish(mend, after, edited)
			return &r.result, nil
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

// leave notes why a violation stays.
func (r *run) leave(c Judged, f *report.Finding, why string, at *report.Position) {
	key := finding{c.Cache.Address, f.ID}
	r.refused[key] = append(r.refused[key], Left{Cache: c.Cache.Address, ID: f.ID, Why: why, At: at})
}

// propose adds the changes that mend a violation.
func (r *run) propose(c Judged, f *report.Finding, entry *baseline.Entry) {
	for _, remedy := range entry.RemediesOf(f.Parts) {
		if remedy.Set == nil {
			continue
		}
		made, at, err := r.change(c.Cache, remedy.Set)
		if err != nil {
			r.leave(c, f, err.Error(), at)
			continue
		}
		i := slices.IndexFunc(r.changes, func(o *change) bool {
			return o.file == made.file && o.index == made.index && slices.Equal(o.path, made.path)
		})
		if i < 0 {
			i, r.changes = len(r.changes), append(r.changes, made)
		}
		ids := r.changes[i].caches[c.Cache.Address]
		if !slices.Contains(ids, f.ID) {
			r.changes[i].caches[c.Cache.Address] = append(ids, f.ID)
		}
	}
}

// change is the change that gives a fact of a cache a value; an error says why there is
// none, and perhaps where the value comes from.
func (r *run) change(c *posture.Cache, s *baseline.Setting) (*change, *report.Position, error) {
	term, ofDatabase, ok := vocabulary.OfCache(c).Written(c.Dialect, c, s.Fact(c))
	switch {
	case c.Dialect == posture.DialectEnterprise:
		return nil, nil, errors.New("azurerm_redis_enterprise_cluster and _database replace what this changes, with its data")
	case !ok:
		return nil, nil, errors.New("the resource has no argument for it")
	}
	declaration, ok := r.Config.Declaration(c.Address)
	if ofDatabase && c.Places != nil {
		at := c.Places.Facts["databases/default"]
		within, err := filepath.Rel(r.Base, at.File)
		if declaration, ok = r.Config.DeclarationAt(tfconfig.Position{File: filepath.ToSlash(within), Line: at.Line}); !ok || err != nil {
			return nil, nil, errors.New("the resource of its database is not found in the configuration")
		}
	}
	if !ok {
		return nil, nil, errors.New("its resource is not found in the configuration")
	}
	fragments, err := declaration.Fragments()
	if err != nil {
		return nil, nil, err
	}
	made := &change{
		path: strings.Split(term.Path, "."), literal: term.Literal(s.Value), setting: s, caches: map[string][]string{},
	}
	at := fragments[0]
	for _, fragment := range fragments {
		block, err := blockOf(fragment.Data, fragment.Index)
		if err != nil {
			return nil, nil, err
		}
		if writes(block.Body, made.path) {
			at = fragment
		}
		if alias := strings.Split(term.Alias, "."); find(block.Body, alias) != nil {
			at, made.path = fragment, alias
		}
	}
	made.file, made.index = at.File, at.Index
	if line, ok := declaration.Ignored(made.path); ok {
		return nil, r.position(line), fmt.Errorf("lifecycle ignores changes of %s: a cache that exists keeps what it has",
			strings.Join(made.path, "."))
	}
	if !filepath.IsLocal(filepath.FromSlash(at.File)) {
		return nil, nil, fmt.Errorf("%s is outside the directory of the root module", path.Join(r.Base, at.File))
	}
	if err := r.calledBeside(path.Dir(at.File)); err != nil {
		return nil, nil, err
	}
	if made.schema, err = r.schema(declaration.Type(), made.path); err != nil {
		return nil, nil, err
	}
	r.data[at.File] = at.Data
	if block, err := blockOf(at.Data, at.Index); err == nil && made.schema != nil && made.schema.Nested(made.path[0]) != nil &&
		!writes(block.Body, made.path) {
		made.block = made.path[0]
	}
	_, err = Set(at.Data, made.index, made.path, made.literal, made.schema)
	var computed *notLiteral
	if errors.As(err, &computed) {
		origin := declaration.Origin(computed.expr)
		return nil, r.position(tfconfig.Position{File: cmp.Or(origin.File, at.File), Line: origin.Line}), err
	}
	return made, nil, err
}

// calledBeside is an error where another root module below the directory calls a module too.
func (r *run) calledBeside(module string) error {
	if module == "." {
		return nil
	}
	if r.directories == nil {
		found, err := r.Directories()
		if err != nil {
			return err
		}
		r.directories = &found
	}
	callers := r.directories.CallersBeside(module)
	if len(callers) == 0 {
		return nil
	}
	others := ""
	if n := len(callers) - 1; n > 0 {
		others = fmt.Sprintf(" (and %d more)", n)
	}
	return fmt.Errorf("%s%s calls %s too, and would share the change", path.Join(r.Base, callers[0]), others, path.Join(r.Base, module))
}

// position is a position of the configuration as reports have it.
func (r *run) position(at tfconfig.Position) *report.Position {
	return &report.Position{File: path.Join(r.Base, at.File), Line: at.Line}
}

// writes reports whether a body has an argument, or the first block of its path.
func writes(body *hclsyntax.Body, path []string) bool {
	if body.Attributes[path[0]] != nil {
		return true
	}
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool {
		dynamic := b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == path[0]
		return dynamic || b.Type == path[0] && len(path) > 1
	})
}

// since are the versions of azurerm that brought an argument, where that was not the first of
// a generation. Source: CHANGELOG of azurerm.
var since = map[string]string{
	"azurerm_redis_cache.redis_configuration.active_directory_authentication_enabled": "3.83.0",
	"azurerm_managed_redis.public_network_access":                                     "4.53.0",
}

// tooOld is an error where the lock file names a version of azurerm without an argument.
func (r *run) tooOld(typ string, path []string) error {
	argument := strings.Join(path, ".")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		locked, err := version.NewVersion(r.Config.ProviderVersion(host + "/hashicorp/azurerm").Locked)
		if first := since[typ+"."+argument]; first != "" && err == nil && locked.LessThan(version.Must(version.NewVersion(first))) {
			return fmt.Errorf("azurerm %s, which .terraform.lock.hcl names, has no argument %s: it came with %s", locked, argument, first)
		}
	}
	return nil
}

// schema is that of a resource type; an error tells a version of azurerm that lacks the
// argument. A type of azapi has none.
func (r *run) schema(typ string, path []string) (schema *providerschema.Block, err error) {
	if own := providerschema.Own()[typ]; own != nil {
		return &own.Block, nil
	}
	if !strings.HasPrefix(typ, "azurerm_") {
		return nil, nil
	}
	for _, generation := range r.Generations {
		resource := providerschema.Azurerm(generation)[typ]
		if resource == nil {
			return nil, fmt.Errorf("azurerm %d has no %s", generation, typ)
		}
		schema = &resource.Block
		block := schema
		for _, name := range path {
			if block == nil || !block.Has(name) {
				return nil, fmt.Errorf("azurerm %d, which the configuration may take, has no argument %s", generation, strings.Join(path, "."))
			}
			block = block.Nested(name)
		}
	}
	return schema, r.tooOld(typ, path)
}

// edit makes all changes; dropped says that some could not be made beside the others.
func (r *run) edit() (edited map[string][]byte, dropped bool) {
	edited = map[string][]byte{}
	r.changes = slices.DeleteFunc(r.changes, func(c *change) bool {
		data, ok := edited[c.file]
		if !ok {
			data = r.data[c.file]
		}
		out, err := Set(data, c.index, c.path, c.literal, c.schema)
		if err != nil {
			r.refuse(c, err.Error())
			dropped = true
			return true
		}
		edited[c.file] = out
		return false
	})
	return edited, dropped
}

// refuse notes of all violations that a change is against why it is not made.
func (r *run) refuse(c *change, why string) {
	for address, ids := range c.caches {
		for _, id := range ids {
			key := finding{address, id}
			r.refused[key] = append(r.refused[key], Left{Cache: address, ID: id, refused: true,
				Why: c.label() + " is not written: " + why})
		}
	}
}

// examine refuses changes that do harm, that have no effect, or that bring a violation, and
// reports whether it refused any.
func (r *run) examine(before, after []Judged) (refused bool, err error) {
	caches := byAddress(after)
	r.changes = slices.DeleteFunc(r.changes, func(c *change) bool {
		for _, address := range slices.Sorted(maps.Keys(c.caches)) {
			why := harm(c, caches[address])
			if why != "" {
				r.refuse(c, why)
				refused = true
				return true
			}
		}
		return false
	})
	if refused {
		return true, nil
	}
	brought := newViolations(before, after)
	if len(brought) == 0 {
		return false, nil
	}
	for _, b := range brought {
		for i, c := range r.changes {
			without := slices.Delete(slices.Clone(r.changes), i, i+1)
			alone := run{Job: r.Job, data: r.data, changes: without, refused: map[finding][]Left{}}
			edited, _ := alone.edit()
			then, err := r.Judge(edited)
			if err != nil {
				return false, err
			}
			if !slices.ContainsFunc(newViolations(before, then), func(o violation) bool { return o.finding == b.finding }) {
				r.refuse(c, "it would newly violate "+b.id+" of "+b.address+": "+b.message)
				r.changes = without
				return true, nil
			}
		}
	}
	for _, c := range r.changes { // together they bring what none of them brings alone
		r.refuse(c, "it would newly violate "+brought[0].id+" of "+brought[0].address+": "+brought[0].message)
	}
	r.changes = nil
	return true, nil
}

// harm says what speaks against a change, given a cache that has it.
func harm(c *change, after Judged) string {
	if after.Cache == nil {
		return "the configuration alone does not show the cache"
	}
	if c.setting.Harm != nil {
		if why := c.setting.Harm(after.Cache); why != "" {
			return why
		}
	}
	is := false
	switch v := c.setting.Fact(after.Cache).(type) {
	case *posture.Value[bool]:
		is = v.IsKnown() && any(v.V) == c.setting.Value
	case *posture.Value[string]:
		is = v.IsKnown() && any(v.V) == c.setting.Value
	}
	if !is {
		return "something else decides the value"
	}
	return ""
}

// violation is a finding that counts against a cache.
type violation struct {
	finding
	message string
}

// newViolations are the violations that were none before.
func newViolations(before, after []Judged) (brought []violation) {
	was := map[finding]bool{}
	for _, c := range before {
		for _, list := range [][]report.Finding{c.Report.Features, c.Report.Advisories} {
			for _, f := range list {
				was[finding{c.Cache.Address, f.ID}] = f.Status == report.NonCompliant || f.Status == report.Exempt
			}
		}
	}
	for _, c := range after {
		for _, list := range [][]report.Finding{c.Report.Features, c.Report.Advisories} {
			for _, f := range list {
				if key := (finding{c.Cache.Address, f.ID}); f.Status == report.NonCompliant && !was[key] {
					brought = append(brought, violation{key, f.Message})
				}
			}
		}
	}
	return brought
}

func byAddress(judged []Judged) map[string]Judged {
	out := map[string]Judged{}
	for _, c := range judged {
		out[c.Cache.Address] = c
	}
	return out
}

// finish tells what the changes mend, and what is left.
func (r *run) finish(mend, after []Judged, edited map[string][]byte) {
	for _, name := range slices.Sorted(maps.Keys(edited)) {
		r.result.Files = append(r.result.Files, File{Name: name, Before: r.data[name], After: edited[name]})
	}
	for _, c := range r.changes {
		line := 1
		if block, err := blockOf(edited[c.file], c.index); err == nil {
			if expr := find(block.Body, c.path); expr != nil {
				line = expr.Range().Start.Line
			}
		}
		effect := c.setting.Effect
		if c.block != "" {
			effect += ", and the new block " + c.block + " gives its other arguments their defaults"
		}
		alone := report.Fix{Setting: c.label(), File: path.Join(r.Base, c.file)}
		if after, err := Set(r.data[c.file], c.index, c.path, c.literal, c.schema); err == nil {
			alone.Start, alone.End, alone.Text = changedLines(r.data[c.file], after)
		}
		for _, address := range slices.Sorted(maps.Keys(c.caches)) {
			r.result.Mended = append(r.result.Mended, Mended{
				Cache: address, IDs: c.caches[address], Setting: c.label(), Effect: effect,
				At: report.Position{File: path.Join(r.Base, c.file), Line: line}, Fix: alone,
			})
		}
	}
	slices.SortStableFunc(r.result.Mended, func(a, b Mended) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line))
	})
	caches := byAddress(after)
	for _, c := range mend {
		for f, entry := range r.violations(c) {
			now, ok := caches[c.Cache.Address]
			var still *report.Finding
			if ok {
				for n := range r.violations(now) {
					if n.ID == f.ID {
						still = n
					}
				}
			}
			reasons := r.refused[finding{c.Cache.Address, f.ID}]
			// What a plan has may be undecided in the configuration alone.
			decided := !r.Planned || len(reasons) == 0 && r.mends(c.Cache.Address, f.ID)
			if ok && still == nil && decided {
				continue
			}
			r.left(c, f, still, entry, reasons)
		}
	}
}

// changedLines are the lines of a file, from start up to end, that differ in another one, and
// what stands there instead.
func changedLines(before, after []byte) (start, end int, text string) {
	a, b := slices.Collect(bytes.Lines(before)), slices.Collect(bytes.Lines(after))
	start, last, now := 0, len(a), len(b)
	for start < min(last, now) && bytes.Equal(a[start], b[start]) {
		start++
	}
	for start < min(last, now) && bytes.Equal(a[last-1], b[now-1]) {
		last, now = last-1, now-1
	}
	return start + 1, last + 1, string(bytes.Join(b[start:now], nil))
}

// after is the position of an unchanged line in the files that are mended.
func (r *run) after(at report.Position) *report.Position {
	edited := map[string][]byte{}
	for _, c := range r.changes {
		before, ok := edited[c.file]
		if !ok {
			before = r.data[c.file]
		}
		after, err := Set(before, c.index, c.path, c.literal, c.schema)
		if err != nil {
			continue
		}
		edited[c.file] = after
		if start, end, text := changedLines(before, after); path.Join(r.Base, c.file) == at.File && at.Line >= end {
			at.Line += strings.Count(text, "\n") - (end - start)
		}
	}
	return &at
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

// mends reports whether a change is against a violation.
func (r *run) mends(address, id string) bool {
	return slices.ContainsFunc(r.changes, func(c *change) bool { return slices.Contains(c.caches[address], id) })
}

// left adds a violation that stays; still is the same one after the changes, nil where the
// configuration alone does not show it.
func (r *run) left(c Judged, f, still *report.Finding, entry *baseline.Entry, reasons []Left) {
	if len(reasons) == 0 {
		reasons = []Left{{Cache: c.Cache.Address, ID: f.ID, Why: "no literal mends it"}}
	}
	for i := range reasons {
		l := &reasons[i]
		if l.At == nil {
			l.At = cmp.Or(f.Position, c.Report.Position)
			if still != nil {
				l.AtAfter = still.Position
			}
		} else {
			l.AtAfter = r.after(*l.At)
		}
		if !l.refused {
			l.Write = cmp.Or(still, f).Remediation
		}
		for _, remedy := range entry.RemediesOf(f.Parts) {
			if remedy.Companion != "" {
				if l.Paste = r.paste(c.Cache, remedy.Companion); l.Paste != "" {
					l.Why, l.Write = "it needs a "+string(remedy.Companion), ""
				}
			}
		}
		r.result.Left = append(r.result.Left, *l)
	}
}

// paste is the companion of a cache as configuration; empty where this is not written.
func (r *run) paste(c *posture.Cache, companion baseline.Companion) string {
	declaration, ok := r.Config.Declaration(c.Address)
	if !ok || declaration.Type() == "" || service.OfAzurerm(declaration.Type()) == nil {
		return ""
	}
	return companionBlock(declaration, companion, service.OfCache(c))
}
