package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// References to a cache are the expressions that take an attribute of the cache which
// another cache has otherwise: host name, ports, keys, connection strings, id, static
// address, or the whole object. They are sought for a migration only, everywhere in the
// configuration: in write-only arguments, data sources, provider configurations and
// provisioners too, since it is the text that has to change.
//
// With the configuration at hand, a reference has the path of the argument and its line,
// and the host name of a cache that is written out counts as its host name. Plan JSON has
// no lines, no parts of a value, and no references of locals and dynamic blocks; an
// expression there counts whatever condition it may hold.
//
// A name counts where it names a cache: in an argument or an output whose own name
// has "redis" or "cache" in it. Elsewhere it is mere naming, as of a private endpoint.
// A host name that is made of the name counts as host name.

// groupHost is the only attribute of a linked server that counts: a host name of its cache.
const groupHost = "geo_replicated_primary_host_name"

// takenAttributes are the attributes of caches whose use is a reference. "output" has
// what azapi exports.
var takenAttributes = append([]string{"hostname", "port", "ssl_port", "id", "name", "private_static_ip_address", "output", groupHost},
	slices.Compact(slices.Sorted(slices.Values(keyAttributes)))...)

// takenTypes are the types of the resources that have them.
var takenTypes = newTakenTypes()

func newTakenTypes() (out []string) {
	for _, name := range sortedKeys(resourceTypes) {
		if t := resourceTypes[name]; t.holdsKeys() && t.kind != kindAzapiUpdate {
			out = append(out, name)
		}
	}
	return append(out, linkedServer)
}

// mention is a reference in plan JSON that may lead to an attribute of a cache.
type mention struct{ consumer, argument, reference string }

// noteMention keeps the references of one expression that may lead to an attribute of
// a cache, where a migration is asked for.
func (c *configuration) noteMention(m *module, consumer, argument string, refs []string) {
	if !c.migration {
		return
	}
	for _, ref := range refs {
		head, rest, _ := strings.Cut(ref, ".")
		switch {
		case head == "var":
			if m.parent == nil {
				continue // known while planning
			}
		case head == "module":
			if !strings.Contains(rest, ".") {
				continue // a call as a whole, which Terraform lists beside its outputs
			}
		case head == "each":
			if rest != "value" && !strings.HasPrefix(rest, "value.") {
				continue
			}
		default:
			typ := strings.TrimPrefix(ref, "data.")
			if typ, _, _ = strings.Cut(typ, "."); !slices.Contains(takenTypes, typ) {
				continue
			}
		}
		m.mentions = append(m.mentions, mention{consumer, argument, c.share(ref)})
	}
}

// readProviderArgument reads an argument of a provider configuration, whose key is its
// name with that of a module before it.
func (c *configuration) readProviderArgument(dec *jsontext.Decoder, key, argument string) error {
	if !c.migration {
		return dec.SkipValue()
	}
	module, name, inside := strings.Cut(key, ":")
	if !inside {
		module, name = "", key
	}
	return c.readExpression(dec, argument, false, func(e expression) {
		c.ofProviders = append(c.ofProviders, ofProvider{module, mention{"provider." + name, e.path, ""}, e.references})
	})
}

// ofProvider are the references of an argument of a provider configuration in a module.
type ofProvider struct {
	module string
	mention
	references []string
}

// noteProviders keeps the references of provider configurations as those of the modules
// in which they stand, once all modules are read.
func (c *configuration) noteProviders() {
	for _, of := range c.ofProviders {
		if m := c.root.at(of.module); m != nil {
			c.noteMention(m, of.consumer, of.argument, of.references)
		}
	}
	c.ofProviders = nil
}

