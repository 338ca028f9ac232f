package azurecache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
)

// Client writes caches. It is safe for concurrent use; writes to one cache wait for
// one another.
type Client struct {
	writer *arm.Writer
	sleep  func(context.Context, time.Duration) error
}

// New returns a client that sends its requests with a writer, and waits with sleep:
// [arm.Sleep] outside tests.
func New(w *arm.Writer, sleep func(context.Context, time.Duration) error) *Client {
	return &Client{writer: w, sleep: sleep}
}

// recoveryTime is the time for reading the cache after the caller's own time is
// over.
const recoveryTime = 30 * time.Second

// Create makes a cache that does not exist yet, with its children. It calls
// progress as soon as ARM has accepted the cache. If the cache exists already, it
// changes nothing and returns *AlreadyExistsError; if the service is no longer sold
// to the tenant, *RetiredError. On any other error after ARM has accepted it,
// Observed is what ARM has; its ID is empty only where nothing was accepted.
func (c *Client) Create(ctx context.Context, d Desired, progress func(Progress)) (Observed, error) {
	id, unlock, err := lock(ctx, d.ID)
	if err != nil {
		return Observed{}, err
	}
	defer unlock()
	d.ID = id
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
		d.Secrets = Secrets{} // they were sent with the creation
		var o Observed
		if o, err = c.reconcile(ctx, d, tell); err == nil {
			return o, nil
		}
		d.Secrets = secrets
	}
	return c.recovered(ctx, Observed{}, d), hide(err, d.Secrets, d.Hidden)
}

// await waits for the operation. A failure of the operation is an error where the
// state of the cache confirms it.
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

// putCache sends the creation until its outcome is known. There was no cache
// before, so a cache that exists after an answer was lost is the one that was
// created.
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

// Update waits until the cache is ready, reads it, and sends the steps that lead to
// the desired state. If the cache is linked for geo-replication, it makes the changes that
// Azure allows and then returns *LinkedError. The result is what ARM has, also with
// an error; where it cannot be read, it is prior.
func (c *Client) Update(ctx context.Context, prior Observed, d Desired, progress func(Progress)) (Observed, error) {
	id, unlock, err := lock(ctx, d.ID)
	if err != nil {
		return prior, err
	}
	defer unlock()
	d.ID = id
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
		prior.ID = cmp.Or(prior.ID, d.ID)
		return prior
	}
	// Children that cannot be read are left out.
	which := d.Wanted()
	for _, kind := range childKinds {
		_, _ = c.readChildren(late, &o, kind.which(which)) //nolint:errcheck // the first error is the one to report
	}
	return o
}

// Resume waits for the operation of a token from Progress. A token that is no
// longer known is no error, since Update waits for the cache anyway. No error
// quotes what is hidden.
func (c *Client) Resume(ctx context.Context, id, token string, hidden Secrets) error {
	op, err := c.writer.Resume(cacheKind, id, token)
	if err != nil {
		return nil //nolint:nilerr // Update reads
	}
	return hide(c.await(ctx, id, op, &pause{}), hidden)
}

// Delete removes the private endpoint and the diagnostic settings in owned, then
// the cache. It is no error if one of them is gone already. If the cache is linked
// for geo-replication, it changes nothing and returns *LinkedError.
func (c *Client) Delete(ctx context.Context, id string, owned Children, progress func(Progress)) error {
	id, unlock, err := lock(ctx, id)
	if err != nil {
		return err
	}
	defer unlock()
	// Azure refuses to delete a linked cache, and children that were removed before
	// could not be restored.
	if l, err := c.readCache(ctx, id); err == nil && len(l.LinkedServers) > 0 {
		return &LinkedError{ID: id, Servers: l.LinkedServers, Steps: []Step{{Name: "delete"}}}
	}
	tell := teller(id, progress)
	if e := owned.PrivateEndpoint; e != nil && (e.ID != "" || e.SubnetID != "") {
		if err := c.removeEndpoint(ctx, id, e.path(id), tell); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(owned.DiagnosticSettings)) {
		gone := step{Step: Step{Name: "without diagnostic setting " + name},
			child: &child{kind: diagnosticKind, path: id + diagnosticsPath + "/" + name}}
		for p, sent := (&pause{}), false; !sent; {
			var ended error
			if sent, ended, err = c.send(ctx, id, gone, p, tell); err != nil || ended != nil {
				return errors.Join(err, ended)
			}
		}
	}
	return c.deleteCache(ctx, id, tell)
}

// removeEndpoint removes a private endpoint if it is connected to the cache.
func (c *Client) removeEndpoint(ctx context.Context, id, path string, tell func(step, token string)) error {
	s := step{Step: Step{Name: "without private endpoint"}, child: &child{kind: endpointKind, path: path}}
	p := &pause{}
	var failure error
	for range mostReads {
		have, err := (&childReader{c: c, id: id}).endpoint(ctx, path)
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

// settleBusy waits after a conflict: one pause at least, and until the cache is not
// busy.
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

// hide removes connection strings from the messages of ARM in an error.
func hide(err error, all ...Secrets) error {
	if err == nil {
		return nil
	}
	var parts []string
	for _, s := range all {
		for _, secret := range []Secret{s.RDBStorageConnectionString, s.AOFStorageConnectionString0, s.AOFStorageConnectionString1} {
			if secret == "" {
				continue
			}
			parts = append(parts, string(secret))
			for _, part := range strings.Split(string(secret), ";") {
				// ARM may quote only the key of the account, or a signature.
				if _, value, _ := strings.Cut(part, "="); len(value) >= 16 {
					parts = append(parts, value)
				}
			}
		}
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	scrub := func(text string) string {
		for _, p := range parts {
			text = strings.ReplaceAll(text, p, "(hidden)")
			// Long messages are cut, and may end within a secret.
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
		return fmt.Errorf("%s", scrub(text)) // an error of another type is replaced by its text
	}
	return err
}
