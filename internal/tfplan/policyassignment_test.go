package tfplan_test

import (
	"encoding/json"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// TestPolicyVerdicts: an assignment by azurerm and the same one by azapi have
// the same verdict. In a plan other assignments may be in force, so that one
// that does not count leaves the feature unknown.
func TestPolicyVerdicts(t *testing.T) {
	const (
		root   = "/providers/Microsoft.Authorization/"
		mcsb   = root + "policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
		tls    = root + "policyDefinitions/22bee202-a82f-4305-9a2a-6d7f44d4dedb"
		logs   = root + "policySetDefinitions/85175a36-2f12-419a-96b4-18d5b0096531"
		first  = "diagnosticsLogsInRedisCacheMonitoringEffect"
		second = "azureCacheForRedisShouldUsePrivateEndpointMonitoringEffect"
		gone   = "REDACTED_SENSITIVE"
	)
	value := func(v any) m { return m{"value": v} }
	selectors := func(kind string, in any) []any {
		return []any{m{"selectors": []any{m{"kind": kind, "in": in}}}}
	}
	for name, tt := range map[string]struct {
		definition string
		properties m // of ARM
		unknown    m
		want       report.Status
		reason     posture.Reason
	}{
		"an initiative":              {mcsb, m{}, nil, report.Compliant, ""},
		"one of two definitions off": {mcsb, m{"parameters": m{first: value("Disabled")}}, nil, report.Compliant, ""},
		"both off": {mcsb, m{"parameters": m{first: value("Disabled"), second: value("disabled")}}, nil, report.Unknown,
			posture.ReasonNotObserved},
		"something else off": {mcsb, m{"parameters": m{"storageAccountsEffect": value("Disabled"),
			"redisSslToggle": value("Disabled")}}, nil, report.Compliant, ""},
		"parameters unknown":   {mcsb, m{}, m{"parameters": true}, report.Unknown, posture.ReasonKnownAfterApply},
		"parameters taken out": {mcsb, m{"parameters": gone}, nil, report.Unknown, posture.ReasonRemoved},
		"a definition, off": {tls, m{"parameters": m{"effect": value("Disabled")}}, nil, report.Unknown,
			posture.ReasonNotObserved},
		"a definition, no effect":         {tls, m{"parameters": m{"effect": value("CANARY")}}, nil, report.Unknown, posture.ReasonNotObserved},
		"a definition, an effect of null": {tls, m{"parameters": m{"effect": value(nil)}}, nil, report.Unknown, posture.ReasonNotObserved},
		"logs of this type": {logs, m{"parameters": m{"resourceTypeList": value([]any{"microsoft.cache/redis"}),
			"effect": value("AuditIfNotExists")}}, nil, report.Compliant, ""},
		"logs of every type": {logs, m{}, nil, report.Compliant, ""},
		"logs of another type": {logs,
			m{"parameters": m{"resourceTypeList": value([]any{"microsoft.cache/redisenterprise/databases"})}}, nil, report.Unknown,
			posture.ReasonNotObserved},
		"logs, off": {logs, m{"parameters": m{"effect": value("Disabled")}}, nil, report.Unknown,
			posture.ReasonNotObserved},
		"an override": {mcsb, m{"overrides": []any{m{"value": "Disabled"}}}, nil, report.Unknown,
			posture.ReasonNotObserved},
		"an override of another type": {mcsb, m{"overrides": selectors("resourceType", []any{"Microsoft.Web/sites"})}, nil,
			report.Compliant, ""},
		"an override of what was taken out": {mcsb, m{"overrides": selectors("resourceType", gone)}, nil, report.Unknown, posture.ReasonRemoved},
		"an override not known":             {mcsb, m{}, m{"overrides": true}, report.Unknown, posture.ReasonKnownAfterApply},
		"for a location": {mcsb, m{"resourceSelectors": selectors("resourceLocation", []any{"westeurope"})}, nil,
			report.Unknown, posture.ReasonNotObserved},
		"for another type": {mcsb, m{"resourceSelectors": selectors("resourceType", []any{"Microsoft.Web/sites"})}, nil,
			report.Unknown, posture.ReasonNotObserved},
		"for what was taken out": {mcsb, m{"resourceSelectors": selectors("resourceType", []any{gone})}, nil, report.Unknown,
			posture.ReasonRemoved},
		"not enforced": {mcsb, m{"enforcementMode": "DoNotEnforce"}, nil, report.Unknown, posture.ReasonNotObserved},
	} {
		t.Run(name, func(t *testing.T) {
			arm := with(tt.properties, m{"policyDefinitionId": tt.definition})
			azapi := m{"type": "Microsoft.Authorization/policyAssignments@2024-04-01", "name": "p", "parent_id": cacheA,
				"body": m{"properties": arm}}
			azurerm := m{"name": "p", "resource_id": cacheA, "policy_definition_id": tt.definition}
			unknown := m{"id": true}
			for from, to := range map[string]string{"overrides": "overrides", "resourceSelectors": "resource_selectors"} {
				if v, ok := tt.properties[from]; ok {
					azurerm[to] = v
				}
				if tt.unknown[from] != nil {
					unknown[to] = true
				}
			}
			switch p := tt.properties["parameters"].(type) {
			case m:
				text, err := json.Marshal(p)
				if err != nil {
					t.Fatal(err)
				}
				azurerm["parameters"] = string(text)
			case string:
				azurerm["parameters"] = p
			}
			if tt.unknown["parameters"] != nil {
				unknown["parameters"] = true
			}
			if tt.properties["enforcementMode"] != nil {
				azurerm["enforce"] = false
			}
			for address, change := range map[string][2]m{
				"azurerm_resource_policy_assignment.p": {azurerm, unknown},
				"azapi_resource.p":                     {azapi, m{"id": true, "body": m{"properties": tt.unknown}}},
			} {
				s := newSynth().cache(a, "a").change(address, "create", nil, change[0], change[1])
				policyVerdict(t, s, address, tt.want, tt.reason)
			}
		})
	}

	// What only azapi can say.
	for name, tt := range map[string]struct {
		properties, unknown, written m
		reason                       posture.Reason
	}{
		"a mode of no known meaning": {m{"enforcementMode": "Enroll"}, nil, nil, posture.ReasonKnownAfterApply},
		"one parameter not known": {m{"parameters": m{first: m{}, second: m{"value": "Disabled"}}},
			m{"parameters": m{first: m{"value": true}}}, nil, posture.ReasonKnownAfterApply},
		"a whole parameter not known": {m{"parameters": m{second: m{"value": "Disabled"}}}, m{"parameters": m{first: true}}, nil,
			posture.ReasonKnownAfterApply},
		"a hidden body": {m{}, nil, m{"sensitive_body": refs("var.x")}, posture.ReasonWriteOnly},
	} {
		t.Run(name, func(t *testing.T) {
			azapi := m{"type": "Microsoft.Authorization/policyAssignments@2024-04-01", "name": "p", "parent_id": cacheA,
				"body": m{"properties": with(tt.properties, m{"policyDefinitionId": mcsb})}}
			s := newSynth().cache(a, "a").change("azapi_resource.p", "create", nil, azapi, m{"id": true, "body": m{"properties": tt.unknown}})
			s.root.resource("azapi_resource.p", tt.written)
			policyVerdict(t, s, "azapi_resource.p", report.Unknown, tt.reason)
		})
	}
}

func policyVerdict(t *testing.T, s *synth, address string, want report.Status, reason posture.Reason) {
	t.Helper()
	for _, f := range baseline.Published().Evaluate(cacheAt(t, s.read(t), a).After, baseline.Options{}).Features {
		if f.ID != "AM-2/azure-policy-support" {
			continue
		}
		got := ""
		if f.Reason != nil {
			got = *f.Reason
		}
		if f.Status != want || got != string(reason) {
			t.Errorf("%s: %s %s (%s), want %s %s", address, f.Status, got, f.Message, want, reason)
		}
	}
}
