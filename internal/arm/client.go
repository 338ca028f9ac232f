package arm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	sdk "github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/google/uuid"
)

// Options say how to reach Azure Resource Manager.
type Options struct {
	Config           Config
	Version          string // of this program
	TerraformVersion string // empty outside Terraform
	Limits           Limits // zero means DefaultLimits
	// Waiting, if not nil, is kept at the number of requests that wait for a quota.
	Waiting *atomic.Int64
	// Transport and Credential replace the network and the configured identity;
	// tests and embedding programs set them. No redirect to another host or scheme
	// is followed, whatever the transport.
	Transport  policy.Transporter
	Credential azcore.TokenCredential
	// RequestTimeout bounds one request with its retries where the context has
	// no deadline of its own; TryTimeout bounds each try. Zero means 5 minutes
	// and 1 minute.
	RequestTimeout, TryTimeout time.Duration
	// RetryDelay is the first delay between tries where the answer names none;
	// zero means 0.8 seconds.
	RetryDelay time.Duration
}

// Client reads from Azure Resource Manager. It can send GET and the query of
// Resource Graph, and has no method for anything else.
type Client struct {
	endpoint *url.URL
	pipeline runtime.Pipeline
	options  Options
	sleep    func(context.Context, time.Duration) error
}

// NewClient checks the settings and prepares a client. It sends nothing: the
// first token is asked for with the first request.
func NewClient(o Options) (*Client, error) {
	pipeline, endpoint, err := newPipeline(&o, readOnly{})
	if err != nil {
		return nil, err
	}
	return &Client{endpoint: endpoint, pipeline: pipeline, options: o, sleep: Sleep}, nil
}

// newPipeline makes the pipeline of a client or a writer; guard decides which
// requests may be sent.
func newPipeline(o *Options, guard policy.Policy) (runtime.Pipeline, *url.URL, error) {
	services, err := cloudOf(o.Config)
	if err != nil {
		return runtime.Pipeline{}, nil, err
	}
	endpoint, err := url.Parse(services.Services[cloud.ResourceManager].Endpoint)
	if err != nil {
		return runtime.Pipeline{}, nil, fmt.Errorf("%s is no address", ResourceManagerEndpoint)
	}
	o.Transport = newTransport(o.Transport)
	if o.RequestTimeout == 0 {
		o.RequestTimeout = 5 * time.Minute
	}
	if o.TryTimeout == 0 {
		o.TryTimeout = time.Minute
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits
	}
	credential := o.Credential
	if credential == nil {
		credential = NewCredential(o.Config, policy.ClientOptions{
			Cloud: services, Transport: o.Transport, Telemetry: policy.TelemetryOptions{Disabled: true},
			Retry: policy.RetryOptions{RetryDelay: o.RetryDelay, ShouldRetry: passing},
		})
	}
	id := ""
	if !o.Config.Bool(DisableCorrelationID) {
		id = uuid.NewString()
	}
	client, err := sdk.NewClient("azure", "v0.0.0", credential, &sdk.ClientOptions{
		ClientOptions: policy.ClientOptions{
			Cloud:     services,
			Transport: o.Transport,
			Telemetry: policy.TelemetryOptions{Disabled: true},
			// Answers hold access keys; no log of the SDK may hold an answer.
			Logging: policy.LogOptions{IncludeBody: false, AllowedHeaders: []string{
				"Retry-After", "x-ms-correlation-request-id", "x-ms-request-id", "x-ms-ratelimit-remaining-subscription-reads",
				"x-ms-user-quota-remaining", "x-ms-user-quota-resets-after",
			}, AllowedQueryParams: []string{"api-version"}},
			PerCallPolicies:  []policy.Policy{guard, headers{userAgent(o.Version, o.TerraformVersion), id}},
			PerRetryPolicies: []policy.Policy{attempt{newPace(o.Limits, o.Waiting), o.TryTimeout}},
		},
		AuxiliaryTenants: o.Config.List(AuxiliaryTenantIDs),
		// Registering a resource provider is a write.
		DisableRPRegistration: true,
	})
	if err != nil {
		return runtime.Pipeline{}, nil, fmt.Errorf("the client of Azure Resource Manager cannot be made: %w", err)
	}
	return client.Pipeline(), endpoint, nil
}

