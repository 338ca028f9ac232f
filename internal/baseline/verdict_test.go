package baseline_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// row is one clause of the table of verdicts: what is changed about the plain
// cache, and what must be said about it.
type row struct {
	cell   string // the clause, in the table's words
	edit   func(c *posture.Cache)
	status report.Status
	reason posture.Reason  // of unknown verdicts
	level  report.Severity // of advisories whose level varies
	says   []string        // what the message must name
}

// plain is a Premium cache that a complete plan creates in the public cloud,
// with nothing set and nothing around it.
func plain() *posture.Cache {
	return &posture.Cache{
		Address:  "azurerm_redis_cache.orders",
		Name:     posture.Known("redis-orders", "name"),
		Type:     service.Redis.Type,
		Location: posture.Known("westeurope", "location"),
		Change:   posture.ChangeCreate,

		ResourceID: posture.Unknown[string](posture.ReasonKnownAfterApply, "id"),
		Tier:       posture.Known("Premium", "sku_name"),
		Family:     posture.Known("P", "family"),
		Capacity:   posture.Known(1, "capacity"),
		ShardCount: posture.Unset[int]("shard_count"),

		SubnetID:                posture.Unset[string]("subnet_id"),
		PublicNetworkAccess:     posture.Unset[bool]("public_network_access_enabled"),
		NonTLSPort:              posture.Unset[bool]("non_ssl_port_enabled"),
		MinimumTLSVersion:       posture.Unset[string]("minimum_tls_version"),
		AuthenticationRequired:  posture.Unset[bool]("redis_configuration[0].authentication_enabled"),
		EntraAuthentication:     posture.Unset[bool]("redis_configuration[0].active_directory_authentication_enabled"),
		AccessKeyAuthentication: posture.Unset[bool]("access_keys_authentication_enabled"),

		RDBBackup:                      posture.Unset[bool]("redis_configuration[0].rdb_backup_enabled"),
		AOFBackup:                      posture.Unset[bool]("redis_configuration[0].aof_backup_enabled"),
		PersistenceAuthentication:      posture.Unset[string]("redis_configuration[0].data_persistence_authentication_method"),
		MaxmemoryReserved:              posture.Unset[int]("redis_configuration[0].maxmemory_reserved"),
		MaxfragmentationmemoryReserved: posture.Unset[int]("redis_configuration[0].maxfragmentationmemory_reserved"),

		Zones:                 posture.Unset[[]string]("zones"),
		ZonalAllocationPolicy: posture.Unset[string]("zonalAllocationPolicy"),
		RedisVersion:          posture.Unset[string]("redis_version"),
		UpdateChannel:         posture.Unset[string]("updateChannel"),
		MaintenanceWindows:    posture.Unset[int]("patch_schedule"),

		PrivateEndpoints:        posture.Set[posture.PrivateEndpoint]{Observed: true},
		DiagnosticSettings:      posture.Set[posture.DiagnosticSetting]{Observed: true},
		FirewallRules:           posture.Set[posture.FirewallRule]{Observed: true},
		PolicyAssignments:       posture.Set[posture.PolicyAssignment]{},
		AccessPolicyAssignments: posture.Set[posture.AccessPolicyAssignment]{Observed: true},
		KeyConsumers:            posture.Set[string]{Observed: true},
	}
}

func known[T any](v T) posture.Value[T] { return posture.Known(v, "attribute") }
func unset[T any]() posture.Value[T]    { return posture.Unset[T]("attribute") }
func unknown[T any](why posture.Reason) posture.Value[T] {
	return posture.Unknown[T](why, "attribute")
}

// later is a value that exists only after apply.
func later[T any]() posture.Value[T] { return unknown[T](posture.ReasonKnownAfterApply) }

func all(edits ...func(*posture.Cache)) func(*posture.Cache) {
	return func(c *posture.Cache) {
		for _, edit := range edits {
			edit(c)
		}
	}
}

const (
	subnet        = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/redis"
	classicSubnet = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ClassicNetwork/virtualNetworks/v/subnets/redis"
)

func nothing(*posture.Cache)         {}
func injected(c *posture.Cache)      { c.SubnetID = known(subnet) }
func subnetUnknown(c *posture.Cache) { c.SubnetID = later[string]() }
func standard(c *posture.Cache)      { c.Tier, c.Family = known("Standard"), known("C") }
func basic(c *posture.Cache)         { c.Tier, c.Family = known("Basic"), known("C") }
func public(c *posture.Cache)        { c.PublicNetworkAccess = known(true) }
func private(c *posture.Cache)       { c.PublicNetworkAccess = known(false) }

