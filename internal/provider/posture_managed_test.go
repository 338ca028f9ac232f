package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

const (
	managedID = group + "/providers/Microsoft.Cache/redisEnterprise/redis-orders"
	keyReader = group + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
)

// managedWith is an azurerm_managed_redis as azurerm 5 plans it.
func managedWith(changes, database obj) obj {
	block := obj{"client_protocol": "Encrypted", "access_keys_authentication_enabled": false, "clustering_policy": "OSSCluster",
		"module": arr{}}
	for name, v := range database {
		block[name] = v
	}
	out := obj{
		"id": unknown, "name": "redis-orders", "location": "westeurope", "resource_group_name": "rg-orders", "sku_name": "Balanced_B5",
		"public_network_access": "Disabled", "high_availability_enabled": true, "customer_managed_key": arr{}, "identity": arr{},
		"default_database": arr{block},
	}
	for name, v := range changes {
		out[name] = v
	}
	return out
}

func managedOf(t *testing.T, cache obj, companions ...obj) *posture.Cache {
	t.Helper()
	var around []node
	for _, c := range companions {
		around = append(around, node{v: companionShape().value(t, c), path: "companions"})
	}
	frozen := freeze(node{v: cacheShape().value(t, cache)}, around)
	thawed, passed, err := thaw(node{v: frozen})
	if err != nil {
		t.Fatal(err)
	}
	c, err := toPosture(node{v: cacheShape().value(t, cache)}, around)
	if err != nil {
		t.Fatal(err)
	}
	again, err := toPosture(thawed, passed)
	if err != nil {
		t.Fatal(err)
	}
	for name, facts := range map[string][2]any{
		"key reader": {c.KeyIdentity.State, again.KeyIdentity.State}, "identities": {c.Identities.State, again.Identities.State},
		"database": {c.HasDatabase.State, again.HasDatabase.State}, "access keys": {c.AccessKeyAuthentication, again.AccessKeyAuthentication},
		"settings":    {len(c.DiagnosticSettings.Items), len(again.DiagnosticSettings.Items)},
		"assignments": {len(c.AccessPolicyAssignments.Items), len(again.AccessPolicyAssignments.Items)},
	} {
		if facts[0] != facts[1] {
			t.Errorf("a snapshot loses %s: %v became %v", name, facts[0], facts[1])
		}
	}
	return c
}

func TestReadManagedCache(t *testing.T) {
	c := managedOf(t, managedWith(obj{
		"customer_managed_key": arr{obj{"user_assigned_identity_id": keyReader}}, "identity": arr{obj{"identity_ids": arr{keyReader}}},
	}, obj{"module": arr{obj{"name": "RedisJSON"}}, "persistence_redis_database_backup_frequency": "6h",
		"persistence_append_only_file_backup_frequency": "", "geo_replication_group_name": "g"}))
	if service.OfCache(c) != service.ManagedRedis || c.SKU.V != "Balanced_B5" || c.SKU.Source.Sensitive ||
		c.PublicNetworkAccess.V || !c.PublicNetworkAccess.IsKnown() || !c.HighAvailability.V {
		t.Errorf("the cluster: %+v", c)
	}
	if !c.CustomerManagedKey.V || c.KeyIdentity.V != keyReader || !slices.Equal(c.Identities.V, []string{keyReader}) {
		t.Errorf("the key: %+v, %+v, %+v", c.CustomerManagedKey, c.KeyIdentity, c.Identities)
	}
	if !c.HasDatabase.V || c.ClientProtocol.V != "Encrypted" || !c.AccessKeyAuthentication.IsKnown() || c.AccessKeyAuthentication.V ||
		!c.RDBBackup.V || c.AOFBackup.V || c.GeoReplicationGroup.V != "g" || !slices.Equal(c.Modules.V, []string{"RedisJSON"}) {
		t.Errorf("the database: %+v", c)
	}
	if !c.GeoReplicas.IsUnknown() || !c.MinimumTLSVersion.IsUnset() || !c.Zones.IsUnset() || !c.DeferUpgrade.IsUnset() {
		t.Errorf("what azurerm has no argument for: %+v", c)
	}
}

