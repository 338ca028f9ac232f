#!/bin/sh
# Runs the tests with a given Terraform. At the end stand the tests that failed
# or were skipped, with what they said.
# Usage: test.sh TERRAFORM [GO TEST FLAGS AND PACKAGES], from the root of the project.
set -eu

terraform=$1
shift
work=$PWD/.cache/test
mkdir -p "$work"
: >"$work/terraformrc"

# Terraform settings of the machine must not decide over a test.
for name in $(env | sed -n 's/^\(TF_[A-Za-z0-9_]*\)=.*/\1/p'); do
	case $name in TF_ACC_*) ;; *) unset "$name" ;; esac
done
export TF_ACC=1 TF_ACC_TERRAFORM_PATH="$terraform" TF_CLI_CONFIG_FILE="$work/terraformrc" CHECKPOINT_DISABLE=1
case $(basename "$terraform") in tofu*) export TF_ACC_PROVIDER_HOST=registry.opentofu.org ;; esac
# An OpenTofu that was built earlier is tested beside Terraform, too.
for built in "$PWD"/.cache/terraform/tofu-*; do
	if [ -d "$built" ]; then PATH=$PATH:$built; fi
done

case " $* " in *" ./"*) ;; *) set -- "$@" ./... ;; esac
case " $* " in *" -v "*) format=standard-verbose ;; *) format=pkgname ;; esac
echo "testing with $("$terraform" version | head -n 1) ($terraform)"
exec go tool -modfile=internal/tools/go.mod gotestsum --format "$format" --format-hide-empty-pkg \
	--jsonfile "$work/events.json" -- "$@"
