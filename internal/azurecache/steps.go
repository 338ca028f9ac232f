package azurecache

import (
	"fmt"
	"slices"
	"strings"
)

// Step is one request of an update, for one group of settings, awaited and compared.
type Step struct {
	// Name is for people: "scale to Premium P1", "firewall rule office".
	Name string
	// Properties are the ARM paths that it changes: properties.sku, tags,
	// firewallRules/office.
	Properties []string
	// Disruption is what clients will notice; empty for nothing.
	Disruption string
}

// Steps are the requests, in order, that lead from the observed to the desired state. Steps
// sends nothing: the plan uses it to find disruptions, and the update sends its
// steps. Connection strings that are set need a step even where nothing else
// differs.
func Steps(prior Observed, desired Desired) []Step {
	var steps []Step
	for _, s := range plan(prior, desired) {
		steps = append(steps, s.Step)
	}
	return steps
}

// step is a Step with its request: a PATCH of the cache, or the write of a child.
type step struct {
	Step
	body  object
	child *child
}

func plan(prior Observed, desired Desired) []step {
	steps := settingSteps(prior.Settings, desired.withoutOpening())
	for _, c := range childKinds {
		steps = append(steps, c.steps(prior, desired)...)
	}
	return append(steps, settingSteps(prior.Settings, desired.opensOnly())...)
}

// opens reports whether public network access is desired. It is opened last,
// after the firewall rules that limit it were written, and closed before one of
// them is removed, because a cache without rules admits everybody.
func (d Desired) opens() bool {
	return d.PublicNetworkAccess != nil && strings.EqualFold(*d.PublicNetworkAccess, enabled)
}

// withoutOpening is the desired state without public network access that is to be opened.
func (d Desired) withoutOpening() Desired {
	if d.opens() {
		d.PublicNetworkAccess = nil
	}
	return d
}

// opensOnly is the part of the desired state that withoutOpening leaves out.
func (d Desired) opensOnly() Desired {
	if !d.opens() {
		return Desired{ID: d.ID}
	}
	return Desired{ID: d.ID, Settings: Settings{PublicNetworkAccess: d.PublicNetworkAccess}}
}

// settingGroup is the settings that ARM accepts in one request, with what the request disturbs.
type settingGroup struct{ name, disruption string }

// Names of steps.
const (
	stepShards        = "shards"
	stepReplicas      = "replicas"
	stepReservations  = "memory reservations"
	stepVersion       = "Redis version"
	stepEntra         = "Microsoft Entra authentication"
	stepKeys          = "access key authentication"
	stepConfiguration = "TLS and Redis configuration"
	stepPersistence   = "persistence"
	stepChannel       = "update channel"
	stepZones         = "zonal allocation"
	stepPublicAccess  = "public network access"
	stepTenant        = "tenant settings"
	stepEndpoint      = "private endpoint"
)

// What scaling disturbs.
const (
	disruptedByScaling     = "scaling takes long, and connections are interrupted while nodes are replaced"
	disruptedByScalingDown = disruptedByScaling + "; data that no longer fits is evicted"
	// Leaving Basic for Standard keeps the data; another size of Basic does not.
	disruptedByScalingBasic = "a Basic cache is offline while its size changes, and loses its data"
)

// settingGroups are the groups of settings after scaling, in the order that ARM accepts: it
// refuses some combinations, and ignores parts of others.
func settingGroups(want Settings) []settingGroup {
	entra := settingGroup{stepEntra, "the nodes restart, and connections are interrupted"}
	keys := settingGroup{stepKeys, "all client connections are closed"}
	if !isTrue(want.DisableAccessKeyAuthentication) {
		keys.disruption = ""
	}
	first, second := entra, keys
	if want.AADEnabled != nil && !*want.AADEnabled {
		first, second = keys, entra // one kind of authentication must always be on
	}
	access := settingGroup{name: stepPublicAccess}
	if want.PublicNetworkAccess != nil && *want.PublicNetworkAccess == disabled {
		access.disruption = "clients that do not come through a private endpoint lose their connection"
	}
	return []settingGroup{
		{stepShards, disruptedByScaling},
		{stepReplicas, disruptedByScaling},
		{stepReservations, ""},
		{stepVersion, "the nodes restart, and connections are interrupted"},
		first, second,
		{stepConfiguration, ""},
		{stepPersistence, ""},
		{stepChannel, ""},
		{stepZones, "nodes may move to other zones, and connections are interrupted"},
		access,
		{stepTenant, ""},
	}
}

