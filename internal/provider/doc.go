// Package provider is the Terraform door: functions, a data source and a guard
// resource that judge planned caches while terraform plan runs.
//
// In come Terraform objects of azurerm's shape, or the path of a plan; out go
// diagnostics and report objects. What enters is typed, so that Terraform drops
// every attribute that no rule asks for, access keys among them, before this
// process sees the value.
//
// No rule and no verdict may ever be in here, and functions have no clock, no
// environment and no network.
package provider
