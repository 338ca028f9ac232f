package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// exampleSubscription is the subscription id in the examples.
const exampleSubscription = "00000000-0000-0000-0000-000000000000"

// newExample is a workspace with the configuration of an example.
func newExample(t *testing.T, name string) *azureWorkspace {
	t.Helper()
	s := newAzureWorkspace(t, armtest.Options{}, "")
	s.PutSubscription(armtest.Subscription{ID: exampleSubscription})
	for _, group := range []string{"rg-orders", "rg-network", "rg-logs"} {
		s.PutResourceGroup(exampleSubscription, group, "westeurope")
	}
	s.example(name)
	return s
}

func (s *azureWorkspace) example(name string) {
	s.w.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "secure-cache", filepath.FromSlash(name), "main.tf"))
	if err != nil {
		s.w.t.Fatal(err)
	}
	s.w.write("main.tf", string(text))
}

// TestSecureCacheExamples applies the examples without changes.
func TestSecureCacheExamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"minimal": "1 added, 0 changed, 0 destroyed", "private-endpoint": "1 added, 0 changed, 0 destroyed",
		"adopt-an-existing-cache": "1 imported, 0 added, 1 changed, 0 destroyed",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newExample(t, name)
			if strings.HasPrefix(name, "adopt") {
				s.PutCache(armtest.Cache{Subscription: exampleSubscription, ResourceGroup: "rg-orders", Name: "redis-orders"})
			}
			if out := s.w.must(applyArgs...); !strings.Contains(out, want) {
				t.Error(out)
			}
			s.noChanges()
		})
	}
}

// TestMovingGuide: the steps of the guide have the output that it shows.
func TestMovingGuide(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "moving-from-azurerm.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	blocks := func(language string) (out []string) {
		for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(guide, -1) {
			out = append(out, m[1])
		}
		return out
	}
	shown, written := blocks("text"), blocks("terraform")
	if len(shown) != 4 || len(written) != 3 {
		t.Fatalf("the guide has %d outputs and %d pieces of configuration: follow it by hand, then change this test", len(shown), len(written))
	}
	says := func(out, want string) {
		t.Helper()
		at := 0
		for _, line := range strings.Split(strings.TrimRight(want, "\n"), "\n") {
			found := strings.Index(out[at:], line+"\n")
			if found < 0 {
				t.Fatalf("the guide shows %q, and Terraform says\n%s", line, out)
			}
			at += found
		}
		// The note about development overrides comes from running a provider that is not installed.
		if said := strings.Count(out, "\n- ") - 1; strings.Contains(want, "\n- NS-2") && said != strings.Count(want, "\n- ") {
			t.Errorf("the guide shows other warnings than\n%s", out)
		}
	}
	const endpoint = "/subscriptions/" + exampleSubscription +
		"/resourceGroups/rg-network/providers/Microsoft.Network/privateEndpoints/pe-orders"
	apply := append([]string{"apply", "-compact-warnings"}, applyArgs[1:]...)
	start := func(t *testing.T) *azureWorkspace {
		s := newExample(t, "move-from-azurerm/before")
		s.w.must(applyArgs...)
		id := s.PutCache(armtest.Cache{
			Subscription: exampleSubscription, ResourceGroup: "rg-orders", Name: "redis-orders",
			Configuration: map[string]string{"maxmemory-policy": "allkeys-lru"}, Tags: map[string]string{"team": "orders"},
			Children: map[string]map[string]any{
				"privateEndpointConnections/pe-orders": {"privateEndpoint": map[string]any{"id": endpoint}},
				"providers/Microsoft.Insights/diagnosticSettings/logs": {"workspaceId": logs,
					"logs": []map[string]any{{"categoryGroup": "allLogs", "enabled": true}}},
			},
		})
		s.Put(endpoint, map[string]any{
			"location": "westeurope", "properties": map[string]any{"privateLinkServiceConnections": []map[string]any{
				{"name": "redis", "properties": map[string]any{"privateLinkServiceId": id, "groupIds": []string{"redisCache"}}},
			}}})
		s.example("move-from-azurerm/after")
		return s
	}
	t.Run("moved", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		says(s.w.must(apply...), shown[0])
		says(s.w.must("plan", "-no-color"), shown[1])
		s.mustHaveMoved("")
		for _, step := range []struct{ statement, says string }{
			{"    active_directory_authentication_enabled = false\n", shown[3]},
			{"  access_keys_authentication_enabled = true\n",
				"Plan: 0 to add, 1 to change, 0 to destroy.\n- redis-orders: clients will notice: access key authentication"},
			{"  public_network_access_enabled      = true\n",
				"Plan: 0 to add, 1 to change, 0 to destroy.\n- redis-orders: clients will notice: public network access"},
		} {
			s.edit(step.statement, "")
			says(s.w.must(apply...), step.says)
		}
		s.noChanges()
	})
	t.Run("imported, and back", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		moved := "\nmoved {\n  from = azurerm_redis_cache.orders\n  to   = redisbaseline_cache.orders\n}\n"
		s.edit(moved, written[0])
		says(s.w.must(apply...), shown[2])
		s.mustHaveMoved("")
		s.example("move-from-azurerm/before")
		s.edit("  required_providers {\n", "  required_providers {\n    redisbaseline = { source = \"redisbaseline/redisbaseline\" }\n")
		s.w.write("back.tf", written[2])
		if out := s.w.must(applyArgs...); !strings.Contains(out, "1 to import, 0 to add,") || !strings.Contains(out, "0 to destroy") {
			t.Error(out)
		}
		if s.cacheState() != nil || len(s.IDs(redisType)) != 1 {
			t.Error("the way back does not lead back")
		}
	})
}

// edit replaces a part of the configuration.
func (s *azureWorkspace) edit(old, by string) {
	s.w.t.Helper()
	path := filepath.Join(s.w.dir, "main.tf")
	text, err := os.ReadFile(path) //nolint:gosec // written by this test
	if err != nil {
		s.w.t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		s.w.t.Fatalf("no %q in\n%s", old, text)
	}
	s.w.write("main.tf", strings.Replace(string(text), old, by, 1))
}
