package provider

import (
	"context"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
)

// Option replaces something that the provider takes from its process. Tests and
// programs that embed the provider set options; users cannot.
type Option func(*redisbaseline)

// WithClock replaces time.Now.
func WithClock(now func() time.Time) Option {
	return func(p *redisbaseline) { p.now = now }
}

// WithEnvironment replaces os.Getenv for the settings of Azure.
func WithEnvironment(getenv func(string) string) Option {
	return func(p *redisbaseline) { p.getenv = getenv }
}

// WithAzure changes the options of the client of Azure Resource Manager, for
// example its transport and its credential.
func WithAzure(change func(*arm.Options)) Option {
	return func(p *redisbaseline) { p.changeAzure = change }
}

// WithSleep replaces the waits of the cache resource for Azure.
func WithSleep(sleep func(context.Context, time.Duration) error) Option {
	return func(p *redisbaseline) { p.sleep = sleep }
}
