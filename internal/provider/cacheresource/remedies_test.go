package cacheresource

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// TestRemedies: against every rule there is something to write in this resource,
// in arguments that it has.
func TestRemedies(t *testing.T) {
	var schema resource.SchemaResponse
	(&cacheResource{}).Schema(t.Context(), resource.SchemaRequest{}, &schema)
	arguments := map[string]bool{"subnet_id": true}
	for name := range schema.Schema.Attributes {
		arguments[name] = true
	}
	for _, nested := range []map[string]bool{keys(identityTypes()), keys(configurationTypes()), keys(windowTypes()), keys(ruleTypes()),
		keys(assignmentTypes()), keys(diagnosticTypes()), keys(endpointTypes())} {
		for name := range nested {
			arguments[name] = true
		}
	}
	variable := regexp.MustCompile(`\bvar\.\w+`)
	word := regexp.MustCompile(`\b[a-z]+(_[a-z]+)+\b`)
	elsewhere := regexp.MustCompile(`azurerm_\w+|azapi|\bblock\b`)
	for entry := range (baseline.Documents{baseline.Published().For(service.Redis.Type)}).Entries() {
		remedy := entry.Remedy(posture.DialectOwn)
		if remedy == "" || elsewhere.MatchString(remedy) {
			t.Errorf("%s: %s", entry.ID, remedy)
		}
		for _, name := range word.FindAllString(variable.ReplaceAllString(remedy, ""), -1) {
			if !arguments[name] && !strings.HasPrefix(entry.ID, "AM-2/") && !strings.HasPrefix(entry.ID, "NS-1/network-security-group") {
				t.Errorf("%s: this resource has no %s: %s", entry.ID, name, remedy)
			}
		}
	}
}

func keys[T any](m map[string]T) map[string]bool {
	out := map[string]bool{}
	for name := range m {
		out[name] = true
	}
	return out
}
