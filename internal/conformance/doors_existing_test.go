package conformance

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	manager "github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// tokens is a credential that the fake accepts.
type tokens struct{ fake *armtest.Server }

func (s tokens) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, expires := s.fake.Token()
	return azcore.AccessToken{Token: token, ExpiresOn: expires}, nil
}

// azureDoor is the door arm: a reader of Azure Resource Manager, with a fake one.
type azureDoor struct {
	fake   *armtest.Server
	reader *azure.Reader
}

func newAzureDoor(t *testing.T) *azureDoor {
	t.Helper()
	fake := armtest.New(armtest.Options{})
	endpoint := fake.StartTLS(t)
	config, err := manager.NewConfig(map[string]string{
		manager.Environment: "custom", manager.ResourceManagerEndpoint: endpoint.URL, manager.AuthorityHost: endpoint.URL,
		manager.DisableInstanceDiscovery: "true", manager.UseCLI: "false", manager.TenantID: armtest.DefaultTenant,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := manager.NewClient(manager.Options{
		Config: config, Version: "test", Transport: endpoint.Client(), Credential: tokens{fake}, RetryDelay: time.Millisecond,
		Limits: manager.Limits{
			Concurrency: 16, SubscriptionConcurrency: 16, ReadBurst: 1 << 20, ReadsPerSecond: 1 << 20, QueryBurst: 1000, QuerySeconds: 1,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	fake.PutSubscription(armtest.Subscription{ID: subscription, ManagementGroups: []string{"mg"}})
	return &azureDoor{fake, azure.NewReader(client, func() time.Time { return today })}
}

func (e *azureDoor) judge(t *testing.T, s situation) findings {
	t.Helper()
	e.put(s)
	c, err := e.reader.Read(t.Context(), cacheID(s))
	if err != nil {
		t.Fatal(err)
	}
	return findingsOf(baseline.Published().Evaluate(c, baseline.Options{Today: today}))
}

// put creates the cache of a situation, and what stands around it, in the fake. A
// property that is left out gets the value that the service gives a new cache.
func (e *azureDoor) put(s situation) {
	f := s.facts
	body := plain(s.armBody(ref{id: subnetIDOf(s)})).(object)
	properties := body["properties"].(object)
	if f.Managed == nil || !f.Managed.OnDatabase {
		maps.Copy(properties, f.Update)
	}
	if f.PublicAccessNotReturned {
		properties["publicNetworkAccess"] = nil
	}
	cache := armtest.Cache{
		ResourceGroup: s.groupName(), Name: s.cacheName(), Location: f.location(), SKU: f.Size,
		Properties: properties, Configuration: map[string]string{}, Children: map[string]object{},
	}
	if cache.SKU == "" {
		cache.SKU = "Standard C1"
	}
	configuration, _ := properties["redisConfiguration"].(object)
	for name, value := range configuration {
		cache.Configuration[name], _ = value.(string)
	}
	delete(properties, "redisConfiguration")
	delete(properties, "sku")
	cache.Zones, _ = f.Zones.([]string)
	for i, endpoint := range f.Endpoints {
		if endpoint.Other || endpoint.Service != "" || endpoint.NoService {
			continue // the connection belongs to another target
		}
		state := endpoint.State
		switch {
		case state != "":
		case endpoint.Manual:
			state = "Pending"
		default:
			state = "Approved"
		}
		cache.Children["privateEndpointConnections/"+string(rune('a'+i))] = object{"privateLinkServiceConnectionState": object{"status": state}}
	}
	if f.ManagedEndpoint {
		cache.Children["privateEndpointConnections/managed"] = object{"privateLinkServiceConnectionState": object{"status": "Pending"}}
	}
	if f.Managed != nil {
		identity, _ := body["identity"].(object)
		name, _, _ := strings.Cut(f.sku(), "-")
		e.fake.PutManagedCache(armtest.ManagedCache{ResourceGroup: cache.ResourceGroup, Name: cache.Name, Location: cache.Location,
			SKU: name, Properties: properties, Identity: identity, Zones: cache.Zones, Children: cache.Children})
	} else {
		e.fake.PutCache(cache)
	}
	for _, c := range s.armCompanions(ref{id: cacheID(s)}) {
		parent, _ := plain(c.parent).(string)
		if strings.Contains(parent, "/virtualNetworks/") {
			e.fake.Put(parent, object{"properties": object{"addressSpace": object{"addressPrefixes": []string{"10.0.0.0/16"}}}})
		}
		e.fake.Put(armID(parent, c.typ, c.name), plain(c.body).(object))
	}
	e.fake.Put(customSet, object{"properties": object{
		"parameters": object{"publicEffect": object{"type": "String", "defaultValue": "Audit"}},
		"policyDefinitions": []object{{"policyDefinitionId": publicPolicy, "policyDefinitionReferenceId": "public",
			"parameters": object{"effect": object{"value": "[parameters('publicEffect')]"}}}},
	}})
	if n := f.Subnet; n != nil && n.Elsewhere {
		e.fake.Put(strings.TrimSuffix(otherSubnet, "/subnets/redis"), object{"properties": object{}})
		e.fake.Put(otherSubnet, object{"properties": object{"addressPrefix": "10.0.2.0/24"}})
	}
}
