package tfplan

import (
	"iter"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// Options are what reading depends on besides the input.
type Options struct {
	// MaxSize is the number of bytes that are read at most; 0 means no limit.
	MaxSize int64
	// Configuration answers what plan JSON leaves open; nil when it is not at hand.
	Configuration *tfconfig.Configuration
	// Base is the directory of its root module, as reports name it; see
	// [posture.Places].
	Base string
	// Migration asks for [posture.Migration] too.
	Migration bool
	// unplanned says that there is a configuration and no plan; see [ReadUnplanned].
	unplanned bool
}

// Plan is what a plan says about caches and what stands around them.
type Plan struct {
	linker *linker
}

// Planned is one cache of a plan.
type Planned = posture.Planned

// Caches yields every cache of the plan, sorted by address; postures are made
// one by one, so that none needs to be kept.
func (p *Plan) Caches() iter.Seq[Planned] {
	return func(yield func(Planned) bool) {
		l := p.linker
		if l.places == nil {
			l.places = newPlaces(l)
		}
		for _, c := range l.caches {
			planned := l.build(c)
			if l.options.unplanned { // nothing is known of changes
				planned.After.AsNew = planned.After.Change == posture.ChangeCreate
				planned.Before, planned.After.Change = nil, ""
			}
			if !yield(planned) {
				return
			}
		}
	}
}

// Comments returns the comments of the configuration whose text is asked for; see
// [tfconfig.Configuration.Comments].
func (p *Plan) Comments(asked func(text string) bool) (comments []posture.Comment) {
	o := p.linker.options
	if o.Configuration == nil {
		return nil
	}
	for _, c := range o.Configuration.Comments(asked) {
		comments = append(comments, posture.Comment{Text: c.Text, Position: positionIn(o.Base, c.Position),
			Declaration: positionIn(o.Base, c.Declaration)})
	}
	return comments
}

// Len returns the number of caches that Caches yields.
func (p *Plan) Len() int { return len(p.linker.caches) }

// Notes returns remarks for people about the plan as a whole.
func (p *Plan) Notes() []string { return p.linker.notes }

// Partial says why the plan is not whole; empty where it is.
func (p *Plan) Partial() string { return p.linker.whyPartial() }

// Unread says why a configuration without a plan has parts that nobody read, which may hold
// caches; empty where all of it was read, and for a plan.
func (p *Plan) Unread() string {
	if !p.linker.options.unplanned {
		return ""
	}
	return p.linker.whyPartial()
}

// MayLackCaches says why caches of the configuration may be missing from the plan; empty
// where all of them are in it.
func (p *Plan) MayLackCaches() string {
	if why := p.Partial(); why != "" {
		return why
	}
	return p.linker.mayLackCaches()
}

// Unjudged returns the Redis resources of the plan that are there afterwards and
// are not judged, sorted by address.
func (p *Plan) Unjudged() []posture.Unjudged { return p.linker.unjudged }
