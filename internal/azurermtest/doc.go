// Package azurermtest is a stub of the azurerm provider for tests: the resources
// that stand around a cache, with the attribute names, defaults and computed
// attributes of three generations, and no Azure behind them.
//
// In comes the table resources.txt, out comes a provider server whose plans look
// like those of the real provider: computed attributes and omitted computed
// blocks are unknown until apply, which makes up ARM ids, and access keys that
// start with CANARY and must never be seen anywhere else.
//
// Nothing outside tests may import this package.
package azurermtest
