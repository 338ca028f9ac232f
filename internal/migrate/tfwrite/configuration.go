package tfwrite

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Cache is a cache of the estate with the plan of its move.
type Cache struct {
	Move *migrate.Move
	Old  *posture.Cache
}

// Options are what a configuration depends on besides the caches.
type Options struct {
	// Dialect is posture.DialectAzurerm or posture.DialectAzapi; all objects are written
	// in it, those around a cache too.
	Dialect posture.Dialect
	// Tags are the names of the tags that new caches take along.
	Tags []string
	// Wave is the number of the wave whose caches are written; 0 for all.
	Wave int
}

// variablePrefix begins the names of variables, so that they collide with none of the estate.
const variablePrefix = "managed_redis_"

// sharedFile is the file of what several caches share.
const sharedFile = "managed_redis.tf"

// configuration is a configuration that is being made.
type configuration struct {
	options   Options
	dialect   *dialect
	variables variables
	stems     names
	names     names // of caches
	labels    names // of resources, behind their types
	zones     []*zone
	groups    []*geoGroup
}

// zone is the private DNS zone of a cloud.
type zone struct {
	cloud  posture.Cloud
	name   string
	label  string     // empty where the zone is not written, but a variable
	group  expression // of a zone that is written; nil where no endpoint needs the zone
	links  []*zoneLink
	linked map[string]*zoneLink // by the expressions of networks
}

// zoneLink links the zone to the virtual network of an endpoint.
type zoneLink struct {
	label   string
	name    string // in Azure
	network expression
	several bool // another subnet, which may be of the same network, has a link too
	// endpoints are the labels of the private endpoints in the network.
	endpoints []string
}

// New makes the configuration of the caches to which caches move, in any order. Caches
// that do not move are looked at for the names that they have.
func New(caches []Cache, opts Options) (*Set, error) {
	d, ok := dialects[opts.Dialect]
	if !ok {
		return nil, fmt.Errorf("cannot write configuration of %q: use azurerm or azapi", opts.Dialect)
	}
	c := &configuration{options: opts, dialect: d, variables: variables{declared: map[string]bool{}},
		stems: names{}, names: names{}, labels: names{}}
	caches = slices.Clone(caches)
	for i := range caches {
		caches[i].Old = caches[i].Old.Documented()
	}
	slices.SortStableFunc(caches, func(a, b Cache) int {
		return cmp.Or(strings.Compare(a.Old.Address, b.Old.Address), strings.Compare(a.Move.DisplayName, b.Move.DisplayName),
			strings.Compare(a.Old.ResourceID.V, b.Old.ResourceID.V))
	})
	followers := c.followers(caches)
	for i := range caches {
		if !followers[caches[i].Old] {
			c.reserve(caches[i].Old)
		}
	}
	c.findZones(caches)
	set := &Set{}
	var targets []*target
	for i := range caches {
		move := caches[i].Move
		switch {
		case move.State == migrate.Moved:
		case move.Target == nil:
			set.Notes = append(set.Notes, move.DisplayName+" is left out: its service is not known")
		default:
			// Caches of other waves take their names, so that every wave has the same ones.
			if t := c.named(caches[i]); opts.Wave == 0 || opts.Wave == move.Wave {
				c.fill(t)
				targets = append(targets, t)
			}
		}
	}
	c.findGroups(targets)
	c.write(set, targets)
	return set, nil
}

// followers are the caches of Azure Managed Redis that were written for caches of the
// estate before. They are written again, under the same names.
func (c *configuration) followers(caches []Cache) map[*posture.Cache]bool {
	names := map[string]string{} // by address
	for _, in := range caches {
		if name, ok := in.Old.Name.Get(); ok && in.Move.State != migrate.Moved {
			names[c.dialect.types[cluster]+"."+stemOf(in)+"_"+suffix] = newName(name, "")
		}
	}
	out := map[*posture.Cache]bool{}
	for _, in := range caches {
		if name, ok := names[in.Old.Address]; ok && in.Move.State == migrate.Moved && posture.Is(in.Old.Name, name) == posture.True {
			out[in.Old] = true
		}
	}
	return out
}

