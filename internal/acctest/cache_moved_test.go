package acctest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// movingHeader is the beginning of a configuration with caches of azurerm.
const movingHeader = `
terraform {
  required_providers {
    azurerm       = { source = "hashicorp/azurerm" }
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}
provider "azurerm" {
  features {}
  subscription_id = "` + armtest.DefaultSubscription + `"
}
`

// azurermCache is a cache of azurerm, which is moved; its companions are not.
const azurermCache = `
resource "azurerm_redis_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg"
  location            = "westeurope"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
  redis_configuration {
    maxmemory_policy = "allkeys-lru"
  }
  tags = { team = "orders" }
}
`

// companionsOf are resources of azurerm that refer to a cache of either type.
const companionsOf = `
resource "azurerm_redis_firewall_rule" "office" {
  name                = "office"
  redis_cache_name    = %[1]s.orders.name
  resource_group_name = "rg"
  start_ip            = "20.0.0.1"
  end_ip              = "20.0.0.2"
}
resource "azurerm_private_endpoint" "orders" {
  name                = "pe-orders"
  resource_group_name = "rg"
  location            = "westeurope"
  subnet_id           = "` + subnet + `"
  private_service_connection {
    name                           = "redis"
    private_connection_resource_id = %[1]s.orders.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }
}
resource "azurerm_monitor_diagnostic_setting" "orders" {
  name                       = "logs"
  target_resource_id         = %[1]s.orders.id
  log_analytics_workspace_id = "` + logs + `"
  enabled_log { category_group = "allLogs" }
}
`

// explicitCache is azurermCache as a redisbaseline_cache, with every setting written out.
const explicitCache = `
resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1

  public_network_access_enabled      = true
  access_keys_authentication_enabled = true
  redis_configuration = {
    active_directory_authentication_enabled = false
    maxmemory_policy                        = "allkeys-lru"
  }
  tags = { team = "orders" }
}
`

const movedBlock = `
moved {
  from = azurerm_redis_cache.orders
  to   = redisbaseline_cache.orders
}
`

// newMove is a workspace with a state that azurerm wrote, and a fake Azure with the cache.
func newMove(t *testing.T, g azurermtest.Generation) *azureWorkspace {
	t.Helper()
	s := newAzureWorkspace(t, armtest.Options{OddCasing: true}, "")
	s.w.env = append(s.w.env, generationVariable+"="+fmt.Sprint(g))
	s.w.write("main.tf", movingHeader+azurermCache+fmt.Sprintf(companionsOf, "azurerm_redis_cache"))
	s.w.must(applyArgs...)
	if !strings.Contains(string(s.stateFile()), "CANARY") {
		t.Fatal("the stub has no secret: this test tests nothing")
	}
	id := s.PutCache(armtest.Cache{
		Name: "redis-orders", Configuration: map[string]string{"maxmemory-policy": "allkeys-lru"}, Tags: map[string]string{"team": "orders"},
		Children: map[string]map[string]any{
			"firewallRules/office":                 {"startIP": "20.0.0.1", "endIP": "20.0.0.2"},
			"privateEndpointConnections/pe-orders": {},
			"providers/Microsoft.Insights/diagnosticSettings/logs": {"workspaceId": logs,
				"logs": []map[string]any{{"categoryGroup": "allLogs", "enabled": true}}},
		}})
	s.Put(group+"/providers/Microsoft.Network/privateEndpoints/pe-orders",
		map[string]any{"location": "westeurope", "properties": map[string]any{
			"subnet": map[string]any{"id": subnet},
			"privateLinkServiceConnections": []map[string]any{{"name": "redis", "properties": map[string]any{
				"privateLinkServiceId": id, "groupIds": []string{"redisCache"},
				"privateLinkServiceConnectionState": map[string]any{"status": "Approved"},
			}}},
		}})
	return s
}

