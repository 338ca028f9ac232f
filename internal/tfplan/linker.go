package tfplan

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// linker finds which companions, updates and writes belong to which cache, and
// makes the posture of each cache from what it found.
type linker struct {
	*cacheIndex
	options Options
	notes   []string
	places  *places

	overlayDoubts map[string][]overlayDoubt
	mergedDoubts  map[string]*mergedDoubt
	updatesOf     map[string][]*instance             // azapi_update_resources of a cache outside the plan, by its id
	together      map[string]map[bool]*posture.Cache // what several of them set, before the plan (true) and after it
	doubts        doubtIndex
	missing       map[kind][]missing // in the configuration, but not in a partial plan
	partial       bool               // what is missing shows that the plan is partial
	patches       []*patch
	requests      []request // that resources of azapi send to companions
	unjudged      []posture.Unjudged
	writes        writes
	untypedAt     []string // addresses of azapi_resources of a type that is not known
	network       networkIndex
	dns           dnsIndex
	policies      map[bool]*policyIndex // of the plan as it found things (true), and as it leaves them
}

func newLinker(ctx context.Context, doc *document, opts Options) *linker {
	source, note := doc.sourceOf(opts.Configuration)
	opts.Configuration = source
	p := &linker{
		cacheIndex: newCacheIndex(newReferences(ctx, doc, source)), options: opts,
		overlayDoubts: map[string][]overlayDoubt{}, mergedDoubts: map[string]*mergedDoubt{}, updatesOf: map[string][]*instance{},
		together: map[string]map[bool]*posture.Cache{}, policies: map[bool]*policyIndex{},
		doubts: doubtIndex{}, missing: map[kind][]missing{}, writes: newWrites(),
	}
	if note != "" {
		p.notes = append(p.notes, note)
	}
	return p
}

// link connects everything once the whole input was read.
func (p *linker) link() {
	for _, step := range []func(){
		p.sortAzapi, p.collectPatches, p.seeSubscriptions, p.collectCaches, p.findMissing, p.indexNetwork, p.indexDNS,
		p.linkCompanions, p.linkGeoReplicas, p.indexPolicies, p.linkKeyActions, p.linkKeys, p.linkGeo, p.linkReferences, p.collectActions,
		p.collectDeployments, p.sortUnjudged, p.doubtMissing, p.doubts.summarise, p.note,
	} {
		if p.ctx.Err() != nil {
			return
		}
		step()
	}
}

// whole reports whether the plan is complete: what is not in it does not exist. Without a
// plan, a resource of which it is not known how many there are is a doubt of its own about
// those caches that it may be for; see [linker.doubtMissing].
func (p *linker) whole() bool {
	return p.complete != completeNo && (p.deferred == 0 || p.unplanned) && !p.partial
}

// ofKind returns the instances of every type of a kind, in order of address.
func (p *document) ofKind(k kind) []*instance {
	var out []*instance
	for t, list := range p.byType {
		if t.kind == k {
			out = append(out, list...)
		}
	}
	slices.SortStableFunc(out, func(a, b *instance) int { return strings.Compare(a.address, b.address) })
	return out
}

// companion says how a kind of companion is linked.
type companion struct {
	kind kind
	// target returns the id of the cache that an object is for.
	target func(in *instance, v view) view
	// isFor says whether an object is one of those that caches of a service can have;
	// nil where every one is.
	isFor func(s *service.Service, in *instance, v view) posture.Tri
	// open says, for messages, which argument is not known where isFor says Maybe.
	open string
}

var companions = []companion{
	{kindDatabase, targetID, nil, ""},
	{kindGeoReplication, targetID, nil, ""},
	{kindEndpoint, func(in *instance, v view) view { return ofConnection(in, v, vocabulary.Target) }, endpointIsFor, subresourceOpen},
	{kindDiagnostic, logSourceID, logsAreFor, "whether its target is the cache, or what writes the logs of the cache, is known after apply"},
	{kindFirewall, targetID, nil, ""},
	{kindAccessAssignment, dataID, nil, ""},
	{kindAccessPolicy, dataID, nil, ""},
	{kindPatchSchedule, targetID, nil, ""},
	{kindManagedEndpoint, targetID, managedEndpointIsFor, subresourceOpen},
	{kindLinkedServer, targetID, nil, ""},
	{kindRoleAssignment, targetID, nil, ""},
}

const subresourceOpen = "subresource_names is known after apply"

func targetID(in *instance, v view) view { return in.at(v, vocabulary.Target) }

