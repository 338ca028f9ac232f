package acctest

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// OpenTofu runs every door once, where the machine has it beside Terraform. Where
// TF_ACC_TERRAFORM_PATH is its path, all tests run with it.
func TestOpenTofu(t *testing.T) {
	tofu, err := exec.LookPath("tofu")
	if err != nil {
		t.Skip("no tofu on PATH")
	}
	w := newWorkspace(t, azurermtest.V4, cacheOf("orders", "")+around+guarded)
	w.path = tofu
	assertPlan(t, w, true,
		"warning data.redisbaseline_evaluation.all: "+isPublic,
		"warning data.redisbaseline_evaluation.all: Advisory Access keys disabled: redis-orders accepts access keys",
		"warning redisbaseline_guard.orders: "+isPublic)
	out, ok := w.run("apply", "-auto-approve", "-no-color")
	if !ok || strings.Contains(out, "CANARY") {
		t.Errorf("apply failed or shows a secret (%v)", ok)
	}
}
