// Command docgen writes the baseline guides of the documentation.
//
// In come the published documents; out goes a Markdown file for each, with a
// section for each feature and advisory, whose headings are the anchors that
// the help URLs of its entries point to. `make generate` runs it.
//
// No text about a rule may be in here: texts stand on the rule's value.
package main
