package arm

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
)

// outcome is the result of an operation, of which nothing is decoded: it may hold
// keys. It has a name because resume tokens carry it.
type outcome struct{}

// Operation is a change that ARM accepted. It is over at once unless it has a
// token.
type Operation struct {
	client   *Client
	endpoint endpoint
	path     string
	poller   *runtime.Poller[outcome]
	hint     time.Duration
}

// Token resumes the operation; empty when it is over.
func (o *Operation) Token() string {
	if o.poller == nil || o.poller.Done() {
		return ""
	}
	token, err := o.poller.ResumeToken()
	if err != nil {
		return ""
	}
	return token
}

// Hint is the pause that ARM last asked for, 0 if it named none.
func (o *Operation) Hint() time.Duration { return o.hint }

// Poll looks once. An error that comes with done false did not end the
// operation; one that comes with done true is how it ended. What the operation
// made is for the caller to read.
func (o *Operation) Poll(ctx context.Context) (done bool, err error) {
	if o.poller == nil || o.poller.Done() {
		return true, nil
	}
	tries := &retry{ctx: ctx}
	resp, err := o.poller.Poll(o.client.retrying(tries))
	if err != nil {
		return false, writing(o.plain(tries, err))
	}
	if hint := retryAfter(resp.Header); hint > 0 {
		o.hint = hint
	}
	if !o.poller.Done() {
		return false, nil
	}
	if !hasFailed(resp) {
		return true, nil // Result would read once more
	}
	if _, err := o.poller.Result(ctx); err != nil {
		return true, writing(o.plain(tries, err))
	}
	return true, nil
}

func hasFailed(resp *http.Response) bool {
	var answer struct {
		Status     string `json:"status"`
		Properties struct {
			State string `json:"provisioningState"`
		} `json:"properties"`
	}
	body, err := runtime.Payload(resp)
	if err == nil && json.Unmarshal(withoutBOM(body), &answer) != nil {
		answer.Status = ""
	}
	for _, end := range []string{"Failed", "Canceled", "Cancelled"} {
		if strings.EqualFold(answer.Status, end) || strings.EqualFold(answer.Properties.State, end) {
			return true
		}
	}
	return resp.StatusCode >= http.StatusBadRequest
}

// plain keeps the body of an answer out of an error.
func (o *Operation) plain(tries *retry, err error) error {
	var answer *azcore.ResponseError
	if errors.As(err, &answer) && answer.RawResponse != nil {
		out := refusal(o.endpoint, o.path, answer.RawResponse)
		if out.Status < http.StatusBadRequest {
			// Asking went well, and the answer is that the operation did not.
			out.Status = 0
		}
		return out
	}
	return tries.explain(o.endpoint, o.path, err)
}

func refusal(e endpoint, path string, resp *http.Response) *Error {
	body, err := runtime.Payload(resp)
	if err != nil {
		body, _ = io.ReadAll(resp.Body) //nolint:errcheck // the status alone will do
	}
	return refused(e, path, resp.StatusCode, body)
}

// writing turns the words of an error from reading to changing.
func writing(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.writes = true
	}
	return err
}
