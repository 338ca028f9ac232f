#!/bin/sh
# Writes a configuration of Terraform's command line by which Terraform and OpenTofu take
# the provider from bin/, and says what to export.
# Usage: dev-overrides.sh, from the root of the project.
#
# The override alone is enough for `terraform plan`. The mirror is for `terraform init`,
# which asks for every provider of a configuration and stops where one cannot be found.
set -eu

bin=$PWD/bin
work=$PWD/.cache/dev
rm -rf "$work"
for registry in registry.terraform.io registry.opentofu.org; do
	# 0.0.0 would stand for no version at all.
	version=$work/mirror/$registry/redisbaseline/redisbaseline/0.0.1
	mkdir -p "$version"
	ln -s "$bin" "$version/$(go env GOOS)_$(go env GOARCH)"
done
cat >"$work/terraformrc" <<EOT2
provider_installation {
  dev_overrides {
    "redisbaseline/redisbaseline" = "$bin"
  }
  filesystem_mirror {
    path    = "$work/mirror"
    include = ["redisbaseline/redisbaseline"]
  }
  direct {
    exclude = ["redisbaseline/redisbaseline"]
  }
}
EOT2
cat <<EOT3
Terraform and OpenTofu take the provider from $bin after

  export TF_CLI_CONFIG_FILE=$work/terraformrc

in this shell. They read that file instead of ~/.terraformrc. Each run warns that
development overrides are in effect. End it with \`unset TF_CLI_CONFIG_FILE\`.
EOT3
