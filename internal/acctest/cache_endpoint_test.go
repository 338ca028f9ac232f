package acctest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

const (
	endpointType   = "Microsoft.Network/privateEndpoints"
	noEndpoint     = "has no private endpoint"
	notApproved    = "has no approved private endpoint"
	ownHere        = "/providers/Microsoft.Network/privateEndpoints/"
	network        = "/subscriptions/" + armtest.DefaultSubscription + "/resourceGroups/other" + ownHere
	faraway        = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/x" + ownHere + "far"
	statedEndpoint = `private_endpoint = { subnet_id = "` + subnet + `" }`
)

// connect creates private endpoints to redis-a, with the given ids.
func (c *fakeAzure) connect(ids ...string) {
	for _, id := range ids {
		c.Put(id, map[string]any{"location": "westeurope",
			"properties": map[string]any{"subnet": map[string]any{"id": subnet}, "privateLinkServiceConnections": []any{
				map[string]any{"properties": map[string]any{"privateLinkServiceId": cacheIDOf("redis-a"),
					"privateLinkServiceConnectionState": map[string]any{"status": "Approved"}}}}}})
		c.connection(id, "Approved")
	}
}

// connection sets the status of a private endpoint in the connections of the cache.
func (c *fakeAzure) connection(endpoint, status string) {
	c.PutChild(cacheIDOf("redis-a"), "privateEndpointConnections/"+endpoint[strings.LastIndex(endpoint, "/")+1:], map[string]any{
		"privateEndpoint": map[string]any{"id": endpoint}, "privateLinkServiceConnectionState": map[string]any{"status": status}})
}

// moveFromAzurerm moves the state of a cache from azurerm.
func (k *fakeCore) moveFromAzurerm(name string) {
	k.t.Helper()
	source, err := json.Marshal(map[string]any{"id": cacheIDOf(name), "name": name, "location": "westeurope", "sku_name": "Standard",
		"capacity": 1})
	k.must(err)
	resp, err := k.server.MoveResourceState(k.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/hashicorp/azurerm", SourceTypeName: "azurerm_redis_cache", TargetTypeName: cacheType,
		SourceState: &tfprotov6.RawState{JSON: source},
	})
	k.must(err)
	k.state, err = resp.TargetState.Unmarshal(k.typ)
	k.must(err)
	k.private, k.id = resp.TargetPrivate, resp.TargetIdentity
}

// TestCacheConnectionsAreEvidence: NS-2 is judged by the connections of the cache, which
// Azure returns wherever the private endpoint is. A private endpoint that only the
// configuration omits is not reported as missing.
func TestCacheConnectionsAreEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		connect func(*fakeAzure)
		said    string // of NS-2; empty: compliant, or not known
	}{
		"none":                      {func(*fakeAzure) {}, ""},
		"in another resource group": {func(c *fakeAzure) { c.connect(network + "pe") }, ""},
		"two of them":               {func(c *fakeAzure) { c.connect(network+"pa", network+"pb") }, ""},
		"in a subscription that nobody here can see": {func(c *fakeAzure) { c.connection(faraway, "Approved") }, ""},
		"in another tenant": {func(c *fakeAzure) {
			c.connection(faraway, "Approved")
			c.Inject(armtest.Fault{Path: regexp.MustCompile("/far$"), Status: 401, Code: "InvalidAuthenticationTokenTenant", Times: -1})
		}, ""},
		"that may not be read": {func(c *fakeAzure) {
			c.connect(network + "pe")
			c.Deny(regexp.MustCompile("."), "Microsoft.Network/privateEndpoints/read")
		}, ""},
		"whose own word is another": {func(c *fakeAzure) {
			c.connect(network + "pe")
			c.Change(network+"pe", func(b map[string]any) { b["properties"].(map[string]any)["privateLinkServiceConnections"] = []any{} })
		}, ""},
		"that has no id": {func(c *fakeAzure) {
			c.PutChild(cacheIDOf("redis-a"), "privateEndpointConnections/pe", map[string]any{
				"privateEndpoint": map[string]any{}, "privateLinkServiceConnectionState": map[string]any{"status": "Approved"}})
		}, ""},
		"waiting":                   {func(c *fakeAzure) { c.connection(faraway, "Pending") }, ""},
		"rejected":                  {func(c *fakeAzure) { c.connection(faraway, "Rejected") }, notApproved},
		"rejected, and an approved": {func(c *fakeAzure) { c.connection(faraway, "Rejected"); c.connect(network + "pe") }, ""},
	} {
		for way, begin := range map[string]func(k *fakeCore){
			"imported": func(k *fakeCore) { k.adopt(cacheIDOf("redis-a")) }, "moved": func(k *fakeCore) { k.moveFromAzurerm("redis-a") },
		} {
			if way == "moved" && name != "in another resource group" && name != "none" {
				continue // the same look at Azure
			}
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				fakeAzure := newFakeAzure(t, armtest.Options{})
				fakeAzure.PutCache(armtest.Cache{Name: "redis-a"})
				c.connect(fakeAzure)
				k := newFakeCore(t, fakeAzure)
				begin(k)
				for _, when := range []string{"first", "second"} {
					got := ""
					diags := k.run(t.Context(), k.config("redis-a", ""))
					for _, d := range diags {
						if strings.Contains(d.Summary, "NS-2 Azure Private Link") {
							got = d.Summary
						}
					}
					if failed(diags) || !strings.Contains(got, c.said) || c.said == "" && got != "" {
						t.Errorf("the %s plan:\n%s", when, diagnosticDetails(diags))
					}
				}
				k.noChanges(k.config("redis-a", ""))
				before := fakeAzure.IDs(endpointType)
				fakeAzure.AllowAll()
				k.mustConverge("redis-a", `private_endpoint = { subnet_id = "`+subnet+`", name = "redis-own" }`)
				if now := fakeAzure.IDs(endpointType); len(now) != len(before)+1 {
					t.Errorf("a new one beside %s: %s", before, now)
				}
				if diags := k.destroy(t.Context()); failed(diags) || len(fakeAzure.IDs(endpointType)) != len(before) {
					t.Errorf("those of others have to stay: %s\n%s", fakeAzure.IDs(endpointType), diagText(diags))
				}
			})
		}
	}
}

