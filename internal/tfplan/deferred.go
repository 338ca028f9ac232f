package tfplan

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// readDeferred reads one item of deferred_changes: what Terraform cannot plan
// yet. A cache among them is judged with every fact unknown. Without a plan it is a
// resource of which it is not known how many instances there are: what is known of a
// cache holds for each of them, and what sends requests or deploys templates counts as
// if there were one of it, so that what it may write is not known.
func (r *reader) readDeferred(dec *jsontext.Decoder, skew int64) error {
	index := r.deferred
	r.deferred++
	return members(dec, func(name string) error {
		if name != "resource_change" {
			return dec.SkipValue()
		}
		e, raw, err := r.readEntry(dec, nil, skew, "deferred_changes", index)
		if err == nil {
			r.exists.add(e.address) // perhaps
		}
		writes := e.typ != nil && r.unplanned && (e.typ.kind == kindAction || e.typ.kind == kindDeployment)
		if err != nil || e.typ == nil || !e.typ.cache && !writes {
			return err
		}
		if err := e.pick(&r.scratch, raw); err != nil || e.unused {
			return err
		}
		if writes {
			r.deferredChanges = append(r.deferredChanges, deferredChange{e.typ, e.address, string(r.scratch.buf)})
			return nil
		}
		n, _ := cut(string(r.scratch.buf))
		if r.unplanned && makesCache(e.typ, n.get("after")) {
			r.deferredChanges = append(r.deferredChanges, deferredChange{e.typ, e.address, encoded(n)})
			return nil
		}
		after, unknown := node{kind: '{'}, node{kind: 't'}
		if typ := n.get("after").get("type"); typ.kind == '"' { // an azapi_resource, whose type says whether it is a cache
			after, unknown = with(after, "type", typ), node{kind: '{'}
			for _, name := range []string{"id", "name", "parent_id", "resource_id", "location", "body"} {
				unknown = with(unknown, name, node{kind: 't'})
			}
		}
		actions := n.get("actions")
		if only := actions.elem(0).str(); only == "delete" && actions.length() == 1 {
			actions = noOp // what is destroyed later is there after this plan
		}
		kept := with(with(with(node{kind: '{'}, "actions", actions), "before", n.get("before")), "after", after)
		kept = with(with(kept, "before_sensitive", n.get("before_sensitive")), "after_unknown", unknown)
		r.deferredChanges = append(r.deferredChanges, deferredChange{e.typ, e.address, encoded(kept)})
		return nil
	})
}

// makesCache reports whether a resource is a cache, and neither the database of one nor what
// updates one.
func makesCache(t *resourceType, after node) bool {
	arm, _, _ := strings.Cut(strings.ToLower(after.get("type").str()), "@")
	return t.kind == kindCache || t.kind == kindAzapi && cacheTypes[arm] != nil
}

// noOp are the actions of a resource that stays as it is.
var noOp, _ = parseNode([]byte(`["no-op"]`))

// openAt returns the deferred instance that stands for a resource instance of which it is
// not known whether there is one: its address lacks the keys that are not known. It is nil
// for another instance.
func (p *document) openAt(address string) *instance {
	if len(p.open) == 0 || address == "" || p.instances[address] != nil {
		return nil
	}
	asked := parseRef(address)
	for _, in := range p.open[withoutKeys(address)] {
		if segs := parseRef(in.address); slices.EqualFunc(segs, asked, func(have, want seg) bool {
			return have.name == want.name && (have.key == "" || have.key == want.key)
		}) {
			return in
		}
	}
	return nil
}

// deferredChange is a change that is deferred, and counts.
type deferredChange struct {
	typ     *resourceType
	address string
	kept    string
}

// addDeferred adds the deferred changes once all others were read.
func (r *reader) addDeferred() error {
	for _, c := range r.deferredChanges {
		if err := r.addChange(c.typ, c.address, c.kept); err != nil {
			return err
		}
		if in := r.instances[c.address]; in != nil {
			in.deferred = true
			r.open[in.cfg] = append(r.open[in.cfg], in)
		}
	}
	return nil
}
