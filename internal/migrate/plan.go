package migrate

import (
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// Options are what a plan depends on besides the cache.
type Options struct {
	Documents baseline.Documents // by which the target is judged
	Today     time.Time          // for the days that are left; zero where they are not told
	// Peaks are the metrics of the cache; nil where none are at hand.
	Peaks *sizing.Peaks
	// Order are the tags of the caches that move first, the first of all first.
	Order []Tag
}

// Tag is a tag of Azure with its value.
type Tag struct{ Key, Value string }

// For plans the move of one cache, whose judgement is before. The result depends on
// nothing but the arguments, and not on the order of companions.
func For(c *posture.Cache, before report.Cache, opts Options) Move {
	c = c.Documented()
	state, of := stateOf(c)
	m := Move{
		Address: before.Address, Name: before.Name, ResourceID: before.ResourceID, DisplayName: before.DisplayName,
		Type: before.Type, Service: of.Name, Change: before.Change, Position: before.Position, Notes: before.Notes, State: state,
		Differences: []Difference{}, Paths: []Path{}, Remade: []Remade{}, References: []Reference{},
		ReferencesSeen: "all", Before: verdictsOf(&before),
	}
	m.Current, _ = sizing.Current(c)
	m.Order, m.OrderTag = order(c, opts.Order)
	m.Location, _ = text(c.Location)
	switch state {
	case Moved:
		return m
	case Unknown:
		m.Notes = append(slices.Clip(m.Notes), hidden("whether the cluster is of the Enterprise tiers, which retire, or of Azure "+
			"Managed Redis is not known", c.SKU.Source.Detail))
		return m
	}
	m.Retires, m.DaysLeft = of.Retirement.Date, daysTo(of.Retirement.Date, opts.Today)

	r := newRetiring(c, of, &before, sizing.For(c, opts.Peaks))
	m.Partners = r.partners()
	m.Target = r.target()
	m.Differences = differencesOf(r)
	stuck := blocked(m.Differences)
	if stuck {
		m.State = Blocked
	}
	m.Paths = r.paths(stuck)
	m.Remade = r.remade()
	m.References, m.ReferencesSeen = r.references()
	judged := opts.Documents.Evaluate(TargetPosture(c, &m), baseline.Options{Today: opts.Today, WithoutRemedies: true})
	after := verdictsOf(&judged)
	m.After = &after
	return m
}

// daysTo returns the days from today to a day; nil where today is not given.
func daysTo(day string, today time.Time) *int {
	end, err := time.Parse(time.DateOnly, day)
	if err != nil || today.IsZero() {
		return nil
	}
	days := int(end.Sub(baseline.Today(today)).Hours() / 24)
	return &days
}

// order returns the first of several tags that the cache has, and its index.
func order(c *posture.Cache, tags []Tag) (int, Tag) {
	have, _ := c.Tags.Get()
	for i, tag := range tags {
		for key, value := range have { // names of tags have no case, their values do
			if strings.EqualFold(key, tag.Key) && value == tag.Value {
				return i, tag
			}
		}
	}
	return len(tags), Tag{}
}

// partners returns the other members of the geo-replication of a cache.
func (r *retiring) partners() []string {
	var list []string
	for i := range r.Links.Items {
		l := &r.Links.Items[i]
		if other, ok := text(l.Other); ok {
			list = append(list, other)
		} else if l.OtherAddress != "" {
			list = append(list, l.OtherAddress)
		}
	}
	own, _ := r.ResourceID.Get()
	for _, id := range r.LinkedDatabases.V {
		cluster := id[:max(0, len(id)-len(service.Enterprise.Database))]
		isDatabase := strings.EqualFold(cluster+service.Enterprise.Database, id) && !r.LinkedDatabases.Source.Sensitive
		if isDatabase && !strings.EqualFold(cluster, own) {
			list = append(list, cluster)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