// TestCacheNeedsNoRightsForWhatIsLeftOut: an omitted child that may not be read is
// reported once. A child that is managed and may not be read is reported in every plan,
// with the missing action.
func TestCacheNeedsNoRightsForWhatIsLeftOut(t *testing.T) {
	rights := map[string]string{
		"firewall_rules": "Microsoft.Cache/redis/firewallRules/read", "access_policies": "Microsoft.Cache/redis/accessPolicies/read",
		"access_policy_assignments": "Microsoft.Cache/redis/accessPolicyAssignments/read",
		"patch_schedule":            "Microsoft.Cache/redis/patchSchedules/read",
		"diagnostic_settings":       "Microsoft.Insights/diagnosticSettings/read", "private_endpoint": "Microsoft.Network/privateEndpoints/read",
	}
	deny := func(c *fakeAzure) {
		for _, action := range rights {
			c.Deny(regexp.MustCompile("."), action)
		}
	}
	fresh := func(t *testing.T) (*fakeAzure, *fakeCore) {
		c := newFakeAzure(t, armtest.Options{})
		return c, newFakeCore(t, c)
	}
	quietly := func(t *testing.T, k *fakeCore) {
		t.Helper()
		for range 2 {
			diags := append(k.refresh(), k.plan(k.config("redis-a", "")).diags...)
			if got := diagText(diags); failed(diags) || strings.Contains(got, "may not be read") || strings.Contains(got, "LT-4") ||
				strings.Contains(got, "NS-2 Azure Private Link") {
				t.Error(diagnosticDetails(diags))
			}
		}
		k.noChanges(k.config("redis-a", ""))
	}
	t.Run("from the first look on", func(t *testing.T) {
		c, k := fresh(t)
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.connect(network + "pe")
		deny(c)
		k.adopt(cacheIDOf("redis-a"))
		diags := k.refresh()
		for attribute, action := range rights {
			if !strings.Contains(diagText(diags), "warning: "+attribute+": redis-a: "+attribute+" may not be read") ||
				!strings.Contains(diagnosticDetails(diags), "needs "+action) {
				t.Errorf("%s is not named:\n%s", attribute, diagnosticDetails(diags))
			}
		}
		if diags := k.run(t.Context(), k.config("redis-a", "")); failed(diags) {
			t.Fatal(diagnosticDetails(diags))
		}
		quietly(t, k)
	})
	t.Run("taken away later", func(t *testing.T) {
		c, k := fresh(t)
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.connect(network + "pe")
		k.adopt(cacheIDOf("redis-a"))
		k.mustConverge("redis-a", "")
		deny(c)
		quietly(t, k)
	})
	t.Run("of what is managed", func(t *testing.T) {
		c, k := fresh(t)
		config := decidable + "\n firewall_rules = {}\n access_policies = {}\n access_policy_assignments = {}\n " +
			"patch_schedule = [{ day_of_week = " +
			"\"Monday\" }]"
		k.mustConverge("redis-a", config)
		deny(c)
		if diags := k.refresh(); failed(diags) {
			t.Fatal(diagnosticDetails(diags))
		}
		diags := k.plan(k.config("redis-a", config)).diags
		for attribute, action := range rights {
			if !strings.Contains(diagText(diags), "warning: "+attribute+": redis-a: "+attribute+" may not be read") ||
				!strings.Contains(diagnosticDetails(diags), "needs "+action) {
				t.Errorf("%s is not named:\n%s", attribute, diagnosticDetails(diags))
			}
		}
	})
	t.Run("of its zones alone", func(t *testing.T) {
		c, k := fresh(t)
		k.mustConverge("redis-a", statedEndpoint)
		c.Deny(regexp.MustCompile("."), "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read")
		k.mustConverge("redis-a", statedEndpoint+"\n tags = { a = \"b\" }")
	})
	t.Run("of the cache itself", func(t *testing.T) {
		c, k := fresh(t)
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.Deny(regexp.MustCompile("."), "Microsoft.Cache/redis/read")
		k.adopt(cacheIDOf("redis-a"))
		if got := diagText(k.refresh()); got != "error: redis-a could not be read" {
			t.Error(got)
		}
	})
}