// reserve takes the names and labels that a cache of the estate and the objects around it
// have.
func (c *configuration) reserve(old *posture.Cache) {
	if name, ok := old.Name.Get(); ok && !old.Name.Source.Sensitive {
		c.names[strings.ToLower(name)] = orElse(old.Address, "a cache that is there")
	}
	addresses := []string{old.Address}
	for _, e := range old.PrivateEndpoints.Items {
		addresses = append(addresses, e.Address)
	}
	for _, d := range old.DiagnosticSettings.Items {
		addresses = append(addresses, d.Address)
	}
	for _, a := range old.AccessPolicyAssignments.Items {
		addresses = append(addresses, a.Address)
	}
	for _, a := range addresses {
		if at, ok := parseAddress(a); ok && at.module == "" {
			c.labels[strings.ToLower(at.resource)] = a
		}
	}
}

// label returns the label of a resource that nobody has, and takes it.
func (c *configuration) label(r role, want string) string {
	typ := c.dialect.types[r]
	if typ == azapiType && r != cluster {
		want += "_" + string(r)
	}
	resource, _ := c.labels.take(want, func(number string) string { return typ + "." + want + number })
	return strings.TrimPrefix(resource, typ+".")
}

// findZones decides whether the private DNS zones are written. They are not where the
// zones of the old caches are known to lie elsewhere.
func (c *configuration) findZones(caches []Cache) {
	held, elsewhere := map[posture.Cloud]bool{}, map[posture.Cloud]bool{}
	for _, in := range caches {
		for _, e := range in.Old.PrivateEndpoints.Items {
			for _, z := range e.DNSZones.OrDefault(nil).V {
				if z.Linked.IsUnset() {
					elsewhere[in.Old.Cloud()] = true
				} else {
					held[in.Old.Cloud()] = true
				}
			}
		}
	}
	for _, cloud := range []posture.Cloud{posture.CloudPublic, posture.CloudUSGovernment, posture.CloudChina} {
		z := &zone{cloud: cloud, name: service.ManagedRedis.DNSZones[cloud], linked: map[string]*zoneLink{}}
		if !elsewhere[cloud] || held[cloud] {
			z.label = c.label(privateZone, "managed_redis"+cloudSuffix(cloud))
		}
		c.zones = append(c.zones, z)
	}
}

// cloudSuffix tells the names for other clouds than the public one from those for it.
func cloudSuffix(cloud posture.Cloud) string {
	if cloud == posture.CloudPublic {
		return ""
	}
	return "_" + string(cloud)
}

// zone is the id of the private DNS zone in which an endpoint in a subnet registers.
func (c *configuration) zone(t *target, endpoint string, subnet expression) expression {
	i := slices.IndexFunc(c.zones, func(z *zone) bool { return z.cloud == t.old.Cloud() })
	z := c.zones[i]
	if z.label == "" {
		return c.variables.declare(variable{name: variablePrefix + "private_dns_zone_id" + cloudSuffix(z.cloud), typ: "string",
			description: "Id of the private DNS zone " + z.name + ", linked to the networks of the clients."})
	}
	if z.group == nil || !isLiteral(z.group) && isLiteral(t.group) {
		z.group = t.group
	}
	of := network(subnet)
	if z.linked[of] == nil {
		// Named after the network, so that another run gives it the same name.
		link := &zoneLink{label: c.label(networkLink, z.label+"_"+label(networkName(of))), network: code(of), several: len(z.links) > 0}
		link.name = strings.ReplaceAll(link.label, "_", "-")
		link.name = strings.TrimRight(link.name[:min(len(link.name), longestLink)], "-")
		z.links = append(z.links, link)
		z.linked[of] = link
	}
	z.linked[of].endpoints = append(z.linked[of].endpoints, endpoint)
	return code(c.dialect.types[privateZone] + "." + z.label + ".id")
}

// isLiteral reports whether an expression is a text that is written out.
func isLiteral(e expression) bool { return strings.HasPrefix(sourceOf(e), `"`) }

