// Package service describes the Azure services whose caches are judged: one
// value for each, which holds what differs between services in Azure and in the
// names of azurerm.
//
// A source, a check or a door that treats services alike asks a value of this
// package and names no service itself. No rule, no verdict and no path of a fact
// may be in here.
package service
