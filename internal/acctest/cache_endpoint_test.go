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

// connect makes a private endpoint for redis-a, wherever its id says.
func (c *cloud) connect(ids ...string) {
	for _, id := range ids {
		c.Put(id, map[string]any{"location": "westeurope",
			"properties": map[string]any{"subnet": map[string]any{"id": subnet}, "privateLinkServiceConnections": []any{
				map[string]any{"properties": map[string]any{"privateLinkServiceId": cacheIDOf("redis-a"),
					"privateLinkServiceConnectionState": map[string]any{"status": "Approved"}}}}}})
		c.connection(id, "Approved")
	}
}

// connection is what the cache says of a private endpoint.
func (c *cloud) connection(endpoint, status string) {
	c.PutChild(cacheIDOf("redis-a"), "privateEndpointConnections/"+endpoint[strings.LastIndex(endpoint, "/")+1:], map[string]any{
		"privateEndpoint": map[string]any{"id": endpoint}, "privateLinkServiceConnectionState": map[string]any{"status": status}})
}

// takeOver moves the cache from azurerm.
func (k *core) takeOver(name string) {
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

// TestCacheConnectionsAreEvidence: the cache itself knows who is connected,
// wherever the private endpoint is and whoever may read it. What is left out of
// the configuration is never said to be missing.
func TestCacheConnectionsAreEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		connect func(*cloud)
		said    string // of NS-2; empty: compliant, or not known
	}{
		"none":                      {func(*cloud) {}, ""},
		"in another resource group": {func(c *cloud) { c.connect(network + "pe") }, ""},
		"two of them":               {func(c *cloud) { c.connect(network+"pa", network+"pb") }, ""},
		"in a subscription that nobody here can see": {func(c *cloud) { c.connection(faraway, "Approved") }, ""},
		"in another tenant": {func(c *cloud) {
			c.connection(faraway, "Approved")
			c.Inject(armtest.Fault{Path: regexp.MustCompile("/far$"), Status: 401, Code: "InvalidAuthenticationTokenTenant", Times: -1})
		}, ""},
		"that may not be read": {func(c *cloud) {
			c.connect(network + "pe")
			c.Deny(regexp.MustCompile("."), "Microsoft.Network/privateEndpoints/read")
		}, ""},
		"whose own word is another": {func(c *cloud) {
			c.connect(network + "pe")
			c.Change(network+"pe", func(b map[string]any) { b["properties"].(map[string]any)["privateLinkServiceConnections"] = []any{} })
		}, ""},
		"that has no id": {func(c *cloud) {
			c.PutChild(cacheIDOf("redis-a"), "privateEndpointConnections/pe", map[string]any{
				"privateEndpoint": map[string]any{}, "privateLinkServiceConnectionState": map[string]any{"status": "Approved"}})
		}, ""},
		"waiting":                   {func(c *cloud) { c.connection(faraway, "Pending") }, ""},
		"rejected":                  {func(c *cloud) { c.connection(faraway, "Rejected") }, notApproved},
		"rejected, and an approved": {func(c *cloud) { c.connection(faraway, "Rejected"); c.connect(network + "pe") }, ""},
	} {
		for way, begin := range map[string]func(k *core){
			"imported": func(k *core) { k.adopt(cacheIDOf("redis-a")) }, "moved": func(k *core) { k.takeOver("redis-a") },
		} {
			if way == "moved" && name != "in another resource group" && name != "none" {
				continue // the same look at Azure
			}
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				cloud := newCloud(t, armtest.Options{})
				cloud.PutCache(armtest.Cache{Name: "redis-a"})
				c.connect(cloud)
				k := newCore(t, cloud)
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
						t.Errorf("the %s plan:\n%s", when, saidInDetail(diags))
					}
				}
				k.steady(k.config("redis-a", ""))
				before := cloud.IDs(endpointType)
				cloud.AllowAll()
				k.arrive("redis-a", `private_endpoint = { subnet_id = "`+subnet+`", name = "redis-own" }`)
				if now := cloud.IDs(endpointType); len(now) != len(before)+1 {
					t.Errorf("a new one beside %s: %s", before, now)
				}
				if diags := k.destroy(t.Context()); failed(diags) || len(cloud.IDs(endpointType)) != len(before) {
					t.Errorf("those of others have to stay: %s\n%s", cloud.IDs(endpointType), said(diags))
				}
			})
		}
	}
}

