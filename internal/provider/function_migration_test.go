package provider

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

func migrationOf(t *testing.T, cache obj, companions ...any) obj {
	t.Helper()
	got, err := call(t, migrationFunction(baseline.Published()), cache, companions...)
	if err != nil {
		t.Fatal(err)
	}
	return plain(t, got).(obj)
}

// idsOf are the ids of differences, those that are certain or the others.
func idsOf(differences any, certain bool) (ids []string) {
	for _, d := range differences.(arr) {
		if d := d.(obj); d["certain"] == certain {
			ids = append(ids, d["id"].(string))
		}
	}
	return ids
}

func TestMigration(t *testing.T) {
	existing := func(changes obj) obj {
		c := cacheWith(obj{"id": ordersID})
		for name, v := range changes {
			c[name] = v
		}
		return c
	}
	injected := existing(obj{"sku_name": "Premium", "family": "P", "shard_count": 3,
		"subnet_id": group + "/providers/Microsoft.Network/virtualNetworks/v/subnets/s"})
	rule := obj{"name": "office", "redis_cache_name": "redis-orders", "resource_group_name": "rg-orders", "start_ip": "203.0.113.1",
		"end_ip": "203.0.113.2"}
	for name, test := range map[string]struct {
		cache      obj
		companions []any
		state      string
		retires    any
		sku        any
		certain    string // a blocker that is certain
		path       any
		eligible   any
	}{
		"Standard C1": {cache: existing(nil), state: "to_move", retires: "2028-09-30", sku: "Balanced_B1", path: "automated"},
		"with a private endpoint": {cache: existing(nil), companions: []any{endpointTo(ordersID)}, state: "to_move", retires: "2028-09-30",
			sku: "Balanced_B1", path: "automated", eligible: false},
		"injected": {cache: injected, state: "blocked", retires: "2028-09-30", sku: "Balanced_B20", certain: "migration/vnet-injection",
			path: "automated", eligible: false},
		"with a firewall rule": {cache: existing(obj{"public_network_access_enabled": true}), companions: []any{rule}, state: "blocked",
			retires: "2028-09-30", sku: "Balanced_B1", certain: "migration/firewall-rules", path: "automated"},
		"of an undocumented size": {cache: existing(obj{"capacity": 9}), state: "to_move", retires: "2028-09-30", path: "automated"},
		"Enterprise": {cache: obj{"sku_name": "Enterprise_E10-2"}, state: "to_move", retires: "2027-03-31", sku: "Balanced_B20",
			path: "in-place"},
		"Azure Managed Redis": {cache: managedWith(nil, nil), state: "moved"},
	} {
		t.Run(name, func(t *testing.T) {
			got := migrationOf(t, test.cache, test.companions...)
			if got["state"] != test.state || got["retires"] != test.retires || got["target_sku"] != test.sku {
				t.Errorf("got %v, %v, %v", got["state"], got["retires"], got["target_sku"])
			}
			certain := idsOf(got["blockers"], true)
			if (test.certain == "") != (len(certain) == 0) || test.certain != "" && !slices.Contains(certain, test.certain) {
				t.Errorf("blockers %v, want %q", certain, test.certain)
			}
			if test.state == "moved" {
				if len(got["blockers"].(arr))+len(got["differences"].(arr))+len(got["settings"].(arr)) > 0 ||
					got["target"] != nil || got["automated"] != nil {
					t.Errorf("nothing is to be done, got %v", got)
				}
				return
			}
			target, automated := got["target"].(obj), got["automated"].(obj)
			if target["sku"] != test.sku || target["why"] == "" || (target["memory_gb"] == nil) != (test.sku == nil) {
				t.Errorf("target %v", target)
			}
			if automated["path"] != test.path || automated["eligible"] != test.eligible || len(automated["reasons"].(arr)) == 0 {
				t.Errorf("automated %v", automated)
			}
			if len(got["settings"].(arr)) == 0 || len(got["differences"].(arr)) <= len(got["blockers"].(arr)) {
				t.Errorf("settings %v, differences %v", got["settings"], got["differences"])
			}
		})
	}
}

// What only a move depends on is read: keyspace notifications, the eviction policy, replicas.
func TestMigrationReadsItsOwnFacts(t *testing.T) {
	got := migrationOf(t, cacheWith(obj{"id": ordersID, "sku_name": "Premium", "family": "P", "replicas_per_primary": 2,
		"redis_configuration": arr{obj{"maxmemory_policy": "allkeys-lru", "notify_keyspace_events": "KEA"}},
		"patch_schedule":      arr{obj{"day_of_week": "Sunday", "start_hour_utc": 2}}}))
	settings := obj{}
	for _, s := range got["settings"].(arr) {
		settings[s.(obj)["name"].(string)] = s.(obj)["value"]
	}
	if settings["eviction_policy"] != "AllKeysLRU" || settings["keyspace_notifications"] != "KEA" {
		t.Errorf("settings %v", settings)
	}
	all := append(idsOf(got["differences"], true), idsOf(got["differences"], false)...)
	for _, want := range []string{"migration/keyspace-notifications", "migration/replicas"} {
		if !slices.Contains(all, want) {
			t.Errorf("no %s in %v", want, all)
		}
	}
}

