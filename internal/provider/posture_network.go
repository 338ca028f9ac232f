package provider

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// network is what the companions show of the subnet of an injected cache.
type network struct {
	associated bool   // an association for the subnet was passed
	groupID    string // the group that it names, where known
	groups     []node
	unknown    bool   // a companion of unknown kind may belong here
	elsewhere  string // a companion that belongs elsewhere
}

func (a *around) association(n node) {
	subnet, group := n.at(associationTerms, vocabulary.Target).link(), n.at(associationTerms, vocabulary.SecurityGroup).link()
	if differs(strings.Trim(subnet, "/"), strings.Trim(a.who.subnet, "/")) {
		a.network.elsewhere = "the association of another subnet"
		return
	}
	a.network.associated, a.network.groupID = true, group
}

func (a *around) securityGroup(n node) { a.network.groups = append(a.network.groups, n) }

// subnet is the subnet with its group. An association or a group asserts that the
// subnet has a group; known ids may show that the group is another one.
func (w *network) subnet() posture.Subnet {
	const path = "network_security_group"
	var mine []node
	for _, g := range w.groups {
		if differs(strings.Trim(g.at(groupTerms, vocabulary.ID).link(), "/"), strings.Trim(w.groupID, "/")) {
			w.elsewhere = addressOf(g)
			continue
		}
		mine = append(mine, g)
	}
	switch {
	case len(mine) == 1 && !(w.elsewhere != "" && !w.associated):
		return posture.Subnet{SecurityGroup: posture.Known(readSecurityGroup(mine[0]), path).Asserted()}
	case len(mine) > 1:
		return posture.Subnet{SecurityGroup: posture.Unknown[posture.SecurityGroup](posture.ReasonUnresolvedReference, path).
			WithDetail("several network security groups were passed, and a subnet has one")}
	case w.associated:
		return posture.Subnet{SecurityGroup: posture.Known(posture.SecurityGroup{Asserted: true, Rules: posture.Set[posture.SecurityRule]{
			Detail: "pass the network security group too",
		}}, path).Asserted()}
	case w.unknown:
		return posture.Subnet{SecurityGroup: posture.Unknown[posture.SecurityGroup](posture.ReasonKnownAfterApply, path)}
	case w.elsewhere != "":
		return posture.Subnet{SecurityGroup: posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, path).
			WithDetail(w.elsewhere + " was passed, and known ids say that it belongs elsewhere")}
	default:
		return posture.Subnet{SecurityGroup: posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, path)}
	}
}

func readSecurityGroup(n node) posture.SecurityGroup {
	group := posture.SecurityGroup{Address: addressOf(n), Name: addressOf(n), Asserted: true}
	rules := n.at(groupTerms, vocabulary.Rules)
	if rules.unknown() {
		group.Rules.Reason = posture.ReasonKnownAfterApply
		return group
	}
	group.Rules.Observed = true
	for _, r := range rules.items() {
		if r.unknown() {
			group.Rules.Observed, group.Rules.Reason = false, posture.ReasonKnownAfterApply
			continue
		}
		group.Rules.Items = append(group.Rules.Items, readSecurityRule(r))
	}
	return group
}

// securityRules is where azurerm has the facts of a security rule.
var securityRules = vocabulary.SecurityRule.Azurerm()

func readSecurityRule(n node) posture.SecurityRule {
	r := posture.SecurityRule{Address: n.path, Name: n.Get("name").link()}
	vocabulary.Read(securityRules, &r, n, vocabulary.Reading[node]{})
	return r
}
