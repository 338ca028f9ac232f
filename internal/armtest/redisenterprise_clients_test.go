package armtest

import (
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	armredis "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/redisenterprise/armredisenterprise"
)

// The bodies of api-version 2022-01-01 pass the published model of that version.
func TestEnterpriseBodiesPassThePublishedModel(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutManagedCache(ManagedCache{SKU: "Enterprise_E10", Zones: []string{"1", "2", "3"}, Tags: map[string]string{"env": "test"},
		Properties: object{"publicNetworkAccess": "Disabled"},
		Database: object{"persistence": object{"rdbEnabled": true, "rdbFrequency": "1h"}, "modules": []object{{"name": "RedisBloom"}},
			"accessKeysAuthentication": "Enabled"},
		Children: map[string]object{"privateEndpointConnections/pe.1": {}}})
	const old = "?api-version=2022-01-01"
	for path, model := range map[string]any{
		"":                                 &armredis.Cluster{},
		"/databases":                       &armredis.DatabaseList{},
		"/databases/default":               &armredis.Database{},
		"/privateEndpointConnections":      &armredis.PrivateEndpointConnectionListResult{},
		"/privateEndpointConnections/pe.1": &armredis.PrivateEndpointConnection{},
		"/privateLinkResources":            &armredis.PrivateLinkResourceListResult{},
	} {
		t.Run("GET "+path, func(t *testing.T) {
			got := c.do("GET", id+path+old, nil)
			if got.status != 200 {
				t.Fatal(got.raw)
			}
			sameAfter(t, got.raw, model)
		})
	}
	t.Run("PUT of a new cluster", func(t *testing.T) {
		got := c.do("PUT", id+"2"+old, cluster("Balanced_B5", nil))
		if got.status != 201 {
			t.Fatal(got.raw)
		}
		sameAfter(t, got.raw, &armredis.Cluster{})
	})
	t.Run("list of the subscription", func(t *testing.T) {
		got := c.do("GET", "/subscriptions/"+DefaultSubscription+"/providers/Microsoft.Cache/redisEnterprise"+old, nil)
		sameAfter(t, got.raw, &armredis.ClusterList{})
	})
	t.Run("listKeys", func(t *testing.T) {
		sameAfter(t, c.do("POST", id+"/databases/default/listKeys"+old, nil).raw, &armredis.AccessKeys{})
	})
}

// The client of the Azure SDK makes, links, unlinks and deletes caches.
func TestPublishedEnterpriseClient(t *testing.T) {
	for name, style := range map[string]Style{"Azure-AsyncOperation": AsyncOperation, "Location": LocationOnly} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{PageSize: 1, Operations: Operations{Style: style, Polls: 2, SettleReads: 1}})
			c.s.PutResourceGroup(DefaultSubscription, "rg", "westeurope")
			factory, err := armredis.NewClientFactory(DefaultSubscription, credential{c.s}, options(c.e))
			if err != nil {
				t.Fatal(err)
			}
			clusters, databases := factory.NewClient(), factory.NewDatabasesClient()
			ctx := t.Context()
			var links []*armredis.LinkedDatabase
			for _, name := range []string{"one", "two"} {
				made := wait(t, polled(clusters.BeginCreate(ctx, "rg", name, armredis.Cluster{Location: to.Ptr("westeurope"),
					SKU: &armredis.SKU{Name: to.Ptr(armredis.SKUName("Balanced_B5"))}, Properties: &armredis.ClusterProperties{
						MinimumTLSVersion: to.Ptr(armredis.TLSVersionOne2)}}, nil)))
				if host := *made.Properties.HostName; host != name+".westeurope.redis.azure.net" {
					t.Error(host)
				}
				links = append(links, &armredis.LinkedDatabase{ID: to.Ptr(*made.ID + "/databases/default")})
				database := wait(t, polled(databases.BeginCreate(ctx, "rg", name, "default", armredis.Database{Properties: &armredis.DatabaseProperties{
					EvictionPolicy: to.Ptr(armredis.EvictionPolicyNoEviction),
					GeoReplication: &armredis.DatabasePropertiesGeoReplication{GroupNickname: to.Ptr("group"), LinkedDatabases: links},
				}}, nil)))
				if *database.Properties.Port != 10000 || len(database.Properties.GeoReplication.LinkedDatabases) != len(links) {
					t.Errorf("%+v", database.Properties)
				}
			}
			first, err := databases.Get(ctx, "rg", "one", "default", nil)
			if err != nil || len(first.Properties.GeoReplication.LinkedDatabases) != 2 ||
				*first.Properties.GeoReplication.LinkedDatabases[1].State != armredis.LinkStateLinked {
				t.Errorf("%+v, %v", first.Properties, err)
			}
			keys, err := databases.ListKeys(ctx, "rg", "one", "default", nil)
			if err != nil || !strings.HasPrefix(*keys.PrimaryKey, Canary) {
				t.Errorf("%v", err)
			}
			wait(t, polled(databases.BeginRegenerateKey(ctx, "rg", "one", "default",
				armredis.RegenerateKeyParameters{KeyType: to.Ptr(armredis.AccessKeyTypePrimary)}, nil)))
			if fresh, err := databases.ListKeys(ctx, "rg", "one", "default", nil); err != nil || *fresh.PrimaryKey == *keys.PrimaryKey {
				t.Errorf("the key is still the same: %v", err)
			}
			wait(t, polled(databases.BeginForceUnlink(ctx, "rg", "one", "default",
				armredis.ForceUnlinkParameters{IDs: []*string{links[1].ID}}, nil)))
			for _, name := range []string{"one", "two"} {
				after, err := databases.Get(ctx, "rg", name, "default", nil)
				if err != nil || len(after.Properties.GeoReplication.LinkedDatabases) != 1 {
					t.Errorf("%s: %+v, %v", name, after.Properties, err)
				}
			}
			updated := wait(t, polled(databases.BeginUpdate(ctx, "rg", "one", "default", armredis.DatabaseUpdate{
				Properties: &armredis.DatabaseProperties{ClientProtocol: to.Ptr(armredis.ProtocolPlaintext)}}, nil)))
			if *updated.Properties.ClientProtocol != armredis.ProtocolPlaintext {
				t.Error("the update was lost")
			}
			wait(t, polled(databases.BeginDelete(ctx, "rg", "two", "default", nil)))
			wait(t, polled(clusters.BeginDelete(ctx, "rg", "two", nil)))
			var names []string
			for pager := clusters.NewListPager(nil); pager.More(); {
				page, err := pager.NextPage(ctx)
				if err != nil {
					t.Fatal(err)
				}
				for _, one := range page.Value {
					names = append(names, *one.Name)
				}
			}
			if len(names) != 1 || names[0] != "one" {
				t.Error(names)
			}
		})
	}
}

// begun is what a client returns that began an operation.
type begun[T any] struct {
	poller *runtime.Poller[T]
	err    error
}

func polled[T any](poller *runtime.Poller[T], err error) begun[T] { return begun[T]{poller, err} }

// wait polls an operation until it ends.
func wait[T any](t *testing.T, b begun[T]) T {
	t.Helper()
	if b.err != nil {
		t.Fatal(b.err)
	}
	result, err := b.poller.PollUntilDone(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return result
}
