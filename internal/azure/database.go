package azure

import (
	"context"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// databaseAt is what evidence calls the database of a cache.
func databaseAt(s *service.Service) string { return strings.TrimPrefix(s.Database, "/") }

// readDatabase reads the database of a cache and its facts. A cache without a
// database is none that could not be read; a cache that is gone is.
func (r *Reader) readDatabase(ctx context.Context, id CacheID, c *posture.Cache) error {
	if id.Service.Database == "" {
		return nil
	}
	at := databaseAt(id.Service)
	segment, _, _ := strings.Cut(at, "/")
	kind, _ := id.collection(segment)
	var v value
	err := r.client.Get(ctx, kind, id.ID+id.Service.Database, &v)
	switch {
	case err == nil:
		c.HasDatabase = posture.Known(true, at)
		vocabulary.Read(answers().databases[id.Service], c, v, reading(id.Service, v))
		if r.Migration {
			vocabulary.Read(answers().databaseMigrations[id.Service], c, v, reading(id.Service, v))
			c.Links = linksOf(id, c.LinkedDatabases)
		}
		return nil
	case arm.IsNotFound(err):
		if gone := r.isGone(ctx, id); gone != nil {
			return gone
		}
		const none = "the cluster has no database"
		c.HasDatabase = posture.Unset[bool](at)
		answers().lose(c, id.Service, true, posture.ReasonNotObserved, none)
		c.Links.Observed = true
		c.DiagnosticSettings.Detail, c.AccessPolicyAssignments.Detail = none, none
		return nil
	default:
		reason, detail := unseen(kind, err)
		c.HasDatabase = posture.Unknown[bool](reason, at).WithDetail(detail)
		answers().lose(c, id.Service, true, reason, detail)
		c.Links.Reason, c.Links.Detail = reason, detail
		return err
	}
}

// reading is how the answer about a cache or its database is read. Azure Resource
// Manager leaves out an identity where there is none, and the objects in the properties of a
// cluster or a database that hold no setting; of Azure Cache for Redis it returns those.
func reading(of *service.Service, answer value) vocabulary.Reading[value] {
	whole := of.Database == ""
	return vocabulary.Reading[value]{Inside: func(path []string) value {
		v := answer.Get(path[0])
		if path[0] != "properties" {
			v = orEmpty(v)
		}
		for _, name := range path[1:] {
			if v = v.Get(name); !whole {
				v = orEmpty(v)
			}
		}
		return v
	}}
}

// orEmpty is an object without members for one that is left out.
func orEmpty(v value) value {
	if v.Scalar().State == posture.StateUnset {
		return value{kind: '{'}
	}
	return v
}
