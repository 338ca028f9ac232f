#!/usr/bin/env bash
# Writes a report as a comment on a pull request, over the comment that it wrote
# before. A comment that cannot be written is a warning: it is not the verdict.
# From the environment: NAME, PULL_REQUEST, MARKDOWN, GH_TOKEN, and GITHUB_REPOSITORY
# of the runner.
set -euo pipefail

warn() {
	echo "::warning title=redisbaseline::$1"
	exit 0
}

[[ $NAME =~ ^[A-Za-z0-9][A-Za-z0-9._/\ -]*$ ]] || warn "No comment was written: the input name has other characters than letters, digits, and ._/-"
command -v gh >/dev/null || warn "No comment was written: gh is not on PATH."

export MARKER="<!-- redisbaseline: $NAME -->"
{
	echo "$MARKER"
	cat "$MARKDOWN"
} >"$MARKDOWN.comment"

# Only comments of this token's own identity count: others can write the marker, too.
# shellcheck disable=SC2016 # the variables are GraphQL's
query='query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    comments(first: 100, after: $endCursor) { nodes { databaseId viewerDidAuthor body } pageInfo { hasNextPage endCursor } }
  } }
}'
filter='.data.repository.pullRequest.comments.nodes[] | select(.viewerDidAuthor and (.body | startswith(env.MARKER))) | .databaseId'
earlier=$(gh api graphql --paginate -f owner="${GITHUB_REPOSITORY%%/*}" -f name="${GITHUB_REPOSITORY#*/}" -F number="$PULL_REQUEST" \
	-f query="$query" --jq "$filter") ||
	warn "No comment was written: the comments of the pull request cannot be read."

if [ -n "$earlier" ]; then
	request=(--method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/${earlier%%$'\n'*}")
else
	request=(--method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments")
fi
gh api "${request[@]}" -F body="@$MARKDOWN.comment" --silent ||
	warn "No comment was written: the job needs the permission pull-requests: write, which no pull request from a fork has."
