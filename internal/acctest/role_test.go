package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
)

// The role of the example has the actions that reading every fact of the rules needs, and
// no others.
func TestLeastPrivilegeRole(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "least-privilege-role", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)\bactions = \[(.*?)\]`).FindSubmatch(text)
	if list == nil {
		t.Fatal("the role has no list of actions")
	}
	var actions []string
	for _, m := range regexp.MustCompile(`"([^"]*)"`).FindAllSubmatch(list[1], -1) {
		actions = append(actions, string(m[1]))
	}
	if diff := cmp.Diff(requestedActions(t), actions); diff != "" {
		t.Errorf("the role of the example (+) is not what was asked for (-):\n%s", diff)
	}
	if regexp.MustCompile(`data_actions|not_actions`).Match(text) {
		t.Error("the role holds more than a list of actions")
	}
}

// requestedActions are the actions that reading a management group, and a cache, needs,
// sorted. The caches of the fake have every child and companion that is read.
func requestedActions(t *testing.T) []string {
	t.Helper()
	fake, endpoint := newAzure(t)
	const set = "/subscriptions/" + armtest.DefaultSubscription + "/providers/Microsoft.Authorization/policySetDefinitions/ours"
	fake.PutSubscription(armtest.Subscription{ID: armtest.DefaultSubscription, ManagementGroups: []string{"mg"}})
	fake.Put(set, map[string]any{"properties": map[string]any{"policyDefinitions": []any{}}})
	fake.Put("/subscriptions/"+armtest.DefaultSubscription+"/providers/Microsoft.Authorization/policyAssignments/ours",
		map[string]any{"properties": map[string]any{"policyDefinitionId": set, "scope": "/subscriptions/" + armtest.DefaultSubscription}})
	network := group + "/providers/Microsoft.Network/"
	fake.Put(network+"networkSecurityGroups/nsg", map[string]any{"properties": map[string]any{}})
	fake.Put(network+"virtualNetworks/net", map[string]any{"properties": map[string]any{"subnets": []map[string]any{{
		"name":       "redis",
		"properties": map[string]any{"networkSecurityGroup": map[string]any{"id": network + "networkSecurityGroups/nsg"}}}}}})
	fake.PutCache(armtest.Cache{Name: "redis-injected", SKU: "Premium P1",
		Properties: map[string]any{"subnetId": subnet, "staticIP": "10.0.0.4"}})
	fake.PutManagedCache(armtest.ManagedCache{Name: "redis-managed", Database: map[string]any{"accessKeysAuthentication": "Enabled"}})
	public := fake.PutCache(armtest.Cache{Name: "redis-public", Configuration: map[string]string{"aad-enabled": "true"},
		Children: map[string]map[string]any{
			"accessPolicies/ours":         {"permissions": "+get ~*"},
			"accessPolicyAssignments/app": {"accessPolicyName": "ours", "objectId": armtest.DefaultTenant, "objectIdAlias": "app"},
		}})

	config, err := arm.NewConfig(map[string]string{
		arm.Environment: "custom", arm.ResourceManagerEndpoint: endpoint.URL, arm.AuthorityHost: endpoint.URL,
		arm.DisableInstanceDiscovery: "true", arm.UseCLI: "false", arm.TenantID: armtest.DefaultTenant,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := arm.NewClient(arm.Options{
		Config: config, Version: "test", Transport: endpoint.Client(), Credential: tokens{fake}, RetryDelay: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, selection := range []azure.Selection{{ManagementGroupIDs: []string{"mg"}}, {}} {
		for _, err := range azure.NewReader(client, time.Now).Scan(selection).Caches(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := azure.NewReader(client, time.Now).Read(t.Context(), public); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, r := range fake.Requests() {
		if r.Kind != armtest.KindToken {
			asked = append(asked, r.Actions...)
		}
	}
	slices.Sort(asked)
	return slices.Compact(asked)
}
