package conformance

import (
	"reflect"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// facts are the properties of a cache and of what stands around it, in the words of no
// door. A field that is nil is left out of the configuration; [later] is a value that
// is known after apply.
type facts struct {
	Size     string // tier, family and capacity; "Standard C1" where empty. Managed: the SKU, "Balanced_B5" where empty
	Location string // "westeurope" where empty

	PublicAccess   any    // bool
	PlainPort      any    // bool: the port without TLS
	MinimumTLS     any    // string
	Authentication any    // bool: clients must authenticate
	Entra          any    // bool
	AccessKeys     any    // bool: clients may authenticate by access key
	RDB, AOF       any    // bool
	StorageAuth    any    // string: SAS, ManagedIdentity
	Reserved       any    // int: MB of maxmemory-reserved
	Fragmentation  any    // int: MB of maxfragmentationmemory-reserved
	Shards         any    // int
	Zones          any    // []string
	Allocation     any    // string: zonal allocation policy
	Version        any    // string: Redis version
	Channel        any    // string: update channel
	Window         string // day of the maintenance window

	Subnet      *subnet
	Endpoints   []endpoint
	Diagnostics []diagnostic
	// ManagedEndpoint: a data factory has a managed private endpoint to the cache, which
	// waits for approval.
	ManagedEndpoint bool
	Firewall        []firewallRule
	Policies        []policyAssignment
	Grants          []grant
	// Update and Action are the properties that an azapi_update_resource or an
	// azapi_resource_action sends after the cache was created.
	Update, Action object
	// Unordered: the update or action has the id of the cache as text, not as a
	// reference, so that Terraform does not order them.
	Unordered bool
	// Method is the HTTP method of the action, PATCH where empty; Operation is the last
	// part of its URL.
	Method, Operation string
	// SensitiveBody are the properties in the sensitive_body of azapi.
	SensitiveBody object
	// Template is a deployment in the resource group of the cache.
	Template *template
	// Moved: a moved block gives the cache another address. BeforeMove: the cache has
	// its first address.
	Moved, BeforeMove bool
	// CompanionsRemoved: removed blocks take the companions out of the state, and they
	// stay in Azure. CacheRemoved: the same for the cache.
	CompanionsRemoved, CacheRemoved bool
	// Imported: an import block takes the cache, which exists already, into the state.
	Imported bool
	// Before are the facts that are applied before the plan is made; nil where the plan
	// creates the cache.
	Before *facts
	// PublicAccessNotReturned: the answer of ARM has no publicNetworkAccess, as for caches
	// that were created before the property existed.
	PublicAccessNotReturned bool
	KeyConsumer             keyReader
	// Managed makes it a cache of Azure Managed Redis or of the Enterprise tiers; nil for
	// Azure Cache for Redis.
	Managed *managed
}

// managed are the properties that only caches of Azure Managed Redis and of the
// Enterprise tiers have.
type managed struct {
	HighAvailability any      // bool
	Protocol         any      // string: client protocol
	Clustering       any      // string: clustering policy
	DeferUpgrade     any      // string
	Modules          []string // of the database
	Key              any      // true for a customer-managed key; later where the block is known after apply
	KeyIdentity      any      // string: id of the identity that reads the key
	Identities       []string // ids of the user-assigned identities of the cluster
	GeoGroup         any      // string: group of active geo-replication
	GeoLinked        bool     // another cluster is a member of the group
	NoDatabase       bool
	// APIVersion is the api-version in which azapi sends the cluster and its database;
	// "2025-07-01" where empty.
	APIVersion string
	// OnDatabase: the target of the update or action is the database.
	OnDatabase bool
}

// keyReader is a resource or an output that reads an access key of the cache.
type keyReader string

const (
	keyVaultSecret  keyReader = "secret of a key vault"
	untakenBranch   keyReader = "secret of a key vault, with the key in the branch of a conditional that is not taken"
	secretCountZero keyReader = "secret of a key vault with count 0"
	cacheOutput     keyReader = "output of the cache with all its attributes"
	nullOutput      keyReader = "output of a conditional whose value is null"
)

// isOutput reports whether a root output has the key.
func (r keyReader) isOutput() bool { return r == cacheOutput || r == nullOutput }

// later stands for a value that is known after apply.
var later any = valuetest.Unknown

// subnet is the subnet of a cache in a virtual network; one of the plan unless a field
// says otherwise.
type subnet struct {
	Elsewhere bool // exists, and is not in the plan
	Classic   bool // of a classic virtual network
	Later     bool // its id is known after apply, and is the output of a terraform_data
	Adopted   bool // exists, and the plan associates the security group with it
	Group     *group
}

// managed reports whether the plan creates the subnet.
func (n *subnet) managed() bool { return !n.Elsewhere && !n.Classic && !n.Later && !n.Adopted }

// group is the network security group of a subnet.
type group struct {
	SeparateRules bool // the rules are resources of their own
	Rules         []rule
}

// rule is an inbound security rule for TCP.
type rule struct {
	Access, From, Ports string
	FromPorts           string // source ports; "*" where empty
}

// endpoint is a private endpoint.
type endpoint struct {
	Manual     bool
	Service    string // sub-resource; that of the cache's service where empty
	NoService  bool   // its list of sub-resources is empty
	Other      bool   // its target is another cache
	Second     bool   // its connection stands behind one to another cache
	State      string // of the connection, which only ARM shows
	Zone       string // name of the private DNS zone in its zone group
	ZoneInPlan bool   // the plan creates the zone
	ZoneLinked bool   // the plan links the zone to a virtual network
	Literal    bool   // its target is an id in the configuration, not a reference
}

// diagnostic is a diagnostic setting whose destination is a workspace.
type diagnostic struct {
	Groups, Categories []string // of logs
	Metrics            bool
	Later              bool // its target is known after apply, and may be any cache
	Literal            bool // its target is an id in the configuration, not a reference
	// OnCluster: its target is the cluster, not the database. Composed: its target is the
	// id of the cluster with the path of the database behind it.
	OnCluster, Composed bool
}

// firewallRule is a range of addresses that may connect.
type firewallRule struct{ From, To string }

// policyAssignment is an assignment of a policy at the resource group of the cache.
type policyAssignment struct {
	Definition  string
	Cache       bool // the scope is the cache
	Management  bool // the scope is a management group
	Parameters  map[string]string
	NotEnforced bool
	Excluded    bool   // notScopes has the resource group
	Override    string // effect of an override
	OverrideOf  string // reference id of the member that the override is for; all where empty
	Selector    string // resource type of a resource selector
}

// template is a deployment of an ARM template with one resource: the cache of the
// situation, or a storage account.
type template struct {
	Other    bool   // a storage account
	Complete bool   // deployment mode, which deletes what is not in the template
	Sets     object // properties of the resource
}

// grant is an access policy assignment; its access policy is a custom one where it has
// permissions. Of Azure Managed Redis, the permissions are its access string.
type grant struct{ Policy, Permissions string }

// inexpressible is the reason why a door cannot express the facts; empty where it can.
func (f facts) inexpressible(d door) string {
	family := families[d]
	if f.Managed != nil {
		if why := f.managedInexpressible(d); why != "" {
			return why
		}
	}
	switch {
	case d == arm && f.hasLater():
		return "ARM knows every value"
	case (family == azurerm || family == functions) && f.Allocation != nil:
		return "azurerm has no zonal allocation policy"
	case (family == azurerm || family == functions) && f.Channel != nil:
		return "azurerm has no update channel"
	case (d == azurerm3 || d == functions3) && f.AccessKeys != nil:
		return "azurerm 3 has no switch for access keys"
	case family == functions && f.KeyConsumer != "":
		return "functions take no resources that read keys"
	case d == own && f.KeyConsumer != "":
		return "redisbaseline_cache has no keys in a plan"
	case family == azapi && f.KeyConsumer != "":
		return "azapi shows no keys"
	case d == arm && f.KeyConsumer != "":
		return "ARM does not know who reads a key"
	case family == functions && f.Subnet != nil && f.Subnet.Group != nil && f.Subnet.Group.SeparateRules:
		return "functions take a group with its rules"
	case d != arm && f.hasConnectionState():
		return "only ARM shows the state of a connection"
	case family != azapi && d != arm && slices.ContainsFunc(f.Endpoints, func(e endpoint) bool { return e.Second }):
		return "a private endpoint has one connection"
	case f.SensitiveBody != nil && family != azapi:
		return "only azapi has a sensitive_body"
	case d == azapi1 && f.SensitiveBody != nil:
		return "azapi 1 has no sensitive_body"
	case family == functions && f.CacheRemoved:
		return "a removed cache cannot be passed to a function"
	case d == own && (f.hasForeignEndpoint() || len(f.Endpoints) > 1):
		return "redisbaseline_cache has one private endpoint, to itself"
	case d == own && (f.Before != nil || f.Imported):
		return "its apply needs Azure"
	case d != arm && f.PublicAccessNotReturned:
		return "only an answer of ARM can lack publicNetworkAccess"
	case family == functions && (f.Update != nil || f.Action != nil || f.Template != nil):
		return "functions take no updates, actions and deployments"
	case d == arm && (f.Action != nil || f.Template != nil):
		return resultOnly
	case d == azapi1 && (f.isKnownLater() || f.Subnet != nil && f.Subnet.managed()):
		return "JSON text is unknown as a whole"
	case family == azapi && f.Subnet != nil && f.Subnet.Adopted:
		return "azapi has no association of a subnet and a group"
	}
	return ""
}

// managedInexpressible is the reason why a door cannot express a cache of Azure Managed
// Redis or of the Enterprise tiers; empty where it can.
func (f facts) managedInexpressible(d door) string {
	m, ofAzurerm := f.Managed, families[d] == azurerm || families[d] == functions
	switch {
	case d == own:
		return "redisbaseline_cache is of Azure Cache for Redis"
	case !f.isEnterprise() && (d == azurerm3 || d == functions3):
		return "azurerm 3 has no Azure Managed Redis"
	case f.isEnterprise() && (d == azurerm5 || d == functions5):
		return "azurerm 5 has no Enterprise tiers"
	case f.isEnterprise() && ofAzurerm && anySet(f.PublicAccess, f.AccessKeys):
		return "azurerm has no such argument for the Enterprise tiers"
	case ofAzurerm && m.DeferUpgrade != nil:
		return "azurerm cannot defer upgrades"
	case d != azapi1 && d != azapi2 && m.APIVersion != "":
		return "only azapi chooses the api-version"
	case ofAzurerm && slices.ContainsFunc(f.Grants, func(g grant) bool { return g.Permissions != "" }):
		return "azurerm has no access strings"
	}
	return ""
}

// isEnterprise reports whether the cache is of the Enterprise tiers.
func (f facts) isEnterprise() bool {
	return f.Managed != nil && strings.HasPrefix(f.Size, "Enterprise")
}

func (f facts) hasConnectionState() bool {
	return slices.ContainsFunc(f.Endpoints, func(e endpoint) bool { return e.State != "" })
}

// hasForeignEndpoint reports whether an endpoint has another target than the cache.
func (f facts) hasForeignEndpoint() bool {
	return slices.ContainsFunc(f.Endpoints, func(e endpoint) bool { return e.Other || e.Service != "" })
}

// hasLater reports whether anything in the configuration is known after apply.
func (f facts) hasLater() bool {
	return f.isKnownLater() || slices.ContainsFunc(f.Diagnostics, func(d diagnostic) bool { return d.Later })
}

// isKnownLater reports whether a property of the cache is known after apply.
func (f facts) isKnownLater() bool {
	all := []reflect.Value{reflect.ValueOf(f)}
	if f.Managed != nil {
		all = append(all, reflect.ValueOf(*f.Managed))
	}
	for _, v := range all {
		for i := range v.NumField() {
			if field := v.Field(i); field.Kind() == reflect.Interface && !field.IsNil() && field.Interface() == later {
				return true
			}
		}
	}
	return f.Subnet != nil && f.Subnet.Later
}
