package azure

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Selection says which caches are wanted. Empty fields do not restrict; an
// empty selection is every cache that the identity can read.
type Selection struct {
	SubscriptionIDs    []string
	ManagementGroupIDs []string // names or ids
	ResourceGroupNames []string
	Tags               map[string]string // name and value; an empty value asks for the name only
}

// Unseen is something that was asked for and could not be seen.
type Unseen struct {
	// Kind is "subscription", "management group" or "cache".
	Kind   string
	ID     string
	Detail string
	// Forbidden says that a role would mend it.
	Forbidden bool
}

// wants reports whether a cache is selected.
func (s Selection) wants(id CacheID, m *cacheModel) bool {
	return s.wantsGroup(id.ResourceGroup) && s.wantsTags(m.tags())
}

func (s Selection) wantsGroup(group string) bool {
	return len(s.ResourceGroupNames) == 0 || slices.ContainsFunc(s.ResourceGroupNames, func(name string) bool {
		return strings.EqualFold(name, group)
	})
}

func (s Selection) wantsTags(tags map[string]string) bool {
	for name, value := range s.Tags {
		if !hasTag(tags, name, value) {
			return false
		}
	}
	return true
}

// hasTag compares names in any casing and values exactly, as Azure does. An empty
// value stands for any.
func hasTag(tags map[string]string, name, value string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(tags)), func(have string) bool {
		return strings.EqualFold(have, name) && (value == "" || tags[have] == value)
	})
}

// filters says of every resource group and tag of the selection whether one cache
// fits, by the name of that filter.
func (s Selection) filters(id CacheID, m *cacheModel) map[string]bool {
	fits := map[string]bool{}
	for _, name := range s.ResourceGroupNames {
		fits["resource group "+name] = strings.EqualFold(name, id.ResourceGroup)
	}
	for name, value := range s.Tags {
		filter := "tag " + name
		if value != "" {
			filter += "=" + value
		}
		fits[filter] = hasTag(m.tags(), name, value)
	}
	return fits
}

// target is a resolved selection: the subscriptions to list, sorted, and the caches
// that Resource Graph knows in each.
type target struct {
	subscriptions []string
	known         map[string][]string // by subscription, keys of ids
	unseen        []Unseen
}

// resolve finds out where the wanted caches are.
func (r *Reader) resolve(ctx context.Context, s Selection) (*target, error) {
	t := &target{known: map[string][]string{}}
	visible, err := r.visibleSubscriptions(ctx)
	if err != nil {
		return nil, err
	}
	var scopes []arm.GraphScope
	explicit := unique(s.SubscriptionIDs)
	asked := explicit
	for _, group := range s.ManagementGroupIDs {
		group = armid.Last(group)
		members, err := r.managementGroup(ctx, group)
		switch {
		case arm.IsForbidden(err) || arm.IsNotFound(err):
			t.unseen = append(t.unseen, Unseen{
				Kind: "management group", ID: group, Forbidden: true,
				Detail: "its subscriptions cannot be listed, so that some may be missing without a word: " + needs(managementGroupMembers),
			})
			scopes = append(scopes, arm.GraphScope{ManagementGroups: []string{group}})
		case err != nil:
			return nil, err
		}
		asked = unique(append(asked, members...))
	}
	if len(s.SubscriptionIDs)+len(s.ManagementGroupIDs) == 0 {
		asked = visible
		if len(visible) == 0 {
			// ARM answers with an empty list where it means a refusal.
			return nil, &arm.Error{Path: "/subscriptions", Status: http.StatusForbidden, Action: readCaches(),
				What: "any subscription"}
		}
	}
	var reachable []string
	for _, id := range asked {
		if _, ok := slices.BinarySearch(visible, id); !ok {
			t.unseen = append(t.unseen, Unseen{
				Kind: "subscription", ID: id, Forbidden: true,
				Detail: "the identity cannot see it, or it does not exist; it needs a role such as Reader there",
			})
			continue
		}
		reachable = append(reachable, id)
	}
	for batch := range slices.Chunk(reachable, mostSubscriptions) {
		scopes = append(scopes, arm.GraphScope{Subscriptions: batch})
	}
	if err := r.find(ctx, scopes, t); err != nil {
		return nil, err
	}
	for id := range t.known {
		t.subscriptions = append(t.subscriptions, id)
	}
	// The graph lags behind, so that what was asked for by name is listed even
	// where the graph knows no cache.
	for _, id := range explicit {
		if _, ok := slices.BinarySearch(reachable, id); ok {
			t.subscriptions = append(t.subscriptions, id)
		}
	}
	t.subscriptions = unique(t.subscriptions)
	return t, nil
}

// readCaches names the actions to read the caches of all services.
func readCaches() string {
	var actions []string
	for _, s := range service.All {
		actions = append(actions, cacheKind(s).Action("read"))
	}
	return strings.Join(actions, " and ")
}

// find asks Resource Graph for the caches.
func (r *Reader) find(ctx context.Context, scopes []arm.GraphScope, t *target) error {
	for _, scope := range scopes {
		err := arm.Query(ctx, r.client, scope, cachesQuery, func(row graphRow) {
			if id, err := ParseCacheID(row.ID); err == nil {
				subscription := strings.ToLower(id.Subscription)
				t.known[subscription] = append(t.known[subscription], row.ID)
			}
		})
		switch {
		case err == nil:
		case len(scope.ManagementGroups) > 0 && (arm.IsForbidden(err) || arm.HasStatus(err, http.StatusBadRequest)):
			// Said already: its subscriptions could not be listed either. The graph
			// refuses a group below which it knows no subscription as a bad request.
		case arm.IsForbidden(err):
			// Without the graph, every subscription is listed.
			for _, id := range scope.Subscriptions {
				if _, ok := t.known[id]; !ok {
					t.known[id] = nil
				}
			}
		default:
			return err
		}
	}
	return nil
}

// visibleSubscriptions returns the subscriptions on which the identity has any
// role, sorted and in lower case.
func (r *Reader) visibleSubscriptions(ctx context.Context) ([]string, error) {
	type model struct {
		ID string `json:"subscriptionId"`
	}
	var ids []string
	err := arm.List(ctx, r.client, subscriptions, "/subscriptions", nil, func(m model) { ids = append(ids, m.ID) })
	if err != nil {
		return nil, fmt.Errorf("finding caches: %w", err)
	}
	return unique(ids), nil
}

// managementGroup returns the subscriptions below a management group.
func (r *Reader) managementGroup(ctx context.Context, name string) ([]string, error) {
	type model struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	var ids []string
	path := "/providers/Microsoft.Management/managementGroups/" + name + "/descendants"
	err := arm.List(ctx, r.client, managementGroupMembers, path, nil, func(m model) {
		if strings.HasSuffix(strings.ToLower(m.Type), "/subscriptions") {
			ids = append(ids, m.Name)
		}
	})
	return ids, err
}

// unique returns the ids in lower case, sorted, each once.
func unique(ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, strings.ToLower(strings.TrimSpace(strings.TrimPrefix(armid.Key(id), "/subscriptions/"))))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
