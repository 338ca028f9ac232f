package controls

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Identity is what tells a cache apart from others.
type Identity struct {
	Address    string `json:"address"`     // Terraform address; empty where there is none
	Name       string `json:"name"`        // in Azure; empty where it is not known
	ResourceID string `json:"resource_id"` // ARM id; empty where it is not known
	Type       string `json:"type"`        // ARM resource type
}

// Label is the name of the cache for people.
func (i *Identity) Label() string {
	for _, s := range []string{i.Address, i.ResourceID, i.Name} {
		if s != "" {
			return s
		}
	}
	return "the cache"
}

// differ reports whether two texts are known and are not the same, without regard to case.
func differ(a, b string) bool { return a != "" && b != "" && !strings.EqualFold(a, b) }

// finder finds the history of a cache.
type finder struct {
	byID, byAddress, byName map[string][]*History // in lower case, but addresses
}

func newFinder() *finder {
	return &finder{map[string][]*History{}, map[string][]*History{}, map[string][]*History{}}
}

// find returns the history of a cache that a report of a source tells, or nil: the one with
// its ARM id, else with its address in this source, else, where Azure gives a name to one
// cache at a time, with its name. Another text that both have must not differ. taken are the
// histories of other caches of the same report.
func (f *finder) find(c *Identity, s *source, taken map[*History]bool) *History {
	for _, h := range f.byID[armid.Key(c.ResourceID)] {
		if !taken[h] {
			return h
		}
	}
	fits := func(h *History) bool {
		return !taken[h] && strings.EqualFold(h.Type, c.Type) && !differ(h.ResourceID, c.ResourceID) && !differ(h.Name, c.Name)
	}
	for _, h := range f.byAddress[c.Address] {
		if h.sources[s] && fits(h) {
			return h
		}
	}
	if !strings.EqualFold(c.Type, service.Redis.Type) { // the host name of Azure Managed Redis has the region
		return nil
	}
	for _, h := range f.byName[strings.ToLower(c.Name)] {
		if fits(h) && !(h.sources[s] && differ(h.Address, c.Address)) {
			return h
		}
	}
	return nil
}

// add makes a history known by what its cache is called.
func (f *finder) add(h *History) {
	put := func(m map[string][]*History, key string) {
		if key != "" && !slices.Contains(m[key], h) {
			m[key] = append(m[key], h)
		}
	}
	put(f.byID, armid.Key(h.ResourceID))
	put(f.byAddress, h.Address)
	put(f.byName, strings.ToLower(h.Name))
}
