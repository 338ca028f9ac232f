package azurecache

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// watch walks the writes that ARM took, and tells when public network access was
// open to more than the wish: without all rules that are wished, or after a rule
// went that stood until then.
func watch(t *testing.T, requests []armtest.Request, isOpen bool, rules []string, want Desired) {
	t.Helper()
	stand := map[string]bool{}
	for _, r := range rules {
		stand[r] = true
	}
	missing := func() bool {
		for name := range want.FirewallRules {
			if !stand[name] {
				return true
			}
		}
		return false
	}
	for _, r := range requests {
		if r.Status >= 300 || r.Kind != armtest.KindWrite && r.Kind != armtest.KindDelete {
			continue
		}
		name := r.Path[strings.LastIndex(r.Path, "/")+1:]
		switch {
		case r.Type == "microsoft.cache/redis/firewallrules" && r.Kind == armtest.KindDelete:
			delete(stand, name)
			if isOpen && (!want.opens() || missing()) {
				t.Errorf("rule %s was dropped while public network access was open; left: %v", name, slices.Collect(maps.Keys(stand)))
			}
		case r.Type == "microsoft.cache/redis/firewallrules":
			stand[name] = true
		case r.Type == "microsoft.cache/redis" && r.Kind == armtest.KindWrite:
			var body struct {
				Properties struct {
					Access *string `json:"publicNetworkAccess"`
				} `json:"properties"`
			}
			if err := json.Unmarshal(r.Body, &body); err != nil {
				t.Fatal(err)
			}
			was := isOpen
			if access := body.Properties.Access; access != nil {
				isOpen = *access == "Enabled"
			} else if r.Method == http.MethodPut {
				isOpen = true
			}
			if isOpen && !was && missing() {
				t.Errorf("%s opened public network access with the rules %v alone", r.Method, slices.Collect(maps.Keys(stand)))
			}
		}
	}
}

func withAccess(access string, rules ...string) Desired {
	d := wish("Standard", 1)
	d.PublicNetworkAccess = &access
	d.FirewallRules = map[string]FirewallRule{}
	for i, name := range rules {
		address := "203.0.113." + string(rune('1'+i))
		d.FirewallRules[name] = FirewallRule{address, address}
	}
	return d
}

// Public network access is opened when the rules stand, and closed before one of
// them goes, wherever the change begins and whatever fails on the way.
func TestPublicAccessAndFirewallRules(t *testing.T) {
	for name, tt := range map[string]struct{ before, after Desired }{
		"create open":              {Desired{}, withAccess("Enabled", "a", "b")},
		"create open to everybody": {Desired{}, withAccess("Enabled")},
		"create closed":            {Desired{}, withAccess("Disabled", "a")},
		"open":                     {withAccess("Disabled"), withAccess("Enabled", "a", "b")},
		"open with other rules":    {withAccess("Disabled", "a"), withAccess("Enabled", "b", "c")},
		"close":                    {withAccess("Enabled", "a", "b"), withAccess("Disabled")},
		"close with other rules":   {withAccess("Enabled", "a"), withAccess("Disabled", "b")},
		"other rules":              {withAccess("Enabled", "a", "b"), withAccess("Enabled", "c")},
	} {
		for _, broken := range []string{"", "PUT", "DELETE", "PATCH"} {
			t.Run(name+" "+broken, func(t *testing.T) {
				d := open(t, armtest.Options{})
				var o Observed
				var err error
				if tt.before.ID != "" {
					if o, err = d.run(t.Context(), Observed{}, tt.before); err != nil {
						t.Fatal(err)
					}
				}
				from := len(d.fake.Requests())
				if broken != "" {
					d.fake.Inject(armtest.Fault{Method: broken, Path: regexp.MustCompile(`(?i)/redis/cache(/firewallRules/.*)?$`),
						Nth:    map[string]int{"PUT": 2}[broken],
						Status: 400, Code: "BadRequest", Message: "no", Times: -1})
				}
				isOpen := tt.before.opens()
				rules := slices.Collect(maps.Keys(tt.before.FirewallRules))
				o2, err := d.run(t.Context(), o, tt.after)
				if broken == "" && err != nil {
					t.Fatal(err)
				}
				watch(t, d.fake.Requests()[from:], isOpen, rules, tt.after)
				if broken == "" {
					if got := Steps(o2, tt.after); len(got) > 0 {
						t.Error("left to do:", got)
					}
					return
				}
				d.fake.ClearFaults()
				if o2, err = d.run(t.Context(), o2, tt.after); err != nil {
					t.Fatal(err)
				}
				watch(t, d.fake.Requests()[from:], isOpen, rules, tt.after)
				if got := Steps(o2, tt.after); len(got) > 0 {
					t.Error("left to do:", got)
				}
			})
		}
	}
}

