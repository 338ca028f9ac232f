package arm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/secretfile"
)

// tokenFile reads the token again on every call: whoever writes the file
// replaces the token before it expires.
func tokenFile(path string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		content, err := secretfile.Read(path)
		if err != nil {
			return "", fmt.Errorf("%s cannot be read: %w", OIDCTokenFilePath, err)
		}
		token := strings.TrimSpace(string(content))
		if token == "" {
			return "", fmt.Errorf("the file of %s is empty", OIDCTokenFilePath)
		}
		return token, nil
	}
}

// oidcRequest asks a CI system for an OpenID Connect token.
type oidcRequest struct {
	url, token        string
	serviceConnection string // Azure Pipelines; empty means GitHub Actions
	options           policy.ClientOptions
}

// fetch asks anew on every call, because such tokens live for minutes only.
func (o oidcRequest) fetch(ctx context.Context) (string, error) {
	if err := secure(OIDCRequestURL, o.url); err != nil {
		return "", err
	}
	method, address, err := o.address()
	if err != nil {
		return "", err
	}
	req, err := runtime.NewRequest(ctx, method, address)
	if err != nil {
		return "", errors.New(OIDCRequestURL + " is no address")
	}
	req.Raw().Header.Set("Authorization", "Bearer "+o.token)
	req.Raw().Header.Set("Accept", "application/json")
	options := policy.ClientOptions{Transport: o.options.Transport, Retry: o.options.Retry, Telemetry: policy.TelemetryOptions{Disabled: true}}
	resp, err := runtime.NewPipeline("", "", runtime.PipelineOptions{}, &options).Do(req)
	if err != nil {
		return "", fmt.Errorf("the request for an OpenID Connect token failed: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the request for an OpenID Connect token was answered with %d", resp.StatusCode)
	}
	body, err := runtime.Payload(resp)
	if err != nil {
		return "", fmt.Errorf("the answer to the request for an OpenID Connect token broke off: %w", err)
	}
	var answer struct {
		Value     string `json:"value"`     // GitHub Actions
		OIDCToken string `json:"oidcToken"` // Azure Pipelines
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", errors.New("the answer to the request for an OpenID Connect token is not JSON")
	}
	if token := answer.Value + answer.OIDCToken; token != "" {
		return token, nil
	}
	return "", errors.New("the answer to the request for an OpenID Connect token holds none")
}

func (o oidcRequest) address() (method, address string, err error) {
	u, err := url.Parse(o.url)
	if err != nil {
		return "", "", errors.New(OIDCRequestURL + " is no address")
	}
	query := u.Query()
	if o.serviceConnection == "" {
		if query.Get("audience") == "" {
			query.Set("audience", "api://AzureADTokenExchange")
		}
		u.RawQuery = query.Encode()
		return http.MethodGet, u.String(), nil
	}
	if query.Get("api-version") == "" {
		query.Set("api-version", "7.1")
	}
	query.Set("serviceConnectionId", o.serviceConnection)
	u.RawQuery = query.Encode()
	return http.MethodPost, u.String(), nil
}
