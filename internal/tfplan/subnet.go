package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// associated returns the id of the subnet that an association is for. An update of
// a subnet by azapi may name it by its network and its name.
func associated(in *instance, v view) view {
	if in.typ.arm {
		return azapiID(v, subnetKind)
	}
	return in.at(v, vocabulary.Target)
}

// prefixesOf reads the address prefixes of a subnet, of which one may stand alone.
func prefixesOf(terms *vocabulary.Terms, v view) posture.Value[[]string] {
	many, single := terms.Place(vocabulary.Prefixes), terms.Place(vocabulary.Prefix)
	list, one := v.along(many), v.along(single).str(single.Evidence)
	if one.IsKnown() || one.IsUnknown() && list.isAbsent() {
		return posture.Map(one, func(s string) []string { return []string{s} })
	}
	return list.list(many.Evidence)
}

// groupPath is where evidence has the security group of a subnet; nil is one that
// is not in the plan.
func groupPath(subnet *instance) string {
	if subnet == nil {
		return "network_security_group_id"
	}
	return subnet.evidence(vocabulary.SecurityGroup)
}

// unknownGroup returns a function that says of a security group why it is not known.
func unknownGroup(path string) func(posture.Reason, string) posture.Value[posture.SecurityGroup] {
	return func(reason posture.Reason, detail string) posture.Value[posture.SecurityGroup] {
		return posture.Unknown[posture.SecurityGroup](reason, path).WithDetail(detail)
	}
}

// subnetOf describes the subnet of an injected cache.
func (p *linker) subnetOf(id string, subnet *instance) posture.Subnet {
	out := posture.Subnet{Prefixes: posture.Unknown[[]string](posture.ReasonNotObserved, "address_prefixes")}
	at := subnetPlace{in: subnet, key: subnetKey(id), subscription: subscriptionIn(id)}
	if subnet == nil && at.key != "" {
		at.in, at.perhaps = p.inSubscription(p.network.subnets[at.key], at.subscription)
	}
	if at.in != nil {
		v := at.in.view()
		out.Address = at.in.address
		out.Prefixes = prefixesOf(at.in.typ.terms, v)
		if own := at.in.key(v); own != "" {
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
	n, subnet, path := &p.network, at.in, groupPath(at.in)
	unknown := unknownGroup(path)
	if x := p.patched(kindSubnet, subnet, at.key); x != nil {
		return unknown(posture.ReasonUnresolvedReference, x.in.address+": "+x.detail)
	}
	var found []*instance
	var perhaps *instance
	for _, in := range n.associations[at.key] {
		switch subscriptionIn(associated(in, in.view()).val.str()).same(at.subscription) {
		case posture.True:
			found = append(found, in)
		case posture.Maybe:
			perhaps = in
		}
	}
	gone := slices.ContainsFunc(n.disassociated[at.key], func(s subscription) bool { return s.same(at.subscription) == posture.True })
	if subnet != nil {
		found = append(found, n.associations[subnet.address]...)
	}
	if len(found) == 1 {
		group := p.securityGroupAt(found[0], found[0].view())
		for _, other := range []*instance{subnet, p.instances[group.V.Address]} {
			if other != nil && found[0].stays(other) {
				return unknown(posture.ReasonKnownAfterApply, found[0].address+": "+whyStays)
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
			return unknown(posture.ReasonUnresolvedReference, p.describe(d.in, d.in.path(vocabulary.Target)))
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
	path := groupPath(subnet)
	unknown := unknownGroup(path)
	rc := p.config.resources[subnet.cfg]
	if writeOnly := subnet.path(vocabulary.SecurityGroupWriteOnly); writeOnly != "" && rc.has(writeOnly) {
		e, _ := rc.expression(writeOnly)
		if e.constant != "" {
			return posture.Known(p.groupByID(e.constant), writeOnly)
		}
		if nsg := p.referred(subnet, writeOnly, kindSecurityGroup); nsg != nil {
			return posture.Known(p.securityGroup(nsg), writeOnly)
		}
		switch ref := p.ask(subnet, writeOnly); ref.Kind {
		case tfconfig.Omitted:
			if subnet.created() && p.whole() {
				return posture.Unset[posture.SecurityGroup](writeOnly)
			}
		case tfconfig.KnownString:
			if ref.Value != "" && !ref.Sensitive {
				return posture.Known(p.groupByID(ref.Value), writeOnly)
			}
		}
		return posture.Unknown[posture.SecurityGroup](posture.ReasonWriteOnly, writeOnly).
			WithDetail(p.describe(subnet, writeOnly))
	}
	computed := subnet.at(subnet.view(), vocabulary.SecurityGroup)
	switch {
	case computed.lost():
		return unknown(posture.ReasonRemoved, path+" was taken out of this plan")
	case subnet.hidden:
		return unknown(posture.ReasonWriteOnly, "sensitive_body may set it")
	case subnet.typ.arm && computed.isUnknown():
		// The body of an azapi_resource names a group by a reference; where more of
		// it is unknown, not even whether there is a group is known.
		if subnet.view().at("body", "properties", "networkSecurityGroup").isUnknown() && p.referred(subnet, path, kindSecurityGroup) == nil {
			return unknown(posture.ReasonUnresolvedReference, p.describe(subnet, path))
		}
		return p.securityGroupAt(subnet, subnet.view())
	case subnet.typ.arm && computed.val.str() != "":
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
	each := network.typ.terms.Element(vocabulary.Subnets)
	name, own := each.Place(vocabulary.Name), each.Place(vocabulary.SecurityGroup)
	path := own.Evidence
	for s := range network.at(network.view(), vocabulary.Subnets).elems() {
		if !strings.EqualFold(s.along(name).val.str(), parts[2]) {
			continue
		}
		out.Address = network.address
		out.Prefixes = prefixesOf(each, s)
		switch id := s.along(own).str(path); {
		case id.IsKnown():
			return posture.Known(p.groupByID(id.V), path)
		case id.IsUnset() && network.typ.arm && !network.created():
			return outside // a body says what is sent, not what Azure has
		case id.IsUnset():
			return posture.Unset[posture.SecurityGroup](path)
		default:
			if nsg := p.inlineReference(network, parts[2]); nsg != nil {
				return posture.Known(p.securityGroup(nsg), path)
			}
			return posture.Unknown[posture.SecurityGroup](posture.ReasonUnresolvedReference, path).
				WithDetail(p.describe(network, network.path(vocabulary.Subnets)))
		}
	}
	return outside
}

// inlineReference returns the group that the source names for an inline subnet.
// The plan keeps inline subnets as a set, so that the name identifies one.
func (p *linker) inlineReference(network *instance, name string) *instance {
	if p.evaluator == nil {
		return nil
	}
	each := network.typ.terms.Element(vocabulary.Subnets)
	for i := range network.at(network.view(), vocabulary.Subnets).length() {
		at := network.path(vocabulary.Subnets) + "[" + itoa(i) + "]."
		if own, ok := p.askString(network, at+each.Place(vocabulary.Name).Path); !ok || !strings.EqualFold(own, name) {
			continue
		}
		if l, ok := p.askLeaf(network, at+each.Place(vocabulary.SecurityGroup).Path); ok && l.attribute == "id" && !l.data {
			if nsg := p.instances[l.address]; nsg != nil && nsg.typ.kind == kindSecurityGroup && nsg.after() {
				return nsg
			}
		}
		return nil
	}
	return nil
}
