package baseline

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Setting is a fact of a cache with the value that mends a violation, as a program may write
// it.
type Setting struct {
	Fact  func(*posture.Cache) any // a pointer to the [posture.Value]
	Value any                      // bool or string
	// Effect is what the change does to a running cache besides; empty for nothing.
	Effect string
	// Obstacles say why no program should write the value: what Azure would refuse, or whom
	// the change would shut out; empty where nothing speaks against it.
	Obstacles []func(Written) string
	// Cautions say what a person has to look at before the change is applied; empty for nothing.
	Cautions []func(Written) string
}

// Written is a cache of a configuration with a value that a program writes.
type Written struct {
	*posture.Cache                // with the value
	Found          *posture.Cache // without it
	// Exists is the cache as it is before the plan is applied; nil for one that the plan makes,
	// and without a plan.
	Exists  *posture.Cache
	Planned bool // there is a plan
}

// Obstacle is the first reason against the value; empty for none.
func (s *Setting) Obstacle(w Written) string {
	for _, of := range s.Obstacles {
		if why := of(w); why != "" {
			return why
		}
	}
	return ""
}

// CautionsFor are what to look at before the value is applied.
func (s *Setting) CautionsFor(w Written) (out []string) {
	for _, of := range s.Cautions {
		if what := of(w); what != "" {
			out = append(out, what)
		}
	}
	return out
}

// The settings that rules share or that have obstacles.
var (
	nonTLSPortOff = &Setting{
		Fact: func(c *posture.Cache) any { return &c.NonTLSPort }, Value: false,
		Effect: "clients on port 6379 lose their connection", Cautions: []func(Written) string{portTaken},
	}
	tlsVersion = &Setting{
		Fact: func(c *posture.Cache) any { return &c.MinimumTLSVersion }, Value: "1.2",
		Effect: "clients with TLS 1.0 or 1.1 are refused",
	}
	clientsEncrypted = &Setting{
		Fact: func(c *posture.Cache) any { return &c.ClientProtocol }, Value: "Encrypted",
		Effect: "clients that connect in plaintext lose their connection", Obstacles: []func(Written) string{protocolOfGroup},
	}
	authenticationRequired = &Setting{
		Fact: func(c *posture.Cache) any { return &c.AuthenticationRequired }, Value: true,
		Effect: "clients without a key or an identity are refused",
	}
	entraOn = &Setting{
		Fact: func(c *posture.Cache) any { return &c.EntraAuthentication }, Value: true,
		Effect: "the nodes restart", Obstacles: []func(Written) string{onlyNode},
	}
	stableChannel   = &Setting{Fact: func(c *posture.Cache) any { return &c.UpdateChannel }, Value: "Stable"}
	publicAccessOff = &Setting{
		Fact: func(c *posture.Cache) any { return &c.PublicNetworkAccess }, Value: false,
		Effect:    "clients outside the network of the private endpoint lose their connection",
		Obstacles: []func(Written) string{noEndpoint, noEndpointYet, publicClients},
		Cautions:  []func(Written) string{endpointFirst, noPrivateName},
	}
	keysOff = &Setting{
		Fact: func(c *posture.Cache) any { return &c.AccessKeyAuthentication }, Value: false,
		Effect:    "clients that sign in with a key lose their connection",
		Obstacles: []func(Written) string{entraOff, linked, keysOfGroup, nobodyWrites, nobodyWritesYet, entraNotYet},
		Cautions:  []func(Written) string{assignmentFirst},
	}
)

// portTaken names who takes the port without TLS.
func portTaken(w Written) string {
	for _, r := range w.References.Items {
		if r.Attribute == "port" {
			at := ""
			if r.Position.File != "" {
				at = fmt.Sprintf(" (%s:%d)", r.Position.File, r.Position.Line)
			}
			return r.Consumer + at + " takes that port"
		}
	}
	return ""
}

// inGroup reports whether the database may be in a geo-replication group.
func inGroup(w Written) bool {
	return service.OfCache(w.Cache) == service.ManagedRedis &&
		(!w.GeoReplicationGroup.IsUnset() || !w.GeoReplicas.IsUnset() && w.GeoReplicas.Reason != posture.ReasonNotObserved ||
			len(w.Links.Items)+len(w.Links.Doubts) > 0)
}

func protocolOfGroup(w Written) string {
	if inGroup(w) {
		return "all databases of a geo-replication group have to agree, and this one may be in a group"
	}
	return ""
}

func keysOfGroup(w Written) string {
	if inGroup(w) {
		return "the databases of a geo-replication group have to be unlinked first, and this one may be in a group"
	}
	return ""
}

func linked(w Written) string {
	if service.OfCache(w.Cache) == service.Redis && len(w.Links.Items)+len(w.Links.Doubts) > 0 {
		return "Azure refuses it for a cache that is geo-replicated, which has to be unlinked first"
	}
	return ""
}

