package baseline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var firewallRows = []row{
	{cell: "11 public addresses", edit: all(public, firewall("203.0.113.1", "203.0.113.11")), status: report.NonCompliant,
		level: report.Warning, says: []string{"11"}},
	{cell: "access unset is enabled", edit: firewall("203.0.113.1", "203.0.113.11"), status: report.NonCompliant},
	{cell: "the whole of IPv4", edit: all(public, firewall("0.0.0.0", "255.255.255.255")), status: report.NonCompliant},
	{cell: "the whole of IPv4 in two halves", edit: all(public, firewall("0.0.0.0", "127.255.255.255"),
		firewall("128.0.0.0", "255.255.255.255")), status: report.NonCompliant},
	{cell: "small rules that add up", edit: all(public, firewall("203.0.113.1", "203.0.113.6"), firewall("203.0.113.7", "203.0.113.12")),
		status: report.NonCompliant, says: []string{"12"}},
	{cell: "all Azure services", edit: all(public, firewall("0.0.0.0", "0.0.0.0")), status: report.NonCompliant,
		says: []string{"office", "Azure"}},
	{cell: "reversed, wide, named", edit: all(public, firewall("203.0.113.200", "203.0.113.1")), status: report.NonCompliant,
		says: []string{"reversed", "office"}},
	{cell: "wide, others not observed", edit: all(public, firewallUnseen, firewall("0.0.0.0", "255.255.255.255")),
		status: report.NonCompliant},
	{cell: "wide beside a rule that is not known", edit: all(public, firewall("0.0.0.0", "255.255.255.255"), firewallUnknown),
		status: report.NonCompliant},
	{cell: "10 public addresses", edit: all(public, firewall("203.0.113.1", "203.0.113.10")), status: report.Compliant},
	{cell: "the same 10 addresses twice", edit: all(public, firewall("203.0.113.1", "203.0.113.10"), firewall("203.0.113.1", "203.0.113.10")),
		status: report.Compliant},
	{cell: "overlapping rules count once", edit: all(public, firewall("203.0.113.1", "203.0.113.7"), firewall("203.0.113.4", "203.0.113.10")),
		status: report.Compliant},
	{cell: "a private network", edit: all(public, firewall("10.0.0.0", "10.255.255.255"), firewall("172.16.0.0", "172.31.255.255"),
		firewall("192.168.0.0", "192.168.255.255")), status: report.Compliant},
	{cell: "reversed, narrow, named all the same", edit: all(public, firewall("203.0.113.5", "203.0.113.1")), status: report.Compliant,
		says: []string{"reversed", "office"}},
	{cell: "public access disabled: no effect", edit: all(private, firewall("0.0.0.0", "255.255.255.255")), status: report.Compliant},
	{cell: "injected: no effect", edit: all(public, injected, firewall("0.0.0.0", "255.255.255.255")), status: report.Compliant},
	{cell: "no rule at all", edit: public, status: report.NonCompliant, level: report.Warning, says: []string{"every address"}},
	{cell: "no rule at all, access unset", edit: nothing, status: report.NonCompliant},
	{cell: "no rule at all, access disabled", edit: private, status: report.Compliant},
	{cell: "no rule at all, injected", edit: all(public, injected), status: report.Compliant},
	{cell: "no rule at all, access unset and a private endpoint", edit: endpoint(posture.ApprovalApproved), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "no rule at all, access enabled and a private endpoint", edit: all(public, endpoint(posture.ApprovalApproved)),
		status: report.NonCompliant},
	{cell: "no rule at all, injection not known", edit: all(public, subnetUnknown), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "private ranges only, injection not known", edit: all(public, subnetUnknown, firewall("10.0.0.1", "10.0.0.9")),
		status: report.Compliant},
	{cell: "wide, injection not known", edit: all(public, subnetUnknown, firewall("0.0.0.0", "255.255.255.255")), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "wide, access not known", edit: all(accessUnknown, firewall("0.0.0.0", "255.255.255.255")), status: report.Unknown,
		reason: posture.ReasonWriteOnly},
	{cell: "narrow, access not known", edit: all(accessUnknown, firewall("203.0.113.1", "203.0.113.1")), status: report.Compliant},
	{cell: "a range that is not known", edit: all(public, firewallUnknown), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "not observed", edit: all(public, firewallUnseen), status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "a rule that may be for this cache", edit: all(public, func(c *posture.Cache) {
		c.FirewallRules.Doubts = []posture.Doubt{{Address: "x", Reason: posture.ReasonUnresolvedReference}}
	}), status: report.Unknown, reason: posture.ReasonUnresolvedReference},
}

