package service

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Service is one Azure service.
type Service struct {
	Name       string // for people
	Type       string // ARM resource type of a cache, as reports print it
	APIVersion string // version of ARM's interface that is asked for
	// Azurerm are the resource types of azurerm that make a cache, the one to
	// recommend first.
	Azurerm     []string
	Collections []Collection
	// Database is the path, below the cache, of the resource that holds the data, its
	// settings and its logs; empty where it is the cache itself.
	Database string
	// Subresource is the group id of private endpoints.
	Subresource string
	// DNSZones are the private DNS zones in which private endpoints register.
	DNSZones map[posture.Cloud]string
	Ports    []Ports
	// KeyAttributes are the attributes of the azurerm types that hold access
	// keys or what contains one.
	KeyAttributes []string
	// AccessPolicies are the built-in policies for the data of a cache.
	AccessPolicies []AccessPolicy
	Retirement     Retirement
	// Dialects are those in which a cache can be declared.
	Dialects []posture.Dialect
}

// Collection is a collection of ARM resources within a cache.
type Collection struct {
	Segment string // in ARM's paths and types
	What    string // for people
	Azurerm string // resource type of azurerm that makes one; empty where there is none
}

// Ports is a range of ports on which a cache listens for clients.
type Ports struct {
	First, Last int
	// Open says whether a cache listens on them.
	Open func(*posture.Cache) posture.Value[bool]
}

// AccessPolicy is a built-in policy for the data of a cache.
type AccessPolicy struct {
	Name string
	// Everything says that it grants every command on every key.
	Everything bool
	// ReadOnly says that it grants no command that changes a key.
	ReadOnly bool
}

// Retirement holds the dates of a service's end, in the form 2028-09-30; empty
// where none is announced.
type Retirement struct {
	Date string
	// NewTenants is the day from which tenants without a cache can create none.
	NewTenants string
	// Successor is the name of the service that replaces it.
	Successor string
	// Doubtful are the clouds that may not offer the successor, with what is known of it there.
	Doubtful map[posture.Cloud]string
}

// All are the services that a document covers.
var All = []*Service{Redis, ManagedRedis}

// Of returns the service with an ARM type, which may carry an api-version; nil
// for any other type, those of resources within a cache included.
func Of(armType string) *Service {
	name, _, _ := strings.Cut(armType, "@")
	for _, s := range All {
		if strings.EqualFold(name, s.Type) {
			return s
		}
	}
	return nil
}

// OfAzurerm returns the service of whose caches a resource type of azurerm makes
// one; nil for any other type.
func OfAzurerm(name string) *Service {
	for _, s := range All {
		if slices.Contains(s.Azurerm, name) {
			return s
		}
	}
	return nil
}

// Within returns the service and the collection that hold resources of an ARM
// type, which may carry an api-version; nil for any other type.
func Within(armType string) (*Service, Collection) {
	name, _, _ := strings.Cut(armType, "@")
	return collection(func(s *Service, c Collection) bool { return strings.EqualFold(name, s.Type+"/"+c.Segment) })
}

// WithinAzurerm returns the service and the collection that hold what a resource
// type of azurerm makes; nil for any other type.
func WithinAzurerm(name string) (*Service, Collection) {
	return collection(func(_ *Service, c Collection) bool { return name != "" && c.Azurerm == name })
}

func collection(is func(*Service, Collection) bool) (*Service, Collection) {
	for _, s := range All {
		for _, c := range s.Collections {
			if is(s, c) {
				return s, c
			}
		}
	}
	return nil, Collection{}
}

// OfSubresource returns the service to whose caches private endpoints with a group
// id lead; nil for any other group id.
func OfSubresource(group string) *Service {
	for _, s := range All {
		if strings.EqualFold(s.Subresource, group) {
			return s
		}
	}
	return nil
}

// Types returns the ARM types of the caches of all services, for messages.
func Types() string { return names(func(s *Service) string { return s.Type }) }

// AzurermTypes returns the resource types of azurerm that make caches, for messages.
func AzurermTypes() string {
	return names(func(s *Service) string { return strings.Join(s.Azurerm, " or ") })
}

// Subresources returns the group ids of private endpoints of all services, for
// messages.
func Subresources() string { return names(func(s *Service) string { return s.Subresource }) }

func names(of func(*Service) string) string {
	list := make([]string, len(All))
	for i, s := range All {
		list[i] = of(s)
	}
	return strings.Join(list, " or ")
}

// OfCache returns the service of a cache; Azure Cache for Redis where the
// posture names no type.
func OfCache(c *posture.Cache) *Service {
	switch s := Of(c.Type); s {
	case nil:
		return Redis
	case ManagedRedis:
		if sku, ok := c.SKU.Get(); ok && strings.HasPrefix(strings.ToLower(sku), "enterprise") {
			return Enterprise
		}
		return s
	default:
		return s
	}
}

// ID returns the ARM id of a cache.
func (s *Service) ID(subscription, group, name string) string {
	return "/subscriptions/" + subscription + "/resourceGroups/" + group + "/providers/" + s.Type + "/" + name
}

// Holds reports whether an ARM type, in any case, is that of a cache or of a
// resource within one.
func (s *Service) Holds(armType string) bool {
	return len(armType) >= len(s.Type) && strings.EqualFold(armType[:len(s.Type)], s.Type) &&
		(len(armType) == len(s.Type) || armType[len(s.Type)] == '/')
}

// DatabaseType is the ARM type of the resource that holds the data, on which
// diagnostic settings are set.
func (s *Service) DatabaseType() string {
	segment, _, _ := strings.Cut(strings.TrimPrefix(s.Database, "/"), "/")
	return strings.TrimSuffix(s.Type+"/"+segment, "/")
}

// Collection returns a collection by its segment of ARM's path, in any case.
func (s *Service) Collection(segment string) Collection {
	for _, c := range s.Collections {
		if strings.EqualFold(c.Segment, segment) {
			return c
		}
	}
	panic("service: " + s.Type + " has no " + segment)
}

// HasAccessPolicy reports whether an access policy of a name, in any case, is
// built in.
func (s *Service) HasAccessPolicy(name string) bool {
	_, ok := s.AccessPolicy(name)
	return ok
}

// AccessPolicy returns the built-in access policy of a name, in any case, and
// whether there is one.
func (s *Service) AccessPolicy(name string) (AccessPolicy, bool) {
	for _, p := range s.AccessPolicies {
		if strings.EqualFold(name, p.Name) {
			return p, true
		}
	}
	return AccessPolicy{}, false
}
