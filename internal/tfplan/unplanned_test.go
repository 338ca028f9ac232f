package tfplan

import (
	"slices"
	"testing"
)

// The constraints of a configuration leave the major versions that one version fits.
func TestAllowedGenerations(t *testing.T) {
	for constraint, want := range map[string][]int{
		"~> 4.0": {4}, ">= 3.50, < 5.0": {3, 4}, "4.12.3": {4}, "= 3.117.1": {3}, ">= 4": {4, 5}, "~> 3.117.1": {3},
		">= 3.0, != 4.0.0": {3, 4, 5}, "> 2": {3, 4, 5}, "< 3": nil, "nonsense": nil,
	} {
		if got := allowedBy([]string{constraint}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", constraint, got, want)
		}
	}
}