// linkReferences finds the references to each cache.
func (p *linker) linkReferences() {
	if !p.migration || p.config.root == nil {
		return
	}
	var open []string
	if p.evaluator != nil {
		open = p.linkTakers()
	}
	seen := map[string][]*cacheEntry{}
	for _, c := range p.caches {
		for _, g := range c.groups {
			if g != "" && !isEvery(g) && !c.referencesSeen {
				seen[g] = append(seen[g], c)
			}
		}
	}
	if len(seen) > 0 {
		p.walkModules(p.config.root, func(m *module) {
			for _, x := range m.mentions {
				p.linkMention(m, x, seen)
			}
			m.mentions = nil
		})
	}
	for _, c := range p.caches {
		slices.SortFunc(c.references, compareReferences)
		c.references = slices.Compact(c.references)
		c.referencesSeen = c.referencesSeen && len(open) == 0
	}
}

func compareReferences(a, b posture.Reference) int {
	return cmp.Or(strings.Compare(a.Consumer, b.Consumer), strings.Compare(a.Argument, b.Argument),
		strings.Compare(a.Position.File, b.Position.File), cmp.Compare(a.Position.Line, b.Position.Line),
		strings.Compare(a.Attribute, b.Attribute))
}

// linkTakers asks the configuration who takes an attribute of a cache. It returns what
// mentions one and could not be evaluated; caches that the configuration describes are
// marked, since plan JSON knows no more of them.
func (p *linker) linkTakers() (open []string) {
	list, open := p.evaluator.Usages(tfconfig.Subject{Everywhere: true, Types: takenTypes, Attributes: takenAttributes, Texts: p.hostNames()})
	for _, c := range p.caches {
		c.referencesSeen = p.describes(c)
	}
	for _, u := range list {
		c := p.takenFrom(u.Of)
		if c == nil || c.in.address == u.Consumer || p.linkedServers[u.Of] == c && u.Attribute != groupHost {
			continue
		}
		r := posture.Reference{Consumer: u.Consumer, Argument: u.Argument, Attribute: u.Attribute,
			Position: positionIn(p.options.Base, u.Position)}
		if r.Attribute == tfconfig.TextAttribute {
			r.Attribute = "hostname"
		}
		switch {
		case !isReference(r):
		case u.Certain:
			c.references = append(c.references, r)
		default:
			p.doubtReference(u.Consumer, []string{c.in.address},
				"a condition that is not known decides whether its "+argumentOf(r)+" takes "+attributeOf(r)+" of the cache")
		}
	}
	for _, consumer := range open {
		p.doubtReference(consumer, everyCache(nil), "it mentions an attribute of a cache, and the configuration does not settle of which")
	}
	return open
}

// takenFrom is the cache that an instance is, that it is the database of, or that it
// finds as a data source; nil for none.
func (p *linker) takenFrom(address string) *cacheEntry {
	if c := p.cacheAt[address]; c != nil {
		return c
	}
	if c := cmp.Or(p.clusterOf[address].cache, p.linkedServers[address]); c != nil {
		return c
	}
	segs := parseInModule(address)
	if segs[0].name != "data" || len(segs) < 3 {
		return nil
	}
	t, _ := p.cacheOfData(leaf{address: address, typ: segs[1].name, data: true})
	return t.cache
}

// hostNames are the host names of the caches of Azure Cache for Redis, with their
// addresses. Those of other services depend on the region.
func (p *linker) hostNames() map[string]string {
	out := map[string]string{}
	for _, c := range p.caches {
		if c.service != service.Redis || c.name == "" {
			continue
		}
		for _, zone := range service.Redis.DNSZones {
			out[c.name+strings.TrimPrefix(zone, "privatelink")] = c.in.address
		}
	}
	return out
}

// isReference reports whether taking an attribute is more than mere naming.
func isReference(r posture.Reference) bool {
	if r.Attribute != "name" {
		return true
	}
	named := r.Argument
	if output, ok := strings.CutPrefix(r.Consumer, "output."); ok {
		named = output + r.Argument
	} else if last := parseRef(r.Argument); len(last) > 0 {
		named = last[len(last)-1].name + last[len(last)-1].key
	}
	named = strings.ToLower(named)
	return strings.Contains(named, "redis") || strings.Contains(named, "cache")
}

