package cli

import (
	"encoding/json"
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
)

// tenThousand makes TestMigrateFleet plan 10,000 caches, which takes half a minute.
var tenThousand = flag.Bool("ten-thousand", false, "plan the move of 10,000 caches of the fake Azure")

// TestMigrateFleet plans the move of a large estate that exists, in all formats. Of each
// subscription fewer requests are made than its quota admits at once.
func TestMigrateFleet(t *testing.T) {
	caches := 500
	if *tenThousand {
		caches = 10_000
	}
	c := newCloudy(t, armtest.Options{})
	c.fake.PutFleet(armtest.Fleet{Subscriptions: caches / 20, Caches: caches})
	dir := t.TempDir()
	args := []string{"migrate", "--scan", "--waves", "10"}
	for _, format := range page.Formats() {
		args = append(args, "--format", format+"="+filepath.Join(dir, format))
	}
	if code := c.run(t.Context(), args); code != exitOK {
		t.Fatalf("exit code %d: %s", code, c.stderr)
	}
	text := readText(t, filepath.Join(dir, "json"))
	checkReport(t, "json", text)
	var r migrate.Report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if r.Summary.Caches != caches || len(r.Waves) != 10 || r.Summary.UnknownSize > 0 {
		t.Errorf("%+v, %d waves", r.Summary, len(r.Waves))
	}
	if lines := strings.Count(readText(t, filepath.Join(dir, "text")), "\n"); lines > 800 {
		t.Errorf("the text has %d lines", lines)
	}
	if rows := strings.Count(readText(t, filepath.Join(dir, "csv")), "\n"); rows != caches+1 {
		t.Errorf("the CSV has %d rows", rows)
	}
	for _, format := range page.Formats() {
		if strings.Contains(readText(t, filepath.Join(dir, format)), armtest.Canary) {
			t.Errorf("%s holds a secret", format)
		}
	}
}
