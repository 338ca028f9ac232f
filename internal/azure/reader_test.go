package azure

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

type object = map[string]any

const (
	sub      = armtest.DefaultSubscription
	subnetID = "/subscriptions/" + sub + "/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/redis"
	groupID  = "/subscriptions/" + sub + "/resourceGroups/net/providers/Microsoft.Network/networkSecurityGroups/nsg"
	mcsb     = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
	tlsOnly  = "/providers/Microsoft.Authorization/policyDefinitions/22bee202-a82f-4305-9a2a-6d7f44d4dedb"
	// privateLink is the other definition of MCSB v1; logsOnly is how Microsoft's initiatives for logs write an effect.
	privateLink = "/providers/Microsoft.Authorization/policyDefinitions/7803067c-7d34-46e3-8c79-0ca68fc4036d"
	logsOnly    = "[if(contains(parameters('resourceTypeList'),'microsoft.cache/redis'),parameters('tls'),'Disabled')]"

	another  = "/providers/Microsoft.Authorization/policyDefinitions/00000000-0000-0000-0000-00000000abcd"
	logsPath = "providers/Microsoft.Insights/diagnosticSettings/logs"
)

func judge(t *testing.T, c *posture.Cache) map[string]report.Finding {
	t.Helper()
	r := baseline.Published().Evaluate(c, baseline.Options{})
	out := map[string]report.Finding{}
	for _, f := range append(slices.Clone(r.Features), r.Advisories...) {
		out[f.ID] = f
	}
	return out
}

// injected seeds what an injected cache stands in.
func injected(rules ...any) func(*armtest.Server) {
	return func(s *armtest.Server) {
		s.Put(groupID, object{"location": "westeurope", "properties": object{"securityRules": rules}})
		s.Put(strings.TrimSuffix(subnetID, "/subnets/redis"), object{"location": "westeurope", "properties": object{"subnets": []any{
			object{"name": "redis", "properties": object{"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": object{"id": groupID}}},
		}}})
	}
}

func rule(name string, priority int, access, source, ports string) object {
	return object{"name": name, "properties": object{
		"priority": priority, "direction": "Inbound", "access": access, "protocol": "Tcp", "sourceAddressPrefix": source, "sourcePortRange": "*",
		"destinationAddressPrefix": "*", "destinationPortRange": ports,
	}}
}

// assigned puts a policy assignment and what it assigns.
func assigned(scope, definition string, properties object) func(*armtest.Server) {
	return func(s *armtest.Server) {
		all := object{"scope": scope, "policyDefinitionId": definition, "enforcementMode": "Default"}
		for k, v := range properties {
			all[k] = v
		}
		s.Put(scope+"/providers/Microsoft.Authorization/policyAssignments/a", object{"properties": all})
	}
}

func initiative(definitions ...any) func(*armtest.Server) {
	return func(s *armtest.Server) {
		s.Put(mcsb, object{"properties": object{
			"parameters": object{"tls": object{"type": "String", "defaultValue": "Audit"},
				"link":             object{"type": "String", "defaultValue": "AuditIfNotExists"},
				"resourceTypeList": object{"type": "Array", "defaultValue": []any{"microsoft.cache/redis"}}},
			"policyDefinitions": definitions,
		}})
	}
}

func member(id, effect string) object {
	m := object{"policyDefinitionId": id, "policyDefinitionReferenceId": "ref-" + id[len(id)-4:], "parameters": object{}}
	if effect != "" {
		m["parameters"] = object{"effect": object{"value": effect}}
	}
	return m
}

func exemption(assignment string, properties object) func(*armtest.Server) {
	return func(s *armtest.Server) {
		all := object{"policyAssignmentId": strings.ToUpper(assignment), "exemptionCategory": "Waiver"}
		for k, v := range properties {
			all[k] = v
		}
		s.Put("/subscriptions/"+sub+"/resourceGroups/rg/providers/Microsoft.Authorization/policyExemptions/e", object{"properties": all})
	}
}