func settingSteps(have Settings, desired Desired) []step {
	want := atTier(desired.Settings, desired.tier())
	differ := toChange(have, want)
	var steps []step
	add := func(c settingGroup, want Settings, paths []string, also ...string) {
		steps = append(steps, step{
			Step: Step{Name: c.name, Properties: paths, Disruption: c.disruption},
			body: bodyOf(want, desired.Secrets, append(slices.Clone(paths), also...)),
		})
	}

	// New identities are added first, because persistence may need them; identities
	// that are no longer desired are removed last.
	dropped := false
	if slices.Contains(differ, "identity") {
		both := union(have.Identity, *want.Identity)
		dropped = !sameIdentity(&both, *want.Identity)
		if !sameIdentity(have.Identity, both) {
			with := want
			with.Identity = &both
			add(settingGroup{name: "identity"}, with, []string{"identity"})
		}
	}
	scaled := slices.Contains(differ, "properties.shardCount")
	if slices.Contains(differ, "properties.sku") {
		scaled = true
		for _, s := range sizes(have.SKU, *want.SKU) {
			with := want
			with.SKU = &s.to
			name := fmt.Sprintf("scale to %s %s%d", s.to.Name, s.to.Family(), s.to.Capacity)
			add(settingGroup{name, s.disruption}, with, []string{"properties.sku"})
		}
	}
	for _, c := range settingGroups(want) {
		all := pathsOf(c.name)
		paths := slices.DeleteFunc(slices.Clone(all), func(p string) bool { return !slices.Contains(differ, p) })
		var also []string
		switch c.name {
		case stepReservations:
			if scaled {
				// The service rescales them with the cache and ignores them in the
				// request that scales.
				paths = slices.DeleteFunc(slices.Clone(all), func(p string) bool { return !isSet(p, want, Secrets{}) })
			}
		case stepPersistence:
			for _, p := range connectionStrings {
				if isSet(p, Settings{}, desired.Secrets) {
					paths = append(paths, p)
				}
			}
			if persists(have, want) {
				also = all // ARM checks them together
			}
		case stepConfiguration:
			c.disruption = configurationDisruption(paths, want)
		}
		if len(paths) > 0 {
			add(c, want, paths, also...)
		}
	}
	if dropped {
		add(settingGroup{name: "identity no longer used"}, want, []string{"identity"})
	}
	if slices.Contains(differ, "tags") {
		add(settingGroup{name: "tags"}, want, []string{"tags"})
	}
	return steps
}

func configurationDisruption(paths []string, want Settings) string {
	var all []string
	for _, p := range paths {
		switch {
		case p == "properties.enableNonSslPort" && !isTrue(want.EnableNonSSLPort):
			all = append(all, "clients without TLS lose their connection")
		case p == "properties.minimumTlsVersion":
			all = append(all, "clients with an older TLS version lose their connection")
		case p == inConfiguration+"authnotrequired" && !isTrue(want.AuthNotRequired):
			all = append(all, "clients that do not authenticate lose their connection")
		}
	}
	return strings.Join(all, "; ")
}

func union(have *Identity, want Identity) Identity {
	both := Identity{SystemAssigned: want.SystemAssigned, UserAssigned: slices.Clone(want.UserAssigned)}
	if have == nil {
		return both
	}
	both.SystemAssigned = both.SystemAssigned || have.SystemAssigned
	for _, id := range have.UserAssigned {
		if !slices.ContainsFunc(both.UserAssigned, func(s string) bool { return strings.EqualFold(s, id) }) {
			both.UserAssigned = append(both.UserAssigned, id)
		}
	}
	slices.Sort(both.UserAssigned)
	return both
}

type size struct {
	to         SKU
	disruption string
}

func sizes(from *SKU, to SKU) []size {
	path := []SKU{to}
	if from != nil {
		if p, err := ScalePath(*from, to); err == nil {
			path = p
		}
		// ARM's own refusal explains best that the cache cannot be scaled this way.
	}
	var all []size
	for _, s := range path {
		d := disruptedByScaling
		switch {
		case s.Name == basic:
			d = disruptedByScalingBasic
		case from != nil && from.Name == s.Name && s.Capacity < from.Capacity:
			d = disruptedByScalingDown
		}
		all = append(all, size{s, d})
	}
	return all
}

// ScalePath lists the sizes that a cache must have one after another, the last of
// which is to; nil where nothing changes. It is an error to go down a tier, or down
// to size C0.
func ScalePath(from, to SKU) ([]SKU, error) {
	from.Name, to.Name = canonical(from.Name, basic, standard, premium), canonical(to.Name, basic, standard, premium)
	tiers := []string{basic, standard, premium}
	was, is := slices.Index(tiers, from.Name), slices.Index(tiers, to.Name)
	switch {
	case sameSKU(&from, to):
		return nil, nil
	case is < was:
		return nil, fmt.Errorf("a cache cannot go from the tier %s down to %s", from.Name, to.Name)
	case to.Name != premium && to.Capacity == 0 && from.Capacity > 0:
		return nil, fmt.Errorf("a cache cannot be scaled down to size C0")
	case from.Name == basic && to.Name != basic && (to.Name == premium || to.Capacity != from.Capacity):
		// A change of tier from Basic keeps the size, and goes up one tier.
		return []SKU{{Name: standard, Capacity: from.Capacity}, to}, nil
	}
	return []SKU{to}, nil
}
