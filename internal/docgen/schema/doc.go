// Command schema completes the schema that tfplugindocs reads.
//
// In comes what `terraform providers schema -json` prints; out goes the same with the schemas
// of list resources and of resource identities, which Terraform leaves out before 1.14 and
// 1.12. internal/tools/docs.sh runs it, so that the documentation does not depend on the
// version of Terraform that is at hand.
package main
