// Package tfconfig evaluates Terraform configuration source as far as it can
// be known before apply, and answers what an argument of a resource instance
// refers to. In comes a root module directory or the configuration inside a
// saved plan file, with what a plan knows already (root variables, instance
// keys, planned values); out goes a [Reference] to one exact instance, a known
// value, an omission, or "unresolved" with the reason.
//
// A [Declaration] answers where an argument stands in the source. It needs no plan
// and no evaluation.
//
// An attribute that exists only after apply, such as the id of a planned resource, is
// evaluated to an unknown string that stands for this attribute of this instance (see
// sentinel). Lookups, loops, modules and conditionals on known values pass it on;
// a value that would depend on its content or order is unknown, as in Terraform.
//
// Bytes, files and tokens, on which memory depends, are limited before they are
// parsed (see budget). A packed configuration, which is not trusted, has at most 16
// MiB of source and 800,000 tokens, and takes less than 300 MB; a directory or saved
// plan has at most 64 MiB and 2,000,000 tokens; a single file 8 MiB and 250,000.
//
// Functions read files within the directory of the root module, of bounded size and
// number, and never those of a saved or packed configuration.
//
// What providers make of their resources is handed in as a [Schema]: no type of
// resource and no service is known here. No rule and no guess may ever be in here,
// and no value of an argument may enter an error message: only source text may.
package tfconfig
