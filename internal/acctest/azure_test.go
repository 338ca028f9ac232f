package acctest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

// clientSecret is the secret of the service principal. No output may show it, nor any
// other secret of the fake.
const clientSecret = armtest.Canary + "-client-secret"

// newAzure is a fake Azure for a test that only reads: it fails the test for a write.
func newAzure(t *testing.T) (*armtest.Server, *armtest.Endpoint) {
	t.Helper()
	fake := armtest.New(armtest.Options{ClientSecret: clientSecret})
	endpoint := fake.StartTLS(t)
	t.Cleanup(func() {
		fake.AssertReadOnly(t)
		if n := fake.Count(armtest.KindAction, ""); n > 0 {
			t.Errorf("%d actions, such as listKeys, were sent", n)
		}
	})
	return fake, endpoint
}

// cloudEnv are the environment variables for a custom cloud and a service principal.
func cloudEnv(t *testing.T, endpoint *armtest.Endpoint) []string {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, endpoint.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"SSL_CERT_FILE=" + ca,
		"ARM_ENVIRONMENT=custom",
		"ARM_RESOURCE_MANAGER_ENDPOINT=" + endpoint.URL,
		"ARM_RESOURCE_MANAGER_AUDIENCE=" + endpoint.URL,
		"ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=" + endpoint.URL + "/",
		"ARM_DISABLE_INSTANCE_DISCOVERY=true",
		"ARM_USE_CLI=false",
		"ARM_TENANT_ID=" + armtest.DefaultTenant,
		"ARM_CLIENT_ID=fake",
		"ARM_CLIENT_SECRET=" + clientSecret,
	}
}

// tokens is a credential that the fake accepts.
type tokens struct{ fake *armtest.Server }

func (s tokens) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, expires := s.fake.Token()
	return azcore.AccessToken{Token: token, ExpiresOn: expires}, nil
}

// inProcess is this provider in the process of the test, with the transport, credential
// and clock of the test.
func inProcess(fake *armtest.Server, endpoint *armtest.Endpoint) map[string]func() (tfprotov6.ProviderServer, error) {
	server := provider.Server("test", baseline.Published(),
		provider.WithClock(func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }),
		provider.WithEnvironment(func(name string) string {
			return map[string]string{"ARM_ENVIRONMENT": "custom", "ARM_RESOURCE_MANAGER_ENDPOINT": endpoint.URL}[name]
		}),
		provider.WithAzure(func(o *arm.Options) {
			o.Transport, o.Credential, o.RetryDelay = endpoint.Client(), tokens{fake}, time.Millisecond
			o.Limits = arm.Limits{Concurrency: 64, SubscriptionConcurrency: 64, ReadBurst: 1 << 20, ReadsPerSecond: 1 << 20, QueryBurst: 1000,
				QuerySeconds: 1}
		}))
	return map[string]func() (tfprotov6.ProviderServer, error){
		"redisbaseline": func() (tfprotov6.ProviderServer, error) { return server(), nil },
	}
}
