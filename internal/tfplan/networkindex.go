package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// networkIndex finds subnets and security groups by address and by id.
type networkIndex struct {
	subnets          map[string][]*instance              // by key
	networks         map[string][]*instance              // by group|network
	associations     map[string][]*instance              // by key or address of the subnet
	disassociated    map[string][]subscription           // subscriptions of subnets whose association the plan destroys, by key
	doubts           []doubtfulAssociation               // associations of subnets that are not known
	groups           map[string][]*instance              // security groups by group|name
	rules            map[string][]*separateRule          // by group|name
	namelessRules    []*separateRule                     // of groups whose names are not known
	groupCounts      map[string]int                      // by group|name and subscription, how many security groups there are
	rulesByReference map[*instance][]*separateRule       // see rulesByReference
	byStateID        map[stateKey]*instance              // by id before the plan
	destroyedRules   map[string][]*instance              // separate rules that the plan destroys, by group|name before
	groupsRead       map[groupSide]posture.SecurityGroup // security groups that were read
}

// key joins names to one in lower case; it is empty where one of them is not known.
func key(parts ...string) string {
	for _, s := range parts {
		if s == "" {
			return ""
		}
	}
	return strings.ToLower(strings.Join(parts, "|"))
}

func subnetKey(id string) string {
	arm, ok := parseID(id)
	if !ok || arm.kind != subnetKind {
		return ""
	}
	return key(arm.group, arm.names[0], arm.names[1])
}

// parentKinds are the ARM types of what objects of a kind lie within, if that is
// not a resource group.
var parentKinds = map[kind]string{kindSubnet: networkKind, kindSecurityRule: groupKind}

// place returns the names of the resource group that an object lies in and of what
// it lies within, which ARM has in the id of the parent.
func (in *instance) place(v view) (group, parent view) {
	if !in.typ.arm {
		return in.at(v, vocabulary.ResourceGroup), in.at(v, vocabulary.Parent)
	}
	id := in.at(v, vocabulary.Parent)
	arm, ok := parseID(id.val.str())
	if !ok || id.isUnknown() || arm.kind != parentKinds[in.typ.kind] {
		return view{}, view{}
	}
	text := func(s string) view { return view{val: node{kind: '"', text: s}, sensitive: id.sensitive} }
	return text(arm.group), text(arm.name())
}

// key is what an object of a network, or of a private DNS zone, is found by: a
// separate rule by its security group, and a link by its zone.
func (in *instance) key(v view) string {
	group, parent := in.place(v)
	name := in.at(v, vocabulary.Name)
	switch in.typ.kind {
	case kindSubnet:
		return key(group.val.str(), parent.val.str(), name.val.str())
	case kindSecurityRule, kindZoneLink:
		return key(group.val.str(), parent.val.str())
	default:
		return key(group.val.str(), name.val.str())
	}
}

func (p *linker) indexNetwork() {
	n := &p.network
	*n = networkIndex{
		subnets: map[string][]*instance{}, networks: map[string][]*instance{}, associations: map[string][]*instance{},
		disassociated: map[string][]subscription{}, groups: map[string][]*instance{},
		rules: map[string][]*separateRule{}, groupCounts: map[string]int{},
		byStateID: map[stateKey]*instance{}, destroyedRules: map[string][]*instance{}, groupsRead: map[groupSide]posture.SecurityGroup{},
	}
	for _, k := range []kind{kindSubnet, kindVirtualNetwork, kindSecurityGroup, kindSecurityAssociation} {
		for _, in := range p.ofKind(k) {
			id := in.at(in.before(), vocabulary.ID)
			if k == kindSecurityAssociation {
				id = associated(in, in.before())
			}
			if id.val.str() != "" {
				n.byStateID[stateAt(k, id.val.str())] = in
			}
		}
	}
	put := func(m map[string][]*instance, k string, in *instance) {
		if k != "" {
			m[k] = append(m[k], in)
		}
	}
	for k, index := range map[kind]map[string][]*instance{kindSubnet: n.subnets, kindVirtualNetwork: n.networks, kindSecurityGroup: n.groups} {
		for _, in := range p.ofKind(k) {
			if !in.after() {
				continue
			}
			put(index, in.key(in.view()), in)
			if k == kindSecurityGroup {
				n.groupCounts[p.groupName(in)]++
			}
		}
	}
	for _, in := range p.ofKind(kindSecurityRule) {
		if in.destroyed() {
			put(n.destroyedRules, in.key(in.before()), in)
		}
		if !in.after() {
			continue
		}
		rule := &separateRule{in: in, subscription: p.subscriptionOf(in)}
		if k := in.key(in.view()); k != "" {
			n.rules[k] = append(n.rules[k], rule)
		} else {
			n.namelessRules = append(n.namelessRules, rule)
		}
	}
	for _, in := range p.ofKind(kindSecurityAssociation) {
		before, after := in.both()
		if !in.after() {
			if id := associated(in, before).val.str(); subnetKey(id) != "" {
				n.disassociated[subnetKey(id)] = append(n.disassociated[subnetKey(id)], subscriptionIn(id))
			}
			continue
		}
		if k := subnetKey(associated(in, after).val.str()); k != "" {
			n.associations[k] = append(n.associations[k], in)
			continue
		}
		if subnet := p.referred(in, in.path(vocabulary.Target), kindSubnet); subnet != nil {
			n.associations[subnet.address] = append(n.associations[subnet.address], in)
			continue
		}
		n.doubts = append(n.doubts, doubtfulAssociation{in, p.trace(in, in.path(vocabulary.Target))})
	}
}
