package tfplan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

const (
	managedType  = "Microsoft.Cache/redisEnterprise"
	managedA     = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/" + managedType + "/a"
	managedB     = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/" + managedType + "/b"
	inGroup      = "/subscriptions/" + subscription + "/resourceGroups/rg"
	managedCache = "azurerm_managed_redis.a"
	clusterAt    = "azapi_resource.a"
	databaseAt   = "azapi_resource.d"
)

// inWord is a fact in one word: its value, unset, or why it is not known.
func inWord[T any](v posture.Value[T]) string {
	switch {
	case v.IsUnset():
		return "unset"
	case v.IsUnknown():
		return string(v.Why())
	default:
		return fmt.Sprint(v.V)
	}
}

// managedFacts words what only a cache of Azure Managed Redis has.
func managedFacts(c *posture.Cache) string {
	return fmt.Sprintf("public=%s ha=%s cmk=%s db=%s protocol=%s keys=%s rdb=%s group=%s replicas=%s", inWord(c.PublicNetworkAccess),
		inWord(c.HighAvailability), inWord(c.CustomerManagedKey), inWord(c.HasDatabase), inWord(c.ClientProtocol),
		inWord(c.AccessKeyAuthentication), inWord(c.RDBBackup), inWord(c.GeoReplicationGroup), inWord(c.GeoReplicas))
}

func defaultDatabase(more m) m {
	return with(m{"client_protocol": "Encrypted", "access_keys_authentication_enabled": false, "clustering_policy": "OSSCluster",
		"geo_replication_group_name": nil, "module": []any{}, "persistence_redis_database_backup_frequency": nil,
		"persistence_append_only_file_backup_frequency": nil}, more)
}

// newManaged is an azurerm_managed_redis of azurerm 5.
func newManaged(name string, databases ...any) m {
	return m{"name": name, "resource_group_name": "rg", "location": "westeurope", "sku_name": "Balanced_B5", "high_availability_enabled": true,
		"public_network_access": "Disabled", "customer_managed_key": []any{}, "identity": []any{}, "default_database": databases}
}

func clusterOf(version string, properties m) m {
	return m{"type": managedType + "@" + version, "name": "a", "parent_id": inGroup, "location": "westeurope",
		"body": m{"sku": m{"name": "Balanced_B5"}, "properties": properties}}
}

func databaseOf(version string, properties m) m {
	return m{"type": managedType + "/databases@" + version, "name": "default", "body": m{"properties": properties}}
}

// apart is a plan that makes a cluster and a database by azapi, in one version.
func apart(version string, clusterProperties, databaseProperties m) *synth {
	s := newSynth().change(clusterAt, "create", nil, clusterOf(version, clusterProperties), m{"id": true}).
		change(databaseAt, "create", nil, databaseOf(version, databaseProperties), m{"id": true, "parent_id": true})
	s.root.resource(clusterAt, m{})
	s.root.resource(databaseAt, m{"parent_id": refs(clusterAt + ".id")})
	return s
}

