package azure

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Caches of every service are found, listed, read by the table of their service,
// and named as what they are where they may not be read.
func TestEveryService(t *testing.T) {
	for _, s := range service.All {
		t.Run(s.Name, func(t *testing.T) {
			id := s.ID(sub, "rg", "cache")
			parsed, err := ParseCacheID(strings.ToUpper(id))
			if err != nil || parsed.Service != s || parsed.Name != "CACHE" {
				t.Errorf("%+v, %v", parsed, err)
			}
			if _, err := ParseCacheID("redis"); !strings.Contains(err.Error(), s.ID("<id>", "<name>", "<name>")) {
				t.Errorf("the form is not told: %v", err)
			}
			if _, err := ParseCacheID(strings.Replace(id, s.Type, "Microsoft.Web/sites", 1)); !strings.Contains(err.Error(), s.Type) {
				t.Errorf("the type is not told: %v", err)
			}
			if !strings.Contains(cachesQuery, "'"+strings.ToLower(s.Type)+"'") || !strings.Contains(readCaches(), s.Type+"/read") {
				t.Errorf("it is not looked for: %s, %s", cachesQuery, readCaches())
			}

			m := cacheModel{}
			answer := `{"id":"` + id + `","location":"westeurope","tags":{"a":"b"},"properties":{"accessKeys":{"x":"y"}}}`
			if err := m.UnmarshalJSON([]byte(answer)); err != nil {
				t.Fatal(err)
			}
			parsed.ID = id
			c := (&Reader{}).cacheOf(parsed, &m)
			if service.OfCache(c) != s || c.ResourceID.V != id || c.Location.V != "westeurope" || m.tags()["a"] != "b" ||
				len(m.at("properties.accessKeys").members) > 0 {
				t.Errorf("%+v of %+v", c, m)
			}
			forbidden := (&Reader{}).forbiddenCache(parsed)
			if service.OfCache(forbidden) != s || forbidden.Location.Why() != posture.ReasonForbidden ||
				!slices.Equal(forbidden.MissingActions, []string{s.Type + "/read"}) {
				t.Errorf("%+v", forbidden)
			}
			for _, asked := range childrenFor(s, c) {
				switch asked {
				case childDiagnosticSettings, childSubnet, childPolicyAssignments:
				default:
					wanted := id + "/" + strings.Replace(string(asked), service.Databases+"/", service.Databases+"/default/", 1)
					if kind, path := parsed.collection(string(asked)); kind.Type != s.Type+"/"+string(asked) || path != wanted {
						t.Errorf("%s: %+v at %s", asked, kind, path)
					}
				}
			}
		})
	}
}

// A service without collections is asked for none.
func TestChildrenFor_Service(t *testing.T) {
	got := childrenFor(&service.Service{}, &posture.Cache{})
	if want := []child{childPolicyAssignments, childDiagnosticSettings}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Every service is listed once in each subscription.
func TestScan_ListsEveryService(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutCache(armtest.Cache{})
	if got, err := collect(t.Context(), d.reader.Scan(Selection{})); err != nil || len(got) != 1 {
		t.Fatalf("%d caches, %v", len(got), err)
	}
	for _, s := range service.All {
		if n := d.fake.Count(armtest.KindList, s.Type); n != 1 {
			t.Errorf("%s was listed %d times", s.Type, n)
		}
		ids, err := d.reader.CacheIDs(t.Context(), s, sub)
		if err != nil || s == service.Redis && len(ids) != 1 {
			t.Errorf("%v, %v", ids, err)
		}
	}
}

// A service whose caches may not be listed is named.
func TestScan_UnlistedService(t *testing.T) {
	for _, s := range service.All {
		d := open(t, armtest.Options{})
		d.fake.PutSubscription(armtest.Subscription{ID: sub})
		d.fake.Deny(regexp.MustCompile(`/providers/`), s.Type+"/read")
		scan := d.reader.Scan(Selection{SubscriptionIDs: []string{sub}})
		if _, err := collect(t.Context(), scan); err != nil {
			t.Error(err)
		}
		if got := scan.Unseen(); len(got) != 1 || !got[0].Forbidden || !strings.Contains(got[0].Detail, s.Type+"/read") {
			t.Errorf("%+v", got)
		}
	}
}
