package posture

import "strings"

// Change is what a plan does to a cache, in the words of the report.
type Change string

// The changes of a plan; ChangeNone stands for sources that are no plan.
const (
	ChangeNone    Change = ""
	ChangeCreate  Change = "create"
	ChangeUpdate  Change = "update"
	ChangeReplace Change = "replace"
	ChangeNoOp    Change = "no-op"
	ChangeDelete  Change = "delete"
	ChangeForget  Change = "forget" // only removed from the state: it stays in Azure as it was
)

// Cloud is an Azure cloud; host suffixes and DNS zones differ between them.
type Cloud string

// The clouds with their own host suffixes and DNS zones.
const (
	CloudPublic       Cloud = "public"
	CloudUSGovernment Cloud = "usgovernment"
	CloudChina        Cloud = "china"
)

// Cache is everything a check may ask about one cache and what stands around
// it. Properties are those of ARM in the api-version that its service names.
type Cache struct {
	// Address is the Terraform instance address; empty for existing caches.
	Address string
	// Dialect is in whose words the cache is declared; empty where it is not known.
	Dialect Dialect
	// Label is the user's own name for a cache whose name is not known.
	Label      string
	Name       Value[string]
	ResourceID Value[string] // ARM id
	// ResourceGroup and Name give the id of a cache that does not exist yet.
	ResourceGroup Value[string]
	Type          string // ARM resource type
	Location      Value[string]
	Change        Change
	// AsNew says that no plan tells the change, and that the cache is described as one that
	// does not exist yet.
	AsNew bool

	Tier       Value[string] // sku.name: Basic, Standard, Premium
	Family     Value[string] // sku.family: C, P
	Capacity   Value[int]    // sku.capacity; of the Enterprise tiers read for a migration only
	ShardCount Value[int]    // properties.shardCount; unset means not clustered

	SubnetID                Value[string] // properties.subnetId
	PublicNetworkAccess     Value[bool]   // properties.publicNetworkAccess == Enabled, since 2020-06-01
	NonTLSPort              Value[bool]   // properties.enableNonSslPort
	MinimumTLSVersion       Value[string] // properties.minimumTlsVersion, since 2018-03-01: 1.0, 1.1, 1.2
	AuthenticationRequired  Value[bool]   // not properties.redisConfiguration.authnotrequired, since 2020-12-01
	EntraAuthentication     Value[bool]   // properties.redisConfiguration.aad-enabled, since 2023-05-01-preview
	AccessKeyAuthentication Value[bool]   // not properties.disableAccessKeyAuthentication, since 2024-03-01

	RDBBackup                 Value[bool]   // redisConfiguration.rdb-backup-enabled
	AOFBackup                 Value[bool]   // redisConfiguration.aof-backup-enabled
	PersistenceAuthentication Value[string] // redisConfiguration.preferred-data-persistence-auth-method: SAS, ManagedIdentity

	MaxmemoryReserved              Value[int] // MB, redisConfiguration.maxmemory-reserved
	MaxfragmentationmemoryReserved Value[int] // MB, redisConfiguration.maxfragmentationmemory-reserved

	Zones                 Value[[]string]
	ZonalAllocationPolicy Value[string] // since 2024-04-01-preview: Automatic, UserDefined, NoZones
	RedisVersion          Value[string]
	UpdateChannel         Value[string] // properties.updateChannel, since 2023-08-01: Stable, Preview
	MaintenanceWindows    Value[int]    // entries of patchSchedules/default

	ManagedRedis
	Migration

	PrivateEndpoints        Set[PrivateEndpoint]
	DiagnosticSettings      Set[DiagnosticSetting]
	FirewallRules           Set[FirewallRule]
	Subnet                  Subnet
	PolicyAssignments       Set[PolicyAssignment]
	AccessPolicyAssignments Set[AccessPolicyAssignment]
	// KeyConsumers are addresses of outputs and resources that take an access
	// key or connection string of this cache.
	KeyConsumers Set[string]

	// MissingActions are the actions of Azure that the identity lacked while the
	// cache was read; what rests on them is unknown with the reason forbidden.
	MissingActions []string
	// Places are nil where the configuration is not at hand.
	Places *Places
}

