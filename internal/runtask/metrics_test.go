package runtask

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

// The guide lists every metric of the service with its labels, and no other.
func TestMetricsAreDocumented(t *testing.T) {
	guide, err := os.ReadFile("../../docs/guides/run-task.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(redisbaseline_[a-z_]+)` \\|([^|]*)\\|").FindAllStringSubmatch(string(guide), -1) {
		documented = append(documented, row[1]+" "+strings.NewReplacer("`", "", " ", "").Replace(row[2]))
	}
	described := make(chan *prometheus.Desc)
	go func() {
		defer close(described)
		newMetrics().registry.Describe(described)
	}()
	var registered []string
	desc := regexp.MustCompile(`fqName: "([^"]+)".*variableLabels: {([^}]*)}`)
	for d := range described {
		found := desc.FindStringSubmatch(d.String())
		if found == nil {
			t.Fatalf("a metric describes itself in another way: %s", d)
		}
		if strings.HasPrefix(found[1], "redisbaseline_") {
			registered = append(registered, found[1]+" "+found[2])
		}
	}
	slices.Sort(documented)
	slices.Sort(registered)
	if diff := cmp.Diff(registered, documented); diff != "" {
		t.Errorf("metrics (-service +guide):\n%s", diff)
	}
}
