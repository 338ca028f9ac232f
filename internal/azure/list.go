package azure

import (
	"context"
	"slices"
)

// CacheIDs lists the ids of the caches of a subscription, sorted as Azure
// compares them.
func (r *Reader) CacheIDs(ctx context.Context, subscription string) ([]string, error) {
	var ids []string
	err := list(ctx, r.client, redisCaches, "/subscriptions/"+subscription+"/providers/Microsoft.Cache/redis", nil, func(m struct {
		ID string `json:"id"`
	}) {
		ids = append(ids, m.ID)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(ids, func(a, b string) int { return slices.Compare([]byte(key(a)), []byte(key(b))) })
	return ids, nil
}
