package acctest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

// fakeAzure is a fake Azure with two resource groups, rg and other.
type fakeAzure struct {
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

func newFakeAzure(t *testing.T, o armtest.Options) *fakeAzure {
	t.Helper()
	needTerraform(t)
	fake := armtest.New(o)
	fake.PutResourceGroup(armtest.DefaultSubscription, "rg", "westeurope")
	fake.PutResourceGroup(armtest.DefaultSubscription, "other", "westeurope")
	return &fakeAzure{fake, fake.StartTLS(t)}
}

// environment is the value of an environment variable for the provider.
func (c *fakeAzure) environment(name string) string {
	return map[string]string{
		"ARM_ENVIRONMENT": "custom", "ARM_RESOURCE_MANAGER_ENDPOINT": c.endpoint.URL, "ARM_SUBSCRIPTION_ID": armtest.DefaultSubscription,
	}[name]
}

// server is the provider in the process of the test. It does not sleep between polls.
func (c *fakeAzure) server() tfprotov6.ProviderServer {
	return provider.Server("test", baseline.Published(), provider.WithEnvironment(c.environment), provider.WithAzure(func(o *arm.Options) {
		o.Transport, o.Credential = c.endpoint.Client(), tokens{c.Server}
		o.RetryDelay = time.Millisecond
	}), provider.WithSleep(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }))()
}

func (c *fakeAzure) providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"redisbaseline": func() (tfprotov6.ProviderServer, error) { return c.server(), nil },
		"azurerm":       azurermtest.Server(azurermtest.V5),
	}
}

// secure is a redisbaseline_cache of size Standard C1, unless more has a sku_name.
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

// objects are the caches of the fake, with their children and companions, by id.
func (c *fakeAzure) objects() map[string]any {
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
