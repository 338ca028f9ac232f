package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// Where the facts of a security rule stand: in azurerm's terms, and in azapi's for
// a rule within a group and for one of its own.
var (
	ruleAzurerm = vocabulary.SecurityRule.Azurerm()
	ruleInGroup = vocabulary.SecurityRule.AzapiNested("body.properties.securityRules.properties.")
	ruleOwn     = vocabulary.SecurityRule.AzapiNested("body.properties.")
)

// securityGroupAt returns the security group that a subnet, or an association, names.
func (p *linker) securityGroupAt(in *instance, v view) posture.Value[posture.SecurityGroup] {
	id, path := in.at(v, vocabulary.SecurityGroup), in.path(vocabulary.SecurityGroup)
	if s := id.known(); s != "" {
		return posture.Known(p.groupByID(s), path)
	}
	if nsg := p.referred(in, path, kindSecurityGroup); nsg != nil {
		return posture.Known(p.securityGroup(nsg), path)
	}
	// There is a group, but which one cannot be told.
	return posture.Known(posture.SecurityGroup{Rules: posture.Set[posture.SecurityRule]{
		Reason: posture.ReasonUnresolvedReference, Detail: p.describe(in, path)}}, path)
}

func (p *linker) groupByID(id string) posture.SecurityGroup {
	arm, ok := parseID(id)
	if ok && arm.kind == groupKind {
		nsg, perhaps := p.inSubscription(p.network.groups[key(arm.group, arm.name())], subscriptionIn(id))
		if nsg != nil {
			return p.securityGroup(nsg)
		}
		if perhaps != nil {
			return posture.SecurityGroup{Name: armid.Last(id),
				Rules: posture.Set[posture.SecurityRule]{Reason: posture.ReasonUnresolvedReference, Detail: perhapsMeant(perhaps)}}
		}
	}
	return posture.SecurityGroup{Name: armid.Last(id),
		Rules: posture.Set[posture.SecurityRule]{Reason: posture.ReasonNotObserved, Detail: "the security group lives outside this plan"}}
}

// groupSide is a security group as the plan found it, or as it leaves it.
type groupSide struct {
	in     *instance
	before bool
}

// securityGroup returns a security group of the plan as the plan leaves it.
func (p *linker) securityGroup(in *instance) posture.SecurityGroup {
	return p.groupOnce(groupSide{in, false}, func() posture.SecurityGroup { return p.readSecurityGroup(in) })
}

// groupOnce reads a group once for all caches that it guards.
func (p *linker) groupOnce(side groupSide, read func() posture.SecurityGroup) posture.SecurityGroup {
	g, ok := p.network.groupsRead[side]
	if !ok {
		g = read()
		g.Memo = &posture.Memo{}
		p.network.groupsRead[side] = g
	}
	return g
}

func (p *linker) readSecurityGroup(in *instance) posture.SecurityGroup {
	v := in.view()
	g := posture.SecurityGroup{Address: in.address, Name: in.at(v, vocabulary.Name).shown()}
	rules, path := in.at(v, vocabulary.Rules), in.path(vocabulary.Rules)
	separate, dropped, identity := map[string]bool{}, p.droppedRules(in), p.identityOf(in)
	doubt := func(address string, reason posture.Reason, detail string) {
		if len(g.Rules.Doubts) < shownDoubts {
			g.Rules.Doubts = append(g.Rules.Doubts, posture.Doubt{Address: address, Reason: reason, Detail: detail})
		}
	}
	unclear := "its subscription, or that of " + in.address + ", is not in the plan"
	if !identity.uniqueName {
		unclear = "several security groups of the plan have the name that it gives"
	}
	for _, r := range p.network.rules[in.key(v)] {
		switch belongs := p.belongs(r, identity); {
		case belongs == posture.False:
		case r.in.stays(in):
			doubt(r.in.address, posture.ReasonKnownAfterApply, whyStays)
		case belongs == posture.True:
			separate[strings.ToLower(r.in.at(r.in.view(), vocabulary.Name).val.str())] = true
			g.Rules.Items = append(g.Rules.Items, securityRule(r.in, r.in.view(), false))
		default:
			doubt(r.in.address, posture.ReasonUnresolvedReference, unclear)
		}
	}
	for rule := range rules.elems() {
		// The group reads separate rules back into its list.
		name := strings.ToLower(rule.get("name").val.str())
		switch gone := dropped[name]; {
		case name != "" && separate[name]:
		case gone != nil && p.sameSubscription(gone, in) == posture.True && (in.unchanged() || p.omitted(in, path) == posture.True):
		case gone != nil:
			g.Rules.Doubts = append(g.Rules.Doubts, posture.Doubt{Address: gone.address, Reason: posture.ReasonUnresolvedReference,
				Detail: "the plan destroys it, and the group may define it itself"})
		default:
			g.Rules.Items = append(g.Rules.Items, securityRule(in, rule, true))
		}
	}
	for _, r := range p.rulesByReference()[in] {
		if r.subscription.same(identity.subscription) != posture.False {
			g.Rules.Items = append(g.Rules.Items, securityRule(r.in, r.in.view(), false))
		}
	}
	for _, r := range p.rulesByReference()[nil] {
		if len(g.Rules.Doubts) >= shownDoubts {
			break
		}
		if r.subscription.same(identity.subscription) != posture.False {
			doubt(r.in.address, posture.ReasonUnresolvedReference, p.describe(r.in, r.in.path(vocabulary.Parent)))
		}
	}
	for _, rc := range p.missing[kindSecurityRule] {
		doubt(rc.address, posture.ReasonUnresolvedReference, rc.detail)
	}
	if x := p.patched(kindSecurityGroup, in, ""); x != nil {
		g.Rules.Doubts = append(g.Rules.Doubts, posture.Doubt{Address: x.in.address, Reason: posture.ReasonUnresolvedReference, Detail: x.detail})
	}
	// A known list is the whole list: azurerm reads all rules of a group into it.
	g.Rules.Observed = !rules.isUnknown() && rules.val.kind == '[' && (!in.created() || p.whole())
	if in.typ.arm {
		// A body lists what is sent, and only of a new group that is all there is.
		g.Rules.Observed = !rules.isUnknown() && !rules.lost() && in.created() && p.whole()
	}
	if in.hidden {
		g.Rules.Observed, g.Rules.Reason, g.Rules.Detail = false, posture.ReasonWriteOnly, "sensitive_body may set rules"
		return g
	}
	if rules.isUnknown() {
		g.Rules.Reason, g.Rules.Detail = posture.ReasonKnownAfterApply, path+" is known after apply: omitted, or dynamic"
		if p.omitted(in, path) == posture.True {
			g.Rules.Observed = in.created() && p.whole()
		}
	}
	return g
}

