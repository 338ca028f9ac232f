package provider

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// cacheIDValidator refuses the id of anything but a cache.
type cacheIDValidator struct{}

func (cacheIDValidator) Description(context.Context) string {
	return "must be the id of a " + service.Types() + ", in any casing"
}

func (v cacheIDValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (cacheIDValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := azure.ParseCacheID(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, notACacheID, sentence(err.Error()))
	}
}

const notACacheID = "resource_id is not the id of a cache"

// existing reads and judges one cache. What could not be read is a warning: the
// verdicts that need it are unknown, which must not look as if they had passed.
func (e *evaluation) existing(ctx context.Context, resourceID string) (diags diag.Diagnostics) {
	at := path.Root("resource_id")
	id, err := azure.ParseCacheID(resourceID)
	if err != nil {
		diags.AddAttributeError(at, notACacheID, sentence(err.Error()))
		return diags
	}
	reader, diags := e.settings.azure.reader()
	if diags.HasError() {
		return diags
	}
	cache, err := reader.Read(ctx, resourceID)
	if cache == nil {
		summary := id.Name + " could not be read"
		if arm.IsGone(err, id.ID) {
			summary = id.Name + " does not exist"
		}
		diags.AddAttributeError(at, summary, sentence(err.Error()))
		return diags
	}
	diags.Append(e.judge(ctx, judge.One(cache)...)...)
	if diags.HasError() {
		return diags
	}
	j := e.judged[0]
	var incomplete *azure.Incomplete
	if errors.As(err, &incomplete) {
		diags.AddAttributeWarning(at, j.title+" was not read completely",
			"Rules that need what could not be read are unknown, with the reason not_observed.\n\n  "+
				strings.Join(textsOf(incomplete.Errors), "\n  "))
	}
	if rules := forbidden(j.report); len(rules) > 0 {
		diags.AddAttributeWarning(at, j.title+lacksRights, forbiddenText+"\n\n"+missingRights(j.report.MissingActions, rules))
	}
	return diags
}

const (
	lacksRights    = " could not be judged wholly: the identity lacks rights"
	forbiddenText  = "Rules that need what could not be read are unknown, with the reason forbidden. " + leastPrivilege
	leastPrivilege = "The built-in role Reader holds every action that is needed; the documentation shows a smaller role."
)

func textsOf(errs []error) []string {
	texts := make([]string, len(errs))
	for i, err := range errs {
		texts[i] = err.Error()
	}
	return texts
}

// forbidden are the ids of the rules whose verdict on a cache is unknown because of
// missing permissions.
func forbidden(c report.Cache) (ids []string) {
	for _, f := range slices.Concat(c.Features, c.Advisories) {
		if f.Status == report.Unknown && f.Reason != nil && *f.Reason == string(posture.ReasonForbidden) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// missingRights lists the missing actions and the rules whose verdict is unknown
// without them.
func missingRights(actions, rules []string) string {
	var out strings.Builder
	lines(&out, "Missing", actions...)
	lines(&out, "Unknown", rules...)
	return strings.TrimRight(out.String(), "\n")
}
