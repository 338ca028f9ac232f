package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// networkIndex finds subnets and security groups by address and by id.
type networkIndex struct {
	subnets      map[string][]*instance              // by key
	networks     map[string][]*instance              // by group|network
	associations map[string][]*instance              // by key or address of the subnet
	gone         map[string][]subscription           // subscriptions of subnets whose association the plan destroys, by key
	doubts       []doubtfulAssociation               // associations of subnets that are not known
	groups       map[string][]*instance              // security groups by group|name
	rules        map[string][]*separateRule          // by group|name
	ruleDoubts   []*separateRule                     // of groups whose names are not known
	named        map[string]int                      // by group|name and subscription, how many security groups there are
	unnamed      map[*instance][]*separateRule       // see unnamedRules
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

func (p *linker) indexNetwork() {
	n := &p.network
	*n = networkIndex{
		subnets: map[string][]*instance{}, networks: map[string][]*instance{}, associations: map[string][]*instance{},
		gone: map[string][]subscription{}, groups: map[string][]*instance{}, rules: map[string][]*separateRule{}, named: map[string]int{},
		state: map[stateKey]*instance{}, dropped: map[string][]*instance{}, read: map[groupSide]posture.SecurityGroup{},
	}
	for k, attribute := range map[kind]string{
		kindSubnet: "id", kindVirtualNetwork: "id", kindSecurityGroup: "id", kindSecurityAssociation: "subnet_id",
	} {
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
			n.named[p.groupName(in)]++
		}
	}
	for _, in := range p.ofKind(kindSecurityRule) {
		if in.change == posture.ChangeDelete || in.change == posture.ChangeReplace {
			v := in.before()
			put(n.dropped, key(str(v, "resource_group_name"), str(v, "network_security_group_name")), in)
		}
		if v := in.view(); in.after() {
			if k := key(str(v, "resource_group_name"), str(v, "network_security_group_name")); k != "" {
				n.rules[k] = append(n.rules[k], &separateRule{in: in, subscription: p.subscriptionOf(in)})
			} else {
				n.ruleDoubts = append(n.ruleDoubts, &separateRule{in: in, subscription: p.subscriptionOf(in)})
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
		n.doubts = append(n.doubts, doubtfulAssociation{in, p.trace(in, "subnet_id")})
	}
}

// referred returns the resource of a kind whose id an unknown argument surely is.
func (p *references) referred(in *instance, path string, k kind) *instance {
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
func (p *linker) subnetOf(id posture.Value[string], subnet *instance) posture.Subnet {
	out := posture.Subnet{Prefixes: posture.Unknown[[]string](posture.ReasonNotObserved, "address_prefixes")}
	at := subnetPlace{in: subnet}
	if id.IsKnown() {
		at.key, at.subscription = subnetKey(id.V), subscriptionIn(id.V)
	}
	if subnet == nil && at.key != "" {
		at.in, at.perhaps = p.inSubscription(p.network.subnets[at.key], at.subscription)
	}
	if at.in != nil {
		v := at.in.view()
		out.Address = at.in.address
		out.Prefixes = v.get("address_prefixes").list("address_prefixes")
		if own := key(v.get("resource_group_name").val.str(), v.get("virtual_network_name").val.str(), v.get("name").val.str()); own != "" {
			at.key = own
		}
		at.subscription = p.subscriptionOf(at.in)
	}
	out.SecurityGroup = p.securityGroupOf(at, &out)
	return out
}

// subnetPlace says which subnet a cache is injected into.
type subnetPlace struct {
	in           *instance // the subnet itself, where it is in the plan
	perhaps      *instance // a subnet of the plan that it may be, where in is nil
	key          string    // see subnetKey
	subscription subscription
}

func (p *linker) securityGroupOf(at subnetPlace, out *posture.Subnet) posture.Value[posture.SecurityGroup] {
	const path = "network_security_group_id"
	n, subnet := &p.network, at.in
	unknown := func(reason posture.Reason, detail string) posture.Value[posture.SecurityGroup] {
		return posture.Unknown[posture.SecurityGroup](reason, path).WithDetail(detail)
	}
	if x := p.patched(kindSubnet, subnet, at.key); x != nil {
		return unknown(posture.ReasonUnresolvedReference, x.in.address+": "+x.detail)
	}
	var found []*instance
	var perhaps *instance
	for _, in := range n.associations[at.key] {
		switch subscriptionIn(in.view().get("subnet_id").val.str()).same(at.subscription) {
		case posture.True:
			found = append(found, in)
		case posture.Maybe:
			perhaps = in
		}
	}
	gone := slices.ContainsFunc(n.gone[at.key], func(s subscription) bool { return s.same(at.subscription) == posture.True })
	if subnet != nil {
		found = append(found, n.associations[subnet.address]...)
	}
	if len(found) == 1 {
		group := p.securityGroupAt(found[0], found[0].view().get(path), path)
		for _, other := range []*instance{subnet, p.instances[group.V.Address]} {
			if other != nil && found[0].stays(other) {
				return unknown(posture.ReasonKnownAfterApply, found[0].address+": "+anew)
			}
		}
		return group
	}
	if len(found) > 1 {
		return unknown(posture.ReasonUnresolvedReference, "several associations of security groups are for this subnet")
	}
	if perhaps != nil {
		return unknown(posture.ReasonUnresolvedReference, perhaps.address+" may be for this subnet, whose subscription is not in the plan")
	}
	for _, d := range n.doubts {
		if d.mayConcern(subnet) {
			return unknown(posture.ReasonUnresolvedReference, p.describe(d.in, "subnet_id"))
		}
	}
	if d := p.missing[kindSecurityAssociation]; len(d) > 0 {
		return unknown(posture.ReasonUnresolvedReference, d[0].address+" "+d[0].detail)
	}
	if at.perhaps != nil {
		return unknown(posture.ReasonUnresolvedReference, perhapsMeant(at.perhaps))
	}
	if subnet == nil {
		return p.inlineGroup(at, out, gone)
	}
	return p.ownGroupOf(subnet, gone)
}

// ownGroupOf returns the security group that a subnet itself names.
func (p *linker) ownGroupOf(subnet *instance, gone bool) posture.Value[posture.SecurityGroup] {
	const path = "network_security_group_id"
	unknown := func(reason posture.Reason, detail string) posture.Value[posture.SecurityGroup] {
		return posture.Unknown[posture.SecurityGroup](reason, path).WithDetail(detail)
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
		return posture.Unknown[posture.SecurityGroup](posture.ReasonWriteOnly, "network_security_group_id_wo").
			WithDetail(p.describe(subnet, "network_security_group_id_wo"))
	}
	computed := subnet.view().get(path)
	switch {
	case computed.lost():
		return unknown(posture.ReasonRemoved, path+" was taken out of this plan")
	case subnet.hidden:
		return unknown(posture.ReasonWriteOnly, "sensitive_body may set it")
	case subnet.translated && computed.isUnknown():
		// The body of an azapi_resource names a group by a reference.
		if subnet.view().get(unclear).isUnknown() && p.referred(subnet, path, kindSecurityGroup) == nil {
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

// doubtfulAssociation is an association of a security group with a subnet that
// is not known, and where its reference may lead.
type doubtfulAssociation struct {
	in     *instance
	leaves []leaf
}

// mayConcern reports whether an association may be of a subnet.
func (d doubtfulAssociation) mayConcern(subnet *instance) bool {
	for _, l := range d.leaves {
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
func (p *linker) inlineGroup(at subnetPlace, out *posture.Subnet, gone bool) posture.Value[posture.SecurityGroup] {
	const path = "subnet.security_group"
	outside := posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, "subnet_id").WithDetail("the subnet lives outside this plan")
	if gone {
		return posture.Unset[posture.SecurityGroup]("subnet_id")
	}
	parts := strings.Split(at.key, "|")
	if len(parts) != 3 {
		return outside
	}
	network, perhaps := p.inSubscription(p.network.networks[parts[0]+"|"+parts[1]], at.subscription)
	if perhaps != nil {
		return posture.Unknown[posture.SecurityGroup](posture.ReasonUnresolvedReference, "subnet_id").
			WithDetail("its virtual network is not known: " + perhapsMeant(perhaps))
	}
	if network == nil {
		return outside
	}
	subnets := network.view().get("subnet")
	for s := range subnets.elems() {
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
			return posture.Unknown[posture.SecurityGroup](posture.ReasonUnresolvedReference, path).WithDetail(p.describe(network, "subnet"))
		}
	}
	return outside
}

// inlineReference returns the group that the source names for an inline subnet.
// The plan keeps these as a set, so that they are told apart by name.
func (p *linker) inlineReference(network *instance, name string) *instance {
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
