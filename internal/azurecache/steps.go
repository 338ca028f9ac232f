package azurecache

import (
	"fmt"
	"slices"
	"strings"
)

// Step is one request of an update: one concern, awaited and compared.
type Step struct {
	// Name is for people: "scale to Premium P1", "firewall rule office".
	Name string
	// Properties are the ARM paths that it changes: properties.sku, tags,
	// firewallRules/office.
	Properties []string
	// Disruption says what clients will notice; empty: nothing.
	Disruption string
}

// Steps are the requests that lead from what is to what is wished, in order.
// It is pure: the plan asks it what will be disruptive, the update walks it.
// Connection strings that are set are a step even where nothing else differs.
func Steps(prior Observed, desired Desired) []Step {
	var steps []Step
	for _, s := range plan(prior, desired) {
		steps = append(steps, s.Step)
	}
	return steps
}

// step is a Step with what is sent: a PATCH of the cache, or a child.
type step struct {
	Step
	body  object
	child *child
}

func plan(prior Observed, desired Desired) []step {
	steps := settingSteps(prior.Settings, desired.closed())
	for _, c := range childConcerns {
		steps = append(steps, c.steps(prior, desired)...)
	}
	return append(steps, settingSteps(prior.Settings, desired.opening())...)
}

// opens reports whether public network access is wished. It is opened last, when
// the firewall rules stand that narrow it, and closed before one of them goes:
// a cache without rules lets everybody in.
func (d Desired) opens() bool {
	return d.PublicNetworkAccess != nil && strings.EqualFold(*d.PublicNetworkAccess, enabled)
}

// closed is the wish without public network access that is to be opened.
func (d Desired) closed() Desired {
	if d.opens() {
		d.PublicNetworkAccess = nil
	}
	return d
}

// opening is that alone which closed leaves out.
func (d Desired) opening() Desired {
	if !d.opens() {
		return Desired{ID: d.ID}
	}
	return Desired{ID: d.ID, Settings: Settings{PublicNetworkAccess: d.PublicNetworkAccess}}
}

// concern is a group of properties that ARM takes in one request.
type concern struct {
	name, disruption string
	paths            []string
}

const inConfiguration = "properties.redisConfiguration."

// Names of steps that other steps depend on.
const (
	stepReservations = "memory reservations"
	stepPersistence  = "persistence"
	stepZones        = "zonal allocation"
	stepEndpoint     = "private endpoint"
	stepPublicAccess = "public network access"
)

var (
	reservations = []string{
		inConfiguration + "maxmemory-reserved", inConfiguration + "maxmemory-delta", inConfiguration + "maxfragmentationmemory-reserved",
	}
	persistence = []string{
		inConfiguration + "rdb-backup-enabled", inConfiguration + "rdb-backup-frequency", inConfiguration + "rdb-backup-max-snapshot-count",
		inConfiguration + "aof-backup-enabled", inConfiguration + "preferred-data-persistence-auth-method",
		inConfiguration + "storage-subscription-id",
	}
	connectionStrings = []string{
		inConfiguration + "rdb-storage-connection-string", inConfiguration + "aof-storage-connection-string-0",
		inConfiguration + "aof-storage-connection-string-1",
	}
)

const (
	scaling = "scaling takes long, and connections are interrupted while nodes are replaced"
	smaller = scaling + "; data that no longer fits is evicted"
	// Leaving Basic for Standard keeps the data; another size of Basic does not.
	basicSize = "a Basic cache is offline while its size changes, and loses its data"
)

// concerns after scaling, in the order that ARM bears. Some mixtures are
// refused, others are taken and half forgotten.
func concerns(want Settings) []concern {
	entra := concern{"Microsoft Entra authentication", "the nodes restart, and connections are interrupted",
		[]string{inConfiguration + "aad-enabled"}}
	keys := concern{"access key authentication", "all client connections are closed", []string{"properties.disableAccessKeyAuthentication"}}
	first, second := entra, keys
	if want.AADEnabled != nil && !*want.AADEnabled {
		first, second = keys, entra // one of the two must always be there
	}
	settings := []string{
		"properties.minimumTlsVersion", "properties.enableNonSslPort", inConfiguration + "authnotrequired",
		inConfiguration + "maxmemory-policy", inConfiguration + "notify-keyspace-events",
	}
	return []concern{
		{"shards", scaling, []string{"properties.shardCount"}},
		{"replicas", scaling, []string{"properties.replicasPerPrimary"}},
		{stepReservations, "", reservations},
		{"Redis version", "the nodes restart, and connections are interrupted", []string{"properties.redisVersion"}},
		first, second,
		{"TLS and Redis configuration", "", settings},
		{stepPersistence, "", persistence},
		{"update channel", "", []string{"properties.updateChannel"}},
		{stepZones, "nodes may move to other zones, and connections are interrupted", []string{"properties.zonalAllocationPolicy"}},
		{stepPublicAccess, "", []string{"properties.publicNetworkAccess"}},
		{"tenant settings", "", []string{"properties.tenantSettings"}},
	}
}

