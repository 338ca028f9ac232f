package arm

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/secretfile"
)

// NewCredential returns the credential that the settings ask for. It reads no
// file and sends no request before the first token is needed, so that whoever
// never asks Azure needs no Azure.
func NewCredential(c Config, options policy.ClientOptions) azcore.TokenCredential {
	options.Transport = newTransport(options.Transport)
	return &lazyCredential{config: c, options: options}
}

// CredentialError says that no token could be had. It never holds a secret.
type CredentialError struct {
	Tried   []string // ways that were configured, with what came of them
	Skipped []string // ways that were not configured, with what is missing
	err     error
}

// Error lists what was tried and what is missing.
func (e *CredentialError) Error() string {
	var b strings.Builder
	b.WriteString("no token for Azure Resource Manager")
	if len(e.Tried) == 0 {
		b.WriteString("; nothing to sign in with is configured")
	}
	for _, s := range e.Tried {
		b.WriteString("\n  tried: " + s)
	}
	for _, s := range e.Skipped {
		b.WriteString("\n  not tried: " + s)
	}
	return b.String()
}

// Unwrap returns the error of the last way that was tried.
func (e *CredentialError) Unwrap() error { return e.err }

// NonRetriable marks the error for azcore: asking again cannot help.
func (e *CredentialError) NonRetriable() {}

type lazyCredential struct {
	config  Config
	options policy.ClientOptions

	once    sync.Once
	chain   azcore.TokenCredential
	tried   []string
	skipped []string
	err     error
}

// GetToken builds the chain on the first call.
func (l *lazyCredential) GetToken(ctx context.Context, opts policy.TokenRequestOptions) (azcore.AccessToken, error) {
	l.once.Do(l.build)
	if l.err != nil {
		return azcore.AccessToken{}, l.err
	}
	token, err := l.chain.GetToken(ctx, opts)
	if err == nil || ctx.Err() != nil {
		return token, err
	}
	return token, &CredentialError{
		Tried:   []string{strings.Join(l.tried, ", ") + ": " + l.config.redact(explain(err))},
		Skipped: l.skipped, err: errors.New("no token"),
	}
}

// explain shortens what azidentity says: its errors repeat whole answers.
func explain(err error) string {
	const most = 700
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}

// way is one way to sign in.
type way struct {
	name    string
	missing string // what keeps it from being tried; empty when nothing does
	build   func() (azcore.TokenCredential, error)
}

func (l *lazyCredential) build() {
	s, err := l.readSecrets()
	if err != nil {
		l.err = &CredentialError{Tried: []string{l.config.redact(err.Error())}, err: errors.New("unusable settings")}
		return
	}
	var sources []azcore.TokenCredential
	for _, w := range l.ways(s) {
		if w.missing != "" {
			l.skipped = append(l.skipped, w.name+": "+w.missing)
			continue
		}
		source, err := w.build()
		if err != nil {
			l.err = &CredentialError{Tried: []string{w.name + ": " + s.config.redact(explain(err))}, Skipped: l.skipped,
				err: errors.New("unusable settings")}
			return
		}
		l.tried = append(l.tried, w.name)
		sources = append(sources, source)
	}
	if len(sources) == 0 {
		l.err = &CredentialError{Skipped: l.skipped, err: errors.New("nothing configured")}
		return
	}
	l.config = s.config
	l.chain, l.err = azidentity.NewChainedTokenCredential(sources, &azidentity.ChainedTokenCredentialOptions{RetrySources: true})
}

// secrets are the settings with the files that some of them name read in.
type secrets struct {
	config           Config
	tenant, client   string
	secret, password string
	certificate      []byte
}