// TestCacheNeedsNoRightsForWhatIsLeftOut: it says once what it did not see. What
// is managed and may not be read is said in every plan, with the missing action.
func TestCacheNeedsNoRightsForWhatIsLeftOut(t *testing.T) {
	rights := map[string]string{
		"firewall_rules": "Microsoft.Cache/redis/firewallRules/read", "access_policies": "Microsoft.Cache/redis/accessPolicies/read",
		"access_policy_assignments": "Microsoft.Cache/redis/accessPolicyAssignments/read",
		"patch_schedule":            "Microsoft.Cache/redis/patchSchedules/read",
		"diagnostic_settings":       "Microsoft.Insights/diagnosticSettings/read", "private_endpoint": "Microsoft.Network/privateEndpoints/read",
	}
	deny := func(c *cloud) {
		for _, action := range rights {
			c.Deny(regexp.MustCompile("."), action)
		}
	}
	fresh := func(t *testing.T) (*cloud, *core) {
		c := newCloud(t, armtest.Options{})
		return c, newCore(t, c)
	}
	quietly := func(t *testing.T, k *core) {
		t.Helper()
		for range 2 {
			diags := append(k.refresh(), k.plan(k.config("redis-a", "")).diags...)
			if got := said(diags); failed(diags) || strings.Contains(got, "may not be read") || strings.Contains(got, "LT-4") ||
				strings.Contains(got, "NS-2 Azure Private Link") {
				t.Error(saidInDetail(diags))
			}
		}
		k.steady(k.config("redis-a", ""))
	}
	t.Run("from the first look on", func(t *testing.T) {
		c, k := fresh(t)
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.connect(network + "pe")
		deny(c)
		k.adopt(cacheIDOf("redis-a"))
		diags := k.refresh()
		for attribute, action := range rights {
			if !strings.Contains(said(diags), "warning: "+attribute+": redis-a: "+attribute+" may not be read") ||
				!strings.Contains(saidInDetail(diags), "needs "+action) {
				t.Errorf("%s is not named:\n%s", attribute, saidInDetail(diags))
			}
		}
		if diags := k.run(t.Context(), k.config("redis-a", "")); failed(diags) {
			t.Fatal(saidInDetail(diags))
		}
		quietly(t, k)
	})
	t.Run("taken away later", func(t *testing.T) {
		c, k := fresh(t)
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.connect(network + "pe")
		k.adopt(cacheIDOf("redis-a"))
		k.arrive("redis-a", "")
		deny(c)
		quietly(t, k)
	})
	t.Run("of what is managed", func(t *testing.T) {
		c, k := fresh(t)
		config := sound + "\n firewall_rules = {}\n access_policies = {}\n access_policy_assignments = {}\n patch_schedule = [{ day_of_week = " +
			"\"Monday\" }]"
		k.arrive("redis-a", config)
		deny(c)
		if diags := k.refresh(); failed(diags) {
			t.Fatal(saidInDetail(diags))
		}
		diags := k.plan(k.config("redis-a", config)).diags
		for attribute, action := range rights {
			if !strings.Contains(said(diags), "warning: "+attribute+": redis-a: "+attribute+" may not be read") ||
				!strings.Contains(saidInDetail(diags), "needs "+action) {
				t.Errorf("%s is not named:\n%s", attribute, saidInDetail(diags))
			}
		}
	})
	t.Run("of its zones alone", func(t *testing.T) {
		c, k := fresh(t)
		k.arrive("redis-a", statedEndpoint)
		c.Deny(regexp.MustCompile("."), "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read")
		k.arrive("redis-a", statedEndpoint+"\n tags = { a = \"b\" }")
	})
	t.Run("of the cache itself", func(t *testing.T) {
		c, k := fresh(t)
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.Deny(regexp.MustCompile("."), "Microsoft.Cache/redis/read")
		k.adopt(cacheIDOf("redis-a"))
		if got := said(k.refresh()); got != "error: redis-a could not be read" {
			t.Error(got)
		}
	})
}

