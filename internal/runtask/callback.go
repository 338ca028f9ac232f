package runtask

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/jsonapi"
)

// Status is the state of a task result.
type Status string

// The states; any other is refused.
const (
	Running Status = "running"
	Passed  Status = "passed"
	Failed  Status = "failed"
)

// Result is the task result of a run.
type Result struct {
	ID       string     `jsonapi:"primary,task-results"` // stays empty: the callback's address names the result
	Status   Status     `jsonapi:"attr,status"`
	Message  string     `jsonapi:"attr,message,omitempty"`
	URL      string     `jsonapi:"attr,url,omitempty"`
	Outcomes []*Outcome `jsonapi:"relation,outcomes,omitempty"`
}

// Outcome is one violated rule of a result.
type Outcome struct {
	ID          string           `jsonapi:"primary,task-result-outcomes"` // stays empty
	OutcomeID   string           `jsonapi:"attr,outcome-id,omitempty"`
	Description string           `jsonapi:"attr,description,omitempty"` // one line
	Body        string           `jsonapi:"attr,body,omitempty"`        // markdown
	URL         string           `jsonapi:"attr,url,omitempty"`
	Tags        map[string][]Tag `jsonapi:"attr,tags,omitempty"`
}

// Tag is a label of an outcome. The keys Status and Severity are shown as columns.
type Tag struct {
	Label string `json:"label"`
	Level Level  `json:"level,omitempty"`
}

// Level is the colour of a tag.
type Level string

// The levels.
const (
	LevelInfo    Level = "info"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
)

const mediaType = "application/vnd.api+json"

// payload encodes a result. Outcomes stand inside the relationship, with their
// attributes, which is where the API looks for them.
func (r *Result) payload() ([]byte, error) {
	var b bytes.Buffer
	err := jsonapi.MarshalPayloadWithoutIncluded(&b, r)
	return b.Bytes(), err
}

// callback is the address to which one task result is reported.
type callback struct {
	client     *client
	url, token string
}

// send sends a result once.
func (c *callback) send(ctx context.Context, r *Result) error {
	payload, err := r.payload()
	if err != nil {
		return err
	}
	u, err := c.client.hosts.check(c.url)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, stallTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, u.String(), bytes.NewReader(payload))
	if err != nil {
		return errors.New("the callback is not a URL")
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", mediaType)
	req.Header.Set("User-Agent", c.client.agent)
	resp, err := c.client.http.RoundTrip(req)
	if err != nil {
		return withoutAddress(err)
	}
	discard(resp)
	if resp.StatusCode/100 != 2 {
		return &statusError{what: "the callback", code: resp.StatusCode, wait: retryAfter(resp)}
	}
	return nil
}

// maxAttempts is how often a request is sent that is refused with 401 or 403, or
// fails for a reason that may pass. HCP Terraform may not know everywhere yet the
// token that it has just issued.
const maxAttempts = 5

// finish sends the final result until it is accepted, until ctx ends, or until it is
// clear that it never will be accepted. A result that is refused (422, 413) is sent
// once more as it is, then without its outcomes, then without its link. Each
// failure is handed to failed.
func (c *callback) finish(ctx context.Context, r Result, failed func(error)) error {
	refusals, unauthorized := 0, 0
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := c.send(ctx, &r)
		if err == nil {
			return nil
		}
		failed(err)
		var refused *refusedAddress
		if errors.As(err, &refused) {
			return err
		}
		var status *statusError
		if errors.As(err, &status) {
			wait = max(wait, status.wait)
			switch code := status.code; {
			case code == http.StatusUnauthorized || code == http.StatusForbidden:
				if unauthorized++; unauthorized == maxAttempts {
					return err
				}
			case code == http.StatusNotFound || code == http.StatusGone:
				return fmt.Errorf("%w: the run is gone", err)
			case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
			default:
				refusals++
				if code == http.StatusRequestEntityTooLarge {
					refusals = max(refusals, 2)
				}
				switch refusals {
				case 1:
				case 2:
					if len(r.Outcomes) > 0 {
						r.Outcomes = nil
						r.Message += " (the details were refused)"
					}
				case 3:
					r.URL = ""
				default:
					return err
				}
			}
		}
		if !sleep(ctx, wait) {
			return err
		}
	}
}

// sleep waits, and reports whether the whole time has passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