func (p *linker) linkCompanions() {
	beforeNames := map[string][]*cacheEntry{}
	for _, c := range p.caches {
		if id, ok := parseID(c.beforeID); ok {
			k := key(c.service.Type, id.group, id.name())
			beforeNames[k] = append(beforeNames[k], c)
		}
	}
	for _, k := range companions {
		list := p.ofKind(k.kind)
		found := make([]struct{ is, was target }, len(list))
		p.spread(len(list), func(i int) {
			before, after := list[i].both()
			found[i].was = p.linkedBefore(k, list[i], before, beforeNames)
			if list[i].after() {
				found[i].is = p.linkAfter(k, list[i], after, before)
			}
		})
		if p.ctx.Err() != nil {
			return // found is not complete
		}
		for i, in := range list {
			is, was := found[i].is, found[i].was
			switch c := is.misdirected; {
			case in.deferred:
			case k.kind == kindDiagnostic:
				addLinks(c, was.misdirected, link{in: in, onCluster: true})
			case c != nil:
				c.misdirected = append(c.misdirected, k.misdirection(in))
			}
			is = p.afterReplacement(k, in, is)
			if in.deferred && is.cache != nil {
				is = target{groups: []string{is.cache.in.address}, reason: posture.ReasonUnresolvedReference, detail: p.whyDeferred()}
			}
			p.addDoubts(k.kind, in, is)
			addLinks(is.cache, was.cache, link{in: in})
		}
	}
}

// addLinks links a companion to the cache that it belongs to after the plan, and to the
// one that it belonged to before; nil for none.
func addLinks(is, was *cacheEntry, l link) {
	if is != nil {
		l.after, l.before = true, is == was
		is.links = append(is.links, l)
	}
	if was != nil && was != is {
		l.after, l.before = false, true
		was.links = append(was.links, l)
	}
}

// afterReplacement puts a companion in doubt that is not created while the plan replaces
// its cache: it belonged to the old cache, and whether it belongs to the new one
// shows only after apply.
func (p *linker) afterReplacement(k companion, in *instance, t target) target {
	switch {
	case t.cache == nil, !t.cache.in.created(), in.created():
		return t
	case in.change == posture.ChangeUpdate && p.follows(in, t.cache.in) && (!k.connects() || p.retargeted(k, in, t.cache)):
		return t // the update writes it again, now to the new cache
	}
	detail := whyStays
	if in.change == posture.ChangeUpdate {
		detail = whyInPlace
	}
	return target{groups: []string{t.cache.in.address}, reason: posture.ReasonKnownAfterApply, detail: detail}
}

// connects reports whether a companion holds a connection to its cache. The
// connection is deleted with the cache, and writing the same target again does not
// restore it.
func (k companion) connects() bool { return k.kind == kindEndpoint || k.kind == kindManagedEndpoint }

// retargeted reports whether an update replaces the id of another resource by the
// id of this cache. azurerm replaces an endpoint for that, azapi updates it.
func (p *linker) retargeted(k companion, in *instance, to *cacheEntry) bool {
	before, _ := in.both()
	id := k.target(in, before).val.str()
	if _, ok := parseID(id); !ok {
		return false
	}
	was := p.matchID(id)
	return was.cache != to && !inGroups(to, was.groups)
}

// linkedBefore finds the cache that a companion was for.
func (p *linker) linkedBefore(k companion, in *instance, before view, names map[string][]*cacheEntry) target {
	if !before.exists() {
		return target{}
	}
	var c *cacheEntry
	if in.path(vocabulary.Target) != "" {
		c = p.byBeforeID[armid.Key(k.target(in, before).val.str())]
	} else {
		group, name := in.at(before, vocabulary.ResourceGroup), in.at(before, vocabulary.TargetName)
		if found := names[key(in.typ.service.Type, group.val.str(), name.val.str())]; len(found) == 1 {
			c = found[0]
		}
	}
	switch {
	case c == nil:
		return target{}
	case k.fits(c.service, in, before) == posture.True:
		return target{cache: c}
	default:
		return target{misdirected: c}
	}
}

// fits says whether an object is one of those that caches of a service can have.
func (k companion) fits(s *service.Service, in *instance, v view) posture.Tri {
	switch {
	case in.typ.service != nil:
		return posture.FromBool(in.typ.service == s)
	case k.isFor != nil:
		return k.isFor(s, in, v)
	default:
		return posture.True
	}
}

// misdirection says why an endpoint is none of the cache that it names.
func (k companion) misdirection(in *instance) string {
	var names []string
	for _, s := range service.All {
		if k.fits(s, in, in.view()) != posture.False {
			names = append(names, s.Subresource+" of "+s.Name)
		}
	}
	return in.address + " does not connect to this cache, although it names it: its sub-resource is " + strings.Join(names, " or ")
}

