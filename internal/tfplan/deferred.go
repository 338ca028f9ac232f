package tfplan

import "github.com/go-json-experiment/json/jsontext"

// readDeferred reads one item of deferred_changes: what Terraform cannot plan
// yet. A cache among them is judged with every fact unknown.
func (r *reader) readDeferred(dec *jsontext.Decoder, skew int64) error {
	index := r.deferred
	r.deferred++
	return members(dec, func(name string) error {
		if name != "resource_change" {
			return dec.SkipValue()
		}
		e, raw, err := r.readEntry(dec, nil, skew, "deferred_changes", index)
		if err != nil || e.typ == nil || !e.typ.cache {
			return err
		}
		if err := e.pick(&r.scratch, raw); err != nil || e.unused {
			return err
		}
		n, _ := cut(string(r.scratch.buf))
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
		r.deferredCaches = append(r.deferredCaches, deferredCache{e.typ, e.address, encoded(kept)})
		return nil
	})
}

// noOp are the actions of a resource that stays as it is.
var noOp, _ = parseNode([]byte(`["no-op"]`))

// deferredCache is a cache whose change is deferred.
type deferredCache struct {
	typ     *resourceType
	address string
	kept    string
}

// addDeferred adds the deferred caches once all changes were read.
func (r *reader) addDeferred() error {
	for _, c := range r.deferredCaches {
		if err := r.addChange(c.typ, c.address, c.kept); err != nil {
			return err
		}
		if in := r.instances[c.address]; in != nil {
			in.deferred = true
		}
	}
	return nil
}
