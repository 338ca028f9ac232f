package azurecache

import (
	"context"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
)

const (
	// mostWrites bounds how often one change is sent when ARM takes it and does
	// not make it.
	mostWrites = 4
	// mostReads bounds how long a change that ARM took may stay unseen.
	mostReads = 12
)

// reconcile brings the cache to the desired state, one step at a time, and reads the
// cache after each.
// The observed state decides the next step, so that a run that was interrupted is
// continued by the next one.
func (c *Client) reconcile(ctx context.Context, d Desired, tell func(step, token string)) (Observed, error) {
	p := &pause{}
	l, err := c.settle(ctx, d.ID, p)
	if err != nil {
		return Observed{}, err
	}
	if paths := Unchangeable(l, d); len(paths) > 0 {
		return Observed{}, &UnchangeableError{paths}
	}
	refused := &refusals{servers: l.LinkedServers}
	if l, err = c.reconcileSettings(ctx, l, d.withoutOpening(), refused, tell); err != nil {
		return Observed{}, err
	}
	if isFailed(l.ProvisioningState) {
		again := d
		again.PublicNetworkAccess = l.PublicNetworkAccess
		if l, err = c.revive(ctx, again, tell); err != nil {
			return Observed{}, err
		}
	}
	if e := d.PrivateEndpoint; e != nil && e.Ours != "" && e.SubnetID != "" && !strings.EqualFold(e.Ours, e.path(d.ID)) &&
		len(refused.servers) == 0 {
		if err := c.removeEndpoint(ctx, d.ID, e.Ours, tell); err != nil {
			return Observed{}, err
		}
	}
	for _, kind := range childKinds {
		if err := c.reconcileChildren(ctx, kind, d, refused, tell); err != nil {
			return Observed{}, err
		}
	}
	if err := c.open(ctx, l, d, refused, tell); err != nil {
		return Observed{}, err
	}
	if err := refused.err(d.ID); err != nil {
		return Observed{}, err
	}
	// Writing children makes the cache busy, and lists lag behind.
	return c.readWhole(ctx, d)
}

// open opens public network access, where that is desired, to a cache whose
// firewall rules exist.
func (c *Client) open(ctx context.Context, l Observed, d Desired, refused *refusals, tell func(step, token string)) error {
	last := d.opensOnly()
	if len(settingSteps(l.Settings, last)) == 0 {
		return nil
	}
	l, err := c.settle(ctx, d.ID, &pause{})
	if err != nil {
		return err
	}
	_, err = c.reconcileSettings(ctx, l, last, refused, tell)
	return err
}

// readWhole reads all that is managed once more, until it is as desired.
func (c *Client) readWhole(ctx context.Context, d Desired) (Observed, error) {
	d.Secrets = Secrets{}
	if d.ZonesWherePossible {
		d.ZonalAllocationPolicy = nil
	}
	p := &pause{}
	for n := 0; ; n++ {
		l, err := c.settle(ctx, d.ID, p)
		if err != nil {
			return Observed{}, err
		}
		o := l
		pending, err := c.readChildren(ctx, &o, d.Wanted())
		if err != nil {
			return Observed{}, err
		}
		left := plan(o, d)
		if len(left) == 0 && !pending {
			return o, nil
		}
		if pending {
			n = 0
		}
		if n == mostReads {
			return Observed{}, &NotAppliedError{left[0].Name, left[0].Properties}
		}
		if err := c.sleep(ctx, p.next()); err != nil {
			return Observed{}, overdue(d.ID, l.ProvisioningState, err)
		}
	}
}

func (c *Client) reconcileSettings(ctx context.Context, l Observed, d Desired, refused *refusals, tell func(step, token string)) (Observed,
	error) {
	for {
		steps := slices.DeleteFunc(settingSteps(l.Settings, d), refused.skip)
		if len(steps) == 0 {
			return l, nil
		}
		s, p := steps[0], &pause{}
		sent, ended, err := c.patch(ctx, d.ID, s, p, tell)
		asked := d.ZonesWherePossible && s.Name == stepZones && (sent || isRefused(err))
		if asked {
			d.ZonalAllocationPolicy = nil // once is enough; what comes of it is read
		}
		switch {
		case asked && err != nil && !sent, refused.take(s, err):
			continue
		case err != nil:
			return l, err
		}
		if l, err = c.settle(ctx, d.ID, p); err != nil {
			return l, err
		}
		if !sent {
			continue // it was busy; what it did meanwhile may change the steps
		}
		if isFailed(l.ProvisioningState) {
			return l, failed(d.ID, l.ProvisioningState, ended)
		}
		if intersects(s.Properties, connectionStrings) {
			d.Secrets = Secrets{} // never given back, so that there is nothing to compare
		}
		for _, again := range settingSteps(l.Settings, d) {
			if again.Name != s.Name || !intersects(again.Properties, s.Properties) {
				continue
			}
			if ended != nil {
				return l, failed(d.ID, l.ProvisioningState, ended)
			}
			return l, &NotAppliedError{s.Name, again.Properties}
		}
	}
}

