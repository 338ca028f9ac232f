// Package hcptest simulates HCP Terraform as far as a run task meets it: it
// signs and delivers requests, keeps plans behind a redirect, and validates
// what is reported more strictly than the real one.
//
// In come runs with the faults to play; out come their histories. The hosts
// have the names of the real ones and live on loopback or in memory.
//
// Nothing of this project may be imported here: a shared mistake would hide.
package hcptest
