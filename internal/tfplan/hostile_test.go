package tfplan_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// hostile is one change to a real plan whose only cache is compliant.
type hostile struct {
	name string
	edit func(p m)
	// refused is the place that the error names; empty where the plan is read.
	refused string
	// same says that the cache is judged as without the change, else it must not
	// be compliant.
	same bool
}

const orders = "azurerm_redis_cache.orders"

// changeOf returns the resource change of an address; its index is 4 for orders.
func changeOf(p m, address string) m {
	for _, c := range p["resource_changes"].([]any) {
		if c := c.(m); c["address"] == address {
			return c
		}
	}
	panic("no " + address)
}

func set(name string, value any) func(m) { return func(p m) { p[name] = value } }

// ofCache sets a member of the cache's resource change.
func ofCache(name string, value any) func(m) {
	return func(p m) { changeOf(p, orders)[name] = value }
}

// ofChange sets a member of the change itself.
func ofChange(name string, value any) func(m) {
	return func(p m) { changeOf(p, orders)["change"].(m)[name] = value }
}

// planned replaces the planned values.
func planned(resources ...any) func(m) {
	return func(p m) { p["planned_values"] = m{"root_module": m{"resources": resources}} }
}

// attribute sets an attribute of the cache after the plan.
func attribute(name string, value any) func(m) {
	return func(p m) { changeOf(p, orders)["change"].(m)["after"].(m)[name] = value }
}

func both(edits ...func(m)) func(m) {
	return func(p m) {
		for _, edit := range edits {
			edit(p)
		}
	}
}

func drop(name string) func(m) { return func(p m) { delete(p, name) } }

// drifted is what resource_drift says of the cache.
func drifted(p m) m {
	raw, err := json.Marshal(changeOf(p, orders))
	if err != nil {
		panic(err)
	}
	var c m
	if err := json.Unmarshal(raw, &c); err != nil {
		panic(err)
	}
	after := c["change"].(m)["after"].(m)
	c["change"].(m)["actions"] = []any{"update"}
	c["change"].(m)["before"] = after
	c["change"].(m)["after"] = with(after, m{"public_network_access_enabled": true, "non_ssl_port_enabled": true,
		"minimum_tls_version": "1.0"})
	return c
}

