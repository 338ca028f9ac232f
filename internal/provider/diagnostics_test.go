package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// A name may come from a plan that somebody else made.
func TestNamesDoNotSteerTheTerminal(t *testing.T) {
	s := speaker{baseline: baseline.AzureCacheForRedis, at: path.Root("cache")}
	for _, d := range []interface {
		Summary() string
		Detail() string
	}{s.warn("x\x1b[31m\nError: fake", "one\x1b[2J\ntwo"), s.fail("x\x1b[31m\nError: fake", "one\x1b[2J\ntwo")} {
		if strings.ContainsAny(d.Summary(), "\x1b\n") || strings.Contains(d.Detail(), "\x1b") || !strings.Contains(d.Detail(), "\ntwo") {
			t.Errorf("%q, %q", d.Summary(), d.Detail())
		}
	}
}
