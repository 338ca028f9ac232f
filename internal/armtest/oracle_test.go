package armtest

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/redis/armredis/v3"
	"github.com/google/go-cmp/cmp"
)

// The fake must not invent fields: every body goes through the published model
// and comes back whole.
func TestBodiesPassThePublishedModel(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{SKU: "Premium P1", Zones: []string{"1", "2"}, Tags: map[string]string{"env": "test"},
		Properties:    object{"shardCount": 2, "replicasPerPrimary": 2, "minimumTlsVersion": "1.2", "zonalAllocationPolicy": "UserDefined"},
		Configuration: map[string]string{"aad-enabled": "true", "rdb-backup-enabled": "true", "rdb-storage-connection-string": "secret"},
		Identity:      object{"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": object{"/subscriptions/x/a": object{}}},
		Children: map[string]object{
			"firewallRules/office":            {"startIP": "203.0.113.1", "endIP": "203.0.113.9"},
			"patchSchedules/default":          {"scheduleEntries": []object{{"dayOfWeek": "Monday", "startHourUtc": 3}}},
			"privateEndpointConnections/pe.1": {},
			"linkedServers/other": {"linkedRedisCacheId": "/subscriptions/x", "linkedRedisCacheLocation": "East US",
				"serverRole": "Secondary"},
			"accessPolicies/mine":         {"permissions": "+get ~*"},
			"accessPolicyAssignments/app": {"accessPolicyName": "Data Owner", "objectId": DefaultTenant, "objectIdAlias": "app"},
		}})
	for path, model := range map[string]any{
		"":                                 &armredis.ResourceInfo{},
		"/firewallRules":                   &armredis.FirewallRuleListResult{},
		"/firewallRules/office":            &armredis.FirewallRule{},
		"/patchSchedules":                  &armredis.PatchScheduleListResult{},
		"/patchSchedules/default":          &armredis.PatchSchedule{},
		"/privateEndpointConnections":      &armredis.PrivateEndpointConnectionListResult{},
		"/privateEndpointConnections/pe.1": &armredis.PrivateEndpointConnection{},
		"/linkedServers":                   &armredis.LinkedServerWithPropertiesList{},
		"/linkedServers/other":             &armredis.LinkedServerWithProperties{},
		"/accessPolicies":                  &armredis.CacheAccessPolicyList{},
		"/accessPolicies/Data%20Reader":    &armredis.CacheAccessPolicy{},
		"/accessPolicyAssignments":         &armredis.CacheAccessPolicyAssignmentList{},
		"/accessPolicyAssignments/app":     &armredis.CacheAccessPolicyAssignment{},
		"/privateLinkResources":            &armredis.PrivateLinkResourceListResult{},
	} {
		t.Run("GET "+path, func(t *testing.T) {
			got := c.do("GET", id+path, nil)
			if got.status != 200 {
				t.Fatal(got.raw)
			}
			sameAfter(t, got.raw, model)
		})
	}
	t.Run("PUT of a new cache", func(t *testing.T) {
		got := c.do("PUT", id+"2", object{"location": "westeurope",
			"properties": object{"sku": object{"name": "Standard", "family": "C", "capacity": 1}}})
		if got.status != 201 {
			t.Fatal(got.raw)
		}
		sameAfter(t, got.raw, &armredis.ResourceInfo{})
	})
	t.Run("list of the subscription", func(t *testing.T) {
		sameAfter(t, c.do("GET", "/subscriptions/"+DefaultSubscription+"/providers/Microsoft.Cache/redis", nil).raw, &armredis.ListResult{})
	})
	t.Run("listKeys", func(t *testing.T) {
		sameAfter(t, c.do("POST", id+"/listKeys", nil).raw, &armredis.AccessKeys{})
	})
}

func sameAfter(t *testing.T, body string, model any) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), model); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(model)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if json.Unmarshal([]byte(body), &want) != nil || json.Unmarshal(again, &got) != nil {
		t.Fatal(body)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the published model does not know this body (-sent +model):\n%s", diff)
	}
}

func TestPublishedClient(t *testing.T) {
	for name, style := range map[string]Style{"Azure-AsyncOperation": AsyncOperation, "Location": LocationOnly} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{PageSize: 2, Operations: Operations{Style: style, Polls: 2, SettleReads: 1}})
			c.s.PutResourceGroup(DefaultSubscription, "rg", "westeurope")
			client, err := armredis.NewClient(DefaultSubscription, credential{c.s}, options(c.e))
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			for i := range 3 {
				poller, err := client.BeginCreate(ctx, "rg", fmt.Sprint("cache", i), armredis.CreateParameters{
					Location: to.Ptr("westeurope"),
					Properties: &armredis.CreateProperties{
						SKU: &armredis.SKU{Name: to.Ptr(armredis.SKUNamePremium), Family: to.Ptr(armredis.SKUFamilyP),
							Capacity: to.Ptr[int32](1)},
						MinimumTLSVersion: to.Ptr(armredis.TLSVersionOne2),
					},
				}, nil)
				if err != nil {
					t.Fatal(err)
				}
				created, err := poller.PollUntilDone(ctx, nil)
				if err != nil {
					t.Fatal(err)
				}
				if *created.Properties.HostName != fmt.Sprintf("cache%d.redis.cache.windows.net", i) {
					t.Error(*created.Properties.HostName)
				}
			}
			update, err := client.BeginUpdate(ctx, "rg", "cache1", armredis.UpdateParameters{
				Properties: &armredis.UpdateProperties{PublicNetworkAccess: to.Ptr(armredis.PublicNetworkAccessDisabled)},
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			updated, err := update.PollUntilDone(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			if *updated.Properties.PublicNetworkAccess != armredis.PublicNetworkAccessDisabled {
				t.Error("the update was lost")
			}
			gone, err := client.BeginDelete(ctx, "rg", "cache0", nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := gone.PollUntilDone(ctx, nil); err != nil {
				t.Fatal(err)
			}
			var names []string
			for pager := client.NewListBySubscriptionPager(nil); pager.More(); {
				page, err := pager.NextPage(ctx)
				if err != nil {
					t.Fatal(err)
				}
				for _, one := range page.Value {
					names = append(names, *one.Name)
				}
			}
			if diff := cmp.Diff([]string{"cache1", "cache2"}, names); diff != "" {
				t.Error(diff)
			}
		})
	}
}