func TestManagedCacheInParts(t *testing.T) {
	facts := func(c *posture.Cache) []posture.State {
		return []posture.State{c.ClientProtocol.State, c.AccessKeyAuthentication.State, c.RDBBackup.State, c.GeoReplicationGroup.State}
	}
	for name, test := range map[string]struct {
		database any
		has      posture.State
		why      posture.Reason
	}{
		"a database that is not known": {unknown, posture.StateUnknown, posture.ReasonKnownAfterApply},
		"a block that is not known":    {arr{unknown}, posture.StateKnown, posture.ReasonKnownAfterApply},
		"no database":                  {arr{}, posture.StateUnset, posture.ReasonNotObserved},
		"an object that leaves it out": {nil, posture.StateUnknown, posture.ReasonNotObserved},
	} {
		c := managedOf(t, managedWith(obj{"default_database": test.database}, nil))
		if c.HasDatabase.State != test.has || c.ClientProtocol.Why() != test.why {
			t.Errorf("%s: %+v, %+v", name, c.HasDatabase, c.ClientProtocol)
		}
		for i, state := range facts(c) {
			if state != posture.StateUnknown {
				t.Errorf("%s: fact %d of the database is %v", name, i, state)
			}
		}
	}
	c := managedOf(t, managedWith(obj{"public_network_access": nil, "customer_managed_key": unknown,
		"identity": arr{obj{"identity_ids": unknown}}}, obj{"access_keys_authentication_enabled": unknown}))
	if !c.PublicNetworkAccess.IsUnset() || !c.CustomerManagedKey.IsUnknown() || !c.KeyIdentity.IsUnknown() || !c.Identities.IsUnknown() ||
		!c.AccessKeyAuthentication.IsUnknown() {
		t.Errorf("%+v", c)
	}
	c = managedOf(t, managedWith(obj{"customer_managed_key": arr{obj{"user_assigned_identity_id": unknown}},
		"identity": arr{obj{"identity_ids": arr{unknown}}}}, nil))
	if !c.CustomerManagedKey.V || !c.KeyIdentity.IsUnknown() || !c.Identities.IsUnknown() {
		t.Errorf("%+v, %+v, %+v", c.CustomerManagedKey, c.KeyIdentity, c.Identities)
	}
}