// TestRead_Verdicts says what each verdict is for existing caches.
func TestRead_Verdicts(t *testing.T) {
	const (
		subscription = "/subscriptions/" + sub
		assignment   = subscription + "/providers/Microsoft.Authorization/policyAssignments/a"
	)
	premium := armtest.Cache{SKU: "Premium P1", Properties: object{"subnetId": subnetID, "staticIP": "10.0.1.4"}}
	connection := func(status string) armtest.Cache {
		return armtest.Cache{Children: map[string]object{
			"privateEndpointConnections/pe": {"privateLinkServiceConnectionState": object{"status": status}},
		}}
	}
	logging := func(properties object) armtest.Cache {
		return armtest.Cache{Children: map[string]object{logsPath: properties}}
	}
	workspace := "/subscriptions/" + sub + "/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w"
	type want struct {
		id     string
		status report.Status
		reason posture.Reason
	}
	const (
		ok, bad, na = report.Compliant, report.NonCompliant, report.NotApplicable
		unknown     = report.Unknown
		link        = "NS-2/azure-private-link"
		public      = "NS-2/disable-public-network-access"
		nsg         = "NS-1/network-security-group-support"
		vnet        = "NS-1/virtual-network-integration"
		tls         = "DP-3/data-in-transit-encryption"
		local       = "IM-1/local-authentication-methods"
		policy      = "AM-2/azure-policy-support"
		logs        = "LT-4/azure-resource-logs"
	)
	tests := []struct {
		name  string
		cache armtest.Cache
		seed  []func(*armtest.Server)
		want  []want
	}{
		{"nothing around it", armtest.Cache{}, nil, []want{
			{link, bad, ""}, {public, bad, ""}, {nsg, na, ""}, {vnet, na, ""}, {tls, ok, ""}, {local, ok, ""}, {policy, bad, ""}, {logs, bad, ""},
			{"advisory/patch-schedule", bad, ""}, {"advisory/entra-authentication", bad, ""}, {"advisory/access-keys-disabled", bad, ""},
			{"advisory/firewall-rules", bad, ""},
		}},
		{"public access disabled", armtest.Cache{Properties: object{"publicNetworkAccess": "disabled"}}, nil,
			[]want{{public, ok, ""}, {"advisory/unreachable", bad, ""}}},
		{"public access not returned", armtest.Cache{Properties: object{"publicNetworkAccess": nil}}, nil,
			[]want{{public, bad, ""}, {"advisory/firewall-rules", bad, ""}}},
		{"public access not returned, injected", armtest.Cache{SKU: "Premium P1",
			Properties: object{"subnetId": subnetID, "publicNetworkAccess": nil}},
			[]func(*armtest.Server){injected()}, []want{{public, na, ""}, {"advisory/firewall-rules", ok, ""}}},
		{"public access not returned, private endpoint",
			armtest.Cache{Properties: object{"publicNetworkAccess": nil}, Children: connection("Approved").Children}, nil,
			[]want{{public, unknown, posture.ReasonKnownAfterApply}, {"advisory/firewall-rules", unknown, posture.ReasonKnownAfterApply}}},
		{"public access of a new kind", armtest.Cache{Properties: object{"publicNetworkAccess": "SecuredByPerimeter"}}, nil,
			[]want{{public, unknown, posture.ReasonKnownAfterApply}}},
		{"documented defaults", armtest.Cache{Properties: object{"enableNonSslPort": nil, "minimumTlsVersion": nil,
			"disableAccessKeyAuthentication": nil}}, nil, []want{
			{tls, ok, ""}, {"advisory/access-keys-disabled", bad, ""},
		}},
		{"non-TLS port", armtest.Cache{Properties: object{"enableNonSslPort": true}}, nil, []want{{tls, bad, ""}}},
		{"TLS 1.0", armtest.Cache{Properties: object{"minimumTlsVersion": "1.0"}}, nil, []want{{tls, bad, ""}}},
		{"unknown provisioning state and property", armtest.Cache{Properties: object{"provisioningState": "UpgradingRedisServerVersion",
			"fromTheFuture": object{"a": 1}}}, nil, []want{{tls, ok, ""}}},
		{"a property of another type", armtest.Cache{Properties: object{"minimumTlsVersion": object{"at": "least"}}}, nil,
			[]want{{tls, unknown, posture.ReasonKnownAfterApply}, {public, bad, ""}}},
		{"text for a truth value", armtest.Cache{Properties: object{"enableNonSslPort": "false", "publicNetworkAccess": false}}, nil, []want{
			{tls, unknown, posture.ReasonKnownAfterApply}, {public, unknown, posture.ReasonKnownAfterApply},
		}},
		{"a log without a category", logging(object{"workspaceId": workspace, "logs": []any{object{"enabled": true}}}), nil,
			[]want{{logs, unknown, posture.ReasonKnownAfterApply}}},
		{"text for an enabled log", logging(object{"workspaceId": workspace, "logs": []any{object{"categoryGroup": "audit", "enabled": "true"}}}),
			nil, []want{{logs, unknown, posture.ReasonKnownAfterApply}}},
		{"a TLS version of no known meaning", armtest.Cache{Properties: object{"minimumTlsVersion": "banana"}}, nil,
			[]want{{tls, unknown, posture.ReasonKnownAfterApply}}},
		{"a tier of no known meaning", armtest.Cache{Properties: object{"sku": object{"name": "Standrd", "family": "C", "capacity": 1}}}, nil,
			[]want{{vnet, unknown, posture.ReasonKnownAfterApply}}},
		{"one zone", armtest.Cache{SKU: "Premium P1", Zones: []string{"1"}}, nil, []want{{"advisory/zone-redundancy", bad, ""}}},
		{"three zones", armtest.Cache{SKU: "Premium P1", Zones: []string{"1", "2", "3"}}, nil, []want{{"advisory/zone-redundancy", ok, ""}}},
		{"approved endpoint", connection("Approved"), nil, []want{{link, ok, ""}}},
		{"pending endpoint", connection("Pending"), nil, []want{{link, unknown, posture.ReasonPendingApproval}}},
		{"rejected endpoint", connection("Rejected"), nil, []want{{link, bad, ""}}},
		{"disconnected endpoint", connection("Disconnected"), nil, []want{{link, bad, ""}}},
		{"endpoint in a state of its own", connection("Removing"), nil, []want{{link, unknown, posture.ReasonKnownAfterApply}}},
		{"injected, guarded", premium, []func(*armtest.Server){injected(rule("clients", 100, "Allow", "10.0.2.0/24", "6380"))}, []want{
			{vnet, ok, ""}, {nsg, ok, ""}, {link, na, ""}, {public, na, ""},
		}},
		{"injected, open", premium, []func(*armtest.Server){injected(rule("all", 100, "Allow", "Internet", "6380"))}, []want{{nsg, bad, ""}}},
		{"injected, open behind a deny", premium, []func(*armtest.Server){injected(rule("no", 100, "Deny", "*", "*"),
			rule("all", 200, "Allow", "*", "6380"))}, []want{{nsg, ok, ""}}},
		{"injected, deny for one source port", premium, []func(*armtest.Server){injected(
			object{"name": "no", "properties": object{"priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "*",
				"sourceAddressPrefix": "*", "sourcePortRange": "4444", "destinationAddressPrefix": "*", "destinationPortRange": "*"}},
			rule("all", 200, "Allow", "*", "6380"),
		)}, []want{{nsg, bad, ""}}},
		{"injected, deny for source ports, plural", premium, []func(*armtest.Server){injected(
			object{"name": "no", "properties": object{"priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "*",
				"sourceAddressPrefix": "*",
				"sourcePortRanges":    []any{"1-1023", "4444"}, "destinationAddressPrefix": "*", "destinationPortRange": "*"}},
			rule("all", 200, "Allow", "*", "6380"),
		)}, []want{{nsg, bad, ""}}},
		{"injected, allow for an application security group", premium, []func(*armtest.Server){injected(
			object{"name": "clients", "properties": object{"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
				"sourcePortRange":                 "*",
				"sourceApplicationSecurityGroups": []any{object{"id": groupID + "-clients"}}, "destinationAddressPrefix": "*",
				"destinationPortRange": "6380"}},
		)}, []want{{nsg, ok, ""}}},
		{"injected, allow without a source", premium, []func(*armtest.Server){injected(
			object{"name": "odd", "properties": object{"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
				"sourcePortRange":          "*",
				"destinationAddressPrefix": "*", "destinationPortRange": "6380"}},
		)}, []want{{nsg, unknown, posture.ReasonNotObserved}}},
		{"injected, no group", premium, []func(*armtest.Server){func(s *armtest.Server) {
			s.Put(strings.TrimSuffix(subnetID, "/subnets/redis"), object{"properties": object{"subnets": []any{
				object{"name": "redis", "properties": object{"addressPrefixes": []any{"10.0.1.0/24"}}},
			}}})
		}}, []want{{nsg, bad, ""}}},
		{"authentication off", armtest.Cache{SKU: "Premium P1", Properties: object{"subnetId": subnetID},
			Configuration: map[string]string{"authnotrequired": "Yes"}}, []func(*armtest.Server){injected()}, []want{{local, bad, ""}}},
		{"logs", logging(object{"workspaceId": workspace, "logs": []any{object{"categoryGroup": "audit", "enabled": true}}}), nil,
			[]want{{logs, ok, ""}}},
		{"logs to a Service Bus, as old settings send them",
			logging(object{"serviceBusRuleId": "/subscriptions/" + sub +
				"/resourceGroups/rg/providers/Microsoft.ServiceBus/namespaces/n/authorizationRules/send",
				"logs": []any{object{"categoryGroup": "audit", "enabled": true}}}), nil, []want{{logs, ok, ""}}},
		{"logs disabled", logging(object{"workspaceId": workspace, "logs": []any{object{"categoryGroup": "audit", "enabled": false}}}), nil,
			[]want{{logs, bad, ""}}},
		{"metrics only", logging(object{"workspaceId": workspace, "metrics": []any{object{"category": "AllMetrics", "enabled": true}}}), nil,
			[]want{{logs, bad, ""}}},
		{"maintenance window", armtest.Cache{Children: map[string]object{
			"patchSchedules/default": {"scheduleEntries": []any{object{"dayOfWeek": "Sunday", "startHourUtc": 3}}},
		}}, nil, []want{{"advisory/patch-schedule", ok, ""}}},
		{"wide firewall", armtest.Cache{Children: map[string]object{"firewallRules/all": {"startIP": "0.0.0.0", "endIP": "255.255.255.255"}}},
			nil, []want{{"advisory/firewall-rules", bad, ""}}},
		{"Data Owner", armtest.Cache{Configuration: map[string]string{"aad-enabled": "True"}, Children: map[string]object{
			"accessPolicyAssignments/app": {"accessPolicyName": "Data Owner", "objectId": "o", "objectIdAlias": "app"},
		}}, nil, []want{{"advisory/least-privilege-access-policy", bad, ""}, {"advisory/entra-authentication", ok, ""}}},
		{"custom policy with everything", armtest.Cache{Configuration: map[string]string{"aad-enabled": "true"}, Children: map[string]object{
			"accessPolicies/all":          {"permissions": "+@all ~*"},
			"accessPolicyAssignments/app": {"accessPolicyName": "all", "objectId": "o", "objectIdAlias": "app"},
		}}, nil, []want{{"advisory/least-privilege-access-policy", bad, ""}}},
		{"custom policy with little", armtest.Cache{Configuration: map[string]string{"aad-enabled": "true"}, Children: map[string]object{
			"accessPolicies/get":          {"permissions": "+get ~app:*"},
			"accessPolicyAssignments/app": {"accessPolicyName": "get", "objectId": "o", "objectIdAlias": "app"},
		}}, nil, []want{{"advisory/least-privilege-access-policy", ok, ""}}},

		{"built-in definition assigned", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly, nil)},
			[]want{{policy, ok, ""}}},
		{"at the resource group", armtest.Cache{}, []func(*armtest.Server){assigned(subscription+"/resourceGroups/RG", tlsOnly, nil)},
			[]want{{policy, ok, ""}}},
		{"at another resource group", armtest.Cache{}, []func(*armtest.Server){assigned(subscription+"/resourceGroups/rg2", tlsOnly, nil)},
			[]want{{policy, bad, ""}}},
		{"at the management group", armtest.Cache{}, []func(*armtest.Server){
			func(s *armtest.Server) {
				s.PutSubscription(armtest.Subscription{ID: sub, ManagementGroups: []string{"corp"}})
			},
			assigned("/providers/Microsoft.Management/managementGroups/corp", tlsOnly, nil),
		}, []want{{policy, ok, ""}}},
		{"definition about something else", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, another, nil)},
			[]want{{policy, bad, ""}}},
		{"not enforced", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly, object{"enforcementMode": "DoNotEnforce"})},
			[]want{{policy, bad, ""}}},
		{"effect Disabled", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly,
			object{"parameters": object{"effect": object{"value": "disabled"}}})}, []want{{policy, bad, ""}}},
		{"scope left out", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly,
			object{"notScopes": []any{subscription + "/resourcegroups/RG"}})}, []want{{policy, bad, ""}}},
		{"other scope left out", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly,
			object{"notScopes": []any{subscription + "/resourcegroups/r"}})}, []want{{policy, ok, ""}}},
		{"overrides", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly,
			object{"overrides": []any{object{"kind": "policyEffect"}}})}, []want{{policy, unknown, posture.ReasonNotObserved}}},
		{"exempt", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly, nil), exemption(assignment, nil)},
			[]want{{policy, bad, ""}}},
		{"exemption expired", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, tlsOnly, nil),
			exemption(assignment, object{"expiresOn": "2026-11-22T00:00:00Z"})}, []want{{policy, ok, ""}}},
		{"exemption of another assignment", armtest.Cache{},
			[]func(*armtest.Server){assigned(subscription, tlsOnly, nil), exemption(assignment+"2", nil)}, []want{{policy, ok, ""}}},
		{"set with a definition", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, mcsb, nil),
			initiative(member(another, ""), member(tlsOnly, "[parameters('tls')]"))}, []want{{policy, ok, ""}}},
		{"set whose definition is switched off", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, mcsb, object{"parameters": object{"TLS": object{"value": "Disabled"}}}),
			initiative(member(another, ""), member(tlsOnly, "[parameters('tls')]")),
		}, []want{{policy, bad, ""}}},
		{"set without a definition", armtest.Cache{}, []func(*armtest.Server){assigned(subscription, mcsb+"0", nil), func(s *armtest.Server) {
			s.Put(mcsb+"0", object{"properties": object{"policyDefinitions": []any{member(another, "")}}})
		}}, []want{{policy, bad, ""}}},
		{"set, effect by an expression", armtest.Cache{},
			[]func(*armtest.Server){assigned(subscription, mcsb, nil), initiative(member(tlsOnly, "[if(equals(1,1),'Audit','Disabled')]"))},
			[]want{{policy, unknown, posture.ReasonNotObserved}}},
		{"set, one of two definitions off", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, mcsb, object{"parameters": object{"tls": object{"value": "Disabled"}}}),
			initiative(member(tlsOnly, "[parameters('tls')]"), member(privateLink, "[parameters('link')]")),
		}, []want{{policy, ok, ""}}},
		{"set, both definitions off", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, mcsb, object{"parameters": object{"tls": object{"value": "Disabled"}, "LINK": object{"value": "disabled"}}}),
			initiative(member(tlsOnly, "[parameters('tls')]"), member(privateLink, "[parameters('link')]")),
		}, []want{{policy, bad, ""}}},
		{"set for logs, of this type", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, mcsb, object{"parameters": object{"types": object{"value": []any{"x"}},
				"resourceTypeList": object{"value": []any{"microsoft.cache/redis"}}}}), initiative(member(tlsOnly, logsOnly)),
		}, []want{{policy, ok, ""}}},
		{"set for logs, of another type", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, mcsb,
				object{"parameters": object{"resourceTypeList": object{"value": []any{"microsoft.cache/redisenterprise/databases"}}}}),
			initiative(member(tlsOnly, logsOnly)),
		}, []want{{policy, bad, ""}}},
		{"set for logs, off", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, mcsb, object{"parameters": object{"tls": object{"value": "Disabled"}}}), initiative(member(tlsOnly, logsOnly)),
		}, []want{{policy, bad, ""}}},
		{"overrides of another type", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, tlsOnly, object{"overrides": []any{object{"kind": "policyEffect", "value": "Disabled",
				"selectors": []any{object{"kind": "resourceType", "in": []any{"Microsoft.Web/sites"}}}}}}),
		}, []want{{policy, ok, ""}}},
		{"for another type", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, tlsOnly, object{"resourceSelectors": []any{object{"name": "n",
				"selectors": []any{object{"kind": "resourceType", "in": []any{"Microsoft.Web/sites"}}}}}}),
		}, []want{{policy, bad, ""}}},
		{"set, definition exempt", armtest.Cache{}, []func(*armtest.Server){
			assigned(subscription, mcsb, nil), initiative(member(tlsOnly, "")),
			exemption(assignment, object{"policyDefinitionReferenceIds": []any{"REF-dedb"}}),
		}, []want{{policy, bad, ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, armtest.Options{OddCasing: true})
			id := d.fake.PutCache(tt.cache)
			for _, seed := range tt.seed {
				seed(d.fake)
			}
			c, err := d.reader.Read(t.Context(), strings.ToUpper(id))
			if err != nil {
				t.Fatal(err)
			}
			got := judge(t, c)
			for _, w := range tt.want {
				f := got[w.id]
				reason := ""
				if f.Reason != nil {
					reason = *f.Reason
				}
				if f.Status != w.status || reason != string(w.reason) {
					t.Errorf("%s: %s %s (%s), want %s %s", w.id, f.Status, reason, f.Message, w.status, w.reason)
				}
			}
		})
	}
}

