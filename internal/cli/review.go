package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// reviewFlags are the flags for the review of a pull request.
type reviewFlags struct{ diff, commits string }

func (x *reviewFlags) add(f *pflag.FlagSet) {
	f.StringVar(&x.diff, "review-diff", "", "`FILE` with the unified diff of the pull request: a review comments on its lines only")
	f.StringVar(&x.commits, "review-commits", "", "gitlab-review: `BASE,START,HEAD`, the commits of the merge request's latest version")
	markPaths(f, []string{"review-diff"}, nil)
}

// reviewOf is the first format among outputs that makes a review; empty where none does.
func reviewOf(outputs []output) string {
	for _, o := range outputs {
		if slices.Contains(report.ReviewFormats(), o.format) {
			return o.format
		}
	}
	return ""
}

// commits are three ids of commits, of SHA-1 or SHA-256.
var commits = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64}),([0-9a-f]{40}|[0-9a-f]{64}),([0-9a-f]{40}|[0-9a-f]{64})$`)

// options are what the formats of outputs need for a review; nil where none makes one.
func (x *reviewFlags) options(outputs []output) (*report.Review, error) {
	ofGitLab := slices.ContainsFunc(outputs, func(o output) bool { return o.format == "gitlab-review" })
	switch {
	case reviewOf(outputs) == "" && (x.diff != "" || x.commits != ""):
		return nil, fmt.Errorf("--review-diff and --review-commits go with --format %s", strings.Join(report.ReviewFormats(), " or "))
	case reviewOf(outputs) == "":
		return nil, nil
	case x.commits != "" && !ofGitLab:
		return nil, errors.New("--review-commits goes with --format gitlab-review")
	case ofGitLab && (x.diff == "" || x.commits == ""):
		return nil, errors.New("--format gitlab-review needs --review-diff and --review-commits: GitLab wants the commits, and the number that " +
			"an unchanged line had before")
	}
	review := &report.Review{}
	if ofGitLab {
		parts := commits.FindStringSubmatch(x.commits)
		if parts == nil {
			return nil, errors.New("--review-commits is none of BASE,START,HEAD with the full ids of three commits")
		}
		review.Commits = report.ReviewCommits{Base: parts[1], Start: parts[2], Head: parts[3]}
	}
	if x.diff != "" {
		file, err := openFile(x.diff)
		if err != nil {
			return nil, inputError(x.diff, err)
		}
		defer file.Close()
		if review.Diff, err = report.ParseReviewDiff(file); err != nil {
			return nil, inputError(x.diff, err)
		}
	}
	return review, nil
}
