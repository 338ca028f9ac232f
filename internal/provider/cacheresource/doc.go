// Package cacheresource is the resource redisbaseline_cache with its ephemeral
// and its list resource: a real cache whose shortest configuration is a
// compliant one.
//
// In comes a configuration, which it completes with secure defaults and turns
// into wishes for azurecache; what Azure has comes back and becomes state. Of
// the provider it knows nothing but a [Host], which judges and opens the way to
// Azure.
//
// No rule of the baseline may be in here, and no access key or connection
// string in a plan, a state or a message.
package cacheresource