// ManagedRedis is what rules ask of Azure Managed Redis and the Enterprise tiers only:
// properties of the cluster, then of its database.
type ManagedRedis struct {
	// SKU is sku.name as its source writes it: Balanced_B5, Enterprise_E10. azurerm writes the
	// capacity of the Enterprise tiers behind the name: Enterprise_E10-4.
	SKU                Value[string]
	HighAvailability   Value[bool]   // properties.highAvailability == Enabled, since 2025-04-01
	CustomerManagedKey Value[bool]   // properties.encryption.customerManagedKeyEncryption names a key, since 2023-11-01
	KeyIdentity        Value[string] // id of the identity that reads the key: keyEncryptionKeyIdentity
	// Identities are ids of identity.userAssignedIdentities; those of Azure Cache for Redis are
	// read for a migration only.
	Identities Value[[]string]

	HasDatabase         Value[bool]   // there is a resource databases/default
	ClientProtocol      Value[string] // properties.clientProtocol: Encrypted, Plaintext
	GeoReplicationGroup Value[string] // properties.geoReplication.groupNickname, since 2022-01-01
	GeoReplicas         Value[int]    // entries of properties.geoReplication.linkedDatabases, the database itself among them
	ClusteringPolicy    Value[string] // properties.clusteringPolicy: OSSCluster, EnterpriseCluster, NoCluster
	// Modules are names of properties.modules, each with its arguments behind a space. The
	// arguments may be anything and are never printed.
	Modules      Value[[]string]
	DeferUpgrade Value[string] // properties.deferUpgrade, since 2025-04-01: Deferred, NotDeferred
	// Recreated are the arguments by whose change in place azurerm deletes the
	// database and creates it again; unset for none. Source: hashicorp/terraform-provider-azurerm issue 31722.
	Recreated Value[[]string]
}

// Set holds the companions of one kind.
type Set[T any] struct {
	Items  []T     // belong to this cache
	Doubts []Doubt // may belong to this cache
	// Observed says that the source shows all companions of the kind: none exists
	// beside Items and Doubts.
	Observed bool
	// Reason says why not all are shown; empty reads as not_observed.
	Reason Reason
	// Detail names what kept the source from showing all, for example the missing
	// permission.
	Detail string
}

// Why returns the reason why not all companions are shown.
func (s Set[T]) Why() Reason {
	if s.Reason == "" {
		return ReasonNotObserved
	}
	return s.Reason
}

// Doubt is a companion of which a source cannot tell whether it belongs to the cache.
type Doubt struct {
	Address string // of the companion
	Reason  Reason
	Detail  string // the expression or permission that hides the answer, and what would show it
	// Access is the access policy assignment itself, where the companion is one
	// and what it grants is known.
	Access *AccessPolicyAssignment
}

// Approval is the state of a private endpoint connection, in ARM's words.
type Approval string

// The states of privateLinkServiceConnectionState.status. In a plan, an
// automatic connection counts as Approved and a manual one as Pending.
const (
	ApprovalApproved     Approval = "Approved"
	ApprovalPending      Approval = "Pending"
	ApprovalRejected     Approval = "Rejected"
	ApprovalDisconnected Approval = "Disconnected"
)

// PrivateEndpoint is a private endpoint connection for the sub-resource of the cache.
type PrivateEndpoint struct {
	Address  string
	Approval Value[Approval]
	Asserted bool
	// DNSZones are the zones in its DNS zone group; unset when it has no group.
	DNSZones Value[[]DNSZone]
	// SubnetID is the subnet in which it stands; read for a migration only, see
	// [Migration.MigrationAsked].
	SubnetID Value[string] `read:"migration"`
}

// DNSZone is a private DNS zone that a private endpoint registers itself in.
type DNSZone struct {
	Name string
	// Linked says whether a virtual network is linked to the zone, so that its
	// machines find the names in it; unset for a zone that the source does not hold.
	Linked Value[bool]
}

