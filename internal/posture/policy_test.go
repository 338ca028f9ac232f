package posture_test

import (
	"fmt"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestPolicyParameterOf: effects and lists of resource types are facts; what
// else stands in their place leaves them unknown, and its text is not kept.
func TestPolicyParameterOf(t *testing.T) {
	for _, tt := range []struct {
		name   string
		values []string
		want   string // empty where the parameter is no fact
	}{
		{"effect", []string{"Disabled"}, "[Disabled]"},
		{"anything", []string{"auditIfNotExists"}, "[auditIfNotExists]"},
		{"anything", []string{"secret"}, ""},
		{"anything", nil, ""},
		{"Effect-Microsoft.Cache-Redis", []string{"secret"}, "unknown"},
		{"effect", []string{"Audit", "Disabled"}, "unknown"},
		{"effect", []string{}, "unknown"},
		{"effect", nil, "unknown"},
		{"RESOURCETYPELIST", []string{"microsoft.web/sites", "Microsoft.Cache/redis"}, "[Microsoft.Cache/redis]"},
		{"resourceTypeList", []string{}, "[]"},
		{"resourceTypeList", nil, "unknown"},
	} {
		p, ok := posture.PolicyParameterOf(tt.name, tt.values, "parameters")
		got := ""
		switch {
		case ok && p.Values.IsKnown():
			got = fmt.Sprint(p.Values.V)
		case ok:
			got = "unknown"
		}
		if got != tt.want || len(p.Values.V) > 0 && !p.Values.IsKnown() {
			t.Errorf("%s = %q: %s, want %s", tt.name, tt.values, got, tt.want)
		}
	}
}
