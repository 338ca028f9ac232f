// Package runtask is the HTTP service that HCP Terraform and Terraform
// Enterprise call as a run task.
//
// In come signed requests about runs; out go verdicts on the caches of their
// plans, as task results with one outcome per violated rule. A request is
// answered at once and worked on in the background.
//
// A plan that cannot be judged fails with the reason; it never passes, and a result
// is always reported.
// No rule may ever be in here, and no token, plan value or secret in a log.
package runtask
