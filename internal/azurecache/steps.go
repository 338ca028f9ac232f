package azurecache

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
func Steps(prior Observed, desired Desired) []Step { return nil }

// ScalePath lists the sizes that a cache must take one after another, the last
// one being to; nil when nothing changes. It is an error to go down a tier or
// down to size C0.
func ScalePath(from, to SKU) ([]SKU, error) { return nil, nil }

// Unchangeable lists the ARM paths of what differs and no update can change:
// location, properties.subnetId, properties.staticIP, zones, and
// properties.sku where the tier would go down.
func Unchangeable(prior Observed, desired Desired) []string { return nil }

// Differences lists the ARM paths of everything managed that is not as wished.
func Differences(observed Observed, desired Desired) []string { return nil }