func firewallUnseen(c *posture.Cache) { c.FirewallRules.Observed = false }
func accessUnknown(c *posture.Cache) {
	c.PublicNetworkAccess = unknown[bool](posture.ReasonWriteOnly)
}

func firewallUnknown(c *posture.Cache) {
	c.FirewallRules.Items = append(c.FirewallRules.Items,
		posture.FirewallRule{Name: "later", Start: later[string](), End: known("203.0.113.1")})
}

var diskRows = []row{
	{cell: "C0", edit: size("Basic", "C", known(0)), status: report.NonCompliant, level: report.Info, says: []string{"C0"}},
	{cell: "C1", edit: size("Standard", "C", known(1)), status: report.NonCompliant, says: []string{"C1"}},
	{cell: "c1 in lower case", edit: size("standard", "c", known(1)), status: report.NonCompliant},
	{cell: "C2", edit: size("Standard", "C", known(2)), status: report.Compliant},
	{cell: "P1", edit: size("Premium", "P", known(1)), status: report.Compliant},
	{cell: "size not known", edit: size("Standard", "C", later[int]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "tier not known", edit: tierUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

func persistence(rdb, aof posture.Value[bool], method posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.RDBBackup, c.AOFBackup, c.PersistenceAuthentication = rdb, aof, method }
}

var persistenceRows = []row{
	{cell: "RDB with SAS", edit: persistence(known(true), unset[bool](), known("SAS")), status: report.NonCompliant, level: report.Warning},
	{cell: "AOF with SAS", edit: persistence(unset[bool](), known(true), known("SAS")), status: report.NonCompliant},
	{cell: "on, method unset", edit: persistence(known(true), known(false), unset[string]()), status: report.NonCompliant},
	{cell: "RDB on, AOF not known, SAS", edit: persistence(known(true), later[bool](), known("SAS")), status: report.NonCompliant},
	{cell: "with a managed identity", edit: persistence(known(true), known(true), known("ManagedIdentity")), status: report.Compliant},
	{cell: "with a managed identity in lower case", edit: persistence(known(true), known(true), known("managedidentity")),
		status: report.Compliant},
	{cell: "persistence off", edit: nothing, status: report.NotApplicable},
	{cell: "persistence off, SAS", edit: persistence(known(false), known(false), known("SAS")), status: report.NotApplicable},
	{cell: "on, method not known", edit: persistence(known(true), known(false), later[string]()), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "persistence not known, SAS", edit: persistence(later[bool](), known(false), known("SAS")), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "persistence not known, managed identity", edit: persistence(later[bool](), known(false), known("ManagedIdentity")),
		status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

var tierRows = []row{
	{cell: "Basic", edit: size("Basic", "C", known(2)), status: report.NonCompliant, level: report.Info, says: []string{"Basic"}},
	{cell: "basic in lower case", edit: size("basic", "C", known(2)), status: report.NonCompliant},
	{cell: "C0", edit: size("Standard", "C", known(0)), status: report.NonCompliant, says: []string{"C0"}},
	{cell: "Standard C1", edit: size("Standard", "C", known(1)), status: report.Compliant},
	{cell: "Premium", edit: nothing, status: report.Compliant},
	{cell: "tier not known", edit: tierUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "size not known", edit: size("Standard", "C", later[int]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

func inZones(v posture.Value[[]string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.Zones = v }
}

func allocation(v posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.ZonalAllocationPolicy = v }
}

var allocationUnseen = allocation(unknown[string](posture.ReasonNotObserved))

var zoneRows = []row{
	{cell: "explicitly one zone", edit: inZones(known([]string{"1"})), status: report.NonCompliant, level: report.Info},
	{cell: "NoZones", edit: allocation(known("NoZones")), status: report.NonCompliant},
	{cell: "nozones in lower case", edit: allocation(known("nozones")), status: report.NonCompliant},
	{cell: "NoZones, zones not known", edit: all(inZones(later[[]string]()), allocation(known("NoZones"))), status: report.NonCompliant},
	{cell: "Basic", edit: basic, status: report.NonCompliant},
	{cell: "Basic in two zones", edit: all(basic, inZones(known([]string{"1", "2"}))), status: report.NonCompliant},
	{cell: "unset lets the service choose", edit: nothing, status: report.Compliant},
	{cell: "two zones", edit: inZones(known([]string{"1", "2"})), status: report.Compliant},
	{cell: "an empty list of zones", edit: inZones(known([]string{})), status: report.Compliant},
	{cell: "Automatic", edit: allocation(known("Automatic")), status: report.Compliant},
	{cell: "one zone, allocation not returned", edit: all(inZones(known([]string{"1"})), allocationUnseen), status: report.NonCompliant},
	{cell: "three zones, allocation not returned", edit: all(inZones(known([]string{"1", "2", "3"})), allocationUnseen),
		status: report.Compliant},
	{cell: "no zones, allocation not returned", edit: all(inZones(known([]string{})), allocationUnseen), status: report.Unknown,
		reason: posture.ReasonNotObserved},
	{cell: "zones not known", edit: inZones(later[[]string]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "allocation not known", edit: allocation(unknown[string](posture.ReasonWriteOnly)), status: report.Unknown,
		reason: posture.ReasonWriteOnly},
	{cell: "tier not known", edit: tierUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

func reserved(v posture.Value[int]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.MaxmemoryReserved = v }
}

var memoryRows = append(memorySizes(), []row{
	{cell: "P1, 614 of 6144 MB", edit: reserved(known(614)), status: report.NonCompliant, level: report.Info, says: []string{"614", "6144"}},
	{cell: "C1, 102 of 1024 MB", edit: all(size("Standard", "C", known(1)), reserved(known(102))), status: report.NonCompliant},
	{cell: "nothing reserved", edit: reserved(known(0)), status: report.NonCompliant},
	{cell: "P1, 615 of 6144 MB", edit: reserved(known(615)), status: report.Compliant},
	{cell: "C1, 103 of 1024 MB", edit: all(size("Standard", "C", known(1)), reserved(known(103))), status: report.Compliant},
	{cell: "C0, 25 of 250 MB", edit: all(size("Standard", "C", known(0)), reserved(known(25))), status: report.Compliant},
	{cell: "unset: left to the service", edit: nothing, status: report.Compliant},
	{cell: "Basic", edit: all(basic, reserved(known(0))), status: report.NotApplicable},
	{cell: "reservation not known", edit: reserved(later[int]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "size not known", edit: all(size("Standard", "C", later[int]()), reserved(known(10))), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "tier not known", edit: all(tierUnknown, reserved(known(10))), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "tier not known, unset", edit: tierUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}...)

// memorySizes are two rows for each size: a MB short of a tenth of its memory, and a tenth.
func memorySizes() []row {
	var rows []row
	for _, s := range []struct {
		sku, family string
		first       int
		memory      []int // MB
	}{
		{"Standard", "C", 0, []int{250, 1 * 1024, 2560, 6 * 1024, 13 * 1024, 26 * 1024, 53 * 1024}},
		{"Premium", "P", 1, []int{6 * 1024, 13 * 1024, 26 * 1024, 53 * 1024, 120 * 1024}},
	} {
		for i, memory := range s.memory {
			name := fmt.Sprint(s.family, s.first+i)
			of := size(s.sku, s.family, known(s.first+i))
			tenth := (memory + 9) / 10
			rows = append(rows,
				row{cell: "less than a tenth of " + name, edit: all(of, reserved(known(tenth-1))), status: report.NonCompliant},
				row{cell: "a tenth of " + name, edit: all(of, reserved(known(tenth))), status: report.Compliant})
		}
	}
	return rows
}

func runs(v posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.RedisVersion = v }
}

var versionRows = []row{
	{cell: "4", edit: runs(known("4")), status: report.NonCompliant, level: report.Warning, says: []string{"4"}},
	{cell: "5", edit: runs(known("5")), status: report.NonCompliant, says: []string{"5"}},
	{cell: "4.0.14", edit: runs(known("4.0.14")), status: report.NonCompliant},
	{cell: "6", edit: runs(known("6")), status: report.Compliant},
	{cell: "6.0", edit: runs(known("6.0")), status: report.Compliant},
	{cell: "10", edit: runs(known("10")), status: report.Compliant},
	{cell: "latest", edit: runs(known("latest")), status: report.Compliant},
	{cell: "unset: 6", edit: nothing, status: report.Compliant},
	{cell: "not known", edit: runs(later[string]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "a version that nobody knows", edit: runs(known("six")), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

func backups(rdb, aof posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.RDBBackup, c.AOFBackup = rdb, aof }
}

var persistedRows = []row{
	{cell: "Premium with neither RDB nor AOF", edit: backups(known(false), known(false)), status: report.NonCompliant, level: report.Info},
	{cell: "Premium, both unset", edit: nothing, status: report.NonCompliant},
	{cell: "RDB", edit: backups(known(true), unset[bool]()), status: report.Compliant},
	{cell: "AOF", edit: backups(unset[bool](), known(true)), status: report.Compliant},
	{cell: "AOF, RDB not known", edit: backups(later[bool](), known(true)), status: report.Compliant},
	{cell: "Standard", edit: standard, status: report.NotApplicable},
	{cell: "Basic", edit: basic, status: report.NotApplicable},
	{cell: "RDB off, AOF not known", edit: backups(known(false), unknown[bool](posture.ReasonWriteOnly)), status: report.Unknown,
		reason: posture.ReasonWriteOnly},
	{cell: "RDB not known, AOF off", edit: backups(later[bool](), known(false)), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
	{cell: "tier not known", edit: tierUnknown, status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "tier not known, RDB on", edit: all(tierUnknown, backups(known(true), unset[bool]())), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
}

func windows(v posture.Value[int]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.MaintenanceWindows = v }
}

var patchRows = []row{
	{cell: "no window", edit: nothing, status: report.NonCompliant, level: report.Info},
	{cell: "an empty list of windows", edit: windows(known(0)), status: report.NonCompliant},
	{cell: "a window", edit: windows(known(1)), status: report.Compliant},
	{cell: "not known", edit: windows(later[int]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
}

func channel(v posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.UpdateChannel = v }
}

var channelRows = []row{
	{cell: "not set", edit: nothing, status: report.Compliant, level: report.Info},
	{cell: "Stable", edit: channel(known("Stable")), status: report.Compliant},
	{cell: "Preview", edit: channel(known("Preview")), status: report.NonCompliant, says: []string{"Preview"}},
	{cell: "Preview in another case", edit: channel(known("preview")), status: report.NonCompliant},
	{cell: "none that is documented", edit: channel(known("Canary")), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "not known", edit: channel(later[string]()), status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "not observed", edit: channel(posture.Unknown[string](posture.ReasonNotObserved, "updateChannel")), status: report.Unknown,
		reason: posture.ReasonNotObserved},
}

var keyRows = []row{
	{cell: "an output takes a key", edit: takers("output.redis"), status: report.NonCompliant, level: report.Warning,
		says: []string{"output.redis"}},
	{cell: "a resource takes a key, others not observed", edit: all(takers("azurerm_linux_web_app.app"), keysUnseen),
		status: report.NonCompliant, says: []string{"azurerm_linux_web_app.app"}},
	{cell: "nothing takes a key", edit: nothing, status: report.Compliant},
	{cell: "not observed", edit: keysUnseen, status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "an output may take a key of this cache", edit: func(c *posture.Cache) {
		c.KeyConsumers.Doubts = []posture.Doubt{{Address: "output.keys", Reason: posture.ReasonUnresolvedReference}}
	}, status: report.Unknown, reason: posture.ReasonUnresolvedReference, says: []string{"output.keys"}},
}

func takers(addresses ...string) func(*posture.Cache) {
	return func(c *posture.Cache) { c.KeyConsumers.Items = addresses }
}

func keysUnseen(c *posture.Cache) { c.KeyConsumers.Observed = false }

// The retirement of a cache names a size of the successor only where the size today is known.
func TestRetirementOfUnknownSize(t *testing.T) {
	for name, edit := range map[string]func(*posture.Cache){
		"capacity":     func(c *posture.Cache) { c.Capacity = later[int]() },
		"shards":       func(c *posture.Cache) { c.ShardCount = later[int]() },
		"a large P":    func(c *posture.Cache) { c.Capacity = known(9) },
		"C of Premium": func(c *posture.Cache) { c.Family = known("C") },
	} {
		c := plain()
		edit(c)
		f := lookup(t, documents.Evaluate(c, baseline.Options{}), "advisory/retirement")
		if f.Status != report.NonCompliant || strings.Contains(f.Message, "Balanced") || strings.Contains(f.Message, "tables") {
			t.Errorf("%s: %s, %s", name, f.Status, f.Message)
		}
	}
}
