package baseline

import (
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// How each dialect writes a private endpoint.
const (
	endpointAzurerm = `add an azurerm_private_endpoint whose private_service_connection has private_connection_resource_id = {id}, ` +
		`subresource_names = ["redisCache"] and is_manual_connection = false`
	endpointAzapi = `add an azapi_resource of type Microsoft.Network/privateEndpoints with properties.privateLinkServiceConnections ` +
		`= [{ name = "redis", properties = { privateLinkServiceId = {id}, groupIds = ["redisCache"] } }] inside body`
	endpointOwn = `private_endpoint = { subnet_id = var.subnet_id }`
	endpointAz  = `az network private-endpoint create --name {name}-endpoint {group} --subnet "$SUBNET_ID" ` +
		`--private-connection-resource-id "$(az redis show {cache} --query id --output tsv)" --group-id redisCache ` +
		`--connection-name {name}`
)

var azurePrivateLink = &Rule{
	ID: "NS-2/azure-private-link",
	Documentation: Documentation{
		Summary: "An approved private endpoint reaches the cache.",
		Why: "A private endpoint gives the cache an address inside your own network, so that clients need no public one. Any tier can " +
			"have it; an injected cache cannot, and needs none.",
		Good: `resource "azurerm_private_endpoint" "example" {
  # ...
  private_service_connection {
    name                           = "redis"
    private_connection_resource_id = azurerm_redis_cache.example.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }
}`,
		Bad: `# no azurerm_private_endpoint names the cache, or the connection is manual
private_service_connection {
  is_manual_connection = true # waits until a person approves it
  # ...
}`,
		Property: "properties.privateEndpointConnections[].privateLinkServiceConnectionState.status", APIVersion: "2020-06-01",
		References: []Reference{refLink, refNetwork},
		Policies: []Policy{
			{"7803067c-7d34-46e3-8c79-0ca68fc4036d", injectedToo},
			{"5d8094d7-7340-465a-b6fd-e60ab7e48920", "creates an endpoint; " + injectedToo},
		},
		Peers: []Peer{
			{"Powerpipe", "azure_compliance.control.redis_cache_uses_private_link", injectedToo},
			{"APRL", "c474fc96", "is switched off"},
			{"Prancer", "PR-AZR-TRF-ARC-005", "looks for a private link service on the subnet of the cache, which is another thing"},
		},
	},
	Remedies: []Remedy{{
		Azurerm:   endpointAzurerm,
		Azapi:     endpointAzapi,
		Own:       endpointOwn,
		Az:        endpointAz,
		Companion: PrivateEndpoint,
	}},
	Check: checkPrivateLink,
}

func checkPrivateLink(c *posture.Cache) Verdict {
	switch c.Injected() {
	case posture.True:
		return notApplicable("the cache is injected into a subnet, which excludes private endpoints", evidence(c.SubnetID))
	case posture.Maybe:
		return notKnown(c.SubnetID, "whether the cache is injected into a subnet is not known", evidence(c.SubnetID))
	}
	return checkEndpoints(c)
}

// checkEndpoints decides whether an approved private endpoint reaches the cache.
func checkEndpoints(c *posture.Cache) Verdict {
	link := privateLink(c)
	switch link.state {
	case posture.True:
		return compliant("an approved private endpoint reaches the cache", link.evidence)
	case posture.False:
		if rejected, address := rejectedEndpoint(c); rejected != "" {
			return violated("the private endpoint connection of the cache is "+rejected, "has no approved private endpoint",
				link.evidence).about(address)
		}
		return violated("no private endpoint reaches the cache", "has no private endpoint", link.evidence)
	default:
		return undecided(link.reason, link.message, link.evidence).about(link.address)
	}
}

// rejectedEndpoint returns the state and the address of the first connection.
func rejectedEndpoint(c *posture.Cache) (state, address string) {
	for _, e := range c.PrivateEndpoints.Items {
		if approval, ok := e.Approval.Get(); ok {
			if e.Approval.Source.Sensitive {
				return "not approved", e.Address
			}
			return strings.ToLower(string(approval)), e.Address
		}
	}
	return "", ""
}

var disablePublicNetworkAccess = &Rule{
	ID: "NS-2/disable-public-network-access",
	Documentation: Documentation{
		Summary: "The public endpoint of the cache is switched off.",
		Why: "With public network access the cache answers on an address that the whole internet can reach, and only its keys stand " +
			"in between. Microsoft's baseline calls it off by default; the service and the azurerm provider leave it on, so it must be said. " +
			"Firewall rules narrow public access and never switch it off. For an injected cache the setting has no effect.",
		Good: `resource "azurerm_redis_cache" "example" {
  public_network_access_enabled = false
  # ...
}`,
		Bad: `resource "azurerm_redis_cache" "example" {
  # public_network_access_enabled defaults to true
  # ...
}`,
		Property: "properties.publicNetworkAccess", APIVersion: "2020-06-01",
		References: []Reference{refLink, refNetwork},
		Policies: []Policy{
			{"470baccb-7e51-4549-8b1a-3e5be069f663", injectedToo},
			{"30b3dfa5-a70d-4c8e-bed6-0083858f663d", "switches it off; " + injectedToo},
		},
		Peers: []Peer{
			{"Checkov", "CKV_AZURE_89", injectedToo},
			{"PSRule", "Azure.Redis.PublicNetworkAccess (AZR-000165)", injectedToo},
			{"SonarQube", "S6329", injectedToo},
			{"Semgrep", "azure-redis-cache-public-network-access-enabled", "objects to everything but a literal false; " + injectedToo},
			{"Prancer", "PR-AZR-TRF-ARC-003", injectedToo},
		},
	},
	Remedies: []Remedy{{
		Azurerm: `set public_network_access_enabled = false`,
		Azapi:   `set properties.publicNetworkAccess = "Disabled" inside body`,
		Az:      `az resource patch {resource} --properties '{"publicNetworkAccess":"Disabled"}'`,
		Set:     publicAccessOff,
	}},
	Check: checkPublicNetworkAccess,
}

func checkPublicNetworkAccess(c *posture.Cache) Verdict {
	access := c.PublicNetworkAccess
	if enabled, ok := access.Get(); ok && !enabled {
		return compliant("public network access is disabled", evidence(access))
	}
	if access.IsUnknown() {
		return notKnown(access, "whether public network access is enabled is not known", evidence(access))
	}
	switch c.Injected() {
	case posture.True:
		return notApplicable("the cache is injected into a subnet, where public network access has no effect", evidence(access),
			evidence(c.SubnetID))
	case posture.Maybe:
		return notKnown(c.SubnetID, "public network access is not disabled, and whether the cache is injected into a subnet is not known",
			evidence(access), evidence(c.SubnetID))
	}
	if access.IsUnset() {
		return unsetPublicNetworkAccess(c)
	}
	return violated("public network access is enabled"+narrowedBy(c), "is reachable from the internet", evidence(access))
}

// unsetPublicNetworkAccess is the verdict where the argument is unset: the service
// enables access, and may disable it by itself when a private endpoint is created
// (PSRule issue 935).
func unsetPublicNetworkAccess(c *posture.Cache) Verdict {
	access := c.PublicNetworkAccess
	link := privateLink(c)
	switch link.state {
	case posture.False:
		return violated("public network access is not set, and the service enables it by default"+narrowedBy(c), "is reachable from the internet",
			evidence(access.OrDefault(true)), link.evidence)
	case posture.True:
		return undecided(posture.ReasonKnownAfterApply, "public network access is not set, and with a private endpoint the service decides",
			evidence(access), link.evidence)
	default:
		reason := link.reason
		if reason == posture.ReasonNotObserved {
			// The endpoint is known, and access is unknown whether it exists or
			// not: so the reason must not be not_observed.
			reason = posture.ReasonKnownAfterApply
		}
		return undecided(reason, "public network access is not set, with a private endpoint the service decides, and "+link.message,
			evidence(access), link.evidence)
	}
}

// narrowedBy names the firewall rules that narrow public access.
func narrowedBy(c *posture.Cache) string {
	n := len(c.FirewallRules.Items)
	if n == 0 {
		return ""
	}
	const most = 3
	var names []string
	for _, r := range c.FirewallRules.Items[:min(n, most)] {
		names = append(names, quotedName(r.Name, r.Address))
	}
	text := strings.Join(names, ", ")
	if n > most {
		text += fmt.Sprintf(" and %d more", n-most)
	}
	word := "rules"
	if n == 1 {
		word = "rule"
	}
	return fmt.Sprintf("; firewall %s %s may narrow it and never disable it", word, text)
}
