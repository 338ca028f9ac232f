package provider

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/valuetest"
)

// Every setting of the table is an optional attribute of its kind, and says
// where else it is read from.
func TestAzureSettingsAreAttributes(t *testing.T) {
	attrs := map[string]*tfprotov6.SchemaAttribute{}
	for _, a := range startProvider(t).schema.Provider.Block.Attributes {
		attrs[a.Name] = a
	}
	kinds := map[arm.Kind]tftypes.Type{
		arm.KindString: tftypes.String, arm.KindBool: tftypes.Bool, arm.KindList: tftypes.List{ElementType: tftypes.String},
	}
	for _, s := range arm.Settings() {
		a := attrs[s.Name]
		if a == nil {
			t.Errorf("no attribute %s", s.Name)
			continue
		}
		if !a.Optional || a.Required || a.Sensitive != s.Sensitive || !a.Type.Equal(kinds[s.Kind]) {
			t.Errorf("%s: optional %v, sensitive %v, type %s", s.Name, a.Optional, a.Sensitive, a.Type)
		}
		for _, want := range append([]string{s.Description, s.Default}, s.Env...) {
			if !strings.Contains(a.Description, want) {
				t.Errorf("%s does not say %q: %s", s.Name, want, a.Description)
			}
		}
	}
	for _, name := range []string{"client_secret", "client_certificate", "client_certificate_password", "oidc_token", "oidc_request_token"} {
		if !attrs[name].Sensitive {
			t.Errorf("%s is not sensitive", name)
		}
	}
}

// Whoever judges plans only needs no Azure, whatever is configured.
func TestAzureIsNotAskedBeforeItIsNeeded(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"nothing set":         nil,
		"a service principal": {"ARM_TENANT_ID": armtest.DefaultTenant, "ARM_CLIENT_ID": "x", "ARM_CLIENT_SECRET": "y"},
		"wrong settings":      {"ARM_ENVIRONMENT": "moon", "ARM_USE_OIDC": "perhaps"},
	} {
		t.Run(name, func(t *testing.T) {
			tf := unconnected(t, func(name string) string { return env[name] })
			if diags := tf.configure(withBlocks(nil)); len(diags) > 0 {
				t.Fatal(said(diags))
			}
			if _, diags := tf.read(withBlocks(obj{"cache": snapshotOf(t, cacheWith(nil))})); len(diags) > 0 {
				t.Error(said(diags))
			}
			if diags := tf.guard(obj{"cache": cacheWith(nil)}); len(diags) > 0 {
				t.Error(said(diags))
			}
		})
	}
}

// asked remembers where the requests of a provider go.
type asked struct{ hosts []string }

func (a *asked) Do(r *http.Request) (*http.Response, error) {
	a.hosts = append(a.hosts, r.URL.Host)
	return &http.Response{
		StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r,
	}, nil
}

type anyToken struct{}

func (anyToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "token"}, nil
}

// Configuration before environment before default.
func TestPrecedenceOfSettings(t *testing.T) {
	for _, test := range []struct {
		name   string
		env    map[string]string
		config obj
		want   string
	}{
		{"the default", nil, nil, "management.azure.com"},
		{"the environment", map[string]string{"ARM_ENVIRONMENT": "usgovernment"}, nil, "management.usgovcloudapi.net"},
		{"the environment's second name", map[string]string{"AZURE_ENVIRONMENT": "china"}, nil, "management.chinacloudapi.cn"},
		{"the configuration", map[string]string{"ARM_ENVIRONMENT": "usgovernment"}, obj{"environment": "china"}, "management.chinacloudapi.cn"},
		{"mixed", map[string]string{"ARM_RESOURCE_MANAGER_ENDPOINT": "https://arm.example"}, obj{"environment": "custom"}, "arm.example"},
		{"every kind", nil, obj{"environment": "public", "use_cli": false, "auxiliary_tenant_ids": arr{armtest.DefaultTenant}},
			"management.azure.com"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &asked{}
			tf := serving(t, WithEnvironment(func(name string) string { return test.env[name] }), WithAzure(func(o *arm.Options) {
				o.Transport, o.Credential = a, anyToken{}
			}))
			if diags := tf.configure(withBlocks(test.config)); len(diags) > 0 {
				t.Fatal(said(diags))
			}
			tf.readData(evaluationType, obj{"resource_id": public("redis-orders").ID()})
			if len(a.hosts) == 0 || a.hosts[0] != test.want {
				t.Errorf("asked %v, want %s", a.hosts, test.want)
			}
		})
	}
}

