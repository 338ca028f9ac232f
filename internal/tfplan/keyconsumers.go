package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// keyAttributes are the attributes of caches of any service that hold access keys.
var keyAttributes = newKeyAttributes()

func newKeyAttributes() (out []string) {
	for _, s := range service.All {
		out = append(out, s.KeyAttributes...)
	}
	return out
}

// stateless are the types of resources whose arguments are write-only, so that a key
// in them is in no state.
var stateless = []string{"redisbaseline_guard"}

// isKey reports whether an attribute of a cache holds an access key.
func (t *resourceType) isKey(attribute string) bool {
	return t.service != nil && slices.Contains(t.service.KeyAttributes, attribute)
}

// holdsKeys reports whether a resource is a cache or the database of one.
func (t *resourceType) holdsKeys() bool { return t != nil && (t.cache || t.kind == kindDatabase) }

// keyReference is a reference that may lead to an access key or to a whole cache.
type keyReference struct {
	consumer  string
	reference string
	// plain says that the expression refers to attributes of resources and to
	// nothing that could be a condition.
	plain bool
}

// noteKeys keeps the references of one expression that name a key, a whole
// cache, or a module output that may hold one.
func (c *configuration) noteKeys(m *module, consumer string, refs []string) {
	for _, ref := range refs {
		if mayHoldKey(ref) {
			m.keyReferences = append(m.keyReferences, keyReference{consumer, ref,
				!slices.ContainsFunc(refs, func(other string) bool { return obscures(other, len(refs)) })})
		}
	}
}

// obscures says whether a reference leaves open which of all references of an
// expression the expression takes its value from.
func obscures(ref string, of int) bool {
	for _, prefix := range []string{"var.", "local.", "each.", "count.", "module.", "data.", "path.", "terraform.", "self."} {
		if strings.HasPrefix(ref, prefix) {
			return of > 1
		}
	}
	return ref == tooMany
}

func mayHoldKey(ref string) bool {
	dot := strings.LastIndexByte(ref, '.')
	switch {
	case dot < 0:
		return false
	case slices.Contains(keyAttributes, ref[dot+1:]):
		return true
	case strings.HasPrefix(ref, "module."):
		return strings.Count(ref, ".") >= 2
	default:
		return resourceTypes[ref[:dot]].holdsKeys() // a whole resource
	}
}

// linkKeys finds the outputs and resources that take a key of a cache.
func (p *linker) linkKeys() {
	if p.config.root == nil {
		return
	}
	var open []string
	if p.evaluator != nil {
		open = p.linkUsages()
	}
	byGroup := map[string][]*cacheEntry{}
	for _, c := range p.caches {
		for _, g := range c.groups {
			if g != "" && !isEvery(g) && !c.keysSeen {
				byGroup[g] = append(byGroup[g], c)
			}
		}
	}
	p.walkModules(p.config.root, func(m *module) {
		for _, k := range m.keyReferences {
			p.linkKey(m, k, byGroup)
		}
		m.keyReferences = nil
	})
	for _, c := range p.caches {
		slices.Sort(c.keys)
		c.keys = slices.Compact(c.keys)
		c.keysSeen = c.keysSeen && len(open) == 0
	}
}

// linkUsages asks the configuration what takes a key. It returns what mentions
// one and could not be evaluated; caches that the configuration describes are
// marked, since plan JSON knows no more of them.
func (p *linker) linkUsages() (open []string) {
	subject := tfconfig.Subject{Attributes: keyAttributes, Stateless: stateless}
	for name, t := range resourceTypes {
		if t.cache {
			subject.Types = append(subject.Types, name)
		}
	}
	list, open := p.evaluator.Usages(subject)
	for _, c := range p.caches {
		_, known := p.evaluator.Addresses(c.in.cfg)
		c.keysSeen = known && !c.apart() // plan JSON alone shows what takes the keys of a database
	}
	for _, u := range list {
		c := p.cacheAt[u.Of]
		switch name, isOutput := strings.CutPrefix(u.Consumer, "output."); {
		case c == nil, isOutput && p.outputs[name].gone:
		case u.Certain:
			c.keys = append(c.keys, u.Consumer)
		default:
			p.doubtKey(u.Consumer, c, "a condition that is not known decides whether it takes a key")
		}
	}
	for _, consumer := range open {
		p.doubts.add(kindCache, posture.Doubt{Address: consumer, Reason: posture.ReasonUnresolvedReference,
			Detail: "it mentions a key, and the configuration does not settle of which cache"}, consumer, everyCache(nil))
	}
	return open
}

