package tfwrite

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// The heading names what comes first, more rights than before, and what is not written.
func TestHeading(t *testing.T) {
	target := &target{old: &posture.Cache{}, move: &migrate.Move{DisplayName: "redis-a", Service: "Azure Cache for Redis"}}
	for _, e := range migrate.Differences() {
		target.move.Differences = append(target.move.Differences, migrate.Difference{ID: e.ID, Severity: e.Severity,
			Certain: e.ID != "migration/firewall-rules", Entry: &e})
	}
	text := strings.Join(target.heading("host"), "\n")
	for _, want := range []string{"Settle first: Region without the successor; ", "; Rights of identities; ",
		"Find out first: Firewall rules.",
		"Not written here: Keyspace notifications: ", "Not written here: Scheduled updates: "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
