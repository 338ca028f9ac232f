package azurecache

import (
	"fmt"
	"slices"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// createBody is the body of the PUT that creates a cache: the whole desired state, without
// settings that the tier lacks. It holds nothing that ARM returned.
func createBody(d Desired) object {
	s := atTier(d.Settings, d.tier())
	s.SubnetID, s.StaticIP = notEmpty(s.SubnetID), notEmpty(s.StaticIP)
	body := bodyOf(s, d.Secrets, nil)
	body["location"] = d.Location
	return body
}

// atFirst is the desired state of a new cache. With firewall rules it begins without
// public network access, because the rules come after it. In a virtual network
// the access has no effect.
func (d Desired) atFirst() Desired {
	if d.opens() && len(d.FirewallRules) > 0 && (d.SubnetID == nil || *d.SubnetID == "") {
		begin := disabled
		d.PublicNetworkAccess = &begin
	}
	return d
}

func (d Desired) tier() string {
	if d.SKU == nil {
		return ""
	}
	return d.SKU.Name
}

// atTier is the settings without those that a tier lacks, where their values say no
// more than that. Other settings that the tier lacks stay, and ARM refuses them.
func atTier(s Settings, tier string) Settings {
	if tier != premium {
		if isZero(s.ShardCount) {
			s.ShardCount = nil
		}
		if s.ReplicasPerPrimary != nil && *s.ReplicasPerPrimary <= 1 {
			s.ReplicasPerPrimary = nil
		}
		if !isTrue(s.RDBBackupEnabled) && !isTrue(s.AOFBackupEnabled) {
			s.Configuration = withoutPersistence(s.Configuration)
		}
	}
	if tier == basic {
		s.MaxmemoryReserved, s.MaxmemoryDelta, s.MaxfragmentationmemoryReserved = nil, nil, nil
	}
	if !isTrue(s.AuthNotRequired) && (s.SubnetID == nil || *s.SubnetID == "") {
		s.AuthNotRequired = nil // it exists inside a virtual network only
	}
	return s
}

func withoutPersistence(c Configuration) Configuration {
	c.RDBBackupEnabled, c.RDBBackupFrequency, c.RDBBackupMaxSnapshotCount = nil, nil, nil
	c.AOFBackupEnabled, c.PersistenceAuthMethod, c.StorageSubscriptionID = nil, nil, nil
	return c
}

// bodyOf is the body of a request with the settings of some paths; of all for nil.
func bodyOf(s Settings, secrets Secrets, paths []string) object {
	body, properties, configuration := object{}, object{}, map[string]string{}
	for _, one := range settings {
		if paths != nil && !slices.Contains(paths, one.path) {
			continue
		}
		value := one.value(s, secrets)
		if value == nil {
			continue
		}
		if key, ok := strings.CutPrefix(one.path, inConfiguration); ok {
			configuration[key] = fmt.Sprint(value) // ARM takes nothing but text there
		} else if name, ok := strings.CutPrefix(one.path, inProperties); ok {
			properties[name] = value
		} else {
			body[one.path] = value
		}
	}
	if len(configuration) > 0 {
		properties["redisConfiguration"] = configuration
	}
	if len(properties) > 0 {
		body["properties"] = properties
	}
	return body
}

// isSet reports whether a desired state sets a setting.
func isSet(path string, s Settings, secrets Secrets) bool {
	return len(bodyOf(s, secrets, []string{path})) > 0
}

// sent is a value in the form that ARM accepts.
func sent(value any) any {
	switch v := value.(type) {
	case SKU:
		return object{"name": v.Name, "family": v.Family(), "capacity": v.Capacity}
	case Identity:
		return identityBody(v)
	default:
		return v
	}
}

func identityBody(i Identity) object {
	var kinds []string
	if i.SystemAssigned {
		kinds = append(kinds, "SystemAssigned")
	}
	if len(i.UserAssigned) > 0 {
		kinds = append(kinds, "UserAssigned")
	}
	if len(kinds) == 0 {
		return object{"type": "None"}
	}
	body := object{"type": strings.Join(kinds, ", ")}
	if len(i.UserAssigned) > 0 {
		users := object{}
		for _, id := range i.UserAssigned {
			users[id] = object{}
		}
		body["userAssignedIdentities"] = users
	}
	return body
}
