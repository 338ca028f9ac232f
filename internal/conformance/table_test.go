package conformance

import "slices"

// table is every situation.
var table = slices.Concat(networkTable, accessTable, transitTable, policyTable, logTable, advisoryTable)
