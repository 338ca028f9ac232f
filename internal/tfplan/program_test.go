package tfplan

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestProgram: what tells which program made a plan.
func TestProgram(t *testing.T) {
	const azurerm, azurermOfTofu = "registry.terraform.io/hashicorp/azurerm", "registry.opentofu.org/hashicorp/azurerm"
	for name, tt := range map[string]struct {
		complete  completeness
		providers []string
		want      tfconfig.Program
	}{
		"complete":                        {completeYes, []string{azurermOfTofu}, tfconfig.Terraform},
		"not complete":                    {completeNo, nil, tfconfig.Terraform},
		"providers of OpenTofu":           {completeUnsaid, []string{azurermOfTofu, "registry.opentofu.org/azure/azapi"}, tfconfig.OpenTofu},
		"with a builtin one":              {completeUnsaid, []string{azurermOfTofu, "terraform.io/builtin/terraform"}, tfconfig.OpenTofu},
		"one of another registry":         {completeUnsaid, []string{azurermOfTofu, azurerm}, tfconfig.Undetermined},
		"providers of Terraform's":        {completeUnsaid, []string{azurerm}, tfconfig.Undetermined},
		"no providers":                    {completeUnsaid, nil, tfconfig.Undetermined},
		"a builtin one only":              {completeUnsaid, []string{"terraform.io/builtin/terraform"}, tfconfig.Undetermined},
		"one that only looks like theirs": {completeUnsaid, []string{"registry.opentofu.org.example/x/y"}, tfconfig.Undetermined},
	} {
		p := &document{complete: tt.complete, config: newConfiguration()}
		for _, provider := range tt.providers {
			p.config.registries.add(provider)
		}
		if got := p.program(); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}
