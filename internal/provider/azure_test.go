package provider

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

// tokens hands out tokens of the fake.
type tokens struct{ fake *armtest.Server }

func (s tokens) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, expires := s.fake.Token()
	return azcore.AccessToken{Token: token, ExpiresOn: expires}, nil
}

// againstFake starts a provider whose Azure is a fake; nothing but reads may
// reach it.
func againstFake(t *testing.T, config obj) (*terraform, *armtest.Server) {
	t.Helper()
	return against(t, armtest.New(armtest.Options{}), config)
}

func against(t *testing.T, fake *armtest.Server, config obj) (*terraform, *armtest.Server) {
	t.Helper()
	endpoint := fake.StartTLS(t)
	t.Cleanup(func() { fake.AssertReadOnly(t) })
	tf := serving(t, WithEnvironment(func(name string) string {
		return map[string]string{"ARM_ENVIRONMENT": "custom", "ARM_RESOURCE_MANAGER_ENDPOINT": endpoint.URL}[name]
	}), WithAzure(func(o *arm.Options) {
		o.Transport, o.Credential = endpoint.Client(), tokens{fake}
		o.RetryDelay, o.RequestTimeout = time.Millisecond, 10*time.Second
		o.Limits = fast
	}))
	if diags := tf.configure(withBlocks(config)); len(diags) > 0 {
		t.Fatalf("provider configuration: %s", diags[0].Summary)
	}
	return tf, fake
}

// unconnected starts a provider that fails the test when it asks for a token or
// sends anything.
func unconnected(t *testing.T, getenv func(string) string) *terraform {
	t.Helper()
	return serving(t, WithEnvironment(getenv), WithAzure(func(o *arm.Options) {
		o.Transport, o.Credential = silence{t}, silence{t}
	}))
}

// readData reads any data source.
func (tf *terraform) readData(kind string, config obj) (obj, []*tfprotov6.Diagnostic) {
	tf.t.Helper()
	typ := tf.schema.DataSourceSchemas[kind].ValueType()
	resp, err := tf.server.ReadDataSource(tf.t.Context(),
		&tfprotov6.ReadDataSourceRequest{TypeName: kind, Config: tf.dynamic(typ, withBlocks(config))})
	if err != nil {
		tf.t.Fatal(err)
	}
	state, err := resp.State.Unmarshal(typ)
	if err != nil {
		tf.t.Fatal(err)
	}
	out, _ := plainOf(state).(obj)
	if text, ok := out["report_json"].(string); ok {
		schematest.Compile(tf.t, report.Schema).Check(tf.t, "report_json", text)
	}
	return out, resp.Diagnostics
}

// reportOf is the report that a state holds.
func reportOf(t *testing.T, state obj) (r report.Report) {
	t.Helper()
	if err := json.Unmarshal([]byte(state["report_json"].(string)), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// validate checks the configuration of a data source as Terraform does.
func (tf *terraform) validate(kind string, config obj) []*tfprotov6.Diagnostic {
	tf.t.Helper()
	typ := tf.schema.DataSourceSchemas[kind].ValueType()
	resp, err := tf.server.ValidateDataResourceConfig(tf.t.Context(),
		&tfprotov6.ValidateDataResourceConfigRequest{TypeName: kind, Config: tf.dynamic(typ, withBlocks(config))})
	if err != nil {
		tf.t.Fatal(err)
	}
	return resp.Diagnostics
}

func at(name string) *tftypes.AttributePath {
	return tftypes.NewAttributePath().WithAttributeName(name)
}

// sound is a cache that violates nothing.
func sound(name string) armtest.Cache {
	return armtest.Cache{
		Name: name, SKU: "Standard C1", Properties: map[string]any{"publicNetworkAccess": "Disabled", "minimumTlsVersion": "1.2",
			"disableAccessKeyAuthentication": true},
		Configuration: map[string]string{"aad-enabled": "true"},
		Children: map[string]map[string]any{
			"privateEndpointConnections/pe": {},
			"providers/Microsoft.Insights/diagnosticSettings/logs": {
				"workspaceId": "/subscriptions/" + armtest.DefaultSubscription +
					"/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/logs",
				"logs": []map[string]any{{"categoryGroup": "allLogs", "enabled": true}},
			},
		},
	}
}

// public is sound but for public network access.
func public(name string) armtest.Cache {
	c := sound(name)
	c.Properties["publicNetworkAccess"] = "Enabled"
	c.Children["firewallRules/office"] = map[string]any{"startIP": "20.1.2.3", "endIP": "20.1.2.3"}
	return c
}

// silence fails the test when anybody asks.
type silence struct{ t *testing.T }

func (s silence) Do(r *http.Request) (*http.Response, error) {
	s.t.Errorf("%s %s was sent", r.Method, r.URL.Path)
	return nil, errors.New("nobody is there")
}

func (s silence) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	s.t.Error("a token was asked for")
	return azcore.AccessToken{}, errors.New("nobody is there")
}

// diagnosed is a diagnostic as tests compare it.
type diagnosed struct{ severity, summary, detail, at string }

func seen(diags []*tfprotov6.Diagnostic) []diagnosed {
	var out []diagnosed
	for _, d := range diags {
		where := ""
		if d.Attribute != nil {
			where = d.Attribute.String()
		}
		out = append(out, diagnosed{strings.ToLower(d.Severity.String()), d.Summary, d.Detail, where})
	}
	return out
}

// fast is a pace that no quota holds back: the fake has none.
var fast = arm.Limits{Concurrency: 64, SubscriptionConcurrency: 64, ReadBurst: 1 << 20, ReadsPerSecond: 1 << 20, QueryBurst: 1000,
	QuerySeconds: 1}
