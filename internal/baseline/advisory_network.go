package baseline

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var firewallRules = &Rule{
	ID: "advisory/firewall-rules", Title: "Width of the firewall rules", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Where public access is on, the firewall admits a handful of public addresses only.",
		Why: "A cache with public access and no rule lets every address in. Rules are judged by what they admit together, so that two halves " +
			"of the address space count as the whole. " +
			"The range 0.0.0.0 to 0.0.0.0 admits every service in Azure, other customers' included. Rules of a cache without public access, or " +
			"in a virtual network, have no effect.",
		Good: `resource "azurerm_redis_firewall_rule" "office" {
  start_ip = "203.0.113.10"
  end_ip   = "203.0.113.12"
  # ...
}`,
		Bad: `resource "azurerm_redis_firewall_rule" "everyone" {
  start_ip = "0.0.0.0"
  end_ip   = "255.255.255.255"
  # ...
}`,
		Property: "Microsoft.Cache/redis/firewallRules: properties.startIP, properties.endIP", APIVersion: "2016-04-01",
		References: []Reference{refConfig, refNetwork},
		Peers: []Peer{
			{"PSRule", "Azure.Redis.FirewallIPRange (AZR-000300)",
				"counts an address as often as ranges hold it, and judges a cache in a virtual network too"},
			{"PSRule", "Azure.Redis.FirewallRuleCount (AZR-000299)", "counts the rules, ten at most, whatever addresses they admit"},
			{"KICS", "fd8da341", "objects to a rule of 0.0.0.0 only"},
			{"KICS", "5089d055", "objects to a single public address"},
			{"KICS", "a829b715", "objects to one rule of more than 256 addresses, whatever rules admit together"},
			{"Terrascan", "AC_AZURE_0390", "objects to one rule of 256 addresses or more, whatever rules admit together"},
			{"Terrascan", "AC_AZURE_0391", "objects to a single public address"},
			{"Terrascan", "AC_AZURE_0392", "objects to a rule of 0.0.0.0 only"},
			{"Mondoo", "no-unrestricted-firewall-rule", "objects to a rule of exactly 0.0.0.0 to 255.255.255.255 only"},
		},
	},
	Remedies: []Remedy{{
		Azurerm: `set public_network_access_enabled = false, or let every azurerm_redis_firewall_rule name single addresses, ten ` +
			`public ones at most`,
		Azapi: `set properties.publicNetworkAccess = "Disabled" inside body, or let the firewall rules name single addresses, ` +
			`ten public ones at most`,
		Own: `set public_network_access_enabled = false, or let firewall_rules name single addresses, ten public ones at most`,
		Az:  `az redis firewall-rules delete {cache} --rule-name "$RULE" # each wide rule; or switch public access off`,
	}},
	Check: checkFirewallRules,
}

// mostPublicAddresses is how many public addresses the rules may admit together (PSRule AZR-000300).
const mostPublicAddresses = 10

func checkFirewallRules(c *posture.Cache) Verdict {
	const path = "firewall_rule"
	public := publicAccess(c)
	if public == posture.False {
		// Compliant and not not_applicable: narrow rules are compliant whether
		// public access is possible or not, so that they are decided before it is.
		return compliant("public access is off or the cache is in a virtual network, where firewall rules have no effect",
			evidence(c.PublicNetworkAccess))
	}
	set := c.FirewallRules
	unknown := unknownAt(path)
	seen := report.Evidence{Path: path, State: report.EvidenceKnown, Value: []byte(fmt.Sprint(len(set.Items)))}
	admitted := admittedBy(set.Items)
	objections := strings.Join(admitted.objections, "; ")
	switch {
	case objections != "" && public == posture.True:
		return violated(objections, "has a wide firewall: "+objections, seen).about(admitted.decisive...)
	case objections != "":
		return undecidedPublic(c, "whether the firewall rules have any effect is not known; "+objections, unknown)
	case admitted.doubt != "":
		return undecided(admitted.doubt, "the range of a firewall rule is not known", unknown)
	case len(set.Doubts) > 0:
		return maybeRelated(set.Doubts[0], "", "a firewall rule", " may or may not be for this cache", unknown)
	case !set.Observed:
		return undecided(set.Why(), hidden("not all firewall rules are visible here", set.Detail), unknown)
	case len(set.Items) > 0:
		message := "the firewall rules admit few public addresses"
		if len(admitted.reversed) > 0 {
			message += "; start and end are reversed in " + list(admitted.reversed)
		}
		return compliant(message, seen)
	case public == posture.Maybe:
		return undecidedPublic(c, "there is no firewall rule, and whether public access is possible is not known", unknown)
	}
	return violated("public access is possible, and no firewall rule narrows it: every address is let in",
		"lets every address in: it has no firewall rule", evidence(c.PublicNetworkAccess.OrDefault(true)), seen)
}

