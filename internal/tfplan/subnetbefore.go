package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// subnetBefore describes the subnet of an injected cache as the plan found it.
// A state holds ids, no references, and of a security group every rule.
func (p *linker) subnetBefore(id string) posture.Subnet {
	const path = "network_security_group_id"
	out := posture.Subnet{
		Prefixes:      posture.Unknown[[]string](posture.ReasonNotObserved, "address_prefixes"),
		SecurityGroup: posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, path),
	}
	group, seen := "", false
	if subnet, v := p.stateOf(kindSubnet, id); subnet != nil {
		out.Address, out.Prefixes = subnet.address, v.get("address_prefixes").list("address_prefixes")
		group, seen = v.get(path).val.str(), v.get(path).val.kind == '"'
	} else if i := strings.LastIndex(strings.ToLower(id), "/subnets/"); i > 0 {
		if network, v := p.stateOf(kindVirtualNetwork, id[:i]); network != nil {
			for s := range v.get("subnet").elems() {
				if strings.EqualFold(s.get("name").val.str(), id[i+len("/subnets/"):]) {
					out.Address, group, seen = network.address, s.get("security_group").val.str(), !network.translated
				}
			}
		}
	}
	if association, v := p.stateOf(kindSecurityAssociation, id); association != nil {
		group, seen = v.get(path).val.str(), true
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
		g := posture.SecurityGroup{Address: in.address, Name: v.get("name").shown()}
		rules := v.get("security_rule")
		g.Rules.Observed = rules.val.kind == '[' && !in.translated
		for rule := range rules.elems() {
			g.Rules.Items = append(g.Rules.Items, securityRule(in.address, rule))
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
	return stateKey{k, strings.TrimRight(strings.ToLower(id), "/")}
}

// stateOf finds the instance of a kind that has an id before the plan; an
// association is found by the id of its subnet.
func (p *linker) stateOf(k kind, id string) (*instance, view) {
	in := p.network.state[stateAt(k, id)]
	if in == nil {
		return nil, view{}
	}
	return in, in.before()
}
