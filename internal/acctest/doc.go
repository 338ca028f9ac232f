// Package acctest runs a real Terraform or OpenTofu against this provider and
// the stub of azurerm.
//
// In come configurations as people write them, out come the diagnostics that
// they would read. It has nothing but tests: they stand in a package of their
// own because the test framework exits where there is no Terraform.
package acctest
