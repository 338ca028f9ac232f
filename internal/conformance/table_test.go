package conformance

import "slices"

// table is every situation.
var table = slices.Concat(networkTable, existingTable, afterwardsTable, accessTable, transitTable, policyTable, logTable, advisoryTable,
	managedTable, enterpriseTable, managedAdvisoryTable)
