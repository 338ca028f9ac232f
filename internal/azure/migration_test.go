package azure

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posturetest"
)

// notInAzure are the reasons why answers do not fill facts on which only a migration depends,
// by the type of the cache; empty for all types.
var notInAzure = map[string]map[string]string{
	"": {
		"References": "what takes an attribute stands in Terraform", "References.Argument": "the same", "References.Attribute": "the same",
		"References.Consumer": "the same", "RoleAssignments": "not read yet", "RoleAssignments.Address": "the same",
		"RoleAssignments.Principal": "the same", "RoleAssignments.Role": "the same",
		"Links.OtherAddress":        "no addresses in Azure",
		"PrivateEndpoints.SubnetID": "a connection does not show the endpoint's subnet",
	},
	"Microsoft.Cache/redis": {"ModulesWithArguments": "Azure Managed Redis only", "LinkedDatabases": "Azure Managed Redis only"},
	"Microsoft.Cache/redisEnterprise": {
		"Replicas": "Azure Cache for Redis only", "Databases": "Azure Cache for Redis only",
		"KeyspaceNotifications": "Azure Cache for Redis only", "SnapshotMinutes": "Azure Cache for Redis only",
		"StaticIP": "Azure Cache for Redis only", "MaintenanceDays": "Azure Cache for Redis only",
		"AccessPolicies.Address": "no custom ones", "AccessPolicies.Name": "no custom ones", "AccessPolicies.Permissions": "no custom ones",
		"Links.Address": "a list of ids, no resource",
	},
}

// everyMigrationFact fails unless each fact of a migration is filled, or there is a reason why not.
func everyMigrationFact(t *testing.T, c *posture.Cache) {
	t.Helper()
	judged := posturetest.Names(c)
	for name, f := range posturetest.Facts(c) {
		why := notInAzure[""][name] + notInAzure[c.Type][name]
		if !slices.Contains(judged, name) && name != "References.Position.File" && f.Filled() == (why != "") {
			t.Errorf("%s is %+v, and the reason why it is not filled is %q", name, f, why)
		}
	}
}

func migrationCache() armtest.Cache {
	return armtest.Cache{SKU: "Premium P1", Tags: map[string]string{"env": "prod"},
		Properties: object{"replicasPerPrimary": 2, "replicasPerMaster": 2, "staticIP": "10.0.0.4"},
		Configuration: map[string]string{"aad-enabled": "true", "maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "KEA",
			"databases": "32", "rdb-backup-frequency": "60"},
		Identity: object{"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": object{keyReader: object{}}},
		Children: map[string]object{
			"patchSchedules/default": {"scheduleEntries": []any{object{"dayOfWeek": "Sunday", "startHourUtc": 2},
				object{"dayOfWeek": "Monday", "startHourUtc": 14}}},
			"accessPolicies/orders": {"permissions": "+get ~orders:*", "type": "Custom"},
			"accessPolicyAssignments/a": {"accessPolicyName": "orders", "objectId": "00000000-0000-0000-0000-000000000001",
				"objectIdAlias": "a"},
			"linkedServers/other": {"linkedRedisCacheId": "/caches/other", "linkedRedisCacheLocation": "North Europe",
				"serverRole": "Secondary"},
			"privateEndpointConnections/pe": {"privateLinkServiceConnectionState": object{"status": "Approved"}},
		}}
}

