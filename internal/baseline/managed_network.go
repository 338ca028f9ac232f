package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// managedEndpoint is what to write for a private endpoint to a cluster.
var managedEndpoint = []Remedy{{
	Azurerm: `add an azurerm_private_endpoint whose private_service_connection has private_connection_resource_id = {id}, ` +
		`subresource_names = ["redisEnterprise"] and is_manual_connection = false`,
	Azapi: `add an azapi_resource of type Microsoft.Network/privateEndpoints with properties.privateLinkServiceConnections ` +
		`= [{ name = "redis", properties = { privateLinkServiceId = {id}, groupIds = ["redisEnterprise"] } }] inside body`,
	Az: `az network private-endpoint create --name {name}-endpoint {group} --subnet "$SUBNET_ID" ` +
		`--private-connection-resource-id {id} --group-id redisEnterprise --connection-name {name}`,
	Companion: PrivateEndpoint,
}}

var managedPrivateLink = &Rule{
	ID: "NS-2/azure-private-link",
	Documentation: Documentation{
		Summary: "An approved private endpoint reaches the cluster.",
		Why: "A private endpoint gives the cluster an address inside a network of yours. It targets the cluster, never its database, with " +
			"the sub-resource redisEnterprise, which the Enterprise tiers have too. An endpoint for redisCache reaches nothing here.",
		Good: `resource "azurerm_private_endpoint" "example" {
  # ...
  private_service_connection {
    name                           = "redis"
    private_connection_resource_id = azurerm_managed_redis.example.id
    subresource_names              = ["redisEnterprise"]
    is_manual_connection           = false
  }
}`,
		Bad: `private_service_connection {
  subresource_names    = ["redisCache"] # of Azure Cache for Redis
  is_manual_connection = true           # waits until a person approves it
  # ...
}`,
		Property: "properties.privateEndpointConnections[].privateLinkServiceConnectionState.status", APIVersion: "2020-10-01-preview",
		References: []Reference{refManagedLink},
		Policies: []Policy{
			{"960e650e-9ce3-4316-9590-8ee2c016ca2f", ""},
			{"1b1df1e6-d60f-4430-9390-2b0c83aae4a7", "creates an endpoint"},
		},
		Peers: []Peer{{"azqr", "redis-015", "counts a connection in any state, rejected ones too"}},
	},
	Remedies: managedEndpoint,
	Check:    checkEndpoints,
}

var managedPublicNetworkAccess = &Rule{
	ID: "NS-2/disable-public-network-access",
	Documentation: Documentation{
		Summary: "The public endpoint of the cluster is switched off.",
		Why: "The service has no firewall rules: what the public endpoint lets in is the whole internet. The property exists from " +
			"api-version 2025-07-01 on, which requires it. A cluster that never got it takes private traffic only as long as it has a private " +
			"endpoint, and is public without one. azurerm has the argument since 4.53.0, with Enabled as its default: an upgrade from an " +
			"older version may open a cluster that was private before.",
		Good: `resource "azurerm_managed_redis" "example" {
  public_network_access = "Disabled"
  # ...
}`,
		Bad: `resource "azurerm_managed_redis" "example" {
  # public_network_access defaults to "Enabled"
  # ...
}`,
		Property: "properties.publicNetworkAccess", APIVersion: "2025-07-01",
		References: []Reference{refManagedLink},
		Peers:      []Peer{{"azqr", "redis-014", "passes a cluster without the property, which is public where it has no private endpoint"}},
	},
	Remedies: []Remedy{{
		Azurerm:    `set public_network_access = "Disabled"`,
		Enterprise: moveTo(`set public_network_access = "Disabled"`),
		Azapi:      `set properties.publicNetworkAccess = "Disabled" inside body, with api-version 2025-07-01 or newer`,
		Az:         patchCluster(`{"publicNetworkAccess":"Disabled"}`),
		Set:        publicAccessOff,
	}},
	Check: checkManagedPublicAccess,
}

func checkManagedPublicAccess(c *posture.Cache) Verdict {
	access := c.PublicNetworkAccess
	switch {
	case access.IsUnknown():
		return notKnown(access, "whether public network access is enabled is not known", evidence(access))
	case access.IsKnown() && !access.V:
		return compliant("public network access is disabled", evidence(access))
	case access.IsKnown():
		return violated("public network access is enabled", "is reachable from the internet",
			evidence(access))
	}
	link := privateLink(c)
	switch link.state {
	case posture.False:
		return violated("public network access is not set, and without a private endpoint the cluster is public",
			"is reachable from the internet", evidence(access), link.evidence)
	case posture.True:
		return undecided(posture.ReasonNotObserved,
			"public network access is not set: with its private endpoint the cluster takes private traffic only, and nothing says so",
			evidence(access), link.evidence)
	default:
		return undecided(link.reason,
			"public network access is not set, with a private endpoint the cluster takes private traffic only, and "+link.message,
			evidence(access), link.evidence).about(link.address)
	}
}

var managedDNSZone = &Rule{
	ID: "advisory/private-dns-zone", Title: "Private DNS zone of the private endpoint", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The private endpoint has a DNS zone group for the zone of its tier, and a virtual network is linked to that zone.",
		Why: "The host name leads to the public address until the private zone answers for it, and only in virtual networks that are linked " +
			"to the zone. Azure Managed Redis has privatelink.redis.azure.net, the Enterprise tiers have " +
			"privatelink.redisenterprise.cache.azure.net; Azure Policy gives one zone to both.",
		Good: `private_dns_zone_group {
  name                 = "redis"
  private_dns_zone_ids = [azurerm_private_dns_zone.redis.id] # privatelink.redis.azure.net
}`,
		Bad:        `# no private_dns_zone_group`,
		Property:   "Microsoft.Network/privateEndpoints/privateDnsZoneGroups, Microsoft.Network/privateDnsZones/virtualNetworkLinks",
		APIVersion: "2020-03-01",
		References: []Reference{refManagedLink},
		Policies: []Policy{{"7473e756-98d9-4d10-9a22-8101ef32cd74",
			"adds one zone to the endpoints of Azure Managed Redis and of the Enterprise tiers alike"}},
	},
	Remedies: privateDNSZone.Remedies,
	Check:    checkPrivateDNSZone,
}

var managedUnreachable = &Rule{
	ID: "advisory/unreachable", Title: "Reachability", Severity: report.Warning,
	Documentation: Documentation{
		Summary:    "A cluster without public access has a private endpoint.",
		Why:        "With public access off and no private endpoint nobody can reach the cluster at all.",
		Good:       `# public_network_access = "Disabled", and an azurerm_private_endpoint names the cluster`,
		Bad:        `# public_network_access = "Disabled", and nothing else`,
		References: []Reference{refManagedLink},
	},
	Remedies: managedEndpoint,
	Check: func(c *posture.Cache) Verdict {
		open := c.PublicNetworkAccess.OrDefault(true)
		link := privateLink(c)
		switch {
		case posture.Is(open, true) == posture.True:
			return compliant("the cluster can be reached", evidence(open))
		case link.state == posture.True:
			return compliant("a private endpoint reaches the cluster", link.evidence)
		case open.IsUnknown():
			return notKnown(open, "whether public access is disabled is not known", evidence(open))
		case link.state == posture.False:
			return violated("public access is disabled, and no private endpoint reaches the cluster", "cannot be reached by anybody",
				evidence(open), link.evidence)
		default:
			return undecided(link.reason, link.message, link.evidence)
		}
	},
}
