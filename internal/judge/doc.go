// Package judge holds what an operator decides about verdicts (the gate and
// exemptions) and the one loop that judges caches for every door.
//
// In come caches, documents, and the operator's decisions; out go judged caches to
// encoders, and at the end their summary, their notes, and the number of findings
// that the gate objects to.
//
// No rule, no format and no door may ever be in here.
package judge
