package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// networkIndex finds subnets and security groups by address and by id.
type networkIndex struct {
	subnets      map[string][]*instance // by key
	networks     map[string][]*instance // by group|network
	associations map[string][]*instance // by key or address of the subnet
	gone         map[string][]string    // subscriptions of subnets whose association the plan destroys, by key
	doubts       []*instance            // associations of subnets that are not known
	groups       map[string][]*instance // security groups by group|name
	rules        map[string][]*instance // separate rules by group|name
	ruleDoubts   []*instance
	state        map[stateKey]*instance              // what stood there before the plan
	dropped      map[string][]*instance              // separate rules that the plan takes away, by group|name before
	read         map[groupSide]posture.SecurityGroup // security groups that were asked for
}

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

func (p *Plan) indexNetwork() {
	n := &p.network
	*n = networkIndex{map[string][]*instance{}, map[string][]*instance{}, map[string][]*instance{}, map[string][]string{}, nil, map[string][]*instance{}, map[string][]*instance{}, nil, map[stateKey]*instance{}, map[string][]*instance{}, map[groupSide]posture.SecurityGroup{}}
	for k, attribute := range map[kind]string{kindSubnet: "id", kindVirtualNetwork: "id", kindSecurityGroup: "id", kindSecurityAssociation: "subnet_id"} {
		for _, in := range p.ofKind(k) {
			if id := in.before().get(attribute).val.str(); id != "" {
				n.state[stateAt(k, id)] = in
			}
		}
	}
	put := func(m map[string][]*instance, k string, in *instance) {
		if k != "" {
			m[k] = append(m[k], in)
		}
	}
	str := func(v view, name string) string { return v.get(name).val.str() }
	for _, in := range p.ofKind(kindSubnet) {
		if v := in.view(); in.after() {
			put(n.subnets, key(str(v, "resource_group_name"), str(v, "virtual_network_name"), str(v, "name")), in)
		}
	}
	for _, in := range p.ofKind(kindVirtualNetwork) {
		if v := in.view(); in.after() {
			put(n.networks, key(str(v, "resource_group_name"), str(v, "name")), in)
		}
	}
	for _, in := range p.ofKind(kindSecurityGroup) {
		if v := in.view(); in.after() {
			put(n.groups, key(str(v, "resource_group_name"), str(v, "name")), in)
		}
	}
	for _, in := range p.ofKind(kindSecurityRule) {
		if in.change == posture.ChangeDelete || in.change == posture.ChangeReplace {
			v := in.before()
			put(n.dropped, key(str(v, "resource_group_name"), str(v, "network_security_group_name")), in)
		}
		if v := in.view(); in.after() {
			if k := key(str(v, "resource_group_name"), str(v, "network_security_group_name")); k != "" {
				n.rules[k] = append(n.rules[k], in)
			} else {
				n.ruleDoubts = append(n.ruleDoubts, in)
			}
		}
	}
	for _, in := range p.ofKind(kindSecurityAssociation) {
		before, after := in.both()
		if !in.after() {
			if id := str(before, "subnet_id"); subnetKey(id) != "" {
				n.gone[subnetKey(id)] = append(n.gone[subnetKey(id)], subscriptionIn(id))
			}
			continue
		}
		id := after.get("subnet_id")
		if k := subnetKey(id.val.str()); k != "" {
			n.associations[k] = append(n.associations[k], in)
			continue
		}
		if subnet := p.referred(in, "subnet_id", kindSubnet); subnet != nil {
			n.associations[subnet.address] = append(n.associations[subnet.address], in)
			continue
		}
		n.doubts = append(n.doubts, in)
	}
}

// subscriptionIn returns the subscription of a known id; empty for none.
func subscriptionIn(id string) string {
	arm, _ := parseID(id)
	return arm.subscription
}

// subscriptionOf returns the subscription of a network resource, from its id or
// its provider; empty where the plan does not show it.
func (p *Plan) subscriptionOf(in *instance) string {
	before, after := in.both()
	for _, v := range []view{after, before} {
		if sub := subscriptionIn(v.get("id").val.str()); sub != "" {
			return sub
		}
	}
	return p.subscription(in)
}

// inSubscription returns the one that may lie in a subscription: names of
// networks, subnets and security groups repeat from one subscription to the next.
func (p *Plan) inSubscription(list []*instance, subscription string) *instance {
	var maybe []*instance
	for _, in := range list {
		switch have := p.subscriptionOf(in); {
		case have != "" && have == subscription:
			return in
		case have == "" || subscription == "":
			maybe = append(maybe, in)
		}
	}
	if len(maybe) == 1 {
		return maybe[0]
	}
	return nil
}

