// Package provider is the Terraform door: functions, data sources and a guard
// resource that judge caches, planned or existing, while terraform plan runs.
//
// In come Terraform objects of azurerm's shape, the path of a plan, or what to
// read in Azure; out go diagnostics and report objects. Objects are typed, so
// that Terraform drops every attribute that no rule asks for, access keys among
// them, before this process sees the value. Azure is asked when a data source
// needs it and not before.
//
// No rule and no verdict may ever be in here, and functions have no clock, no
// environment and no network.
package provider
