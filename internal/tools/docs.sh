#!/bin/sh
# Runs tfplugindocs on the provider in bin/, with whatever Terraform is at hand.
# Usage: docs.sh TERRAFORM generate|validate, from the root of the project.
#
# tfplugindocs would look for a terraform binary by itself and fetch one; given
# the schema it needs none, and OpenTofu serves as well.
set -eu

terraform=$1
job=$2
work=$PWD/.cache/docs

rm -rf "$work"
mkdir -p "$work"
cat >"$work/terraformrc" <<EOT
provider_installation {
  dev_overrides {
    "redisbaseline/redisbaseline" = "$PWD/bin"
  }
  direct {}
}
EOT
cat >"$work/main.tf" <<EOT
terraform {
  required_providers {
    redisbaseline = {
      source = "redisbaseline/redisbaseline"
    }
  }
}
EOT
unset TF_CLI_ARGS TF_WORKSPACE TF_DATA_DIR TF_LOG
export TF_CLI_CONFIG_FILE="$work/terraformrc" CHECKPOINT_DISABLE=1

# tfplugindocs knows the provider by its short name; registries differ in theirs.
"$terraform" -chdir="$work" providers schema -json >"$work/printed.json"
# Terraform before 1.14 leaves out lists, and before 1.12 identities.
go run ./internal/docgen/schema <"$work/printed.json" >"$work/full.json"
sed 's#"registry\.[a-z.]*/redisbaseline/redisbaseline"#"redisbaseline"#' "$work/full.json" >"$work/schema.json"

tfplugindocs() {
	go tool -modfile=internal/tools/go.mod tfplugindocs "$@"
}

case $job in
generate)
	"$terraform" fmt -recursive examples
	tfplugindocs generate --provider-name redisbaseline --rendered-provider-name 'Redis Baseline' --providers-schema "$work/schema.json"
	;;
validate)
	tfplugindocs validate --provider-name redisbaseline --providers-schema "$work/schema.json"
	;;
*)
	echo "docs.sh: $job is neither generate nor validate" >&2
	exit 2
	;;
esac