func otherSubscription(a, b string) bool { return a != "" && b != "" && a != b }

// referred returns the resource of a kind whose id an unknown argument surely is.
func (p *Plan) referred(in *instance, path string, k kind) *instance {
	address := ""
	if leaves := p.trace(in, path); len(leaves) == 1 && leaves[0].sure && !leaves[0].data && leaves[0].attribute == "id" {
		address = leaves[0].address
	}
	if got := p.instances[address]; got != nil && got.typ.kind == k && got.after() {
		return got
	}
	return nil
}

// subnetOf describes the subnet of an injected cache.
func (p *Plan) subnetOf(id posture.Value[string], subnet *instance) posture.Subnet {
	n := &p.network
	k, sub := "", ""
	if id.IsKnown() {
		k, sub = subnetKey(id.V), subscriptionIn(id.V)
	}
	if subnet == nil && k != "" {
		subnet = p.inSubscription(n.subnets[k], sub)
	}
	out := posture.Subnet{Prefixes: posture.Unknown[[]string](posture.ReasonNotObserved, "address_prefixes")}
	var v view
	if subnet != nil {
		v = subnet.view()
		out.Address = subnet.address
		out.Prefixes = v.get("address_prefixes").list("address_prefixes")
		if own := key(v.get("resource_group_name").val.str(), v.get("virtual_network_name").val.str(), v.get("name").val.str()); own != "" {
			k = own
		}
		if sub == "" {
			sub = p.subscriptionOf(subnet)
		}
	}
	out.SecurityGroup = p.securityGroupOf(subnet, v, k, sub, &out)
	return out
}

func (p *Plan) securityGroupOf(subnet *instance, v view, k, sub string, out *posture.Subnet) posture.Value[posture.SecurityGroup] {
	const path = "network_security_group_id"
	n := &p.network
	unknown := func(reason posture.Reason, detail string) posture.Value[posture.SecurityGroup] {
		return posture.Unknown[posture.SecurityGroup](reason, path).Hidden(detail)
	}
	if x := p.patched(kindSubnet, subnet, k); x != nil {
		return unknown(posture.ReasonUnresolvedReference, x.in.address+": "+x.detail)
	}
	var found []*instance
	for _, in := range n.associations[k] {
		if !otherSubscription(subscriptionIn(in.view().get("subnet_id").val.str()), sub) {
			found = append(found, in)
		}
	}
	gone := slices.ContainsFunc(n.gone[k], func(s string) bool { return !otherSubscription(s, sub) })
	if subnet != nil {
		found = append(found[:len(found):len(found)], n.associations[subnet.address]...)
	}
	if len(found) == 1 {
		return p.securityGroupAt(found[0], found[0].view().get(path), path)
	}
	if len(found) > 1 {
		return unknown(posture.ReasonUnresolvedReference, "several associations of security groups are for this subnet")
	}
	for _, in := range n.doubts {
		if p.mayConcern(in, "subnet_id", subnet) {
			return unknown(posture.ReasonUnresolvedReference, p.describe(in, "subnet_id"))
		}
	}
	if d := p.missing[kindSecurityAssociation]; len(d) > 0 {
		return unknown(posture.ReasonUnresolvedReference, d[0].address+" "+d[0].detail)
	}
	if subnet == nil {
		return p.inlineGroup(k, sub, out, gone)
	}
	rc := p.config.resources[subnet.cfg]
	if rc.has("network_security_group_id_wo") {
		e, _ := rc.expression("network_security_group_id_wo")
		if e.constant != "" {
			return posture.Known(p.groupByID(e.constant), "network_security_group_id_wo")
		}
		if nsg := p.referred(subnet, "network_security_group_id_wo", kindSecurityGroup); nsg != nil {
			return posture.Known(p.securityGroup(nsg), "network_security_group_id_wo")
		}
		switch ref := p.ask(subnet, "network_security_group_id_wo"); ref.Kind {
		case tfconfig.Omitted:
			if subnet.created() && p.whole() {
				return posture.Unset[posture.SecurityGroup]("network_security_group_id_wo")
			}
		case tfconfig.KnownString:
			if ref.Value != "" && !ref.Sensitive {
				return posture.Known(p.groupByID(ref.Value), "network_security_group_id_wo")
			}
		}
		return posture.Unknown[posture.SecurityGroup](posture.ReasonWriteOnly, "network_security_group_id_wo").Hidden(p.describe(subnet, "network_security_group_id_wo"))
	}
	computed := v.get(path)
	switch {
	case computed.lost():
		return unknown(posture.ReasonRemoved, path+" was taken out of this plan")
	case subnet.hidden:
		return unknown(posture.ReasonWriteOnly, "sensitive_body may set it")
	case subnet.translated && computed.isUnknown():
		// The body of an azapi_resource names a group by a reference.
		if v.get(unclear).isUnknown() && p.referred(subnet, path, kindSecurityGroup) == nil {
			return unknown(posture.ReasonUnresolvedReference, p.describe(subnet, path))
		}
		return p.securityGroupAt(subnet, computed, path)
	case subnet.translated && computed.val.str() != "":
		return posture.Known(p.groupByID(computed.val.str()), path)
	case subnet.created() && p.whole():
		return posture.Unset[posture.SecurityGroup](path)
	case !computed.isUnknown() && computed.val.str() != "":
		if gone {
			return posture.Unset[posture.SecurityGroup](path)
		}
		return posture.Known(p.groupByID(computed.val.str()), path)
	case !computed.isUnknown() && computed.val.kind == '"', gone:
		return posture.Unset[posture.SecurityGroup](path)
	default:
		return unknown(posture.ReasonNotObserved, "the subnet exists already; what is associated with it may be outside this plan")
	}
}

