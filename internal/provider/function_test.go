package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

func TestViolations_Known(t *testing.T) {
	tests := map[string]struct {
		cache      obj
		companions []any
		want       []string
	}{
		"nothing wrong": {cache: cacheWith(nil)},
		"public":        {cache: cacheWith(obj{"public_network_access_enabled": true}), want: []string{"NS-2/disable-public-network-access"}},
		"non-TLS port of azurerm 3, whose new name is computed": {
			cache: cacheWith(obj{"non_ssl_port_enabled": unknown, "enable_non_ssl_port": true}), want: []string{"DP-3/data-in-transit-encryption"},
		},
		"non-TLS port off under the old name": {cache: cacheWith(obj{"non_ssl_port_enabled": unknown, "enable_non_ssl_port": false})},
		"sorted by id": {
			cache: cacheWith(obj{"public_network_access_enabled": true, "minimum_tls_version": "1.0",
				"redis_configuration": arr{obj{"authentication_enabled": false}}}),
			want: []string{"DP-3/data-in-transit-encryption", "IM-1/local-authentication-methods", "NS-2/disable-public-network-access"},
		},
		"authentication off under the old name": {
			cache: cacheWith(obj{"redis_configuration": arr{obj{"authentication_enabled": unknown, "enable_authentication": false}}}),
			want:  []string{"IM-1/local-authentication-methods"},
		},
		"advisories are never in it": {cache: cacheWith(obj{"access_keys_authentication_enabled": true, "sku_name": "Basic"})},
		"unknown parts are no violation": {
			cache: cacheWith(obj{"public_network_access_enabled": unknown, "minimum_tls_version": unknown, "redis_configuration": unknown,
				"name": unknown}),
		},
		"metrics only": {
			cache:      cacheWith(nil),
			companions: []any{obj{"name": "d", "target_resource_id": unknown, "storage_account_id": "x", "enabled_log": arr{}}},
			want:       []string{"LT-4/azure-resource-logs"},
		},
		"only for another cache, by known ids: not observed, no violation": {
			cache:      cacheWith(obj{"id": ordersID, "sku_name": "Premium"}),
			companions: []any{endpointTo(otherID), logsOfCache(otherID)},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := call(t, violationsFunction(baseline.Published()), test.cache, test.companions...)
			if err != nil {
				t.Fatal(err)
			}
			list, ok := plain(t, got).(arr)
			if !ok {
				t.Fatalf("want a list, empty rather than null, got %v", plain(t, got))
			}
			var ids []string
			for _, v := range list {
				ids = append(ids, v.(obj)["id"].(string))
			}
			if diff := cmp.Diff(test.want, ids); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFunctions_Unknown(t *testing.T) {
	functions := map[string]func() any{
		"violations": func() any { v, _ := call(t, violationsFunction(baseline.Published()), unknown); return plain(t, v) },
		"snapshot":   func() any { v, _ := call(t, snapshotFunction(), unknown); return plain(t, v) },
		"evaluate":   func() any { v, _ := call(t, evaluateFunction(baseline.Published()), unknown); return plain(t, v) },
		"migration":  func() any { v, _ := call(t, migrationFunction(baseline.Published()), unknown); return plain(t, v) },
	}
	for name, run := range functions {
		if got := run(); got != unknown {
			t.Errorf("%s of an unknown argument: want unknown, got %v", name, got)
		}
	}
}

// try(azurerm_private_endpoint.orders[0], null) is not known at all while a part
// of the endpoint is not. What the cache itself violates must be said all the same.
func TestFunctions_CompanionNotKnownAtAll(t *testing.T) {
	public := cacheWith(obj{"public_network_access_enabled": true})
	const id = "NS-2/disable-public-network-access"
	v, err := call(t, violationsFunction(baseline.Published()), public, unknown)
	if err != nil {
		t.Fatal(err)
	}
	if found := plain(t, v).(arr); len(found) != 1 || found[0].(obj)["id"] != id {
		t.Errorf("violations: got %v", found)
	}
	s, err := call(t, snapshotFunction(), public, unknown)
	if err != nil {
		t.Fatal(err)
	}
	if tv, _ := s.ToTerraformValue(t.Context()); !tv.IsFullyKnown() {
		t.Error("a snapshot must be wholly known")
	}
	if got := plain(t, s).(obj)["undecided"]; !cmp.Equal(got, arr{"companions[0]"}) {
		t.Errorf("undecided: got %v", got)
	}
	e, err := call(t, evaluateFunction(baseline.Published()), public, unknown)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range plain(t, e).(obj)["features"].(arr) {
		want := map[any]any{id: "non_compliant", "NS-2/azure-private-link": unknown, "LT-4/azure-resource-logs": unknown}[f.(obj)["id"]]
		if want != nil && f.(obj)["status"] != want {
			t.Errorf("evaluate: want %v, got %v", want, f)
		}
	}
}

func TestFunctions_Null(t *testing.T) {
	got, err := call(t, snapshotFunction(), cacheWith(nil), nil, endpointTo(unknown), nil)
	if err != nil {
		t.Fatal(err)
	}
	if companions := plain(t, got).(obj)["companions"].(arr); len(companions) != 1 {
		t.Errorf("null companions must be ignored, got %v", companions)
	}
}

func TestFunctions_UnknownKind(t *testing.T) {
	_, err := call(t, violationsFunction(baseline.Published()), cacheWith(nil), endpointTo(unknown), obj{"name": "x"})
	if err == nil {
		t.Fatal("want an error")
	}
	if err.FunctionArgument == nil || *err.FunctionArgument != 2 {
		t.Errorf("want argument 2, got %v", err.FunctionArgument)
	}
	if _, err := call(t, violationsFunction(baseline.Published()), cacheWith(nil), nil, endpointTo(unknown), nil,
		obj{"name": "x"}); *err.FunctionArgument != 4 || !strings.HasPrefix(err.Text, "companion 4 is") {
		t.Errorf("nulls count: got %v: %s", *err.FunctionArgument, err.Text)
	}
	for _, k := range companionKinds {
		if !strings.Contains(err.Text, k.name) {
			t.Errorf("the error must list %s: %s", k.name, err.Text)
		}
	}
}

// TestFunctions_NoCache: what nothing tells to be a cache is refused with the
// attributes that would tell, by all functions, the data source and the guard.
func TestFunctions_NoCache(t *testing.T) {
	for name, object := range map[string]obj{
		"an empty object": {},
		"only nulls":      {"sku_name": nil, "redis_configuration": nil},
		"a firewall rule": {"id": "/x", "name": "office", "resource_group_name": "rg", "redis_cache_name": "redis-orders",
			"start_ip": "0.0.0.0", "end_ip": "0.0.0.0"},
		"a private endpoint": {"id": unknown, "name": "pe", "location": "westeurope", "resource_group_name": "rg",
			"subnet_id": "/x"},
		"an address":                        {"name": "ip", "location": "westeurope", "zones": arr{"1"}},
		"names of attributes, all misspelt": {"min_tls_version": "1.0", "non_ssl_port_enable": true, "sku": "Premium"},
	} {
		// Terraform hands over only what the parameter asks for.
		maps.DeleteFunc(object, func(attribute string, _ any) bool { return cacheShape().attrs[attribute] == nil })
		for function, f := range map[string]function.Function{"violations": violationsFunction(baseline.Published()),
			"evaluate": evaluateFunction(baseline.Published()), "snapshot": snapshotFunction(),
			"migration": migrationFunction(baseline.Published())} {
			_, err := call(t, f, object)
			if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != 0 {
				t.Errorf("%s of %s: %v", function, name, err)
				continue
			}
			for _, attribute := range []string{"sku_name", "public_network_access_enabled", "non_ssl_port_enabled", "capacity",
				"redis_configuration"} {
				if !strings.Contains(err.Text, attribute) {
					t.Errorf("%s of %s does not name %s: %s", function, name, attribute, err.Text)
				}
			}
		}
	}
	if _, diags := configured(t, withBlocks(nil)).read(withBlocks(obj{"cache": obj{"name": "office", "undecided": arr{}}})); len(diags) != 1 ||
		!strings.Contains(diags[0].Detail, "redis_configuration") {
		t.Errorf("the data source: %v", said(diags))
	}
	if diags := configured(t, withBlocks(nil)).guard(obj{"cache": obj{"name": "office"}}); len(diags) != 1 ||
		!strings.Contains(diags[0].Detail, "redis_configuration") {
		t.Errorf("the guard: %v", said(diags))
	}
	for _, name := range judgedKinds()[0].ownAttributes {
		if _, err := call(t, violationsFunction(baseline.Published()), obj{name: unknown}); err != nil {
			t.Errorf("%s that is not known yet: %v", name, err)
		}
	}
}

// TestFunctions_Undocumented: a value that no cache has is an error where nothing
// would tell of it, else it leaves open what depends on it, and is never shown.
func TestFunctions_Undocumented(t *testing.T) {
	for name, changes := range map[string]obj{
		"sku_name":            {"sku_name": "hunter2"},
		"family":              {"family": "hunter2"},
		"minimum_tls_version": {"minimum_tls_version": "hunter2"},
		"redis_configuration[0].data_persistence_authentication_method": {
			"redis_configuration": arr{obj{"data_persistence_authentication_method": "hunter2"}},
		},
		"capacity":    {"capacity": 70},
		"shard_count": {"shard_count": -1},
		"zones":       {"zones": arr{"hunter2"}},
	} {
		_, err := call(t, violationsFunction(baseline.Published()), cacheWith(changes))
		if err == nil || !strings.Contains(err.Text, name) || strings.Contains(err.Text, "hunter2") {
			t.Errorf("violations: %s: %v", name, err)
		}
		got, err := call(t, evaluateFunction(baseline.Published()), cacheWith(changes))
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(plain(t, got)); strings.Contains(text, "hunter2") {
			t.Errorf("evaluate: %s is shown", name)
		}
	}
	_, err := call(t, violationsFunction(baseline.Published()), cacheWith(obj{"capacity": 1.5}))
	if err == nil || !strings.Contains(err.Text, "capacity") {
		t.Errorf("a size that is no whole number: %v", err)
	}
	companions := []any{endpointTo(unknown), logsOfCache(unknown)}
	unnamed := obj{"name": "d", "target_resource_id": unknown, "storage_account_id": "/x", "enabled_log": arr{obj{"category": ""}}}
	got, err := call(t, evaluateFunction(baseline.Published()), cacheWith(nil), endpointTo(unknown), unnamed)
	if err != nil {
		t.Fatal(err)
	}
	if compliant := plain(t, got).(obj)["compliant"]; compliant == true {
		t.Error("a log without a category counts")
	}
	for _, changes := range []obj{{"sku_name": "Standrd"}, {"minimum_tls_version": "banana"}, {"minimum_tls_version": "1.2 "}} {
		got, err := call(t, evaluateFunction(baseline.Published()), cacheWith(changes), companions...)
		if err != nil {
			t.Fatal(err)
		}
		if compliant := plain(t, got).(obj)["compliant"]; compliant != nil && compliant != unknown {
			t.Errorf("%v: compliant is %v", changes, compliant)
		}
	}
}

func TestSnapshot_Known(t *testing.T) {
	got, err := call(t, snapshotFunction(), cacheWith(obj{"subnet_id": unknown,
		"redis_configuration": arr{obj{"maxmemory_reserved": unknown}}}),
		obj{"name": unknown, "target_resource_id": unknown, "log_analytics_workspace_id": unknown, "enabled_log": unknown})
	if err != nil {
		t.Fatal(err)
	}
	s := plain(t, got).(obj)
	want := arr{"companions[0].enabled_log", "companions[0].log_analytics_workspace_id", "companions[0].name",
		"redis_configuration[0].maxmemory_reserved", "subnet_id"}
	if diff := cmp.Diff(want, s["undecided"]); diff != "" {
		t.Error(diff)
	}
	if s["subnet_id"] != nil || s["name"] != "redis-orders" {
		t.Errorf("unknown must be null and known stay: %v", s)
	}
	tv, _ := got.ToTerraformValue(t.Context())
	if !tv.IsFullyKnown() {
		t.Error("a snapshot must be wholly known")
	}
}

func TestEvaluate(t *testing.T) {
	whole := cacheWith(obj{"id": ordersID})
	companions := []any{endpointTo(ordersID), logsOfCache(ordersID), obj{
		"name": "mcsb", "resource_group_id": group,
		"policy_definition_id": "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8",
	}}
	tests := map[string]struct {
		cache      obj
		companions []any
		compliant  any
	}{
		"all known":                              {whole, companions, true},
		"not observed does not count against it": {whole, nil, true},
		"violated": {cacheWith(obj{"public_network_access_enabled": true, "redis_configuration": unknown}), nil,
			false},
		"undecided":                       {cacheWith(obj{"public_network_access_enabled": unknown}), companions, unknown},
		"open, and a feature not decided": {cacheWith(obj{"subnet_id": unknown}), nil, unknown},
		"pending approval": {whole, []any{obj{"private_service_connection": arr{obj{
			"is_manual_connection": true, "subresource_names": arr{"redisCache"},
		}}}}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := call(t, evaluateFunction(baseline.Published()), test.cache, test.companions...)
			if err != nil {
				t.Fatal(err)
			}
			r := plain(t, got).(obj)
			if r["compliant"] != test.compliant {
				t.Errorf("compliant: want %v, got %v", test.compliant, r["compliant"])
			}
			if n := len(r["features"].(arr)); n != 25 {
				t.Errorf("want all 25 features, got %d", n)
			}
		})
	}
}

// TestEvaluatePolicy: the functions say of an assignment what the plan gate says of it.
func TestEvaluatePolicy(t *testing.T) {
	const root = "/providers/Microsoft.Authorization/"
	mcsb, logs := root+"policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8",
		root+"policySetDefinitions/85175a36-2f12-419a-96b4-18d5b0096531"
	const first, second = `"diagnosticsLogsInRedisCacheMonitoringEffect":{"value":"Disabled"}`,
		`"azureCacheForRedisShouldUsePrivateEndpointMonitoringEffect":{"value":"Disabled"}`
	selectors := func(kind string, in any) arr { return arr{obj{"selectors": arr{obj{"kind": kind, "in": in}}}} }
	for name, tt := range map[string]struct {
		definition string
		more       obj
		want       string
	}{
		"an initiative":              {mcsb, nil, "compliant"},
		"one of two definitions off": {mcsb, obj{"parameters": "{" + first + "}"}, "compliant"},
		"both off":                   {mcsb, obj{"parameters": "{" + first + "," + second + "}"}, "unknown not_observed"},
		"something else off": {mcsb,
			obj{"parameters": `{"storageAccountsEffect":{"value":"Disabled"},"redisSslToggle":{"value":"Disabled"}}`}, "compliant"},
		"parameters unknown":          {mcsb, obj{"parameters": unknown}, "not known yet"},
		"logs of this type":           {logs, obj{"parameters": `{"resourceTypeList":{"value":["microsoft.cache/redis"]}}`}, "compliant"},
		"logs of every type":          {logs, nil, "compliant"},
		"logs of another type":        {logs, obj{"parameters": `{"resourceTypeList":{"value":[]}}`}, "unknown not_observed"},
		"logs of no list":             {logs, obj{"parameters": `{"resourceTypeList":{"value":null}}`}, "unknown not_observed"},
		"an override":                 {mcsb, obj{"overrides": arr{obj{"selectors": arr{}}}}, "unknown not_observed"},
		"an override of another type": {mcsb, obj{"overrides": selectors("resourceType", arr{"Microsoft.Web/sites"})}, "compliant"},
		"an override not known":       {mcsb, obj{"overrides": unknown}, "not known yet"},
		"for a location": {mcsb, obj{"resource_selectors": selectors("resourceLocation", arr{"westeurope"})},
			"unknown not_observed"},
		"for another type": {mcsb, obj{"resource_selectors": selectors("resourceType", arr{"Microsoft.Web/sites"})},
			"unknown not_observed"},
		"for a type not known": {mcsb, obj{"resource_selectors": selectors("resourceType", arr{unknown})}, "not known yet"},
		"not enforced":         {mcsb, obj{"enforce": false}, "unknown not_observed"},
	} {
		t.Run(name, func(t *testing.T) {
			assignment := obj{"name": "p", "resource_group_id": group, "policy_definition_id": tt.definition}
			maps.Copy(assignment, tt.more)
			got, err := call(t, evaluateFunction(baseline.Published()), cacheWith(obj{"id": ordersID}), assignment)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range plain(t, got).(obj)["features"].(arr) {
				if f := f.(obj); f["id"] == "AM-2/azure-policy-support" {
					said := fmt.Sprint(f["status"])
					switch {
					case f["status"] == unknown:
						said = "not known yet"
					case f["reason"] != nil:
						said += fmt.Sprint(" ", f["reason"])
					}
					if said != tt.want {
						t.Errorf("%s (%v), want %s", said, f["message"], tt.want)
					}
				}
			}
		})
	}
}

// What a function says while parts are unknown must never be contradicted when
// they become known: a known leaf stays, an unknown one may become anything.
func TestEvaluateRefines(t *testing.T) {
	before, _ := call(t, evaluateFunction(baseline.Published()), cacheWith(obj{"minimum_tls_version": unknown, "non_ssl_port_enabled": true,
		"redis_configuration": unknown, "subnet_id": unknown}), endpointTo(unknown))
	after, _ := call(t, evaluateFunction(baseline.Published()),
		cacheWith(obj{"id": ordersID, "minimum_tls_version": "1.0", "non_ssl_port_enabled": true}),
		endpointTo(ordersID))
	refines(t, "", plain(t, before), plain(t, after))
}

func refines(t *testing.T, path string, before, after any) {
	t.Helper()
	if before == unknown {
		return
	}
	switch b := before.(type) {
	case obj:
		for name := range b {
			refines(t, path+"."+name, b[name], after.(obj)[name])
		}
	case arr:
		a, _ := after.(arr)
		if len(a) != len(b) {
			t.Errorf("%s: length %d becomes %d", path, len(b), len(a))
			return
		}
		for i := range b {
			refines(t, path+"[]", b[i], a[i])
		}
	default:
		if before != after {
			t.Errorf("%s: %v becomes %v", path, before, after)
		}
	}
}

func TestSameResultWhateverTheOrder(t *testing.T) {
	one, _ := call(t, evaluateFunction(baseline.Published()), cacheWith(nil), endpointTo(unknown), logsOfCache(unknown))
	two, _ := call(t, evaluateFunction(baseline.Published()), cacheWith(nil), logsOfCache(unknown), endpointTo(unknown))
	if diff := cmp.Diff(plain(t, one), plain(t, two)); diff != "" {
		t.Error(diff)
	}
}

// notSecret are attributes whose names only sound like that of a secret.
var notSecret = []string{"access_keys_authentication_enabled", "customer_managed_key", "notify_keyspace_events"}

func TestParameterListsNoSecret(t *testing.T) {
	for _, s := range []*shape{cacheShape(), movingKinds().shape(), companionShape()} {
		var walk func(s *shape)
		walk = func(s *shape) {
			for name, a := range s.attrs {
				for _, secret := range []string{"key", "connection_string", "password", "secret"} {
					if strings.Contains(name, secret) && !slices.Contains(notSecret, name) {
						t.Errorf("%s lets a secret in", name)
					}
				}
				walk(a)
			}
			if s.elem != nil {
				walk(s.elem)
			}
		}
		walk(s)
	}
}
