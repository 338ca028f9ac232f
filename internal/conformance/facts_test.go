package conformance

import (
	"reflect"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// facts are a situation in the terms of no door. What is nil is left out of the
// configuration; [later] is known after apply.
type facts struct {
	Size     string // tier, family and capacity; "Standard C1" where empty
	Location string // "westeurope" where empty

	Public        any    // bool
	Port          any    // bool: the port without TLS
	TLS           any    // string
	Authenticated any    // bool: clients must authenticate
	Entra         any    // bool
	Keys          any    // bool: access keys authenticate
	RDB, AOF      any    // bool
	StorageAuth   any    // string: SAS, ManagedIdentity
	Reserved      any    // int: MB of maxmemory-reserved
	Fragmentation any    // int: MB of maxfragmentationmemory-reserved
	Shards        any    // int
	Zones         any    // []string
	Allocation    any    // string: zonal allocation policy
	Version       any    // string
	Channel       any    // string: update channel
	Window        string // day of the maintenance window

	Subnet      *subnet
	Endpoints   []endpoint
	Diagnostics []diagnostic
	// Managed: a data factory has a private endpoint to the cache, which waits for
	// approval.
	Managed  bool
	Firewall []addresses
	Policies []assignment
	Grants   []grant
	// Update and Action are properties that an azapi_update_resource or a PATCH of
	// azapi_resource_action sets once the cache is there.
	Update, Action object
	// Unordered: nothing says that the update comes after the cache.
	Unordered bool
	// Method is that of the action, PATCH where empty, and Operation what it calls.
	Method, Operation string
	// Hidden are properties in the sensitive_body of azapi.
	Hidden object
	// Template is a deployment at the resource group of the cache.
	Template *template
	// Moved: the cache has another address than before; Old is how it was before that.
	Moved, Old bool
	// Left: the companions, or with Forgotten the cache, leave the state by removed
	// blocks and stay in Azure.
	Left, Forgotten bool
	// Imported: the plan takes the cache, which exists already, into the state.
	Imported bool
	// Before is what was applied before the plan; nil for a cache that it creates.
	Before *facts
	// Unreturned: ARM returns no publicNetworkAccess, as for caches of old.
	Unreturned bool
	// KeyIn is what takes an access key.
	KeyIn consumer
}

// consumer is what takes an access key.
type consumer string

const (
	secret     consumer = "secret" // of a key vault
	noBranch   consumer = "branch that is not taken"
	noSecret   consumer = "no secret" // the same with count 0
	wholeCache consumer = "output of the whole cache"
	nullOutput consumer = "output that is null"
)

// isOutput reports whether a root output takes the key.
func (c consumer) isOutput() bool { return c == wholeCache || c == nullOutput }

// later stands for a value that is known after apply.
var later any = valuetest.Unknown

// subnet is where an injected cache lives.
type subnet struct {
	Elsewhere bool // not part of the plan; ARM shows it all the same
	Classic   bool // of a classic virtual network
	Later     bool // an id that is known after apply and is no managed subnet's
	Adopted   bool // it exists already, and the plan puts the group on it
	Group     *group
}

// managed says that the subnet is part of the situation.
func (n *subnet) managed() bool { return !n.Elsewhere && !n.Classic && !n.Later && !n.Adopted }

// group is a network security group on the subnet.
type group struct {
	Apart bool // its rules are resources of their own
	Rules []rule
}

// rule is an inbound rule for TCP.
type rule struct {
	Access, From, Ports string
	FromPorts           string // "*" where empty
}

// endpoint is a private endpoint.
type endpoint struct {
	Manual  bool
	Service string // sub-resource; redisCache where empty
	Other   bool   // targets another cache
	State   string // of the connection, which ARM alone shows
	Zone    string // private DNS zone in its zone group
	Here    bool   // the zone is part of the plan
	Linked  bool   // and so is its link to a virtual network
	kept
}

// diagnostic is a diagnostic setting with a workspace as its destination.
type diagnostic struct {
	Groups, Categories []string // of logs
	Metrics            bool
	Later              bool // its target is known after apply and may be any cache
	kept
}

// kept is how a companion outlives a change of what it belongs to.
type kept struct {
	Literal bool // names the cache by its id in writing, so that nothing changes in it
}

type addresses struct{ From, To string }

// assignment is an assignment of a policy at the cache's resource group.
type assignment struct {
	Definition  string
	Cache       bool // at the cache itself
	Management  bool // at a management group
	Parameters  map[string]string
	NotEnforced bool
	Excluded    bool   // the resource group is among notScopes
	Override    string // an override of the effect, for all members
	OverrideOf  string // the one member that it is for
	Selector    string // a resource selector for a resource type
}

// template is a deployment of a template with one cache, that of the situation or another.
type template struct {
	Other    bool
	Complete bool   // mode, in which what the template lacks is deleted
	Sets     object // properties of the cache
}

// grant is an access policy assignment, of a custom policy where permissions are given.
type grant struct{ Policy, Permissions string }

// lacks says in a word why a door cannot express the facts; empty where it can.
func (f facts) lacks(d door) string {
	family := families[d]
	switch {
	case d == arm && f.has(later):
		return "ARM knows every value"
	case (family == azurerm || family == functions) && f.Allocation != nil:
		return "azurerm has no zonal allocation policy"
	case (family == azurerm || family == functions) && f.Channel != nil:
		return "azurerm has no update channel"
	case (d == azurerm3 || d == functions3) && f.Keys != nil:
		return "azurerm 3 has no switch for access keys"
	case family == functions && f.KeyIn != "":
		return "functions never see keys"
	case d == own && f.KeyIn != "":
		return "its keys are nowhere in a plan"
	case family == azapi && f.KeyIn != "":
		return "azapi shows no keys"
	case d == arm && f.KeyIn != "":
		return "ARM does not know who takes a key"
	case family == functions && f.Subnet != nil && f.Subnet.Group != nil && f.Subnet.Group.Apart:
		return "functions take a group with its rules"
	case d != arm && f.states():
		return "only ARM shows the state of a connection"
	case f.Hidden != nil && family != azapi:
		return "azapi alone hides values"
	case d == azapi1 && f.Hidden != nil:
		return "azapi 1 hides none"
	case family == functions && f.Forgotten:
		return "no configuration can pass it"
	case d == own && (f.otherEndpoint() || len(f.Endpoints) > 1):
		return "has one private endpoint of its own"
	case d == own && (f.Before != nil || f.Imported):
		return "its apply needs Azure"
	case d != arm && f.Unreturned:
		return "only ARM leaves it out"
	case family == functions && (f.Update != nil || f.Action != nil || f.Template != nil):
		return "functions take no updates, actions and deployments"
	case d == arm && (f.Action != nil || f.Template != nil):
		return "ARM shows what it came to"
	case d == azapi1 && (f.hasAtBody(later) || f.Subnet != nil && f.Subnet.managed()):
		return "JSON text is unknown as a whole"
	case family == azapi && f.Subnet != nil && f.Subnet.Adopted:
		return "azapi has no association"
	}
	return ""
}

func (f facts) states() bool {
	for _, e := range f.Endpoints {
		if e.State != "" {
			return true
		}
	}
	return false
}

func (f facts) otherEndpoint() bool {
	for _, e := range f.Endpoints {
		if e.Other || e.Service != "" {
			return true
		}
	}
	return false
}

// has reports whether a field holds what is known after apply.
func (f facts) has(want any) bool {
	if f.Subnet != nil && f.Subnet.Later {
		return true
	}
	for _, d := range f.Diagnostics {
		if d.Later {
			return true
		}
	}
	return f.hasAtBody(want)
}

// hasAtBody does the same for the properties of the cache.
func (f facts) hasAtBody(want any) bool {
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		if field := v.Field(i); field.Kind() == reflect.Interface && !field.IsNil() && field.Interface() == want {
			return true
		}
	}
	return f.Subnet != nil && f.Subnet.Later
}
