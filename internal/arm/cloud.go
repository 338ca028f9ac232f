package arm

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	// Its init fills in the Resource Manager endpoints of the clouds.
	_ "github.com/Azure/azure-sdk-for-go/sdk/azcore/arm/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// cloudOf returns the endpoints of the configured cloud.
func cloudOf(c Config) (cloud.Configuration, error) {
	var out cloud.Configuration
	switch strings.ToLower(c.String(Environment)) {
	case "public", "azurecloud", "azurepubliccloud":
		out = cloud.AzurePublic
	case "usgovernment", "azureusgovernment", "azureusgovernmentcloud":
		out = cloud.AzureGovernment
	case "china", "azurechinacloud":
		out = cloud.AzureChina
	case "custom":
		if c.String(ResourceManagerEndpoint) == "" {
			return out, fmt.Errorf("environment custom needs %s", ResourceManagerEndpoint)
		}
		out = cloud.Configuration{ActiveDirectoryAuthorityHost: cloud.AzurePublic.ActiveDirectoryAuthorityHost}
	default:
		return out, &SettingError{Environment, fmt.Sprintf("environment %q from %s is none of public, usgovernment, china and custom%s",
			c.String(Environment), c.Origin(Environment),
			suggest.DidYouMean(c.String(Environment), []string{"public", "usgovernment", "china", "custom"}))}
	}
	manager := out.Services[cloud.ResourceManager]
	if endpoint := c.String(ResourceManagerEndpoint); endpoint != "" {
		if err := secure(ResourceManagerEndpoint, endpoint); err != nil {
			return out, err
		}
		manager.Endpoint = strings.TrimRight(endpoint, "/")
		if manager.Audience == "" {
			manager.Audience = manager.Endpoint
		}
	}
	if audience := c.String(ResourceManagerAudience); audience != "" {
		manager.Audience = audience
	}
	if host := c.String(AuthorityHost); host != "" {
		if err := secure(AuthorityHost, host); err != nil {
			return out, err
		}
		out.ActiveDirectoryAuthorityHost = host
	}
	// The clouds of the SDK are shared by the whole process.
	out.Services = map[cloud.ServiceName]cloud.ServiceConfiguration{cloud.ResourceManager: manager}
	return out, nil
}

// SettingError is the error of the value of one setting.
type SettingError struct{ Setting, Problem string }

// Error is the problem, which names the setting.
func (e *SettingError) Error() string { return e.Problem }

// CheckCloud refuses values that are configured, as NewConfig takes them, and that no
// cloud can have; getenv is asked for the rest, whose values may still change.
func CheckCloud(explicit map[string]string, getenv func(string) string) *SettingError {
	c, err := NewConfig(explicit, getenv)
	if err == nil {
		_, err = cloudOf(c)
	}
	var wrong *SettingError
	if errors.As(err, &wrong) {
		if _, configured := explicit[wrong.Setting]; configured {
			return wrong
		}
	}
	return nil
}

// secure refuses addresses to which a token would travel in clear.
func secure(setting, address string) error {
	problem := ""
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		problem = " is no absolute address such as https://management.azure.com"
	case u.Scheme != "https":
		problem = " begins with " + u.Scheme + "://; tokens are sent over https only"
	case u.User != nil:
		problem = " holds a user name; credentials have settings of their own"
	default:
		return nil
	}
	return &SettingError{setting, setting + problem}
}
