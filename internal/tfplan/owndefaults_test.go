package tfplan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// Members of nested attributes of redisbaseline_cache that are left out have their defaults
// without a plan; those that depend on what is not known are not known.
func TestOwnDefaults(t *testing.T) {
	for name, test := range map[string]struct {
		body      string
		entra     string
		endpoints int
		open      bool // whether there is an endpoint
		logs      int
	}{
		"nothing":            {entra: "true"},
		"another member":     {body: `redis_configuration = { maxmemory_policy = "noeviction" }`, entra: "true"},
		"written":            {body: `redis_configuration = { active_directory_authentication_enabled = false }`, entra: "false"},
		"null":               {body: `redis_configuration = { active_directory_authentication_enabled = null }`, entra: "true"},
		"not known":          {body: `redis_configuration = { active_directory_authentication_enabled = var.v }`, entra: "unknown"},
		"no endpoint":        {body: `private_endpoint = {}`, entra: "true"},
		"an endpoint":        {body: `private_endpoint = { subnet_id = "/s" }`, entra: "true", endpoints: 1},
		"perhaps one":        {body: `private_endpoint = { subnet_id = var.v }`, entra: "true", open: true},
		"logs by default":    {body: `diagnostic_settings = { d = { log_analytics_workspace_id = "/w" } }`, entra: "true", logs: 1},
		"logs of categories": {body: `diagnostic_settings = { d = { log_analytics_workspace_id = "/w", log_categories = [] } }`, entra: "true"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			config := "variable \"v\" {}\nresource \"redisbaseline_cache\" \"a\" {\n  name = \"a\"\n  " + test.body + "\n}\n"
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := tfconfig.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := ReadUnplanned(t.Context(), c, UnplannedOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for c := range plan.Caches() {
				entra, logs := "unknown", 0
				if v, ok := c.After.EntraAuthentication.Get(); ok {
					entra = map[bool]string{true: "true", false: "false"}[v]
				}
				for _, d := range c.After.DiagnosticSettings.Items {
					for _, l := range d.Logs.V {
						if posture.Is(l.Enabled, true) == posture.True {
							logs++
						}
					}
				}
				endpoints := c.After.PrivateEndpoints
				if entra != test.entra || len(endpoints.Items) != test.endpoints || len(endpoints.Doubts) > 0 != test.open || logs != test.logs {
					t.Errorf("entra %s, %d endpoints, %v, %d logs; want %+v", entra, len(endpoints.Items), endpoints.Doubts, logs, test)
				}
			}
		})
	}
}