// admission is the addresses that the firewall rules of a cache let in together.
type admission struct {
	objections []string       // what is too wide, in words
	decisive   []string       // addresses of the rules that make it so
	reversed   []string       // names of rules whose end lies before their start
	doubt      posture.Reason // of a rule whose range is not known
}

func admittedBy(rules []posture.FirewallRule) admission {
	var out admission
	var spans []addresses
	widest, most := "", uint64(0)
	for _, r := range rules {
		name := quotedName(r.Name, r.Address)
		span, swapped, ok := addressesOf(r)
		switch {
		case ok == posture.Maybe:
			out.doubt = firewallReason(r)
			continue
		case ok == posture.False:
			continue
		case swapped:
			out.reversed = append(out.reversed, name)
		}
		if span == (addresses{}) {
			out.objections, out.decisive = append(out.objections, "rule "+name+" admits every service in Azure"), append(out.decisive, r.Address)
			continue
		}
		spans = append(spans, span)
		if n := span.last - span.first + 1; n > most {
			widest, most = r.Address, n
		}
	}
	if n := publicAddresses(spans); n > mostPublicAddresses {
		out.objections, out.decisive = append(out.objections, fmt.Sprintf("the firewall rules admit %d public addresses", n)),
			append(out.decisive, widest)
	}
	if len(out.objections) > 0 && len(out.reversed) > 0 {
		out.objections = append(out.objections, "start and end are reversed in "+list(out.reversed))
	}
	return out
}

// undecidedPublic is the verdict where it is not known whether the public
// endpoint admits anybody.
func undecidedPublic(c *posture.Cache, message string, ev report.Evidence) Verdict {
	switch access := c.PublicNetworkAccess; {
	case access.IsUnknown():
		return notKnown(access, message, ev)
	case c.Injected() == posture.Maybe:
		return notKnown(c.SubnetID, message, ev)
	default: // not set, with a private endpoint that may have switched it off
		return undecided(posture.ReasonKnownAfterApply, message, ev)
	}
}

// addresses is an inclusive range of IPv4 addresses.
type addresses struct{ first, last uint64 }

// addressesOf returns the range of a rule. A range whose end lies before its start
// is swapped: the addresses that it was meant to admit count.
func addressesOf(r posture.FirewallRule) (span addresses, swapped bool, ok posture.Tri) {
	if r.Start.IsUnknown() || r.End.IsUnknown() {
		return span, false, posture.Maybe
	}
	first, err1 := netip.ParseAddr(r.Start.V)
	last, err2 := netip.ParseAddr(r.End.V)
	if err1 != nil || err2 != nil || !first.Is4() || !last.Is4() {
		return span, false, posture.False
	}
	span = addresses{number(first), number(last)}
	if span.first > span.last {
		return addresses{span.last, span.first}, true, posture.True
	}
	return span, false, posture.True
}

func firewallReason(r posture.FirewallRule) posture.Reason {
	if r.Start.IsUnknown() {
		return r.Start.Why()
	}
	return r.End.Why()
}

func number(a netip.Addr) uint64 {
	b := a.As4()
	return uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
}

// privateRanges are the IPv4 ranges that no public address lies in.
// Source: RFC 1918, RFC 1122 (0/8 and 127/8), RFC 3927, RFC 6598.
var privateRanges = []string{"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"}

// publicAddresses counts the public addresses in the union of ranges.
func publicAddresses(spans []addresses) uint64 {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b addresses) int {
		switch {
		case a.first < b.first:
			return -1
		case a.first > b.first:
			return 1
		default:
			return 0
		}
	})
	var count, next uint64
	for _, s := range spans {
		first := max(s.first, next)
		if first > s.last {
			continue
		}
		count += s.last - first + 1
		for _, text := range privateRanges {
			p := netip.MustParsePrefix(text)
			lo, hi := number(p.Addr()), number(lastOf(p))
			if lo, hi = max(lo, first), min(hi, s.last); lo <= hi {
				count -= hi - lo + 1
			}
		}
		next = s.last + 1
	}
	return count
}