func TestManagedRedis(t *testing.T) {
	const (
		unseen = "protocol=not_observed keys=not_observed rdb=not_observed group=not_observed replicas=not_observed"
		alone  = "public=known_after_apply ha=unset cmk=unset db="
	)
	update := func(typ string, after m) *synth {
		return newSynth().change("azapi_update_resource.u", "create", nil, with(m{"type": managedType + typ}, after), m{"id": true})
	}
	without := with(newManaged("a", defaultDatabase(nil)), m{})
	delete(without, "public_network_access")
	tests := map[string]struct {
		plan    *synth
		address string
		want    string
	}{
		"azurerm": {newSynth().change(managedCache, "create", nil, newManaged("a", defaultDatabase(nil)), m{"id": true}), managedCache,
			"public=false ha=true cmk=unset db=true protocol=Encrypted keys=false rdb=unset group=unset replicas=not_observed"},
		"azurerm 4.50": {newSynth().change(managedCache, "create", nil, without, m{"id": true}), managedCache,
			"public=unset ha=true cmk=unset db=true protocol=Encrypted keys=false rdb=unset group=unset replicas=not_observed"},
		"azurerm, database not known": {newSynth().change(managedCache, "update", with(newManaged("a", defaultDatabase(nil)), m{"id": managedA}),
			with(newManaged("a"), m{"id": managedA, "default_database": nil}), m{"default_database": true}), managedCache,
			"public=false ha=true cmk=unset db=known_after_apply protocol=known_after_apply keys=known_after_apply rdb=known_after_apply " +
				"group=known_after_apply replicas=known_after_apply"},
		"azurerm, database removed": {newSynth().change(managedCache, "update", with(newManaged("a", defaultDatabase(nil)), m{"id": managedA}),
			with(newManaged("a"), m{"id": managedA}), m{}), managedCache, "public=false ha=true cmk=unset db=unset " + unseen},
		"azapi": {apart("2025-07-01", m{"publicNetworkAccess": "disabled"}, m{"clientProtocol": "Plaintext",
			"persistence": m{"rdbEnabled": true}, "geoReplication": m{"groupNickname": "g", "linkedDatabases": []any{m{"id": "x"}, m{"id": "y"}}}}),
			clusterAt, "public=false ha=unset cmk=unset db=true protocol=Plaintext keys=false rdb=true group=g replicas=2"},
		"azapi, before keys were off": {apart("2025-04-01", m{"publicNetworkAccess": "Disabled"}, m{}), clusterAt,
			"public=unset ha=unset cmk=unset db=true protocol=unset keys=true rdb=unset group=unset replicas=unset"},
		"azapi, a version that lacks the switch of keys": {apart("2024-10-01", m{"highAvailability": "Disabled"},
			m{"accessKeysAuthentication": "Disabled"}), clusterAt,
			"public=unset ha=unset cmk=unset db=true protocol=unset keys=true rdb=unset group=unset replicas=unset"},
		"azapi, no database": {newSynth().change(clusterAt, "create", nil, clusterOf("2025-07-01", m{}), m{"id": true}), clusterAt,
			alone + "unset " + unseen},
		"azapi, an existing cluster": {newSynth().change(clusterAt, "no-op", with(clusterOf("2025-07-01", m{}), m{"id": managedA}),
			with(clusterOf("2025-07-01", m{}), m{"id": managedA}), m{}), clusterAt,
			"public=not_observed ha=not_observed cmk=not_observed db=not_observed " + unseen},
		"azapi, the database destroyed": {newSynth().change(clusterAt, "no-op",
			with(clusterOf("2025-07-01", m{"publicNetworkAccess": "Disabled"}), m{"id": managedA}),
			with(clusterOf("2025-07-01", m{"publicNetworkAccess": "Disabled"}), m{"id": managedA}), m{}).
			change(databaseAt, "delete", with(databaseOf("2025-07-01", m{}),
				m{"parent_id": managedA, "id": managedA + "/databases/default"}), nil, nil),
			clusterAt, "public=false ha=not_observed cmk=not_observed db=unset " + unseen},
		"azapi, the database of an existing cluster": {newSynth().change(clusterAt, "no-op",
			with(clusterOf("2025-07-01", m{}), m{"id": managedA}),
			with(clusterOf("2025-07-01", m{}), m{"id": managedA}), m{}).
			change(databaseAt, "no-op", with(databaseOf("2025-07-01", m{"accessKeysAuthentication": "Enabled"}), m{"parent_id": managedA}),
				with(databaseOf("2025-07-01", m{"accessKeysAuthentication": "Enabled"}), m{"parent_id": managedA}), m{}), clusterAt,
			"public=not_observed ha=not_observed cmk=not_observed db=true protocol=not_observed keys=true rdb=not_observed group=not_observed " +
				"replicas=not_observed"},
		"azapi, a database of some cluster": {newSynth().change(clusterAt, "create", nil, clusterOf("2025-07-01", m{}), m{"id": true}).
			change(databaseAt, "create", nil, databaseOf("2025-07-01", m{}), m{"id": true, "parent_id": true}), clusterAt,
			alone + strings.ReplaceAll("unresolved_reference "+unseen, "not_observed", "unresolved_reference")},
		"a database without its cluster": {newSynth().change(databaseAt, "create", nil, with(databaseOf("2025-07-01",
			m{"clientProtocol": "Plaintext"}), m{"parent_id": managedA}), m{"id": true}), databaseAt,
			"public=not_observed ha=not_observed cmk=not_observed db=true protocol=Plaintext keys=false rdb=unset group=unset replicas=unset"},
		"a database of a data source": {newSynth().change(databaseAt, "create", nil, databaseOf("2025-07-01", m{}),
			m{"id": true, "parent_id": true}), databaseAt,
			"public=not_observed ha=not_observed cmk=not_observed db=true protocol=unset keys=false rdb=unset group=unset replicas=unset"},
		"two databases": {apart("2025-07-01", m{"publicNetworkAccess": "Disabled"}, m{"clientProtocol": "Plaintext"}).
			change("azurerm_redis_enterprise_database.e", "create", nil, m{"client_protocol": "Encrypted", "cluster_id": managedA,
				"clustering_policy": nil, "module": []any{}, "linked_database_id": nil, "linked_database_group_nickname": nil}, m{"id": true}),
			clusterAt,
			"public=false ha=unset cmk=unset db=true protocol=known_after_apply keys=known_after_apply rdb=unset group=unset replicas=unset"},
		"a body that is text": {newSynth().change(clusterAt, "create", nil, with(clusterOf("2025-07-01", nil),
			m{"body": `{"properties": {"publicNetworkAccess": "Enabled"}}`}), m{"id": true}), clusterAt,
			"public=true ha=unset cmk=unset db=unset " + unseen},
		"a body that is no JSON": {newSynth().change(clusterAt, "create", nil, with(clusterOf("2025-07-01", nil), m{"body": "x"}), m{"id": true}),
			clusterAt, "public=removed ha=removed cmk=removed db=unset " + unseen},
		"an api-version of the future": {apart("2099-01-01", m{"publicNetworkAccess": "Enabled"}, m{}), clusterAt,
			"public=true ha=unset cmk=unset db=true protocol=unset keys=false rdb=unset group=unset replicas=unset"},
		"no api-version": {newSynth().change(clusterAt, "create", nil, with(clusterOf("", m{}), m{"type": managedType}), m{"id": true}).
			change(databaseAt, "create", nil, with(databaseOf("", m{}),
				m{"type": managedType + "/databases", "parent_id": managedA}), m{"id": true}),
			clusterAt,
			"public=known_after_apply ha=unset cmk=unset db=true protocol=unset keys=known_after_apply rdb=unset group=unset replicas=unset"},
		"an update of the database": {update("/databases@2025-07-01", m{"resource_id": managedA + "/databases/default",
			"body": m{"properties": m{"clientProtocol": "Plaintext"}}}), "azapi_update_resource.u",
			"public=not_observed ha=not_observed cmk=not_observed db=true " +
				strings.Replace(unseen, "protocol=not_observed", "protocol=Plaintext", 1)},
		"an update of the database by its parent": {update("/databases@2025-07-01", m{"parent_id": managedA, "name": "default",
			"body": m{"properties": m{"accessKeysAuthentication": "Enabled"}}}), "azapi_update_resource.u",
			"public=not_observed ha=not_observed cmk=not_observed db=true " + strings.Replace(unseen, "keys=not_observed", "keys=true", 1)},
		"an update of the cluster": {update("@2025-07-01", m{"resource_id": managedA,
			"body": m{"properties": m{"publicNetworkAccess": "Enabled"}}}), "azapi_update_resource.u",
			"public=true ha=not_observed cmk=not_observed db=not_observed " + unseen},
		"the Enterprise tiers": {newSynth().change("azurerm_redis_enterprise_cluster.a", "create", nil, m{"name": "a",
			"resource_group_name": "rg", "sku_name": "Enterprise_E10-2", "location": "westeurope",
			"minimum_tls_version": "1.2", "zones": nil}, m{"id": true}).
			change("azurerm_redis_enterprise_database.d", "create", nil, m{"name": "default", "client_protocol": "Encrypted", "cluster_id": managedA,
				"clustering_policy": "OSSCluster", "module": []any{}, "linked_database_id": nil, "linked_database_group_nickname": nil}, m{"id": true}),
			"azurerm_redis_enterprise_cluster.a",
			"public=unset ha=unset cmk=unset db=true protocol=Encrypted keys=true rdb=unset group=unset replicas=unset"},
		"the Enterprise tiers, no database": {newSynth().change("azurerm_redis_enterprise_cluster.a", "create", nil, m{"name": "a",
			"resource_group_name": "rg", "sku_name": "Enterprise_E10-2", "location": "westeurope",
			"minimum_tls_version": "1.2", "zones": nil}, m{"id": true}),
			"azurerm_redis_enterprise_cluster.a", "public=unset ha=unset cmk=unset db=not_observed " + unseen},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := tt.plan.read(t)
			if got := managedFacts(cacheAt(t, p, tt.address).After); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
			if p.Len() != 1 {
				t.Errorf("%d caches", p.Len())
			}
		})
	}
}

