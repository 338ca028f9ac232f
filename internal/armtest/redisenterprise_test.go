package armtest

import (
	"maps"
	"strings"
	"testing"
)

const (
	newest  = "?api-version=2025-07-01"
	managed = "/subscriptions/" + DefaultSubscription + "/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/managed"
)

func cluster(sku string, properties object) object {
	return object{"location": "westeurope", "sku": object{"name": sku}, "properties": properties}
}

func with(body object, name string, value any) object {
	body = maps.Clone(body)
	body[name] = value
	return body
}

var private = object{"publicNetworkAccess": "Disabled"}

// What ARM refuses of clusters and databases.
func TestEnterpriseRefusals(t *testing.T) {
	key := object{"publicNetworkAccess": "Disabled", "encryption": object{"customerManagedKeyEncryption": object{
		"keyEncryptionKeyUrl":      "https://kv.vault.azure.net/keys/k/1",
		"keyEncryptionKeyIdentity": object{"identityType": "userAssignedIdentity", "userAssignedIdentityResourceId": "/subscriptions/x/u"}}}}
	geo := func(of ...string) object {
		links := []object{}
		for _, name := range of {
			links = append(links, object{"id": strings.Replace(managed, "/managed", "/"+name, 1) + "/databases/default"})
		}
		return object{"groupNickname": "g", "linkedDatabases": links}
	}
	identified := func(id string) object {
		return with(cluster("Balanced_B5", key), "identity", object{"type": "UserAssigned", "userAssignedIdentities": object{id: object{}}})
	}
	const database = managed + "/databases/default"
	const fresh, existing, db = managed + "-new" + newest, managed + newest, database + newest
	both, odd := object{"rdbEnabled": true, "aofEnabled": true}, object{"rdbEnabled": true, "rdbFrequency": "2h"}
	none, search := object{"clusteringPolicy": "NoCluster"}, object{"clusteringPolicy": "EnterpriseCluster", "evictionPolicy": "NoEviction",
		"modules": []object{{"name": "RediSearch"}}}
	const setting = "/providers/Microsoft.Insights/diagnosticSettings/d?api-version=2021-05-01-preview"
	logs := func(category string) object {
		return props(object{"workspaceId": "/w", "logs": []object{{"category": category, "enabled": true}}})
	}
	metrics := props(object{"workspaceId": "/w", "metrics": []object{{"category": "AllMetrics", "enabled": true}}})
	endpoint := func(group string) object {
		return props(object{"privateLinkServiceConnections": []object{{"name": "c",
			"properties": object{"privateLinkServiceId": managed, "groupIds": []string{group}}}}})
	}
	const endpoints = "/subscriptions/" + DefaultSubscription + "/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe" +
		"?api-version=2024-05-01"
	for name, tt := range map[string]struct {
		cache   ManagedCache // with its database; none for the name "-"
		method  string       // default PUT
		path    string
		body    object
		message string // empty: accepted
	}{
		"a cluster":                   {path: fresh, body: cluster("Balanced_B5", private)},
		"no public access said":       {path: fresh, body: cluster("Balanced_B5", object{}), message: "publicNetworkAccess is required"},
		"an older version needs none": {path: managed + "-new?api-version=2025-04-01", body: cluster("Balanced_B5", object{})},
		"an older version takes none": {path: managed + "-new?api-version=2025-05-01-preview", body: cluster("Balanced_B5", private),
			message: "has no property 'publicNetworkAccess'"},
		"zones on Managed Redis": {path: fresh, body: with(cluster("Balanced_B5", private), "zones", []string{"1"}),
			message: "Zones are not supported with SKU 'Balanced_B5'"},
		"zones on Enterprise": {path: fresh, body: with(cluster("Enterprise_E10", private), "zones", []string{"1"})},
		"a capacity": {path: fresh, body: with(cluster("x", private), "sku", object{"name": "Balanced_B5", "capacity": 2}),
			message: "sku.capacity is not supported"},
		"no such SKU": {path: fresh, body: cluster("Balanced_B7", private), message: "is not a SKU"},
		"a bad name":  {path: managed + "--new" + newest, body: cluster("Balanced_B5", private), message: "is not a name"},
		"no location": {path: fresh, body: with(cluster("Balanced_B5", private), "location", nil), message: "location"},
		"another location": {path: existing, body: with(cluster("Balanced_B5", private), "location", "eastus"),
			message: "already exists"},
		"a key":                   {path: fresh, body: identified("/subscriptions/X/u")},
		"a key nobody reads":      {path: fresh, body: cluster("Balanced_B5", key), message: "user-assigned identity"},
		"a key another one reads": {path: fresh, body: identified("/subscriptions/x/v"), message: "user-assigned identity"},
		"a change by PATCH":       {method: "PATCH", path: existing, body: props(object{"minimumTlsVersion": "1.2"})},
		"high availability off": {method: "PATCH", path: existing, body: props(object{"highAvailability": "Disabled"}),
			message: "cannot be disabled"},
		"high availability on": {cache: ManagedCache{Properties: object{"highAvailability": "Disabled"}}, method: "PATCH", path: existing,
			body: props(object{"highAvailability": "Enabled"})},
		"to Flash":         {method: "PATCH", path: existing, body: object{"sku": object{"name": "FlashOptimized_A250"}}, message: "Scaling"},
		"to a larger size": {method: "PATCH", path: existing, body: object{"sku": object{"name": "Balanced_B10"}}},

		"a database": {cache: ManagedCache{Name: "-"}, path: managed + "-/databases/default" + newest, body: props(object{}),
			message: "could not be found"},
		"another name":              {path: managed + "/databases/other" + newest, body: props(object{}), message: "named default"},
		"both persistences":         {path: db, body: props(object{"persistence": both}), message: "together"},
		"a frequency":               {path: db, body: props(object{"persistence": odd}), message: "'2h'"},
		"another clustering policy": {path: db, body: props(object{"clusteringPolicy": "EnterpriseCluster"}), message: "clusteringPolicy"},
		"away from no cluster": {cache: ManagedCache{Database: none}, path: db,
			body: props(object{"clusteringPolicy": "OSSCluster"})},
		"no cluster of 50 GB": {cache: ManagedCache{SKU: "Balanced_B50", Database: none}, path: db,
			body: props(object{}), message: "NoCluster is not supported"},
		"another module": {path: db, body: props(object{"modules": []object{{"name": "RedisJSON"}}}), message: "modules"},
		"the same modules": {cache: ManagedCache{Database: object{"modules": []object{{"name": "RedisJSON"}}}}, path: db,
			body: props(object{"modules": []object{{"name": "RedisJSON"}}})},
		"RediSearch with eviction": {cache: ManagedCache{Database: search},
			path: db, body: props(object{"evictionPolicy": "VolatileLRU"}), message: "RediSearch needs"},
		"another port":     {path: db, body: props(object{"port": 10001}), message: "port"},
		"a word":           {path: db, body: props(object{"clientProtocol": "TLS"}), message: "'TLS' is not a value"},
		"plain text":       {method: "PATCH", path: db, body: props(object{"clientProtocol": "Plaintext"})},
		"a group later":    {path: db, body: props(object{"geoReplication": geo("managed")}), message: "groupNickname"},
		"keys on":          {method: "PATCH", path: db, body: props(object{"accessKeysAuthentication": "Enabled"})},
		"keys of no login": {method: "POST", path: database + "/listKeys" + newest, message: "is disabled"},
		"flush":            {method: "POST", path: database + "/flush" + newest},
		"flush before its time": {method: "POST", path: database + "/flush?api-version=2022-01-01",
			message: "is not supported"},
		"export to nowhere": {method: "POST", path: database + "/export" + newest, body: object{}, message: "sasUri is required"},
		"unlink nothing":    {method: "POST", path: database + "/forceUnlink" + newest, body: object{}, message: "ids is required"},
		"link to nothing":   {method: "POST", path: database + "/forceLinkToReplicationGroup" + newest, body: object{}, message: "is required"},
		"link to a group": {method: "POST", path: database + "/forceLinkToReplicationGroup" + newest,
			body: object{"geoReplication": geo("managed")}},
		"upgrade":     {method: "POST", path: database + "/upgradeDBRedisVersion" + newest},
		"no such key": {method: "POST", path: database + "/regenerateKey" + newest, body: object{"keyType": "Third"}, message: "keyType"},

		"an assignment": {path: database + "/accessPolicyAssignments/11111111-2222-3333-4444-555555555555" + newest,
			body: props(object{"accessPolicyName": "default", "user": object{"objectId": "o"}})},
		"of another policy": {path: database + "/accessPolicyAssignments/a" + newest,
			body: props(object{"accessPolicyName": "Data Owner", "user": object{"objectId": "o"}}), message: "does not exist"},
		"of nobody": {path: database + "/accessPolicyAssignments/a" + newest, body: props(object{"accessPolicyName": "default"}),
			message: "user.objectId is required"},
		"on Enterprise": {cache: ManagedCache{SKU: "Enterprise_E10"}, path: database + "/accessPolicyAssignments/a" + newest,
			body: props(object{"accessPolicyName": "default", "user": object{"objectId": "o"}}), message: "not supported with this SKU"},
		"before their time": {method: "GET", path: database + "/accessPolicyAssignments?api-version=2024-10-01",
			message: "No registered resource provider"},

		"logs of the database":           {path: database + setting, body: logs("ConnectionEvents")},
		"logs of the other service":      {path: database + setting, body: logs("ConnectedClientList"), message: "is not supported"},
		"logs of the cluster":            {path: managed + setting, body: logs("ConnectionEvents"), message: "is not supported"},
		"metrics of the cluster":         {path: managed + setting, body: metrics},
		"metrics of the database":        {path: database + setting, body: metrics, message: "is not supported"},
		"an endpoint":                    {path: endpoints, body: endpoint("redisEnterprise")},
		"an endpoint to another service": {path: endpoints, body: endpoint("redisCache"), message: "has no group 'redisCache'"},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{})
			if tt.cache.Database == nil && tt.cache.Name != "-" {
				tt.cache.Database = object{}
			}
			c.s.PutManagedCache(tt.cache)
			if tt.method == "" {
				tt.method = "PUT"
			}
			var body any
			if tt.body != nil {
				body = tt.body
			}
			got := c.do(tt.method, tt.path, body)
			if failed := got.status >= 400; failed != (tt.message != "") || !strings.Contains(got.message(), tt.message) {
				t.Errorf("got %d %s", got.status, got.raw)
			}
		})
	}
}

