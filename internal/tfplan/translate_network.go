package tfplan

import (
	"slices"
	"strings"
)

// Virtual networks, subnets and security groups that azapi makes, in the terms
// of azurerm.

var (
	azapiNetwork = &resourceType{name: "azapi_resource", kind: kindVirtualNetwork}
	azapiSubnet  = &resourceType{name: "azapi_resource", kind: kindSubnet, paths: map[string]string{
		"network_security_group_id": "body.properties.networkSecurityGroup.id",
	}}
	azapiGroup = &resourceType{name: "azapi_resource", kind: kindSecurityGroup}
	azapiRule  = &resourceType{name: "azapi_resource", kind: kindSecurityRule,
		paths: map[string]string{"network_security_group_name": "parent_id"}}
	// azapiAttachment is an azapi_update_resource that gives a subnet its group.
	azapiAttachment = &resourceType{name: "azapi_update_resource", kind: kindSecurityAssociation, paths: map[string]string{
		"subnet_id": "resource_id", "network_security_group_id": "body.properties.networkSecurityGroup.id",
	}}
)

// armRule names the properties of a security rule in ARM and in azurerm.
var armRule = map[string]string{
	"priority": "priority", "direction": "direction", "access": "access", "protocol": "protocol",
	"sourceAddressPrefix": "source_address_prefix", "sourceAddressPrefixes": "source_address_prefixes",
	"sourceApplicationSecurityGroups": "source_application_security_group_ids",
	"destinationAddressPrefix":        "destination_address_prefix", "destinationAddressPrefixes": "destination_address_prefixes",
	"destinationApplicationSecurityGroups": "destination_application_security_group_ids",
	"destinationPortRange":                 "destination_port_range", "destinationPortRanges": "destination_port_ranges",
	"sourcePortRange": "source_port_range", "sourcePortRanges": "source_port_ranges",
}

// azapiNetworkSpec adds what is kept of networks to the properties of a body.
func azapiNetworkSpec(properties *spec) *spec {
	subnet := func(s *spec) *spec {
		return s.with("addressPrefix", nil).with("addressPrefixes", nil).with("networkSecurityGroup", keep("id"))
	}
	rule := keep()
	for _, name := range sortedKeys(armRule) {
		properties.with(name, nil)
		rule.with(name, nil)
	}
	return subnet(properties).
		with("subnets", keep("name").with("properties", subnet(keep()))).
		with("securityRules", keep("name").with("properties", rule))
}

// groupAbove returns the name of the resource group in an id, and the name at
// the end of it, where the id is known and of the kind that is expected.
func groupAbove(id view, kind string) (group, name view, ok bool) {
	arm, ok := parseID(id.val.str())
	if !ok || id.isUnknown() || arm.kind != kind {
		return view{}, view{}, false
	}
	text := func(s string) view { return view{val: node{kind: '"', text: s}, sensitive: id.sensitive} }
	return text(arm.group), text(arm.name()), true
}

// unclear is a member of a translated subnet: not even whether it has a group is known.
const unclear = "unclear"

func networkFromARM(v view) view {
	all := []member{{"id", v.get("id")}, {"name", v.get("name")}, {"parent_id", v.get("parent_id")}}
	if group, _, ok := groupAbove(v.get("parent_id"), ""); ok {
		all = append(all, member{"resource_group_name", group})
	}
	list, given := v.at("body", "properties", "subnets"), v.get("body")
	switch {
	case given.isUnknown():
		all = append(all, member{"subnet", given})
	case list.isUnknown(), list.lost():
		all = append(all, member{"subnet", list})
	default:
		all = append(all, member{"subnet", mapped(list, func(s view) view {
			props := s.get("properties")
			return fields(view{}, member{"name", s.get("name")}, member{"address_prefixes", prefixesOf(props)},
				member{"security_group", props.at("networkSecurityGroup", "id")})
		})})
	}
	return fields(v, all...)
}

func prefixesOf(props view) view {
	prefixes := props.get("addressPrefixes")
	if one := props.get("addressPrefix"); prefixes.isAbsent() && !one.isAbsent() {
		return list(one)
	}
	return prefixes
}

func subnetFromARM(v view) view {
	props := v.at("body", "properties")
	prefixes, group := prefixesOf(props), props.at("networkSecurityGroup", "id")
	whole := props.get("networkSecurityGroup")
	if v.get("body").isUnknown() {
		prefixes, whole = v.get("body"), v.get("body")
	}
	if whole.isUnknown() {
		group = whole // if there is any
	} else {
		whole = view{}
	}
	all := []member{{unclear, whole}, {"id", v.get("id")}, {"name", v.get("name")}, {"parent_id", v.get("parent_id")},
		{"address_prefixes", prefixes}, {"network_security_group_id", group}}
	if resourceGroup, network, ok := groupAbove(v.get("parent_id"), networkKind); ok {
		all = append(all, member{"resource_group_name", resourceGroup}, member{"virtual_network_name", network})
	}
	return fields(v, all...)
}

func groupFromARM(v view) view {
	rules := v.at("body", "properties", "securityRules")
	if v.get("body").isUnknown() {
		rules = v.get("body")
	} else if !rules.isUnknown() && rules.length() > 0 {
		rules = mapped(rules, func(r view) view { return ruleOf(r.get("name"), r.get("properties")) })
	}
	all := []member{{"id", v.get("id")}, {"name", v.get("name")}, {"parent_id", v.get("parent_id")}, {"security_rule", rules}}
	if group, _, ok := groupAbove(v.get("parent_id"), ""); ok {
		all = append(all, member{"resource_group_name", group})
	}
	return fields(v, all...)
}

func ruleFromARM(v view) view {
	props := v.at("body", "properties")
	if v.get("body").isUnknown() {
		props = v.get("body")
	}
	more := []member{{"parent_id", v.get("parent_id")}}
	if resourceGroup, group, ok := groupAbove(v.get("parent_id"), groupKind); ok {
		more = append(more, member{"resource_group_name", resourceGroup}, member{"network_security_group_name", group})
	}
	return ruleOf(v.get("name"), props, more...)
}

func ruleOf(name, props view, more ...member) view {
	all := append(more, member{"name", name})
	for _, arm := range sortedKeys(armRule) {
		all = append(all, member{armRule[arm], props.get(arm)})
	}
	return fields(props, all...)
}

// attachmentFromARM is an update of a subnet that names its security group.
func attachmentFromARM(v view) view {
	id := v.get("resource_id")
	if parent := v.get("parent_id").val.str(); id.isAbsent() && parent != "" && v.get("name").val.str() != "" {
		id = view{val: node{kind: '"', text: strings.TrimRight(parent, "/") + "/subnets/" + v.get("name").val.str()}}
	}
	return fields(v,
		member{"subnet_id", id},
		member{"network_security_group_id", v.at("body", "properties", "networkSecurityGroup", "id")},
	)
}

// mapped makes a list of the elements of another.
func mapped(v view, shape func(view) view) view {
	elems := slices.Collect(v.elems())
	for i := range elems {
		elems[i] = shape(elems[i])
	}
	return list(elems...)
}