func (l *lazyCredential) readSecrets() (secrets, error) {
	c := l.config
	s := secrets{config: c, tenant: c.String(TenantID), password: c.String(ClientCertificatePassword)}
	var err error
	if s.client, err = fromFile(c, ClientID, ClientIDFilePath); err != nil {
		return s, err
	}
	if s.secret, err = fromFile(c, ClientSecret, ClientSecretFilePath); err != nil {
		return s, err
	}
	// A secret from a file is as secret as one that was configured.
	values := make(map[string]string, len(c.values))
	for k, v := range c.values {
		values[k] = v
	}
	values[ClientSecret] = s.secret
	s.config = Config{values: values, origin: c.origin}

	if path := c.String(ClientCertificatePath); path != "" {
		if s.certificate, err = secretfile.Read(path); err != nil {
			return s, fmt.Errorf("%s cannot be read: %w", ClientCertificatePath, err)
		}
	}
	if text := c.String(ClientCertificate); text != "" {
		if s.certificate, err = base64.StdEncoding.DecodeString(text); err != nil {
			return s, fmt.Errorf("%s is not base64", ClientCertificate)
		}
	}
	return s, nil
}

// fromFile returns a setting, or the content of the file that another one
// names. Naming both is refused where they differ.
func fromFile(c Config, setting, fileSetting string) (string, error) {
	value, path := c.String(setting), c.String(fileSetting)
	if path == "" {
		return value, nil
	}
	content, err := secretfile.Read(path)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: %w", fileSetting, err)
	}
	fromFile := strings.TrimSpace(string(content))
	if value != "" && value != fromFile {
		return "", fmt.Errorf("%s and %s disagree", setting, fileSetting)
	}
	return fromFile, nil
}

// ways lists the ways to sign in, in the order in which they are tried.
func (l *lazyCredential) ways(s secrets) []way {
	c := l.config
	federated := missing(pair{"use_oidc = true", c.Bool(UseOIDC)}, pair{TenantID, s.tenant != ""}, pair{ClientID, s.client != ""})
	assertion := func(source func(context.Context) (string, error)) func() (azcore.TokenCredential, error) {
		return func() (azcore.TokenCredential, error) {
			return azidentity.NewClientAssertionCredential(s.tenant, s.client, source, &azidentity.ClientAssertionCredentialOptions{
				ClientOptions: l.options, AdditionallyAllowedTenants: c.List(AuxiliaryTenantIDs),
				DisableInstanceDiscovery: c.Bool(DisableInstanceDiscovery),
			})
		}
	}
	request := oidcRequest{
		url: c.String(OIDCRequestURL), token: c.String(OIDCRequestToken),
		serviceConnection: c.String(ADOServiceConnectionID), options: l.options,
	}
	return []way{
		{
			"OpenID Connect token", and(federated, missing(pair{OIDCToken, c.String(OIDCToken) != ""})),
			assertion(func(context.Context) (string, error) { return c.String(OIDCToken), nil }),
		},
		{
			"OpenID Connect token file", and(federated, missing(pair{OIDCTokenFilePath, c.String(OIDCTokenFilePath) != ""})),
			assertion(tokenFile(c.String(OIDCTokenFilePath))),
		},
		{
			"OpenID Connect token request", and(federated, missing(pair{OIDCRequestURL, request.url != ""},
				pair{OIDCRequestToken, request.token != ""},
				// Azure Pipelines hands out no token without it.
				pair{ADOServiceConnectionID, request.serviceConnection != "" ||
					!strings.HasSuffix(c.Origin(OIDCRequestURL), "SYSTEM_OIDCREQUESTURI")})),
			assertion(request.fetch),
		},
		{
			"workload identity of the pod", missing(pair{"use_aks_workload_identity = true", c.Bool(UseAKSWorkloadIdentity)},
				pair{TenantID, s.tenant != ""}, pair{ClientID, s.client != ""}, pair{OIDCTokenFilePath, c.String(OIDCTokenFilePath) != ""}),
			assertion(tokenFile(c.String(OIDCTokenFilePath))),
		},
		{
			"client secret", missing(pair{TenantID, s.tenant != ""}, pair{ClientID, s.client != ""}, pair{ClientSecret, s.secret != ""}),
			func() (azcore.TokenCredential, error) {
				return azidentity.NewClientSecretCredential(s.tenant, s.client, s.secret, &azidentity.ClientSecretCredentialOptions{
					ClientOptions: l.options, AdditionallyAllowedTenants: c.List(AuxiliaryTenantIDs),
					DisableInstanceDiscovery: c.Bool(DisableInstanceDiscovery),
				})
			},
		},
		{
			"client certificate", missing(pair{TenantID, s.tenant != ""}, pair{ClientID, s.client != ""},
				pair{ClientCertificate + " or " + ClientCertificatePath, len(s.certificate) > 0}),
			func() (azcore.TokenCredential, error) {
				certificates, key, err := parseCertificate(s)
				if err != nil {
					return nil, err
				}
				return azidentity.NewClientCertificateCredential(s.tenant, s.client, certificates, key, &azidentity.ClientCertificateCredentialOptions{
					ClientOptions: l.options, AdditionallyAllowedTenants: c.List(AuxiliaryTenantIDs),
					DisableInstanceDiscovery: c.Bool(DisableInstanceDiscovery),
					SendCertificateChain:     true,
				})
			},
		},
		{
			"managed identity", missing(pair{"use_msi = true", c.Bool(UseMSI)}),
			func() (azcore.TokenCredential, error) { return l.managedIdentity(s.client) },
		},
		{
			"Azure CLI", missing(pair{"use_cli = true", c.Bool(UseCLI)}),
			func() (azcore.TokenCredential, error) {
				return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{
					AdditionallyAllowedTenants: c.List(AuxiliaryTenantIDs), Subscription: c.String(SubscriptionID), TenantID: s.tenant,
				})
			},
		},
	}
}

