package cacheresource

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Host is what the provider does for the resource.
type Host interface {
	// Judge returns the diagnostics of a planned cache, by effect and with the
	// exemptions of the provider. place finds the root attribute that a path of
	// the evidence belongs to.
	Judge(c *posture.Cache, advisories bool, place func(evidence []string) (path.Path, bool)) diag.Diagnostics
	// Title is what the summaries of these diagnostics call the cache.
	Title(c *posture.Cache) string
	// Client is the client for Azure.
	Client() (*azurecache.Client, diag.Diagnostics)
	// Subscription is the subscription of new caches; empty where there is none, and
	// not known while the provider's settings are not known.
	Subscription() (id string, known bool)
	// Caches lists the ids of the caches of a service in a subscription; empty means the
	// provider's own.
	Caches(ctx context.Context, of *service.Service, subscription string) ([]string, error)
}

// HostOf returns the host from the provider's data; nil while the provider is not
// configured.
type HostOf func(providerData any) Host
