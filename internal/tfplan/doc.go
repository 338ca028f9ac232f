// Package tfplan reads the JSON of a Terraform or OpenTofu plan and yields the
// posture of every cache in it, before and after.
//
// In comes what `terraform show -json` prints, read once as a stream; out come
// a [Plan] and, one by one, postures with the companions that are known to
// belong to each cache and the doubts about those that may.
//
// No rule, no verdict and no invented link may ever be in here, and no
// attribute that no rule asks for: keys and connection strings are skipped
// while reading and never become values.
package tfplan