// TestCacheNoneIsWished: with an empty private_endpoint, connections of others are
// reported and judged, and stay.
func TestCacheNoneIsWished(t *testing.T) {
	const none = "private_endpoint = {}"
	for status, verdict := range map[string]string{"Approved": "", "Pending": "", "Rejected": notApproved} {
		t.Run(status, func(t *testing.T) {
			c := newFakeAzure(t, armtest.Options{})
			k := newFakeCore(t, c)
			k.mustConverge("redis-a", none)
			if got := diagText(k.plan(k.config("redis-a", none)).diags); !strings.Contains(got, "NS-2 Azure Private Link: redis-a "+noEndpoint) ||
				strings.Contains(got, "is connected") {
				t.Error(got)
			}
			c.connect(network + "any")
			c.connection(network+"any", status)
			writes := c.Count(armtest.KindWrite, "")
			for range 2 {
				k.noChanges(k.config("redis-a", none))
				diags := k.run(t.Context(), k.config("redis-a", none))
				got := diagText(diags)
				if !strings.Contains(got, "warning: private_endpoint: redis-a: a private endpoint is connected that is not managed here") ||
					!strings.Contains(diagnosticDetails(diags), network+"any ("+status+")") {
					t.Errorf("not said:\n%s", got)
				}
				if strings.Contains(got, noEndpoint) || verdict == "" && strings.Contains(got, "NS-2 Azure") || !strings.Contains(got, verdict) {
					t.Errorf("judged as if it were not there:\n%s", got)
				}
			}
			if c.Count(armtest.KindWrite, "") != writes {
				t.Error("something was written")
			}
			if diags := k.destroy(t.Context()); failed(diags) || len(c.IDs(endpointType)) != 1 {
				t.Error(diagText(diags), c.IDs(endpointType))
			}
		})
	}
	t.Run("ours goes, and theirs stays", func(t *testing.T) {
		c := newFakeAzure(t, armtest.Options{})
		k := newFakeCore(t, c)
		k.mustConverge("redis-a", statedEndpoint)
		c.connect(network + "any")
		k.mustConverge("redis-a", none)
		if ids := c.IDs(endpointType); len(ids) != 1 || !strings.EqualFold(ids[0], network+"any") {
			t.Error(ids)
		}
	})
}

const logsHere = `
diagnostic_settings = { logs = { log_analytics_workspace_id = "` + logs + `" } }`

// remaining are the companions that Azure still has after the cache was deleted. Azure
// keeps diagnostic settings for a new cache of the same id unless they were deleted by a
// request.
func (c *fakeAzure) remaining(settings ...string) string {
	var names []string
	for _, id := range c.IDs(endpointType) {
		names = append(names, id[strings.LastIndex(id, "/")+1:])
	}
	for _, r := range c.Changes() {
		settings = slices.DeleteFunc(settings, func(name string) bool {
			return r.Method == http.MethodDelete && strings.HasSuffix(strings.ToLower(r.Path), "/diagnosticsettings/"+name)
		})
	}
	return strings.Join(append(names, settings...), " ")
}

