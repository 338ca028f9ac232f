// Package cli is the command line: the plan gate and the commands that show the
// catalogue.
//
// In come arguments, plans and exemptions; out go reports in the formats of
// package report, one-line errors on standard error, and an exit code.
//
// No rule and no format may ever be in here.
package cli
