package arm

import (
	"fmt"
	"strconv"
	"strings"
)

// Kind is the type of a setting.
type Kind int

// The kinds of settings. A list is written with semicolons in the environment.
const (
	KindString Kind = iota
	KindBool
	KindList
)

// Setting describes one setting of the connection to Azure: the attribute of
// the provider, the flag of the command line and the environment variables.
type Setting struct {
	Name        string   // attribute name; flags write it with dashes
	Env         []string // environment variables, in the order in which they are asked
	Default     string
	Kind        Kind
	Sensitive   bool
	Description string
}

// Names of the settings that code refers to.
const (
	SubscriptionID            = "subscription_id"
	TenantID                  = "tenant_id"
	AuxiliaryTenantIDs        = "auxiliary_tenant_ids"
	ClientID                  = "client_id"
	ClientIDFilePath          = "client_id_file_path"
	ClientSecret              = "client_secret"
	ClientSecretFilePath      = "client_secret_file_path"
	ClientCertificate         = "client_certificate"
	ClientCertificatePath     = "client_certificate_path"
	ClientCertificatePassword = "client_certificate_password"
	UseOIDC                   = "use_oidc"
	OIDCToken                 = "oidc_token"
	OIDCTokenFilePath         = "oidc_token_file_path"
	OIDCRequestURL            = "oidc_request_url"
	OIDCRequestToken          = "oidc_request_token"
	ADOServiceConnectionID    = "ado_pipeline_service_connection_id"
	UseMSI                    = "use_msi"
	MSIEndpoint               = "msi_endpoint"
	UseAKSWorkloadIdentity    = "use_aks_workload_identity"
	UseCLI                    = "use_cli"
	Environment               = "environment"
	ResourceManagerEndpoint   = "resource_manager_endpoint"
	ResourceManagerAudience   = "resource_manager_audience"
	AuthorityHost             = "active_directory_authority_host"
	DisableInstanceDiscovery  = "disable_instance_discovery"
	DisableCorrelationID      = "disable_correlation_request_id"
)

