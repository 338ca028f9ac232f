// Package providerschema holds the schemas of the resources that count, as azurerm, azapi
// and this provider declare them: names, types and documented defaults of arguments, by
// version of the provider. They stand in tables, one for each provider, because the
// providers themselves are not at hand where no plan is made.
package providerschema
