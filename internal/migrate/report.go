package migrate

import (
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// FormatVersion is the version of the JSON form of a report on a migration.
const FormatVersion = "1.0"

// Report is the plan of a migration for any number of caches.
type Report struct {
	FormatVersion string        `json:"format_version"`
	Tool          report.Tool   `json:"tool"`
	GeneratedAt   time.Time     `json:"generated_at"`
	Source        report.Source `json:"source"`
	// Tables is the day on which the tables of sizes and differences were compared
	// with their sources, in the form 2026-11-28.
	Tables string `json:"tables"`
	// Catalogue holds the texts that are the same for every cache.
	Catalogue Catalogue `json:"catalogue"`
	Caches    []Move    `json:"caches"` // in the order of the source
	Waves     []Wave    `json:"waves"`
	Summary   Summary   `json:"summary"`
	// Since compares with an earlier report; nil without one.
	Since *Since `json:"since,omitempty"`
	// Unjudged, Partial, Unseen and Notes are those of [report.Closing].
	Unjudged []report.Unjudged `json:"unjudged,omitempty"`
	Partial  string            `json:"partial,omitempty"`
	Unseen   []report.Unseen   `json:"unseen,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
	// MayLack says, one line for each reason, why caches may be missing here that its
	// source is asked for.
	MayLack []string `json:"-"`
	// Failing says why the run fails, one line for each reason; Incomplete that
	// something which was asked for could not be read.
	Failing    []string `json:"-"`
	Incomplete bool     `json:"-"`
}

// State says where a cache stands in the migration.
type State string

// The states of a cache.
const (
	ToMove  State = "to_move" // it is of a service that retires
	Blocked State = "blocked" // the same, and a blocker has to be settled first
	Moved   State = "moved"   // it is of the successor
	Unknown State = "unknown" // the source does not show of which service it is
)

// Move is what there is to know about the move of one cache.
type Move struct {
	Address     *string          `json:"address"`
	Name        *string          `json:"name"`
	ResourceID  *string          `json:"resource_id"`
	DisplayName string           `json:"display_name"`
	Type        string           `json:"type"`    // ARM resource type
	Service     string           `json:"service"` // as people call it
	Location    string           `json:"location,omitempty"`
	Change      *string          `json:"change"`
	Position    *report.Position `json:"position,omitempty"`
	State       State            `json:"state"`
	// Retires is the day on which its service ends, DaysLeft how many are left.
	Retires  string `json:"retires,omitempty"`
	DaysLeft *int   `json:"days_left,omitempty"`

	// Current is the size today, its SKU in words ("Premium P2, 3 shards").
	Current sizing.Size `json:"current"`
	// Target is nil for a cache that has moved.
	Target *Target `json:"target,omitempty"`
	// Differences are what stands in the way or changes, blockers first.
	Differences []Difference `json:"differences"`
	// Paths are the ways to move, the recommended one first.
	Paths []Path `json:"paths"`
	// Remade are the objects around the cache that are made anew for the target.
	Remade []Remade `json:"remade"`
	// References are the places of the estate that refer to the old cache.
	References []Reference `json:"references"`
	// ReferencesSeen says whether the source shows all of them, and if not why.
	ReferencesSeen string `json:"references_seen"` // "all", or the reason why not
	// Before and After are the verdicts on the cache and on the target.
	Before Verdicts  `json:"before"`
	After  *Verdicts `json:"after,omitempty"`
	// Partners are the other members of its geo-replication, by ARM id or address.
	Partners []string `json:"partners,omitempty"`
	Wave     int      `json:"wave,omitzero"` // number of its wave, from 1
	Notes    []string `json:"notes,omitempty"`

	// OrderTag is the first of [Options.Order] that the cache has, and Order its index;
	// their number where it has none.
	OrderTag Tag `json:"-"`
	Order    int `json:"-"`
}

// Target is the cache of Azure Managed Redis to order.
type Target struct {
	Known        bool                 `json:"known"` // the size is known
	Size         sizing.Size          `json:"size"`
	Why          string               `json:"why"`
	Basis        sizing.Basis         `json:"basis"`
	Alternatives []sizing.Alternative `json:"alternatives"`
	Warnings     []string             `json:"warnings"`
	// Settings are the arguments of the target with their reasons, in a fixed order.
	Settings []Setting `json:"settings"`
}

// Setting is one property of the target.
type Setting struct {
	Name  SettingName `json:"name"`
	Value string      `json:"value"` // empty where it is not known
	Why   string      `json:"why"`
}

// SettingName is the name of a setting.
type SettingName string

// The settings of a target with their values, in their order.
const (
	HighAvailability      SettingName = "high_availability"      // true, false
	Replicas              SettingName = "replicas"               // 1 with high availability, else 0
	Zones                 SettingName = "zones"                  // automatic, none: nothing to write
	ClusteringPolicy      SettingName = "clustering_policy"      // OSSCluster, EnterpriseCluster, NoCluster
	ClientProtocol        SettingName = "client_protocol"        // Encrypted
	MinimumTLSVersion     SettingName = "minimum_tls_version"    // 1.2
	AccessKeys            SettingName = "access_keys"            // false
	PublicNetworkAccess   SettingName = "public_network_access"  // Disabled
	Persistence           SettingName = "persistence"            // RDB, AOF, none
	PersistenceFrequency  SettingName = "persistence_frequency"  // 1h, 6h, 12h; 1s; none
	EvictionPolicy        SettingName = "eviction_policy"        // VolatileLRU and others, as ARM and azurerm write them
	Modules               SettingName = "modules"                // names with commas between them, or none
	Databases             SettingName = "databases"              // 1
	KeyspaceNotifications SettingName = "keyspace_notifications" // letters of notify-keyspace-events, or none
	GeoReplicationGroup   SettingName = "geo_replication_group"  // a name, or none
	Identity              SettingName = "identity"               // UserAssigned, none
	CustomerManagedKey    SettingName = "customer_managed_key"   // true, false
)

// Value returns the value of a setting; empty where it is not known.
func (t *Target) Value(name SettingName) string {
	for i := range t.Settings {
		if t.Settings[i].Name == name {
			return t.Settings[i].Value
		}
	}
	return ""
}

// Severity is how much a difference weighs.
type Severity string

// The severities of differences.
const (
	Blocker Severity = "blocker" // the move cannot begin before it is settled
	Change  Severity = "change"  // something has to be changed with the move
	Notice  Severity = "notice"  // something behaves differently
)

// Difference is something in which the target differs from a cache.
type Difference struct {
	ID       string   `json:"id"` // "migration/firewall-rules"
	Severity Severity `json:"severity"`
	// Certain is false where the source does not show whether the cache is concerned.
	Certain bool     `json:"certain"`
	Message string   `json:"message"` // the fact about this cache
	Objects []string `json:"objects"` // addresses or ids that are concerned

	// Entry has the texts of the catalogue; the action of a difference that is not
	// certain begins with what shows whether the cache is concerned. It is nil in a
	// report that was read from JSON.
	*Entry `json:"-"`
}

// Catalogue holds texts by id.
type Catalogue struct {
	Differences []Entry     `json:"differences"`
	Paths       []PathEntry `json:"paths"`
	Steps       []Step      `json:"steps"`
}

// Entry is the text of a difference.
type Entry struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"` // unless a cache makes it another one
	Title    string   `json:"title"`
	Look     string   `json:"look,omitempty"` // what shows whether a cache is concerned, where the source does not
	Action   string   `json:"action"`         // what to do
	Source   Source   `json:"source"`
}

// PathEntry is the text of a way to move.
type PathEntry struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Source Source `json:"source"`
}

