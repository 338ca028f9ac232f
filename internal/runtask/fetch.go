package runtask

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// The limits of an exchange with HCP Terraform or its archive.
const (
	headerTimeout = 30 * time.Second
	stallTimeout  = 60 * time.Second // without a byte
	maxRedirects  = 3
)

// client sends requests to HCP Terraform and its archive. It uses no http.Client,
// which follows redirects by itself and puts their addresses into its errors.
type client struct {
	http  *http.Transport
	hosts hosts
	agent string
}

// dialFunc connects to an address.
type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

func newClient(h hosts, dial dialFunc, trust *tls.Config, version string) *client {
	return &client{
		hosts: h,
		agent: "redisbaseline/" + version,
		http: &http.Transport{
			// A proxy would resolve names itself, so that addresses would not be checked.
			Proxy:                  nil,
			DialContext:            dial,
			TLSClientConfig:        trust,
			ForceAttemptHTTP2:      true,
			MaxIdleConnsPerHost:    16,
			MaxConnsPerHost:        256,
			IdleConnTimeout:        60 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  headerTimeout,
			MaxResponseHeaderBytes: 256 << 10,
			// Limits count the bytes that are received, not those that they unpack to.
			DisableCompression: true,
		},
	}
}

// statusError is an answer with another status than the expected one.
type statusError struct {
	what string
	code int
	wait time.Duration // Retry-After
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s answered %d %s", e.what, e.code, http.StatusText(e.code))
}

// unreachable is a request that got no answer.
type unreachable struct {
	what string
	err  error
}

func (e *unreachable) Error() string { return e.what + ": " + e.err.Error() }
func (e *unreachable) Unwrap() error { return e.err }

// get fetches an address of the API with the token. It follows a redirect, which
// leads to the archive, without the token: the address of the archive is itself a
// credential, and the archive refuses requests with another one. The context also
// limits reading the body.
func (c *client) get(ctx context.Context, address, token, what string) (*http.Response, error) {
	u, err := c.hosts.check(address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	for hop := 0; ; hop++ {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, fmt.Errorf("%s: the address is not a URL", what)
		}
		req.Header.Set("User-Agent", c.agent)
		if hop == 0 {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := c.http.RoundTrip(req)
		if err != nil {
			return nil, &unreachable{what, withoutAddress(err)}
		}
		switch resp.StatusCode {
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			discard(resp)
			if hop == maxRedirects {
				return nil, fmt.Errorf("%s: more than %d redirects", what, maxRedirects)
			}
			location := resp.Header.Get("Location")
			if location == "" {
				return nil, fmt.Errorf("%s answered %d without a Location", what, resp.StatusCode)
			}
			next, err := u.Parse(location)
			if err != nil {
				return nil, fmt.Errorf("%s: the redirect leads to no URL", what)
			}
			if err := refuse(next, c.hosts.archive); err != nil {
				return nil, fmt.Errorf("%s: redirect: %w", what, err)
			}
			u = next
		case http.StatusOK, http.StatusNoContent:
			return resp, nil
		default:
			discard(resp)
			return nil, &statusError{what: what, code: resp.StatusCode, wait: retryAfter(resp)}
		}
	}
}

// retryAfter is the time that an answer asks to wait, at most a minute.
func retryAfter(resp *http.Response) time.Duration {
	s, err := time.ParseDuration(resp.Header.Get("Retry-After") + "s")
	if err != nil || s < 0 {
		return 0
	}
	return min(s, time.Minute)
}

// discard closes a body, and reads a little of it before, so that the connection can
// be used again.
func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	_ = resp.Body.Close()
}

// withoutAddress is an error of the network without the addresses it was about.
func withoutAddress(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return fmt.Errorf("%s: %w", op.Op, op.Err)
	}
	return err
}

// body is the body of an answer. Reading it reports progress, fails when no byte
// comes for stallTimeout, and fails when its context ends, even if bytes have
// arrived already.
type body struct {
	io.ReadCloser
	ctx      context.Context
	timer    *time.Timer
	progress func()
	err      error // other than io.EOF
}

func newBody(ctx context.Context, r io.ReadCloser, cancel context.CancelCauseFunc, progress func()) *body {
	return &body{ReadCloser: r, ctx: ctx, progress: progress, timer: time.AfterFunc(stallTimeout, func() { cancel(errStalled) })}
}

var errStalled = errors.New("no byte came for " + stallTimeout.String())

func (b *body) Read(p []byte) (int, error) {
	if cause := context.Cause(b.ctx); cause != nil {
		b.timer.Stop()
		b.err = cause
		return 0, cause
	}
	n, err := b.ReadCloser.Read(p)
	switch {
	case err != nil:
		b.timer.Stop()
		if err != io.EOF {
			b.err = err
		}
	case n > 0:
		b.timer.Reset(stallTimeout)
		b.progress()
	}
	return n, err
}

func (b *body) Close() error {
	b.timer.Stop()
	return b.ReadCloser.Close()
}

// sanitizedURL is the address of the sanitized plan, which a workspace has whose
// plans only its owner can decrypt (hold your own key). It is empty where the
// address of the plan has another form.
func sanitizedURL(plan string) string {
	if base, ok := strings.CutSuffix(plan, "/json-output"); ok {
		return base + "/sanitized-plan"
	}
	return ""
}
