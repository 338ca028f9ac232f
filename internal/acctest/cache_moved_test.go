package acctest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// movingHeader is a configuration of a team that has its caches in azurerm.
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

// theirs is a cache of azurerm; the rest of it stays azurerm's.
const theirs = `
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

// companionsOf refers to a cache of either type.
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

// stated is the same cache as redisbaseline_cache, with all that it has.
const stated = `
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

// newMove is a team's folder with its state, as azurerm wrote it, in front of
// the Azure that has the cache.
func newMove(t *testing.T, g azurermtest.Generation) *stage {
	t.Helper()
	s := newStage(t, armtest.Options{OddCasing: true}, "")
	s.w.env = append(s.w.env, generationVariable+"="+fmt.Sprint(g))
	s.w.write("main.tf", movingHeader+theirs+fmt.Sprintf(companionsOf, "azurerm_redis_cache"))
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

// TestCacheMovesFromAzurerm takes a cache over from the state of three
// generations of azurerm; TestMovingGuide has the other ways. What the
// configuration states stays as it is; what stands around the cache stays
// azurerm's; no secret comes along.
func TestCacheMovesFromAzurerm(t *testing.T) {
	t.Parallel()
	for _, g := range generations {
		t.Run(fmt.Sprint("azurerm ", g), func(t *testing.T) {
			t.Parallel()
			s := newMove(t, g)

			s.w.write("main.tf", movingHeader+stated+movedBlock+fmt.Sprintf(companionsOf, cacheType))
			out := s.w.must(applyArgs...)
			for _, want := range []string{"azurerm_redis_cache.orders has moved to redisbaseline_cache.orders",
				"0 to add, 0 to change, 0 to destroy"} {
				if !strings.Contains(out, want) {
					t.Errorf("not said: %s\n%s", want, out)
				}
			}
			s.hasMoved(out)
			s.steady()
			if g == azurermtest.V5 {
				s.tighten()
			}
		})
	}
}

func (s *stage) hasMoved(out string) {
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

// tighten takes the statements away: the cache becomes what it is by default,
// and nothing else does.
func (s *stage) tighten() {
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
	s.steady()
}

// TestCacheMovedSilently: what Azure does not say of an old cache has its
// documented default, and is no change where the configuration states just that.
func TestCacheMovedSilently(t *testing.T) {
	t.Parallel()
	for _, property := range []string{
		"updateChannel", "publicNetworkAccess", "disableAccessKeyAuthentication", "minimumTlsVersion", "zonalAllocationPolicy",
		"enableNonSslPort", "redisConfiguration",
	} {
		t.Run(property, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, armtest.Options{})
			id := c.PutCache(armtest.Cache{Name: "redis-a", Properties: map[string]any{property: nil}})
			k := newCore(t, c)
			k.adopt(id)
			k.steady(k.config("redis-a", insecureDefaults))
			c.AssertReadOnly(t)
		})
	}
}

// insecureDefaults are what a cache of azurerm has when nothing is said.
const insecureDefaults = `public_network_access_enabled = true
  access_keys_authentication_enabled = true
  redis_configuration = { active_directory_authentication_enabled = false }`

// TestCacheMovedWithoutZones: stated, it stays; omitted, it would be changed.
func TestCacheMovedWithoutZones(t *testing.T) {
	t.Parallel()
	c := newCloud(t, armtest.Options{})
	k := newCore(t, c)
	k.adopt(c.PutCache(armtest.Cache{Name: "redis-a", Properties: map[string]any{"zonalAllocationPolicy": "NoZones"}}))
	k.steady(k.config("redis-a", insecureDefaults+"\n  zonal_allocation_policy = \"NoZones\""))
	if p := k.plan(k.config("redis-a", insecureDefaults)); p.state.Equal(k.state) {
		t.Error("the documentation says that it becomes Automatic")
	}
}
