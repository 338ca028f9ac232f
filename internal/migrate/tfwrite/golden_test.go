package tfwrite_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/tfwrite"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

var update = flag.Bool("update", false, "write the golden files")

// hidden is a value that nothing that is written may hold.
const hidden = "CANARY"

// estates are caches of which the configuration is compared with a golden file.
var estates = map[string]func() []tfwrite.Cache{
	// One cache with everything around it in the same configuration.
	"one_cache": func() []tfwrite.Cache {
		return []tfwrite.Cache{classic("Premium P1", "Balanced_B5",
			blockedBy("Virtual network injection", "?Keyspace notifications"),
			endpointIn("azurerm_private_endpoint.orders", "azurerm_subnet.endpoints.id", posture.DNSZone{Linked: posture.Known(true, "zone")}),
			endpointIn("azurerm_private_endpoint.other", subnetID),
			logsTo("azurerm_monitor_diagnostic_setting.orders",
				posture.Known("azurerm_log_analytics_workspace.logs.id", "log_analytics_workspace_id"), posture.Unset[string]("storage_account_id"),
				posture.Known("data.azurerm_eventhub_namespace_authorization_rule.logs.id", "eventhub_authorization_rule_id")),
			granted("azurerm_redis_cache_access_policy_assignment.app", "Data Contributor", "azurerm_user_assigned_identity.app.principal_id"),
			granted(`azurerm_redis_cache_access_policy_assignment.people["ann"]`, "Data Reader", appID),
			setting(migrate.Persistence, "RDB"), setting(migrate.PersistenceFrequency, "6h"),
			tags(map[string]string{"env": `${file("/etc/passwd")} %{ if true }"x"` + "\n", "cost center": "42", "secret": hidden})).cache()}
	},
	// A pair of which one lies in a module, and a cache of the Enterprise tiers.
	"pair_and_enterprise": func() []tfwrite.Cache {
		return []tfwrite.Cache{
			classic("Premium P2", "Balanced_B20", at(`module.shop["eu"].azurerm_redis_cache.this`, "redis-eu"),
				setting(migrate.GeoReplicationGroup, "redis-eu"), partners(inGroup+"/providers/microsoft.cache/redis/redis-us"),
				endpointIn(`module.shop["eu"].azurerm_private_endpoint.this`, `module.shop["eu"].azurerm_subnet.redis.id`),
				granted(`module.shop["eu"].azurerm_redis_cache_access_policy_assignment.app`, "Data Owner",
					`module.shop["eu"].azurerm_user_assigned_identity.app.principal_id`)).cache(),
			classic("Premium P1", "Balanced_B10", at(`azurerm_redis_cache.us[0]`, "redis-us"),
				partners(`module.shop["eu"].azurerm_redis_cache.this`)).cache(),
			enterprise("Enterprise_E10", "Balanced_B20", at("azurerm_redis_enterprise_cluster.search", "search"),
				setting(migrate.Modules, "RediSearch,RedisJSON"), setting(migrate.EvictionPolicy, "NoEviction"),
				setting(migrate.CustomerManagedKey, "true"),
				func(s *situation) { s.move.Paths = []migrate.Path{{ID: migrate.InPlace}} }).cache(),
		}
	},
	// Caches of which little is known, or nothing that may be printed.
	"unknown": func() []tfwrite.Cache {
		s := classic("", "", unknownSize("The size is not known: ask listSkusForScaling."), setting(migrate.HighAvailability, ""),
			setting(migrate.ClusteringPolicy, ""), setting(migrate.Persistence, ""), setting(migrate.EvictionPolicy, ""),
			setting(migrate.Modules, ""),
			setting(migrate.CustomerManagedKey, ""), setting(migrate.GeoReplicationGroup, ""),
			logsTo("", posture.Unknown[string](posture.ReasonKnownAfterApply, "properties.workspaceId"),
				posture.Known(hidden, "properties.storageAccountId").Sensitive()))
		s.old = posture.Cache{Address: s.old.Address, Type: s.old.Type, DiagnosticSettings: s.old.DiagnosticSettings,
			Name:      posture.Known(hidden, "name").Sensitive(),
			Migration: posture.Migration{Tags: posture.Known(map[string]string{"env": hidden}, "tags").Sensitive()}}
		s.old.PrivateEndpoints.Items = []posture.PrivateEndpoint{{SubnetID: posture.Known(hidden, "subnet_id").Sensitive()}}
		s.old.AccessPolicyAssignments.Items = []posture.AccessPolicyAssignment{
			{ObjectID: posture.Known(hidden, "object_id")}, {ObjectID: posture.Known(appID, "object_id").Sensitive()}}
		s.move.DisplayName = "azurerm_redis_cache.orders"
		return []tfwrite.Cache{s.cache()}
	},
}

