package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// program says which program made the plan. Terraform says whether a plan is
// complete, OpenTofu does not; a plan without that is OpenTofu's if all its
// providers come from its registry.
func (p *Plan) program() tfconfig.Program {
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

// useConfiguration takes the configuration as the program that made the plan
// reads it.
func (p *Plan) useConfiguration(c *tfconfig.Configuration) {
	c, err := c.As(p.program())
	if err != nil {
		p.options.Configuration = nil
		p.notes = append(p.notes, "the configuration is not used: "+oneLine(err.Error()))
		return
	}
	if c.Ambiguous() {
		p.notes = append(p.notes, "the configuration has files that only OpenTofu reads, and the plan does not tell who made it: what they "+
			"make different is not settled")
	}
	p.options.Configuration = c
	p.evaluator = c.NewEvaluator(&knowledge{plan: p}, providerSchema)
}
