package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func posturesOf(t *testing.T, cache obj, companions ...obj) *posture.Cache {
	t.Helper()
	var around []node
	for _, c := range companions {
		around = append(around, node{v: companionShape().value(t, c), path: "companions"})
	}
	if cache["family"] == nil {
		cache["family"] = "C" // so that the object can be told
	}
	c, err := toPosture(node{v: cacheShape().value(t, cache)}, around)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSwitchesWithTwoNames(t *testing.T) {
	for _, test := range []struct {
		name     string
		new, old any
		state    posture.State
		on       bool
	}{
		{"azurerm 4 and 5", true, nil, posture.StateKnown, true},
		{"azurerm 3, old name on", unknown, true, posture.StateKnown, true},
		{"azurerm 3, old name off", unknown, false, posture.StateKnown, false},
		{"azurerm 3, new name on", true, false, posture.StateKnown, true},
		{"neither", nil, nil, posture.StateUnset, false},
		{"new name unknown", unknown, nil, posture.StateUnknown, false},
		{"old name unknown", nil, unknown, posture.StateUnknown, false},
		{"old name unknown, new one off", false, unknown, posture.StateKnown, false},
	} {
		got := posturesOf(t, obj{"non_ssl_port_enabled": test.new, "enable_non_ssl_port": test.old}).NonTLSPort
		if got.State != test.state || got.V != test.on {
			t.Errorf("%s: got %v %v", test.name, got.State, got.V)
		}
	}
}

func TestReadCache(t *testing.T) {
	t.Run("azurerm 3 has no switch for access keys: on by default", func(t *testing.T) {
		got := posturesOf(t, obj{}).AccessKeyAuthentication
		if !got.V || got.Source.Origin != posture.OriginDefault {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("public network access that is not written is unset, not on", func(t *testing.T) {
		if got := posturesOf(t, obj{}).PublicNetworkAccess; !got.IsUnset() {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a block that is not known leaves all of it unknown", func(t *testing.T) {
		got := posturesOf(t, obj{"redis_configuration": unknown})
		if !got.AuthenticationRequired.IsUnknown() || got.AuthenticationRequired.Why() != posture.ReasonKnownAfterApply {
			t.Errorf("got %+v", got.AuthenticationRequired)
		}
	})
	t.Run("a block that is not there is unset", func(t *testing.T) {
		if got := posturesOf(t, obj{"redis_configuration": arr{}}).AuthenticationRequired; !got.IsUnset() {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("an id that is not there is not known", func(t *testing.T) {
		if got := posturesOf(t, obj{}).ResourceID; !got.IsUnknown() {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a value outside the enumeration may be judged, never printed", func(t *testing.T) {
		c := posturesOf(t, obj{"minimum_tls_version": "hunter2", "sku_name": "hunter2", "redis_version": "hunter2", "location": "p@ss"})
		for name, v := range map[string]posture.Value[string]{"tls": c.MinimumTLSVersion, "tier": c.Tier, "version": c.RedisVersion,
			"location": c.Location} {
			if !v.Source.Sensitive {
				t.Errorf("%s would be printed", name)
			}
		}
	})
	t.Run("maintenance windows are counted", func(t *testing.T) {
		if got := posturesOf(t, obj{"patch_schedule": arr{obj{"day_of_week": "Sunday"}}}).MaintenanceWindows; got.V != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestCompanionsBelong(t *testing.T) {
	cache := cacheWith(nil)                    // id known after apply
	existing := cacheWith(obj{"id": ordersID}) // id known
	wrongService := endpointTo(unknown)        // an endpoint for another service
	wrongService["private_service_connection"] = arr{obj{"is_manual_connection": false, "subresource_names": arr{"blob"}}}
	for _, test := range []struct {
		name      string
		cache     obj
		companion obj
		items     int
		observed  bool
	}{
		{"id known after apply: asserted", cache, endpointTo(unknown), 1, true},
		{"same id, in any case", existing, endpointTo("/SUBSCRIPTIONS" + ordersID[len("/subscriptions"):]), 1, true},
		{"id of another cache", existing, endpointTo(otherID), 0, false},
		{"name of another cache, although the id is not known yet", cache, endpointTo(otherID), 0, false},
		{"group and name fit, subscription not known", cache, endpointTo(ordersID), 1, true},
		{"something else than a cache", cache, endpointTo(group + "/providers/Microsoft.Storage/storageAccounts/redisorders"), 0, false},
		{"another sub-resource", cache, wrongService, 0, false},
	} {
		got := posturesOf(t, test.cache, test.companion).PrivateEndpoints
		if len(got.Items) != test.items || got.Observed != test.observed {
			t.Errorf("%s: got %d items, observed %v", test.name, len(got.Items), got.Observed)
		}
		if test.items == 0 && got.Detail == "" {
			t.Errorf("%s: must say that the companion does not count", test.name)
		}
	}
}

func TestOneThatCountsStandsForItsKind(t *testing.T) {
	got := posturesOf(t, cacheWith(obj{"id": ordersID}), endpointTo(otherID), endpointTo(ordersID)).PrivateEndpoints
	if len(got.Items) != 1 || !got.Observed || got.Detail != "" {
		t.Errorf("got %+v", got)
	}
}

func TestReadPrivateEndpoint(t *testing.T) {
	pe := endpointTo(unknown)
	pe["private_dns_zone_group"] = arr{obj{"private_dns_zone_ids": arr{"/x/privateDnsZones/privatelink.redis.cache.windows.net"}}}
	got := posturesOf(t, cacheWith(nil), pe).PrivateEndpoints.Items[0]
	if got.Approval.V != posture.ApprovalApproved || !got.Asserted || got.Address != "pe-orders" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(posture.DNSZonesOf([]string{"privatelink.redis.cache.windows.net"}), got.DNSZones.V); diff != "" {
		t.Error(diff)
	}
	pe["private_service_connection"].(arr)[0].(obj)["is_manual_connection"] = true
	if got := posturesOf(t, cacheWith(nil), pe).PrivateEndpoints.Items[0]; got.Approval.V != posture.ApprovalPending {
		t.Errorf("a manual connection waits for approval, got %+v", got.Approval)
	}
}

// azurerm takes one connection; an object may hold several, and which counts nobody says.
func TestReadEndpointOfSeveralConnections(t *testing.T) {
	for name, ids := range map[string][2]string{"first": {ordersID, otherID}, "second": {otherID, ordersID}} {
		pe, second := endpointTo(ids[0]), endpointTo(ids[1])
		pe["private_service_connection"] = append(pe["private_service_connection"].(arr), second["private_service_connection"].(arr)[0])
		got := posturesOf(t, cacheWith(obj{"id": ordersID}), pe).PrivateEndpoints
		if len(got.Items) != 0 || len(got.Doubts) != 1 || got.Doubts[0].Address != "pe-orders" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestReadNetwork(t *testing.T) {
	nsg := obj{"id": group + "/nsg", "name": "nsg", "security_rule": arr{obj{
		"name": "app", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
		"source_address_prefix": "", "source_address_prefixes": arr{"10.0.0.0/24", "10.0.1.0/24"},
		"destination_address_prefix": "*", "destination_port_range": "6380", "destination_port_ranges": arr{},
		"source_port_range": "*", "source_port_ranges": arr{},
	}}}
	association := obj{"subnet_id": unknown, "network_security_group_id": unknown}
	injected := cacheWith(obj{"subnet_id": group + "/subnet"})

	both := posturesOf(t, injected, association, nsg).Subnet.SecurityGroup
	if !both.IsKnown() || !both.V.Rules.Observed || len(both.V.Rules.Items) != 1 {
		t.Fatalf("got %+v", both)
	}
	rule := both.V.Rules.Items[0]
	if rule.Priority.V != 100 || len(rule.Sources) != 2 || len(rule.Ports) != 1 || len(rule.Destinations) != 1 || len(rule.SourcePorts) != 1 {
		t.Errorf("got %+v", rule)
	}
	if only := posturesOf(t, injected, association).Subnet.SecurityGroup; !only.IsKnown() || only.V.Rules.Observed {
		t.Errorf("an association alone says that there is a group and not what is in it: %+v", only)
	}
	if none := posturesOf(t, injected).Subnet.SecurityGroup; none.Why() != posture.ReasonNotObserved {
		t.Errorf("got %+v", none)
	}
	other := obj{"subnet_id": group + "/other", "network_security_group_id": unknown}
	if got := posturesOf(t, injected, other).Subnet.SecurityGroup; got.Why() != posture.ReasonNotObserved || got.Source.Detail == "" {
		t.Errorf("the association of another subnet does not count: %+v", got)
	}
	named := obj{"subnet_id": group + "/subnet", "network_security_group_id": group + "/another"}
	if got := posturesOf(t, injected, named, nsg).Subnet.SecurityGroup; got.V.Rules.Observed {
		t.Errorf("the group that the association does not name is not the subnet's: %+v", got)
	}
	nsg["security_rule"] = unknown
	if got := posturesOf(t, injected, association, nsg).Subnet.SecurityGroup.V.Rules; got.Observed ||
		got.Why() != posture.ReasonKnownAfterApply {
		t.Errorf("got %+v", got)
	}
}

func TestReadPolicyAssignment(t *testing.T) {
	assignment := func(changes obj) obj {
		out := obj{"name": "mcsb", "resource_group_id": group,
			"policy_definition_id": "/providers/Microsoft.Authorization/policySetDefinitions/x", "not_scopes": arr{}, "overrides": arr{}}
		for k, v := range changes {
			out[k] = v
		}
		return out
	}
	read := func(cache, companion obj) *posture.PolicyAssignment {
		set := posturesOf(t, cache, companion).PolicyAssignments
		if set.Observed {
			t.Error("absence of assignments is never seen")
		}
		if len(set.Items) == 0 {
			return nil
		}
		return &set.Items[0]
	}
	cache := cacheWith(obj{"id": ordersID})
	if p := read(cache, assignment(nil)); p.Scope != posture.ScopeResourceGroup || !p.Enforced.V || p.Excluded.V || len(p.Overrides.V) > 0 ||
		len(p.Selectors.V) > 0 || !p.Parameters.IsUnset() {
		t.Errorf("got %+v", p)
	}
	named := func(p *posture.PolicyAssignment) string {
		var out []string
		for _, q := range p.Parameters.V {
			out = append(out, q.Name+"="+strings.Join(q.Values.V, "+"))
		}
		return strings.Join(out, " ")
	}
	for text, want := range map[string]string{
		`{"effect":{"value":"Disabled"},"workspace":{"value":"secret"}}`:     "effect=Disabled",
		`{"redisPublicAccessEffect":{"value":"disabled"},"odd":{"value":7}}`: "redisPublicAccessEffect=disabled",
		`{"effect":{"value":"secret"}}`:                                      "effect=",
		`{"resourceTypeList":{"value":["microsoft.web/sites","microsoft.cache/redis"]},` +
			`"effect":{"value":"Deny"}}`: "effect=Deny resourceTypeList=microsoft.cache/redis",
	} {
		if got := named(read(cache, assignment(obj{"parameters": text}))); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for _, text := range []any{unknown, "[1]"} {
		if p := read(cache, assignment(obj{"parameters": text})); !p.Parameters.IsUnknown() {
			t.Errorf("got %+v", p)
		}
	}
	selectors := arr{obj{"selectors": arr{obj{"kind": "resourceType", "in": arr{"a"}, "not_in": arr{"b"}}}}}
	want := posture.PolicySelection{{Kind: "resourceType", In: []string{"a"}, NotIn: []string{"b"}}}
	p := read(cache, assignment(obj{"overrides": selectors, "resource_selectors": selectors}))
	if diff := cmp.Diff([]posture.PolicySelection{want}, p.Overrides.V); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]posture.PolicySelection{want}, p.Selectors.V); diff != "" {
		t.Error(diff)
	}
	if p := read(cache, assignment(obj{"overrides": arr{obj{"selectors": unknown}}})); !p.Overrides.IsUnknown() {
		t.Errorf("got %+v", p.Overrides)
	}
	if p := read(cache, assignment(obj{"not_scopes": arr{ordersID}})); !p.Excluded.V {
		t.Errorf("got %+v", p.Excluded)
	}
	if p := read(cacheWith(nil), assignment(obj{"not_scopes": arr{subscription}})); !p.Excluded.IsUnknown() {
		t.Errorf("the subscription is not known: %+v", p.Excluded)
	}
	if p := read(cache, assignment(obj{"resource_group_id": subscription + "/resourceGroups/rg-other"})); p != nil {
		t.Errorf("another group: %+v", p)
	}
}