// DNSZonesOf returns the zones with these ARM ids, for a source that does not hold
// the zones themselves.
func DNSZonesOf(ids []string) []DNSZone {
	zones := make([]DNSZone, len(ids))
	for i, id := range ids {
		zones[i] = DNSZone{Name: id[strings.LastIndexByte(id, '/')+1:], Linked: Unset[bool]("virtual_network_link")}
	}
	return zones
}

// DiagnosticSetting is a Microsoft.Insights/diagnosticSettings on the cache.
type DiagnosticSetting struct {
	Address  string
	Asserted bool
	// OnCluster says that it is not on the database of a cluster, which has the logs,
	// but on the cluster, which has metrics only.
	OnCluster bool
	// Logs are its log entries (categories and category groups, no metrics).
	Logs Value[[]Log]
	// Destinations are the ids of workspace, storage account, event hub rule and partner solution.
	Destinations []Value[string]
}

// Log is one log entry of a diagnostic setting.
type Log struct {
	Category string // name of the category or category group
	Enabled  Value[bool]
}

// FirewallRule is an IPv4 range that a cache with public access admits.
type FirewallRule struct {
	Address  string
	Name     string
	Asserted bool
	Start    Value[string]
	End      Value[string]
}

// Subnet is the subnet of an injected cache.
type Subnet struct {
	Address  string          // where the source defines it; empty when outside
	Prefixes Value[[]string] // address prefixes
	// SecurityGroup is unset when the subnet is known to have none.
	SecurityGroup Value[SecurityGroup]
}

// SecurityGroup is a network security group.
type SecurityGroup struct {
	Address  string
	Name     string
	Asserted bool
	Rules    Set[SecurityRule]
	// Memo is shared by the caches of one source that have this group; nil
	// where nothing is shared.
	Memo *Memo
}

// SecurityRule is one rule of a network security group. In lists, an unknown
// element stands for any number of values that are not known.
type SecurityRule struct {
	Address      string
	Name         string
	Priority     Value[int] // 100 to 4096, lower wins
	Direction    Value[string]
	Access       Value[string]
	Protocol     Value[string]
	Sources      []Value[string] // address prefixes, service tags, ApplicationSecurityGroup
	Destinations []Value[string] // the same
	Ports        []Value[string] // destination ports and ranges
	SourcePorts  []Value[string] // source ports and ranges
}

// ApplicationSecurityGroup stands in SecurityRule for any group of network
// interfaces. Its members are never read.
const ApplicationSecurityGroup = "application security group"

// AccessPolicyAssignment grants a data access policy to an Entra identity.
type AccessPolicyAssignment struct {
	Address     string
	Asserted    bool
	PolicyName  Value[string] // Data Owner, Data Contributor, Data Reader or a custom policy
	Permissions Value[string] // the ACL of a custom policy; unset for built-in ones
	// ObjectID is the Entra identity, or the attribute of a resource that will have it as
	// its address; read for a migration only.
	ObjectID Value[string] `read:"migration"`
}

// Injected reports whether the cache lives in a virtual network.
func (c *Cache) Injected() Tri {
	switch {
	case c.SubnetID.IsKnown():
		return True
	case c.SubnetID.IsUnset():
		return False
	default:
		return Maybe
	}
}

// Cloud derives the cloud from the location; public where it is not known.
func (c *Cache) Cloud() Cloud {
	loc, _ := c.Location.Get()
	loc = strings.ToLower(strings.ReplaceAll(loc, " ", ""))
	switch {
	case strings.HasPrefix(loc, "usgov"), strings.HasPrefix(loc, "usdod"):
		return CloudUSGovernment
	case strings.HasPrefix(loc, "china"):
		return CloudChina
	default:
		return CloudPublic
	}
}

// DisplayName is what messages call the cache: its name, else its label, else
// its address.
func (c *Cache) DisplayName() string {
	if name, ok := c.Name.Get(); ok && name != "" && !c.Name.Source.Sensitive {
		return name
	}
	for _, s := range []string{c.Label, c.Address} {
		if s != "" {
			return s
		}
	}
	return "the cache"
}
