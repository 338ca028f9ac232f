#!/bin/sh
# Fetches redisbaseline, verifies it, and judges a saved plan: sh redisbaseline.sh PLAN. REDISBASELINE_SHA256 is the checksum
# of redisbaseline_0.1.0_linux_amd64.tar.gz in the SHA256SUMS of the release, once you have verified that list.
set -eu
: "${REDISBASELINE_SHA256:?is not set: it is the checksum of the archive}"
archive=redisbaseline_0.1.0_linux_amd64.tar.gz
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
curl -fsSL -o "$folder/$archive" "https://github.com/redisbaseline/terraform-provider-redisbaseline/releases/download/v0.1.0/$archive"
echo "$REDISBASELINE_SHA256  $folder/$archive" | sha256sum -c -
tar -xzf "$folder/$archive" -C "$folder" redisbaseline
"$folder/redisbaseline" check --enforce introduced --terraform "$(command -v terraform || command -v tofu)" "$1"
