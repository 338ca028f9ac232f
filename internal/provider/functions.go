package provider

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func snapshotFunction() function.Function {
	return &cacheFunction{
		name:    "snapshot",
		summary: "Wholly known copy of a planned cache and its companions",
		doc: "Returns what is known about a planned cache and its companions as an object that is wholly known: `null` stands " +
			"for what is not known yet, and `undecided` lists the paths of those nulls. " +
			"Put it into a `local` and give that to `data.redisbaseline_evaluation`: Terraform reads a data source while planning only if its " +
			"arguments are known and do not name a resource with pending changes directly.",
		kinds:   judgedKinds,
		returns: function.ObjectReturn{AttributeTypes: snapshotShape().attrTypes()},
		result: func(ctx context.Context, cache node, companions []node, _ *posture.Cache) (attr.Value, error) {
			return snapshotShape().attrType().ValueFromTerraform(ctx, freeze(cache, companions))
		},
	}
}

// violation is an element of the result of the function violations.
type violation struct {
	ID          string          `json:"id"`
	Control     string          `json:"control"`
	Title       string          `json:"title"`
	Severity    report.Severity `json:"severity"`
	Message     string          `json:"message"`
	Remediation string          `json:"remediation"`
}

func violationsFunction(documents baseline.Documents) function.Function {
	return &cacheFunction{
		name:    "violations",
		summary: "Features of the baseline that a planned cache violates",
		doc: "Returns the features that the cache is known to violate, sorted by id: a list of objects with `id`, `control`, " +
			"`title`, `severity`, `message` and `remediation`. The list is empty when nothing is known to be wrong, and may grow once more is " +
			"known, so use it in conditions (`length(...) == 0` in a `postcondition`, `check` or `validation`), not as the argument of a " +
			"resource. " +
			"Advisories are never in it. A value that the service does not document is an error, since an empty list would pass it. " +
			"Functions cannot see the provider's configuration: leave a feature out with " +
			"`[for v in ... : v if v.id != \"NS-2/azure-private-link\"]`.",
		kinds:   judgedKinds,
		returns: function.ListReturn{ElementType: objectOf[violation]()},
		result: func(_ context.Context, _ node, _ []node, c *posture.Cache) (attr.Value, error) {
			if err := refuseUndocumented(c); err != nil {
				return nil, err
			}
			var out []violation
			job := judge.Job{Documents: documents}
			document := documents.For(c.Type)
			for _, f := range job.Cache(posture.Planned{After: c}).Features {
				if f.Status == report.NonCompliant {
					e := document.Entry(f.ID)
					out = append(out, violation{f.ID, e.Control, e.Title, e.Severity, f.Message, f.Remediation})
				}
			}
			slices.SortStableFunc(out, func(a, b violation) int { return strings.Compare(a.ID, b.ID) })
			return listOf(out), nil
		},
	}
}

func evaluateFunction(documents baseline.Documents) function.Function {
	return &cacheFunction{
		name:    "evaluate",
		summary: "Report on one planned cache",
		doc: "Returns the report on one cache: `compliant`, `summary`, `features` (all of the document of its service, in order) and " +
			"`advisories`. What may still change once more is known is unknown, and nothing is guessed: `compliant` stays unknown " +
			"while a feature is undecided and none is violated. `summary` counts features by status; its `not_observed` is the part of " +
			"`unknown` of which nothing was passed. `evidence[].value` is JSON text.",
		kinds:   judgedKinds,
		returns: function.ObjectReturn{AttributeTypes: objectOf[evaluated]().AttrTypes},
		result: func(_ context.Context, cache node, companions []node, c *posture.Cache) (attr.Value, error) {
			job := judge.Job{Documents: documents}
			r := results{documents: documents, open: len(undecidedOf(cacheShape(), cache, companions)) > 0,
				openName: cache.Get("name").unknown(), openID: cache.Get("id").unknown()}
			return r.report(job.Cache(posture.Planned{After: c})), nil
		},
	}
}
