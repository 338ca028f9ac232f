// Package report holds the types of a report of format version 1.0 and an encoder
// for each output format, in a file of its own.
//
// In come reports that the baseline filled; out go bytes for people, pipelines
// and other programs. Encoders share the lookup of texts in base.go, the order of
// caches in rank.go, texts that wait for that order in rankedtext.go, and the
// defence against hostile text in printable.go.
//
// No rule may ever be in here, and no format may print a value that the
// evidence marks as sensitive.
package report
