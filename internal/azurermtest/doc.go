// Package azurermtest is a stub of the azurerm provider for tests: the resources
// that stand around a cache, with the attribute names, defaults and computed
// attributes of the major versions 3, 4 and 5. It sends no request to Azure.
//
// The tables of [providerschema] declare the resource types. The plans of the server look
// like those of the real provider: computed attributes and omitted computed blocks
// are unknown until apply. Apply makes up ARM ids, and access keys that start with
// CANARY, for which tests search output in which no key may stand.
//
// Nothing outside tests may import this package.
package azurermtest
