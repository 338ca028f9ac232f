package azure

import (
	"context"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// CacheIDs lists the ids of the caches of a subscription, sorted as Azure
// compares them.
func (r *Reader) CacheIDs(ctx context.Context, subscription string) ([]string, error) {
	var ids []string
	kind := cachesKind(service.Redis)
	err := arm.List(ctx, r.client, kind, "/subscriptions/"+subscription+"/providers/"+kind.Type, nil, func(m struct {
		ID string `json:"id"`
	}) {
		ids = append(ids, m.ID)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(ids, func(a, b string) int { return slices.Compare([]byte(armid.Key(a)), []byte(armid.Key(b))) })
	return ids, nil
}
