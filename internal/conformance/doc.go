// Package conformance is tests only: one table of situations, each written once
// as facts, that every door of the product has to judge alike.
//
// A situation is a cache and what stands around it. The renderers of this package
// turn it into what each door reads: configuration of azurerm 3, 4 and 5, of azapi
// and of redisbaseline_cache, planned by a real Terraform with stubs of the
// providers; planned objects, for the functions of the provider and its guard; and
// answers of a fake Azure Resource Manager. Each door must give the verdict that
// the table states, for the same reason, with evidence of the same fact.
//
// The table is table_*_test.go. testdata/matrix.txt shows what every door said;
// testdata/*.txtar holds the configurations with their plans. `make generate`
// writes both.
//
// estates_test.go holds the gate of plans to verdicts about whole configurations of
// Azure Managed Redis and the Enterprise tiers, written by hand in testdata/estates
// before the plans were made. `go run ./internal/tfplan/linkgen -cases
// internal/conformance/testdata/estates CASE` plans one again.
//
// The renderers share no code with the readers that they test, so that both cannot
// be wrong in the same way.
package conformance