// droppedRules are the separate rules of an existing group that the plan takes
// away, by name: azurerm reads every rule of a group into it, so that its list
// still has them.
func (p *linker) droppedRules(in *instance) map[string]*instance {
	out := map[string]*instance{}
	if in.created() {
		return out
	}
	v := in.before()
	for _, r := range p.network.destroyedRules[in.key(v)] {
		if p.sameSubscription(r, in) != posture.False {
			out[strings.ToLower(r.at(r.before(), vocabulary.Name).val.str())] = r
		}
	}
	return out
}

// separateRule is an azurerm_network_security_rule, or the same by azapi.
type separateRule struct {
	in           *instance
	subscription subscription
	group        *instance // see groupNamedBy
	resolved     bool      // group was looked up
}

// groupName identifies a security group by what azurerm knows it by.
func (p *linker) groupName(in *instance) string {
	s := p.subscriptionOf(in)
	if s.id == "" {
		s.id = s.provider
	}
	return key(in.key(in.view()), s.id)
}

// groupIdentity is what tells whether a separate rule is one of a security group.
type groupIdentity struct {
	in           *instance
	subscription subscription
	uniqueName   bool // no other group of the plan has its name
}

func (p *linker) identityOf(group *instance) groupIdentity {
	return groupIdentity{group, p.subscriptionOf(group), p.network.groupCounts[p.groupName(group)] < 2}
}

// belongs says whether a separate rule that names a group is one of it. Where the
// subscription does not decide, or several groups have that name, the reference
// of the rule does.
func (p *linker) belongs(rule *separateRule, group groupIdentity) posture.Tri {
	same := rule.subscription.same(group.subscription)
	if same == posture.False || same == posture.True && group.uniqueName {
		return same
	}
	if named := p.groupNamedBy(rule); named != nil {
		return posture.FromBool(named == group.in)
	}
	return posture.Maybe
}

// groupNamedBy returns the group that a rule names by reference.
func (p *linker) groupNamedBy(rule *separateRule) *instance {
	if !rule.resolved {
		rule.group, rule.resolved = p.parentOf(rule.in), true
	}
	return rule.group
}

// rulesByReference are the separate rules whose group is known by reference only,
// by group, and under nil those of a group that cannot be told.
func (p *linker) rulesByReference() map[*instance][]*separateRule {
	if p.network.rulesByReference == nil {
		p.network.rulesByReference = map[*instance][]*separateRule{}
		for _, r := range p.network.namelessRules {
			group := p.groupNamedBy(r)
			p.network.rulesByReference[group] = append(p.network.rulesByReference[group], r)
		}
	}
	return p.network.rulesByReference
}

// securityRule reads a rule of its own, or one within a group.
func securityRule(in *instance, v view, within bool) posture.SecurityRule {
	r := posture.SecurityRule{Address: in.address, Name: v.get("name").shown()}
	dialect := ruleAzurerm
	switch {
	case !in.typ.arm:
	case within:
		dialect, v = ruleInGroup, v.get("properties")
	default:
		dialect, v = ruleOwn, v.at("body", "properties")
	}
	vocabulary.Read(dialect, &r, v, vocabulary.Reading[view]{})
	return r
}
