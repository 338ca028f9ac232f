package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheAzurerm and cacheOwn are where azurerm 3, 4 and 5 and this provider's
// resource have the facts of a cache.
var (
	cacheAzurerm = vocabulary.Of(service.Redis).Azurerm()
	cacheOwn     = vocabulary.Of(service.Redis).Own()
)

// azurermFacts maps one side of a change of a cache by azurerm. fresh says that
// the object is created by this plan.
func (p *references) azurermFacts(in *instance, v view, fresh bool) *posture.Cache {
	if !v.isUnknown() && v.get("name").isAbsent() {
		v.stripped = true
	}
	dialect, words := cacheAzurerm, vocabulary.AzurermOf(vocabulary.Of(service.Redis), v)
	if in.typ.name == ownCache {
		dialect, words = cacheOwn, posture.DialectOwn
	}
	const configuration = "redis_configuration"
	block := p.block(in, v, configuration, fresh)
	c := &posture.Cache{Type: service.Redis.Type, Dialect: words}
	vocabulary.Read(dialect, c, v, vocabulary.Reading[view]{
		Inside: func([]string) view { return block },
		New:    fresh,
		Writes: func(path []string, name string) bool { return p.mayWrite(in, strings.Join(path, "."), name) },
	})
	if block.isUnknown() && fresh {
		detail := p.describeBlock(in, configuration)
		c.AuthenticationRequired = c.AuthenticationRequired.WithDetail(detail)
		c.EntraAuthentication = c.EntraAuthentication.WithDetail(detail)
	}
	if fresh && c.RedisVersion.IsUnknown() && p.ask(in, "redis_version").Kind == tfconfig.Omitted {
		c.RedisVersion = posture.Unset[string]("redis_version") // computed by the provider only where it is left out
	}
	return c
}

// block returns the only block of a name, or the nested attribute that providers
// of the newer kind write instead.
func (p *references) block(in *instance, v view, name string, fresh bool) view {
	block := v.get(name)
	switch {
	case block.isUnknown() && fresh && p.omitted(in, name) == posture.True:
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
