// Package acctest has the acceptance tests: a real Terraform or OpenTofu runs this
// provider, and the stub of azurerm, with configurations as people write them. Tests
// whose fake Azure fails at many requests send the requests of Terraform's core
// themselves, without a process: see fakeCore.
//
// The tests stand in a package of their own because the test framework of Terraform
// exits where there is no Terraform.
package acctest
