package arm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
)

// Writer may change what Azure Resource Manager has. Only what manages a cache
// makes one; Client has no way to become one.
type Writer struct{ client *Client }

// NewWriter checks the settings and prepares a writer. It sends nothing.
func NewWriter(o Options) (*Writer, error) {
	guard := &ownEndpoint{}
	pipeline, endpoint, err := newPipeline(&o, guard)
	if err != nil {
		return nil, err
	}
	guard.host = endpoint.Host
	return &Writer{&Client{endpoint: endpoint, pipeline: pipeline, options: o, sleep: Sleep}}, nil
}

// ownEndpoint refuses requests to other hosts than the endpoint, because the token
// goes with them: the address of an operation's state comes from an answer.
type ownEndpoint struct{ host string }

// Do sends what stays at the endpoint or below it.
func (p *ownEndpoint) Do(req *policy.Request) (*http.Response, error) {
	u := req.Raw().URL
	host, own := strings.ToLower(u.Host), strings.ToLower(p.host)
	if u.Scheme != "https" || host != own && !strings.HasSuffix(host, "."+own) {
		return nil, errors.New("the address of the operation is at another host")
	}
	return req.Next()
}

// Get reads one object.
func (w *Writer) Get(ctx context.Context, k ResourceKind, path string, into any) error {
	return w.client.Get(ctx, k, path, into)
}

// List reads all pages of a collection.
func (w *Writer) List(ctx context.Context, k ResourceKind, path string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	err := List(ctx, w.client, k, path, nil, func(m json.RawMessage) { all = append(all, m) })
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
	resp, err := w.client.exchange(ctx, e, method, path, nil, body, once)
	if err != nil {
		return nil, writing(err)
	}
	if resp.StatusCode >= 300 {
		return nil, writing(refusal(e, path, resp))
	}
	o := &Operation{client: w.client, endpoint: e, path: path, hint: retryAfter(resp.Header)}
	if resp.Header.Get("Azure-AsyncOperation") == "" && resp.Header.Get("Location") == "" {
		return o, nil // done at once
	}
	poller, err := runtime.NewPoller[outcome](resp, w.client.pipeline, nil)
	if err != nil {
		// It was accepted; the caller sees by reading when it is over.
		return o, nil //nolint:nilerr // an address that cannot be followed does not undo the change
	}
	o.poller = poller
	return o, nil
}

// Resume continues an operation by a token that Operation.Token returned.
func (w *Writer) Resume(k ResourceKind, path, token string) (*Operation, error) {
	poller, err := runtime.NewPollerFromResumeToken[outcome](token, w.client.pipeline, nil)
	if err != nil {
		return nil, errors.New("the token of the operation cannot be read")
	}
	return &Operation{client: w.client, endpoint: k.endpoint("write"), path: path, poller: poller}, nil
}
