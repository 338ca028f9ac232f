package plangen_test

import (
	"bytes"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
)

// TestPlansAreWhatTerraformWrites: the peer reads them, and they hold as many
// resources as were asked for.
func TestPlansAreWhatTerraformWrites(t *testing.T) {
	for _, opts := range []plangen.Options{{}, {Caches: 1}, {Caches: 25, Others: 40}, {Caches: 25, Others: 3, Existing: true}, {Managed: 11},
		{Caches: 25, Managed: 25, Existing: true}} {
		var one, two bytes.Buffer
		if err := plangen.Write(&one, opts); err != nil {
			t.Fatal(err)
		}
		if err := plangen.Write(&two, opts); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%+v: two plans of the same numbers differ", opts)
		}
		var plan tfjson.Plan
		if err := plan.UnmarshalJSON(one.Bytes()); err != nil {
			t.Fatalf("%+v: %v", opts, err)
		}
		foundation := 6
		if opts.Managed > 0 {
			foundation++ // its private DNS zone
		}
		if got, want := len(plan.ResourceChanges), foundation+3*(opts.Caches+opts.Managed)+opts.Others; got != want {
			t.Errorf("%+v: %d resource changes, want %d", opts, got, want)
		}
		if got := plan.PriorState != nil; got != opts.Existing {
			t.Errorf("%+v: a prior state: %v", opts, got)
		}
	}
}
