package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// scanTarget is the caches that a scan is to judge: single ones, or a selection.
type scanTarget struct {
	ids       []string
	selection azure.Selection
}

// parseScanTarget reads arguments and flags; its errors are wrong usage.
func parseScanTarget(flags scanFlags, args []string) (scanTarget, error) {
	var out scanTarget
	if len(args) > 0 && len(flags.subscriptions)+len(flags.managementGroups)+len(flags.resourceGroups)+len(flags.tags) > 0 {
		return out, errors.New("give either RESOURCE_IDs, or --subscription, --management-group, --resource-group and --tag")
	}
	seen := map[string]bool{}
	for _, arg := range args {
		id, err := azure.ParseCacheID(arg)
		if err != nil {
			return out, err
		}
		if !seen[strings.ToLower(id.ID)] {
			seen[strings.ToLower(id.ID)] = true
			out.ids = append(out.ids, id.ID)
		}
	}
	for _, s := range flags.subscriptions {
		id := strings.ToLower(strings.Trim(s, "/"))
		id = strings.TrimPrefix(id, "subscriptions/")
		if uuid.Validate(id) != nil || len(id) != 36 {
			return out, fmt.Errorf("--subscription %q is not the id of a subscription, such as 00000000-0000-0000-0000-000000000000", s)
		}
		out.selection.SubscriptionIDs = append(out.selection.SubscriptionIDs, id)
	}
	for _, names := range []struct {
		flag  string
		given []string
		into  *[]string
	}{
		{"--management-group", flags.managementGroups, &out.selection.ManagementGroupIDs},
		{"--resource-group", flags.resourceGroups, &out.selection.ResourceGroupNames},
	} {
		for _, name := range names.given {
			name = strings.TrimRight(name, "/")
			name = armid.Last(name)
			if strings.TrimSpace(name) == "" {
				return out, errors.New(names.flag + " is empty")
			}
			*names.into = append(*names.into, name)
		}
	}
	for _, tag := range flags.tags {
		name, value, hasValue := strings.Cut(tag, "=")
		if strings.TrimSpace(name) == "" || hasValue && value == "" {
			return out, fmt.Errorf("--tag %q is neither NAME=VALUE nor NAME", tag)
		}
		for have := range out.selection.Tags {
			if strings.EqualFold(have, name) {
				return out, fmt.Errorf("two --tag are about %s: a cache has it once", name)
			}
		}
		if out.selection.Tags == nil {
			out.selection.Tags = map[string]string{}
		}
		out.selection.Tags[name] = value
	}
	return out, nil
}

// inputs lists the arguments and flags of a target, for the report. Two scans of the
// same target have equal inputs.
func (q scanTarget) inputs() []string {
	if len(q.ids) > 0 {
		return slices.Clone(q.ids)
	}
	var out []string
	list := func(what string, names []string) {
		for _, name := range names {
			out = append(out, what+" "+name)
		}
	}
	list("subscription", q.selection.SubscriptionIDs)
	list("management group", q.selection.ManagementGroupIDs)
	if len(out) == 0 {
		out = append(out, "all subscriptions")
	}
	list("resource group", q.selection.ResourceGroupNames)
	var tags []string
	for name, value := range q.selection.Tags {
		if value != "" {
			name += "=" + value
		}
		tags = append(tags, name)
	}
	slices.Sort(tags)
	list("tag", tags)
	return out
}

// narrowed reports whether a resource group or a tag leaves out some of the caches
// that are found.
func (q scanTarget) narrowed() bool {
	return len(q.selection.ResourceGroupNames)+len(q.selection.Tags) > 0
}

// walk reads the caches of a target, once; see [azure.Scan].
type walk interface {
	Caches(ctx context.Context) iter.Seq2[*posture.Cache, error]
	Unseen() []azure.Unseen
	Vanished() []string
	Unmatched() []string
	Total() int
}

func (q scanTarget) walk(r *azure.Reader) walk {
	if len(q.ids) > 0 {
		return &idWalk{reader: r, ids: q.ids}
	}
	return r.Scan(q.selection)
}

// idWalk is a walk over single caches, in the order of the arguments.
type idWalk struct {
	reader *azure.Reader
	ids    []string
	unseen []azure.Unseen
}

// readAhead is the number of single caches that are read at the same time.
const readAhead = 16

func (w *idWalk) Unseen() []azure.Unseen { return w.unseen }

func (w *idWalk) Vanished() []string { return nil }

func (w *idWalk) Unmatched() []string { return nil }

func (w *idWalk) Total() int { return len(w.ids) }

func (w *idWalk) Caches(ctx context.Context) iter.Seq2[*posture.Cache, error] {
	type result struct {
		id    string
		cache *posture.Cache
		err   error
	}
	return func(yield func(*posture.Cache, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var failed error
		for r := range parallel.Requests(slices.Values(w.ids), readAhead, len(w.ids), func(id string) result {
			cache, err := w.reader.Read(ctx, id)
			return result{id, cache, err}
		}) {
			var credential *arm.CredentialError
			switch {
			case r.cache != nil:
				if !yield(r.cache, r.err) {
					cancel()
					return
				}
			case ctx.Err() != nil || errors.As(r.err, &credential):
				if failed == nil {
					failed = r.err
				}
				cancel()
			default:
				w.unseen = append(w.unseen, azure.Unseen{Kind: "cache", ID: r.id, Detail: r.err.Error(), Forbidden: arm.IsForbidden(r.err)})
			}
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}
