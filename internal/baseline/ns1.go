package baseline

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var virtualNetworkIntegration = &Rule{
	ID: "NS-1/virtual-network-integration",
	Documentation: Documentation{
		Summary: "A Premium cache is injected into a virtual network, unless it is reached by a private endpoint.",
		Why: "Inside a virtual network only what the network's own rules let through can reach the cache. A private endpoint gives " +
			"the same isolation and is what Microsoft recommends today; the two exclude each other, and only the Premium tier can be injected.",
		Good: `resource "azurerm_redis_cache" "example" {
  sku_name  = "Premium"
  subnet_id = azurerm_subnet.redis.id
  # ...
}`,
		Bad: `resource "azurerm_redis_cache" "example" {
  sku_name = "Premium"
  # neither a subnet_id nor a private endpoint
}`,
		Property: "properties.subnetId", APIVersion: "2016-04-01",
		References: []Reference{refVNet, refNetwork},
		Policies:   []Policy{{"7d092e0a-7acd-40d2-a975-dca21cae48c4", outsideNetwork}},
		Peers: []Peer{
			{"Powerpipe", "azure_compliance.control.redis_cache_in_virtual_network", outsideNetwork},
			{"Prancer", "PR-AZR-TRF-ARC-004", outsideNetwork},
		},
	},
	Remedies: []Remedy{{
		Azurerm: endpointAzurerm + `; or set subnet_id to the id of a dedicated subnet, which replaces the cache`,
		Azapi:   endpointAzapi + `; or set properties.subnetId inside body to the id of a dedicated subnet, which replaces the cache`,
		Own:     endpointOwn + `; subnet_id would replace the cache`,
		Az:      endpointAz,
	}},
	Check: checkVirtualNetworkIntegration,
}

func checkVirtualNetworkIntegration(c *posture.Cache) Verdict {
	tier := tierOf(c)
	if tier == tierBasic || tier == tierStandard {
		return notApplicable(shown(c.Tier, "the "+string(tier)+" tier", "the tier")+" cannot be injected into a virtual network",
			evidence(c.Tier))
	}
	if c.Tier.IsUndocumented() {
		return notKnown(c.Tier, "the tier is not known", evidence(c.Tier))
	}
	switch c.Injected() {
	case posture.True:
		if isClassicSubnet(c) {
			return violated("the cache is in a classic virtual network, which Azure has retired",
				"is in a classic virtual network", evidence(c.SubnetID))
		}
		return compliant("the cache is injected into a subnet", evidence(c.SubnetID))
	case posture.Maybe:
		return notKnown(c.SubnetID, "whether the cache is injected into a subnet is not known", evidence(c.SubnetID))
	}
	link := privateLink(c)
	switch {
	case link.state == posture.True:
		return notApplicable("the cache is reached by a private endpoint, which excludes injection", evidence(c.SubnetID), link.evidence)
	case tier != tierPremium:
		return undecided(c.Tier.Why(), "the tier is not known, and only Premium can be injected", evidence(c.Tier), evidence(c.SubnetID))
	case link.state == posture.False:
		return violated("the Premium cache is neither injected into a subnet nor reached by a private endpoint",
			"is in no virtual network", evidence(c.SubnetID), link.evidence)
	default:
		return undecided(link.reason, "not injected, and "+link.message, evidence(c.SubnetID), link.evidence)
	}
}

// isClassicSubnet recognises a subnet of the classic deployment model, retired 2024-08-31.
func isClassicSubnet(c *posture.Cache) bool {
	id, _ := c.SubnetID.Get()
	return strings.Contains(strings.ToLower(id), "/providers/microsoft.classicnetwork/")
}

