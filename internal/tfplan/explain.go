package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// explain says of the arguments of a cache that are not known without a plan what they
// depend on.
func (p *linker) explain(in *instance, out *posture.Cache) {
	if !p.unplanned || p.evaluator == nil {
		return
	}
	vocabulary.OfCache(out).Each(out, out, func(x vocabulary.Property) {
		now := x.Now()
		if now.State != posture.StateUnknown || now.Source.Detail != "" {
			return
		}
		if why := p.whyUnknown(in, now.Source.Path); why != "" {
			x.Explain(why)
		}
	})
}

// whyUnknown says what the value of an argument depends on that is not known without a
// plan; empty where only Azure or a provider knows it.
func (p *linker) whyUnknown(in *instance, path string) string {
	if names := p.evaluator.Valueless(in.address, steps(path)...); len(names) > 0 {
		return withoutValue(names)
	}
	if unread := p.evaluator.Unread(in.address, steps(path)...); unread != "" {
		return unread
	}
	ref := p.ask(in, path)
	switch {
	case ref.Kind != tfconfig.Unresolved || ref.Computed || ref.Expression == "":
		return ""
	case strings.Contains(ref.Expression, "terraform.workspace"):
		return "the workspace is not known (--workspace NAME names it)"
	default:
		return ref.Why
	}
}
