// Package migrate plans the move of caches of a retiring service to Azure Managed
// Redis: what to order, what stands in the way, what clients notice, what is made
// anew, and the order of work.
//
// A plan is made of the facts of a posture and of the verdicts on it; nothing is read
// or written here.
package migrate
