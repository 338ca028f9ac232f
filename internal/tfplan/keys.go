package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// keyAttributes are what an application would authenticate with.
var keyAttributes = []string{"primary_access_key", "secondary_access_key", "primary_connection_string", "secondary_connection_string"}

func isKey(attribute string) bool { return slices.Contains(keyAttributes, attribute) }

// noteKeys keeps the references that name a key, or a module output that may hold one.
func (c *configuration) noteKeys(m *module, consumer string, refs []string) {
	for _, ref := range refs {
		dot := strings.LastIndexByte(ref, '.')
		if dot < 0 {
			continue
		}
		if isKey(ref[dot+1:]) || (strings.HasPrefix(ref, "module.") && strings.Count(ref, ".") >= 2) {
			m.keyed = append(m.keyed, keyReference{consumer, ref})
		}
	}
}

// linkKeys finds the outputs and resources that take a key of a cache.
func (p *Plan) linkKeys() {
	if p.config.root == nil {
		return
	}
	byGroup := map[string][]*cacheEntry{}
	for _, c := range p.caches {
		for _, g := range c.groups() {
			if g != "" && g != everyCache {
				byGroup[g] = append(byGroup[g], c)
			}
		}
	}
	p.walkModules(p.config.root, func(m *module) {
		for _, k := range m.keyed {
			p.linkKey(m, k, byGroup)
		}
		m.keyed = nil
	})
	for _, c := range p.caches {
		slices.Sort(c.keys)
		c.keys = slices.Compact(c.keys)
	}
}

func (p *Plan) walkModules(m *module, visit func(*module)) {
	visit(m)
	for _, name := range sortedKeys(m.calls) {
		p.walkModules(m.calls[name].module, visit)
	}
}

func (p *Plan) linkKey(m *module, k keyReference, byGroup map[string][]*cacheEntry) {
	if strings.HasPrefix(k.consumer, "output.") && m.parent != nil {
		return // an output of a module shows up where somebody takes it
	}
	consumer := join(m.path, k.consumer)
	for _, l := range p.follow(site{m: m, known: m.parent == nil}, []string{k.reference}) {
		rt := resourceTypes[l.typ]
		if rt == nil || !rt.cache || l.data || !isKey(l.attribute) {
			continue
		}
		name := l.address
		if name == "" {
			name = l.group
		}
		caches := byGroup[name]
		if len(caches) > 1 && l.address == "" && m.parent == nil {
			caches = nil // which instance is meant cannot be told
		}
		for _, c := range caches {
			if c.in.address == consumer {
				continue
			}
			if strings.HasPrefix(k.consumer, "module.") {
				p.doubts.add(kindCache, posture.Doubt{Address: consumer, Reason: posture.ReasonUnresolvedReference,
					Detail: "an argument of the module call takes a key"}, consumer, []string{c.in.address})
				continue
			}
			c.keys = append(c.keys, consumer)
		}
	}
}
