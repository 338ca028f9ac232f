package armtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// login answers requests that need no token: those to the login host, and for the
// cloud's metadata.
func (s *Server) login(r *http.Request, body []byte) (response, bool) {
	base := "https://" + r.Host
	path := strings.TrimRight(r.URL.Path, "/")
	switch {
	case strings.HasSuffix(path, "/.well-known/openid-configuration"):
		authority := strings.TrimSuffix(strings.TrimSuffix(path, "/.well-known/openid-configuration"), "/v2.0")
		return ok(object{
			"issuer":                                base + authority + "/v2.0",
			"authorization_endpoint":                base + authority + "/oauth2/v2.0/authorize",
			"token_endpoint":                        base + authority + "/oauth2/v2.0/token",
			"device_authorization_endpoint":         base + authority + "/oauth2/v2.0/devicecode",
			"jwks_uri":                              base + authority + "/discovery/v2.0/keys",
			"token_endpoint_auth_methods_supported": []any{"client_secret_post", "private_key_jwt"},
			"response_types_supported":              []any{"code", "id_token"},
			"subject_types_supported":               []any{"pairwise"},
			"id_token_signing_alg_values_supported": []any{"RS256"},
			"scopes_supported":                      []any{"openid"},
		}), true
	case strings.HasSuffix(path, "/discovery/instance"):
		host := r.Host
		return ok(object{
			"tenant_discovery_endpoint": base + "/" + s.opts.TenantID + "/v2.0/.well-known/openid-configuration",
			"api-version":               "1.1",
			"metadata":                  []any{object{"preferred_network": host, "preferred_cache": host, "aliases": []any{host}}},
		}), true
	case strings.EqualFold(path, "/metadata/endpoints"):
		return ok(metadata(base, s.opts.TenantID, r.URL.Query().Get("api-version"))), true
	case strings.HasSuffix(path, "/oauth2/v2.0/token"), strings.HasSuffix(path, "/oauth2/token"):
		return s.token(r, body), true
	}
	return response{}, false
}

func metadata(base, tenant, version string) any {
	cloud := object{
		"name": "FakeCloud", "portal": base, "media": base,
		"resourceManager": base + "/", "graph": base, "graphAudience": base, "batch": base, "sqlManagement": base, "gallery": base,
		"authentication": object{"loginEndpoint": base + "/adfs", "audiences": []any{base}, "tenant": tenant, "identityProvider": "ADFS"},
		"suffixes":       object{"storage": "fake.test", "keyVaultDns": "vault.fake.test"},
	}
	if version == "2015-01-01" {
		return object{"galleryEndpoint": base, "graphEndpoint": base, "portalEndpoint": base,
			"authentication": cloud["authentication"]}
	}
	return []any{cloud}
}

// token gives a token to every client that names itself, and checks the secret
// only where Options.ClientSecret says so.
func (s *Server) token(r *http.Request, body []byte) response {
	if r.Method != http.MethodPost {
		return methodNotAllowed(r)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return tokenError("invalid_request", "AADSTS900144: the request body is malformed.")
	}
	switch {
	case form.Get("client_id") == "":
		return tokenError("invalid_request", "AADSTS900144: the request body must contain 'client_id'.")
	case form.Get("client_secret") == "" && form.Get("client_assertion") == "":
		return tokenError("invalid_client", "AADSTS7000218: the request body must contain 'client_assertion' or 'client_secret'.")
	case form.Get("client_secret") != "" && s.opts.ClientSecret != "" && form.Get("client_secret") != s.opts.ClientSecret:
		return tokenError("invalid_client", "AADSTS7000215: invalid client secret provided.")
	}
	token, _ := s.issue(form.Get("client_id"))
	seconds := int(s.opts.TokenLifetime / time.Second)
	return ok(object{"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token})
}

func tokenError(code, text string) response {
	return response{status: http.StatusUnauthorized, body: object{"error": code, "error_description": text, "error_codes": []any{7000215}}}
}

// issue makes a token that looks like one of Microsoft Entra and is signed by
// nobody.
func (s *Server) issue(client string) (string, time.Time) {
	s.nextID++
	expires := s.opts.Now().Add(s.opts.TokenLifetime)
	claims := object{
		"tid": s.opts.TenantID, "appid": client, "oid": stableID("principal" + client), "exp": expires.Unix(),
		"jti": s.nextID, "aud": "https://management.azure.com/", "idtyp": "app",
	}
	var parts []string
	for _, part := range []object{{"alg": "none", "typ": "JWT"}, claims} {
		raw, err := json.Marshal(part)
		if err != nil {
			panic(err)
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(raw))
	}
	token := strings.Join(parts, ".") + "." + base64.RawURLEncoding.EncodeToString(fmt.Append(nil, Canary, "token-", s.nextID))
	s.tokens[token] = expires
	return token, expires
}

// Token issues a token for tests whose credential is a stub.
func (s *Server) Token() (token string, expires time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue("stub")
}

// ExpireTokens makes every token that was issued so far too old.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.tokens {
		s.tokens[token] = time.Time{}
	}
}

func (s *Server) authenticate(r *http.Request) response {
	token, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	challenge := fmt.Sprintf(`Bearer authorization_uri="https://%s/%s", error="invalid_token"`, r.Host, s.opts.TenantID)
	if !isBearer || token == "" {
		return failure(http.StatusUnauthorized, "AuthenticationFailed",
			"Authentication failed. The 'Authorization' header is missing.").with("WWW-Authenticate", challenge)
	}
	expires, issued := s.tokens[token]
	if !issued {
		return failure(http.StatusUnauthorized, "InvalidAuthenticationToken", "The access token is invalid.").with("WWW-Authenticate", challenge)
	}
	if !s.opts.Now().Before(expires) {
		return failure(http.StatusUnauthorized, "ExpiredAuthenticationToken",
			"The access token expiry UTC time is earlier than current UTC time.").with("WWW-Authenticate", challenge)
	}
	return response{}
}
