package tfplan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// say words a fact: its value, "unset", or its reason.
func say[T any](v posture.Value[T]) string {
	switch v.State {
	case posture.StateKnown:
		return fmt.Sprint(v.V)
	case posture.StateUnset:
		return "unset"
	default:
		return string(v.Why())
	}
}

// facts are those that older schemas and azapi name in other ways.
func facts(c *posture.Cache) string {
	return fmt.Sprintf("nonTLS=%s tls=%s public=%s auth=%s entra=%s keys=%s subnet=%s tier=%s", say(c.NonTLSPort), say(c.MinimumTLSVersion),
		say(c.PublicNetworkAccess), say(c.AuthenticationRequired), say(c.EntraAuthentication), say(c.AccessKeyAuthentication), say(c.SubnetID),
		say(c.Tier))
}

func one(t *testing.T, s *synth) tfplan.Planned {
	t.Helper()
	for c := range s.read(t).Caches() {
		return c
	}
	t.Fatal("no cache")
	return tfplan.Planned{}
}

// TestAzurerm: three generations of one resource, and what plans do not know.
func TestAzurerm(t *testing.T) {
	v3 := m{"name": "a", "resource_group_name": "rg", "location": "x", "sku_name": "Basic", "subnet_id": nil, "minimum_tls_version": "1.2",
		"public_network_access_enabled": true}
	for name, tt := range map[string]struct {
		after, unknown m
		want           string
	}{
		"azurerm 5": {newCache("a"), m{}, "nonTLS=false tls=1.2 public=false auth=unset entra=unset keys=true subnet=unset tier=Standard"},
		"azurerm 3, old name set": {with(v3, m{"enable_non_ssl_port": true}), m{"non_ssl_port_enabled": true, "redis_configuration": true},
			"nonTLS=true tls=1.2 public=true auth=known_after_apply entra=known_after_apply keys=true subnet=unset tier=Basic"},
		"azurerm 3, old name by default": {with(v3, m{"enable_non_ssl_port": false}),
			m{"non_ssl_port_enabled": true, "redis_configuration": true},
			"nonTLS=false tls=1.2 public=true auth=known_after_apply entra=known_after_apply keys=true subnet=unset tier=Basic"},
		"azurerm 3, new name set": {with(v3, m{"enable_non_ssl_port": false, "non_ssl_port_enabled": true}), m{"redis_configuration": true},
			"nonTLS=true tls=1.2 public=true auth=known_after_apply entra=known_after_apply keys=true subnet=unset tier=Basic"},
		"azurerm 3, old authentication": {with(v3, m{"enable_non_ssl_port": false,
			"redis_configuration": []any{m{"enable_authentication": false}}}),
			m{"non_ssl_port_enabled": true, "redis_configuration": []any{m{"authentication_enabled": true}}},
			"nonTLS=false tls=1.2 public=true auth=false entra=unset keys=true subnet=unset tier=Basic"},
		"authentication off": {with(newCache("a"), m{"redis_configuration": []any{m{"authentication_enabled": false,
			"active_directory_authentication_enabled": true}}}), m{},
			"nonTLS=false tls=1.2 public=false auth=false entra=true keys=true subnet=unset tier=Standard"},
		"a nested attribute instead of a block": {with(newCache("a"),
			m{"redis_configuration": m{"authentication_enabled": false, "active_directory_authentication_enabled": true}}), m{},
			"nonTLS=false tls=1.2 public=false auth=false entra=true keys=true subnet=unset tier=Standard"},
		"a nested attribute, partly after apply": {with(newCache("a"), m{"redis_configuration": m{}}),
			m{"redis_configuration": m{"authentication_enabled": true}},
			"nonTLS=false tls=1.2 public=false auth=known_after_apply entra=unset keys=true subnet=unset tier=Standard"},
		"configuration after apply": {newCache("a"), m{"redis_configuration": true},
			"nonTLS=false tls=1.2 public=false auth=known_after_apply entra=known_after_apply keys=true subnet=unset tier=Standard"},
		"values after apply": {with(newCache("a"), m{}),
			m{"public_network_access_enabled": true, "sku_name": true, "access_keys_authentication_enabled": true},
			"nonTLS=false tls=1.2 public=known_after_apply auth=unset entra=unset keys=known_after_apply subnet=unset tier=known_after_apply"},
		"sanitized": {with(newCache("a"), m{"public_network_access_enabled": "REDACTED_SENSITIVE", "redis_configuration": "REDACTED_SENSITIVE"}),
			m{},
			"nonTLS=false tls=1.2 public=removed auth=removed entra=removed keys=true subnet=unset tier=Standard"},
		"sanitized as a whole": {nil, m{"id": true},
			"nonTLS=removed tls=removed public=removed auth=removed entra=removed keys=removed subnet=removed tier=removed"},
		"empty strings of a state": {with(newCache("a"), m{"subnet_id": "", "minimum_tls_version": ""}), m{},
			"nonTLS=false tls=unset public=false auth=unset entra=unset keys=true subnet=unset tier=Standard"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, typ := range []string{"azurerm_redis_cache.a", "redisbaseline_cache.a"} {
				c := one(t, newSynth().change(typ, "create", nil, tt.after, tt.unknown))
				if got := facts(c.After); got != tt.want {
					t.Errorf("%s:\n got %s\nwant %s", typ, got, tt.want)
				}
				if c.Before != nil {
					t.Error("a created cache has a posture before")
				}
			}
		})
	}
}

