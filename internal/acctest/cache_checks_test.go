package acctest

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// onlyImports checks that a plan imports a number of caches and changes none.
type onlyImports struct {
	t    *testing.T
	want int
}

func (c onlyImports) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	n := 0
	for _, change := range req.Plan.ResourceChanges {
		if change.Change.Importing != nil {
			n++
		}
		if !change.Change.Actions.NoOp() {
			c.t.Errorf("%s: %v\nbefore %v\nafter  %v", change.Address, change.Change.Actions, change.Change.Before, change.Change.After)
		}
	}
	if n != c.want {
		resp.Error = fmt.Errorf("%d caches are imported, want %d", n, c.want)
	}
}