func TestGolden(t *testing.T) {
	for name, caches := range estates {
		for _, dialect := range []posture.Dialect{posture.DialectAzurerm, posture.DialectAzapi} {
			t.Run(name+"_"+string(dialect), func(t *testing.T) {
				set := written(t, dialect, caches()...)
				got := &txtar.Archive{}
				for _, f := range set.Files {
					got.Files = append(got.Files, txtar.File{Name: f.Name, Data: f.Content})
				}
				text := txtar.Format(got)
				file := filepath.Join("testdata", name+"_"+string(dialect)+".txtar")
				if *update {
					if err := os.WriteFile(file, text, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(text)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// written is the set of caches, of which every file is checked.
func written(t *testing.T, dialect posture.Dialect, caches ...tfwrite.Cache) *tfwrite.Set {
	t.Helper()
	set, err := tfwrite.New(caches, tfwrite.Options{Dialect: dialect, Tags: []string{"env", "cost center"}})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range set.Files {
		file, diagnostics := hclsyntax.ParseConfig(f.Content, f.Name, hcl.InitialPos)
		if diagnostics.HasErrors() {
			t.Fatalf("%s\n%s", diagnostics, f.Content)
		}
		if formatted := hclwrite.Format(f.Content); !bytes.Equal(formatted, f.Content) {
			t.Errorf("%s is not formatted", f.Name)
		}
		if bytes.Contains(f.Content, []byte(hidden)) {
			t.Errorf("%s holds what may not be written:\n%s", f.Name, f.Content)
		}
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			if key := fmt.Sprint(b.Type, b.Labels); seen[key] {
				t.Errorf("%s is written twice", key)
			} else {
				seen[key] = true
			}
		}
	}
	return set
}

// Names, labels and files are each given once, and are allowed.
func TestNames(t *testing.T) {
	long := strings.Repeat("abc-", 15) + "end"
	var caches []tfwrite.Cache
	for _, c := range []struct{ address, name string }{
		{"azurerm_redis_cache.orders", "orders"}, {"azapi_resource.orders", "ORDERS"}, {`azurerm_redis_cache.each["a.b"]`, "a"},
		{`azurerm_redis_cache.each["a-b"]`, "b"}, {"module.m.azurerm_redis_cache.orders", "c"}, {`module.m["x"].azurerm_redis_cache.orders`, "d"},
		{"azurerm_redis_cache.Orders", "e"}, {"", long}, {"", long + "2"}, {"", "2 words"}, {"", "2--words"},
		{"azurerm_redis_cache.orders_amr", "orders-amr"},
	} {
		s := classic("Standard C1", "Balanced_B1", at(c.address, c.name))
		if c.name == "orders-amr" {
			s.move.State = migrate.Moved
			s.old.Address = "azurerm_managed_redis.orders_amr"
		}
		caches = append(caches, s.cache())
	}
	for _, dialect := range []posture.Dialect{posture.DialectAzurerm, posture.DialectAzapi} {
		first := written(t, dialect, caches...)
		slices.Reverse(caches)
		second := written(t, dialect, caches...)
		if diff := cmp.Diff(first, second, cmp.AllowUnexported(tfwrite.Set{})); diff != "" {
			t.Errorf("the order of caches changes what is written:\n%s", diff)
		}
		files, names := map[string]bool{}, map[string]bool{}
		for _, f := range first.Files {
			if files[strings.ToLower(f.Name)] {
				t.Errorf("two files %s", f.Name)
			}
			files[strings.ToLower(f.Name)] = true
			parsed, _ := hclsyntax.ParseConfig(f.Content, f.Name, hcl.InitialPos)
			for _, b := range parsed.Body.(*hclsyntax.Body).Blocks {
				if b.Type != "resource" || b.Labels[0] != "azurerm_managed_redis" {
					continue
				}
				value, _ := b.Body.Attributes["name"].Expr.Value(nil)
				name := value.AsString()
				allowed := len(name) <= 60 && !strings.Contains(name, "--") && strings.Trim(name, "-") == name
				if names[strings.ToLower(name)] || name == "orders-amr" || !allowed {
					t.Errorf("the name %q is taken or not allowed", name)
				}
				names[strings.ToLower(name)] = true
			}
		}
		if dialect == posture.DialectAzurerm && len(names) != len(caches)-1 {
			t.Errorf("%d caches are written, want %d", len(names), len(caches)-1)
		}
	}
}

// What was written before is written again, under the same names, once it is there.
func TestWrittenAgain(t *testing.T) {
	for _, dialect := range []posture.Dialect{posture.DialectAzurerm, posture.DialectAzapi} {
		typ := map[posture.Dialect]string{posture.DialectAzurerm: "azurerm_managed_redis", posture.DialectAzapi: "azapi_resource"}[dialect]
		old := classic("Standard C1", "Balanced_B1")
		follower := classic("Balanced_B1", "", at(typ+".orders_amr", "redis-orders-amr"),
			endpointIn("azurerm_private_endpoint.orders_amr", subnetID), func(s *situation) { s.move.State = migrate.Moved })
		first, again := written(t, dialect, old.cache()), written(t, dialect, old.cache(), follower.cache())
		if diff := cmp.Diff(first, again, cmp.AllowUnexported(tfwrite.Set{})); diff != "" {
			t.Error(diff)
		}
	}
}

// A second link of a zone that somebody deleted stays away while its private endpoint is
// there; another one that is needed is added.
func TestDeletedLink(t *testing.T) {
	for _, dialect := range []posture.Dialect{posture.DialectAzurerm, posture.DialectAzapi} {
		network := func(name string) func(*situation) {
			return endpointIn("azurerm_private_endpoint."+name, strings.Replace(subnetID, "/virtualNetworks/", "/virtualNetworks/"+name, 1))
		}
		cache := func(name string) tfwrite.Cache {
			return classic("Standard C1", "Balanced_B1", at("azurerm_redis_cache."+name, "redis-"+name), network(name)).cache()
		}
		dir := t.TempDir()
		if err := written(t, dialect, cache("a"), cache("b")).Write(dir, tfwrite.Refuse); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "managed_redis.tf")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := hclwrite.ParseConfig(text, path, hcl.InitialPos)
		links := 0
		for _, b := range f.Body().Blocks() {
			if b.Type() == "resource" && strings.Contains(b.Labels()[1], "vnet") {
				if links++; links == 2 {
					f.Body().RemoveBlock(b)
				}
			}
		}
		if links != 2 {
			t.Fatalf("%s: %d links in\n%s", dialect, links, text)
		}
		if err := os.WriteFile(path, f.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		again := written(t, dialect, cache("a"), cache("b"))
		if err := again.Write(dir, tfwrite.Add); err != nil || len(again.Files) > 0 {
			t.Errorf("%s: %v, %d files were written", dialect, err, len(again.Files))
		}
		more := written(t, dialect, cache("a"), cache("b"), cache("c"))
		if err := more.Write(dir, tfwrite.Add); err != nil {
			t.Error(err)
		}
		text, err = os.ReadFile(path)
		kept := func(network string) bool {
			return bytes.Contains(text, []byte("\" \"managed_redis_"+network)) ||
				bytes.Contains(text, []byte("\" \"managed_redis_zone_"+network))
		}
		if err != nil || !kept("avnet") || kept("bvnet") || !kept("cvnet") {
			t.Errorf("%s: %v, other links in\n%s", dialect, err, text)
		}
	}
}

// Text of an input is never read as configuration.
func TestHostileText(t *testing.T) {
	const hostile = "x\"\n}\nresource \"evil\" \"evil\" {\n\u2028\x1b[31m*/ ${file(\"/etc/passwd\")}"
	s := classic("Standard C1", "Balanced_B1", blockedBy(hostile), unknownSize(hostile), partners(hostile),
		tags(map[string]string{"env": hostile}),
		endpointIn(hostile, hostile), logsTo(hostile, posture.Known(hostile, "log_analytics_workspace_id")), granted(hostile, hostile, hostile))
	s.old.Address, s.move.DisplayName = hostile, hostile
	s.old.Name, s.old.ResourceGroup, s.old.Location = posture.Known(hostile, "name"), posture.Known(hostile, "g"), posture.Known(hostile, "l")
	s.move.Target.Known, s.move.Target.Size.SKU = true, hostile
	s.move.Paths = []migrate.Path{{ID: migrate.InPlace}}
	for _, dialect := range []posture.Dialect{posture.DialectAzurerm, posture.DialectAzapi} {
		for _, f := range written(t, dialect, s.cache()).Files {
			parsed, _ := hclsyntax.ParseConfig(f.Content, f.Name, hcl.InitialPos)
			for _, b := range parsed.Body.(*hclsyntax.Body).Blocks {
				if b.Labels[0] == "evil" {
					t.Errorf("text became a block:\n%s", f.Content)
				}
			}
			if bytes.ContainsAny(f.Content, "\x1b\u2028") {
				t.Errorf("control characters in %s:\n%s", f.Name, f.Content)
			}
		}
	}
}

func TestLeftOut(t *testing.T) {
	s := classic("", "")
	s.move.State, s.move.Target = migrate.Unknown, nil
	set := written(t, posture.DialectAzurerm, s.cache())
	if len(set.Files) > 0 || len(set.Notes) != 1 {
		t.Errorf("%d files, notes %q", len(set.Files), set.Notes)
	}
	if _, err := tfwrite.New(nil, tfwrite.Options{Dialect: posture.DialectAz}); err == nil {
		t.Error("no error for a dialect that cannot be written")
	}
}

// BenchmarkNew writes a large estate.
func BenchmarkNew(b *testing.B) {
	var caches []tfwrite.Cache
	for i := range 10000 {
		name := fmt.Sprintf("redis-%d", i)
		caches = append(caches, classic("Premium P1", "Balanced_B5", at(fmt.Sprintf("azurerm_redis_cache.all[%d]", i), name),
			endpointIn(fmt.Sprintf("azurerm_private_endpoint.all[%d]", i), fmt.Sprintf("%s%d", subnetID, i)),
			granted("", "Data Owner", appID)).cache())
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tfwrite.New(caches, tfwrite.Options{Dialect: posture.DialectAzurerm}); err != nil {
			b.Fatal(err)
		}
	}
}