// TestRead_SetForbidden: what is known of a built-in initiative stands in for one
// that may not be read, unless exemptions name single definitions of it.
func TestRead_SetForbidden(t *testing.T) {
	const scope = "/subscriptions/" + sub
	for references, want := range map[string]report.Status{"": report.Compliant, "ref-dedb": report.Unknown} {
		d := open(t, armtest.Options{})
		id := d.fake.PutCache(armtest.Cache{})
		assigned(scope, mcsb, nil)(d.fake)
		initiative(member(tlsOnly, ""), member(privateLink, ""))(d.fake)
		if references != "" {
			d.fake.Put(scope+"/providers/Microsoft.Authorization/policyExemptions/e", object{"properties": object{
				"policyAssignmentId":           scope + "/providers/Microsoft.Authorization/policyAssignments/a",
				"policyDefinitionReferenceIds": []any{references},
			}})
		}
		d.fake.Deny(regexp.MustCompile(`.`), "Microsoft.Authorization/policySetDefinitions/read")
		c, err := d.reader.Read(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		f := judge(t, c)["AM-2/azure-policy-support"]
		if f.Status != want || want == report.Unknown &&
			(*f.Reason != string(posture.ReasonForbidden) || !strings.Contains(f.Message, "policySetDefinitions/read")) {
			t.Errorf("%q: %s (%s), want %s", references, f.Status, f.Message, want)
		}
	}
}

// TestRead_Forbidden: a refusal makes what depends on it unknown, and nothing else.
func TestRead_Forbidden(t *testing.T) {
	tests := []struct {
		action string
		cache  armtest.Cache
		seed   func(*armtest.Server)
		ids    []string // that are unknown for it
	}{
		{action: "Microsoft.Insights/diagnosticSettings/read", ids: []string{"LT-4/azure-resource-logs"}},
		{action: "Microsoft.Authorization/policyAssignments/read", ids: []string{"AM-2/azure-policy-support"}},
		{action: "Microsoft.Authorization/policyExemptions/read", seed: assigned("/subscriptions/"+sub, tlsOnly, nil),
			ids: []string{"AM-2/azure-policy-support"}},
		{action: "Microsoft.Cache/redis/patchSchedules/read", ids: []string{"advisory/patch-schedule"}},
		{action: "Microsoft.Cache/redis/firewallRules/read", ids: []string{"advisory/firewall-rules"}},
		{action: "Microsoft.Cache/redis/accessPolicyAssignments/read",
			cache: armtest.Cache{Configuration: map[string]string{"aad-enabled": "true"}}, ids: []string{"advisory/least-privilege-access-policy"}},
		{action: "Microsoft.Cache/redis/accessPolicies/read",
			cache: armtest.Cache{Configuration: map[string]string{"aad-enabled": "true"}, Children: map[string]object{
				"accessPolicies/get":          {"permissions": "+get"},
				"accessPolicyAssignments/app": {"accessPolicyName": "get", "objectId": "o", "objectIdAlias": "app"},
			}}, ids: []string{"advisory/least-privilege-access-policy"}},
		{action: "Microsoft.Network/virtualNetworks/subnets/read",
			cache: armtest.Cache{SKU: "Premium P1", Properties: object{"subnetId": subnetID}}, seed: injected(),
			ids: []string{"NS-1/network-security-group-support"}},
		{action: "Microsoft.Network/networkSecurityGroups/read",
			cache: armtest.Cache{SKU: "Premium P1", Properties: object{"subnetId": subnetID}}, seed: injected(),
			ids: []string{"NS-1/network-security-group-support"}},
	}
	for _, tt := range tests {
		t.Run(tt.action, func(t *testing.T) {
			d := open(t, armtest.Options{})
			id := d.fake.PutCache(tt.cache)
			if tt.seed != nil {
				tt.seed(d.fake)
			}
			before, err := d.reader.Read(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			d.fake.Deny(regexp.MustCompile(`.`), tt.action)
			after, err := NewReader(d.client, nil).Read(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			was, is := judge(t, before), judge(t, after)
			for id, f := range is {
				if slices.Contains(tt.ids, id) {
					if f.Status != report.Unknown || *f.Reason != string(posture.ReasonForbidden) {
						t.Errorf("%s: %s (%s), want unknown, forbidden", id, f.Status, f.Message)
					}
					if !strings.Contains(f.Message, tt.action) {
						t.Errorf("%s does not name the missing action: %s", id, f.Message)
					}
				} else if f.Status != was[id].Status {
					t.Errorf("%s: %s became %s", id, was[id].Status, f.Status)
				}
			}
			if !strings.Contains(detail(after), tt.action) || !strings.Contains(detail(after), "Reader") {
				t.Errorf("nothing names the missing action: %s", detail(after))
			}
		})
	}
}

// detail joins what the facts of a cache say about why they are unknown.
func detail(c *posture.Cache) string {
	s := []string{
		c.DiagnosticSettings.Detail, c.PolicyAssignments.Detail, c.FirewallRules.Detail, c.AccessPolicyAssignments.Detail,
		c.MaintenanceWindows.Source.Detail,
		c.Subnet.SecurityGroup.Source.Detail, c.Subnet.SecurityGroup.V.Rules.Detail,
	}
	for _, a := range c.PolicyAssignments.Items {
		s = append(s, a.Exempted.Source.Detail)
	}
	for _, a := range c.AccessPolicyAssignments.Items {
		s = append(s, a.Permissions.Source.Detail)
	}
	return strings.Join(s, " ")
}

func TestRead_ForbiddenEverywhere(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(armtest.Cache{})
	d.fake.Deny(regexp.MustCompile(`.`), "")
	c, err := d.reader.Read(t.Context(), id)
	if !arm.IsForbidden(err) || !strings.Contains(err.Error(), "Reader") || !strings.Contains(err.Error(), "Microsoft.Cache/redis/read") {
		t.Fatalf("error %v", err)
	}
	for id, f := range judge(t, c) {
		supported := baseline.Published().Entry(id) != nil && baseline.Published().Entry(id).Supported &&
			id != "DP-4/platform-key-encryption"
		if supported && (f.Status != report.Unknown || *f.Reason != string(posture.ReasonForbidden)) {
			t.Errorf("%s: %s %s, want unknown, forbidden", id, f.Status, f.Message)
		}
		if f.Status == report.Unknown && *f.Reason == string(posture.ReasonForbidden) &&
			!strings.Contains(f.Message, "Microsoft.Cache/redis/read") {
			t.Errorf("%s does not name the missing action: %s", id, f.Message)
		}
	}
}

func TestRead_Requests(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(armtest.Cache{Properties: object{"rdb-storage-connection-string": armtest.Canary}})
	if _, err := d.reader.Read(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	correlation := ""
	for _, r := range d.fake.Requests() {
		if strings.Contains(strings.ToLower(r.Path), "listkeys") {
			t.Error("access keys were asked for")
		}
		if r.UserAgent != "terraform-provider-redisbaseline/1.2.3 Terraform/1.11.0" {
			t.Errorf("user agent %q", r.UserAgent)
		}
		if correlation == "" {
			correlation = r.CorrelationID
		}
		if r.CorrelationID == "" || r.CorrelationID != correlation {
			t.Errorf("correlation id %q, want one for all", r.CorrelationID)
		}
		if r.Type == "microsoft.cache/redis" && r.APIVersion != "2024-11-01" {
			t.Errorf("api-version %s", r.APIVersion)
		}
	}
}

func TestRead_Twice_SharesWhatCachesShare(t *testing.T) {
	d := open(t, armtest.Options{})
	injected(rule("clients", 100, "Allow", "10.0.2.0/24", "6380"))(d.fake)
	for _, name := range []string{"a", "b"} {
		id := d.fake.PutCache(armtest.Cache{Name: name, SKU: "Premium P1", Properties: object{"subnetId": subnetID}})
		assigned(id, mcsb, nil)(d.fake)
		if _, err := d.reader.Read(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	for _, typ := range []string{"Microsoft.Network/virtualNetworks/subnets", "Microsoft.Network/networkSecurityGroups",
		"Microsoft.Authorization/policySetDefinitions"} {
		if n := d.fake.Count(armtest.KindRead, typ); n != 1 {
			t.Errorf("%s was read %d times", typ, n)
		}
	}
}

func TestChildrenFor(t *testing.T) {
	always := []child{childPatchSchedule, childPolicyAssignments, childDiagnosticSettings}
	on, off := posture.Known(true, ""), posture.Known(false, "")
	with := func(more ...child) []child { return append(slices.Clone(always), more...) }
	tests := []struct {
		name  string
		cache posture.Cache
		want  []child
	}{
		{"closed", posture.Cache{PublicNetworkAccess: off, SubnetID: posture.Unset[string](""), EntraAuthentication: off,
			PrivateEndpoints: posture.Set[posture.PrivateEndpoint]{Observed: true}}, always},
		{"public", posture.Cache{PublicNetworkAccess: on, SubnetID: posture.Unset[string](""), EntraAuthentication: off,
			PrivateEndpoints: posture.Set[posture.PrivateEndpoint]{Observed: true}}, with(childFirewallRules)},
		{"public access not known", posture.Cache{SubnetID: posture.Unset[string](""), EntraAuthentication: off,
			PrivateEndpoints: posture.Set[posture.PrivateEndpoint]{Observed: true}}, with(childFirewallRules)},
		{"endpoints not in the answer", posture.Cache{PublicNetworkAccess: off, SubnetID: posture.Unset[string](""), EntraAuthentication: off},
			with(childEndpoints)},
		{"Entra", posture.Cache{PublicNetworkAccess: off, SubnetID: posture.Unset[string](""), EntraAuthentication: on,
			PrivateEndpoints: posture.Set[posture.PrivateEndpoint]{Observed: true}}, with(childAccessAssignments)},
		{"injected", posture.Cache{PublicNetworkAccess: on, SubnetID: posture.Known(subnetID, ""), EntraAuthentication: posture.Unset[bool]("")},
			with(childSubnet)},
		{"injected, for a migration", posture.Cache{PublicNetworkAccess: on, SubnetID: posture.Known(subnetID, ""),
			EntraAuthentication: posture.Unset[bool](""), Migration: posture.Migration{MigrationAsked: true}},
			with(childFirewallRules, childLinkedServers, childSubnet)},
		{"classic", posture.Cache{PublicNetworkAccess: on,
			SubnetID: posture.Known("/subscriptions/s/resourceGroups/g/providers/Microsoft.ClassicNetwork/virtualNetworks/v/subnets/s",
				""),
			EntraAuthentication: off}, always},
		{"nothing known", posture.Cache{}, with(childFirewallRules, childEndpoints, childAccessAssignments)},
	}
	for _, tt := range tests {
		if got := childrenFor(service.Redis, &tt.cache); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
