package vocabulary

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"

// SecurityRule is the table of a rule of a network security group: a block of
// azurerm_network_security_group, azurerm_network_security_rule, and the
// properties of an element of securityRules of Microsoft.Network.
var SecurityRule = Table[posture.SecurityRule]{
	{
		Field:   func(r *posture.SecurityRule) any { return &r.Priority },
		Doc:     "100 to 4096; the lowest number wins.",
		Azurerm: Term{Path: "priority"},
		ARM:     Term{Path: "priority", NoDefault: true},
	},
	{
		Field:   func(r *posture.SecurityRule) any { return &r.Direction },
		Doc:     "`Inbound` or `Outbound`.",
		Azurerm: Term{Path: "direction"},
		ARM:     Term{Path: "direction", NoDefault: true},
	},
	{
		Field:   func(r *posture.SecurityRule) any { return &r.Access },
		Doc:     "`Allow` or `Deny`.",
		Azurerm: Term{Path: "access"},
		ARM:     Term{Path: "access", NoDefault: true},
	},
	{
		Field:   func(r *posture.SecurityRule) any { return &r.Protocol },
		Doc:     "`Tcp`, `Udp`, `*` and others.",
		Azurerm: Term{Path: "protocol"},
		ARM:     Term{Path: "protocol", NoDefault: true},
	},
	{
		Field: func(r *posture.SecurityRule) any { return &r.Sources },
		Doc:   "Source prefix or service tag.", PluralDoc: "Source prefixes.", GroupsDoc: "Source application security groups.",
		Azurerm: Term{Path: "source_address_prefix", Plural: "source_address_prefixes",
			Groups: "source_application_security_group_ids"},
		ARM: Term{Path: "sourceAddressPrefix", Plural: "sourceAddressPrefixes", Groups: "sourceApplicationSecurityGroups"},
	},
	{
		Field: func(r *posture.SecurityRule) any { return &r.Destinations },
		Doc:   "Destination prefix or service tag.", PluralDoc: "Destination prefixes.", GroupsDoc: "Destination application security groups.",
		Azurerm: Term{Path: "destination_address_prefix", Plural: "destination_address_prefixes",
			Groups: "destination_application_security_group_ids"},
		ARM: Term{Path: "destinationAddressPrefix", Plural: "destinationAddressPrefixes",
			Groups: "destinationApplicationSecurityGroups"},
	},
	{
		Field: func(r *posture.SecurityRule) any { return &r.Ports },
		Doc:   "Destination port or range.", PluralDoc: "Destination ports and ranges.",
		Azurerm: Term{Path: "destination_port_range", Plural: "destination_port_ranges"},
		ARM:     Term{Path: "destinationPortRange", Plural: "destinationPortRanges"},
	},
	{
		Field: func(r *posture.SecurityRule) any { return &r.SourcePorts },
		Doc:   "Source port or range.", PluralDoc: "Source ports and ranges.",
		Azurerm: Term{Path: "source_port_range", Plural: "source_port_ranges"},
		ARM:     Term{Path: "sourcePortRange", Plural: "sourcePortRanges"},
	},
}