// revive sends the creation of a cache that failed once more: it makes what is
// missing and changes nothing else.
func (c *Client) revive(ctx context.Context, d Desired, tell func(step, token string)) (Observed, error) {
	p := &pause{}
	op, err := c.writer.Put(ctx, cacheKind, d.ID, createBody(d))
	if err != nil {
		return Observed{}, err
	}
	ended, err := c.follow(ctx, d.ID, "create", "", op, p, tell)
	if err != nil {
		return Observed{}, err
	}
	l, err := c.settle(ctx, d.ID, p)
	if err == nil && isFailed(l.ProvisioningState) {
		err = failed(d.ID, l.ProvisioningState, ended)
	}
	return l, err
}

// patch sends one step. It was not sent when the cache was busy; then it is
// settled once this returns.
func (c *Client) patch(ctx context.Context, id string, s step, p *pause, tell func(step, token string)) (sent bool, ended, err error) {
	op, err := c.writer.Patch(ctx, cacheKind, id, s.body)
	if isBusy(err) {
		err := c.settleBusy(ctx, id, p)
		return false, nil, err
	}
	if err != nil {
		return false, nil, err
	}
	ended, err = c.follow(ctx, id, s.Name, "", op, p, tell)
	return true, ended, err
}

func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// reconcileChildren writes one collection, one child at a time. A child that ARM
// accepted and does not show for long is sent again: a rule can get lost while
// another client writes another rule.
func (c *Client) reconcileChildren(ctx context.Context, kind childKind, d Desired, refused *refusals,
	tell func(step, token string)) error {
	which := kind.which(d.Wanted())
	if which == (Selection{}) {
		return nil
	}
	writes := map[string]int{}
	var failure error // how the last write ended
	p := &pause{}
	for {
		o := Observed{ID: d.ID}
		pending, err := c.readChildren(ctx, &o, which)
		if err != nil {
			return err
		}
		if pending {
			if err := c.sleep(ctx, p.next()); err != nil {
				return overdue(d.ID, "changing", err)
			}
			continue
		}
		if err := Occupied(o, d); err != nil {
			return err
		}
		steps := slices.DeleteFunc(kind.steps(o, d), refused.skip)
		if len(steps) == 0 {
			return nil
		}
		s := steps[0]
		if len(refused.servers) > 0 && replaces(steps) {
			// The new one would be refused after the old one was removed.
			refused.steps = append(refused.steps, Step{Name: stepEndpoint, Properties: s.Properties})
			return nil
		}
		if failure != nil && refused.take(s, failure) {
			failure = nil
			continue
		}
		if failure != nil {
			return failure
		}
		if writes[s.Name] > 0 && p.reads < mostReads {
			// The child was written already and may take time to be seen.
			p.reads++
			if err := c.sleep(ctx, p.next()); err != nil {
				return overdue(d.ID, "without "+s.Name, err)
			}
			continue
		}
		if writes[s.Name] == mostWrites {
			return &NotAppliedError{s.Name, s.Properties}
		}
		p = &pause{}
		sent, ended, err := c.send(ctx, d.ID, s, p, tell)
		if refused.take(s, err) {
			continue
		}
		if err != nil {
			return err
		}
		if failure = ended; sent {
			writes[s.Name]++
		}
	}
}

// send sends one request about a child and waits for its end. It was not sent
// when something was busy; ended is how the operation failed, if it did.
func (c *Client) send(ctx context.Context, id string, s step, p *pause, tell func(step, token string)) (sent bool, ended, err error) {
	var op *arm.Operation
	if s.child.body == nil {
		op, err = c.writer.Delete(ctx, s.child.kind, s.child.path)
	} else {
		op, err = c.writer.Put(ctx, s.child.kind, s.child.path, s.child.body)
	}
	switch {
	case isBusy(err) && s.child.belongs:
		err = c.settleBusy(ctx, id, p)
		return false, nil, err
	case isBusy(err):
		if err := c.sleep(ctx, p.next()); err != nil {
			return false, nil, overdue(id, "busy", err)
		}
		return false, nil, nil
	case err != nil:
		return false, nil, err
	}
	ended, err = c.follow(ctx, id, s.Name, "without "+s.Name, op, p, tell)
	return true, ended, err
}
