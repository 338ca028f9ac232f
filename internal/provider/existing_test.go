package provider

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const (
	evaluationType = "redisbaseline_evaluation"
	fleetType      = "redisbaseline_fleet"
)

// withPolicy adds an assignment that watches caches, so that AM-2 is met.
func withPolicy(fake *armtest.Server) {
	armtest.Demo(fake)
	for _, id := range fake.IDs("Microsoft.Cache/redis") {
		fake.Remove(id)
	}
}

func TestExistingCacheDiagnostics(t *testing.T) {
	for _, test := range []struct {
		name     string
		provider obj
		cache    armtest.Cache
		config   obj
		want     []string
	}{
		{"sound", nil, sound("redis-orders"), nil, nil},
		{"audit is the default", nil, public("redis-orders"), nil, []string{"warning: " + publicSummary}},
		{"deny in the block", nil, public("redis-orders"), obj{"effect": "Deny"}, []string{"error: " + publicSummary}},
		{"deny in the provider does not reach it", obj{"effect": "Deny"}, public("redis-orders"), nil, []string{"warning: " + publicSummary}},
		{"disabled", nil, public("redis-orders"), obj{"effect": "Disabled"}, nil},
		{
			"exempt by resource id, in any casing", nil, public("redis-orders"),
			obj{"exemption": arr{obj{
				"feature": "NS-2/disable-public-network-access", "cache": strings.ToUpper(public("redis-orders").ID()), "category": "Waiver",
				"description": "migration",
			}}}, nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			tf, fake := againstFake(t, test.provider)
			withPolicy(fake)
			config := obj{"resource_id": fake.PutCache(test.cache)}
			for k, v := range test.config {
				config[k] = v
			}
			_, diags := tf.readData(evaluationType, config)
			if diff := cmp.Diff(test.want, said(diags)); diff != "" {
				t.Error(diff)
			}
			for _, d := range diags {
				if !at("resource_id").Equal(d.Attribute) {
					t.Errorf("%s points to %s", d.Summary, d.Attribute)
				}
			}
		})
	}
}

func TestExistingCacheExports(t *testing.T) {
	tf, fake := againstFake(t, nil)
	id := fake.PutCache(public("redis-orders"))
	for _, asked := range []string{id, strings.ToUpper(id), strings.ToLower(id), strings.Replace(id, "redis/", "Redis/", 1)} {
		state, _ := tf.readData(evaluationType, obj{"resource_id": asked})
		if state["compliant"] != false || state["resource_id"] != asked || len(state["features"].(arr)) != 25 {
			t.Fatalf("%s: compliant %v", asked, state["compliant"])
		}
		r := reportOf(t, state)
		if r.Source.Kind != report.SourceExisting || r.Source.Inputs[0] != asked || *r.Caches[0].Name != "redis-orders" ||
			r.Caches[0].Change != nil {
			t.Errorf("got source %v of cache %v", r.Source, *r.Caches[0].Name)
		}
		if !strings.Contains(state["report_markdown"].(string), "redis-orders") {
			t.Error("the Markdown report is missing")
		}
	}
}

func TestResourceIDOfAnotherType(t *testing.T) {
	for id, want := range map[string]string{
		"redis-orders": "is not the id of a resource",
		"/subscriptions/" + armtest.DefaultSubscription +
			"/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s": "is the id of a Microsoft.Storage/storageAccounts",
		"/subscriptions/" + armtest.DefaultSubscription +
			"/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/r/databases/default": "is the id of a " +
			"Microsoft.Cache/redisEnterprise/databases, not of a",
		public("redis-orders").ID() + "/firewallRules/office": "is the id of a Microsoft.Cache/redis/firewallRules",
		"": "is not the id of a resource",
	} {
		tf := unconnected(t, nil)
		if diags := tf.configure(withBlocks(nil)); len(diags) > 0 {
			t.Fatal(said(diags))
		}
		_, read := tf.readData(evaluationType, obj{"resource_id": id})
		for door, diags := range map[string][]diagnosed{"validate": seen(tf.validate(evaluationType, obj{"resource_id": id})),
			"read": seen(read)} {
			if len(diags) != 1 || diags[0].severity != "error" || !strings.Contains(diags[0].detail, want) ||
				diags[0].at != `AttributeName("resource_id")` {
				t.Errorf("%s %q: got %+v", door, id, diags)
			}
		}
	}
}