func userAgent(version, terraform string) string {
	if version == "" {
		version = "dev"
	}
	s := "terraform-provider-redisbaseline/" + version
	if terraform != "" {
		s += " Terraform/" + terraform
	}
	return s
}

// Get reads one object, by its id. An answer about nothing or about another
// object is an error: as a fact, what it leaves out would be absent.
func (c *Client) Get(ctx context.Context, k ResourceKind, id string, into any) error {
	e := k.endpoint("read")
	var raw json.RawMessage
	if err := c.do(ctx, e, http.MethodGet, id, nil, nil, &raw); err != nil {
		return err
	}
	var head struct {
		ID string `json:"id"`
	}
	if err := decode(e, id, "", raw, &head); err != nil {
		return err
	}
	switch {
	case head.ID == "":
		return &Error{Path: id, What: e.what, Message: "the answer holds no resource"}
	case !strings.EqualFold(strings.Trim(head.ID, "/"), strings.Trim(id, "/")):
		return &Error{Path: id, What: e.what, Message: "the answer is about another resource, " + Short(head.ID)}
	}
	return decode(e, id, "", raw, into)
}

// List reads all pages of a collection and hands each element to add.
func List[T any](ctx context.Context, c *Client, k ResourceKind, path string, query url.Values, add func(T)) error {
	e := k.endpoint("read")
	var pages paging
	for {
		var page struct {
			Value    *[]T   `json:"value"`
			NextLink string `json:"nextLink"`
		}
		got, err := c.send(ctx, e, http.MethodGet, path, query, nil, &page)
		if err != nil {
			return err
		}
		if page.Value == nil {
			// An answer without a list is no empty list.
			return &Error{Path: path, What: e.what, Message: "the answer is not the JSON of Azure Resource Manager"}
		}
		if err := pages.page(len(*page.Value), got.bytes, page.NextLink); err != nil {
			return &Error{Path: path, What: e.what, Message: err.Error()}
		}
		for _, item := range *page.Value {
			add(item)
		}
		if page.NextLink == "" {
			return nil
		}
		next, err := c.follow(page.NextLink)
		if err != nil {
			return &Error{Path: path, What: e.what, Message: "the address of the next page cannot be followed"}
		}
		path, query = next.Path, next.Query()
	}
}

// follow accepts the address of a next page only at the endpoint itself: it is
// part of an answer, and the token goes with it.
func (c *Client) follow(link string) (*url.URL, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "https" || !strings.EqualFold(u.Host, c.endpoint.Host) {
		return nil, errors.New("the next page is at another host")
	}
	u.Path = strings.TrimPrefix(u.Path, strings.TrimRight(c.endpoint.Path, "/"))
	return u, nil
}

func (c *Client) do(ctx context.Context, e endpoint, method, path string, query url.Values, body, into any) error {
	_, err := c.send(ctx, e, method, path, query, body, into)
	return err
}

// answer is what an answer was beside what it says.
type answer struct {
	header http.Header
	bytes  int
}

// send sends a request and decodes its answer.
func (c *Client) send(ctx context.Context, e endpoint, method, path string, query url.Values, body, into any) (answer, error) {
	resp, err := c.exchange(ctx, e, method, path, query, body, false)
	if err != nil {
		return answer{}, err
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, unreachable(e, path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return answer{}, refused(e, path, resp.StatusCode, content)
	}
	return answer{resp.Header, len(content)}, decode(e, path, resp.Header.Get("Content-Type"), content, into)
}

// exchange sends a request until it is answered, with whatever status, or the
// deadline comes; once, only where an earlier try surely had no effect.
func (c *Client) exchange(ctx context.Context, e endpoint, method, path string, query url.Values, body any, once bool) (*http.Response,
	error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.options.RequestTimeout)
		defer cancel()
	}
	tries := &retry{ctx: ctx, once: once}
	req, err := runtime.NewRequest(c.retrying(tries), method, c.address(e, path, query))
	if err != nil {
		return nil, unreachable(e, path, errors.New("this is no path of a resource"))
	}
	req.Raw().Header.Set("Accept", "application/json")
	runtime.SkipBodyDownload(req) // attempt reads it
	if body != nil {
		if err := runtime.MarshalAsJSON(req, body); err != nil {
			return nil, unreachable(e, path, err)
		}
	}
	resp, err := c.pipeline.Do(req)
	if err != nil {
		return nil, tries.explain(e, path, err)
	}
	return resp, nil
}