// network is the expression of the virtual network of a subnet.
func network(subnet expression) string {
	source := sourceOf(subnet)
	if id, err := strconv.Unquote(source); err == nil {
		if network, found := before(id, "/subnets/"); found {
			return sourceOf(text(network))
		}
	}
	return `split("/subnets/", ` + source + `)[0]`
}

// longestLink is the most characters of the name of a link to a virtual network.
// Source: Azure Resource Manager, naming rules of Microsoft.Network.
const longestLink = 80

// networkName is a name for a network by its expression: the last part of its id, of the
// address of its subnet, or of the variable of its subnet.
func networkName(source string) string {
	if id, err := strconv.Unquote(source); err == nil {
		return id[strings.LastIndexByte(id, '/')+1:]
	}
	_, subnet, _ := strings.Cut(source, `", `)
	subnet = strings.TrimSuffix(strings.TrimSuffix(subnet, ")[0]"), ".id")
	subnet = strings.TrimPrefix(subnet, "var."+variablePrefix+"subnet_id_")
	return subnet[strings.LastIndexByte(subnet, '.')+1:]
}

// numbered is what tells the names of several objects apart: a number behind all but the
// first, of which there are already some.
func numbered(already int) string {
	if already == 0 {
		return ""
	}
	return strconv.Itoa(already + 1)
}

// before returns what stands before a part of a text, in any case, and whether the text
// has that part.
func before(s, part string) (string, bool) {
	i := strings.Index(strings.ToLower(s), strings.ToLower(part))
	if i < 0 {
		return s, false
	}
	return s[:i], true
}

// findGroups joins the members of geo-replication, which Azure Managed Redis has in
// groups.
func (c *configuration) findGroups(targets []*target) {
	known := map[string]*target{} // by address, and by id in lower case
	for _, t := range targets {
		known[t.old.Address], known[strings.ToLower(t.old.ResourceID.V)] = t, t
	}
	delete(known, "")
	find := func(partner string) *target { return cmp.Or(known[partner], known[strings.ToLower(partner)]) }
	for _, t := range targets {
		if name := t.move.Target.Value(migrate.GeoReplicationGroup); t.geo != nil ||
			len(t.move.Partners) == 0 && (name == "" || name == none) {
			continue
		}
		g := &geoGroup{}
		var join func(*target)
		join = func(m *target) {
			m.geo = g
			g.members = append(g.members, m)
			for _, partner := range m.move.Partners {
				switch other := find(partner); {
				case other == nil && !slices.Contains(g.outside, partner):
					g.outside = append(g.outside, partner)
				case other != nil && other.geo == nil:
					join(other)
				}
			}
		}
		join(t)
		slices.SortStableFunc(g.members, func(a, b *target) int { return cmp.Compare(rank(a), rank(b)) })
		g.name = orElse(strings.Trim(groupName(g.members), "-"), "managed-redis")
		c.groups = append(c.groups, g)
	}
}

// rank puts the primary of a classic pair first.
func rank(t *target) int {
	if slices.ContainsFunc(t.old.Links.Items, func(l posture.GeoLink) bool { return posture.Is(l.Primary, true) == posture.True }) {
		return 0
	}
	return 1
}

// groupName is the name of the group that a member has, or one that is made of its name.
func groupName(members []*target) string {
	for _, m := range members {
		if name := m.move.Target.Value(migrate.GeoReplicationGroup); name != "" && name != none {
			return name
		}
	}
	return newName(members[0].move.DisplayName, "-geo")
}

// none is the value of a setting that a target does without.
const none = "none"

// tag is a tag of Azure.
type tag struct{ name, value string }

// tagsOf is the argument of tags; nil for none.
func tagsOf(tags []tag) expression {
	if len(tags) == 0 {
		return nil
	}
	all := map[string]cty.Value{}
	for _, t := range tags {
		all[t.name] = cty.StringVal(t.value)
	}
	return hclwrite.TokensForValue(cty.MapVal(all))
}