// settings is the one table behind provider schema, flags and documentation.
// The ARM_ names are those of azurerm and azapi, so that one environment serves
// all of them; the AZURE_ names are those of the Azure SDKs.
var settings = []Setting{
	{Name: SubscriptionID, Env: []string{"ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"},
		Description: "Subscription whose account the Azure CLI is asked for."},
	{Name: TenantID, Env: []string{"ARM_TENANT_ID", "AZURE_TENANT_ID"}, Description: "Microsoft Entra tenant of the identity."},
	{Name: AuxiliaryTenantIDs, Env: []string{"ARM_AUXILIARY_TENANT_IDS"}, Kind: KindList,
		Description: "Further tenants whose resources are read, at most three."},
	{Name: ClientID, Env: []string{"ARM_CLIENT_ID", "AZURE_CLIENT_ID"},
		Description: "Client id of the service principal or the managed identity."},
	{Name: ClientIDFilePath, Env: []string{"ARM_CLIENT_ID_FILE_PATH"}, Description: "File that holds the client id."},
	{Name: ClientSecret, Env: []string{"ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"}, Sensitive: true,
		Description: "Client secret of the service principal."},
	{Name: ClientSecretFilePath, Env: []string{"ARM_CLIENT_SECRET_FILE_PATH"}, Description: "File that holds the client secret."},
	{Name: ClientCertificate, Env: []string{"ARM_CLIENT_CERTIFICATE"}, Sensitive: true,
		Description: "Client certificate with its key, PKCS#12 in base64."},
	{Name: ClientCertificatePath, Env: []string{"ARM_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"},
		Description: "File that holds the client certificate with its key, PKCS#12 or PEM."},
	{Name: ClientCertificatePassword, Env: []string{"ARM_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD"}, Sensitive: true,
		Description: "Password of the client certificate."},
	{Name: UseOIDC, Env: []string{"ARM_USE_OIDC"}, Default: "false", Kind: KindBool,
		Description: "Sign in with an OpenID Connect token of a federated identity."},
	{Name: OIDCToken, Env: []string{"ARM_OIDC_TOKEN"}, Sensitive: true,
		Description: "OpenID Connect token. It cannot be renewed; a file or a request can."},
	{Name: OIDCTokenFilePath, Env: []string{"ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE"},
		Description: "File that holds the OpenID Connect token, read again whenever one is needed."},
	{Name: OIDCRequestURL, Env: []string{"ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"},
		Description: "Address that hands out OpenID Connect tokens, in GitHub Actions and Azure Pipelines."},
	{Name: OIDCRequestToken, Env: []string{"ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"}, Sensitive: true,
		Description: "Bearer token for that address."},
	{Name: ADOServiceConnectionID, Env: []string{"ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
		"AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"}, Description: "Service connection of Azure Pipelines whose identity is used."},
	{Name: UseMSI, Env: []string{"ARM_USE_MSI"}, Default: "false", Kind: KindBool,
		Description: "Sign in with the managed identity of the machine. It is never tried unless this is set."},
	{Name: MSIEndpoint, Env: []string{"ARM_MSI_ENDPOINT"}, Description: "Endpoint of the managed identity, where it is not the usual one."},
	{Name: UseAKSWorkloadIdentity, Env: []string{"ARM_USE_AKS_WORKLOAD_IDENTITY"}, Default: "false", Kind: KindBool,
		Description: "Sign in with the workload identity of a Kubernetes pod."},
	{Name: UseCLI, Env: []string{"ARM_USE_CLI"}, Default: "true", Kind: KindBool, Description: "Sign in as the user of the Azure CLI."},
	{Name: Environment, Env: []string{"ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"}, Default: "public",
		Description: "Azure cloud: public, usgovernment, china, or custom with endpoints of its own."},
	{Name: ResourceManagerEndpoint, Env: []string{"ARM_RESOURCE_MANAGER_ENDPOINT"},
		Description: "Azure Resource Manager of a custom cloud, https only."},
	{Name: ResourceManagerAudience, Env: []string{"ARM_RESOURCE_MANAGER_AUDIENCE"},
		Description: "Audience of tokens for a custom cloud; its endpoint when left out."},
	{Name: AuthorityHost, Env: []string{"ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "AZURE_AUTHORITY_HOST"},
		Description: "Microsoft Entra authority of a custom cloud, https only."},
	{Name: DisableInstanceDiscovery, Env: []string{"ARM_DISABLE_INSTANCE_DISCOVERY"}, Default: "false", Kind: KindBool,
		Description: "Do not ask Microsoft whether the authority is a known one; for disconnected clouds."},
	{Name: DisableCorrelationID, Env: []string{"ARM_DISABLE_CORRELATION_REQUEST_ID"}, Default: "false", Kind: KindBool,
		Description: "Send no x-ms-correlation-request-id."},
}

// Settings returns the table of settings, in the order of the documentation.
func Settings() []Setting { return append([]Setting{}, settings...) }

// Config holds the value of every setting, and where it came from.
type Config struct {
	values map[string]string
	origin map[string]string // "the configuration", the environment variable, or "the default"
}

// NewConfig merges what the user configured with the environment and the
// defaults, in this order. explicit holds the settings that are configured, by
// name, lists joined by semicolons; getenv is asked for the rest. An empty
// environment variable counts as not set.
func NewConfig(explicit map[string]string, getenv func(string) string) (Config, error) {
	c := Config{values: map[string]string{}, origin: map[string]string{}}
	for _, s := range settings {
		value, origin := lookUp(s, explicit, getenv)
		if s.Kind == KindBool {
			b, err := strconv.ParseBool(strings.TrimSpace(value))
			if err != nil {
				return Config{}, fmt.Errorf("%s from %s is neither true nor false", s.Name, origin)
			}
			value = strconv.FormatBool(b)
		}
		c.values[s.Name], c.origin[s.Name] = value, origin
	}
	for name := range explicit {
		if _, ok := c.values[name]; !ok {
			return Config{}, fmt.Errorf("there is no setting %s", name)
		}
	}
	return c, nil
}

func lookUp(s Setting, explicit map[string]string, getenv func(string) string) (value, origin string) {
	if v, ok := explicit[s.Name]; ok {
		return v, "the configuration"
	}
	if getenv != nil {
		for _, name := range s.Env {
			if v := getenv(name); v != "" {
				return v, "environment variable " + name
			}
		}
	}
	return s.Default, "the default"
}

// String returns the value of a setting; empty when it is not set.
func (c Config) String(name string) string { return c.values[name] }

// Bool returns the value of a setting of KindBool.
func (c Config) Bool(name string) bool { return c.values[name] == "true" }

// List returns the values of a setting of KindList.
func (c Config) List(name string) []string {
	var out []string
	for _, s := range strings.Split(c.values[name], ";") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Origin says where the value of a setting came from, for messages.
func (c Config) Origin(name string) string { return c.origin[name] }

// redact takes the values of secret settings out of a text that others wrote.
func (c Config) redact(text string) string {
	for _, s := range settings {
		if v := c.values[s.Name]; s.Sensitive && v != "" {
			text = strings.ReplaceAll(text, v, "(sensitive)")
		}
	}
	return text
}
