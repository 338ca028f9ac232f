// Package cli is the command line: the plan gate, the scan of existing caches,
// and the commands that show the catalogue.
//
// In come arguments, plans, selections of existing caches, exemptions and
// earlier reports; out go reports in the formats of package report, one-line
// errors on standard error, and an exit code.
//
// No rule and no format may ever be in here.
package cli
