package armtest

import (
	"strings"
	"testing"
)

const base = "/subscriptions/" + DefaultSubscription + "/resourceGroups/rg/providers/Microsoft.Cache/redis/cache"

func props(p object) object { return object{"properties": p} }

func sku(tier, family string, capacity int) object {
	return object{"name": tier, "family": family, "capacity": capacity}
}

// What ARM refuses, and how it says so.
func TestRefusedUpdates(t *testing.T) {
	for name, tt := range map[string]struct {
		cache   Cache
		body    object
		message string // empty: accepted
	}{
		"two concerns in one request": {Cache{SKU: "Premium P1"}, props(object{"publicNetworkAccess": "Disabled", "sku": sku("Premium", "P", 2)}),
			"The following updates can't be processed in one single request"},
		"identity and version": {Cache{Properties: object{"redisVersion": "4.0"}},
			object{"identity": object{"type": "SystemAssigned"}, "properties": object{"redisVersion": "6"}},
			"can't be processed in one single request"},
		"the same values again are no second concern": {Cache{},
			props(object{"publicNetworkAccess": "Disabled", "redisVersion": "6", "sku": sku("Standard", "c", 1)}), ""},
		"a lower tier":                 {Cache{SKU: "Premium P1"}, props(object{"sku": sku("Standard", "C", 1)}), "is not supported"},
		"Basic to Premium":             {Cache{SKU: "Basic C1"}, props(object{"sku": sku("Premium", "P", 1)}), "is not supported"},
		"Basic to Standard, same size": {Cache{SKU: "Basic C1"}, props(object{"sku": sku("Standard", "C", 1)}), ""},
		"Basic to Standard, new size":  {Cache{SKU: "Basic C1"}, props(object{"sku": sku("Standard", "C", 2)}), "is not supported"},
		"down to C0":                   {Cache{}, props(object{"sku": sku("Standard", "C", 0)}), "C0 is not supported"},
		"family of another tier":       {Cache{}, props(object{"sku": sku("Premium", "C", 1)}), "no size"},
		"keys off without Entra":       {Cache{}, props(object{"disableAccessKeyAuthentication": true}), "only when Microsoft Entra"},
		"keys off with Entra": {Cache{Configuration: map[string]string{"aad-enabled": "True"}},
			props(object{"disableAccessKeyAuthentication": true}), ""},
		"no authentication outside a network": {Cache{SKU: "Premium P1"}, props(object{"redisConfiguration": object{"authnotrequired": "true"}}),
			"only for caches in a virtual network"},
		"a new subnet": {Cache{SKU: "Premium P1"}, props(object{"subnetId": "/subscriptions/x/subnets/y"}),
			"cannot be modified: 'properties.subnetId'"},
		"the same subnet in another casing": {Cache{SKU: "Premium P1", Properties: object{"subnetId": "/subscriptions/x/subnets/y"}},
			props(object{"subnetId": "/subscriptions/X/subnets/Y"}), ""},
		"reservation on Basic": {Cache{SKU: "Basic C1"}, props(object{"redisConfiguration": object{"maxmemory-reserved": "10"}}),
			"The setting 'maxmemory-reserved' is not allowed on 'Basic' cache instances"},
		"shards outside Premium":   {Cache{}, props(object{"shardCount": 2}), "Premium tier only"},
		"number for a text":        {Cache{}, props(object{"redisConfiguration": object{"aad-enabled": true}}), "must be of type string"},
		"text for a number":        {Cache{SKU: "Premium P1"}, props(object{"shardCount": "2"}), "must be of type number"},
		"old TLS cannot be chosen": {Cache{}, props(object{"minimumTlsVersion": "1.1"}), "not a value"},
		"lower version":            {Cache{}, props(object{"redisVersion": "4"}), "cannot be lowered"},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{})
			id := c.s.PutCache(tt.cache)
			before := c.s.Object(id)
			got := c.do("PATCH", id, tt.body)
			if tt.message == "" {
				if got.status != 202 {
					t.Error(got.raw)
				}
				return
			}
			if got.status != 400 || !strings.Contains(got.message(), tt.message) {
				t.Errorf("got %d %s", got.status, got.raw)
			}
			if !sameJSON(plain(before), plain(c.s.Object(id))) {
				t.Error("a refused update left a trace")
			}
		})
	}
}