func settingSteps(have Settings, desired Desired) []step {
	want := atTier(desired.Settings, desired.tier())
	differ := settingPaths(have, want)
	var steps []step
	add := func(c concern, want Settings, paths, send []string) {
		steps = append(steps, step{
			Step: Step{Name: c.name, Properties: paths, Disruption: c.disruption},
			body: pick(patchBody(want, desired.Secrets), append(slices.Clone(paths), send...)),
		})
	}
	add1 := func(c concern, want Settings) { add(c, want, c.paths, nil) }

	// What is new in the identity comes first, because persistence may need it;
	// what is no longer wished goes when nothing needs it any more.
	identity := concern{name: "identity", paths: []string{"identity"}}
	dropped := false
	if slices.Contains(differ, "identity") {
		both := union(have.Identity, *want.Identity)
		dropped = !sameIdentity(both, *want.Identity)
		if have.Identity == nil || !sameIdentity(both, *have.Identity) {
			with := want
			with.Identity = &both
			add1(identity, with)
		}
	}
	scaled := slices.Contains(differ, "properties.shardCount")
	if slices.Contains(differ, "properties.sku") {
		scaled = true
		for _, s := range sizes(have.SKU, *want.SKU) {
			with := want
			with.SKU = &s.to
			add1(concern{fmt.Sprintf("scale to %s %s%d", s.to.Name, s.to.Family(), s.to.Capacity), s.disruption, []string{"properties.sku"}}, with)
		}
	}
	for _, c := range concerns(want) {
		var paths, send []string
		for _, p := range c.paths {
			if slices.Contains(differ, p) {
				paths = append(paths, p)
			}
		}
		if c.name == stepReservations && scaled {
			// The service rescales them with the cache and ignores them in the same
			// request.
			paths = slices.DeleteFunc(slices.Clone(reservations), func(p string) bool { return !holds(patchBody(want, Secrets{}), p) })
		}
		if c.name == stepPersistence {
			for _, p := range connectionStrings {
				if holds(patchBody(Settings{}, desired.Secrets), p) {
					paths = append(paths, p)
				}
			}
			if isTrue(want.RDBBackupEnabled) || isTrue(want.AOFBackupEnabled) {
				send = persistence // ARM judges them together
			}
		}
		if c.name == "TLS and Redis configuration" {
			c.disruption = configurationDisruption(paths, want)
		}
		if c.name == stepPublicAccess && want.PublicNetworkAccess != nil && *want.PublicNetworkAccess == disabled {
			c.disruption = "clients that do not come through a private endpoint lose their connection"
		}
		if c.name == "access key authentication" && !isTrue(want.DisableAccessKeyAuthentication) {
			c.disruption = ""
		}
		if len(paths) > 0 {
			add(c, want, paths, send)
		}
	}
	if dropped {
		identity.name = "identity no longer used"
		add1(identity, want)
	}
	if slices.Contains(differ, "tags") {
		add1(concern{name: "tags", paths: []string{"tags"}}, want)
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

// pick leaves of a body what the paths name.
func pick(body object, paths []string) object {
	out, properties, configuration := object{}, object{}, map[string]string{}
	from, _ := body["properties"].(object)
	values, _ := from["redisConfiguration"].(map[string]string)
	for _, p := range paths {
		name, isProperty := strings.CutPrefix(p, "properties.")
		key, isConfiguration := strings.CutPrefix(p, inConfiguration)
		switch {
		case isConfiguration:
			if v, has := values[key]; has {
				configuration[key] = v
			}
		case isProperty:
			if v, has := from[name]; has {
				properties[name] = v
			}
		default:
			if v, has := body[p]; has {
				out[p] = v
			}
		}
	}
	if len(configuration) > 0 {
		properties["redisConfiguration"] = configuration
	}
	if len(properties) > 0 {
		out["properties"] = properties
	}
	return out
}

func holds(body object, path string) bool { return len(pick(body, []string{path})) > 0 }

func union(have *Identity, want Identity) Identity {
	both := Identity{SystemAssigned: want.SystemAssigned, UserAssigned: slices.Clone(want.UserAssigned)}
	if have == nil {
		return both
	}
	both.SystemAssigned = both.SystemAssigned || have.SystemAssigned
	for _, id := range have.UserAssigned {
		if !slices.Contains(lowered(both.UserAssigned), strings.ToLower(id)) {
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
		// Where the way is closed ARM says so best.
	}
	var all []size
	for _, s := range path {
		d := scaling
		switch {
		case s.Name == basic:
			d = basicSize
		case from != nil && from.Name == s.Name && s.Capacity < from.Capacity:
			d = smaller
		}
		all = append(all, size{s, d})
	}
	return all
}

// ScalePath lists the sizes that a cache must take one after another, the last
// one being to; nil when nothing changes. It is an error to go down a tier or
// down to size C0.
func ScalePath(from, to SKU) ([]SKU, error) {
	from.Name, to.Name = canonical(from.Name, basic, standard, premium), canonical(to.Name, basic, standard, premium)
	tiers := []string{basic, standard, premium}
	was, is := slices.Index(tiers, from.Name), slices.Index(tiers, to.Name)
	switch {
	case sameSKU(from, to):
		return nil, nil
	case is < was:
		return nil, fmt.Errorf("a cache cannot go from the tier %s down to %s", from.Name, to.Name)
	case to.Name != premium && to.Capacity == 0 && from.Capacity > 0:
		return nil, fmt.Errorf("a cache cannot be scaled down to size C0")
	case from.Name == basic && to.Name != basic && (to.Name == premium || to.Capacity != from.Capacity):
		// A change of tier away from Basic keeps the size and goes one tier up.
		return []SKU{{Name: standard, Capacity: from.Capacity}, to}, nil
	}
	return []SKU{to}, nil
}
