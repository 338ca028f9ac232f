// Package hcptest simulates HCP Terraform as far as a run task uses it: it signs and
// delivers requests, serves plans behind a redirect, and validates task results more
// strictly than HCP Terraform does.
//
// In come runs with the faults to simulate; out come their results, heartbeats and
// violations of the protocol. The hosts have the real names and listen on loopback
// or in memory.
//
// Nothing of this project may be imported here: a mistake in code that both sides
// share would not be noticed.
package hcptest
