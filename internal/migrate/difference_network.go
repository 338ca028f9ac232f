package migrate

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var networkDifferences = []difference{
	{
		Entry: Entry{
			ID: "migration/region", Severity: Blocker, Title: "Region without the successor",
			Action: "choose a region that offers Azure Managed Redis, or ask Microsoft for access", Source: fromClouds,
			Look: "az provider show --namespace Microsoft.Cache prints the locations of redisEnterprise",
		},
		check: func(r *retiring) concern {
			cloud := r.Cloud()
			switch {
			case r.Location.IsUnknown():
				return unsure(r.Location, "the region is not known, and some clouds may not offer Azure Managed Redis")
			case cloud == posture.CloudUSGovernment:
				return concern{message: "the region is of Azure Government, and no public documentation of Azure Managed Redis was found for it"}
			case cloud == posture.CloudChina:
				return concern{message: "the region is of Azure operated by 21Vianet, where Azure Managed Redis is a gated preview in chinanorth3"}
			default:
				return unconcerned
			}
		},
	},
	{
		Entry: Entry{
			ID: "migration/vnet-injection", Severity: Blocker, Title: "Virtual network injection",
			Action: "choose a subnet for a private endpoint that the clients reach: no cache of Azure Managed Redis is injected into a network",
			Source: fromClassic,
			Look:   "az redis show prints subnetId",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			return byFact(r.SubnetID, r.Injected(), "the cache is injected into a virtual network, and the target cannot be",
				"whether the cache is injected into a virtual network is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/static-ip", Severity: Change, Title: "Static IP address",
			Action: "let clients and firewalls use the host name of the target, or the address of its private endpoint", Source: fromSkill,
			Look: "az redis show prints staticIp",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			is := posture.Is(r.StaticIP, true).And(r.Injected()) // a static IP is one of the injected subnet
			return byFact(r.StaticIP, is, "the cache has a static IP address, and the target has none",
				"whether the cache has a static IP address is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/firewall-rules", Severity: Blocker, Title: "Firewall rules",
			Action: "bring the clients that the rules admit into a network with a private endpoint: the target has no firewall rules, and its " +
				"public access is off",
			Source: fromClassic,
			Look:   "az redis firewall-rules list shows them",
		},
		of:    service.Redis,
		check: checkFirewallRules,
	},
	{
		Entry: Entry{
			ID: "migration/public-network-access", Severity: Change, Title: "Public network access",
			Action: "give clients from the internet a private network path: public access to the target is off", Source: fromSecure,
			Look: "az resource show prints publicNetworkAccess",
		},
		check: checkPublicAccess,
	},
	{
		Entry: Entry{
			ID: "migration/private-endpoint", Severity: Change, Title: "Sub-resource of private endpoints",
			Action: "make a private endpoint for the new cache with the sub-resource redisEnterprise", Source: fromLink,
			Look: "az network private-endpoint-connection list shows the connections of the cache",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			if r.Injected() == posture.True {
				return unconcerned // an injected cache has no private endpoint
			}
			return bySet(&r.PrivateEndpoints, endpointAddress,
				"private endpoints lead to the sub-resource redisCache of the old cache, and the target has redisEnterprise",
				"private endpoints may lead to the sub-resource redisCache of the old cache, and the target has redisEnterprise")
		},
	},
	{
		Entry: Entry{
			ID: "migration/private-dns-zone", Severity: Change, Title: "Private DNS zone",
			Action: "make the private DNS zone of Azure Managed Redis and link it to the networks of the clients before they switch",
			Source: fromLink,
			Look:   "az network private-endpoint-connection list shows the connections of the cache",
		},
		check: func(r *retiring) concern {
			if r.Injected() == posture.True {
				return concerned("clients reach the target by a private endpoint, whose zone is " + r.newZone())
			}
			message := "the private endpoint of the target registers in " + r.newZone()
			if old := r.service.DNSZones[r.Cloud()]; old != "" {
				message += ", not in " + old
			}
			c := bySet(&r.PrivateEndpoints, endpointAddress, message, "where private endpoints lead to the cache, "+message)
			if c.is == posture.False && r.service == service.Redis && r.Injected() == posture.Maybe { // no other one is injected
				return unsure(r.SubnetID, "whether the cache is injected, so that clients need a private endpoint, is not known")
			}
			return c
		},
	},
}

// newZone is the private DNS zone of Azure Managed Redis in the cloud of the cache.
func (r *retiring) newZone() string { return service.ManagedRedis.DNSZones[r.Cloud()] }

func checkFirewallRules(r *retiring) concern {
	c := bySet(&r.FirewallRules, ruleAddress, "firewall rules admit clients, and the target has no firewall rules",
		"firewall rules may admit clients, and the target has no firewall rules")
	// Where public network access is off, rules admit nobody.
	switch idle := posture.Is(r.PublicNetworkAccess.OrDefault(true), false).And(r.Injected().Not()); {
	case idle == posture.True:
		return unconcerned
	case idle == posture.Maybe && c.is == posture.True:
		c.is, c.message = posture.Maybe, hidden("there are firewall rules, and whether public network access is on, so that they admit clients, "+
			"is not known", firstOf(r.PublicNetworkAccess.Source.Detail, r.SubnetID.Source.Detail))
	}
	return c
}

func checkPublicAccess(r *retiring) concern {
	open := r.PublicNetworkAccess
	switch {
	case r.Injected() == posture.True, posture.Is(open, false) == posture.True:
		return unconcerned
	case r.Injected() == posture.Maybe:
		return unsure(r.SubnetID, "whether clients reach the cache from the internet is not known")
	case open.IsKnown():
		return concerned("the cache accepts connections from the internet, and the target does not")
	case open.IsUnset() && some(&r.PrivateEndpoints) == posture.False:
		return concerned("public network access is not switched off, so that the cache accepts connections from the internet; the " +
			"target does not")
	case open.IsUnset():
		return concern{message: "public network access is not switched off, and whether a private endpoint closes it is not known"}
	default:
		return unsure(open, "whether the cache accepts connections from the internet is not known")
	}
}

// watchedByPolicy returns the verdict on the rule that an Azure Policy assignment watches
// the cache.
func (r *retiring) watchedByPolicy() report.Status {
	for i := range r.judged.Features {
		if f := &r.judged.Features[i]; f.ID == "AM-2/azure-policy-support" {
			return f.Status
		}
	}
	return report.Unknown
}
