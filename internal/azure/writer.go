package azure

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
)

// Writer may change what Azure Resource Manager has. Only what manages a cache
// makes one; Client has no way to become one.
type Writer struct{ client *Client }

// ResourceKind is a type of resource that is written: how messages call one, its
// resource type and the api-version.
type ResourceKind struct{ What, Type, Version string }

func (k ResourceKind) endpoint(verb string) endpoint {
	return endpoint{k.What, k.Version, k.Type + "/" + verb}
}

// NewWriter checks the settings and prepares a writer. It sends nothing.
func NewWriter(o Options) (*Writer, error) {
	guard := &home{}
	pipeline, endpoint, err := newPipeline(&o, guard)
	if err != nil {
		return nil, err
	}
	guard.host = endpoint.Host
	return &Writer{&Client{endpoint: endpoint, pipeline: pipeline, options: o, sleep: sleep}}, nil
}

// home keeps requests, and the token with them, at the endpoint: the address
// where an operation is asked after is part of an answer.
type home struct{ host string }

// Do sends what stays at the endpoint or below it.
func (p *home) Do(req *policy.Request) (*http.Response, error) {
	u := req.Raw().URL
	host, own := strings.ToLower(u.Host), strings.ToLower(p.host)
	if u.Scheme != "https" || host != own && !strings.HasSuffix(host, "."+own) {
		return nil, errors.New("the address of the operation is at another host")
	}
	return req.Next()
}

// Get reads one object.
func (w *Writer) Get(ctx context.Context, k ResourceKind, path string, into any) error {
	return w.client.get(ctx, k.endpoint("read"), path, into)
}

// List reads all pages of a collection.
func (w *Writer) List(ctx context.Context, k ResourceKind, path string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	err := list(ctx, w.client, k.endpoint("read"), path, nil, func(m json.RawMessage) { all = append(all, m) })
	return all, err
}

// Post calls an action of an object, such as listKeys.
func (w *Writer) Post(ctx context.Context, k ResourceKind, path, action string, body, into any) error {
	return writing(w.client.do(ctx, k.endpoint(action+"/action"), http.MethodPost, path+"/"+action, nil, body, into))
}

// Put creates or replaces an object; it is sent again until it is answered.
func (w *Writer) Put(ctx context.Context, k ResourceKind, path string, body any) (*Operation, error) {
	return w.change(ctx, k.endpoint("write"), http.MethodPut, path, body, false)
}

// PutOnce is Put that is sent again only where ARM surely did not take it. What
// happened after an error without an answer, or with a status from 500, is for
// the caller to find out.
func (w *Writer) PutOnce(ctx context.Context, k ResourceKind, path string, body any) (*Operation, error) {
	return w.change(ctx, k.endpoint("write"), http.MethodPut, path, body, true)
}

// Patch changes parts of an object.
func (w *Writer) Patch(ctx context.Context, k ResourceKind, path string, body any) (*Operation, error) {
	return w.change(ctx, k.endpoint("write"), http.MethodPatch, path, body, false)
}

// Delete removes an object. That it is gone already is no error.
func (w *Writer) Delete(ctx context.Context, k ResourceKind, path string) (*Operation, error) {
	o, err := w.change(ctx, k.endpoint("delete"), http.MethodDelete, path, nil, false)
	if IsNotFound(err) {
		return &Operation{}, nil
	}
	return o, err
}

func (w *Writer) change(ctx context.Context, e endpoint, method, path string, body any, once bool) (*Operation, error) {
	c := w.client
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.options.RequestTimeout)
		defer cancel()
	}
	tries := &retry{ctx: ctx}
	again := tries.again
	if once {
		again = func(resp *http.Response, err error) bool {
			refused := err == nil && (resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusUnauthorized)
			return refused && tries.again(resp, err)
		}
	}
	req, err := runtime.NewRequest(c.retrying(ctx, again), method, c.address(e, path, nil))
	if err != nil {
		return nil, writing(unreachable(e, path, errors.New("this is no path of a resource")))
	}
	req.Raw().Header.Set("Accept", "application/json")
	runtime.SkipBodyDownload(req) // attempt reads it
	if body != nil {
		if err := runtime.MarshalAsJSON(req, body); err != nil {
			return nil, writing(unreachable(e, path, err))
		}
	}
	resp, err := c.pipeline.Do(req)
	if err != nil {
		return nil, writing(tries.explain(e, path, err))
	}
	if resp.StatusCode >= 300 {
		return nil, writing(refusal(e, path, resp))
	}
	o := &Operation{client: c, endpoint: e, path: path, hint: retryHint(resp.Header)}
	if resp.Header.Get("Azure-AsyncOperation") == "" && resp.Header.Get("Location") == "" {
		return o, nil // done at once
	}
	poller, err := runtime.NewPoller[outcome](resp, c.pipeline, nil)
	if err != nil {
		// It was accepted; the caller sees by reading when it is over.
		return o, nil //nolint:nilerr // an address that cannot be followed does not undo the change
	}
	o.poller = poller
	return o, nil
}

func (c *Client) retrying(ctx context.Context, again func(*http.Response, error) bool) context.Context {
	return policy.WithRetryOptions(ctx, policy.RetryOptions{MaxRetries: 1000, RetryDelay: c.options.RetryDelay, MaxRetryDelay: -1,
		ShouldRetry: again})
}

// Resume goes on with an operation of which Token was kept.
func (w *Writer) Resume(k ResourceKind, path, token string) (*Operation, error) {
	poller, err := runtime.NewPollerFromResumeToken[outcome](token, w.client.pipeline, nil)
	if err != nil {
		return nil, errors.New("the token of the operation cannot be read")
	}
	return &Operation{client: w.client, endpoint: k.endpoint("write"), path: path, poller: poller}, nil
}

// outcome is what an operation made, which nobody decodes: it may hold keys. It
// has a name because tokens carry it.
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
	resp, err := o.poller.Poll(o.client.retrying(ctx, tries.again))
	if err != nil {
		return false, writing(o.plain(tries, err))
	}
	if hint := retryHint(resp.Header); hint > 0 {
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

func retryHint(h http.Header) time.Duration {
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if ms, err := strconv.Atoi(h.Get(name)); err == nil && ms > 0 {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return max(0, retryAfter(h))
}