// What the function says of a cache of which parts are unknown holds once they are known.
func TestMigrationRefines(t *testing.T) {
	whole := cacheWith(obj{"id": ordersID, "sku_name": "Premium", "family": "P", "capacity": 2, "shard_count": 2, "replicas_per_primary": 1,
		"identity": arr{}, "private_static_ip_address": "10.0.0.4", "subnet_id": nil,
		"redis_configuration": arr{obj{"maxmemory_reserved": 2000, "maxfragmentationmemory_reserved": 600, "maxmemory_policy": "noeviction",
			"notify_keyspace_events": "KEA", "rdb_backup_enabled": true, "authentication_enabled": true}}})
	for name := range whole {
		part := cacheWith(whole)
		part[name] = unknown
		refines(t, name, migrationOf(t, part), migrationOf(t, whole))
	}
	for name := range whole["redis_configuration"].(arr)[0].(obj) {
		inner := obj{}
		for n, v := range whole["redis_configuration"].(arr)[0].(obj) {
			inner[n] = v
		}
		inner[name] = unknown
		refines(t, name, migrationOf(t, cacheWith(obj{"redis_configuration": arr{inner}})),
			migrationOf(t, cacheWith(obj{"redis_configuration": whole["redis_configuration"]})))
	}
	endpoint := endpointTo(ordersID)
	endpoint["private_service_connection"] = unknown
	before := migrationOf(t, whole, endpoint)
	refines(t, "companion", before, migrationOf(t, whole, endpointTo(ordersID)))

	// The size does not depend on what else is open, nor does one reason against the automated migration.
	injected := cacheWith(obj{"sku_name": "Premium", "family": "P", "subnet_id": "s", "public_network_access_enabled": unknown})
	got := migrationOf(t, injected)
	if got["target_sku"] != "Balanced_B10" || got["retires"] != "2028-09-30" || got["state"] != "blocked" ||
		got["automated"].(obj)["eligible"] != false || got["blockers"] != unknown {
		t.Errorf("got %v", got)
	}
}

// The same over random caches of both services, with random parts unknown.
func TestMigrationRefinesRandomCaches(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 9))
	pick := func(values ...any) any { return values[r.IntN(len(values))] }
	known := 0
	for range 300 {
		whole := cacheWith(obj{
			"id": ordersID, "sku_name": pick("Basic", "Standard", "Premium"), "family": pick("C", "P"), "capacity": r.IntN(7),
			"shard_count": pick(nil, 0, 1, 3, 9), "subnet_id": pick(nil, "subnet"), "replicas_per_primary": pick(nil, 1, 3),
			"private_static_ip_address": pick(nil, "10.0.0.4"), "non_ssl_port_enabled": pick(true, false), "redis_version": pick("4", "6"),
			"public_network_access_enabled": pick(true, false),
			"patch_schedule":                pick(arr{}, arr{obj{"day_of_week": "Sunday", "start_hour_utc": 2}}),
			"redis_configuration": arr{obj{
				"maxmemory_reserved": pick(nil, 0, 600, 3000), "maxfragmentationmemory_reserved": pick(nil, 600),
				"maxmemory_policy": pick(nil, "noeviction", "odd"), "notify_keyspace_events": pick(nil, "", "KEA"),
				"rdb_backup_enabled": pick(nil, true, false), "aof_backup_enabled": pick(nil, true), "authentication_enabled": pick(nil, true, false),
			}},
		})
		if r.IntN(4) == 0 {
			whole = obj{"id": ordersID, "name": "redis-orders", "resource_group_name": "rg-orders", "location": pick("westeurope", "chinaeast2"),
				"sku_name": pick("Enterprise_E10-2", "EnterpriseFlash_F300-3", "Enterprise_E50-8", "Balanced_B3")}
		}
		part := obj{}
		for name, v := range whole {
			part[name] = v
			if r.IntN(8) == 0 {
				part[name] = unknown
			}
		}
		if blocks, ok := part["redis_configuration"].(arr); ok {
			block := obj{}
			for name, v := range blocks[0].(obj) {
				block[name] = v
				if r.IntN(12) == 0 {
					block[name] = unknown
				}
			}
			part["redis_configuration"] = arr{block}
		}
		got, err := call(t, migrationFunction(baseline.Published()), part)
		if err != nil {
			continue // nothing tells any more of which service it is
		}
		before := plain(t, got).(obj)
		if before["target_sku"] != unknown {
			known++
		}
		if refines(t, fmt.Sprint(part), before, migrationOf(t, whole)); t.Failed() {
			return
		}
	}
	t.Logf("the target is told of %d", known)
}

// A value that is not documented is in no text of the result.
func TestMigrationShowsNothingUndocumented(t *testing.T) {
	for name, changes := range map[string]obj{
		"sku_name":      {"sku_name": "hunter2"},
		"family":        {"family": "hunter2"},
		"location":      {"location": "hunter2!"},
		"redis_version": {"redis_version": "hunter2"},
		"configuration": {"redis_configuration": arr{obj{"maxmemory_policy": "hunter2", "notify_keyspace_events": "hunter2"}}},
		"schedule":      {"patch_schedule": arr{obj{"day_of_week": "hunter2", "start_hour_utc": 2}}},
		"identity":      {"identity": arr{obj{"type": "hunter2"}}},
	} {
		if got := fmt.Sprint(migrationOf(t, cacheWith(changes))); strings.Contains(got, "hunter2") {
			t.Errorf("%s is shown: %s", name, got)
		}
	}
	for _, sku := range []string{"Enterprise_hunter2", "hunter2"} {
		got := fmt.Sprint(migrationOf(t, managedWith(obj{"sku_name": sku}, obj{"eviction_policy": "hunter2"})))
		if strings.Contains(got, "hunter2") {
			t.Errorf("%s is shown: %s", sku, got)
		}
	}
}