// Source is where a statement was read.
type Source struct {
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	Date  string `json:"date"` // of the text, in the form 2026-03-26
}

// Path is a way to move a cache.
type Path struct {
	ID string `json:"id"` // "new-cache", "automated", "in-place"
	// Eligible is nil where the source does not show whether it can be taken.
	Eligible *bool `json:"eligible"`
	// Reasons are why it can or cannot be taken, or what is not known.
	Reasons []string `json:"reasons"`
	StepIDs []string `json:"steps"` // in the order of work

	// PathEntry has the texts of the catalogue. It is nil in a report that was read from JSON.
	*PathEntry `json:"-"`
}

// Remade is an object around the cache that is made anew.
type Remade struct {
	Kind    string `json:"kind"`    // private endpoint, diagnostic setting, access policy assignment, …
	Address string `json:"address"` // of the old object; empty where there is none
	What    string `json:"what"`    // what the new one has to be
	// Position is where the old object is declared; nil where that is not at hand.
	Position *report.Position `json:"position,omitempty"`
}

// Reference is a place of the estate that refers to the old cache.
type Reference struct {
	Consumer  string           `json:"consumer"`
	Argument  string           `json:"argument,omitempty"`
	Attribute string           `json:"attribute"`
	Action    string           `json:"action"`
	Position  *report.Position `json:"position,omitempty"`
}

// Verdicts are a judgement in short.
type Verdicts struct {
	Baseline  string `json:"baseline"` // id of the document
	Compliant *bool  `json:"compliant"`
	// Violations and Unknown are the findings on features with these statuses.
	Violations []Verdict `json:"violations"`
	Unknown    []Verdict `json:"unknown"`
	// Advisories are violated advisories.
	Advisories []Verdict `json:"advisories"`
}

// Verdict is one finding in short.
type Verdict struct {
	ID      string `json:"id"`
	Reason  string `json:"reason,omitempty"`
	Message string `json:"message"`
}

// Step is one step of the order of work.
type Step struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Before string `json:"before"` // what to check before it
	After  string `json:"after"`  // what to check after it
	Back   string `json:"back"`   // the way back; says so where there is none
}

// Wave is a group of caches that move together.
type Wave struct {
	Number int      `json:"number"`
	Caches []string `json:"caches"` // display names, or addresses where names repeat
	Why    string   `json:"why"`
}

// Summary counts caches.
type Summary struct {
	Caches      int `json:"caches"`
	ToMove      int `json:"to_move"` // those that are blocked among them
	Blocked     int `json:"blocked"`
	Begun       int `json:"begun"`   // those to move beside which there is a cache of the successor for them
	Moved       int `json:"moved"`   // of Azure Managed Redis
	Unknown     int `json:"unknown"` // of which the service is not known
	UnknownSize int `json:"unknown_size"`
	Compliant   int `json:"compliant_targets"`
	// Retires is the first day on which the service of one of them ends, DaysLeft how
	// many days are left.
	Retires  string `json:"retires,omitempty"`
	DaysLeft *int   `json:"days_left,omitempty"`
}

// Since compares with an earlier report.
type Since struct {
	Input       string    `json:"input"`
	GeneratedAt time.Time `json:"generated_at"`
	Moved       []string  `json:"moved"`     // caches that were to move and are gone or moved
	Left        []string  `json:"left"`      // caches that were to move and still are
	New         []string  `json:"new"`       // caches of a retiring service that were not there
	Unblocked   []string  `json:"unblocked"` // caches without the blockers that they had
	// Begun are those of Left beside which there is a cache of the successor for them.
	Begun []string `json:"begun"`
	// Unseen were to move and are not in the later report, which may lack them.
	Unseen []string `json:"unseen"`
	// Notes say why they may be missing, and which list is too long.
	Notes []string `json:"notes,omitempty"`
}
