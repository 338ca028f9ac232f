package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// azurermFacts maps one side of a change of a cache by azurerm. fresh says that
// the object is created by this plan.
func (p *references) azurermFacts(in *instance, v view, fresh bool) *posture.Cache {
	if !v.isUnknown() && v.get("name").isAbsent() {
		v.stripped = true
	}
	words := vocabulary.AzurermOf(vocabulary.Of(in.typ.service), v)
	switch {
	case in.typ.name == ownCache:
		words = posture.DialectOwn
	case in.typ.apart:
		words = posture.DialectEnterprise
	}
	c := &posture.Cache{Type: in.typ.service.Type, Dialect: words}
	c.MigrationAsked = p.migration
	open := map[string]bool{} // blocks that are not known
	reading := vocabulary.Reading[view]{
		Inside: func(path []string) view {
			block := p.block(in, v, path[0], fresh)
			open[path[0]] = block.isUnknown()
			return block
		},
		New:    fresh,
		Writes: func(path []string, name string) bool { return p.mayWrite(in, strings.Join(path, "."), name) },
	}
	vocabulary.Read(in.typ.facts, c, v, reading)
	if p.migration {
		vocabulary.Read(in.typ.migration, c, v, reading)
	}
	for _, fact := range []*posture.Value[bool]{&c.AuthenticationRequired, &c.EntraAuthentication} {
		if block, _, _ := strings.Cut(fact.Source.Path, "."); fresh && open[block] {
			*fact = fact.WithDetail(p.describeBlock(in, block))
		}
	}
	if path := c.RedisVersion.Source.Path; fresh && in.typ.name != ownCache && c.RedisVersion.IsUnknown() &&
		p.ask(in, path).Kind == tfconfig.Omitted {
		c.RedisVersion = posture.Unset[string](path) // computed by the provider only where it is left out
	}
	return c
}

// block returns the only block of a name, or the nested attribute that providers
// of the newer kind write instead.
func (p *references) block(in *instance, v view, name string, fresh bool) view {
	block := v.get(name)
	switch {
	case block.isUnknown() && fresh && in.typ.name != ownCache && p.omitted(in, name) == posture.True:
		return view{} // nothing in it is set
	case block.isUnknown(), block.val.kind == '{':
		return block
	default:
		return block.first()
	}
}

// mayWrite reports whether the configuration may write an argument; what it does
// not write is computed by the provider. A block that is not among the
// expressions while the plan has it is dynamic, and may hold anything.
func (p *references) mayWrite(in *instance, block, name string) bool {
	rc := p.config.resources[in.cfg]
	switch {
	case p.config.root == nil:
		return true
	case rc == nil:
		return false
	case block == "":
		return rc.has(name)
	default:
		return !rc.has(block) || rc.has(block+"[0]."+name)
	}
}

// subnetReference replaces a subnet id that is known after apply where it refers
// to the id of a managed subnet.
func (p *references) subnetReference(in *instance, id posture.Value[string]) (posture.Value[string], *instance) {
	if !id.IsUnknown() || id.Reason != posture.ReasonKnownAfterApply {
		return id, nil
	}
	subnet := p.referred(in, id.Source.Path, kindSubnet)
	if subnet == nil {
		return id.WithDetail(p.describe(in, id.Source.Path)), nil
	}
	known := posture.Known(p.predictSubnetID(subnet), id.Source.Path)
	known.Source.Sensitive = id.Source.Sensitive
	return known, subnet
}

// predictSubnetID returns the id that a subnet will have, else the reference;
// a name that the plan marks sensitive is no part of what messages show.
func (p *references) predictSubnetID(in *instance) string {
	v := in.view()
	if id := v.get("id").shown(); id != "" {
		return id
	}
	group, network := in.place(v)
	sub, rg, vnet, name := p.subscriptionOf(in).id, group.shown(), network.shown(), in.at(v, vocabulary.Name).shown()
	if sub == "" || rg == "" || vnet == "" || name == "" {
		return in.address + ".id"
	}
	return strings.Join([]string{"/subscriptions", sub, "resourceGroups", rg, "providers/Microsoft.Network/virtualNetworks", vnet, "subnets",
		name}, "/")
}
