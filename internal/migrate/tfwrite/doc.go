// Package tfwrite writes Terraform configuration of the caches of Azure Managed Redis
// to which caches move, with the objects around them.
//
// In come plans of moves and the postures that they were made of, out comes a [Set] of
// files that stands beside the configuration of the old caches, in its root module: a
// file for every cache or block of caches, one for every module call with caches, and
// managed_redis.tf with what they share. Nothing in them is guessed: what is not known
// is a variable.
//
// No key, no connection string and no value that is not documented is ever written.
package tfwrite
