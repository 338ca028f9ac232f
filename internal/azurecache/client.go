package azurecache

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
)

// Client writes caches. It may be used by many goroutines: writes to one cache
// wait for one another.
type Client struct {
	writer *arm.Writer
	sleep  func(context.Context, time.Duration) error
}

// Options change how a client waits; tests set them.
type Options struct {
	// Sleep replaces the clock.
	Sleep func(context.Context, time.Duration) error
}

// New makes a client on top of a writer.
func New(w *arm.Writer, o Options) *Client {
	c := &Client{writer: w, sleep: o.Sleep}
	if c.sleep == nil {
		c.sleep = sleep
	}
	return c
}

// recoveryTime bounds the reading after an interruption, when the caller's own
// time is over.
const recoveryTime = 30 * time.Second

// Create makes a cache that does not exist yet, with its children. As soon as
// ARM has accepted it, progress is told. Where a cache of this id exists it
// touches nothing and returns *AlreadyExistsError; where the product is no
// longer sold, *RetiredError. On any other error after acceptance, Observed is
// what ARM has (its ID is empty only if nothing was accepted).
func (c *Client) Create(ctx context.Context, d Desired, progress func(Progress)) (Observed, error) {
	parsed, err := azure.ParseCacheID(d.ID)
	if err != nil {
		return Observed{}, err
	}
	d.ID = parsed.ID
	unlock, err := lock(ctx, d.ID)
	if err != nil {
		return Observed{}, err
	}
	defer unlock()
	tell := teller(d.ID, progress)

	op, accepted, err := c.putCache(ctx, d)
	if !accepted {
		return Observed{}, hide(err, d.Secrets, d.Hidden)
	}
	p := &pause{young: true}
	token := ""
	if op != nil {
		token = op.Token()
	}
	tell("create", token)
	if err == nil && op != nil {
		err = c.await(ctx, d.ID, op, p)
	}
	if failure := (*FailedError)(nil); errors.As(err, &failure) {
		tell("create", "")
	}
	if err == nil {
		var l Observed
		if l, err = c.settle(ctx, d.ID, p); err == nil && isFailed(l.ProvisioningState) {
			err = &FailedError{ID: d.ID, State: l.ProvisioningState}
		}
	}
	if err == nil {
		tell("create", "")
		secrets := d.Secrets
		d.Secrets = Secrets{} // they went with the creation
		var o Observed
		if o, err = c.reconcile(ctx, d, tell); err == nil {
			return o, nil
		}
		d.Secrets = secrets
	}
	return c.recovered(ctx, Observed{}, d), hide(err, d.Secrets, d.Hidden)
}

// await waits for the operation, and turns its failure into an error if the
// cache says the same.
func (c *Client) await(ctx context.Context, id string, op *arm.Operation, p *pause) error {
	ended, interrupted := c.finish(ctx, op, p)
	if interrupted != nil {
		return overdue(id, "", interrupted)
	}
	if ended == nil {
		return nil
	}
	l, err := c.settle(ctx, id, p)
	if err != nil || !isFailed(l.ProvisioningState) {
		return err
	}
	return failed(id, l.ProvisioningState, ended)
}

func failed(id, state string, ended error) error {
	f := &FailedError{ID: id, State: state}
	var e *arm.Error
	if errors.As(ended, &e) {
		f.Code, f.Message = e.Code, e.Message
	}
	return f
}

// putCache sends the creation until it is known what became of it. It saw that
// there was no cache before, so that one that is there after an answer was lost
// is the one that was asked for.
func (c *Client) putCache(ctx context.Context, d Desired) (op *arm.Operation, accepted bool, err error) {
	p, lost := &pause{}, false
	for {
		there, err := c.lookAgain(ctx, d.ID, lost)
		switch {
		case err != nil && !isGone(err):
			// After a lost answer the cache may exist; its id must be returned.
			return nil, lost, err
		case err == nil && lost && matches(there, d):
			return nil, true, ctx.Err()
		case err == nil:
			return nil, false, &AlreadyExistsError{there.ID}
		case ctx.Err() != nil:
			return nil, false, ctx.Err()
		}
		op, err := c.writer.PutOnce(ctx, cacheKind, d.ID, createBody(d.atFirst()))
		switch {
		case err == nil:
			return op, true, nil
		case isRetired(err):
			var e *arm.Error
			errors.As(err, &e)
			return nil, false, &RetiredError{e.Message}
		case isUnanswered(err):
			lost = true
		case !isBusy(err):
			return nil, false, err
		}
		if slept := c.sleep(ctx, p.next()); slept != nil && !lost {
			return nil, false, errors.Join(err, slept)
		}
	}
}