// TestCacheMovesFromAzurerm: a moved block moves a cache from the state of each of three
// major versions of azurerm; TestMovingGuide has the other ways. Settings that are
// written out do not change, companions stay resources of azurerm, and no secret is in the
// new state.
func TestCacheMovesFromAzurerm(t *testing.T) {
	t.Parallel()
	for _, g := range generations {
		t.Run(fmt.Sprint("azurerm ", g), func(t *testing.T) {
			t.Parallel()
			s := newMove(t, g)

			s.w.write("main.tf", movingHeader+explicitCache+movedBlock+fmt.Sprintf(companionsOf, cacheType))
			out := s.w.must(applyArgs...)
			for _, want := range []string{"azurerm_redis_cache.orders has moved to redisbaseline_cache.orders",
				"0 to add, 0 to change, 0 to destroy"} {
				if !strings.Contains(out, want) {
					t.Errorf("not said: %s\n%s", want, out)
				}
			}
			s.mustHaveMoved(out)
			s.noChanges()
			if g == azurermtest.V5 {
				s.dropExplicitSettings()
			}
		})
	}
}

func (s *azureWorkspace) mustHaveMoved(out string) {
	s.w.t.Helper()
	s.AssertReadOnly(s.w.t)
	if state := string(s.stateFile()); strings.Contains(state, "CANARY") || strings.Contains(state, armtest.Canary) ||
		strings.Contains(state, "azurerm_redis_cache\"") {
		s.w.t.Errorf("a secret, or the old cache, is in the new state:\n%s", state)
	}
	if strings.Contains(out, "CANARY") {
		s.w.t.Errorf("a secret is shown:\n%s", out)
	}
	if s.Count(armtest.KindAction, "") != 0 {
		s.w.t.Error("keys were asked for")
	}
}

// dropExplicitSettings removes the settings from the configuration: the cache gets the
// defaults, and nothing else changes.
func (s *azureWorkspace) dropExplicitSettings() {
	s.w.t.Helper()
	s.w.write("main.tf", movingHeader+strings.Replace(secure("orders", "redis-orders",
		`  redis_configuration = { maxmemory_policy = "allkeys-lru" }
  tags = { team = "orders" }`), "\n\n", "\n", 1)+fmt.Sprintf(companionsOf, cacheType))
	out := s.w.must(applyArgs...)
	for _, want := range []string{
		"0 to add, 1 to change, 0 to destroy",
		"~ public_network_access_enabled      = true -> false", "~ access_keys_authentication_enabled = true -> false",
		"~ active_directory_authentication_enabled = false -> true",
		"redis-orders: clients will notice: Microsoft Entra authentication", "redis-orders: clients will notice: access key authentication",
	} {
		if !strings.Contains(out, want) {
			s.w.t.Errorf("not said: %s\n%s", want, out)
		}
	}
	if strings.Contains(out, "has no private endpoint") || strings.Contains(out, "LT-4 Azure Resource Logs") {
		s.w.t.Errorf("what stands around the cache is there, and is said to be missing:\n%s", out)
	}
	s.noChanges()
}

// TestCacheMovedSilently: a property that Azure does not return for an old cache has its
// documented default, and a configuration with that default is no change.
func TestCacheMovedSilently(t *testing.T) {
	t.Parallel()
	for _, property := range []string{
		"updateChannel", "publicNetworkAccess", "disableAccessKeyAuthentication", "minimumTlsVersion", "zonalAllocationPolicy",
		"enableNonSslPort", "redisConfiguration",
	} {
		t.Run(property, func(t *testing.T) {
			t.Parallel()
			c := newFakeAzure(t, armtest.Options{})
			id := c.PutCache(armtest.Cache{Name: "redis-a", Properties: map[string]any{property: nil}})
			k := newFakeCore(t, c)
			k.adopt(id)
			k.noChanges(k.config("redis-a", insecureDefaults))
			c.AssertReadOnly(t)
		})
	}
}

// insecureDefaults are the defaults of azurerm, written out.
const insecureDefaults = `public_network_access_enabled = true
  access_keys_authentication_enabled = true
  redis_configuration = { active_directory_authentication_enabled = false }`

// TestCacheMovedWithoutZones: NoZones stays where it is written out; where it is omitted
// the plan changes it.
func TestCacheMovedWithoutZones(t *testing.T) {
	t.Parallel()
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	k.adopt(c.PutCache(armtest.Cache{Name: "redis-a", Properties: map[string]any{"zonalAllocationPolicy": "NoZones"}}))
	k.noChanges(k.config("redis-a", insecureDefaults+"\n  zonal_allocation_policy = \"NoZones\""))
	if p := k.plan(k.config("redis-a", insecureDefaults)); p.state.Equal(k.state) {
		t.Error("the documentation says that it becomes Automatic")
	}
}
