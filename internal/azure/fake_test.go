package azure

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"go.uber.org/goleak"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// today decides which exemptions of the tests have expired.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

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
	client   *arm.Client
	reader   *Reader
}

func open(t testing.TB, opts armtest.Options, change ...func(*arm.Options)) *door {
	t.Helper()
	d := &door{fake: armtest.New(opts)}
	d.endpoint = d.fake.StartTLS(t)
	config, err := arm.NewConfig(custom(d.endpoint.URL), nil)
	if err != nil {
		t.Fatal(err)
	}
	o := arm.Options{
		Config: config, Version: "1.2.3", TerraformVersion: "1.11.0", Transport: d.endpoint.Client(), Credential: stub{d.fake},
		RetryDelay: time.Millisecond, RequestTimeout: 30 * time.Second,
	}
	for _, f := range change {
		f(&o)
	}
	if d.client, err = arm.NewClient(o); err != nil {
		t.Fatal(err)
	}
	d.reader = NewReader(d.client, func() time.Time { return today })
	t.Cleanup(func() { d.fake.AssertReadOnly(t) })
	return d
}

func custom(url string) map[string]string {
	return map[string]string{
		arm.Environment: "custom", arm.ResourceManagerEndpoint: url, arm.AuthorityHost: url, arm.DisableInstanceDiscovery: "true",
		arm.UseCLI:   "false",
		arm.TenantID: armtest.DefaultTenant, arm.ClientID: "00000000-0000-4000-8000-000000000001",
	}
}

// handled is a transport that answers by itself.
type handled func(*http.Request) (*http.Response, error)

func (f handled) Do(r *http.Request) (*http.Response, error) { return f(r) }

func answerOf(r *http.Request, body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}