// A setting that is not known while planning stops those who need Azure, and
// nobody else.
func TestUnknownSettings(t *testing.T) {
	for name, config := range map[string]obj{
		"client_secret":        {"client_secret": unknown},
		"use_cli":              {"use_cli": unknown},
		"auxiliary_tenant_ids": {"auxiliary_tenant_ids": arr{"a", unknown}},
	} {
		tf := unconnected(t, nil)
		if diags := tf.configure(withBlocks(config)); len(diags) > 0 {
			t.Fatal(said(diags))
		}
		for kind, c := range map[string]obj{evaluationType: {"resource_id": public("redis-orders").ID()}, fleetType: {}} {
			_, diags := tf.readData(kind, c)
			if got := seen(diags); len(got) != 1 || got[0].severity != "error" || !strings.Contains(got[0].summary, name) ||
				!strings.Contains(got[0].summary, "not known") {
				t.Errorf("%s, %s: got %+v", name, kind, got)
			}
		}
		if _, diags := tf.read(withBlocks(obj{"cache": snapshotOf(t, cacheWith(nil))})); len(diags) > 0 {
			t.Errorf("%s stops a planned cache from being judged: %v", name, said(diags))
		}
	}
}

func TestWrongSettings(t *testing.T) {
	for want, config := range map[string]obj{
		"environment \"moon\" from the configuration": {"environment": "moon"},
		"tokens are sent over https only":             {"environment": "custom", "resource_manager_endpoint": "http://localhost"},
		"needs resource_manager_endpoint":             {"environment": "custom"},
	} {
		tf := unconnected(t, nil)
		if diags := tf.configure(withBlocks(config)); len(diags) > 0 {
			t.Fatal(said(diags))
		}
		_, diags := tf.readData(fleetType, nil)
		if got := seen(diags); len(got) != 1 || got[0].severity != "error" ||
			!strings.Contains(strings.ToLower(got[0].detail), strings.ToLower(want)) {
			t.Errorf("want %q, got %+v", want, got)
		}
	}
}

// Without anything to sign in with, the error says what would help, and holds no
// secret.
func TestNothingToSignInWith(t *testing.T) {
	tf := serving(t, WithEnvironment(func(string) string { return "" }))
	if diags := tf.configure(withBlocks(obj{"use_cli": false, "client_secret": "hunter2"})); len(diags) > 0 {
		t.Fatal(said(diags))
	}
	for kind, config := range map[string]obj{evaluationType: {"resource_id": public("redis-orders").ID()}, fleetType: {}} {
		_, diags := tf.readData(kind, config)
		got := seen(diags)
		if len(got) != 1 || got[0].severity != "error" {
			t.Fatalf("got %+v", got)
		}
		for _, want := range []string{"client secret: tenant_id, client_id missing", "use_cli = true missing"} {
			if !strings.Contains(got[0].detail, want) {
				t.Errorf("no %q in %s", want, got[0].detail)
			}
		}
		if strings.Contains(got[0].summary+got[0].detail, "hunter2") {
			t.Error("the secret is printed")
		}
	}
}

// A setting of the configuration is what the environment would say; one of which a
// part is not known yet is unknown as a whole.
func TestSettingsOfTheConfiguration(t *testing.T) {
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for _, a := range startProvider(t).schema.Provider.Block.Attributes {
		typ.AttributeTypes[a.Name] = a.Type
	}
	c := newConnection(tfsdk.Config{Raw: valuetest.Of(typ, obj{
		"tenant_id": "t", "client_id": "", "use_oidc": false, "auxiliary_tenant_ids": arr{"a", "b"}, "subscription_id": unknown,
	})})
	want := map[string]string{"tenant_id": "t", "client_id": "", "use_oidc": "false", "auxiliary_tenant_ids": "a;b"}
	if diff := cmp.Diff(want, c.explicit); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"subscription_id"}, c.unknown); diff != "" {
		t.Error(diff)
	}
	c = newConnection(tfsdk.Config{Raw: valuetest.Of(typ, obj{"auxiliary_tenant_ids": arr{"a", unknown}})})
	if diff := cmp.Diff([]string{"auxiliary_tenant_ids"}, c.unknown); diff != "" || len(c.explicit) > 0 {
		t.Error(diff, c.explicit)
	}
}
