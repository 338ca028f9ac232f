// Package controls turns JSON reports into what an auditor asks for: the state of every
// control for every cache, with its evidence and date, the counterparts of the control in
// other frameworks, and what changed from one report to the next.
package controls
