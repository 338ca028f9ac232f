package baseline

import (
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// tierName is a tier in its canonical spelling; empty where it is not known.
type tierName string

const (
	tierBasic    tierName = "Basic"
	tierStandard tierName = "Standard"
	tierPremium  tierName = "Premium"
)

// tierOf reads the tier without regard to case, which azurerm 3 leaves to the user.
func tierOf(c *posture.Cache) tierName {
	name, _ := c.Tier.Get()
	for _, t := range []tierName{tierBasic, tierStandard, tierPremium} {
		if strings.EqualFold(name, string(t)) {
			return t
		}
	}
	return ""
}

// size returns the memory of one node in MB and whether it is known.
// Source: the service's pricing tiers, C0 to C6 and P1 to P5.
func size(c *posture.Cache) (int, bool) {
	capacity, ok := c.Capacity.Get()
	if !ok {
		return 0, false
	}
	sizes := map[int]int{0: 250, 1: 1024, 2: 2560, 3: 6144, 4: 13312, 5: 26624, 6: 54272}
	switch tierOf(c) {
	case tierPremium:
		sizes = map[int]int{1: 6144, 2: 13312, 3: 26624, 4: 54272, 5: 122880}
	case "":
		return 0, false
	}
	mb, ok := sizes[capacity]
	return mb, ok
}

// link is the state of the private endpoint connections of a cache.
type link struct {
	state    posture.Tri    // True: an approved one exists. False: none does
	reason   posture.Reason // of Maybe
	message  string         // of Maybe
	address  string         // of the connection that leaves it open, when Maybe
	evidence report.Evidence
}

// privateLink decides whether an approved private endpoint reaches the cache.
func privateLink(c *posture.Cache) link {
	const path = "private_endpoint"
	unknown := unknownAt(path)
	maybe := link{}
	note := func(reason posture.Reason, message, address string) {
		if maybe.message == "" {
			maybe = link{state: posture.Maybe, reason: reason, message: message, address: address, evidence: unknown}
		}
	}
	for _, e := range c.PrivateEndpoints.Items {
		if approval, ok := e.Approval.Get(); ok && strings.EqualFold(string(approval), string(posture.ApprovalApproved)) {
			return link{state: posture.True, evidence: seenAt(path, e.Asserted, firstOf(e.Address, "approved"))}
		}
	}
	for _, e := range c.PrivateEndpoints.Items {
		if approval, _ := e.Approval.Get(); strings.EqualFold(string(approval), string(posture.ApprovalPending)) {
			note(posture.ReasonPendingApproval, named("the connection of ", e.Address, "a private endpoint", " waits for approval"), e.Address)
		}
	}
	for _, e := range c.PrivateEndpoints.Items {
		if approval := documentedApproval(e.Approval); approval.IsUnknown() {
			note(approval.Why(), named("whether ", e.Address, "a private endpoint", " is approved is not known"), e.Address)
		}
	}
	for _, d := range c.PrivateEndpoints.Doubts {
		note(d.Reason, hidden(named("", d.Address, "a private endpoint", " may or may not belong to this cache"), d.Detail), "")
	}
	if !c.PrivateEndpoints.Observed {
		note(c.PrivateEndpoints.Why(), hidden("no private endpoint is visible here", c.PrivateEndpoints.Detail), "")
	}
	if maybe.message != "" {
		return maybe
	}
	return link{state: posture.False, evidence: noneAt(path)}
}

func documentedApproval(v posture.Value[posture.Approval]) posture.Value[posture.Approval] {
	return posture.Among(v, posture.ApprovalApproved, posture.ApprovalPending, posture.ApprovalRejected, posture.ApprovalDisconnected)
}

// publicAccess reports whether the public endpoint accepts connections: public
// network access is Enabled or not set, and the cache is not injected. Where it is
// not set and a private endpoint exists or may exist, the answer is Maybe: the
// service may have switched public access off.
func publicAccess(c *posture.Cache) posture.Tri {
	enabled := posture.Is(c.PublicNetworkAccess.OrDefault(true), true)
	if c.PublicNetworkAccess.IsUnset() && privateLink(c).state != posture.False {
		enabled = posture.Maybe
	}
	return enabled.And(c.Injected().Not())
}

func evidenceState(asserted bool) report.EvidenceState {
	if asserted {
		return report.EvidenceAsserted
	}
	return report.EvidenceKnown
}

func pathOr(path, fallback string) string { return firstOf(path, fallback) }

func firstOf(ss ...string) string {
	for _, s := range ss {
		if s != "" {
			return s
		}
	}
	return ""
}

// quotedName is a name in quotes, so that messages do not read it as a word of theirs;
// where there is none, the address.
func quotedName(name, address string) string {
	if name == "" {
		return firstOf(address, "without a name")
	}
	return strconv.Quote(name)
}

// named returns a text around an address, or around a noun where there is none.
func named(before, address, otherwise, after string) string {
	return before + firstOf(address, otherwise) + after
}

// hidden returns a message with the detail that says why a fact is not known.
func hidden(message, detail string) string {
	if detail == "" {
		return message
	}
	return message + ": " + detail
}

// version parses "6", "6.0" or "1.2" into major and minor.
func version(s string) (major, minor int, ok bool) {
	head, tail, dotted := strings.Cut(strings.TrimSpace(s), ".")
	major, err := strconv.Atoi(head)
	if err != nil {
		return 0, 0, false
	}
	if dotted {
		tail, _, _ = strings.Cut(tail, ".")
		if minor, err = strconv.Atoi(tail); err != nil {
			return 0, 0, false
		}
	}
	return major, minor, true
}