// TestSensitive: marked values may be judged and are marked.
func TestSensitive(t *testing.T) {
	s := newSynth().cache(a, "a")
	s.changes[0].(m)["change"].(m)["after_sensitive"] = m{"name": true, "public_network_access_enabled": true}
	c := one(t, s).After
	if !c.Name.Source.Sensitive || !c.PublicNetworkAccess.Source.Sensitive || c.NonTLSPort.Source.Sensitive {
		t.Error("marks are wrong")
	}
}

// TestChanges: what a plan does to a cache, in the words of the report.
func TestChanges(t *testing.T) {
	old := with(newCache("a"), m{"id": cacheA})
	for actions, want := range map[string]string{
		"create": "create", "update": "update", "delete,create": "replace", "create,delete": "replace", "no-op": "no-op", "delete": "delete",
		"forget": "forget", "read": "",
	} {
		before, after := old, newCache("a")
		if actions == "create" {
			before = nil
		}
		if actions == "delete" || actions == "forget" {
			after = nil
		}
		p := newSynth().change(a, actions, before, after, m{}).read(t)
		got := ""
		for c := range p.Caches() {
			got = string(c.After.Change)
			if want == "forget" && (!strings.Contains(fmt.Sprint(c.Notes), "stays in Azure") || facts(c.After) != facts(c.Before)) {
				t.Errorf("a forgotten cache: notes %q, after %s", c.Notes, facts(c.After))
			}
		}
		if got != want {
			t.Errorf("%s: change %q, want %q", actions, got, want)
		}
		if noted := len(p.Notes()) > 0; noted {
			t.Errorf("%s: notes %q", actions, p.Notes())
		}
	}
}

func azapi(properties m) m {
	return m{"type": "Microsoft.Cache/Redis@2024-11-01", "name": "a", "parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg",
		"body": m{"properties": properties}}
}

// TestAzapi: bodies as objects and as text.
func TestAzapi(t *testing.T) {
	full := m{"enableNonSslPort": true, "minimumTlsVersion": "1.1", "publicNetworkAccess": "disabled", "disableAccessKeyAuthentication": true,
		"sku": m{"name": "Premium"}, "subnetId": "/x", "redisConfiguration": m{"authnotrequired": "Yes", "aad-enabled": "True"}}
	const fullWant = "nonTLS=true tls=1.1 public=false auth=false entra=true keys=false subnet=/x tier=Premium"
	const empty = "nonTLS=unset tls=unset public=unset auth=unset entra=unset keys=unset subnet=unset tier=unset"
	for name, tt := range map[string]struct {
		after, unknown m
		want           string
	}{
		"object": {azapi(full), m{}, fullWant},
		"text": {with(azapi(nil),
			m{"body": `{"properties":{"enableNonSslPort":true,"minimumTlsVersion":"1.1","publicNetworkAccess":"Disabled",` +
				`"disableAccessKeyAuthentication":true,"sku":{"name":"Premium"},"subnetId":"/x","redisConfiguration":{"authnotrequired":"true",` +
				`"aad-enabled":"true","rdb-storage-connection-string":"CANARY"}}}`}), m{}, fullWant},
		"absent": {azapi(m{}), m{}, empty},
		"no":     {azapi(m{"redisConfiguration": m{"authnotrequired": "NO"}}), m{}, strings.Replace(empty, "auth=unset", "auth=true", 1)},
		"another string": {azapi(m{"redisConfiguration": m{"authnotrequired": "maybe"}}), m{},
			strings.Replace(empty, "auth=unset", "auth=known_after_apply", 1)},
		"text for a truth value": {azapi(m{"enableNonSslPort": "false", "disableAccessKeyAuthentication": "true", "publicNetworkAccess": true,
			"minimumTlsVersion": 1.2, "redisConfiguration": m{"aad-enabled": "yes"}}), m{},
			"nonTLS=known_after_apply tls=known_after_apply public=known_after_apply auth=unset entra=known_after_apply keys=known_after_apply " +
				"subnet=unset tier=unset"},
		"words of no known meaning": {azapi(m{"publicNetworkAccess": "Disable", "enableNonSslPort": 0, "subnetId": m{},
			"sku": m{"name": []any{"Basic"}}}), m{},
			"nonTLS=known_after_apply tls=unset public=known_after_apply auth=unset entra=unset keys=unset subnet=known_after_apply " +
				"tier=known_after_apply"},
		"partly unknown": {azapi(m{"minimumTlsVersion": "1.2"}), m{"body": m{"properties": m{"publicNetworkAccess": true}}},
			strings.Replace(strings.Replace(empty, "public=unset", "public=known_after_apply", 1), "tls=unset", "tls=1.2", 1)},
		"body unknown": {m{"type": "Microsoft.Cache/redis@2024-11-01", "name": "a"}, m{"body": true},
			strings.ReplaceAll(empty, "unset", "known_after_apply")},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().change("azapi_resource.a", "create", nil, tt.after, tt.unknown)
			if got := facts(one(t, s).After); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
			if kept := tfplan.Kept(s.read(t)); strings.Contains(kept, "CANARY") {
				t.Errorf("a secret of the body is kept: %s", kept)
			}
		})
	}
	t.Run("other types are no caches", func(t *testing.T) {
		for _, typ := range []string{"Microsoft.Cache/redisEnterprise/migrations@2025-08-01-preview",
			"Microsoft.Cache/redis/firewallRules@2024-11-01", "Microsoft.Storage/storageAccounts@2023-01-01"} {
			if n := newSynth().change("azapi_resource.a", "create", nil, with(azapi(full), m{"type": typ}), m{}).read(t).Len(); n != 0 {
				t.Errorf("%s counts as a cache", typ)
			}
		}
	})
}

