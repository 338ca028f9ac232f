package azurecache

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"

// SKU is the tier and the size of a cache. The family follows from the tier.
type SKU struct {
	Name     string `json:"name"`     // Basic, Standard or Premium
	Capacity int    `json:"capacity"` // 0 to 6; 1 to 5 for Premium
}

// Family is C for Basic and Standard, P for Premium.
func (s SKU) Family() string {
	if s.Name == "Premium" {
		return "P"
	}
	return "C"
}

// Settings are the properties of the cache itself, in ARM's values. Nil means not
// managed in a desired state, and not returned by ARM in an observation.
type Settings struct {
	SKU *SKU // required in a desired state
	// ShardCount is for clustered Premium caches; ReplicasPerPrimary for Premium.
	ShardCount, ReplicasPerPrimary *int
	RedisVersion                   *string // major version in a desired state ("6"), full in an observation ("6.0")
	EnableNonSSLPort               *bool
	MinimumTLSVersion              *string // "1.2"
	PublicNetworkAccess            *string // Enabled, Disabled
	DisableAccessKeyAuthentication *bool
	UpdateChannel                  *string  // Stable, Preview
	ZonalAllocationPolicy          *string  // Automatic, UserDefined, NoZones
	Zones                          []string // create only; sorted in an observation
	SubnetID, StaticIP             *string  // create only
	Identity                       *Identity
	Tags                           map[string]string // nil not managed, empty none
	TenantSettings                 map[string]string
	Configuration
}

// Configuration is redisConfiguration, without what ARM never returns.
type Configuration struct {
	AADEnabled, AuthNotRequired *bool
	// Megabytes per node; refused on Basic, and left out there.
	MaxmemoryReserved, MaxmemoryDelta, MaxfragmentationmemoryReserved *int
	MaxmemoryPolicy, NotifyKeyspaceEvents                             *string
	RDBBackupEnabled                                                  *bool
	RDBBackupFrequency                                                *int // minutes: 15, 30, 60, 360, 720, 1440
	RDBBackupMaxSnapshotCount                                         *int
	AOFBackupEnabled                                                  *bool
	PersistenceAuthMethod                                             *string // ManagedIdentity, SAS
	StorageSubscriptionID                                             *string
	Databases                                                         *int // create only
}

// Identity is the managed identity of the cache; an empty one means none.
type Identity struct {
	SystemAssigned bool
	UserAssigned   []string // resource ids, sorted in an observation
}

// Secret is a text that no format verb prints.
type Secret string

// String hides the text.
func (Secret) String() string { return "(hidden)" }

// GoString hides the text.
func (Secret) GoString() string { return "(hidden)" }

// Secrets are the connection strings, which ARM accepts and never returns. Those
// that are set are sent once: with the creation of the cache or with the change of
// its configuration.
type Secrets struct {
	RDBStorageConnectionString  Secret
	AOFStorageConnectionString0 Secret
	AOFStorageConnectionString1 Secret
}

// Children are what belongs to a cache and is not part of its own resource. Nil
// means not managed, or not read; an empty map means none; any other map means
// these and no others.
type Children struct {
	FirewallRules           map[string]FirewallRule
	PatchSchedule           []PatchWindow     // empty, not nil: none
	AccessPolicies          map[string]string // permissions by name; built-in policies are left alone
	AccessPolicyAssignments map[string]AccessPolicyAssignment
	DiagnosticSettings      map[string]DiagnosticSetting
	PrivateEndpoint         *PrivateEndpoint // with an empty SubnetID: none
}

// The names in JSON are ARM's.

// FirewallRule is a range of IPv4 addresses, both ends included.
type FirewallRule struct {
	StartIP string `json:"startIP"`
	EndIP   string `json:"endIP"`
}

// PatchWindow is one maintenance window of a week.
type PatchWindow struct {
	DayOfWeek         string `json:"dayOfWeek"` // Monday to Sunday, Everyday, Weekend
	StartHourUTC      int    `json:"startHourUtc"`
	MaintenanceWindow string `json:"maintenanceWindow,omitempty"` // ISO 8601 duration; empty leaves it to the service (PT5H)
}