// TestCacheNoneIsWished: what others connect is said and judged, and stays.
func TestCacheNoneIsWished(t *testing.T) {
	const none = "private_endpoint = {}"
	for status, verdict := range map[string]string{"Approved": "", "Pending": "", "Rejected": notApproved} {
		t.Run(status, func(t *testing.T) {
			c := newCloud(t, armtest.Options{})
			k := newCore(t, c)
			k.arrive("redis-a", none)
			if got := said(k.plan(k.config("redis-a", none)).diags); !strings.Contains(got, "NS-2 Azure Private Link: redis-a "+noEndpoint) ||
				strings.Contains(got, "is connected") {
				t.Error(got)
			}
			c.connect(network + "any")
			c.connection(network+"any", status)
			writes := c.Count(armtest.KindWrite, "")
			for range 2 {
				k.steady(k.config("redis-a", none))
				diags := k.run(t.Context(), k.config("redis-a", none))
				got := said(diags)
				if !strings.Contains(got, "warning: private_endpoint: redis-a: a private endpoint is connected that is not managed here") ||
					!strings.Contains(saidInDetail(diags), network+"any ("+status+")") {
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
				t.Error(said(diags), c.IDs(endpointType))
			}
		})
	}
	t.Run("ours goes, and theirs stays", func(t *testing.T) {
		c := newCloud(t, armtest.Options{})
		k := newCore(t, c)
		k.arrive("redis-a", statedEndpoint)
		c.connect(network + "any")
		k.arrive("redis-a", none)
		if ids := c.IDs(endpointType); len(ids) != 1 || !strings.EqualFold(ids[0], network+"any") {
			t.Error(ids)
		}
	})
}

const logsHere = `
diagnostic_settings = { logs = { log_analytics_workspace_id = "` + logs + `" } }`

// left says what is around a cache that is gone. Azure keeps diagnostic settings,
// out of sight, for a cache of the same id: they are left unless a request
// removed them.
func (c *cloud) left(settings ...string) string {
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

// TestCacheGoesWithWhatIsManaged: with what the configuration of the last apply
// states, whether or not there was anything to change, and with nothing else.
func TestCacheGoesWithWhatIsManaged(t *testing.T) {
	made := func(k *core, _ *cloud) { k.arrive("redis-a", statedEndpoint+logsHere) }
	again := func(k *core, _ *cloud) { k.adopt(cacheIDOf("redis-a")) }
	elsewhere := func(k *core, c *cloud) {
		c.PutCache(armtest.Cache{Name: "redis-a"})
		c.connect(network + "pe")
	}
	for name, c := range map[string]struct {
		before []func(*core, *cloud)
		config string // applied; nothing of it has to be sent
		left   string
	}{
		"made here":                          {[]func(*core, *cloud){made}, statedEndpoint + logsHere, ""},
		"made here, and both let go":         {[]func(*core, *cloud){made}, "", "redis-a-private-endpoint logs"},
		"made here, and the endpoint let go": {[]func(*core, *cloud){made}, strings.TrimSpace(logsHere), "redis-a-private-endpoint"},
		"made here, and the logs let go":     {[]func(*core, *cloud){made}, statedEndpoint, "logs"},
		"imported as stated":                 {[]func(*core, *cloud){made, again}, statedEndpoint + logsHere, "redis-a-private-endpoint logs"},
		"imported and left out":              {[]func(*core, *cloud){made, again}, "", "redis-a-private-endpoint logs"},
		"imported, and the endpoint stated":  {[]func(*core, *cloud){made, again}, statedEndpoint, "redis-a-private-endpoint logs"},
		"imported from elsewhere as stated": {[]func(*core, *cloud){elsewhere, again},
			`private_endpoint = { subnet_id = "` + subnet + `", name = "pe" }`, "pe"},
		"imported from elsewhere and left out": {[]func(*core, *cloud){elsewhere, again}, "", "pe"},
		"imported, none wished":                {[]func(*core, *cloud){elsewhere, again}, "private_endpoint = {}", "pe"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, armtest.Options{})
			k := newCore(t, cloud)
			for _, before := range c.before {
				before(k, cloud)
			}
			if strings.Contains(name, "elsewhere") || strings.Contains(name, "none wished") {
				c.config += "\n public_network_access_enabled = true\n access_keys_authentication_enabled = true\n redis_configuration = { " +
					"active_directory_authentication_enabled = false }"
			}
			if diags := k.refresh(); failed(diags) {
				t.Fatal(saidInDetail(diags))
			}
			p, writes := k.plan(k.config("redis-a", c.config)), cloud.Count(armtest.KindWrite, "")
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
			if released := strings.Contains(name, "let go"); released != strings.Contains(said(p.diags), "is no longer managed here") {
				t.Error(said(p.diags))
			}
			k.arrive("redis-a", c.config)
			if cloud.Count(armtest.KindWrite, "") != writes {
				t.Error("something was sent")
			}
			if diags := k.destroy(t.Context()); failed(diags) {
				t.Error(saidInDetail(diags))
			}
			var settings []string
			if !strings.Contains(name, "elsewhere") && !strings.Contains(name, "none wished") {
				settings = []string{"logs"}
			}
			if got := cloud.left(settings...); got != c.left {
				t.Errorf("left behind: %q, want %q", got, c.left)
			}
		})
	}
	t.Run("a setting that others made", func(t *testing.T) {
		c := newCloud(t, armtest.Options{})
		k := newCore(t, c)
		k.arrive("redis-a", sound)
		c.PutChild(cacheIDOf("redis-a"), "providers/Microsoft.Insights/diagnosticSettings/theirs",
			map[string]any{"workspaceId": logs, "logs": []any{}})
		if diags := k.destroy(t.Context()); failed(diags) || c.left("theirs", "logs") != "theirs" {
			t.Error(said(diags), c.Changes())
		}
	})
	t.Run("imported, and never applied", func(t *testing.T) {
		c := newCloud(t, armtest.Options{})
		k := newCore(t, c)
		made(k, c)
		again(k, c)
		if diags := k.destroy(t.Context()); failed(diags) || c.left("logs") != "redis-a-private-endpoint logs" {
			t.Error(said(diags), c.Changes())
		}
	})
}

