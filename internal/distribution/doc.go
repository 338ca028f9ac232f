// Package distribution holds tests only: of the ways to get the program, which are
// `go install`, the GitHub Action and the entries for package managers.
package distribution