// lookAgain reads the cache. Where an answer was lost it reads even after the
// deadline, because a cache that was accepted must not be forgotten.
func (c *Client) lookAgain(ctx context.Context, id string, lost bool) (Observed, error) {
	if lost && ctx.Err() != nil {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), recoveryTime)
		defer cancel()
		ctx = late
	}
	return c.readCache(ctx, id)
}

func matches(l Observed, d Desired) bool {
	return l.Location == ShortLocation(d.Location) && l.SKU != nil && d.SKU != nil && sameSKU(l.SKU, *d.SKU)
}

// Update waits until the cache is ready, reads what it has, and walks the steps
// to the desired state. Where the cache is linked for geo-replication it does what
// Azure lets it do, and then returns *LinkedError. The result is what ARM has,
// with an error too; where nothing can be learned it is prior.
func (c *Client) Update(ctx context.Context, prior Observed, d Desired, progress func(Progress)) (Observed, error) {
	parsed, err := azure.ParseCacheID(d.ID)
	if err != nil {
		return prior, err
	}
	d.ID = parsed.ID
	unlock, err := lock(ctx, d.ID)
	if err != nil {
		return prior, err
	}
	defer unlock()
	o, err := c.reconcile(ctx, d, teller(d.ID, progress))
	if err != nil {
		return c.recovered(ctx, prior, d), hide(err, d.Secrets, d.Hidden)
	}
	return o, nil
}

// recovered is the observed state after an error, read even after the deadline.
// Where it cannot be read, recovered is the prior state, with the id.
func (c *Client) recovered(ctx context.Context, prior Observed, d Desired) Observed {
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), recoveryTime)
	defer cancel()
	o, err := c.readCache(late, d.ID)
	if isGone(err) && prior.ID != "" {
		return Observed{}
	}
	if err != nil {
		if prior.ID == "" {
			prior.ID = d.ID
		}
		return prior
	}
	// A child that cannot be read says nothing; the others do.
	which := d.Wanted()
	for _, concern := range childConcerns {
		_, _ = c.readChildren(late, &o, concern.which(which)) //nolint:errcheck // the first error is the one to report
	}
	return o
}

// Resume waits for the operation of a token that Progress gave. A token that is
// no longer known is no error: Update waits by reading anyway.
// No error quotes what is hidden.
func (c *Client) Resume(ctx context.Context, id, token string, hidden Secrets) error {
	op, err := c.writer.Resume(cacheKind, id, token)
	if err != nil {
		return nil //nolint:nilerr // Update reads
	}
	return hide(c.await(ctx, id, op, &pause{}), hidden)
}

// Delete removes the children that owned names (private endpoint first, then
// diagnostic settings), then the cache. What is gone already is fine. A cache
// that is linked for geo-replication is left alone: *LinkedError.
func (c *Client) Delete(ctx context.Context, id string, owned Children, progress func(Progress)) error {
	parsed, err := azure.ParseCacheID(id)
	if err != nil {
		return err
	}
	unlock, err := lock(ctx, parsed.ID)
	if err != nil {
		return err
	}
	defer unlock()
	// Azure refuses to delete it, and what went before could not come back.
	if l, err := c.readCache(ctx, parsed.ID); err == nil && len(l.LinkedServers) > 0 {
		return &LinkedError{ID: parsed.ID, Servers: l.LinkedServers, Steps: []Step{{Name: "delete"}}}
	}
	tell := teller(parsed.ID, progress)
	if e := owned.PrivateEndpoint; e != nil && (e.ID != "" || e.SubnetID != "") {
		if err := c.removeEndpoint(ctx, parsed.ID, e.path(parsed.ID), tell); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(owned.DiagnosticSettings)) {
		gone := step{Step: Step{Name: "without diagnostic setting " + name},
			child: &child{kind: diagnosticKind, path: parsed.ID + diagnosticsPath + "/" + name}}
		for p, sent := (&pause{}), false; !sent; {
			var ended error
			if sent, ended, err = c.send(ctx, parsed.ID, gone, p, tell); err != nil || ended != nil {
				return errors.Join(err, ended)
			}
		}
	}
	return c.deleteCache(ctx, parsed.ID, tell)
}