var networkSecurityGroupSupport = &Rule{
	ID: "NS-1/network-security-group-support",
	Documentation: Documentation{
		Summary: "The subnet of an injected cache has a network security group that keeps the internet away from the cache's client ports.",
		Why: "Injection alone is no wall: a subnet without a network security group, with a rule that admits every source, or with " +
			"rules that together admit half of all public addresses, leaves the client ports (6380, 6379 when the non-TLS port is on, and " +
			"13000-13999 and 15000-15999 for clusters) to the routes of the network. The group applies to injected caches only; it does not " +
			"guard a private endpoint.",
		Good: `resource "azurerm_subnet_network_security_group_association" "redis" {
  subnet_id                 = azurerm_subnet.redis.id
  network_security_group_id = azurerm_network_security_group.redis.id
}`,
		Bad: `security_rule {
  name                       = "redis-from-anywhere"
  priority                   = 100
  direction                  = "Inbound"
  access                     = "Allow"
  protocol                   = "Tcp"
  source_port_range          = "*"
  source_address_prefix      = "Internet"
  destination_port_range     = "6380"
  destination_address_prefix = "*"
}`,
		Property: "Microsoft.Network/virtualNetworks/subnets: properties.networkSecurityGroup", APIVersion: "2015-05-01-preview",
		References: []Reference{refVNet},
		Peers:      []Peer{{"CloudSploit", "openRedis", "looks at every security group for the port 6379, whether a cache is behind it or not"}},
	},
	Remedies: []Remedy{{
		Part: "group",
		Azurerm: `associate a network security group with the subnet of the cache by an ` +
			`azurerm_subnet_network_security_group_association`,
		Azapi: `set properties.networkSecurityGroup = { id = var.network_security_group_id } inside body of the subnet of the ` +
			`cache`,
		Own: `associate a network security group with the subnet of the cache, which is no part of this resource`,
		Az:  `az network vnet subnet update {subnet} --network-security-group "$NETWORK_SECURITY_GROUP_ID"`,
	}, {
		Part: "rules",
		Azurerm: `let only the address ranges of the clients reach port 6380, for example source_address_prefix = "10.0.2.0/24" ` +
			`inside security_rule`,
		Azapi: `let only the address ranges of the clients reach port 6380, for example properties.sourceAddressPrefix = ` +
			`"10.0.2.0/24" inside body of the security rule`,
		Own: `let only the address ranges of the clients reach port 6380 by the rules of that group`,
		Az:  `az network nsg rule update {nsgRule} --source-address-prefixes "$CLIENT_ADDRESSES"`,
	}},
	Check: checkNetworkSecurityGroup,
}

func checkNetworkSecurityGroup(c *posture.Cache) Verdict {
	switch c.Injected() {
	case posture.False:
		return notApplicable("the cache is not injected into a subnet", evidence(c.SubnetID))
	case posture.Maybe:
		return notKnown(c.SubnetID, "whether the cache is injected into a subnet is not known", evidence(c.SubnetID))
	}
	group := c.Subnet.SecurityGroup
	seen := report.Evidence{Path: pathOr(group.Source.Path, "network_security_group_id"), State: report.EvidenceUnknown}
	switch {
	case group.IsUnset():
		seen.State, seen.Value = report.EvidenceKnown, jsonNull
		if group.Source.Sensitive {
			seen.State, seen.Value = report.EvidenceSensitive, nil
		}
		return violated("the subnet of the cache has no network security group", "is in a subnet without a network security group",
			evidence(c.SubnetID), seen).part("group")
	case group.IsUnknown():
		return notKnown(group, "the network security group of the subnet is not visible here", evidence(c.SubnetID), seen)
	}
	nsg := group.V
	seen.State, seen.Value = evidenceState(nsg.Asserted), jsonOf(firstOf(nsg.Address, nsg.Name, "present"))
	if group.Source.Sensitive {
		seen.State, seen.Value = report.EvidenceSensitive, nil
	}
	exposed := internetExposure(c, nsg)
	switch exposed.state {
	case posture.True:
		return violated(exposed.message, exposed.headline(), evidence(c.SubnetID), seen).
			about(append(exposed.addresses, nsg.Address, c.SubnetID.Source.Path)...).part("rules")
	case posture.False:
		return compliant("a network security group guards the subnet, and no rule lets the internet in to a client port", evidence(c.SubnetID),
			seen)
	default:
		return undecided(exposed.reason, exposed.message, evidence(c.SubnetID), seen)
	}
}
