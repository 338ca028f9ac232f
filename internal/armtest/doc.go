// Package armtest is a fake Azure Resource Manager for tests: an HTTP handler
// that keeps subscriptions, caches and what stands around them in memory and
// answers as the real service does, with its refusals, delays and oddities.
//
// What comes in are HTTP requests and what a test seeds; what goes out are ARM
// bodies, a log of the requests, and the state that the requests left behind.
// It knows nothing of the rest of this project, so that both cannot be wrong in
// the same way; its bodies are checked against the published Go model, and its
// behaviour with clients that others wrote.
//
// Time passes only where a test says so: operations advance by being polled,
// quotas by an injected clock, and latency by an injected sleep.
package armtest