func hostileInputs() []hostile {
	resource := func(address, typ string) m {
		return m{"address": address, "mode": "managed", "type": typ, "values": m{}}
	}
	const changes, at = "/resource_changes", "/resource_changes/4"
	return []hostile{
		// What Terraform never writes.
		{"errored as text", set("errored", "false"), "/errored", false},
		{"errored as a number", set("errored", 0), "/errored", false},
		{"errored as a list", set("errored", []any{}), "/errored", false},
		{"complete as text", set("complete", "true"), "/complete", false},
		{"complete as null", set("complete", nil), "/complete", false},
		{"changes are null", set("resource_changes", nil), "/planned_values", false},
		{"changes are missing", drop("resource_changes"), "/planned_values", false},
		{"changes are text", set("resource_changes", "[]"), changes, false},
		{"changes are an object", set("resource_changes", m{}), changes, false},
		{"changes are empty", set("resource_changes", []any{}), "/planned_values", false},
		{"changes are empty, planned by azapi", both(set("resource_changes", []any{}), planned(resource("azapi_resource.a", "azapi_resource"))),
			"/planned_values", false},
		{"changes are empty, planned by an update", both(set("resource_changes", []any{}),
			planned(resource("azapi_update_resource.a", "azapi_update_resource"))), "/planned_values", false},
		{"changes are empty, planned and not judged",
			both(set("resource_changes", []any{}), planned(resource("azurerm_managed_redis.a", "azurerm_managed_redis"))), "/planned_values", false},
		{"one planned cache is not changed", planned(resource(orders, "azurerm_redis_cache"),
			resource("azurerm_redis_cache.other", "azurerm_redis_cache")), "/planned_values", false},
		{"planned in a module", func(p m) {
			p["planned_values"] = m{"root_module": m{"child_modules": []any{m{"child_modules": []any{
				m{"resources": []any{resource("module.a.module.b.azurerm_redis_cache.c", "azurerm_redis_cache")}},
			}}}}}
		}, "/planned_values", false},
		{"planned resources are an object", both(drop("resource_changes"), set("planned_values", m{"root_module": m{"resources": m{}}})),
			"/planned_values", false},
		{"planned modules are text", both(drop("resource_changes"), set("planned_values", m{"root_module": m{"child_modules": "x"}})),
			"/planned_values", false},
		{"a planned resource is text", planned("x"), "/planned_values", false},
		{"a change is a list", func(p m) { p["resource_changes"] = []any{[]any{}} }, changes, false},
		{"a change without an address", ofCache("address", nil), at, false},
		{"an empty address", ofCache("address", ""), at, false},
		{"an address as a list", ofCache("address", []any{orders}), at, false},
		{"a change without a mode", ofCache("mode", nil), at, false},
		{"a mode of another spelling", ofCache("mode", "Managed"), at, false},
		{"a mode that nobody knows", ofCache("mode", "list"), at, false},
		{"a change without a type", ofCache("type", nil), at, false},
		{"a type that belies the address", both(ofCache("type", "azurerm_redis_cach"), set("planned_values", m{})), at, false},
		{"a type in another case", both(ofCache("type", "Azurerm_Redis_Cache"), set("planned_values", m{})), at, false},
		{"data that is planned", ofCache("mode", "data"), "/planned_values", false},
		{"another change without a mode", func(p m) { changeOf(p, "azurerm_virtual_network.vnet")["mode"] = 1 }, "/resource_changes/10", false},
		{"no change in a change", ofCache("change", nil), at, false},
		{"a change as text", ofCache("change", "x"), at, false},
		{"no actions", ofChange("actions", []any{}), at, false},
		{"actions as text", ofChange("actions", "create"), at, false},
		{"an action that nobody knows", ofChange("actions", []any{"create", "open"}), at, false},
		{"an action in another case", ofChange("actions", []any{"Create"}), at, false},
		{"two actions that exclude each other", ofChange("actions", []any{"no-op", "create"}), at, false},
		{"one action twice", ofChange("actions", []any{"create", "create"}), at, false},
		{"three actions", ofChange("actions", []any{"delete", "create", "delete"}), at, false},
		{"a mask as text", ofChange("after_unknown", "x"), at, false},
		{"a mask of text", ofChange("after_unknown", m{"minimum_tls_version": "true"}), at, false},
		{"a mask of numbers", ofChange("after_sensitive", m{"redis_configuration": []any{m{"rdb_backup_enabled": 1}}}), at, false},
		{"a format version with a space", set("format_version", "1.2 "), "/format_version", false},
		{"a deferred change without a type", func(p m) {
			p["deferred_changes"] = []any{m{"reason": "x", "resource_change": m{"address": orders, "mode": "managed"}}}
		}, "/deferred_changes/0", false},
		{"deferred changes are an object", set("deferred_changes", m{}), "/deferred_changes", false},
		{"a cache that is changed and deferred", func(p m) {
			p["deferred_changes"] = []any{m{"reason": "x", "resource_change": changeOf(p, orders)}}
		}, changes, false},
		{"drift without a mode", func(p m) { p["resource_drift"] = []any{m{"address": orders, "type": "azurerm_redis_cache"}} },
			"/resource_drift/0", false},

		// What says nothing about the verdict.
		{"planned values were trimmed", set("planned_values", m{}), "", true},
		{"planned values are null", set("planned_values", nil), "", true},
		{"checks fail", set("checks", []any{m{"address": m{"kind": "resource", "to_display": orders}, "status": "fail",
			"instances": []any{m{"address": m{"to_display": orders}, "status": "error"}}}}), "", true},
		{"checks are garbage", set("checks", m{"status": m{}}), "", true},
		{"attributes that are relevant", set("relevant_attributes", []any{m{"resource": orders, "attribute": []any{"minimum_tls_version"}}}), "",
			true},
		{"attributes as garbage", set("relevant_attributes", "x"), "", true},
		{"drift against the cache", func(p m) { p["resource_drift"] = []any{drifted(p)} }, "", true},
		{"drift that deletes the cache", func(p m) {
			c := drifted(p)
			c["change"].(m)["actions"], c["change"].(m)["after"] = []any{"delete"}, nil
			p["resource_drift"] = []any{c}
		}, "", true},
		{"a prior state against the cache", set("prior_state", m{"values": m{"root_module": m{"resources": []any{m{"address": orders,
			"mode": "managed", "type": "azurerm_redis_cache", "values": m{"minimum_tls_version": "1.0"}}}}}}), "", true},
		{"another type without a change", func(p m) { delete(changeOf(p, "azurerm_user_assigned_identity.app"), "change") }, "", true},
		{"keys of the future", both(set("from_the_future", m{"a": []any{1}}), ofCache("from_the_future", 1)), "", true},

		// What leaves the cache open.
		{"the object after was taken out", ofChange("after", "REDACTED_SENSITIVE"), "", false},
		{"no object after", ofChange("after", nil), "", false},
		{"a list after", ofChange("after", []any{}), "", false},
		{"text for no public access", attribute("public_network_access_enabled", "false"), "", false},
		{"null for no public access", attribute("public_network_access_enabled", nil), "", false},
		{"text for no port", attribute("non_ssl_port_enabled", "no"), "", false},
		{"a TLS version as a number", attribute("minimum_tls_version", 1.2), "", false},
		{"a TLS version of nobody", attribute("minimum_tls_version", "banana"), "", false},
		{"a tier of nobody", attribute("sku_name", "Standrd"), "", false},
		{"a tier as a list", attribute("sku_name", []any{"Standard"}), "", false},
		{"a log without a category", func(p m) {
			changeOf(p, "azurerm_monitor_diagnostic_setting.orders")["change"].(m)["after"].(m)["enabled_log"] = []any{m{"category": "",
				"category_group": nil}}
		}, "", false},
		{"a log whose category is a number", func(p m) {
			changeOf(p, "azurerm_monitor_diagnostic_setting.orders")["change"].(m)["after"].(m)["enabled_log"] = []any{m{"category": 5}}
		}, "", false},
		{"everything is unknown", ofChange("after_unknown", true), "", false},
	}
}

