package fix

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// change is one argument that is to have a literal, for all instances of a resource.
type change struct {
	file     string
	index    int
	path     []string
	literal  string
	schema   *providerschema.Block
	setting  *baseline.Setting
	cache    *posture.Cache      // one of those that have it
	block    string              // a nested block that is made; empty for none
	caches   map[string][]string // ids of rules, by the address of a cache
	cautions []string            // of its setting, for these caches
	// taker takes a key of the cache, which the change would switch off, or may hold clients
	// that come from the internet; nil for none.
	taker       *taker
	otherTakers int
	hidden      bool // the diff leaves it out
}

// in makes the change in a file, and aligns its neighbours as [Set] does, or leaves them.
func (c *change) in(data []byte, align bool) ([]byte, error) {
	return set(data, c.index, c.path, c.literal, c.schema, align)
}

func (c *change) label() string { return strings.Join(c.path, ".") + " = " + c.literal }

// effect is what the change does to a running cache, and what to look at before; empty for
// nothing.
func (c *change) effect() string {
	effect := c.setting.Effect
	if c.block != "" {
		effect += ", and the new block " + c.block + " gives its other arguments their defaults"
	}
	return strings.Join(append([]string{effect}, c.cautions...), "; ")
}

// propose adds the changes that mend a violation.
func (r *run) propose(c Judged, f *report.Finding, entry *baseline.Entry) {
	for _, remedy := range entry.RemediesOf(f.Parts) {
		if remedy.Set == nil {
			continue
		}
		made, at, err := r.change(c.Cache, remedy.Set)
		if err != nil {
			r.leave(c, f, err.Error(), entry.RemedyFor(remedy.Part, c.Cache), at)
			continue
		}
		if made.taker != nil {
			made.caches[c.Cache.Address] = []string{f.ID}
			r.refuse(made, made.taker.told(made.otherTakers), r.position(made.taker.at))
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
	cluster := declaration
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
		path: strings.Split(term.Path, "."), literal: term.Literal(s.Value), setting: s, cache: c, caches: map[string][]string{},
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
	if says, line, ok := declaration.Ignored(made.path); ok {
		return nil, r.position(line), fmt.Errorf("%s changes of %s: a cache that exists keeps what it has", says, strings.Join(made.path, "."))
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
	if who, line, ok := r.replaced(declaration, made, term); ok {
		return nil, r.position(line), fmt.Errorf("a change of %s replaces %s, or may", strings.Join(made.path, "."), who)
	}
	if s.Fact(c) == any(&c.AccessKeyAuthentication) {
		made.taker, made.otherTakers = r.takerOf(c, declaration.Address(), cluster.Address())
	}
	if s.Fact(c) == any(&c.PublicNetworkAccess) {
		made.taker, made.otherTakers = r.absent()
	}
	_, err = made.in(at.Data, true)
	var computed *notLiteral
	if errors.As(err, &computed) {
		origin := declaration.Origin(computed.expr)
		return nil, r.position(tfconfig.Position{File: cmp.Or(origin.File, at.File), Line: origin.Line}), err
	}
	return made, nil, err
}

// replaced is a resource that a change of the argument replaces, or may, by whichever of its
// names.
func (r *run) replaced(d *tfconfig.Declaration, c *change, term vocabulary.Term) (who string, at tfconfig.Position, ok bool) {
	if c.block != "" {
		return d.Replaced(c.path[:1])
	}
	for _, name := range []string{term.Path, term.Alias} {
		if name != "" && !ok {
			who, at, ok = d.Replaced(strings.Split(name, "."))
		}
	}
	return who, at, ok
}

// calledBeside is an error where another root module calls a module too.
func (r *run) calledBeside(module string) error {
	if module == "." { // see [Result.Callers]
		return nil
	}
	callers, err := r.Callers(module)
	if err != nil || len(callers) == 0 {
		return err
	}
	others := ""
	if n := len(callers) - 1; n > 0 {
		others = fmt.Sprintf(" (and %d more)", n)
	}
	return fmt.Errorf("%s%s calls %s too, and would share the change", path.Join(r.Base, callers[0]), others, path.Join(r.Base, module))
}

// callers are the directories that call the root module, where it has changes.
func (r *run) callers() (out []string, err error) {
	if !slices.ContainsFunc(r.changes, func(c *change) bool { return path.Dir(c.file) == "." }) {
		return nil, nil
	}
	found, err := r.Callers(".")
	for _, caller := range found {
		out = append(out, path.Join(r.Base, caller))
	}
	return out, err
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