// An api-version shows and takes the properties that it has, and fills in its own
// default for access keys.
func TestEnterpriseVersions(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutManagedCache(ManagedCache{Properties: private, Identity: object{"type": "SystemAssigned"}, Database: object{}})
	properties := []string{"publicNetworkAccess", "highAvailability", "redundancyMode", "identity", "kind", "accessKeysAuthentication",
		"deferUpgrade"}
	for version, want := range map[string]string{
		"2022-01-01":         "",
		"2022-11-01-preview": "identity",
		"2023-07-01":         "",
		"2024-03-01-preview": "identity deferUpgrade",
		"2024-09-01-preview": "highAvailability redundancyMode identity kind accessKeysAuthentication deferUpgrade",
		"2024-10-01":         "identity",
		"2025-04-01":         "highAvailability redundancyMode identity kind accessKeysAuthentication deferUpgrade",
		"2025-07-01":         strings.Join(properties, " "),
	} {
		raw := c.do("GET", id+"?api-version="+version, nil).raw + c.do("GET", id+"/databases/default?api-version="+version, nil).raw
		var shown []string
		for _, name := range properties {
			if strings.Contains(raw, `"`+name+`":`) {
				shown = append(shown, name)
			}
		}
		if got := strings.Join(shown, " "); got != want {
			t.Errorf("%s shows %s, want %s", version, got, want)
		}
	}
	for version, want := range map[string]string{"2022-01-01": "Enabled", "2025-05-01-preview": "Enabled", "2025-07-01": "Disabled"} {
		c.do("PUT", id+"/databases/default?api-version="+version, props(object{}))
		c.s.Finish()
		if got := textAt(c.s.Object(id+"/databases/default"), "properties", "accessKeysAuthentication"); got != want {
			t.Errorf("%s: keys %s, want %s", version, got, want)
		}
	}
}