// TestHostileInputs: one change to a plan whose cache is compliant never makes
// another input pass that Terraform does not write, and what says nothing about
// a cache changes nothing.
func TestHostileInputs(t *testing.T) {
	read := func(raw []byte) (*tfplan.Plan, error) {
		return tfplan.Read(t.Context(), strings.NewReader(string(raw)), tfplan.Options{})
	}
	p, err := read(hostileInput(t, func(m) {}))
	if err != nil {
		t.Fatal(err)
	}
	compliant := func(p *tfplan.Plan) bool {
		got := true
		for c := range p.Caches() {
			judged := baseline.Published().Evaluate(c.After, baseline.Options{})
			got = got && judged.Compliant != nil && *judged.Compliant
		}
		return got && p.Len() == 1
	}
	if !compliant(p) {
		t.Fatal("the plan is not compliant")
	}
	want := withoutNotes(dump(p))
	for _, tt := range hostileInputs() {
		t.Run(tt.name, func(t *testing.T) {
			p, err := read(hostileInput(t, tt.edit))
			var bad *tfplan.InputError
			switch {
			case tt.refused != "" && err == nil:
				t.Errorf("it was read, as %d caches, compliant %v", p.Len(), compliant(p))
			case tt.refused != "" && (!errors.As(err, &bad) || !strings.HasPrefix(bad.Path, tt.refused)):
				t.Errorf("error %q (%q), want one at %s", err, bad.Path, tt.refused)
			case tt.refused != "":
			case err != nil:
				t.Error(err)
			case tt.same && withoutNotes(dump(p)) != want:
				t.Errorf("the verdict depends on it: %s", dump(p))
			case !tt.same && compliant(p):
				t.Error("the cache is compliant")
			}
		})
	}
}

// hostileInput returns the real plan with a change.
func hostileInput(t testing.TB, edit func(m)) []byte {
	t.Helper()
	original, err := os.ReadFile("testdata/plans/hardened-private-link/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	var plan m
	if err := json.Unmarshal(original, &plan); err != nil {
		t.Fatal(err)
	}
	edit(plan)
	raw, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func withoutNotes(dump string) string {
	var out []string
	for line := range strings.Lines(dump) {
		if !strings.HasPrefix(strings.TrimSpace(line), "note: ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