// onlyNode is against a restart of all nodes where there is one.
func onlyNode(w Written) string {
	if tierOf(w.Cache) == tierBasic {
		return "it restarts the nodes, and the Basic tier has only one: the cache is away until it is back"
	}
	return ""
}

func noEndpoint(w Written) string {
	if privateLink(w.Cache).state != posture.True {
		return "it would shut every client out: no approved private endpoint is known to reach the cache"
	}
	return ""
}

// noEndpointYet: the plan changes the cache before it makes the endpoint, which needs it.
func noEndpointYet(w Written) string {
	if w.Exists != nil && privateLink(w.Exists).state != posture.True {
		return "no approved private endpoint is known to reach the cache before the plan is applied: apply it first, then run this again"
	}
	return ""
}

// publicClients: a rule of the firewall that lets in an address of the internet shows clients
// there.
func publicClients(w Written) string {
	for _, r := range w.FirewallRules.Items {
		span, _, ok := addressesOf(r)
		if ok == posture.Maybe || ok == posture.True && (span == addresses{} || publicAddresses([]addresses{span}) > 0) {
			return "it would shut clients out: the firewall rule " + quotedName(r.Name, r.Address) + " lets some in, or may"
		}
	}
	for _, d := range w.FirewallRules.Doubts {
		return "it may shut clients out: the firewall rule " + d.Address + " may be one of this cache"
	}
	return ""
}

// endpointFirst: without a plan nobody knows what exists.
func endpointFirst(w Written) string {
	if w.Planned {
		return ""
	}
	return "apply the private endpoint before, if it does not exist yet"
}

func noPrivateName(w Written) string {
	if checkPrivateDNSZone(w.Cache).Status == report.NonCompliant {
		return "the host name has to lead to the private endpoint, for which no DNS zone is known here (advisory/private-dns-zone)"
	}
	return ""
}

// isEntraOn reports whether clients can sign in with Microsoft Entra authentication, which
// Azure Managed Redis has always on, and takes over TLS only.
func isEntraOn(c *posture.Cache) bool {
	if service.OfCache(c) == service.ManagedRedis {
		return posture.Is(plaintext(c), false) == posture.True
	}
	return posture.Is(c.EntraAuthentication.OrDefault(false), true) == posture.True
}

func entraOff(w Written) string {
	if !isEntraOn(w.Cache) {
		if service.OfCache(w.Cache) == service.ManagedRedis {
			return "clients sign in with Microsoft Entra authentication over TLS only, which is not known to be on"
		}
		return "Azure refuses it unless Microsoft Entra authentication is on, which is not known"
	}
	return ""
}

// entraNotYet: clients that sign in with a key need the time between the two changes.
func entraNotYet(w Written) string {
	if !isEntraOn(w.Found) || w.Exists != nil && !isEntraOn(w.Exists) {
		if service.OfCache(w.Cache) == service.ManagedRedis {
			return "clients do not connect with TLS yet, which Microsoft Entra authentication needs: apply that first, " +
				"let them sign in with it, then run this again"
		}
		return "Microsoft Entra authentication is not known to be on yet: apply that first, let clients sign in with it, then run this again"
	}
	return ""
}

// writers are the assignments that let an identity write: those of a built-in policy that
// does.
func writers(c *posture.Cache) (out []posture.AccessPolicyAssignment) {
	for _, a := range c.AccessPolicyAssignments.Items {
		policy, known := service.OfCache(c).AccessPolicy(a.PolicyName.V)
		if a.PolicyName.IsKnown() && known && !policy.ReadOnly && a.Permissions.IsUnset() {
			out = append(out, a)
		}
	}
	return out
}

func nobodyWrites(w Written) string {
	assigned := w.AccessPolicyAssignments.Items
	switch {
	case len(assigned) == 0:
		return "it would shut every client out: no access policy assignment is known to let an identity in"
	case len(writers(w.Cache)) == 0:
		return "it would shut out clients that write: " + firstOf(assigned[0].Address, "the access policy assignment") +
			" is not known to grant more than reading"
	default:
		return ""
	}
}

// nobodyWritesYet: the plan changes the cache before it makes the assignment, which needs it.
func nobodyWritesYet(w Written) string {
	if w.Exists != nil && len(writers(w.Exists)) == 0 {
		return "no access policy assignment is known to let an identity write before the plan is applied: apply it first, then run this again"
	}
	return ""
}

func assignmentFirst(w Written) string {
	switch {
	case w.Planned:
		return ""
	case service.OfCache(w.Cache) == service.ManagedRedis:
		return "apply the access policy assignment before, if it does not exist yet"
	default:
		return "apply Microsoft Entra authentication and the access policy assignment before, if they do not exist yet"
	}
}
