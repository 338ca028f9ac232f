package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// program says which program made the plan. Terraform says whether a plan is
// complete, OpenTofu does not; a plan without that is OpenTofu's if all its
// providers come from its registry.
func (p *document) program() tfconfig.Program {
	switch {
	case p.complete != completeUnsaid:
		return tfconfig.Terraform
	case p.config.registries == (registries{tofu: true}):
		return tfconfig.OpenTofu
	default:
		return tfconfig.Undetermined
	}
}

// registries are where the providers of a configuration come from.
type registries struct{ tofu, others bool }

func (r *registries) add(provider string) {
	switch host, _, _ := strings.Cut(provider, "/"); {
	case strings.HasPrefix(provider, "terraform.io/builtin/"):
	case host == "registry.opentofu.org":
		r.tofu = true
	default:
		r.others = true
	}
}
