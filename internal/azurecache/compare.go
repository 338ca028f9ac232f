package azurecache

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
)

const (
	basic, standard, premium = "Basic", "Standard", "Premium"
	enabled, disabled        = "Enabled", "Disabled"
	sas                      = "SAS"
)

// Unchangeable lists the ARM paths of the settings that differ and that no update
// can change: location, properties.subnetId, properties.staticIP, zones, the number
// of databases where ARM returns it, and properties.sku where the service does not
// scale that way.
func Unchangeable(prior Observed, desired Desired) []string {
	var paths []string
	if desired.Location != "" && ShortLocation(desired.Location) != prior.Location {
		paths = append(paths, "location")
	}
	if prior.SKU != nil && desired.SKU != nil {
		if _, err := ScalePath(*prior.SKU, *desired.SKU); err != nil {
			paths = append(paths, "properties.sku")
		}
	}
	for _, s := range settings {
		if s.fixed && s.differs(prior.Settings, desired.Settings) {
			paths = append(paths, s.path)
		}
	}
	return paths
}

// toChange lists the ARM paths of the settings in want that an update has to
// change.
func toChange(have, want Settings) []string {
	return pathsWhere(func(s setting) bool { return !s.fixed && s.differs(have, want) })
}

func sameSKU(have *SKU, want SKU) bool {
	return have != nil && strings.EqualFold(have.Name, want.Name) && have.Capacity == want.Capacity
}

func sameIdentity(have *Identity, want Identity) bool {
	return have != nil && have.SystemAssigned == want.SystemAssigned &&
		armid.SameSet(have.UserAssigned, want.UserAssigned)
}

func isTrue(v *bool) bool { return v != nil && *v }

func isZero(v *int) bool { return v != nil && *v == 0 }
