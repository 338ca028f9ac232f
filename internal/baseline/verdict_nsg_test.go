package baseline_test

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func nonTLS(c *posture.Cache)  { c.NonTLSPort = known(true) }
func sharded(c *posture.Cache) { c.ShardCount = known(2) }

func called(name string) func(*posture.SecurityRule) {
	return func(r *posture.SecurityRule) { r.Name = name }
}

func from(sources ...string) func(*posture.SecurityRule) {
	return func(r *posture.SecurityRule) { r.Sources = values(sources...) }
}

func sourcePorts(ports ...string) func(*posture.SecurityRule) {
	return func(r *posture.SecurityRule) { r.SourcePorts = values(ports...) }
}

// sliced are n rules that together admit every IPv4 address.
func sliced(n int) []posture.SecurityRule {
	var rules []posture.SecurityRule
	for i := range n {
		rules = append(rules, allow(100+i, fmt.Sprintf("%d.0.0.0/%d", i*256/n, 5), "6380", called(fmt.Sprint("slice", i))))
	}
	return rules
}

var named = []string{"from-anywhere"}

// securityRuleRows say which rules let the internet in to which ports.
var securityRuleRows = []row{
	// Sources.
	{cell: "* to 6380", edit: guarded(allow(100, "*", "6380")), status: report.NonCompliant, says: []string{"from-anywhere", "6380"}},
	{cell: "Internet to 6380", edit: guarded(allow(100, "Internet", "6380")), status: report.NonCompliant, says: named},
	{cell: "internet in lower case", edit: guarded(allow(100, "internet", "6380")), status: report.NonCompliant, says: named},
	{cell: "INTERNET in upper case", edit: guarded(allow(100, "INTERNET", "6380")), status: report.NonCompliant, says: named},
	{cell: "0.0.0.0/0 to 6380", edit: guarded(allow(100, "0.0.0.0/0", "6380")), status: report.NonCompliant, says: named},
	{cell: "::/0 to 6380", edit: guarded(allow(100, "::/0", "6380")), status: report.NonCompliant, says: named},
	{cell: "the internet among the plural prefixes", edit: guarded(allow(100, "10.0.0.0/8", "6380", func(r *posture.SecurityRule) {
		r.Sources = values("10.0.0.0/8", "0.0.0.0/0")
	})), status: report.NonCompliant, says: named},
	{cell: "the internet in two halves of one rule", edit: guarded(allow(100, "0.0.0.0/1", "6380", func(r *posture.SecurityRule) {
		r.Sources = values("0.0.0.0/1", "128.0.0.0/1")
	})), status: report.NonCompliant, says: named},
	{cell: "more than half the internet", edit: guarded(allow(100, "0.0.0.0/1", "6380")), status: report.NonCompliant,
		says: []string{"from-anywhere", "56 %", "IPv4", "6380"}},
	{cell: "the other half, which is less", edit: guarded(allow(100, "128.0.0.0/1", "6380")), status: report.Compliant},
	{cell: "the other half and an eighth, by two rules",
		edit:   guarded(allow(100, "128.0.0.0/1", "6380", called("upper")), allow(110, "0.0.0.0/3", "6380", called("eighth"))),
		status: report.NonCompliant, says: []string{`"upper", "eighth"`, "together"}},
	{cell: "two rules for two ports", edit: all(guarded(allow(100, "128.0.0.0/1", "6380"), allow(110, "0.0.0.0/1", "6379"))),
		status: report.Compliant},
	{cell: "thirty-two rules that together admit everybody", edit: guarded(sliced(32)...), status: report.NonCompliant,
		says: []string{`"slice0", "slice1", `, `"slice9" and `, " more", "100 %"}},
	{cell: "rules that together admit a quarter", edit: guarded(sliced(32)[:8]...), status: report.Compliant},
	{cell: "rules that admit half beside a deny of some of it", edit: guarded(deny(90, "0.0.0.0/2", "*"), allow(100, "0.0.0.0/1", "6380")),
		status: report.Compliant},
	{cell: "rules that admit half, the deny comes later", edit: guarded(allow(100, "0.0.0.0/1", "6380"), deny(110, "0.0.0.0/2", "*")),
		status: report.NonCompliant},
	{cell: "half of the public addresses of IPv6", edit: guarded(allow(100, "2000::/4", "6380")), status: report.NonCompliant,
		says: []string{"50 %", "IPv6"}},
	{cell: "a quarter of the public addresses of IPv6", edit: guarded(allow(100, "2000::/5", "6380")), status: report.Compliant},
	{cell: "all public addresses of IPv6", edit: guarded(allow(100, "2000::/3", "6380")), status: report.NonCompliant, says: named},
	{cell: "IPv6 that is not public", edit: guarded(allow(100, "fc00::/7", "6380")), status: report.Compliant},
	{cell: "a single address", edit: guarded(allow(100, "203.0.113.9", "6380")), status: report.Compliant},
	{cell: "a deny of a single address", edit: guarded(deny(90, "203.0.113.9", "6380"), allow(100, "*", "6380")), status: report.NonCompliant},
	{cell: "private ranges only, all of them", edit: guarded(allow(100, "10.0.0.0/8", "6380",
		from("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))), status: report.Compliant},
	{cell: "all public addresses, private ones left out",
		edit: guarded(allow(100, "", "6380", from("0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2",
			"128.0.0.0/1"))), status: report.NonCompliant},
	{cell: "what may be half is not known", edit: guarded(allow(100, "128.0.0.0/1", "6380", called("upper")),
		allow(110, "0.0.0.0/3", "6380", func(r *posture.SecurityRule) { r.Access = later[string]() })), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "a quarter that is not known decides nothing",
		edit: guarded(allow(100, "0.0.0.0/4", "6380", func(r *posture.SecurityRule) { r.Access = later[string]() })), status: report.Compliant},

	// Source ports.
	{cell: "a deny narrowed by a source port", edit: guarded(deny(100, "*", "*", sourcePorts("12345")), allow(200, "Internet", "6380")),
		status: report.NonCompliant, says: named},
	{cell: "a deny narrowed by source ports, plural",
		edit: guarded(deny(100, "*", "*", sourcePorts("1-1023", "2000-65535")), allow(200, "Internet", "6380")), status: report.NonCompliant,
		says: named},
	{cell: "a deny of all source ports in two ranges",
		edit: guarded(deny(100, "*", "*", sourcePorts("0-1023", "1024-65535")), allow(200, "Internet", "6380")), status: report.Compliant},
	{cell: "two denies of all source ports together",
		edit: guarded(deny(100, "*", "*", sourcePorts("0-1023")), deny(110, "*", "*", sourcePorts("1024-65535")),
			allow(200, "Internet", "6380")),
		status: report.Compliant},
	{cell: "an allow narrowed by a source port", edit: guarded(allow(100, "Internet", "6380", sourcePorts("12345"))),
		status: report.NonCompliant, says: named},
	{cell: "an allow of the source ports that a deny names",
		edit: guarded(deny(100, "*", "*", sourcePorts("12345")), allow(200, "Internet", "6380", sourcePorts("12345"))), status: report.Compliant},
	{cell: "an allow of more source ports than a deny names",
		edit:   guarded(deny(100, "*", "*", sourcePorts("1000-1500")), allow(200, "Internet", "6380", sourcePorts("1000-2000"))),
		status: report.NonCompliant, says: named},
	{cell: "halves for two source ports", edit: guarded(allow(100, "128.0.0.0/1", "6380", sourcePorts("1")),
		allow(110, "0.0.0.0/3", "6380", sourcePorts("2"))), status: report.Compliant},
	{cell: "a deny whose source port is not known", edit: guarded(deny(100, "*", "*", func(r *posture.SecurityRule) {
		r.SourcePorts = []posture.Value[string]{unknown[string](posture.ReasonWriteOnly)}
	}), allow(200, "*", "6380")), status: report.Unknown, reason: posture.ReasonWriteOnly},
	{cell: "a deny of any source port beside one that is not known", edit: guarded(deny(100, "*", "*", func(r *posture.SecurityRule) {
		r.SourcePorts = []posture.Value[string]{later[string](), known("*")}
	}), allow(200, "*", "6380")), status: report.Compliant},
	{cell: "a deny narrowed by an application security group",
		edit: guarded(deny(100, "application security group", "*"), allow(200, "*", "6380")), status: report.NonCompliant, says: named},
	{cell: "a deny of a service tag", edit: guarded(deny(100, "AzureLoadBalancer", "*"), allow(200, "*", "6380")), status: report.NonCompliant,
		says: named},
	{cell: "a small allow, perhaps part of one for everybody", edit: guarded(
		deny(90, "", "*", from("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3")), allow(100, "*", "443", func(r *posture.SecurityRule) {
			r.Ports = append(r.Ports, later[string]())
		}),
	), status: report.Compliant},
	{cell: "an unknown source", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) {
		r.Sources = []posture.Value[string]{later[string]()}
	})), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "an unknown source beside a known one that decides", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) {
		r.Sources = []posture.Value[string]{later[string](), known("*")}
	})), status: report.NonCompliant, says: named},

	// Ports.
	{cell: "every port", edit: guarded(allow(100, "*", "*")), status: report.NonCompliant, says: named},
	{cell: "a range of ports", edit: guarded(allow(100, "*", "6000-7000")), status: report.NonCompliant, says: named},
	{cell: "the port among the plural ranges", edit: guarded(allow(100, "*", "443",
		func(r *posture.SecurityRule) { r.Ports = values("443", "6380") })), status: report.NonCompliant, says: named},
	{cell: "a range that ends before the port", edit: guarded(allow(100, "*", "6000-6379")), status: report.Compliant},
	{cell: "another port", edit: guarded(allow(100, "*", "443")), status: report.Compliant},
	{cell: "6379 while the non-TLS port is off", edit: guarded(allow(100, "*", "6379")), status: report.Compliant},
	{cell: "6379 while the non-TLS port is on", edit: all(guarded(allow(100, "*", "6379")), nonTLS), status: report.NonCompliant,
		says: []string{"from-anywhere", "6379"}},
	{cell: "6379 while the non-TLS port is not known",
		edit:   all(guarded(allow(100, "*", "6379")), func(c *posture.Cache) { c.NonTLSPort = unknown[bool](posture.ReasonWriteOnly) }),
		status: report.Unknown, reason: posture.ReasonWriteOnly},
	{cell: "13000-13999 without shards", edit: guarded(allow(100, "*", "13000-13999")), status: report.Compliant},
	{cell: "13000-13999 with zero shards", edit: all(guarded(allow(100, "*", "13000-13999")),
		func(c *posture.Cache) { c.ShardCount = known(0) }), status: report.Compliant},
	{cell: "13000-13999 with shards", edit: all(guarded(allow(100, "*", "13000-13999")), sharded), status: report.NonCompliant, says: named},
	{cell: "15000-15999 with shards", edit: all(guarded(allow(100, "*", "15000-15999")), sharded), status: report.NonCompliant, says: named},
	{cell: "the last port of the shards", edit: all(guarded(allow(100, "*", "15999")), sharded), status: report.NonCompliant,
		says: []string{"15999"}},
	{cell: "the port after those of the shards", edit: all(guarded(allow(100, "*", "16000")), sharded), status: report.Compliant},
	{cell: "between the ports of the shards", edit: all(guarded(allow(100, "*", "14000-14999")), sharded), status: report.Compliant},
	{cell: "15000 while the shards are not known",
		edit: all(guarded(allow(100, "*", "15000")), func(c *posture.Cache) { c.ShardCount = later[int]() }), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "an unknown port", edit: guarded(allow(100, "*", "443", func(r *posture.SecurityRule) {
		r.Ports = []posture.Value[string]{known("443"), later[string]()}
	})), status: report.Unknown, reason: posture.ReasonKnownAfterApply},

	// Direction, access, protocol.
	{cell: "outbound", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Direction = known("Outbound") })),
		status: report.Compliant},
	{cell: "inbound in lower case", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Direction = known("inbound") })),
		status: report.NonCompliant, says: named},
	{cell: "allow in lower case", edit: guarded(rule("allow", 100, "*", "6380")), status: report.NonCompliant, says: named},
	{cell: "any protocol", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Protocol = known("*") })),
		status: report.NonCompliant, says: named},
	{cell: "TCP in upper case", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Protocol = known("TCP") })),
		status: report.NonCompliant, says: named},
	{cell: "Udp", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Protocol = known("Udp") })),
		status: report.Compliant},
	{cell: "Icmp", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Protocol = known("Icmp") })),
		status: report.Compliant},
	{cell: "a rule that only denies", edit: guarded(deny(100, "*", "*")), status: report.Compliant},
	{cell: "access not known", edit: guarded(allow(100, "*", "6380", func(r *posture.SecurityRule) { r.Access = later[string]() })),
		status: report.Unknown, reason: posture.ReasonKnownAfterApply},

	// Destinations.
	{cell: "the subnet as destination", edit: guarded(allow(100, "*", "6380", to("10.0.1.0/24"))), status: report.NonCompliant, says: named},
	{cell: "the network as destination", edit: guarded(allow(100, "*", "6380", to("10.0.0.0/16"))), status: report.NonCompliant, says: named},
	{cell: "VirtualNetwork as destination", edit: guarded(allow(100, "*", "6380", to("VirtualNetwork"))), status: report.NonCompliant,
		says: named},
	{cell: "another subnet as destination", edit: guarded(allow(100, "*", "6380", to("10.0.9.0/24"))), status: report.Compliant},
	{cell: "the subnet among the plural destinations", edit: guarded(allow(100, "*", "6380", to("10.0.9.0/24", "10.0.1.0/24"))),
		status: report.NonCompliant, says: named},
	{cell: "part of the subnet as destination", edit: guarded(allow(100, "*", "6380", to("10.0.1.0/28"))), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "a destination while the subnet's prefixes are not known",
		edit: all(guarded(allow(100, "*", "6380", to("10.0.1.0/24"))), func(c *posture.Cache) {
			c.Subnet.Prefixes = unknown[[]string](posture.ReasonNotObserved)
		}), status: report.Unknown, reason: posture.ReasonNotObserved},

	// Priorities.
	{cell: "a deny of higher priority covers it", edit: guarded(deny(100, "*", "*"), allow(200, "*", "6380")), status: report.Compliant},
	{cell: "a deny of higher priority, listed later", edit: guarded(allow(200, "*", "6380"), deny(100, "*", "*")), status: report.Compliant},
	{cell: "a deny of the tag covers *", edit: guarded(deny(100, "Internet", "6380"), allow(200, "*", "6380")), status: report.Compliant},
	{cell: "a deny of * covers the tag", edit: guarded(deny(100, "*", "6380"), allow(200, "Internet", "6380")), status: report.Compliant},
	{cell: "a deny of 0.0.0.0/0 covers the tag", edit: guarded(deny(100, "0.0.0.0/0", "*"), allow(200, "Internet", "*")),
		status: report.Compliant},
	{cell: "a deny of * covers ::/0", edit: guarded(deny(100, "*", "*"), allow(200, "::/0", "*")), status: report.Compliant},
	{cell: "a deny of 0.0.0.0/0 leaves ::/0", edit: guarded(deny(100, "0.0.0.0/0", "*"), allow(200, "::/0", "*")), status: report.NonCompliant,
		says: named},
	{cell: "a deny of lower priority comes too late", edit: guarded(allow(100, "*", "6380"), deny(200, "*", "*")), status: report.NonCompliant,
		says: named},
	{cell: "a deny of part of the sources", edit: guarded(deny(100, "10.0.0.0/8", "*"), allow(200, "*", "6380")), status: report.NonCompliant,
		says: named},
	{cell: "denies that cover the sources together",
		edit: guarded(deny(100, "0.0.0.0/1", "*"), deny(110, "128.0.0.0/1", "*"), allow(200, "0.0.0.0/0", "6380")), status: report.Compliant},
	{cell: "denies that leave a gap in the sources",
		edit: guarded(deny(100, "0.0.0.0/1", "*"), deny(110, "192.0.0.0/2", "*"), allow(200, "0.0.0.0/0", "6380")), status: report.NonCompliant,
		says: named},
	{cell: "denies that leave an eighth of the sources", edit: guarded(deny(100, "0.0.0.0/1", "*", func(r *posture.SecurityRule) {
		r.Sources = values("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/4", "224.0.0.0/3")
	}), allow(200, "0.0.0.0/0", "6380")), status: report.NonCompliant, says: named},
	{cell: "denies of all but private sources", edit: guarded(deny(100, "0.0.0.0/5", "*", func(r *posture.SecurityRule) {
		r.Sources = values("0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "128.0.0.0/1")
	}), allow(200, "*", "6380")), status: report.Compliant},
	{cell: "a deny of another port", edit: guarded(deny(100, "*", "6379"), allow(200, "*", "*")), status: report.NonCompliant,
		says: []string{"6380"}},
	{cell: "a deny of 6380 leaves 6379", edit: all(guarded(deny(100, "*", "6380"), allow(200, "*", "*")), nonTLS), status: report.NonCompliant,
		says: []string{"6379"}},
	{cell: "a deny of part of the shards' ports",
		edit:   all(guarded(deny(90, "*", "6380"), deny(100, "*", "15000-15500"), allow(200, "*", "15000-15999")), sharded),
		status: report.NonCompliant, says: []string{"15501"}},
	{cell: "denies that cover the shards' ports together",
		edit:   all(guarded(deny(100, "*", "15000-15500"), deny(110, "*", "15501-15999"), allow(200, "*", "15000-15999")), sharded),
		status: report.Compliant},
	{cell: "a deny of Udp only", edit: guarded(deny(100, "*", "*", func(r *posture.SecurityRule) { r.Protocol = known("Udp") }),
		allow(200, "*", "6380")), status: report.NonCompliant, says: named},
	{cell: "a deny for another destination", edit: guarded(deny(100, "*", "*", to("10.0.9.0/24")), allow(200, "*", "6380")),
		status: report.NonCompliant, says: named},
	{cell: "an outbound deny", edit: guarded(deny(100, "*", "*", func(r *posture.SecurityRule) { r.Direction = known("Outbound") }),
		allow(200, "*", "6380")), status: report.NonCompliant, says: named},
	{cell: "an allow for clients above a deny of all", edit: guarded(allow(100, "10.0.2.0/24", "6380"), deny(4096, "*", "*")),
		status: report.Compliant},
	{cell: "a deny whose priority is not known", edit: guarded(deny(100, "*", "*",
		func(r *posture.SecurityRule) { r.Priority = later[int]() }), allow(200, "*", "6380")), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "a deny of higher priority whose source is not known", edit: guarded(deny(100, "*", "*", func(r *posture.SecurityRule) {
		r.Sources = []posture.Value[string]{later[string]()}
	}), allow(200, "*", "6380")), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "an unknown deny of lower priority changes nothing",
		edit: guarded(allow(100, "*", "6380"), deny(200, "*", "*", func(r *posture.SecurityRule) {
			r.Access = later[string]()
		})), status: report.NonCompliant, says: named},
	{cell: "an unknown rule below a deny of all changes nothing",
		edit: guarded(deny(100, "*", "*"), allow(200, "*", "6380", func(r *posture.SecurityRule) {
			r.Sources = []posture.Value[string]{later[string]()}
		})), status: report.Compliant},
}
