package acctest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

// cloud is a fake Azure with one resource group, and the provider in front of it.
type cloud struct {
	*armtest.Server
	endpoint *armtest.Endpoint
}

const (
	group  = "/subscriptions/" + armtest.DefaultSubscription + "/resourceGroups/rg"
	subnet = group + "/providers/Microsoft.Network/virtualNetworks/net/subnets/redis"
	logs   = group + "/providers/Microsoft.OperationalInsights/workspaces/logs"
	zone   = group + "/providers/Microsoft.Network/privateDnsZones/privatelink.redis.cache.windows.net"
	person = group + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/App"
)

func newCloud(t *testing.T, o armtest.Options) *cloud {
	t.Helper()
	needTerraform(t)
	fake := armtest.New(o)
	fake.PutResourceGroup(armtest.DefaultSubscription, "rg", "westeurope")
	fake.PutResourceGroup(armtest.DefaultSubscription, "other", "westeurope")
	return &cloud{fake, fake.StartTLS(t)}
}

type fakeToken struct{ fake *armtest.Server }

func (s fakeToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, expires := s.fake.Token()
	return azcore.AccessToken{Token: token, ExpiresOn: expires}, nil
}

// environment is what a user would have set.
func (c *cloud) environment(name string) string {
	return map[string]string{
		"ARM_ENVIRONMENT": "custom", "ARM_RESOURCE_MANAGER_ENDPOINT": c.endpoint.URL, "ARM_SUBSCRIPTION_ID": armtest.DefaultSubscription,
	}[name]
}

// server is the provider in this process. Its waits yield and do not sleep.
func (c *cloud) server() tfprotov6.ProviderServer {
	return provider.Server("test", baseline.Published(), provider.WithEnvironment(c.environment), provider.WithAzure(func(o *arm.Options) {
		o.Transport, o.Credential = c.endpoint.Client(), fakeToken{c.Server}
		o.RetryDelay = time.Millisecond
	}), provider.WithSleep(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }))()
}

func (c *cloud) providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"redisbaseline": func() (tfprotov6.ProviderServer, error) { return c.server(), nil },
		"azurerm":       azurermtest.Server(azurermtest.V5),
	}
}

// secure is a redisbaseline_cache; more overrides what it says of size.
func secure(label, name, more string) string {
	size := ""
	if !strings.Contains(more, "sku_name") {
		size = "  sku_name = \"Standard\"\n  capacity = 1\n"
	}
	return fmt.Sprintf("resource \"redisbaseline_cache\" %q {\n  name                = %q\n  resource_group_name = \"rg\"\n  location      "+
		"      = \"westeurope\"\n%s%s\n}\n", label, name, size, more)
}

func cacheIDOf(name string) string { return group + "/providers/Microsoft.Cache/redis/" + name }

const redisType = "Microsoft.Cache/redis"

// picture is everything that the fake has of caches and what belongs to them.
func (c *cloud) picture() map[string]any {
	out := map[string]any{}
	for _, typ := range []string{
		redisType, redisType + "/firewallRules", redisType + "/patchSchedules", redisType + "/accessPolicies",
		redisType + "/accessPolicyAssignments",
		redisType + "/privateEndpointConnections", "Microsoft.Insights/diagnosticSettings", "Microsoft.Network/privateEndpoints",
		"Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
	} {
		for _, id := range c.IDs(typ) {
			out[strings.ToLower(id)] = c.Object(id)
		}
	}
	return out
}
