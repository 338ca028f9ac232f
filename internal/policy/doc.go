// Package policy is what an operator decides about verdicts: which of them a
// door objects to, and what is exempt.
//
// In come judged caches and YAML; out come objections, exemptions, and errors
// that name the line.
//
// No rule, no format and no door may ever be in here.
package policy