var privateDNSZone = &Rule{
	ID: "advisory/private-dns-zone", Title: "Private DNS zone of the private endpoint", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The private endpoint has a DNS zone group for the service's private zone, and a virtual network is linked to that zone.",
		Why: "Clients keep using the cache's usual host name, and without the private zone that name still leads to the public " +
			"address. Machines find the names of a zone only from virtual networks that are linked to it. The zone differs by cloud: " +
			"privatelink.redis.cache.windows.net, .usgovcloudapi.net and .chinacloudapi.cn.",
		Good: `private_dns_zone_group {
  name                 = "redis"
  private_dns_zone_ids = [azurerm_private_dns_zone.redis.id]
}`,
		Bad:        `# no private_dns_zone_group`,
		Property:   "Microsoft.Network/privateEndpoints/privateDnsZoneGroups, Microsoft.Network/privateDnsZones/virtualNetworkLinks",
		APIVersion: "2020-03-01",
		References: []Reference{refLink},
		Policies: []Policy{{"e016b22b-e0eb-436d-8fd7-160c4eaed6e2",
			"adds a zone group to an endpoint; does not look at the networks that the zone is linked to"}},
		Peers: []Peer{{"Prancer", "PR-AZR-TRF-ARC-009",
			"looks for a zone that is linked to the network of the cache's own subnet, and at no private endpoint"}},
	},
	Remedies: []Remedy{{
		Azurerm: `set private_dns_zone_ids = [azurerm_private_dns_zone.redis.id] inside private_dns_zone_group of the private ` +
			`endpoint, with a zone named {zone}`,
		Azapi: `add an azapi_resource of type Microsoft.Network/privateEndpoints/privateDnsZoneGroups with ` +
			`properties.privateDnsZoneConfigs = [{ name = "redis", properties = { privateDnsZoneId = var.zone_id } }] inside ` +
			`body, and a zone named {zone}`,
		Own: `set private_dns_zone_ids = [var.zone_id] inside private_endpoint, with a zone named ` +
			`{zone}`,
		Az: `az network private-endpoint dns-zone-group create --resource-group "$ENDPOINT_GROUP" --endpoint-name ` +
			`"$ENDPOINT" --name redis --zone-name redis --private-dns-zone {zone}`,
	}},
	Check: checkPrivateDNSZone,
}

func checkPrivateDNSZone(c *posture.Cache) Verdict {
	const path = "private_dns_zone_group"
	possible := zonesFor(c)
	want := firstOf(append(possible.names, "the service")...)
	unknown := unknownAt(path)
	doubt, detail := posture.Reason(""), ""
	note := func(reason posture.Reason, hides string) {
		if doubt == "" {
			doubt, detail = reason, hides
		}
	}
	for _, e := range c.PrivateEndpoints.Items {
		zones := e.DNSZones.OrDefault(nil)
		if zones.IsUnknown() {
			note(zones.Why(), zones.Source.Detail)
			continue
		}
		var found []posture.DNSZone
		for _, z := range possible.names {
			found = append(found, zonesNamed(zones.V, z)...)
		}
		zone := want
		if possible.open != "" {
			zone = "the service"
			if len(found) > 0 || possible.others && len(zones.V) > 0 {
				note(possible.open, possible.detail)
				continue
			}
		}
		if len(found) == 0 {
			return violated(named("", e.Address, "the private endpoint", " has no DNS zone group for "+zone),
				"has a private endpoint without a zone group for "+zone, zonesSeen(path, e)).about(e.Address)
		}
		switch linked := anyLinked(found); {
		case linked.IsUnknown():
			note(linked.Why(), linked.Source.Detail)
		case !linked.V:
			return violated(named("the zone "+want+" of ", e.Address, "the private endpoint", " is linked to no virtual network"),
				"has a private endpoint whose zone "+want+" is linked to no virtual network", evidence(linked)).about(e.Address)
		}
	}
	set := c.PrivateEndpoints
	switch {
	case doubt != "":
		return undecided(doubt, hidden("whether clients find the private endpoint by its DNS zone is not known", detail), unknown)
	case len(set.Doubts) > 0:
		return maybeRelated(set.Doubts[0], "", "a private endpoint", " may or may not belong to this cache", unknown)
	case !set.Observed:
		return undecided(set.Why(), hidden("not all private endpoints are visible here", set.Detail), unknown)
	case len(set.Items) == 0:
		return notApplicable("the cache has no private endpoint")
	default:
		return compliant("the private endpoint resolves through "+want, seenAt(path, false, want))
	}
}

// possibleZones are the private DNS zones that may be the right one for a cache.
type possibleZones struct {
	names  []string
	others bool // the zone of a cloud is not documented
	// open and detail say why it is not known which one is right; empty where it is.
	open   posture.Reason
	detail string
}

func zonesFor(c *posture.Cache) possibleZones {
	clouds := []posture.Cloud{c.Cloud()}
	var out possibleZones
	if services := servicesOf(c); len(services) > 1 {
		out.open, out.detail = whyTier(c), c.SKU.Source.Detail
	}
	if c.Location.IsUnknown() {
		clouds = []posture.Cloud{posture.CloudPublic, posture.CloudUSGovernment, posture.CloudChina}
		out.open, out.detail = c.Location.Why(), c.Location.Source.Detail
	}
	for _, s := range servicesOf(c) {
		for _, cloud := range clouds {
			if zone := s.DNSZones[cloud]; zone != "" {
				out.names = append(out.names, zone)
			} else {
				out.others = true
			}
		}
	}
	if out.others && out.open == "" {
		out.open, out.detail = posture.ReasonKnownAfterApply, "the zone of the service in this cloud is not documented"
	}
	return out
}