// A cluster and its database are read each by itself, and end their operations with
// both states; Resource Graph knows clusters only.
func TestEnterpriseLife(t *testing.T) {
	c := start(t, Options{Operations: Operations{SettleReads: 1}})
	c.s.PutResourceGroup(DefaultSubscription, "rg", "westeurope")
	c.do("PUT", managed+newest, cluster("Balanced_B5", private))
	if got := c.do("GET", managed+"/databases/default"+newest, nil); got.status != 404 || got.code() != "ResourceNotFound" {
		t.Errorf("a cluster without a database: %d %s", got.status, got.raw)
	}
	if got := c.do("PUT", managed+"/databases/default"+newest, props(object{})); got.status != 409 {
		t.Errorf("the cluster is being made: %d %s", got.status, got.raw)
	}
	c.s.Finish()
	for _, want := range []string{"Creating", "Running"} {
		body := c.do("GET", managed+newest, nil).body
		if got := textAt(body, "properties", "resourceState"); got != want || textAt(body, "properties", "provisioningState") != "Succeeded" {
			t.Errorf("resourceState %s, want %s: %v", got, want, body)
		}
	}
	made := c.do("PUT", managed+"/databases/default"+newest, props(object{}))
	if made.status != 201 || textAt(made.body, "name") != "managed/default" {
		t.Errorf("%d %s", made.status, made.raw)
	}
	c.s.Finish()
	graph := c.do("POST", "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01",
		object{"query": "resources | order by id asc"})
	if rows, _ := graph.body["data"].([]any); len(rows) != 1 || textAt(rows[0], "type") != clusterType {
		t.Error(graph.raw)
	}
	const endpoint = "/subscriptions/" + DefaultSubscription + "/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe"
	c.do("PUT", endpoint+"?api-version=2024-05-01", props(object{"privateLinkServiceConnections": []object{{"name": "c",
		"properties": object{"privateLinkServiceId": managed, "groupIds": []string{"redisEnterprise"}}}}}))
	c.s.Finish()
	connections, _ := at(c.do("GET", managed+newest, nil).body, "properties", "privateEndpointConnections").([]any)
	if len(connections) != 1 || textAt(connections[0], "properties", "privateLinkServiceConnectionState", "status") != "Approved" {
		t.Error(connections)
	}
	c.do("DELETE", managed+newest, nil)
	c.s.Finish()
	if got := c.s.IDs(databaseType); got != nil {
		t.Errorf("left: %v", got)
	}
}

