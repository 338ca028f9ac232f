package cacheresource

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The description promises of the shortest configuration what the gate finds: it names each
// control that a complete plan of nothing else violates.
func TestDescriptionOfTheShortestCache(t *testing.T) {
	var resp resource.SchemaResponse
	New(nil)().Schema(t.Context(), resource.SchemaRequest{}, &resp)
	description := resp.Schema.MarkdownDescription
	m := modelOf(t, obj{
		"name": "a", "resource_group_name": "rg", "location": "westeurope", "sku_name": "Standard", "family": "C", "capacity": 1,
		"public_network_access_enabled": false, "non_ssl_port_enabled": false, "minimum_tls_version": "1.2",
		"access_keys_authentication_enabled": false,
	})
	c := postureOf(t.Context(), m, posture.ChangeCreate, view{config: m})
	c.PrivateEndpoints.Observed, c.DiagnosticSettings.Observed = true, true // as a complete plan shows it
	controls := 0
	for _, f := range baseline.Published().Evaluate(c, baseline.Options{}).Features {
		if control, _, _ := strings.Cut(f.ID, "/"); f.Status == report.NonCompliant {
			controls++
			if !strings.Contains(description, "("+control+")") {
				t.Errorf("%s is violated, and the description does not say so: %s", f.ID, description)
			}
		}
	}
	if strings.Contains(description, "compliant") || controls != 2 {
		t.Errorf("%d violations: %s", controls, description)
	}
}
