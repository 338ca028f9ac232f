package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// moving is a cache of a service that retires, with an address that is markup.
func moving(of *service.Service, n int) *posture.Cache {
	c := &posture.Cache{Type: of.Type, Address: fmt.Sprintf(`azurerm_redis_cache.a["<b>%d"]`, n)}
	c.Tier, c.Family, c.Capacity = posture.Known("Standard", "sku_name"), posture.Known("C", "family"), posture.Known(2, "capacity")
	if of == service.Enterprise {
		c.SKU, c.Dialect = posture.Known("Enterprise_E10-2", "sku_name"), posture.DialectEnterprise
		c.GeoReplicationGroup = posture.Known("orders", "group")
	}
	return c
}

func TestSection(t *testing.T) {
	documents := baseline.Published()
	section := func(caches ...*posture.Cache) string {
		var s page.Section
		for _, c := range caches {
			s.Add(service.OfCache(c), func() migrate.Move {
				return migrate.For(c, documents.Evaluate(c, baseline.Options{}), migrate.Options{Documents: documents})
			})
		}
		if html := s.HTML(); html != nil {
			return string(html.Body)
		}
		return ""
	}
	if got := section(); got != "" {
		t.Errorf("no cache: %s", got)
	}
	many := make([]*posture.Cache, 201)
	for i := range many {
		many[i] = moving(service.Redis, i)
	}
	for name, c := range map[string]struct {
		html string
		says []string
	}{
		"two services": {section(moving(service.Redis, 1), moving(service.Enterprise, 2)), []string{
			"retires on 2027-03-31; Azure Cache for Redis retires on 2028-09-30", "<details open><summary>2 caches to move</summary>",
			"Balanced_B20 (24 GB)", "no move in place: the database is a member of a geo-replication group",
			"automated migration not known: not known from this source", "&lt;b&gt;1",
		}},
		"many": {section(many...), []string{"<details><summary>201 caches to move, the first 200 of them here</summary>"}},
	} {
		for _, want := range c.says {
			if !strings.Contains(c.html, want) {
				t.Errorf("%s: no %q in\n%.3000s", name, want, c.html)
			}
		}
		if rows := strings.Count(c.html, `<tr><th scope="row"`); rows > 200 || strings.Contains(c.html, `["<b>`) {
			t.Errorf("%s: %d rows, or markup of an address", name, rows)
		}
	}
}
