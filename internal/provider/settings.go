package provider

import (
	"cmp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider/cacheresource"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// effect is the effect of a violation, in Azure Policy's terms.
type effect string

const (
	effectUnset    effect = ""
	effectAudit    effect = "Audit"
	effectDeny     effect = "Deny"
	effectDisabled effect = "Disabled"
)

func effectValidators() []validator.String {
	return []validator.String{cacheresource.OneOf(string(effectAudit), string(effectDeny), string(effectDisabled))}
}

func refuseUnknownEffect(v types.String) diag.Diagnostics {
	var diags diag.Diagnostics
	if v.IsUnknown() {
		diags.AddAttributeError(path.Root("effect"), "effect is not known yet",
			"What a violation does must be known while Terraform plans: use a literal or a variable.")
	}
	return diags
}

// settings is the provider's configuration for data sources and resources.
type settings struct {
	documents  baseline.Documents
	version    string
	effect     effect
	exemptions []baseline.Exemption
	now        func() time.Time
	azure      *connection
	cache      *cacheHost
}

// forDataSource is the effect of a data source: Deny only where its own block says
// so, because an error in a data source also stops `terraform destroy`.
func (s *settings) forDataSource(own effect) effect {
	if s.effect == effectDisabled {
		return cmp.Or(own, effectDisabled)
	}
	return cmp.Or(own, effectAudit)
}

// forResource is the effect of a resource: its own, else the provider's.
func (s *settings) forResource(own effect) effect { return cmp.Or(own, s.effect, effectAudit) }

// job is a judgement with the exemptions of a block added to those of the provider.
func (s *settings) job(source report.Source, own []baseline.Exemption, inputs ...judge.Input) *judge.Job {
	return &judge.Job{Documents: s.documents, Source: source, Inputs: inputs, Version: s.version, Now: s.now(), Shared: s.exemptions,
		Exemptions: own}
}

// judge judges one planned cache; fingerprint is as in [titleOf].
func (s *settings) judge(c *posture.Cache, fingerprint string) judgement {
	return judgement{posture: c, report: s.job(report.Source{}, nil).Cache(posture.Planned{After: c}), title: titleOf(c, fingerprint)}
}