// Where it is asked for, the reader fills what a migration of a cache depends on.
func TestRead_Migration(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(migrationCache())
	d.reader.Migration = true
	c, err := d.reader.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	everyMigrationFact(t, c)
	for name, pair := range map[string][2]any{
		"Replicas": {c.Replicas.V, 2}, "Databases": {c.Databases.V, 32}, "EvictionPolicy": {c.EvictionPolicy.V, "allkeys-lru"},
		"KeyspaceNotifications": {c.KeyspaceNotifications.V, "KEA"}, "StaticIP": {c.StaticIP.V, true},
		"SnapshotMinutes": {c.SnapshotMinutes.V, 60},
		"SystemIdentity":  {c.SystemIdentity.V, true}, "Identities": {c.Identities.V, []string{keyReader}},
		"Tags": {c.Tags.V, map[string]string{"env": "prod"}}, "MaintenanceDays": {c.MaintenanceDays.V, []string{"Sunday 02:00", "Monday 14:00"}},
		"AccessPolicies": {len(c.AccessPolicies.Items), 1}, "Name": {c.AccessPolicies.Items[0].Name.V, "orders"},
		"Links": {c.Links.Items[0].Other.V, "/caches/other"}, "Primary": {c.Links.Items[0].Primary.V, true},
		"ObjectID": {c.AccessPolicyAssignments.Items[0].ObjectID.V, "00000000-0000-0000-0000-000000000001"},
	} {
		if fmt.Sprint(pair[0]) != fmt.Sprint(pair[1]) {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
}

// A gate reads neither these facts nor the collections that only they need.
func TestRead_NoMigration(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(migrationCache())
	c, err := d.reader.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if c.MigrationAsked || !c.Replicas.IsUnknown() || len(c.Links.Items)+len(c.AccessPolicies.Items) > 0 {
		t.Errorf("got %+v", c.Migration)
	}
}

// What an identity may not read is unknown for that reason, alike for the cache and for
// what lies within it.
func TestRead_MigrationForbidden(t *testing.T) {
	for _, tt := range []struct{ path, action string }{
		{`/redis/cache$`, "Microsoft.Cache/redis/read"},
		{`/linkedServers$`, "Microsoft.Cache/redis/linkedServers/read"},
		{`/accessPolicies$`, "Microsoft.Cache/redis/accessPolicies/read"},
		{`/patchSchedules/default$`, "Microsoft.Cache/redis/patchSchedules/read"},
	} {
		d := open(t, armtest.Options{})
		id := d.fake.PutCache(migrationCache())
		d.fake.Deny(regexp.MustCompile(`(?i)`+tt.path), tt.action)
		d.reader.Migration = true
		c, _ := d.reader.Read(t.Context(), id)
		if c == nil || !slices.Contains(c.MissingActions, tt.action) {
			t.Errorf("%s: missing actions %+v", tt.path, c)
			continue
		}
		switch why := posture.ReasonForbidden; tt.path {
		case `/linkedServers$`:
			if c.Links.Reason != why {
				t.Errorf("links: %+v", c.Links)
			}
		case `/accessPolicies$`:
			if c.AccessPolicies.Reason != why {
				t.Errorf("access policies: %+v", c.AccessPolicies)
			}
		case `/patchSchedules/default$`:
			if c.MaintenanceDays.Reason != why {
				t.Errorf("maintenance days: %+v", c.MaintenanceDays)
			}
		default:
			if c.Replicas.Reason != why || c.Tags.Reason != why || c.Links.Reason != why || c.AccessPolicies.Reason != why {
				t.Errorf("the cache: %+v", c.Migration)
			}
		}
	}
}

// A cache of Azure Managed Redis shows what its migration depends on, its database too.
func TestRead_MigrationOfManaged(t *testing.T) {
	d := open(t, armtest.Options{})
	other := "/subscriptions/" + sub + "/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/other"
	id := d.fake.PutManagedCache(armtest.ManagedCache{Tags: map[string]string{"env": "prod"},
		Identity: object{"type": "SystemAssigned"},
		Database: object{"evictionPolicy": "NoEviction",
			"modules": []any{object{"name": "RediSearch"}, object{"name": "RedisBloom", "args": "secret"}},
			"geoReplication": object{"groupNickname": "g", "linkedDatabases": []any{object{"id": databaseID},
				object{"id": other + "/databases/default"}}}},
		Children: map[string]object{
			"databases/default/accessPolicyAssignments/app": {"accessPolicyName": "default", "user": object{"objectId": "1"}},
		}})
	d.reader.Migration = true
	c, err := d.reader.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]any{
		"ObjectID": {c.AccessPolicyAssignments.Items[0].ObjectID.V, "1"}, "EvictionPolicy": {c.EvictionPolicy.V, "NoEviction"},
		"SystemIdentity":       {c.SystemIdentity.V, true},
		"Tags":                 {c.Tags.V, map[string]string{"env": "prod"}},
		"ModulesWithArguments": {c.ModulesWithArguments.V, []string{"RedisBloom"}},
		"LinkedDatabases":      {len(c.LinkedDatabases.V), 2}, "Links": {len(c.Links.Items), 1},
	} {
		if fmt.Sprint(pair[0]) != fmt.Sprint(pair[1]) {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if len(c.Links.Items) == 1 && c.Links.Items[0].Other.V != other {
		t.Errorf("linked to %+v", c.Links.Items[0])
	}
	everyMigrationFact(t, c)
	d.fake.Change(id, func(body map[string]any) { body["sku"] = object{"name": "Enterprise_E10", "capacity": 8} })
	if c, err = d.reader.Read(t.Context(), id); err != nil || c.Capacity.V != 8 || c.Documented().Capacity.V != 8 {
		t.Errorf("capacity %+v, %v", c.Capacity, err)
	}
}
