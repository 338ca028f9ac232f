// Package cacheresource is the resource redisbaseline_cache with its ephemeral
// and its list resource: a real cache of which nothing is insecure when nothing
// else is set.
//
// In comes a configuration, which is completed with secure defaults and becomes a
// desired state for azurecache; what azurecache observes becomes the state. Of the provider
// it knows only a [Host], which judges and supplies the client.
//
// No rule of the baseline may be in here, and no access key or connection
// string in a plan, a state or a message.
package cacheresource
