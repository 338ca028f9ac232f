// Package azurecache brings one cache and its children to a desired state.
//
// In come the desired state (Desired), the prior one, and a client that may write;
// out go what Azure Resource Manager has afterwards (Observed) and errors that
// say what it refused. Each change is one request about one group of settings, awaited,
// read back and compared, because the service refuses some mixtures and forgets
// some changes silently.
//
// No rule of the baseline, no default and nothing of Terraform may be in here,
// and no access key or connection string in a result, an error or a log.
package azurecache