func (p *linker) doubtKey(consumer string, c *cacheEntry, detail string) {
	p.doubts.add(kindCache, posture.Doubt{Address: consumer, Reason: posture.ReasonUnresolvedReference, Detail: detail}, consumer,
		[]string{c.in.address})
}

func (p *linker) walkModules(m *module, visit func(*module)) {
	visit(m)
	for _, name := range sortedKeys(m.calls) {
		p.walkModules(m.calls[name].module, visit)
	}
}

func (p *linker) linkKey(m *module, k keyReference, byGroup map[string][]*cacheEntry) {
	name, isOutput := strings.CutPrefix(k.consumer, "output.")
	if isOutput && m.parent != nil {
		return // an output of a module counts where something refers to it
	}
	if typ, _, _ := strings.Cut(k.consumer, "."); slices.Contains(stateless, typ) {
		return
	}
	output, consumer := p.outputs[name], join(m.path, k.consumer)
	if isOutput && output.gone || !isOutput && !strings.HasPrefix(k.consumer, "module.") && !p.mayExist(consumer) {
		return
	}
	if t, address := keyOfData(k.reference); t != nil {
		p.linkDataKey(m, t, address, consumer)
		return
	}
	for _, l := range p.follow(site{m: m, known: m.parent == nil}, []string{k.reference}) {
		rt := resourceTypes[l.typ]
		whole := l.attribute == ""
		if !rt.holdsKeys() || l.data || !whole && !rt.isKey(l.last) {
			continue
		}
		if whole && isOutput && !output.keys && !output.unknown {
			continue // the output holds none of the keys
		}
		group := l.address
		if group == "" {
			group = l.group
		}
		caches := byGroup[group]
		if c := p.clusterOf[l.address].cache; c != nil {
			caches = []*cacheEntry{c}
		}
		if len(caches) > 1 && l.address == "" && m.parent == nil {
			caches = nil // which instance is meant cannot be told
		}
		for _, c := range caches {
			switch {
			case c.in.address == consumer:
			case strings.HasPrefix(k.consumer, "module."):
				p.doubtKey(consumer, c, "an argument of the module call takes a key")
			case !k.plain:
				p.doubtKey(consumer, c, "its expression refers to more than the cache, and a condition may decide; --config would settle it")
			case whole && !(isOutput && output.keys):
				p.doubtKey(consumer, c, "it refers to the whole cache; --config would settle what it takes")
			case p.unplanned && !isOutput && !p.counted(consumer):
				p.doubtKey(consumer, c, "it "+countless)
			default:
				c.keys = append(c.keys, consumer)
			}
		}
	}
}

// counted reports whether it is known how many instances of a resource there are.
func (p *linker) counted(cfg string) bool {
	if p.evaluator == nil {
		return false
	}
	_, known := p.evaluator.Addresses(cfg)
	return known
}

// keyOfData is the type of cache of which a data source reads the key that a reference
// names, and the address of the data source in its module; nil for another reference.
func keyOfData(reference string) (t *resourceType, address string) {
	segs := parseInModule(reference)
	if segs[0].name != "data" || len(segs) < 4 {
		return nil, ""
	}
	t = resourceTypes[segs[1].name]
	if !t.holdsKeys() || !t.isKey(segs[len(segs)-1].name) {
		return nil, ""
	}
	return t, renderRef(segs[:3])
}

// linkDataKey notes that a consumer takes a key that a data source reads: that of a cache
// of the plan, unless the name in the data source is known to be another one.
func (p *linker) linkDataKey(m *module, t *resourceType, address, consumer string) {
	name := ""
	if p.evaluator != nil && m.parent == nil {
		if ref := p.evaluator.Reference(address, "name"); ref.Kind == tfconfig.KnownString {
			name = ref.Value
		}
	}
	for _, c := range p.caches {
		if c.service == t.service && (name == "" || c.name == "" || strings.EqualFold(c.name, name)) {
			p.doubtKey(consumer, c, "it takes a key that "+address+" reads, and of which cache is not settled")
			c.keysSeen = false
		}
	}
}
