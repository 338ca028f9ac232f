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

// The ways to move, with their texts.
var (
	newFromClassic    = PathEntry{NewCache, "New cache beside the old one", fromClassicOptions}
	newFromEnterprise = PathEntry{NewCache, "New cache beside the old one", fromEnterpriseOptions}
	// automatedPath is Microsoft's migration of Basic, Standard and Premium caches.
	automatedPath = PathEntry{Automated, "Microsoft's automated migration (preview)", fromClassicOptions}
	// inPlacePath is the change of the SKU of an Enterprise cluster to one of Azure Managed Redis.
	inPlacePath = PathEntry{InPlace, "In place: the cluster gets a SKU of Azure Managed Redis", fromEnterpriseTooling}
)

// Texts returns the catalogue of a report.
func Texts() Catalogue {
	return Catalogue{Differences: Differences(), Paths: []PathEntry{newFromClassic, automatedPath, inPlacePath}, Steps: allSteps}
}

// with is a way that can be taken, with its reasons and the ids of its steps.
func (e *PathEntry) with(reasons, steps []string) Path {
	return Path{PathEntry: e, ID: e.ID, Eligible: yes, Reasons: reasons, StepIDs: steps}
}

// Steps returns the texts of the steps.
func (p *Path) Steps() []Step {
	steps := make([]Step, 0, len(p.StepIDs))
	for _, id := range p.StepIDs {
		for i := range allSteps {
			if allSteps[i].ID == id {
				steps = append(steps, allSteps[i])
			}
		}
	}
	return steps
}

func (r *retiring) newCache(blocked bool) Path {
	entry := &newFromClassic
	if r.service == service.Enterprise {
		entry = &newFromEnterprise
	}
	return entry.with(newCacheReasons, r.newCacheSteps(blocked))
}

func (r *retiring) automated(blocked bool) Path {
	p := automatedPath.with(automatedReasons, afterBlockers(automatedSteps, blocked))
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
	case against != nil: // whatever is not known
		p.Eligible, p.Reasons = no, against
	case open != nil:
		p.Eligible, p.Reasons = nil, append(open, automatedKeeps)
	}
	return p
}

func (r *retiring) inPlace(blocked bool) Path {
	p := inPlacePath.with(inPlaceReasons, afterBlockers(inPlaceSteps, blocked))
	switch r.replicated {
	case posture.True:
		p.Eligible, p.Reasons = no, []string{"the database is a member of a geo-replication group"}
	case posture.Maybe:
		why := unknownFromSource + "whether the database is a member of a geo-replication group"
		p.Eligible, p.Reasons = nil, []string{hidden(why, r.GeoReplicationGroup.Source.Detail), inPlaceKeeps}
	}
	return p
}
