package tfplan

import (
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// property is one property of ARM in two postures of a cache: the one that is
// worked on, and another that says something of it. Whatever its type is, what
// can be done with the two is the same.
type property interface {
	// key identifies the fact that is worked on.
	key() any
	// now is the fact that is worked on, other the one beside it.
	now() fact
	other() fact
	// same reports whether both are known and equal, alike whether they are in
	// the same state and equal.
	same() bool
	alike() bool
	// sameOther reports whether the facts beside two properties are known and equal.
	sameOther(as property) bool
	// take makes the fact the other one, explain gives it a detail, clear makes
	// it unset, and lose unknown.
	take()
	explain(detail string)
	clear()
	lose(reason posture.Reason, detail string)
}

// fact is a fact without its value.
type fact struct {
	state  posture.State
	source posture.Source
}

func (f fact) unset() bool   { return f.state == posture.StateUnset }
func (f fact) unknown() bool { return f.state == posture.StateUnknown }

// open reports whether the cache itself does not hold the fact: what it is in
// Azure may have been set from elsewhere.
func (f fact) open() bool {
	return f.unknown() || f.state == posture.StateKnown && f.source.Origin == posture.OriginDefault
}

// propertyOf is a property of some type.
type propertyOf[T any] struct {
	dst, src *posture.Value[T]
	equal    func(a, b T) bool
}

func (p propertyOf[T]) key() any    { return p.dst }
func (p propertyOf[T]) now() fact   { return fact{p.dst.State, p.dst.Source} }
func (p propertyOf[T]) other() fact { return fact{p.src.State, p.src.Source} }
func (p propertyOf[T]) same() bool {
	return p.dst.IsKnown() && p.src.IsKnown() && p.equal(p.dst.V, p.src.V)
}
func (p propertyOf[T]) alike() bool { return p.dst.State == p.src.State && p.equal(p.dst.V, p.src.V) }
func (p propertyOf[T]) take()       { *p.dst = *p.src }
func (p propertyOf[T]) clear()      { *p.dst = posture.Unset[T](p.dst.Source.Path) }

func (p propertyOf[T]) explain(detail string) { *p.dst = p.dst.WithDetail(detail) }

func (p propertyOf[T]) sameOther(as property) bool {
	q, ok := as.(propertyOf[T])
	return ok && propertyOf[T]{q.src, p.src, p.equal}.same()
}

func (p propertyOf[T]) lose(reason posture.Reason, detail string) {
	*p.dst = posture.Unknown[T](reason, p.dst.Source.Path).WithDetail(detail)
}

func pair[T comparable](d, s *posture.Value[T]) property {
	return propertyOf[T]{d, s, func(a, b T) bool { return a == b }}
}

// each applies f to every property of ARM that a body can set.
func each(d, s *posture.Cache, f func(property)) {
	f(pair(&d.Tier, &s.Tier))
	f(pair(&d.Family, &s.Family))
	f(pair(&d.SubnetID, &s.SubnetID))
	f(pair(&d.MinimumTLSVersion, &s.MinimumTLSVersion))
	f(pair(&d.PersistenceAuthentication, &s.PersistenceAuthentication))
	f(pair(&d.ZonalAllocationPolicy, &s.ZonalAllocationPolicy))
	f(pair(&d.RedisVersion, &s.RedisVersion))
	f(pair(&d.PublicNetworkAccess, &s.PublicNetworkAccess))
	f(pair(&d.NonTLSPort, &s.NonTLSPort))
	f(pair(&d.AuthenticationRequired, &s.AuthenticationRequired))
	f(pair(&d.EntraAuthentication, &s.EntraAuthentication))
	f(pair(&d.AccessKeyAuthentication, &s.AccessKeyAuthentication))
	f(pair(&d.RDBBackup, &s.RDBBackup))
	f(pair(&d.AOFBackup, &s.AOFBackup))
	f(pair(&d.Capacity, &s.Capacity))
	f(pair(&d.ShardCount, &s.ShardCount))
	f(pair(&d.MaxmemoryReserved, &s.MaxmemoryReserved))
	f(pair(&d.MaxfragmentationmemoryReserved, &s.MaxfragmentationmemoryReserved))
	f(propertyOf[[]string]{&d.Zones, &s.Zones, slices.Equal[[]string]})
}

// eachWritten applies f to every property that a request to ARM can write, the
// patch schedule among them. Two numbers of windows never tell that the windows
// are the same.
func eachWritten(d, s *posture.Cache, f func(property)) {
	each(d, s, f)
	f(propertyOf[int]{&d.MaintenanceWindows, &s.MaintenanceWindows, func(int, int) bool { return false }})
}