// AccessPolicyAssignment gives a policy to a principal of Microsoft Entra.
type AccessPolicyAssignment struct {
	AccessPolicyName string `json:"accessPolicyName"`
	ObjectID         string `json:"objectId"`
	ObjectIDAlias    string `json:"objectIdAlias"`
}

// DiagnosticSetting sends logs of the cache to one or more destinations.
type DiagnosticSetting struct {
	WorkspaceID                 string `json:"workspaceId,omitempty"`
	StorageAccountID            string `json:"storageAccountId,omitempty"`
	EventHubAuthorizationRuleID string `json:"eventHubAuthorizationRuleId,omitempty"`
	EventHubName                string `json:"eventHubName,omitempty"`
	MarketplacePartnerID        string `json:"marketplacePartnerId,omitempty"`
	ServiceBusRuleID            string `json:"serviceBusRuleId,omitempty"`            // a destination that only old settings have
	LogAnalyticsDestinationType string `json:"logAnalyticsDestinationType,omitempty"` // Dedicated, AzureDiagnostics, empty
	// Categories and CategoryGroups are those enabled; Metrics are enabled
	// categories of metrics. Sorted in an observation.
	Categories     []string `json:"-"`
	CategoryGroups []string `json:"-"`
	Metrics        []string `json:"-"`
}

// PrivateEndpoint is a private endpoint that connects the cache with a subnet.
type PrivateEndpoint struct {
	// Name and Location default to the cache's name with "-private-endpoint" and
	// the cache's location; the resource group is the cache's.
	Name, Location string
	SubnetID       string
	DNSZoneIDs     []string // zone group "default"; empty means no zone group
	Manual         bool     // the connection waits for approval
	RequestMessage string   // of a manual connection
	// ID is the id under which it was observed, or which is looked for; Status
	// is observed only: Approved, Pending, Rejected or Disconnected.
	ID, Status string
	// Ours is, in a desired state, the id of the endpoint that the caller made or manages:
	// no other one is removed, neither for none nor to make way.
	Ours string
}

// Desired is the desired state of one cache.
type Desired struct {
	ID       string // resource id; its name and groups decide where
	Location string
	Settings
	// ZonesWherePossible makes ZonalAllocationPolicy a preference: a region
	// without zones may decline it.
	ZonesWherePossible bool
	Secrets            Secrets
	// Hidden are further secrets that no error may quote. They are not sent.
	Hidden Secrets
	Children
}

// Observed is what ARM returns of a cache. It holds no secret.
type Observed struct {
	ID, Name, ResourceGroup, Location string // ID in ARM's casing, Location as westeurope
	ProvisioningState                 string
	HostName                          string
	Port, SSLPort                     int
	PrincipalID, TenantID             string // of the system-assigned identity
	LinkedServers                     []string
	// Connections are the connections of all private endpoints of the cache,
	// sorted.
	Connections []azure.Connection
	// Unread is, by the name of the argument, the reason why a Lenient reading left
	// something out.
	Unread map[string]string
	Settings
	Children // those that were asked for
}

// AnyEndpoint asks for any private endpoint of the cache: the one with the default
// name, or the first that can be read.
const AnyEndpoint = "*"

// Selection is the selection of children to read.
type Selection struct {
	FirewallRules, PatchSchedule, AccessPolicies, AccessPolicyAssignments, DiagnosticSettings bool
	// PrivateEndpoint is the name or the id of the private endpoint to look for, or
	// AnyEndpoint; empty: none is read.
	PrivateEndpoint string
	// Lenient leaves out children that may not be read, and lists them in Unread.
	Lenient bool
}

// AllChildren asks for everything around the cache that may be read, for an
// import.
func AllChildren() Selection {
	return Selection{true, true, true, true, true, AnyEndpoint, true}
}

// Progress is what the caller has to remember as soon as ARM has accepted a
// request.
type Progress struct {
	ID string
	// Step is the request that is being processed: "create", "delete" or Step.Name.
	Step string
	// Token resumes the wait for the operation; empty when nothing is pending.
	Token string
}

// Keys are the access keys of a cache.
type Keys struct{ Primary, Secondary Secret }
