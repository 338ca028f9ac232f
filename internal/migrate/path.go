package migrate

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// The ids of the ways to move.
const (
	NewCache  = "new-cache"
	Automated = "automated"
	InPlace   = "in-place"
)

// paths returns the ways to move, the recommended one first.
func (r *retiring) paths(blocked bool) []Path {
	if r.service == service.Enterprise {
		return []Path{r.newCache(blocked), r.inPlace(blocked)}
	}
	return []Path{r.newCache(blocked), r.automated(blocked)}
}

// yes and no are the answers to whether a way can be taken.
var yes, no = func() (*bool, *bool) { y, n := true, false; return &y, &n }()

var (
	newCacheReasons  = []string{"a new cache beside the old one can be tested first, and clients switch one after the other"}
	automatedReasons = []string{"no private endpoint, network injection or geo-replication", automatedKeeps}
	inPlaceReasons   = []string{"the database is in no geo-replication group", inPlaceKeeps}
)

const (
	automatedKeeps = "it takes the old host name and keys along for a limited time, and no data, identities, firewall rules, schedules or " +
		"persistence"
	inPlaceKeeps = "it keeps id, keys, port and settings; both host names answer until Microsoft withdraws the old one; count the data as " +
		"lost"
	unknownFromSource = "not known from this source: "
)

func (r *retiring) newCache(blocked bool) Path {
	source := fromClassicOptions
	if r.service == service.Enterprise {
		source = fromEnterpriseOptions
	}
	return Path{ID: NewCache, Title: "New cache beside the old one", Eligible: yes, Reasons: newCacheReasons,
		Steps: r.newCacheSteps(blocked), Source: source}
}

// automated is Microsoft's migration of Basic, Standard and Premium caches.
func (r *retiring) automated(blocked bool) Path {
	p := Path{ID: Automated, Title: "Microsoft's automated migration (preview)", Eligible: yes, Reasons: automatedReasons,
		Steps: afterBlockers(automatedSteps, blocked), Source: fromClassicOptions}
	conditions := [...]struct {
		holds       posture.Tri
		why, detail string // the detail hides whether it holds
	}{
		{some(&r.PrivateEndpoints), "the cache has a private endpoint", whyOpen(&r.PrivateEndpoints)},
		{r.Injected(), "the cache is injected into a virtual network", r.SubnetID.Source.Detail},
		{r.replicated, "the cache is geo-replicated", whyOpen(&r.Links)},
	}
	var against, open []string
	for _, c := range conditions {
		switch c.holds {
		case posture.True:
			against = append(against, c.why)
		case posture.Maybe:
			open = append(open, hidden(unknownFromSource+"whether "+c.why, c.detail))
		}
	}
	switch {
	case against != nil:
		p.Eligible, p.Reasons = no, append(against, open...)
	case open != nil:
		p.Eligible, p.Reasons = nil, append(open, automatedKeeps)
	}
	return p
}

// inPlace is the change of the SKU of an Enterprise cluster to one of Azure Managed Redis.
func (r *retiring) inPlace(blocked bool) Path {
	p := Path{ID: InPlace, Title: "In place: the cluster gets a SKU of Azure Managed Redis", Eligible: yes, Reasons: inPlaceReasons,
		Steps: afterBlockers(inPlaceSteps, blocked), Source: fromEnterpriseTooling}
	switch r.replicated {
	case posture.True:
		p.Eligible, p.Reasons = no, []string{"the database is a member of a geo-replication group"}
	case posture.Maybe:
		why := unknownFromSource + "whether the database is a member of a geo-replication group"
		p.Eligible, p.Reasons = nil, []string{hidden(why, r.GeoReplicationGroup.Source.Detail), inPlaceKeeps}
	}
	return p
}
