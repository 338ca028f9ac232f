package report

import (
	"fmt"
	"io"
)

// gitlabReviewEncoder writes the bodies of requests that create threads of a merge request.
// Source of their members: "Create new merge request thread" of GitLab's Discussions API.
type gitlabReviewEncoder struct{ reviewer }

type (
	gitlabThread struct {
		Body     string          `json:"body"`
		Position *gitlabPosition `json:"position,omitzero"`
	}
	// gitlabPosition has the line before the change for a line that is unchanged only.
	gitlabPosition struct {
		PositionType string `json:"position_type"`
		BaseSHA      string `json:"base_sha"`
		StartSHA     string `json:"start_sha"`
		HeadSHA      string `json:"head_sha"`
		OldPath      string `json:"old_path"`
		NewPath      string `json:"new_path"`
		OldLine      int    `json:"old_line,omitzero"`
		NewLine      int    `json:"new_line"`
	}
)

func newGitLabReview(w io.Writer, opts EncodeOptions) Encoder {
	e := &gitlabReviewEncoder{newReviewer(newBase(w), opts)}
	// The thread stands at the last line of those that the suggestion replaces.
	e.fence = func(l Lines) string { return fmt.Sprintf("suggestion:-%d+0", l.End-l.Start-1) }
	if e.review.Diff == nil { // without one, no line before the change is known
		e.review.Diff = ReviewDiff{}
	}
	return e
}

func (e *gitlabReviewEncoder) End(end Closing) error {
	comments, rest := e.split()
	threads := []gitlabThread{}
	for _, c := range comments {
		commits := e.review.Commits
		at := &gitlabPosition{PositionType: "text", BaseSHA: commits.Base, StartSHA: commits.Start, HeadSHA: commits.Head,
			NewPath: c.file(), NewLine: c.last}
		at.OldPath, at.OldLine = e.review.Diff.before(at.NewPath, c.last)
		threads = append(threads, gitlabThread{e.body(c), at})
	}
	if len(rest) > 0 || end.Incomplete() {
		threads = append(threads, gitlabThread{Body: e.summary(end, rest)})
	}
	e.marshal(threads)
	e.write("\n")
	return e.finish()
}