// zonesSeen shows the names of the zones of a private endpoint.
func zonesSeen(path string, e posture.PrivateEndpoint) report.Evidence {
	if e.DNSZones.Source.Sensitive {
		return report.Evidence{Path: path, State: report.EvidenceSensitive}
	}
	names := make([]string, len(e.DNSZones.V))
	for i, z := range e.DNSZones.V {
		names[i] = z.Name
	}
	return seenAt(path, e.Asserted, strings.Join(names, ","))
}

func zonesNamed(zones []posture.DNSZone, want string) []posture.DNSZone {
	var out []posture.DNSZone
	for _, z := range zones {
		if strings.EqualFold(z.Name, want) {
			out = append(out, z)
		}
	}
	return out
}

// anyLinked returns whether one of the zones is linked to a virtual network. A zone
// whose links the source does not show counts as linked, so that it is no violation.
func anyLinked(zones []posture.DNSZone) posture.Value[bool] {
	out := posture.Known(false, "")
	for _, z := range zones {
		linked := z.Linked.OrDefault(true)
		if v, ok := linked.Get(); ok && v {
			return linked
		}
		if linked.IsUnknown() || !out.IsUnknown() {
			out = linked
		}
	}
	return out
}

var unreachable = &Rule{
	ID: "advisory/unreachable", Title: "Reachability", Severity: report.Warning,
	Documentation: Documentation{
		Summary:    "A cache without public access has a private endpoint or a virtual network.",
		Why:        "With public access off, no injection and no private endpoint, nobody can reach the cache at all.",
		Good:       `# public_network_access_enabled = false, and an azurerm_private_endpoint names the cache`,
		Bad:        `# public_network_access_enabled = false, and nothing else`,
		References: []Reference{refLink, refNetwork},
	},
	Remedies: []Remedy{{
		Azurerm:   endpointAzurerm,
		Azapi:     endpointAzapi,
		Own:       endpointOwn,
		Az:        endpointAz,
		Companion: PrivateEndpoint,
	}},
	Check: func(c *posture.Cache) Verdict {
		closed := posture.Is(c.PublicNetworkAccess.OrDefault(true), false).And(c.Injected().Not())
		link := privateLink(c)
		switch {
		case closed == posture.False:
			return compliant("the cache can be reached", evidence(c.PublicNetworkAccess), evidence(c.SubnetID))
		case link.state == posture.True:
			return compliant("a private endpoint reaches the cache", link.evidence)
		case closed == posture.True && link.state == posture.False:
			return violated("public access is disabled, and the cache has neither a virtual network nor a private endpoint",
				"cannot be reached by anybody",
				evidence(c.PublicNetworkAccess), evidence(c.SubnetID), link.evidence)
		case closed == posture.Maybe && c.PublicNetworkAccess.IsUnknown():
			return notKnown(c.PublicNetworkAccess, "whether public access is disabled is not known", evidence(c.PublicNetworkAccess))
		case closed == posture.Maybe:
			return notKnown(c.SubnetID, "whether the cache is injected into a subnet is not known", evidence(c.SubnetID))
		default:
			return undecided(link.reason, link.message, link.evidence)
		}
	},
}

var authenticationNeedsVNet = &Rule{
	ID: "advisory/authentication-needs-vnet", Title: "Authentication off outside a virtual network", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Authentication is not switched off outside a virtual network.",
		Why:     "The service refuses it there. The azurerm provider lets such a plan pass and fails while it applies.",
		Good:    `# no authentication_enabled in redis_configuration`,
		Bad: `# without a subnet_id
redis_configuration {
  authentication_enabled = false
}`,
		Property: "properties.redisConfiguration.authnotrequired", APIVersion: "2020-12-01",
		References: []Reference{refConfig},
	},
	Remedies: authenticationOn,
	Check: func(c *posture.Cache) Verdict {
		required := c.AuthenticationRequired.OrDefault(true)
		switch {
		case posture.Is(required, true) == posture.True:
			return compliant("authentication is on", evidence(required))
		case c.Injected() == posture.True:
			return compliant("the cache is in a virtual network", evidence(c.SubnetID))
		case posture.Is(required, false).And(c.Injected().Not()) == posture.True:
			return violated("authentication is switched off without a virtual network, which the service refuses",
				"cannot be applied: authentication is off without a virtual network",
				evidence(required), evidence(c.SubnetID))
		case required.IsUnknown():
			return notKnown(required, "whether authentication is on is not known", evidence(required))
		default:
			return notKnown(c.SubnetID, "whether the cache is injected into a subnet is not known", evidence(c.SubnetID))
		}
	},
}