func TestExactlyOneThingToJudge(t *testing.T) {
	id := public("redis-orders").ID()
	for name, config := range map[string]obj{
		"nothing": {}, "plan and id": {"plan_file": "plan.json", "resource_id": id},
		"cache and id": {"cache": snapshotOf(t, cacheWith(nil)), "resource_id": id},
	} {
		if diags := startProvider(t).validate(evaluationType, config); len(diags) == 0 {
			t.Errorf("%s is accepted", name)
		}
	}
	if diags := startProvider(t).validate(evaluationType, obj{"resource_id": unknown}); len(diags) > 0 {
		t.Errorf("an id that is not known yet: %v", said(diags))
	}
}

// What may not be read is a warning that names action and role, never an error
// and never a pass.
func TestExistingCacheForbidden(t *testing.T) {
	for _, test := range []struct {
		name, path string
		missing    []string
		compliant  any
	}{
		{"the cache", `(?i)/redis/redis-orders$`, []string{"Microsoft.Cache/redis/read"}, nil},
		{"everything", `.`, []string{"Microsoft.Cache/redis/read"}, nil},
		{"diagnostic settings", `(?i)diagnosticSettings`, []string{"Microsoft.Insights/diagnosticSettings/read"}, nil},
		{"the patch schedule, for an advisory", `(?i)patchSchedules`, []string{"Microsoft.Cache/redis/patchSchedules/read"}, true},
		{"policies", `(?i)policyAssignments`, []string{"Microsoft.Authorization/policyAssignments/read",
			"Microsoft.Cache/redis/accessPolicyAssignments/read"}, nil},
		{"policy exemptions", `(?i)policyExemptions`, []string{"Microsoft.Authorization/policyExemptions/read"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			tf, fake := againstFake(t, nil)
			withPolicy(fake)
			id := fake.PutCache(sound("redis-orders"))
			fake.Deny(regexp.MustCompile(test.path), "")
			for _, effect := range []any{nil, "Deny", "Disabled"} {
				state, diags := tf.readData(evaluationType, obj{"resource_id": id, "effect": effect})
				got := seen(diags)
				if len(got) != 1 || got[0].severity != "warning" || !strings.HasPrefix(got[0].summary, "redis-orders could not be judged wholly") {
					t.Fatalf("effect %v: got %+v", effect, got)
				}
				for _, want := range append(test.missing, "role Reader") {
					if !strings.Contains(got[0].detail, want) {
						t.Errorf("no %s in %s", want, got[0].detail)
					}
				}
				if state["compliant"] != test.compliant {
					t.Errorf("compliant is %v", state["compliant"])
				}
				r := reportOf(t, state)
				if diff := cmp.Diff(test.missing, r.Caches[0].MissingActions); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestExistingCacheUnreadable(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault armtest.Fault
		want  []string
	}{
		{
			"a child is broken", armtest.Fault{Path: regexp.MustCompile("(?i)diagnosticSettings"), Body: []byte("<html>"), Times: -1},
			[]string{"warning: redis-orders was not read completely"},
		},
		{"the cache is broken", armtest.Fault{Body: []byte("<html>"), Times: -1}, []string{"error: redis-orders could not be read"}},
		{"refused for another reason", armtest.Fault{Status: http.StatusConflict, Times: -1}, []string{"error: redis-orders could not be read"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tf, fake := againstFake(t, nil)
			withPolicy(fake)
			id := fake.PutCache(sound("redis-orders"))
			fake.Inject(test.fault)
			_, diags := tf.readData(evaluationType, obj{"resource_id": id})
			if diff := cmp.Diff(test.want, said(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("deleted", func(t *testing.T) {
		tf, fake := againstFake(t, nil)
		id := fake.PutCache(sound("redis-orders"))
		fake.Remove(id)
		_, diags := tf.readData(evaluationType, obj{"resource_id": id})
		if diff := cmp.Diff([]string{"error: redis-orders does not exist"}, said(diags)); diff != "" {
			t.Error(diff)
		}
	})
}

// One look at Azure is one read: a later one sees what changed in between.
func TestEachReadLooksAgain(t *testing.T) {
	tf, fake := againstFake(t, nil)
	withPolicy(fake)
	id := fake.PutCache(public("redis-orders"))
	before, _ := tf.readData(evaluationType, obj{"resource_id": id})
	for _, policy := range fake.IDs("Microsoft.Authorization/policyAssignments") {
		fake.Remove(policy)
	}
	fake.PutCache(sound("redis-orders"))
	after, _ := tf.readData(evaluationType, obj{"resource_id": id})
	status := func(state obj, id string) (out any) {
		for _, f := range state["features"].(arr) {
			if f.(obj)["id"] == id {
				out = f.(obj)["status"]
			}
		}
		return out
	}
	for id, want := range map[string][2]any{
		"NS-2/disable-public-network-access": {"non_compliant", "compliant"}, "AM-2/azure-policy-support": {"compliant", "non_compliant"},
	} {
		if got := [2]any{status(before, id), status(after, id)}; got != want {
			t.Errorf("%s: want %v, got %v", id, want, got)
		}
	}
}

// A policy set that Microsoft publishes is read once, however many blocks there are.
func TestPublishedPolicySetIsReadOnce(t *testing.T) {
	tf, fake := againstFake(t, nil)
	const benchmark = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
	fake.Put(benchmark, map[string]any{"properties": map[string]any{"policyType": "BuiltIn", "policyDefinitions": []map[string]any{}}})
	own := "/subscriptions/" + armtest.DefaultSubscription + "/providers/Microsoft.Authorization/policySetDefinitions/own"
	fake.Put(own, map[string]any{"properties": map[string]any{"policyType": "Custom", "policyDefinitions": []map[string]any{}}})
	for name, set := range map[string]string{"benchmark": benchmark, "own": own} {
		fake.Put("/subscriptions/"+armtest.DefaultSubscription+"/providers/Microsoft.Authorization/policyAssignments/"+name, map[string]any{
			"properties": map[string]any{"policyDefinitionId": set, "scope": "/subscriptions/" + armtest.DefaultSubscription,
				"enforcementMode": "Default"},
		})
	}
	id := fake.PutCache(sound("redis-orders"))
	for range 3 {
		tf.readData(evaluationType, obj{"resource_id": id})
	}
	reads := map[string]int{}
	for _, r := range fake.Requests() {
		if strings.Contains(strings.ToLower(r.Path), "/policysetdefinitions/") {
			reads[strings.ToLower(r.Path)]++
		}
	}
	if want := map[string]int{strings.ToLower(benchmark): 1, strings.ToLower(own): 3}; !cmp.Equal(reads, want) {
		t.Errorf("got %v, want %v", reads, want)
	}
}

// TestImportOfAnotherService: the id of a cache that redisbaseline_cache does not make is
// refused with the resources that make it, and that of no cache without them.
func TestImportOfAnotherService(t *testing.T) {
	provided := "/subscriptions/" + armtest.DefaultSubscription + "/resourceGroups/rg/providers/"
	for id, want := range map[string]string{
		provided + "Microsoft.Cache/redisEnterprise/r": "not of a Microsoft.Cache/redis. redisbaseline_cache makes caches of Azure Cache for " +
			"Redis alone: import this one of Azure Managed Redis into an azurerm_managed_redis or azurerm_redis_enterprise_cluster, or " +
			"an azapi_resource.",
		provided + "Microsoft.Storage/storageAccounts/s": "Microsoft.Cache/redisEnterprise.",
	} {
		resp, err := startProvider(t).server.ImportResourceState(t.Context(),
			&tfprotov6.ImportResourceStateRequest{TypeName: "redisbaseline_cache", ID: id})
		if err != nil {
			t.Fatal(err)
		}
		if diags := seen(resp.Diagnostics); len(diags) != 1 || !strings.HasSuffix(diags[0].detail, want) {
			t.Errorf("%s: got %+v, want %q", id, diags, want)
		}
	}
}