// TestTextForTruthValue: azurerm writes truth values and numbers as such, and what
// is written otherwise is not known to say either.
func TestTextForTruthValue(t *testing.T) {
	for name, value := range map[string]any{"text": "false", "a number": 0, "a list": []any{false}, "an object": m{}} {
		after := with(newCache("a"), m{"public_network_access_enabled": value, "non_ssl_port_enabled": value,
			"access_keys_authentication_enabled": value, "shard_count": "0"})
		c := one(t, newSynth().change(a, "create", nil, after, m{"id": true})).After
		for _, v := range []posture.Value[bool]{c.PublicNetworkAccess, c.NonTLSPort, c.AccessKeyAuthentication} {
			if !v.IsUndocumented() {
				t.Errorf("%s: %s is %v", name, v.Source.Path, v)
			}
		}
		if !c.ShardCount.IsUndocumented() {
			t.Errorf("a number as text: %v", c.ShardCount)
		}
	}
}

// TestSensitiveBody: only what body decides against the cache stays known.
func TestSensitiveBody(t *testing.T) {
	bad := azapi(m{"enableNonSslPort": true, "minimumTlsVersion": "1.0", "redisConfiguration": m{"authnotrequired": "yes"}})
	good := azapi(m{"enableNonSslPort": false, "minimumTlsVersion": "1.2", "publicNetworkAccess": "Disabled"})
	for name, tt := range map[string]struct {
		after m
		want  string
	}{
		"bad": {bad, "nonTLS=true tls=1.0 public=write_only auth=false entra=write_only keys=write_only subnet=write_only tier=write_only"},
		"good": {good, "nonTLS=write_only tls=write_only public=write_only auth=write_only entra=write_only keys=write_only subnet=write_only " +
			"tier=write_only"},
	} {
		s := newSynth().change("azapi_resource.a", "create", nil, tt.after, m{})
		s.root.resource("azapi_resource.a",
			m{"body": refs("var.body"), "sensitive_body": m{"constant_value": m{"properties": m{"enableNonSslPort": false}}}})
		if got := facts(one(t, s).After); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
	s := newSynth().change("azapi_resource.a", "create", nil, good, m{})
	s.root.resource("azapi_resource.a", m{"sensitive_body": m{"constant_value": nil}})
	if got := say(one(t, s).After.NonTLSPort); got != "false" {
		t.Errorf("sensitive_body = null hides %s", got)
	}
}

// TestAzapiUpdate: a patch of a cache of the plan, of one outside, of one unknown.
func TestAzapiUpdate(t *testing.T) {
	patch := func(id any) m {
		return m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": id, "body": m{"properties": m{"publicNetworkAccess": "Enabled"}}}
	}
	t.Run("of the plan, by reference", func(t *testing.T) {
		s := newSynth().cache(a, "a").change("azapi_update_resource.u", "create", nil, patch(nil),
			m{"resource_id": true}).endpoint("azurerm_private_endpoint.e")
		s.root.resource("azapi_update_resource.u", m{"resource_id": refs(a + ".id")})
		s.root.resource("azurerm_private_endpoint.e", endpointTo("azapi_update_resource.u.id"))
		p := s.read(t)
		if p.Len() != 1 || say(cacheAt(t, p, a).After.PublicNetworkAccess) != "true" {
			t.Errorf("%d caches, %s", p.Len(), facts(cacheAt(t, p, a).After))
		}
		expectEndpoints(t, p, m{a: "e"})
	})
	t.Run("of the plan, taken away", func(t *testing.T) {
		s := newSynth().cache(a, "a").change("azapi_update_resource.u", "delete", patch(cacheA), nil, m{})
		if p := s.read(t); p.Len() != 1 || say(cacheAt(t, p, a).After.PublicNetworkAccess) != "false" {
			t.Error("a patch that is taken away still counts, or counts as a cache")
		}
	})
	t.Run("outside the plan", func(t *testing.T) {
		s := newSynth().change("azapi_update_resource.u", "create", nil, patch(cacheA), m{}).
			change("azurerm_private_endpoint.e", "create", nil, target(cacheA), m{})
		p := s.read(t)
		c := cacheAt(t, p, "azapi_update_resource.u")
		want := "nonTLS=not_observed tls=not_observed public=true auth=not_observed entra=not_observed keys=not_observed subnet=not_observed " +
			"tier=not_observed"
		if got := facts(c.After); got != want || c.After.Change != posture.ChangeUpdate || say(c.After.Name) != "a" {
			t.Errorf("%s %s: %s", c.After.Change, say(c.After.Name), got)
		}
		if c.Before == nil || say(c.Before.PublicNetworkAccess) == "false" {
			t.Error("what was before the patch is not seen")
		}
		expectEndpoints(t, p, m{"azapi_update_resource.u": "e unseen"})
	})
	t.Run("of nobody knows which", func(t *testing.T) {
		s := newSynth().cache(a, "a").change("azapi_update_resource.u", "create", nil, patch(nil), m{"resource_id": true})
		s.root.resource("azapi_update_resource.u", m{"resource_id": refs("local.id")})
		p := s.read(t)
		if got := say(cacheAt(t, p, a).After.PublicNetworkAccess); got != "unresolved_reference" {
			t.Errorf("public access %s", got)
		}
		if got := say(cacheAt(t, p, a).After.NonTLSPort); got != "false" {
			t.Errorf("what the patch does not set became %s", got)
		}
	})
}

// TestKeyOrder: the order of keys in the JSON does not matter.
func TestKeyOrder(t *testing.T) {
	const plan = `{"complete":true,"configuration":{"root_module":{"resources":[
	  {"expressions":{"private_service_connection":[{"private_connection_resource_id":{"references":["azurerm_redis_cache.a.id",
	    "azurerm_redis_cache.a"]}}]},"type":"azurerm_private_endpoint","mode":"managed","address":"azurerm_private_endpoint.e"}]}},
	 "resource_changes":[
	  {"change":{"after_unknown":{"private_service_connection":[{"private_connection_resource_id":true}]},
	    "after":{"private_service_connection":[{"is_manual_connection":false,"subresource_names":["redisCache"]}]},"actions":["create"]},
	      "type":"azurerm_private_endpoint","mode":"managed","address":"azurerm_private_endpoint.e"},
	  {"change":{"after":{"name":"a"},"actions":["create"]},"address":"azurerm_redis_cache.a","mode":"managed","type":"azurerm_redis_cache"}],
	 "format_version":"1.2"}`
	p, err := tfplan.Read(t.Context(), strings.NewReader(plan), tfplan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	expectEndpoints(t, p, m{a: "e"})
}

// TestConstantThroughFunction: plan JSON writes a constant that goes through a
// function as an empty expression, which is no omission.
func TestConstantThroughFunction(t *testing.T) {
	s := newSynth().change("azapi_resource.a", "create", nil, azapi(m{"enableNonSslPort": false}), m{"id": true})
	s.root.resource("azapi_resource.a", m{"sensitive_body": m{}})
	if got := say(one(t, s).After.NonTLSPort); got != "write_only" {
		t.Errorf("sensitive_body: the port is %s", got)
	}
	s = bareSubnet()
	s.root.resources = s.root.resources[:1]
	s.root.resource("azurerm_subnet.s", m{"network_security_group_id_wo": m{}})
	if got := group(one(t, s).After.Subnet.SecurityGroup); got != "write_only" {
		t.Errorf("network_security_group_id_wo: the security group is %s", got)
	}
}
