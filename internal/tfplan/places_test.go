package tfplan_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// written is a configuration of the given files, by "name", "content" pairs.
func written(t *testing.T, files ...string) *tfconfig.Configuration {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	config, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func where(p *posture.Places, names ...string) string {
	if p == nil {
		return "nowhere"
	}
	at := p.First(names...)
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// A fact of a cache stands where it is written, whatever door of the
// configuration it comes through; what is left out is about the cache.
func TestPlaces(t *testing.T) {
	config := written(t, "main.tf", `
resource "azurerm_redis_cache" "a" {
  sku_name               = "Standard"
  enable_non_ssl_port    = false
  redis_configuration {
    enable_authentication = true
  }
}
resource "azurerm_redis_cache" "many" {
  for_each            = toset(["x", "y"])
  minimum_tls_version = "1.2"
}
module "local" {
  source = "../modules/cache"
  count  = 2
}
module "fetched" {
  source = "Azure/redis/azurerm"
}
resource "azapi_resource" "b" {
  body = { properties = {
    enableNonSslPort = false
  } }
}
resource "azurerm_redis_firewall_rule" "r" {
}
output "key" {
  value = azurerm_redis_cache.a.primary_access_key
}
`, "../modules/cache/main.tf", `resource "azurerm_redis_cache" "this" {
  sku_name = "Basic"
}
`)
	s := newSynth().cache(a, "a").cache(`azurerm_redis_cache.many["x"]`, "x").cache(`azurerm_redis_cache.many["y"]`, "y").
		cache("module.local[1].azurerm_redis_cache.this", "l").cache("module.fetched.azurerm_redis_cache.this[0]", "f").
		cache("azurerm_redis_cache.elsewhere", "e").
		change("azapi_resource.b", "create", nil, with(azapi(m{"enableNonSslPort": false}), m{"name": "b"}), m{}).
		change("azurerm_redis_firewall_rule.r", "create", nil,
			m{"name": "r", "redis_cache_name": "a", "start_ip": "1.1.1.1", "end_ip": "1.1.1.1"}, m{})
	s.root.outputs["key"] = m{"expression": refs(a + ".primary_access_key")}
	for base, prefix := range map[string]string{"": "", ".": "", "infra/prod": "infra/prod/", "/srv/tf": "/srv/tf/"} {
		modules := map[string]string{"": "../modules/cache/", ".": "../modules/cache/", "infra/prod": "infra/modules/cache/",
			"/srv/tf": "/srv/modules/cache/"}[base]
		p := s.readWith(t, tfplan.Options{Configuration: config, Base: base})
		for _, tt := range []struct{ cell, address, name, want string }{
			{"the cache", a, "", prefix + "main.tf:2"},
			{"written", a, "sku_name", prefix + "main.tf:3"},
			{"left out", a, "public_network_access_enabled", prefix + "main.tf:2"},
			{"a companion that is not there", a, "private_endpoint", prefix + "main.tf:2"},
			{"under its other name", a, "non_ssl_port_enabled", prefix + "main.tf:4"},
			{"in a block, under its other name", a, "redis_configuration.authentication_enabled", prefix + "main.tf:6"},
			{"a companion", a, "azurerm_redis_firewall_rule.r", prefix + "main.tf:25"},
			{"who takes a key", a, "output.key", prefix + "main.tf:27"},
			{"for_each", `azurerm_redis_cache.many["y"]`, "minimum_tls_version", prefix + "main.tf:11"},
			{"a local module", "module.local[1].azurerm_redis_cache.this", "sku_name", modules + "main.tf:2"},
			{"a fetched module", "module.fetched.azurerm_redis_cache.this[0]", "sku_name", prefix + "main.tf:17"},
			{"a body", "azapi_resource.b", "body.properties.enableNonSslPort", prefix + "main.tf:22"},
			{"left out of a body", "azapi_resource.b", "body.properties.minimumTlsVersion", prefix + "main.tf:20"},
			{"not in the configuration", "azurerm_redis_cache.elsewhere", "sku_name", "nowhere"},
		} {
			if got := where(cacheAt(t, p, tt.address).After.Places, tt.name); got != tt.want {
				t.Errorf("%s, base %q: %s, want %s", tt.cell, base, got, tt.want)
			}
		}
	}
	for c := range s.read(t).Caches() {
		if c.After.Places != nil {
			t.Errorf("%s has places without the configuration", c.After.Address)
		}
	}
}

// What an azapi_update_resource sets of a cache stands in it, and the rest
// where the cache is.
func TestPlacesOfUpdates(t *testing.T) {
	config := written(t, "main.tf", `resource "azurerm_redis_cache" "a" {
  public_network_access_enabled = false
}
resource "azapi_update_resource" "u" {
  resource_id = azurerm_redis_cache.a.id
  body = {
    properties = {
      publicNetworkAccess = "Enabled"
      minimumTlsVersion   = null
    }
  }
}
`)
	s := newSynth().cache(a, "a").change("azapi_update_resource.u", "create", nil,
		m{"type": "Microsoft.Cache/redis@2024-11-01", "body": m{"properties": m{"publicNetworkAccess": "Enabled", "minimumTlsVersion": nil}}},
		m{"resource_id": true})
	s.root.resource("azapi_update_resource.u", m{"resource_id": refs(a + ".id")})
	c := cacheAt(t, s.readWith(t, tfplan.Options{Configuration: config}), a).After
	for name, want := range map[string]string{
		c.PublicNetworkAccess.Source.Path:   "main.tf:8",
		"public_network_access_enabled":     "main.tf:2",
		"body.properties.minimumTlsVersion": "main.tf:1",
		c.MinimumTLSVersion.Source.Path:     "main.tf:1",
	} {
		if got := where(c.Places, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Real plans of both generations of azurerm and of azapi: every fact that
// decides a violation is found in the configuration they were made of.
func TestPlacesOfRealPlans(t *testing.T) {
	for plan, want := range map[string]map[string]string{
		"azapi-cache":  {"azapi_resource.cache body.properties.enableNonSslPort": "main.tf:10"},
		"modules-link": {"module.cache.azurerm_redis_cache.this public_network_access_enabled": "modules/cache/main.tf:10"},
		"insecure-public-cache": {"azurerm_redis_cache.shop non_ssl_port_enabled": "main.tf:13",
			"azurerm_redis_cache.shop azurerm_redis_firewall_rule.everyone": "main.tf:17"},
	} {
		dir := filepath.Join("testdata/plans", plan)
		for way, config := range sources(t, dir) {
			p := readPlan(t, dir, config)
			for question, at := range want {
				address, name, _ := strings.Cut(question, " ")
				if got := where(cacheAt(t, p, address).After.Places, name); got != at {
					t.Errorf("%s by %s: %s: %s, want %s", plan, way, question, got, at)
				}
			}
		}
	}
}

// A fact of a database that is a resource of its own stands there, whether or not it is
// written.
func TestPlacesOfDatabases(t *testing.T) {
	config := written(t, "main.tf", `resource "azapi_resource" "a" {
  body = {
    properties = { minimumTlsVersion = "1.2", publicNetworkAccess = "Disabled" }
  }
}
resource "azapi_resource" "d" {
  parent_id = azapi_resource.a.id
  body = { properties = {
    clientProtocol = "Plaintext"
  } }
}
resource "azurerm_redis_enterprise_cluster" "e" {
  minimum_tls_version = "1.2"
}
resource "azurerm_redis_enterprise_database" "e" {
  cluster_id      = azurerm_redis_enterprise_cluster.e.id
  client_protocol = "Plaintext"
}
resource "azapi_update_resource" "u" {
  resource_id = azurerm_redis_enterprise_database.e.id
  body = { properties = {
    deferUpgrade = "Deferred"
  } }
}
`)
	const cluster, database = "azurerm_redis_enterprise_cluster.e", "azurerm_redis_enterprise_database.e"
	s := apart("2025-07-01", m{"publicNetworkAccess": "Disabled", "minimumTlsVersion": "1.2"}, m{"clientProtocol": "Plaintext"}).
		change(cluster, "create", nil, m{"name": "e", "resource_group_name": "rg", "minimum_tls_version": "1.2"}, m{"id": true}).
		change(database, "create", nil, m{"client_protocol": "Plaintext"}, m{"id": true, "cluster_id": true}).
		change("azapi_update_resource.u", "create", nil, m{"type": managedType + "/databases@2025-07-01",
			"body": m{"properties": m{"deferUpgrade": "Deferred"}}}, m{"resource_id": true})
	s.root.resource(cluster, m{})
	s.root.resource(database, m{"cluster_id": refs(cluster + ".id")})
	s.root.resource("azapi_update_resource.u", m{"resource_id": refs(database + ".id")})
	p := s.readWith(t, tfplan.Options{Configuration: config})
	at := func(address string) *posture.Cache { return cacheAt(t, p, address).After }
	for _, tt := range []struct {
		cell, want string
		cache      *posture.Cache
		name       string
	}{
		{"the cluster", "main.tf:1", at(clusterAt), ""},
		{"the cluster's own", "main.tf:3", at(clusterAt), at(clusterAt).PublicNetworkAccess.Source.Path},
		{"the database", "main.tf:6", at(clusterAt), at(clusterAt).HasDatabase.Source.Path},
		{"the protocol", "main.tf:9", at(clusterAt), at(clusterAt).ClientProtocol.Source.Path},
		{"keys, not written", "main.tf:6", at(clusterAt), at(clusterAt).AccessKeyAuthentication.Source.Path},
		{"azurerm: the cluster's own", "main.tf:13", at(cluster), at(cluster).MinimumTLSVersion.Source.Path},
		{"azurerm: the protocol", "main.tf:17", at(cluster), at(cluster).ClientProtocol.Source.Path},
		{"azurerm: keys, without an argument", "main.tf:15", at(cluster), at(cluster).AccessKeyAuthentication.Source.Path},
		{"azurerm: the policy, not written", "main.tf:15", at(cluster), at(cluster).ClusteringPolicy.Source.Path},
		{"azurerm: an update", "main.tf:22", at(cluster), at(cluster).DeferUpgrade.Source.Path},
	} {
		if got := where(tt.cache.Places, tt.name); got != tt.want {
			t.Errorf("%s (%s): %s, want %s", tt.cell, tt.name, got, tt.want)
		}
	}
}

// TestConfigurationOfAnotherPlan: a configuration that does not declare what that of the
// plan does is not used, which a note says; nothing has a place in it, and no link is
// settled by it.
func TestConfigurationOfAnotherPlan(t *testing.T) {
	s := newSynth().cache(a, "a").cache("azurerm_redis_cache.b", "b")
	s.root.resource(a, m{})
	s.root.resource("azurerm_redis_cache.b", m{})
	inModule := newSynth().cache("module.fetched.azurerm_redis_cache.this", "f")
	fetched := newMod()
	fetched.resource("azurerm_redis_cache.this", m{})
	inModule.root.calls["fetched"] = m{"module": fetched.json()}
	byAzapi := newSynth().change("azapi_resource.c", "create", nil, with(azapi(m{}), m{"name": "c"}), m{})
	byAzapi.root.resource("azapi_resource.c", m{"type": m{"constant_value": "Microsoft.Cache/Redis@2024-11-01"}})
	byAzapi.root.resource("azapi_resource.other", m{"type": m{"constant_value": "Microsoft.Cache/redis/linkedServers@2024-11-01"}})
	const declaresA = `resource "azurerm_redis_cache" "a" {
}
`
	for name, tt := range map[string]struct {
		plan         *synth
		source, note string
	}{
		"the same":          {s, declaresA + `resource "azurerm_redis_cache" "b" {}`, ""},
		"one is missing":    {s, declaresA, "does not declare azurerm_redis_cache.b, so that"},
		"another root":      {s, `resource "azurerm_resource_group" "rg" {}`, "does not declare azurerm_redis_cache.a and 1 more, so that"},
		"a fetched module":  {inModule, `module "fetched" { source = "Azure/redis/azurerm" }`, ""},
		"no call of module": {inModule, declaresA, "does not declare module.fetched.azurerm_redis_cache.this, so that"},
		"by azapi":          {byAzapi, `resource "azapi_resource" "c" {}`, ""},
		"missing, by azapi": {byAzapi, declaresA, "does not declare azapi_resource.c, so that"},
	} {
		p := tt.plan.readWith(t, tfplan.Options{Configuration: written(t, "main.tf", tt.source)})
		notes := strings.Join(p.Notes(), "\n")
		if used := !strings.Contains(notes, "the configuration is not used"); used != (tt.note == "") || !strings.Contains(notes, tt.note) {
			t.Errorf("%s: got notes %q, want %q", name, notes, tt.note)
		}
		for c := range p.Caches() {
			if (c.After.Places == nil) != (tt.note != "") {
				t.Errorf("%s: %s stands at %s", name, c.After.Address, where(c.After.Places))
			}
		}
	}
}
