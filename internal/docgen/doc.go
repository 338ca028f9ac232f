// Command docgen writes the baseline guide of the documentation.
//
// In comes the catalogue of a [baseline.Document]; out goes one Markdown
// file with a section for each feature and advisory, whose headings are the
// anchors that [baseline.HelpURL] points to. `make generate` runs it.
//
// No text about a rule may be in here: it lives on the rule's value.
package main
