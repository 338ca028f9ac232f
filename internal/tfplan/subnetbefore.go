package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// subnetBefore describes the subnet of an injected cache as the plan found it.
// A state holds ids instead of references, and every rule of a security group.
func (p *linker) subnetBefore(id string) posture.Subnet {
	path := groupPath(nil)
	out := posture.Subnet{
		Prefixes:      posture.Unknown[[]string](posture.ReasonNotObserved, "address_prefixes"),
		SecurityGroup: posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, path),
	}
	group, seen := "", false
	if subnet, v := p.stateOf(kindSubnet, id); subnet != nil {
		out.Address, out.Prefixes = subnet.address, prefixesOf(subnet.typ.terms, v)
		own := subnet.at(v, vocabulary.SecurityGroup)
		group, seen, path = own.val.str(), own.val.kind == '"', groupPath(subnet)
	} else if i := strings.LastIndex(strings.ToLower(id), "/subnets/"); i > 0 {
		if network, v := p.stateOf(kindVirtualNetwork, id[:i]); network != nil {
			each := network.typ.terms.Element(vocabulary.Subnets)
			for s := range network.at(v, vocabulary.Subnets).elems() {
				if strings.EqualFold(s.along(each.Place(vocabulary.Name)).val.str(), id[i+len("/subnets/"):]) {
					out.Address, group, seen = network.address, s.along(each.Place(vocabulary.SecurityGroup)).val.str(), !network.typ.arm
				}
			}
		}
	}
	if association, v := p.stateOf(kindSecurityAssociation, id); association != nil {
		group, seen = association.at(v, vocabulary.SecurityGroup).val.str(), true
	}
	switch {
	case group != "":
		out.SecurityGroup = posture.Known(p.groupBefore(group), path)
	case seen:
		out.SecurityGroup = posture.Unset[posture.SecurityGroup](path)
	}
	return out
}

func (p *linker) groupBefore(id string) posture.SecurityGroup {
	in, v := p.stateOf(kindSecurityGroup, id)
	if in == nil {
		return posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{Reason: posture.ReasonNotObserved}}
	}
	return p.groupOnce(groupSide{in, true}, func() posture.SecurityGroup {
		g := posture.SecurityGroup{Address: in.address, Name: in.at(v, vocabulary.Name).shown()}
		rules := in.at(v, vocabulary.Rules)
		g.Rules.Observed = rules.val.kind == '[' && !in.typ.arm
		for rule := range rules.elems() {
			g.Rules.Items = append(g.Rules.Items, securityRule(in, rule, true))
		}
		return g
	})
}

// stateKey is what indexNetwork files an instance under, by an id of its state.
type stateKey struct {
	kind kind
	id   string
}

func stateAt(k kind, id string) stateKey {
	return stateKey{k, armid.Key(id)}
}

// stateOf finds the instance of a kind that has an id before the plan; an
// association is found by the id of its subnet.
func (p *linker) stateOf(k kind, id string) (*instance, view) {
	in := p.network.byStateID[stateAt(k, id)]
	if in == nil {
		return nil, view{}
	}
	return in, in.before()
}
