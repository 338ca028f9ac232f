package arm

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

const secret = "very-secret-value"

// through reads a cache of a fake with a real credential of the settings.
func through(t *testing.T, settings map[string]string, transport func(http.RoundTripper) policy.Transporter) (*armtest.Server, error) {
	t.Helper()
	fake := armtest.New(armtest.Options{ClientSecret: secret})
	endpoint := fake.StartTLS(t)
	id := fake.PutCache(armtest.Cache{})
	values := custom(endpoint.URL)
	for k, v := range settings {
		values[k] = v
	}
	config, err := NewConfig(values, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Config: config, Transport: endpoint.Client()}
	if transport != nil {
		o.Transport = transport(endpoint.Client().Transport)
	}
	client, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests before the first one was needed", n)
	}
	return fake, client.Get(t.Context(), cacheKind, id, &json.RawMessage{})
}

func TestCredential_Ways(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ci := func(answer string) func(http.RoundTripper) policy.Transporter {
		return func(next http.RoundTripper) policy.Transporter {
			return handled(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host != "ci.example.test" {
					return next.RoundTrip(r)
				}
				if r.Header.Get("Authorization") != "Bearer "+secret {
					t.Errorf("the request for a token does not carry the request token")
				}
				return answerOf(r, answer), nil
			})
		}
	}
	tests := []struct {
		name      string
		settings  map[string]string
		transport func(http.RoundTripper) policy.Transporter
	}{
		{name: "client secret", settings: map[string]string{ClientSecret: secret}},
		{name: "client secret file", settings: map[string]string{ClientSecretFilePath: file("secret", secret+"\n")}},
		{name: "client certificate file", settings: map[string]string{ClientCertificatePath: file("certificate", certificate(t))}},
		{name: "client certificate", settings: map[string]string{ClientCertificate: base64.StdEncoding.EncodeToString([]byte(certificate(t)))}},
		{name: "OIDC token", settings: map[string]string{UseOIDC: "true", OIDCToken: "assertion"}},
		{name: "OIDC token file", settings: map[string]string{UseOIDC: "true", OIDCTokenFilePath: file("token", "assertion\n")}},
		{name: "GitHub", settings: map[string]string{UseOIDC: "true", OIDCRequestURL: "https://ci.example.test/token?x=y",
			OIDCRequestToken: secret}, transport: ci(`{"value":"assertion"}`)},
		{name: "Azure DevOps", settings: map[string]string{UseOIDC: "true", OIDCRequestURL: "https://ci.example.test/token",
			OIDCRequestToken: secret, ADOServiceConnectionID: "conn"}, transport: ci(`{"oidcToken":"assertion"}`)},
		{name: "workload identity", settings: map[string]string{UseAKSWorkloadIdentity: "true", OIDCTokenFilePath: file("pod", "assertion")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fake, err := through(t, tt.settings, tt.transport)
			if err != nil {
				t.Fatal(err)
			}
			if fake.Count(armtest.KindToken, "") == 0 {
				t.Error("no token was asked for")
			}
		})
	}
}

func TestCredential_ErrorsNameWhatIsMissingAndNoSecret(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	broken := base64.StdEncoding.EncodeToString([]byte(secret))
	tests := []struct {
		name     string
		settings map[string]string
		want     []string
	}{
		{"nothing", map[string]string{}, []string{
			"nothing to sign in with is configured", "client secret: client_secret missing",
			"OpenID Connect token: use_oidc = true, oidc_token missing",
			"managed identity: use_msi = true missing", "Azure CLI: use_cli = true missing",
		}},
		{"wrong secret", map[string]string{ClientSecret: "wrong-" + secret},
			[]string{"tried: client secret", "not tried: Azure CLI: use_cli = true missing"}},
		{"missing file", map[string]string{ClientSecretFilePath: "/nowhere/at/all"}, []string{"client_secret_file_path cannot be read"}},
		{"broken certificate", map[string]string{ClientCertificate: broken, ClientCertificatePassword: secret},
			[]string{"client certificate: the certificate cannot be read"}},
		{"OIDC without client", map[string]string{UseOIDC: "true", OIDCToken: secret, ClientID: ""},
			[]string{"OpenID Connect token: client_id missing"}},
		{"http request address", map[string]string{UseOIDC: "true", OIDCRequestURL: "http://ci.example.test", OIDCRequestToken: secret},
			[]string{"https only"}},
		{"empty token file", map[string]string{UseOIDC: "true", OIDCTokenFilePath: empty}, []string{"is empty"}},
		{"token of a device", map[string]string{UseOIDC: "true", OIDCTokenFilePath: "/dev/zero"},
			[]string{OIDCTokenFilePath + " cannot be read", "regular file"}},
		{"secret of a device", map[string]string{ClientSecretFilePath: "/dev/zero"},
			[]string{"client_secret_file_path cannot be read", "regular file"}},
		{"client of a device", map[string]string{ClientID: "", ClientIDFilePath: "/dev/zero"},
			[]string{"client_id_file_path cannot be read", "regular file"}},
		{"certificate of a device", map[string]string{ClientCertificatePath: "/dev/zero"},
			[]string{"client_certificate_path cannot be read", "regular file"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fake, err := through(t, tt.settings, nil)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), broken) {
				t.Errorf("the error holds a secret")
			}
			if n := fake.Count(armtest.KindRead, ""); n != 0 {
				t.Errorf("%d reads without a token", n)
			}
		})
	}
}

// certificate makes a client certificate with its key, in PEM.
func certificate(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// The endpoint of managed identities holds for the whole process: another one
// would change the first configuration without a word.
func TestCredential_OneMSIEndpoint(t *testing.T) {
	t.Setenv("MSI_ENDPOINT", "")
	t.Cleanup(func() { msiEndpoint.value = "" })
	ask := func(endpoint string) error {
		config, err := NewConfig(map[string]string{UseMSI: "true", MSIEndpoint: endpoint, UseCLI: "false"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&lazyCredential{config: config}).managedIdentity("")
		return err
	}
	for _, endpoint := range []string{"http://localhost:1", "http://localhost:1"} {
		if err := ask(endpoint); err != nil || os.Getenv("MSI_ENDPOINT") != endpoint {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
	if err := ask("http://localhost:2"); err == nil || os.Getenv("MSI_ENDPOINT") != "http://localhost:1" {
		t.Errorf("a second endpoint: %v", err)
	}
}
