package runtask

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

// With the configuration, an outcome names the line to write in, by its path in
// the repository.
func TestOutcomesNameLines(t *testing.T) {
	packed, err := hcptest.Pack(os.DirFS(filepath.Join("..", "tfplan", "testdata", "plans", insecure)), "env/prod")
	if err != nil {
		t.Fatal(err)
	}
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		bodies := map[string]string{}
		for _, o := range w.play(&hcptest.Run{Plan: planFile(insecure), Configuration: packed, Directory: "/env/prod"}).Outcomes {
			bodies[o.ID] = o.Body
		}
		for id, want := range map[string]string{
			"DP-3/data-in-transit-encryption":    "  - write in `env/prod/main.tf:13`: `set non_ssl_port_enabled = false",
			"NS-2/disable-public-network-access": "  - write in `env/prod/main.tf:14`: `",
			"NS-2/azure-private-link":            "  - write in `env/prod/main.tf:6`: `",
		} {
			if !strings.Contains(bodies[id], want) {
				t.Errorf("%s: no %q in %s", id, want, bodies[id])
			}
		}
		for _, o := range w.play(&hcptest.Run{Plan: planFile(insecure)}).Outcomes {
			if strings.Contains(o.Body, "main.tf") {
				t.Errorf("a line without the configuration: %s", o.Body)
			}
		}
	})
}
