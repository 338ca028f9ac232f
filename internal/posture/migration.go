package posture

// Migration is what only the move of a cache to another service depends on. A source
// fills it where it is asked to; no rule reads it.
type Migration struct {
	// MigrationAsked says that the source was asked for these facts. Where it was not, they
	// have their zero value.
	MigrationAsked bool

	Replicas              Value[int]    // properties.replicasPerPrimary; azurerm replicas_per_primary, replicas_per_master
	Databases             Value[int]    // redisConfiguration.databases, 16 where it is not set; no argument in azurerm
	EvictionPolicy        Value[string] // redisConfiguration.maxmemory-policy; of a database properties.evictionPolicy
	KeyspaceNotifications Value[string] // redisConfiguration.notify-keyspace-events; unset for none
	StaticIP              Value[bool]   // properties.staticIP holds an address, chosen by the user or by Azure
	// SnapshotMinutes is the time between two snapshots of RDB:
	// redisConfiguration.rdb-backup-frequency, 15 to 1440.
	SnapshotMinutes Value[int]
	// SystemIdentity says that the cache has an identity of its own; user-assigned
	// ones are Identities.
	SystemIdentity Value[bool]
	Tags           Value[map[string]string]

	// MaintenanceDays are days and hours in UTC of the patch schedule, for example "Sunday 02:00".
	MaintenanceDays Value[[]string]

	ModulesWithArguments Value[[]string] // names of those properties.modules that have args
	LinkedDatabases      Value[[]string] // ids of properties.geoReplication.linkedDatabases, the database itself among them

	// AccessPolicies are custom policies for the data of the cache.
	AccessPolicies Set[AccessPolicy]
	// Links are the other members of its geo-replication.
	Links Set[GeoLink]
	// RoleAssignments are roles that Azure grants on the cache, for its management.
	RoleAssignments Set[RoleAssignment]
	// References are expressions of the estate that take an attribute of the cache.
	References Set[Reference]
}

// AccessPolicy is a custom access policy for the data of a cache.
type AccessPolicy struct {
	Address     string
	Name        Value[string]
	Permissions Value[string] // an ACL of Redis
}

// GeoLink is a link of geo-replication, seen from one of its caches.
type GeoLink struct {
	Address string // of the resource that links them; empty where none is seen
	// Other is the ARM id of the other cache; OtherAddress its address in the same source.
	Other        Value[string]
	OtherAddress string
	Primary      Value[bool] // the cache itself is the primary
}

// RoleAssignment is Microsoft.Authorization/roleAssignments on a cache.
type RoleAssignment struct {
	Address   string
	Role      Value[string] // name, or id of the definition
	Principal Value[string] // object id
}

// Reference is the use of an attribute of a cache in an output or in an argument of
// another resource.
type Reference struct {
	Consumer string // output.name, or the address of a resource instance
	// Argument is the path of the consumer's argument; empty where it is not known.
	Argument string
	// Attribute is that of the cache, for example hostname; empty for the whole object.
	Attribute string
	Position  Position // without a file where the configuration is not at hand
}
