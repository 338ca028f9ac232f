package cacheresource

import (
	"context"
	"encoding/json"
	stdflag "flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

var updateSchema = stdflag.Bool("update-schema", false, "write the table of redisbaseline_cache in providerschema")

// defaults are the arguments whose value does not depend on others where a new cache leaves
// them out.
var defaults = map[string]string{
	"access_keys_authentication_enabled": "false", "minimum_tls_version": `"1.2"`, "non_ssl_port_enabled": "false",
	"public_network_access_enabled": "false", "redis_version": `"6"`, "update_channel": `"Stable"`,
	"access_policies": "null", "access_policy_assignments": "null", "diagnostic_settings": "null", "firewall_rules": "null",
	"private_endpoint": "null", "shard_count": "null", "tags": "null", "tenant_settings": "null", "zones": "null",
	"patch_schedule": `[{"day_of_week":"Sunday","maintenance_window":"PT5H","start_hour_utc":2}]`,
}

// members are the same of nested attributes; see [providerschema.Attribute.Member].
var members = map[string]map[string]any{
	"redis_configuration": {"active_directory_authentication_enabled": true, "authentication_enabled": true,
		"maxmemory_policy":       "volatile-lru",
		"notify_keyspace_events": "", "rdb_backup_enabled": false, "aof_backup_enabled": false, "storage_account_subscription_id": nil},
	"private_endpoint": {"subnet_id": nil, "request_message": nil, "is_manual_connection@subnet_id": false,
		"is_manual_connection!subnet_id": nil, "private_dns_zone_ids@subnet_id": nil, "private_dns_zone_ids!subnet_id": nil},
	"patch_schedule": {"maintenance_window": "PT5H", "start_hour_utc": 0},
	"diagnostic_settings": {"log_category_groups@log_categories": []string{}, "log_category_groups!log_categories": []string{"allLogs"},
		"log_categories": nil, "metric_categories": nil, "log_analytics_destination_type": nil, "log_analytics_workspace_id": nil,
		"storage_account_id": nil, "eventhub_authorization_rule_id": nil, "eventhub_name": nil, "partner_solution_id": nil,
		"servicebus_rule_id": nil},
}

// What the table says of omitted arguments and members is what the resource plans of a new
// cache, whatever else is written.
func TestPlannedDefaults(t *testing.T) {
	samples := map[string]any{"subnet_id": subnet, "log_categories": []any{"ConnectedClientList"}}
	contexts := []obj{{}, {"sku_name": "Basic"}, {"sku_name": "Standard"}, {"sku_name": unknown}, {"subnet_id": subnet},
		{"subnet_id": unknown},
		{"zones": []any{"1"}}, {"shard_count": 2}, {"identity": obj{"type": "SystemAssigned"}}, {"name": unknown, "location": unknown},
		{"redis_configuration": obj{"rdb_backup_enabled": true, "aof_backup_enabled": unknown}}, {"access_keys_authentication_enabled": true}}
	check := func(config obj, at string, want any) {
		t.Helper()
		got := leaves(t, completion{config: modelOf(t, config)}.plan(t.Context()))
		expected := map[string]string{}
		typed, ok := want.(string)
		switch {
		case want == nil:
		case ok:
			expected[at] = typed
		default:
			expected[at] = strings.Trim(fmt.Sprint(want), "[]")
		}
		if list, ok := want.([]string); ok && len(list) == 0 {
			expected[at] = "empty"
		}
		if got[at] != expected[at] {
			t.Errorf("%s of %v is %q, and %q by the table", at, config, got[at], expected[at])
		}
	}
	for name, text := range defaults {
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		for _, c := range contexts {
			if _, written := c[name]; written {
				continue
			}
			if list, ok := want.([]any); ok {
				for member, value := range list[0].(map[string]any) {
					check(cacheWith(c), name+".0."+member, value)
				}
				continue
			}
			check(cacheWith(c), name, want)
		}
	}
	for name, all := range members {
		at := map[string]string{"patch_schedule": ".0", "diagnostic_settings": ".d"}[name]
		for key, want := range all {
			member, other, set := strings.Cut(key, "@")
			if !set {
				member, _, _ = strings.Cut(key, "!")
			}
			object := obj{}
			if set {
				object[other] = samples[other]
			}
			for _, c := range contexts {
				config := cacheWith(c)
				switch {
				case at == ".0":
					config[name] = []any{obj{"day_of_week": "Monday"}}
				case at != "":
					config[name] = obj{"d": object}
				default:
					one := maps.Clone(object)
					if have, ok := c[name].(obj); ok {
						maps.Copy(one, have)
					}
					if _, written := one[member]; written {
						continue
					}
					config[name] = one
				}
				check(config, name+at+"."+member, want)
			}
		}
	}
}

// The table of providerschema is what the resource declares.
func TestProviderSchema(t *testing.T) {
	var resp resource.SchemaResponse
	(&cacheResource{}).Schema(context.Background(), resource.SchemaRequest{}, &resp)
	lines := []string{
		"# redisbaseline_cache, in the format of azurerm.txt, written by",
		"# go test ./internal/provider/cacheresource -run TestProviderSchema -update-schema", "",
		"resource redisbaseline_cache /subscriptions/{subscription}/resourceGroups/{resource_group_name}/providers/Microsoft.Cache/redis/{name}"}
	var names []string
	for name := range resp.Schema.Attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		lines = append(lines, attributeLine(t, name, resp.Schema.Attributes[name]))
	}
	got := strings.Join(lines, "\n") + "\n"
	const file = "../../providerschema/redisbaseline.txt"
	if *updateSchema {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s is not what the resource declares (-update-schema writes it): %v", file, err)
	}
}

func attributeLine(t *testing.T, name string, a schema.Attribute) string {
	t.Helper()
	typ, err := json.Marshal(a.GetType().TerraformType(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	flags := ""
	for _, f := range []struct {
		flag string
		is   bool
	}{{"R", a.IsRequired()}, {"O", a.IsOptional()}, {"C", a.IsComputed()}, {"S", a.IsSensitive()}, {"W", a.IsWriteOnly()}} {
		if f.is {
			flags += f.flag
		}
	}
	line := fmt.Sprintf("  %s %s %s", name, typ, flags)
	if d := defaults[name]; d != "" {
		line += " =" + d
	}
	if m := members[name]; m != nil {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		line += " members=" + string(text)
	}
	return line
}