// TestManagedUpdates: updates of a cluster and of its database change the cache of the plan.
func TestManagedUpdates(t *testing.T) {
	s := apart("2025-07-01", m{"publicNetworkAccess": "Disabled"}, m{"clientProtocol": "Encrypted"}).
		change("azapi_update_resource.u", "create", nil, m{"type": managedType + "/databases@2025-07-01",
			"body": m{"properties": m{"clientProtocol": "Plaintext"}}}, m{"id": true, "resource_id": true})
	s.root.resource("azapi_update_resource.u", m{"resource_id": refs(databaseAt + ".id")})
	if c := one(t, s).After; c.ClientProtocol.V != "Plaintext" || inWord(c.PublicNetworkAccess) != "false" {
		t.Error(managedFacts(c))
	}
}

func TestRecreated(t *testing.T) {
	before := defaultDatabase(m{"geo_replication_group_name": "", "clustering_policy": "NoCluster"})
	for name, tt := range map[string]struct {
		actions         string
		databases, want any
		unknown         m
	}{
		"the same":       {"update", []any{with(before, m{"geo_replication_group_name": nil})}, "unset", m{}},
		"another policy": {"update", []any{with(before, m{"clustering_policy": "OSSCluster"})}, "[default_database.clustering_policy]", m{}},
		"a module":       {"update", []any{with(before, m{"module": []any{m{"name": "RediSearch"}}})}, "[default_database.module]", m{}},
		"a group": {"update", []any{with(before, m{"geo_replication_group_name": "g"})},
			"[default_database.geo_replication_group_name]", m{}},
		"a group unknown": {"update", []any{with(before, m{"geo_replication_group_name": nil})}, "known_after_apply",
			m{"default_database": []any{m{"geo_replication_group_name": true}}}},
		"the protocol":     {"update", []any{with(before, m{"client_protocol": "Plaintext"})}, "unset", m{}},
		"no database":      {"update", []any{}, "[default_database]", m{}},
		"database unknown": {"update", nil, "known_after_apply", m{"default_database": true}},
		"replaced":         {"delete,create", []any{with(before, m{"clustering_policy": "OSSCluster"})}, "unset", m{}},
	} {
		after := with(newManaged("a"), m{"id": managedA, "default_database": tt.databases})
		s := newSynth().change(managedCache, tt.actions, with(newManaged("a", before), m{"id": managedA}), after, tt.unknown)
		if got := inWord(one(t, s).After.Recreated); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	module := func(args string) m {
		return with(newManaged("a", with(before, m{"module": []any{m{"name": "RediSearch", "args": args}}})), m{"id": managedA})
	}
	args := newSynth().change(managedCache, "update", module("A"), module("B"), m{})
	if got := inWord(one(t, args).After.Recreated); got != "[default_database.module]" {
		t.Errorf("arguments of a module: %s", got)
	}
	added := newSynth().change(managedCache, "update", with(newManaged("a"), m{"id": managedA}),
		with(newManaged("a", before), m{"id": managedA}), m{})
	if got := inWord(one(t, added).After.Recreated); got != "unset" {
		t.Errorf("a database that is added: %s", got)
	}
}

// settings words the diagnostic settings of a cache, with ^ before one on the cluster.
func settings(c *posture.Cache) string {
	return links(c.DiagnosticSettings, func(d posture.DiagnosticSetting) string {
		if d.OnCluster {
			return "^" + d.Address
		}
		return d.Address
	})
}

// TestManagedDiagnostics: logs come from the database, metrics from the cluster.
func TestManagedDiagnostics(t *testing.T) {
	const setting = "azurerm_monitor_diagnostic_setting.s"
	logs := m{"name": "s", "enabled_log": []any{m{"category_group": "allLogs"}}, "log_analytics_workspace_id": "/w"}
	for name, tt := range map[string]struct {
		reference, want string
		after           m
	}{
		"the database":       {managedCache + ".default_database[0].id", setting, logs},
		"its whole block":    {managedCache + ".default_database", "?" + setting, logs},
		"the cluster":        {managedCache + ".id", "?" + setting, logs},
		"metrics of it":      {managedCache + ".id", setting, m{"name": "s", "enabled_log": []any{}, "log_analytics_workspace_id": "/w"}},
		"another resource":   {"azurerm_storage_account.x.id", "none", logs},
		"an access policy":   {"azurerm_managed_redis_access_policy_assignment.x.id", "none", logs},
		"something computed": {"local.x", "?" + setting, logs},
	} {
		s := newSynth().change(managedCache, "create", nil, newManaged("a", defaultDatabase(nil)), m{"id": true}).
			change(setting, "create", nil, tt.after, m{"target_resource_id": true})
		s.root.resource(managedCache, m{})
		s.root.resource(setting, m{"target_resource_id": refs(tt.reference)})
		c := one(t, s).After
		if got := settings(c); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	for id, want := range map[string]string{managedA: "^" + setting + " unseen", managedA + "/databases/default": setting + " unseen",
		managedA + "/databases/other": "none unseen"} {
		was := with(newManaged("a", defaultDatabase(nil)), m{"id": managedA})
		s := newSynth().change(managedCache, "no-op", was, was, m{}).change(setting, "create", nil, with(logs, m{"target_resource_id": id}), m{})
		if got := settings(one(t, s).After); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	was := with(newManaged("a", defaultDatabase(nil)), m{"id": managedA})
	on := func(id string) m { return with(logs, m{"target_resource_id": id}) }
	for name, tt := range map[string]struct {
		actions       string
		before, after m
		want, was     string
	}{
		"destroyed on the cluster": {"delete", on(managedA), nil, "none unseen", "^" + setting + " unseen"},
		"moved from it": {"delete,create", on(managedA), on(managedA + "/databases/default"),
			setting + " unseen", "^" + setting + " unseen"},
		"moved to it":                  {"delete,create", on(managedA + "/databases/default"), on(managedA), "^" + setting, setting + " unseen"},
		"unchanged":                    {"no-op", on(managedA), on(managedA), "^" + setting + " unseen", "^" + setting + " unseen"},
		"destroyed on another cluster": {"delete", on(managedB), nil, "none unseen", "none unseen"},
	} {
		s := newSynth().change(managedCache, "no-op", was, was, m{}).change(setting, tt.actions, tt.before, tt.after, m{})
		c := one(t, s)
		if got, before := settings(c.After), settings(c.Before); got != tt.want || before != tt.was {
			t.Errorf("%s: %s, before %s", name, got, before)
		}
	}
	s := apart("2025-07-01", m{}, m{}).change(setting, "create", nil, logs, m{"target_resource_id": true})
	s.root.resource(setting, m{"target_resource_id": refs(databaseAt + ".id")})
	if got := settings(one(t, s).After); got != setting {
		t.Errorf("a database by azapi: %s", got)
	}
}

// TestGeoReplication: both ends of a link count.
func TestGeoReplication(t *testing.T) {
	const link = "azurerm_managed_redis_geo_replication.g"
	estate := func(after, unknown, expressions m) *synth {
		group := m{"geo_replication_group_name": "g"}
		s := newSynth().change(managedCache, "create", nil, newManaged("a", defaultDatabase(group)), m{"id": true}).
			change("azurerm_managed_redis.b", "create", nil, newManaged("b", defaultDatabase(group)), m{"id": true}).
			change(link, "create", nil, after, unknown)
		for _, address := range []string{managedCache, "azurerm_managed_redis.b"} {
			s.root.resource(address, m{})
		}
		s.root.resource(link, expressions)
		return s
	}
	unknown := m{"managed_redis_id": true, "linked_managed_redis_ids": []any{true}}
	a, b := refs(managedCache+".id"), refs("azurerm_managed_redis.b.id")
	for name, tt := range map[string]struct {
		s    *synth
		a, b string
	}{
		"both in the plan": {estate(m{"linked_managed_redis_ids": []any{nil}}, unknown, m{"managed_redis_id": a, "linked_managed_redis_ids": b}),
			"2", "2"},
		"only itself": {estate(m{"linked_managed_redis_ids": []any{nil}}, unknown, m{"managed_redis_id": a, "linked_managed_redis_ids": a}),
			"1", "not_observed"},
		"one outside": {estate(m{"linked_managed_redis_ids": []any{managedB + "x"}}, m{"managed_redis_id": true},
			m{"managed_redis_id": a}), "2", "not_observed"},
		"by known ids": {estate(m{"managed_redis_id": managedA, "linked_managed_redis_ids": []any{managedB}}, m{}, m{}).ofSubscription(),
			"2", "2"},
		"the other not known": {estate(m{"linked_managed_redis_ids": []any{nil}}, unknown,
			m{"managed_redis_id": a, "linked_managed_redis_ids": refs("local.x")}), "2", "unresolved_reference"},
		"none known": {estate(m{}, m{"managed_redis_id": true, "linked_managed_redis_ids": true},
			m{"managed_redis_id": refs("local.x"), "linked_managed_redis_ids": refs("local.y")}), "unresolved_reference", "unresolved_reference"},
	} {
		p := tt.s.read(t)
		gotA, gotB := inWord(cacheAt(t, p, managedCache).After.GeoReplicas), inWord(cacheAt(t, p, "azurerm_managed_redis.b").After.GeoReplicas)
		if gotA != tt.a || gotB != tt.b {
			t.Errorf("%s: %s and %s, want %s and %s", name, gotA, gotB, tt.a, tt.b)
		}
	}
}

// TestManagedAssignments: azurerm grants everything; azapi may grant less.
func TestManagedAssignments(t *testing.T) {
	const assignment = "azurerm_managed_redis_access_policy_assignment.x"
	s := newSynth().change(managedCache, "create", nil, newManaged("a", defaultDatabase(nil)), m{"id": true}).
		change(assignment, "create", nil, m{"object_id": "o"}, m{"managed_redis_id": true, "id": true})
	s.root.resource(managedCache, m{})
	s.root.resource(assignment, m{"managed_redis_id": refs(managedCache + ".id")})
	list := one(t, s).After.AccessPolicyAssignments.Items
	if len(list) != 1 || list[0].PolicyName.V != "default" || !list[0].Permissions.IsUnset() {
		t.Errorf("%+v", list)
	}
	s = apart("2026-09-01", m{}, m{}).change("azapi_resource.x", "create", nil, m{
		"type": managedType + "/databases/accessPolicyAssignments@2026-09-01", "name": "o",
		"body": m{"properties": m{"accessString": "+@all ~*"}}}, m{"parent_id": true})
	s.root.resource("azapi_resource.x", m{"parent_id": refs(databaseAt + ".id")})
	list = one(t, s).After.AccessPolicyAssignments.Items
	if len(list) != 1 || list[0].Permissions.V != "+@all ~*" {
		t.Errorf("azapi: %+v", list)
	}
}

// TestManagedActions: what is sent to the database changes what the database has.
func TestManagedActions(t *testing.T) {
	action := func(after, unknown m) *synth {
		was := with(newManaged("a", defaultDatabase(nil)), m{"id": managedA})
		return newSynth().change(managedCache, "no-op", was, was, m{}).
			change("azapi_resource_action.x", "create", nil, with(m{"type": managedType + "/databases@2025-07-01",
				"resource_id": managedA + "/databases/default"}, after), unknown)
	}
	for name, tt := range map[string]struct {
		s                   *synth
		protocol, keys, had string
	}{
		"PATCH": {action(m{"method": "PATCH", "body": m{"properties": m{"clientProtocol": "Plaintext"}}}, m{}),
			"known_after_apply", "false", "true"},
		"PUT":     {action(m{"method": "PUT", "body": m{}}, m{}), "known_after_apply", "known_after_apply", "known_after_apply"},
		"DELETE":  {action(m{"method": "DELETE"}, m{}), "known_after_apply", "known_after_apply", "known_after_apply"},
		"flush":   {action(m{"method": "POST", "action": "flush"}, m{}), "Encrypted", "false", "true"},
		"unlink":  {action(m{"method": "POST", "action": "forceUnlink"}, m{}), "known_after_apply", "known_after_apply", "known_after_apply"},
		"another": {action(m{"method": "DELETE", "resource_id": managedB + "/databases/default"}, m{}), "Encrypted", "false", "true"},
		"a template": {action(m{"method": "GET"}, m{}).change("azurerm_resource_group_template_deployment.t", "create", nil, m{"name": "t",
			"resource_group_name": "rg", "deployment_mode": "Incremental",
			"template_content": `{"resources": [{"type": "Microsoft.Cache/redisEnterprise/databases", "name": "a/default"}]}`}, m{}).
			ofSubscription(),
			"known_after_apply", "known_after_apply", "known_after_apply"},
	} {
		p := tt.s.read(t)
		c := cacheAt(t, p, managedCache).After
		if inWord(c.ClientProtocol) != tt.protocol || inWord(c.AccessKeyAuthentication) != tt.keys || inWord(c.HasDatabase) != tt.had {
			t.Errorf("%s: %s", name, managedFacts(c))
		}
		if inWord(c.PublicNetworkAccess) != "false" {
			t.Errorf("%s: the cluster is changed: %s", name, managedFacts(c))
		}
		if told := strings.Contains(strings.Join(p.Notes(), " "), "deletes all data"); told != (name == "flush") {
			t.Errorf("%s: notes %v", name, p.Notes())
		}
	}
}

// TestFlushNotes: a flush names the databases that it flushes along.
func TestFlushNotes(t *testing.T) {
	const (
		flush = "azurerm_managed_redis_databases_flush"
		of    = "action." + flush + ".f deletes all data of "
	)
	const source = `
resource "azurerm_managed_redis" "a" {
  default_database {}
}
resource "azurerm_managed_redis" "b" {
  default_database {}
}
action "azurerm_managed_redis_databases_flush" "f" {
  config {
    managed_redis_database_id = azurerm_managed_redis.a.default_database[0].id
    linked_database_ids       = [azurerm_managed_redis.b.default_database[0].id]
  }
}
`
	database := func(id string) string { return id + "/databases/default" }
	elsewhere := database(managedA + "-elsewhere")
	for name, tt := range map[string]struct {
		config, unknown m
		alone, source   string
	}{
		"none": {m{"managed_redis_database_id": managedA}, m{}, managedCache, managedCache},
		"known": {m{"managed_redis_database_id": database(managedA), "linked_database_ids": []any{database(managedB), elsewhere}}, m{},
			managedCache + ", and of the linked azurerm_managed_redis.b, " + elsewhere,
			managedCache + ", and of the linked azurerm_managed_redis.b, " + elsewhere},
		"not known": {m{"linked_database_ids": []any{nil}}, m{"managed_redis_database_id": true, "linked_database_ids": []any{true}},
			"a cache that the plan does not tell, and of the linked databases that the plan does not tell",
			managedCache + ", and of the linked azurerm_managed_redis.b"},
		"the list not known": {m{}, m{"managed_redis_database_id": true, "linked_database_ids": true},
			"a cache that the plan does not tell, and of the linked databases that the plan does not tell",
			managedCache + ", and of the linked databases that the plan does not tell"},
	} {
		for _, text := range []string{"", source} {
			s := newSynth()
			for address, id := range map[string]string{managedCache: managedA, "azurerm_managed_redis.b": managedB} {
				was := with(newManaged(id[len(id)-1:], defaultDatabase(nil)), m{"id": id})
				s.change(address, "no-op", was, was, m{}).root.resource(address, m{})
			}
			s.invoke(tt.config, tt.unknown, m{"address": "action." + flush + ".f", "type": flush, "name": "f"})
			p, want := s.read, tt.alone
			if text != "" {
				p, want = func(t *testing.T) *tfplan.Plan { return s.readSource(t, text) }, tt.source
			}
			if notes := p(t).Notes(); !slices.Contains(notes, of+want) {
				t.Errorf("%s: %q, want %q", name, notes, of+want)
			}
		}
	}
}

// TestManagedKeyIdentity: the same reference counts as the same id.
func TestManagedKeyIdentity(t *testing.T) {
	const identity = "azurerm_user_assigned_identity.u"
	after := with(newManaged("a", defaultDatabase(nil)), m{"customer_managed_key": []any{m{}},
		"identity": []any{m{"identity_ids": []any{nil}}}})
	s := newSynth().change(managedCache, "create", nil, after, m{"id": true, "customer_managed_key": []any{m{"user_assigned_identity_id": true,
		"key_vault_key_id": true}}, "identity": []any{m{"identity_ids": []any{true}}}}).
		change(identity, "create", nil, m{"name": "u"}, m{"id": true})
	s.root.resource(identity, m{})
	s.root.resource(managedCache, m{"customer_managed_key": []any{m{"user_assigned_identity_id": refs(identity + ".id")}},
		"identity": []any{m{"identity_ids": refs(identity + ".id")}}})
	c := one(t, s).After
	if inWord(c.CustomerManagedKey) != "true" || inWord(c.KeyIdentity) != identity+".id" || inWord(c.Identities) != "["+identity+".id]" {
		t.Errorf("key %s, identity %s of %s", inWord(c.CustomerManagedKey), inWord(c.KeyIdentity), inWord(c.Identities))
	}
	s = apart("2025-07-01", m{}, m{})
	s.changes[0].(m)["change"].(m)["after"].(m)["identity"] = []any{m{"identity_ids": []any{"/u"}}}
	if c := one(t, s).After; inWord(c.Identities) != "[/u]" {
		t.Errorf("the identity block of azapi: %s", inWord(c.Identities))
	}
}

// TestManagedDiagnosticsSource: the configuration tells the database from its cluster.
func TestManagedDiagnosticsSource(t *testing.T) {
	const setting = "azurerm_monitor_diagnostic_setting.s"
	const source = `
resource "azurerm_managed_redis" "a" {
  name = "a"
  default_database {}
}
resource "azapi_resource" "d" {
  type      = "Microsoft.Cache/redisEnterprise/databases@2025-07-01"
  parent_id = azurerm_managed_redis.a.id
}
locals {
  database = "${azurerm_managed_redis.a.id}/databases/default"
  keyed    = { x = azurerm_managed_redis.a.default_database[0].id }
}
resource "azurerm_monitor_diagnostic_setting" "s" {
  target_resource_id = `
	for expr, want := range map[string]string{
		managedCache + ".id":                                      "^" + setting,
		`"${` + managedCache + `.id}"`:                            "^" + setting,
		`"${` + managedCache + `.id}/databases/default"`:          setting,
		`"${` + managedCache + `.id}/databases/other"`:            "?" + setting,
		`format("%s/databases/default", ` + managedCache + `.id)`: "?" + setting,
		managedCache + ".default_database[0].id":                  setting,
		`one(` + managedCache + `.default_database[*].id)`:        setting,
		"local.database":                                          setting,
		`local.keyed["x"]`:                                        setting,
	} {
		s := newSynth().change(managedCache, "create", nil, newManaged("a", defaultDatabase(nil)), m{"id": true}).
			change(setting, "create", nil, m{"name": "s", "enabled_log": []any{m{"category_group": "allLogs"}}}, m{"target_resource_id": true})
		s.root.resource(managedCache, m{})
		reference := managedCache + ".id"
		if strings.Contains(expr, "default_database") {
			reference = managedCache + ".default_database"
		}
		if strings.HasPrefix(expr, "local") {
			reference = "local.x"
		}
		s.root.resource(setting, m{"target_resource_id": refs(reference)})
		c := cacheAt(t, s.readSource(t, source+expr+"\n}\n"), managedCache).After
		if got := settings(c); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
}

// TestEndpointsOfClusters: private endpoints reach clusters by their sub-resource.
func TestEndpointsOfClusters(t *testing.T) {
	const endpointAt = "azurerm_private_endpoint.e"
	for name, tt := range map[string]struct {
		target       string
		subresources []any
		items, doubt int
	}{
		"the cluster":        {managedCache + ".id", []any{"redisEnterprise"}, 1, 0},
		"its database":       {managedCache + ".default_database[0].id", []any{"redisEnterprise"}, 0, 0},
		"no sub-resource":    {managedCache + ".id", []any{}, 0, 1},
		"of another service": {managedCache + ".id", []any{"redisCache"}, 0, 0},
	} {
		s := newSynth().change(managedCache, "create", nil, newManaged("a", defaultDatabase(nil)), m{"id": true}).
			change(endpointAt, "create", nil, m{"name": "e", "private_service_connection": []any{m{"name": "c", "is_manual_connection": false,
				"subresource_names": tt.subresources}}}, m{"private_service_connection": []any{m{"private_connection_resource_id": true}}})
		s.root.resource(managedCache, m{})
		s.root.resource(endpointAt, m{"private_service_connection": []any{m{"private_connection_resource_id": refs(tt.target)}}})
		set := cacheAt(t, s.read(t), managedCache).After.PrivateEndpoints
		if len(set.Items) != tt.items || len(set.Doubts) != tt.doubt {
			t.Errorf("%s: %+v", name, set)
		}
	}
}

// TestEnterpriseDialect: the older resources are told from azurerm_managed_redis.
func TestEnterpriseDialect(t *testing.T) {
	const address = "azurerm_redis_enterprise_cluster.e"
	s := newSynth().change(address, "create", nil, m{"name": "e", "sku_name": "Enterprise_E20-4"}, m{"id": true})
	if got := cacheAt(t, s.read(t), address).After.Dialect; got != posture.DialectEnterprise {
		t.Errorf("the dialect is %q", got)
	}
}

// TestEnterpriseDatabaseElsewhere: the evidence of a database that is not in the plan is
// where azurerm_redis_enterprise_database would have it.
func TestEnterpriseDatabaseElsewhere(t *testing.T) {
	const address = "azurerm_redis_enterprise_cluster.e"
	s := newSynth().change(address, "create", nil, m{"name": "e", "sku_name": "Enterprise_E20-4"}, m{"id": true})
	c := cacheAt(t, s.read(t), address).After
	for want, got := range map[string]string{
		"client_protocol": c.ClientProtocol.Source.Path, "accessKeysAuthentication": c.AccessKeyAuthentication.Source.Path,
		"persistence.rdbEnabled": c.RDBBackup.Source.Path, "linked_database_group_nickname": c.GeoReplicationGroup.Source.Path,
		"linked_database_id": c.GeoReplicas.Source.Path, "module": c.Modules.Source.Path,
	} {
		if got != want {
			t.Errorf("the path is %q, want %q", got, want)
		}
	}
	if c.ClientProtocol.Why() != posture.ReasonNotObserved || c.ClientProtocol.Source.Detail != "its database is not in the plan" {
		t.Errorf("%+v", c.ClientProtocol)
	}
}
