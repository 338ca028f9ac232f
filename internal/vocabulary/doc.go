// Package vocabulary says where a fact stands.
//
// Each object that is judged, or stands around a cache that is, has one [Table]:
// a row for each fact of its posture, and in the row a term for each dialect in
// which sources write the object: azurerm with its generations, ARM (bodies of
// azapi and answers of Azure Resource Manager alike), and the resource of this
// provider. From the table come what a source keeps of its input, the type of
// the objects that functions take, the facts, their positions, and what is said
// of them where they are overlaid, hidden, forbidden, or drifted.
//
// What links an object around a cache to the cache, and what else a plan is asked
// of it, stands in a [Companion]: a row for each argument, by its [Role].
//
// A source shows its values as a [Node]; [Read] asks it for every fact.
package vocabulary
