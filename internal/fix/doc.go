// Package fix mends violations and advisories in the source of a Terraform configuration, as
// far as a literal does.
//
// In come verdicts with the postures they are about, and the configuration; out come new
// contents of files, each change with the violations that it mends, and for every other
// violation why it is left. Nothing is written but by [Files.Write].
//
// A change is kept only if the configuration that has it is judged to have the setting, and
// no violation that it did not have before, and if nothing speaks against it: an obstacle of
// its [baseline.Setting], or for access keys a place that may take one (taker.go).
package fix