// lookup returns the finding of a rule.
func lookup(t *testing.T, judged report.Cache, id string) report.Finding {
	t.Helper()
	for _, findings := range [][]report.Finding{judged.Features, judged.Advisories} {
		for _, f := range findings {
			if f.ID == id {
				return f
			}
		}
	}
	t.Fatalf("no finding for %s", id)
	return report.Finding{}
}

func (r row) run(t *testing.T, id string) { r.runOn(t, plain(), id) }

// runOn judges a cache, once it is edited, by the document for its service.
func (r row) runOn(t *testing.T, c *posture.Cache, id string) {
	t.Helper()
	r.edit(c)
	f := lookup(t, documents.Evaluate(c, baseline.Options{}), id)
	if f.Status != r.status {
		t.Fatalf("status %s (%s), want %s", f.Status, f.Message, r.status)
	}
	switch {
	case r.status != report.Unknown && f.Reason != nil:
		t.Errorf("a decided verdict has the reason %s", *f.Reason)
	case r.status == report.Unknown && r.reason == "":
		t.Fatal("the row names no reason")
	case r.status == report.Unknown && (f.Reason == nil || *f.Reason != string(r.reason)):
		t.Errorf("reason %v, want %s (%s)", deref(f.Reason), r.reason, f.Message)
	}
	if r.level != "" {
		if f.Severity != r.level {
			t.Errorf("level %s, want %s", f.Severity, r.level)
		}
	}
	for _, s := range r.says {
		if !strings.Contains(f.Message, s) {
			t.Errorf("message %q does not name %q", f.Message, s)
		}
	}
	wellWritten(t, f)
	why := documents.For(c.Type).Entry(id).Why
	if f.Status == report.NonCompliant && strings.Contains(strings.ToLower(why), strings.ToLower(f.Message)) {
		t.Errorf("a diagnostic, which shows the message and then why, would say %q twice", f.Message)
	}
}

// wellWritten holds messages to the form that all faces rely on.
func wellWritten(t *testing.T, f report.Finding) {
	t.Helper()
	if f.Message == "" || f.Evidence == nil {
		t.Fatal("a finding has a message and a list of evidence")
	}
	if strings.HasSuffix(f.Message, ".") || strings.Contains(f.Message, "  ") || strings.Contains(f.Message, "%!") {
		t.Errorf("message %q is badly written", f.Message)
	}
	if (f.Headline != "") != (f.Status == report.NonCompliant) {
		t.Errorf("headline %q of a verdict that is %s", f.Headline, f.Status)
	}
	if f.Headline != "" && (unicode.IsUpper(rune(f.Headline[0])) || strings.HasSuffix(f.Headline, ".")) {
		t.Errorf("headline %q is no predicate", f.Headline)
	}
	for _, e := range f.Evidence {
		if e.Path == "" {
			t.Errorf("evidence without a path in %q", f.Message)
		}
		if hidden := e.State == report.EvidenceUnknown || e.State == report.EvidenceSensitive; hidden == (e.Value != nil) {
			t.Errorf("evidence %s is %s with the value %s", e.Path, e.State, e.Value)
		}
	}
}

func deref(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}