// A database cannot join a geo-replication group with persistence, without high
// availability, as the smallest size, or unlike the others.
func TestEnterpriseGeoReplication(t *testing.T) {
	one, two := strings.Replace(managed, "/managed", "/one", 1), strings.Replace(managed, "/managed", "/two", 1)
	group := func(ids ...string) object {
		links := []object{}
		for _, id := range ids {
			links = append(links, object{"id": id + "/databases/default"})
		}
		return object{"groupNickname": "g", "linkedDatabases": links}
	}
	joins := func(more object) object {
		return with(more, "geoReplication", group(one, two))
	}
	for name, tt := range map[string]struct {
		cluster  ManagedCache
		database object
		message  string
	}{
		"alike":                     {ManagedCache{}, joins(object{}), ""},
		"persistence":               {ManagedCache{}, joins(object{"persistence": object{"rdbEnabled": true}}), "Persistence"},
		"without high availability": {ManagedCache{Properties: object{"highAvailability": "Disabled"}}, joins(object{}), "high availability"},
		"Balanced_B1":               {ManagedCache{SKU: "Balanced_B1"}, joins(object{}), "Balanced_B1"},
		"another size":              {ManagedCache{SKU: "Balanced_B10"}, joins(object{}), "must have the same"},
		"another policy":            {ManagedCache{}, joins(object{"evictionPolicy": "NoEviction"}), "must have the same"},
		"a module":                  {ManagedCache{}, joins(object{"modules": []object{{"name": "RedisBloom"}}}), "modules"},
		"not itself":                {ManagedCache{}, object{"geoReplication": group(one)}, "itself"},
		"no name":                   {ManagedCache{}, object{"geoReplication": object{"linkedDatabases": []any{}}}, "groupNickname"},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{})
			c.s.PutManagedCache(ManagedCache{Name: "one", Database: object{"geoReplication": group(one)}})
			tt.cluster.Name = "two"
			c.s.PutManagedCache(tt.cluster)
			got := c.do("PUT", two+"/databases/default"+newest, props(tt.database))
			if failed := got.status >= 400; failed != (tt.message != "") || !strings.Contains(got.message(), tt.message) {
				t.Errorf("got %d %s", got.status, got.raw)
			}
			c.s.Finish()
			if links := linkedIDs(objectAt(c.s.Object(one+"/databases/default"), "properties")); (len(links) == 2) != (tt.message == "") {
				t.Errorf("the other one is linked to %v", links)
			}
		})
	}
}
