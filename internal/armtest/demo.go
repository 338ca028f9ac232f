package armtest

// Demo fills the fake with four caches: one that is as the baseline wants it,
// and three with mistakes that are common.
func Demo(s *Server) {
	const group = "rg-demo"
	s.PutSubscription(Subscription{ID: DefaultSubscription, Name: "demo", ManagementGroups: []string{"mg-demo"}})
	s.Put("/providers/Microsoft.Authorization/policyDefinitions/470baccb-7e51-4549-8b1a-3e5be069f663", object{"properties": object{
		"displayName": "Azure Cache for Redis should disable public network access", "policyType": "BuiltIn", "mode": "Indexed"}})
	s.Put("/subscriptions/"+DefaultSubscription+"/providers/Microsoft.Authorization/policyAssignments/redis-public-access",
		object{"properties": object{
			"displayName":        "Redis: no public network access",
			"policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/470baccb-7e51-4549-8b1a-3e5be069f663",
			"scope":              "/subscriptions/" + DefaultSubscription, "enforcementMode": "Default", "notScopes": []string{},
			"parameters": object{"effect": object{"value": "Deny"}}}})

	network := "/subscriptions/" + DefaultSubscription + "/resourceGroups/" + group + "/providers/Microsoft.Network/"
	s.Put(network+"networkSecurityGroups/nsg-redis", object{"location": "westeurope", "properties": object{"securityRules": []object{{
		"name": "any-client", "properties": object{"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
			"sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "6380"}}}}})
	s.Put(network+"virtualNetworks/vnet-demo", object{"location": "westeurope", "properties": object{
		"addressSpace": object{"addressPrefixes": []string{"10.0.0.0/16"}},
		"subnets": []object{{"name": "redis", "properties": object{"addressPrefix": "10.0.1.0/24",
			"networkSecurityGroup": object{"id": network + "networkSecurityGroups/nsg-redis"}}}}}})

	logs := object{"workspaceId": "/subscriptions/" + DefaultSubscription + "/resourceGroups/" + group +
		"/providers/Microsoft.OperationalInsights/workspaces/logs",
		"logs": []object{{"categoryGroup": "allLogs", "enabled": true}}, "metrics": []object{}}
	s.PutCache(Cache{ResourceGroup: group, Name: "redis-shop", SKU: "Premium P1", Zones: []string{"1", "2"},
		Properties: object{"publicNetworkAccess": "Disabled", "minimumTlsVersion": "1.2", "disableAccessKeyAuthentication": true,
			"zonalAllocationPolicy": "UserDefined"},
		Configuration: map[string]string{"aad-enabled": "true"},
		Children: map[string]object{
			"privateEndpointConnections/pe-shop": {},
			"patchSchedules/default":             {"scheduleEntries": []object{{"dayOfWeek": "Sunday", "startHourUtc": 2}}},
			"accessPolicyAssignments/shop": {"accessPolicyName": "Data Contributor", "objectId": stableID("shop"),
				"objectIdAlias": "shop"},
			"providers/Microsoft.Insights/diagnosticSettings/d": logs,
		}})
	s.PutCache(Cache{ResourceGroup: group, Name: "redis-legacy", SKU: "Standard C0",
		Properties:    object{"enableNonSslPort": true, "minimumTlsVersion": "1.0", "redisVersion": "4.0"},
		Configuration: map[string]string{"maxmemory-reserved": "2", "maxfragmentationmemory-reserved": "2"},
		Children:      map[string]object{"firewallRules/everybody": {"startIP": "0.0.0.0", "endIP": "255.255.255.255"}}})
	s.PutCache(Cache{ResourceGroup: group, Name: "redis-batch", SKU: "Premium P2",
		Properties:    object{"subnetId": network + "virtualNetworks/vnet-demo/subnets/redis", "minimumTlsVersion": "1.2"},
		Configuration: map[string]string{"authnotrequired": "true"}})
	s.PutCache(Cache{ResourceGroup: group, Name: "redis-try", SKU: "Basic C1", Properties: object{"minimumTlsVersion": "1.2"},
		Children: map[string]object{
			"accessPolicyAssignments/everyone": {"accessPolicyName": "Data Owner", "objectId": stableID("team"),
				"objectIdAlias": "team"},
			"providers/Microsoft.Insights/diagnosticSettings/m": {"workspaceId": logs["workspaceId"], "logs": []object{},
				"metrics": []object{{"category": "AllMetrics", "enabled": true}}},
		}})
}

// DemoManaged adds two caches of Azure Managed Redis: one that is as its document wants
// it, and one with mistakes that are common.
func DemoManaged(s *Server) {
	const group = "rg-demo"
	workspace := "/subscriptions/" + DefaultSubscription + "/resourceGroups/" + group +
		"/providers/Microsoft.OperationalInsights/workspaces/logs"
	s.Put("/providers/Microsoft.Authorization/policyDefinitions/960e650e-9ce3-4316-9590-8ee2c016ca2f", object{"properties": object{
		"displayName": "Azure Cache for Redis Enterprise should use private link", "policyType": "BuiltIn", "mode": "Indexed"}})
	s.Put("/subscriptions/"+DefaultSubscription+"/providers/Microsoft.Authorization/policyAssignments/managed-redis-private-link",
		object{"properties": object{
			"displayName":        "Azure Managed Redis: private link",
			"policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/960e650e-9ce3-4316-9590-8ee2c016ca2f",
			"scope":              "/subscriptions/" + DefaultSubscription, "enforcementMode": "Default", "notScopes": []string{}}})
	s.PutManagedCache(ManagedCache{ResourceGroup: group, Name: "redis-carts",
		Properties: object{"publicNetworkAccess": "Disabled", "minimumTlsVersion": "1.2"},
		Database:   object{"accessKeysAuthentication": "Disabled", "persistence": object{"rdbEnabled": true, "rdbFrequency": "6h"}},
		Children: map[string]object{
			"privateEndpointConnections/pe-carts":            {},
			"databases/default/accessPolicyAssignments/shop": {"accessPolicyName": "default", "user": object{"objectId": stableID("shop")}},
			"databases/default/providers/Microsoft.Insights/diagnosticSettings/d": {"workspaceId": workspace,
				"logs": []object{{"categoryGroup": "allLogs", "enabled": true}}},
		}})
	s.PutManagedCache(ManagedCache{ResourceGroup: group, Name: "redis-search",
		Properties: object{"publicNetworkAccess": "Enabled", "minimumTlsVersion": "1.2"},
		Database:   object{"clientProtocol": "Plaintext", "accessKeysAuthentication": "Enabled"},
		Children: map[string]object{
			"providers/Microsoft.Insights/diagnosticSettings/m": {"workspaceId": workspace,
				"metrics": []object{{"category": "AllMetrics", "enabled": true}}},
		}})
}

// DemoEstate fills the fake with the eight caches of examples/migrate, as they are before
// they move to Azure Managed Redis.
func DemoEstate(s *Server) {
	const subscription, group = "00000000-0000-0000-0000-000000000000", "rg-shop"
	const prefix = "/subscriptions/" + subscription + "/resourceGroups/" + group + "/providers/"
	s.PutSubscription(Subscription{ID: subscription, Name: "shop"})
	s.Put(prefix+"Microsoft.Network/virtualNetworks/vnet-shop", object{"location": "westeurope", "properties": object{
		"addressSpace": object{"addressPrefixes": []string{"10.0.0.0/16"}},
		"subnets":      []object{{"name": "redis", "properties": object{"addressPrefix": "10.0.2.0/24"}}}}})
	logs := object{"workspaceId": prefix + "Microsoft.OperationalInsights/workspaces/log-shop",
		"logs": []object{{"categoryGroup": "allLogs", "enabled": true}}}
	put := func(name, sku, env string, c Cache) {
		c.Subscription, c.ResourceGroup, c.Name, c.SKU, c.Tags = subscription, group, name, sku, map[string]string{"env": env}
		if c.Properties == nil {
			c.Properties = object{}
		}
		c.Properties["minimumTlsVersion"] = "1.2"
		s.PutCache(c)
	}
	link := func(to, region, role string) map[string]object {
		return map[string]object{"linkedServers/" + to: {"linkedRedisCacheId": prefix + "Microsoft.Cache/Redis/" + to,
			"linkedRedisCacheLocation": region, "serverRole": role}}
	}
	put("redis-scratch", "Basic C0", "dev", Cache{
		Children: map[string]object{"firewallRules/office": {"startIP": "203.0.113.1", "endIP": "203.0.113.9"}}})
	put("redis-sessions", "Standard C1", "test", Cache{
		Properties: object{"disableAccessKeyAuthentication": true}, Configuration: map[string]string{"aad-enabled": "true"},
		Children: map[string]object{
			"accessPolicyAssignments/shop": {"accessPolicyName": "Data Contributor", "objectId": stableID("shop"),
				"objectIdAlias": "id-shop"},
			"providers/Microsoft.Insights/diagnosticSettings/logs": logs}})
	put("redis-catalog", "Standard C3", "prod", Cache{Properties: object{"enableNonSslPort": true},
		Configuration: map[string]string{"maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "Ex"}})
	put("redis-orders", "Premium P1", "prod", Cache{Zones: []string{"1", "2"},
		Properties:    object{"publicNetworkAccess": "Disabled", "zonalAllocationPolicy": "UserDefined"},
		Configuration: map[string]string{"rdb-backup-enabled": "true", "rdb-backup-frequency": "60"},
		Children: map[string]object{
			"privateEndpointConnections/pe-orders":                 {},
			"patchSchedules/default":                               {"scheduleEntries": []object{{"dayOfWeek": "Sunday", "startHourUtc": 2}}},
			"providers/Microsoft.Insights/diagnosticSettings/logs": logs}})
	put("redis-feed", "Premium P2", "prod", Cache{
		Properties: object{"shardCount": 3, "subnetId": prefix + "Microsoft.Network/virtualNetworks/vnet-shop/subnets/redis"}})
	put("redis-carts", "Premium P1", "prod", Cache{Properties: object{"publicNetworkAccess": "Disabled"},
		Children: link("redis-carts-north", "North Europe", "Secondary")})
	put("redis-carts-north", "Premium P1", "prod", Cache{Location: "North Europe", Properties: object{"publicNetworkAccess": "Disabled"},
		Children: link("redis-carts", "West Europe", "Primary")})
	search := s.PutManagedCache(ManagedCache{Subscription: subscription, ResourceGroup: group, Name: "redis-search", SKU: "Enterprise_E10",
		Tags: map[string]string{"env": "prod"},
		Database: object{"clusteringPolicy": "EnterpriseCluster", "evictionPolicy": "NoEviction", "accessKeysAuthentication": "Enabled",
			"modules": []object{{"name": "RediSearch"}}}})
	s.Change(search, func(body map[string]any) { objectAt(body, "sku")["capacity"] = 2 })
}