// mayConcern reports whether an unresolved argument may mean this subnet.
func (p *Plan) mayConcern(in *instance, path string, subnet *instance) bool {
	for _, l := range p.trace(in, path) {
		switch {
		case l.none:
		case l.opaque, l.data, l.typ != "azurerm_subnet":
			return true
		case subnet != nil && (l.address == subnet.address || l.group == subnet.cfg || strings.HasPrefix(subnet.address, l.group+"[")):
			return true
		}
	}
	return false
}

// inlineGroup reads a subnet that azurerm_virtual_network defines inline.
func (p *Plan) inlineGroup(k, sub string, out *posture.Subnet, gone bool) posture.Value[posture.SecurityGroup] {
	const path = "subnet.security_group"
	outside := posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, "subnet_id").Hidden("the subnet lives outside this plan")
	if gone {
		return posture.Unset[posture.SecurityGroup]("subnet_id")
	}
	parts := strings.Split(k, "|")
	if len(parts) != 3 {
		return outside
	}
	network := p.inSubscription(p.network.networks[parts[0]+"|"+parts[1]], sub)
	if network == nil {
		return outside
	}
	subnets := network.view().get("subnet")
	for i := range subnets.length() {
		s := subnets.elem(i)
		if !strings.EqualFold(s.get("name").val.str(), parts[2]) {
			continue
		}
		out.Address = network.address
		out.Prefixes = s.get("address_prefixes").list("subnet.address_prefixes")
		if one := s.get("address_prefix").val.str(); one != "" {
			out.Prefixes = posture.Known([]string{one}, "subnet.address_prefix")
		}
		group := s.get("security_group")
		switch id := group.str(path); {
		case id.IsKnown():
			return posture.Known(p.groupByID(id.V), path)
		case id.IsUnset() && network.translated && !network.created():
			return outside // a body says what was sent, not what is there
		case id.IsUnset():
			return posture.Unset[posture.SecurityGroup](path)
		default:
			if nsg := p.inlineReference(network, parts[2]); nsg != nil {
				return posture.Known(p.securityGroup(nsg), path)
			}
			return posture.Unknown[posture.SecurityGroup](posture.ReasonUnresolvedReference, path).Hidden(p.describe(network, "subnet"))
		}
	}
	return outside
}

// inlineReference returns the group that the source names for an inline subnet.
// The plan keeps these as a set, so that they are told apart by name.
func (p *Plan) inlineReference(network *instance, name string) *instance {
	if p.evaluator == nil {
		return nil
	}
	for i := range network.view().get("subnet").length() {
		at := "subnet[" + itoa(i) + "]."
		if own, ok := p.askString(network, at+"name"); !ok || !strings.EqualFold(own, name) {
			continue
		}
		if l, ok := p.askLeaf(network, at+"security_group"); ok && l.attribute == "id" && !l.data {
			if nsg := p.instances[l.address]; nsg != nil && nsg.typ.kind == kindSecurityGroup && nsg.after() {
				return nsg
			}
		}
		return nil
	}
	return nil
}
