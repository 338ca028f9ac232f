// Package report holds the words in which verdicts leave the program: the
// report types of format version 1.0 and one file per output format.
//
// In come reports that the baseline filled; out go bytes for people, pipelines
// and other programs.
//
// No rule may ever be in here, and no format may print a value that the
// evidence marks as sensitive.
package report