func argumentOf(r posture.Reference) string { return cmp.Or(r.Argument, "expression") }

func attributeOf(r posture.Reference) string { return cmp.Or(r.Attribute, "the whole object") }

// doubtReference makes a doubt about the caches of some groups, once for all arguments of
// a consumer.
func (p *linker) doubtReference(consumer string, groups []string, detail string) {
	doubt := posture.Doubt{Address: consumer, Reason: posture.ReasonUnresolvedReference, Detail: detail}
	for _, name := range groups {
		if g := p.doubts[kindReference][name]; g == nil || g.doubts[len(g.doubts)-1] != doubt {
			p.doubts.add(kindReference, doubt, consumer, []string{name})
		}
	}
}

// linkMention links a reference of plan JSON to the caches that it leads to.
func (p *linker) linkMention(m *module, x mention, seen map[string][]*cacheEntry) {
	consumer := join(m.path, x.consumer)
	switch head, _, _ := strings.Cut(x.consumer, "."); head {
	case "output":
		if m.parent != nil {
			return // an output of a module counts where something refers to it
		}
	case "data", "provider", "action":
	default:
		if !p.mayExist(consumer) {
			return
		}
	}
	at := site{m: m, known: m.parent == nil}
	if rc := p.config.resources[consumer]; rc != nil {
		at.forEach = rc.forEach
	}
	t := tracer{p: p.references}
	if t.refs(at, []string{x.reference}, nil, true); t.steps > traceLimit {
		return
	}
	for _, l := range t.leaves {
		r := posture.Reference{Consumer: consumer, Argument: x.argument, Attribute: takenBy(l)}
		if l.data || r.Attribute != "" && !slices.Contains(takenAttributes, r.Attribute) || !isReference(r) ||
			!resourceTypes[l.typ].holdsKeys() && (l.typ != linkedServer || r.Attribute != groupHost) {
			continue
		}
		group := cmp.Or(l.address, l.group)
		caches := seen[group]
		if c := cmp.Or(p.clusterOf[l.address].cache, p.linkedServers[l.address]); c != nil {
			caches = seen[c.in.address]
		}
		all := x.argument == "for_each" || x.argument == "depends_on"
		switch {
		case len(caches) == 0:
		case l.address == "" && caches[0].groups[2] != "" && !all:
			p.doubtReference(consumer, []string{group}, "it refers to an instance of "+group+
				", and plan JSON does not say to which; --config would settle it")
		case t.wide && !all, r.Attribute == "" && !strings.HasPrefix(x.reference, l.typ+"."):
			p.doubtReference(consumer, []string{group}, "it refers to several resources or to all of a module; --config would settle what it takes")
		default:
			for _, c := range caches {
				if c.in.address != consumer && c.in.cfg != consumer {
					c.references = append(c.references, r)
				}
			}
		}
	}
}

// takenBy is the attribute of a cache that a leaf is: that of a block, such as the
// database, counts as one of the cache.
func takenBy(l leaf) string {
	if l.attribute == "output" {
		return l.attribute
	}
	return l.last
}

// referencesOf are the references to a cache.
func (p *linker) referencesOf(c *cacheEntry) posture.Set[posture.Reference] {
	out := posture.Set[posture.Reference]{Items: c.references, Doubts: p.doubts.of(kindReference, c), Observed: c.referencesSeen}
	switch {
	case c.referencesSeen:
	case p.evaluator == nil:
		out.Detail = "plan JSON does not show what locals and dynamic blocks refer to, nor on which line; --config would show it"
	case !p.describes(c):
		out.Detail = "the configuration does not describe the cache: --config takes the one that the plan was made of"
	default:
		out.Detail = "the configuration does not settle every expression that mentions a cache"
	}
	return out
}

// describes reports whether the configuration has the resource of a cache.
func (p *linker) describes(c *cacheEntry) bool {
	_, known := p.evaluator.Addresses(c.in.cfg)
	return known
}
