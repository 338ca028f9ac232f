#!/usr/bin/env bash
# Fetches one version of redisbaseline, verifies it, and puts it on PATH for the steps
# that follow. From the environment: VERSION, VERIFY, MIRROR, GH_TOKEN, and RUNNER_OS,
# RUNNER_ARCH, RUNNER_TEMP and GITHUB_PATH of the runner.
set -euo pipefail

repository=redisbaseline/terraform-provider-redisbaseline
workflow=$repository/.github/workflows/release.yml

fail() {
	echo "::error title=redisbaseline::$1"
	exit 2
}

# shellcheck disable=SC2153 # VERSION is of the environment
version=${VERSION#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "The input version has to be one such as 0.1.0."
case $VERIFY in
attestation) command -v gh >/dev/null || fail "The input verify is attestation, and gh is not on PATH: install it, or use cosign or checksum." ;;
cosign) command -v cosign >/dev/null || fail "The input verify is cosign, and cosign is not on PATH: install it, or use attestation or checksum." ;;
checksum) ;;
*) fail "The input verify has to be attestation, cosign or checksum." ;;
esac
[[ $MIRROR =~ ^https?:// ]] || fail "The input mirror has to begin with https://."

program=redisbaseline
format=tar.gz
case $RUNNER_OS in
Linux) os=linux ;;
macOS) os=darwin ;;
Windows) os=windows program=redisbaseline.exe format=zip ;;
*) fail "There is no redisbaseline for a runner of $RUNNER_OS." ;;
esac
case $RUNNER_ARCH in
X64) arch=amd64 ;;
ARM64) arch=arm64 ;;
X86) arch=386 ;;
ARM) arch=arm ;;
*) fail "There is no redisbaseline for a runner with $RUNNER_ARCH." ;;
esac
archive=redisbaseline_${version}_${os}_${arch}.$format
sums=terraform-provider-redisbaseline_${version}_SHA256SUMS

folder=$RUNNER_TEMP/redisbaseline-$version
mkdir -p "$folder/bin"
cd "$folder"
# No redirect leads from https to http.
download() {
	curl --fail --silent --show-error --location --proto "=${MIRROR%%:*},https" --proto-redir =https \
		--retry 3 --output "$1" "$MIRROR/v$version/$1" || fail "$MIRROR/v$version/$1 cannot be fetched."
}
download "$archive"
download "$sums"

# The list names every file of the release; this is the line of one.
line=$(awk -v name="$archive" '$2 == name || $2 == "*" name' "$sums")
[ -n "$line" ] || fail "$sums does not name $archive."
if command -v sha256sum >/dev/null; then
	sha256sum --check - <<<"$line" || fail "$archive is not the file that $sums names."
else
	shasum --algorithm 256 --check - <<<"$line" || fail "$archive is not the file that $sums names."
fi
case $VERIFY in
attestation)
	gh attestation verify "$archive" --repo "$repository" --signer-workflow "$workflow" --source-ref "refs/tags/v$version" ||
		fail "Nothing attests that $archive was built by $workflow."
	;;
cosign)
	download "$sums.sigstore.json"
	cosign verify-blob --bundle "$sums.sigstore.json" --certificate-oidc-issuer https://token.actions.githubusercontent.com \
		--certificate-identity "https://github.com/$workflow@refs/tags/v$version" "$sums" ||
		fail "$sums was not signed by $workflow."
	;;
esac

if [ "$format" = zip ]; then
	unzip -oq "$archive" "$program" -d bin
else
	tar -xzf "$archive" -C bin "$program"
fi
"bin/$program" version
echo "$folder/bin" >>"$GITHUB_PATH"
