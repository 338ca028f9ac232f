package conformance

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// TestCachesThatMayBe gives every cache of the configurations of the tests a count that is
// not known, then every resource, and judges them without a plan. What is decided then is
// what the plan says of a cache that is there, with all around it.
func TestCachesThatMayBe(t *testing.T) {
	decided := 0
	for name, dir := range configurations(t) {
		if otherwise[name] != "" {
			continue
		}
		planned := map[string]map[string]report.Finding{}
		for c := range withPlan(t, dir).Caches() {
			if c.After.Change == posture.ChangeCreate {
				planned[c.After.Address] = judgedBy(c.After)
			}
		}
		for _, counted := range []string{"caches", "all"} {
			open := t.TempDir()
			if err := os.CopyFS(open, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			countAll(t, open, func(typ string) bool {
				return counted == "all" || slices.Contains(cacheTypes, typ)
			})
			for c := range withoutPlan(t, open).Caches() {
				with := planned[c.After.Address]
				for id, g := range judgedBy(c.After) {
					f, ok := with[id]
					if !ok || f.Status == report.Unknown || g.Status == report.Unknown {
						continue
					}
					decided++
					if f.Status != g.Status {
						t.Errorf("%s: %s: %s is %s (%s) by the plan and %s (%s) without one, where it is not known how many there are of %s",
							name, c.After.Address, id, f.Status, f.Message, g.Status, g.Message, counted)
					}
				}
			}
		}
	}
	if decided < 10000 {
		t.Errorf("%d verdicts are decided of caches that may be there", decided)
	}
}

var cacheTypes = []string{"azurerm_redis_cache", "azurerm_managed_redis", "azurerm_redis_enterprise_cluster", "redisbaseline_cache"}

func judgedBy(c *posture.Cache) map[string]report.Finding {
	out := map[string]report.Finding{}
	judged := baseline.Published().Evaluate(c, baseline.Options{})
	for _, f := range slices.Concat(judged.Features, judged.Advisories) {
		out[f.ID] = f
	}
	return out
}

// countAll gives resources of some types a count that is not known, and references to them
// the key that goes with it.
func countAll(t *testing.T, dir string, wanted func(typ string) bool) {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.tf", "*/*.tf", "*/*/*.tf"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, diags := hclwrite.ParseConfig(text, file, hcl.InitialPos)
		if diags.HasErrors() {
			continue // a test of what is broken
		}
		for _, b := range parsed.Body().Blocks() {
			if b.Type() != "resource" || len(b.Labels()) != 2 || !wanted(b.Labels()[0]) ||
				!bytes.Contains(b.Body().BuildTokens(nil).Bytes(), []byte("\n")) ||
				b.Body().GetAttribute("count") != nil || b.Body().GetAttribute("for_each") != nil {
				continue
			}
			b.Body().SetAttributeTraversal("count", hcl.Traversal{hcl.TraverseRoot{Name: "data"}, hcl.TraverseAttr{Name: "none"},
				hcl.TraverseAttr{Name: "here"}, hcl.TraverseAttr{Name: "n"}})
			names = append(names, regexp.QuoteMeta(strings.Join(b.Labels(), ".")))
		}
		if err := os.WriteFile(file, parsed.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if len(names) == 0 {
		return
	}
	reference := regexp.MustCompile(`(^|[^.\w])(` + strings.Join(names, "|") + `)\.`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, reference.ReplaceAll(text, []byte("${1}${2}[0].")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
