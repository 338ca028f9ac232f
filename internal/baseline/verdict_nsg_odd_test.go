package baseline_test

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func sameProtocol(p string) func(*posture.SecurityRule) {
	return func(r *posture.SecurityRule) { r.Protocol = known(p) }
}

func toPorts(ports ...string) func(*posture.SecurityRule) {
	return func(r *posture.SecurityRule) { r.Ports = values(ports...) }
}

func noPriority(r *posture.SecurityRule) { r.Priority = later[int]() }

func noAccess(r *posture.SecurityRule) { r.Access = later[string]() }

// thirteen are rules that admit half of the internet only together.
func thirteen() []posture.SecurityRule {
	var rules []posture.SecurityRule
	for i := range 11 {
		rules = append(rules, allow(100+i, fmt.Sprintf("%d.0.0.0/5", 128+8*i), "6380", called(fmt.Sprint("part", i))))
	}
	return append(rules, allow(200, "16.0.0.0/4", "6380", called("part11")), allow(201, "216.0.0.0/5", "6380", called("part12")))
}

const open, closed, notKnown = report.NonCompliant, report.Compliant, report.Unknown

// oddSecurityRuleRows are rules as nobody should write them.
var oddSecurityRuleRows = []row{
	// Priorities.
	{cell: "allow and deny of one priority", edit: guarded(allow(100, "*", "6380"), deny(100, "*", "*")), status: open, says: named},
	{cell: "deny and allow of one priority", edit: guarded(deny(100, "*", "*"), allow(100, "*", "6380")), status: open, says: named},
	{cell: "an access that is not known beside an allow of one priority",
		edit: guarded(deny(100, "*", "*", noAccess), allow(100, "*", "6380")), status: open, says: named},
	{cell: "an access that is not known beside a deny of one priority",
		edit: guarded(deny(100, "*", "*"), allow(100, "*", "6380", noAccess)), status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "the only rule has a priority that is not known", edit: guarded(allow(100, "*", "6380", noPriority)), status: open, says: named},
	{cell: "no priority is known", edit: guarded(deny(100, "*", "*", noPriority), allow(100, "*", "6380", noPriority)),
		status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "a private deny whose priority is not known", edit: guarded(deny(100, "10.0.0.0/8", "*", noPriority), allow(200, "*", "6380")),
		status: open},
	{cell: "an allow whose priority is not known above a deny of all",
		edit: guarded(allow(100, "*", "6380", noPriority), deny(4096, "*", "*")), status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "a deny whose priority is not known, and nothing else", edit: guarded(deny(100, "*", "*", noPriority)), status: closed},
	{cell: "half of the internet, the priority is not known", edit: guarded(allow(100, "0.0.0.0/1", "6380", noPriority)), status: open},

	// Sources.
	{cell: "a deny of VirtualNetwork", edit: guarded(deny(100, "VirtualNetwork", "*"), allow(200, "*", "6380")), status: open, says: named},
	{cell: "a deny of a service of a region", edit: guarded(deny(100, "Storage.WestEurope", "*"), allow(200, "*", "6380")), status: open},
	{cell: "an allow of AzureLoadBalancer and VirtualNetwork", edit: guarded(allow(100, "", "*", from("AzureLoadBalancer", "VirtualNetwork"))),
		status: closed},
	{cell: "an allow of AzureCloud", edit: guarded(allow(100, "AzureCloud", "6380")), status: closed},
	{cell: "an allow of an application security group", edit: guarded(allow(100, posture.ApplicationSecurityGroup, "6380")), status: closed},
	{cell: "a mask of 0 on any address", edit: guarded(allow(100, "203.0.113.7/0", "6380")), status: open, says: named},
	{cell: "addresses separated by a comma", edit: guarded(allow(100, "0.0.0.0/1,128.0.0.0/1", "6380")), status: notKnown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "a range of addresses", edit: guarded(allow(100, "1.1.1.1-223.0.0.0", "6380")), status: notKnown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "no source at all", edit: guarded(allow(100, "", "6380", from())), status: notKnown, reason: posture.ReasonNotObserved},
	{cell: "a deny of no source at all", edit: guarded(deny(100, "", "*", from()), allow(200, "*", "6380")), status: notKnown,
		reason: posture.ReasonNotObserved},
	{cell: "no source at all, denied before", edit: guarded(deny(90, "*", "*"), allow(100, "", "6380", from())), status: closed},
	{cell: "one quarter twice", edit: guarded(allow(100, "0.0.0.0/2", "6380"), allow(110, "0.0.0.0/2", "6380"),
		allow(120, "64.0.0.0/3", "6380")), status: closed},
	{cell: "the upper half and a sixteenth with private ranges",
		edit: guarded(allow(100, "128.0.0.0/1", "6380"), allow(110, "0.0.0.0/4", "6380")), status: closed},
	{cell: "the upper half and a public sixteenth", edit: guarded(allow(100, "128.0.0.0/1", "6380"), allow(110, "16.0.0.0/4", "6380")),
		status: open},
	{cell: "a deny of Internet above half of it", edit: guarded(deny(90, "Internet", "*"), allow(100, "0.0.0.0/1", "6380")), status: closed},
	{cell: "thirteen rules, of which a deny covers one", edit: guarded(append(thirteen(), deny(90, "216.0.0.0/5", "*"))...), status: closed},
	{cell: "thirteen rules", edit: guarded(thirteen()...), status: open, says: []string{`"part0", "part1", `, `"part9" and 3 more`, "50 %"}},
	{cell: "half by rules of which one may deny", edit: guarded(append(thirteen(), deny(90, "128.0.0.0/4", "*", noAccess))...),
		status: notKnown, reason: posture.ReasonKnownAfterApply},

	// IPv6.
	{cell: "the internet of IPv6 by two rules", edit: guarded(allow(100, "2000::/4", "6380"), allow(110, "3000::/4", "6380")), status: open},
	{cell: "half of the internet of IPv6 by two rules", edit: guarded(allow(100, "2000::/5", "6380"), allow(110, "3000::/5", "6380")),
		status: open, says: []string{"IPv6"}},
	{cell: "a quarter of each family", edit: guarded(allow(100, "2000::/5", "6380"), allow(110, "0.0.0.0/2", "6380")), status: closed},
	{cell: "a deny of IPv6 above an allow of the tag", edit: guarded(deny(90, "::/0", "*"), allow(100, "Internet", "6380")), status: open,
		says: named},
	{cell: "a deny of what is public of IPv6", edit: guarded(deny(90, "2000::/3", "*"), allow(100, "::/0", "6380")), status: closed},
	{cell: "a deny of one network of IPv6", edit: guarded(deny(90, "2001:db8::/64", "*"), allow(100, "::/0", "6380")), status: open,
		says: named},
	{cell: "one address of IPv6", edit: guarded(allow(100, "2001:db8::7", "6380")), status: closed},
	{cell: "all of IPv4, written as IPv6", edit: guarded(allow(100, "::ffff:0:0/96", "6380")), status: closed},

	// Destinations.
	{cell: "a deny for the load balancer", edit: guarded(deny(100, "*", "*", to("AzureLoadBalancer")), allow(200, "*", "6380")), status: open},
	{cell: "a deny for the internet as destination", edit: guarded(deny(100, "*", "*", to("Internet")), allow(200, "*", "6380")),
		status: open},
	{cell: "a deny for a service as destination", edit: guarded(deny(100, "*", "*", to("Storage.WestEurope")), allow(200, "*", "6380")),
		status: open},
	{cell: "an allow for the internet as destination", edit: guarded(allow(100, "*", "6380", to("Internet"))), status: closed},
	{cell: "a deny for an application security group",
		edit:   guarded(deny(100, "*", "*", to(posture.ApplicationSecurityGroup)), allow(200, "*", "6380")),
		status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "an allow for an application security group", edit: guarded(allow(100, "*", "6380", to(posture.ApplicationSecurityGroup))),
		status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "a deny for all of IPv6", edit: guarded(deny(100, "*", "*", to("::/0")), allow(200, "*", "6380")), status: open},
	{cell: "an allow for all of IPv6", edit: guarded(allow(100, "*", "6380", to("::/0"))), status: closed},
	{cell: "a deny for the IPv4 prefix of a subnet with IPv6",
		edit: all(guarded(deny(100, "*", "*", to("10.0.1.0/24")), allow(200, "*", "6380")),
			func(c *posture.Cache) { c.Subnet.Prefixes = known([]string{"10.0.1.0/24", "fd00:1::/64"}) }), status: closed},
	{cell: "a deny for one of two prefixes", edit: all(guarded(deny(100, "*", "*", to("10.0.1.0/24")), allow(200, "*", "6380")),
		func(c *posture.Cache) { c.Subnet.Prefixes = known([]string{"10.0.1.0/24", "10.0.2.0/24"}) }), status: notKnown,
		reason: posture.ReasonKnownAfterApply},

	// Protocols, directions, words that are none.
	{cell: "a deny of Icmp", edit: guarded(deny(100, "*", "*", sameProtocol("Icmp")), allow(200, "*", "6380")), status: open},
	{cell: "a protocol that is none", edit: guarded(allow(100, "*", "6380", sameProtocol("Tpc"))), status: notKnown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "a deny of a protocol that is none", edit: guarded(deny(100, "*", "*", sameProtocol("6")), allow(200, "*", "6380")),
		status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "an access that is none", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Access = known("Permit") })),
		status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "a direction that is none", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Direction = known("In") })),
		status: notKnown, reason: posture.ReasonKnownAfterApply},

	// Ports.
	{cell: "two ports separated by a comma", edit: guarded(allow(100, "*", "443,6380")), status: notKnown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "a range from the end", edit: guarded(allow(100, "*", "7000-6000")), status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "a range written with spaces", edit: guarded(allow(100, "*", "6000 - 7000")), status: open},
	{cell: "no port at all", edit: guarded(allow(100, "*", "", toPorts())), status: notKnown, reason: posture.ReasonNotObserved},
	{cell: "every port but the cache's is denied", edit: guarded(deny(100, "*", "", toPorts("0-6379", "6381-65535")), allow(200, "*", "*")),
		status: open, says: []string{"6380"}},
	{cell: "the cache's port is denied", edit: guarded(deny(100, "*", "6380-6380"), allow(200, "*", "0-65535")), status: closed},
	{cell: "overlapping denies of the cache's port, each of half the sources",
		edit: guarded(deny(100, "0.0.0.0/1", "6000-6380"), deny(110, "128.0.0.0/1", "6380-7000"), allow(200, "0.0.0.0/0", "*")), status: closed},
	{cell: "denies of half the sources that meet at another port",
		edit:   all(guarded(deny(100, "0.0.0.0/1", "6000-6379"), deny(110, "128.0.0.0/1", "6379-7000"), allow(200, "0.0.0.0/0", "*")), nonTLS),
		status: open, says: []string{"6380"}},
	{cell: "open at 6380, whatever the non-TLS port is",
		edit: all(guarded(allow(100, "*", "*")), func(c *posture.Cache) { c.NonTLSPort = later[bool]() }), status: open, says: []string{"6380"}},
	{cell: "half in at one port of a shard, the rest at the next",
		edit: all(guarded(allow(100, "0.0.0.0/2", "15000"), allow(110, "64.0.0.0/2", "15001")), sharded), status: closed},
	{cell: "halves that meet at one port of a shard",
		edit:   all(guarded(allow(100, "0.0.0.0/2", "15000-15007"), allow(110, "64.0.0.0/2", "15007-15999")), sharded),
		status: open, says: []string{"port 15007"}},

	// Source ports.
	{cell: "a deny of all source ports but 0", edit: guarded(deny(100, "*", "*", sourcePorts("1-65535")), allow(200, "*", "6380")),
		status: open},
	{cell: "a deny of all source ports but the last", edit: guarded(deny(100, "*", "*", sourcePorts("0-65534")), allow(200, "*", "6380")),
		status: open},
	{cell: "a deny of no source port at all", edit: guarded(deny(100, "*", "*", sourcePorts()), allow(200, "*", "6380")), status: closed},
	{cell: "a deny of a source port that is no number", edit: guarded(deny(100, "*", "*", sourcePorts("ephemeral")), allow(200, "*", "6380")),
		status: notKnown, reason: posture.ReasonKnownAfterApply},
	{cell: "a deny of a source port and of half the sources, the rest below", edit: guarded(
		deny(100, "*", "*", sourcePorts("0-32767")), deny(110, "0.0.0.0/1", "*"), allow(200, "128.0.0.0/1", "6380")), status: closed},
	{cell: "halves that meet at one source port", edit: guarded(
		allow(100, "0.0.0.0/2", "6380", sourcePorts("0-1024")), allow(110, "64.0.0.0/2", "6380", sourcePorts("1024-2000"))), status: open},
}
