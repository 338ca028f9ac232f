package arm

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// headers puts the user agent and the correlation id on every request. The
// telemetry policy of azcore would cut the user agent short.
type headers struct {
	userAgent     string
	correlationID string
}

// Do adds the headers.
func (p headers) Do(req *policy.Request) (*http.Response, error) {
	req.Raw().Header.Set("User-Agent", p.userAgent)
	if p.correlationID != "" {
		req.Raw().Header.Set("x-ms-correlation-request-id", p.correlationID)
	}
	return req.Next()
}

// readOnly refuses whatever is not GET or the query of Resource Graph. Client
// has no method that could send it; this holds for what comes later.
type readOnly struct{}

// Do lets reads through.
func (readOnly) Do(req *policy.Request) (*http.Response, error) {
	method, path := req.Raw().Method, req.Raw().URL.Path
	if method == http.MethodGet || (method == http.MethodPost && strings.HasSuffix(path, graphPath)) {
		return req.Next()
	}
	return nil, errors.New("an evaluation sends no " + method + " request")
}

// attempt sends one try: it waits for its turn, bounds the time of the try and
// reads the whole body, so that a connection that breaks off is tried again.
type attempt struct {
	pace    *pace
	timeout time.Duration
}

// mostBytes bounds an answer; ARM pages are far smaller.
const mostBytes = 64 << 20

// Do sends the try.
func (p attempt) Do(req *policy.Request) (*http.Response, error) {
	done, err := p.pace.enter(req.Raw().Context(), req.Raw().URL.Path)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(req.Raw().Context(), p.timeout)
	defer cancel()
	resp, err := req.Clone(ctx).Next()
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostBytes+1))
	if closeErr := resp.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	if len(body) > mostBytes {
		return nil, tooLong{}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

type tooLong struct{}

func (tooLong) Error() string { return "the answer is longer than 64 MB" }

// NonRetriable marks the error for azcore.
func (tooLong) NonRetriable() {}
