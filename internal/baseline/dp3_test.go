package baseline

import (
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// A violation of DP-3 shows the facts that violate, and no others; where nothing
// violates, both facts count.
func TestDataInTransitEvidence(t *testing.T) {
	const port, tls = "non_ssl_port_enabled", "minimum_tls_version"
	for name, c := range map[string]struct {
		on   bool
		tls  string
		want []string
	}{
		"port":         {true, "1.2", []string{port}},
		"version":      {false, "1.0", []string{tls}},
		"both":         {true, "1.0", []string{port, tls}},
		"none of them": {false, "1.2", []string{port, tls}},
	} {
		verdict := checkDataInTransit(&posture.Cache{NonTLSPort: posture.Known(c.on, port), MinimumTLSVersion: posture.Known(c.tls, tls)})
		var got []string
		for _, e := range verdict.Evidence {
			got = append(got, e.Path)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: evidence %q, want %q", name, got, c.want)
		}
	}
}
