#!/bin/sh
# The demo of `make demo`: what a user sees, first in Terraform, then at the plan gate,
# then a move to Azure Managed Redis, then caches that exist and one that is made, in a fake
# Azure that runs while the demo does.
# Usage: demo.sh TERRAFORM, from the root of the project. It writes only to .cache/demo.
set -eu

terraform=$1
work=$PWD/.cache/demo
plan=examples/azure-managed-redis/mixed-estate/plan.json

colour=
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || colour=-no-color

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
[ -z "$colour" ] || say() { printf '\n%s\n' "$1"; }

fake=
# shellcheck disable=SC2329 # called by the traps
cleanup() {
	[ -z "$fake" ] || { kill "$fake" && wait "$fake"; } 2>/dev/null || :
	fake=
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

rm -rf "$work"
mkdir -p "$work/quickstart"
cp examples/quickstart/*.tf "$work/quickstart/"

# The provider that was just built, in place of one from a registry. No init is needed then.
cat >"$work/terraformrc" <<EOT
provider_installation {
  dev_overrides {
    "redisbaseline/redisbaseline" = "$PWD/bin"
  }
  direct {}
}
EOT
# Settings of the machine must not change what the demo shows.
unset TF_CLI_ARGS TF_CLI_ARGS_plan TF_WORKSPACE TF_DATA_DIR TF_LOG TF_PLUGIN_CACHE_DIR
export TF_CLI_CONFIG_FILE="$work/terraformrc" CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1

say "1. In Terraform: terraform plan of examples/quickstart, two caches with common mistakes, one of each service, a clean one, and one that is secure by default"
echo "   (Terraform's own note about development overrides comes from running a provider that is not installed.)"
echo
# shellcheck disable=SC2086 # $colour is empty or one flag
"$terraform" -chdir="$work/quickstart" plan -input=false -lock=false $colour

say "2. At the plan gate: redisbaseline check $plan, a real plan of the azurerm provider with a cache of each service"
echo
status=0
bin/redisbaseline check "$plan" || status=$?
# Anything but an objection means that the demo itself is broken.
if [ "$status" -ne 1 ]; then
	echo "demo: the gate left with exit code $status, expected 1 (objections)" >&2
	exit 1
fi

say "3. The move: redisbaseline migrate of examples/plan-gate-mended, a cache of Azure Cache for Redis with a private endpoint and logs"
echo
mkdir -p "$work/move"
cp examples/plan-gate-mended/*.tf "$work/move/"
bin/redisbaseline migrate --config examples/plan-gate-mended --write "$work/move" examples/plan-gate-mended/plan.json

say "   What it wrote stands beside the old cache. Planned by Terraform, with a stub of azurerm that sends nothing to Azure, it passes the gate"
echo
go build -o "$work/stub/terraform-provider-azurerm" ./internal/azurermtest/cmd/terraform-provider-azurerm
cat >"$work/move.terraformrc" <<EOT
provider_installation {
  dev_overrides {
    "hashicorp/azurerm" = "$work/stub"
  }
  direct {}
}
EOT
move() {
	TF_CLI_CONFIG_FILE="$work/move.terraformrc" TF_VAR_managed_redis_shop_principals='["11111111-2222-4333-8444-555555555555"]' \
		"$terraform" -chdir="$work/move" "$@"
}
move plan -input=false -no-color -out=tfplan >"$work/move/plan.txt" 2>&1 || {
	cat "$work/move/plan.txt" >&2
	exit 1
}
move show -json tfplan >"$work/move/plan.json" 2>"$work/move/show.txt"
bin/redisbaseline check "$work/move/plan.json" || {
	echo "demo: the gate objects to what migrate wrote" >&2
	exit 1
}

say "4. With caches that exist: redisbaseline scan, in front of a fake Azure Resource Manager on this machine"
# Go takes the certificates it trusts from a file on these systems only.
case $(uname -s) in
Linux | *BSD)
	go build -o "$work/fake-arm" ./internal/armtest/cmd/fake-arm
	"$work/fake-arm" -ca "$work/ca.pem" -env "$work/azure.env" >"$work/fake-arm.log" 2>&1 &
	fake=$!
	# The file appears when the fake answers, at a port that was free.
	tries=0
	while [ ! -e "$work/azure.env" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 150 ] || ! kill -0 "$fake" 2>/dev/null; then
			echo "demo: the fake Azure did not start:" >&2
			cat "$work/fake-arm.log" >&2
			exit 1
		fi
		sleep 0.2
	done
	echo "   (one subscription, four caches of Azure Cache for Redis and two of Azure Managed Redis, one of each as its document wants it)"
	echo
	# Nothing of the machine's own Azure settings may reach the scan.
	status=0
	# shellcheck disable=SC2016 # the inner shell expands
	env -i PATH="$PATH" HOME="${HOME:-/}" TERM="${TERM:-dumb}" NO_COLOR="${NO_COLOR:-}" \
		sh -c '. "$1" && exec bin/redisbaseline scan' demo "$work/azure.env" || status=$?
	if [ "$status" -ne 1 ]; then
		echo "demo: the scan left with exit code $status, expected 1 (objections)" >&2
		exit 1
	fi
	scan=", a scan of existing caches, and one new cache"

	say "5. As a resource: terraform apply of examples/secure-cache/minimal in the same fake Azure, and a second plan, which must be empty"
	mkdir -p "$work/minimal"
	# The subscription is that of the fake, by its environment variable.
	sed '/subscription_id/d' examples/secure-cache/minimal/main.tf >"$work/minimal/main.tf"
	# shellcheck disable=SC2016 # the inner shell expands
	in_azure() {
		env -i PATH="$PATH" HOME="${HOME:-/}" TERM="${TERM:-dumb}" TF_CLI_CONFIG_FILE="$TF_CLI_CONFIG_FILE" CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 \
			sh -c '. "$1" && shift && exec "$@"' demo "$work/azure.env" "$terraform" -chdir="$work/minimal" "$@"
	}
	in_azure plan -input=false -no-color -out=new.tfplan >"$work/minimal/plan.txt" 2>&1 || {
		cat "$work/minimal/plan.txt" >&2
		exit 1
	}
	echo "   (with name, resource group, region and size, and nothing else)"
	# shellcheck disable=SC2086 # $colour is empty or one flag
	in_azure apply -input=false -compact-warnings $colour new.tfplan
	# shellcheck disable=SC2086 # $colour is empty or one flag
	in_azure plan -input=false -compact-warnings -detailed-exitcode $colour || {
		echo "demo: there is something left to do after the apply" >&2
		exit 1
	}
	;;
*)
	echo
	echo "   Left out: on this system, Go trusts only the certificates of the system, and the fake's is not among them."
	scan=
	;;
esac

say "Shown: a terraform plan that names every violated control before anything exists, a gate that objects to a real azurerm plan with exit code 1, a move to Azure Managed Redis that passes it$scan. Outside the fake nothing was created; no Azure and no registry was asked."
