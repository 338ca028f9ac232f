// Package plangen writes plans for measurements: any number of caches of both services,
// each with a private endpoint and a diagnostic setting, among any number of other
// resources.
//
// In come numbers, out comes the JSON of a plan as Terraform 1.11 and azurerm 5
// shape it, written as a stream and the same for the same numbers.
//
// [WriteConfiguration] writes configurations of any size, to be judged without a plan.
//
// No test of a verdict may rest on what is in here: those take real plans.
package plangen
