package tfplan_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// An action of azapi that answers with the keys of a cache and keeps them in state takes
// them: as a resource and as a data source, with the configuration and by plan JSON alone.
func TestKeysOfActions(t *testing.T) {
	const (
		taken = "taken"
		open  = "open"
		none  = ""

		redis    = `type = "Microsoft.Cache/redis@2024-11-01"` + "\n  "
		database = `type = "Microsoft.Cache/redisEnterprise/databases@2025-07-01"` + "\n  "
		ofA      = "resource_id = azurerm_redis_cache.a.id\n  "
		listKeys = `action = "listKeys"` + "\n  "
		all      = `response_export_values = ["*"]`
	)
	for name, test := range map[string]struct {
		body                 string
		resource, data, json string // with the configuration; the data source by plan JSON alone
		ephemeral, managed   bool
	}{
		"the whole answer": {body: redis + ofA + listKeys + all, resource: taken, data: taken, json: open},
		"anew":             {body: redis + ofA + `action = "regenerateKey"` + "\n  " + all, resource: taken, data: taken, json: open},
		"in other letters": {body: redis + ofA + `action = "/listkeys"` + "\n  " + all, resource: taken, data: taken, json: open},
		"one key, sensitive": {body: redis + ofA + listKeys + `sensitive_response_export_values = { k = "primaryKey" }`,
			resource: taken, data: taken, json: open},
		"a query": {body: redis + ofA + listKeys + `response_export_values = { k = "join('', [primaryKey])" }`,
			resource: open, data: open, json: open},
		"values not known":   {body: redis + ofA + listKeys + `response_export_values = var.values`, resource: open, data: open, json: open},
		"no value":           {body: redis + ofA + listKeys, resource: none, data: none, json: none},
		"an empty list":      {body: redis + ofA + listKeys + `response_export_values = []`, resource: none, data: none, json: open},
		"another operation":  {body: redis + ofA + `action = "flush"` + "\n  " + all, resource: none, data: none, json: none},
		"an operation later": {body: redis + ofA + "action = var.name\n  " + all, resource: open, data: open, json: open},
		"by GET":             {body: redis + ofA + listKeys + "method = \"GET\"\n  " + all, resource: none, data: none, json: none},
		"of a storage account": {body: `type = "Microsoft.Storage/storageAccounts@2023-05-01"` +
			"\n  resource_id = var.name\n  " + listKeys + all,
			resource: none, data: none, json: none},
		"of a cache elsewhere": {body: redis + `resource_id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/else"` +
			"\n  " + listKeys + all,
			resource: none, data: none, json: open},
		"of a cache not known": {body: redis + "resource_id = var.name\n  " + listKeys + all, resource: open, data: open, json: none},
		"of a database": {body: database + "resource_id = azurerm_managed_redis.m.default_database[0].id\n  " + listKeys + all,
			managed: true, resource: taken, data: taken, json: open},
		"in an instance":        {body: "count = 1\n  " + redis + ofA + listKeys + all, resource: taken, data: taken, json: open},
		"in no instance":        {body: "count = 0\n  " + redis + ofA + listKeys + all, resource: none, data: none, json: none},
		"in instances, perhaps": {body: "count = var.count\n  " + redis + ofA + listKeys + all, resource: open, data: open, json: open},
		"ephemeral":             {body: redis + ofA + listKeys + all, ephemeral: true, resource: none, data: none, json: none},
	} {
		for _, block := range []string{"resource", "data"} {
			t.Run(name+"/"+block, func(t *testing.T) {
				want := test.resource
				if block == "data" {
					want = test.data
				}
				if test.ephemeral {
					block = "ephemeral"
				}
				dir := t.TempDir()
				config := "variable \"name\" {}\nvariable \"values\" {}\nvariable \"count\" {}\n" +
					"resource \"azurerm_redis_cache\" \"a\" {\n  name = \"redis-a\"\n}\n" +
					"resource \"azurerm_managed_redis\" \"m\" {\n  name = \"redis-m\"\n  default_database {}\n}\n" +
					block + " \"azapi_resource_action\" \"k\" {\n  " + test.body + "\n}\n"
				if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
					t.Fatal(err)
				}
				c, err := tfconfig.LoadDir(dir)
				if err != nil {
					t.Fatal(err)
				}
				alone, err := tfplan.ReadUnplanned(t.Context(), c, tfplan.UnplannedOptions{})
				if err != nil {
					t.Fatal(err)
				}
				cache := "azurerm_redis_cache.a"
				if test.managed {
					cache = "azurerm_managed_redis.m"
				}
				if got := takenFrom(alone, cache); got != want {
					t.Errorf("with the configuration: %q, want %q", got, want)
				}
				if block != "data" {
					return
				}
				var plan bytes.Buffer
				if _, err := c.WritePlan(&plan, tfconfig.PlanOptions{}); err != nil {
					t.Fatal(err)
				}
				read, err := tfplan.Read(t.Context(), &plan, tfplan.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if got := takenFrom(read, cache); got != test.json {
					t.Errorf("by plan JSON alone: %q, want %q", got, test.json)
				}
			})
		}
	}
}

// takenFrom says whether a key of a cache is taken, or it is open whether it is.
func takenFrom(p *tfplan.Plan, cache string) string {
	for c := range p.Caches() {
		switch set := c.After.KeyConsumers; {
		case c.After.Address != cache:
		case len(set.Items) > 0:
			return "taken"
		case len(set.Doubts) > 0:
			return "open"
		}
	}
	return ""
}