// The steps that a plan tells of come in the same order.
func TestOrderOfPublicAccess(t *testing.T) {
	for name, tt := range map[string]struct {
		before, after Desired
		want          string
	}{
		"open": {withAccess("Disabled", "a"), withAccess("Enabled", "b"),
			"firewall rule b; without firewall rule a; public network access"},
		"close": {withAccess("Enabled", "a"), withAccess("Disabled", "b"),
			"public network access; firewall rule b; without firewall rule a"},
		"other rules": {withAccess("Enabled", "a"), withAccess("Enabled", "b"), "firewall rule b; without firewall rule a"},
	} {
		var got []string
		for _, s := range Steps(Observed{ID: cacheID, Location: "westeurope", Settings: tt.before.Settings, Children: tt.before.Children},
			tt.after) {
			got = append(got, s.Name)
		}
		if text := strings.Join(got, "; "); text != tt.want {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// What a linked cache refuses leaves nothing open: without a rule it stays
// closed, and where it does not close the rules stay.
func TestPublicAccessOfLinkedCache(t *testing.T) {
	for name, tt := range map[string]struct {
		before, after Desired
		method, path  string
	}{
		"a rule is refused":     {withAccess("Disabled"), withAccess("Enabled", "a", "b"), "PUT", "/firewallRules/b$"},
		"closing is refused":    {withAccess("Enabled", "a", "b"), withAccess("Disabled"), "PATCH", "/redis/cache$"},
		"dropping is refused":   {withAccess("Enabled", "a", "b"), withAccess("Disabled"), "DELETE", "/firewallRules/a$"},
		"opening is refused":    {withAccess("Disabled", "a"), withAccess("Enabled", "b"), "PATCH", "/redis/cache$"},
		"exchanging, one fails": {withAccess("Enabled", "a"), withAccess("Enabled", "b"), "DELETE", "/firewallRules/a$"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, armtest.Options{})
			o, err := d.run(t.Context(), Observed{}, tt.before)
			if err != nil {
				t.Fatal(err)
			}
			d.fake.PutChild(cacheID, "linkedServers/other",
				map[string]any{"linkedRedisCacheId": cacheID + "2", "linkedRedisCacheLocation": "North Europe", "serverRole": "Secondary"})
			from := len(d.fake.Requests())
			d.fake.Inject(armtest.Fault{Method: tt.method, Path: regexp.MustCompile("(?i)" + tt.path), Status: 400, Code: "BadRequest",
				Message: "linked", Times: -1})
			_, err = d.run(t.Context(), o, tt.after)
			var linked *LinkedError
			if !errors.As(err, &linked) {
				t.Fatal(err)
			}
			watch(t, d.fake.Requests()[from:], tt.before.opens(), slices.Collect(maps.Keys(tt.before.FirewallRules)), tt.after)
		})
	}
}

// A failed cache that is made anew is neither opened nor closed by that.
func TestReviveKeepsPublicAccess(t *testing.T) {
	for _, before := range []Desired{withAccess("Disabled"), withAccess("Enabled", "a")} {
		d := open(t, armtest.Options{})
		o, err := d.run(t.Context(), Observed{}, before)
		if err != nil {
			t.Fatal(err)
		}
		d.fake.Change(cacheID, func(body map[string]any) {
			body["properties"].(map[string]any)["provisioningState"] = "Failed"
		})
		from := len(d.fake.Requests())
		want := withAccess("Enabled", "a")
		if _, err := d.run(t.Context(), o, want); err != nil {
			t.Fatal(err)
		}
		sent := d.fake.Requests()[from:]
		watch(t, sent, before.opens(), slices.Collect(maps.Keys(before.FirewallRules)), want)
		if i := slices.IndexFunc(sent, func(r armtest.Request) bool { return r.Method == http.MethodPut }); i < 0 ||
			!strings.Contains(string(sent[i].Body), `"publicNetworkAccess":"`+*before.PublicNetworkAccess+`"`) {
			t.Error("made anew with another public network access than it had")
		}
	}
}

// The state of a cache is dropped only where ARM itself says that this cache, or
// its group, is not there.
func TestReadSaysGoneOnlyWhereARMDoes(t *testing.T) {
	at := regexp.MustCompile(`(?i)/redis/cache$`)
	message := func(name string) string {
		return "The Resource 'Microsoft.Cache/redis/" + name + "' under resource group 'rg' was not found."
	}
	for name, tt := range map[string]struct {
		fault armtest.Fault
		gone  bool
	}{
		"ARM: this cache": {armtest.Fault{Status: 404, Code: "ResourceNotFound", Message: message("cache")}, true},
		"ARM: its group": {armtest.Fault{Status: 404, Code: "ResourceGroupNotFound", Message: "Resource group 'rg' could not be found."},
			true},
		"ARM: another cache": {armtest.Fault{Status: 404, Code: "ResourceNotFound", Message: message("other")}, false},
		"ARM: another group": {armtest.Fault{Status: 404, Code: "ResourceGroupNotFound", Message: "Resource group 'other' could not be found."},
			false},
		"ARM: no subscription": {armtest.Fault{Status: 404, Code: "SubscriptionNotFound", Message: "The subscription 'x' could not be found."},
			false},
		"a proxy's page":  {armtest.Fault{Status: 404, Body: []byte("<html><body>404 Not Found: cache rg</body></html>")}, false},
		"a proxy's JSON":  {armtest.Fault{Status: 404, Body: []byte(`{"message":"cache rg not found"}`)}, false},
		"no body":         {armtest.Fault{Status: 404, Body: []byte{}}, false},
		"410":             {armtest.Fault{Status: 410, Code: "ResourceNotFound", Message: message("cache")}, false},
		"an empty object": {armtest.Fault{Status: 200, Body: []byte(`{}`)}, false},
		"null":            {armtest.Fault{Status: 200, Body: []byte(`null`)}, false},
		"another id": {armtest.Fault{Status: 200,
			Body: []byte(`{"id":"` + cacheID + `2","properties":{"provisioningState":"Succeeded"}}`)}, false},
		"a list": {armtest.Fault{Status: 200, Body: []byte(`{"value":[]}`)}, false},
	} {
		d := open(t, armtest.Options{})
		o, err := d.run(t.Context(), Observed{}, wish("Standard", 1))
		if err != nil {
			t.Fatal(err)
		}
		tt.fault.Path, tt.fault.Times, tt.fault.Method = at, -1, "GET"
		d.fake.Inject(tt.fault)
		_, err = d.client.Read(t.Context(), cacheID, Selection{})
		var gone *NotFoundError
		if err == nil || errors.As(err, &gone) != tt.gone {
			t.Errorf("%s: %v", name, err)
		}
		if there, err := d.exists(t.Context()); there || (err == nil) != tt.gone {
			t.Errorf("%s: exists %v, %v", name, there, err)
		}
		// An update that meets it keeps what was known.
		if after, err := d.run(t.Context(), o, wish("Standard", 2)); err == nil || !tt.gone && after.ID == "" {
			t.Errorf("%s: update: %q, %v", name, after.ID, err)
		}
	}
}
