package tfplan

import (
	"context"
	"io"
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
}

// Plan is what a plan says about caches and what stands around them.
type Plan struct {
	ctx            context.Context // of Read, whose steps end early once it has ended
	options        Options
	notes          []string
	complete       completeness
	deferred       int // changes that Terraform defers
	deferredCaches []deferredCache
	drift          int               // resources that changed outside Terraform
	drifted        map[string]string // of caches, what is kept of the drift by address
	variables      map[string]string

	cacheVariables map[string]bool // root variables that may hold the id of a cache

	// With the configuration's source only.
	evaluator     *tfconfig.Evaluator
	rootVariables map[string][]byte            // their values as JSON
	data          map[string]map[string][]byte // data sources that were read, by address
	places        *places

	config    *configuration
	instances map[string]*instance
	byType    map[*resourceType][]*instance
	intern    map[string]string
	scratch   encoder

	caches     []*cacheEntry
	stripped   []*cacheEntry // caches whose name was taken out of the plan
	nameless   []nameless    // where caches lie whose name is not known
	cacheAt    map[string]*cacheEntry
	byName     map[string][]*cacheEntry
	byBeforeID map[string]*cacheEntry
	// seenSubscription is, by key of a provider configuration, where its resources lie.
	seenSubscription map[string]string
	fresh            map[string]int // by group, how many caches get a new id
	overlayDoubts    map[string][]overlayDoubt
	mergedDoubts     map[string]*mergedDoubt
	updatesOf        map[string][]*instance       // azapi_update_resources of a cache outside the plan, by its id
	together         map[string][2]*posture.Cache // what several of them set, after and before
	order            map[[2]string]bool           // see follows
	doubts           doubtIndex
	missing          map[kind][]missing // in the configuration, but not in a partial plan
	partial          bool               // what is missing shows that the plan is partial
	patches          []*patch
	aside            []request                // of azapi's resources, to what stands around caches
	outputs          map[string]plannedOutput // of the root, by name
	exists           existence
	unjudged         []posture.Unjudged
	actions          []*instance // action blocks that the plan runs, in their order
	invocations      map[*instance]invocation
	writes           writes
	untypedAt        []string // addresses of azapi_resources of a type that is not known
	network          networkIndex
	dns              dnsIndex
	policies         [2]policyIndex // after, before
}

// completeness is what the plan says about itself; OpenTofu says nothing.
type completeness int

const (
	completeUnsaid completeness = iota
	completeYes
	completeNo
)

// Planned is one cache of a plan.
type Planned struct {
	// After is the cache as the plan leaves it. For a destroyed cache it holds
	// address, name and change only.
	After *posture.Cache
	// Before is the cache as the plan found it; nil for one that it creates.
	Before *posture.Cache
	// Notes are remarks for people about this cache.
	Notes []string
}

// Read reads a plan. Errors about the input are of type *InputError. It ends
// soon after ctx does, with the cause of that.
func Read(ctx context.Context, r io.Reader, opts Options) (*Plan, error) {
	src, err := open(ctx, r, opts)
	if err != nil {
		return nil, err
	}
	p := &Plan{
		ctx: ctx, options: opts, variables: map[string]string{}, config: newConfiguration(),
		instances: map[string]*instance{}, byType: map[*resourceType][]*instance{}, intern: map[string]string{},
		cacheAt: map[string]*cacheEntry{}, byName: map[string][]*cacheEntry{}, byBeforeID: map[string]*cacheEntry{},
		overlayDoubts: map[string][]overlayDoubt{}, mergedDoubts: map[string]*mergedDoubt{}, updatesOf: map[string][]*instance{},
		together: map[string][2]*posture.Cache{}, order: map[[2]string]bool{}, doubts: doubtIndex{}, missing: map[kind][]missing{},
		rootVariables: map[string][]byte{}, data: map[string]map[string][]byte{}, fresh: map[string]int{}, cacheVariables: map[string]bool{},
		seenSubscription: map[string]string{},
		invocations:      map[*instance]invocation{}, writes: newWrites(),
	}
	rd := &reader{src: src, plan: p, seen: map[string]bool{}, variables: p.variables}
	if err := rd.run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, src.fail(err)
	}
	if err := rd.verdict(); err != nil {
		return nil, err
	}
	if err := p.addDeferred(); err != nil {
		return nil, err
	}
	if opts.Configuration != nil {
		p.useConfiguration(opts.Configuration)
	}
	p.link()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx) // what is linked is not all
	}
	return p, nil
}

// Caches yields every cache of the plan, sorted by address; postures are made
// one by one, so that none needs to be kept.
func (p *Plan) Caches() iter.Seq[Planned] {
	return func(yield func(Planned) bool) {
		if p.places == nil {
			p.places = newPlaces(p)
		}
		for _, c := range p.caches {
			if !yield(p.build(c)) {
				return
			}
		}
	}
}

// Len returns the number of caches that Caches yields.
func (p *Plan) Len() int { return len(p.caches) }

// Notes returns remarks for people about the plan as a whole.
func (p *Plan) Notes() []string { return p.notes }