// TestCacheGoesWithWhatIsManaged: a destroy deletes the companions that the configuration
// of the last apply has, whether or not that apply changed them, and no others.
func TestCacheGoesWithWhatIsManaged(t *testing.T) {
	made := func(k *fakeCore, _ *fakeAzure) { k.mustConverge("redis-a", statedEndpoint+logsHere) }
	again := func(k *fakeCore, _ *fakeAzure) { k.adopt(cacheIDOf("redis-a")) }
	elsewhere := func(k *fakeCore, c *fakeAzure) {
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.connect(network + "pe")
	}
	for name, c := range map[string]struct {
		before []func(*fakeCore, *fakeAzure)
		config string // applied; nothing of it has to be sent
		left   string
	}{
		"made here":                          {[]func(*fakeCore, *fakeAzure){made}, statedEndpoint + logsHere, ""},
		"made here, and both let go":         {[]func(*fakeCore, *fakeAzure){made}, "", "redis-a-private-endpoint logs"},
		"made here, and the endpoint let go": {[]func(*fakeCore, *fakeAzure){made}, strings.TrimSpace(logsHere), "redis-a-private-endpoint"},
		"made here, and the logs let go":     {[]func(*fakeCore, *fakeAzure){made}, statedEndpoint, "logs"},
		"imported as stated": {
			[]func(*fakeCore, *fakeAzure){made, again}, statedEndpoint + logsHere, "redis-a-private-endpoint logs",
		},
		"imported and left out":             {[]func(*fakeCore, *fakeAzure){made, again}, "", "redis-a-private-endpoint logs"},
		"imported, and the endpoint stated": {[]func(*fakeCore, *fakeAzure){made, again}, statedEndpoint, "redis-a-private-endpoint logs"},
		"imported from elsewhere as stated": {[]func(*fakeCore, *fakeAzure){elsewhere, again},
			`private_endpoint = { subnet_id = "` + subnet + `", name = "pe" }`, "pe"},
		"imported from elsewhere and left out": {[]func(*fakeCore, *fakeAzure){elsewhere, again}, "", "pe"},
		"imported, none wished":                {[]func(*fakeCore, *fakeAzure){elsewhere, again}, "private_endpoint = {}", "pe"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fakeAzure := newFakeAzure(t, armtest.Options{})
			k := newFakeCore(t, fakeAzure)
			for _, before := range c.before {
				before(k, fakeAzure)
			}
			if strings.Contains(name, "elsewhere") || strings.Contains(name, "none wished") {
				c.config += "\n public_network_access_enabled = true\n access_keys_authentication_enabled = true\n redis_configuration = { " +
					"active_directory_authentication_enabled = false }"
			}
			if diags := k.refresh(); failed(diags) {
				t.Fatal(diagnosticDetails(diags))
			}
			p, writes := k.plan(k.config("redis-a", c.config)), fakeAzure.Count(armtest.KindWrite, "")
			diffs, _ := k.state.Diff(p.state)
			if strings.HasPrefix(name, "imported") && !strings.Contains(name, "none wished") && len(diffs) > 0 {
				t.Errorf("an import without changes has some: %v", diffs)
			}
			for _, d := range diffs {
				if at := d.Path.String(); !strings.Contains(at, "removed_with_cache") && !strings.Contains(name, "none wished") &&
					len(d.Path.Steps()) > 0 {
					t.Errorf("more changes than what goes with the cache: %s", d)
				}
			}
			if released := strings.Contains(name, "let go"); released != strings.Contains(diagText(p.diags), "is no longer managed here") {
				t.Error(diagText(p.diags))
			}
			k.mustConverge("redis-a", c.config)
			if fakeAzure.Count(armtest.KindWrite, "") != writes {
				t.Error("something was sent")
			}
			if diags := k.destroy(t.Context()); failed(diags) {
				t.Error(diagnosticDetails(diags))
			}
			var settings []string
			if !strings.Contains(name, "elsewhere") && !strings.Contains(name, "none wished") {
				settings = []string{"logs"}
			}
			if got := fakeAzure.remaining(settings...); got != c.left {
				t.Errorf("left behind: %q, want %q", got, c.left)
			}
		})
	}
	t.Run("a setting that others made", func(t *testing.T) {
		c := newFakeAzure(t, armtest.Options{})
		k := newFakeCore(t, c)
		k.mustConverge("redis-a", decidable)
		c.PutChild(cacheIDOf("redis-a"), "providers/Microsoft.Insights/diagnosticSettings/theirs",
			map[string]any{"workspaceId": logs, "logs": []any{}})
		if diags := k.destroy(t.Context()); failed(diags) || c.remaining("theirs", "logs") != "theirs" {
			t.Error(diagText(diags), c.Changes())
		}
	})
	t.Run("imported, and never applied", func(t *testing.T) {
		c := newFakeAzure(t, armtest.Options{})
		k := newFakeCore(t, c)
		made(k, c)
		again(k, c)
		if diags := k.destroy(t.Context()); failed(diags) || c.remaining("logs") != "redis-a-private-endpoint logs" {
			t.Error(diagText(diags), c.Changes())
		}
	})
}

