// Package azure reads existing caches, and what stands around them, through
// Azure Resource Manager.
//
// In come settings, a resource id or a selection of subscriptions; out go
// postures in which every fact says where it was read or why it could not be.
// Nothing is asked for before the first request, and what an evaluation sends
// is GET, and the query of Azure Resource Graph. Writer, on the same pipeline, is
// for the managed cache alone.
//
// No verdict, no access key and no body of an answer in a message or a log may
// ever be in here.
package azure
