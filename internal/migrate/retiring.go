package migrate

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// retiring is a cache that is to move, with the answers that several parts of its plan
// need.
type retiring struct {
	*posture.Cache
	service *service.Service // service.Redis or service.Enterprise
	judged  *report.Cache
	choice  sizing.Choice

	premium    posture.Tri // of the Premium tier of Azure Cache for Redis
	clustered  posture.Tri
	replicated posture.Tri // a member of geo-replication, or linked for it
	persisted  posture.Tri
	keys       posture.Tri // access keys let clients in
}

// stateOf returns where a cache stands, and the service that it belongs to.
func stateOf(c *posture.Cache) (State, *service.Service) {
	if service.Of(c.Type) != service.ManagedRedis {
		return ToMove, service.Redis
	}
	switch service.IsEnterprise(c) {
	case posture.True:
		return ToMove, service.Enterprise
	case posture.False:
		return Moved, service.ManagedRedis
	default:
		return Unknown, service.ManagedRedis
	}
}

func newRetiring(c *posture.Cache, of *service.Service, judged *report.Cache, choice sizing.Choice) *retiring {
	r := &retiring{Cache: c, service: of, judged: judged, choice: choice}
	r.persisted = posture.Is(c.RDBBackup, true).Or(posture.Is(c.AOFBackup, true))
	if of == service.Enterprise {
		r.premium = posture.False
		r.clustered = posture.True // unless the policy is NoCluster, which the Enterprise tiers do not have
		r.replicated = posture.Is(posture.Map(c.GeoReplicationGroup, func(name string) bool { return name != "" }), true)
		r.keys = posture.True // the Enterprise tiers have no other way in
		return r
	}
	r.premium = posture.Is(posture.Map(c.Tier, func(tier string) bool { return strings.EqualFold(tier, "Premium") }), true)
	r.clustered = posture.Is(posture.Map(c.ShardCount.OrDefault(0), func(shards int) bool { return shards > 0 }), true)
	r.replicated = some(&c.Links)
	if r.replicated == posture.Maybe && r.persisted == posture.True { // which exclude each other. Source: MicrosoftDocs/azure-docs#85808
		r.replicated = posture.False
	}
	if r.premium == posture.False { // only Premium has them
		r.clustered, r.replicated, r.persisted = posture.False, posture.False, posture.False
	}
	r.keys = posture.Is(c.AccessKeyAuthentication.OrDefault(true), true)
	return r
}

// some reports whether a set has companions.
func some[T any](s *posture.Set[T]) posture.Tri {
	switch {
	case len(s.Items) > 0:
		return posture.True
	case s.Observed && len(s.Doubts) == 0:
		return posture.False
	default:
		return posture.Maybe
	}
}

// text returns a text that may be printed, and whether it is known.
func text(v posture.Value[string]) (string, bool) {
	if s, ok := v.Get(); ok && s != "" && !v.Source.Sensitive {
		return s, true
	}
	return "", false
}

// told returns a fact whose value stands in a text of the plan; a sensitive one is
// unknown to it.
func told[T any](v posture.Value[T]) posture.Value[T] {
	if v.IsKnown() && v.Source.Sensitive {
		return posture.Unknown[T](posture.ReasonNotObserved, v.Source.Path).WithDetail("its value is sensitive")
	}
	return v
}

// hidden returns a message with the detail that says why a fact is not known.
func hidden(message, detail string) string {
	if detail == "" {
		return message
	}
	return message + ": " + detail
}

// whyOpen returns the detail that says why a set is not known to be empty.
func whyOpen[T any](s *posture.Set[T]) string {
	if len(s.Doubts) > 0 && (s.Observed || s.Detail == "") {
		return s.Doubts[0].Detail
	}
	return s.Detail
}

// none is an empty list that JSON writes as one.
var none = []string{}

// addresses returns the addresses of the companions of a set, sorted; those that have
// none are left out.
func addresses[T any](items []T, address func(*T) string) []string {
	list := none
	for i := range items {
		if a := address(&items[i]); a != "" {
			list = append(list, a)
		}
	}
	if len(list) > 1 {
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return list
}

func endpointAddress(e *posture.PrivateEndpoint) string     { return e.Address }
func settingAddress(s *posture.DiagnosticSetting) string    { return s.Address }
func assignmentAddress(a *posture.PolicyAssignment) string  { return a.Address }
func grantAddress(a *posture.AccessPolicyAssignment) string { return a.Address }
func accessPolicyAddress(p *posture.AccessPolicy) string    { return p.Address }
func roleAddress(r *posture.RoleAssignment) string          { return r.Address }
func consumerAddress(address *string) string                { return *address }
func linkAddress(l *posture.GeoLink) string                 { return firstOf(l.Address, l.OtherAddress) }
func ruleAddress(r *posture.FirewallRule) string            { return firstOf(r.Address, r.Name) }

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