func (l *lazyCredential) managedIdentity(client string) (azcore.TokenCredential, error) {
	if endpoint := l.config.String(MSIEndpoint); endpoint != "" {
		if err := setMSIEndpoint(endpoint); err != nil {
			return nil, err
		}
	}
	options := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: l.options}
	if client != "" {
		options.ID = azidentity.ClientID(client)
	}
	return azidentity.NewManagedIdentityCredential(options)
}

// msiEndpoint is the endpoint of managed identities that this process was given.
var msiEndpoint struct {
	sync.Mutex
	value string
}

// setMSIEndpoint gives azidentity another endpoint, which it takes from the
// environment only and reads there with every request. It holds for the whole
// process, so that a second one is refused.
func setMSIEndpoint(endpoint string) error {
	msiEndpoint.Lock()
	defer msiEndpoint.Unlock()
	if msiEndpoint.value != "" && msiEndpoint.value != endpoint {
		return fmt.Errorf("%s differs from that of another configuration in this process; there can be one only", MSIEndpoint)
	}
	if err := os.Setenv("MSI_ENDPOINT", endpoint); err != nil {
		return fmt.Errorf("%s cannot be used: %w", MSIEndpoint, err)
	}
	msiEndpoint.value = endpoint
	return nil
}

func parseCertificate(s secrets) ([]*x509.Certificate, crypto.PrivateKey, error) {
	var password []byte
	if s.password != "" {
		password = []byte(s.password)
	}
	certificates, key, err := azidentity.ParseCertificates(s.certificate, password)
	if err != nil {
		return nil, nil, errors.New("the certificate cannot be read; it must hold a key, and the password must fit")
	}
	return certificates, key, nil
}

// pair is a requirement and whether it is met.
type pair struct {
	name string
	met  bool
}

func missing(pairs ...pair) string {
	var names []string
	for _, p := range pairs {
		if !p.met {
			names = append(names, p.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + " missing"
}

func and(a, b string) string {
	if a != "" && b != "" {
		return strings.TrimSuffix(a, " missing") + ", " + b
	}
	return a + b
}
