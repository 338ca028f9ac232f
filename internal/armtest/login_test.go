package armtest

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// The credentials of Azure's own library get their tokens here.
func TestPublishedCredentials(t *testing.T) {
	for name, newCredential := range map[string]func(policy.ClientOptions) (azcore.TokenCredential, error){
		"client secret": func(o policy.ClientOptions) (azcore.TokenCredential, error) {
			return azidentity.NewClientSecretCredential(DefaultTenant, "app", "right",
				&azidentity.ClientSecretCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: true})
		},
		"client assertion": func(o policy.ClientOptions) (azcore.TokenCredential, error) {
			return azidentity.NewClientAssertionCredential(DefaultTenant, "app", func(context.Context) (string, error) { return "assertion", nil },
				&azidentity.ClientAssertionCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{ClientSecret: "right"})
			c.s.PutSubscription(Subscription{ID: DefaultSubscription})
			cred, err := newCredential(options(c.e).ClientOptions)
			if err != nil {
				t.Fatal(err)
			}
			token, err := cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{c.e.URL + "/.default"}})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.with(token.Token); got.status != 200 {
				t.Error(got.raw)
			}
			if c.s.Count(KindToken, "") != 1 {
				t.Error(c.s.Requests())
			}
		})
	}
	t.Run("wrong secret", func(t *testing.T) {
		c := start(t, Options{ClientSecret: "right"})
		cred, err := azidentity.NewClientSecretCredential(DefaultTenant, "app", "wrong",
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options(c.e).ClientOptions, DisableInstanceDiscovery: true})
		if err != nil {
			t.Fatal(err)
		}
		_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{c.e.URL + "/.default"}})
		if err == nil || !strings.Contains(err.Error(), "AADSTS7000215") {
			t.Error(err)
		}
	})
}

// with asks for the subscriptions with a token of choice.
func (c call) with(token string) reply {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.e.URL+"/subscriptions?api-version=2022-12-01", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.e.Client().Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return reply{status: answer.StatusCode, header: answer.Header}
}

func TestTokens(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	c := start(t, Options{Now: func() time.Time { return now }, TokenLifetime: time.Minute})
	token, _ := c.s.Token()
	want := func(name, token string, status int) {
		t.Helper()
		got := c.with(token)
		if got.status != status || status == 401 && !strings.HasPrefix(got.header.Get("Www-Authenticate"), "Bearer ") {
			t.Errorf("%s: got %d %v", name, got.status, got.header)
		}
	}
	want("none", "", 401)
	want("a stranger's", "stranger", 401)
	want("good", token, 200)
	now = now.Add(time.Minute)
	want("too old", token, 401)
	token, _ = c.s.Token()
	c.s.ExpireTokens()
	want("expired by the test", token, 401)
}