// retrying is the context of a request that is tried again as tries decides.
func (c *Client) retrying(tries *retry) context.Context {
	return policy.WithRetryOptions(tries.ctx, policy.RetryOptions{MaxRetries: 1000, RetryDelay: c.options.RetryDelay, MaxRetryDelay: -1,
		ShouldRetry: tries.again})
}

// address escapes each segment, so that no name in an id can leave its place.
func (c *Client) address(e endpoint, path string, query url.Values) string {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	values := url.Values{}
	for k, v := range query {
		values[k] = v
	}
	if values.Get("api-version") == "" {
		values.Set("api-version", e.version)
	}
	return strings.TrimRight(c.endpoint.String(), "/") + "/" + strings.Join(segments, "/") + "?" + values.Encode()
}

// withoutBOM removes the byte order mark that some services put before their JSON.
func withoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) }

func decode(e endpoint, path, contentType string, body []byte, into any) error {
	body = withoutBOM(body)
	if err := json.Unmarshal(body, into); err != nil {
		message := "the answer is not the JSON of Azure Resource Manager"
		if strings.Contains(strings.ToLower(contentType), "html") || bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			message = "the answer is HTML; a proxy may stand in between"
		}
		// The JSON error quotes the body, so that it is not passed on.
		return &Error{Path: path, What: e.what, Message: message}
	}
	return nil
}

// passing reports whether a request for a token may succeed on another try.
func passing(resp *http.Response, err error) bool {
	if err != nil {
		return !isTLS(err)
	}
	return transient(resp.StatusCode)
}

// transient reports whether a status says that another try may succeed.
func transient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retry decides whether one request is tried again, and remembers why.
type retry struct {
	ctx          context.Context
	once         bool // only where a try surely had no effect
	tries        int
	unauthorized bool
	last         string
}

// again holds until the deadline. It ends at once where waiting cannot help.
func (r *retry) again(resp *http.Response, err error) bool {
	if r.once && (err != nil || resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusUnauthorized) {
		return false
	}
	r.tries++
	if err != nil {
		var dns *net.DNSError
		if isTLS(err) || errors.As(err, &dns) && dns.IsNotFound || r.ctx.Err() != nil {
			return false
		}
		r.last = plain(err)
		return true
	}
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		// The token may have expired on the way; azcore asks for a new one.
		again := !r.unauthorized
		r.unauthorized = true
		return again
	case transient(resp.StatusCode):
		r.last = fmt.Sprintf("status %d", resp.StatusCode)
		deadline, ok := r.ctx.Deadline()
		return !ok || retryAfter(resp.Header) < time.Until(deadline)
	default:
		return false
	}
}

// retryAfter is the pause that an answer asks for, in milliseconds, in seconds or
// as a date; 0 if it names none.
func retryAfter(h http.Header) time.Duration {
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if ms, err := strconv.Atoi(h.Get(name)); err == nil && ms > 0 {
			return time.Duration(ms) * time.Millisecond
		}
	}
	text := h.Get("Retry-After")
	if seconds, err := time.ParseDuration(text + "s"); err == nil {
		return max(0, seconds)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

func (r *retry) explain(e endpoint, path string, err error) error {
	out := unreachable(e, path, err)
	var ours *Error
	if errors.As(out, &ours) && errors.Is(err, context.DeadlineExceeded) && r.last != "" {
		ours.Message = fmt.Sprintf("there was no good answer in time; %d tries, the last one: %s", r.tries, r.last)
	}
	return out
}
