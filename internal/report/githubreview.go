package report

import "io"

// githubReviewEncoder writes the body of a request that creates a review of a pull request.
// Source of its members: "Create a review for a pull request" of GitHub's REST API.
type githubReviewEncoder struct{ reviewer }

type (
	githubReview struct {
		Event    string          `json:"event"`
		Body     string          `json:"body"`
		Comments []githubComment `json:"comments"`
	}
	// githubComment stands at the last one of its lines. GitHub refuses a first one that is
	// the last one too.
	githubComment struct {
		Path      string `json:"path"`
		StartLine int    `json:"start_line,omitzero"`
		StartSide string `json:"start_side,omitzero"`
		Line      int    `json:"line"`
		Side      string `json:"side"`
		Body      string `json:"body"`
	}
)

// right is the side of a file after the change.
const right = "RIGHT"

func newGitHubReview(w io.Writer, opts EncodeOptions) Encoder {
	e := &githubReviewEncoder{newReviewer(newBase(w), opts)}
	e.fence = func(Lines) string { return "suggestion" }
	return e
}

func (e *githubReviewEncoder) End(end Closing) error {
	comments, rest := e.split()
	review := githubReview{Event: "COMMENT", Body: e.summary(end, rest), Comments: []githubComment{}}
	for _, c := range comments {
		comment := githubComment{Path: c.file(), Line: c.last, Side: right, Body: e.body(c)}
		if c.first < c.last {
			comment.StartLine, comment.StartSide = c.first, right
		}
		review.Comments = append(review.Comments, comment)
	}
	e.marshal(review)
	e.write("\n")
	return e.finish()
}
