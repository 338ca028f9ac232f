package tfplan

import (
	"encoding/json"
	"slices"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// keyOperations are the operations of a cache, or of its database, that answer with its
// access keys. Source: the operations of Microsoft.Cache/redis, 2024-11-01, and of
// redisEnterprise/databases, 2025-07-01.
var keyOperations = []string{"listkeys", "regeneratekey"}

// keySelections are paths, and queries of JMESPath, that select a key in such an answer.
// "*" is the whole answer as a path, and the list of its values as a query.
var keySelections = []string{"*", "primaryKey", "secondaryKey"}

// exports are the arguments of azapi_resource_action that say what of the answer is kept
// in state, as output and as sensitive_output. Without one nothing is kept.
var exports = []string{"response_export_values", "sensitive_response_export_values"}

// linkKeyActions finds the azapi_resource_actions, resources and data sources, that keep
// the keys of a cache in state. An action block and an ephemeral one have no state.
func (p *linker) linkKeyActions() {
	for _, in := range p.byType[azapiActions] {
		switch {
		case in.deferred:
			p.linkKeyAction(in, in.view(), posture.Maybe)
		case in.managed():
			p.linkKeyAction(in, in.view(), posture.True)
		}
	}
	for _, cfg := range sortedKeys(p.config.resources) {
		if rc := p.config.resources[cfg]; rc.data && !rc.none && !rc.module.none() {
			p.linkWrittenAction(cfg, rc, !rc.repeated && !rc.module.repeated())
		}
	}
	for _, x := range p.missing[kindAction] {
		if x.resourceConfig.typ == azapiActions {
			p.linkWrittenAction(x.address, x.resourceConfig, false)
		}
	}
}

// linkWrittenAction notes the caches whose keys an action keeps in state that only the
// configuration shows: a data source, or a resource that may be missing from the plan.
// exists says that it has one instance.
func (p *linker) linkWrittenAction(cfg string, rc *resourceConfig, exists bool) {
	addresses := []string{cfg}
	if p.evaluator != nil {
		if list, ok := p.evaluator.Addresses(cfg); ok {
			addresses, exists = list, rc.data
		}
	}
	for _, address := range addresses {
		if p.instances[address] != nil {
			continue
		}
		in := &instance{address: address, typ: azapiActions, cfg: cfg, module: moduleOf(address), change: posture.ChangeCreate}
		sure := posture.Maybe
		if exists {
			sure = posture.True
		}
		p.linkKeyAction(in, p.writtenView(in, rc), sure)
	}
}

// moduleOf is the module instance of an address; empty for the root.
func moduleOf(address string) string {
	all, within := parseRef(address), parseInModule(address)
	return renderRef(all[:len(all)-len(within)])
}

// azapiActions is the type of the resource, and of the data source, azapi_resource_action.
var azapiActions = resourceTypes[azapiAction.name]

// linkKeyAction notes the cache whose keys an action keeps in state.
func (p *linker) linkKeyAction(in *instance, v view, exists posture.Tri) {
	r := p.requestOf(in, v)
	takes := exists.And(r.answersKeys()).And(keepsKeys(v))
	if takes == posture.False {
		return
	}
	t := p.targetOfRequest(r)
	if s := serviceOfType(r.arm); s != nil {
		t = p.onlyOf(s, t)
	}
	if t.cache != nil && takes == posture.True {
		t.cache.keys = append(t.cache.keys, in.address)
		return
	}
	detail := t.detail
	if t.cache != nil {
		detail = "whether it does, and keeps one in state, is not known"
	}
	p.doubts.add(kindCache, posture.Doubt{Address: in.address, Reason: posture.ReasonUnresolvedReference, Detail: detail},
		in.cfg, t.all())
}

// answersKeys says whether the answer to a request has the keys of a cache.
func (r request) answersKeys() posture.Tri {
	posts, named := posture.Maybe, posture.Maybe
	if r.method != notKnown {
		posts = posture.FromBool(r.method == "POST")
	}
	if r.name != notKnown {
		named = posture.FromBool(slices.Contains(keyOperations, r.name))
	}
	of := posture.Maybe
	if r.arm != "" {
		of = posture.FromBool(serviceOfType(r.arm) != nil)
	}
	return posts.And(named).And(of)
}

// keepsKeys says whether the arguments of an action keep a key of its answer in state.
func keepsKeys(v view) posture.Tri {
	kept := posture.False
	for _, name := range exports {
		kept = kept.Or(selectsKey(v.get(name)))
	}
	switch word(v.get("when")) {
	case "destroy":
		return posture.False // the state is gone with it
	case notKnown:
		return kept.And(posture.Maybe)
	default:
		return kept
	}
}

// selectsKey says whether a list of paths, or a map of queries, selects a key.
func selectsKey(v view) posture.Tri {
	if v.isUnknown() || v.lost() {
		return posture.Maybe
	}
	var each []view
	for e := range v.elems() {
		each = append(each, e)
	}
	for _, name := range v.Keys() {
		each = append(each, v.get(name))
	}
	out := posture.False
	for _, e := range each {
		one := posture.Maybe // a query of another kind may select one all the same
		if slices.Contains(keySelections, e.known()) {
			one = posture.True
		}
		out = out.Or(one)
	}
	return out
}

// writtenView is what is known of the arguments of an action: by the configuration's
// source, else of plan JSON the constants that are kept.
func (p *linker) writtenView(in *instance, rc *resourceConfig) view {
	known, unknown := map[string]json.RawMessage{}, map[string]bool{}
	for _, name := range append([]string{"type", "method", "action", "resource_id", "when"}, exports...) {
		e, written := rc.expression(name)
		switch {
		case !written || e.null:
			continue
		case e.constant != "":
			known[name], _ = json.Marshal(e.constant)
			continue
		case p.evaluator != nil:
			if v, _, ok := p.evaluator.Value(in.address, name); ok {
				known[name], _ = ctyjson.Marshal(v, v.Type())
				continue
			}
		}
		unknown[name] = true
	}
	return newView(jsonNode(known), jsonNode(unknown), node{})
}

// jsonNode is a value as a node.
func jsonNode(v any) node {
	raw, err := json.Marshal(v)
	if err != nil {
		return node{}
	}
	n, _ := parseNode(raw)
	return n
}
