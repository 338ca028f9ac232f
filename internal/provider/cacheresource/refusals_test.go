package cacheresource

import (
	"slices"
	"strings"
	"testing"
)

const (
	providers = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/"
	subnet    = providers + "Microsoft.Network/virtualNetworks/v/subnets/s"
	workspace = providers + "Microsoft.OperationalInsights/workspaces/w"
	hub       = providers + "Microsoft.EventHub/namespaces/n/authorizationRules/r"
)

// TestRefusals: a row says which attribute is refused, and with which summary, for
// the arguments of a cache that is otherwise fine; none where nothing is. Each rule
// has rows on both sides of its limit.
func TestRefusals(t *testing.T) {
	var (
		basic    = obj{"sku_name": "Basic"}
		standard = obj{"sku_name": "Standard"}
		anyTier  = obj{"sku_name": unknown}
		injected = obj{"subnet_id": subnet}
		self     = obj{"identity": obj{"type": "SystemAssigned"}}
	)
	redis := func(o obj) obj { return obj{"redis_configuration": o} }
	rule := func(start, end any) obj {
		return obj{"firewall_rules": obj{"r": obj{"start_ip": start, "end_ip": end}}}
	}
	storage := obj{"storage_connection_strings": obj{"rdb_storage_connection_string": "BlobEndpoint=x"}}
	appendStorage := obj{"storage_connection_strings": obj{"aof_storage_connection_string_0": "BlobEndpoint=x"}}
	diagnostic := func(o obj) obj { return obj{"diagnostic_settings": obj{"d": o}} }
	windows := func(days ...any) obj {
		var list []any
		for _, day := range days {
			list = append(list, obj{"day_of_week": day})
		}
		return obj{"patch_schedule": list}
	}
	assigned := func(policy any) obj {
		return obj{"access_policy_assignments": obj{"a": obj{"access_policy_name": policy, "object_id": "o", "object_id_alias": "o"}}}
	}
	snapshots := redis(obj{"rdb_backup_enabled": true})

	const (
		size          = "capacity: this tier has no such size"
		shards        = "shard_count: only Premium can be clustered"
		replicas      = "replicas_per_primary: only Premium has a number of replicas"
		injection     = "subnet_id: only Premium can be injected into a subnet"
		classic       = "subnet_id: the subnet is in a classic network"
		both          = "private_endpoint: an injected cache has no private endpoint"
		noSubnet      = "private_endpoint: the private endpoint has no subnet"
		static        = "private_static_ip_address: a static address needs a subnet"
		noAddress     = "private_static_ip_address: this is no address"
		open          = "redis_configuration: authentication can be switched off only in a virtual network"
		entra         = "access_keys_authentication_enabled: without access keys clients need Microsoft Entra"
		persistence   = "redis_configuration: only Premium has persistence"
		twoKinds      = "redis_configuration: snapshots and an append-only file exclude each other"
		reservations  = "redis_configuration: Basic has no memory reservations"
		noIdentity    = "redis_configuration: the cache has no identity for its storage account"
		noString      = "redis_configuration: persistence needs a connection string"
		identityIDs   = "identity: the kind of identity and its ids do not fit"
		oldTLS        = "minimum_tls_version: TLS below 1.2 can no longer be set"
		downgrade     = "redis_version: the version of Redis cannot go down"
		oldRedis      = "redis_version: this version of Redis is no longer offered"
		basicZones    = "zones: Basic has no zones"
		basicPolicy   = "zonal_allocation_policy: Basic has no zones"
		zonePolicy    = "zonal_allocation_policy: zones and how they are chosen do not fit"
		nobody        = "firewall_rules: a firewall rule admits nobody"
		nowhere       = "diagnostic_settings: a diagnostic setting has no destination"
		noHubRule     = "diagnostic_settings: an event hub has no authorization rule"
		builtIn       = "access_policies: a built-in access policy cannot be changed"
		missingPolicy = "access_policy_assignments: an access policy is assigned that does not exist"
		twoWindows    = "patch_schedule: a day stands twice in the maintenance windows"
		noTime        = "timeouts: a timeout leaves no time"
		twins         = ": two names differ only in letter case"
	)
	rows := []struct {
		name   string
		config []obj
		prior  []obj // of the state; nil where the cache is created
		want   []string
	}{
		{"the least that is needed", nil, nil, nil},
		{"Basic", []obj{basic}, nil, nil},

		{"Premium of no size", []obj{{"capacity": 0}}, nil, []string{size}},
		{"the largest Premium", []obj{{"capacity": 5}}, nil, nil},
		{"larger than Premium", []obj{{"capacity": 6}}, nil, []string{size}},
		{"the smallest Basic", []obj{basic, {"capacity": 0}}, nil, nil},
		{"the largest Standard", []obj{standard, {"capacity": 6}}, nil, nil},
		{"larger than Standard", []obj{standard, {"capacity": 7}}, nil, []string{size}},
		{"larger than Basic", []obj{basic, {"capacity": 7}}, nil, []string{size}},
		{"a size of an unknown tier", []obj{anyTier, {"capacity": 9}}, nil, nil},
		{"an unknown size", []obj{{"capacity": unknown}}, nil, nil},

		{"shards", []obj{{"shard_count": 2}}, nil, nil},
		{"shards of Standard", []obj{standard, {"shard_count": 2}}, nil, []string{shards}},
		{"shards of an unknown tier", []obj{anyTier, {"shard_count": 2}}, nil, nil},
		{"shards of a cache that becomes Standard", []obj{standard}, []obj{{"shard_count": 2}}, nil},
		{"replicas", []obj{{"replicas_per_primary": 2}}, nil, nil},
		{"replicas of Basic", []obj{basic, {"replicas_per_primary": 2}}, nil, []string{replicas}},
		{"an unknown number of replicas", []obj{basic, {"replicas_per_primary": unknown}}, nil, nil},

		{"injected", []obj{injected}, nil, nil},
		{"Standard injected", []obj{standard, injected}, nil, []string{injection}},
		{"injected into a classic network", []obj{{"subnet_id": strings.Replace(subnet, "Microsoft.Network", "Microsoft.ClassicNetwork", 1)}},
			nil,
			[]string{classic}},
		{"injected with an endpoint", []obj{injected, {"private_endpoint": obj{"subnet_id": subnet}}}, nil, []string{both}},
		{"injected without endpoint", []obj{injected, {"private_endpoint": obj{}}}, nil, nil},
		{"an endpoint", []obj{{"private_endpoint": obj{"subnet_id": subnet}}}, nil, nil},
		{"no endpoint", []obj{{"private_endpoint": obj{}}}, nil, nil},
		{"an endpoint with a name only", []obj{{"private_endpoint": obj{"name": "pe"}}}, nil, []string{noSubnet}},
		{"an endpoint with a location only", []obj{{"private_endpoint": obj{"location": "x"}}}, nil, []string{noSubnet}},
		{"an endpoint with zones only", []obj{{"private_endpoint": obj{"private_dns_zone_ids": []any{"z"}}}}, nil, []string{noSubnet}},
		{"an endpoint with a message only", []obj{{"private_endpoint": obj{"request_message": "hello"}}}, nil, []string{noSubnet}},
		{"an endpoint that is manual only", []obj{{"private_endpoint": obj{"is_manual_connection": true}}}, nil, []string{noSubnet}},
		{"an endpoint whose subnet is unknown", []obj{{"private_endpoint": obj{"subnet_id": unknown, "name": "pe"}}}, nil, nil},
		{"a static address", []obj{injected, {"private_static_ip_address": "10.0.0.4"}}, nil, nil},
		{"a static address without subnet", []obj{{"private_static_ip_address": "10.0.0.4"}}, nil, []string{static}},
		{"a static address in an unknown subnet", []obj{{"subnet_id": unknown, "private_static_ip_address": "10.0.0.4"}}, nil, nil},
		{"a static address of IPv6", []obj{injected, {"private_static_ip_address": "fd00::4"}}, nil, []string{noAddress}},
		{"a static address that is none", []obj{injected, {"private_static_ip_address": "ten"}}, nil, []string{noAddress}},
		{"an unknown static address", []obj{injected, {"private_static_ip_address": unknown}}, nil, nil},

		{"snapshots of Standard, with nothing that they need", []obj{standard, snapshots}, nil, []string{persistence}},
		{"no authentication", []obj{redis(obj{"authentication_enabled": false})}, nil, []string{open}},
		{"no authentication in a network", []obj{injected, redis(obj{"authentication_enabled": false})}, nil, nil},
		{"no authentication where the network is unknown", []obj{{"subnet_id": unknown}, redis(obj{"authentication_enabled": false})}, nil, nil},
		{"no keys and no Entra", []obj{redis(obj{"active_directory_authentication_enabled": false})}, nil, []string{entra}},
		{"keys and no Entra", []obj{{"access_keys_authentication_enabled": true},
			redis(obj{"active_directory_authentication_enabled": false})}, nil,
			nil},
		{"no keys and perhaps Entra", []obj{redis(obj{"active_directory_authentication_enabled": unknown})}, nil, nil},

		{"snapshots", []obj{self, storage, snapshots}, nil, nil},
		{"snapshots of Standard", []obj{standard, self, storage, snapshots}, nil, []string{persistence}},
		{"an append-only file", []obj{self, appendStorage, redis(obj{"aof_backup_enabled": true})}, nil, nil},
		{"an append-only file of Basic", []obj{basic, self, appendStorage, redis(obj{"aof_backup_enabled": true})}, nil, []string{persistence}},
		{"snapshots and an append-only file", []obj{self, {"storage_connection_strings": obj{"rdb_storage_connection_string": "x",
			"aof_storage_connection_string_0": "x"}}, redis(obj{"rdb_backup_enabled": true, "aof_backup_enabled": true})}, nil,
			[]string{twoKinds}},
		{"snapshots without identity", []obj{storage, snapshots}, nil, []string{noIdentity}},
		{"an append-only file without identity", []obj{appendStorage, redis(obj{"aof_backup_enabled": true})}, nil, []string{noIdentity}},
		{"snapshots by a key", []obj{storage, redis(obj{"rdb_backup_enabled": true, "data_persistence_authentication_method": "SAS"})}, nil, nil},
		{"snapshots with an unknown identity", []obj{storage, {"identity": unknown}, snapshots}, nil, nil},
		{"snapshots to nowhere", []obj{self, snapshots}, nil, []string{noString}},
		{"an append-only file to nowhere", []obj{self, redis(obj{"aof_backup_enabled": true})}, nil, []string{noString}},
		{"snapshots to an unknown account", []obj{self, snapshots, {"storage_connection_strings": unknown}}, nil, nil},
		{"snapshots that are on already", []obj{self, snapshots},
			[]obj{self, redis(obj{"rdb_backup_enabled": true, "data_persistence_authentication_method": "ManagedIdentity"})}, nil},
		{"snapshots that were off", []obj{self, snapshots},
			[]obj{self, redis(obj{"rdb_backup_enabled": false, "data_persistence_authentication_method": "ManagedIdentity"})}, []string{noString}},
		{"snapshots that sign in otherwise", []obj{self, snapshots},
			[]obj{self, redis(obj{"rdb_backup_enabled": true, "data_persistence_authentication_method": "SAS"})}, []string{noString}},

		{"reservations", []obj{redis(obj{"maxmemory_reserved": 1, "maxmemory_delta": 1, "maxfragmentationmemory_reserved": 1})}, nil, nil},
		{"a reservation of Basic", []obj{basic, redis(obj{"maxmemory_reserved": 1})}, nil, []string{reservations}},
		{"a reservation for clients of Basic", []obj{basic, redis(obj{"maxmemory_delta": 1})}, nil, []string{reservations}},
		{"a reservation for fragments of Basic", []obj{basic, redis(obj{"maxfragmentationmemory_reserved": 1})}, nil, []string{reservations}},
		{"a reservation of Standard", []obj{standard, redis(obj{"maxmemory_reserved": 1})}, nil, nil},

		{"an identity of its own", []obj{self}, nil, nil},
		{"an identity of its own with ids", []obj{{"identity": obj{"type": "SystemAssigned", "identity_ids": []any{"i"}}}}, nil,
			[]string{identityIDs}},
		{"an assigned identity", []obj{{"identity": obj{"type": "UserAssigned", "identity_ids": []any{"i"}}}}, nil, nil},
		{"an assigned identity without ids", []obj{{"identity": obj{"type": "UserAssigned"}}}, nil, []string{identityIDs}},
		{"both identities without ids", []obj{{"identity": obj{"type": "SystemAssigned, UserAssigned"}}}, nil, []string{identityIDs}},
		{"an assigned identity with unknown ids", []obj{{"identity": obj{"type": "UserAssigned", "identity_ids": unknown}}}, nil, nil},

		{"TLS 1.2", []obj{{"minimum_tls_version": "1.2"}}, nil, nil},
		{"TLS 1.1", []obj{{"minimum_tls_version": "1.1"}}, nil, []string{oldTLS}},
		{"TLS 1.0", []obj{{"minimum_tls_version": "1.0"}}, nil, []string{oldTLS}},
		{"TLS 1.1 as before", []obj{{"minimum_tls_version": "1.1"}}, []obj{{"minimum_tls_version": "1.1"}}, nil},
		{"TLS 1.0 after 1.1", []obj{{"minimum_tls_version": "1.0"}}, []obj{{"minimum_tls_version": "1.1"}}, []string{oldTLS}},
		{"Redis 6", []obj{{"redis_version": "6"}}, nil, nil},
		{"Redis 4", []obj{{"redis_version": "4"}}, nil, []string{oldRedis}},
		{"Redis 4 as before", []obj{{"redis_version": "4"}}, []obj{{"redis_version": "4"}}, nil},
		{"Redis 4 after 6", []obj{{"redis_version": "4"}}, []obj{{"redis_version": "6"}}, []string{downgrade}},
		{"Redis 6 after 4", []obj{{"redis_version": "6"}}, []obj{{"redis_version": "4"}}, nil},

		{"zones", []obj{{"zones": []any{"1", "2"}}}, nil, nil},
		{"zones of Basic", []obj{basic, {"zones": []any{"1"}}}, nil, []string{basicZones}},
		{"no zones of Basic", []obj{basic, {"zonal_allocation_policy": "NoZones"}}, nil, nil},
		{"automatic zones of Basic", []obj{basic, {"zonal_allocation_policy": "Automatic"}}, nil, []string{basicPolicy}},
		{"automatic zones", []obj{{"zonal_allocation_policy": "Automatic"}}, nil, nil},
		{"automatic zones that are named", []obj{{"zonal_allocation_policy": "Automatic", "zones": []any{"1"}}}, nil, []string{zonePolicy}},
		{"zones that are named and not there", []obj{{"zonal_allocation_policy": "UserDefined"}}, nil, []string{zonePolicy}},
		{"zones that are named", []obj{{"zonal_allocation_policy": "UserDefined", "zones": []any{"1"}}}, nil, nil},
		{"zones that are unknown", []obj{{"zonal_allocation_policy": "UserDefined", "zones": unknown}}, nil, nil},
		{"zones that the cache has", []obj{{"zonal_allocation_policy": "UserDefined"}}, []obj{{"zones": []any{"1"}}}, nil},

		{"a rule", []obj{rule("10.0.0.1", "10.0.0.1")}, nil, nil},
		{"a rule that is reversed", []obj{rule("10.0.0.2", "10.0.0.1")}, nil, []string{nobody}},
		{"a rule whose start is IPv6", []obj{rule("fd00::1", "10.0.0.1")}, nil, []string{nobody}},
		{"a rule whose end is no address", []obj{rule("10.0.0.1", "10.0.0")}, nil, []string{nobody}},
		{"a rule whose end is unknown", []obj{rule("10.0.0.2", unknown)}, nil, nil},

		{"a setting", []obj{diagnostic(obj{"log_analytics_workspace_id": workspace})}, nil, nil},
		{"a setting to a storage account", []obj{diagnostic(obj{"storage_account_id": "x"})}, nil, nil},
		{"a setting to a partner", []obj{diagnostic(obj{"partner_solution_id": "x"})}, nil, nil},
		{"a setting to a service bus", []obj{diagnostic(obj{"servicebus_rule_id": "x"})}, nil, nil},
		{"a setting to somewhere unknown", []obj{diagnostic(obj{"storage_account_id": unknown})}, nil, nil},
		{"a setting to nowhere", []obj{diagnostic(obj{"log_category_groups": []any{"allLogs"}})}, nil, []string{nowhere}},
		{"a setting to an event hub", []obj{diagnostic(obj{"eventhub_authorization_rule_id": hub, "eventhub_name": "h"})}, nil, nil},
		{"a setting to an event hub without rule", []obj{diagnostic(obj{"log_analytics_workspace_id": workspace, "eventhub_name": "h"})}, nil,
			[]string{noHubRule}},

		{"a policy", []obj{{"access_policies": obj{"ours": "+get"}}}, nil, nil},
		{"a built-in policy", []obj{{"access_policies": obj{"Data Owner": "+get"}}}, nil, []string{builtIn}},
		{"a built-in policy in other letters", []obj{{"access_policies": obj{"data owner": "+get"}}}, nil, []string{builtIn}},
		{"an assigned policy", []obj{{"access_policies": obj{"ours": "+get"}}, assigned("OURS")}, nil, nil},
		{"an assigned built-in policy", []obj{{"access_policies": obj{}}, assigned("data reader")}, nil, nil},
		{"an assigned policy that is not there", []obj{{"access_policies": obj{"ours": "+get"}}, assigned("theirs")}, nil,
			[]string{missingPolicy}},
		{"an assigned policy that may be elsewhere", []obj{assigned("theirs")}, nil, nil},
		{"an assigned policy that is unknown", []obj{{"access_policies": obj{}}, assigned(unknown)}, nil, nil},
		{"twin policies", []obj{{"access_policies": obj{"a": "+get", "A": "+set"}}}, nil, []string{"access_policies" + twins}},
		{"twin assignments", []obj{{"access_policy_assignments": obj{
			"a": obj{"access_policy_name": "Data Owner", "object_id": "o", "object_id_alias": "o"},
			"A": obj{"access_policy_name": "Data Owner", "object_id": "p", "object_id_alias": "p"}}}}, nil,
			[]string{"access_policy_assignments" + twins}},
		{"twin rules", []obj{{"firewall_rules": obj{"r": obj{"start_ip": "1.1.1.1", "end_ip": "1.1.1.1"},
			"R": obj{"start_ip": "2.1.1.1", "end_ip": "2.1.1.1"}}}}, nil, []string{"firewall_rules" + twins}},
		{"twin settings", []obj{{"diagnostic_settings": obj{"d": obj{"storage_account_id": "x"}, "D": obj{"storage_account_id": "y"}}}}, nil,
			[]string{"diagnostic_settings" + twins}},

		{"windows", []obj{windows("Monday", "Weekend")}, nil, nil},
		{"a window twice", []obj{windows("Monday", "Monday")}, nil, []string{twoWindows}},
		{"a window in the weekend twice", []obj{windows("Weekend", "Sunday")}, nil, []string{twoWindows}},
		{"a window on a day of every day", []obj{windows("Everyday", "Friday")}, nil, []string{twoWindows}},
		{"windows on unknown days", []obj{windows(unknown, unknown)}, nil, nil},
		{"timeouts", []obj{{"timeouts": obj{"create": "1m", "update": "1h", "delete": "30m", "read": "1s"}}}, nil, nil},
		{"no time to create", []obj{{"timeouts": obj{"create": "0s"}}}, nil, []string{noTime}},
		{"no time to read", []obj{{"timeouts": obj{"read": "0s"}}}, nil, []string{noTime}},
		{"no time to update", []obj{{"timeouts": obj{"update": "-1m"}}}, nil, []string{noTime}},
		{"no time to delete", []obj{{"timeouts": obj{"delete": "0s"}}}, nil, []string{noTime}},

		{"several at once", []obj{standard, injected, {"capacity": 9, "shard_count": 1}}, nil, []string{size, shards, injection}},
	}
	fired := map[string]bool{}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			config := modelOf(t, cacheWith(row.config...))
			var prior *model
			if row.prior != nil {
				m := modelOf(t, cacheWith(row.prior...))
				prior = &m
			}
			var got []string
			for _, d := range refuse(t.Context(), completion{config: config, prior: prior}.plan(t.Context()), config, prior) {
				at, name, _ := strings.Cut(d.Summary(), ": ")
				if at != "redis-a" || strings.TrimSpace(d.Detail()) == "" {
					t.Errorf("%q: %q", d.Summary(), d.Detail())
				}
				got = append(got, pathOf(t, d)+": "+name)
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("refused for %q, want %q", got, row.want)
			}
			for _, r := range got {
				fired[r] = true
			}
		})
	}
	for _, r := range refusals {
		if name := r.attribute + ": " + r.summary; !fired[name] {
			t.Errorf("no row is refused for %q", name)
		}
	}
}