// linkAfter finds the cache that a companion is for, or those that it may be for.
func (p *linker) linkAfter(k companion, in *instance, after, before view) target {
	if types := p.connectionTypes(in.typ, after, in.address); types != nil {
		return p.linkConnections(k, in, types, after, before)
	}
	fits := func(s *service.Service) posture.Tri {
		fit := k.fits(s, in, after)
		if fit == posture.Maybe {
			fit = p.askService(s, in, after)
		}
		return fit
	}
	mayFit := func(s *service.Service) bool { return fits(s) != posture.False }
	if !slices.ContainsFunc(service.All, mayFit) {
		return target{}
	}
	var t target
	if path := in.path(vocabulary.Target); path != "" {
		t = p.targetOf(in, k.target(in, after), k.target(in, before), path, "id")
	} else {
		t = p.targetByName(in, after, before)
	}
	if c := t.cache; c == nil {
		t = p.only(t, mayFit)
	} else {
		switch fit := fits(c.service); {
		case fit == posture.False && (k.connects() || k.kind == kindDiagnostic):
			t = target{misdirected: c}
		case fit == posture.False:
			t = target{}
		case fit == posture.Maybe, in.untyped:
			t = target{groups: []string{c.in.address}, reason: posture.ReasonKnownAfterApply, detail: k.open}
		}
	}
	if in.untyped {
		t.detail = "its type is known after apply"
	}
	return t
}

// askService asks what the arguments refer to whether an endpoint is for the sub-resource of a
// service, or a diagnostic setting for what writes the logs of its caches.
func (p *linker) askService(s *service.Service, in *instance, v view) posture.Tri {
	if in.typ.kind == kindDiagnostic {
		return p.askLogSource(s, in, v)
	}
	if p.evaluator == nil || in.typ.kind != kindEndpoint {
		return posture.Maybe
	}
	names, _, ok := p.evaluator.Value(in.address, steps(in.path(vocabulary.Subresources))...)
	if !ok || names.IsNull() || !names.CanIterateElements() {
		return posture.Maybe
	}
	if names.LengthInt() == 0 && s.Database != "" {
		return posture.Maybe // nobody documents what an empty list means
	}
	for it := names.ElementIterator(); it.Next(); {
		if _, e := it.Element(); !e.IsNull() && e.Type() == cty.String && strings.EqualFold(e.AsString(), s.Subresource) {
			return posture.True
		}
	}
	return posture.False
}

// whyPartial says why the plan is not whole; empty where it is.
func (p *linker) whyPartial() string {
	switch {
	case p.unplanned && p.complete == completeNo:
		return "modules that are not read may hold caches, and what belongs to one: what is not seen counts as not observed"
	case p.complete == completeNo:
		return "the plan is partial (complete is false, as with -target): what is not in it counts as not observed"
	case p.partial:
		return "the plan seems partial: resources of its configuration are not in it, and what is not in it counts as not observed"
	case p.deferred > 0 && !p.unplanned:
		return "the plan defers changes: what is not in it counts as not observed"
	default:
		return ""
	}
}

func (p *linker) note() {
	add := func(format string, args ...any) { p.notes = append(p.notes, fmt.Sprintf(format, args...)) }
	if p.whyPartial() != "" {
		add("%s", p.whyPartial())
	}
	if open := p.countless(); len(open) > 0 {
		more := ""
		if n := len(open) - shownInstances; n > 0 {
			open, more = open[:shownInstances], fmt.Sprintf(" and %d more", n)
		}
		add("it is not known how many there are of %s%s: what they may belong to, or write to, is left open", strings.Join(open, ", "), more)
	}
	if p.unplanned && p.deferred > 0 {
		if names := p.openRepetitions(); len(names) > 0 {
			add("how many resources there are depends on variables: %s", withoutValue(names))
		}
	}
	switch {
	case p.drift == 1:
		add("one resource was changed outside Terraform since the last run; the plan's values were judged")
	case p.drift > 1:
		add("%d resources were changed outside Terraform since the last run; the plan's values were judged", p.drift)
	}
	for _, address := range p.untypedAt {
		add("%s has a type that is known after apply; if it is a cache, it was not judged", address)
	}
	if p.config.root == nil {
		add("the plan carries no configuration: what references would show stays unknown")
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// mayExist reports whether a resource of the configuration may have instances
// once the plan is applied. A complete plan has all of them among its changes.
func (p *linker) mayExist(cfg string) bool { return !p.whole() || p.exists.has(cfg) }
