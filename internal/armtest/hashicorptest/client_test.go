package hashicorptest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-azure-helpers/lang/pointer"
	"github.com/hashicorp/go-azure-helpers/resourcemanager/commonids"
	redis "github.com/hashicorp/go-azure-sdk/resource-manager/redisenterprise/2025-07-01/redisenterprise"
	"github.com/hashicorp/go-azure-sdk/sdk/environments"
	"golang.org/x/oauth2"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// authorizer asks the fake for its tokens.
type authorizer struct{ s *armtest.Server }

func (a authorizer) Token(context.Context, *http.Request) (*oauth2.Token, error) {
	token, expires := a.s.Token()
	return &oauth2.Token{AccessToken: token, TokenType: "Bearer", Expiry: expires}, nil
}

func (authorizer) AuxiliaryTokens(context.Context, *http.Request) ([]*oauth2.Token, error) {
	return nil, nil
}

func clientOf(t *testing.T, s *armtest.Server) (*redis.RedisEnterpriseClient, *armtest.Endpoint) {
	t.Helper()
	e := s.StartTLS(t)
	client, err := redis.NewRedisEnterpriseClientWithBaseURI(environments.NewApiEndpoint("ResourceManager", e.URL, nil))
	if err != nil {
		t.Fatal(err)
	}
	client.Client.SetAuthorizer(authorizer{s})
	client.Client.SetTransport(e.Client().Transport)
	return client, e
}