// An endpoint to the wrong sub-resource of the cache is named before one of another cache.
func TestEndpointThatDoesNotCount(t *testing.T) {
	endpoint := func(id, name, subresource string) obj {
		pe := endpointTo(id)
		pe["name"] = name
		pe["private_service_connection"].(arr)[0].(obj)["subresource_names"] = arr{subresource}
		return pe
	}
	const wrong = `mine was passed, but its subresource_names lack "redisEnterprise", so that it does not count`
	mine, other := endpoint(managedID, "mine", "redisCache"), endpoint(managedID+"2", "other", "redisEnterprise")
	for name, test := range map[string]struct {
		passed []obj
		want   string
	}{
		"mine":       {[]obj{mine}, wrong},
		"mine first": {[]obj{mine, other}, wrong},
		"other":      {[]obj{other}, "other was passed, but known ids say that it belongs elsewhere, so that it does not count"},
		"mine last":  {[]obj{other, mine}, wrong},
		"one counts": {[]obj{mine, endpoint(managedID, "good", "redisEnterprise"), mine}, ""},
	} {
		c := managedOf(t, managedWith(obj{"id": managedID}, nil), test.passed...)
		if got := c.PrivateEndpoints.Detail; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestManagedCompanions(t *testing.T) {
	endpoint := func(id any, subresource string) obj {
		pe := endpointTo(id)
		pe["private_service_connection"].(arr)[0].(obj)["subresource_names"] = arr{subresource}
		return pe
	}
	endpointWithoutSubresource := endpoint(managedID, "")
	endpointWithoutSubresource["private_service_connection"].(arr)[0].(obj)["subresource_names"] = arr{}
	assignment := func(id any) obj { return obj{"managed_redis_id": id} }
	counted := func(c *posture.Cache) [3]int {
		logs := 0
		for _, s := range c.DiagnosticSettings.Items {
			if !s.OnCluster {
				logs += len(s.Logs.V)
			}
		}
		return [3]int{len(c.PrivateEndpoints.Items), logs, len(c.AccessPolicyAssignments.Items)}
	}
	for name, test := range map[string]struct {
		id, companion any
		want          [3]int // endpoints, logs, assignments
	}{
		"an endpoint of the cluster":               {managedID, endpoint(managedID, "redisEnterprise"), [3]int{1, 0, 0}},
		"an endpoint whose cluster is not known":   {unknown, endpoint(unknown, "RedisEnterprise"), [3]int{1, 0, 0}},
		"an endpoint without sub-resources":        {managedID, endpointWithoutSubresource, [3]int{}},
		"the sub-resource of the other service":    {managedID, endpoint(managedID, "redisCache"), [3]int{}},
		"an endpoint of the other service":         {unknown, endpoint(ordersID, "redisEnterprise"), [3]int{}},
		"an endpoint of the database":              {managedID, endpoint(managedID+"/databases/default", "redisEnterprise"), [3]int{}},
		"logs of the database":                     {managedID, logsOfCache(managedID + "/databases/default"), [3]int{0, 1, 0}},
		"logs of a database that is not known yet": {unknown, logsOfCache(unknown), [3]int{0, 1, 0}},
		"logs of the cluster, which has none":      {managedID, logsOfCache(managedID), [3]int{}},
		"logs of another cluster":                  {managedID, logsOfCache(managedID + "2/databases/default"), [3]int{}},
		"an assignment":                            {managedID, assignment(strings.ToUpper(managedID)), [3]int{0, 0, 1}},
		"an assignment of a cluster not known yet": {unknown, assignment(unknown), [3]int{0, 0, 1}},
		"an assignment of another cluster":         {managedID, assignment(managedID + "2"), [3]int{}},
		"an assignment of the other service":       {unknown, obj{"redis_cache_id": unknown, "access_policy_name": "Data Owner"}, [3]int{}},
	} {
		c := managedOf(t, managedWith(obj{"id": test.id}, nil), test.companion.(obj))
		if got := counted(c); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
		for _, a := range c.AccessPolicyAssignments.Items {
			if a.PolicyName.V != "default" || !a.Permissions.IsUnset() {
				t.Errorf("%s: %+v", name, a)
			}
		}
	}
	if c := posturesOf(t, cacheWith(nil), assignment(unknown)); len(c.AccessPolicyAssignments.Items) > 0 {
		t.Error("an assignment of Azure Managed Redis counts for Azure Cache for Redis")
	}
}

// A diagnostic setting that sends the logs of the cluster, which has none, is told from
// one that sends no logs.
func TestManagedLogsOfTheCluster(t *testing.T) {
	for name, test := range map[string]struct{ id, target any }{
		"ids":                    {managedID, managedID},
		"a cluster to be made":   {unknown, managedID},
		"a known name and group": {unknown, strings.ToUpper(managedID)},
	} {
		c := managedOf(t, managedWith(obj{"id": test.id}, nil), logsOfCache(test.target))
		for _, f := range baseline.Published().Evaluate(c, baseline.Options{}).Features {
			if f.ID == "LT-4/azure-resource-logs" && (f.Status != report.NonCompliant || !strings.Contains(f.Message,
				"logs is on the cluster, which has metrics only: the logs are those of its database")) {
				t.Errorf("%s: %s, %s", name, f.Status, f.Message)
			}
		}
	}
}

// enterpriseCluster is an azurerm_redis_enterprise_cluster.
var enterpriseCluster = obj{"id": unknown, "name": "redis-orders", "location": "westeurope", "resource_group_name": "rg-orders",
	"sku_name": "Enterprise_E10-2", "minimum_tls_version": "1.1", "zones": arr{"1", "2"}}

func TestReadEnterpriseCluster(t *testing.T) {
	c := managedOf(t, enterpriseCluster, logsOfCache(unknown))
	if service.OfCache(c) != service.Enterprise || c.Dialect != posture.DialectEnterprise || c.SKU.V != "Enterprise_E10-2" ||
		c.MinimumTLSVersion.V != "1.1" || len(c.Zones.V) != 2 || !c.PublicNetworkAccess.IsUnset() || !c.CustomerManagedKey.IsUnset() {
		t.Errorf("the cluster: %+v", c)
	}
	for name, why := range map[string]posture.Reason{"database": c.HasDatabase.Why(), "protocol": c.ClientProtocol.Why(),
		"keys": c.AccessKeyAuthentication.Why(), "group": c.GeoReplicationGroup.Why(), "snapshots": c.RDBBackup.Why()} {
		if why != posture.ReasonNotObserved {
			t.Errorf("%s: %q", name, why)
		}
	}
	if !strings.Contains(c.HasDatabase.Source.Detail, "azurerm_redis_enterprise_database") || len(c.DiagnosticSettings.Items) != 1 {
		t.Errorf("%+v, %+v", c.HasDatabase, c.DiagnosticSettings)
	}
}

// What could be of either service is told by the attributes of one, or by its SKU.
func TestServiceOfAPlannedCache(t *testing.T) {
	for name, test := range map[string]struct {
		cache obj
		want  string // type, or a part of the error
	}{
		"managed, only its SKU known":       {obj{"sku_name": "balanced_b5"}, service.ManagedRedis.Type},
		"classic, only its SKU known":       {obj{"sku_name": "Standard"}, service.Redis.Type},
		"classic, with an identity":         {cacheWith(obj{"identity": arr{obj{"identity_ids": arr{keyReader}}}}), service.Redis.Type},
		"managed, before anything is known": {managedWith(obj{"sku_name": unknown, "default_database": unknown}, nil), service.ManagedRedis.Type},
		"a cluster of the Enterprise tiers": {enterpriseCluster, service.Enterprise.Type},
		"a cluster or a classic cache, its SKU not known": {obj{"name": "n", "sku_name": unknown, "minimum_tls_version": "1.2"},
			"none of the attributes that tell one is set"},
		"of both":    {cacheWith(obj{"default_database": arr{}}), "attributes that different types have"},
		"of neither": {obj{"sku_name": "hunter2"}, "documented value of sku_name"},
	} {
		c, err := toPosture(node{v: cacheShape().value(t, test.cache)}, nil)
		switch {
		case err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: %v", name, err)
		case err == nil && c.Type != test.want:
			t.Errorf("%s: %s", name, c.Type)
		}
	}
}
