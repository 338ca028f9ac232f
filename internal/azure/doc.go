// Package azure reads existing caches, and what stands around them, through
// Azure Resource Manager.
//
// In come a client of package arm and a resource id or a selection of
// subscriptions; out go postures in which every fact says where it was read or
// why it could not be. What is sent is GET, and the query of Azure Resource
// Graph.
//
// No verdict, no request that changes anything, no access key and no body of an
// answer in a message may ever be in here.
package azure
