package conformance

import "slices"

// table is every situation.
var table = slices.Concat(networkTable, afterwardsTable, accessTable, transitTable, policyTable, logTable, advisoryTable)
