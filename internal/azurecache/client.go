package azurecache

import (
	"context"
	"errors"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"time"
)

// Client writes caches. It may be used by many goroutines: writes to one cache
// wait for one another.
type Client struct{}

var errStub = errors.New("not written yet")

// Create makes a cache that does not exist yet, with its children. As soon as
// ARM has accepted it, progress is told. Where a cache of this id exists it
// touches nothing and returns *AlreadyExistsError; where the product is no
// longer sold, *RetiredError. On any other error after acceptance, Observed is
// what ARM has (its ID is empty only if nothing was accepted).
func (c *Client) Create(ctx context.Context, d Desired, progress func(Progress)) (Observed, error) {
	return Observed{}, errStub
}

// Read reads the cache and the children asked for; *NotFoundError if it is gone.
func (c *Client) Read(ctx context.Context, id string, which Which) (Observed, error) {
	return Observed{}, errStub
}

// Update waits until the cache is ready, reads what it has, and walks the steps
// to what is wished. prior is what the caller's state says; only its private
// endpoint is used (to remove one that is no longer wished). The result is what
// ARM has, with an error too.
func (c *Client) Update(ctx context.Context, prior Observed, d Desired, progress func(Progress)) (Observed, error) {
	return Observed{}, errStub
}

// Resume waits for the operation of a token that Progress gave. A token that is
// no longer known is no error: Update waits by reading anyway.
func (c *Client) Resume(ctx context.Context, id, token string) error { return errStub }

// Delete removes the children that owned names (private endpoint first, then
// diagnostic settings), then the cache. What is gone already is fine.
func (c *Client) Delete(ctx context.Context, id string, owned Children, progress func(Progress)) error {
	return errStub
}

// Exists reads whether there is a cache of this id.
func (c *Client) Exists(ctx context.Context, id string) (bool, error) { return false, errStub }

// ListKeys asks for the access keys. Only the ephemeral resource may.
func (c *Client) ListKeys(ctx context.Context, id string) (Keys, error) { return Keys{}, errStub }

// Options change how a client waits; tests set them.
type Options struct {
	// Now and Sleep replace the clock.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// New makes a client on top of a writer.
func New(w *azure.Writer, o Options) *Client { return &Client{} }