func TestRefusedRequests(t *testing.T) {
	create := object{"location": "westeurope", "properties": object{"sku": sku("Standard", "C", 1)}}
	for name, tt := range map[string]struct {
		opts         Options
		method, path string
		body         object
		status       int
		code         string
	}{
		"no such cache":              {Options{}, "GET", base + "-none", nil, 404, "ResourceNotFound"},
		"no such group":              {Options{}, "GET", strings.Replace(base, "/rg/", "/none/", 1), nil, 404, "ResourceGroupNotFound"},
		"no such subscription":       {Options{}, "GET", strings.Replace(base, "2222", "9999", 1), nil, 404, "SubscriptionNotFound"},
		"no patch schedule":          {Options{}, "GET", base + "/patchSchedules/default", nil, 404, "ResourceNotFound"},
		"child of no cache":          {Options{}, "GET", base + "-none/firewallRules", nil, 404, "ParentResourceNotFound"},
		"no api-version":             {Options{}, "GET", base + "?api-version=", nil, 400, "MissingApiVersionParameter"},
		"unknown api-version":        {Options{}, "GET", base + "?api-version=2019-01-01", nil, 400, "NoRegisteredProviderFound"},
		"policies before their time": {Options{}, "GET", base + "/accessPolicies?api-version=2022-06-01", nil, 400, "NoRegisteredProviderFound"},
		"a retired product":          {Options{Retired: true}, "PUT", base + "-new", create, 400, "BadRequest"},
		"a taken name":               {Options{}, "PUT", strings.Replace(base, "/rg/", "/rg2/", 1), create, 409, "NameNotAvailable"},
		"no location":                {Options{}, "PUT", base + "-new", props(object{"sku": sku("Standard", "C", 1)}), 400, "LocationRequired"},
		"another location": {Options{}, "PUT", base, object{"location": "eastus", "properties": object{}}, 409,
			"InvalidResourceLocation"},
		"reversed firewall range": {Options{}, "PUT", base + "/firewallRules/a", props(object{"startIP": "10.0.0.2", "endIP": "10.0.0.1"}),
			400, "InvalidRequestBody"},
		"assignment of no policy": {Options{}, "PUT", base + "/accessPolicyAssignments/a",
			props(object{"accessPolicyName": "None", "objectId": "x", "objectIdAlias": "x"}), 400, "BadRequest"},
		"built-in policy": {Options{}, "DELETE", base + "/accessPolicies/Data%20Owner", nil, 400, "BadRequest"},
		"logs to nowhere": {Options{}, "PUT", base + "/providers/Microsoft.Insights/diagnosticSettings/d?api-version=2021-05-01-preview",
			props(object{"logs": []any{}}), 400, "BadRequest"},
		"unknown property, strict": {Options{RefuseUnknownProperties: true}, "PATCH", base + "?api-version=2023-08-01",
			props(object{"disableAccessKeyAuthentication": false}), 400, "InvalidRequestBody"},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, tt.opts)
			c.s.PutCache(Cache{})
			c.s.PutResourceGroup(DefaultSubscription, "rg2", "westeurope")
			var body any
			if tt.body != nil {
				body = tt.body
			}
			got := c.do(tt.method, tt.path, body)
			if got.status != tt.status || got.code() != tt.code {
				t.Errorf("got %d %s", got.status, got.raw)
			}
			if tt.opts.Retired && got.message() != RetirementMessage {
				t.Error(got.message())
			}
		})
	}
}

// An api-version shows and takes only what it knows.
func TestVersionsShowWhatTheyKnow(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{Identity: object{"type": "SystemAssigned"}, Configuration: map[string]string{"aad-enabled": "true"},
		Properties: object{"zonalAllocationPolicy": "Automatic", "targetAmrResourceId": "/x", "fromTheFuture": 1}})
	for version, want := range map[string]map[string]bool{
		"2020-06-01": {"identity": false, "aad-enabled": false, "disableAccessKeyAuthentication": false, "zonalAllocationPolicy": false,
			"targetAmrResourceId": false},
		"2023-08-01": {"identity": true, "aad-enabled": true, "disableAccessKeyAuthentication": false, "zonalAllocationPolicy": false,
			"targetAmrResourceId": false},
		"2024-03-01": {"identity": true, "aad-enabled": true, "disableAccessKeyAuthentication": true, "zonalAllocationPolicy": false,
			"targetAmrResourceId": false},
		"2024-11-01": {"identity": true, "aad-enabled": true, "disableAccessKeyAuthentication": true, "zonalAllocationPolicy": true,
			"targetAmrResourceId": false},
		"2025-08-01-preview": {"identity": true, "aad-enabled": true, "disableAccessKeyAuthentication": true, "zonalAllocationPolicy": true,
			"targetAmrResourceId": true},
	} {
		raw := c.do("GET", id+"?api-version="+version, nil).raw
		for name, shown := range want {
			if strings.Contains(raw, `"`+name+`":`) != shown {
				t.Errorf("%s: %s shown should be %v", version, name, shown)
			}
		}
		if !strings.Contains(raw, "fromTheFuture") {
			t.Errorf("%s: a seeded property of no version is shown by all", version)
		}
	}
	if got := c.do("PATCH", id+"?api-version=2023-08-01", props(object{"disableAccessKeyAuthentication": true})); got.status != 202 {
		t.Error(got.raw)
	}
	if at(c.s.Object(id), "properties", "disableAccessKeyAuthentication") != false {
		t.Error("a property was taken by a version that does not know it")
	}
}