// The client makes, changes, links, unlinks and deletes caches.
func TestClient(t *testing.T) {
	s := armtest.New(armtest.Options{PageSize: 1, Operations: armtest.Operations{RetryAfter: 1, RetryAfterMs: -1}})
	s.PutResourceGroup(armtest.DefaultSubscription, "rg", "westeurope")
	client, _ := clientOf(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var links []redis.LinkedDatabase
	for _, name := range []string{"one", "two"} {
		cluster := redis.NewRedisEnterpriseID(armtest.DefaultSubscription, "rg", name)
		if err := client.CreateThenPoll(ctx, cluster, redis.Cluster{Location: "westeurope", Sku: redis.Sku{Name: "Balanced_B5"},
			Properties: &redis.ClusterCreateProperties{PublicNetworkAccess: redis.PublicNetworkAccessDisabled}}); err != nil {
			t.Fatal(err)
		}
		database := redis.NewDatabaseID(armtest.DefaultSubscription, "rg", name, "default")
		if got, err := client.DatabasesGet(ctx, database); err == nil || got.HttpResponse.StatusCode != http.StatusNotFound {
			t.Errorf("a cluster without a database: %v", err)
		}
		links = append(links, redis.LinkedDatabase{Id: pointer.To(database.ID())})
		if err := client.DatabasesCreateThenPoll(ctx, database, redis.Database{Properties: &redis.DatabaseCreateProperties{
			GeoReplication: &redis.DatabasePropertiesGeoReplication{GroupNickname: pointer.To("g"), LinkedDatabases: &links}}}); err != nil {
			t.Fatal(err)
		}
	}
	one := redis.NewDatabaseID(armtest.DefaultSubscription, "rg", "one", "default")
	properties := func() *redis.DatabaseCreateProperties {
		t.Helper()
		got, err := client.DatabasesGet(ctx, one)
		if err != nil {
			t.Fatal(err)
		}
		return got.Model.Properties
	}
	if p := properties(); *p.AccessKeysAuthentication != redis.AccessKeysAuthenticationDisabled || *p.Port != 10000 ||
		len(*p.GeoReplication.LinkedDatabases) != 2 {
		t.Errorf("%+v", p)
	}
	if _, err := client.DatabasesListKeys(ctx, one); err == nil || !strings.Contains(err.Error(), "is disabled") {
		t.Errorf("keys that are switched off: %v", err)
	}
	if err := client.DatabasesUpdateThenPoll(ctx, one, redis.DatabaseUpdate{Properties: &redis.DatabaseUpdateProperties{
		AccessKeysAuthentication: pointer.To(redis.AccessKeysAuthenticationEnabled)}}); err != nil {
		t.Fatal(err)
	}
	if keys, err := client.DatabasesListKeys(ctx, one); err != nil || !strings.HasPrefix(*keys.Model.PrimaryKey, armtest.Canary) {
		t.Errorf("%+v, %v", keys, err)
	}
	if err := client.DatabasesFlushThenPoll(ctx, one, redis.FlushParameters{}); err != nil {
		t.Error(err)
	}
	if err := client.DatabasesForceUnlinkThenPoll(ctx, one, redis.ForceUnlinkParameters{Ids: []string{*links[1].Id}}); err != nil {
		t.Error(err)
	}
	if p := properties(); len(*p.GeoReplication.LinkedDatabases) != 1 {
		t.Errorf("%+v", p.GeoReplication)
	}
	assignment := redis.NewAccessPolicyAssignmentID(armtest.DefaultSubscription, "rg", "one", "default",
		"11111111-2222-3333-4444-555555555555")
	if err := client.AccessPolicyAssignmentCreateUpdateThenPoll(ctx, assignment, redis.AccessPolicyAssignment{
		Properties: &redis.AccessPolicyAssignmentProperties{AccessPolicyName: "default",
			User: redis.AccessPolicyAssignmentPropertiesUser{ObjectId: pointer.To(armtest.DefaultTenant)}}}); err != nil {
		t.Error(err)
	}
	if all, err := client.AccessPolicyAssignmentListComplete(ctx, one); err != nil || len(all.Items) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	cluster := redis.NewRedisEnterpriseID(armtest.DefaultSubscription, "rg", "one")
	if skus, err := client.ListSkusForScaling(ctx, cluster); err != nil || len(*skus.Model.Skus) == 0 {
		t.Errorf("%+v, %v", skus, err)
	}
	if err := client.UpdateThenPoll(ctx, cluster, redis.ClusterUpdate{Sku: &redis.Sku{Name: "Balanced_B10"}}); err != nil {
		t.Error(err)
	}
	if err := client.DatabasesDeleteThenPoll(ctx, redis.NewDatabaseID(armtest.DefaultSubscription, "rg", "two", "default")); err != nil {
		t.Error(err)
	}
	if err := client.DeleteThenPoll(ctx, redis.NewRedisEnterpriseID(armtest.DefaultSubscription, "rg", "two")); err != nil {
		t.Error(err)
	}
	all, err := client.ListComplete(ctx, commonids.NewSubscriptionID(armtest.DefaultSubscription))
	if err != nil || len(all.Items) != 1 || all.Items[0].Sku.Name != "Balanced_B10" || *all.Items[0].Kind != redis.KindVTwo {
		t.Errorf("%+v, %v", all, err)
	}
}

// The bodies of api-version 2025-07-01 hold nothing that the model of the client
// does not know.
func TestBodiesPassTheModel(t *testing.T) {
	s := armtest.New(armtest.Options{})
	id := s.PutManagedCache(armtest.ManagedCache{Tags: map[string]string{"env": "test"},
		Properties: map[string]any{"publicNetworkAccess": "Disabled"},
		Database: map[string]any{"persistence": map[string]any{"rdbEnabled": true, "rdbFrequency": "1h"},
			"modules": []any{map[string]any{"name": "RedisJSON"}}},
		Children: map[string]map[string]any{"privateEndpointConnections/pe": {}, "databases/default/accessPolicyAssignments/app": {
			"accessPolicyName": "default", "user": map[string]any{"objectId": "o"}}}})
	_, e := clientOf(t, s)
	for path, model := range map[string]any{
		"":                   &redis.Cluster{},
		"/databases/default": &redis.Database{},
		"/databases/default/accessPolicyAssignments/app": &redis.AccessPolicyAssignment{},
		"/privateEndpointConnections/pe":                 &redis.PrivateEndpointConnection{},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.URL+id+path+"?api-version=2025-07-01", nil)
		if err != nil {
			t.Fatal(err)
		}
		token, _ := s.Token()
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := e.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var sent, kept any
		err = json.NewDecoder(answer.Body).Decode(&sent)
		_ = answer.Body.Close()
		raw, _ := json.Marshal(sent)
		if err != nil || answer.StatusCode != http.StatusOK || json.Unmarshal(raw, model) != nil {
			t.Fatalf("%s: %d %s, %v", path, answer.StatusCode, raw, err)
		}
		raw, _ = json.Marshal(model)
		if err := json.Unmarshal(raw, &kept); err != nil {
			t.Fatal(err)
		}
		if lost := missing("", sent, kept); lost != nil {
			t.Errorf("the model does not know %s of %s", lost, path)
		}
	}
}

// missing are the paths of the members of a that b lacks.
func missing(at string, a, b any) (paths []string) {
	if list, ok := a.([]any); ok {
		other, _ := b.([]any)
		for i := range min(len(list), len(other)) {
			paths = append(paths, missing(at, list[i], other[i])...)
		}
		return paths
	}
	object, _ := a.(map[string]any)
	other, _ := b.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, ok := other[name]; !ok {
			paths = append(paths, at+"."+name)
			continue
		}
		paths = append(paths, missing(at+"."+name, object[name], other[name])...)
	}
	return paths
}