// TestCacheKeepsTheEndpointOfOthers: a private endpoint of the same name that is not
// managed is an error of the plan, and stays.
func TestCacheKeepsTheEndpointOfOthers(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	c.PutCache(armtest.Cache{Name: "redis-a"})
	azurermCache := group + ownHere + "redis-a-private-endpoint"
	c.connect(azurermCache)
	k := newFakeCore(t, c)
	k.adopt(cacheIDOf("redis-a"))
	if diags := k.refresh(); failed(diags) {
		t.Fatal(diagText(diags))
	}
	config := `private_endpoint = { subnet_id = "` + subnet + `2" }`
	k.mustRefuse("redis-a", config, "private_endpoint: redis-a: another private endpoint is in the way")
	// Where the plan may not read the endpoint, the apply finds it.
	c.Remove(azurermCache)
	k.refresh()
	p := k.plan(k.config("redis-a", config))
	c.connect(azurermCache)
	diags := k.apply(t.Context(), p)
	if !strings.Contains(diagnosticDetails(diags), "exists and differs from the configuration") || len(c.IDs(endpointType)) != 1 {
		t.Error(diagnosticDetails(diags))
	}
	if own := attributeOf(k.state, "removed_with_cache"); !own.IsNull() {
		t.Error(own)
	}
}

func attributeOf(state tftypes.Value, name string) tftypes.Value {
	var values map[string]tftypes.Value
	if err := state.As(&values); err != nil {
		panic(err)
	}
	return values[name]
}

// TestCacheOwnershipInTerraform: with the real Terraform, a plan without changes does not
// write the state, so which companions are managed must follow from its configuration.
func TestCacheOwnershipInTerraform(t *testing.T) {
	t.Parallel()
	config := secure("a", "redis-a", decidable)
	s := newAzureWorkspace(t, armtest.Options{}, config)
	s.w.must(applyArgs...)
	s.w.write("terraform.tfstate", "")
	s.w.write("main.tf", ownHeader+config+fmt.Sprintf("import {\n  to = redisbaseline_cache.a\n  id = %q\n}\n", cacheIDOf("redis-a")))
	out := s.w.must(applyArgs...)
	if want := "1 to import, 0 to add, 0 to change, 0 to destroy"; !strings.Contains(out, want) {
		t.Errorf("not said: %s\n%s", want, out)
	}
	s.noChanges()
	out = s.w.must("plan", "-destroy", "-input=false", "-no-color")
	for _, want := range []string{"what is around it stays", "the private endpoint /subscriptions/", "the diagnostic setting logs"} {
		if !strings.Contains(out, want) {
			t.Errorf("not said: %s\n%s", want, out)
		}
	}
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", decidable+"\n tags = { a = \"b\" }"))
	if out = s.w.must(applyArgs...); !strings.Contains(out, "+ removed_with_cache") {
		t.Error(out)
	}
	if out = s.w.must("destroy", "-auto-approve", "-input=false", "-no-color"); strings.Contains(out, "what is around it stays") {
		t.Error(out)
	}
	if left := s.remaining("logs"); left != "" {
		t.Errorf("left behind: %s", left)
	}

	s.w.write("main.tf", ownHeader+config)
	s.w.must(applyArgs...)
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", ""))
	if out := s.w.must(applyArgs...); !strings.Contains(out, "0 to add, 1 to change, 0 to destroy") ||
		!strings.Contains(out, "- removed_with_cache") {
		t.Error(out)
	}
	s.noChanges()
	s.w.must("destroy", "-auto-approve", "-input=false", "-no-color")
	if left := s.remaining(); left != "redis-a-private-endpoint" {
		t.Errorf("left behind: %s", left)
	}
}