// removeEndpoint removes a private endpoint if it leads to the cache.
func (c *Client) removeEndpoint(ctx context.Context, id, path string, tell func(step, token string)) error {
	s := step{Step: Step{Name: "without private endpoint"}, child: &child{kind: endpointKind, path: path}}
	p := &pause{}
	var failure error
	for range mostReads {
		have, err := (&around{c: c, id: id}).endpoint(ctx, path)
		var foreign *ForeignEndpointError
		switch {
		case errors.As(err, &foreign):
			return nil
		case err != nil:
			return err
		case have.ID == "":
			return nil
		case failure != nil:
			return failure
		}
		sent, ended, err := c.send(ctx, id, s, p, tell)
		if err != nil {
			return err
		}
		if failure = ended; !sent {
			continue
		}
		if err := c.sleep(ctx, p.next()); err != nil {
			return overdue(id, "", err)
		}
	}
	return &NotAppliedError{s.Name, []string{"privateEndpoint"}}
}

func (c *Client) deleteCache(ctx context.Context, id string, tell func(step, token string)) error {
	p := &pause{}
	for range mostWrites {
		op, err := c.writer.Delete(ctx, cacheKind, id)
		switch {
		case isBusy(err):
			if err := c.settleBusy(ctx, id, p); err != nil {
				if isGone(err) {
					return nil
				}
				return err
			}
			continue
		case err != nil:
			return err
		}
		tell("delete", op.Token())
		ended, interrupted := c.finish(ctx, op, p)
		if interrupted != nil {
			return overdue(id, "Deleting", interrupted)
		}
		for range mostReads {
			l, err := c.settle(ctx, id, p)
			if isGone(err) {
				tell("delete", "")
				return nil
			}
			if err != nil {
				return err
			}
			if ended != nil {
				return failed(id, l.ProvisioningState, ended)
			}
			if err := c.sleep(ctx, p.next()); err != nil {
				return overdue(id, l.ProvisioningState, err)
			}
		}
	}
	return &NotAppliedError{"delete", []string{"the cache itself"}}
}

// settleBusy waits after a conflict: at least one pause, then until the cache
// rests.
func (c *Client) settleBusy(ctx context.Context, id string, p *pause) error {
	if err := c.sleep(ctx, p.next()); err != nil {
		return overdue(id, "busy", err)
	}
	_, err := c.settle(ctx, id, p)
	return err
}

func teller(id string, progress func(Progress)) func(step, token string) {
	return func(step, token string) {
		if progress != nil {
			progress(Progress{ID: id, Step: step, Token: token})
		}
	}
}

// hide takes connection strings out of what ARM says in an error.
func hide(err error, all ...Secrets) error {
	if err == nil {
		return nil
	}
	var parts []string
	var secrets []Secret
	for _, s := range all {
		secrets = append(secrets, s.RDBStorageConnectionString, s.AOFStorageConnectionString0, s.AOFStorageConnectionString1)
	}
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		parts = append(parts, string(secret))
		for _, part := range strings.Split(string(secret), ";") {
			// The key of the account, or a signature, may be quoted alone.
			if _, value, _ := strings.Cut(part, "="); len(value) >= 16 {
				parts = append(parts, value)
			}
		}
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	scrub := func(text string) string {
		for _, p := range parts {
			text = strings.ReplaceAll(text, p, "(hidden)")
			// Long messages are cut, perhaps within the secret.
			cut := strings.TrimSuffix(text, " …")
			for n := min(len(p), len(cut)); cut != text && n >= 4; n-- {
				if strings.HasSuffix(cut, p[:n]) {
					text = cut[:len(cut)-n] + "(hidden) …"
					break
				}
			}
		}
		return text
	}
	var answer *arm.Error
	if errors.As(err, &answer) {
		answer.Message = scrub(answer.Message)
	}
	var failure *FailedError
	if errors.As(err, &failure) {
		failure.Message = scrub(failure.Message)
	}
	if text := err.Error(); scrub(text) != text {
		return fmt.Errorf("%s", scrub(text)) // the words were kept elsewhere
	}
	return err
}
