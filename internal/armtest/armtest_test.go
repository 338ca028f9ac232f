package armtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// credential asks the fake for its tokens.
type credential struct{ s *Server }

func (c credential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, expires := c.s.Token()
	return azcore.AccessToken{Token: token, ExpiresOn: expires}, nil
}

// options lead an SDK client to the fake.
func options(e *Endpoint) *arm.ClientOptions {
	return &arm.ClientOptions{
		ClientOptions: policy.ClientOptions{
			Transport: e.Client(),
			Retry:     policy.RetryOptions{MaxRetries: -1},
			Cloud: cloud.Configuration{
				ActiveDirectoryAuthorityHost: e.URL + "/",
				Services: map[cloud.ServiceName]cloud.ServiceConfiguration{cloud.ResourceManager: {Endpoint: e.URL,
					Audience: e.URL}},
			},
		},
		DisableRPRegistration: true,
	}
}

// call is one request without any client in between.
type call struct {
	t *testing.T
	s *Server
	e *Endpoint
}

func start(t *testing.T, opts Options) call {
	t.Helper()
	s := New(opts)
	return call{t, s, s.StartTLS(t)}
}

type reply struct {
	status int
	header http.Header
	body   object
	raw    string
}

// do sends a request; url is a path with its query, version 2024-11-01 unless
// it says another.
func (c call) do(method, url string, body any) reply {
	c.t.Helper()
	r, err := c.try(method, url, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, url, err)
	}
	return r
}

func (c call) try(method, url string, body any) (reply, error) {
	c.t.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	if !bytes.Contains([]byte(url), []byte("api-version")) {
		separator := "?"
		if bytes.Contains([]byte(url), []byte("?")) {
			separator = "&"
		}
		url += separator + "api-version=2024-11-01"
	}
	if url[0] == '/' {
		url = c.e.URL + url
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, url, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	token, _ := c.s.Token()
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := c.e.Client().Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{status: answer.StatusCode, header: answer.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &r.body) // tests of broken bodies look at raw
	return r, nil
}

func (r reply) code() string    { return textAt(r.body, "error", "code") }
func (r reply) message() string { return textAt(r.body, "error", "message") }