// TestCacheKeepsTheEndpointOfOthers: what stands in the way and is not managed
// here is an error of the plan, and stays.
func TestCacheKeepsTheEndpointOfOthers(t *testing.T) {
	c := newCloud(t, armtest.Options{})
	c.PutCache(armtest.Cache{Name: "redis-a"})
	theirs := group + ownHere + "redis-a-private-endpoint"
	c.connect(theirs)
	k := newCore(t, c)
	k.adopt(cacheIDOf("redis-a"))
	if diags := k.refresh(); failed(diags) {
		t.Fatal(said(diags))
	}
	config := `private_endpoint = { subnet_id = "` + subnet + `2" }`
	k.refused("redis-a", config, "private_endpoint: redis-a: another private endpoint is in the way")
	// Where the plan could not see it the apply does.
	c.Remove(theirs)
	k.refresh()
	p := k.plan(k.config("redis-a", config))
	c.connect(theirs)
	diags := k.apply(t.Context(), p)
	if !strings.Contains(saidInDetail(diags), "exists and differs from the configuration") || len(c.IDs(endpointType)) != 1 {
		t.Error(saidInDetail(diags))
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

// TestCacheOwnershipInTerraform: a plan without changes leaves no trace, so that
// Terraform itself has to say what is managed.
func TestCacheOwnershipInTerraform(t *testing.T) {
	t.Parallel()
	config := secure("a", "redis-a", sound)
	s := newStage(t, armtest.Options{}, config)
	s.w.must(applyArgs...)
	s.w.write("terraform.tfstate", "")
	s.w.write("main.tf", ownHeader+config+fmt.Sprintf("import {\n  to = redisbaseline_cache.a\n  id = %q\n}\n", cacheIDOf("redis-a")))
	out := s.w.must(applyArgs...)
	if want := "1 to import, 0 to add, 0 to change, 0 to destroy"; !strings.Contains(out, want) {
		t.Errorf("not said: %s\n%s", want, out)
	}
	s.steady()
	out = s.w.must("plan", "-destroy", "-input=false", "-no-color")
	for _, want := range []string{"what is around it stays", "the private endpoint /subscriptions/", "the diagnostic setting logs"} {
		if !strings.Contains(out, want) {
			t.Errorf("not said: %s\n%s", want, out)
		}
	}
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", sound+"\n tags = { a = \"b\" }"))
	if out = s.w.must(applyArgs...); !strings.Contains(out, "+ removed_with_cache") {
		t.Error(out)
	}
	if out = s.w.must("destroy", "-auto-approve", "-input=false", "-no-color"); strings.Contains(out, "what is around it stays") {
		t.Error(out)
	}
	if left := s.left("logs"); left != "" {
		t.Errorf("left behind: %s", left)
	}

	s.w.write("main.tf", ownHeader+config)
	s.w.must(applyArgs...)
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", ""))
	if out := s.w.must(applyArgs...); !strings.Contains(out, "0 to add, 1 to change, 0 to destroy") ||
		!strings.Contains(out, "- removed_with_cache") {
		t.Error(out)
	}
	s.steady()
	s.w.must("destroy", "-auto-approve", "-input=false", "-no-color")
	if left := s.left(); left != "redis-a-private-endpoint" {
		t.Errorf("left behind: %s", left)
	}
}
