package azure

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Reader reads caches. What caches share (subnets, security groups, policy
// sets, the policies of a subscription) is read once per Reader, so that one
// Reader shows Azure at one time.
type Reader struct {
	// Migration asks for [posture.Migration] too: with a request more for the access policies of
	// a cache with Microsoft Entra authentication, and one for its linked servers if it has any.
	Migration bool

	client    *arm.Client
	now       func() time.Time
	published *memo[policySet] // policy sets of Microsoft, also of readers that were made by Anew

	subnets    memo[value]
	groups     memo[posture.SecurityGroup]
	sets       memo[policySet]
	policies   memo[[]policyAssignment]
	exemptions memo[[]policyExemption]
}

// NewReader returns a reader. now, time.Now when nil, decides
// which policy exemptions have expired.
func NewReader(client *arm.Client, now func() time.Time) *Reader {
	if now == nil {
		now = time.Now
	}
	return &Reader{client: client, now: now, published: &memo[policySet]{}}
}

// Anew returns a reader that reads everything again but the policy sets that
// Microsoft publishes.
func (r *Reader) Anew() *Reader {
	return &Reader{client: r.client, now: r.now, published: r.published, Migration: r.Migration}
}

// Read reads one cache by its id, in any casing, with the children that rules
// need.
//
// An error of ParseCacheID, a cache that does not exist and a request that did
// not get through yield no posture. A cache that may not be read yields one in
// which everything is unknown, and an error for which IsForbidden holds. A child
// that may not be read is said in the posture alone; a child that could not be
// read for another reason is said there and in an *Incomplete.
func (r *Reader) Read(ctx context.Context, resourceID string) (*posture.Cache, error) {
	id, err := ParseCacheID(resourceID)
	if err != nil {
		return nil, err
	}
	var m cacheModel
	if err := r.client.Get(ctx, cacheKind(id.Service), id.ID, &m); err != nil {
		if arm.IsForbidden(err) {
			return r.forbiddenCache(id), err
		}
		return nil, err
	}
	return r.complete(ctx, id, &m, perCache)
}

// forbiddenCache is one that may not be read.
func (r *Reader) forbiddenCache(id CacheID) *posture.Cache {
	kind := cacheKind(id.Service)
	c := r.hiddenCache(id, posture.ReasonForbidden, needs(kind))
	c.MissingActions = []string{kind.Action("read")}
	return c
}

// needs names a missing action and the usual cure.
func needs(k arm.ResourceKind) string {
	return "reading it needs " + k.Action("read") + ", which the role Reader holds"
}

// Incomplete says that a cache was read but some of what stands around it was
// not, for another reason than a missing role. The posture holds those facts as
// unknown.
type Incomplete struct {
	Name   string
	Errors []error
}

// Error names the cache and what could not be read.
func (e *Incomplete) Error() string {
	s := "the cache " + e.Name + " was not read completely"
	for _, err := range e.Errors {
		s += "\n  " + err.Error()
	}
	return s
}

// Unwrap returns the errors of the single requests.
func (e *Incomplete) Unwrap() []error { return e.Errors }

// gone says that a cache disappeared while it was read.
type gone struct{ err error }

func (g gone) Error() string { return g.err.Error() }

func (g gone) Unwrap() error { return g.err }

// complete adds the database, and then the children. They are read at the same
// time; Client keeps the quota.
func (r *Reader) complete(ctx context.Context, id CacheID, m *cacheModel, policies policySource) (*posture.Cache, error) {
	c := r.cacheOf(id, m)
	database := r.readDatabase(ctx, id, c)
	children := childrenFor(id.Service, c)
	failures := make([][]error, len(children), len(children)+1)
	var wg sync.WaitGroup
	for i, child := range children {
		wg.Go(func() { failures[i] = r.read(ctx, child, id, c, policies) })
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var left []error
	for _, err := range slices.Concat(append(failures, []error{database})...) {
		var g gone
		var refused *arm.Error
		switch {
		case err == nil:
		case arm.IsForbidden(err) && errors.As(err, &refused):
			c.MissingActions = append(c.MissingActions, refused.Action)
		case errors.As(err, &g):
			return nil, g.err
		default:
			left = append(left, err)
		}
	}
	slices.Sort(c.MissingActions)
	c.MissingActions = slices.Compact(c.MissingActions)
	if len(left) > 0 {
		return c, &Incomplete{Name: id.Name, Errors: left}
	}
	return c, nil
}

// read fills in one child. Each child writes to facts of its own.
func (r *Reader) read(ctx context.Context, what child, id CacheID, c *posture.Cache, policies policySource) (failures []error) {
	var err error
	switch what {
	case childFirewallRules:
		c.FirewallRules, err = r.firewallRules(ctx, id)
	case childEndpoints:
		c.PrivateEndpoints, err = r.endpointConnections(ctx, id)
	case childPatchSchedule:
		err = r.maintenanceWindows(ctx, id, c)
	case childAccessAssignments, childDatabaseAssignments:
		c.AccessPolicyAssignments, err = r.accessAssignments(ctx, id, string(what))
	case childAccessPolicies:
		c.AccessPolicies, err = r.accessPolicies(ctx, id)
	case childLinkedServers:
		c.Links, err = r.links(ctx, id)
	case childDiagnosticSettings:
		c.DiagnosticSettings, err = r.diagnosticSettings(ctx, id)
	case childSubnet:
		c.Subnet, err = r.subnet(ctx, c.SubnetID.V)
	case childPolicyAssignments:
		c.PolicyAssignments, failures = r.policyAssignments(ctx, id, policies)
	}
	failures = append(failures, err)
	if slices.ContainsFunc(failures, arm.IsNotFound) && ctx.Err() == nil {
		// A collection of a cache that exists is never missing.
		if gone := r.isGone(ctx, id); gone != nil {
			return []error{gone}
		}
	}
	return failures
}

// isGone asks again for a cache. It returns an error that says that the cache
// disappeared, and nil for one that did not.
func (r *Reader) isGone(ctx context.Context, id CacheID) error {
	var m cacheModel
	if again := r.client.Get(ctx, cacheKind(id.Service), id.ID, &m); arm.IsGone(again, id.ID) {
		return gone{again}
	}
	return nil
}

// unseen turns a failed request into what a fact says about itself.
func unseen(k arm.ResourceKind, err error) (posture.Reason, string) {
	if arm.IsForbidden(err) {
		return posture.ReasonForbidden, needs(k)
	}
	return posture.ReasonNotObserved, err.Error()
}

// unread is the set of a collection that could not be read.
func unread[T any](k arm.ResourceKind, err error) posture.Set[T] {
	reason, detail := unseen(k, err)
	return posture.Set[T]{Reason: reason, Detail: detail}
}
