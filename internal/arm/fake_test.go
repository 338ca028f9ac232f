package arm

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"go.uber.org/goleak"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const sub = armtest.DefaultSubscription

var (
	theCache   = regexp.MustCompile(`(?i)/redis/cache$`)
	cacheKind  = ResourceKind{"the cache", "Microsoft.Cache/redis", "2024-11-01"}
	cachesPath = "/subscriptions/" + sub + "/providers/Microsoft.Cache/redis"
)

// stub hands out tokens of the fake.
type stub struct{ fake *armtest.Server }

func (s stub) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, expires := s.fake.Token()
	return azcore.AccessToken{Token: token, ExpiresOn: expires}, nil
}

// door is a client of a fake that listens over TLS.
type door struct {
	fake     *armtest.Server
	endpoint *armtest.Endpoint
	client   *Client
}

func open(t testing.TB, opts armtest.Options, change ...func(*Options)) *door {
	t.Helper()
	d := &door{fake: armtest.New(opts)}
	d.endpoint = d.fake.StartTLS(t)
	config, err := NewConfig(custom(d.endpoint.URL), nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Config: config, Version: "1.2.3", TerraformVersion: "1.11.0", Transport: d.endpoint.Client(), Credential: stub{d.fake},
		RetryDelay: time.Millisecond, RequestTimeout: 30 * time.Second,
	}
	for _, f := range change {
		f(&o)
	}
	if d.client, err = NewClient(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.fake.AssertReadOnly(t) })
	return d
}

func custom(url string) map[string]string {
	return map[string]string{
		Environment: "custom", ResourceManagerEndpoint: url, AuthorityHost: url, DisableInstanceDiscovery: "true", UseCLI: "false",
		TenantID: armtest.DefaultTenant, ClientID: "00000000-0000-4000-8000-000000000001",
	}
}

// read reads one cache.
func (d *door) read(t *testing.T, id string) error {
	var raw json.RawMessage
	return d.client.Get(t.Context(), cacheKind, id, &raw)
}

func answerOf(r *http.Request, body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

// handled is a transport that answers by itself.
type handled func(*http.Request) (*http.Response, error)

func (f handled) Do(r *http.Request) (*http.Response, error) { return f(r) }
