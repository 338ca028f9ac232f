// Package posture describes one cache and what stands around it as facts that
// checks may ask about, each three-valued and each with the place it was read.
//
// In come nothing but Go values set by a source (a plan, an HCL object, Azure
// Resource Manager); out go a [Cache] and the small questions it can answer.
//
// No rule, no verdict, no I/O and no secret may ever be in here: a field exists
// only if a check asks for it.
package posture
