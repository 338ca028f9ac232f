// Package hashicorptest holds the fake Azure Resource Manager against the client
// that azurerm is made with. It is a module of its own, because that client is
// large:
//
//	go -C internal/armtest/hashicorptest test ./...
package hashicorptest
