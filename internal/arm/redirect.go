package arm

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// mostRedirects is how many redirects within one host are followed.
const mostRedirects = 10

// sameOriginTransport is a transport that sends a request to no other host and no
// other scheme than its own. net/http would repeat the body of a request at the
// address of a redirect, and its token too where only the port, the subdomain
// or the scheme differs.
type sameOriginTransport struct{ next policy.Transporter }

// newTransport wraps any transport as a sameOriginTransport; nil stands for the
// network.
func newTransport(t policy.Transporter) policy.Transporter {
	switch t := t.(type) {
	case sameOriginTransport:
		return t
	case nil:
		return sameOriginTransport{sharedClient()}
	case *http.Client:
		own := *t
		own.CheckRedirect = checkRedirect
		return sameOriginTransport{&own}
	default:
		return sameOriginTransport{t}
	}
}

// sharedClient is one for the whole process, so that connections are reused.
var sharedClient = sync.OnceValue(func() *http.Client {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        100,
		MaxIdleConnsPerHost: 10,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		// A connection that broke without being closed is noticed.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second},
	}
	return &http.Client{Transport: transport, CheckRedirect: checkRedirect}
})

// checkRedirect follows a read within its host. What was to be written is not
// written elsewhere, and its method does not become another one.
func checkRedirect(next *http.Request, before []*http.Request) error {
	first := before[0]
	if len(before) <= mostRedirects && first.Method == http.MethodGet && sameOrigin(next.URL, first.URL) {
		return nil
	}
	return http.ErrUseLastResponse
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}

// Do sends the request. An answer that leads elsewhere is an error.
func (s sameOriginTransport) Do(req *http.Request) (*http.Response, error) {
	if req.GetBody != nil {
		// net/http would rewind the body for the redirect before it asks whether
		// to follow it, while the body may still be on its way.
		once := *req
		once.GetBody = nil
		req = &once
	}
	resp, err := s.next.Do(req)
	if err != nil {
		return nil, err
	}
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		_ = resp.Body.Close() // it is not read
		return nil, &redirectError{resp.StatusCode, destination(req.URL, resp.Header.Get("Location"))}
	}
	return resp, nil
}

// destination names where a redirect leads, without its path, which may hold a
// secret.
func destination(from *url.URL, location string) string {
	to, err := from.Parse(location)
	switch {
	case err != nil || location == "" || to.Host == "":
		return "to no address"
	case to.Scheme != from.Scheme && strings.EqualFold(to.Host, from.Host):
		return "to another scheme, " + Short(to.Scheme)
	case sameOrigin(to, from):
		return "within " + Short(to.Host)
	default:
		return "to another host, " + Short(to.Host)
	}
}

// redirectError is a redirect that was not followed.
type redirectError struct {
	status int
	where  string
}

func (e *redirectError) Error() string {
	return fmt.Sprintf("the answer is a redirect (status %d) %s, which is not followed: neither token nor body was sent there", e.status,
		e.where)
}

// NonRetriable marks the error for azcore: it would be the same answer again.
func (e *redirectError) NonRetriable() {}
