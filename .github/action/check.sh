#!/usr/bin/env bash
# Judges plans, and leaves with the exit code of `redisbaseline check`. A report
# that lacks an input is not uploaded: code scanning would close the alerts of that input. From the
# environment: PLAN, WORKING_DIRECTORY, CONFIG, ARGS, and RUNNER_TEMP, GITHUB_OUTPUT
# and GITHUB_STEP_SUMMARY of the runner.
set -euo pipefail

arguments=()
# Every line that is not blank is one argument, whatever stands in it.
add_lines() {
	local line
	while IFS=$' \t\r' read -r line || [ -n "$line" ]; do
		[ -z "$line" ] || arguments+=("$line")
	done <<<"$1"
}

reports=$(mktemp -d "$RUNNER_TEMP/redisbaseline.XXXXXX")
arguments+=(--format=github "--format=sarif=$reports/report.sarif" "--format=markdown=$reports/report.md" "--chdir=$WORKING_DIRECTORY")
[ -z "$CONFIG" ] || arguments+=("--config=$CONFIG")
add_lines "$ARGS"
arguments+=(--) # a plan is never a flag
add_lines "$PLAN"

status=0
redisbaseline check "${arguments[@]}" || status=$?
echo "exit-code=$status" >>"$GITHUB_OUTPUT"
if [ -s "$reports/report.sarif" ]; then
	echo "sarif=$reports/report.sarif" >>"$GITHUB_OUTPUT"
fi
if [ "$status" -eq 3 ]; then
	echo "::warning title=redisbaseline::the findings are not uploaded: they lack what could not be read, whose alerts would be closed"
elif [ -s "$reports/report.sarif" ]; then
	# Code scanning opens alerts for results that are suppressed, too: what is exempt is left out.
	if command -v jq >/dev/null; then
		jq 'del(.runs[].results[] | select(.suppressions))' "$reports/report.sarif" >"$reports/upload.sarif"
	else
		cp "$reports/report.sarif" "$reports/upload.sarif"
	fi
	echo "upload=$reports/upload.sarif" >>"$GITHUB_OUTPUT"
fi
if [ -s "$reports/report.md" ]; then
	echo "markdown=$reports/report.md" >>"$GITHUB_OUTPUT"
	cat "$reports/report.md" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$status"