// columns are the non-empty cells of the table of features.
var columns = map[string][]report.Status{
	"NS-1/virtual-network-integration":    {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"NS-1/network-security-group-support": {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"NS-2/azure-private-link":             {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"NS-2/disable-public-network-access":  {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"IM-1/local-authentication-methods":   {report.Compliant, report.NonCompliant, report.Unknown},
	"DP-3/data-in-transit-encryption":     {report.Compliant, report.NonCompliant, report.Unknown},
	"DP-4/platform-key-encryption":        {report.Compliant},
	"AM-2/azure-policy-support":           {report.Compliant, report.NonCompliant, report.Unknown},
	"LT-4/azure-resource-logs":            {report.Compliant, report.NonCompliant, report.Unknown},

	"IM-1/azure-ad-authentication":          {report.NotSupported},
	"IM-3/managed-identities":               {report.NotSupported},
	"IM-3/service-principals":               {report.NotSupported},
	"IM-7/conditional-access":               {report.NotSupported},
	"IM-8/key-vault-credentials":            {report.NotSupported},
	"PA-1/local-admin-accounts":             {report.NotSupported},
	"PA-7/azure-rbac":                       {report.NotSupported},
	"PA-8/customer-lockbox":                 {report.NotSupported},
	"DP-1/sensitive-data-discovery":         {report.NotSupported},
	"DP-2/data-leakage-prevention":          {report.NotSupported},
	"DP-5/customer-managed-key-encryption":  {report.NotSupported},
	"DP-6/key-vault-key-management":         {report.NotSupported},
	"DP-7/key-vault-certificate-management": {report.NotSupported},
	"LT-1/microsoft-defender":               {report.NotSupported},
	"BR-1/azure-backup":                     {report.NotSupported},
	"BR-1/service-native-backup":            {report.NotSupported},
}

// featureRows are the rows of every feature.
func featureRows() map[string][]row {
	rows := map[string][]row{
		"NS-1/virtual-network-integration":    virtualNetworkRows,
		"NS-1/network-security-group-support": slices.Concat(securityGroupRows, securityRuleRows, oddSecurityRuleRows),
		"NS-2/azure-private-link":             privateLinkRows,
		"NS-2/disable-public-network-access":  publicAccessRows,
		"IM-1/local-authentication-methods":   localAuthenticationRows,
		"DP-3/data-in-transit-encryption":     transitRows,
		"DP-4/platform-key-encryption":        platformKeyRows,
		"AM-2/azure-policy-support":           policyRows,
		"LT-4/azure-resource-logs":            resourceLogRows,
	}
	for id, statuses := range columns {
		if slices.Equal(statuses, []report.Status{report.NotSupported}) {
			rows[id] = []row{
				{cell: "never anything else: nothing set", edit: nothing, status: report.NotSupported},
				{cell: "never anything else: nothing known", edit: func(c *posture.Cache) { *c = posture.Cache{} }, status: report.NotSupported},
				{cell: "never anything else: whatever the service offers since is on", edit: modern, status: report.NotSupported},
			}
		}
	}
	return rows
}

// modern uses all that the service has learned since the article.
func modern(c *posture.Cache) {
	c.EntraAuthentication, c.AccessKeyAuthentication = known(true), known(false)
	c.RDBBackup, c.PersistenceAuthentication = known(true), known("ManagedIdentity")
	c.AccessPolicyAssignments.Items = []posture.AccessPolicyAssignment{{PolicyName: known("Data Reader")}}
}

func TestVerdicts(t *testing.T) {
	for id, rows := range featureRows() {
		t.Run(id, func(t *testing.T) {
			for _, r := range rows {
				t.Run(string(r.status)+": "+r.cell, func(t *testing.T) { r.run(t, id) })
			}
		})
	}
}

func TestAdvisories(t *testing.T) {
	for id, rows := range advisoryRows() {
		t.Run(id, func(t *testing.T) {
			for _, r := range rows {
				t.Run(string(r.status)+": "+r.cell, func(t *testing.T) { r.run(t, id) })
			}
		})
	}
}

// TestEveryCellHasARow counts the cells that the rows cover, and finds those
// that they miss.
func TestEveryCellHasARow(t *testing.T) {
	rows := featureRows()
	cells, clauses := 0, 0
	for i := range azureCache.Features {
		id := azureCache.Features[i].ID
		if len(columns[id]) == 0 {
			t.Errorf("%s is not in the table", id)
		}
		seen := map[report.Status]bool{}
		for _, r := range rows[id] {
			seen[r.status] = true
			clauses++
			if !slices.Contains(columns[id], r.status) {
				t.Errorf("%s: the table has no column %s", id, r.status)
			}
		}
		for _, status := range columns[id] {
			if !seen[status] {
				t.Errorf("%s: no row for %s", id, status)
			}
			cells++
		}
	}
	if len(columns) != 25 || cells != 45 {
		t.Errorf("%d features with %d cells, want 25 with 45", len(columns), cells)
	}
	advisories := 0
	for i := range azureCache.Advisories {
		id := azureCache.Advisories[i].ID
		seen := map[report.Status]bool{}
		for _, r := range advisoryRows()[id] {
			seen[r.status] = true
			advisories++
		}
		want := []report.Status{report.NonCompliant, report.Compliant, report.Unknown}
		if id == "advisory/retirement" {
			want = []report.Status{report.NonCompliant}
		}
		for _, status := range want {
			if !seen[status] {
				t.Errorf("%s: no row for %s", id, status)
			}
		}
	}
	t.Logf("%d cells of the table of features, %d rows; %d rows of advisories", cells, clauses, advisories)
}
